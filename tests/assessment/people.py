"""Invented people as records, and the bundles that ship."""

from __future__ import annotations

from functools import cache

from medgui.inference.catalogue import Catalogue
from medgui.record.model import (
    Coding,
    Completeness,
    Condition,
    Medication,
    Observation,
    Patient,
    Record,
    Source,
)

TODAY = "2026-11-21"
SNOMED = "http://snomed.info/sct"
COMPLETE = dict.fromkeys(
    ("conditions", "medications", "allergies", "observations", "procedures", "social_history"),
    Completeness.COMPLETE,
)
PREVENT_EXAMPLE = {
    "systolic_bp": (160.0, "mm[Hg]"),
    "total_cholesterol": (200.0, "mg/dL"),
    "hdl_cholesterol": (45.0, "mg/dL"),
    "egfr": (90.0, "mL/min/{1.73_m2}"),
    "bmi": (35.0, "kg/m2"),
    "bp_treatment": (True, ""),
    "statin": (False, ""),
    "diabetes": (True, ""),
    "current_smoker": (False, ""),
}
"""The published example (base variant): 0.147 / 0.092 / 0.081 for a woman of 50."""


@cache
def shipped() -> Catalogue:
    return Catalogue.load()


def seen(variable: str, value: object, unit: str, time: str = TODAY, **more: object) -> Observation:
    """One observation of the file, in canonical units."""
    name = f"{variable}-{time}"
    defaults: dict[str, object] = {
        "id": f"{variable}-{time}-{value}",
        "code": variable,
        "system": "",
        "name": variable,
        "value": value,
        "unit": unit or "1",
        "value_as_written": str(value),
        "unit_as_written": unit,
        "time": time,
        "source": Source("visit.json", f"entry {name}"),
        "variable": variable,
    }
    return Observation(**{**defaults, **more})  # type: ignore[arg-type]


def problem(code: str, name: str) -> Condition:
    return Condition(
        id=f"condition-{code}",
        codings=(Coding(code, SNOMED, name),),
        name=name,
        clinical_status="active",
        verification="confirmed",
        subject="patient",
        onset="2020-01-01",
        recorded="2020-01-01",
        source=Source("visit.json", f"Condition {code}"),
    )


def person(
    *observations: Observation,
    born: str = "1976-03-14",
    sex: str | None = "female",
    conditions: tuple[Condition, ...] = (),
    medications: tuple[Medication, ...] = (),
    completeness: dict[str, Completeness] | None = None,
    deceased: str = "",
) -> Record:
    patient = Patient(
        id="p1",
        family="Marlow",
        given="Helen",
        birth_date=born,
        sex=sex,  # type: ignore[arg-type]
        deceased=deceased,
        source=Source("visit.json", "Patient"),
    )
    return Record(
        patient=patient,
        file="visit.json",
        format="fhir-json",
        read_at=TODAY,
        as_of=TODAY,
        observations=observations,
        conditions=conditions,
        medications=medications,
        completeness=COMPLETE if completeness is None else completeness,
        sha256="ab" * 32,
    )


def example(**changes: object) -> Record:
    """The published PREVENT example; a change replaces a value in its unit, None takes it out."""
    values = {**PREVENT_EXAMPLE}
    for name, value in changes.items():
        if value is None:
            values.pop(name, None)
        else:
            values[name] = (value, values[name][1] if name in values else "")
    return person(*(seen(name, value, unit) for name, (value, unit) in values.items()))
