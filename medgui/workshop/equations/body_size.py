"""Formulas of body size, circulation and heart rhythm: body surface, ideal weight, fluids, mean pressure, QTc."""

from collections.abc import Mapping

import numpy as np
import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.workshop.equation import number
from medgui.workshop.equations import Equation, T, given
from medgui.workshop.equations.electrolytes import ANYBODY, RECENT_DAYS, amount
from medgui.workshop.equations.forms import by_sex, clipped, linear

FIVE_FEET = 152.4
FLUID_DAYS = 7
"""A child's weight for fluids is at most so many days old."""
INCH = 2.54


def _power(x: Mapping[str, Var], factor: float, weight: float, height: float) -> Var:
    """Product of powers: factor x weight^a x height^b."""
    log = linear(
        {name: op.log(x[name]) for name in ("weight", "height")}, {"weight": weight, "height": height}
    )
    return op.mul(op.exp(log), number(factor))


def body_surface_area(x: Mapping[str, Var]) -> dict[str, Var]:
    """Three published powers of weight in kg and height in cm, m²."""
    return {
        "body_surface_area": _power(x, 1 / 60.0, 0.5, 0.5),
        "body_surface_area_du_bois": _power(x, 0.007184, 0.425, 0.725),
        "body_surface_area_haycock": _power(x, 0.024265, 0.5378, 0.3964),
    }


def ideal_body_weight(x: Mapping[str, Var]) -> dict[str, Var]:
    """50 kg (women 45.5) + 2.3 kg an inch above five feet; adjusted: + 0.4 of what the weight is above it."""
    above = op.sub(op.div(x["height"], number(INCH)), number(60.0))
    ideal = op.add(by_sex(x["sex"], number(45.5), number(50.0)), op.mul(above, number(2.3)))
    more = op.mul(op.sub(x["weight"], ideal), number(0.4))
    return {"ideal_body_weight": ideal, "adjusted_body_weight": op.add(ideal, more)}


def maintenance_fluids(x: Mapping[str, Var]) -> dict[str, Var]:
    """4 mL/h a kg up to 10 kg, 2 up to 20, 1 above; by day 100, 50 and 20 mL a kg."""
    weight = x["weight"]
    parts = (
        clipped(weight, hi=10.0),
        op.sub(clipped(weight, 10.0, 20.0), number(10.0)),
        op.sub(clipped(weight, 20.0), number(20.0)),
    )
    together = op.concat(list(parts), axis=1)
    rates = {"maintenance_fluid_rate": (4.0, 2.0, 1.0), "maintenance_fluid_day": (100.0, 50.0, 20.0)}
    return {name: op.matmul(together, op.const(np.array([rate]).T)) for name, rate in rates.items()}


def mean_arterial_pressure(x: Mapping[str, Var]) -> dict[str, Var]:
    """A third of the systolic and two thirds of the diastolic pressure."""
    return {"mean_bp": linear(x, {"systolic_bp": 1 / 3, "diastolic_bp": 2 / 3})}


def qtc(x: Mapping[str, Var]) -> dict[str, Var]:
    """Five corrections of QT in ms for a rate a minute; RR = 60 / rate."""
    qt, rate = x["qt_interval"], x["heart_rate"]
    rr = op.div(number(60.0), rate)
    return {
        "qtc_bazett": op.div(qt, op.sqrt(rr)),
        "qtc_fridericia": op.div(qt, op.pow(rr, number(1 / 3))),
        "qtc_framingham": op.add(qt, op.mul(op.sub(number(1.0), rr), number(154.0))),
        "qtc_hodges": op.add(qt, op.mul(op.sub(rate, number(60.0)), number(1.75))),
        "qtc_rautaharju": op.mul(qt, op.div(op.add(rate, number(120.0)), number(180.0))),
    }


