"""FHIR as real systems write it: histories, home measurements, ranges for some people, loose numbers and dates."""

import json
from pathlib import Path

import pytest

from medgui.errors import UnreadableFile
from tests.readers.build import (
    LOINC,
    SNOMED,
    UCUM,
    Json,
    bundle,
    concept,
    condition,
    entries,
    observation,
    only,
    opened,
    patient,
    read,
)

# Versions


def version(number: int, value: float, **changes: object) -> Json:
    """One of several versions of a creatinine."""
    meta = {"versionId": str(number), "lastUpdated": f"2026-11-0{number}T00:00:00Z"}
    return observation("2160-0", value, "mg/dL", **{"id": "cr", "meta": meta, **changes})


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1)])
@pytest.mark.parametrize("drop", [None, "versionId", "lastUpdated"])
def test_of_several_versions_only_the_newest_is_a_result(
    tmp_path: Path, order: tuple, drop: str | None
) -> None:
    versions = [version(number, number * 1.0) for number in order]
    for found in versions:
        found["meta"].pop(drop, None)
    record = opened(tmp_path, bundle(patient(), *versions))
    assert only(record).value == 3.0
    assert [trace.code for trace in record.cleaned] == ["older_version", "older_version"]


def test_a_history_without_versions_is_newest_first(tmp_path: Path) -> None:
    newest, older = version(2, 1.1, meta=None), version(1, 11.0, meta=None)
    record = opened(tmp_path, bundle(patient(), newest, older, type="history"))
    assert only(record).value == 1.1


def test_versions_that_nothing_orders_stay_and_contradict_each_other(tmp_path: Path) -> None:
    record = opened(tmp_path, bundle(patient(), version(1, 1.0, meta=None), version(2, 1.2, meta=None)))
    assert sorted(found.value for found in record.observations) == [1.0, 1.2]


def test_a_line_for_each_version_is_one_result(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps(each) for each in (patient(), version(1, 1.3), version(2, 1.2)))
    assert only(opened(tmp_path, lines, "export.ndjson")).value == 1.2


@pytest.mark.parametrize("url", ["Observation/cr", "https://ehr.test/r4/Observation/cr/_history/2"])
def test_what_was_deleted_is_no_result(tmp_path: Path, url: str) -> None:
    deletion = {"request": {"method": "DELETE", "url": url}}
    history = entries({"resource": patient()}, deletion, {"resource": version(1, 11.0)}, type="history")
    record = opened(tmp_path, history)
    assert record.observations == ()
    assert [trace.code for trace in record.cleaned] == ["older_version"]


def test_what_was_made_again_after_a_deletion_is_a_result(tmp_path: Path) -> None:
    deletion = {"request": {"method": "DELETE", "url": "Observation/cr"}}
    again = {"resource": version(3, 1.0)}
    history = entries(
        {"resource": patient()}, again, deletion, {"resource": version(1, 11.0)}, type="history"
    )
    assert only(opened(tmp_path, history)).value == 1.0


def test_an_older_version_of_a_report_takes_the_results_inside_it_along(tmp_path: Path) -> None:
    def report(number: int, value: float) -> Json:
        inside = observation("2160-0", value, "mg/dL", id="in", subject=None)
        meta = {"versionId": str(number)}
        return {
            "resourceType": "DiagnosticReport", "id": "r", "status": "final", "meta": meta,
            "subject": {"reference": "Patient/p1"}, "contained": [inside], "result": [{"reference": "#in"}],
            "code": {"text": "Panel"},
        }  # fmt: skip

    record = opened(tmp_path, bundle(patient(), report(1, 9.0), report(2, 1.0)))
    assert only(record).value == 1.0


def test_a_refuted_version_replaces_the_confirmed_one(tmp_path: Path) -> None:
    listed = [
        condition("44054006", "Diabetes", id="c", meta={"versionId": "1"}),
        condition(
            "44054006", "Diabetes", id="c", meta={"versionId": "2"}, verificationStatus=concept("refuted")
        ),
    ]
    (found,) = read(tmp_path, *listed).conditions
    assert (found.verification, found.usable) == ("refuted", False)


def test_two_people_under_one_id_are_refused(tmp_path: Path) -> None:
    other = patient(birthDate="1999-01-01", gender="male")
    two = entries(
        {"fullUrl": "https://a.test/Patient/p1", "resource": patient()},
        {"fullUrl": "https://b.test/Patient/p1", "resource": other},
    )
    with pytest.raises(UnreadableFile, match=r"two people under one id \(p1\)"):
        opened(tmp_path, two)


