"""Outcome of pulmonary embolism (PESI, sPESI), the revised Geneva score, and thrombosis in hospital (IMPROVE)."""

from collections.abc import Mapping

import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.workshop.equations import T, band, choice, given, output, point_score, steps, yes
from medgui.workshop.equations.acute import bedside_score, encounter, measured, points
from medgui.workshop.equations.points import total
from medgui.workshop.equations.venous_thrombosis import ADULTS_PE, ESC_PE, IN_PREGNANCY, SUSPECTED_PE

WITH_PE = T("Pulmonary embolism, confirmed", "已确诊的肺栓塞")
ADULTS_WITH_PE = T("Adults with confirmed pulmonary embolism", "已确诊肺栓塞的成人")
_PESI = encounter(
    given("age"),
    given("sex"),
    given("cancer_history"),
    given("heart_failure"),
    given("chronic_lung_disease"),
    measured("heart_rate"),
    measured("systolic_bp"),
    measured("respiratory_rate"),
    measured("temperature"),
    measured("altered_mentation"),
    measured("oxygen_saturation"),
)


def _pesi(x: Mapping[str, Var]) -> dict[str, Var]:
    """Completed years plus points, and the class I to V."""
    items = [
        choice("sex", (0, 10)),
        yes("cancer_history", 30),
        yes("heart_failure", 10),
        yes("chronic_lung_disease", 10),
        steps("heart_rate", 0, (110, 20)),
        steps("systolic_bp", 30, (100, 0)),
        steps("respiratory_rate", 0, (30, 20)),
        steps("temperature", 20, (36, 0)),
        yes("altered_mentation", 60),
        steps("oxygen_saturation", 20, (90, 0)),
    ]
    sum_ = op.add(op.floor(x["age"]), total(x, items))
    edges = steps("points", 1, (65, 2), (85, 3), (105, 4), (125, 5), above=True)
    return {"points": sum_, "risk_class": total({"points": sum_}, [edges])}


PESI = bedside_score(
    id="pesi",
    evidence="guideline",
    title=T("Severity of pulmonary embolism, PESI", "肺栓塞严重指数 PESI"),
    name=T("PESI", "PESI"),
    summary=T(
        "Eleven items for death within 30 days of a pulmonary embolism, and the class I to V.",
        "十一项指标预测肺栓塞后 30 天死亡，并分为 I-V 级。",
    ),
    intended_use=T("Who with pulmonary embolism may be treated at home", "判断哪些肺栓塞患者可门诊治疗"),
    not_for=T("Shock or low pressure: high risk whatever the points", "休克或低血压者无论得分均为高危"),
    indication=WITH_PE,
    population=ADULTS_WITH_PE,
    inputs=_PESI,
    outputs=(
        points(T("PESI points", "PESI 评分"), 360),
        output(
            "risk_class",
            T("PESI class (I-V)", "PESI 分级（I-V）"),
            scale=(1, 5),
            decimals=0,
            bands=(
                band(
                    1,
                    3,
                    T(
                        "Class I-II: low risk (not with a systolic pressure under 90)",
                        "I-II 级：低危（收缩压 < 90 mmHg 者除外）",
                    ),
                ),
                band(3, 6, T("Class III-V: not low", "III-V 级：非低危"), "caution"),
            ),
            bands_source=ESC_PE,
        ),
    ),
    graph=_pesi,
    question="pulmonary_embolism_outcome",
    regions=("europe", "china"),
    guideline=ESC_PE,
    baseline_name=T("a woman of 40 years with normal values", "各项指标正常的 40 岁女性"),
    citation="Aujesky D, Obrosky DS, Stone RA, et al. Derivation and validation of a prognostic model for pulmonary "
    "embolism. Am J Respir Crit Care Med 2005;172:1041-1046. doi:10.1164/rccm.200506-862OC",
)

_SPESI = encounter(
    given("age"),
    given("cancer_history"),
    given("chronic_cardiopulmonary_disease"),
    measured("heart_rate"),
    measured("systolic_bp"),
    measured("oxygen_saturation"),
)

SPESI = bedside_score(
    id="spesi",
    evidence="guideline",
    title=T("Severity of pulmonary embolism, simplified PESI", "肺栓塞严重程度 简化 PESI"),
    name=T("sPESI", "sPESI"),
    summary=T(
        "Six items; none means a low risk of death within 30 days.", "六项指标；均无者 30 天死亡风险低。"
    ),
    intended_use=T("Who with pulmonary embolism may be treated at home", "判断哪些肺栓塞患者可门诊治疗"),
    not_for=T("Shock or low pressure: high risk whatever the points", "休克或低血压者无论得分均为高危"),
    indication=WITH_PE,
    population=ADULTS_WITH_PE,
    inputs=_SPESI,
    outputs=(
        points(
            T("Simplified PESI points", "简化 PESI 评分"),
            6,
            band(0, 1, T("Low risk", "低危")),
            band(1, 7, T("Not low", "非低危"), "caution"),
            source=ESC_PE,
        ),
    ),
    graph=point_score(
        steps("age", 0, (81, 1)),
        yes("cancer_history", 1),
        yes("chronic_cardiopulmonary_disease", 1),
        steps("heart_rate", 0, (110, 1)),
        steps("systolic_bp", 1, (100, 0)),
        steps("oxygen_saturation", 1, (90, 0)),
    ),
    question="pulmonary_embolism_outcome",
    regions=("europe", "china"),
    guideline=ESC_PE,
    citation="Jiménez D, Aujesky D, Moores L, et al. Simplification of the Pulmonary Embolism Severity Index for "
    "prognostication in patients with acute symptomatic pulmonary embolism. Arch Intern Med 2010;170:1383-1389. "
    "doi:10.1001/archinternmed.2010.199",
)

