"""WHO cardiovascular risk 2019, with and without laboratory values, recalibrated to the patient's country."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import spox.opset.ai.onnx.v21 as op
from numpy.typing import NDArray
from spox import Var

from medgui.frozen import frozen
from medgui.inference.manifest import BandSpec, Exclusion, InputSpec, OutputSpec, Text
from medgui.workshop.equation import number
from medgui.workshop.equations import Equation, T, band, given, output
from medgui.workshop.equations.forms import MMOL_CHOLESTEROL, by_sex
from medgui.workshop.equations.prevention import FIRST_EVENT, MEASURED, age, log_hazard, pressure, sex
from medgui.workshop.equations.score2_forms import as_risk

FloatArray = NDArray[np.float64]
SEXES = ("female", "male")
PARAMETERS = ("chd_constant", "stroke_constant", "chd_slope", "stroke_slope")

Weights = tuple[tuple[float, ...], tuple[float, ...]]
"""Coronary disease, stroke: the terms of age, pressure, smoking and the others, then age times each of the others."""

LAB: Mapping[str, Weights] = {
    "female": (
        (0.1020713, 0.015823, 1.053223, 0.2050377, 1.070358, -0.0001378, -0.0332666, -0.0051932, -0.0234174),
        (
            0.1056632,
            0.0206278,
            0.7443627,
            0.0257782,
            0.8581998,
            -0.0004897,
            -0.0200822,
            -0.0021387,
            -0.0209826,
        ),
    ),
    "male": (
        (
            0.0719227,
            0.0132183,
            0.5638109,
            0.2284944,
            0.6410114,
            -0.0001576,
            -0.0182545,
            -0.0045806,
            -0.0124966,
        ),
        (0.0986578, 0.0222629, 0.4981217, 0.029526, 0.6268712, -0.0004147, -0.0150561, 0.00142, -0.026302),
    ),
}
"""Age, pressure, smoking, total cholesterol, diabetes; age times pressure, smoking, cholesterol, diabetes."""
LAB_SURVIVAL = {"female": (0.9894159, 0.9890569), "male": (0.9540108, 0.9849257)}
OFFICE: Mapping[str, Weights] = {
    "female": (
        (0.1049418, 0.016726, 1.093132, 0.0257616, -0.0001966, -0.0343739, -0.0006537),
        (0.1046105, 0.0216741, 0.7399405, 0.0036406, -0.0005311, -0.0203997, -1.29e-05),
    ),
    "male": (
        (0.073593, 0.0133937, 0.5954767, 0.0337219, -0.0001837, -0.0200831, -0.0010432),
        (0.097674, 0.0227294, 0.4999862, 0.0159518, -0.0004374, -0.0153895, -0.0003516),
    ),
}
"""Age, pressure, smoking, body-mass index; age times pressure, smoking, body-mass index."""
OFFICE_SURVIVAL = {"female": (0.9887124, 0.9885706), "male": (0.9544258, 0.984826)}


@frozen
class Recalibration:
    """What a country does to a risk: constant and slope on the complementary log-log, of the year 2017.

    countries: ISO 3166-1 alpha-3 in the order of the input's codes. values [countries x 2 sexes, 4]: `PARAMETERS`,
    for each country women, then men.
    """

    countries: tuple[str, ...]
    values: FloatArray


def read_recalibration(path: Path) -> Recalibration:
    """Read a bundle's coefficients.csv (columns country, sex and `PARAMETERS`)."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = {
            (row["country"], row["sex"]): [float(row[name]) for name in PARAMETERS]
            for row in csv.DictReader(file)
        }
    countries = tuple(sorted({country for country, _sex in rows}))
    return Recalibration(countries, np.array([rows[country, sex] for country in countries for sex in SEXES]))


def _risk(
    x: Mapping[str, Var],
    others: Sequence[Var],
    weights: Mapping[str, Weights],
    survival: Mapping[str, tuple[float, float]],
    table: Recalibration,
) -> dict[str, Var]:
    """Each of coronary disease and stroke is recalibrated by itself; the hazards add up."""
    years = op.sub(x["age"], number(60.0))
    beside = op.concat([op.sub(x["systolic_bp"], number(120.0)), x["current_smoker"], *others], axis=1)
    stack = op.concat([years, beside, op.mul(beside, years)], axis=1)
    female, male = (
        op.add(
            op.matmul(stack, op.const(np.array(weights[sex]).T.copy())),
            op.const(np.array([[log_hazard(each) for each in survival[sex]]])),
        )
        for sex in SEXES
    )
    log_log = by_sex(x["sex"], female, male)
    place = op.add(op.mul(x["country"], number(2.0)), x["sex"])
    known = op.where(op.isnan(place), number(0.0), place)
    row = op.gather(op.const(table.values), op.cast(op.squeeze(known, op.const([1])), to=np.int64))
    constant, slope = (op.gather(row, op.const(np.array(columns)), axis=1) for columns in ([0, 1], [2, 3]))
    hazards = op.exp(op.add(constant, op.mul(slope, log_log)))
    total = op.reduce_sum(hazards, op.const(np.array([1])), keepdims=1)
    return {"cvd_10y": as_risk(op.add(total, op.mul(place, number(0.0))))}


