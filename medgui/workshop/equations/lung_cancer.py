"""Lung cancer: PLCOm2012 for screening of ever smokers, and the Mayo model of a solitary nodule."""

from __future__ import annotations

from collections.abc import Mapping

import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.inference.manifest import Exclusion, InputSpec, Order
from medgui.workshop.equation import number
from medgui.workshop.equations import Equation, T, given, output
from medgui.workshop.equations.forms import centred, linear, logistic, missing_if, pick

PLCO_RACE = (0.0, 0.3944778, -0.7434744, -0.466585, 1.027152, 0.0)
"""Log odds by `ethnicity_plco`: white, black, Hispanic, Asian, American Indian, Pacific Islander."""
DISPUTED = T(
    "Sources disagree whether the term of this group (odds ratio 2.79) is that of American Indian or of Pacific "
    "Islander "
    "people; the number follows the authors' collaborators, who give it to American Indian people",
    "关于该组的系数（比值比 2.79）属于美洲印第安人还是太平洋岛民，不同来源说法不一；"
    "此处按作者合作者的程序归于美洲印第安人",
)


def _plco(x: Mapping[str, Var]) -> dict[str, Var]:
    """Logit of lung cancer in 6 years; `years_since_quitting` of a current smoker is 0."""
    smoker = x["current_smoker"]
    quit_years = op.where(op.greater_or_equal(smoker, number(0.5)), number(0.0), x["years_since_quitting"])
    per_ten = op.sub(op.div(number(10.0), x["cigarettes_per_day"]), number(0.4021541613))
    terms = {
        "age": centred(x["age"], 62.0),
        "education": centred(x["education_level"], 4.0),
        "bmi": centred(x["bmi"], 27.0),
        "copd": x["copd"],
        "cancer": x["cancer_history"],
        "family": x["family_history_lung_cancer"],
        "smoker": smoker,
        "intensity": per_ten,
        "duration": centred(x["smoking_years"], 27.0),
        "quit": centred(quit_years, 10.0),
    }
    coefficients = {
        "age": 0.0778868,
        "education": -0.0812744,
        "bmi": -0.0274194,
        "copd": 0.3553063,
        "cancer": 0.4589971,
        "family": 0.587185,
        "smoker": 0.2597431,
        "intensity": -1.822606,
        "duration": 0.0317321,
        "quit": -0.0308572,
    }
    lp = op.add(linear(terms, coefficients, -4.532506), pick(x["ethnicity_plco"], PLCO_RACE))
    return {"lung_cancer_6y": missing_if(logistic(lp), smoker)}


def _disputed(group: float) -> Exclusion:
    return Exclusion("ethnicity_plco", group, DISPUTED, effect="caution", code="sources_disagree")


_PLCO_INPUTS: tuple[InputSpec, ...] = (
    given(
        "age",
        accepted=(50.0, 80.0),
        accepted_source="Ages of use in lung cancer screening; developed at 55-74 years",
        seen=(55.0, 74.0),
    ),
    given("ethnicity_plco"),
    given("education_level"),
    given("bmi"),
    given("copd"),
    given("cancer_history"),
    given("family_history_lung_cancer"),
    given("current_smoker"),
    given(
        "cigarettes_per_day",
        accepted=(1.0, 200.0),
        accepted_source="Made for people who ever smoked; the term is not defined for 0",
    ),
    given(
        "smoking_years",
        accepted=(1.0, 75.0),
        accepted_source="Made for people who ever smoked, 80 years and younger",
    ),
    given("years_since_quitting", needed=False),
)

PLCOM2012 = Equation(
    id="plcom2012",
    title=T(
        "Lung cancer within 6 years in people who ever smoked, PLCOm2012",
        "吸烟或曾吸烟者 6 年肺癌风险 PLCOm2012",
    ),
    name=T("PLCOm2012", "PLCOm2012"),
    summary=T(
        "Probability of lung cancer in the next 6 years from smoking history, age and a few questions.",
        "根据吸烟史、年龄及少量问题估计未来 6 年发生肺癌的概率。",
    ),
    intended_use=T("Selection for screening by low-dose CT", "筛选低剂量 CT 肺癌筛查的对象"),
    not_for=T(
        "People who never smoked, people with lung cancer or with symptoms of it. It is no reason against a CT "
        "that is due",
        "从不吸烟者、已患肺癌或有肺癌症状者。不能作为不做应做 CT 的理由",
    ),
    indication=T("Present or former smoking", "目前或既往吸烟"),
    population=T(
        "People of 50-80 years who smoke or smoked; developed in the United States at 55-74 years",
        "50-80 岁目前或既往吸烟者；在美国 55-74 岁人群中建立",
    ),
    inputs=_PLCO_INPUTS,
    outputs=(
        output(
            "lung_cancer_6y",
            T("Lung cancer, 6 years (PLCOm2012)", "6 年肺癌风险（PLCOm2012）"),
            short_title=T("Lung cancer, 6 years", "6 年肺癌"),
            scale=(0.0, 0.2),
            event=T("develop lung cancer within 6 years", "会在 6 年内发生肺癌"),
        ),
    ),
    graph=_plco,
    age=(50.0, 80.0),
    exclusions=(_disputed(4.0), _disputed(5.0)),
    orders=(
        Order(
            "current_smoker",
            "years_since_quitting",
            T("Smokes now, yet has years since quitting", "目前吸烟却有戒烟年数"),
            needs=True,
            excludes=True,
        ),
        Order("smoking_years", "age", T("Smoked for longer than the age", "吸烟年数大于年龄")),
    ),
    needs_any=("cigarettes_per_day", "smoking_years"),
    question="lung_cancer_risk",
    reference={
        "age": "same",
        "ethnicity_plco": "same",
        "education_level": "6",
        "bmi": 27,
        "copd": 0,
        "cancer_history": 0,
        "family_history_lung_cancer": 0,
        "current_smoker": "same",
        "cigarettes_per_day": 10,
        "smoking_years": 10,
        "years_since_quitting": 25,
    },
    baseline_name=T(
        "a person of the same age and group, postgraduate, BMI 27, without COPD, cancer or family history, who smokes "
        "now if the patient does (else stopped 25 years ago), ten cigarettes a day for ten years",
        "同龄同族裔、研究生学历、BMI 27、无慢阻肺、无肿瘤史及家族史、每日 10 支共 10 年者（患者目前吸烟则同为吸烟，"
        "否则已戒烟 25 年）",
    ),
    facts={
        "development.criteria": T(
            "Ever smokers of 55-74 years of the control arm of the PLCO trial, United States",
            "美国 PLCO 试验对照组 55-74 岁吸烟或曾吸烟者",
        ),
        "development.sensitive_inputs": T(
            "Age, education, and race or ethnic group with terms of small groups that sources do not agree on",
            "年龄、受教育程度、族裔；其中人数较少的族裔系数各来源不一致",
        ),
        "out_of_scope.known_risks": T(
            "Screening programmes draw the limit differently (1.51 % in the authors' later work of 2014 and in "
            "England, where the programme also takes other scores); none is drawn here. "
            "The term of American Indian and Pacific Islander people differs between programs. Brock University "
            "offers its "
            "calculators for non-profit use",
            "各筛查项目的阈值不同（作者 2014 年的后续研究及英格兰项目为 1.51%），此处不画界限。"
            "美洲印第安人与太平洋岛民的系数各程序不一致。"
            "布鲁克大学的计算器供非营利使用",
        ),
    },
    citation="Tammemägi MC, Katki HA, Hocking WG, et al. Selection criteria for lung-cancer screening. N Engl J Med "
    "2013;368:728-736, correction 2013;369:394. doi:10.1056/NEJMoa1211776",
    licence="Published equation; the graph is part of medgui under Apache-2.0. The calculators of Brock "
    "University are "
    "for "
    "non-profit use; ask the author before commercial use",
)

