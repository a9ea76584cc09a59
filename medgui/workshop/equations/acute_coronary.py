"""Scores of acute chest pain and of acute coronary syndromes."""

from collections.abc import Mapping, Sequence

import numpy as np
import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.workshop.equations import Equation, T, band, choice, given, output, point_score, steps, yes
from medgui.workshop.equations.acute import A_WELL_PERSON, encounter, measured, well
from medgui.workshop.equations.points import total

_GRACE = encounter(
    given("age"),
    given("killip_class", max_age_days=1),
    measured("systolic_bp"),
    measured("heart_rate"),
    measured("creatinine"),
    given("st_deviation"),
    given("elevated_cardiac_markers"),
    given("cardiac_arrest"),
)
_IN_HOSPITAL = (
    steps("killip_class", 0, (2, 20), (3, 39), (4, 59)),
    yes("cardiac_arrest", 39),
    yes("st_deviation", 28),
    yes("elevated_cardiac_markers", 14),
    steps("age", 0, (30, 8), (40, 25), (50, 41), (60, 58), (70, 75), (80, 91), (90, 100)),
    steps("heart_rate", 0, (50, 3), (70, 9), (90, 15), (110, 24), (150, 38), (200, 46)),
    steps("systolic_bp", 58, (80, 53), (100, 43), (120, 34), (140, 24), (160, 10), (200, 0)),
    steps("creatinine", 1, (0.4, 4), (0.8, 7), (1.2, 10), (1.6, 13), (2.0, 21), (4.0, 28)),
)
_SIX_MONTHS = (
    steps("killip_class", 0, (2, 15), (3, 29), (4, 44)),
    yes("cardiac_arrest", 30),
    yes("st_deviation", 17),
    yes("elevated_cardiac_markers", 13),
)
_LINES: Mapping[str, Sequence[tuple[float, float, float]]] = {
    "systolic_bp": (
        (0, 40, 0),
        (80, 40, -0.3),
        (100, 34, -0.3),
        (110, 31, -0.4),
        (120, 27, -0.3),
        (130, 24, -0.3),
        (140, 20, -0.4),
        (150, 17, -0.3),
        (160, 14, -0.3),
        (180, 8, -0.4),
        (200, 0, 0),
    ),
    "heart_rate": (
        (0, 0, 0),
        (70, 0, 0.3),
        (80, 3, 0.2),
        (90, 5, 0.3),
        (100, 8, 0.2),
        (110, 10, 0.3),
        (150, 22, 0.3),
        (200, 34, 0),
    ),
    "age": (
        (0, 0, 0),
        (35, 0, 1.8),
        (45, 18, 1.8),
        (55, 36, 1.8),
        (65, 54, 1.9),
        (75, 73, 1.8),
        (85, 91, 1.8),
        (90, 100, 0),
    ),
    "creatinine": (
        (0, 0, 5),
        (0.2, 1, 10),
        (0.4, 3, 5),
        (0.6, 4, 10),
        (0.8, 6, 5),
        (1.0, 7, 5),
        (1.2, 8, 10),
        (1.4, 10, 5),
        (1.6, 11, 10),
        (1.8, 13, 5),
        (2.0, 14, 7),
        (3.0, 21, 7),
        (4.0, 28, 0),
    ),
}
"""Six-month points of a value: (from, points there, points a unit more), up to the next line."""


def _on_lines(value: Var, lines: Sequence[tuple[float, float, float]]) -> Var:
    """Points of *value* [N, 1] on the last line whose start it reaches."""
    starts, points, slopes = np.array(lines, dtype=np.float64).T
    reached = op.cast(op.greater_or_equal(value, op.const(starts[None, :])), to=np.float64)
    fixed = np.diff(points - slopes * starts, prepend=0.0)[:, None]
    sloping = np.diff(slopes, prepend=0.0)[:, None]
    return op.add(op.matmul(reached, op.const(fixed)), op.mul(op.matmul(reached, op.const(sloping)), value))


def _grace(x: Mapping[str, Var]) -> dict[str, Var]:
    six_months = total(x, _SIX_MONTHS)
    for name, lines in _LINES.items():
        six_months = op.add(six_months, _on_lines(x[name], lines))
    return {"points_in_hospital": total(x, _IN_HOSPITAL), "points_six_month": op.round(six_months)}


