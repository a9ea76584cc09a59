"""Upper and lower gastrointestinal bleeding."""

from collections.abc import Mapping

import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.workshop.equations import Equation, T, band, given, output, point_score, steps, yes
from medgui.workshop.equations.acute import A_WELL_PERSON, bedside_score, encounter, measured, points, well
from medgui.workshop.equations.forms import by_sex
from medgui.workshop.equations.points import choice, total

UPPER_BLEEDING = T("Acute bleeding of the upper tract, stated by the doctor", "医师诊断的急性上消化道出血")
ADULTS = T("Adults with acute upper gastrointestinal bleeding", "急性上消化道出血成人患者")

_BLATCHFORD = encounter(
    measured("bun"),
    measured("haemoglobin"),
    given("sex"),
    measured("systolic_bp"),
    measured("heart_rate"),
    measured("melaena"),
    measured("syncope"),
    given("liver_disease", assume_absent=False),
    given("heart_failure", assume_absent=False),
)
"""Both count by history and by what the examiner or the laboratory finds, so that an empty list says nothing."""


def _blatchford(x: Mapping[str, Var]) -> dict[str, Var]:
    """Urea limits 6.5, 8, 10 and 25 mmol/L as BUN; a hair below, for the factor 2.8 and its rounding."""
    women = total(x, [steps("haemoglobin", 6, (10, 1), (12, 0))])
    men = total(x, [steps("haemoglobin", 6, (10, 3), (12, 1), (13, 0))])
    others = [
        steps("bun", 0, (18.199, 2), (22.399, 3), (27.999, 4), (69.999, 6)),
        steps("systolic_bp", 3, (90, 2), (100, 1), (110, 0)),
        steps("heart_rate", 0, (100, 1)),
        yes("melaena", 1),
        yes("syncope", 2),
        yes("liver_disease", 2),
        yes("heart_failure", 2),
    ]
    return {"points": op.add(total(x, others), by_sex(x["sex"], women, men))}


GLASGOW_BLATCHFORD = Equation(
    id="glasgow_blatchford",
    kind="score",
    evidence="guideline",
    title=T("Upper gastrointestinal bleeding, Glasgow-Blatchford", "上消化道出血 Glasgow-Blatchford 评分"),
    name=T("Glasgow-Blatchford", "Glasgow-Blatchford"),
    summary=T(
        "Who with upper gastrointestinal bleeding needs hospital treatment; before endoscopy.",
        "内镜检查前判断上消化道出血者是否需要住院处理。",
    ),
    intended_use=T(
        "Whether someone with upper gastrointestinal bleeding can be treated as an outpatient",
        "判断上消化道出血患者能否门诊处理",
    ),
    not_for=T("Lower bleeding; bleeding from varices that is known", "下消化道出血；已知静脉曲张出血"),
    indication=UPPER_BLEEDING,
    population=ADULTS,
    inputs=_BLATCHFORD,
    outputs=(
        output(
            "points",
            T("Glasgow-Blatchford points", "Glasgow-Blatchford 评分"),
            scale=(0, 23),
            decimals=0,
            bands=(
                band(0, 2, T("Very low risk: outpatient", "极低危：可门诊处理")),
                band(2, 24, T("Not very low: hospital, endoscopy", "非极低危：住院并行内镜检查"), "caution"),
            ),
            bands_source=T("ACG guideline 2021", "ACG 指南 2021"),
        ),
    ),
    graph=_blatchford,
    question="gi_bleeding",
    acute=True,
    regions=("us", "uk", "europe", "china"),
    guideline=T("ACG 2021", "ACG 2021"),
    reference=well(_BLATCHFORD, sex="same"),
    baseline_name=T("a person of the same sex with normal values", "同性别、各项指标正常者"),
    citation="Blatchford O, Murray WR, Blatchford M. A risk score to predict need for treatment for upper-"
    "gastrointestinal haemorrhage. Lancet 2000;356:1318-1321. doi:10.1016/S0140-6736(00)02816-6",
    facts={
        "out_of_scope.known_risks": T(
            "NICE CG141 (2012) considers early discharge at 0 points only. Haemoglobin below 1 g/dL is refused as "
            "impossible; an independent implementation gives points from 0.06 g/dL.",
            "NICE CG141（2012）仅对 0 分者考虑早期出院。"
            "血红蛋白低于 1 g/dL 视为不可能值而拒绝；某独立实现对低至 0.06 g/dL 的数值仍计分。",
        )
    },
)

_ROCKALL = encounter(
    given("age"),
    measured("heart_rate"),
    measured("systolic_bp"),
    given("major_comorbidity"),
    given("endoscopic_diagnosis", needed=False, outputs=("points",), max_age_days=7),
    given("major_stigmata_of_haemorrhage", needed=False, outputs=("points",)),
)


