"""Diabetes that is present and not known: Cambridge score, Chinese diabetes risk score."""

from __future__ import annotations

from collections.abc import Mapping

import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.workshop.equation import number
from medgui.workshop.equations import Equation, T, band, choice, given, output, steps, yes
from medgui.workshop.equations.diabetes import (
    LOOKING,
    MEASURED_GLUCOSE,
    NO_REASON,
    TEST_WHOM,
    WITHOUT_DIABETES,
)
from medgui.workshop.equations.forms import by_sex, linear, logistic, pick
from medgui.workshop.equations.points import total

_CAMBRIDGE = (
    given("age"),
    given("sex"),
    given("bp_treatment", marker=True),
    given("corticosteroids"),
    given("bmi"),
    given("family_diabetes_degree"),
    given("smoking_status"),
)


def _cambridge(x: Mapping[str, Var]) -> dict[str, Var]:
    """Logit of undiagnosed diabetes, Griffin 2000."""
    terms = {
        "female": op.sub(number(1.0), x["sex"]),
        "bp_treatment": x["bp_treatment"],
        "corticosteroids": x["corticosteroids"],
        "age": x["age"],
        "bmi": total(x, (steps("bmi", 0, (25, 0.699), (27.5, 1.97), (30, 2.518)),)),
        "family": pick(x["family_diabetes_degree"], (0.0, 0.728, 0.753)),
        "smoking": pick(x["smoking_status"], (0.0, -0.218, 0.855, 0.855, 0.855, 0.855)),
    }
    weights = {
        "female": -0.879,
        "bp_treatment": 1.222,
        "corticosteroids": 2.191,
        "age": 0.063,
        "bmi": 1.0,
        "family": 1.0,
        "smoking": 1.0,
    }
    return {"undiagnosed_diabetes": logistic(linear(terms, weights, -6.322))}


CAMBRIDGE_DIABETES = Equation(
    id="cambridge_diabetes",
    kind="diagnosis",
    title=T("Undiagnosed type 2 diabetes, Cambridge risk score", "未诊断 2 型糖尿病 剑桥风险评分"),
    name=T("Cambridge diabetes risk score", "剑桥糖尿病风险评分"),
    summary=T(
        "Probability that diabetes is present and not known yet, from what a practice records.",
        "根据诊所常规记录估计已患但尚未发现糖尿病的概率。",
    ),
    intended_use=TEST_WHOM,
    not_for=NO_REASON,
    indication=LOOKING,
    population=T("People of 40-79 years without known diabetes", "40-79 岁未确诊糖尿病者"),
    inputs=_CAMBRIDGE,
    outputs=(
        output(
            "undiagnosed_diabetes",
            T("Diabetes that is not known (Cambridge score)", "未发现的糖尿病（剑桥评分）"),
            short_title=T("Unknown diabetes", "未发现的糖尿病"),
            event=T("have diabetes without knowing it", "已患糖尿病而不自知"),
        ),
    ),
    graph=_cambridge,
    age=(40.0, 79.0),
    exclusions=WITHOUT_DIABETES,
    on_request=True,
    answered_by=MEASURED_GLUCOSE,
    question="diabetes_risk",
    regions=("uk",),
    guideline=T("NICE guideline PH38, 2012", "2012 年英国 NICE 指南 PH38"),
    reference={
        "age": "same",
        "sex": "same",
        "bp_treatment": 0,
        "corticosteroids": 0,
        "bmi": 22,
        "family_diabetes_degree": "none",
        "smoking_status": "non_smoker",
    },
    baseline_name=T(
        "a person of the same age and sex with a BMI of 22 who never smoked, without drugs or family history",
        "同龄同性别、BMI 22、从不吸烟、不用药、无家族史者",
    ),
    facts={
        "development.criteria": T(
            "People of 40-64 years of one practice in Ely, England, and newly found patients of southern England",
            "英格兰 Ely 一家诊所 40-64 岁人群，以及英格兰南部新诊断患者",
        ),
        "performance.validity_external": T(
            "AUROC for an HbA1c of 7.0 % or more 0.84 at 45 years in the 1958 British birth "
            "cohort, no better than BMI "
            "alone (Thomas 2006)",
            "1958 年英国出生队列 45 岁时 HbA1c ≥ 7.0% 的 AUROC 为 0.84，不优于单用 BMI（Thomas 2006）",
        ),
        "out_of_scope.known_risks": T(
            "Made from almost only white people of the 1990s; outside it the probability is too "
            "high or too low, so that "
            "the rank says more than the number",
            "几乎仅基于 20 世纪 90 年代的白人；在其他人群中概率可能偏高或偏低，排序比数值更可靠",
        ),
    },
    citation="Griffin SJ, Little PS, Hales CN, Kinmonth AL, Wareham NJ. Diabetes risk score: towards "
    "earlier detection of "
    "type 2 diabetes in general practice. Diabetes Metab Res Rev 2000;16:164-171",
)

