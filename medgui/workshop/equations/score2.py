"""SCORE2, SCORE2-OP and SCORE2-Asia-Pacific: fatal and non-fatal cardiovascular events in 10 years."""

from __future__ import annotations

from typing import Any

from medgui.inference.manifest import BandSpec, Exclusion, InputSpec, OutputSpec, Text
from medgui.workshop.equations import Equation, T, band, given, output
from medgui.workshop.equations.prevention import (
    FIRST_EVENT,
    MEASURED,
    age,
    lipids,
    pressure,
    sex,
)
from medgui.workshop.equations.score2_forms import asia_pacific, score2

CHARTS = (
    "The paper states no bounds: its charts show 100-179 mmHg, 90 is taken along. From 180 mmHg ESC guidelines "
    "take the pressure alone for high risk, whatever the score"
)
SINGLE = (
    "The paper states no bounds; the lower ones and that of HDL keep out slips. Above 8 mmol/L (310 mg/dL) ESC "
    "guidelines take the total cholesterol alone for high risk, whatever the score"
)
EVENT = T(
    "have a heart attack or stroke, or die of cardiovascular disease, within 10 years",
    "会在 10 年内发生心肌梗死或脑卒中，或死于心血管病",
)
SCALE = (0.0, 0.3)
REGION = given("region")
SAME = {"age": "same", "sex": "same"}
OPTIMAL = {"systolic_bp": 120, "total_cholesterol": 170, "hdl_cholesterol": 50, "current_smoker": 0}
OPTIMAL_NAME = T(
    "{person} with optimal values: systolic 120, total cholesterol 170, HDL 50, not smoking",
    "各项理想的{person}：收缩压 120、总胆固醇 170、HDL 50、不吸烟",
)
ESC_2021 = T("2021 ESC guideline on cardiovascular prevention", "2021 年 ESC 心血管病预防指南")
EUROPE_RELEVANCE = T(
    "Cohorts recalibrated to the cardiovascular mortality of four European risk regions",
    "按欧洲四个风险区域的心血管死亡率对队列模型重新校准",
)


def _no_diabetes(reason: Text) -> Exclusion:
    return Exclusion(
        "diabetes",
        1.0,
        reason,
        code="diabetes",
        unknown="diabetes_not_stated",
        unknown_message=T(
            "The file does not state whether there is diabetes; with it this result does not apply",
            "文件未说明是否有糖尿病；如有，本结果不适用",
        ),
    )


TO_DIABETES = _no_diabetes(
    T(
        "Diabetes: the equation is for people without it; in type 2 diabetes there is SCORE2-Diabetes",
        "糖尿病：该方程仅适用于无糖尿病者；2 型糖尿病可用 SCORE2-Diabetes",
    )
)


def inputs(lo: float, hi: float, source: str) -> tuple[InputSpec, ...]:
    """Age, sex, smoking, pressure and lipids of the family."""
    return (
        age(lo, hi, source),
        sex(),
        given("current_smoker"),
        pressure((90.0, 180.0), CHARTS),
        *lipids((100.0, 310.0), (20.0, 100.0), SINGLE),
    )


def risk(title: Text, short: Text, **keys: Any) -> OutputSpec:
    """The family's output: a probability of 10 years."""
    return output(
        "cvd_10y",
        title,
        short_title=short,
        event=EVENT,
        scale=SCALE,
        calibration="As published, recalibrated by its authors to the risk region",
        **keys,
    )


def _esc_bands() -> tuple[BandSpec, ...]:
    """Three bands for each of three ages."""
    words = (
        (T("Low to moderate", "低至中危"), "info"),
        (T("High", "高危"), "caution"),
        (T("Very high", "极高危"), "high"),
    )
    limits = {(0.0, 50.0): (0.025, 0.075), (50.0, 70.0): (0.05, 0.1), (70.0, 125.0): (0.075, 0.15)}
    return tuple(
        band(lo, hi, text, level, ages)
        for ages, (high, very) in limits.items()
        for (lo, hi), (text, level) in zip(((0.0, high), (high, very), (very, 1.01)), words, strict=True)
    )


