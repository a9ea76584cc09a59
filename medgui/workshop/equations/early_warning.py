"""Early warning scores: deterioration of an acutely ill adult from the signs at the bedside."""

from collections.abc import Mapping

import numpy as np
import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.workshop.equation import number, or_zero
from medgui.workshop.equations import Equation, T, band, given, output, point_score, steps
from medgui.workshop.equations.acute import (
    A_WELL_PERSON,
    NOT_IN_PREGNANCY,
    bedside_score,
    encounter,
    measured,
    points,
    well,
)
from medgui.workshop.equations.forms import missing_if
from medgui.workshop.equations.points import choice, total

_NEWS2 = encounter(
    measured("respiratory_rate"),
    measured("oxygen_saturation"),
    given("spo2_scale", needed=False),
    measured("supplemental_oxygen"),
    measured("systolic_bp"),
    measured("heart_rate"),
    measured("consciousness"),
    measured("temperature"),
)


def _saturation(x: Mapping[str, Var]) -> Var:
    """Points for saturation: scale 1, and scale 2 (on air or on oxygen) only where scale 2 was chosen."""
    usual = total(x, [steps("oxygen_saturation", 3, (92, 2), (94, 1), (96, 0))])
    on_air = total(x, [steps("oxygen_saturation", 3, (84, 2), (86, 1), (88, 0))])
    too_much = total(x, [steps("oxygen_saturation", 0, (92, 1), (94, 2), (96, 3), above=True)])
    target = op.add(on_air, op.mul(too_much, x["supplemental_oxygen"]))
    return op.where(op.greater(or_zero(x["spo2_scale"]), number(1.5)), target, usual)


def _news2(x: Mapping[str, Var]) -> dict[str, Var]:
    """The seven parameters of NEWS2. A rate between two whole numbers counts to the more severe side."""
    low_breath = total(x, [steps("respiratory_rate", 3, (9, 1), (12, 0))])
    fast_breath = total(x, [steps("respiratory_rate", 0, (20, 2), (24, 3), above=True)])
    low_pressure = total(x, [steps("systolic_bp", 3, (91, 2), (101, 1), (111, 0))])
    high_pressure = total(x, [steps("systolic_bp", 0, (219, 3), above=True)])
    slow_pulse = total(x, [steps("heart_rate", 3, (41, 1), (51, 0))])
    fast_pulse = total(x, [steps("heart_rate", 0, (90, 1), (110, 2), (130, 3), above=True)])
    parts = [
        op.add(low_breath, fast_breath),
        _saturation(x),
        op.mul(x["supplemental_oxygen"], number(2.0)),
        op.add(low_pressure, high_pressure),
        op.add(slow_pulse, fast_pulse),
        total(x, [choice("consciousness", (0, 3))]),
        total(x, [steps("temperature", 3, (35, 1), (36, 0), (38, 1), (39, 2), above=True)]),
    ]
    each = op.concat(parts, axis=1)
    rows = op.const(np.array([1], dtype=np.int64))
    return {
        "points": op.reduce_sum(each, rows, keepdims=1),
        "highest_parameter": missing_if(op.reduce_max(each, rows, keepdims=1), *parts),
    }


NEWS2 = Equation(
    id="news2",
    kind="score",
    evidence="guideline",
    title=T("National Early Warning Score, NEWS2", "国家早期预警评分 NEWS2"),
    name=T("NEWS2", "NEWS2"),
    summary=T(
        "Seven bedside signs of an acutely ill adult. Reproduced from: Royal College of Physicians. National Early "
        "Warning Score (NEWS) 2. Standardising the assessment of acute-illness severity in the NHS. London: RCP, 2017.",
        "急症成人的七项床旁体征评分。转载自：Royal College of Physicians. National Early Warning Score (NEWS) 2. "
        "Standardising the assessment of acute-illness severity in the NHS. London: RCP, 2017.",
    ),
    intended_use=T(
        "Assessment and monitoring of acute illness in adults; how soon and by whom the patient is seen",
        "评估和监测成人急性病情，决定由谁、何时处置",
    ),
    not_for=T(
        "Under 16 years, pregnancy, spinal cord injury; not in place of clinical judgement",
        "16 岁以下、妊娠、脊髓损伤；不能代替临床判断",
    ),
    indication=T("Acute illness of an adult", "成人急性病"),
    population=T("Acutely ill people from 16 years, not pregnant", "16 岁及以上非妊娠急症患者"),
    inputs=_NEWS2,
    outputs=(
        output(
            "points",
            T("NEWS2, total", "NEWS2 总分"),
            scale=(0, 20),
            decimals=0,
            bands=(
                band(0, 1, T("Routine monitoring, every 12 hours", "常规监测，每 12 小时一次")),
                band(
                    1,
                    5,
                    T(
                        "Low, unless one parameter scores 3: every 4-6 hours",
                        "低（无单项 3 分时）：每 4-6 小时一次",
                    ),
                ),
                band(5, 7, T("Medium: urgent response, hourly", "中：紧急响应，每小时一次"), "caution"),
                band(7, 21, T("High: emergency response, continuous", "高：急救响应，持续监测"), "high"),
            ),
            bands_source=T("Royal College of Physicians 2017", "英国皇家内科医师学会 2017"),
        ),
        output(
            "highest_parameter",
            T("NEWS2, highest single parameter", "NEWS2 单项最高分"),
            scale=(0, 3),
            decimals=0,
            bands=(
                band(0, 3, T("No parameter scores 3", "无单项 3 分")),
                band(
                    3,
                    4,
                    T("3 in one parameter: urgent ward-based response", "单项 3 分：病房紧急响应"),
                    "caution",
                ),
            ),
            bands_source=T("Royal College of Physicians 2017", "英国皇家内科医师学会 2017"),
        ),
    ),
    graph=_news2,
    question="deterioration",
    acute=True,
    age=(16.0, 120.0),
    exclusions=(NOT_IN_PREGNANCY,),
    regions=("uk", "europe"),
    guideline=T("RCP NEWS2 2017", "RCP NEWS2 2017"),
    reference=well(_NEWS2, spo2_scale="1"),
    baseline_name=A_WELL_PERSON,
    citation="Royal College of Physicians. National Early Warning Score (NEWS) 2: Standardising the assessment of "
    "acute-illness severity in the NHS. Updated report of a working party. London: RCP, 2017",
    licence="NEWS2 is copyright of the Royal College of Physicians 2017, free to use with attribution and unaltered; "
    "the graph is part of medgui under Apache-2.0",
    facts={
        "out_of_scope.known_risks": T(
            "Saturation scale 2 is only for confirmed hypercapnic respiratory failure with a prescribed target "
            "of 88-92 "
            "%; where no scale is stated, scale 1 is used. A rate or pressure between two whole numbers counts to the "
            "more severe side.",
            "血氧饱和度量表 2 仅用于已确诊高碳酸血症性呼吸衰竭且医嘱目标为 88-92% 者；未说明量表时采用量表 1。"
            "介于两个整数之间的数值按较重一侧计分。",
        )
    },
)

