"""Breast cancer after surgery: PREDICT Breast and the Nottingham prognostic index."""

from __future__ import annotations

from collections.abc import Mapping

import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.inference.manifest import Exclusion, Indication, InputSpec, OutputSpec, Text
from medgui.workshop.equation import number
from medgui.workshop.equations import Equation, T, band, given, output
from medgui.workshop.equations.predict_breast import HORIZONS, ORDER_30, ORDER_32, graph_30, graph_32

IN_BREAST_CANCER = (
    Indication(("breast_cancer",), T("Made for people with breast cancer", "仅用于乳腺癌患者")),
)
TOOL = "Range of the NHS Predict tool and of the authors' program predict-v30-r"
METASTATIC = Exclusion(
    "metastatic_solid_tumour",
    1.0,
    T("Metastatic disease: made for operable cancer", "已有转移：仅适用于可手术的乳腺癌"),
    code="metastatic_disease",
)
HEART_DOSE = Exclusion(
    "mean_heart_dose",
    -1.0,
    T("Mean heart dose not stated", "未说明平均心脏剂量"),
    effect="caution",
    code="heart_dose_not_stated",
    unknown="heart_dose_not_stated",
    unknown_message=T(
        "The mean heart dose is not stated and is read as 0 Gy: the harm of radiotherapy to the heart is left out",
        "未说明平均心脏剂量，按 0 Gy 计：未计入放疗对心脏的损害",
    ),
)


def _unknown(name: str, en: str, zh: str) -> Exclusion:
    """A caution that says what stands for *name* where it is not stated."""
    code = f"{name}_not_stated"
    return Exclusion(
        name, -1.0, T("Not stated", "未说明"), effect="caution", code=code, unknown=code, unknown_message=T(en, zh)
    )  # fmt: skip


AVERAGES = (
    _unknown(
        "tumour_grade",
        "The grade is not stated: the mean of the development data stands in for it",
        "未说明组织学分级：以开发数据的均值代替",
    ),
    _unknown(
        "her2",
        "HER2 is not stated: it adds nothing, and trastuzumab shows no gain",
        "未说明 HER2：不计其影响，曲妥珠单抗不显示获益",
    ),
)

_PREDICT_INPUTS: tuple[InputSpec, ...] = (
    given("age", accepted=(25.0, 85.0), accepted_source=TOOL),
    given("screen_detected", needed=False),
    given("tumour_size", accepted=(1.0, 500.0), accepted_source=TOOL),
    given("tumour_grade", needed=False),
    given("positive_nodes", accepted=(0.0, 100.0), accepted_source=TOOL),
    given("estrogen_receptor"),
    given("her2", needed=False),
    given("ki67", needed=False),
    given("progesterone_receptor", needed=False),
    given("chemotherapy_generation"),
    given("endocrine_therapy"),
    given("trastuzumab"),
    given("bisphosphonate"),
    given("radiotherapy"),
    given("mean_heart_dose", needed=False),
    given("current_smoker"),
)
_THERAPIES: Mapping[str, Text] = {
    "radiotherapy": T("radiotherapy", "放疗"),
    "endocrine": T("endocrine therapy", "内分泌治疗"),
    "chemotherapy": T("chemotherapy", "化疗"),
    "trastuzumab": T("trastuzumab", "曲妥珠单抗"),
    "bisphosphonate": T("a bisphosphonate", "双膦酸盐"),
}
_REFERENCE: Mapping[str, float | str] = {
    "age": "same",
    "screen_detected": 1,
    "tumour_size": 10,
    "tumour_grade": "1",
    "positive_nodes": 0,
    "estrogen_receptor": 1,
    "her2": 0,
    "ki67": 0,
    "progesterone_receptor": 1,
    "chemotherapy_generation": "0",
    "endocrine_therapy": 0,
    "trastuzumab": 0,
    "bisphosphonate": 0,
    "radiotherapy": 0,
    "mean_heart_dose": 0,
    "current_smoker": 0,
}


def _alive(name: str, years: int, version: str) -> OutputSpec:
    return output(
        f"{name}_{years}y",
        T(
            f"Alive {years} years after surgery without further therapy ({version})",
            f"术后不再治疗的 {years} 年生存概率（{version}）",
        ),
        short_title=T(f"Alive, {years} years", f"{years} 年生存"),
        event=T(
            f"are alive {years} years after surgery without further therapy",
            f"术后不再治疗时 {years} 年后仍存活",
        ),
    )