SCORE2 = Equation(
    id="score2",
    title=T("10-year cardiovascular disease, SCORE2 and SCORE2-OP", "10 年心血管病风险，SCORE2 / SCORE2-OP"),
    name=T("SCORE2 / SCORE2-OP 2021", "SCORE2 / SCORE2-OP 2021"),
    summary=T(
        "Estimates how many of 100 people with these values have a first heart attack or stroke or die of "
        "cardiovascular disease within 10 years, in one of four European risk regions; SCORE2 under 70 years, "
        "SCORE2-OP from 70.",
        "估算 100 位情况相似的人在 10 年内首次发生心肌梗死、脑卒中或死于心血管病的人数，分四个欧洲风险区域；70 "
        "岁以下用 SCORE2，70 "
        "岁起用 SCORE2-OP。",
    ),
    intended_use=T(
        "Primary prevention: to inform a talk between clinician and patient on lipids and blood pressure",
        "一级预防：供医患就血脂和血压进行沟通时参考",
    ),
    not_for=T(
        "After a cardiovascular event, diabetes, chronic kidney disease, familial hypercholesterolaemia, "
        "pregnancy; under "
        "40 or over 89 years",
        "已发生心血管事件、糖尿病、慢性肾脏病、家族性高胆固醇血症、妊娠；40 岁以下或 89 岁以上",
    ),
    indication=T(
        "Apparently healthy people of 40 to 89 years without diabetes", "40 至 89 岁、表面健康、无糖尿病者"
    ),
    population=T(
        "People of 40 to 89 years in Europe without cardiovascular disease and without diabetes",
        "欧洲 40 至 89 岁、无心血管病、无糖尿病者",
    ),
    age=(40.0, 89.0),
    inputs=(REGION, *inputs(40.0, 89.0, "SCORE2 40-69 years, SCORE2-OP 70-89 years (2021)")),
    outputs=(
        risk(
            T("10-year cardiovascular disease (SCORE2)", "10 年心血管病风险（SCORE2）"),
            T("SCORE2", "SCORE2"),
            bands=_esc_bands(),
            bands_source=T(
                "2021 ESC guideline on cardiovascular prevention (SCORE2, by age, Europe)",
                "2021 年 ESC 心血管病预防指南（SCORE2，按年龄，欧洲）",
            ),
        ),
    ),
    graph=score2,
    question="cvd_10y",
    needs_any=MEASURED,
    exclusions=(*FIRST_EVENT, TO_DIABETES),
    regions=("europe",),
    guideline=ESC_2021,
    reference={"region": "same", **SAME, **OPTIMAL},
    baseline_name=OPTIMAL_NAME,
    notice=T(
        "SCORE2, other limits of the ESC: dyslipidaemia 2025 at all ages low under 2 %, moderate under 10 %, "
        "high under 20 %, very high from 20 %; blood pressure 2024 high from 10 %.",
        "SCORE2 在 ESC 其他指南中的界值：血脂 2025（不分年龄）低危 <2%、中危 <10%、高危 <20%、极高危 ≥20%；"
        "高血压 2024 ≥10% 为高危。",
    ),
    citation="SCORE2 working group and ESC Cardiovascular risk collaboration. SCORE2 risk prediction algorithms. Eur "
    "Heart J 2021;42:2439-2454. doi:10.1093/eurheartj/ehab309; SCORE2-OP working group. Eur Heart J "
    "2021;42:2455-2467. doi:10.1093/eurheartj/ehab312",
    facts={
        "development.criteria": T(
            "SCORE2: 45 cohorts in 13 countries, 677,684 people, 30,121 events; people of 40 to 69 years without "
            "cardiovascular disease or diabetes",
            "SCORE2：13 国 45 个队列，677,684 人，30,121 例事件；40 至 69 岁、无心血管病或糖尿病者",
        ),
        "development.relevance": EUROPE_RELEVANCE,
        "out_of_scope.known_risks": T(
            "SCORE2-OP uses the coefficients as printed; the authors' program has more digits and differs by 0.1 "
            "percentage point in most people and up to 0.7 at high risk. At 70 years the equation changes and the "
            "number "
            "may jump. Region classes are those of 2021",
            "SCORE2-OP 采用论文印刷的系数；作者程序位数更多，多数人相差 0.1 个百分点，高风险时至多 0.7。70 "
            "岁时更换方程，结果可能跳变。"
            "风险区域为 2021 年分类",
        ),
    },
)

