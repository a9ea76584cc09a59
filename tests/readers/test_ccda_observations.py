"""C-CDA observations: numbers with their units, times and status; nothing is guessed."""

from pathlib import Path

import pytest

from tests.readers.build_ccda import (
    LOINC,
    SNOMED,
    choice,
    coded,
    measured,
    nested,
    observation,
    organizer,
    quantity,
    read,
    section,
    value,
)

_FATHER = coded("code", "FTH", name="Father")


@pytest.mark.parametrize(
    ("code", "held", "expected"),
    [
        ("8310-5", quantity("98.6", "[degF]"), (37.0, "Cel")),
        ("8310-5", quantity("98.6 F"), (37.0, "Cel")),
        ("8310-5", quantity("36,6", "Cel"), (36.6, "Cel")),
        ("29463-7", quantity(" 194 ", "lbs"), (87.99691978, "kg")),
        ("8302-2", quantity("70", "inches"), (177.8, "cm")),
        ("59408-5", value("ST", inside="98 %"), (98.0, "%")),
        ("8480-6", value("ST", inside="120 mm[Hg]"), (120.0, "mm[Hg]")),
        (
            "8480-6",
            value("PQ", 'nullFlavor="OTH"', "<originalText>120 mmHg</originalText>"),
            (120.0, "mm[Hg]"),
        ),
        ("2093-3", value("REAL", 'value="200"'), (200.0, "mg/dL")),
        ("777-3", quantity("1,234.5", "10*3/uL"), (1234.5, "10*3/uL")),
        ("2093-3", '<value value="200" unit="mg/dL"/>', (200.0, "mg/dL")),
        ("8867-4", quantity("80", "bpm"), (80.0, "/min")),
    ],
)
def test_a_number_is_read_with_the_unit_that_stands_with_it(
    tmp_path: Path, code: str, held: str, expected: tuple[float, str]
) -> None:
    found = measured(tmp_path, held, code)
    assert found.value == pytest.approx(expected[0])
    assert found.unit == expected[1]
    assert found.usable


@pytest.mark.parametrize(
    ("held", "shown"),
    [
        (quantity("1,234", "mg/dL"), "1,234"),
        (value("ST", inside="2+ (100mg/dL)"), "2+ (100mg/dL)"),
        (quantity("98.6 F", "Cel"), "98.6 F Cel"),
        (value("ST", inside="120/80"), "120/80"),
        (value("IVL_PQ", inside='<low value="3" unit="mg/dL"/><high value="5" unit="mg/dL"/>'), "3–5 mg/dL"),
    ],
)
def test_what_may_mean_two_things_stays_text_and_is_not_used(tmp_path: Path, held: str, shown: str) -> None:
    found = measured(tmp_path, held)
    assert (found.value, found.usable) == (shown, False)
    assert found.unusable_reason


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (value("IVL_PQ", inside='<high value="5" unit="mg/dL"/>'), ("<=", 5.0)),
        (value("IVL_PQ", inside='<high value="5" unit="mg/dL" inclusive="false"/>'), ("<", 5.0)),
        (value("IVL_PQ", inside='<low value="90" unit="mg/dL"/>'), (">=", 90.0)),
        (value("ST", inside="&lt;5"), ("<", 5.0)),
        (value("ST", inside="≥ 90 mg/dL"), (">=", 90.0)),
    ],
)
def test_an_open_interval_is_never_the_number(tmp_path: Path, held: str, expected: tuple[str, float]) -> None:
    found = measured(tmp_path, held)
    assert (found.comparator, found.value) == expected


def test_a_unit_comes_from_a_translation_where_the_value_has_none_or_an_unknown_one(tmp_path: Path) -> None:
    other = '<translation value="5.2" code="mmol/L" codeSystem="2.16.840.1.113883.6.8"/>'
    found = measured(tmp_path, value("PQ", 'value="5.2"', other))
    assert (found.unit_as_written, found.unit) == ("mmol/L", "mg/dL")
    pounds = '<translation value="88" code="kg"/>'
    found = measured(tmp_path, value("PQ", 'value="194" unit="zz"', pounds), "29463-7")
    assert (found.value, found.unit) == (88.0, "kg")


def test_loinc_comes_from_the_translation_and_all_codes_are_kept(tmp_path: Path) -> None:
    code = coded("code", "LOCAL1", "1.2.3", "Chol", coded("translation", "2093-3", LOINC, "Cholesterol"))
    entry = f"<observation>{code}<statusCode code='completed'/>{quantity('200', 'mg/dL')}</observation>"
    found = read(tmp_path, section("results", entry)).observations[0]
    assert (found.code, found.system, found.variable) == ("2093-3", "http://loinc.org", "total_cholesterol")
    assert ("LOCAL1", "urn:oid:1.2.3") in [(c.code, c.system) for c in found.codings]