def _gain(name: str, years: int, what: Text, short: Text, version: str) -> OutputSpec:
    return output(
        f"{name}_{years}y",
        T(
            f"Gain in {years}-year survival from {what['en']} ({version})",
            f"{what['zh']}的 {years} 年生存获益（{version}）",
        ),
        short_title=T(f"{short['en']}, {years} years", f"{short['zh']}，{years} 年"),
        scale=(-0.1, 0.4),
        difference=True,
    )


def _short(text: Text) -> Text:
    words = text["en"].removeprefix("a ").removeprefix("the ")
    return T(words[0].upper() + words[1:], text["zh"])


def _outputs_32() -> tuple[OutputSpec, ...]:
    version, found = "PREDICT Breast", []
    for years in HORIZONS:
        found.append(_alive("survival_no_therapy", years, version))
        for name in ORDER_32:
            what = _THERAPIES[name]
            found.append(_gain(f"benefit_{name}", years, what, _short(what), version))
        plan = T("the whole plan", "全部所选治疗")
        found.append(_gain("benefit_total", years, plan, _short(plan), version))
    return tuple(found)


def _outputs_30() -> tuple[OutputSpec, ...]:
    version, found = "PREDICT Breast 3.0", []
    for years in HORIZONS:
        found.append(_alive("survival_surgery", years, version))
        for count, letters in enumerate(("h", "hr", "hrc", "hrct", "hrctb"), start=1):
            plan = [_THERAPIES[name] for name in ORDER_30[:count]]
            what = T(" + ".join(each["en"] for each in plan), "＋".join(each["zh"] for each in plan))
            found.append(_gain(f"gain_{letters}", years, what, _short(what), version))
    return tuple(found)


_NOT_FOR = T(
    "Metastatic, bilateral or inflammatory cancer, cancer treated before surgery, carcinoma in situ, a second breast "
    "cancer, men. It is no reason against a therapy that a tumour board recommends",
    "转移性、双侧或炎性乳腺癌，新辅助治疗后，原位癌，第二原发乳腺癌，男性。不能作为反对多学科会诊所推荐治疗的理由",
)
_RISKS = T(
    "Every patient is rated as diagnosed in 2017. An unknown grade or mode of detection is replaced by the mean "
    "of the "
    "development data; an unknown HER2, Ki-67 or progesterone receptor adds nothing, and trastuzumab then shows "
    "no gain. "
    "An unknown heart dose is read as 0 Gy. 0.5 positive nodes stands for micrometastases only. The effects of "
    "therapies are those of trial meta-analyses, the same for each patient; newer drugs (CDK4/6 inhibitors, PARP "
    "inhibitors, immunotherapy, pertuzumab) are not in it. Survival includes other causes of death",
    "所有患者均按 2017 年确诊计算。分级或发现方式未知时以开发数据均值代替；HER2、Ki-67 或孕激素受体未知时不计其影响，"
    "此时曲妥珠单抗不显示获益。心脏剂量未知时按 0 Gy 计。阳性淋巴结 0.5 枚表示仅有微转移。"
    "各治疗的效果来自试验荟萃分析，"
    "对每位患者相同；不含较新的药物（CDK4/6 抑制剂、PARP 抑制剂、免疫治疗、帕妥珠单抗）。生存包括其他死因",
)
_NOTICE = T(
    "An independent implementation of PREDICT Breast of the University of Cambridge; not the official NHS "
    "Predict tool.",
    "剑桥大学 PREDICT Breast 模型的独立实现，并非官方 NHS Predict 工具。",
)
_BASELINE = T(
    "a woman of the same age without further therapy, non-smoker, with a screen-detected grade 1 tumour of 10 mm, no "
    "positive node, receptors positive, HER2 negative, Ki-67 low",
    "同龄、不吸烟、不再治疗的女性：筛查发现，肿瘤 10 mm、1 级，无阳性淋巴结，激素受体阳性，HER2 阴性，Ki-67 低",
)