GRACE = Equation(
    id="grace",
    kind="score",
    evidence="guideline",
    title=T("Acute coronary syndrome, GRACE", "急性冠脉综合征 GRACE 评分"),
    name=T("GRACE", "GRACE"),
    summary=T(
        "Two point systems of one registry: one for death in hospital (2003), one for death from admission to six "
        "months (2006). Their totals are not interchangeable.",
        "同一登记研究的两套评分：一套用于院内死亡（2003），一套用于入院至 6 个月死亡（2006）。两者总分不可互换。",
    ),
    intended_use=T(
        "How soon to do angiography in an acute coronary syndrome, and prognosis",
        "用于急性冠脉综合征患者判断造影时机和预后",
    ),
    not_for=T(
        "Chest pain without an acute coronary syndrome; it is not GRACE 2.0, which gives percentages",
        "非急性冠脉综合征的胸痛；本评分不是给出百分比的 GRACE 2.0",
    ),
    indication=T("Acute coronary syndrome", "急性冠脉综合征"),
    population=T("Adults with an acute coronary syndrome", "急性冠脉综合征成人患者"),
    inputs=_GRACE,
    outputs=(
        output(
            "points_in_hospital",
            T("GRACE points, death in hospital", "GRACE 评分（院内死亡）"),
            scale=(1, 372),
            decimals=0,
            bands=(
                band(1, 109, T("Low (under 1 % in hospital)", "低危（院内 < 1%）")),
                band(109, 141, T("Intermediate (1-3 % in hospital)", "中危（院内 1-3%）"), "caution"),
                band(141, 373, T("High (over 3 % in hospital)", "高危（院内 > 3%）"), "high"),
            ),
            bands_source=T(
                "GRACE registry as in the ESC guideline 2011, acute coronary syndrome without ST elevation",
                "GRACE 登记，见 2011 年 ESC 指南；非 ST 段抬高型急性冠脉综合征",
            ),
        ),
        output(
            "points_six_month",
            T("GRACE points, death within six months", "GRACE 评分（6 个月死亡）"),
            scale=(0, 309),
            decimals=0,
        ),
    ),
    graph=_grace,
    acute=True,
    question="acute_coronary",
    regions=("europe", "china"),
    guideline=T("ESC guideline on acute coronary syndromes 2023", "2023 年 ESC 急性冠脉综合征指南"),
    reference=well(_GRACE, killip_class="1"),
    baseline_name=A_WELL_PERSON,
    facts={
        "development.criteria": T(
            "GRACE registry: 11,389 patients with an acute coronary syndrome in 14 countries (2003), 43,810 (2006)",
            "GRACE 登记：14 国 11,389 名急性冠脉综合征患者（2003），43,810 名（2006）",
        ),
        "out_of_scope.known_risks": T(
            "The categories shown hold without ST elevation; with it the registry draws them at 126 and 155. The "
            "usual limits of 89 and 119 points belong to the discharge score and are not drawn here. Points of the "
            "six-month system jump by up to 1 where two lines meet, as published",
            "所示分层适用于非 ST 段抬高型；ST 段抬高型的界值为 126 和 155。常用的 89 和 119 分属于出院评分，"
            "此处不用。6 个月评分在两段交界处最多跳变 1 分，与原文一致",
        ),
    },
    citation="Granger CB, Goldberg RJ, Dabbous O, et al. Predictors of hospital mortality in the Global Registry of "
    "Acute Coronary Events. Arch Intern Med 2003;163:2345-2353; Fox KAA, Dabbous OH, Goldberg RJ, et al. Prediction "
    "of risk of death and myocardial infarction in the six months after presentation with acute coronary syndrome. "
    "BMJ 2006;333:1091. doi:10.1136/bmj.38985.646481.55",
)

_HEART = (
    given("age"),
    given("chest_pain_history"),
    given("ecg_finding"),
    given("cad_risk_factors"),
    given("troponin_level"),
)

