"""Scores of stroke in atrial fibrillation without an anticoagulant; those of bleeding with one are in `bleeding`."""

from collections.abc import Mapping

import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.inference.manifest import Indication
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
from medgui.workshop.equations.points import total

IN_AF = (
    Indication(("atrial_fibrillation",), T("Made for people with atrial fibrillation", "仅用于心房颤动患者")),
)
ADULTS_WITH_AF = T("Adults with atrial fibrillation", "心房颤动成人患者")
AF = T("Atrial fibrillation", "心房颤动")
USE = T("Decision on an anticoagulant in atrial fibrillation", "用于决定心房颤动患者是否需要抗凝")
NOT_FOR = T(
    "Moderate or severe mitral stenosis, mechanical valves; people without atrial fibrillation",
    "中重度二尖瓣狭窄、机械瓣；无心房颤动者",
)
CONSIDER = T("Consider an anticoagulant", "考虑抗凝")
RECOMMENDED = T("An anticoagulant is recommended", "推荐抗凝")

_VA = (
    given("age"),
    given("heart_failure"),
    given("hypertension"),
    given("diabetes"),
    given("prior_stroke_tia_thromboembolism"),
    given("vascular_disease"),
)
_VA_ITEMS = (
    steps("age", 0, (65, 1), (75, 2)),
    yes("heart_failure", 1),
    yes("hypertension", 1),
    yes("diabetes", 1),
    yes("prior_stroke_tia_thromboembolism", 2),
    yes("vascular_disease", 1),
)

CHA2DS2_VA = Equation(
    id="cha2ds2_va",
    kind="score",
    evidence="guideline",
    title=T("Stroke risk in atrial fibrillation, CHA2DS2-VA", "心房颤动卒中风险 CHA2DS2-VA"),
    name=T("CHA2DS2-VA", "CHA2DS2-VA"),
    summary=T(
        "Points for the risk of stroke in atrial fibrillation without an anticoagulant; sex is not counted.",
        "心房颤动患者未抗凝时的卒中风险评分；不计性别。",
    ),
    intended_use=USE,
    not_for=NOT_FOR,
    indication=AF,
    population=ADULTS_WITH_AF,
    inputs=_VA,
    outputs=(
        output(
            "points",
            T("CHA2DS2-VA points", "CHA2DS2-VA 评分"),
            scale=(0, 8),
            decimals=0,
            bands=(
                band(0, 1, T("No anticoagulant for this reason", "无需因此抗凝")),
                band(1, 2, CONSIDER, "caution"),
                band(2, 9, RECOMMENDED, "high"),
            ),
            bands_source=T("ESC atrial fibrillation guideline 2024", "2024 年 ESC 心房颤动指南"),
        ),
    ),
    graph=point_score(*_VA_ITEMS),
    question="stroke_in_af",
    indications=IN_AF,
    regions=("europe",),
    guideline=T("ESC atrial fibrillation guideline 2024", "2024 年 ESC 心房颤动指南"),
    reference=unticked(_VA, age=40),
    baseline_name=T("a person of 40 years without a point", "无任何得分项的 40 岁者"),
    citation="Van Gelder IC, Rienstra M, Bunting KV, et al. 2024 ESC Guidelines for the management of atrial "
    "fibrillation. Eur Heart J 2024;45:3314-3414. doi:10.1093/eurheartj/ehae176",
)

_VASC = (*_VA, given("sex"))

