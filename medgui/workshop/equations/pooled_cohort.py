"""Pooled cohort equations: ACC/AHA 2013 (Goff) and their revision of 2018 (Yadlowsky)."""

from __future__ import annotations

from collections.abc import Mapping

import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.inference.manifest import Exclusion
from medgui.record.variables import VARIABLES
from medgui.workshop.equation import number
from medgui.workshop.equations import Equation, T, band, given, output
from medgui.workshop.equations.forms import cox, logistic, pick
from medgui.workshop.equations.prevention import (
    FIRST_EVENT,
    MEASURED,
    age,
    chosen,
    lipids,
    pressure,
    sex,
)

GOFF_TERMS = (
    "ln_age", "ln_age_sq", "ln_tc", "ln_age_x_ln_tc", "ln_hdl", "ln_age_x_ln_hdl", "ln_sbp_treated",
    "ln_age_x_ln_sbp_treated", "ln_sbp_untreated", "ln_age_x_ln_sbp_untreated", "smoker", "ln_age_x_smoker",
    "diabetes",
)  # fmt: skip
GOFF = (
    (-29.799, 4.884, 13.54, -3.114, -13.578, 3.149, 2.019, 0, 1.957, 0, 7.574, -1.665, 0.661),
    (12.344, 0, 11.853, -2.664, -7.99, 1.769, 1.797, 0, 1.764, 0, 7.837, -1.795, 0.658),
    (17.1141, 0, 0.9396, 0, -18.9196, 4.4748, 29.2907, -6.4321, 27.8197, -6.0873, 0.6908, 0, 0.8738),
    (2.469, 0, 0.302, 0, -0.307, 0, 1.916, 0, 1.809, 0, 0.549, 0, 0.645),
)
"""Coefficients of `GOFF_TERMS`: White women, White men, Black women, Black men; the set with the most digits."""
SURVIVAL = (0.96652, 0.91436, 0.95334, 0.89536)
MEAN = (-29.1817, 61.1816, 86.6081, 19.5425)

YADLOWSKY = {
    "constant": (-12.82311, -11.67998),
    "age": (0.106501, 0.0642),
    "black": (0.43244, 0.482835),
    "sbp_sq": (5.6e-05, -6.1e-05),
    "sbp": (0.017666, 0.03895),
    "treated": (0.731678, 2.055533),
    "diabetes": (0.94397, 0.842209),
    "smoker": (1.00979, 0.895589),
    "ratio": (0.151318, 0.193307),
    "age_x_black": (-0.00858, 0),
    "sbp_x_treated": (-0.003647, -0.014207),
    "sbp_x_black": (0.006208, 0.011609),
    "black_x_treated": (0.152968, -0.11946),
    "age_x_sbp": (-0.000153, 2.5e-05),
    "black_x_diabetes": (0.115232, -0.077214),
    "black_x_smoker": (-0.092231, -0.226771),
    "black_x_ratio": (0.070498, -0.117749),
    "black_x_sbp_x_treated": (-0.000173, 0.00419),
    "black_x_age_x_sbp": (-9.4e-05, -0.000199),
}
"""Women, men; TC/HDL is `ratio`, pressure in mmHg, age in years."""


def _graph(x: Mapping[str, Var]) -> dict[str, Var]:
    black = pick(x["ethnicity"], [float(group == "NH Black") for group in VARIABLES["ethnicity"].categories])
    group = op.add(op.mul(black, number(2.0)), x["sex"])
    lp = op.sub(chosen(_goff(x), GOFF, group), pick(group, MEAN))
    return {"ascvd_10y": cox(pick(group, SURVIVAL), lp), "ascvd_10y_2018": logistic(_yadlowsky(x, black))}


def _goff(x: Mapping[str, Var]) -> Var:
    """`GOFF_TERMS` [N, 13]: of the two pressures the one that does not apply is 0."""
    ln_age, ln_tc, ln_hdl, ln_sbp = (
        op.log(x[name]) for name in ("age", "total_cholesterol", "hdl_cholesterol", "systolic_bp")
    )
    treated = op.mul(x["bp_treatment"], ln_sbp)
    untreated = op.sub(ln_sbp, treated)
    smoker = x["current_smoker"]
    alone = op.concat([ln_age, ln_tc, ln_hdl, treated, untreated, smoker], axis=1)
    by_age = op.mul(alone, ln_age)
    both = op.reshape(
        op.concat(
            [op.unsqueeze(alone, op.const([2])), op.unsqueeze(by_age, op.const([2]))],
            axis=2,
        ),
        op.const([-1, 12]),
    )
    return op.concat([both, x["diabetes"]], axis=1)


