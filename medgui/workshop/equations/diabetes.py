"""Risk of type 2 diabetes in people who are not known to have it: FINDRISC and the test of the ADA."""

from __future__ import annotations

from collections.abc import Mapping

import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.inference.manifest import Exclusion
from medgui.workshop.equation import number, or_zero
from medgui.workshop.equations import (
    Equation,
    T,
    band,
    choice,
    given,
    no,
    output,
    steps,
    unticked,
    yes,
)
from medgui.workshop.equations.forms import by_sex
from medgui.workshop.equations.points import total

WITHOUT_DIABETES = (
    Exclusion(
        "diabetes",
        1.0,
        T(
            "Known diabetes: the score looks for diabetes that is not known",
            "已确诊糖尿病：该评分用于未确诊者",
        ),
        code="known_diabetes",
    ),
    Exclusion(
        "pregnant",
        1.0,
        T("Pregnancy: gestational diabetes has tests of its own", "妊娠：妊娠期糖尿病有专门的筛查"),
        code="pregnancy",
    ),
)
NO_REASON = T(
    "Known diabetes, pregnancy, children. It is no reason against a glucose test that is due",
    "已确诊糖尿病、妊娠、儿童。不能作为不做应做血糖检测的理由",
)
LOOKING = T("Adult without known diabetes", "未确诊糖尿病的成人")
ADULTS = T("Adults without known diabetes", "未确诊糖尿病的成人")
TEST_WHOM = T("Selection for a glucose test, talk about prevention", "筛选需做血糖检测者、讨论预防")

MEASURED_GLUCOSE = ("hba1c", "fasting_glucose")
"""What answers whether diabetes is present: where one is measured, nobody is shown an estimate unasked."""

_FINDRISC = (
    given("age"),
    given("sex"),
    given("bmi"),
    given("waist"),
    given("bp_treatment", marker=True),
    given("high_glucose_history"),
    given("physically_active"),
    given("daily_vegetables_or_fruit"),
    given("family_history_diabetes"),
)


def _findrisc(x: Mapping[str, Var]) -> dict[str, Var]:
    waist = by_sex(
        x["sex"],
        total(x, (steps("waist", 0, (80, 3)), steps("waist", 0, (88, 1), above=True))),
        total(x, (steps("waist", 0, (94, 3)), steps("waist", 0, (102, 1), above=True))),
    )
    others = total(
        x,
        (
            steps("age", 0, (45, 2), (55, 3), (65, 4)),
            steps("bmi", 0, (25, 1)),
            steps("bmi", 0, (30, 2), above=True),
            yes("bp_treatment", 2),
            yes("high_glucose_history", 5),
            no("physically_active", 2),
            no("daily_vegetables_or_fruit", 1),
            choice("family_history_diabetes", (0, 3, 5)),
        ),
    )
    return {"points": op.add(waist, others)}


FINDRISC = Equation(
    id="findrisc",
    kind="score",
    evidence="guideline",
    title=T("Type 2 diabetes within 10 years, FINDRISC", "10 年 2 型糖尿病风险 FINDRISC"),
    name=T("FINDRISC", "FINDRISC"),
    summary=T(
        "Points for type 2 diabetes in the next 10 years, without a laboratory.",
        "无需化验的 10 年 2 型糖尿病风险评分。",
    ),
    intended_use=TEST_WHOM,
    not_for=NO_REASON,
    indication=LOOKING,
    population=ADULTS,
    inputs=_FINDRISC,
    outputs=(
        output(
            "points",
            T("FINDRISC points", "FINDRISC 评分"),
            scale=(0, 26),
            decimals=0,
            bands=(
                band(0, 7, T("Low: about 1 in 100", "低：约 1/100")),
                band(7, 12, T("Slightly raised: about 1 in 25", "略高：约 1/25")),
                band(12, 15, T("Moderate: about 1 in 6", "中等：约 1/6"), "caution"),
                band(15, 21, T("High: about 1 in 3", "高：约 1/3"), "high"),
                band(21, 27, T("Very high: about 1 in 2", "很高：约 1/2"), "high"),
            ),
            bands_source=T(
                "Finnish Diabetes Association form; ESC guideline on diabetes 2019",
                "芬兰糖尿病协会量表；2019 年 ESC 糖尿病指南",
            ),
        ),
    ),
    graph=_findrisc,
    exclusions=WITHOUT_DIABETES,
    needs_any=("waist",),
    question="diabetes_risk",
    regions=("europe",),
    guideline=T("ESC guideline on diabetes 2019", "2019 年 ESC 糖尿病指南"),
    reference={
        **unticked(_FINDRISC, age=40, sex="same", family_history_diabetes="none"),
        "bmi": 22,
        "waist": 75,
        "physically_active": 1,
        "daily_vegetables_or_fruit": 1,
    },
    baseline_name=T(
        "a person of 40 years without a point: BMI 22, waist 75 cm, active, fruit or vegetables daily",
        "40 岁、无任何得分项者：BMI 22、腰围 75 cm、坚持运动、每日蔬果",
    ),
    facts={
        "development.criteria": T(
            "4,746 people of 35-64 years in Finland without drugs for diabetes, followed for 10 years",
            "芬兰 35-64 岁、未用降糖药者 4746 人，随访 10 年",
        ),
        "out_of_scope.known_risks": T(
            "The limits of waist and BMI are those of European people; a BMI of exactly 30 counts "
            "1 point and a waist of "
            "exactly 102 (88) cm 3 points",
            "腰围和 BMI 界值适用于欧洲人群；BMI 恰为 30 计 1 分，腰围恰为 102（88）cm 计 3 分",
        ),
    },
    citation="Lindström J, Tuomilehto J. The diabetes risk score: a practical tool to predict type 2 diabetes risk. "
    "Diabetes Care 2003;26:725-731. doi:10.2337/diacare.26.3.725",
)

