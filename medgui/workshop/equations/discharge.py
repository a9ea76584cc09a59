"""Readmission after a hospital stay: LACE and HOSPITAL."""

from medgui.workshop.equations import T, given, point_score, steps, yes
from medgui.workshop.equations.acute import bedside_score, encounter, measured, points

AT_DISCHARGE = T("Discharge from hospital", "出院时")
DISCHARGED = T("Adults leaving hospital for home", "出院回家的成人")
WELL = T("a person with a stay of less than a day and no point", "住院不足 1 天且无得分项者")

_LACE = (
    given("length_of_stay"),
    given("urgent_admission"),
    given("lace_comorbidity"),
    given("emergency_visits_6_months"),
)

LACE = bedside_score(
    id="lace",
    title=T("Death or readmission within 30 days, LACE", "30 天内死亡或再入院 LACE 指数"),
    name=T("LACE", "LACE"),
    summary=T(
        "Length of stay, acute admission, comorbidity and emergency visits.",
        "住院天数、急诊入院、合并症和急诊次数。",
    ),
    intended_use=T("Planning of care after discharge", "出院后照护计划"),
    not_for=T(
        "People who go to a nursing home; a decision against discharge",
        "出院至养老机构者；不作为不予出院的依据",
    ),
    indication=AT_DISCHARGE,
    population=DISCHARGED,
    inputs=_LACE,
    outputs=(points(T("LACE points", "LACE 评分"), 19),),
    graph=point_score(
        steps("length_of_stay", 0, (1, 1), (2, 2), (3, 3), (4, 4), (7, 5), (14, 7)),
        yes("urgent_admission", 3),
        steps("lace_comorbidity", 0, (1, 1), (2, 2), (3, 3), (4, 5)),
        steps("emergency_visits_6_months", 0, (1, 1), (2, 2), (3, 3), (4, 4)),
    ),
    question="readmission",
    baseline_name=WELL,
    citation="van Walraven C, Dhalla IA, Bell C, et al. Derivation and validation of an index to predict early "
    "death or "
    "unplanned readmission after discharge from hospital to the community. CMAJ 2010;182:551-557. "
    "doi:10.1503/cmaj.091117",
    facts={
        "out_of_scope.known_risks": T(
            "Comorbidity has weights of its own (heart failure 2, dementia 3, metastases 6 …), not those of the "
            "Charlson "
            "index of 1987; 4 and more count 5.",
            "合并症采用 LACE 自身权重（心衰 2、痴呆 3、转移癌 6 等），不同于 1987 年 Charlson 指数；≥ 4 计 5 分。",
        )
    },
)

_HOSPITAL = encounter(
    measured("haemoglobin"),
    given("oncology_discharge"),
    measured("sodium"),
    given("procedure_in_hospital"),
    given("urgent_admission"),
    given("admissions_past_year"),
    given("length_of_stay"),
)

HOSPITAL = bedside_score(
    id="hospital_score",
    title=T("Avoidable readmission within 30 days, HOSPITAL", "30 天内可避免再入院 HOSPITAL 评分"),
    name=T("HOSPITAL", "HOSPITAL"),
    summary=T(
        "Seven items at discharge for a potentially avoidable readmission.",
        "出院时七项指标预测可能避免的再入院。",
    ),
    intended_use=T("Planning of care after discharge", "出院后照护计划"),
    not_for=T("A decision against discharge", "不作为不予出院的依据"),
    indication=AT_DISCHARGE,
    population=DISCHARGED,
    inputs=_HOSPITAL,
    outputs=(points(T("HOSPITAL points", "HOSPITAL 评分"), 13),),
    graph=point_score(
        steps("haemoglobin", 1, (12, 0)),
        yes("oncology_discharge", 2),
        steps("sodium", 1, (135, 0)),
        yes("procedure_in_hospital", 1),
        yes("urgent_admission", 1),
        steps("admissions_past_year", 0, (2, 2), (6, 5)),
        steps("length_of_stay", 0, (5, 2)),
    ),
    question="readmission",
    baseline_name=WELL,
    citation="Donzé JD, Williams MV, Robinson EJ, et al. International validity of the HOSPITAL score to "
    "predict 30-day "
    "potentially avoidable hospital readmissions. JAMA Intern Med 2016;176:496-502. "
    "doi:10.1001/jamainternmed.2015.8462",
    facts={
        "out_of_scope.known_risks": T(
            "Admissions of the past year as in the validation of 2016 (0-1: 0, 2-5: 2, over 5: 5); the "
            "derivation of 2013 "
            "gave 2 points from the first.",
            "既往一年住院次数按 2016 年验证研究计分（0-1 次 0 分，2-5 次 2 分，> 5 次 5 分）；"
            "2013 年推导研究自第 1 次起计 2 分。",
        )
    },
)