def _rockall(x: Mapping[str, Var]) -> dict[str, Var]:
    """Shock: 2 below a systolic pressure of 100, else 1 from a heart rate of 100."""
    normal_pressure = total(x, [steps("systolic_bp", 0, (100, 1))])
    fast = op.mul(total(x, [steps("heart_rate", 0, (100, 1))]), normal_pressure)
    before = op.add(
        total(
            x,
            [
                steps("age", 0, (60, 1), (80, 2)),
                steps("systolic_bp", 2, (100, 0)),
                choice("major_comorbidity", (0, 2, 3)),
            ],
        ),
        fast,
    )
    seen = total(x, [choice("endoscopic_diagnosis", (0, 1, 2)), yes("major_stigmata_of_haemorrhage", 2)])
    return {"points": op.add(before, seen), "points_pre_endoscopy": before}


ROCKALL = Equation(
    id="rockall",
    kind="score",
    evidence="guideline",
    title=T("Upper gastrointestinal bleeding, Rockall", "上消化道出血 Rockall 评分"),
    name=T("Rockall", "Rockall"),
    summary=T(
        "Rebleeding and death after upper gastrointestinal bleeding: in full after endoscopy, in part before it.",
        "上消化道出血后再出血和死亡风险：内镜后为完整评分，内镜前为部分评分。",
    ),
    intended_use=T("Risk after upper gastrointestinal bleeding", "评估上消化道出血后的风险"),
    not_for=T("Lower gastrointestinal bleeding", "下消化道出血"),
    indication=UPPER_BLEEDING,
    population=ADULTS,
    inputs=_ROCKALL,
    outputs=(
        output("points", T("Rockall points, full", "Rockall 完整评分"), scale=(0, 11), decimals=0),
        output(
            "points_pre_endoscopy",
            T("Rockall points, before endoscopy", "Rockall 内镜前评分"),
            scale=(0, 7),
            decimals=0,
        ),
    ),
    graph=_rockall,
    question="gi_bleeding",
    acute=True,
    regions=("uk", "china"),
    guideline=T("NICE CG141 2012", "NICE CG141 2012"),
    reference=well(
        _ROCKALL, endoscopic_diagnosis="mallory_weiss_or_no_lesion", major_stigmata_of_haemorrhage=0
    ),
    baseline_name=A_WELL_PERSON,
    citation="Rockall TA, Logan RF, Devlin HB, Northfield TC. Risk assessment after acute upper gastrointestinal "
    "haemorrhage. Gut 1996;38:316-321. doi:10.1136/gut.38.3.316",
)

_OAKLAND = encounter(
    given("age"),
    given("sex"),
    given("lower_bleeding_admission", assume_absent=False),
    measured("blood_on_rectal_examination"),
    measured("heart_rate"),
    measured("systolic_bp"),
    measured("haemoglobin"),
)

OAKLAND = bedside_score(
    id="oakland",
    evidence="guideline",
    title=T(
        "Safe discharge in lower gastrointestinal bleeding, Oakland", "下消化道出血安全出院 Oakland 评分"
    ),
    name=T("Oakland", "Oakland"),
    summary=T(
        "Seven items that tell who with lower gastrointestinal bleeding may go home.",
        "七项指标，判断哪些下消化道出血者可以回家。",
    ),
    intended_use=T("Outpatient care of acute lower gastrointestinal bleeding", "急性下消化道出血的门诊处理"),
    not_for=T("Upper gastrointestinal bleeding", "上消化道出血"),
    indication=T("Acute bleeding of the lower tract, stated by the doctor", "医师诊断的急性下消化道出血"),
    population=T("Adults with acute lower gastrointestinal bleeding", "急性下消化道出血成人患者"),
    inputs=_OAKLAND,
    outputs=(
        points(
            T("Oakland points", "Oakland 评分"),
            35,
            band(0, 9, T("8 or less: outpatient", "≤ 8 分：可门诊处理")),
            band(9, 36, T("Over 8: hospital", "> 8 分：住院"), "caution"),
            source=T("British Society of Gastroenterology 2019", "英国胃肠病学会 2019"),
        ),
    ),
    graph=point_score(
        steps("age", 0, (40, 1), (70, 2)),
        choice("sex", (0, 1)),
        yes("lower_bleeding_admission", 1),
        yes("blood_on_rectal_examination", 1),
        steps("heart_rate", 0, (70, 1), (90, 2), (110, 3)),
        steps("systolic_bp", 5, (90, 4), (120, 3), (130, 2), (160, 0)),
        steps("haemoglobin", 22, (7, 17), (9, 13), (11, 8), (13, 4), (16, 0)),
    ),
    question="gi_bleeding",
    regions=("uk", "us"),
    guideline=T("BSG 2019, ACG 2023", "BSG 2019、ACG 2023"),
    reference=well(_OAKLAND, age=30, heart_rate=65, systolic_bp=160, haemoglobin=16),
    baseline_name=T("a woman of 30 years without a point", "无任何得分项的 30 岁女性"),
    citation="Oakland K, Jairath V, Uberoi R, et al. Derivation and validation of a novel risk score for safe "
    "discharge "
    "after acute lower gastrointestinal bleeding: a modelling study. Lancet Gastroenterol Hepatol 2017;2:635-643. "
    "doi:10.1016/S2468-1253(17)30150-4",
)
