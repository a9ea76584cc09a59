"""What an Observation of a FHIR file becomes."""

import json
from pathlib import Path

import pytest

from medgui.errors import UnreadableFile
from medgui.readers import open_record
from medgui.record.model import Completeness
from medgui.record.resolve import resolve
from tests.readers.build import LOINC, SNOMED, bundle, concept, observation, only, patient, read, save


def test_a_value_keeps_number_unit_time_code_and_place(tmp_path: Path) -> None:
    found = only(read(tmp_path, observation("14647-2", 5.170, "mmol/L")))
    assert (found.variable, found.code, found.system) == ("total_cholesterol", "14647-2", LOINC)
    assert found.value == pytest.approx(5.17 * 38.67)
    assert (found.unit, found.value_as_written, found.unit_as_written) == ("mg/dL", "5.17", "mmol/L")
    assert found.time == "2026-11-03T08:15:00+01:00"
    lines = (tmp_path / "file.json").read_text().splitlines()
    assert found.source.line is not None
    assert '"valueQuantity"' in lines[found.source.line - 1]
    assert found.source.location == f"entry[1] Observation/o14647-2, line {found.source.line}"


def test_digits_after_the_point_stay_as_written(tmp_path: Path) -> None:
    path_text = (
        '{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","id":"p1"}},{"resource":'
    )
    path_text += (
        '{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org",'
    )
    path_text += '"code":"4548-4"}]},"valueQuantity":{"value":7.50,"unit":"%"}}}]}'
    assert only(open_record(save(tmp_path, path_text))).value_as_written == "7.50"


@pytest.mark.parametrize("panel", ["85354-9", "55284-4"])
def test_a_pressure_panel_is_split_into_its_components(tmp_path: Path, panel: str) -> None:
    parts = [
        {"code": concept(code, LOINC), "valueQuantity": {"value": value, "unit": "mmHg"}}
        for code, value in (("8480-6", 160), ("8462-4", 96))
    ]
    record = read(tmp_path, observation(panel, valueQuantity=None, component=parts))
    assert [(o.variable, o.value, o.unit) for o in record.observations] == [
        ("systolic_bp", 160.0, "mm[Hg]"),
        ("diastolic_bp", 96.0, "mm[Hg]"),
    ]
    assert len({o.id for o in record.observations}) == 2
    assert record.observations[0].source.line != record.observations[1].source.line


@pytest.mark.parametrize(
    ("status", "usable"),
    [
        ("final", True), ("amended", True), ("corrected", True), ("preliminary", False), ("registered", False),
        ("unknown", False), (None, False),
    ],
)  # fmt: skip
def test_only_a_final_result_is_used(tmp_path: Path, status: str | None, usable: bool) -> None:
    record = read(tmp_path, observation(status=status))
    found = only(record)
    assert found.usable is usable
    assert bool(found.unusable_reason) is not usable
    assert resolve(record, "total_cholesterol", as_of="2026-11-21").known is usable


@pytest.mark.parametrize(
    ("status", "code"), [("cancelled", "cancelled"), ("entered-in-error", "entered_in_error")]
)
def test_a_cancelled_or_withdrawn_result_is_left_out_with_a_trace(
    tmp_path: Path, status: str, code: str
) -> None:
    record = read(tmp_path, observation(status=status))
    assert record.observations == ()
    assert [trace.code for trace in record.cleaned] == [code]
    assert not resolve(record, "total_cholesterol", as_of="2026-11-21").known


@pytest.mark.parametrize("comparator", ["<", "<=", ">", ">="])
def test_a_censored_value_is_an_interval_and_no_number(tmp_path: Path, comparator: str) -> None:
    quantity = {"value": 90, "unit": "mg/L", "comparator": comparator}
    record = read(tmp_path, observation("1988-5", valueQuantity=quantity))
    found = only(record)
    assert (found.comparator, found.value_as_written) == (comparator, f"{comparator}90")
    assert resolve(record, "crp", as_of="2026-11-21").gap == "censored"