CHA2DS2_VASC = Equation(
    id="cha2ds2_vasc",
    kind="score",
    evidence="guideline",
    title=T("Stroke risk in atrial fibrillation, CHA2DS2-VASc", "心房颤动卒中风险 CHA2DS2-VASc"),
    name=T("CHA2DS2-VASc", "CHA2DS2-VASc"),
    summary=T(
        "Points for the risk of stroke in atrial fibrillation without an anticoagulant; women get one point for "
        "their sex.",
        "心房颤动患者未抗凝时的卒中风险评分；女性因性别加 1 分。",
    ),
    intended_use=USE,
    not_for=NOT_FOR,
    indication=AF,
    population=ADULTS_WITH_AF,
    inputs=_VASC,
    outputs=(
        output(
            "points",
            T("CHA2DS2-VASc points", "CHA2DS2-VASc 评分"),
            scale=(0, 9),
            decimals=0,
            bands=(
                band(0, 1, T("Low: no anticoagulant for this reason", "低危：无需因此抗凝")),
                band(
                    1,
                    2,
                    T(
                        "Men: consider an anticoagulant; women with the point of sex alone: low",
                        "男性：考虑抗凝；女性仅因性别得分：低危",
                    ),
                    "caution",
                ),
                band(
                    2,
                    10,
                    T(
                        "Offer an anticoagulant, taking the bleeding risk into account",
                        "结合出血风险，建议抗凝",
                    ),
                    "high",
                ),
            ),
            bands_source=T("NICE NG196, 2021", "NICE NG196（2021）"),
        ),
    ),
    graph=point_score(*_VA_ITEMS, choice("sex", (1, 0))),
    question="stroke_in_af",
    indications=IN_AF,
    regions=("us", "uk"),
    guideline=T(
        "NICE NG196, 2021; ACC/AHA/ACCP/HRS atrial fibrillation guideline 2023",
        "NICE NG196（2021）；2023 年 ACC/AHA/ACCP/HRS 心房颤动指南",
    ),
    reference=unticked(_VASC, age=40, sex="male"),
    baseline_name=T("a man of 40 years without a point", "无任何得分项的 40 岁男性"),
    facts={
        "out_of_scope.known_risks": T(
            "The ACC/AHA 2023 guideline recommends an anticoagulant from 2 points in men and 3 in women and lets it "
            "be considered at 1 and 2: its categories differ from those shown",
            "2023 年 ACC/AHA 指南对男性 ≥ 2 分、女性 ≥ 3 分推荐抗凝，1 分（男）或 2 分（女）可考虑："
            "其分层与此处所示不同",
        ),
        "development.criteria": T(
            "Euro Heart Survey: 1,084 adults with non-valvular atrial fibrillation without an anticoagulant (Lip "
            "2010)",
            "欧洲心脏调查：1,084 名未抗凝的非瓣膜性心房颤动成人（Lip 2010）",
        ),
    },
    citation="Lip GYH, Nieuwlaat R, Pisters R, Lane DA, Crijns HJGM. Refining clinical risk stratification for "
    "predicting stroke and thromboembolism in atrial fibrillation using a novel risk factor-based approach. Chest "
    "2010;137:263-272. doi:10.1378/chest.09-1584",
)

_CHADS2 = (
    given("age"),
    given("heart_failure"),
    given("hypertension"),
    given("diabetes"),
    given("prior_stroke_tia_thromboembolism"),
)

CHADS2 = Equation(
    id="chads2",
    kind="score",
    title=T("Stroke risk in atrial fibrillation, CHADS2 (former score)", "心房颤动卒中风险 CHADS2（旧评分）"),
    name=T("CHADS2", "CHADS2"),
    summary=T(
        "The former score of stroke in atrial fibrillation; CHA2DS2-VASc and CHA2DS2-VA have replaced it.",
        "旧的心房颤动卒中风险评分；已被 CHA2DS2-VASc 和 CHA2DS2-VA 取代。",
    ),
    intended_use=T("To compare with older findings", "用于与以往结果比较"),
    not_for=T(
        "A new decision on an anticoagulant: present guidelines name another score",
        "不用于新的抗凝决定：现行指南采用其他评分",
    ),
    indication=AF,
    population=ADULTS_WITH_AF,
    inputs=_CHADS2,
    outputs=(output("points", T("CHADS2 points", "CHADS2 评分"), scale=(0, 6), decimals=0),),
    graph=point_score(
        steps("age", 0, (75, 1)),
        yes("heart_failure", 1),
        yes("hypertension", 1),
        yes("diabetes", 1),
        yes("prior_stroke_tia_thromboembolism", 2),
    ),
    question="stroke_in_af",
    indications=IN_AF,
    on_request=True,
    reference=unticked(_CHADS2, age=40),
    baseline_name=T("a person of 40 years without a point", "无任何得分项的 40 岁者"),
    facts={
        "development.criteria": T(
            "National Registry of Atrial Fibrillation: 1,733 Medicare beneficiaries of 65 to 95 years (Gage 2001)",
            "美国国家心房颤动登记：1,733 名 65 至 95 岁的医疗保险受益人（Gage 2001）",
        ),
    },
    citation="Gage BF, Waterman AD, Shannon W, Boechler M, Rich MW, Radford MJ. Validation of clinical "
    "classification schemes for predicting stroke: results from the National Registry of Atrial Fibrillation. JAMA "
    "2001;285:2864-2870. doi:10.1001/jama.285.22.2864",
)

