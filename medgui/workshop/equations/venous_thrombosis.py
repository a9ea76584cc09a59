"""Is it pulmonary embolism or deep vein thrombosis? Rules for a stated suspicion."""

from collections.abc import Mapping

import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.inference.manifest import Exclusion
from medgui.workshop.equation import as_flag, number
from medgui.workshop.equations import Equation, T, band, given, output, point_score, steps, yes
from medgui.workshop.equations.acute import A_WELL_PERSON, encounter, measured, well
from medgui.workshop.equations.points import total

SUSPECTED_PE = T("Suspected pulmonary embolism, stated by the doctor", "医师判断为疑似肺栓塞")
SUSPECTED_DVT = T(
    "Suspected deep vein thrombosis of the leg, stated by the doctor", "医师判断为疑似下肢深静脉血栓"
)
ADULTS_PE = T("Adults with suspected pulmonary embolism", "疑似肺栓塞的成人")
NICE_158 = T("NICE NG158 2020", "NICE NG158 2020")
ESC_PE = T("ESC pulmonary embolism guideline 2019", "2019 年 ESC 急性肺栓塞指南")
NOT_PREGNANT = T("Pregnancy; not in place of clinical judgement", "妊娠；不能代替临床判断")
IN_PREGNANCY = Exclusion(
    "pregnant",
    1,
    T("Pregnancy: the rule was not made for it", "妊娠：该规则不适用于孕妇"),
    code="pregnancy",
)

_WELLS_PE = encounter(
    measured("clinical_signs_of_dvt"),
    measured("pe_most_likely_diagnosis"),
    measured("heart_rate_over_100"),
    given("immobilisation_or_surgery"),
    given("prior_vte"),
    given("haemoptysis"),
    given("active_cancer"),
)

WELLS_PE = Equation(
    id="wells_pe",
    kind="score",
    evidence="guideline",
    title=T("Clinical probability of pulmonary embolism, Wells", "肺栓塞临床可能性 Wells 评分"),
    name=T("Wells (PE)", "Wells 评分（肺栓塞）"),
    summary=T(
        "Seven findings tell who with suspected pulmonary embolism needs a D-dimer and who imaging at once.",
        "七项指标，判断疑似肺栓塞者先查 D-二聚体还是直接影像检查。",
    ),
    intended_use=T("Next test in suspected pulmonary embolism", "疑似肺栓塞时选择下一步检查"),
    not_for=NOT_PREGNANT,
    indication=SUSPECTED_PE,
    population=ADULTS_PE,
    inputs=_WELLS_PE,
    outputs=(
        output(
            "points",
            T("Wells points, pulmonary embolism", "Wells 评分（肺栓塞）"),
            scale=(0, 12.5),
            decimals=1,
            bands=(
                band(0, 4.5, T("Unlikely (4 or less): D-dimer", "可能性小（≤ 4 分）：查 D-二聚体")),
                band(4.5, 13, T("Likely (over 4): imaging", "可能性大（> 4 分）：影像检查"), "high"),
            ),
            bands_source=NICE_158,
        ),
    ),
    graph=point_score(
        yes("clinical_signs_of_dvt", 3),
        yes("pe_most_likely_diagnosis", 3),
        yes("heart_rate_over_100", 1.5),
        yes("immobilisation_or_surgery", 1.5),
        yes("prior_vte", 1.5),
        yes("haemoptysis", 1),
        yes("active_cancer", 1),
    ),
    question="pulmonary_embolism",
    acute=True,
    exclusions=(IN_PREGNANCY,),
    regions=("uk", "europe", "china"),
    guideline=NICE_158,
    reference=well(_WELLS_PE),
    baseline_name=A_WELL_PERSON,
    citation="Wells PS, Anderson DR, Rodger M, et al. Derivation of a simple clinical model to categorize patients "
    "probability of pulmonary embolism: increasing the models utility with the SimpliRED D-dimer. Thromb Haemost "
    "2000;83:416-420. "
    "doi:10.1055/s-0037-1613830",
)

_WELLS_DVT = encounter(
    given("active_cancer"),
    measured("paralysis_or_immobilisation"),
    given("bedridden_or_major_surgery"),
    measured("localised_tenderness"),
    measured("entire_leg_swollen"),
    measured("calf_swelling_over_3cm"),
    measured("pitting_oedema"),
    measured("collateral_superficial_veins"),
    given("prior_dvt"),
    measured("alternative_diagnosis_as_likely"),
)

