"""Non-invasive scores of advanced liver fibrosis: FIB-4, APRI, NAFLD fibrosis score."""

from collections.abc import Mapping

import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.inference.manifest import InputSpec
from medgui.workshop.equation import number
from medgui.workshop.equations import Equation, T, band, given, output
from medgui.workshop.equations.forms import linear

ONE_SAMPLE = 30
"""AST, ALT and platelets lie at most so many days apart."""
ENZYMES = "Above 0, as it is a divisor or a factor; highest value a laboratory reports"
AASLD = T(
    "AASLD 2023 practice guidance on fatty liver disease; from 65 years the lower limit of McPherson 2017",
    "AASLD 2023 脂肪性肝病指导意见；65 岁起采用 McPherson 2017 的下限",
)
OLD = 65.0
ACUTE_HEPATITIS = T(
    "Acute hepatitis and other causes of high enzymes or low platelets (heart failure, sepsis, blood "
    "disease) give values that are too high",
    "急性肝炎及其他引起转氨酶升高或血小板减少的原因（心力衰竭、脓毒症、血液病）会使数值偏高",
)
NOT_ACUTE = T(
    "Not valid in acute hepatitis: high AST or ALT then gives a figure that is too high.",
    "急性肝炎时无效：AST 或 ALT 明显升高会使数值偏高。",
)


def _blood() -> tuple[InputSpec, InputSpec, InputSpec]:
    ast = given(
        "ast",
        accepted=(1.0, 50000.0),
        accepted_source=ENZYMES,
        max_spread_days=ONE_SAMPLE,
        spread_with=("alt", "platelets"),
    )
    alt = given("alt", accepted=(1.0, 50000.0), accepted_source=ENZYMES)
    return ast, alt, _platelets()


def _platelets() -> InputSpec:
    return given("platelets", accepted=(1.0, 5000.0), accepted_source=ENZYMES)


def _by_age(low: float, low_old: float, high: float, bottom: float, top: float) -> tuple[object, ...]:
    """Bands under 65 years and from 65; *high* itself is still between."""
    words = (
        (T("Advanced fibrosis unlikely", "进展期纤维化可能性小"), "info"),
        (T("Indeterminate: elastography or another test", "不确定：弹性成像或其他检查"), "caution"),
        (T("Advanced fibrosis likely", "进展期纤维化可能性大"), "high"),
    )
    found = []
    for least, ages in ((low, (0.0, OLD)), (low_old, (OLD, 200.0))):
        edges = ((bottom, least), (least, high), (high, top))
        found += [
            band(lo, hi, text, level, ages) for (lo, hi), (text, level) in zip(edges, words, strict=True)
        ]
    return tuple(found)


def fib4(x: Mapping[str, Var]) -> dict[str, Var]:
    """Age x AST / (platelets x square root of ALT)."""
    above = op.mul(x["age"], x["ast"])
    return {"fib4": op.div(above, op.mul(x["platelets"], op.sqrt(x["alt"])))}


def apri(x: Mapping[str, Var]) -> dict[str, Var]:
    """100 x (AST / its upper limit) / platelets."""
    share = op.div(x["ast"], x["ast_upper_limit"])
    return {"apri": op.div(op.mul(share, number(100.0)), x["platelets"])}


NAFLD = {
    "age": 0.037,
    "bmi": 0.094,
    "diabetes_or_impaired_fasting_glucose": 1.13,
    "ast_alt": 0.99,
    "platelets": -0.013,
    "albumin": -0.66,
}


def nafld_fibrosis(x: Mapping[str, Var]) -> dict[str, Var]:
    """Weighted sum with AST/ALT; albumin in g/dL."""
    values = {**x, "ast_alt": op.div(x["ast"], x["alt"])}
    return {"nafld_fibrosis": linear(values, NAFLD, -1.675)}


