"""Is it coronary disease? Stable chest pain: pre-test probability, rules of primary care, the exercise test."""

import math
from collections.abc import Mapping

import numpy as np
import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.inference.manifest import Exclusion
from medgui.workshop.equation import as_flag, number
from medgui.workshop.equations import (
    Equation,
    T,
    band,
    given,
    no,
    output,
    steps,
    unticked,
    yes,
)
from medgui.workshop.equations.forms import linear, logistic, missing_if
from medgui.workshop.equations.points import total

_PAIN = {"1": 1.0, "2": 2.0, "3": 3.0}
_CLINICAL = ("cad_clinical",)

_CAD = (
    given("age", accepted=(30.0, 85.0), accepted_source="Genders 2012: ages of the cohorts"),
    given("sex"),
    given("chest_pain_type", categories=_PAIN),
    given("diabetes", needed=False, outputs=_CLINICAL),
    given("hypertension", needed=False, outputs=_CLINICAL),
    given("dyslipidaemia", needed=False, outputs=_CLINICAL),
    given("current_smoker", needed=False, outputs=_CLINICAL),
)
_BASIC_ODDS = {"male": 3.89, "atypical": 1.93, "typical": 7.21}
_CLINICAL_ODDS = {
    "male": 3.79,
    "atypical": 1.88,
    "typical_with_diabetes": 4.91,
    "typical_without_diabetes": 7.36,
    "diabetes": 2.29,
    "hypertension": 1.40,
    "dyslipidaemia": 1.53,
    "current_smoker": 1.59,
}


def _log_odds(ratios: Mapping[str, float], per_decade: float) -> dict[str, float]:
    return {"age": math.log(per_decade) / 10.0} | {name: math.log(ratio) for name, ratio in ratios.items()}


def _cad(x: Mapping[str, Var]) -> dict[str, Var]:
    pain = x["chest_pain_type"]
    typical, atypical = (as_flag(op.equal(pain, number(code))) for code in (1.0, 2.0))
    with_diabetes = op.mul(typical, x["diabetes"])
    terms = {
        **x,
        "male": x["sex"],
        "atypical": atypical,
        "typical": typical,
        "typical_with_diabetes": with_diabetes,
        "typical_without_diabetes": op.sub(typical, with_diabetes),
    }
    basic = linear(terms, _log_odds(_BASIC_ODDS, 1.89), -6.917)
    clinical = linear(terms, _log_odds(_CLINICAL_ODDS, 1.85), -7.539)
    return {
        "cad_basic": logistic(missing_if(basic, pain)),
        "cad_clinical": logistic(missing_if(clinical, pain)),
    }


_STENOSIS = T("have a coronary stenosis of 50 % or more", "存在 ≥ 50% 的冠状动脉狭窄")
_NO_KNOWN_CAD = Exclusion(
    "ischaemic_heart_disease",
    1.0,
    T(
        "Known coronary disease: the model is for people in whom it is only suspected",
        "已知冠心病：该模型仅用于疑似患者",
    ),
    code="known_coronary_disease",
    unknown="history_not_stated",
    unknown_message=T(
        "The file does not state whether coronary disease is already known; then this result does not apply",
        "文件未说明是否已确诊冠心病；如已确诊，本结果不适用",
    ),
)

