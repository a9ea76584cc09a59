"""Formulas of lipids and glucose: LDL cholesterol, insulin resistance, average glucose, fatty liver."""

from collections.abc import Mapping

import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.inference.manifest import Exclusion, InputSpec, OutputSpec
from medgui.workshop.equation import number
from medgui.workshop.equations import Equation, T, band, given
from medgui.workshop.equations.electrolytes import amount, lab
from medgui.workshop.equations.forms import linear, logistic

ADULT_PEOPLE = T("Adults", "成人")
CONTRADICTS = T(
    "Total cholesterol, HDL and triglycerides do not fit together: LDL would be negative",
    "总胆固醇、HDL 与甘油三酯相互矛盾：LDL 将为负值",
)
FRIEDEWALD_LIMIT = "Friedewald 1972: not valid with triglycerides above 400 mg/dL (4.5 mmol/L)"
SAMPSON_LIMIT = "Sampson 2020: triglycerides up to 800 mg/dL (9.0 mmol/L)"
LIPID_USE = T("LDL cholesterol where it was not measured directly.", "用于未直接测定时的 LDL 胆固醇。")
LIPID_NOT = T(
    "Triglycerides above the limit or not fasting, type III hyperlipoproteinaemia; LDL under 70 mg/dL by "
    "Friedewald is too low.",
    "不用于甘油三酯超限、未空腹及 III 型高脂蛋白血症；LDL < 70 mg/dL（1.8 mmol/L）时 Friedewald 结果偏低。",
)


def friedewald(x: Mapping[str, Var]) -> dict[str, Var]:
    """Total - HDL - triglycerides / 5, mg/dL."""
    weights = {"total_cholesterol": 1.0, "hdl_cholesterol": -1.0, "triglycerides": -0.2}
    return {"ldl_cholesterol": linear(x, weights)}


def sampson(x: Mapping[str, Var]) -> dict[str, Var]:
    """TC/0.948 - HDL/0.971 - (TG/8.56 + TG x non-HDL/2140 - TG²/16100) - 9.44, mg/dL."""
    fat = x["triglycerides"]
    terms = {
        "total": x["total_cholesterol"],
        "hdl": x["hdl_cholesterol"],
        "fat": fat,
        "product": op.mul(fat, op.sub(x["total_cholesterol"], x["hdl_cholesterol"])),
        "square": op.mul(fat, fat),
    }
    weights = {
        "total": 1 / 0.948,
        "hdl": -1 / 0.971,
        "fat": -1 / 8.56,
        "product": -1 / 2140.0,
        "square": 1 / 16100.0,
    }
    return {"ldl_cholesterol_sampson": linear(terms, weights, -9.44)}


def homa_ir(x: Mapping[str, Var]) -> dict[str, Var]:
    """Fasting insulin (mIU/L) x fasting glucose (mmol/L, mg/dL / 18) / 22.5."""
    return {"homa_ir": op.mul(op.mul(x["fasting_insulin"], x["fasting_glucose"]), number(1 / 405.0))}


def average_glucose(x: Mapping[str, Var]) -> dict[str, Var]:
    """28.7 x HbA1c (%) - 46.7, mg/dL."""
    return {"average_glucose": linear(x, {"hba1c": 28.7}, -46.7)}


FATTY = {"triglycerides": 0.953, "bmi": 0.139, "ggt": 0.718, "waist": 0.053}


def fatty_liver_index(x: Mapping[str, Var]) -> dict[str, Var]:
    """100 x logistic of ln(TG in mg/dL), BMI, ln(GGT) and waist in cm."""
    values = {**x, "triglycerides": op.log(x["triglycerides"]), "ggt": op.log(x["ggt"])}
    return {"fatty_liver_index": op.mul(logistic(linear(values, FATTY, -15.745)), number(100.0))}


def _lipids(highest: float, source: str) -> tuple[InputSpec, ...]:
    return (
        lab("total_cholesterol", "hdl_cholesterol", "triglycerides"),
        lab("hdl_cholesterol"),
        lab("triglycerides", accepted=(10.0, highest), accepted_source=source, plausible=(50.0, 300.0)),
    )


def _ldl(name: str, en: str, zh: str) -> OutputSpec:
    reason = {"holds": (0.0, 2000.0), "holds_reason": CONTRADICTS}
    short = T("LDL", "LDL")
    return amount(name, T(en, zh), "mg/dL", (0, 250), 0, short_title=short, **reason)


