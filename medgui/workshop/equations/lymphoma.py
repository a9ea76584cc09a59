"""Prognostic indices of lymphoma at diagnosis: IPI, FLIPI, MIPI."""

from __future__ import annotations

from collections.abc import Mapping
from math import log

import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.inference.manifest import BandSpec, Indication, OutputSpec, Text
from medgui.workshop.equation import number
from medgui.workshop.equations import (
    Equation,
    T,
    band,
    choice,
    given,
    output,
    point_score,
    steps,
    unticked,
    yes,
)
from medgui.workshop.equations.forms import at_least, linear, missing_if

IN_LYMPHOMA = (
    Indication(("lymphoma", "active_cancer"), T("Made for people with lymphoma", "仅用于淋巴瘤患者")),
)
PER_LN_10 = 1.0 / log(10.0)
LOW, HIGH = T("Low risk", "低危"), T("High risk", "高危")
MIDDLE = T("Intermediate risk", "中危")


def points(title: Text, top: float, bands: tuple[BandSpec, ...], source: Text) -> OutputSpec:
    """The output of an index that counts from 0 to *top*."""
    return output("points", title, scale=(0, top), decimals=0, bands=bands, bands_source=source)


def not_for(disease: Text) -> Text:
    """What no index of a blood cancer is for."""
    return T(
        f"Relapse, other diseases than {disease['en']}; survival has improved since the index was made",
        f"复发患者、{disease['zh']}以外的疾病；指数建立后生存已有改善",
    )


_IPI = (
    given("age"),
    given("ldh_raised"),
    given("ecog_status"),
    given("stage_3_4"),
    given("extranodal_sites_over_1"),
)

IPI = Equation(
    id="ipi",
    kind="score",
    title=T(
        "Survival in diffuse large B-cell lymphoma, International Prognostic Index",
        "弥漫大 B 细胞淋巴瘤生存预后：国际预后指数 IPI",
    ),
    name=T("International Prognostic Index", "国际预后指数 IPI"),
    summary=T("Number of five adverse factors at diagnosis.", "诊断时五项不良因素的个数。"),
    intended_use=T("Prognosis before first treatment", "初治前的预后评估"),
    not_for=not_for(T("aggressive lymphoma", "侵袭性淋巴瘤")),
    indication=T("Newly found diffuse large B-cell lymphoma", "初诊弥漫大 B 细胞淋巴瘤"),
    population=T("Adults with newly found aggressive lymphoma", "初诊侵袭性淋巴瘤成人患者"),
    inputs=_IPI,
    outputs=(
        points(
            T("IPI factors", "IPI 不良因素数"),
            5,
            (
                band(0, 2, LOW),
                band(2, 3, T("Low-intermediate risk", "低中危"), "caution"),
                band(3, 4, T("High-intermediate risk", "高中危"), "caution"),
                band(4, 6, HIGH, "high"),
            ),
            T("International NHL Prognostic Factors Project 1993", "国际非霍奇金淋巴瘤预后因素项目 1993"),
        ),
    ),
    graph=point_score(
        steps("age", 0, (60, 1), above=True),
        yes("ldh_raised", 1),
        choice("ecog_status", (0, 0, 1, 1, 1)),
        yes("stage_3_4", 1),
        yes("extranodal_sites_over_1", 1),
    ),
    indications=IN_LYMPHOMA,
    on_request=True,
    group="prognosis",
    question="cancer_outcome",
    reference=unticked(_IPI, age=40),
    baseline_name=T("a person of 40 years without an adverse factor", "40 岁、无任何不良因素者"),
    citation="International Non-Hodgkin's Lymphoma Prognostic Factors Project. A predictive model for aggressive "
    "non-Hodgkin's lymphoma. N Engl J Med 1993;329:987-994. doi:10.1056/NEJM199309303291402",
)

_FLIPI = (
    given("age"),
    given("stage_3_4"),
    given("haemoglobin", max_age_days=90),
    given("nodal_areas_over_4"),
    given("ldh_raised"),
)

FLIPI = Equation(
    id="flipi",
    kind="score",
    title=T("Survival in follicular lymphoma, FLIPI", "滤泡性淋巴瘤生存预后 FLIPI"),
    name=T("FLIPI", "FLIPI"),
    summary=T("Number of five adverse factors at diagnosis.", "诊断时五项不良因素的个数。"),
    intended_use=T("Prognosis before first treatment", "初治前的预后评估"),
    not_for=not_for(T("follicular lymphoma", "滤泡性淋巴瘤")),
    indication=T("Newly found follicular lymphoma", "初诊滤泡性淋巴瘤"),
    population=T("Adults with newly found follicular lymphoma", "初诊滤泡性淋巴瘤成人患者"),
    inputs=_FLIPI,
    outputs=(
        points(
            T("FLIPI factors", "FLIPI 不良因素数"),
            5,
            (band(0, 2, LOW), band(2, 3, MIDDLE, "caution"), band(3, 6, HIGH, "high")),
            T("Groups of the authors, Solal-Céligny 2004", "作者的分组，Solal-Céligny 2004"),
        ),
    ),
    graph=point_score(
        steps("age", 0, (60, 1), above=True),
        yes("stage_3_4", 1),
        steps("haemoglobin", 1, (12, 0)),
        yes("nodal_areas_over_4", 1),
        yes("ldh_raised", 1),
    ),
    indications=IN_LYMPHOMA,
    on_request=True,
    group="prognosis",
    question="cancer_outcome",
    reference={**unticked(_FLIPI, age=40), "haemoglobin": 14},
    baseline_name=T("a person of 40 years without an adverse factor", "40 岁、无任何不良因素者"),
    citation="Solal-Céligny P, Roy P, Colombat P, et al. Follicular Lymphoma International Prognostic Index. Blood "
    "2004;104:1258-1265. doi:10.1182/blood-2003-12-4434",
)