WELLS_DVT = Equation(
    id="wells_dvt",
    kind="score",
    evidence="guideline",
    title=T("Clinical probability of deep vein thrombosis, Wells", "深静脉血栓临床可能性 Wells 评分"),
    name=T("Wells (DVT)", "Wells 评分（深静脉血栓）"),
    summary=T(
        "Ten findings tell who with a suspected thrombosis of the leg needs a D-dimer and who ultrasound first.",
        "十项指标，判断疑似下肢深静脉血栓者先查 D-二聚体还是先做超声。",
    ),
    intended_use=T("Next test in suspected deep vein thrombosis", "疑似深静脉血栓时选择下一步检查"),
    not_for=T(
        "Pregnancy; thrombosis of the arm; not in place of clinical judgement",
        "妊娠；上肢血栓；不能代替临床判断",
    ),
    indication=SUSPECTED_DVT,
    population=T("Adults with suspected thrombosis of the leg", "疑似下肢深静脉血栓的成人"),
    inputs=_WELLS_DVT,
    outputs=(
        output(
            "points",
            T("Wells points, deep vein thrombosis", "Wells 评分（深静脉血栓）"),
            scale=(-2, 9),
            decimals=0,
            bands=(
                band(-2, 2, T("Unlikely (1 or less): D-dimer", "可能性小（≤ 1 分）：查 D-二聚体")),
                band(2, 10, T("Likely (2 or more): ultrasound", "可能性大（≥ 2 分）：超声检查"), "high"),
            ),
            bands_source=NICE_158,
        ),
    ),
    graph=point_score(
        *(yes(spec.name, 1) for spec in _WELLS_DVT[:-1]), yes("alternative_diagnosis_as_likely", -2)
    ),
    question="deep_vein_thrombosis",
    acute=True,
    exclusions=(IN_PREGNANCY,),
    regions=("uk", "europe", "china"),
    guideline=NICE_158,
    reference=well(_WELLS_DVT),
    baseline_name=A_WELL_PERSON,
    citation="Wells PS, Anderson DR, Rodger M, et al. Evaluation of D-dimer in the diagnosis of suspected deep-vein "
    "thrombosis. N Engl J Med 2003;349:1227-1235. doi:10.1056/NEJMoa023153",
)

_PERC = encounter(
    given("age"),
    measured("heart_rate"),
    measured("oxygen_saturation"),
    measured("unilateral_leg_swelling"),
    given("haemoptysis"),
    given("recent_surgery_or_trauma"),
    given("prior_vte"),
    given("estrogen_use"),
)

PERC = Equation(
    id="perc",
    kind="score",
    evidence="guideline",
    title=T("Pulmonary embolism rule-out criteria, PERC", "肺栓塞排除标准 PERC"),
    name=T("PERC", "PERC"),
    summary=T(
        "Eight criteria; where none is met and the clinician thinks embolism unlikely, no D-dimer is needed.",
        "八项标准；均不符合且临床认为肺栓塞可能性小时，无需查 D-二聚体。",
    ),
    intended_use=T(
        "To leave out further tests where the clinical probability is below 15 %",
        "临床可能性 < 15% 时判断能否不再检查",
    ),
    not_for=T(
        "Any but a low clinical probability (15 % or more); pregnancy; saturation on oxygen instead of room air",
        "临床可能性不低（≥ 15%）；妊娠；吸氧时（非室内空气）测得的血氧饱和度",
    ),
    indication=T(
        "Suspected pulmonary embolism that the doctor thinks unlikely (under 15 %)",
        "疑似肺栓塞，但医师认为可能性小（< 15%）",
    ),
    population=ADULTS_PE,
    inputs=_PERC,
    outputs=(
        output(
            "points",
            T("PERC criteria met", "PERC 符合项数"),
            scale=(0, 8),
            decimals=0,
            bands=(
                band(
                    0,
                    1,
                    T("None: embolism ruled out if clinically unlikely", "均不符合：临床可能性小时可排除"),
                ),
                band(1, 9, T("Not ruled out: continue", "不能排除：继续检查"), "caution"),
            ),
            bands_source=NICE_158,
        ),
    ),
    graph=point_score(
        steps("age", 0, (50, 1)),
        steps("heart_rate", 0, (100, 1)),
        steps("oxygen_saturation", 1, (95, 0)),
        yes("unilateral_leg_swelling", 1),
        yes("haemoptysis", 1),
        yes("recent_surgery_or_trauma", 1),
        yes("prior_vte", 1),
        yes("estrogen_use", 1),
    ),
    question="pulmonary_embolism",
    acute=True,
    exclusions=(IN_PREGNANCY,),
    regions=("us", "uk"),
    guideline=T("ACP 2015, NICE NG158 2020", "ACP 2015、NICE NG158 2020"),
    reference=well(_PERC),
    baseline_name=A_WELL_PERSON,
    citation="Kline JA, Mitchell AM, Kabrhel C, Richman PB, Courtney DM. Clinical criteria to prevent unnecessary "
    "diagnostic testing in emergency department patients with suspected pulmonary embolism. J Thromb Haemost "
    "2004;2:1247-1255. doi:10.1111/j.1538-7836.2004.00790.x",
)