CHARTS = (
    "WHO 2019: the charts run from under 120 (drawn at 110) to 180 mmHg and above (drawn at 190); the models state no "
    "bounds"
)
CHOLESTEROL = (
    "WHO 2019: the charts run from under 4 (drawn at 3.5) to 7 mmol/L and above (drawn at 7.5); from 8 mmol/L (320 "
    "mg/dL) "
    "WHO guidance does not go by the chart"
)
WEIGHT = "WHO 2019: the charts run from under 20 to 35 kg/m2 and above; the models state no bounds"
AGES = "WHO 2019: charts for 40-74 years"
EVENT = T(
    "have a heart attack or stroke, or die of coronary disease or stroke, within 10 years",
    "会在 10 年内发生心肌梗死或脑卒中，或死于冠心病或脑卒中",
)
NOT_FOR = T(
    "After a cardiovascular event, pregnancy, dialysis, familial hypercholesterolaemia; under 40 or over 74 years; "
    "countries that the WHO table does not list",
    "已发生心血管事件、妊娠、透析、家族性高胆固醇血症；40 岁以下或 74 岁以上；WHO 表中未列的国家或地区",
)
CITATION = (
    "WHO CVD Risk Chart Working Group. World Health Organization cardiovascular disease risk charts: revised models to "
    "estimate risk in 21 global regions. Lancet Glob Health 2019;7:e1332-e1345. doi:10.1016/S2214-109X(19)30318-3"
)
GUIDELINE = T(
    "WHO HEARTS technical package 2020, risk-based management", "WHO HEARTS 技术包 2020（基于风险的管理）"
)
FACTS: Mapping[str, Text] = {
    "development.criteria": T(
        "Cohorts of the Emerging Risk Factors Collaboration, people of 40 to 80 years without cardiovascular disease",
        "新兴危险因素协作组（ERFC）队列，40 至 80 岁、无心血管病者",
    ),
    "development.relevance": T(
        "Recalibrated to the incidence of heart attack and stroke in 21 global regions in 2017; countries of one "
        "region "
        "share its figures",
        "按 2017 年全球 21 个区域的心肌梗死和脑卒中发病率重新校准；同一区域的国家共用参数",
    ),
    "out_of_scope.known_risks": T(
        "A country within a region may have a higher or lower risk than its region",
        "区域内某一国家的风险可能高于或低于该区域",
    ),
}
REFERENCE: Mapping[str, float | str] = {
    "country": "same",
    "age": "same",
    "sex": "same",
    "systolic_bp": 120,
    "current_smoker": 0,
}


DIABETES_NOT_COUNTED = Exclusion(
    "diabetes",
    1.0,
    T(
        "Diabetes is not counted by this version: the number is too low; the one with laboratory values counts it",
        "此版本不计入糖尿病，结果偏低；化验版计入糖尿病",
    ),
    effect="caution",
    code="diabetes_not_counted",
)


def _bands() -> tuple[BandSpec, ...]:
    return (
        band(0.0, 0.05, T("Below 5 %", "低于 5%")),
        band(0.05, 0.1, T("5 % to under 10 %", "5% 至 <10%")),
        band(0.1, 0.2, T("10 % to under 20 %", "10% 至 <20%"), "caution"),
        band(0.2, 0.3, T("20 % to under 30 %", "20% 至 <30%"), "high"),
        band(0.3, 1.01, T("30 % and above", "30% 及以上"), "high"),
    )


def _outputs(title: Text, short: Text) -> tuple[OutputSpec, ...]:
    return (
        output(
            "cvd_10y",
            title,
            short_title=short,
            event=EVENT,
            scale=(0.0, 0.3),
            calibration="As published, recalibrated by its authors to the region of the country",
            bands=_bands(),
            bands_source=T(
                "WHO cardiovascular risk charts 2019 (all regions)", "WHO 心血管病风险图 2019（所有区域）"
            ),
        ),
    )


def _inputs(table: Recalibration) -> tuple[InputSpec, ...]:
    codes = {country: float(place) for place, country in enumerate(table.countries)}
    return (
        given("country", categories=codes),
        age(40.0, 74.0, AGES),
        sex(),
        pressure((90.0, 200.0), CHARTS),
        given("current_smoker"),
    )