def _yadlowsky(x: Mapping[str, Var], black: Var) -> Var:
    """Linear predictor of the revision [N, 1]."""
    years, sbp, treated = x["age"], x["systolic_bp"], x["bp_treatment"]
    ratio = op.div(x["total_cholesterol"], x["hdl_cholesterol"])
    sbp_x_treated, age_x_sbp = op.mul(sbp, treated), op.mul(years, sbp)
    one = op.add(op.mul(years, number(0.0)), number(1.0))
    alone = {
        "constant": one,
        "age": years,
        "sbp": sbp,
        "treated": treated,
        "diabetes": x["diabetes"],
        "smoker": x["current_smoker"],
        "ratio": ratio,
        "sbp_x_treated": sbp_x_treated,
        "age_x_sbp": age_x_sbp,
        "sbp_sq": op.mul(sbp, sbp),
    }
    crossed = {"constant": "black", "age": "age_x_black", "sbp": "sbp_x_black"}
    stack = op.concat(list(alone.values()), axis=1)
    names = [*alone, *(crossed.get(name, f"black_x_{name}") for name in alone)]
    weights = [[YADLOWSKY.get(name, (0.0, 0.0))[sex] for name in names] for sex in (0, 1)]
    return chosen(op.concat([stack, op.mul(stack, black)], axis=1), weights, x["sex"])


