from dataclasses import replace

import pytest

from medgui import i18n
from medgui.record import patient_words as words
from medgui.record.model import Allergy, Coding, Completeness, Identifier, Patient, Record, Source

BASE = Record(Patient("1"), "visit.json", "fhir-json", "2026-11-21T09:42:00+00:00", as_of="2026-11-21")


def allergy(name: str = "Penicillin", *, negated: bool = False, recorded: str = "") -> Allergy:
    return Allergy("a", (), name, "", "active", "confirmed", negated, recorded, Source("visit.json"))


@pytest.mark.parametrize(
    ("family", "given", "expected"),
    [
        ("Marlow", "Helen", "MARLOW, Helen"),
        ("林", "慧敏", "林慧敏"),
        ("Nguyễn", "Thị Ánh", "NGUYỄN, Thị Ánh"),
        ("", "Helen", "Helen"),
        ("", "", "Name not in the file"),
    ],
)
def test_names_are_written_as_their_script_has_it(family: str, given: str, expected: str) -> None:
    assert words.full_name(Patient("1", family, given)) == expected


def test_allergies_have_their_states() -> None:
    assert words.allergy_words(BASE) == ("Not in the file", "")
    read = replace(BASE, completeness={"allergies": Completeness.COMPLETE})
    assert words.allergy_words(read) == ("None recorded", "")
    part = replace(BASE, completeness={"allergies": Completeness.PARTIAL})
    assert words.allergy_words(part) == ("Read only in part", "caution")
    stated = replace(BASE, allergies=(allergy(negated=True, recorded="2026-05-12"),))
    assert words.allergy_words(stated)[0] == "No known allergies (stated 12\u00a0May\u00a02026)"
    known = replace(BASE, allergies=(allergy(), allergy("Latex")))
    assert words.allergy_words(known) == ("Penicillin, Latex", "high")


@pytest.mark.parametrize(
    ("name", "code", "expected"),
    [
        ("No known drug allergies", "", "No known drug allergies (stated 12 May 2026)"),
        ("428607008", "428607008", "No known environmental allergies (stated 12 May 2026)"),
        ("No known food allergies", "429625007", "No known food allergies (stated 12 May 2026)"),
        ("No known allergies", "716186003", "No known allergies (stated 12 May 2026)"),
    ],
)
def test_no_allergy_of_one_kind_is_not_called_no_allergy_at_all(name: str, code: str, expected: str) -> None:
    coded = (Coding(code, "http://snomed.info/sct"),) if code else ()
    stated = replace(allergy(name), negated=True, recorded="2026-05-12", codings=coded)
    shown = words.allergy_words(replace(BASE, allergies=(stated,)))[0]
    assert shown.replace("\u00a0", " ") == expected


def test_an_allergy_counts_even_beside_a_stated_absence() -> None:
    both = replace(BASE, allergies=(allergy(negated=True), allergy()))
    assert words.allergy_words(both) == ("Penicillin", "high")


@pytest.mark.parametrize(
    ("birth", "expected"),
    [
        ("1976-03-14", "14\u00a0Mar\u00a01976 (50\u00a0y)"),
        ("1976-11-22", "22\u00a0Nov\u00a01976 (49\u00a0y)"),
        ("1976-11", "Nov\u00a01976 (49 or 50\u00a0y)"),
        ("1976", "1976 (49 or 50\u00a0y)"),
        ("", "not in the file"),
    ],
)
def test_age_is_that_of_the_visit_and_a_range_where_the_date_is_partial(birth: str, expected: str) -> None:
    record = replace(BASE, patient=Patient("1", birth_date=birth))
    assert words.birth_words(record) == expected


def test_a_deceased_patient_has_no_age() -> None:
    record = replace(BASE, patient=Patient("1", birth_date="1976-03-14", deceased="2025-01-02"))
    assert words.birth_words(record) == "14\u00a0Mar\u00a01976"


def test_chinese_writes_dates_and_ages_its_own_way() -> None:
    i18n.set_language("zh")
    record = replace(BASE, patient=Patient("1", birth_date="1976-03-14"))
    assert words.birth_words(record) == "1976-03-14（50 岁）"


def test_the_record_number_is_the_one_of_that_kind() -> None:
    patient = Patient(
        "1", identifiers=(Identifier("ssn", "999", "SS"), Identifier("clinic", "4471-0928", "MR"))
    )
    assert words.record_number(patient) == "4471-0928"
    assert words.record_number(Patient("1")) == "not in the file"


def test_a_sex_that_models_cannot_use_is_said_as_such() -> None:
    unsettled = replace(BASE, patient=Patient("1", administrative_gender="other"))
    assert words.sex_words(unsettled) == "not settled (other)"


def test_an_allergy_that_was_refuted_is_not_named_in_the_banner() -> None:
    refuted = replace(BASE, allergies=(replace(allergy("Latex"), verification="refuted"), allergy()))
    assert words.allergy_words(refuted) == ("Penicillin", "high")
