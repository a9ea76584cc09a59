"""Scores of atrial fibrillation: stroke without an anticoagulant, bleeding with one."""

from medgui.inference.manifest import Indication
from medgui.workshop.equations import Equation, T, band, given, output, point_score, steps, unticked, yes

IN_AF = (
    Indication(("atrial_fibrillation",), T("Made for people with atrial fibrillation", "仅用于心房颤动患者")),
)

_VA = (
    given("age"),
    given("heart_failure"),
    given("hypertension"),
    given("diabetes"),
    given("prior_stroke_tia_thromboembolism"),
    given("vascular_disease"),
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
    intended_use=T("Decision on an anticoagulant in atrial fibrillation", "用于决定心房颤动患者是否需要抗凝"),
    not_for=T(
        "Moderate or severe mitral stenosis, mechanical valves; people without atrial fibrillation",
        "中重度二尖瓣狭窄、机械瓣；无心房颤动者",
    ),
    indication=T("Atrial fibrillation", "心房颤动"),
    population=T("Adults with atrial fibrillation", "心房颤动成人患者"),
    inputs=_VA,
    outputs=(
        output(
            "points",
            T("CHA2DS2-VA points", "CHA2DS2-VA 评分"),
            scale=(0, 8),
            decimals=0,
            bands=(
                band(0, 1, T("No anticoagulant for this reason", "无需因此抗凝")),
                band(1, 2, T("Consider an anticoagulant", "考虑抗凝"), "caution"),
                band(2, 9, T("An anticoagulant is recommended", "推荐抗凝"), "high"),
            ),
            bands_source=T("ESC atrial fibrillation guideline 2024", "2024 年 ESC 心房颤动指南"),
        ),
    ),
    graph=point_score(
        steps("age", 0, (65, 1), (75, 2)),
        yes("heart_failure", 1),
        yes("hypertension", 1),
        yes("diabetes", 1),
        yes("prior_stroke_tia_thromboembolism", 2),
        yes("vascular_disease", 1),
    ),
    question="stroke_in_af",
    indications=IN_AF,
    regions=("europe",),
    guideline=T("ESC atrial fibrillation guideline 2024", "2024 年 ESC 心房颤动指南"),
    reference=unticked(_VA, age=40),
    baseline_name=T("a person of 40 years without a point", "无任何得分项的 40 岁者"),
    citation="Van Gelder IC, Rienstra M, Bunting KV, et al. 2024 ESC Guidelines for the management of atrial "
    "fibrillation. Eur Heart J 2024;45:3314-3414. doi:10.1093/eurheartj/ehae176",
)