def laboratory(table: Recalibration) -> Equation:
    """The model with total cholesterol (mg/dL) and diabetes."""

    def graph(x: Mapping[str, Var]) -> dict[str, Var]:
        cholesterol = op.sub(op.mul(x["total_cholesterol"], number(MMOL_CHOLESTEROL)), number(6.0))
        return _risk(x, (cholesterol, x["diabetes"]), LAB, LAB_SURVIVAL, table)

    return Equation(
        id="who_cvd_lab",
        title=T("10-year cardiovascular disease, WHO 2019", "10 年心血管病风险，WHO 2019"),
        name=T("WHO CVD 2019, laboratory", "WHO 心血管病 2019（化验版）"),
        summary=T(
            "Estimates how many of 100 people with these values have a heart attack or stroke within 10 years, "
            "with the "
            "figures of the country's region.",
            "估算 100 位情况相似的人在 10 年内发生心肌梗死或脑卒中的人数，采用所在国家区域的参数。",
        ),
        intended_use=T(
            "Primary prevention: to decide on treatment by total risk, where WHO guidance is followed",
            "一级预防：在采用 WHO 指导的地区，根据总体风险决定治疗",
        ),
        not_for=NOT_FOR,
        indication=T(
            "Adults of 40 to 74 years without cardiovascular disease", "40 至 74 岁、无心血管病的成人"
        ),
        population=T(
            "Adults of 40 to 74 years without cardiovascular disease, in the countries of the WHO table",
            "WHO 表所列国家或地区 40 至 74 岁、无心血管病的成人",
        ),
        age=(40.0, 74.0),
        inputs=(
            *_inputs(table),
            given("diabetes"),
            given(
                "total_cholesterol",
                accepted=(100.0, 320.0),
                accepted_source=CHOLESTEROL,
                plausible=(150.0, 280.0),
                max_age_days=365,
            ),
        ),
        outputs=_outputs(
            T(
                "10-year cardiovascular disease (WHO 2019, laboratory)",
                "10 年心血管病风险（WHO 2019，化验版）",
            ),
            T("WHO, laboratory", "WHO，化验版"),
        ),
        graph=graph,
        question="cvd_10y",
        needs_any=MEASURED,
        exclusions=FIRST_EVENT,
        guideline=GUIDELINE,
        reference={**REFERENCE, "diabetes": 0, "total_cholesterol": 170},
        baseline_name=T(
            "{person} with optimal values: systolic 120, cholesterol 170, no diabetes, not smoking",
            "各项理想的{person}：收缩压 120、总胆固醇 170、无糖尿病、不吸烟",
        ),
        citation=CITATION,
        facts=FACTS,
    )


def office(table: Recalibration) -> Equation:
    """The model without laboratory values, with the body-mass index."""

    def graph(x: Mapping[str, Var]) -> dict[str, Var]:
        return _risk(x, (op.sub(x["bmi"], number(25.0)),), OFFICE, OFFICE_SURVIVAL, table)

    return Equation(
        id="who_cvd_office",
        title=T(
            "10-year cardiovascular disease without laboratory, WHO 2019",
            "10 年心血管病风险（无需化验），WHO 2019",
        ),
        name=T("WHO CVD 2019, non-laboratory", "WHO 心血管病 2019（非化验版）"),
        summary=T(
            "The WHO estimate where no laboratory values can be had: the body-mass index stands in for cholesterol and "
            "diabetes.",
            "无法化验时的 WHO 估算：以 BMI 代替胆固醇和糖尿病。",
        ),
        intended_use=T(
            "Primary prevention where laboratory values cannot be had: whom to examine further",
            "无法化验时的一级预防：决定谁需要进一步检查",
        ),
        not_for=NOT_FOR,
        indication=T(
            "Adults of 40 to 74 years without cardiovascular disease", "40 至 74 岁、无心血管病的成人"
        ),
        population=T(
            "Adults of 40 to 74 years without cardiovascular disease, in the countries of the WHO table",
            "WHO 表所列国家或地区 40 至 74 岁、无心血管病的成人",
        ),
        age=(40.0, 74.0),
        on_request=True,
        inputs=(
            *_inputs(table),
            given(
                "bmi", accepted=(15.0, 45.0), accepted_source=WEIGHT, plausible=(20.0, 38.0), max_age_days=365
            ),
        ),
        outputs=_outputs(
            T(
                "10-year cardiovascular disease (WHO 2019, non-laboratory)",
                "10 年心血管病风险（WHO 2019，非化验版）",
            ),
            T("WHO, non-laboratory", "WHO，非化验版"),
        ),
        graph=graph,
        question="cvd_10y",
        needs_any=MEASURED,
        exclusions=(*FIRST_EVENT, DIABETES_NOT_COUNTED),
        guideline=GUIDELINE,
        reference={**REFERENCE, "bmi": 22},
        baseline_name=T(
            "{person} with optimal values: systolic 120, BMI 22, not smoking",
            "各项理想的{person}：收缩压 120、BMI 22、不吸烟",
        ),
        citation=CITATION,
        facts={
            **FACTS,
            "out_of_scope.known_risks": T(
                "Diabetes is not an input: in a person with diabetes the number is too low. A country within a "
                "region may "
                "have a higher or lower risk than its region",
                "不含糖尿病：对糖尿病患者结果偏低。区域内某一国家的风险可能高于或低于该区域",
            ),
        },
    )
