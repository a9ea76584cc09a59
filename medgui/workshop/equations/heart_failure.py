"""Outlook in chronic heart failure: the MAGGIC score with its table of deaths."""

from collections.abc import Mapping

import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.inference.manifest import Indication
from medgui.workshop.equation import number
from medgui.workshop.equations import Equation, T, choice, given, no, output, steps, unticked, yes
from medgui.workshop.equations.forms import clipped, missing_if, pick
from medgui.workshop.equations.points import total

UMOL = 88.4
"""µmol/L a mg/dL of creatinine."""

_MAGGIC = (
    given("age"),
    given("sex"),
    given("lvef"),
    given("nyha_class"),
    given("systolic_bp", varies=False),
    given("bmi"),
    given("creatinine", varies=False),
    given("current_smoker"),
    given("diabetes"),
    given("copd"),
    given("heart_failure_over_18_months"),
    given("beta_blocker", marker=True),
    given("acei_or_arb", marker=True),
)
_ITEMS = (
    choice("sex", (0, 1)),
    steps("lvef", 7, (20, 6), (25, 5), (30, 3), (35, 2), (40, 0)),
    steps("nyha_class", 0, (2, 2), (3, 6), (4, 8)),
    steps("bmi", 6, (15, 5), (20, 3), (25, 2), (30, 0)),
    yes("current_smoker", 1),
    yes("diabetes", 3),
    yes("copd", 2),
    yes("heart_failure_over_18_months", 2),
    no("beta_blocker", 3),
    no("acei_or_arb", 1),
    steps("umol", 0, (90, 1), (110, 2), (130, 3), (150, 4), (170, 5), (210, 6), (250, 8)),
)
_BY_EF = (
    (
        steps("age", 0, (55, 1), (60, 2), (65, 4), (70, 6), (75, 8), (80, 10)),
        steps("systolic_bp", 5, (110, 4), (120, 3), (130, 2), (140, 1), (150, 0)),
    ),
    (
        steps("age", 0, (55, 2), (60, 4), (65, 6), (70, 8), (75, 10), (80, 13)),
        steps("systolic_bp", 3, (110, 2), (120, 1), (140, 0)),
    ),
    (
        steps("age", 0, (55, 3), (60, 5), (65, 7), (70, 9), (75, 12), (80, 15)),
        steps("systolic_bp", 2, (110, 1), (130, 0)),
    ),
)
"""Age and pressure count in another way with an ejection fraction under 30, of 30 to 39, and from 40 %."""
# fmt: off
_ONE_YEAR = (
    0.015, 0.016, 0.018, 0.020, 0.022, 0.024, 0.027, 0.029, 0.032, 0.036, 0.039, 0.043, 0.048, 0.052, 0.058,
    0.063, 0.070, 0.077, 0.084, 0.093, 0.102, 0.111, 0.122, 0.134, 0.147, 0.160, 0.175, 0.191, 0.209, 0.227,
    0.248, 0.269, 0.292, 0.316, 0.342, 0.369, 0.398, 0.427, 0.458, 0.490, 0.523, 0.557, 0.591, 0.625, 0.659,
    0.692, 0.725, 0.757, 0.787, 0.816, 0.842,
)
_THREE_YEARS = (
    0.039, 0.043, 0.048, 0.052, 0.058, 0.063, 0.070, 0.077, 0.084, 0.092, 0.102, 0.111, 0.122, 0.134, 0.146,
    0.160, 0.175, 0.191, 0.209, 0.227, 0.247, 0.269, 0.292, 0.316, 0.342, 0.369, 0.397, 0.427, 0.458, 0.490,
    0.523, 0.556, 0.590, 0.625, 0.658, 0.692, 0.725, 0.756, 0.787, 0.815, 0.842, 0.866, 0.889, 0.908, 0.926,
    0.941, 0.953, 0.964, 0.973, 0.980, 0.985,
)
# fmt: on