BODY_SURFACE_AREA = Equation(
    id="body_surface_area",
    kind="score",
    title=T("Body surface area", "体表面积"),
    name=T("Body surface area, three formulas", "体表面积（三种公式）"),
    summary=T(
        "Square metres from weight and height by Mosteller, Du Bois and Haycock. A drug's protocol says "
        "which one it means.",
        "由体重和身高按 Mosteller、Du Bois 和 Haycock 公式计算（m²）。以用药方案指定的公式为准。",
    ),
    intended_use=T("Doses by surface; indexed measurements.", "用于按体表面积给药及指数化测量。"),
    not_for=T("Oedema, ascites, amputation.", "水肿、腹水、截肢时不准确。"),
    indication=T("A dose or measurement by body surface.", "需按体表面积计算的剂量或测量。"),
    population=ANYBODY,
    age=(0.0, 120.0),
    inputs=(given("weight", max_age_days=RECENT_DAYS), given("height")),
    inpatient=True,
    outputs=(
        amount(
            "body_surface_area", T("Body surface area, Mosteller", "体表面积（Mosteller）"), "m2", (0, 3), 2
        ),
        amount(
            "body_surface_area_du_bois",
            T("Body surface area, Du Bois", "体表面积（Du Bois）"),
            "m2",
            (0, 3),
            2,
        ),
        amount(
            "body_surface_area_haycock",
            T("Body surface area, Haycock", "体表面积（Haycock）"),
            "m2",
            (0, 3),
            2,
        ),
    ),
    graph=body_surface_area,
    question="body_size",
    on_request=True,
    reference={"weight": 70, "height": 170},
    baseline_name=T("70 kg and 170 cm", "体重 70 kg、身高 170 cm 者"),
    citation="Mosteller RD. Simplified calculation of body-surface area. N Engl J Med 1987;317:1098; Du Bois "
    "D, Du Bois EF. Arch Intern Med 1916;17:863-871; Haycock GB, Schwartz GJ, Wisotsky DH. J Pediatr "
    "1978;93:62-66. "
    "doi:10.1056/NEJM198710223171717",
)

IDEAL_BODY_WEIGHT = Equation(
    id="ideal_body_weight",
    kind="score",
    title=T("Ideal and adjusted body weight", "理想体重与校正体重"),
    name=T("Devine", "Devine 公式"),
    summary=T(
        "Weight for doses and tidal volumes from height and sex (Devine); adjusted weight adds 0.4 of what "
        "lies above. It says nothing about health.",
        "由身高和性别计算用于剂量和潮气量的体重（Devine）；校正体重加上超出部分的 0.4。与健康评价无关。",
    ),
    intended_use=T("Doses of some drugs, tidal volume.", "用于部分药物剂量和潮气量。"),
    not_for=T(
        "Under 152 cm (five feet), for which it was never made; children.",
        "不用于身高 < 152 cm 者（公式未涵盖）和儿童。",
    ),
    indication=T("A dose or ventilation by ideal weight.", "需按理想体重计算的剂量或通气。"),
    population=T("Adults of 152 cm and over", "身高 152 cm 及以上成人"),
    inputs=(
        given("sex"),
        given(
            "height",
            accepted=(FIVE_FEET, 260.0),
            accepted_source="Devine 1974 counts inches above five feet (152.4 cm)",
        ),
        given("weight", needed=False, outputs=("adjusted_body_weight",), max_age_days=RECENT_DAYS),
    ),
    inpatient=True,
    outputs=(
        amount("ideal_body_weight", T("Ideal body weight, Devine", "理想体重（Devine）"), "kg", (40, 100), 1),
        amount("adjusted_body_weight", T("Adjusted body weight", "校正体重"), "kg", (40, 140), 1),
    ),
    graph=ideal_body_weight,
    question="body_size",
    on_request=True,
    reference={"sex": "same", "height": 170, "weight": 66},
    baseline_name=T("{person} of 170 cm and 66 kg", "身高 170 cm、体重 66 kg 的{person}"),
    citation="Devine BJ. Gentamicin therapy. Drug Intell Clin Pharm 1974;8:650-655. "
    "doi:10.1177/106002807400801104",
)

MAINTENANCE_FLUIDS = Equation(
    id="maintenance_fluids",
    kind="score",
    title=T("Maintenance fluids by weight", "按体重计算的维持液量"),
    name=T("Holliday-Segar", "Holliday-Segar 公式"),
    summary=T(
        "Water for maintenance by weight, as a rate (4-2-1) and as a day's amount (100-50-20); deficits and "
        "losses come on top. Newborns need other amounts.",
        "按体重计算的维持液量：每小时（4-2-1）和每日（100-50-20）；缺失量和丢失量另计。新生儿不适用。",
    ),
    intended_use=T("Plan for maintenance fluids.", "用于维持补液计划。"),
    not_for=T(
        "Newborns up to 28 days, heart or kidney failure, inappropriate antidiuresis.",
        "不用于 28 天内新生儿、心力衰竭、肾衰竭及抗利尿激素分泌异常者。",
    ),
    indication=T("Fluids by vein.", "静脉补液。"),
    population=T("Children from 28 days; adults with caution", "28 天以上儿童；成人慎用"),
    age=(0.077, 120.0),
    inputs=(given("weight", max_age_days=FLUID_DAYS),),
    inpatient=True,
    outputs=(
        amount(
            "maintenance_fluid_rate", T("Maintenance fluid an hour", "每小时维持液量"), "mL/h", (0, 150), 0
        ),
        amount("maintenance_fluid_day", T("Maintenance fluid a day", "每日维持液量"), "mL/d", (0, 3500), 0),
    ),
    graph=maintenance_fluids,
    question="metabolism",
    on_request=True,
    reference={"weight": 20},
    baseline_name=T("a child of 20 kg", "体重 20 kg 的儿童"),
    citation="Holliday MA, Segar WE. The maintenance need for water in parenteral fluid therapy. Pediatrics "
    "1957;19:823-832. "
    "doi:10.1542/peds.19.5.823",
)

