"""A record that holds one of everything, with words in each field that must not leave."""

from __future__ import annotations

from dataclasses import replace

from medgui.record.model import (
    Allergy,
    Answer,
    Cleaned,
    Coding,
    Completeness,
    Condition,
    Document,
    FilePart,
    Identifier,
    Medication,
    Observation,
    Patient,
    Record,
    Source,
    Unread,
)
from medgui.record.questions import raise_questions

LOINC, SNOMED, RXNORM = (
    "http://loinc.org",
    "http://snomed.info/sct",
    "http://www.nlm.nih.gov/research/umls/rxnorm",
)
SECTIONS = ("observations", "conditions", "medications", "allergies", "procedures")


def place(line: int = 12) -> Source:
    return Source("Quimby_Zelda_MRN77123.xml", "section Quimbyplace", "as Drquimby wrote", line, "vitals")


def value(number: float | str | bool | None, unit: str = "", /, **changes: object) -> Observation:
    """A weight in kilograms, or what *changes* make of it."""
    base = Observation(
        id="w1", code="29463-7", system=LOINC, name="Body weight Quimbyname", value=number, unit=unit,
        value_as_written=f"{number:g}" if isinstance(number, float) else str(number), unit_as_written=unit,
        time="2026-10-02T08:15:00+02:00", source=place(), variable="weight",
        codings=(Coding("29463-7", LOINC, "Quimbydisplay"),), note="Notequimby",
    )  # fmt: skip
    return replace(base, **changes)  # type: ignore[arg-type]


def problem(code: str = "38341003", name: str = "Hypertension Quimbytext", /, **changes: object) -> Condition:
    base = Condition(
        id=f"c-{code}", codings=(Coding(code, SNOMED, name),), name=name, clinical_status="active",
        verification="confirmed", subject="patient", onset="2026-09-11", recorded="2026-10-01", source=place(),
    )  # fmt: skip
    return replace(base, **changes)  # type: ignore[arg-type]


def drug(**changes: object) -> Medication:
    base = Medication(
        id="m1", codings=(Coding("314076", RXNORM),), name="Lisinopril Quimbydrug", status="active", dose="10 mg",
        route="oral Quimbyroute", start="2026-09-05", end="", source=place(), frequency="daily Quimbyfrequency",
    )  # fmt: skip
    return replace(base, **changes)  # type: ignore[arg-type]


def allergy(**changes: object) -> Allergy:
    base = Allergy(
        id="a1", codings=(Coding("91936005", SNOMED),), name="Penicillin Quimbyallergy", reaction="Rash Quimbyrash",
        status="active", verification="confirmed", negated=False, recorded="2026-08-30", source=place(),
    )  # fmt: skip
    return replace(base, **changes)  # type: ignore[arg-type]


def person(**changes: object) -> Patient:
    base = Patient(
        id="pid-Quimby-77123", family="Quimby", given="Zelda", birth_date="1961-02-17", sex="female",
        administrative_gender="female", sex_source="administrative gender",
        identifiers=(Identifier("urn:oid:2.16.840.1.113883.19.5", "MRN77123", "MR"),), ethnicity="Other",
        source=place(3),
    )  # fmt: skip
    return replace(base, **changes)  # type: ignore[arg-type]


def record(*parts: object, **changes: object) -> Record:
    """A record of these parts, with documents, notes and files that name the patient."""
    base = Record(
        patient=person(),
        file="Quimby_Zelda_MRN77123.xml",
        format="ccda",
        read_at="2026-10-20T09:00:00+02:00",
        document_date="2026-10-19",
        as_of="2026-10-20",
        observations=tuple(p for p in parts if isinstance(p, Observation)),
        conditions=tuple(p for p in parts if isinstance(p, Condition)),
        medications=tuple(p for p in parts if isinstance(p, Medication)),
        allergies=tuple(p for p in parts if isinstance(p, Allergy)),
        answers=tuple(p for p in parts if isinstance(p, Answer)),
        unread=(Unread("entry Quimbyunread", "Quimbyreason", 4),),
        completeness=dict.fromkeys(SECTIONS, Completeness.COMPLETE),
        sha256="ab" * 32,
        documents=(
            Document("d1", "Letter Quimbyletter", "text/plain", "2026-10-10", place(), "Dear Quimbydear"),
        ),
        cleaned=(Cleaned("duplicate", "Quimbyduplicate", place(), "w1"),),
        parts=(
            FilePart(
                "Quimby_Zelda_MRN77123.xml", "ccda", "ab" * 32, 10, "2026-10-19", "/home/Quimbyhome/x.xml"
            ),
        ),
    )
    return raise_questions(replace(base, **changes))  # type: ignore[arg-type]


def whole() -> Record:
    """One of everything."""
    return record(
        value(70.0, "kg"),
        value(70.0, "kg", id="w2", name="Quimbylocal", codings=(Coding("Quimbycode", "Quimbysystem"),), variable=""),
        value("free words Quimbyfree", id="t1", variable="", codings=(Coding("8716-3", LOINC),)),
        value(
            0.9, "mg/dL", id="k1", variable="creatinine", codings=(Coding("2160-0", LOINC),),
            specimen="Serum of Quimby", method="Quimbymethod",
        ),
        value(194.0, "kg", id="w3", time="2026-10-15"),
        problem(),
        problem("73211009", "Quimbydiabetes", onset="2026-09-12"),
        problem("x", "Words only Quimbywords", codings=()),
        problem("22298006", "Suspected infarction Quimby", usable=False, unusable_reason="Quimbywhy"),
        problem(
            "44054006", "Diabetes", kind="family_history", subject="Mother Quimbymother", usable=False, onset="",
            clinical_status="",
        ),
        drug(), drug(id="m2", name="Herbal Quimbyherb", codings=()),
        allergy(), allergy(id="a2", name="Catsquimby", codings=()),
        Answer("hba1c", 6.1, "%", "2026-10-18", note="Quimbyanswer"),
    )  # fmt: skip