HEART_SCORE = Equation(
    id="heart_score",
    kind="score",
    evidence="guideline",
    title=T("Acute chest pain, HEART score", "急性胸痛 HEART 评分"),
    name=T("HEART score", "HEART 评分"),
    summary=T(
        "History, ECG, age, risk factors and troponin of a patient with chest pain in the emergency department.",
        "急诊胸痛患者的病史、心电图、年龄、危险因素和肌钙蛋白评分。",
    ),
    intended_use=T(
        "Who with acute chest pain may go home, and who needs a work-up",
        "判断急性胸痛患者能否离院或需进一步检查",
    ),
    not_for=T(
        "ST elevation, unstable circulation; not in place of serial high-sensitivity troponin",
        "ST 段抬高、血流动力学不稳定；不能代替高敏肌钙蛋白连续检测",
    ),
    indication=T("Acute chest pain in the emergency department", "急诊急性胸痛"),
    population=T("Adults with acute chest pain in the emergency department", "急诊急性胸痛成人患者"),
    inputs=_HEART,
    outputs=(
        output(
            "points",
            T("HEART points", "HEART 评分"),
            scale=(0, 10),
            decimals=0,
            bands=(
                band(0, 4, T("Low (1.7 % with an event within 6 weeks)", "低危（6 周内事件 1.7%）")),
                band(4, 7, T("Moderate (16.6 %)", "中危（16.6%）"), "caution"),
                band(7, 11, T("High (50.1 %)", "高危（50.1%）"), "high"),
            ),
            bands_source=T(
                "Backus 2013, prospective validation: infarction, revascularisation or death",
                "Backus 2013 前瞻性验证：心肌梗死、血运重建或死亡",
            ),
        ),
    ),
    graph=point_score(
        choice("chest_pain_history", (0, 1, 2)),
        choice("ecg_finding", (0, 1, 2)),
        steps("age", 0, (45, 1), (65, 2)),
        choice("cad_risk_factors", (0, 1, 2)),
        choice("troponin_level", (0, 1, 2)),
    ),
    acute=True,
    question="acute_coronary",
    regions=("us",),
    guideline=T("AHA/ACC chest pain guideline 2021", "2021 年 AHA/ACC 胸痛指南"),
    reference=well(_HEART),
    baseline_name=A_WELL_PERSON,
    facts={
        "external.data": T(
            "2,440 patients of ten Dutch emergency departments (Backus 2013)",
            "荷兰 10 家急诊科的 2,440 名患者（Backus 2013）",
        ),
    },
    citation="Six AJ, Backus BE, Kelder JC. Chest pain in the emergency room: value of the HEART score. Neth Heart "
    "J 2008;16:191-196; Backus BE, Six AJ, Kelder JC, et al. A prospective validation of the HEART score for chest "
    "pain patients at the emergency department. Int J Cardiol 2013;168:2153-2158. doi:10.1016/j.ijcard.2013.01.255",
)

_TIMI_ITEMS = (
    "three_or_more_cad_risk_factors",
    "known_cad",
    "aspirin_past_7_days",
    "severe_angina",
    "st_deviation",
    "elevated_cardiac_markers",
)
_TIMI = (given("age"), *(given(name) for name in _TIMI_ITEMS))

TIMI_NSTEMI = Equation(
    id="timi_nstemi",
    kind="score",
    title=T("Unstable angina and NSTEMI, TIMI", "不稳定型心绞痛和 NSTEMI TIMI 评分"),
    name=T("TIMI UA/NSTEMI", "TIMI UA/NSTEMI"),
    summary=T(
        "Seven findings of one point each in unstable angina or infarction without ST elevation.",
        "不稳定型心绞痛或非 ST 段抬高型心肌梗死的七项指标，各 1 分。",
    ),
    intended_use=T("Risk of an event within two weeks", "评估两周内事件风险"),
    not_for=T("ST elevation; chest pain of another cause", "ST 段抬高；其他原因的胸痛"),
    indication=T(
        "Unstable angina or infarction without ST elevation", "不稳定型心绞痛或非 ST 段抬高型心肌梗死"
    ),
    population=T(
        "Adults with unstable angina or infarction without ST elevation",
        "不稳定型心绞痛或非 ST 段抬高型心肌梗死成人患者",
    ),
    inputs=_TIMI,
    outputs=(
        output(
            "points",
            T("TIMI points, UA/NSTEMI", "TIMI 评分（UA/NSTEMI）"),
            scale=(0, 7),
            decimals=0,
            bands=(
                band(0, 2, T("4.7 % with an event within 14 days", "14 天内事件 4.7%")),
                band(2, 3, T("8.3 % with an event within 14 days", "14 天内事件 8.3%")),
                band(3, 4, T("13.2 % with an event within 14 days", "14 天内事件 13.2%"), "caution"),
                band(4, 5, T("19.9 % with an event within 14 days", "14 天内事件 19.9%"), "caution"),
                band(5, 6, T("26.2 % with an event within 14 days", "14 天内事件 26.2%"), "high"),
                band(6, 8, T("40.9 % with an event within 14 days", "14 天内事件 40.9%"), "high"),
            ),
            bands_source=T(
                "Antman 2000, TIMI 11B trial: death, infarction or urgent revascularisation",
                "Antman 2000（TIMI 11B 试验）：死亡、心肌梗死或紧急血运重建",
            ),
        ),
    ),
    graph=point_score(steps("age", 0, (65, 1)), *(yes(name, 1) for name in _TIMI_ITEMS)),
    acute=True,
    question="acute_coronary",
    reference=well(_TIMI),
    baseline_name=A_WELL_PERSON,
    facts={
        "development.criteria": T(
            "TIMI 11B trial, 1,957 patients on unfractionated heparin; checked in ESSENCE and its enoxaparin arm",
            "TIMI 11B 试验普通肝素组 1,957 人；在 ESSENCE 及依诺肝素组中验证",
        ),
    },
    citation="Antman EM, Cohen M, Bernink PJLM, et al. The TIMI risk score for unstable angina/non-ST elevation MI: "
    "a method for prognostication and therapeutic decision making. JAMA 2000;284:835-842. "
    "doi:10.1001/jama.284.7.835",
)