FIB4 = Equation(
    id="fib4",
    kind="score",
    title=T("Advanced liver fibrosis, FIB-4", "进展期肝纤维化 FIB-4"),
    name=T("FIB-4", "FIB-4"),
    summary=T(
        "From age, AST, ALT and platelets: whether advanced fibrosis of the liver is unlikely, open or "
        "likely. The lower limit is 1.3, from 65 years 2.0.",
        "由年龄、AST、ALT 和血小板判断进展期肝纤维化的可能性：小、不确定或大。下限为 1.3，65 岁起为 2.0。",
    ),
    intended_use=T(
        "First step in people with fatty liver, type 2 diabetes, obesity, alcohol use or viral hepatitis.",
        "用于脂肪肝、2 型糖尿病、肥胖、饮酒或病毒性肝炎者的初步筛查。",
    ),
    not_for=T(
        "Under 35 years, acute hepatitis, and as the only proof of cirrhosis.",
        "不用于 35 岁以下、急性肝炎，亦不能作为肝硬化的唯一依据。",
    ),
    indication=T(
        "Adults from 35 years with a reason to think of liver disease.", "有肝病可能的 35 岁及以上成人。"
    ),
    population=T("Adults of 35 years and over", "35 岁及以上成人"),
    age=(35.0, 120.0),
    inputs=(
        given("age", accepted=(35.0, 120.0), accepted_source="Not valid under 35 years, McPherson 2017"),
        *_blood(),
    ),
    outputs=(
        output(
            "fib4",
            T("FIB-4 index", "FIB-4 指数"),
            short_title=T("FIB-4", "FIB-4"),
            scale=(0, 6),
            bands=_by_age(1.3, 2.0, 2.675, 0, 1000000),  # type: ignore[arg-type]
            bands_source=AASLD,
            decimals=2,
        ),
    ),
    graph=fib4,
    question="liver_fibrosis",
    notice=NOT_ACUTE,
    regions=("us", "europe", "uk", "china"),
    guideline=AASLD,
    needs_any=("ast", "alt"),
    reference={"age": "same", "ast": 22, "alt": 22, "platelets": 250},
    baseline_name=T(
        "a person of the same age with AST and ALT of 22 U/L and 250 platelets",
        "同龄、AST 和 ALT 22 U/L、血小板 250 者",
    ),
    facts={
        "out_of_scope.known_risks": ACUTE_HEPATITIS,
        "development.criteria": T(
            "832 people with HIV and hepatitis C who had a liver biopsy",
            "832 名合并 HIV 与丙型肝炎并行肝活检者",
        ),
    },
    citation="Sterling RK, Lissen E, Clumeck N, et al. Development of a simple noninvasive index to predict "
    "significant fibrosis in patients with HIV/HCV coinfection. Hepatology 2006;43:1317-1325. "
    "doi:10.1002/hep.21178",
)

APRI = Equation(
    id="apri",
    kind="score",
    title=T("Liver fibrosis in hepatitis B, APRI", "乙型肝炎肝纤维化 APRI"),
    name=T("APRI", "APRI"),
    summary=T(
        "AST as a share of its upper limit, per 100 platelets: fibrosis or cirrhosis in chronic hepatitis.",
        "AST 与参考值上限之比除以血小板（×100）：用于判断慢性肝炎的纤维化或肝硬化。",
    ),
    intended_use=T("Decision on treatment in chronic hepatitis B.", "用于慢性乙型肝炎的治疗决策。"),
    not_for=T(
        "Acute hepatitis; a sole reason against a treatment.", "不用于急性肝炎；不能单独作为不治疗的依据。"
    ),
    indication=T("Chronic viral hepatitis.", "慢性病毒性肝炎。"),
    population=T("Adults with chronic viral hepatitis", "慢性病毒性肝炎成人患者"),
    inputs=(
        given(
            "ast",
            accepted=(0.0, 50000.0),
            accepted_source="Highest value a laboratory reports",
            max_spread_days=ONE_SAMPLE,
            spread_with=("platelets",),
        ),
        given("ast_upper_limit"),
        _platelets(),
    ),
    outputs=(
        output(
            "apri",
            T("APRI index", "APRI 指数"),
            short_title=T("APRI", "APRI"),
            scale=(0, 4),
            bands=(
                band(0, 0.505, T("Below both limits", "低于两个界值")),
                band(
                    0.505,
                    1.005,
                    T("Significant fibrosis likely (hepatitis B)", "可能有显著纤维化（乙型肝炎）"),
                    "caution",
                ),
                band(1.005, 1000000, T("Cirrhosis likely (hepatitis B)", "可能有肝硬化（乙型肝炎）"), "high"),
            ),
            bands_source=T("WHO hepatitis B guideline 2024", "WHO 2024 年乙型肝炎指南"),
            decimals=2,
        ),
    ),
    graph=apri,
    question="liver_fibrosis",
    notice=NOT_ACUTE,
    on_request=True,
    regions=("china",),
    guideline=T("WHO hepatitis B guideline 2024", "WHO 2024 年乙型肝炎指南"),
    reference={"ast": 22, "ast_upper_limit": 40, "platelets": 250},
    baseline_name=T(
        "a person with AST of 22 U/L (limit 40) and 250 platelets", "AST 22 U/L（上限 40）、血小板 250 者"
    ),
    facts={
        "out_of_scope.known_risks": ACUTE_HEPATITIS,
        "development.criteria": T(
            "192 people with chronic hepatitis C and a biopsy", "192 名行肝活检的慢性丙型肝炎患者"
        ),
    },
    citation="Wai CT, Greenson JK, Fontana RJ, et al. A simple noninvasive index can predict both "
    "significant fibrosis and cirrhosis in patients with chronic hepatitis C. Hepatology 2003;38:518-526. "
    "doi:10.1053/jhep.2003.50346",
)