SCORE2_ASIA_PACIFIC = Equation(
    id="score2_asia_pacific",
    title=T("10-year cardiovascular disease, SCORE2-Asia-Pacific", "10 年心血管病风险，SCORE2-亚太"),
    name=T("SCORE2-Asia-Pacific 2025", "SCORE2-亚太 2025"),
    summary=T(
        "Estimates how many of 100 people with these values have a first heart attack or stroke or die of "
        "cardiovascular disease within 10 years, in one of four risk regions of Asia and Oceania.",
        "估算 100 位情况相似的人在 10 年内首次发生心肌梗死、脑卒中或死于心血管病的人数，分亚洲和大洋洲四个风险区域。",
    ),
    intended_use=SCORE2.intended_use,
    not_for=T(
        "After a cardiovascular event, diabetes, chronic kidney disease, familial hypercholesterolaemia, "
        "pregnancy; under "
        "40 or over 69 years",
        "已发生心血管事件、糖尿病、慢性肾脏病、家族性高胆固醇血症、妊娠；40 岁以下或 69 岁以上",
    ),
    indication=T(
        "Apparently healthy people of 40 to 69 years without diabetes", "40 至 69 岁、表面健康、无糖尿病者"
    ),
    population=T(
        "People of 40 to 69 years in Asia and Oceania without cardiovascular disease and without diabetes",
        "亚洲和大洋洲 40 至 69 岁、无心血管病、无糖尿病者",
    ),
    age=(40.0, 69.0),
    inputs=(
        given("region_asia_pacific"),
        *inputs(40.0, 69.0, "SCORE2-Asia-Pacific, 40-69 years (2025)"),
    ),
    outputs=(
        risk(
            T("10-year cardiovascular disease (SCORE2-Asia-Pacific)", "10 年心血管病风险（SCORE2-亚太）"),
            T("SCORE2-Asia-Pacific", "SCORE2-亚太"),
        ),
    ),
    graph=asia_pacific,
    question="cvd_10y",
    needs_any=MEASURED,
    exclusions=(
        *FIRST_EVENT,
        _no_diabetes(
            T(
                "Diabetes: the equation is for people without it; SCORE2-Diabetes exists for European risk regions "
                "only",
                "糖尿病：该方程仅适用于无糖尿病者；SCORE2-Diabetes 仅有欧洲风险区域版本",
            )
        ),
    ),
    reference={"region_asia_pacific": "same", **SAME, **OPTIMAL},
    baseline_name=OPTIMAL_NAME,
    citation="SCORE2 Asia-Pacific writing group. Risk prediction of cardiovascular disease in the Asia-Pacific region: "
    "the SCORE2 Asia-Pacific model. Eur Heart J 2025;46:702-715. doi:10.1093/eurheartj/ehae609",
    facts={
        "development.relevance": T(
            "The SCORE2 equation recalibrated to the cardiovascular mortality of four risk regions of Asia and Oceania",
            "将 SCORE2 方程按亚洲和大洋洲四个风险区域的心血管死亡率重新校准",
        ),
        "out_of_scope.known_risks": T(
            "The recalibration was compared with one independent implementation and the paper's printed examples",
            "重新校准的参数与一个独立实现及论文所印示例比对过",
        ),
    },
)