MAYO_NODULE = Equation(
    id="mayo_nodule",
    kind="diagnosis",
    title=T("Is a solitary lung nodule malignant? Mayo model", "孤立性肺结节是否恶性？Mayo 模型"),
    name=T("Mayo model of lung nodules", "Mayo 肺结节模型"),
    summary=T(
        "Probability that a solitary lung nodule of 4-30 mm is malignant, before a PET scan.",
        "4-30 mm 孤立性肺结节在 PET 检查前为恶性的概率。",
    ),
    intended_use=T("Choice between surveillance, PET and biopsy", "在随访、PET 与活检之间选择"),
    not_for=T(
        "Several nodules, lung cancer or another cancer within 5 years, nodules found by screening, subsolid nodules",
        "多发结节，5 年内肺癌或其他恶性肿瘤，筛查发现的结节，亚实性结节",
    ),
    indication=T("One indeterminate lung nodule of 4-30 mm", "单个 4-30 mm 性质不定的肺结节"),
    population=T(
        "Adults with one nodule, without cancer in the past 5 years", "单个结节、近 5 年无恶性肿瘤的成人"
    ),
    inputs=(
        given("age"),
        given("smoked100"),
        given("extrathoracic_cancer_history"),
        given(
            "nodule_diameter",
            accepted=(4.0, 30.0),
            accepted_source="Nodules of the development data, Swensen 1997",
        ),
        given("nodule_spiculation"),
        given("nodule_upper_lobe"),
    ),
    outputs=(
        output(
            "malignant_nodule",
            T("Nodule is malignant (Mayo model)", "结节为恶性的概率（Mayo 模型）"),
            short_title=T("Malignant", "恶性"),
            event=T("with such a nodule have cancer", "有此类结节者为恶性"),
        ),
    ),
    graph=lambda x: {
        "malignant_nodule": logistic(
            linear(
                x,
                {
                    "age": 0.0391,
                    "smoked100": 0.7917,
                    "extrathoracic_cancer_history": 1.3388,
                    "nodule_diameter": 0.1274,
                    "nodule_spiculation": 1.0407,
                    "nodule_upper_lobe": 0.7838,
                },
                -6.8272,
            )
        )
    },
    on_request=True,
    question="lung_cancer_risk",
    reference={
        "age": "same",
        "smoked100": 0,
        "extrathoracic_cancer_history": 0,
        "nodule_diameter": 4,
        "nodule_spiculation": 0,
        "nodule_upper_lobe": 0,
    },
    baseline_name=T(
        "a person of the same age who never smoked, with a smooth nodule of 4 mm below the upper lobe and no "
        "cancer before",
        "同龄、从不吸烟、既往无恶性肿瘤、结节 4 mm、边缘光滑、不在上叶者",
    ),
    facts={
        "development.criteria": T(
            "629 patients of the Mayo Clinic with a nodule of 4-30 mm newly found in 1984-1986; 23 % were malignant",
            "梅奥诊所 1984-1986 年新发现 4-30 mm 结节的 629 例患者；23% 为恶性",
        ),
        "out_of_scope.known_risks": T(
            "Made on nodules seen in chest X-rays of a referral clinic; where cancer is rarer it overestimates",
            "基于转诊中心胸片所见结节；在恶性比例较低的人群中会高估",
        ),
    },
    citation="Swensen SJ, Silverstein MD, Ilstrup DM, et al. The probability of malignancy in solitary "
    "pulmonary nodules. "
    "Arch Intern Med 1997;157:849-855. doi:10.1001/archinte.1997.00440290031002",
)