NAFLD_FIBROSIS = Equation(
    id="nafld_fibrosis",
    kind="score",
    title=T("Advanced liver fibrosis in fatty liver, NFS", "脂肪肝进展期纤维化 NFS"),
    name=T("NAFLD fibrosis score", "NAFLD 纤维化评分"),
    summary=T(
        "From age, BMI, diabetes, AST/ALT, platelets and albumin: advanced fibrosis in fatty liver disease. "
        "The lower limit is -1.455, from 65 years 0.12.",
        "由年龄、BMI、糖尿病、AST/ALT、血小板和白蛋白判断脂肪肝的进展期纤维化。下限为 -1.455，65 岁起为 "
        "0.12。",
    ),
    intended_use=T(
        "First step in fatty liver disease, beside FIB-4.", "用于脂肪肝的初步筛查，可与 FIB-4 并用。"
    ),
    not_for=T(
        "Under 35 years, acute hepatitis, other liver diseases.", "不用于 35 岁以下、急性肝炎及其他肝病。"
    ),
    indication=T("Fatty liver disease.", "脂肪性肝病。"),
    population=T("Adults of 35 years and over with fatty liver", "35 岁及以上脂肪肝患者"),
    age=(35.0, 120.0),
    inputs=(
        given("age", accepted=(35.0, 120.0), accepted_source="Not valid under 35 years, McPherson 2017"),
        given("bmi"),
        given("diabetes_or_impaired_fasting_glucose"),
        *_blood(),
        given("albumin"),
    ),
    outputs=(
        output(
            "nafld_fibrosis",
            T("NAFLD fibrosis score (NFS)", "NAFLD 纤维化评分（NFS）"),
            short_title=T("NFS", "NFS"),
            scale=(-5, 5),
            bands=_by_age(-1.455, 0.12, 0.676, -1000000, 1000000),  # type: ignore[arg-type]
            bands_source=T(
                "Angulo 2007; from 65 years the lower limit of McPherson 2017",
                "Angulo 2007；65 岁起采用 McPherson 2017 的下限",
            ),
            decimals=2,
        ),
    ),
    graph=nafld_fibrosis,
    question="liver_fibrosis",
    notice=NOT_ACUTE,
    on_request=True,
    reference={
        "age": "same",
        "bmi": 23,
        "diabetes_or_impaired_fasting_glucose": 0,
        "ast": 22,
        "alt": 22,
        "platelets": 250,
        "albumin": 4.3,
    },
    baseline_name=T(
        "a person of the same age with BMI 23, AST and ALT of 22 U/L, 250 platelets and albumin 4.3 g/dL",
        "同龄、BMI 23、AST 和 ALT 22 U/L、血小板 250、白蛋白 43 g/L 者",
    ),
    facts={
        "out_of_scope.known_risks": T(
            ACUTE_HEPATITIS["en"]
            + ". The upper limit is 0.676 as in the paper; its authors' web page and some programs "
            "print 0.675. Shown with two decimals both are 0.68",
            ACUTE_HEPATITIS["zh"]
            + "。上限 0.676 取自原文；作者网页及部分程序为 0.675。保留两位小数时均为 0.68",
        ),
        "development.criteria": T("733 people with fatty liver and a biopsy", "733 名行肝活检的脂肪肝患者"),
    },
    citation="Angulo P, Hui JM, Marchesini G, et al. The NAFLD fibrosis score: a noninvasive system that "
    "identifies liver fibrosis in patients with NAFLD. Hepatology 2007;45:846-854. doi:10.1002/hep.21496",
)
