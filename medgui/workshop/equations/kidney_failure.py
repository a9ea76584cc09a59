"""Stage of chronic kidney disease (KDIGO) and risk of its end (KFRE)."""

from collections.abc import Mapping

import numpy as np
import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.inference.manifest import Indication
from medgui.workshop.equation import as_flag, number
from medgui.workshop.equations import Equation, T, band, given, output
from medgui.workshop.equations.forms import cox, linear, pick
from medgui.workshop.equations.kidney_function import KDIGO, NO_OWN_KIDNEYS, PREGNANT

KFRE_SOURCE = "Kidney failure risk equation: adults with eGFR below 60 (CKD G3-G5), Tangri 2016"
IN_CKD = (
    Indication(
        ("chronic_kidney_disease",),
        T(
            "Made for chronic kidney disease: eGFR below 60 twice, at least 90 days apart; otherwise reduced "
            "eGFR, duration not shown",
            "仅用于慢性肾脏病：eGFR < 60 两次且相隔至少 90 天；否则仅为 eGFR 降低，持续时间未明",
        ),
    ),
)
CENTRES = {
    "age": 7.036,
    "male": 0.5642,
    "egfr": 7.222,
    "uacr": 5.137,
    "diabetes": 0.5106,
    "hypertension": 0.8501,
    "albumin": 3.997,
    "phosphate": 3.916,
    "bicarbonate": 25.57,
    "calcium": 9.355,
}
WEIGHTS = {
    4: {"age": -0.2201, "male": 0.2467, "egfr": -0.5567, "uacr": 0.4510},
    6: {
        "age": -0.2218,
        "male": 0.2553,
        "egfr": -0.5541,
        "uacr": 0.4562,
        "diabetes": -0.1475,
        "hypertension": 0.1426,
    },
    8: {
        "age": -0.1992,
        "male": 0.1602,
        "egfr": -0.4919,
        "uacr": 0.3364,
        "albumin": -0.3441,
        "phosphate": 0.2604,
        "bicarbonate": -0.07354,
        "calcium": -0.2228,
    },
}
"""Coefficients of the centred terms; age in decades, eGFR in 5 mL/min/1.73 m², ln(ACR in mg/g)."""
SURVIVAL = {
    (4, 2): (0.9832, 0.9750),
    (4, 5): (0.9365, 0.9240),
    (6, 2): (0.9830, 0.9750),
    (6, 5): (0.9370, 0.9240),
    (8, 2): (0.9827, 0.9780),
    (8, 5): (0.9245, 0.9301),
}
"""Survival without kidney failure of the average person elsewhere and in North America; by variables and years."""
CERTAIN = 1.0 - 1e-9
"""A probability so near to 1 that float64 has no other number is given as this one."""


def kfre(x: Mapping[str, Var]) -> dict[str, Var]:
    """Probabilities of kidney failure at 2 and 5 years by 4, 6 and 8 variables."""
    values = {
        **{name: x[name] for name in CENTRES if name in x},
        "age": op.div(x["age"], number(10.0)),
        "male": x["sex"],
        "egfr": op.div(x["egfr"], number(5.0)),
        "uacr": op.log(x["uacr"]),
    }
    found = {}
    for count, weights in WEIGHTS.items():
        shift = -sum(weight * CENTRES[name] for name, weight in weights.items())
        lp = linear(values, weights, shift)
        for years in (2, 5):
            risk = cox(pick(x["north_america"], SURVIVAL[count, years]), lp)
            found[f"kidney_failure_{count}v_{years}y"] = op.min([risk, number(CERTAIN)])
    return found


_SIX = tuple(f"kidney_failure_6v_{years}y" for years in (2, 5))
_EIGHT = tuple(f"kidney_failure_8v_{years}y" for years in (2, 5))


