"""Prognostic indices of leukaemia, myelofibrosis and myeloma: CLL-IPI, Sokal, DIPSS, R-ISS."""

from __future__ import annotations

from collections.abc import Mapping

import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.inference.manifest import Indication
from medgui.workshop.equation import as_flag, number
from medgui.workshop.equations import Equation, T, band, given, output, point_score, steps, unticked, yes
from medgui.workshop.equations.forms import at_least, centred, linear, missing_if
from medgui.workshop.equations.lymphoma import HIGH, LOW, MIDDLE, not_for, points

IN_LEUKAEMIA = (
    Indication(("leukaemia", "active_cancer"), T("Made for people with leukaemia", "仅用于白血病患者")),
)

_CLL_IPI = (
    given("age"),
    given("cll_stage_advanced"),
    given("beta2_microglobulin"),
    given("ighv_unmutated"),
    given("tp53_abnormal"),
)

CLL_IPI = Equation(
    id="cll_ipi",
    kind="score",
    title=T("Survival in chronic lymphocytic leukaemia, CLL-IPI", "慢性淋巴细胞白血病生存预后 CLL-IPI"),
    name=T("CLL-IPI", "CLL-IPI"),
    summary=T(
        "Points from age, stage, beta-2 microglobulin, IGHV and TP53.",
        "由年龄、分期、β2 微球蛋白、IGHV 和 TP53 评分。",
    ),
    intended_use=T(
        "Prognosis at diagnosis; it does not decide whether to treat", "诊断时的预后评估；不用于决定是否治疗"
    ),
    not_for=not_for(T("chronic lymphocytic leukaemia", "慢性淋巴细胞白血病")),
    indication=T("Chronic lymphocytic leukaemia", "慢性淋巴细胞白血病"),
    population=T("Adults with chronic lymphocytic leukaemia", "慢性淋巴细胞白血病成人患者"),
    inputs=_CLL_IPI,
    outputs=(
        points(
            T("CLL-IPI points", "CLL-IPI 评分"),
            10,
            (
                band(0, 2, LOW),
                band(2, 4, MIDDLE, "caution"),
                band(4, 7, HIGH, "high"),
                band(7, 11, T("Very high risk", "极高危"), "high"),
            ),
            T("International CLL-IPI working group 2016", "国际 CLL-IPI 工作组 2016"),
        ),
    ),
    graph=point_score(
        steps("age", 0, (65, 1), above=True),
        yes("cll_stage_advanced", 1),
        steps("beta2_microglobulin", 0, (3.5, 2), above=True),
        yes("ighv_unmutated", 2),
        yes("tp53_abnormal", 4),
    ),
    indications=IN_LEUKAEMIA,
    on_request=True,
    group="prognosis",
    question="cancer_outcome",
    reference={**unticked(_CLL_IPI, age=50), "beta2_microglobulin": 2},
    baseline_name=T("a person of 50 years without a point", "50 岁、无任何得分项者"),
    citation="International CLL-IPI working group. An international prognostic index for patients with chronic "
    "lymphocytic "
    "leukaemia (CLL-IPI). Lancet Oncol 2016;17:779-790. doi:10.1016/S1470-2045(16)30029-8",
)

_DIPSS = (
    given("age"),
    given("wbc", max_age_days=90),
    given("haemoglobin", max_age_days=90),
    given("circulating_blasts", max_age_days=90),
    given("constitutional_symptoms"),
)

