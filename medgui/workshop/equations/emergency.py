"""Emergency department: syncope, acute heart failure, hip fracture, brain haemorrhage, coma, the newborn."""

from medgui.workshop.equations import T, band, choice, given, point_score, steps, yes
from medgui.workshop.equations.acute import bedside_score, encounter, measured, points

UREA_12 = 33.599
"""Urea of 12 mmol/L as BUN (factor 2.8), a hair below for its rounding."""
_SYNCOPE = encounter(
    given("vasovagal_predisposition"),
    given("heart_disease", assume_absent=False),
    measured("systolic_bp"),
    measured("raised_troponin"),
    given("abnormal_qrs_axis"),
    given("wide_qrs"),
    given("long_qtc"),
    given("syncope_diagnosis"),
)

CANADIAN_SYNCOPE = bedside_score(
    id="canadian_syncope",
    title=T("Serious events after syncope, Canadian score", "晕厥后严重事件 加拿大晕厥风险评分"),
    name=T("Canadian syncope", "加拿大晕厥评分"),
    summary=T(
        "Nine items for a serious event within 30 days of syncope.", "九项指标预测晕厥后 30 天内严重事件。"
    ),
    intended_use=T("Observation or discharge after syncope", "晕厥后决定观察或出院"),
    not_for=T(
        "A serious cause already found; no full recovery; a seizure", "已发现严重病因；未完全恢复；癫痫发作"
    ),
    indication=T("Syncope in the past 24 hours", "24 小时内晕厥"),
    population=T("People from 16 years with syncope", "16 岁及以上晕厥患者"),
    age=(16.0, 120.0),
    inputs=_SYNCOPE,
    outputs=(points(T("Canadian syncope points", "加拿大晕厥评分分值"), 11, low=-3),),
    graph=point_score(
        yes("vasovagal_predisposition", -1),
        yes("heart_disease", 1),
        steps("systolic_bp", 2, (90, 0)),
        steps("systolic_bp", 0, (180, 2), above=True),
        yes("raised_troponin", 2),
        yes("abnormal_qrs_axis", 1),
        yes("wide_qrs", 1),
        yes("long_qtc", 2),
        choice("syncope_diagnosis", (0, -2, 2)),
    ),
    question="syncope",
    citation="Thiruganasambandamoorthy V, Kwong K, Wells GA, et al. Development of the Canadian Syncope Risk Score to "
    "predict serious adverse events after emergency department assessment of syncope. CMAJ 2016;188:E289-E298. "
    "doi:10.1503/cmaj.151469",
)

_OTTAWA = encounter(
    given("prior_stroke_tia_thromboembolism"),
    given("intubation_history", assume_absent=False),
    measured("heart_rate"),
    measured("oxygen_saturation"),
    measured("walk_test_heart_rate_110"),
    measured("new_ischaemia_on_ecg"),
    measured("bun"),
    measured("bicarbonate"),
    measured("troponin_of_infarction"),
    measured("nt_probnp"),
)

OTTAWA_HEART_FAILURE = bedside_score(
    id="ottawa_heart_failure",
    title=T("Acute heart failure, Ottawa risk scale", "急性心力衰竭 渥太华风险量表"),
    name=T("Ottawa heart failure", "渥太华心衰量表"),
    summary=T(
        "Ten items for a serious event after emergency treatment of heart failure.",
        "十项指标预测心衰急诊处理后的严重事件。",
    ),
    intended_use=T("Admission or discharge in acute heart failure", "急性心衰患者收住或离院的决策"),
    not_for=T(
        "Saturation under 85 %, heart rate over 120 or systolic pressure under 85 on arrival; infarction with "
        "ST elevation",
        "到院时血氧饱和度 < 85%、心率 > 120 或收缩压 < 85；ST 段抬高型心肌梗死",
    ),
    indication=T("Acute heart failure", "急性心力衰竭"),
    population=T("Adults with acute heart failure in the emergency department", "急诊急性心力衰竭成人患者"),
    inputs=_OTTAWA,
    outputs=(points(T("Ottawa heart failure points", "渥太华心衰评分"), 15),),
    graph=point_score(
        yes("prior_stroke_tia_thromboembolism", 1),
        yes("intubation_history", 2),
        steps("heart_rate", 0, (110, 2)),
        steps("oxygen_saturation", 1, (90, 0)),
        yes("walk_test_heart_rate_110", 1),
        yes("new_ischaemia_on_ecg", 2),
        steps("bun", 0, (UREA_12, 1)),
        steps("bicarbonate", 0, (35, 2)),
        yes("troponin_of_infarction", 2),
        steps("nt_probnp", 0, (5000, 1)),
    ),
    question="critical_illness",
    citation="Stiell IG, Perry JJ, Clement CM, et al. Prospective and explicit clinical validation of the Ottawa Heart "
    "Failure Risk Scale, with and without use of quantitative NT-proBNP. Acad Emerg Med 2017;24:316-327. "
    "doi:10.1111/acem.13141",
)