def test_the_shape_of_a_loinc_code_corrects_a_wrong_system_and_no_other_code(tmp_path: Path) -> None:
    right = read(tmp_path, section("vitals", observation("8480-6", quantity("120", "mmHg"), system=SNOMED)))
    assert right.observations[0].variable == "systolic_bp"
    wrong = read(tmp_path, section("vitals", observation("8480-5", quantity("120", "mmHg"), system=SNOMED)))
    assert wrong.observations[0].variable == ""


def test_members_take_time_status_and_specimen_from_their_organizer(tmp_path: Path) -> None:
    urine = (
        "<specimen><specimenRole><specimenPlayingEntity>"
        + coded("code", "x", name="Urine")
        + ("</specimenPlayingEntity></specimenRole></specimen>")
    )
    member = observation("2345-7", quantity("50", "mg/dL"), status="", time="")
    record = read(tmp_path, section("results", organizer(member, status="active", more=urine)))
    found = record.observations[0]
    assert (found.time, found.status, found.usable) == ("2026-02-20", "preliminary", False)
    assert (found.specimen, found.variable) == ("Urine", "")


@pytest.mark.parametrize(
    ("status", "usable"),
    [("completed", True), ("", True), ("active", False), ("aborted", False), ("nullified", False)],
)
def test_only_final_results_are_used(tmp_path: Path, status: str, usable: bool) -> None:
    entry = observation("2093-3", quantity("200", "mg/dL"), status=status)
    record = read(tmp_path, section("results", entry))
    assert any(o.usable for o in record.observations) is usable
    assert len(record.observations) + len(record.cleaned) == 1


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"attributes": 'moodCode="RQO"'}, "planned"),
        ({"attributes": 'moodCode="GOL"'}, "goal"),
        ({"attributes": 'moodCode="EVN" negationInd="true"'}, "absent"),
        ({"more": f"<subject><relatedSubject>{_FATHER}</relatedSubject></subject>"}, "Father"),
    ],
)  # fmt: skip
def test_what_is_no_finding_of_the_patient_is_not_used(
    tmp_path: Path, changes: dict[str, str], word: str
) -> None:
    found = measured(tmp_path, quantity("200", "mg/dL"), **changes)
    assert not found.usable
    assert word in found.unusable_reason


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("20150622", "2015-06-22"),
        ("20150622-0500", "2015-06-22"),
        ("201506221005-0500", "2015-06-22T10:05:00-05:00"),
        ("20150622100512.123+0000", "2015-06-22T10:05:12+00:00"),
        ("201506220000", "2015-06-22"),
        ("2015062210", "2015-06-22"),
        ("201506", "2015-06"),
        ("20150600", "2015-06"),
        ("2015", "2015"),
        ("2015-06-22T10:05:00-05:00", "2015-06-22T10:05:00-05:00"),
        ("UNK", ""),
        ("20151322", ""),
        ("06/22/2015", ""),
        ("00010101", ""),
        ("19700101000000+0000", ""),
    ],
)
def test_times_are_read_as_far_as_they_are_stated(tmp_path: Path, written: str, expected: str) -> None:
    assert measured(tmp_path, quantity("200", "mg/dL"), time=written).time == expected


def test_the_time_of_recording_stands_in_with_a_note(tmp_path: Path) -> None:
    author = '<author><time value="20260221"/></author>'
    found = measured(tmp_path, quantity("200", "mg/dL"), time="", more=author)
    assert found.time == "2026-02-21"
    assert "reporting" in found.note


def test_a_value_that_is_absent_says_why(tmp_path: Path) -> None:
    found = measured(tmp_path, value("PQ", 'nullFlavor="ASKU"'))
    assert found.value is None
    assert "asked, but unknown" in found.note


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        (
            value("IVL_PQ", inside='<low value="100" unit="mg/dL"/><high value="200" unit="mg/dL"/>'),
            (100.0, 200.0),
        ),
        (value("IVL_PQ", inside='<high value="5.172"/>').replace('"5.172"', '"200"'), (None, 200.0)),
        ("<text>100 - 200</text>", (100.0, 200.0)),
        ("<text>&lt;200 mg/dL</text>", (None, 200.0)),
        ("<text>desirable</text>", None),
        (value("IVL_PQ", inside='<low value="300"/><high value="200"/>'), None),
        ('<interpretationCode code="H"/>' + value("IVL_PQ", inside='<low value="200"/>'), None),
    ],
)
def test_the_reference_range_is_the_files_own_in_the_values_unit(
    tmp_path: Path, inside: str, expected: tuple[float | None, float | None] | None
) -> None:
    own = f"<referenceRange><observationRange>{inside}</observationRange></referenceRange>"
    assert measured(tmp_path, quantity("190", "mg/dL"), more=own).reference_range == expected


def test_a_pressure_in_one_text_is_split_only_where_it_is_coded_as_a_pressure(tmp_path: Path) -> None:
    entry = observation("85354-9", value("ST", inside="120/80 mmHg"))
    found = read(tmp_path, section("vitals", entry)).observations
    assert [(o.variable, o.value, o.unit) for o in found] == [
        ("systolic_bp", 120.0, "mm[Hg]"), ("diastolic_bp", 80.0, "mm[Hg]"),
    ]  # fmt: skip
    other = read(tmp_path, section("vitals", observation("8480-6", value("ST", inside="120/80 mmHg"))))
    assert [(o.value, o.usable) for o in other.observations] == [("120/80 mmHg", False)]


