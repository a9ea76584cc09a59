"""Severity of critical illness in intensive care: APACHE II."""

from collections.abc import Mapping

import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.workshop.equation import number
from medgui.workshop.equations import Equation, T, given, output, steps
from medgui.workshop.equations.acute import encounter, measured, oxygen_pressure, well
from medgui.workshop.equations.forms import missing_if
from medgui.workshop.equations.points import choice, total

_APACHE2 = encounter(
    given("age"),
    measured("aa_gradient", needed=False),
    oxygen_pressure(needed=False),
    measured("fio2"),
    given("acute_renal_failure", needed=False),
    measured("arterial_ph"),
    given("chronic_health"),
    measured("creatinine"),
    measured("glasgow_coma_scale"),
    measured("heart_rate"),
    measured("haematocrit"),
    measured("mean_arterial_pressure"),
    measured("potassium"),
    measured("respiratory_rate"),
    measured("sodium"),
    measured("temperature"),
    measured("wbc"),
)
_ITEMS = (
    steps("age", 0, (45, 2), (55, 3), (65, 5), (75, 6)),
    choice("chronic_health", (0, 2, 5)),
    steps("arterial_ph", 4, (7.15, 3), (7.25, 2), (7.33, 0), (7.5, 1), (7.6, 3), (7.7, 4)),
    steps("heart_rate", 4, (40, 3), (55, 2), (70, 0), (110, 2), (140, 3), (180, 4)),
    steps("haematocrit", 4, (20, 2), (30, 0), (46, 1), (50, 2), (60, 4)),
    steps("mean_arterial_pressure", 4, (50, 2), (70, 0), (110, 2), (130, 3), (160, 4)),
    steps("potassium", 4, (2.5, 2), (3, 1), (3.5, 0), (5.5, 1), (6, 3), (7, 4)),
    steps("respiratory_rate", 4, (6, 2), (10, 1), (12, 0), (25, 1), (35, 3), (50, 4)),
    steps("sodium", 4, (111, 3), (120, 2), (130, 0), (150, 1), (155, 2), (160, 3), (180, 4)),
    steps("temperature", 4, (30, 3), (32, 2), (34, 1), (36, 0), (38.5, 1), (39, 3), (41, 4)),
    steps("wbc", 4, (1, 2), (3, 0), (15, 1), (20, 2), (40, 4)),
)


def _apache2(x: Mapping[str, Var]) -> dict[str, Var]:
    """Gas exchange by A-a gradient from an inhaled fraction of 0.5, else by PaO2; creatinine doubled in acute failure.

    Acute kidney failure changes nothing where creatinine gives no point, and need not be known then.
    """
    gradient = total(x, [steps("aa_gradient", 0, (200, 2), (350, 3), (500, 4))])
    pressure = op.add(
        total(x, [steps("pao2", 4, (55, 3), (61, 1))]),
        total(x, [steps("pao2", 0, (70, -1), above=True)]),
    )
    oxygen = missing_if(op.where(op.greater_or_equal(x["fio2"], number(0.5)), gradient, pressure), x["fio2"])
    kidney = total(x, [steps("creatinine", 2, (0.6, 0), (1.5, 2), (2.0, 3), (3.5, 4))])
    doubled = op.mul(kidney, op.add(number(1.0), x["acute_renal_failure"]))
    coma = op.sub(number(15.0), x["glasgow_coma_scale"])
    kidney = op.where(op.equal(kidney, number(0.0)), kidney, doubled)
    return {"points": op.sum([total(x, _ITEMS), oxygen, kidney, coma])}


APACHE2 = Equation(
    id="apache2",
    kind="score",
    title=T("Severity of critical illness, APACHE II", "危重症严重程度 APACHE II"),
    name=T("APACHE II", "APACHE II"),
    summary=T(
        "Worst values of the first 24 hours in intensive care, age and chronic disease.",
        "入住 ICU 首个 24 小时内最差值、年龄和慢性健康状况评分。",
    ),
    intended_use=T("Severity of illness on admission to intensive care", "评估入住 ICU 时的病情严重程度"),
    not_for=T(
        "Decision about one person; a percentage of death, which needs the diagnostic category",
        "不用于个体决策；病死率须结合诊断类别，本处不计算",
    ),
    indication=T("First day in intensive care", "入住 ICU 首日"),
    population=T("Adults in intensive care", "ICU 成人患者"),
    inputs=_APACHE2,
    outputs=(output("points", T("APACHE II points", "APACHE II 评分"), scale=(0, 71), decimals=0),),
    graph=_apache2,
    question="critical_illness",
    acute=True,
    reference={**well(_APACHE2), "fio2": "same"},
    baseline_name=T(
        "a person of 40 years with normal values and no point, breathing the same fraction of oxygen",
        "各项指标正常、无得分项、吸氧浓度相同的 40 岁者",
    ),
    citation="Knaus WA, Draper EA, Wagner DP, Zimmerman JE. APACHE II: a severity of disease classification "
    "system. Crit "
    "Care Med 1985;13:818-829. "
    "doi:10.1097/00003246-198510000-00009",
    facts={
        "out_of_scope.known_risks": T(
            "A mean pressure below 50 mmHg gives 4 points (the table of 1985); some programs give 3 from 40 to "
            "49. Values "
            "that no living person has are refused; an independent implementation gives points for them (pH 0.1, "
            "haematocrit 0.4 %).",
            "平均动脉压低于 50 mmHg 计 4 分（1985 年原表）；有的程序对 40-49 mmHg 计 3 分。生理上不可能的数值予以拒绝；"
            "某独立实现对此类数值（pH 0.1、红细胞压积 0.4%）仍计分。",
        )
    },
)