PREDICT_BREAST = Equation(
    id="predict_breast",
    version="3.2.0",
    title=T("Survival after surgery for breast cancer, PREDICT Breast", "乳腺癌术后生存 PREDICT Breast"),
    name=T("PREDICT Breast 3.2", "PREDICT Breast 3.2"),
    summary=T(
        "Survival 5, 10 and 15 years after surgery for early breast cancer, and what each therapy of a plan adds "
        "to it. "
        "Each gain is that over the therapies before it: radiotherapy, endocrine therapy, chemotherapy, trastuzumab, "
        "bisphosphonate. A therapy that is not planned adds 0; harm from treatment can outweigh it and give less "
        "than 0.",
        "早期乳腺癌术后 5、10、15 年生存率，以及所选各项治疗带来的获益。各项获益依次相对于其前的治疗：放疗、"
        "内分泌治疗、"
        "化疗、曲妥珠单抗、双膦酸盐。未选的治疗为 0；治疗损害超过获益时为负值。",
    ),
    intended_use=T(
        "Weighing adjuvant therapies together with the patient after surgery for early invasive breast cancer",
        "早期浸润性乳腺癌术后与患者共同权衡辅助治疗",
    ),
    not_for=_NOT_FOR,
    indication=T("Early invasive breast cancer after surgery", "早期浸润性乳腺癌术后"),
    population=T(
        "Women of 25-85 years with early invasive breast cancer treated by surgery",
        "25-85 岁、接受手术的早期浸润性乳腺癌女性",
    ),
    inputs=_PREDICT_INPUTS,
    outputs=_outputs_32(),
    graph=graph_32,
    age=(25.0, 85.0),
    sexes=("female",),
    exclusions=(METASTATIC, HEART_DOSE, *AVERAGES),
    indications=IN_BREAST_CANCER,
    needs_any=("tumour_size",),
    group="prognosis",
    question="breast_cancer_outcome",
    regions=("uk", "europe"),
    guideline=T("NICE guideline NG101, 2018", "2018 年英国 NICE 指南 NG101"),
    notice=_NOTICE,
    reference=_REFERENCE,
    baseline_name=_BASELINE,
    facts={
        "development.criteria": T(
            "35,474 women with invasive breast cancer diagnosed in 2000-2017 and registered by the Eastern Cancer "
            "Registry, England",
            "2000-2017 年确诊并在英格兰东部癌症登记处登记的 35,474 例浸润性乳腺癌",
        ),
        "external.data": T(
            "32,408 cases of the West Midlands and 100,551 of the other cancer registries of England",
            "英格兰西米德兰兹登记处 32,408 例及其他登记处 100,551 例",
        ),
        "external.party": T("The authors of the equation", "方程作者"),
        "performance.validity_external": T(
            "AUROC of death from breast cancer at 15 years 0.809 (West Midlands) and 0.846 (other registries); "
            "predicted "
            "deaths at 5, 10 and 15 years within 10 % of those observed (Grootes 2024)",
            "15 年乳腺癌死亡 AUROC：西米德兰兹 0.809，其他登记处 0.846；5、10、15 年预测死亡数与观察值相差在 10% 以内"
            "（Grootes 2024）",
        ),
        "out_of_scope.known_risks": _RISKS,
    },
    citation="Grootes I, Wishart GC, Pharoah PDP. An updated PREDICT breast cancer prognostic model including the "
    "benefits and harms of radiotherapy. npj Breast Cancer 2024;10:6. doi:10.1038/s41523-024-00612-y",
    licence="Coefficients: University of Cambridge, predict-v30-r 0.3.2 (MIT). The graph is part of medgui under "
    "Apache-2.0",
)

PREDICT_BREAST_V30 = Equation(
    id="predict_breast_v30",
    version="3.0.0",
    title=T(
        "Survival after surgery for breast cancer, PREDICT Breast 3.0", "乳腺癌术后生存 PREDICT Breast 3.0"
    ),
    name=T("PREDICT Breast 3.0", "PREDICT Breast 3.0"),
    summary=T(
        "The former version, to compare with older reports: survival after surgery, and the gain of ever longer "
        "plans "
        "(endocrine therapy, + radiotherapy, + chemotherapy, + trastuzumab, + bisphosphonate) over surgery alone.",
        "旧版本，用于与既往报告对照：术后生存率，以及逐步增加治疗（内分泌治疗、加放疗、加化疗、加曲妥珠单抗、"
        "加双膦酸盐）"
        "相对于单纯手术的获益。",
    ),
    intended_use=T("Comparison with reports of version 3.0", "与 3.0 版的既往报告对照"),
    not_for=_NOT_FOR,
    indication=T("Early invasive breast cancer after surgery", "早期浸润性乳腺癌术后"),
    population=T(
        "Women of 25-85 years with early invasive breast cancer treated by surgery",
        "25-85 岁、接受手术的早期浸润性乳腺癌女性",
    ),
    inputs=_PREDICT_INPUTS,
    outputs=_outputs_30(),
    graph=graph_30,
    age=(25.0, 85.0),
    sexes=("female",),
    exclusions=(METASTATIC, HEART_DOSE, *AVERAGES),
    indications=IN_BREAST_CANCER,
    group="prognosis",
    on_request=True,
    question="breast_cancer_outcome",
    notice=_NOTICE,
    reference=_REFERENCE,
    baseline_name=_BASELINE,
    facts={
        "out_of_scope.known_risks": T(
            "Superseded by version 3.2, which is based on later patients. As in the authors' program, the harm "
            "of the "
            "chosen chemotherapy and heart dose is also part of the figure for surgery alone, and any grade above 1 "
            "counts alike where the oestrogen receptor is negative",
            "已被基于更近患者的 3.2 版取代。与作者程序一致：所选化疗及心脏剂量的损害也计入单纯手术的结果；"
            "雌激素受体阴性时，"
            "2 级与 3 级作用相同",
        ),
    },
    citation="Candido dos Reis FJ, Wishart GC, Dicks EM, et al. An updated PREDICT breast cancer prognostication and "
    "treatment benefit prediction model with independent validation. Breast Cancer Res 2017;19:58. "
    "doi:10.1186/s13058-017-0852-3; progesterone receptor: Grootes I, Keeman R, Blows FM, et al. Eur J Cancer "
    "2022;173:178-193",
    licence="Coefficients: University of Cambridge, predict-v30-r 0.3.2 (MIT). The graph is part of medgui under "
    "Apache-2.0",
)