def test_an_absent_value_says_why_and_hides_no_older_one(tmp_path: Path) -> None:
    older = observation(effectiveDateTime="2026-06-01", id="older")
    newer = observation(valueQuantity=None, dataAbsentReason={"text": "sample haemolysed"})
    record = read(tmp_path, older, newer)
    assert record.observations[1].value is None
    assert "haemolysed" in record.observations[1].note
    assert resolve(record, "total_cholesterol", as_of="2026-11-21").value == 200


@pytest.mark.parametrize(
    ("code", "setting"),
    [
        ("AMB", "outpatient"),
        ("IMP", "inpatient"),
        ("ACUTE", "inpatient"),
        ("EMER", "emergency"),
        ("HH", "home"),
        ("?", ""),
    ],
)
def test_the_encounter_gives_the_setting(tmp_path: Path, code: str, setting: str) -> None:
    visit = {"resourceType": "Encounter", "id": "e1", "status": "finished", "class": {"code": code}}
    record = read(tmp_path, visit, observation(encounter={"reference": "Encounter/e1"}))
    assert only(record).setting == setting


def test_an_encounter_of_r5_gives_the_setting_too(tmp_path: Path) -> None:
    visit = {"resourceType": "Encounter", "id": "e1", "class": [concept("IMP")]}
    assert (
        only(read(tmp_path, visit, observation(encounter={"reference": "Encounter/e1"}))).setting
        == "inpatient"
    )


@pytest.mark.parametrize("words", ["Urine specimen", "Capillary blood", "末梢血"])
def test_another_specimen_is_another_analyte(tmp_path: Path, words: str) -> None:
    specimen = {"resourceType": "Specimen", "id": "s1", "type": {"text": words}}
    found = only(read(tmp_path, specimen, observation("2345-7", 100, specimen={"reference": "Specimen/s1"})))
    assert (found.variable, found.specimen) == ("", words)


@pytest.mark.parametrize(
    ("code", "words"), [("2823-3", "Urine"), ("2951-2", "24 h urine"), ("718-7", "尿液")]
)
def test_electrolytes_and_cells_of_urine_are_other_analytes(tmp_path: Path, code: str, words: str) -> None:
    found = only(read(tmp_path, observation(code, 40, "mmol/L", specimen={"display": words})))
    assert found.variable == ""
    blood = only(read(tmp_path, observation("718-7", 18, "g/dL", specimen={"display": "Capillary blood"})))
    assert blood.variable == "haemoglobin"


def test_a_contained_specimen_is_found(tmp_path: Path) -> None:
    inside = [{"resourceType": "Specimen", "id": "s1", "type": {"text": "Urine"}}]
    found = only(read(tmp_path, observation("2345-7", 100, contained=inside, specimen={"reference": "#s1"})))
    assert found.specimen == "Urine"


@pytest.mark.parametrize(
    "who", [{"reference": "Patient/fetus"}, {"reference": "Group/7"}, {"display": "the twin"}]
)
def test_an_observation_with_another_focus_is_kept_and_not_used(tmp_path: Path, who: dict[str, str]) -> None:
    record = read(tmp_path, observation(focus=[who]))
    assert not only(record).usable
    assert not resolve(record, "total_cholesterol", as_of="2026-11-21").known


def test_an_unknown_modifier_keeps_a_value_from_being_used(tmp_path: Path) -> None:
    found = only(
        read(tmp_path, observation(modifierExtension=[{"url": "http://x/not", "valueBoolean": True}]))
    )
    assert not found.usable
    assert "not" in found.unusable_reason


def test_unit_text_and_unit_code_that_differ_are_a_question(tmp_path: Path) -> None:
    quantity = {"value": 194, "unit": "lb", "system": "http://unitsofmeasure.org", "code": "kg"}
    record = read(tmp_path, observation("29463-7", valueQuantity=quantity))
    (question,) = record.questions
    assert question.code == "unit_conflict"
    assert [s.unit for s in question.suggestions] == ["lb", "kg"]
    assert resolve(record, "weight", as_of="2026-11-21").gap == "questioned"


