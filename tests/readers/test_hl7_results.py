"""HL7 v2 results: values by type, units, ranges, times, status, corrections, reports."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from medgui.record.model import Observation
from tests.readers.hl7_build import message, obr, obx, read, results

GLUCOSE = "2345-7^Glucose^LN"


def one(folder: Path, *segments: str) -> Observation:
    """The only observation of one message."""
    found = results(folder, *segments)
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("kind", "written", "value", "comparator"),
    [
        ("NM", "5.2", 5.2, ""),
        ("NM", "0065.88", 65.88, ""),
        ("NM", ".5", 0.5, ""),
        ("NM", "5.", 5.0, ""),
        ("NM", "+5", 5.0, ""),
        ("NM", "<0.1", 0.1, "<"),
        ("SN", ">^7", 7.0, ">"),
        ("SN", "^6.1", 6.1, ""),
        ("SN", "=^6.1", 6.1, ""),
        ("SN", "<=^3", 3.0, "<="),
        ("ST", "≥ 6.5", 6.5, ">="),
        ("ST", "5.2", 5.2, ""),
    ],
)
def test_numbers_of_every_type_are_numbers(
    tmp_path: Path, kind: str, written: str, value: float, comparator: str
) -> None:
    found = one(tmp_path, obx(written, kind=kind))
    assert (found.value, found.comparator, found.unit, found.variable) == (
        value,
        comparator,
        "mmol/L",
        "potassium",
    )


@pytest.mark.parametrize(
    ("kind", "written", "shown"),
    [
        ("SN", "^100^-^200", "100-200"),
        ("SN", "^1^:^128", "1:128"),
        ("SN", "^3^+", "3+"),
        ("NM", "1,234", "1,234"),
        ("NM", "haemolysed", "haemolysed"),
        ("ST", "5,234", "5,234"),
        ("NA", "1^2^3", "1 2 3"),
        ("XPN", "WEISS^ZOE", "WEISS ZOE"),
        ("DT", "20261103", "2026-11-03"),
        ("TS", "202611030815", "2026-11-03T08:15:00"),
    ],
)
def test_what_is_no_plain_number_stays_as_text_and_feeds_nothing(
    tmp_path: Path, kind: str, written: str, shown: str
) -> None:
    found = one(tmp_path, obx(written, kind=kind))
    assert (found.value, found.usable) == (shown, False)


def test_a_coded_answer_becomes_the_answer_of_its_variable(tmp_path: Path) -> None:
    found = one(tmp_path, obx("LA6576-8^Positive^LN", "X^Test^LOCAL", "CWE", ""))
    assert (found.value, found.usable) == ("Positive", True)
    smoker = one(tmp_path, obx("266919005^Never smoked^SCT", "72166-2^Smoking^LN", "CE", ""))
    assert smoker.value is not None
    assert smoker.usable


@pytest.mark.parametrize(
    ("code", "codings"),
    [
        ("2345-7^Glucose^LN", [("2345-7", "http://loinc.org")]),
        ("GLU^Glucose^99LAB^2345-7^Glucose^LN", [("GLU", "urn:local:99LAB"), ("2345-7", "http://loinc.org")]),
        ("^^^2345-7^Glucose^LN", [("2345-7", "http://loinc.org")]),
        ("GLU^Glucose^L", [("GLU", "urn:local:L")]),
        ("GLU^Glucose", [("GLU", "")]),
        ("33747003^Glucose^SCT", [("33747003", "http://snomed.info/sct")]),
    ],
)
def test_codes_carry_the_address_of_their_system(
    tmp_path: Path, code: str, codings: list[tuple[str, str]]
) -> None:
    found = one(tmp_path, obx(code=code))
    assert [(c.code, c.system) for c in found.codings] == codings
    assert found.name == "Glucose"


def test_a_local_code_is_never_taken_for_loinc(tmp_path: Path) -> None:
    assert one(tmp_path, obx(code="2345-7^Glucose^L")).variable == ""
    assert one(tmp_path, obx(code="2345-7^Glucose^99LOINC")).variable == ""


@pytest.mark.parametrize(
    ("unit", "canonical"),
    [
        ("mmol/L", "mmol/L"),
        ("MMOLL", "mmol/L"),
        ("mmol/l^millimole per litre^ISO+", "mmol/L"),
        ("^mmol/L", "mmol/L"),
        ("M1^^L^mmol/L^^UCUM", "mmol/L"),
        ("meq/L", "mmol/L"),
    ],
)
def test_the_unit_is_found_in_any_part_of_its_field(tmp_path: Path, unit: str, canonical: str) -> None:
    found = one(tmp_path, obx("5", unit=unit))
    assert (found.value, found.unit) == (5.0, canonical)


@pytest.mark.parametrize("unit", ["10\\S\\9/L", "10^9/L", "10*9/L", "x10^9/L", "giga.l-1"])
def test_powers_of_ten_are_read_with_and_without_escapes(tmp_path: Path, unit: str) -> None:
    found = one(tmp_path, obx("221", "777-3^Platelets^LN", unit=unit))
    assert found.value == 221
    assert found.unit in ("10*9/L", "10*3/uL")


def test_contradicting_units_are_a_question(tmp_path: Path) -> None:
    record = read(tmp_path, message(obr(), obx("90", GLUCOSE, unit="mg/dL^mmol/L")))
    assert [q.code for q in record.questions] == ["unit_conflict"]


def test_a_unit_beside_the_number_is_read_where_it_fits(tmp_path: Path) -> None:
    found = one(tmp_path, obx("5.6 mmol/L", GLUCOSE, "ST", ""))
    assert (found.unit_as_written, found.unit) == ("mmol/L", "mg/dL")
    assert one(tmp_path, obx("5.6 kg", GLUCOSE, "ST", "")).usable is False


@pytest.mark.parametrize(
    ("written", "limits"),
    [
        ("3.5 - 5.1", (3.5, 5.1)),
        ("3.5-5.1 mmol/L", (3.5, 5.1)),
        ("[3,5-5,1]", (3.5, 5.1)),
        ("(3.5–5.1)", (3.5, 5.1)),
        ("3.5 to 5.1", (3.5, 5.1)),
        ("3.5\\S\\5.1", (3.5, 5.1)),
        ("3.5^5.1", (3.5, 5.1)),
        ("<5.1", (None, 5.1)),
        (">= 3.5", (3.5, None)),
        ("up to 5.1", (None, 5.1)),
        ("M: 3-5 F: 2-4", None),
        ("Negative", None),
        ("5.1-3.5", None),
        ("13,000-17,000", None),
        ("3.5-5.1 kg", None),
        ("3.5-5.1~adult", None),
    ],
)
def test_the_normal_range_is_read_only_where_it_is_one(
    tmp_path: Path, written: str, limits: tuple[float | None, float | None] | None
) -> None:
    assert one(tmp_path, obx(limits=written)).reference_range == limits


def test_the_normal_range_follows_the_value_into_its_unit(tmp_path: Path) -> None:
    found = one(tmp_path, obx("10", GLUCOSE, unit="mmol/L", limits="4-6", flag="H"))
    assert found.unit == "mg/dL"
    assert found.reference_range == pytest.approx((72.06, 108.1), abs=0.1)
    assert found.interpretation == "H"


@pytest.mark.parametrize(
    ("status", "stated", "usable"),
    [
        ("F", "final", True),
        ("C", "corrected", True),
        ("P", "preliminary", False),
        ("R", "preliminary", False),
        ("S", "preliminary", False),
        ("I", "registered", False),
        ("Q", "unknown", False),
    ],
)
def test_only_final_and_corrected_results_are_used(
    tmp_path: Path, status: str, stated: str, usable: bool
) -> None:
    found = one(tmp_path, obx(status=status))
    assert (found.status, found.usable, found.unusable_reason == "") == (stated, usable, usable)


@pytest.mark.parametrize(
    ("status", "code"),
    [("X", "cancelled"), ("N", "cancelled"), ("D", "entered_in_error"), ("W", "entered_in_error")],
)
def test_a_cancelled_or_withdrawn_result_is_left_out_with_a_trace(
    tmp_path: Path, status: str, code: str
) -> None:
    record = read(tmp_path, message(obr(), obx(status=status)))
    assert (record.observations, [trace.code for trace in record.cleaned]) == ((), [code])


def test_a_result_without_a_status_has_that_of_its_order(tmp_path: Path) -> None:
    final = read(tmp_path, message(obr(status="F"), obx(status="")))
    assert final.observations[0].usable
    preliminary = read(tmp_path, message(obr(status="P"), obx(status="")))
    assert not preliminary.observations[0].usable
    assert not read(tmp_path, message(obx(status=""))).observations[0].usable


def test_time_is_that_of_the_value_then_of_the_sample_then_of_the_report(tmp_path: Path) -> None:
    assert one(tmp_path, obx(time="202611030700")).time == "2026-11-03T07:00:00"
    assert one(tmp_path, obx()).time == "2026-11-03T08:00:00"
    late = read(tmp_path, message(obx())).observations[0]
    assert (late.time, late.note != "") == ("2026-11-03T12:00:00", True)


def test_a_time_that_is_none_is_said_and_the_sample_time_holds(tmp_path: Path) -> None:
    record = read(tmp_path, message(obr(), obx(time="220261103")))
    assert record.observations[0].time == "2026-11-03T08:00:00"
    assert [(note.line, "220261103" in note.reason) for note in record.unread] == [(4, True)]


@pytest.mark.parametrize(
    ("visit", "setting"),
    [
        ("PV1|1|I|W1", "inpatient"),
        ("PV1|1|E", "emergency"),
        ("PV1|1|O|CLINIC", "outpatient"),
        ("PV1|1|O|ED^^^H^^ED", "emergency"),
        ("PV1|1|U", ""),
    ],
)
def test_values_carry_where_the_patient_was(tmp_path: Path, visit: str, setting: str) -> None:
    assert read(tmp_path, message(visit, obr(), obx())).observations[0].setting == setting


def test_the_specimen_belongs_to_the_analyte(tmp_path: Path) -> None:
    urine = one(tmp_path, obx("90", GLUCOSE, unit="mg/dL"), "SPM|1|||UR^Urine^HL70487")
    assert (urine.specimen, urine.variable) == ("Urine", "")
    first = message("SPM|1|||UR^Urine^HL70487", obr(), obx("90", GLUCOSE, unit="mg/dL"), kind="OUL^R22")
    assert read(tmp_path, first).observations[0].specimen == "Urine"


@pytest.mark.parametrize("specimen", ["UR", "UR^Random^L", "^Urine, 24 h", "urc"])
def test_a_code_of_another_specimen_is_understood_without_words(tmp_path: Path, specimen: str) -> None:
    found = one(tmp_path, obx("90", GLUCOSE, unit="mg/dL"), f"SPM|1|||{specimen}")
    assert found.variable == ""
    cells = obr().split("|")
    cells[15] = specimen.replace("^", "&")
    older = read(tmp_path, message("|".join(cells), obx("90", GLUCOSE, unit="mg/dL"))).observations[0]
    assert older.variable == ""


def test_notes_under_a_result_belong_to_it(tmp_path: Path) -> None:
    found = results(tmp_path, obx(), "NTE|1||haemolysed", "NTE|2||repeat", obx("4.9"))
    assert [o.note for o in found] == ["haemolysed repeat", ""]


def test_several_numbers_in_one_result_are_shown_and_not_used(tmp_path: Path) -> None:
    found = results(tmp_path, obx("60~120", "8867-4^Heart rate^LN", unit="/min"))
    assert [(o.value, o.usable) for o in found] == [(60, False), (120, False)]


def test_a_pressure_in_one_text_is_two_values_only_where_it_is_coded_as_one(tmp_path: Path) -> None:
    found = results(tmp_path, obx("120/80", "85354-9^BP^LN", "ST", "mm[Hg]"))
    assert [(o.variable, o.value) for o in found] == [("systolic_bp", 120), ("diastolic_bp", 80)]
    assert [o.value for o in results(tmp_path, obx("^120^/^80", "55284-4^BP^LN", "SN", "mmHg"))] == [120, 80]
    assert [o.value for o in results(tmp_path, obx("120/80", "BP^BP^L", "ST", "mmHg"))] == ["120/80"]


def test_a_result_without_a_name_goes_to_unread(tmp_path: Path) -> None:
    record = read(tmp_path, message(obx(code="")))
    assert (record.observations, [note.line for note in record.unread]) == ((), [3])


# Later messages


def test_a_correction_takes_the_earlier_value_out(tmp_path: Path) -> None:
    text = message(obr(), obx("52")) + message(obr(), obx("5.2", status="C"))
    record = read(tmp_path, text)
    (new,) = record.observations
    assert (new.value, new.status, new.usable) == (5.2, "corrected", True)
    assert [(trace.code, trace.kept, trace.source.line) for trace in record.cleaned] == [
        ("corrected", new.id, 4)
    ]


def test_a_correction_of_another_order_or_sub_id_changes_nothing(tmp_path: Path) -> None:
    text = message(obr(), obx("5.1")) + message(obr("F2"), obx("5.2", status="C"))
    assert [o.usable for o in read(tmp_path, text).observations] == [True, True]
    text = message(obr(), obx("5.1", sub="1")) + message(obr(), obx("5.2", sub="2", status="C"))
    assert [o.usable for o in read(tmp_path, text).observations] == [True, True]


def test_a_correction_of_one_time_leaves_the_others_of_a_series(tmp_path: Path) -> None:
    series = [obx("5.1", time="202611030800"), obx("9.9", time="202611031000")]
    text = message(obr(), *series) + message(obr(), obx("8.9", status="C", time="202611031000"))
    assert [(o.value, o.usable) for o in read(tmp_path, text).observations] == [
        (5.1, True),
        (8.9, True),
    ]


@pytest.mark.parametrize("status", ["D", "W"])
def test_a_deletion_takes_the_earlier_value_out(tmp_path: Path, status: str) -> None:
    text = message(obr(), obx("5.1")) + message(obr(), obx("", status=status))
    record = read(tmp_path, text)
    assert (record.observations, [trace.code for trace in record.cleaned]) == ((), ["entered_in_error"] * 2)


def test_a_value_becomes_final_without_being_sent_again(tmp_path: Path) -> None:
    text = message(obr(), obx("5.1", status="P")) + message(obr(), obx("", status="U"))
    first, _change = read(tmp_path, text).observations
    assert (first.value, first.status, first.usable) == (5.1, "final", True)


# Reports


def test_lines_of_a_report_are_one_document(tmp_path: Path) -> None:
    lines = [obx(text, "71020&GDT^Chest X-ray^C4", "TX", "", sub=str(i)) for i, text in enumerate("abc")]
    record = read(tmp_path, message(obr(), *lines))
    assert record.observations == ()
    assert [(d.text, d.media_type) for d in record.documents] == [("Chest X-ray:\na\nb\nc", "text/plain")]


def test_a_short_text_among_numbers_is_a_result(tmp_path: Path) -> None:
    found = results(tmp_path, obx(), obx("Yellow", "5778-6^Color^LN", "TX", ""))
    assert [o.value for o in found] == [5.2, "Yellow"]


def test_a_document_message_is_a_document(tmp_path: Path) -> None:
    text = message(
        "TXA|1|DS^Discharge summary|TX|20261102||||||||DOC1|||||LA",
        obx("First line\\.br\\second", "18842-5^Discharge^LN", "TX", ""),
        kind="MDM^T02",
    )
    document = read(tmp_path, text).documents[0]
    assert document.text.endswith("First line\nsecond")
    assert (document.time, document.title) == ("2026-11-02", "Discharge")
    assert ("State", "legally authenticated") in document.facts


def test_an_attached_file_is_a_document_with_its_size(tmp_path: Path) -> None:
    data = base64.b64encode(b"%PDF-1.4 " + b"x" * 91).decode()
    line = obx(f"^application^pdf^Base64^{data}", "PDF^Report^L", "ED", "")
    document = read(tmp_path, message(obr(), line)).documents[0]
    assert (document.media_type, document.size, document.title) == ("application/pdf", 100, "Report")


def test_notes_of_an_order_are_a_document(tmp_path: Path) -> None:
    record = read(tmp_path, message(obr(), "NTE|1||fasting sample", obx()))
    assert [(d.title, d.text) for d in record.documents] == [("Panel", "fasting sample")]


def test_no_list_of_a_message_counts_as_complete(tmp_path: Path) -> None:
    record = read(tmp_path, message(obr(), obx(), "AL1|1|DA|P^Penicillin^L", "DG1|1||I10^Hypertension^I10C"))
    assert {state.value for state in record.completeness.values()} == {"partial"}
    assert "medications" not in record.completeness


def test_the_date_of_the_last_message_is_the_date_of_the_record(tmp_path: Path) -> None:
    text = message(time="20261105") + message(time="20261101")
    assert read(tmp_path, text).document_date == "2026-11-05"