MEAN_ARTERIAL_PRESSURE = Equation(
    id="mean_arterial_pressure",
    kind="score",
    title=T("Mean arterial pressure, calculated", "平均动脉压（计算值）"),
    name=T("Mean arterial pressure", "平均动脉压"),
    summary=T(
        "A third of the systolic and two thirds of the diastolic pressure of one reading.",
        "同一次测量的收缩压的三分之一加舒张压的三分之二。",
    ),
    intended_use=T("Perfusion pressure where no catheter measures it.", "用于无有创监测时的灌注压估计。"),
    not_for=T("Fast or irregular rhythms.", "不用于快速或不规则心律。"),
    indication=T("Acute illness.", "急性疾病。"),
    population=ANYBODY,
    age=(0.0, 120.0),
    inputs=(
        given(
            "systolic_bp",
            varies=False,
            max_age_days=RECENT_DAYS,
            max_spread_days=0,
            spread_with=("diastolic_bp",),
        ),
        given("diastolic_bp", max_age_days=RECENT_DAYS),
    ),
    inpatient=True,
    outputs=(amount("mean_bp", T("Mean pressure, calculated", "平均压（计算值）"), "mm[Hg]", (40, 140), 0),),
    graph=mean_arterial_pressure,
    question="circulation",
    on_request=True,
    reference={"systolic_bp": 120, "diastolic_bp": 80},
    baseline_name=T("a pressure of 120/80 mmHg", "血压 120/80 mmHg"),
    citation="Sesso HD, Stampfer MJ, Rosner B, et al. Systolic and diastolic blood pressure, pulse pressure, "
    "and mean arterial pressure as predictors of cardiovascular disease risk in men. Hypertension "
    "2000;36:801-807. doi:10.1161/01.HYP.36.5.801",
)

_RULES = (
    ("bazett", "Bazett"),
    ("fridericia", "Fridericia"),
    ("framingham", "Framingham"),
    ("hodges", "Hodges"),
)
QTC = Equation(
    id="qtc",
    kind="score",
    title=T("QT interval corrected for the heart rate", "心率校正的 QT 间期"),
    name=T("QTc, five corrections", "QTc（五种校正公式）"),
    summary=T(
        "QT as it would be at 60 a minute, by five published corrections. Bazett says too much at fast rates "
        "and too little at slow ones. Long: from 450 ms in men and 460 ms in women.",
        "按心率 60 次/分校正的 QT，采用五种公式。Bazett 在心率快时偏高、慢时偏低。男性 ≥ 450 ms、女性 ≥ 460 "
        "ms 为延长。",
    ),
    intended_use=T("Drugs that prolong QT, long QT syndrome.", "用于延长 QT 的药物及长 QT 综合征。"),
    not_for=T(
        "Wide QRS, pacemaker, atrial fibrillation without a mean of several beats.",
        "不用于宽 QRS、起搏心律及未取多次平均的房颤。",
    ),
    indication=T("An ECG with a measured QT.", "已测 QT 的心电图。"),
    population=ANYBODY,
    age=(0.0, 120.0),
    inputs=(
        given("qt_interval", max_spread_days=0, spread_with=("heart_rate",)),
        given("heart_rate", accepted=(20.0, 300.0), accepted_source="Rates of a rhythm with a QT to measure"),
    ),
    inpatient=True,
    outputs=tuple(
        amount(f"qtc_{name}", T(f"QTc, {author}", f"QTc（{author}）"), "ms", (300, 600), 0)
        for name, author in (*_RULES, ("rautaharju", "Rautaharju"))
    ),
    graph=qtc,
    question="circulation",
    on_request=True,
    reference={"qt_interval": 400, "heart_rate": 60},
    baseline_name=T("a QT of 400 ms at 60 a minute", "心率 60 次/分、QT 400 ms"),
    facts={
        "out_of_scope.known_risks": T(
            "The rate has to be that of the same ECG, not a pulse counted later that day",
            "心率须来自同一份心电图，而非当日另行测得的脉搏",
        )
    },
    citation="Rautaharju PM, Surawicz B, Gettes LS. AHA/ACCF/HRS recommendations for the standardization and "
    "interpretation of the electrocardiogram: part IV. Circulation 2009;119:e241-e250. "
    "doi:10.1161/CIRCULATIONAHA.108.191096",
)