def test_a_weight_in_jin_is_half_a_kilogram(tmp_path: Path) -> None:
    found = only(read(tmp_path, observation("29463-7", valueQuantity={"value": 130, "unit": "斤"})))
    assert (found.value, found.unit, found.unit_as_written) == (65.0, "kg", "斤")


def test_ifcc_hba1c_is_converted_by_its_own_equation(tmp_path: Path) -> None:
    found = only(read(tmp_path, observation("59261-8", 53, "mmol/mol")))
    assert found.value == pytest.approx(53 / 10.929 + 2.15)


def test_a_number_without_unit_stays_as_written(tmp_path: Path) -> None:
    record = read(tmp_path, observation("14647-2", valueQuantity={"value": 90}))
    found = only(record)
    assert (found.unit_as_written, found.value_as_written) == ("", "90")


def test_an_unknown_unit_and_an_unknown_code_stay_as_written(tmp_path: Path) -> None:
    record = read(tmp_path, observation("2093-3", 200, "blobs"), observation("99999-9", 3, "furlongs"))
    first, second = record.observations
    assert (first.value, first.unit, first.unit_as_written) == (200.0, "blobs", "blobs")
    assert (second.variable, second.value, second.unit) == ("", 3.0, "furlongs")
    assert not resolve(record, "total_cholesterol", as_of="2026-11-21").known


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({"low": {"value": 5}, "high": {"value": 8}}, (5.0, 8.0)),
        ({"high": {"value": 8}}, (None, 8.0)),
        ({"low": {"value": 8}, "high": {"value": 5}}, None),
        ({"low": {"value": 5}, "type": concept("treatment")}, None),
        ({"text": "see note"}, None),
    ],
)
def test_the_reference_range_is_the_files_own(tmp_path: Path, limits: dict, expected: object) -> None:
    assert (
        only(read(tmp_path, observation("718-7", 12, "g/dL", referenceRange=[limits]))).reference_range
        == expected
    )


def test_a_reference_range_follows_the_value_into_its_canonical_unit(tmp_path: Path) -> None:
    quantity = {"value": 5.2, "unit": "mmol/L", "system": "http://unitsofmeasure.org", "code": "mmol/L"}
    found = only(read(tmp_path, observation("14647-2", 5.1, "mmol/L", referenceRange=[{"high": quantity}])))
    assert found.reference_range == (None, pytest.approx(5.2 * 38.67))


@pytest.mark.parametrize(
    ("code", "smokes"),
    [
        ("449868002", True),
        ("428041000124106", True),
        ("8517006", False),
        ("266919005", False),
        ("266927001", None),
        ("221000119102", False),
        ("53896009", False),
        ("160619003", True),
        ("43381005", None),
    ],
)
def test_smoking_is_yes_no_or_not_stated(tmp_path: Path, code: str, smokes: bool | None) -> None:
    answer = observation("72166-2", valueQuantity=None, valueCodeableConcept=concept(code, SNOMED, "words"))
    record = read(tmp_path, answer)
    value = resolve(record, "current_smoker", as_of="2026-11-21").value
    assert value == (None if smokes is None else float(smokes))


@pytest.mark.parametrize(
    ("code", "pregnant"), [("77386006", 1.0), ("60001007", 0.0), ("261665006", None), ("12345", None)]
)
def test_pregnancy_is_yes_no_or_not_stated(tmp_path: Path, code: str, pregnant: float | None) -> None:
    answer = observation("82810-3", valueQuantity=None, valueCodeableConcept=concept(code, SNOMED, "words"))
    young = patient(birthDate="1996-05-17")
    record = open_record(save(tmp_path, bundle(young, answer)), as_of="2026-11-21")
    assert resolve(record, "pregnant", as_of="2026-11-21").value == pregnant


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"valueCodeableConcept": concept("4", "urn:medgui:answer")}, 4.0),
        ({"valueCodeableConcept": {"text": "BI-RADS 4B"}}, 4.0),
        ({"valueString": "4: suspicious"}, 4.0),
        ({"valueInteger": 4}, 4.0),
        ({"valueCodeableConcept": {"text": "BI-RADS 0"}}, None),
        ({"valueString": "4 or 5"}, None),
    ],
)
def test_an_own_code_and_a_category_in_words(tmp_path: Path, answer: dict, expected: float | None) -> None:
    coded = {"coding": [{"system": "urn:medgui:variable", "code": "birads"}]}
    record = read(tmp_path, observation(**{"valueQuantity": None, "code": coded, **answer}))
    assert resolve(record, "birads", as_of="2026-11-21").value == expected


