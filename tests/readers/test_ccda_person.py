"""The person and the document of a C-CDA file; files that are none, damaged or of another kind."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medgui.errors import UnreadableFile, UserError
from medgui.readers import open_record
from medgui.readers.sniff import Format, recognise
from medgui.record.model import Record
from tests.readers.build_ccda import (
    PERSON,
    allergy,
    choice,
    coded,
    document,
    drug,
    observation,
    organizer,
    problem,
    quantity,
    read,
    save,
    section,
)
from tests.shared_data import data_dir

GENDER = '<administrativeGenderCode code="{}"/>'


def test_the_legal_name_is_preferred_and_only_suffixes_of_generation_stay(tmp_path: Path) -> None:
    names = (
        "<name><given>Alicia</given><family>Old</family></name>"
        '<name use="L"><prefix>Dr</prefix><given>Alice</given><given qualifier="CL">Ali</given><family>New</family>'
        "<suffix>Jr.</suffix><suffix>MD</suffix></name>"
    )
    patient = read(tmp_path, person=names).patient
    assert (patient.family, patient.given) == ("New Jr.", "Alice")


def test_identity_is_read_with_systems_and_the_social_security_number_last(tmp_path: Path) -> None:
    ids = (
        '<id root="2.16.840.1.113883.4.1" extension="111-22-3333"/><id root="1.2.3" extension="MRN-7"/>'
        '<id nullFlavor="UNK"/>'
    )
    record = read(tmp_path, ids=ids)
    assert [(i.system, i.value, i.kind) for i in record.patient.identifiers] == [
        ("urn:oid:1.2.3", "MRN-7", ""), ("urn:oid:2.16.840.1.113883.4.1", "111-22-3333", "SS"),
    ]  # fmt: skip
    assert (record.patient.id, record.patient.birth_date) == ("MRN-7", "1970-05-17")
    assert (record.document_date, record.format) == ("2026-03-01T10:15:00-05:00", "c-cda")


@pytest.mark.parametrize(
    ("gender", "birth_sex", "sex", "asked"),
    [
        ("F", "", "female", False),
        ("F", "F", "female", False),
        ("F", "M", None, True),
        ("UN", "M", "male", False),
        ("UN", "", None, False),
        ("F", "UNK", "female", False),
    ],
)
def test_sex_is_settled_by_all_that_is_stated(
    tmp_path: Path, gender: str, birth_sex: str, sex: str | None, asked: bool
) -> None:
    entry = observation("76689-9", choice(birth_sex)) if birth_sex else observation("1-1", quantity("1"))
    record = read(tmp_path, section("social", entry), person=GENDER.format(gender))
    assert record.patient.sex == sex
    assert any(q.code == "sex_conflict" for q in record.questions) is asked


@pytest.mark.parametrize(
    ("born", "expected"), [("1970", "1970"), ("197005", "1970-05"), ("197005170830", "1970-05-17")]
)
def test_a_birth_date_is_read_as_far_as_it_is_stated(tmp_path: Path, born: str, expected: str) -> None:
    assert read(tmp_path, person=f'<birthTime value="{born}"/>').patient.birth_date == expected


def test_a_birth_date_that_is_none_is_listed(tmp_path: Path) -> None:
    record = read(tmp_path, person='<birthTime value="17.5.1970"/>')
    assert (record.patient.birth_date, record.unread[0].location) == ("", "birthTime")


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        ('<sdtc:deceasedInd value="true"/><sdtc:deceasedTime value="20250102"/>', "2025-01-02"),
        ('<sdtc:deceasedInd value="true"/>', "yes"),
        ('<sdtc:deceasedInd value="false"/>', ""),
    ],
)
def test_death_is_read(tmp_path: Path, person: str, expected: str) -> None:
    assert read(tmp_path, person=PERSON + person).patient.deceased == expected


def test_race_and_ethnicity_give_the_standard_text(tmp_path: Path) -> None:
    white = '<raceCode code="2106-3"/><sdtc:raceCode code="2108-9"/>'
    not_hispanic = '<ethnicGroupCode code="2186-5"/>'
    assert read(tmp_path, person=PERSON + white + not_hispanic).patient.ethnicity == "NH White"
    assert read(tmp_path, person=PERSON + white).patient.ethnicity == ""


def test_another_patient_than_the_one_asked_for_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path, document())
    assert open_record(path, patient="MRN-1").patient.family == "Weiß"
    with pytest.raises(UserError, match="MRN-1"):
        open_record(path, patient="MRN-2")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ('<ClinicalDocument xmlns="urn:hl7-org:v3"/>', "no patient"),
        ('<PRPA_IN201306UV02 xmlns="urn:hl7-org:v3"/>', "version 3 message"),
        (document().replace("</ClinicalDocument>", ""), "cut off"),
        (
            document(header=f"<recordTarget><patientRole><patient>{GENDER.format('M')}</patient></patientRole></recordTarget>"),
            "several patients",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_a_record_of_one_patient_is_refused_in_words(
    tmp_path: Path, text: str, word: str
) -> None:
    with pytest.raises(UnreadableFile, match=word):
        open_record(save(tmp_path, text))


def test_a_document_that_names_fhir_is_still_a_clinical_document(tmp_path: Path) -> None:
    ids = '<id root="1.2.3" extension="http://hl7.org/fhir/Patient/1"/>'
    assert recognise(save(tmp_path, document(ids=ids))) is Format.CCDA


def test_marks_blanks_and_a_wrong_encoding_before_the_document_are_borne(tmp_path: Path) -> None:
    plain = read(tmp_path, section("vitals", observation("8867-4", quantity("80", "/min"))))
    text = document(section("vitals", observation("8867-4", quantity("80", "/min"))))
    for data, lines in (
        (b"\xef\xbb\xbf" + text.encode(), 0),
        (b"\n\n  " + text.encode(), 2),
        (text.encode("cp1252"), 0),
    ):
        record = open_record(save(tmp_path, data))
        assert (record.patient.family, record.observations[0].value) == ("Weiß", 80.0)
        assert record.observations[0].source.line == (plain.observations[0].source.line or 0) + lines


def test_a_body_that_is_a_file_is_kept_and_said_not_to_be_read(tmp_path: Path) -> None:
    body = (
        '<nonXMLBody><text mediaType="application/pdf" representation="B64">JVBERi0xLjc=</text></nonXMLBody>'
    )
    text = document()
    start, end = text.index("<structuredBody>"), text.index("</structuredBody>") + len("</structuredBody>")
    record = open_record(save(tmp_path, text[:start] + body + text[end:]))
    kept = record.documents[0]
    assert (kept.media_type, kept.size, kept.text) == ("application/pdf", 8, "")
    assert "not read" in record.unread[0].reason


def _whole() -> bytes:
    bad = organizer(
        observation("8480-6", quantity("120", "mm[Hg]")), observation("2093-3", quantity("5,2", "x"))
    )
    return document(
        section("vitals", bad, text='<table><tr><td ID="a">120</td></tr></table>'),
        section("problems", problem(choice("38341003", "Hypertension"))),
        section("medications", drug()),
        section("allergies", allergy(coded("code", "7980", name="Penicillin"))),
    ).encode()


def _outcome(path: Path) -> Record | None:
    try:
        return open_record(path)
    except (UnreadableFile, UserError):
        return None


def test_any_damage_ends_in_a_record_or_a_sentence(tmp_path: Path) -> None:
    whole, chance = _whole(), random.Random(20260301)
    pieces = [
        b"<",
        b">",
        b'"',
        b"&",
        b"value",
        b"<entry>",
        b"</observation>",
        b"nullFlavor",
        b"\xff",
        b"\x00",
        b"9" * 40,
    ]
    opened = 0
    for _turn in range(300):
        data = bytearray(whole)
        for _step in range(chance.choice([1, 1, 2, 6])):
            at = chance.randrange(len(data))
            if chance.random() < 0.4:
                data[at] = chance.choice(b"0123456789abcXYZ-+. <>/")
            elif chance.random() < 0.5:
                del data[at : at + chance.choice([1, 3, 40])]
            else:
                data[at:at] = chance.choice(pieces)
        opened += _outcome(save(tmp_path, bytes(data))) is not None
    assert opened > 20


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12)


@settings(max_examples=120, deadline=None)
@given(number=WORDS, unit=WORDS, time=WORDS, code=WORDS)
def test_any_text_in_the_attributes_is_read_or_listed(
    tmp_path_factory: pytest.TempPathFactory, number: str, unit: str, time: str, code: str
) -> None:
    def quoted(text: str) -> str:
        return text.translate({38: "&amp;", 60: "&lt;", 34: "&quot;"})

    entry = observation(quoted(code), quantity(quoted(number), quoted(unit)), time=quoted(time))
    folder = tmp_path_factory.mktemp("any")
    record = read(folder, section("vitals", entry, allergy()), section("medications", drug(more=entry)))
    for found in record.observations:
        assert found.value is None or isinstance(found.value, str | float)
        assert found.usable or found.unusable_reason


# Files of real systems


@pytest.mark.shared_data
def test_every_real_document_opens_with_places_and_unique_ids() -> None:
    paths = sorted((data_dir() / "patientfiles").glob("ccda_*/*.xml"))
    assert paths
    for path in paths:
        record = open_record(path)
        assert record.patient.birth_date
        assert record.patient.sex
        assert record.documents
        items = (*record.observations, *record.conditions, *record.medications, *record.allergies)
        assert len({item.id for item in items}) == len(items)
        assert all(item.source.line and item.source.section for item in items)


@pytest.mark.shared_data
def test_the_patient_of_many_systems_has_the_same_vital_signs_in_each() -> None:
    expected = {"height": 177, "weight": 88, "systolic_bp": 145, "diastolic_bp": 88, "temperature": 38}
    for path in sorted((data_dir() / "patientfiles" / "ccda_ehr_exports").glob("*.xml")):
        record = open_record(path)
        if record.patient.family.lower() != "newman":
            continue
        for name, value in expected.items():
            found = [o.value for o in record.observations if o.variable == name]
            assert found == [pytest.approx(value, rel=0.01)]


_BORN = '<birthTime value="19700517"/>'
_NAMED = "<name><given>Zoe</given><family>Weiss</family></name>"


@pytest.mark.parametrize(
    "stated",
    [
        '<administrativeGenderCode nullFlavor="OTH"><originalText>Female</originalText></administrativeGenderCode>',
        '<administrativeGenderCode nullFlavor="OTH"><translation code="F"/></administrativeGenderCode>',
        '<administrativeGenderCode code="2" displayName="女"/>',
    ],
)
def test_sex_is_read_from_words_and_translations(tmp_path: Path, stated: str) -> None:
    """Only words that say it whole count."""
    assert read(tmp_path, person=_NAMED + stated + _BORN).patient.sex == "female"


def test_a_code_and_words_that_differ_give_no_sex(tmp_path: Path) -> None:
    """The contradiction is asked about (SAFETY 3)."""
    stated = '<administrativeGenderCode code="M" displayName="Female"/>'
    record = read(tmp_path, person=_NAMED + stated + _BORN)
    assert record.patient.sex is None
    assert [question.code for question in record.questions] == ["sex_conflict"]


def test_a_name_in_one_text_is_parted_at_its_comma(tmp_path: Path) -> None:
    """Without a comma nothing tells which word is the family name."""
    found = [
        read(tmp_path, person=f"<name>{name}</name>{_BORN}").patient for name in ("Weiss, Zoe", "Zoe Weiss")
    ]
    assert [(one.family, one.given) for one in found] == [("Weiss", "Zoe"), ("Zoe Weiss", "")]


def test_one_patient_named_twice_in_two_spellings_is_one(tmp_path: Path) -> None:
    """Capitals and a clock at the birth date make no other person."""
    again = PERSON.replace("Weiß", "WEISS").replace('"19700517"', '"197005170000"')
    other = f"<recordTarget><patientRole><patient>{again}</patient></patientRole></recordTarget>"
    assert read(tmp_path, header=other).patient.birth_date == "1970-05-17"