def _risk(count: int, years: int, zh_count: str) -> dict[str, object]:
    return {
        "name": f"kidney_failure_{count}v_{years}y",
        "title": T(
            f"Kidney failure within {years} years, {count} variables",
            f"{years} 年内肾衰竭风险（{zh_count}变量）",
        ),
        "short_title": T(f"{years} years, {count} variables", f"{years} 年（{zh_count}变量）"),
        "event": T(
            f"need dialysis or a kidney transplant within {years} years", f"会在 {years} 年内需要透析或肾移植"
        ),
    }


KFRE = Equation(
    id="kfre",
    kind="risk",
    title=T("Risk of kidney failure in chronic kidney disease", "慢性肾脏病患者的肾衰竭风险"),
    name=T("Kidney failure risk equation (KFRE)", "肾衰竭风险方程（KFRE）"),
    summary=T(
        "Probability that treated kidney failure (dialysis or transplant) begins within 2 and 5 years; with "
        "four, six or eight values, as far as they are known.",
        "2 年和 5 年内需要肾脏替代治疗（透析或移植）的概率；按已知数据分别以四、六、八变量计算。",
    ),
    intended_use=T(
        "Referral, preparation for dialysis or transplant, and the talk about what is to come, in CKD G3-G5.",
        "用于 CKD G3-G5 患者的转诊、透析或移植准备及病情沟通。",
    ),
    not_for=T(
        "eGFR of 60 or above, dialysis, a kidney transplant, acute kidney injury, under 18 years.",
        "不用于 eGFR ≥ 60、透析、肾移植、急性肾损伤及 18 岁以下。",
    ),
    indication=T("Chronic kidney disease with eGFR below 60.", "eGFR < 60 的慢性肾脏病。"),
    population=T("Adults with chronic kidney disease G3-G5", "慢性肾脏病 G3-G5 期成人"),
    inputs=(
        given("age", accepted=(18.0, 110.0), accepted_source=KFRE_SOURCE),
        given("sex"),
        given(
            "egfr",
            accepted=(5.0, 59.99),
            accepted_source=KFRE_SOURCE,
            max_age_days=92,
            from_="ckd_epi_2021.egfr",
            plausible=(15.0, 59.0),
        ),
        given(
            "uacr",
            accepted=(0.1, 25000.0),
            accepted_source="Above 0, as its logarithm is taken; above 25,000 mg/g a unit or sample error is "
            "likelier",
            plausible=(5.0, 3000.0),
            from_="albumin_creatinine_ratio.uacr",
        ),
        given("north_america"),
        given("diabetes", needed=False, outputs=_SIX),
        given("hypertension", needed=False, outputs=_SIX),
        given("albumin", needed=False, outputs=_EIGHT, plausible=(2.5, 5.0)),
        given("phosphate", needed=False, outputs=_EIGHT, plausible=(2.5, 6.0)),
        given("bicarbonate", needed=False, outputs=_EIGHT, plausible=(15.0, 30.0)),
        given("calcium", needed=False, outputs=_EIGHT, plausible=(7.5, 10.5)),
    ),
    outputs=tuple(
        output(**_risk(count, years, zh))  # type: ignore[arg-type]
        for count, zh in ((4, "四"), (6, "六"), (8, "八"))
        for years in (2, 5)
    ),
    graph=kfre,
    question="kidney_failure",
    regions=("us", "europe", "uk", "china"),
    guideline=KDIGO,
    indications=IN_CKD,
    exclusions=(NO_OWN_KIDNEYS, PREGNANT),
    notice=T(
        "Competing death is not modelled: in old age the figure may overstate the risk.",
        "未考虑竞争性死亡：高龄者的数值可能高估风险。",
    ),
    reference={
        "age": "same",
        "sex": "same",
        "egfr": 59,
        "uacr": 10,
        "north_america": "same",
        "diabetes": 0,
        "hypertension": 0,
        "albumin": 4.2,
        "phosphate": 3.5,
        "bicarbonate": 25,
        "calcium": 9.4,
    },
    baseline_name=T(
        "{person} of the same region with an eGFR of 59, an ACR of 10 mg/g and normal other values",
        "同一地区、eGFR 59、ACR 10 mg/g 且其他数值正常的{person}",
    ),
    facts={
        "out_of_scope.known_risks": T(
            "Overstates where death comes before kidney failure (old age, frailty); two values at least 90 "
            "days apart are needed before kidney disease is chronic. Diabetes has a negative coefficient in "
            "the six-variable form, as published",
            "高龄、衰弱等死亡先于肾衰竭者会高估；慢性肾脏病须有相隔至少 90 天的两次结果。"
            "六变量方程中糖尿病系数为负，与原文一致",
        ),
        "development.criteria": T(
            "Canadian patients of nephrologists with CKD G3-G5 (2011); baseline survival set anew for North "
            "America and elsewhere in 31 cohorts of more than 720,000 people (2016)",
            "加拿大肾内科 CKD G3-G5 患者（2011）；2016 年以 31 个队列、72 "
            "万余人分别重新校准北美及其他地区的基线生存率",
        ),
        "development.relevance": T(
            "Cohorts of more than 30 countries; the baseline outside North America is a mean of very "
            "different places",
            "来自 30 多个国家的队列；北美以外的基线是差异很大的各地的平均值",
        ),
    },
    citation="Tangri N, Grams ME, Levey AS, et al. Multinational assessment of accuracy of equations for "
    "predicting risk of kidney failure: a meta-analysis. JAMA 2016;315:164-174. doi:10.1001/jama.2015.18202",
)

