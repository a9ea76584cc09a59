"""The risk of an operation: of the heart after other surgery, of death after heart surgery."""

from collections.abc import Mapping

import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.workshop.equation import number
from medgui.workshop.equations import (
    Equation,
    T,
    band,
    choice,
    given,
    output,
    point_score,
    steps,
    unticked,
    yes,
)
from medgui.workshop.equations.forms import clipped, logistic
from medgui.workshop.equations.points import total

_RCRI_ITEMS = (
    "high_risk_surgery",
    "ischaemic_heart_disease",
    "heart_failure",
    "cerebrovascular_disease",
    "insulin_treatment",
)
_RCRI = (*(given(name) for name in _RCRI_ITEMS), given("creatinine", varies=False))

RCRI = Equation(
    id="rcri",
    kind="score",
    evidence="guideline",
    title=T("Cardiac risk of non-cardiac surgery, RCRI", "非心脏手术心脏风险 RCRI"),
    name=T("Revised Cardiac Risk Index", "改良心脏风险指数 RCRI"),
    summary=T(
        "Six findings of one point each for major cardiac complications of non-cardiac surgery.",
        "六项指标各 1 分，评估非心脏手术的主要心脏并发症风险。",
    ),
    intended_use=T("Assessment before non-cardiac surgery", "非心脏手术前评估"),
    not_for=T(
        "Heart surgery, emergency surgery; on its own it decides nothing",
        "心脏手术、急诊手术；不能单独据此决策",
    ),
    indication=T("Planned non-cardiac surgery", "拟行非心脏手术"),
    population=T(
        "Adults of 50 years and over before major non-cardiac surgery", "拟行重大非心脏手术的 50 岁及以上成人"
    ),
    inputs=_RCRI,
    outputs=(
        output(
            "points",
            T("RCRI points", "RCRI 评分"),
            scale=(0, 6),
            decimals=0,
            bands=(
                band(
                    0,
                    1,
                    T("Class I (0.4 % with a major cardiac complication)", "I 级（主要心脏并发症 0.4%）"),
                ),
                band(1, 2, T("Class II (0.9 %)", "II 级（0.9%）")),
                band(2, 3, T("Class III (7 %)", "III 级（7%）"), "caution"),
                band(3, 7, T("Class IV (11 %)", "IV 级（11%）"), "high"),
            ),
            bands_source=T("Lee 1999, validation cohort of one hospital", "Lee 1999，单中心验证队列"),
        ),
    ),
    graph=point_score(*(yes(name, 1) for name in _RCRI_ITEMS), steps("creatinine", 0, (2.0, 1), above=True)),
    on_request=True,
    question="surgery",
    regions=("us", "europe"),
    guideline=T(
        "AHA/ACC perioperative guideline 2024; ESC non-cardiac surgery guideline 2022",
        "2024 年 AHA/ACC 围术期指南；2022 年 ESC 非心脏手术指南",
    ),
    reference=unticked(_RCRI, creatinine=0.9),
    baseline_name=T("a person without a point", "无任何得分项者"),
    facts={
        "development.criteria": T(
            "2,893 people of 50 years and over before major elective non-cardiac surgery, one US hospital (Lee "
            "1999)",
            "美国一家医院 2,893 名 50 岁及以上拟行重大择期非心脏手术者（Lee 1999）",
        ),
        "out_of_scope.known_risks": T(
            "Later cohorts with troponin found several times as many events: about 4, 6, 10 and 15 % for 0, 1, 2 "
            "and 3 or more points (Duceppe 2017)",
            "此后采用肌钙蛋白的队列中事件多数倍：0、1、2、≥ 3 分约为 4%、6%、10%、15%（Duceppe 2017）",
        ),
    },
    citation="Lee TH, Marcantonio ER, Mangione CM, et al. Derivation and prospective validation of a simple index "
    "for prediction of cardiac risk of major noncardiac surgery. Circulation 1999;100:1043-1049. "
    "doi:10.1161/01.CIR.100.10.1043",
)

