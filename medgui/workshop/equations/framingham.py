"""Framingham general cardiovascular disease profile of 2008: with lipids, and with the body-mass index instead."""

from __future__ import annotations

from collections.abc import Mapping

import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.inference.manifest import InputSpec, OutputSpec, Text
from medgui.workshop.equations import Equation, T, given, output
from medgui.workshop.equations.forms import cox, pick
from medgui.workshop.equations.prevention import FIRST_EVENT, age, chosen, lipids, pressure, sex

# ln age, [ln cholesterol, ln HDL | ln BMI], ln untreated pressure, ln treated pressure, smoker, diabetes; women, men.
LIPID = (
    (2.32888, 1.20904, -0.70833, 2.76157, 2.82263, 0.52873, 0.69154),
    (3.06117, 1.1237, -0.93263, 1.93303, 1.99881, 0.65451, 0.57367),
)
LIPID_SURVIVAL, LIPID_MEAN = (0.95012, 0.88936), (26.1931, 23.9802)
BMI = (
    (2.72107, 0.51125, 2.81291, 2.88267, 0.61868, 0.77763),
    (3.11296, 0.79277, 1.85508, 1.92672, 0.70953, 0.5316),
)
BMI_SURVIVAL, BMI_MEAN = (0.94833, 0.88431), (26.0145, 23.9388)

Groups = tuple[float, float]


def _graph(
    x: Mapping[str, Var],
    logged: tuple[str, ...],
    weights: tuple[tuple[float, ...], tuple[float, ...]],
    survival: Groups,
    mean: Groups,
) -> dict[str, Var]:
    """*logged*: inputs between age and pressure that enter as logarithms. No cap at either end."""
    ln_sbp = op.log(x["systolic_bp"])
    treated = op.mul(x["bp_treatment"], ln_sbp)
    stack = op.concat(
        [
            op.log(op.concat([x[name] for name in ("age", *logged)], axis=1)),
            op.sub(ln_sbp, treated),
            treated,
            x["current_smoker"],
            x["diabetes"],
        ],
        axis=1,
    )
    lp = op.sub(chosen(stack, weights, x["sex"]), pick(x["sex"], mean))
    return {"cvd_10y": cox(pick(x["sex"], survival), lp)}


def lipid_graph(x: Mapping[str, Var]) -> dict[str, Var]:
    """With total and HDL cholesterol in mg/dL."""
    return _graph(x, ("total_cholesterol", "hdl_cholesterol"), LIPID, LIPID_SURVIVAL, LIPID_MEAN)


def bmi_graph(x: Mapping[str, Var]) -> dict[str, Var]:
    """With the body-mass index in kg/m2."""
    return _graph(x, ("bmi",), BMI, BMI_SURVIVAL, BMI_MEAN)


SITE = "Bounds of the Framingham Heart Study's own calculator of this profile"
PAPER = "D'Agostino 2008: 30-74 years"
INTENDED = T(
    "Primary prevention: to inform a talk between clinician and patient, where no newer score for the region fits",
    "一级预防：在没有更适合本地区的新评分时，供医患沟通时参考",
)
NOT_FOR = T(
    "After a cardiovascular event, heart failure, pregnancy; under 30 or over 74 years; outside the United States "
    "without a recalibration",
    "已发生心血管事件、心力衰竭、妊娠；30 岁以下或 74 岁以上；美国以外未经重新校准的人群",
)
INDICATION = T("Adults of 30 to 74 years without cardiovascular disease", "30 至 74 岁、无心血管病的成人")
POPULATION = T(
    "Adults of 30 to 74 years of the Framingham cohorts, without cardiovascular disease",
    "弗雷明翰队列中 30 至 74 岁、无心血管病的成人",
)
CITATION = (
    "D'Agostino RB Sr, Vasan RS, Pencina MJ, et al. General cardiovascular risk profile for use in primary care: the "
    "Framingham Heart Study. Circulation 2008;117:743-753. doi:10.1161/CIRCULATIONAHA.107.699579"
)
FACTS: dict[str, Text] = {
    "development.criteria": T(
        "8,491 people of the Framingham cohorts, 30 to 74 years, without cardiovascular disease, followed for 12 years",
        "弗雷明翰队列 8,491 人，30 至 74 岁，无心血管病，随访 12 年",
    ),
    "development.relevance": T(
        "Mostly White people of one town in the United States, examined 1968 to 1987; overstates the risk in many "
        "populations of today",
        "美国一个城镇、以白人为主、1968 至 1987 年受检的人群；在许多当代人群中高估风险",
    ),
    "out_of_scope.known_risks": T(
        "Its outcome is wider than that of most scores (angina, claudication and heart failure count), so that the "
        "number "
        "is higher. Some programs show no value above 30 % or below 1 %; this one shows the number as it is",
        "结局范围比多数评分宽（含心绞痛、间歇性跛行和心力衰竭），因此数值偏高。有些程序不显示高于 30% 或低于 1% "
        "的值；此处显示实际数值",
    ),
}