G_STAGES = ("G1", "G2", "G3a", "G3b", "G4", "G5")
A_STAGES = ("A1", "A2", "A3")
HEAT_MAP = np.array([[1, 2, 3], [1, 2, 3], [2, 3, 4], [3, 4, 4], [4, 4, 4], [4, 4, 4]], dtype=np.float64)
"""KDIGO 2024, rows G1 to G5, columns A1 to A3: 1 low, 2 moderately increased, 3 high, 4 very high."""


def kdigo_stage(x: Mapping[str, Var]) -> dict[str, Var]:
    """Codes of the GFR stage (1-6), the albuminuria stage (1-3) and the risk (1-4), from the figures as shown."""
    half = number(0.5)
    egfr = op.floor(op.add(x["egfr"], half))
    acr = op.floor(op.add(x["uacr"], half))
    edges = op.const(np.array([[90.0, 60.0, 45.0, 30.0, 15.0]]))
    below = op.reduce_sum(as_flag(op.less(egfr, edges)), op.const(np.array([1])), keepdims=1)
    g = op.add(op.add(below, number(1.0)), op.mul(egfr, number(0.0)))
    above = op.add(as_flag(op.greater_or_equal(acr, number(30.0))), as_flag(op.greater(acr, number(300.0))))
    a = op.add(op.add(above, number(1.0)), op.mul(acr, number(0.0)))
    cell = op.add(op.mul(op.sub(g, number(1.0)), number(3.0)), op.sub(a, number(1.0)))
    return {"gfr_stage": g, "albuminuria_stage": a, "kdigo_risk": pick(cell, HEAT_MAP.ravel().tolist())}