def test_a_value_of_a_hospital_stay_is_marked(tmp_path: Path) -> None:
    stay = (
        "<componentOf><encompassingEncounter>"
        + coded("code", "IMP", "2.16.840.1.113883.5.4")
        + "<effectiveTime>"
        '<low value="20260218"/><high value="20260225"/></effectiveTime></encompassingEncounter></componentOf>'
    )
    during = observation("2160-0", quantity("1.1", "mg/dL"), time="202602200830-0500")
    before = observation("2160-0", quantity("0.9", "mg/dL"), time="20260110")
    record = read(tmp_path, section("results", during, before), header=stay)
    assert [o.setting for o in record.observations] == ["inpatient", ""]


@pytest.mark.parametrize(
    ("code", "held", "expected"),
    [
        ("72166-2", choice("449868002", "Current every day smoker"), True),
        ("72166-2", choice("8517006", "Former smoker"), False),
        ("72166-2", value("ST", inside="Never smoker"), False),
        ("ASSERTION", choice("77176002", "Smoker"), True),
        ("229819007", choice("266919005", "Never smoked tobacco"), False),
        ("72166-2", choice("266927001", "Unknown if ever smoked"), None),
    ],
)
def test_smoking_is_read_in_all_its_forms(
    tmp_path: Path, code: str, held: str, expected: bool | None
) -> None:
    system = LOINC if "-" in code else SNOMED
    found = read(tmp_path, section("social", observation(code, held, system=system))).observations[0]
    assert (found.variable, found.value, found.usable) == ("current_smoker", expected, True)


def test_smoking_whose_code_and_words_disagree_is_not_used(tmp_path: Path) -> None:
    entry = observation("72166-2", choice("449868002", "Former smoker"))
    found = read(tmp_path, section("social", entry)).observations[0]
    assert not found.usable


def test_a_lasting_state_holds_when_it_was_written_down(tmp_path: Path) -> None:
    since = '<effectiveTime><low value="19900101"/></effectiveTime>'
    entry = observation("72166-2", choice("77176002", "Smoker"), time="", more=since)
    found = read(tmp_path, section("social", entry)).observations[0]
    assert found.time.startswith("2026-03-01")
    assert "1990-01-01" in found.note


def test_pregnancy_is_kept_with_its_due_date_and_denied_it_is_no(tmp_path: Path) -> None:
    template = '<templateId root="2.16.840.1.113883.10.20.15.3.8"/>'
    due = nested("REFR", observation("11778-8", value("TS", 'value="20260901"'), name="Due date"))
    yes = observation("ASSERTION", choice("77386006", "Pregnant"), more=template + due)
    found = read(tmp_path, section("social", yes)).observations
    assert [(o.variable, o.value) for o in found] == [("pregnant", True), ("", "2026-09-01")]
    no = yes.replace('moodCode="EVN"', 'moodCode="EVN" negationInd="true"', 1).replace(due, "")
    found = read(tmp_path, section("social", no)).observations
    assert [(o.variable, o.value, o.usable) for o in found] == [("pregnant", False, True)]


def test_placeholders_are_no_information_and_a_value_without_a_code_is_listed(tmp_path: Path) -> None:
    empty = '<observation><code nullFlavor="UNK"/><value xsi:type="PQ" nullFlavor="UNK"/></observation>'
    record = read(tmp_path, section("vitals", organizer(empty)))
    assert (record.observations, record.completeness["observations"]) == ((), "absent")
    nameless = f'<observation><code nullFlavor="UNK"/>{quantity("5", "mg")}</observation>'
    record = read(tmp_path, section("vitals", nameless))
    assert "what was measured" in record.unread[0].reason
    assert record.completeness["observations"] == "partial"


def test_every_value_says_where_it_stands(tmp_path: Path) -> None:
    found = measured(tmp_path, quantity("200", "mg/dL"))
    assert (found.source.section, found.source.text, found.source.line) == ("Results", "200 mg/dL", 7)
    assert found.source.location == "Results › observation 2093-3, line 7"


def test_a_code_without_a_name_is_called_by_the_words_that_the_entry_refers_to(tmp_path: Path) -> None:
    entry = (
        f'<observation classCode="OBS" moodCode="EVN"><code code="5767-9" codeSystem="{LOINC}"/>'
        '<text><reference value="#r1"/></text><statusCode code="completed"/>'
        '<effectiveTime value="20260220"/><value xsi:type="ST">clear</value></observation>'
    )
    told = '<content ID="r1">UA - APPEARANCE</content>'
    value_alone = '<content ID="r1">clear</content>'
    named = read(tmp_path, section("results", entry, text=told)).observations[0]
    unnamed = read(tmp_path, section("results", entry, text=value_alone)).observations[0]
    assert (named.name, unnamed.name) == ("UA - APPEARANCE", "5767-9")
