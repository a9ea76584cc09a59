"""Acute infection: sore throat, soft tissue, appendicitis."""

import math
from collections.abc import Mapping

import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.workshop.equations import T, band, given, no, output, point_score, steps, yes
from medgui.workshop.equations.acute import NOT_IN_PREGNANCY, bedside_score, encounter, measured, points
from medgui.workshop.equations.points import total

NICE_84 = T("NICE NG84 2018", "NICE NG84 2018")
SORE_THROAT = T("Acute sore throat", "急性咽痛")
UMOL_141 = 141 / 88.4 + 1e-6
"""Creatinine of 141 µmol/L in mg/dL, a hair above: the limit itself gives no point, however it was converted."""
GLUCOSE_10 = 180.17
"""Glucose of 10 mmol/L is 180.16 mg/dL; a hair above, since the limit itself gives no point."""

_CENTOR = (given("age"), *map(given, ("tonsillar_exudate", "tender_neck_nodes", "fever_over_38", "cough")))


def _centor(x: Mapping[str, Var]) -> dict[str, Var]:
    """Four findings; McIsaac adds 1 under 15 years and takes 1 away from 45."""
    found = total(
        x,
        [
            yes("tonsillar_exudate", 1),
            yes("tender_neck_nodes", 1),
            yes("fever_over_38", 1),
            no("cough", 1),
        ],
    )
    return {"points": op.add(found, total(x, [steps("age", 1, (15, 0), (45, -1))])), "centor": found}


CENTOR = bedside_score(
    id="centor",
    evidence="guideline",
    title=T("Streptococcal sore throat, Centor and McIsaac", "链球菌性咽炎 Centor 及 McIsaac 评分"),
    name=T("Centor, McIsaac", "Centor、McIsaac"),
    summary=T(
        "Four findings, and age (McIsaac), for group A streptococci as the cause of a sore throat.",
        "四项体征（McIsaac 另加年龄），判断咽痛由 A 组链球菌引起的可能性。",
    ),
    intended_use=T("Test or antibiotic for an acute sore throat", "急性咽痛是否检测或使用抗菌药"),
    not_for=T(
        "Under 3 years; signs of a deep infection or an obstructed airway",
        "3 岁以下；有深部感染或气道梗阻征象",
    ),
    indication=SORE_THROAT,
    population=T("People from 3 years with an acute sore throat", "3 岁及以上急性咽痛患者"),
    age=(3.0, 120.0),
    inputs=_CENTOR,
    outputs=(
        points(T("McIsaac points", "McIsaac 评分"), 5, low=-1),
        output(
            "centor",
            T("Centor points", "Centor 评分"),
            scale=(0, 4),
            decimals=0,
            bands=(
                band(0, 3, T("Streptococci unlikely: no antibiotic", "链球菌可能性小：不用抗菌药")),
                band(3, 5, T("Consider an antibiotic", "考虑使用抗菌药"), "caution"),
            ),
            bands_source=NICE_84,
        ),
    ),
    graph=_centor,
    question="infection",
    regions=("uk",),
    guideline=NICE_84,
    reference={"age": 30, "tonsillar_exudate": 0, "tender_neck_nodes": 0, "fever_over_38": 0, "cough": 1},
    baseline_name=T(
        "a person of 30 years with a cough and none of the findings", "有咳嗽、无上述体征的 30 岁者"
    ),
    citation="Centor RM, Witherspoon JM, Dalton HP, Brody CE, Link K. The diagnosis of strep throat in adults in the "
    "emergency room. Med Decis Making 1981;1:239-246. Age: McIsaac WJ, White D, Tannenbaum D, Low DE. CMAJ "
    "1998;158:75-83. "
    "doi:10.1177/0272989X8100100304",
)

_FEVERPAIN = tuple(
    map(
        given,
        ("fever_history", "tonsillar_pus", "attends_within_3_days", "severely_inflamed_tonsils", "cough"),
    )
)