_CHINESE = (
    given("age", accepted=(20.0, 74.99), accepted_source="Ages of the table, 20-74 years completed"),
    given("sex"),
    given("systolic_bp"),
    given("bmi"),
    given("waist"),
    given("family_history"),
)


def _chinese(x: Mapping[str, Var]) -> dict[str, Var]:
    edges = ((75.0, 3), (80.0, 5), (85.0, 7), (90.0, 8), (95.0, 10))
    waist = by_sex(
        x["sex"],
        total(x, (steps("waist", 0, *((edge - 5, gain) for edge, gain in edges)),)),
        total(x, (steps("waist", 0, *edges),)),
    )
    ages = ((25, 4), (35, 8), (40, 11), (45, 12), (50, 13), (55, 15), (60, 16), (65, 18))
    others = total(
        x,
        (
            steps("age", 0, *ages),
            steps("systolic_bp", 0, (110, 1), (120, 3), (130, 6), (140, 7), (150, 8), (160, 10)),
            steps("bmi", 0, (22, 1), (24, 3), (30, 5)),
            yes("family_history", 6),
            choice("sex", (0, 2)),
        ),
    )
    return {"points": op.add(waist, others)}


CHINESE_DIABETES_RISK = Equation(
    id="chinese_diabetes_risk",
    kind="score",
    evidence="demonstration",
    title=T(
        "Undiagnosed diabetes, Chinese diabetes risk score (demonstration)",
        "未诊断糖尿病 中国糖尿病风险评分（演示）",
    ),
    name=T("Chinese diabetes risk score", "中国糖尿病风险评分"),
    summary=T(
        "Points for diabetes that is not known yet in Chinese adults, without a laboratory; from "
        "25 points on a glucose "
        "tolerance test is advised. The table is taken from copies of the guideline, without official test cases.",
        "评估中国成人未发现的糖尿病，无需化验；25 分及以上建议做 OGTT。分值表取自指南的转载，没有官方测试病例。",
    ),
    intended_use=TEST_WHOM,
    not_for=NO_REASON,
    indication=LOOKING,
    population=T("Chinese adults of 20-74 years without known diabetes", "20-74 岁未确诊糖尿病的中国成人"),
    inputs=_CHINESE,
    outputs=(
        output(
            "points",
            T("Chinese diabetes risk points", "中国糖尿病风险评分"),
            scale=(0, 51),
            decimals=0,
            bands=(
                band(0, 25, T("Below the limit for a test", "未达检测界值")),
                band(25, 52, T("A glucose tolerance test is advised", "建议做 OGTT"), "caution"),
            ),
            bands_source=T("Chinese Diabetes Society guideline 2020", "中华医学会糖尿病学分会 2020 年指南"),
        ),
    ),
    graph=_chinese,
    age=(20.0, 74.99),
    exclusions=WITHOUT_DIABETES,
    needs_any=("waist",),
    answered_by=MEASURED_GLUCOSE,
    question="diabetes_risk",
    regions=("china",),
    guideline=T("Chinese Diabetes Society guideline 2020", "中华医学会糖尿病学分会 2020 年指南"),
    reference={"age": 22, "sex": "same", "systolic_bp": 105, "bmi": 21, "waist": 68, "family_history": 0},
    baseline_name=T(
        "a person of 22 years of the same sex: pressure 105, BMI 21, waist 68 cm, no diabetes in the family",
        "22 岁、同性别、收缩压 105、BMI 21、腰围 68 cm、无糖尿病家族史者",
    ),
    facts={
        "development.criteria": T(
            "41,809 people of 20-74 years of the China National Diabetes and Metabolic Disorders Study, 2007-2008",
            "2007-2008 年中国糖尿病和代谢异常研究 20-74 岁者 41809 人",
        ),
        "external.data": T("Two studies in Qingdao, 2006-2009", "青岛两项研究，2006-2009 年"),
        "performance.validity_external": T(
            "AUROC 0.725 and 0.702; at 25 points sensitivity 92.3 % and 86.8 %, specificity 35.5 % "
            "and 38.8 % (Zhou 2013)",
            "AUROC 0.725 与 0.702；25 分时敏感度 92.3% 与 86.8%，特异度 35.5% 与 38.8%（Zhou 2013）",
        ),
        "out_of_scope.known_risks": T(
            "Two of three people without diabetes reach 25 points in older cohorts. From secondary sources",
            "在年龄较大的队列中，三分之二无糖尿病者达 25 分。来自二次来源",
        ),
    },
    citation="Zhou X, Qiao Q, Ji L, et al. Nonlaboratory-based risk assessment algorithm for undiagnosed "
    "type 2 diabetes "
    "developed on a nation-wide diabetes survey. Diabetes Care 2013;36:3944-3952. doi:10.2337/dc13-0593",
)
