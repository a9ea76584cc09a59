"""Thrombosis in hospital: medical patients (Padua) and surgical patients (Caprini)."""

from medgui.workshop.equations import Equation, T, band, given, output, point_score, steps, unticked, yes

CHEST_2012 = T("ACCP guideline 2012", "ACCP 指南 2012")

_PADUA_POINTS = {
    "active_cancer": 3,
    "prior_vte": 3,
    "reduced_mobility": 3,
    "thrombophilia": 3,
    "recent_surgery_or_trauma": 2,
    "heart_or_respiratory_failure": 1,
    "acute_mi_or_ischaemic_stroke": 1,
    "acute_infection_or_rheumatological": 1,
    "obesity": 1,
    "hormonal_treatment": 1,
}
_PADUA = (given("age"), *(given(name) for name in _PADUA_POINTS))

PADUA = Equation(
    id="padua",
    kind="score",
    evidence="guideline",
    title=T("Thrombosis of medical inpatients, Padua", "内科住院患者静脉血栓 Padua 评分"),
    name=T("Padua", "Padua"),
    summary=T(
        "Risk of venous thrombosis of medical patients in hospital, for the choice of prophylaxis.",
        "内科住院患者静脉血栓栓塞风险，用于决定是否预防。",
    ),
    intended_use=T("Prophylaxis of thrombosis in medical inpatients", "内科住院患者静脉血栓预防的决策"),
    not_for=T("Surgical patients; people on an anticoagulant", "外科患者；正在抗凝者"),
    indication=T("Hospital stay for a medical illness", "因内科疾病住院"),
    population=T("Adults in hospital for a medical illness", "内科住院成人患者"),
    inputs=_PADUA,
    outputs=(
        output(
            "points",
            T("Padua points", "Padua 评分"),
            scale=(0, 20),
            decimals=0,
            bands=(
                band(0, 4, T("Low risk", "低危")),
                band(4, 21, T("High risk: prophylaxis unless bleeding", "高危：无出血风险者应预防"), "high"),
            ),
            bands_source=CHEST_2012,
        ),
    ),
    graph=point_score(
        steps("age", 0, (70, 1)), *(yes(name, points) for name, points in _PADUA_POINTS.items())
    ),
    question="thrombosis_in_hospital",
    acute=True,
    regions=("us", "europe", "china"),
    guideline=CHEST_2012,
    reference=unticked(_PADUA, age=40),
    baseline_name=T("a person of 40 years without a point", "无任何得分项的 40 岁者"),
    citation="Barbar S, Noventa F, Rossetto V, et al. A risk assessment model for the identification of hospitalized "
    "medical patients at risk for venous thromboembolism: the Padua Prediction Score. J Thromb Haemost "
    "2010;8:2450-2457. doi:10.1111/j.1538-7836.2010.04044.x",
)

_CAPRINI_POINTS = {
    **dict.fromkeys(
        (
            "age_41_60",
            "minor_surgery",
            "bmi_over_25",
            "swollen_legs",
            "varicose_veins",
            "pregnancy_or_postpartum",
            "history_of_miscarriage",
            "oral_contraceptives_or_hrt",
            "sepsis_within_1_month",
            "serious_lung_disease",
            "abnormal_pulmonary_function",
            "acute_myocardial_infarction",
            "heart_failure",
            "inflammatory_bowel_disease",
            "medical_patient_at_bed_rest",
        ),
        1,
    ),
    **dict.fromkeys(
        (
            "age_61_74",
            "arthroscopic_surgery",
            "major_surgery_over_45_min",
            "laparoscopic_surgery_over_45_min",
            "malignancy_history",
            "confined_to_bed_over_72h",
            "immobilising_cast",
            "central_venous_access",
        ),
        2,
    ),
    **dict.fromkeys(
        (
            "age_75_plus",
            "prior_vte",
            "family_history_vte",
            "factor_v_leiden",
            "prothrombin_20210a",
            "lupus_anticoagulant",
            "anticardiolipin_antibodies",
            "elevated_homocysteine",
            "heparin_induced_thrombocytopenia",
            "other_thrombophilia",
        ),
        3,
    ),
    **dict.fromkeys(
        (
            "stroke_within_1_month",
            "elective_arthroplasty",
            "hip_pelvis_leg_fracture",
            "acute_spinal_cord_injury",
        ),
        5,
    ),
}
_CAPRINI = tuple(given(name) for name in _CAPRINI_POINTS)

CAPRINI = Equation(
    id="caprini",
    kind="score",
    evidence="guideline",
    title=T("Thrombosis around surgery, Caprini 2005", "围手术期静脉血栓 Caprini 2005 评分"),
    name=T("Caprini", "Caprini"),
    summary=T(
        "Thirty-seven items for the risk of venous thrombosis around surgery.",
        "三十七项指标评估围手术期静脉血栓栓塞风险。",
    ),
    intended_use=T("Prophylaxis of thrombosis in surgical patients", "外科患者静脉血栓预防的决策"),
    not_for=T(
        "People on an anticoagulant. Multiple trauma (5 points in the paper) and another major operation within the "
        "past month (1 point) are not asked for: the total is too low after them",
        "正在抗凝者。原文中多发伤（5 分）和近 1 个月内另有大手术（1 分）此处未询问：有此类情况时总分偏低",
    ),
    indication=T("Planned or recent surgery", "拟行或近期手术"),
    population=T("Adults having surgery", "接受手术的成人"),
    inputs=_CAPRINI,
    outputs=(
        output(
            "points",
            T("Caprini points", "Caprini 评分"),
            scale=(0, 81),
            decimals=0,
            bands=(
                band(0, 1, T("Very low risk", "极低危")),
                band(1, 3, T("Low risk", "低危")),
                band(3, 5, T("Moderate risk", "中危"), "caution"),
                band(5, 82, T("High risk", "高危"), "high"),
            ),
            bands_source=CHEST_2012,
        ),
    ),
    graph=point_score(*(yes(name, points) for name, points in _CAPRINI_POINTS.items())),
    question="thrombosis_in_hospital",
    acute=True,
    regions=("us", "china"),
    guideline=CHEST_2012,
    reference=unticked(_CAPRINI),
    baseline_name=T("a person under 41 years without a point", "无任何得分项的 41 岁以下者"),
    citation="Caprini JA. Thrombosis risk assessment as a guide to quality patient care. Dis Mon 2005;51:70-78. "
    "doi:10.1016/j.disamonth.2005.02.003",
    facts={
        "out_of_scope.known_risks": T(
            "The three age groups exclude each other in a person and are filled in from the age; a table that sets "
            "several is added up as it stands, as the independent implementation does. Bands are for general and "
            "abdominal surgery.",
            "三个年龄组在同一人中互斥，由年龄推出；表格同时勾选多组时按原样累加（与独立实现一致）。"
            "分级适用于普通外科和腹部手术。",
        )
    },
)