_HIP = encounter(
    given("age"),
    given("sex"),
    measured("haemoglobin"),
    measured("abbreviated_mental_test"),
    given("nursing_home"),
    given("two_comorbidities"),
    given("malignancy_history"),
)

NOTTINGHAM_HIP = bedside_score(
    id="nottingham_hip",
    title=T(
        "Death within 30 days of hip fracture surgery, Nottingham score", "髋部骨折术后 30 天死亡 诺丁汉评分"
    ),
    name=T("Nottingham hip fracture", "诺丁汉髋部骨折评分"),
    group="prognosis",
    summary=T(
        "Seven items for death within 30 days of hip fracture surgery.",
        "七项指标预测髋部骨折手术后 30 天死亡。",
    ),
    intended_use=T("Talk about the risk of hip fracture surgery", "沟通髋部骨折手术风险"),
    not_for=T("A decision against surgery", "不作为不予手术的依据"),
    indication=T("Hip fracture before surgery", "髋部骨折术前"),
    population=T("Adults with a hip fracture", "髋部骨折成人患者"),
    inputs=_HIP,
    outputs=(points(T("Nottingham hip fracture points", "诺丁汉髋部骨折分值"), 10),),
    graph=point_score(
        steps("age", 0, (66, 3), (86, 4)),
        choice("sex", (0, 1)),
        steps("haemoglobin", 1, (10, 0), above=True),
        steps("abbreviated_mental_test", 1, (7, 0)),
        yes("nursing_home", 1),
        yes("two_comorbidities", 1),
        yes("malignancy_history", 1),
    ),
    question="fracture",
    baseline_name=T("a woman of 40 years with normal values", "各项指标正常的 40 岁女性"),
    citation="Maxwell MJ, Moran CG, Moppett IK. Development and validation of a preoperative scoring system to "
    "predict 30 "
    "day mortality in patients undergoing hip fracture surgery. Br J Anaesth 2008;101:511-517. doi:10.1093/bja/aen236",
)

_ICH = encounter(
    given("age"),
    measured("glasgow_coma_scale"),
    measured("haematoma_volume"),
    given("ventricular_haemorrhage"),
    given("infratentorial_origin"),
)

ICH = bedside_score(
    id="ich_score",
    title=T("Death within 30 days of a brain haemorrhage, ICH score", "脑出血后 30 天死亡 ICH 评分"),
    name=T("ICH score", "ICH 评分"),
    group="prognosis",
    summary=T(
        "Five items for death within 30 days of a brain haemorrhage.", "五项指标预测脑出血后 30 天死亡。"
    ),
    intended_use=T("Severity of a brain haemorrhage at admission", "评估入院时脑出血的严重程度"),
    not_for=T(
        "Never the only ground to limit treatment (AHA/ASA 2022); haemorrhage from injury or an aneurysm",
        "不可作为限制治疗的唯一依据（AHA/ASA 2022）；外伤或动脉瘤性出血",
    ),
    indication=T("Spontaneous brain haemorrhage", "自发性脑出血"),
    population=T("Adults with a spontaneous brain haemorrhage", "自发性脑出血成人患者"),
    inputs=_ICH,
    outputs=(points(T("ICH score points", "ICH 评分分值"), 6),),
    graph=point_score(
        steps("age", 0, (80, 1)),
        steps("glasgow_coma_scale", 2, (5, 1), (13, 0)),
        steps("haematoma_volume", 0, (30, 1)),
        yes("ventricular_haemorrhage", 1),
        yes("infratentorial_origin", 1),
    ),
    question="critical_illness",
    citation="Hemphill JC, Bonovich DC, Besmertis L, Manley GT, Johnston SC. The ICH score: a simple, reliable grading "
    "scale for intracerebral hemorrhage. Stroke 2001;32:891-897. doi:10.1161/01.STR.32.4.891",
)

_COMA = tuple(map(measured, ("eye_opening", "verbal_response", "motor_response")))