CAD_CONSORTIUM = Equation(
    id="cad_consortium",
    kind="diagnosis",
    title=T(
        "Coronary stenosis in stable chest pain, CAD Consortium", "稳定胸痛的冠脉狭窄概率 CAD Consortium"
    ),
    name=T("CAD Consortium 2012", "CAD Consortium 2012"),
    summary=T(
        "Probability of a coronary stenosis of 50 % or more before any test, from age, sex and chest pain (basic) "
        "and four risk factors more (clinical).",
        "检查前冠状动脉狭窄 ≥ 50% 的概率：基础模型用年龄、性别和胸痛类型；临床模型另加四项危险因素。",
    ),
    intended_use=T("Which test, if any, to do in stable chest pain", "决定稳定胸痛患者是否及如何进一步检查"),
    not_for=T(
        "Acute coronary syndrome, known coronary disease, people without chest pain",
        "急性冠脉综合征、已知冠心病、无胸痛者",
    ),
    indication=T("Stable chest pain, coronary disease suspected", "稳定胸痛，疑似冠心病"),
    population=T("Adults of 30 to 85 years with stable chest pain", "30 至 85 岁稳定胸痛成人"),
    inputs=_CAD,
    outputs=(
        output(
            "cad_basic",
            T("Coronary stenosis, CAD Consortium basic", "冠脉狭窄概率（CAD Consortium 基础模型）"),
            short_title=T("Basic model", "基础模型"),
            event=_STENOSIS,
        ),
        output(
            "cad_clinical",
            T("Coronary stenosis, CAD Consortium clinical", "冠脉狭窄概率（CAD Consortium 临床模型）"),
            short_title=T("Clinical model", "临床模型"),
            event=_STENOSIS,
        ),
    ),
    graph=_cad,
    age=(30.0, 85.0),
    exclusions=(_NO_KNOWN_CAD,),
    needs_any=("chest_pain_type",),
    question="cad_present",
    reference={
        "age": "same",
        "sex": "same",
        "chest_pain_type": "3",
        **dict.fromkeys(("diabetes", "hypertension", "dyslipidaemia", "current_smoker"), 0.0),
    },
    baseline_name=T(
        "{person} with non-anginal pain and without risk factors", "非心绞痛性胸痛、无危险因素的{person}"
    ),
    facts={
        "development.criteria": T(
            "5,677 patients with stable chest pain, 18 hospitals in Europe and the United States, low-prevalence "
            "setting",
            "欧美 18 家医院 5,677 名稳定胸痛患者，低患病率场景",
        ),
        "out_of_scope.known_risks": T(
            "Computed from the printed odds ratios (two decimals); the intercept is that of a setting in which "
            "patients are sent for CT. Prevalence has fallen since, so that today's risk may be lower. Smoking is "
            "asked as current smoking",
            "按原文两位小数的比值比计算；截距对应转诊 CT 的人群。此后患病率下降，当今实际风险可能更低。"
            "吸烟仅询问当前吸烟",
        ),
    },
    citation="Genders TSS, Steyerberg EW, Hunink MGM, et al. Prediction model to estimate presence of coronary "
    "artery disease: retrospective pooled analysis of existing cohorts. BMJ 2012;344:e3485. doi:10.1136/bmj.e3485",
)

_PRIMARY_CARE = T("Adults with chest pain in primary care", "基层就诊的胸痛成人")
_PRIMARY_CARE_NOT_FOR = T(
    "The emergency department, unstable patients, acute coronary syndrome; it rules out, it does not diagnose",
    "急诊科、病情不稳定者、急性冠脉综合征；用于排除，不用于确诊",
)
_RULE_OUT = T(
    "Chest pain in primary care in which coronary disease is unlikely", "识别基层胸痛患者中冠心病可能性低者"
)

_MARBURG = (
    given("age"),
    given("sex"),
    given("prior_ascvd"),
    given("chest_pain_on_exertion"),
    given("chest_pain_on_palpation"),
    given("patient_assumes_cardiac"),
)


def _age_by_sex(x: Mapping[str, Var]) -> Var:
    """One point from 55 years in men and from 65 in women."""
    women, men = (total(x, (steps("age", 0, (edge, 1)),)) for edge in (65, 55))
    return op.where(op.greater(x["sex"], number(0.5)), men, women)


def _marburg(x: Mapping[str, Var]) -> dict[str, Var]:
    others = total(
        x,
        (
            yes("prior_ascvd", 1),
            yes("chest_pain_on_exertion", 1),
            no("chest_pain_on_palpation", 1),
            yes("patient_assumes_cardiac", 1),
        ),
    )
    return {"points": missing_if(op.add(others, _age_by_sex(x)), x["sex"])}


