"""Every bad file gets one clear sentence: no traceback, nothing guessed, no memory or time without bound."""

import json
import random
import tracemalloc
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from medgui.errors import MedguiError, SeveralPatients, UnreadableFile
from medgui.paths import resources_dir
from medgui.readers import Format, Limits, open_record
from medgui.readers.sniff import recognise
from tests.readers.build import bundle, concept, condition, observation, patient, read, save
from tests.shared_data import data_file


def refusal(path: Path, **options: object) -> str:
    """The sentence with which a file is refused."""
    with pytest.raises(UnreadableFile) as raised:
        open_record(path, **options)  # type: ignore[arg-type]
    text = str(raised.value)
    assert path.name in text
    assert text.endswith((".", ")."))
    assert "\n" not in text
    assert raised.value.exit_code == 3
    return text


# Size and shape


@pytest.mark.parametrize("content", [b"", b"  \n\t\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_said_to_be_empty(tmp_path: Path, content: bytes) -> None:
    assert refusal(save(tmp_path, content)) == "file.json is empty."


def test_a_file_that_is_not_there_and_a_folder_are_said(tmp_path: Path) -> None:
    assert "no file" in refusal(tmp_path / "none.json")
    assert "holds no file" in refusal(tmp_path)


def test_a_large_file_is_refused_with_its_size_and_the_limit_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    with path.open("wb") as stream:
        stream.truncate(200_000_000)
    tracemalloc.start()
    text = refusal(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "200 MB" in text
    assert "100 MB" in text
    assert peak < 5_000_000


def test_the_size_limit_can_be_set(tmp_path: Path) -> None:
    path = save(tmp_path, b"{" + b" " * 1_500_000)
    assert "1.5 MB" in refusal(path, limits=Limits.of_megabytes(1))


@pytest.mark.parametrize("sign", ["[", '{"a":'])
@pytest.mark.parametrize("closed", [True, False])
def test_deep_nesting_is_refused_before_it_is_parsed(tmp_path: Path, sign: str, closed: bool) -> None:
    end = {"[": "]", '{"a":': "}"}[sign]
    text = '{"resourceType":"Patient","x":' + sign * 300_000 + ("1" + end * 300_000 + "}" if closed else "")
    assert "300,001 levels" in refusal(save(tmp_path, text))


def test_brackets_inside_of_strings_are_no_nesting(tmp_path: Path) -> None:
    text = "[{" * 5000 + '\\" '
    assert read(tmp_path, observation(note=[{"text": text}])).observations[0].note == text.strip()


def test_too_many_values_are_refused(tmp_path: Path) -> None:
    text = '{"resourceType":"Patient","x":[' + "0," * 5000 + "0]}"
    assert "5,00" in refusal(save(tmp_path, text), limits=Limits(json_values=1000))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("indent", [None, 2])
def test_a_cut_off_file_is_told_by_the_byte_where_it_ends(
    tmp_path: Path, share: float, indent: int | None
) -> None:
    whole = json.dumps(
        bundle(patient(), *[observation(id=str(n)) for n in range(30)]), indent=indent
    ).encode()
    size = int(len(whole) * share)
    assert f"cut off: it stops after byte {size:,}" in refusal(save(tmp_path, whole[:size]))


def test_every_cut_of_a_small_file_is_refused(tmp_path: Path) -> None:
    whole = json.dumps(bundle(patient(), observation())).encode()
    for size in range(1, len(whole)):
        refusal(save(tmp_path, whole[:size]))


def test_wrong_json_is_told_by_line_and_column(tmp_path: Path) -> None:
    text = json.dumps(bundle(patient()), indent=1).replace('"gender":', '"gender" ')
    assert "line 1" in refusal(save(tmp_path, text))


@pytest.mark.parametrize("tail", ["x", "}", '"'])
def test_text_behind_the_end_is_refused(tmp_path: Path, tail: str) -> None:
    refusal(save(tmp_path, json.dumps(bundle(patient())) + tail))


@pytest.mark.parametrize(
    "number", ["1e999", "-1e999", "9" * 5000, "1." + "0" * 5000 + "1", "NaN", "Infinity"]
)
def test_a_number_beyond_all_measure_is_no_value(tmp_path: Path, number: str) -> None:
    text = json.dumps(bundle(patient(), observation())).replace('"value": 200', f'"value": {number}')
    try:
        record = open_record(save(tmp_path, text))
    except UnreadableFile:
        assert number in ("NaN", "Infinity")
    else:
        assert [o.value for o in record.observations] in ([], [1.0])


def test_a_key_that_stands_twice_is_not_settled_by_the_last_one(tmp_path: Path) -> None:
    text = json.dumps(bundle(patient(), observation())).replace('"value": 200', '"value": 200, "value": 100')
    record = open_record(save(tmp_path, text))
    assert record.observations == ()
    assert "twice" in record.unread[0].reason


@pytest.mark.parametrize("odd", [0, -3, 0.001, 1e14])
def test_an_impossible_weight_or_height_among_possible_ones_opens(tmp_path: Path, odd: float) -> None:
    weights = [observation("29463-7", value, "kg", id=f"w{value}") for value in (70, 71, odd)]
    heights = [observation("8302-2", value, "cm", id=f"h{value}") for value in (170, odd)]
    assert read(tmp_path, *weights, *heights).questions


@pytest.mark.parametrize("value", [0, -5, 1e14, 0.0001])
@pytest.mark.parametrize("code", ["29463-7", "8302-2", "8480-6", "2160-0", "4548-4"])
def test_an_impossible_value_opens_and_is_not_used_silently(tmp_path: Path, code: str, value: float) -> None:
    unit = {"29463-7": "kg", "8302-2": "cm", "8480-6": "mm[Hg]", "2160-0": "mg/dL", "4548-4": "%"}[code]
    record = read(tmp_path, observation(code, value, unit))
    assert record.questions


# Versions


@pytest.mark.parametrize(
    ("resource", "release"),
    [
        ({"resourceType": "MedicationOrder", "status": "active"}, "DSTU2"),
        (observation(comments="tired"), "DSTU2"),
        (observation(category={"coding": [{"code": "laboratory"}]}), "DSTU2"),
        (condition("1", "x", clinicalStatus="active", category={"text": "x"}), "DSTU2"),
        ({"resourceType": "AllergyIntolerance", "substance": concept("1")}, "DSTU2"),
        ({"resourceType": "Encounter", "class": "ambulatory"}, "DSTU2"),
        (patient(name=[{"family": ["Smith"], "given": ["A"]}]), "DSTU2"),
        (condition("1", "x", clinicalStatus="active", category=[concept("problem")]), "STU3"),
        (condition("1", "x", clinicalStatus="active"), "STU3"),
        (observation(context={"reference": "Encounter/1"}), "STU3"),
        (patient(animal={"species": concept("dog")}), "STU3"),
        ({"resourceType": "ProcedureRequest", "status": "active"}, "STU3"),
        (observation(meta={"profile": ["http://fhir.org/STU3/StructureDefinition/x"]}), "STU3"),
        ({"resourceType": "CapabilityStatement", "fhirVersion": "3.0.1"}, "STU3"),
    ],
)
def test_an_older_release_of_fhir_is_refused_by_name(tmp_path: Path, resource: dict, release: str) -> None:
    others = [] if resource["resourceType"] == "Patient" else [patient()]
    text = refusal(save(tmp_path, bundle(*others, resource)))
    assert f"FHIR {release}" in text
    assert "R4" in text


def test_one_old_entry_among_new_ones_is_only_left_out(tmp_path: Path) -> None:
    record = read(
        tmp_path, condition("1", "new"), condition("2", "new"), condition("3", "old", clinicalStatus="active")
    )
    assert [c.name for c in record.conditions] == ["new", "new"]
    assert "STU3" in record.unread[0].reason or "DSTU2" in record.unread[0].reason


# Kinds that are recognised and not read


@pytest.mark.parametrize(
    ("content", "kind", "word"),
    [
        (b"\x89PNG\r\n\x1a\n....", Format.IMAGE, "picture"),
        (b"\xff\xd8\xff\xe0....JFIF", Format.IMAGE, "picture"),
        (b"\x1f\x8b\x08....", Format.GZIP, "compressed"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", Format.XLS, "Office"),
        (b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\x03\0>\0", Format.BINARY, "binary"),
        (b"<html><body>Login</body></html>", Format.HTML, "web page"),
        (b"<note><to>X</to></note>", Format.XML, "XML"),
        (b'{"hello": [1, 2]}', Format.JSON, "no FHIR resource"),
    ],
)
def test_other_kinds_are_refused_by_their_name(
    tmp_path: Path, content: bytes, kind: Format, word: str
) -> None:
    path = save(tmp_path, content, "patient.json")
    assert recognise(path) is kind
    assert word in refusal(path)


@pytest.mark.parametrize(
    ("part", "content", "kind", "advice"),
    [
        ("word/document.xml", "<w:document/>", Format.WORD, ("Word", "PDF", "CSV")),
        ("ppt/presentation.xml", "<p:presentation/>", Format.SLIDES, ("presentation", "PDF")),
        ("xl/workbook.bin", "0", Format.XLSB, ("binary Excel", ".xlsx")),
        ("mimetype", "application/vnd.oasis.opendocument.text", Format.OPEN_TEXT, ("OpenDocument", "PDF")),
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet-template", Format.OPEN_SHEET, ("CSV",)),
        ("mimetype", "application/vnd.oasis.opendocument.presentation", Format.SLIDES, ("PDF",)),
        ("mimetype", "application/epub+zip", Format.ZIP, ("ZIP",)),
    ],
)
@pytest.mark.parametrize("damaged", [False, True])
def test_office_files_are_refused_by_their_name_and_with_what_to_save_them_as(
    tmp_path: Path, part: str, content: str, kind: Format, advice: tuple[str, ...], damaged: bool
) -> None:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(part, content)
        archive.writestr("content.xml", "<a/>")
    data = stream.getvalue()
    path = save(tmp_path, data[:-30] if damaged else data, "letter.xlsx")
    assert recognise(path) is kind
    assert all(word in refusal(path) for word in advice)


def test_an_archive_is_refused_by_its_name(tmp_path: Path) -> None:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.json", "{}")
    path = save(tmp_path, stream.getvalue(), "export.zip")
    assert recognise(path) is Format.ZIP
    assert "ZIP" in refusal(path)


@pytest.mark.parametrize(
    ("relative", "kind"),
    [
        ("patientfiles/ccda_hl7/CCD.xml", Format.CCDA),
        ("patientfiles/fhir_xml_aups/aups-basicsummary.xml", Format.FHIR_XML),
        ("patientfiles/hl7v2_misc/ADT-A01-01.hl7", Format.HL7V2),
        ("patientfiles/dicom/CT_small.dcm", Format.DICOM),
        ("patientfiles/vcf/pharmcat.example.vcf", Format.VCF),
        ("patientfiles/phenopacket/data_v2_phenopacket.json", Format.PHENOPACKET),
        ("patientfiles/csv/cdc_ReportStream-StandardCSV-ExampleData-20220509.csv", Format.CSV),
        ("patientfiles/fhir_ips/IPS-examples-Bundle-01.json", Format.FHIR_JSON),
    ],
)
@pytest.mark.shared_data
def test_real_files_are_recognised_under_any_name(tmp_path: Path, relative: str, kind: Format) -> None:
    assert recognise(save(tmp_path, data_file(relative).read_bytes(), "unnamed.bin")) is kind


# Chance


def _scrambled(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _step in range(chance.choice([1, 1, 2, 8])):
        at, kind = chance.randrange(len(changed)), chance.random()
        if kind < 0.5:
            changed[at] = chance.randrange(256)
        elif kind < 0.7:
            del changed[at : at + chance.choice([1, 5, 200])]
        elif kind < 0.9:
            changed[at:at] = chance.choice([b"{", b"]", b'"', b",", b"null", b"\xff", b"99999"])
        else:
            del changed[at:]
        if not changed:
            changed = bytearray(b"{")
    return bytes(changed)


_JUNK: list[Callable[[], object]] = [
    lambda: None, lambda: True, lambda: -1, lambda: 10**30, lambda: "", lambda: "2026-13-45", list, dict,
    lambda: [[]], lambda: [{}], lambda: {"coding": "x"}, lambda: [None], lambda: {"reference": 5}, lambda: "<5",
    lambda: {"coding": [5, {"code": 7}]}, lambda: "\ud800",
]  # fmt: skip


def _places(value: object, into: list) -> list:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inside in items:
        into.append((value, key))
        _places(inside, into)
    return into


def _opens(path: Path) -> None:
    words = "read"
    try:
        open_record(path)
    except (UnreadableFile, SeveralPatients) as problem:
        words = str(problem)
    assert words


@pytest.mark.parametrize("seed", range(6))
def test_scrambled_bytes_end_in_a_record_or_a_sentence(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    data = (resources_dir() / "demo" / "rowe_thomas.json").read_bytes()[:12_000]
    whole = json.dumps(bundle(patient(), observation(), condition("1", "x"))).encode()
    for _round in range(40):
        _opens(save(tmp_path, _scrambled(chance.choice([data, whole]), chance)))


@pytest.mark.parametrize("seed", range(6))
def test_values_of_the_wrong_kind_end_in_a_record_or_a_sentence(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    text = (resources_dir() / "demo" / "okafor_grace.json").read_text(encoding="utf-8")
    for _round in range(20):
        content = json.loads(text)
        for _step in range(chance.choice([1, 4, 20])):
            holder, key = chance.choice(_places(content, []) or [({}, "x")])
            holder[key] = chance.choice(_JUNK)()
        _opens(save(tmp_path, json.dumps(content)))


def test_a_name_in_bytes_that_are_no_text_opens(tmp_path: Path) -> None:
    latin = json.dumps(bundle(patient()), ensure_ascii=False).encode("cp1252")
    record = open_record(save(tmp_path, latin))
    assert record.patient.family == "Weiß"
    assert "Latin-1" in record.unread[0].reason
    chinese = json.dumps(
        bundle(patient(name=[{"family": "林", "given": ["慧敏"]}])), ensure_ascii=False
    ).encode("gb18030")
    assert open_record(save(tmp_path, chinese)).patient.given == "慧敏"


def test_every_refusal_is_one_of_ours(tmp_path: Path) -> None:
    with pytest.raises(MedguiError):
        open_record(tmp_path / ("x" * 400))


def test_a_name_or_text_without_end_is_cut_where_it_can_still_be_shown(tmp_path: Path) -> None:
    names = [{"family": "x" * 2_000_000, "given": ["y" * 300]}]
    note = [{"text": "z" * 50_000}]
    record = open_record(save(tmp_path, json.dumps(bundle(patient(name=names), observation(note=note)))))
    assert record.patient.family == "x" * 199 + "…"
    assert record.patient.given == "y" * 199 + "…"
    assert record.observations[0].note == "z" * 19_999 + "…"
