"""China-PAR: heart attack or stroke in 10 years, for people without blood-pressure treatment. A demonstration."""

from __future__ import annotations

from collections.abc import Mapping

import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.inference.manifest import Exclusion
from medgui.workshop.equation import or_zero
from medgui.workshop.equations import Equation, T, given, output
from medgui.workshop.equations.forms import cox, pick
from medgui.workshop.equations.prevention import FIRST_EVENT, age, chosen, lipids, pressure, sex

# ln age, pressure, cholesterol, HDL, waist; ln age x ln pressure; smoker, diabetes, north; urban, family history;
# ln age x smoker, ln age x family history. Women, men. Pressure without treatment.
WEIGHTS = (
    (24.87, 19.98, 0.06, -0.22, 1.48, -4.36, 0.49, 0.57, 0.54, 0.0, 0.0, 0.0, 0.0),
    (31.97, 26.15, 0.62, -0.69, -0.71, -5.73, 3.96, 0.36, 0.48, -0.16, 6.22, -0.94, -1.53),
)
SURVIVAL, MEAN = (0.9904, 0.9707), (117.26, 140.68)


def _graph(x: Mapping[str, Var]) -> dict[str, Var]:
    """Town and family history have no coefficient in women: there they may be missing."""
    names = ("age", "systolic_bp", "total_cholesterol", "hdl_cholesterol", "waist")
    logs = op.log(op.concat([x[name] for name in names], axis=1))
    ln_age, ln_sbp = op.log(x["age"]), op.log(x["systolic_bp"])
    urban, family = or_zero(x["urban_residence"]), or_zero(x["family_history_ascvd"])
    stack = op.concat(
        [
            logs,
            op.mul(ln_age, ln_sbp),
            x["current_smoker"],
            x["diabetes"],
            x["north_china"],
            urban,
            family,
            op.mul(ln_age, x["current_smoker"]),
            op.mul(ln_age, family),
        ],
        axis=1,
    )
    lp = op.sub(chosen(stack, WEIGHTS, x["sex"]), pick(x["sex"], MEAN))
    return {"ascvd_10y": cox(pick(x["sex"], SURVIVAL), lp)}


BORROWED = (
    "The paper states no bounds; those of the pooled cohort equations (Goff 2013), cholesterol from 100 mg/dL"
)
TREATED = Exclusion(
    "bp_treatment",
    1.0,
    T(
        "On blood-pressure treatment: the coefficients for treated people could not be confirmed, so no number is "
        "shown",
        "正在降压治疗：治疗者的系数未能核实，因此不显示数值",
    ),
    code="bp_treatment",
    unknown="bp_treatment_not_stated",
    unknown_message=T(
        "The file does not state whether blood pressure is treated; under treatment this result does not apply",
        "文件未说明是否正在降压治疗；如在治疗，本结果不适用",
    ),
)
CHINA_PAR = Equation(
    id="china_par",
    evidence="demonstration",
    title=T(
        "10-year heart attack or stroke, China-PAR (demonstration)", "10 年 ASCVD 风险，China-PAR（演示）"
    ),
    name=T("China-PAR 2016", "China-PAR 2016"),
    summary=T(
        "Estimates how many of 100 Chinese adults with these values and without blood-pressure treatment have a heart "
        "attack or stroke within 10 years. Coefficients from a secondary source: for demonstration only.",
        "估算 100 位情况相似、未降压治疗的中国成人在 10 年内发生心肌梗死或脑卒中的人数。系数来自二手来源，仅供演示。",
    ),
    intended_use=T(
        "Demonstration; for care use the official China-PAR tool", "仅供演示；临床请使用官方 China-PAR 工具"
    ),
    not_for=T(
        "Decisions in care; people on blood-pressure treatment; after a cardiovascular event; under 35 or over 74 "
        "years",
        "临床决策；正在降压治疗者；已发生心血管事件；35 岁以下或 74 岁以上",
    ),
    indication=T(
        "Chinese adults of 35 to 74 years without cardiovascular disease and without blood-pressure treatment",
        "35 至 74 岁、无心血管病、未降压治疗的中国成人",
    ),
    population=T(
        "Chinese adults of 35 to 74 years without cardiovascular disease", "35 至 74 岁、无心血管病的中国成人"
    ),
    age=(35.0, 74.0),
    inputs=(
        age(35.0, 74.0, "Yang 2016: 35-74 years"),
        sex(),
        pressure((90.0, 200.0), BORROWED),
        *lipids((100.0, 320.0), (20.0, 100.0), BORROWED),
        given(
            "waist",
            accepted=(50.0, 130.0),
            accepted_source="The paper states no bounds; waists of adults",
            plausible=(65.0, 115.0),
            max_age_days=365,
        ),
        given("current_smoker"),
        given("diabetes"),
        given("north_china"),
        given("urban_residence", sexes=("male",)),
        given("family_history_ascvd", sexes=("male",)),
    ),
    outputs=(
        output(
            "ascvd_10y",
            T(
                "10-year heart attack or stroke (China-PAR, demonstration)",
                "10 年 ASCVD 风险（China-PAR，演示）",
            ),
            short_title=T("China-PAR", "China-PAR"),
            event=T("have a heart attack or stroke within 10 years", "会在 10 年内发生心肌梗死或脑卒中"),
            scale=(0.0, 0.3),
            calibration="As in a secondary source; not compared with the official tool",
        ),
    ),
    graph=_graph,
    question="cvd_10y",
    needs_any=("north_china",),
    exclusions=(*FIRST_EVENT, TREATED),
    regions=("china",),
    guideline=T(
        "2019 Chinese guideline on the assessment and management of cardiovascular risk",
        "中国心血管病风险评估和管理指南（2019）",
    ),
    reference={
        "age": "same",
        "sex": "same",
        "systolic_bp": 110,
        "total_cholesterol": 170,
        "hdl_cholesterol": 50,
        "waist": 80,
        "current_smoker": 0,
        "diabetes": 0,
        "north_china": "same",
        "urban_residence": "same",
        "family_history_ascvd": 0,
    },
    baseline_name=T(
        "{person} of the same place with optimal values: pressure 110, cholesterol 170, HDL 50, waist 80 cm, no "
        "smoking",
        "居住地相同、各项理想的{person}：收缩压 110、总胆固醇 170、HDL 50、腰围 80 cm、不吸烟",
    ),
    citation="Yang X, Li J, Hu D, et al. Predicting the 10-year risks of atherosclerotic cardiovascular disease in "
    "Chinese population: the China-PAR project. Circulation 2016;134:1430-1440. "
    "doi:10.1161/CIRCULATIONAHA.116.022367",
    facts={
        "development.relevance": T(
            "Derived in Chinese cohorts; elsewhere not examined", "基于中国队列；其他地区未经检验"
        ),
        "out_of_scope.known_risks": T(
            "Coefficients from one secondary source, printed with two decimals; there are no official test values, "
            "so that "
            "agreement with our own rows shows arithmetic only. The pair for treated people was not confirmed by a "
            "second "
            "source and is not used. No category is computed",
            "系数来自单一二手来源，仅两位小数；无官方测试值，与自有数据一致仅说明计算无误。"
            "治疗者的系数未获第二来源核实，故不使用。不计算危险分层",
        ),
    },
)