_EURO = (
    given("age", accepted=(18.0, 95.0), accepted_source="Nashef 2012: oldest patients of 95 years"),
    given("sex"),
    given("renal_impairment"),
    given("extracardiac_arteriopathy"),
    given("poor_mobility"),
    given("prior_cardiac_surgery"),
    given("chronic_lung_treatment"),
    given("active_endocarditis"),
    given("critical_preoperative_state"),
    given("insulin_treatment"),
    given("nyha_class"),
    given("ccs4_angina"),
    given("lvef"),
    given("recent_myocardial_infarction"),
    given("pulmonary_hypertension"),
    given("surgery_urgency"),
    given("surgery_weight"),
    given("thoracic_aorta_surgery"),
)
_EURO_ITEMS = (
    choice("sex", (0.2196434, 0.0)),
    choice("renal_impairment", (0.0, 0.303553, 0.8592256, 0.6421508)),
    yes("extracardiac_arteriopathy", 0.5360268),
    yes("poor_mobility", 0.2407181),
    yes("prior_cardiac_surgery", 1.118599),
    yes("chronic_lung_treatment", 0.1886564),
    yes("active_endocarditis", 0.6194522),
    yes("critical_preoperative_state", 1.086517),
    yes("insulin_treatment", 0.3542749),
    steps("nyha_class", 0.0, (2, 0.1070545), (3, 0.2958358), (4, 0.5597929)),
    yes("ccs4_angina", 0.2226147),
    steps("lvef", 0.9346919, (20, 0.8084096), (30, 0.3150652), (50, 0.0), above=True),
    yes("recent_myocardial_infarction", 0.1528943),
    choice("pulmonary_hypertension", (0.0, 0.1788899, 0.3491475)),
    choice("surgery_urgency", (0.0, 0.3174673, 0.7039121, 1.362947)),
    choice("surgery_weight", (0.0, 0.0062118, 0.5521478, 0.9724533)),
    yes("thoracic_aorta_surgery", 0.6527205),
)


def _euroscore(x: Mapping[str, Var]) -> dict[str, Var]:
    """Up to 60 years age counts once, then each year once more."""
    years = op.sub(clipped(x["age"], lo=60.0), number(59.0))
    score = op.add(total(x, _EURO_ITEMS), op.mul(years, number(0.0285181)))
    return {"death_in_hospital": logistic(op.add(score, number(-5.324537)))}


EUROSCORE_2 = Equation(
    id="euroscore2",
    title=T("Death in hospital after heart surgery, EuroSCORE II", "心脏手术院内死亡风险 EuroSCORE II"),
    name=T("EuroSCORE II", "EuroSCORE II"),
    summary=T(
        "Estimates how many of 100 people with these findings die in hospital after heart surgery.",
        "估算 100 位情况相似者心脏手术后院内死亡的人数。",
    ),
    intended_use=T("Decision about heart surgery and talk about its risk", "心脏手术决策及风险沟通"),
    not_for=T(
        "Surgery outside the heart and thoracic aorta; catheter procedures; under 18 or over 95 years",
        "心脏和胸主动脉以外的手术；导管介入；18 岁以下或 95 岁以上",
    ),
    indication=T("Planned heart surgery", "拟行心脏手术"),
    population=T("Adults before heart surgery", "拟行心脏手术的成人"),
    inputs=_EURO,
    outputs=(
        output(
            "death_in_hospital",
            T("Death in hospital after heart surgery", "心脏手术后院内死亡"),
            event=T("die in hospital after this operation", "会在该手术后院内死亡"),
            scale=(0.0, 0.5),
        ),
    ),
    graph=_euroscore,
    age=(18.0, 95.0),
    group="prognosis",
    on_request=True,
    question="surgery",
    reference=unticked(_EURO, age="same", sex="same", nyha_class="1", lvef=60),
    baseline_name=T(
        "{person} without these diseases before an elective bypass operation",
        "无上述疾病、择期单纯搭桥手术的{person}",
    ),
    facts={
        "development.criteria": T(
            "22,381 patients of 154 hospitals in 43 countries, 2010 (Nashef 2012)",
            "43 国 154 家医院 22,381 名患者，2010 年（Nashef 2012）",
        ),
        "performance.validity_internal": T(
            "Area under the ROC curve 0.81 in 5,553 patients kept back (Nashef 2012)",
            "在留出的 5,553 名患者中 ROC 曲线下面积 0.81（Nashef 2012）",
        ),
        "out_of_scope.known_risks": T(
            "Mortality has fallen since 2010; at high risk it may overstate. The kidney item goes by the clearance "
            "of Cockcroft and Gault, and dialysis weighs less than a clearance of 50 or under, as published",
            "2010 年以来死亡率下降，高危者可能被高估。肾功能按 Cockcroft-Gault 清除率；透析权重低于清除率 ≤ 50，"
            "与原文一致",
        ),
    },
    citation="Nashef SAM, Roques F, Sharples LD, et al. EuroSCORE II. Eur J Cardiothorac Surg 2012;41:734-745. "
    "doi:10.1093/ejcts/ezs043",
)