def _shared() -> tuple[InputSpec, ...]:
    return (
        age(30.0, 74.0, PAPER),
        sex(),
        pressure((90.0, 200.0), SITE),
        given("bp_treatment", marker=True),
        given("current_smoker"),
        given("diabetes"),
    )


def _outputs(title: Text, short: Text) -> tuple[OutputSpec, ...]:
    return (
        output(
            "cvd_10y",
            title,
            short_title=short,
            event=T(
                "develop coronary disease, stroke, peripheral artery disease or heart failure within 10 years",
                "会在 10 年内发生冠心病、脑卒中、外周动脉疾病或心力衰竭",
            ),
            scale=(0.0, 0.3),
            calibration="As published; not recalibrated",
        ),
    )


REFERENCE: dict[str, float | str] = {
    "age": "same",
    "sex": "same",
    "systolic_bp": 110,
    "bp_treatment": 0,
    "current_smoker": 0,
    "diabetes": 0,
}

FRAMINGHAM_LIPID = Equation(
    id="framingham_lipid",
    title=T("10-year cardiovascular disease, Framingham 2008", "10 年心血管病风险，Framingham 2008"),
    name=T("Framingham 2008, lipids", "Framingham 2008（血脂）"),
    summary=T(
        "Estimates how many of 100 adults with these values develop coronary disease, stroke, peripheral artery "
        "disease "
        "or heart failure within 10 years. An older score of one US town.",
        "估算 100 位情况相似的成人在 10 年内发生冠心病、脑卒中、外周动脉疾病或心力衰竭的人数。较早的评分，"
        "来自美国一个城镇。",
    ),
    intended_use=INTENDED,
    not_for=NOT_FOR,
    indication=INDICATION,
    population=POPULATION,
    age=(30.0, 74.0),
    on_request=True,
    inputs=(*_shared(), *lipids((100.0, 405.0), (10.0, 100.0), SITE)),
    outputs=_outputs(
        T(
            "10-year cardiovascular disease (Framingham 2008, lipids)",
            "10 年心血管病风险（Framingham 2008，血脂）",
        ),
        T("Framingham, lipids", "Framingham，血脂"),
    ),
    graph=lipid_graph,
    question="cvd_10y",
    exclusions=FIRST_EVENT,
    reference={**REFERENCE, "total_cholesterol": 170, "hdl_cholesterol": 50},
    baseline_name=T(
        "{person} with optimal values: pressure 110 untreated, cholesterol 170, HDL 50, no diabetes, no smoking",
        "各项理想的{person}：收缩压 110、未降压治疗、总胆固醇 170、HDL 50、无糖尿病、不吸烟",
    ),
    citation=CITATION,
    facts=FACTS,
)

FRAMINGHAM_BMI = Equation(
    id="framingham_bmi",
    title=T(
        "10-year cardiovascular disease without laboratory, Framingham 2008",
        "10 年心血管病风险（无需化验），Framingham 2008",
    ),
    name=T("Framingham 2008, BMI", "Framingham 2008（BMI）"),
    summary=T(
        "The Framingham profile without laboratory values: the body-mass index stands in for cholesterol. An older "
        "score "
        "of one US town.",
        "不需化验的弗雷明翰评分：以 BMI 代替胆固醇。较早的评分，来自美国一个城镇。",
    ),
    intended_use=INTENDED,
    not_for=NOT_FOR,
    indication=INDICATION,
    population=POPULATION,
    age=(30.0, 74.0),
    on_request=True,
    inputs=(
        *_shared(),
        given("bmi", accepted=(15.0, 50.0), accepted_source=SITE, plausible=(20.0, 38.0), max_age_days=365),
    ),
    outputs=_outputs(
        T(
            "10-year cardiovascular disease (Framingham 2008, BMI)",
            "10 年心血管病风险（Framingham 2008，BMI）",
        ),
        T("Framingham, BMI", "Framingham，BMI"),
    ),
    graph=bmi_graph,
    question="cvd_10y",
    exclusions=FIRST_EVENT,
    reference={**REFERENCE, "bmi": 22},
    baseline_name=T(
        "{person} with optimal values: pressure 110 untreated, BMI 22, no diabetes, no smoking",
        "各项理想的{person}：收缩压 110、未降压治疗、BMI 22、无糖尿病、不吸烟",
    ),
    citation=CITATION,
    facts=FACTS,
)
