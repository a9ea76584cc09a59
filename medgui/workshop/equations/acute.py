"""What acute scores share: values of one encounter, and the reference person whose findings give no point."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from medgui.inference.manifest import BandSpec, Exclusion, InputSpec, OutputSpec, Text
from medgui.inference.rules import is_yes_no
from medgui.workshop.equations.card import Equation, T, output, unticked
from medgui.workshop.equations.given import given

NORMAL: dict[str, float] = {
    "age": 40,
    "respiratory_rate": 16,
    "oxygen_saturation": 98,
    "systolic_bp": 120,
    "diastolic_bp": 75,
    "mean_arterial_pressure": 90,
    "heart_rate": 75,
    "temperature": 37,
    "glasgow_coma_scale": 15,
    "bun": 14,
    "creatinine": 0.9,
    "sodium": 140,
    "potassium": 4.2,
    "glucose": 90,
    "haemoglobin": 14,
    "haematocrit": 42,
    "wbc": 7,
    "platelets": 250,
    "bilirubin_total": 0.6,
    "arterial_ph": 7.4,
    "pao2": 90,
    "pao2_fio2": 450,
    "aa_gradient": 15,
    "fio2": 0.21,
    "inr": 1.0,
    "albumin": 4.2,
    "calcium": 9.4,
    "bicarbonate": 24,
    "ldh": 180,
    "crp": 2,
    "ferritin": 100,
    "triglycerides": 100,
    "fibrinogen": 300,
    "ast": 20,
    "nt_probnp": 60,
    "bmi": 23,
    "fev1_percent": 100,
    "six_minute_walk": 550,
    "abbreviated_mental_test": 10,
    "length_of_stay": 0,
    "emergency_visits_6_months": 0,
    "admissions_past_year": 0,
    "lace_comorbidity": 0,
    "sirs_points": 0,
    "sofa_four_systems": 0,
    "d_dimer_multiple": 0.5,
    "pt_prolongation": 0,
    "haematoma_volume": 1,
    "skin_detached": 0,
}
"""Ordinary values of a healthy adult of 40 years, in the units of the standard inputs."""
A_WELL_PERSON = T("a person of 40 years with normal values and no point", "各项指标正常、无得分项的 40 岁者")
NOT_IN_PREGNANCY = Exclusion(
    "pregnant",
    1,
    T(
        "Pregnancy: normal values differ, the score was not made for it",
        "妊娠：正常值不同，该评分不适用于孕妇",
    ),
    code="pregnancy",
)


def measured(name: str, **keys: Any) -> InputSpec:
    """A value of the day (SAFETY 9: acute scores take values of one encounter within 24 hours)."""
    return given(name, **{"max_age_days": 1, "varies": False, **keys})


def oxygen_pressure(**keys: Any) -> InputSpec:
    """Arterial oxygen pressure; a number below those of living people is one in kPa."""
    source = "Lowest of living people 19.1 mmHg (Grocott 2009, N Engl J Med 360:140); below it a value in kPa or a slip"
    return measured("pao2", accepted=(19.0, 760.0), accepted_source=source, **keys)


def encounter(*inputs: InputSpec) -> tuple[InputSpec, ...]:
    """The inputs of one encounter: their measured values lie at most a day apart."""
    days = [
        spec.name for spec in inputs if spec.max_age_days == 1 and not (spec.categories or is_yes_no(spec))
    ]
    if len(days) < 2:
        return inputs
    anchor, *others = days
    return tuple(
        replace(spec, max_spread_days=1, spread_with=tuple(others)) if spec.name == anchor else spec
        for spec in inputs
    )


def well(inputs: Iterable[InputSpec], **others: float | str) -> dict[str, float | str]:
    """The reference person: `NORMAL` values, no to each yes/no, the first text of each choice, and *others*."""
    specs = tuple(inputs)
    values = {spec.name: NORMAL[spec.name] for spec in specs if spec.name in NORMAL}
    return unticked(specs, **{**values, **others})


def points(
    title: Text, top: float, *bands: BandSpec, low: float = 0, source: Text | None = None, decimals: int = 0
) -> OutputSpec:
    """The output "points" from *low* to *top*; *source* names the guideline of its *bands*."""
    return output("points", title, scale=(low, top), decimals=decimals, bands=bands, bands_source=source)


def bedside_score(**keys: Any) -> Equation:
    """A score run on request for adults: reference person `well`, unless *keys* (fields of `Equation`) differ."""
    usual = {
        "kind": "score",
        "acute": True,
        "baseline_name": A_WELL_PERSON,
        "population": T("Adults", "成人"),
    }
    return Equation(**{"reference": well(keys["inputs"]), **usual, **keys})