_MIPI = (
    given("age"),
    given("ecog_status"),
    given("ldh", max_age_days=30, spread_with=("wbc",), max_spread_days=30),
    given("ldh_upper_limit"),
    given(
        "wbc", max_age_days=30, accepted=(0.1, 1500.0), accepted_source="The logarithm of 0 is not defined"
    ),
    given("ki67_percent", needed=False, outputs=("points_with_ki67",)),
)


def _mipi(x: Mapping[str, Var]) -> dict[str, Var]:
    """0.03535 age + 0.6978 (ECOG 2-4) + 1.367 log10(LDH / limit) + 0.9393 log10(WBC a microlitre) + 0.02142 Ki-67 %."""
    terms = {
        "age": x["age"],
        "ecog": at_least(x["ecog_status"], 2.0),
        "ldh": op.log(op.div(x["ldh"], x["ldh_upper_limit"])),
        "wbc": op.log(op.mul(x["wbc"], number(1000.0))),
    }
    weights = {"age": 0.03535, "ecog": 0.6978, "ldh": 1.367 * PER_LN_10, "wbc": 0.9393 * PER_LN_10}
    points = missing_if(linear(terms, weights), x["ecog_status"])
    return {
        "points": points,
        "points_with_ki67": op.add(points, op.mul(x["ki67_percent"], number(0.02142))),
    }


MIPI = Equation(
    id="mipi",
    kind="score",
    title=T("Survival in mantle cell lymphoma, MIPI", "套细胞淋巴瘤生存预后 MIPI"),
    name=T("MIPI", "MIPI"),
    summary=T(
        "Index from age, performance status, LDH and white cells at diagnosis; with Ki-67 the biological index too.",
        "由诊断时年龄、体力状态、LDH 和白细胞计算；有 Ki-67 时另给出生物学指数。",
    ),
    intended_use=T("Prognosis before first treatment", "初治前的预后评估"),
    not_for=not_for(T("mantle cell lymphoma", "套细胞淋巴瘤")),
    indication=T("Newly found advanced mantle cell lymphoma", "初诊晚期套细胞淋巴瘤"),
    population=T("Adults with advanced mantle cell lymphoma", "晚期套细胞淋巴瘤成人患者"),
    inputs=_MIPI,
    outputs=(
        output(
            "points",
            T("MIPI", "MIPI 指数"),
            scale=(4.0, 8.0),
            decimals=2,
            bands=(
                band(-10.0, 5.7, LOW),
                band(5.7, 6.2, MIDDLE, "caution"),
                band(6.2, 20.0, HIGH, "high"),
            ),
            bands_source=T("Groups of the authors, Hoster 2008", "作者的分组，Hoster 2008"),
        ),
        output(
            "points_with_ki67",
            T("Biological MIPI (with Ki-67)", "生物学 MIPI（含 Ki-67）"),
            short_title=T("With Ki-67", "含 Ki-67"),
            scale=(4.0, 8.0),
            decimals=2,
            bands=(
                band(-10.0, 5.7, LOW),
                band(5.7, 6.5, MIDDLE, "caution"),
                band(6.5, 20.0, HIGH, "high"),
            ),
            bands_source=T("Groups of the authors, Hoster 2008", "作者的分组，Hoster 2008"),
        ),
    ),
    graph=_mipi,
    indications=IN_LYMPHOMA,
    on_request=True,
    group="prognosis",
    question="cancer_outcome",
    reference={
        "age": 50,
        "ecog_status": "0",
        "ldh": 180,
        "ldh_upper_limit": "same",
        "wbc": 6,
        "ki67_percent": 10,
    },
    baseline_name=T(
        "a fit person of 50 years with LDH 180 U/L, white cells 6, Ki-67 10 %",
        "50 岁、体力良好、LDH 180 U/L、白细胞 6、Ki-67 10% 者",
    ),
    citation="Hoster E, Dreyling M, Klapper W, et al. A new prognostic index (MIPI) for patients with advanced-stage "
    "mantle cell lymphoma. Blood 2008;111:558-565. doi:10.1182/blood-2007-06-095331",
)