MARBURG = Equation(
    id="marburg_heart_score",
    kind="score",
    title=T("Chest pain in primary care, Marburg Heart Score", "基层胸痛 Marburg 心脏评分"),
    name=T("Marburg Heart Score", "Marburg 心脏评分"),
    summary=T(
        "Five findings that tell whether chest pain in primary care is likely to come from the coronary arteries.",
        "五项指标，判断基层胸痛是否可能源于冠状动脉。",
    ),
    intended_use=_RULE_OUT,
    not_for=_PRIMARY_CARE_NOT_FOR,
    indication=T("Chest pain in primary care", "基层胸痛"),
    population=_PRIMARY_CARE,
    inputs=_MARBURG,
    outputs=(
        output("points", T("Marburg Heart Score points", "Marburg 心脏评分"), scale=(0, 5), decimals=0),
    ),
    graph=_marburg,
    on_request=True,
    question="cad_present",
    reference=unticked(_MARBURG, age=40, sex="male", chest_pain_on_palpation=1),
    baseline_name=T("a man of 40 years without a point", "无任何得分项的 40 岁男性"),
    facts={
        "development.criteria": T(
            "1,249 patients with chest pain in 74 German practices (Bösner 2010)",
            "德国 74 家诊所的 1,249 名胸痛患者（Bösner 2010）",
        ),
        "external.data": T(
            "672 patients of a Swiss primary care study (Bösner 2010)",
            "瑞士基层研究的 672 名患者（Bösner 2010）",
        ),
        "out_of_scope.known_risks": T(
            "Made in people of 35 years and over. In 844 others from 56 German practices 2 % with 0-2 points had "
            "coronary disease, and 23 % with 3-5 (Haasenritter 2012)",
            "基于 35 岁及以上人群。另 56 家德国诊所"
            " 844 名患者中，0-2 分者 2%、3-5 分者 23% 有冠心病（Haasenritter 2012）",
        ),
    },
    citation="Bösner S, Haasenritter J, Becker A, et al. Ruling out coronary artery disease in primary care: "
    "development and validation of a simple prediction rule. CMAJ 2010;182:1295-1300. doi:10.1503/cmaj.100212",
)

_INTERCHEST = (
    given("age"),
    given("sex"),
    given("ischaemic_heart_disease"),
    given("chest_pain_on_exertion"),
    given("chest_pain_on_palpation"),
    given("physician_suspects_serious"),
    given("chest_pain_pressure"),
)


def _interchest(x: Mapping[str, Var]) -> dict[str, Var]:
    others = total(
        x,
        (
            yes("ischaemic_heart_disease", 1),
            yes("chest_pain_on_exertion", 1),
            yes("chest_pain_on_palpation", -1),
            yes("physician_suspects_serious", 1),
            yes("chest_pain_pressure", 1),
        ),
    )
    return {"points": missing_if(op.add(others, _age_by_sex(x)), x["sex"])}