def _maggic(x: Mapping[str, Var]) -> dict[str, Var]:
    """The printed table of deaths ends at 50 points; up to seven points more are read as its last line."""
    values = {**x, "umol": op.mul(x["creatinine"], number(UMOL))}
    low, middle, high = (total(values, items) for items in _BY_EF)
    by_ef = op.where(
        op.less(x["lvef"], number(30.0)), low, op.where(op.less(x["lvef"], number(40.0)), middle, high)
    )
    points = missing_if(op.add(total(values, _ITEMS), by_ef), x["lvef"])
    line = clipped(points, hi=50.0)
    return {"points": points, "death_1y": pick(line, _ONE_YEAR), "death_3y": pick(line, _THREE_YEARS)}


MAGGIC = Equation(
    id="maggic",
    title=T("Death in heart failure, MAGGIC", "心力衰竭死亡风险 MAGGIC"),
    name=T("MAGGIC", "MAGGIC"),
    summary=T(
        "Estimates how many of 100 people with heart failure and these findings die within one and three years.",
        "估算 100 位情况相似的心力衰竭患者在 1 年和 3 年内死亡的人数。",
    ),
    intended_use=T("Prognosis in chronic heart failure", "慢性心力衰竭的预后评估"),
    not_for=T(
        "Acute heart failure; what a treatment would bring: the cohorts are older than present treatment",
        "急性心力衰竭；不能说明治疗效果：所用队列早于现代治疗",
    ),
    indication=T("Heart failure", "心力衰竭"),
    population=T("Adults with heart failure", "心力衰竭成人患者"),
    inputs=_MAGGIC,
    outputs=(
        output(
            "death_1y",
            T("Death within 1 year, MAGGIC", "1 年内死亡 MAGGIC"),
            event=T("die within a year", "会在 1 年内死亡"),
            scale=(0.0, 0.9),
        ),
        output(
            "death_3y",
            T("Death within 3 years, MAGGIC", "3 年内死亡 MAGGIC"),
            event=T("die within three years", "会在 3 年内死亡"),
            scale=(0.0, 1.0),
        ),
        output("points", T("MAGGIC points", "MAGGIC 评分"), scale=(0, 57), decimals=0),
    ),
    graph=_maggic,
    indications=(
        Indication(("heart_failure",), T("Made for people with heart failure", "仅用于心力衰竭患者")),
    ),
    needs_any=("lvef",),
    group="prognosis",
    question="heart_failure_outlook",
    reference=unticked(
        _MAGGIC,
        age="same",
        sex="same",
        lvef=60,
        nyha_class="1",
        systolic_bp=130,
        bmi=30,
        creatinine=0.9,
        beta_blocker=1,
        acei_or_arb=1,
    ),
    baseline_name=T(
        "{person} with an ejection fraction of 60 %, NYHA I, on both treatments, without the other points",
        "射血分数 60%、NYHA I 级、已用两类药物、无其他得分项的{person}",
    ),
    facts={
        "development.criteria": T(
            "39,372 people with heart failure, 30 cohorts and trials (Pocock 2013)",
            "30 个队列和试验的 39,372 名心力衰竭患者（Pocock 2013）",
        ),
        "out_of_scope.known_risks": T(
            "The cohorts are from before sacubitril-valsartan and SGLT2 inhibitors: the score may overstate. Not "
            "being on a drug is a marker, not its cause. The table of deaths ends at 50 points; more points are "
            "read as 50",
            "队列早于沙库巴曲缬沙坦和 SGLT2 抑制剂时代，可能高估。未用某药只是标志，并非死亡原因。死亡率表止于 50 "
            "分，更高分按 50 分计",
        ),
    },
    citation="Pocock SJ, Ariti CA, McMurray JJV, et al. Predicting survival in heart failure: a risk score based on "
    "39 372 patients from 30 studies. Eur Heart J 2013;34:1404-1413. doi:10.1093/eurheartj/ehs337",
)