_NEEDS_ACR = ("albuminuria_stage", "kdigo_risk")
KDIGO_STAGE = Equation(
    id="kdigo_stage",
    kind="score",
    evidence="guideline",
    title=T("Stage of kidney disease and its outlook", "肾脏病分期与预后风险"),
    name=T("KDIGO GFR and albuminuria stage", "KDIGO GFR 与白蛋白尿分期"),
    summary=T(
        "GFR stage, albuminuria stage and the colour of the KDIGO map: how much the two together raise the "
        "risk of kidney failure, heart disease and death. It is chronic kidney disease only after three "
        "months.",
        "GFR 分期、白蛋白尿分期及 KDIGO 风险图颜色：两者共同提示肾衰竭、心血管病和死亡风险的升高程度。"
        "持续三个月以上才是慢性肾脏病。",
    ),
    intended_use=T(
        "Stage, frequency of checks and referral in kidney disease.", "用于肾脏病分期、随访频率和转诊。"
    ),
    not_for=T(
        "Acute kidney injury, pregnancy, dialysis; a single sample with fever, urinary infection or heavy "
        "exercise.",
        "不用于急性肾损伤、妊娠、透析；发热、尿路感染或剧烈运动时的单次尿样。",
    ),
    indication=T(
        "Adults with an eGFR and a urine albumin/creatinine ratio.", "有 eGFR 和尿白蛋白/肌酐比值的成人。"
    ),
    population=T("Adults with steady kidney function", "肾功能稳定的成人"),
    inputs=(
        given("egfr", varies=False, from_="ckd_epi_2021.egfr"),
        given("uacr", needed=False, varies=False, outputs=_NEEDS_ACR, from_="albumin_creatinine_ratio.uacr"),
    ),
    outputs=(
        output(
            "gfr_stage",
            T("GFR stage", "GFR 分期"),
            scale=(1, 6),
            decimals=0,
            named=True,
            bands=tuple(
                band(
                    place,
                    place + 1,
                    T(name, name),
                    "info" if place < 3 else "caution" if place < 5 else "high",
                )
                for place, name in enumerate(G_STAGES, start=1)
            ),
            bands_source=KDIGO,
        ),
        output(
            "albuminuria_stage",
            T("Albuminuria stage", "白蛋白尿分期"),
            scale=(1, 3),
            decimals=0,
            named=True,
            bands=tuple(
                band(place, place + 1, T(name, name), level)
                for place, (name, level) in enumerate(
                    zip(A_STAGES, ("info", "caution", "high"), strict=True), start=1
                )
            ),
            bands_source=KDIGO,
        ),
        output(
            "kdigo_risk",
            T("Outlook by GFR and albuminuria", "GFR 与白蛋白尿联合风险"),
            short_title=T("KDIGO risk", "KDIGO 风险"),
            scale=(1, 4),
            decimals=0,
            named=True,
            bands=(
                band(1, 2, T("Low (green)", "低危（绿）")),
                band(2, 3, T("Moderately increased (yellow)", "中危（黄）"), "caution"),
                band(3, 4, T("High (orange)", "高危（橙）"), "high"),
                band(4, 5, T("Very high (red)", "极高危（红）"), "high"),
            ),
            bands_source=KDIGO,
        ),
    ),
    graph=kdigo_stage,
    question="kidney_stage",
    regions=("us", "europe", "uk", "china"),
    guideline=KDIGO,
    needs_any=("uacr",),
    exclusions=(PREGNANT, NO_OWN_KIDNEYS),
    notice=T(
        "Chronic kidney disease only where it lasts three months; one pair of values does not show that.",
        "持续三个月以上才是慢性肾脏病；一组数值不能说明持续时间。",
    ),
    reference={"egfr": 95, "uacr": 10},
    baseline_name=T("a person with an eGFR of 95 and an ACR of 10 mg/g", "eGFR 95、ACR 10 mg/g 者"),
    facts={
        "out_of_scope.known_risks": T(
            "One pair of values shows no duration: chronic kidney disease needs three months. Low risk is no "
            "proof of healthy kidneys. Stages follow the figures as shown: eGFR rounded to whole numbers, "
            "ACR to whole mg/g",
            "一组数值不能说明持续时间：慢性肾脏病须持续三个月。低危不等于肾脏健康。分期按显示数值判定：eGFR "
            "取整数，ACR 取整数 mg/g",
        )
    },
    citation="KDIGO CKD Work Group. KDIGO 2024 clinical practice guideline for the evaluation and management "
    "of chronic kidney disease. Kidney Int 2024;105(4S):S117-S314. doi:10.1016/j.kint.2023.10.018",
)