DIPSS = Equation(
    id="dipss",
    kind="score",
    title=T("Survival in primary myelofibrosis, DIPSS", "原发性骨髓纤维化生存预后 DIPSS"),
    name=T("DIPSS", "DIPSS"),
    summary=T(
        "Points for survival in primary myelofibrosis, at any time of the disease.",
        "原发性骨髓纤维化病程中任意时点的预后评分。",
    ),
    intended_use=T("Prognosis and timing of transplantation", "预后评估及移植时机"),
    not_for=not_for(T("primary myelofibrosis", "原发性骨髓纤维化")),
    indication=T("Primary myelofibrosis", "原发性骨髓纤维化"),
    population=T("Adults with primary myelofibrosis", "原发性骨髓纤维化成人患者"),
    inputs=_DIPSS,
    outputs=(
        points(
            T("DIPSS points", "DIPSS 评分"),
            6,
            (
                band(0, 1, LOW),
                band(1, 3, T("Intermediate-1 risk", "中危-1"), "caution"),
                band(3, 5, T("Intermediate-2 risk", "中危-2"), "high"),
                band(5, 7, HIGH, "high"),
            ),
            T("Groups of the authors, Passamonti 2010", "作者的分组，Passamonti 2010"),
        ),
    ),
    graph=point_score(
        steps("age", 0, (65, 1), above=True),
        steps("wbc", 0, (25, 1), above=True),
        steps("haemoglobin", 2, (10, 0)),
        steps("circulating_blasts", 0, (1, 1)),
        yes("constitutional_symptoms", 1),
    ),
    on_request=True,
    group="prognosis",
    question="cancer_outcome",
    reference={**unticked(_DIPSS, age=50), "wbc": 8, "haemoglobin": 13, "circulating_blasts": 0},
    baseline_name=T("a person of 50 years without a point", "50 岁、无任何得分项者"),
    citation="Passamonti F, Cervantes F, Vannucchi AM, et al. A dynamic prognostic model to predict "
    "survival in primary "
    "myelofibrosis. Blood 2010;115:1703-1708. doi:10.1182/blood-2009-09-245837",
)


def _sokal(x: Mapping[str, Var]) -> dict[str, Var]:
    """Relative hazard: exp of the centred sum of age, spleen (cm), (platelets / 700) squared and blasts (%)."""
    platelets = centred(x["platelets"], 0.0, 700.0)
    terms = {
        "age": centred(x["age"], 43.4),
        "spleen": centred(x["spleen_below_margin"], 7.51),
        "platelets": centred(op.mul(platelets, platelets), 0.563),
        "blasts": centred(x["circulating_blasts"], 2.10),
    }
    weights = {"age": 0.0116, "spleen": 0.0345, "platelets": 0.188, "blasts": 0.0887}
    return {"hazard": op.exp(linear(terms, weights))}


SOKAL = Equation(
    id="sokal",
    kind="score",
    title=T("Survival in chronic myeloid leukaemia, Sokal score", "慢性髓性白血病生存预后 Sokal 评分"),
    name=T("Sokal score", "Sokal 评分"),
    summary=T(
        "Relative hazard of death at diagnosis of chronic phase, against the mean of the patients it was made from.",
        "慢性期诊断时相对于建模患者均值的死亡风险比。",
    ),
    intended_use=T("Risk group at diagnosis, before treatment", "诊断时、治疗前的危险分组"),
    not_for=T(
        "Accelerated phase and blast crisis, values under treatment; made in the time of busulfan",
        "加速期及急变期、治疗后的数值；建立于白消安时代",
    ),
    indication=T(
        "Chronic myeloid leukaemia in chronic phase before treatment", "治疗前的慢性髓性白血病慢性期"
    ),
    population=T("Adults with chronic myeloid leukaemia in chronic phase", "慢性髓性白血病慢性期成人患者"),
    inputs=(
        given("age"),
        given("spleen_below_margin"),
        given("platelets", max_age_days=30),
        given(
            "circulating_blasts",
            accepted=(0.0, 29.9),
            accepted_source="From 30 % on it is blast crisis (ELN), not chronic phase",
        ),
    ),
    outputs=(
        output(
            "hazard",
            T("Sokal score (relative hazard)", "Sokal 评分（相对风险）"),
            scale=(0.0, 3.0),
            decimals=2,
            bands=(
                band(0.0, 0.8, LOW),
                band(0.8, 1.21, MIDDLE, "caution"),
                band(1.21, 1000.0, HIGH, "high"),
            ),
            bands_source=T(
                "Groups of the authors, Sokal 1984 (under 0.8, up to 1.2, above)",
                "作者的分组，Sokal 1984（< 0.8、≤ 1.2、> 1.2）",
            ),
        ),
    ),
    graph=_sokal,
    indications=IN_LEUKAEMIA,
    on_request=True,
    group="prognosis",
    question="cancer_outcome",
    reference={"age": "same", "spleen_below_margin": 0, "platelets": 250, "circulating_blasts": 0},
    baseline_name=T(
        "a person of the same age with platelets of 250, no palpable spleen and no blasts",
        "同龄、血小板 250、脾未触及、无原始细胞者",
    ),
    citation="Sokal JE, Cox EB, Baccarani M, et al. Prognostic discrimination in good-risk chronic "
    "granulocytic leukemia. "
    "Blood 1984;63:789-799. doi:10.1182/blood.V63.4.789.789",
)


