"""QRISK3-2017 (Hippisley-Cox 2017): 10-year cardiovascular risk in the United Kingdom, with ClinRisk's disclaimer.

Coefficients: models/qrisk3/coefficients.csv, which carries ClinRisk's copyright. A Townsend score that is not stated
counts as 0 and an ethnic group that is not stated as "white or not stated", as in the original; a variability of
pressure that was not measured counts as the mean of the derivation cohort.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
import spox.opset.ai.onnx.v21 as op
from numpy.typing import NDArray
from spox import Var

from medgui.inference.manifest import Exclusion, Order
from medgui.paths import models_dir
from medgui.workshop.equation import as_flag, number, or_zero
from medgui.workshop.equations import Equation, T, band, given, output
from medgui.workshop.equations.forms import by_sex, missing_if

SMOKING = ("non_smoker", "ex_smoker", "light_smoker", "moderate_smoker", "heavy_smoker")
GROUPS = (
    "white",
    "indian",
    "pakistani",
    "bangladeshi",
    "other_asian",
    "black_caribbean",
    "black_african",
    "chinese",
    "other",
)
CONDITIONS = (
    "atrial_fibrillation",
    "atypical_antipsychotic",
    "corticosteroids",
    "migraine",
    "rheumatoid_arthritis",
    "chronic_kidney_disease",
    "severe_mental_illness",
    "systemic_lupus",
    "bp_treatment",
    "type_1_diabetes",
    "type_2_diabetes",
    "family_history_premature_cvd",
)
MEASURED = ("bmi_1", "bmi_2", "cholesterol_hdl_ratio", "systolic_bp", "townsend_score")
TERMS = (*MEASURED, *CONDITIONS, "erectile_dysfunction", *SMOKING[1:], *GROUPS[1:])
AGE_POWERS = np.array([[-2.0, -1.0], [1.0, 3.0]])
"""Powers of age / 10 in the terms age_1 and age_2, for women and men."""
SEXES = ("female", "male")

OFFICIAL = "Input limits of the official engine (Endeavour Predict, QRISK3 2023)"


@cache
def _coefficients() -> Mapping[tuple[str, str, str], float]:
    """(sex, part, term) to its number; part: survival_10y, centre, main, age_1 or age_2 (interactions)."""
    path = models_dir() / "qrisk3" / "coefficients.csv"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return {(row["sex"], row["part"], row["term"]): float(row["value"]) for row in csv.DictReader(lines)}


def _row(part: str, term: str = "") -> NDArray[np.float64]:
    """The number of *part* for women and men [1, 2]; 0 where one of them has no such term."""
    return np.array([[_coefficients().get((sex, part, term), 0.0) for sex in SEXES]])


def _weighted(terms: Var, part: str, names: Sequence[str]) -> Var:
    """Sum of the terms [N, K] less their centres, weighted with the coefficients of *part*, for both sexes [N, 2]."""
    weights = np.concatenate([_row(part, name) for name in names])
    centres = np.concatenate([_row("centre", name) for name in names])
    moved = -(weights * centres).sum(axis=0, keepdims=True)
    return op.add(op.matmul(terms, op.const(weights)), op.const(moved))


def _one_of(code: Var, count: int) -> Var:
    """Indicators [N, count - 1] of the codes 1, 2…; all 0 for code 0 and for a missing one."""
    return as_flag(op.equal(code, op.const(np.arange(1.0, count)[None, :])))


def _terms(x: Mapping[str, Var]) -> Var:
    """The terms [N, K] in the order of `TERMS`."""
    tenth = op.div(x["bmi"], number(10.0))
    bmi_1 = op.pow(tenth, number(-2.0))
    measured = [
        bmi_1,
        op.mul(bmi_1, op.log(tenth)),
        x["cholesterol_hdl_ratio"],
        x["systolic_bp"],
        or_zero(x["townsend_score"]),
    ]
    smoking = _one_of(x["smoking_status"], len(SMOKING))
    group = _one_of(x["ethnicity_uk"], len(GROUPS))
    conditions = [x[name] for name in CONDITIONS]
    return op.concat([*measured, *conditions, or_zero(x["erectile_dysfunction"]), smoking, group], axis=1)


def _graph(x: Mapping[str, Var]) -> dict[str, Var]:
    terms = _terms(x)
    decades = op.div(x["age"], number(10.0))
    score = _weighted(terms, "main", TERMS)
    for part, powers in zip(("age_1", "age_2"), AGE_POWERS, strict=True):
        age = op.sub(op.pow(decades, op.const(powers[None, :])), op.const(_row("centre", part)))
        score = op.add(
            score, op.mul(age, op.add(op.const(_row("main", part)), _weighted(terms, part, TERMS)))
        )
    variability = op.mul(
        op.sub(x["systolic_bp_sd"], op.const(_row("centre", "systolic_bp_sd"))),
        op.const(_row("main", "systolic_bp_sd")),
    )
    score = op.add(score, or_zero(variability))
    risk = op.sub(number(1.0), op.pow(op.const(_row("survival_10y")), op.exp(score)))
    women, men = op.split(risk, axis=1, num_outputs=2)
    return {"cvd_10y": missing_if(by_sex(x["sex"], women, men), x["smoking_status"])}


_INPUTS = (
    given(
        "age",
        accepted=(25.0, 84.0),
        accepted_source="Hippisley-Cox 2017: derived in people of 25 to 84 years",
    ),
    given("sex"),
    *(
        given(name, marker=name in ("bp_treatment", "atypical_antipsychotic", "corticosteroids"))
        for name in CONDITIONS
    ),
    given("erectile_dysfunction", needed=False),
    given("cholesterol_hdl_ratio", accepted=(1.0, 12.0), accepted_source=OFFICIAL, max_age_days=365),
    given("systolic_bp", accepted=(70.0, 210.0), accepted_source=OFFICIAL),
    given("systolic_bp_sd", needed=False, plausible=(0.0, 25.0)),
    given(
        "townsend_score",
        needed=False,
        accepted=(-8.0, 12.0),
        accepted_source=OFFICIAL,
        plausible=(-7.0, 11.0),
    ),
    given(
        "bmi",
        accepted=(12.0, 55.0),
        accepted_source="Compared with an independent implementation from 12 to 54 kg/m2; the official engine takes "
        "20 below 20 and 40 above 40",
        seen=(20.0, 40.0),
    ),
    given("ethnicity_uk", needed=False),
    given("smoking_status", categories={text: float(place) for place, text in enumerate(SMOKING)}),
)

_DISCLAIMER = T(
    "The initial version of this file, to be found at http://svn.clinrisk.co.uk/opensource/qrisk2, faithfully "
    "implements QRISK3-2017. ClinRisk Ltd. have released this code under the GNU Lesser General Public License to "
    "enable others to implement the algorithm faithfully. However, the nature of the GNU Lesser General Public "
    "License is such that we cannot prevent, for example, someone accidentally altering the coefficients, getting "
    "the inputs wrong, or just poor programming. ClinRisk Ltd. stress, therefore, that it is the responsibility of "
    "the end user to check that the source that they receive produces the same results as the original code found "
    "at https://qrisk.org. Inaccurate implementations of risk scores can lead to wrong patients being given the "
    "wrong treatment.",
    "本文件的初始版本（见 http://svn.clinrisk.co.uk/opensource/qrisk2）忠实实现了 QRISK3-2017。ClinRisk Ltd. 依据 "
    "GNU 宽通用公共许可证（LGPL）发布该代码，以便他人忠实实现该算法。但 GNU "
    "宽通用公共许可证的性质决定了我们无法防止例如有人无意中改动系数、输入有误或编程不当等情况。因此 ClinRisk Ltd. "
    "强调：最终用户有责任核实所获得的源代码与 https://qrisk.org 的原始代码得出相同的结果。风险评分实现不准确，"
    "可能导致错误的患者接受错误的治疗。（中文为译文，以英文原文为准）",
)

_EXCLUSIONS = (
    Exclusion(
        "prior_ascvd",
        1.0,
        T(
            "Known coronary disease, stroke or transient ischaemic attack: the score is for people before a first "
            "event",
            "已有冠心病、脑卒中或短暂性脑缺血发作：该评分仅适用于首次事件之前",
        ),
        code="secondary_prevention",
        unknown="history_not_stated",
        unknown_message=T(
            "The file does not state whether there was a heart attack, stroke or other arterial disease; after one "
            "this result does not apply",
            "文件未说明是否发生过心肌梗死、脑卒中或其他动脉疾病；如有，本结果不适用",
        ),
    ),
    Exclusion(
        "statin",
        1.0,
        T(
            "On a statin: the score was made for people who take none and understates their risk",
            "正在使用他汀：该评分针对未用他汀者建立，会低估其风险",
        ),
        code="on_statin",
        unknown="statin_not_stated",
        unknown_message=T(
            "The file does not state whether a statin is taken; on a statin this result does not apply",
            "文件未说明是否使用他汀；如在使用，本结果不适用",
        ),
    ),
    Exclusion(
        "familial_hypercholesterolaemia",
        1.0,
        T(
            "Familial hypercholesterolaemia: NICE NG238 (2023) asks for treatment without a risk score",
            "家族性高胆固醇血症：NICE NG238（2023）要求不经风险评分直接治疗",
        ),
        code="familial_hypercholesterolaemia",
    ),
    Exclusion(
        "type_1_diabetes",
        1.0,
        T(
            "Type 1 diabetes: NICE NG238 (2023) asks for treatment without a risk score",
            "1 型糖尿病：NICE NG238（2023）要求不经风险评分直接考虑治疗",
        ),
        effect="caution",
        code="type_1_diabetes",
    ),
    Exclusion(
        "pregnant", 1.0, T("Pregnancy: the score was not made for it", "妊娠：该评分不适用"), code="pregnancy"
    ),
)

QRISK3 = Equation(
    id="qrisk3",
    title=T(
        "Coronary disease, stroke or TIA within 10 years, QRISK3 (UK)",
        "10 年冠心病、脑卒中或 TIA 风险 QRISK3（英国）",
    ),
    name=T("QRISK3-2017", "QRISK3-2017"),
    summary=T(
        "Estimates how many of 100 people with these values have a first heart attack, angina, stroke or transient "
        "ischaemic attack within 10 years. Derived in English general practice.",
        "估算 100 位情况相似者在 10 年内首次发生心肌梗死、心绞痛、脑卒中或短暂性脑缺血发作的人数。"
        "基于英格兰全科诊疗数据。",
    ),
    intended_use=T(
        "Primary prevention in the United Kingdom: to inform a talk on lipid lowering and lifestyle",
        "英国的一级预防：供医患就调脂治疗和生活方式进行沟通时参考",
    ),
    not_for=T(
        "After a heart attack, angina, stroke or TIA; on a statin; familial hypercholesterolaemia; pregnancy; under "
        "25 or over 84 years. NICE advises treatment without a score in type 1 diabetes and in kidney disease",
        "不用于心肌梗死、心绞痛、脑卒中或 TIA 之后；正在使用他汀；家族性高胆固醇血症；妊娠；25 岁以下或 84 岁以上。"
        "NICE 建议 1 型糖尿病和肾脏病患者不经评分直接治疗",
    ),
    indication=T(
        "Adults of 25 to 84 years without cardiovascular disease and without a statin",
        "25 至 84 岁、无心血管病且未用他汀的成人",
    ),
    population=T(
        "People of 25 to 84 years in the United Kingdom without cardiovascular disease and without a statin",
        "英国 25 至 84 岁、无心血管病且未用他汀者",
    ),
    inputs=_INPUTS,
    outputs=(
        output(
            "cvd_10y",
            T("10-year cardiovascular disease, QRISK3", "10 年心血管病风险 QRISK3"),
            short_title=T("QRISK3", "QRISK3"),
            event=T(
                "have a heart attack, angina, stroke or TIA within 10 years",
                "会在 10 年内发生心肌梗死、心绞痛、脑卒中或 TIA",
            ),
            scale=(0.0, 0.4),
            bands=(
                band(0.0, 0.1, T("Below 10 %", "低于 10%")),
                band(0.1, 1.01, T("10 % or above", "10% 及以上"), "caution"),
            ),
            bands_source=T(
                "NICE NG238, 2023: a statin is offered from 10 % (QRISK3, United Kingdom)",
                "NICE NG238（2023）：QRISK3 ≥ 10% 时建议使用他汀（英国）",
            ),
        ),
    ),
    graph=_graph,
    age=(25.0, 84.0),
    exclusions=_EXCLUSIONS,
    orders=(
        Order(
            "type_1_diabetes",
            "type_2_diabetes",
            T("Type 1 and type 2 diabetes exclude each other", "1 型与 2 型糖尿病不能同时选择"),
            excludes=True,
        ),
    ),
    needs_any=("systolic_bp", "cholesterol_hdl_ratio", "total_cholesterol", "hdl_cholesterol"),
    question="cvd_10y",
    regions=("uk",),
    guideline=T("NICE NG238, 2023", "NICE NG238（2023）"),
    notice=_DISCLAIMER,
    variants=(
        {
            "name": "full",
            "title": T(
                "with measured variability of pressure and Townsend score", "含实测血压变异和汤森指数"
            ),
            "needs": ["systolic_bp_sd", "townsend_score"],
        },
        {
            "name": "variability",
            "title": T("Townsend score not stated: counted as 0", "汤森指数未说明：按 0 计"),
            "needs": ["systolic_bp_sd"],
        },
        {
            "name": "deprivation",
            "title": T(
                "estimated: variability of pressure not measured, mean of the derivation cohort",
                "估计值：血压变异未测量，取推导人群均值",
            ),
            "needs": ["townsend_score"],
        },
        {
            "name": "estimated",
            "title": T(
                "estimated: variability of pressure not measured (mean of the derivation cohort), Townsend score "
                "counted as 0",
                "估计值：血压变异未测量（取推导人群均值），汤森指数按 0 计",
            ),
            "needs": [],
        },
    ),
    reference={
        "age": "same",
        "sex": "same",
        **dict.fromkeys(CONDITIONS, 0.0),
        "erectile_dysfunction": 0.0,
        "cholesterol_hdl_ratio": 4.0,
        "systolic_bp": 125.0,
        "systolic_bp_sd": 9.0,
        "townsend_score": 0.0,
        "bmi": 25.0,
        "ethnicity_uk": "same",
        "smoking_status": "non_smoker",
    },
    baseline_name=T(
        "{person} of the same ethnic group without these diseases and without smoking, at 125 mmHg, a cholesterol "
        "ratio of 4 and a BMI of 25",
        "同族裔、无上述疾病、不吸烟、收缩压 125 mmHg、胆固醇比值 4、BMI 25 的{person}",
    ),
    facts={
        "details.developer": T(
            "Equation: ClinRisk Ltd. (Hippisley-Cox, Coupland, Brindle). Implementation: medgui project",
            "方程：ClinRisk Ltd.（Hippisley-Cox、Coupland、Brindle）。实现：medgui 项目",
        ),
        "development.criteria": T(
            "981 English general practices (QResearch), 7.89 million people of 25 to 84 years without "
            "cardiovascular disease and without a statin",
            "981 家英格兰全科诊所（QResearch），789 万名 25 至 84 岁、无心血管病且未用他汀者",
        ),
        "development.sensitive_inputs": T(
            "Age, sex, ethnic group (nine UK groups; not stated counts as white) and area deprivation",
            "年龄、性别、族裔（英国九类；未说明按白人计）和地区贫困程度",
        ),
        "external.data": T(
            "328 other English practices of the same database, 2.67 million people",
            "同一数据库的另外 328 家英格兰诊所，267 万人",
        ),
        "external.party": T("The authors of the equation", "方程作者"),
        "performance.validity_external": T(
            "Harrell's C 0.88 in women and 0.86 in men (Hippisley-Cox 2017)",
            "Harrell C 统计量：女性 0.88、男性 0.86（Hippisley-Cox 2017）",
        ),
        "out_of_scope.known_risks": T(
            "Derived in England; elsewhere it may over- or understate risk. A variability of pressure that was not "
            "measured counts as the mean (9.0 mmHg in women, 8.8 in men); the official engine counts it as 0, which "
            "gives results lower by about a fourteenth in women and an eleventh in men. Below a BMI of 20 and above "
            "40 the formula is used as published; the official engine takes 20 or 40. Type 1 and type 2 diabetes "
            "exclude each other",
            "基于英格兰人群，其他地区可能高估或低估。未测量的血压变异按均值计（女性 9.0、男性 8.8 mmHg）；"
            "官方程序按 0 计，结果女性约低 1/14、男性约低 1/11。BMI 低于 20 或高于 40 时按原公式计算；官方程序取 20 "
            "或 40。1 型与 2 型糖尿病只能选其一",
        ),
    },
    citation="Hippisley-Cox J, Coupland C, Brindle P. Development and validation of QRISK3 risk prediction "
    "algorithms to estimate future risk of cardiovascular disease: prospective cohort study. BMJ 2017;357:j2099. "
    "doi:10.1136/bmj.j2099",
    licence="Coefficients and algorithm: GNU LGPL 3 or later with an additional term (the disclaimer stands with "
    "every score), copyright 2017 ClinRisk Ltd.; QRISK is a registered trade mark. The graph is part of medgui",
)