# Where and by whom


def pressure(**changes: object) -> Json:
    """A blood pressure of patient p1 in three components."""
    parts = [("8480-6", 118), ("8462-4", 77), ("8478-0", 90)]
    base = observation("85354-9", category=[concept("vital-signs")], valueQuantity=None)
    base["component"] = [
        {
            "code": concept(code, LOINC),
            "valueQuantity": {"value": value, "unit": "mmHg", "system": UCUM, "code": "mm[Hg]"},
        }
        for code, value in parts
    ]
    return {key: value for key, value in {**base, **changes}.items() if value is not None}


@pytest.mark.parametrize(
    ("performers", "setting"),
    [
        (["Patient/p1"], "home"),
        (["https://ehr.test/r4/Patient/p1/_history/1"], "home"),
        (["RelatedPerson/r1"], "home"),
        (["Practitioner/d1"], ""),
        (["Patient/p1", "Practitioner/d1"], ""),
        ([], ""),
    ],
)
def test_what_the_patient_measured_was_measured_at_home(
    tmp_path: Path, performers: list[str], setting: str
) -> None:
    measured = pressure(performer=[{"reference": text} for text in performers])
    assert {found.setting for found in read(tmp_path, measured).observations} == {setting}


@pytest.mark.parametrize(
    ("kind", "setting"),
    [
        (
            {"system": "urn:oid:1.2.840.114350.1.72", "code": "4", "display": "Hospital Encounter"},
            "inpatient",
        ),
        ({"code": "imp"}, "inpatient"),
        ({"code": "1", "display": "住院"}, "inpatient"),
        ({"code": "stationaer"}, "inpatient"),
        ({"code": "E", "display": "Emergency Department"}, "emergency"),
        ({"code": "O", "display": "Outpatient"}, "outpatient"),
        ({"code": "13", "display": "Support OP Encounter"}, ""),
    ],
)
def test_a_class_in_the_words_of_a_hospital_gives_the_setting(
    tmp_path: Path, kind: Json, setting: str
) -> None:
    visit = {"resourceType": "Encounter", "id": "e", "status": "finished", "class": kind}
    found = only(read(tmp_path, visit, observation(encounter={"reference": "Encounter/e"})))
    assert found.setting == setting


def test_a_modifier_of_one_component_keeps_only_it_from_being_used(tmp_path: Path) -> None:
    measured = pressure()
    measured["component"][0]["modifierExtension"] = [{"url": "http://x.test/not", "valueBoolean": True}]
    record = read(tmp_path, measured)
    assert [found.usable for found in record.observations] == [False, True, True]


# Ranges for some people


def limits(low: float, high: float, **more: object) -> Json:
    """A reference range in the unit of the value."""
    return {"low": {"value": low}, "high": {"value": high}, **more}


def years(low: float | None, high: float | None, unit: str = "a") -> Json:
    """The ages for which a range holds."""
    ends = {"low": low, "high": high}
    return {key: {"value": end, "system": UCUM, "code": unit} for key, end in ends.items() if end is not None}


@pytest.mark.parametrize(
    ("ranges", "expected"),
    [
        (
            [limits(13.5, 17.5, appliesTo=[concept("248153007", SNOMED)]), limits(12, 15.5, appliesTo=[{"text": "F"}])],
            (12.0, 15.5),
        ),
        ([limits(14, 22, age=years(None, 28, "d")), limits(12, 15.5, age=years(18, None))], (12.0, 15.5)),
        ([limits(13.5, 17.5, appliesTo=[{"text": "Male"}])], None),
        ([limits(11, 14, appliesTo=[{"text": "third trimester of pregnancy"}]), limits(12, 15.5)], (12.0, 15.5)),
        ([limits(12, 15.5, appliesTo=[{"text": "Women"}], age=years(18, None)), limits(12, 17)], (12.0, 15.5)),
        ([limits(6, 7, type={"text": "critical"}), limits(12, 15.5)], (12.0, 15.5)),
        ([limits(12, 15.5, appliesTo=[{"text": "成人女性"}])], (12.0, 15.5)),
    ],
)  # fmt: skip
def test_the_reference_range_is_one_for_this_person(tmp_path: Path, ranges: list, expected: object) -> None:
    found = only(read(tmp_path, observation("718-7", 13.0, "g/dL", referenceRange=ranges)))
    assert found.reference_range == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12.0 - 15.5", (12.0, 15.5)),
        ("120-155 g/L", (12.0, 15.5)),
        ("<15.5", (None, 15.5)),
        ("see comment", None),
        ("12-15 mmol/L", None),
    ],
)
def test_a_range_in_words_is_read_where_it_is_all_of_the_text(
    tmp_path: Path, text: str, expected: object
) -> None:
    found = only(read(tmp_path, observation("2885-2", 13.0, "g/dL", referenceRange=[{"text": text}])))
    assert found.reference_range == expected


