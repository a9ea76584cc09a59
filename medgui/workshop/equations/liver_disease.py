"""Alcoholic hepatitis (Maddrey, Glasgow, ABIC), pattern of liver injury (R factor), cause of ascites (SAAG)."""

from collections.abc import Mapping

import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.workshop.equation import number
from medgui.workshop.equations import Equation, T, band, given, output
from medgui.workshop.equations.forms import linear
from medgui.workshop.equations.liver_graphs import HAIR, MG_BILIRUBIN
from medgui.workshop.equations.points import steps, total

UREA_5 = 5.0 * 6.0056
"""5 mmol/L of urea in mg/dL."""
ACG = T("ACG alcohol-associated liver disease guideline 2024", "ACG 2024 酒精相关肝病指南")
ALCOHOLIC = T("Severe alcoholic hepatitis suspected.", "疑似重症酒精性肝炎。")
ALCOHOLIC_PEOPLE = T("Adults with alcoholic hepatitis", "酒精性肝炎成人患者")
STEROIDS = T("Decision on steroids in alcoholic hepatitis.", "用于酒精性肝炎是否使用糖皮质激素的决策。")
OTHERS = T("Other causes of jaundice or liver failure.", "不用于其他原因的黄疸或肝衰竭。")


def maddrey(x: Mapping[str, Var]) -> dict[str, Var]:
    """4.6 x (prothrombin time - control) + bilirubin in mg/dL."""
    longer = op.sub(x["prothrombin_time"], x["prothrombin_time_control"])
    return {"maddrey": op.add(op.mul(longer, number(4.6)), x["bilirubin_total"])}


def glasgow(x: Mapping[str, Var]) -> dict[str, Var]:
    """Five items of 1 to 2 or 3 points; bilirubin 125 and 250 µmol/L, urea 5 mmol/L, INR for the ratio of times."""
    items = (
        steps("age", 1, (50, 2)),
        steps("wbc", 1, (15, 2)),
        steps("urea", 1, (UREA_5 - 1e-6, 2)),
        steps("inr", 1, (1.5, 2)),
        steps("inr", 0, (2.0, 1), above=True),
        steps("bilirubin_total", 1, (125.0 / MG_BILIRUBIN - HAIR, 2)),
        steps("bilirubin_total", 0, (250.0 / MG_BILIRUBIN + HAIR, 1), above=True),
    )
    return {"points": total(x, items)}


def abic(x: Mapping[str, Var]) -> dict[str, Var]:
    """Age x 0.1 + bilirubin x 0.08 + creatinine x 0.3 + INR x 0.8, in mg/dL."""
    weights = {"age": 0.1, "bilirubin_total": 0.08, "creatinine": 0.3, "inr": 0.8}
    return {"abic": linear(x, weights)}


def r_factor(x: Mapping[str, Var]) -> dict[str, Var]:
    """ALT / its limit over alkaline phosphatase / its limit."""
    alt = op.div(x["alt"], x["alt_upper_limit"])
    return {"r_factor": op.div(alt, op.div(x["alkaline_phosphatase"], x["alp_upper_limit"]))}


def saag(x: Mapping[str, Var]) -> dict[str, Var]:
    """Albumin of serum less that of the ascitic fluid, g/dL."""
    return {"saag": op.sub(x["albumin"], x["albumin_ascites"])}


MADDREY = Equation(
    id="maddrey",
    kind="score",
    title=T("Severity of alcoholic hepatitis, Maddrey", "酒精性肝炎严重程度 Maddrey"),
    name=T("Maddrey discriminant function", "Maddrey 判别函数"),
    summary=T(
        "From prothrombin time and bilirubin: from 32 on alcoholic hepatitis is severe.",
        "由凝血酶原时间和胆红素计算：达到 32 为重症酒精性肝炎。",
    ),
    intended_use=STEROIDS,
    not_for=OTHERS,
    indication=ALCOHOLIC,
    population=ALCOHOLIC_PEOPLE,
    inputs=(
        given("prothrombin_time", max_age_days=7, max_spread_days=2, spread_with=("bilirubin_total",)),
        given("prothrombin_time_control"),
        given("bilirubin_total", max_age_days=7),
    ),
    outputs=(
        output(
            "maddrey",
            T("Discriminant function", "判别函数"),
            scale=(0, 100),
            bands=(
                band(-1000, 32, T("Not severe", "非重症")),
                band(32, 100000, T("Severe", "重症"), "high"),
            ),
            bands_source=ACG,
            decimals=1,
        ),
    ),
    graph=maddrey,
    question="liver_failure",
    inpatient=True,
    on_request=True,
    regions=("us",),
    guideline=ACG,
    reference={"prothrombin_time": 12, "prothrombin_time_control": 12, "bilirubin_total": 0.8},
    baseline_name=T(
        "a person with a normal prothrombin time and bilirubin 0.8 mg/dL",
        "凝血酶原时间正常、胆红素 0.8 mg/dL 者",
    ),
    facts={
        "out_of_scope.known_risks": T(
            "Depends on the laboratory's control; an anticoagulant makes it too high",
            "受实验室对照值影响；抗凝药使其偏高",
        )
    },
    citation="Maddrey WC, Boitnott JK, Bedine MS, et al. Corticosteroid therapy of alcoholic hepatitis. "
    "Gastroenterology 1978;75:193-199. "
    "doi:10.1016/0016-5085(78)90401-8",
)