_GENEVA = encounter(
    given("age"),
    given("prior_vte"),
    given("surgery_or_leg_fracture_past_month"),
    given("active_cancer"),
    measured("unilateral_leg_pain"),
    given("haemoptysis"),
    measured("heart_rate"),
    measured("deep_vein_pain_and_oedema"),
)

REVISED_GENEVA = bedside_score(
    id="revised_geneva",
    evidence="guideline",
    title=T(
        "Clinical probability of pulmonary embolism, revised Geneva", "肺栓塞临床可能性 修订 Geneva 评分"
    ),
    name=T("Revised Geneva", "修订 Geneva"),
    summary=T(
        "Eight items, none of them a judgement, for the probability of pulmonary embolism.",
        "八项客观指标评估肺栓塞的可能性。",
    ),
    intended_use=T("Next test in suspected pulmonary embolism", "疑似肺栓塞时选择下一步检查"),
    not_for=T("Pregnancy; not in place of clinical judgement", "妊娠；不能代替临床判断"),
    indication=SUSPECTED_PE,
    population=ADULTS_PE,
    inputs=_GENEVA,
    outputs=(
        points(
            T("Revised Geneva points", "修订 Geneva 评分"),
            22,
            band(0, 4, T("Low: D-dimer", "低度：查 D-二聚体")),
            band(4, 11, T("Intermediate: D-dimer", "中度：查 D-二聚体"), "caution"),
            band(11, 23, T("High: imaging", "高度：影像检查"), "high"),
            source=ESC_PE,
        ),
    ),
    graph=point_score(
        steps("age", 0, (66, 1)),
        yes("prior_vte", 3),
        yes("surgery_or_leg_fracture_past_month", 2),
        yes("active_cancer", 2),
        yes("unilateral_leg_pain", 3),
        yes("haemoptysis", 2),
        steps("heart_rate", 0, (75, 3), (95, 5)),
        yes("deep_vein_pain_and_oedema", 4),
    ),
    question="pulmonary_embolism",
    exclusions=(IN_PREGNANCY,),
    regions=("europe",),
    guideline=ESC_PE,
    reference={**dict.fromkeys([spec.name for spec in _GENEVA], 0), "age": 40, "heart_rate": 70},
    citation="Le Gal G, Righini M, Roy PM, et al. Prediction of pulmonary embolism in the emergency department: the "
    "revised Geneva score. Ann Intern Med 2006;144:165-171. doi:10.7326/0003-4819-144-3-200602070-00004",
)

_IMPROVE_POINTS = {
    "prior_vte": 3,
    "thrombophilia": 2,
    "leg_paralysis": 2,
    "active_cancer": 2,
    "immobile_7_days": 1,
    "intensive_care_stay": 1,
}
_IMPROVE = (given("age"), *map(given, _IMPROVE_POINTS))

IMPROVE_VTE = bedside_score(
    id="improve_vte",
    title=T("Thrombosis of medical inpatients, IMPROVE", "内科住院患者静脉血栓 IMPROVE 评分"),
    name=T("IMPROVE VTE", "IMPROVE VTE"),
    summary=T(
        "Seven items for venous thrombosis within three months of admission for a medical illness.",
        "七项指标预测内科住院后三个月内的静脉血栓栓塞。",
    ),
    intended_use=T("Prophylaxis of thrombosis in medical inpatients", "内科住院患者静脉血栓预防的决策"),
    not_for=T("Surgical patients; people on an anticoagulant", "外科患者；正在抗凝者"),
    indication=T("Hospital stay for a medical illness", "因内科疾病住院"),
    population=T("Adults in hospital for a medical illness", "内科住院成人患者"),
    inputs=_IMPROVE,
    outputs=(points(T("IMPROVE VTE points", "IMPROVE VTE 评分"), 12),),
    graph=point_score(steps("age", 0, (61, 1)), *(yes(name, each) for name, each in _IMPROVE_POINTS.items())),
    question="thrombosis_in_hospital",
    citation="Spyropoulos AC, Anderson FA, FitzGerald G, et al. Predictive and associative models to identify "
    "hospitalized medical patients at risk for VTE. Chest 2011;140:706-714. doi:10.1378/chest.10-1944",
)
