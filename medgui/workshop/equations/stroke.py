"""Scores around a stroke or a transient ischaemic attack."""

from collections.abc import Mapping

import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.workshop.equations import Equation, T, band, choice, given, output, steps, yes
from medgui.workshop.equations.acute import A_WELL_PERSON, encounter, measured, well
from medgui.workshop.equations.forms import at_least, missing_if
from medgui.workshop.equations.points import total

_ABCD2 = encounter(
    given("age"),
    measured("systolic_bp"),
    measured("diastolic_bp"),
    given(
        "tia_features",
        categories={"other": 0.0, "speech_disturbance_without_weakness": 1.0, "unilateral_weakness": 2.0},
    ),
    given("tia_duration", categories={"under_10_min": 0.0, "10_to_59_min": 1.0, "60_min_or_more": 2.0}),
    given("diabetes"),
)


def _abcd2(x: Mapping[str, Var]) -> dict[str, Var]:
    """Pressure counts once, by the systolic or by the diastolic value."""
    raised = op.max([at_least(x["systolic_bp"], 140.0), at_least(x["diastolic_bp"], 90.0)])
    others = total(
        x,
        (
            steps("age", 0, (60, 1)),
            choice("tia_features", (0, 1, 2)),
            choice("tia_duration", (0, 1, 2)),
            yes("diabetes", 1),
        ),
    )
    return {"points": missing_if(op.add(others, raised), x["systolic_bp"], x["diastolic_bp"])}


ABCD2 = Equation(
    id="abcd2",
    kind="score",
    title=T("Stroke after a transient ischaemic attack, ABCD2", "短暂性脑缺血发作后卒中 ABCD2 评分"),
    name=T("ABCD2", "ABCD2"),
    summary=T(
        "Age, blood pressure, clinical features, duration and diabetes after a transient ischaemic attack.",
        "短暂性脑缺血发作后的年龄、血压、临床表现、持续时间和糖尿病评分。",
    ),
    intended_use=T(
        "Early risk of stroke after a transient ischaemic attack", "评估短暂性脑缺血发作后早期卒中风险"
    ),
    not_for=T(
        "How urgently to refer: NICE NG128 advises against it, everybody is seen within a day; after a completed "
        "stroke",
        "不用于决定转诊缓急：NICE NG128 不建议使用，所有患者均应在 1 天内就诊；已完成的脑卒中",
    ),
    indication=T("Transient ischaemic attack", "短暂性脑缺血发作"),
    population=T("Adults after a transient ischaemic attack", "短暂性脑缺血发作后的成人"),
    inputs=_ABCD2,
    outputs=(
        output(
            "points",
            T("ABCD2 points", "ABCD2 评分"),
            scale=(0, 7),
            decimals=0,
            bands=(
                band(0, 4, T("1.0 % with a stroke within 2 days", "2 天内卒中 1.0%")),
                band(4, 6, T("4.1 % with a stroke within 2 days", "2 天内卒中 4.1%"), "caution"),
                band(6, 8, T("8.1 % with a stroke within 2 days", "2 天内卒中 8.1%"), "high"),
            ),
            bands_source=T(
                "Johnston 2007, observed in the cohorts of the score", "Johnston 2007，评分队列中的观察值"
            ),
        ),
    ),
    graph=_abcd2,
    acute=True,
    question="stroke_after_tia",
    regions=("us", "china"),
    guideline=T(
        "AHA/ASA guideline on secondary prevention of stroke 2021; Chinese guideline on secondary prevention of "
        "ischaemic stroke and TIA 2022 (4 points or more: short dual antiplatelet treatment)",
        "2021 年 AHA/ASA 卒中二级预防指南；中国缺血性卒中和短暂性脑缺血发作二级预防指南 2022（≥ 4 分："
        "短期双联抗血小板）",
    ),
    reference=well(_ABCD2),
    baseline_name=A_WELL_PERSON,
    facts={
        "development.criteria": T(
            "Six cohorts from Oxford and California, 4,799 people after a transient ischaemic attack (Johnston "
            "2007)",
            "牛津和加利福尼亚的 6 个队列，4,799 名短暂性脑缺血发作患者（Johnston 2007）",
        ),
    },
    citation="Johnston SC, Rothwell PM, Nguyen-Huynh MN, et al. Validation and refinement of scores to predict very "
    "early stroke risk after transient ischaemic attack. Lancet 2007;369:283-292. doi:10.1016/S0140-6736(07)60150-0",
)