def _r_iss(x: Mapping[str, Var]) -> dict[str, Var]:
    """1: ISS I without high-risk findings; 3: ISS III with high-risk cytogenetics or raised LDH; 2: all others."""
    beta2 = x["beta2_microglobulin"]
    iss_1 = op.mul(as_flag(op.less(beta2, number(3.5))), at_least(x["albumin"], 3.5))
    bad = op.max([x["high_risk_cytogenetics"], x["ldh_raised"]])
    first = op.mul(iss_1, op.sub(number(1.0), bad))
    third = op.mul(at_least(beta2, 5.5), bad)
    stage = op.add(op.sub(number(2.0), first), third)
    return {"stage": missing_if(stage, beta2, x["albumin"], x["high_risk_cytogenetics"], x["ldh_raised"])}


R_ISS = Equation(
    id="r_iss",
    kind="score",
    title=T(
        "Survival in multiple myeloma, revised international stage (R-ISS)",
        "多发性骨髓瘤生存预后：修订国际分期 R-ISS",
    ),
    name=T("R-ISS", "R-ISS"),
    summary=T(
        "Stage I, II or III of newly found myeloma from beta-2 microglobulin, albumin, cytogenetics and LDH.",
        "由 β2 微球蛋白、白蛋白、细胞遗传学和 LDH 确定的初诊骨髓瘤分期（I、II、III）。",
    ),
    intended_use=T("Prognosis of newly found myeloma", "初诊骨髓瘤的预后评估"),
    not_for=T("Relapse, smouldering myeloma, MGUS", "复发、冒烟型骨髓瘤、MGUS"),
    indication=T("Newly found symptomatic myeloma", "初诊有症状的骨髓瘤"),
    population=T("Adults with newly found myeloma", "初诊骨髓瘤成人患者"),
    inputs=(
        given("beta2_microglobulin"),
        given("albumin", max_age_days=90),
        given("high_risk_cytogenetics"),
        given("ldh_raised"),
    ),
    outputs=(
        output(
            "stage",
            T("R-ISS stage", "R-ISS 分期"),
            scale=(1, 3),
            decimals=0,
            named=True,
            bands=(
                band(1, 2, T("Stage I", "I 期")),
                band(2, 3, T("Stage II", "II 期"), "caution"),
                band(3, 4, T("Stage III", "III 期"), "high"),
            ),
            bands_source=T("International Myeloma Working Group 2015", "国际骨髓瘤工作组 2015"),
        ),
    ),
    graph=_r_iss,
    indications=(Indication(("active_cancer",), T("Made for people with myeloma", "仅用于骨髓瘤患者")),),
    on_request=True,
    group="prognosis",
    question="cancer_outcome",
    reference={"beta2_microglobulin": 2, "albumin": 4, "high_risk_cytogenetics": 0, "ldh_raised": 0},
    baseline_name=T(
        "a person with beta-2 microglobulin 2 mg/L, albumin 40 g/L, normal LDH and cytogenetics of standard risk",
        "β2 微球蛋白 2 mg/L、白蛋白 40 g/L、LDH 正常、细胞遗传学标危者",
    ),
    citation="Palumbo A, Avet-Loiseau H, Oliva S, et al. Revised International Staging System for multiple "
    "myeloma. J "
    "Clin "
    "Oncol 2015;33:2863-2869. doi:10.1200/JCO.2015.61.2267",
)