_STEMI = encounter(
    given("age"),
    given("diabetes_hypertension_or_angina"),
    measured("systolic_bp"),
    measured("heart_rate"),
    given("killip_class", max_age_days=1),
    given("weight"),
    given("anterior_st_elevation_or_lbbb"),
    given("treatment_delay_over_4h"),
)

TIMI_STEMI = Equation(
    id="timi_stemi",
    kind="score",
    title=T("Infarction with ST elevation, TIMI", "ST 段抬高型心肌梗死 TIMI 评分"),
    name=T("TIMI STEMI", "TIMI STEMI"),
    summary=T(
        "Points for prognosis in infarction with ST elevation that can be treated by reperfusion.",
        "适合再灌注治疗的 ST 段抬高型心肌梗死的预后评分。",
    ),
    intended_use=T("Prognosis after infarction with ST elevation", "评估 ST 段抬高型心肌梗死的预后"),
    not_for=T(
        "A reason to delay reperfusion; chest pain without ST elevation",
        "不得因此延迟再灌注；无 ST 段抬高的胸痛",
    ),
    indication=T("Infarction with ST elevation", "ST 段抬高型心肌梗死"),
    population=T("Adults with infarction with ST elevation", "ST 段抬高型心肌梗死成人患者"),
    inputs=_STEMI,
    outputs=(output("points", T("TIMI points, STEMI", "TIMI 评分（STEMI）"), scale=(0, 14), decimals=0),),
    graph=point_score(
        steps("age", 0, (65, 2), (75, 3)),
        yes("diabetes_hypertension_or_angina", 1),
        steps("systolic_bp", 3, (100, 0)),
        steps("heart_rate", 0, (100, 2), above=True),
        steps("killip_class", 0, (2, 2)),
        steps("weight", 1, (67, 0)),
        yes("anterior_st_elevation_or_lbbb", 1),
        yes("treatment_delay_over_4h", 1),
    ),
    acute=True,
    question="acute_coronary",
    reference=well(_STEMI, killip_class="1", weight=75),
    baseline_name=A_WELL_PERSON,
    facts={
        "development.criteria": T(
            "InTIME II trial, 14,114 patients eligible for fibrinolysis (Morrow 2000)",
            "InTIME II 试验，14,114 名适合溶栓的患者（Morrow 2000）",
        ),
        "out_of_scope.known_risks": T(
            "Death within 30 days in the trial, before the time of primary angioplasty: 0.8, 1.6, 2.2, 4.4, 7.3, "
            "12.4, 16.1, 23.4, 26.8 % with 0 to 8 points, 35.9 % with more",
            "试验（直接 PCI 时代之前）30 天死亡率：0 至 8 分依次为 0.8、1.6、2.2、4.4、7.3、12.4、16.1、23.4、"
            "26.8%，8 分以上 35.9%",
        ),
    },
    citation="Morrow DA, Antman EM, Charlesworth A, et al. TIMI risk score for ST-elevation myocardial infarction: "
    "a convenient, bedside, clinical score for risk assessment at presentation. Circulation 2000;102:2031-2037. "
    "doi:10.1161/01.CIR.102.17.2031",
)