_YEARS_ITEMS = (
    measured("clinical_signs_of_dvt"),
    given("haemoptysis"),
    measured("pe_most_likely_diagnosis"),
)
_D_DIMER = measured(
    "d_dimer",
    needed=False,
    outputs=("embolism_excluded",),
    accepted=(45.0, 200000.0),
    accepted_source="Lowest result of sensitive assays about 45 ng/mL FEU; a smaller number is one in mg/L",
)
"""A D-dimer of 0.9 mg/L read as 0.9 ng/mL would exclude an embolism."""
_YEARS = (*_YEARS_ITEMS, _D_DIMER)


def _years(x: Mapping[str, Var]) -> dict[str, Var]:
    """Three items; excluded below a D-dimer of 1000 ng/mL FEU without an item, of 500 with one or more."""
    points = total(x, [yes(spec.name, 1) for spec in _YEARS_ITEMS])
    limit = total({"points": points}, [steps("points", 1000, (0.5, 500))])
    below = op.add(as_flag(op.less(x["d_dimer"], limit)), op.mul(x["d_dimer"], number(0.0)))
    return {"points": points, "d_dimer_limit": limit, "embolism_excluded": below}


YEARS = Equation(
    id="years",
    kind="score",
    evidence="guideline",
    title=T("YEARS rule for pulmonary embolism", "肺栓塞 YEARS 法则"),
    name=T("YEARS", "YEARS"),
    summary=T(
        "Three items set the D-dimer below which pulmonary embolism is excluded: 1000 ng/mL without an item, 500 with.",
        "三项指标决定可排除肺栓塞的 D-二聚体界值：无一符合为 1000 ng/mL，有则为 500 ng/mL。",
    ),
    intended_use=T(
        "Exclusion of pulmonary embolism without imaging in stable patients",
        "血流动力学稳定者不做影像检查排除肺栓塞",
    ),
    not_for=T(
        "Haemodynamic instability, anticoagulant treatment for more than a day",
        "血流动力学不稳定、抗凝治疗超过 1 天者",
    ),
    indication=SUSPECTED_PE,
    population=T("Stable adults with suspected pulmonary embolism", "血流动力学稳定的疑似肺栓塞成人"),
    inputs=_YEARS,
    outputs=(
        output("points", T("YEARS items", "YEARS 符合项数"), scale=(0, 3), decimals=0),
        output(
            "d_dimer_limit",
            T("YEARS limit of D-dimer", "YEARS 的 D-二聚体界值"),
            unit="ng/mL{FEU}",
            scale=(0, 1000),
            decimals=0,
        ),
        output(
            "embolism_excluded",
            T("Exclusion of embolism by YEARS", "YEARS 排除肺栓塞"),
            decimals=0,
            named=True,
            bands=(
                band(0, 1, T("Not excluded: imaging", "不能排除：影像检查"), "caution"),
                band(1, 2, T("Excluded without imaging", "可排除，无需影像检查")),
            ),
            bands_source=ESC_PE,
        ),
    ),
    graph=_years,
    question="pulmonary_embolism",
    acute=True,
    exclusions=(
        Exclusion(
            "pregnant",
            1,
            T(
                "Pregnancy: with signs of thrombosis the leg is examined by ultrasound first (pregnancy-adapted YEARS)",
                "妊娠：有血栓体征时应先做下肢超声（妊娠改良 YEARS）",
            ),
            effect="caution",
            code="pregnancy",
        ),
    ),
    regions=("europe",),
    guideline=ESC_PE,
    reference={**well(_YEARS), "d_dimer": 300},
    baseline_name=T(
        "a person without any of the three items, with a D-dimer of 300 ng/mL",
        "三项均不符合、D-二聚体 300 ng/mL 者",
    ),
    citation="van der Hulle T, Cheung WY, Kooij S, et al. Simplified diagnostic management of suspected pulmonary "
    "embolism (the YEARS study): a prospective, multicentre, cohort study. Lancet 2017;390:289-297. "
    "doi:10.1016/S0140-6736(17)30885-1",
)
