"""Bad files through the real command line: one clear sentence, the right exit code, nothing lost."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from medgui.readers import limits, open_record
from tests.helpers.command_line import medgui, sentence
from tests.readers.build import bundle, condition, observation, patient, save

Make = Callable[[Path], object]
WHOLE = json.dumps(bundle(patient(), observation(), condition("38341003", "Hypertension")))


def text(content: object, name: str = "file.json") -> Make:
    """A file of this content."""
    return lambda folder: save(folder, content, name)


def large(folder: Path) -> None:
    """A file of 200 MB that takes no room."""
    with (folder / "file.json").open("wb") as stream:
        stream.truncate(200_000_000)


def packed_bomb(folder: Path) -> None:
    """A workbook that unpacks to a thousand times its size."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", "0" * 100_000_000)
    save(folder, stream.getvalue(), "file.xlsx")


def circle(folder: Path) -> None:
    """Two links that lead to each other."""
    (folder / "file.json").symlink_to("other.json")
    (folder / "other.json").symlink_to("file.json")


REFUSED: list[tuple[str, Make, str]] = [
    ("truncated", text(WHOLE[: len(WHOLE) // 2]), "cut off"),
    ("empty", text(""), "is empty"),
    ("blank", text(" \n\t\n"), "is empty"),
    ("200 MB", large, "200 MB"),
    ("nested arrays", text('{"resourceType":"Patient","x":' + "[" * 200_000), "levels deep"),
    ("nested objects", text('{"resourceType":"Patient","x":' + '{"a":' * 200_000), "levels deep"),
    ("too many values", text('{"resourceType":"Bundle","entry":[' + "0," * 10_500_000 + "0]}"), "values"),
    ("packed bomb", packed_bomb, "unpacks to"),
    ("not JSON", text(WHOLE.replace(":", ";", 3)), "line 1"),
    ("no FHIR", text('{"a": 1}'), "no FHIR resource"),
    ("DSTU2", text(bundle(patient(), {"resourceType": "MedicationOrder"})), "DSTU2"),
    ("STU3", text(bundle(patient(), observation(context={"reference": "Encounter/1"}))), "STU3"),
    ("no patient", text(bundle(observation())), "no patient"),
    ("wrong kind", text(b"\x89PNG\r\n\x1a\n" + bytes(40)), "is a picture"),
    ("binary", text(bytes(range(256)) * 20), "binary"),
    ("a folder", lambda folder: (folder / "file.json").mkdir(), "no file that medgui reads"),
    ("absent", lambda folder: None, "no file"),
    ("links in a circle", circle, ""),
    ("a pipe", lambda folder: os.mkfifo(folder / "file.json"), "no file"),
    ("quotes without end", text("age,sex\n" + '"50,female\n' * 50, "file.csv"), "quotation mark"),
    ("a name of two lines", text(WHOLE[:100], "fi\nle.json"), "cut off"),
]


def file_of(folder: Path) -> Path:
    found = sorted(path for path in folder.iterdir() if path.name not in ("home", "other.json"))
    return found[0] if found else folder / "file.json"


@pytest.mark.parametrize(("make", "word"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(make: Make, word: str, tmp_path: Path) -> None:
    make(tmp_path)
    path = file_of(tmp_path)
    done = medgui("read", path.name, folder=tmp_path)
    said = sentence(done, 3)
    assert done.out == ""
    assert word in said
    assert path.name.replace("\n", " ") in said
    assert str(tmp_path) not in said


@pytest.mark.parametrize("command", ["assess", "report", "read"])
@pytest.mark.parametrize("kind", ["truncated", "absent", "STU3"])
def test_every_command_refuses_alike_and_makes_no_output(command: str, kind: str, tmp_path: Path) -> None:
    next(make for name, make, _word in REFUSED if name == kind)(tmp_path)
    options = ["-o", "out.pdf"] if command == "report" else []
    first = sentence(medgui(command, "file.json", *options, folder=tmp_path), 3)
    assert first == sentence(medgui("read", "file.json", folder=tmp_path), 3)
    assert not (tmp_path / "out.pdf").exists()


def test_a_refusal_speaks_chinese(tmp_path: Path) -> None:
    save(tmp_path, "")
    said = sentence(medgui("read", "file.json", "--lang", "zh", folder=tmp_path), 3)
    assert "空" in said


def test_a_file_without_permission_says_so(tmp_path: Path) -> None:
    path = save(tmp_path, WHOLE)
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user reads everything")
    assert "no permission" in sentence(medgui("read", path.name, folder=tmp_path), 3)


@pytest.mark.parametrize("name", ["file.csv", "file.pdf", "file", "Łucja 林 慧敏 مريم.json", "-file.json"])
def test_a_file_is_read_whatever_its_name(name: str, tmp_path: Path) -> None:
    save(tmp_path, WHOLE, name)
    done = medgui("read", "--json", "--", name, folder=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out)["file"] == name


def test_several_patients_are_listed_and_one_can_be_chosen(tmp_path: Path) -> None:
    people = [patient(f"p{n}", name=[{"family": family}]) for n, family in enumerate(["Ash", "Żuk", "林"])]
    save(tmp_path, bundle(*people, observation(subject={"reference": "Patient/p1"})))
    done = medgui("assess", "file.json", folder=tmp_path)
    assert "3 patients" in sentence(done, 7)
    assert [line.split("\t")[0] for line in done.out.splitlines()] == ["p0", "p1", "p2"]
    assert "Żuk" in done.out
    chosen = medgui("read", "file.json", "--patient", "p1", "--json", folder=tmp_path)
    record = json.loads(chosen.out)
    assert record["patient"]["name"]["family"] == "Żuk"
    assert len(record["observations"]) == 1
    assert "p9" in sentence(medgui("read", "file.json", "--patient", "p9", folder=tmp_path), 2)


def test_one_broken_entry_is_listed_and_the_rest_is_read(tmp_path: Path) -> None:
    content = bundle(
        patient(), observation(), {"resourceType": "Observation", "code": 7}, 5, observation("2085-9", 50)
    )
    content["entry"].append({"resource": observation("4548-4", 1, "%", valueQuantity={"value": "high"})})
    save(tmp_path, content)
    done = medgui("read", "file.json", "--json", folder=tmp_path)
    assert (done.code, done.err) == (0, "")
    record = json.loads(done.out)
    assert [o["code"] for o in record["observations"]] == ["2093-3", "2085-9"]
    assert len(record["unread"]) == 3
    assert all(note["reason"] for note in record["unread"])
    text_of = medgui("read", "file.json", folder=tmp_path).out
    assert "entry[3]" in text_of


def test_values_without_unit_or_beyond_the_possible_become_questions_and_are_not_used(tmp_path: Path) -> None:
    odd = [
        observation("29463-7", 80, valueQuantity={"value": 80}),
        observation("8310-5", 98.6, "Cel"),
        observation("8480-6", -5, "mm[Hg]"),
        observation("2085-9", 1e300),
    ]
    save(tmp_path, bundle(patient(), *odd))
    (note,) = json.loads(medgui("read", "file.json", "--json", folder=tmp_path).out)["unread"]
    assert "1e+300" in note["reason"]
    done = medgui("assess", "file.json", "--model", "prevent", "--json", folder=tmp_path)
    assert (done.code, done.err) == (0, "")
    found = json.loads(done.out)
    assert len(found["questions"]) == 3
    assert all(q["message"] for q in found["questions"])
    values = {i["name"]: i["value"] for i in found["findings"][0]["inputs"]}
    assert values["systolic_bp"] is None
    assert values["hdl_cholesterol"] is None


@pytest.mark.parametrize("born", ["2099-01-01", "1780-01-01", None])
def test_an_impossible_or_absent_birth_date_gives_no_number(born: str | None, tmp_path: Path) -> None:
    save(tmp_path, bundle(patient(birthDate=born), observation("2160-0", 0.9)))
    done = medgui("assess", "file.json", "--model", "ckd_epi_2021", "--json", folder=tmp_path)
    (finding,) = json.loads(done.out)["findings"]
    assert finding["status"] == "missing_input"
    assert finding["outputs"][0]["value"] is None


def test_unknown_codes_are_kept_as_they_are(tmp_path: Path) -> None:
    coded = observation("99999-9")
    worded = observation(
        code={"coding": [{"system": "urn:x", "code": "???"}]}, valueQuantity=None, valueString="+++"
    )
    save(tmp_path, bundle(patient(), coded, worded))
    record = json.loads(medgui("read", "file.json", "--json", folder=tmp_path).out)
    assert [(o["code"], o["value_as_written"]) for o in record["observations"]] == [
        ("99999-9", "200"),
        ("???", "+++"),
    ]


@pytest.mark.parametrize("family", ["Łukaszéwicz-Nguyễn", "𠮷野", "مريم", "<b>&amp;'; --", "Smith\u202ecod"])
def test_a_name_in_any_script_goes_through_every_command(family: str, tmp_path: Path) -> None:
    save(tmp_path, bundle(patient(name=[{"family": family, "given": ["Zoë"]}]), observation()))
    shown = family.replace("\u202e", "")
    record = json.loads(medgui("read", "file.json", "--json", folder=tmp_path).out)
    assert record["patient"]["name"]["family"] == shown
    done = medgui("report", "file.json", "-o", "out.pdf", folder=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF")


def test_a_terminal_that_knows_ascii_only_shows_the_name_escaped(tmp_path: Path) -> None:
    save(tmp_path, bundle(patient(name=[{"family": "林"}]), observation()))
    ascii_only = {"PYTHONUTF8": "0", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}
    done = medgui("read", "file.json", folder=tmp_path, **ascii_only)
    assert (done.code, done.err) == (0, "")
    record = json.loads(medgui("read", "file.json", "--json", folder=tmp_path, **ascii_only).out)
    assert record["patient"]["name"]["family"] == "林"


def test_what_is_hashed_is_what_was_read_though_the_file_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(tmp_path, WHOLE)
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    read = limits.read_bytes

    def changing(*arguments: Any) -> bytes:
        data = read(*arguments)
        save(tmp_path, bundle(patient("other")))
        return data

    monkeypatch.setattr("medgui.readers.read_bytes", changing)
    record = open_record(path)
    assert (record.sha256, record.patient.id) == (before, "p1")


UNSCORED: list[tuple[str, Make, str]] = [
    ("empty", text("", "in.csv"), "empty"),
    ("a folder", lambda folder: (folder / "in.csv").mkdir(), "folder"),
    ("absent", lambda folder: None, "does not exist"),
    ("links in a circle", lambda folder: (folder / "in.csv").symlink_to("in.csv"), "circle"),
    ("a pipe", lambda folder: os.mkfifo(folder / "in.csv"), "pipe"),
    ("a workbook", text(b"PK\x03\x04" + b"x" * 100, "in.csv"), "CSV"),
    ("UTF-16", text("age,sex\n50,female\n".encode("utf-16"), "in.csv"), "UTF-8"),
    ("a row with too many cells", text("age,sex\n50,female\n50,female,1,2\n", "in.csv"), "Row 3"),
    ("quotes without end", text('age,sex\n"50,female\n' * 5, "in.csv"), "row"),
    ("a record without end", text(b'age,sex\n50,"' + b"x" * 70_000_000, "in.csv"), "row"),
]


@pytest.mark.parametrize(
    ("make", "word"), [case[1:] for case in UNSCORED], ids=[case[0] for case in UNSCORED]
)
def test_a_table_that_cannot_be_scored_is_refused_and_makes_no_output(
    make: Make, word: str, tmp_path: Path
) -> None:
    make(tmp_path)
    said = sentence(medgui("score", "prevent", "in.csv", "-o", "out.csv", folder=tmp_path), 3)
    assert word in said
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize(
    "command", [["read"], ["report", "-o", "out.pdf"], ["score", "prevent", "-o", "out.csv"]]
)
def test_a_name_that_no_disk_takes_is_no_fault_of_ours(command: list[str], tmp_path: Path) -> None:
    sentence(medgui(command[0], *command[1:], "n" * 400, folder=tmp_path), 3)