RANGES = "Goff 2013: bounds of the ACC/AHA calculator"
MADE_FOR = T(
    "The equation was made for non-Hispanic White and Black people; this number uses the coefficients for White "
    "people and may over- or understate the risk",
    "该方程针对非西班牙裔白人和黑人建立；此处采用白人系数，可能高估或低估风险",
)
STATIN = Exclusion(
    "statin",
    1.0,
    T(
        "On a statin: the equation was made for people without one, and treated lipids understate the risk",
        "正在使用他汀：该方程针对未用他汀者建立，治疗后的血脂会低估风险",
    ),
    code="statin",
    unknown="statin_not_stated",
    unknown_message=T(
        "The file does not state whether a statin is taken; on a statin this result does not apply",
        "文件未说明是否服用他汀；如服用，本结果不适用",
    ),
)
PCE = Equation(
    id="pce",
    title=T("10-year heart attack or stroke, pooled cohort equations", "10 年心肌梗死或脑卒中，汇总队列方程"),
    name=T("Pooled cohort equations 2013", "汇总队列方程 2013"),
    summary=T(
        "Estimates how many of 100 adults with these values have a first heart attack or stroke within 10 years; "
        "beside it the revision of 2018. Derived in US adults; PREVENT has followed it.",
        "估算 100 位情况相似的成人在 10 年内首次发生心肌梗死或脑卒中的人数，并列出 2018 年修订版的结果。"
        "基于美国成人；后续方程为 "
        "PREVENT。",
    ),
    intended_use=T(
        "Primary prevention: to inform a talk between clinician and patient on lipids and blood pressure",
        "一级预防：供医患就血脂和血压进行沟通时参考",
    ),
    not_for=T(
        "After a cardiovascular event, heart failure, on a statin, LDL cholesterol from 190 mg/dL, pregnancy; under 40 "
        "or over 79 years",
        "已发生心血管事件、心力衰竭、正在使用他汀、LDL 胆固醇 ≥190 mg/dL、妊娠；40 岁以下或 79 岁以上",
    ),
    indication=T(
        "Adults of 40 to 79 years without cardiovascular disease and without a statin",
        "40 至 79 岁、无心血管病且未用他汀的成人",
    ),
    population=T(
        "Non-Hispanic White and Black adults of 40 to 79 years in the United States, without cardiovascular disease",
        "美国 40 至 79 岁、无心血管病的非西班牙裔白人和黑人成人",
    ),
    age=(40.0, 79.0),
    inputs=(
        age(40.0, 79.0, RANGES),
        sex(),
        given("ethnicity"),
        *lipids((130.0, 320.0), (20.0, 100.0), RANGES),
        pressure((90.0, 200.0), RANGES),
        given("bp_treatment", marker=True),
        given("diabetes"),
        given("current_smoker"),
    ),
    outputs=(
        output(
            "ascvd_10y",
            T(
                "10-year heart attack or stroke (pooled cohort equations 2013)",
                "10 年 ASCVD 风险（汇总队列方程 2013）",
            ),
            short_title=T("ASCVD, 2013", "ASCVD，2013"),
            event=T("have a heart attack or stroke within 10 years", "会在 10 年内发生心肌梗死或脑卒中"),
            scale=(0.0, 0.3),
            calibration="As published; overstated the risk in several later US cohorts",
            bands=(
                band(0.0, 0.05, T("Low", "低危")),
                band(0.05, 0.075, T("Borderline", "临界")),
                band(0.075, 0.2, T("Intermediate", "中危"), "caution"),
                band(0.2, 1.01, T("High", "高危"), "high"),
            ),
            bands_source=T(
                "2019 ACC/AHA guideline on primary prevention (ASCVD, United States)",
                "2019 ACC/AHA 心血管病一级预防指南（ASCVD，美国）",
            ),
        ),
        output(
            "ascvd_10y_2018",
            T(
                "10-year heart attack or stroke (pooled cohort equations, revision 2018)",
                "10 年 ASCVD 风险（汇总队列方程 2018 修订版）",
            ),
            short_title=T("ASCVD, revision 2018", "ASCVD，2018 修订"),
            event=T("have a heart attack or stroke within 10 years", "会在 10 年内发生心肌梗死或脑卒中"),
            scale=(0.0, 0.3),
            calibration="As published; not recalibrated",
        ),
    ),
    graph=_graph,
    question="cvd_10y",
    needs_any=MEASURED,
    exclusions=(
        *FIRST_EVENT,
        STATIN,
        *(
            Exclusion("ethnicity", code, MADE_FOR, effect="caution", code="group_not_derived")
            for group, code in VARIABLES["ethnicity"].numbers().items()
            if group not in ("NH White", "NH Black")
        ),
    ),
    regions=("us",),
    guideline=T(
        "2019 ACC/AHA guideline on the primary prevention of cardiovascular disease",
        "2019 ACC/AHA 心血管病一级预防指南",
    ),
    reference={
        "age": "same",
        "sex": "same",
        "ethnicity": "same",
        "total_cholesterol": 170,
        "hdl_cholesterol": 50,
        "systolic_bp": 110,
        "bp_treatment": 0,
        "diabetes": 0,
        "current_smoker": 0,
    },
    baseline_name=T(
        "{person} with optimal values: pressure 110 untreated, cholesterol 170, HDL 50, no diabetes, no smoking",
        "各项理想的{person}：收缩压 110、未降压治疗、总胆固醇 170、HDL 50、无糖尿病、不吸烟",
    ),
    notice=T(
        "Pooled cohort equations: superseded. The 2026 ACC/AHA dyslipidemia guideline uses PREVENT with other limits; "
        "these numbers are mostly higher and belong to the limits of 2019.",
        "汇总队列方程：已被取代。2026 年 ACC/AHA 血脂异常指南改用 PREVENT，界值不同；此处数值多偏高，只能对照 2019 "
        "年的界值。",
    ),
    citation="Goff DC Jr, Lloyd-Jones DM, Bennett G, et al. 2013 ACC/AHA guideline on the assessment of cardiovascular "
    "risk. Circulation 2014;129(suppl 2):S49-S73. doi:10.1161/01.cir.0000437741.48606.98; revision: Yadlowsky S, et "
    "al. Ann Intern Med 2018;169:20-29. doi:10.7326/M17-3011",
    facts={
        "development.sensitive_inputs": T(
            "Age, sex and race: the published equation has coefficients for Black and for White people; other groups "
            "get those for White people with a caution, and nobody is refused",
            "年龄、性别和种族：原方程分别有黑人和白人系数；其他人群采用白人系数并附提示，不因种族拒绝任何人",
        ),
        "development.relevance": T(
            "Derived in US cohorts of the 1960s to 1990s; not recalibrated for other countries",
            "基于美国 1960 至 1990 年代队列；未针对其他国家重新校准",
        ),
        "out_of_scope.known_risks": T(
            "Two sets of the 2013 coefficients circulate: this is the one with more digits; the printed table "
            "differs by "
            "up to 0.5 percentage points at high risk. The 2013 equation overstated the risk in several later cohorts",
            "2013 版系数有两种精度：此处采用位数较多者；与印刷表在高风险时相差至多 0.5 个百分点。2013 "
            "版在多个后续队列中高估风险",
        ),
    },
)