def _nottingham(x: Mapping[str, Var]) -> dict[str, Var]:
    """0.2 x size in cm + node stage + grade, to two decimals as it is reported."""
    size = op.mul(x["tumour_size"], number(0.02))
    exact = op.add(op.add(size, x["node_stage"]), x["tumour_grade"])
    return {"points": op.div(op.round(op.mul(exact, number(100.0))), number(100.0))}


NOTTINGHAM_INDEX = Equation(
    id="nottingham_index",
    kind="score",
    title=T("Prognosis of operable breast cancer, Nottingham index", "可手术乳腺癌预后：诺丁汉预后指数"),
    name=T("Nottingham prognostic index", "诺丁汉预后指数"),
    summary=T(
        "Size, node stage and grade of a primary operable breast cancer in one figure.",
        "以肿瘤大小、淋巴结分期和组织学分级综合评估原发可手术乳腺癌的预后。",
    ),
    intended_use=T("Prognostic group after surgery for breast cancer", "乳腺癌术后的预后分组"),
    not_for=T(
        "Metastatic cancer, cancer treated before surgery; it knows no receptors and no therapy",
        "转移性乳腺癌、新辅助治疗后；不含受体及治疗信息",
    ),
    indication=T("Primary operable breast cancer", "原发可手术乳腺癌"),
    population=T("Women with primary operable breast cancer", "原发可手术乳腺癌女性"),
    inputs=(
        given(
            "tumour_size",
            accepted=(1.0, 500.0),
            accepted_source="Below 1 mm a tumour is microinvasive (TNM), beyond 500 mm a slip",
        ),
        given("tumour_grade"),
        given("node_stage"),
    ),
    outputs=(
        output(
            "points",
            T("Nottingham prognostic index", "诺丁汉预后指数"),
            scale=(2.0, 8.0),
            decimals=2,
            bands=(
                band(2.0, 2.41, T("Excellent", "极好")),
                band(2.41, 3.41, T("Good", "良好")),
                band(3.41, 4.41, T("Moderate I", "中等 I")),
                band(4.41, 5.41, T("Moderate II", "中等 II"), "caution"),
                band(5.41, 16.0, T("Poor", "差"), "high"),
            ),
            bands_source=T(
                "Groups of the authors of the index, Blamey 2007 (upper limits 2.4, 3.4, 4.4, 5.4)",
                "指数作者的分组，Blamey 2007（上限 2.4、3.4、4.4、5.4）",
            ),
        ),
    ),
    graph=_nottingham,
    age=(18.0, 120.0),
    sexes=("female",),
    exclusions=(METASTATIC,),
    indications=IN_BREAST_CANCER,
    group="prognosis",
    question="breast_cancer_outcome",
    reference={"tumour_size": 10, "tumour_grade": "1", "node_stage": "1"},
    baseline_name=T("a grade 1 tumour of 10 mm without a positive node", "肿瘤 10 mm、1 级、无阳性淋巴结者"),
    facts={
        "out_of_scope.known_risks": T(
            "Made from patients of one hospital. Survival has improved in each group since: in that hospital 55 % of "
            "all were free of death from breast cancer at 10 years in 1980-1986, 77 % in 1990-1999 (Blamey 2007)",
            "基于一家医院的患者。此后各组生存率均有改善：该院 10 年乳腺癌特异性生存率 1980-1986 年为 55%，"
            "1990-1999 年为 77%（Blamey 2007）",
        ),
    },
    citation="Galea MH, Blamey RW, Elston CE, Ellis IO. The Nottingham Prognostic Index in primary breast cancer. "
    "Breast Cancer Res Treat 1992;22:207-219. doi:10.1007/BF01840834",
)
