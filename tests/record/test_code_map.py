"""The clinic's map of codes: what is looked up, what is never overruled, what is proposed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from medgui.record.code_map import CodeMap, MapEntry, apply, key_of
from medgui.record.code_proposals import fitting, proposals
from medgui.record.model import Coding, Observation, Patient, Record, Source
from medgui.record.questions import raise_questions

LAB = "urn:local:LAB"
CREA = MapEntry(LAB, "tt-3", "Creatinine", "creatinine")


def value(
    number: float | str | None = 142.0,
    unit: str = "UMOLL",
    name: str = "Creatinine",
    code: str = "tt-3",
    system: str = LAB,
    **more: object,
) -> Observation:
    """A number under a local code, as a reader leaves it."""
    base = Observation(
        id=f"{code}{name}{number}{more.get('time', '')}", code=code, system=system, name=name, value=number,
        unit=unit, value_as_written=str(number), unit_as_written=unit, time="2026-11-03", source=Source("f.hl7"),
        codings=(Coding(code, system, name),) if code else (), reference_range=(49.0, 92.0),
    )  # fmt: skip
    return replace(base, **more)  # type: ignore[arg-type]


def record(*observations: Observation) -> Record:
    """A woman of 50 with these values."""
    patient = Patient("1", birth_date="1976-01-01", sex="female")
    return Record(patient, "f.hl7", "hl7v2", "", as_of="2026-11-10", observations=observations)


def mapped(found: Observation, *entries: MapEntry) -> Observation:
    """The observation under a map."""
    return apply(record(found), CodeMap().with_entries(entries or (CREA,))).observations[0]


def test_a_mapped_code_becomes_its_variable_in_the_canonical_unit() -> None:
    found = mapped(value())
    assert (found.variable, found.unit) == ("creatinine", "mg/dL")
    assert found.value == pytest.approx(142 / 88.4)
    assert found.reference_range == pytest.approx((49 / 88.4, 92 / 88.4))
    assert (found.value_as_written, found.unit_as_written, found.code) == ("142.0", "UMOLL", "tt-3")
    assert "map of codes" in found.note


@pytest.mark.parametrize(
    "found",
    [
        value(code="tt-4"),
        value(system="urn:local:OTHER"),
        value(name="Potassium"),
        value("haemolysed"),
        value(None),
        value(specimen="Urine"),
        value(variable="urea"),
        value(codings=(Coding("tt-3", LAB), Coding("14682-9", "http://loinc.org"))),
    ],
)
def test_another_code_name_specimen_or_a_standard_code_is_left_alone(found: Observation) -> None:
    assert mapped(found) == found


def test_a_result_without_a_code_is_found_by_its_name() -> None:
    entry = MapEntry("", "", "creatinine (serum)", "creatinine")
    assert mapped(value(code="", system="", name="Creatinine, Serum"), entry).variable == "creatinine"
    assert mapped(value(code="X", name="Creatinine, Serum"), entry).variable == ""


def test_the_unit_of_the_map_is_for_values_without_one() -> None:
    entry = replace(CREA, unit="umol/L")
    assert mapped(value(unit=""), entry).value == pytest.approx(142 / 88.4)
    assert mapped(value(1.6, "mg/dL"), entry).value == 1.6


def test_a_unit_that_does_not_fit_is_asked_about() -> None:
    asked = raise_questions(apply(record(value(142.0, "kg")), CodeMap((CREA,))))
    assert [q.code for q in asked.questions] == ["unit_unknown"]
    assert asked.observations[0].reference_range is None


def test_an_ignored_code_is_neither_used_nor_proposed() -> None:
    ignored = CodeMap().with_entries([replace(CREA, variable="")])
    assert apply(record(value()), ignored) == record(value())
    assert proposals(record(value()), ignored) == ()


@pytest.mark.parametrize(
    "entry",
    [replace(CREA, variable="smoking_status"), replace(CREA, variable="nothing"), replace(CREA, unit="blorp"),
     replace(CREA, code="", name=" ")],
)  # fmt: skip
def test_an_entry_that_cannot_hold_is_refused(entry: MapEntry) -> None:
    with pytest.raises(ValueError, match=r"\."):
        CodeMap().with_entries([entry])


def test_contradictions_between_two_maps_are_found() -> None:
    other = CodeMap((replace(CREA, variable="urea"), MapEntry(LAB, "tt-5", "Potassium", "potassium")))
    found = CodeMap((CREA,)).conflicts(other)
    assert [(c.own.variable, c.other.variable) for c in found] == [("creatinine", "urea")]
    assert CodeMap((CREA,)).conflicts(CodeMap((replace(CREA, by="X"),))) == ()


def test_an_entry_can_be_changed_and_taken_back() -> None:
    changed = CodeMap((CREA,)).with_entries([replace(CREA, variable="urea")])
    assert [entry.variable for entry in changed.entries] == ["urea"]
    assert changed.without([CREA.key]).entries == ()


def test_an_entry_made_from_a_proposal_is_found_again() -> None:
    (proposal,) = proposals(record(value()))
    entry = MapEntry(proposal.system, proposal.code, proposal.name, proposal.candidates[0].variable)
    assert entry.key == proposal.key == key_of(value())
    assert mapped(value(), entry).variable == "creatinine"


# Proposals


def test_a_proposal_counts_the_values_and_shows_the_latest() -> None:
    found = proposals(record(value(140.0), value(142.0, time="2026-11-05"), value(5.0, "mmol/L", "K", "k")))
    assert [(p.name, p.count, p.units, p.sample.value) for p in found] == [
        ("Creatinine", 2, ("UMOLL",), 142.0),
        ("K", 1, ("mmol/L",), 5.0),
    ]


@pytest.mark.parametrize(
    ("name", "unit", "number", "variable"),
    [
        ("Creatinine", "UMOLL", 142.0, "creatinine"),
        ("CREAT", "umol/L", 80.0, "creatinine"),
        ("S-Creatinine", "umol/L", 80.0, "creatinine"),
        ("Serum Creatinine level", "umol/L", 80.0, "creatinine"),
        ("Hemoglobin", "g/L", 140.0, "haemoglobin"),
        ("Haemoglobin A1c", "mmol/mol", 48.0, "hba1c"),
        ("Potassium level", "mmol/L", 4.1, "potassium"),
        ("Sodium", "MMOLL", 140.0, "sodium"),
        ("Total Cholesterol", "mmol/L", 5.0, "total_cholesterol"),
        ("HDL Cholesterol", "mmol/L", 1.2, "hdl_cholesterol"),
        ("Cholesterol, LDL", "mmol/L", 3.0, "ldl_cholesterol"),
        ("White blood cell count", "10*9/L", 7.0, "wbc"),
        ("Platelet count", "10*9/L", 250.0, "platelets"),
        ("Alk Phos", "U/L", 80.0, "alkaline_phosphatase"),
        ("Bilirubin Total", "umol/L", 12.0, "bilirubin_total"),
        ("血肌酐", "μmol/L", 80.0, "creatinine"),
        ("肌酐(酶法)", "umol/L", 80.0, "creatinine"),
        ("总胆固醇测定", "mmol/L", 5.0, "total_cholesterol"),
        ("Creatinine, urine", "mmol/L", 9.0, "urine_creatinine"),
    ],
)
def test_the_first_candidate_is_what_a_laboratory_means(
    name: str, unit: str, number: float, variable: str
) -> None:
    (proposal,) = proposals(record(value(number, unit, name, "x1")))
    assert proposal.candidates[0].variable == variable
    assert proposal.candidates[0].unit_fits
    assert len(proposal.candidates) <= 5


@pytest.mark.parametrize(
    ("name", "unit", "number"),
    [
        ("Creatinine", "kg", 80.0),
        ("Gamma interferon release", "IU/mL", 0.2),
        ("Creatinine", "mg/dL", 90000.0),
    ],
)
def test_nothing_is_proposed_against_the_unit_or_the_value(name: str, unit: str, number: float) -> None:
    (proposal,) = proposals(record(value(number, unit, name, "x1")))
    assert "creatinine" not in {c.variable for c in proposal.candidates}


def test_a_urine_sample_is_no_serum_value() -> None:
    (proposal,) = proposals(record(value(9.0, "mmol/L", "Creatinine", "u1", specimen="Urine")))
    assert "creatinine" not in {c.variable for c in proposal.candidates}


def test_words_and_standard_codes_are_not_proposed() -> None:
    loinc = value(codings=(Coding("99999-9", "http://loinc.org"),), system="http://loinc.org", code="99999-9")
    assert proposals(record(value("positive"), loinc, value(variable="urea"))) == ()


def test_variables_for_a_unit_can_be_listed() -> None:
    names = fitting(["umol/L", ""])
    assert "creatinine" in names
    assert "weight" not in names
    assert len(fitting([])) > 80