INTERCHEST = Equation(
    id="interchest",
    kind="score",
    title=T("Chest pain in primary care, INTERCHEST", "基层胸痛 INTERCHEST 规则"),
    name=T("INTERCHEST", "INTERCHEST"),
    summary=T(
        "Six findings of five primary care studies that tell whether chest pain is likely to be coronary.",
        "来自五项基层研究的六项指标，判断胸痛是否可能为冠心病。",
    ),
    intended_use=_RULE_OUT,
    not_for=_PRIMARY_CARE_NOT_FOR,
    indication=T("Chest pain in primary care", "基层胸痛"),
    population=_PRIMARY_CARE,
    inputs=_INTERCHEST,
    outputs=(output("points", T("INTERCHEST points", "INTERCHEST 评分"), scale=(-1, 5), decimals=0),),
    graph=_interchest,
    on_request=True,
    question="cad_present",
    reference=unticked(_INTERCHEST, age=40, sex="male"),
    baseline_name=T("a man of 40 years without a point", "无任何得分项的 40 岁男性"),
    facts={
        "development.criteria": T(
            "Individual data of five primary care studies, 3,099 patients (Aerts 2017)",
            "五项基层研究的个体数据，3,099 名患者（Aerts 2017）",
        ),
        "out_of_scope.known_risks": T(
            "Its authors call up to 1 point a low probability (2.1 %), 2 and more not low (43.0 %)",
            "作者将 ≤ 1 分定为低概率（2.1%），≥ 2 分为非低概率（43.0%）",
        ),
    },
    citation="Aerts M, Minalu G, Bösner S, et al. Pooled individual patient data from five countries were used to "
    "derive a clinical prediction rule for coronary artery disease in primary care. J Clin Epidemiol "
    "2017;81:120-128. doi:10.1016/j.jclinepi.2016.09.011",
)

_DUKE = (
    given("exercise_duration"),
    given("exercise_st_deviation"),
    given("exercise_angina_index"),
)


def _duke(x: Mapping[str, Var]) -> dict[str, Var]:
    together = op.concat([x[spec.name] for spec in _DUKE], axis=1)
    return {"points": op.matmul(together, op.const(np.array([[1.0], [-5.0], [-4.0]])))}


DUKE = Equation(
    id="duke_treadmill",
    kind="score",
    title=T("Exercise test, Duke treadmill score", "运动试验 Duke 平板评分"),
    name=T("Duke treadmill score", "Duke 平板评分"),
    summary=T(
        "Minutes on the treadmill less 5 for each millimetre of ST deviation and 4 or 8 for angina.",
        "平板运动分钟数，每 1 mm ST 段偏移减 5，心绞痛减 4 或 8。",
    ),
    intended_use=T(
        "Prognosis after an exercise test in suspected coronary disease", "疑似冠心病运动试验后的预后评估"
    ),
    not_for=T(
        "Another protocol than Bruce; an ECG that does not show ischaemia (left bundle branch block, pacing)",
        "非 Bruce 方案；心电图无法判断缺血（左束支阻滞、起搏心律）",
    ),
    indication=T("Exercise test by the Bruce protocol", "Bruce 方案运动试验"),
    population=T("Adults with suspected coronary disease", "疑似冠心病成人"),
    inputs=_DUKE,
    outputs=(
        output(
            "points",
            T("Duke treadmill score", "Duke 平板评分"),
            scale=(-25, 15),
            decimals=1,
            bands=(
                band(-200, -10, T("High risk", "高危"), "high"),
                band(-10, 5, T("Moderate risk", "中危"), "caution"),
                band(5, 200, T("Low risk", "低危")),
            ),
            bands_source=T(
                "ACC/AHA exercise testing guideline 2002 (Mark 1991)",
                "2002 年 ACC/AHA 运动试验指南（Mark 1991）",
            ),
        ),
    ),
    graph=_duke,
    on_request=True,
    question="cad_present",
    reference={"exercise_duration": 10, "exercise_st_deviation": 0, "exercise_angina_index": "none"},
    baseline_name=T(
        "a person who walks ten minutes without ST deviation or angina",
        "运动 10 分钟、无 ST 段偏移和心绞痛者",
    ),
    facts={
        "external.data": T(
            "613 outpatients of Duke University, 1983-1985 (Mark 1991)",
            "杜克大学 613 名门诊患者，1983-1985（Mark 1991）",
        ),
    },
    citation="Mark DB, Shaw L, Harrell FE Jr, et al. Prognostic value of a treadmill exercise score in outpatients "
    "with suspected coronary artery disease. N Engl J Med 1991;325:849-853. doi:10.1056/NEJM199109193251204",
)