_LIPIDS_NAME = T(
    "total cholesterol 190, HDL 50 and triglycerides 100 mg/dL", "总胆固醇 190、HDL 50、甘油三酯 100 mg/dL"
)
LDL_CHOLESTEROL = Equation(
    id="ldl_cholesterol",
    kind="score",
    title=T("LDL cholesterol, calculated (Friedewald)", "LDL 胆固醇计算值（Friedewald）"),
    name=T("Friedewald", "Friedewald 公式"),
    summary=T(
        "LDL cholesterol from total cholesterol, HDL and triglycerides of one sample; not above "
        "triglycerides of 400 mg/dL (4.5 mmol/L).",
        "由同一样本的总胆固醇、HDL 和甘油三酯计算 LDL；甘油三酯 > 400 mg/dL（4.5 mmol/L）时不适用。",
    ),
    intended_use=LIPID_USE,
    not_for=LIPID_NOT,
    indication=T("A lipid profile without a measured LDL.", "未直接测定 LDL 的血脂结果。"),
    population=ADULT_PEOPLE,
    inputs=_lipids(400.0, FRIEDEWALD_LIMIT),
    outputs=(_ldl("ldl_cholesterol", "LDL cholesterol, Friedewald", "LDL 胆固醇（Friedewald）"),),
    graph=friedewald,
    question="metabolism",
    on_request=True,
    reference={"total_cholesterol": 190, "hdl_cholesterol": 50, "triglycerides": 100},
    baseline_name=_LIPIDS_NAME,
    citation="Friedewald WT, Levy RI, Fredrickson DS. Estimation of the concentration of low-density "
    "lipoprotein cholesterol in plasma, without use of the preparative ultracentrifuge. Clin Chem "
    "1972;18:499-502. "
    "doi:10.1093/clinchem/18.6.499",
)

LDL_SAMPSON = Equation(
    id="ldl_sampson",
    kind="score",
    title=T("LDL cholesterol, calculated (Sampson, NIH)", "LDL 胆固醇计算值（Sampson，NIH）"),
    name=T("Sampson (NIH equation 2)", "Sampson（NIH 方程 2）"),
    summary=T(
        "LDL cholesterol from the same three values; better than Friedewald at low LDL and with "
        "triglycerides up to 800 mg/dL (9.0 mmol/L).",
        "由相同三项计算 LDL；LDL 较低或甘油三酯较高（至 800 mg/dL，9.0 mmol/L）时优于 Friedewald。",
    ),
    intended_use=LIPID_USE,
    not_for=T("Triglycerides above 800 mg/dL.", "不用于甘油三酯 > 800 mg/dL 者。"),
    indication=T("A lipid profile without a measured LDL.", "未直接测定 LDL 的血脂结果。"),
    population=ADULT_PEOPLE,
    inputs=_lipids(800.0, SAMPSON_LIMIT),
    outputs=(_ldl("ldl_cholesterol_sampson", "LDL cholesterol, Sampson", "LDL 胆固醇（Sampson）"),),
    graph=sampson,
    question="metabolism",
    on_request=True,
    reference={"total_cholesterol": 190, "hdl_cholesterol": 50, "triglycerides": 100},
    baseline_name=_LIPIDS_NAME,
    citation="Sampson M, Ling C, Sun Q, et al. A new equation for calculation of low-density lipoprotein "
    "cholesterol in patients with normolipidemia and/or hypertriglyceridemia. JAMA Cardiol 2020;5:540-548. "
    "doi:10.1001/jamacardio.2020.0013",
)

HOMA_IR = Equation(
    id="homa_ir",
    kind="score",
    title=T("Insulin resistance, HOMA-IR", "胰岛素抵抗 HOMA-IR"),
    name=T("HOMA-IR (HOMA1)", "HOMA-IR（HOMA1）"),
    summary=T(
        "Fasting insulin times fasting glucose: the higher, the more resistant. There is no limit for "
        "everybody; assays of insulin differ.",
        "空腹胰岛素与空腹血糖之积：越高提示抵抗越明显。无通用界值；不同胰岛素检测方法结果不同。",
    ),
    intended_use=T("Comparison within one laboratory.", "用于同一实验室内的比较。"),
    not_for=T("On insulin, not fasting, type 1 diabetes.", "不用于使用胰岛素、未空腹及 1 型糖尿病者。"),
    indication=T("Suspected insulin resistance.", "疑似胰岛素抵抗。"),
    population=ADULT_PEOPLE,
    inputs=(lab("fasting_glucose", "fasting_insulin"), lab("fasting_insulin")),
    outputs=(amount("homa_ir", T("HOMA-IR index", "HOMA-IR 指数"), "1", (0, 10), 2),),
    graph=homa_ir,
    question="metabolism",
    on_request=True,
    exclusions=(
        Exclusion(
            "insulin_treatment",
            1,
            T(
                "On insulin: the measured insulin is partly the drug",
                "正在使用胰岛素：测得的胰岛素部分来自药物",
            ),
            code="insulin_treatment",
        ),
    ),
    reference={"fasting_glucose": 85, "fasting_insulin": 5},
    baseline_name=T("fasting glucose 85 mg/dL and insulin 5 mIU/L", "空腹血糖 85 mg/dL、胰岛素 5 mIU/L"),
    citation="Matthews DR, Hosker JP, Rudenski AS, et al. Homeostasis model assessment: insulin resistance "
    "and beta-cell function from fasting plasma glucose and insulin concentrations in man. Diabetologia "
    "1985;28:412-419. doi:10.1007/BF00280883",
)