def test_a_range_for_one_sex_is_none_where_the_sex_is_not_known(tmp_path: Path) -> None:
    women = limits(12, 15.5, appliesTo=[{"text": "female"}])
    measured = observation("718-7", 13.0, "g/dL", referenceRange=[women])
    record = opened(tmp_path, bundle(patient(gender="unknown"), measured))
    assert only(record).reference_range is None


# Numbers, units and dates as systems write them


@pytest.mark.parametrize(
    ("text", "value", "comparator"),
    [
        ("5.4 mmol/L", 97.2864, ""),
        ("97 mg/dL", 97.0, ""),
        ("5,4 mmol/L", 97.2864, ""),
        ("< 0.5 mmol/L", 9.008, "<"),
        (">=30 mmol/l", 540.48, ">="),
    ],
)
def test_a_number_with_its_unit_in_one_text_is_a_value(
    tmp_path: Path, text: str, value: float, comparator: str
) -> None:
    found = only(read(tmp_path, observation("2345-7", valueQuantity=None, valueString=text)))
    assert (found.value, found.unit, found.comparator) == (pytest.approx(value), "mg/dL", comparator)
    assert found.usable


@pytest.mark.parametrize(
    "text", ["neg", "1:80", "120/80", "5.4 kg", "1,234 mg/dL", "5.4 (fasting)", "5-6 mmol/L"]
)
def test_a_text_that_is_more_than_a_number_with_its_unit_stays_text(tmp_path: Path, text: str) -> None:
    found = only(read(tmp_path, observation("2345-7", valueQuantity=None, valueString=text)))
    assert (found.value, found.usable) == (text, False)


@pytest.mark.parametrize("text", ["120/80", "120 / 80 mmHg", "120/80 mm[Hg]"])
def test_a_pressure_in_one_text_is_two_values(tmp_path: Path, text: str) -> None:
    record = read(tmp_path, pressure(component=None, valueString=text))
    assert [(o.variable, o.value_as_written) for o in record.observations] == [
        ("systolic_bp", "120"),
        ("diastolic_bp", "80"),
    ]


@pytest.mark.parametrize("system", [UCUM, None])
def test_two_units_that_contradict_are_a_question_whether_or_not_a_system_is_named(
    tmp_path: Path, system: str | None
) -> None:
    quantity = {"value": 80, "unit": "kg", "code": "[lb_av]", **({"system": system} if system else {})}
    record = read(tmp_path, observation("29463-7", valueQuantity=quantity))
    assert [question.code for question in record.questions] == ["unit_conflict"]


def test_a_number_in_quotes_is_a_number(tmp_path: Path) -> None:
    found = only(read(tmp_path, observation("29463-7", valueQuantity={"value": "80.0", "unit": "kg"})))
    assert (found.value, found.value_as_written) == (80.0, "80.0")


@pytest.mark.parametrize(
    ("written", "time"),
    [
        ("2026-11-03 08:15:00", "2026-11-03T08:15:00"),
        ("2026-11-03T08:15:00+0800", "2026-11-03T08:15:00+0800"),
        ("2026/11/03", "2026-11-03"),
        ("2026/11/03 08:15", "2026-11-03T08:15"),
    ],
)
def test_a_date_beside_the_rules_is_read_where_it_means_one_day(
    tmp_path: Path, written: str, time: str
) -> None:
    assert only(read(tmp_path, observation(effectiveDateTime=written))).time == time


@pytest.mark.parametrize("written", ["2026-11-3", "03/11/2026", "20261103", "2026/13/01", "11.2026"])
def test_a_date_that_is_none_takes_its_entry_out_with_a_reason(tmp_path: Path, written: str) -> None:
    record = read(tmp_path, observation(effectiveDateTime=written))
    assert record.observations == ()
    assert written in record.unread[0].reason


def test_a_result_that_states_two_values_is_not_settled_by_one_of_them(tmp_path: Path) -> None:
    record = read(tmp_path, observation("2160-0", 1.1, "mg/dL", valueString="2.2"))
    assert record.observations == ()
    assert "several values" in record.unread[0].reason