def test_the_time_of_reporting_stands_in_only_with_a_note(tmp_path: Path) -> None:
    found = only(read(tmp_path, observation(effectiveDateTime=None, issued="2026-11-04T10:00:00Z")))
    assert found.time == "2026-11-04T10:00:00Z"
    assert found.note


def test_a_period_starts_at_its_start(tmp_path: Path) -> None:
    period = {"start": "2026-11-01", "end": "2026-11-02"}
    assert (
        only(read(tmp_path, observation(effectiveDateTime=None, effectivePeriod=period))).time == "2026-11-01"
    )


def test_the_same_resource_twice_counts_once(tmp_path: Path) -> None:
    assert len(read(tmp_path, observation(), observation()).observations) == 1


@pytest.mark.parametrize(
    "broken",
    [
        {"valueQuantity": {"value": "12,5"}},
        {"valueQuantity": "200 mg/dL"},
        {"valueQuantity": {"value": 1e300, "unit": "mg/dL"}},
        {"valueQuantity": {"value": 200, "unit": "mg/dL", "comparator": "about"}},
        {"effectiveDateTime": "2026-02-30"},
        {"effectiveDateTime": 20261103},
        {"code": None},
        {"code": {}},
        {"implicitRules": "http://example.org/own"},
    ],
)
def test_a_broken_entry_is_listed_and_the_rest_is_read(tmp_path: Path, broken: dict) -> None:
    record = read(tmp_path, observation("2085-9", 45), observation(**{"id": "bad", **broken}))
    assert [o.variable for o in record.observations] == ["hdl_cholesterol"]
    (note,) = record.unread
    assert note.location == "entry[2] Observation/bad"
    assert note.reason
    assert note.line
    assert record.completeness["observations"] is Completeness.PARTIAL


@pytest.mark.parametrize("entry", ["garbage", 5, None, [], {"a": 1}])
def test_an_entry_that_is_no_resource_makes_every_list_partial(tmp_path: Path, entry: object) -> None:
    record = read(tmp_path, observation(), entry)
    assert len(record.observations) == 1
    assert [note.location for note in record.unread] == ["entry[2]"]
    assert record.completeness["conditions"] is Completeness.PARTIAL


@pytest.mark.parametrize("wrong", ["12,5", "12.", "NaN", "twelve", "12 13", '"12', "{12}"])
def test_an_entry_that_is_no_json_is_listed_and_the_rest_is_read(tmp_path: Path, wrong: str) -> None:
    content = bundle(patient(), observation("2093-3", 777), observation("2085-9", 45))
    text = json.dumps(content, indent=1).replace("777", wrong)
    try:
        record = open_record(save(tmp_path, text))
    except UnreadableFile:
        assert wrong == '"12'
        return
    assert [o.variable for o in record.observations] == ["hdl_cholesterol"]
    assert [(note.location, note.reason) for note in record.unread] == [
        ("entry[1]", "The entry is not valid JSON.")
    ]
    assert record.completeness["medications"] is Completeness.PARTIAL


def test_a_line_that_is_no_json_is_listed_and_the_other_lines_are_read(tmp_path: Path) -> None:
    lines = [json.dumps(item) for item in (patient(), observation(), observation("2085-9", 45))]
    lines[1] = lines[1].replace("200", "2OO")
    record = open_record(save(tmp_path, "\n".join(lines)))
    assert [o.variable for o in record.observations] == ["hdl_cholesterol"]
    assert record.unread[0].line == 2
