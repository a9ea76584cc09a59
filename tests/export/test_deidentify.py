"""Nothing that identifies the patient is in the exported bytes; what is left still means the same."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given
from hypothesis import strategies as st

from medgui.export.deidentify import deidentified, random_key, random_offset
from medgui.export.fhir import fhir_bundle
from medgui.export.write import Form, export_bytes
from medgui.readers import open_record
from medgui.record.dates import days_between
from medgui.record.model import Answer, Coding, Completeness, Identifier, Record, Source
from tests.export.people import LOINC, allergy, drug, person, place, problem, record, value, whole

DATES = re.compile(r"\d{4}-\d\d-\d\d")


def moved(given_record: Record, days: int = -200) -> Record:
    return deidentified(given_record, offset_days=days, key="P-0")


@pytest.mark.parametrize("form", ["fhir", "csv"])
def test_no_name_number_text_place_or_date_of_the_patient_is_in_the_exported_bytes(form: Form) -> None:
    exported = export_bytes(whole(), form, identified=False).decode("utf-8-sig")
    assert "quimby" not in exported.lower()
    for secret in ("77123", "Zelda", "1961-02-17", "2.16.840.1.113883.19.5", "abab", "T08:15", "+02:00"):
        assert secret not in exported
    offset_free = {"2026-10-20", "2026-10-19"}
    assert not offset_free & set(DATES.findall(exported))


words = st.text(st.characters(categories=("L",)), min_size=6, max_size=12).map(lambda text: f"qz{text}")


@given(
    st.lists(words, min_size=10, max_size=10, unique=True),
    st.integers(-365, -100),
    st.sampled_from(["fhir", "csv"]),
)
def test_no_token_of_any_text_field_comes_out(tokens: list[str], offset: int, form: Form) -> None:
    family, given_name, number, file, note, unit, code, reaction, display, method = tokens
    where = Source(file, note, family, 7, method)
    full = record(
        value(70.0, "kg", source=where, note=note, name=family, method=method, specimen=display, status=reaction),
        value(5.0, unit, id="x", variable="", source=where),
        value(family, id="y", variable="smoking_status"),
        problem(codings=(Coding(code, LOINC, display), Coding("38341003", number)), source=where),
        problem(codings=(Coding("38341003", "http://snomed.info/sct", display),), subject=family, verification=note),
        drug(dose=note, route=method, name=family, status=unit),
        allergy(reaction=reaction, name=given_name, status=code, verification=code),
        patient=person(
            id=number, family=family, given=given_name, administrative_gender=unit, ethnicity=display,
            identifiers=(Identifier(file, number, code),), sex_source=note, source=where,
        ),
        file=file,
    )  # fmt: skip
    gone = deidentified(full, offset_days=offset, key="P-0")
    exported = export_bytes(gone, form).decode("utf-8-sig").lower()
    assert not [token for token in tokens if token.lower() in exported]


@given(st.integers(-365, -100))
def test_no_original_date_comes_out_and_all_distances_stay(offset: int) -> None:
    full = whole()
    gone = deidentified(full, offset_days=offset, key="P-0")
    originals = {
        "1961-02-17",
        "2026-10-02",
        "2026-10-15",
        "2026-10-18",
        "2026-09-11",
        "2026-09-12",
        "2026-10-01",
    }
    exported = export_bytes(gone, "fhir").decode()
    assert not originals & set(DATES.findall(exported))
    kept = next(o for o in gone.observations if o.value_as_written == "194")
    first = next(o for o in gone.observations if o.variable == "weight")
    assert days_between(first.time, kept.time) == 13
    assert days_between(gone.patient.birth_date, first.time) == days_between("1961-02-17", "2026-10-02")
    assert days_between(first.time, "2026-10-02") == -offset


def test_an_age_from_ninety_is_one_group_and_no_date_tells_it() -> None:
    old = record(
        value(93.0, "a", id="age", variable="age", codings=(Coding("30525-0", LOINC),)),
        value(25.0, "a", id="since", variable="age_at_diabetes", codings=()),
        value(70.0, "kg"),
        problem(onset="1935-06-01", recorded="2020-01-02"),
        patient=person(birth_date="1933-02-17"),
    )
    gone = moved(old)
    assert gone.patient.birth_date == ""
    ages = [(o.comparator, o.value) for o in gone.observations if o.variable.startswith("age")]
    assert ages == [(">=", 90.0)]
    assert gone.conditions[0].onset == ""
    assert gone.conditions[0].recorded.startswith("2019")
    exported = export_bytes(gone, "fhir").decode()
    assert "93" not in re.sub(r"[0-9a-f-]{36}", "", exported)
    without_birth = moved(replace(old, patient=person(birth_date="1933")))
    assert without_birth.patient.birth_date == ""
    died_young = moved(
        record(value(70.0, "kg"), patient=person(birth_date="1930-01-01", deceased="1990-05-05"))
    )
    assert died_young.patient.birth_date


def test_an_entry_in_words_only_is_left_out_and_its_section_no_longer_complete() -> None:
    gone = moved(whole())
    assert [c.name for c in gone.conditions if c.kind == "condition"] == ["38341003", "73211009", "22298006"]
    assert [len(gone.medications), len(gone.allergies)] == [1, 1]
    states = gone.completeness
    assert {states[name] for name in ("observations", "conditions", "medications", "allergies")} == {
        Completeness.PARTIAL
    }
    assert states["procedures"] is Completeness.COMPLETE


def test_what_was_not_used_is_never_a_fact_after_the_words_are_gone(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    path.write_bytes(export_bytes(moved(whole()), "fhir"))
    Bundle.model_validate(fhir_bundle(moved(whole())))
    back = open_record(path)
    infarction = next(c for c in back.conditions if c.codings[0].code == "22298006")
    assert not infarction.usable
    relatives = next(c for c in back.conditions if c.codings[0].code == "44054006")
    assert (relatives.kind, relatives.usable) == ("family_history", False)


def test_a_urine_value_stays_one_of_urine() -> None:
    urine = value(
        50.0, "mg/dL", variable="", codings=(Coding("2345-7", LOINC),), specimen="Urine of Mr Quimby"
    )
    gone = moved(record(urine)).observations[0]
    assert (gone.specimen, gone.variable) == ("urine", "")


def test_questions_are_asked_anew_without_the_words_of_the_file() -> None:
    gone = moved(whole())
    assert [q.code for q in gone.open_questions] == [q.code for q in whole().open_questions]
    assert "Quimby" not in str(gone.open_questions)
    assert [a.variable for a in gone.answers] == ["hba1c"]
    assert gone.answers[0].note == ""


def test_the_day_of_the_export_does_not_tell_the_offset() -> None:
    gone = moved(
        record(value(70.0, "kg"), as_of=date.today().isoformat(), read_at="2026-10-20T09:00:00+02:00")
    )
    assert gone.read_at == ""
    assert gone.as_of == (date(2026, 10, 2) - timedelta(days=200)).isoformat()


def test_offsets_and_ids_are_drawn_within_their_bounds_and_apart() -> None:
    offsets = {random_offset() for _ in range(500)}
    assert min(offsets) >= -365
    assert max(offsets) <= -1
    assert len(offsets) > 100
    assert len({random_key() for _ in range(50)}) == 50


def test_two_exports_of_one_patient_share_no_id() -> None:
    one, other = (export_bytes(whole(), "fhir", identified=False).decode() for _ in range(2))
    ids = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
    assert not set(ids.findall(one)) & set(ids.findall(other))


def test_an_answer_in_words_or_to_a_lost_value_does_not_come_out() -> None:
    gone = moved(record(value(70.0, "kg"), Answer("smoking_status", "Quimbysmokes", "", "2026-10-02")))
    assert gone.answers == ()
    assert place() not in [o.source for o in gone.observations]