FEVERPAIN = bedside_score(
    id="feverpain",
    evidence="guideline",
    title=T("Streptococcal sore throat, FeverPAIN", "链球菌性咽炎 FeverPAIN 评分"),
    name=T("FeverPAIN", "FeverPAIN"),
    summary=T(
        "Fever, pus, attendance within 3 days, severe inflammation, and neither cough nor coryza.",
        "发热、脓性分泌物、3 天内就诊、重度炎症、无咳嗽及卡他症状。",
    ),
    intended_use=T("Antibiotic for an acute sore throat", "急性咽痛是否使用抗菌药"),
    not_for=T(
        "Under 3 years; signs of a deep infection or an obstructed airway. A runny nose (coryza) counts like a cough: "
        "answer yes",
        "3 岁以下；有深部感染或气道梗阻征象。流涕、鼻塞（卡他症状）与咳嗽同样计：请答“是”",
    ),
    indication=SORE_THROAT,
    population=T("People from 3 years with an acute sore throat", "3 岁及以上急性咽痛患者"),
    age=(3.0, 120.0),
    inputs=_FEVERPAIN,
    outputs=(
        points(
            T("FeverPAIN points", "FeverPAIN 评分"),
            5,
            band(0, 2, T("No antibiotic", "不用抗菌药")),
            band(2, 4, T("None, or a back-up prescription", "不用，或备用处方"), "caution"),
            band(
                4,
                6,
                T("Consider an antibiotic or a back-up prescription", "考虑使用抗菌药或备用处方"),
                "high",
            ),
            source=NICE_84,
        ),
    ),
    graph=point_score(*(yes(spec.name, 1) for spec in _FEVERPAIN[:-1]), no("cough", 1)),
    question="infection",
    regions=("uk",),
    guideline=NICE_84,
    reference={**dict.fromkeys([spec.name for spec in _FEVERPAIN], 0), "cough": 1},
    baseline_name=T("a person with a cough and none of the findings", "有咳嗽、无上述表现者"),
    citation="Little P, Hobbs FD, Moore M, et al. PRImary care Streptococcal Management (PRISM) study. Health Technol "
    "Assess 2014;18(6):1-101. doi:10.3310/hta18060",
)

_LRINEC = encounter(*map(measured, ("crp", "wbc", "haemoglobin", "sodium", "creatinine", "glucose")))

LRINEC = bedside_score(
    id="lrinec",
    title=T("Necrotising soft-tissue infection, LRINEC", "坏死性软组织感染 LRINEC 评分"),
    name=T("LRINEC", "LRINEC"),
    summary=T(
        "Six laboratory values that point to necrotising fasciitis in a severe soft-tissue infection.",
        "六项化验指标，提示重症软组织感染中的坏死性筋膜炎。",
    ),
    intended_use=T("Adjunct in a severe soft-tissue infection", "重症软组织感染的辅助判断"),
    not_for=T(
        "Never to exclude necrotising infection: many with a low score have it; suspicion is explored by surgery",
        "不可用于排除坏死性感染：低分者仍可能患病；临床怀疑时应手术探查",
    ),
    indication=T("Severe soft-tissue infection", "重症软组织感染"),
    inputs=_LRINEC,
    outputs=(points(T("LRINEC points", "LRINEC 评分"), 13),),
    graph=point_score(
        steps("crp", 0, (150, 4)),
        steps("wbc", 0, (15, 1), (math.nextafter(25, 26), 2)),
        steps("haemoglobin", 2, (11, 1), (math.nextafter(13.5, 14), 0)),
        steps("sodium", 2, (135, 0)),
        steps("creatinine", 0, (UMOL_141, 2), above=True),
        steps("glucose", 0, (GLUCOSE_10, 1), above=True),
    ),
    question="infection",
    citation="Wong CH, Khin LW, Heng KS, Tan KC, Low CO. The LRINEC (Laboratory Risk Indicator for Necrotizing "
    "Fasciitis) score. Crit Care Med 2004;32:1535-1541. "
    "doi:10.1097/01.CCM.0000129486.35458.7D",
    facts={
        "out_of_scope.known_risks": T(
            "Sensitivity 68 % at 6 points in a meta-analysis (Fernando 2019): a low score reassures falsely.",
            "荟萃分析（Fernando 2019）显示 6 分时敏感度仅 68%：低分可能造成误判。",
        )
    },
)

_ALVARADO_POINTS = {
    "migrating_pain": 1,
    "anorexia": 1,
    "nausea_or_vomiting": 1,
    "right_lower_tenderness": 2,
    "rebound_tenderness": 1,
    "raised_temperature": 1,
    "leucocytosis": 2,
    "left_shift": 1,
}
_ALVARADO = tuple(map(measured, _ALVARADO_POINTS))

ALVARADO = bedside_score(
    id="alvarado",
    title=T("Acute appendicitis, Alvarado", "急性阑尾炎 Alvarado 评分"),
    name=T("Alvarado", "Alvarado"),
    summary=T(
        "Eight findings for acute appendicitis in pain of the right lower abdomen.",
        "右下腹痛时评估急性阑尾炎可能性的八项指标。",
    ),
    intended_use=T(
        "Observation, imaging or surgery in suspected appendicitis", "疑似阑尾炎时决定观察、影像或手术"
    ),
    not_for=T("Pregnancy; not alone a reason for or against surgery", "妊娠；不能单独作为手术与否的依据"),
    indication=T("Suspected acute appendicitis", "疑似急性阑尾炎"),
    exclusions=(NOT_IN_PREGNANCY,),
    inputs=_ALVARADO,
    outputs=(points(T("Alvarado points", "Alvarado 评分"), 10),),
    graph=point_score(*(yes(name, each) for name, each in _ALVARADO_POINTS.items())),
    question="infection",
    baseline_name=T("a person with none of the findings", "无上述任何表现者"),
    citation="Alvarado A. A practical score for the early diagnosis of acute appendicitis. Ann Emerg Med "
    "1986;15:557-564. doi:10.1016/S0196-0644(86)80993-3",
)