_REMS = encounter(
    given("age"),
    measured("mean_arterial_pressure"),
    measured("heart_rate"),
    measured("respiratory_rate"),
    measured("oxygen_saturation"),
    measured("glasgow_coma_scale"),
)

REMS = bedside_score(
    id="rems",
    group="prognosis",
    title=T("Death in hospital of emergency patients, REMS", "急诊患者院内死亡 REMS 评分"),
    name=T("REMS", "REMS"),
    summary=T("Six bedside values of a non-surgical emergency patient.", "非手术急诊患者的六项床旁指标。"),
    intended_use=T("Severity of illness in the emergency department", "评估急诊患者病情严重程度"),
    not_for=T(
        "A decision about one person; not in place of clinical judgement", "不用于个体决策；不能代替临床判断"
    ),
    indication=T("Acute illness in the emergency department", "急诊急性病患者"),
    inputs=_REMS,
    outputs=(points(T("REMS points", "REMS 评分"), 26),),
    graph=point_score(
        steps("age", 0, (45, 2), (55, 3), (65, 5), (75, 6)),
        steps("mean_arterial_pressure", 4, (50, 2), (70, 0), (110, 2), (130, 3), (160, 4)),
        steps("heart_rate", 4, (40, 3), (55, 2), (70, 0), (110, 2), (140, 3), (180, 4)),
        steps("respiratory_rate", 4, (6, 2), (10, 1), (12, 0), (25, 1), (35, 3), (50, 4)),
        steps("oxygen_saturation", 4, (75, 3), (86, 1), (90, 0)),
        steps("glasgow_coma_scale", 4, (5, 3), (8, 2), (11, 1), (14, 0)),
    ),
    question="deterioration",
    citation="Olsson T, Terént A, Lind L. Rapid Emergency Medicine score: a new prognostic tool for in-hospital "
    "mortality "
    "in nonsurgical emergency department patients. J Intern Med 2004;255:579-587. "
    "doi:10.1111/j.1365-2796.2004.01321.x",
)

_SHOCK = encounter(measured("heart_rate"), measured("systolic_bp"))


def _shock_index(x: Mapping[str, Var]) -> dict[str, Var]:
    return {"shock_index": op.div(x["heart_rate"], x["systolic_bp"])}


SHOCK_INDEX = bedside_score(
    id="shock_index",
    title=T("Shock index", "休克指数"),
    name=T("Shock index", "休克指数"),
    summary=T("Heart rate over systolic pressure.", "心率与收缩压之比。"),
    intended_use=T(
        "First look at circulation in bleeding, injury and sepsis", "出血、创伤和脓毒症时初步评估循环"
    ),
    not_for=T(
        "People on drugs that slow the heart; not in place of clinical judgement",
        "使用减慢心率药物者；不能代替临床判断",
    ),
    indication=T("Bleeding, injury or suspected shock", "出血、创伤或疑似休克"),
    inputs=_SHOCK,
    outputs=(
        output(
            "shock_index",
            T("Shock index, pulse over pressure", "休克指数（心率/收缩压）"),
            scale=(0, 2),
            decimals=2,
        ),
    ),
    graph=_shock_index,
    question="deterioration",
    citation="Allgöwer M, Burri C. Schockindex. Dtsch Med Wochenschr 1967;92:1947-1950. "
    "doi:10.1055/s-0028-1106070",
)
