"""What the record can say about an input that no entry states: from other inputs, from courses, from relatives.

Each answer names what it was computed from and every place that it rests on; an answer of the doctor beats it. A yes
needs one certain yes; a no needs all of its parts to be a no (SAFETY 2); a hint stays a question (SAFETY 7).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

from medgui.record import courses, relatives, smoking
from medgui.record.asking import Asked, blank, no_of, stated_by, yes_of
from medgui.record.dates import least_days_between
from medgui.record.drug_kinds import kinds_of
from medgui.record.facts import absent_of_drugs, is_unsure, taken
from medgui.record.problems import is_ruled, stating
from medgui.record.units import convert
from medgui.record.value import Gap, Value

SAME = {
    "myocardial_infarction": "heart_attack",
    "prior_stroke": "stroke",
    "abnormal_pulmonary_function": "copd",
    "malignancy_history": "cancer_history",
}
"""One fact under the name that another score gives it."""

ANY_OF = {
    "vascular_disease": ("heart_attack",),
    "ischaemic_heart_disease": ("heart_attack",),
    "cerebrovascular_disease": ("stroke",),
    "prior_vte": ("prior_dvt",),
    "thrombophilia": ("factor_v_leiden", "prothrombin_20210a", "lupus_anticoagulant"),
    "connective_tissue_disease": ("rheumatoid_arthritis", "systemic_lupus"),
    "cancer_history": ("breast_cancer", "lymphoma", "leukaemia"),
    "diabetes_or_impaired_fasting_glucose": ("diabetes",),
    "high_glucose_history": ("diabetes", "told_prediabetes", "gestational_diabetes"),
    "liver_disease": ("cirrhosis",),
    "renal_disease": ("chronic_kidney_disease", "dialysis_or_transplant"),
    "renal_disease_moderate_severe": ("dialysis_or_transplant",),
    "diabetes_hypertension_or_angina": ("diabetes", "hypertension"),
    "heart_disease": ("ischaemic_heart_disease", "heart_failure", "atrial_fibrillation"),
    "chronic_cardiopulmonary_disease": ("chronic_lung_disease", "heart_failure"),
    "hepatic_or_renal_disease": ("liver_disease", "renal_disease"),
}
"""Facts that others imply; their own rule, where there is one, counts too."""

CREATININE_ABNORMAL_UMOL = 200
"""HAS-BLED: dialysis, transplant or creatinine of 200 µmol/L and above (Pisters et al., Chest 2010;138:1093)."""
HAEMOGLOBIN_LOW = 10.0
"""g/dL; Khorana et al., Blood 2008;111:4902."""
HAEMOGLOBIN_NORMAL = {"female": 12.0, "male": 13.0}
"""g/dL, the lowest that is no anaemia (WHO; O'Brien 2015, Eur Heart J 36:3258)."""
STEROID_DAYS = 28
"""A course shorter than four weeks is no regular treatment."""
ORAL = re.compile(
    r"\b(oral(ly)?|tab(let)?s?|cap(sule)?s?|by mouth|p\.?o\.?)\b|口服|片|胶囊", re.IGNORECASE | re.ASCII
)


def _same(asked: Asked, own: Value) -> Value:
    other = asked.ask(SAME[asked.variable.name])
    return replace(other, name=asked.variable.name, observation="")


def _any_of(asked: Asked, own: Value) -> Value:
    parts = [asked.ask(name) for name in ANY_OF[asked.variable.name]]
    return either(asked, [own, *parts] if is_ruled(asked.variable.name) else parts)


def either(asked: Asked, parts: list[Value]) -> Value:
    """Yes where one part is yes, no where all are no, else the gap that stands between."""
    certain = [part for part in parts if part.value == 1.0]
    if certain:
        return yes_of(asked, certain)
    if all(part.value == 0.0 for part in parts):
        return no_of(asked, parts)
    gaps = {part.gap for part in parts}
    return blank(asked, next((gap for gap in (Gap.QUESTIONED, Gap.CONFLICT) if gap in gaps), Gap.NOT_STATED))


# Diabetes


def _of_type(asked: Asked, own: Value) -> Value:
    """Type 1 or type 2: yes or no where the type is stated, no where there is no diabetes."""
    kind, diabetes = asked.ask("diabetes_type"), asked.ask("diabetes")
    if diabetes.value == 0.0:
        return no_of(asked, [diabetes])
    if isinstance(kind.value, str):
        stated = kind.value == asked.variable.name.removesuffix("_diabetes")
        return yes_of(asked, [kind]) if stated else no_of(asked, [kind])
    return blank(asked, kind.gap if kind.gap in (Gap.CONFLICT, Gap.QUESTIONED) else Gap.NOT_STATED)


def _uncomplicated(asked: Asked, own: Value) -> Value:
    diabetes, complicated = asked.ask("diabetes"), asked.ask("diabetes_complicated")
    if diabetes.value == 0.0:
        return no_of(asked, [diabetes])
    if complicated.value == 1.0:
        return no_of(asked, [complicated])
    both = diabetes.value == 1.0 and complicated.value == 0.0
    return yes_of(asked, [diabetes, complicated]) if both else blank(asked)


def _complicated(asked: Asked, own: Value) -> Value:
    """Without diabetes there are no complications of it; with it, none listed is none."""
    diabetes = asked.ask("diabetes")
    return no_of(asked, [diabetes]) if diabetes.value == 0.0 else own


# Kidneys, liver, blood


def _abnormal_renal_function(asked: Asked, own: Value) -> Value:
    dialysis, creatinine = asked.ask("dialysis_or_transplant"), asked.ask("creatinine")
    if dialysis.value == 1.0:
        return yes_of(asked, [dialysis])
    if not isinstance(creatinine.value, float):
        return blank(asked)
    if creatinine.value >= convert(CREATININE_ABNORMAL_UMOL, "umol/L", "mg/dL", "creatinine"):
        return yes_of(asked, [creatinine])
    return no_of(asked, [creatinine, dialysis]) if dialysis.value == 0.0 else blank(asked)


def _abnormal_liver_function(asked: Asked, own: Value) -> Value:
    """Cirrhosis; the limits of bilirubin and enzymes are the laboratory's, so that anything else is asked."""
    cirrhosis = asked.ask("cirrhosis")
    return yes_of(asked, [cirrhosis]) if cirrhosis.value == 1.0 else blank(asked)


def _haemoglobin_low_or_esa(asked: Asked, own: Value) -> Value:
    haemoglobin = asked.ask("haemoglobin")
    listed = [m for m in asked.record.medications if "esa" in kinds_of(m)]
    given = [m for m in listed if taken(m, asked.as_of)]
    if given:
        return stated_by(asked.variable, [m.source for m in given], given[0].start)
    if not isinstance(haemoglobin.value, float):
        return blank(asked)
    if haemoglobin.value < HAEMOGLOBIN_LOW:
        return yes_of(asked, [haemoglobin])
    none = absent_of_drugs(asked.record, asked.variable, asked.as_of, None)
    certain = none.value == 0.0 and not any(is_unsure(m) for m in listed)
    return no_of(asked, [haemoglobin]) if certain else blank(asked)


def _anaemia(asked: Asked, own: Value) -> Value:
    """A history of it, or a haemoglobin that is low now: an empty list is no answer beside a low value."""
    if own.value == 1.0:
        return own
    haemoglobin, sex = asked.ask("haemoglobin"), asked.ask("sex")
    if not isinstance(haemoglobin.value, float):
        return own
    limit = HAEMOGLOBIN_NORMAL.get(str(sex.value))
    if limit is None:
        return own if haemoglobin.value >= max(HAEMOGLOBIN_NORMAL.values()) else blank(asked)
    return yes_of(asked, [haemoglobin, sex]) if haemoglobin.value < limit else own


def _bleeding_history(asked: Asked, own: Value) -> Value:
    """HAS-BLED counts anaemia as a tendency to bleed: with one the list's silence is a question."""
    return blank(asked) if asked.ask("anaemia_history").value == 1.0 else own


def _no_dialysis(asked: Asked, own: Value) -> Value:
    """Who was never on dialysis was not in the past week; who was may have had a transplant since."""
    dialysis = asked.ask("dialysis_or_transplant")
    return no_of(asked, [dialysis]) if dialysis.value == 0.0 else blank(asked)


def _corticosteroids(asked: Asked, own: Value) -> Value:
    """A steroid for the mouth that was begun four weeks ago or more; another form or a shorter time is a question."""
    listed = [m for m in asked.record.medications if "corticosteroid" in kinds_of(m)]
    now = [m for m in listed if taken(m, asked.as_of)]
    regular = [
        m
        for m in now
        if ORAL.search(f"{m.name} {m.route} {m.dose}")
        and (least_days_between(m.start, asked.as_of) or 0) >= STEROID_DAYS
    ]
    if regular:
        return stated_by(asked.variable, [m.source for m in regular], regular[0].start)
    if now or any(is_unsure(m) for m in listed):
        return blank(asked)
    return absent_of_drugs(asked.record, asked.variable, asked.as_of, asked.variable.max_age_days)


# Pregnancy, cancer, circulation


def _pregnancy_or_postpartum(asked: Asked, own: Value) -> Value:
    """Pregnant; never in men and at an age without pregnancies. Of others it is not known whether they gave birth."""
    pregnant = asked.ask("pregnant")
    if pregnant.value == 1.0:
        return yes_of(asked, [pregnant])
    never = pregnant.value == 0.0 and bool(pregnant.derived_from)
    return no_of(asked, [pregnant]) if never else blank(asked)


def _cancer_site(asked: Asked, own: Value) -> Value:
    found = stating(asked.record, "cancer")
    if len(found.types) > 1:
        return blank(asked, Gap.CONFLICT)
    for kind, listed in found.types.items():
        if all(entry in listed for entry in found.evidence):
            return stated_by(asked.variable, [c.source for c in listed], listed[0].onset, kind)
    return blank(asked)


def _node_stage(asked: Asked, own: Value) -> Value:
    """1: no positive node, 2: one to three, 3: four or more (Nottingham index)."""
    nodes = asked.ask("positive_nodes")
    if not isinstance(nodes.value, float) or not nodes.value.is_integer():
        return blank(asked, nodes.gap if nodes.gap is not Gap.NONE else Gap.NOT_STATED)
    stage = 1.0 if nodes.value == 0 else 2.0 if nodes.value <= 3 else 3.0
    return replace(yes_of(asked, [nodes]), value=stage)


def _older_name(asked: Asked, own: Value) -> Value:
    other = asked.ask({"tumour_grade": "grade", "positive_nodes": "nodes"}[asked.variable.name])
    return replace(other, name=asked.variable.name, unit=asked.variable.unit, observation="")


class Way(NamedTuple):
    """`compute` gives the value, from what the file says by itself too; `refines`: also where the file states one."""

    compute: Callable[[Asked, Value], Value]
    refines: bool = False


COMPUTED: Mapping[str, Way] = MappingProxyType(
    {
        **dict.fromkeys(SAME, Way(_same)),
        **dict.fromkeys(ANY_OF, Way(_any_of)),
        "type_1_diabetes": Way(_of_type),
        "type_2_diabetes": Way(_of_type),
        "diabetes_complicated": Way(_complicated),
        "diabetes_uncomplicated": Way(_uncomplicated),
        "abnormal_renal_function": Way(_abnormal_renal_function),
        "abnormal_liver_function": Way(_abnormal_liver_function),
        "haemoglobin_low_or_esa": Way(_haemoglobin_low_or_esa),
        "anaemia_history": Way(_anaemia),
        "bleeding_history": Way(_bleeding_history),
        "dialysis_past_week": Way(_no_dialysis),
        "corticosteroids": Way(_corticosteroids),
        "pregnancy_or_postpartum": Way(_pregnancy_or_postpartum),
        "cancer_site": Way(_cancer_site),
        "tumour_grade": Way(_older_name),
        "positive_nodes": Way(_older_name),
        "node_stage": Way(_node_stage),
        "chronic_kidney_disease": Way(courses.kidney_disease),
        "systolic_bp_sd": Way(courses.systolic_sd),
        "mean_arterial_pressure": Way(courses.mean_arterial_pressure),
        "smoking_status": Way(smoking.status, refines=True),
        "current_smoker": Way(smoking.current),
        "pack_years": Way(smoking.pack_years),
        "smoking_years": Way(smoking.years),
        "family_history_diabetes": Way(relatives.diabetes_degree),
        "family_history_premature_cvd": Way(relatives.premature_cvd),
        "family_history_ascvd": Way(relatives.ascvd),
        "family_history_lung_cancer": Way(relatives.lung_cancer),
        "family_history_vte": Way(relatives.thrombosis),
        "breast_cancer_relatives": Way(relatives.breast_cancer),
    }
)
"""By standard name. Plain arithmetic of a few numbers stands in `record.derive`."""