AVERAGE_GLUCOSE = Equation(
    id="average_glucose",
    kind="score",
    title=T("Average glucose that HbA1c stands for", "HbA1c 对应的平均血糖"),
    name=T("Estimated average glucose (ADAG)", "估算平均血糖（ADAG）"),
    summary=T(
        "The mean glucose of the past three months that belongs to an HbA1c, to speak about with the patient.",
        "与 HbA1c 对应的近三个月平均血糖，便于与患者沟通。",
    ),
    intended_use=T("Explaining HbA1c.", "用于解释 HbA1c。"),
    not_for=T(
        "Anaemia, recent transfusion, variants of haemoglobin, pregnancy.",
        "不用于贫血、近期输血、血红蛋白变异及妊娠。",
    ),
    indication=T("Diabetes with an HbA1c.", "有 HbA1c 结果的糖尿病。"),
    population=ADULT_PEOPLE,
    inputs=(
        given(
            "hba1c",
            accepted=(4.0, 20.0),
            accepted_source="Measured from about 4 to 14 % (ADAG 2008); above, the same line goes on",
        ),
    ),
    outputs=(
        amount("average_glucose", T("Estimated average glucose", "估算平均血糖"), "mg/dL", (60, 400), 0),
    ),
    graph=average_glucose,
    question="metabolism",
    on_request=True,
    exclusions=(
        Exclusion(
            "pregnant",
            1,
            T("Pregnancy: HbA1c is too low for the glucose", "妊娠：HbA1c 相对血糖偏低"),
            code="pregnancy",
        ),
    ),
    reference={"hba1c": 5.4},
    baseline_name=T("an HbA1c of 5.4 %", "HbA1c 5.4% 者"),
    citation="Nathan DM, Kuenen J, Borg R, et al. Translating the A1C assay into estimated average glucose "
    "values. Diabetes Care 2008;31:1473-1478. doi:10.2337/dc08-0545",
)

FATTY_LIVER_INDEX = Equation(
    id="fatty_liver_index",
    kind="score",
    title=T("Fatty liver index", "脂肪肝指数"),
    name=T("Fatty liver index (FLI)", "脂肪肝指数（FLI）"),
    summary=T(
        "From BMI, waist, triglycerides and GGT, 0 to 100: below 30 fatty liver is unlikely, from 60 likely.",
        "由 BMI、腰围、甘油三酯和 GGT 计算，0-100：低于 30 脂肪肝可能性小，60 及以上可能性大。",
    ),
    intended_use=T(
        "Whether an ultrasound for fatty liver is worth while.", "用于判断是否需行脂肪肝超声检查。"
    ),
    not_for=T("Says nothing of fibrosis. Harmful drinking.", "不反映纤维化程度。不用于有害饮酒者。"),
    indication=T("Suspected fatty liver.", "疑似脂肪肝。"),
    population=ADULT_PEOPLE,
    inputs=(
        given("bmi"),
        given("waist"),
        lab("triglycerides", "ggt", days=30),
        lab("ggt", accepted=(1.0, 10000.0), accepted_source="Above 0, as its logarithm is taken"),
    ),
    outputs=(
        amount(
            "fatty_liver_index",
            T("Fatty liver index (0-100)", "脂肪肝指数（0-100）"),
            "1",
            (0, 100),
            0,
            bands=(
                band(0, 30, T("Fatty liver unlikely", "脂肪肝可能性小")),
                band(30, 60, T("Indeterminate", "不确定")),
                band(60, 101, T("Fatty liver likely", "脂肪肝可能性大"), "caution"),
            ),
            bands_source=T("Limits of Bedogni 2006", "Bedogni 2006 界值"),
        ),
    ),
    graph=fatty_liver_index,
    question="fatty_liver",
    on_request=True,
    reference={"bmi": 22, "waist": 80, "triglycerides": 90, "ggt": 20},
    baseline_name=T(
        "BMI 22, waist 80 cm, triglycerides 90 mg/dL and GGT 20 U/L",
        "BMI 22、腰围 80 cm、甘油三酯 90 mg/dL、GGT 20 U/L",
    ),
    facts={
        "development.criteria": T(
            "496 people of one town in northern Italy, ultrasound as the standard",
            "意大利北部一城镇 496 人，以超声为标准",
        )
    },
    citation="Bedogni G, Bellentani S, Miglioli L, et al. The fatty liver index: a simple and accurate "
    "predictor of hepatic steatosis in the general population. BMC Gastroenterol 2006;6:33. "
    "doi:10.1186/1471-230X-6-33",
)