_ATRIA = (
    given("age"),
    given("sex"),
    given("prior_stroke"),
    given("diabetes"),
    given("heart_failure"),
    given("hypertension"),
    given("proteinuria", assume_absent=False),
    given("egfr", from_="ckd_epi_2021.egfr", varies=False),
)


def _atria_stroke(x: Mapping[str, Var]) -> dict[str, Var]:
    """Age counts in another way after a stroke: 8, 7, 7, 9 points instead of 0, 3, 5, 6."""
    others = total(
        x,
        (
            steps("age", 0, (65, 3), (75, 5), (85, 6)),
            choice("sex", (1, 0)),
            yes("diabetes", 1),
            yes("heart_failure", 1),
            yes("hypertension", 1),
            yes("proteinuria", 1),
            steps("egfr", 1, (45, 0)),
        ),
    )
    more = total(x, (steps("age", 8, (65, 4), (75, 2), (85, 3)),))
    return {"points": op.add(others, op.mul(x["prior_stroke"], more))}


ATRIA_STROKE = Equation(
    id="atria_stroke",
    kind="score",
    title=T("Stroke risk in atrial fibrillation, ATRIA", "心房颤动卒中风险 ATRIA"),
    name=T("ATRIA stroke score", "ATRIA 卒中评分"),
    summary=T(
        "Points for the yearly risk of stroke in atrial fibrillation without an anticoagulant; age counts more "
        "finely.",
        "心房颤动患者未抗凝时的年卒中风险评分；年龄分级更细。",
    ),
    intended_use=USE,
    not_for=NOT_FOR,
    indication=AF,
    population=ADULTS_WITH_AF,
    inputs=_ATRIA,
    outputs=(output("points", T("ATRIA stroke points", "ATRIA 卒中评分"), scale=(0, 15), decimals=0),),
    graph=_atria_stroke,
    question="stroke_in_af",
    indications=IN_AF,
    on_request=True,
    reference=unticked(_ATRIA, age=40, sex="male", egfr=90),
    baseline_name=T("a man of 40 years without a point", "无任何得分项的 40 岁男性"),
    facts={
        "development.criteria": T(
            "ATRIA cohort: 10,927 adults with atrial fibrillation in northern California, 1996-2003 (Singer 2013)",
            "ATRIA 队列：北加利福尼亚 10,927 名心房颤动成人，1996-2003（Singer 2013）",
        ),
        "out_of_scope.known_risks": T(
            "No guideline names it; its authors call 0-5 points low (under 1 % a year), 6 intermediate, 7-15 high "
            "(2 % a year or more). End-stage kidney disease counts as an eGFR below 45",
            "无指南采用；作者将 0-5 分定为低危（每年 < 1%）、6 分中危、7-15 分高危（每年 ≥ 2%）。终末期肾病按 eGFR "
            "< 45 计",
        ),
    },
    citation="Singer DE, Chang Y, Borowsky LH, et al. A new risk scheme to predict ischemic stroke and other "
    "thromboembolism in atrial fibrillation: the ATRIA study stroke risk score. J Am Heart Assoc 2013;2:e000250. "
    "doi:10.1161/JAHA.113.000250",
)