GLASGOW_COMA = bedside_score(
    id="glasgow_coma",
    evidence="guideline",
    title=T("Glasgow coma scale", "格拉斯哥昏迷量表 GCS"),
    name=T("GCS", "GCS"),
    summary=T(
        "Eye opening, verbal and motor response. A part that cannot be tested has no number, and the total none.",
        "睁眼、语言和运动反应。无法检查的项目不计分，且不给出总分。",
    ),
    intended_use=T("Level of consciousness, and its course", "评估意识水平及其变化"),
    not_for=T(
        "A total where a part cannot be tested (tube, swelling, paralysis); young children",
        "有项目无法检查时（插管、肿胀、瘫痪）不给总分；幼儿",
    ),
    indication=T("Reduced consciousness or head injury", "意识障碍或头部外伤"),
    inputs=_COMA,
    outputs=(
        points(
            T("GCS total", "GCS 总分"),
            15,
            band(3, 9, T("Severe, after a head injury", "重度（头部外伤时）"), "high"),
            band(9, 13, T("Moderate, after a head injury", "中度（头部外伤时）"), "caution"),
            band(13, 16, T("Mild, after a head injury", "轻度（头部外伤时）")),
            low=3,
            source=T("ATLS, 10th edition, 2018", "ATLS 第 10 版（2018）"),
        ),
    ),
    graph=point_score(
        choice("eye_opening", (1, 2, 3, 4)),
        choice("verbal_response", (1, 2, 3, 4, 5)),
        choice("motor_response", (1, 2, 3, 4, 5, 6)),
    ),
    question="critical_illness",
    regions=("uk", "us", "europe", "china"),
    guideline=T("ATLS 2018, NICE NG232 2023", "ATLS 2018、NICE NG232 2023"),
    reference={
        "eye_opening": "spontaneous",
        "verbal_response": "oriented",
        "motor_response": "obeys_commands",
    },
    baseline_name=T("a fully conscious person", "意识完全清醒者"),
    citation="Teasdale G, Jennett B. Assessment of coma and impaired consciousness: a practical scale. Lancet "
    "1974;2:81-84. doi:10.1016/S0140-6736(74)91639-0. Terms: Teasdale G, Maas A, Lecky F, et al. The Glasgow Coma "
    "Scale at 40 years: standing the test of time. Lancet Neurol 2014;13:844-854. doi:10.1016/S1474-4422(14)70120-6",
)

_APGAR = tuple(
    map(measured, ("newborn_colour", "newborn_pulse", "newborn_reflex", "newborn_tone", "newborn_breathing"))
)

APGAR = bedside_score(
    id="apgar",
    evidence="guideline",
    title=T("Apgar score of the newborn", "新生儿 Apgar 评分"),
    name=T("Apgar", "Apgar"),
    summary=T(
        "Colour, heart rate, response, tone and breathing at 1, 5 and, if low, every 5 minutes up to 20.",
        "出生后 1、5 分钟（低分者每 5 分钟至 20 分钟）的肤色、心率、反应、肌张力和呼吸。",
    ),
    intended_use=T("Condition of the newborn and response to resuscitation", "评估新生儿状况及复苏效果"),
    not_for=T(
        "The decision to begin resuscitation; asphyxia or outcome of one child",
        "不用于决定是否开始复苏；不单独诊断窒息或预测个体结局",
    ),
    indication=T("A newborn in the first 20 minutes", "出生后 20 分钟内的新生儿"),
    population=T("Newborns", "新生儿"),
    age=(0.0, 1.0),
    inputs=_APGAR,
    outputs=(
        points(
            T("Apgar points", "Apgar 分值"),
            10,
            band(0, 4, T("Low, at 5 minutes", "低（5 分钟时）"), "high"),
            band(4, 7, T("Moderately abnormal, at 5 minutes", "中度异常（5 分钟时）"), "caution"),
            band(7, 11, T("Reassuring, at 5 minutes", "良好（5 分钟时）")),
            source=T("AAP and ACOG 2015", "AAP 与 ACOG 2015"),
        ),
    ),
    graph=point_score(*(choice(spec.name, (0, 1, 2)) for spec in _APGAR)),
    question="newborn",
    guideline=T("AAP and ACOG 2015", "AAP 与 ACOG 2015"),
    reference={
        "newborn_colour": "pink",
        "newborn_pulse": "at_least_100",
        "newborn_reflex": "active",
        "newborn_tone": "active",
        "newborn_breathing": "good",
    },
    baseline_name=T("a newborn with 10 points", "10 分的新生儿"),
    citation="Apgar V. A proposal for a new method of evaluation of the newborn infant. Curr Res Anesth Analg "
    "1953;32:260-267. "
    "doi:10.1213/00000539-195301000-00041",
)