GLASGOW_ALCOHOLIC_HEPATITIS = Equation(
    id="glasgow_alcoholic_hepatitis",
    kind="score",
    title=T("Severity of alcoholic hepatitis, Glasgow", "酒精性肝炎严重程度 Glasgow"),
    name=T("Glasgow alcoholic hepatitis score", "Glasgow 酒精性肝炎评分"),
    summary=T(
        "Points for age, white cells, urea, INR and bilirubin: from 9 on the outlook is poor.",
        "按年龄、白细胞、尿素、INR 和胆红素评分：达到 9 分预后差。",
    ),
    intended_use=STEROIDS,
    not_for=OTHERS,
    indication=ALCOHOLIC,
    population=ALCOHOLIC_PEOPLE,
    inputs=(
        given("age"),
        given("wbc", max_age_days=7, max_spread_days=2, spread_with=("urea", "inr", "bilirubin_total")),
        given("urea", max_age_days=7),
        given(
            "inr", max_age_days=7, accepted=(0.5, 30.0), accepted_source="Values that a laboratory reports"
        ),
        given("bilirubin_total", max_age_days=7),
    ),
    outputs=(
        output(
            "points",
            T("Glasgow alcoholic hepatitis points", "Glasgow 酒精性肝炎评分"),
            short_title=T("Glasgow", "Glasgow"),
            scale=(5, 12),
            bands=(
                band(5, 9, T("Below 9", "低于 9 分")),
                band(9, 13, T("Poor outlook", "预后差"), "high"),
            ),
            bands_source=T("Cut-off of Forrest 2005", "Forrest 2005 界值"),
            decimals=0,
        ),
    ),
    graph=glasgow,
    question="liver_failure",
    inpatient=True,
    on_request=True,
    regions=("europe", "uk"),
    guideline=T("EASL alcohol-related liver disease guideline 2018", "EASL 2018 酒精相关肝病指南"),
    reference={"age": 40, "wbc": 7, "urea": 25, "inr": 1.0, "bilirubin_total": 0.8},
    baseline_name=T("a person of 40 years with normal values", "40 岁且各项正常者"),
    facts={
        "out_of_scope.known_risks": T(
            "The paper takes the ratio of prothrombin times or the INR; here it is the INR",
            "原文采用凝血酶原时间比值或 INR；此处采用 INR",
        )
    },
    citation="Forrest EH, Evans CD, Stewart S, et al. Analysis of factors predictive of mortality in "
    "alcoholic hepatitis and derivation and validation of the Glasgow alcoholic hepatitis score. Gut "
    "2005;54:1174-1179. doi:10.1136/gut.2004.050781",
)

ABIC = Equation(
    id="abic",
    kind="score",
    title=T("Severity of alcoholic hepatitis, ABIC", "酒精性肝炎严重程度 ABIC"),
    name=T("ABIC", "ABIC"),
    summary=T(
        "From age, bilirubin, INR and creatinine: three groups of outlook in alcoholic hepatitis.",
        "由年龄、胆红素、INR 和肌酐计算：将酒精性肝炎预后分为三组。",
    ),
    intended_use=T("Outlook in alcoholic hepatitis.", "用于酒精性肝炎的预后判断。"),
    not_for=OTHERS,
    indication=ALCOHOLIC,
    population=ALCOHOLIC_PEOPLE,
    inputs=(
        given("age"),
        given("bilirubin_total", max_age_days=7, max_spread_days=2, spread_with=("inr", "creatinine")),
        given(
            "inr", max_age_days=7, accepted=(0.5, 30.0), accepted_source="Values that a laboratory reports"
        ),
        given("creatinine", max_age_days=7, varies=False),
    ),
    outputs=(
        output(
            "abic",
            T("ABIC score", "ABIC 评分"),
            short_title=T("ABIC", "ABIC"),
            scale=(2, 14),
            bands=(
                band(0, 6.71, T("Low risk", "低危")),
                band(6.71, 9.0, T("Intermediate risk", "中危"), "caution"),
                band(9.0, 100000, T("High risk", "高危"), "high"),
            ),
            bands_source=T("Cut-offs of Dominguez 2008", "Dominguez 2008 界值"),
            decimals=2,
        ),
    ),
    graph=abic,
    question="liver_failure",
    inpatient=True,
    on_request=True,
    reference={"age": 40, "bilirubin_total": 0.8, "inr": 1.0, "creatinine": 0.8},
    baseline_name=T("a person of 40 years with normal values", "40 岁且各项正常者"),
    citation="Dominguez M, Rincón D, Abraldes JG, et al. A new scoring system for prognostic stratification "
    "of patients with alcoholic hepatitis. Am J Gastroenterol 2008;103:2747-2756. "
    "doi:10.1111/j.1572-0241.2008.02104.x",
)