_ADA = (
    given("age"),
    given("sex"),
    given("gestational_diabetes", needed=False, sexes=("female",)),
    given("family_history_diabetes"),
    given("hypertension"),
    given("physically_active"),
    given("bmi"),
)


def _ada(x: Mapping[str, Var]) -> dict[str, Var]:
    """Gestational diabetes counts in women alone."""
    asked = op.where(
        op.greater_or_equal(x["sex"], number(0.5)), number(0.0), or_zero(x["gestational_diabetes"])
    )
    points = total(
        x,
        (
            steps("age", 0, (40, 1), (50, 2), (60, 3)),
            choice("sex", (0, 1)),
            choice("family_history_diabetes", (0, 0, 1)),
            yes("hypertension", 1),
            no("physically_active", 1),
            steps("bmi", 0, (25, 1), (30, 2), (40, 3)),
        ),
    )
    return {"points": op.add(points, asked)}


ADA_RISK_TEST = Equation(
    id="ada_risk_test",
    kind="score",
    evidence="guideline",
    title=T("Undiagnosed diabetes or prediabetes, ADA risk test", "未诊断糖尿病或糖尿病前期 ADA 风险测试"),
    name=T("ADA risk test", "ADA 风险测试"),
    summary=T(
        "Points for diabetes or prediabetes that is not known yet; from 5 points on a glucose test is advised.",
        "评估尚未发现的糖尿病或糖尿病前期；5 分及以上建议检测血糖。",
    ),
    intended_use=TEST_WHOM,
    not_for=NO_REASON,
    indication=LOOKING,
    population=ADULTS,
    inputs=_ADA,
    outputs=(
        output(
            "points",
            T("ADA points", "ADA 评分"),
            scale=(0, 10),
            decimals=0,
            bands=(
                band(0, 5, T("Below the limit for a test", "未达检测界值")),
                band(5, 11, T("A glucose test is advised", "建议检测血糖"), "caution"),
            ),
            bands_source=T("American Diabetes Association 2024", "美国糖尿病学会 2024"),
        ),
    ),
    graph=_ada,
    exclusions=(
        *WITHOUT_DIABETES,
        Exclusion(
            "gestational_diabetes",
            -1.0,
            T("Gestational diabetes not stated", "未说明妊娠期糖尿病史"),
            effect="caution",
            code="gestational_diabetes_not_stated",
            unknown="gestational_diabetes_not_stated",
            unknown_message=T(
                "A history of gestational diabetes is not stated and counts as none; it would add a point",
                "未说明妊娠期糖尿病史，按无计；如有应加 1 分",
            ),
        ),
    ),
    needs_any=("bmi",),
    answered_by=MEASURED_GLUCOSE,
    question="diabetes_risk",
    regions=("us",),
    guideline=T("American Diabetes Association 2024", "美国糖尿病学会 2024"),
    reference={
        **unticked(_ADA, age=30, sex="same", family_history_diabetes="none"),
        "bmi": 22,
        "physically_active": 1,
    },
    baseline_name=T(
        "a person of 30 years of the same sex, active, BMI 22", "30 岁、同性别、坚持运动、BMI 22 者"
    ),
    facts={
        "out_of_scope.known_risks": T(
            "The form reads weight classes from a table of heights; here BMI 25, 30 and 40. For "
            "Asian Americans the limits "
            "are lower (23)",
            "原表按身高体重查分；此处按 BMI 25、30、40 计。亚裔的界值应更低（23）",
        ),
    },
    citation="Bang H, Edwards AM, Bomback AS, et al. Development and validation of a patient "
    "self-assessment score for "
    "diabetes risk. Ann Intern Med 2009;151:775-783. doi:10.7326/0003-4819-151-11-200912010-00005",
)
