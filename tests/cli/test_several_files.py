"""Several files and folders on the command line."""

import json
from pathlib import Path
from typing import Any

import pytest

from medgui.cli.main import main
from tests.readers.test_several import HEIGHT, WEIGHT, put, two_people

REED = [{"family": "Reed", "given": ["Zoë"]}]


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any, str]:
    """Run a command with `--json`; give its exit code, what it wrote, and its error sentence."""
    code = main([*arguments, "--json"])
    out, error = capsys.readouterr()
    return code, json.loads(out) if out.strip() else None, error.strip()


def test_several_files_are_one_record_that_lists_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = put(tmp_path / "a.json", WEIGHT), put(tmp_path / "b.json", HEIGHT)
    code, record, _error = told(capsys, "read", str(one), str(two))
    assert code == 0
    assert [part["file"] for part in record["files"]] == ["a.json", "b.json"]
    assert (record["file"], record["format"]) == ("a.json (+1)", "several")
    assert {found["source"]["file"] for found in record["observations"]} == {"a.json", "b.json"}
    assert told(capsys, "read", str(tmp_path))[1]["sha256"] == record["sha256"]


def test_text_names_each_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(tmp_path / "a.json", WEIGHT)
    put(tmp_path / "b.json", HEIGHT)
    assert main(["read", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in lines if line.startswith("File")] == ["a.json", "b.json"]


def test_another_birth_date_ends_with_exit_3_and_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = [put(tmp_path / "a.json", WEIGHT), put(tmp_path / "b.json", HEIGHT, birthDate="1971-05-17")]
    code, record, error = told(capsys, "assess", *map(str, paths))
    assert (code, record) == (3, None)
    assert len(error.splitlines()) == 1
    assert "a.json" in error
    assert "b.json" in error


def test_a_folder_of_several_people_lists_them_and_patient_chooses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two_people(tmp_path / "ward.json")
    put(tmp_path / "a.json", WEIGHT, birthDate="1999-09-09", identifier=[], name=[{"family": "Third"}])
    code, listed, _error = told(capsys, "read", str(tmp_path))
    assert code == 7
    assert "p2" in [person["id"] for person in listed["patients"]]
    code, record, _error = told(capsys, "read", str(tmp_path), "--patient", "p2")
    assert code == 0
    assert record["patient"]["name"]["family"] == "Other"


def test_the_question_about_the_person_is_answered_by_an_option(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path / "a.json", WEIGHT)
    put(tmp_path / "b.json", HEIGHT, name=REED)
    asked = told(capsys, "read", str(tmp_path))[1]
    assert [question["code"] for question in asked["questions"]] == ["name_changed"]
    same = told(capsys, "read", str(tmp_path), "--same-person")[1]
    assert same["questions"] == []
    assert all(found["usable"] for found in same["observations"])
    other = told(capsys, "read", str(tmp_path), "--another-person")[1]
    assert len(other["observations"]) == 1
    assert other["questions"] == []


def test_a_report_of_several_files_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "visit"
    put(folder / "a.json", WEIGHT)
    put(folder / "b.json", HEIGHT)
    out = tmp_path / "out.pdf"
    assert main(["report", str(folder), "-o", str(out)]) == 0
    assert out.read_bytes().startswith(b"%PDF-")