R_FACTOR = Equation(
    id="r_factor",
    kind="score",
    title=T("Pattern of liver injury, R factor", "肝损伤类型 R 值"),
    name=T("R factor", "R 值"),
    summary=T(
        "ALT against alkaline phosphatase, each as a share of its upper limit: hepatocellular, mixed or "
        "cholestatic.",
        "ALT 与碱性磷酸酶（各除以参考值上限）之比：肝细胞型、混合型或胆汁淤积型。",
    ),
    intended_use=T("First look at liver injury, as by drugs.", "用于药物等所致肝损伤的初步分型。"),
    not_for=T(
        "Bone disease, pregnancy and growth, which raise alkaline phosphatase.",
        "不用于骨病、妊娠和生长期所致碱性磷酸酶升高者。",
    ),
    indication=T("Raised liver enzymes.", "肝酶升高。"),
    population=T("Adults with raised liver enzymes", "肝酶升高的成人"),
    inputs=(
        given(
            "alt",
            accepted=(0.0, 50000.0),
            accepted_source="Highest value a laboratory reports",
            max_age_days=90,
            max_spread_days=2,
            spread_with=("alkaline_phosphatase",),
        ),
        given("alt_upper_limit"),
        given("alkaline_phosphatase", max_age_days=90),
        given("alp_upper_limit"),
    ),
    outputs=(
        output(
            "r_factor",
            T("R factor of liver injury", "肝损伤 R 值"),
            short_title=T("R factor", "R 值"),
            scale=(0, 20),
            bands=(
                band(0, 2.05, T("Cholestatic", "胆汁淤积型")),
                band(2.05, 4.95, T("Mixed", "混合型")),
                band(4.95, 1000000, T("Hepatocellular", "肝细胞型")),
            ),
            bands_source=T("ACG drug-induced liver injury guideline 2021", "ACG 2021 药物性肝损伤指南"),
            decimals=1,
        ),
    ),
    graph=r_factor,
    question="liver_injury",
    inpatient=True,
    on_request=True,
    reference={"alt": 30, "alt_upper_limit": 40, "alkaline_phosphatase": 80, "alp_upper_limit": 120},
    baseline_name=T("a person with normal enzymes", "肝酶正常者"),
    citation="Chalasani NP, Maddur H, Russo MW, et al. ACG clinical guideline: diagnosis and management of "
    "idiosyncratic drug-induced liver injury. Am J Gastroenterol 2021;116:878-898. "
    "doi:10.14309/ajg.0000000000001259",
)

SAAG = Equation(
    id="saag",
    kind="score",
    title=T("Cause of ascites, albumin gradient", "腹水原因：血清-腹水白蛋白梯度"),
    name=T("Serum-ascites albumin gradient (SAAG)", "血清-腹水白蛋白梯度（SAAG）"),
    summary=T(
        "Albumin of serum less that of the ascitic fluid, taken on one day: from 1.1 g/dL on portal "
        "hypertension is likely.",
        "同日血清白蛋白减去腹水白蛋白：达到 1.1 g/dL（11 g/L）提示门静脉高压。",
    ),
    intended_use=T("First look at new ascites.", "用于新发腹水的初步判断。"),
    not_for=T("Samples of different days.", "不用于不同日期的标本。"),
    indication=T("Ascites that was tapped.", "已行腹腔穿刺的腹水。"),
    population=T("Adults with ascites", "腹水成人患者"),
    inputs=(
        given("albumin", max_age_days=30, max_spread_days=1, spread_with=("albumin_ascites",)),
        given("albumin_ascites", max_age_days=30),
    ),
    outputs=(
        output(
            "saag",
            T("Serum-ascites albumin gradient", "血清-腹水白蛋白梯度"),
            unit="g/dL",
            short_title=T("SAAG", "SAAG"),
            scale=(0, 4),
            bands=(
                band(-10, 1.1, T("Portal hypertension unlikely", "门静脉高压可能性小")),
                band(1.1, 10, T("Portal hypertension likely", "提示门静脉高压"), "caution"),
            ),
            bands_source=T("AASLD ascites guidance 2021", "AASLD 2021 腹水指导意见"),
            decimals=1,
        ),
    ),
    graph=saag,
    question="liver_injury",
    inpatient=True,
    on_request=True,
    reference={"albumin": 4.2, "albumin_ascites": 3.0},
    baseline_name=T(
        "albumin 4.2 g/dL in serum and 3.0 g/dL in ascites", "血清白蛋白 42 g/L、腹水白蛋白 30 g/L"
    ),
    citation="Biggins SW, Angeli P, Garcia-Tsao G, et al. Diagnosis, evaluation, and management of ascites, "
    "spontaneous bacterial peritonitis and hepatorenal syndrome: 2021 practice guidance. Hepatology "
    "2021;74:1014-1048. doi:10.1002/hep.31884",
)
