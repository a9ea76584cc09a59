"""Nothing of the patient is left outside the report: no log, note, title, setting or temporary file (safety rule 7)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from medgui.paths import resources_dir
from tests.helpers.command_line import Done, medgui, sentence
from tests.helpers.visits import Visited, run_visit
from tests.readers.build import bundle, patient, save

FAMILY, GIVEN, NUMBER, BORN = "Qxzwvfamily", "Jkqgiven", "MRN-98127364", "1961-07-19"
MARKS = re.compile(f"{FAMILY}|{GIVEN}|{NUMBER}|{BORN}|19 Jul 1961", re.IGNORECASE)


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration patient under a name that stands nowhere else; the file is named after her."""
    text = (resources_dir() / "demo" / "marlow_helen.json").read_text(encoding="utf-8")
    for old, new in (("Marlow", FAMILY), ("Helen", GIVEN), ("4471-0928", NUMBER), ("1976-03-14", BORN)):
        assert old in text
        text = text.replace(old, new)
    path = tmp_path_factory.mktemp("files") / f"{FAMILY}.json"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def visited(marked: Path, tmp_path_factory: pytest.TempPathFactory) -> Visited:
    return run_visit(marked, tmp_path_factory.mktemp("visit"))


def files(*folders: Path) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in folder.rglob("*") if path.is_file())


def test_a_visit_with_a_fault_leaves_the_name_in_no_file_of_settings_notes_or_caches(
    visited: Visited,
) -> None:
    left = list(files(visited.home, visited.temporary))
    assert any("faults" in path.parts for path in left)
    assert any(path.name == "settings.json" for path in left)
    for path in left:
        assert not MARKS.search(str(path))
        assert not MARKS.search(path.read_bytes().decode("utf-8", "replace"))


def test_output_streams_and_window_titles_of_a_visit_name_nobody(visited: Visited) -> None:
    assert not MARKS.search(visited.err)
    assert not MARKS.search(visited.out)
    assert len(visited.told["titles"]) > 2


def test_beside_the_report_nothing_is_left_and_its_metadata_names_nobody(visited: Visited) -> None:
    assert list(files(visited.report.parent)) == [visited.report]
    import pypdfium2

    document = pypdfium2.PdfDocument(visited.report)
    assert FAMILY.upper() in document[0].get_textpage().get_text_bounded().upper()
    assert not MARKS.search(str(document.get_metadata_dict()))
    document.close()


@pytest.mark.parametrize("command", ["read", "assess", "report"])
def test_a_fault_on_the_command_line_is_said_without_the_patient(
    command: str, marked: Path, tmp_path: Path
) -> None:
    """An old file on a new fault: whatever the exception holds, only its kind is said."""
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\n"
        "def broken(*a, **k):\n"
        "    raise LookupError(sys.argv)\n"
        "from medgui.readers import fhir\n"
        "import medgui.readers\n"
        "medgui.readers.raise_questions = broken\n"
    )
    import os

    from tests.helpers.command_line import ROOT

    options = ["-o", "out.pdf"] if command == "report" else []
    path = os.pathsep.join([str(tmp_path), str(ROOT)])
    done = medgui(command, marked, *options, folder=tmp_path, PYTHONPATH=path)
    said = _one_line(done)
    assert "LookupError" in said
    assert not MARKS.search(said)
    assert done.out == ""


def _one_line(done: Done) -> str:
    assert done.code == 5, done
    assert len(done.err.splitlines()) == 1
    assert "Traceback" not in done.err
    return done.err


def test_a_refusal_names_the_file_and_no_folder_or_person(tmp_path: Path) -> None:
    who = patient(name=[{"family": FAMILY, "given": [GIVEN]}], birthDate=BORN)
    folder = tmp_path / "records of the day"
    folder.mkdir()
    path = save(folder, bundle(who, {"resourceType": "MedicationOrder", "status": "active"}))
    said = sentence(medgui("read", path, folder=tmp_path), 3)
    assert not MARKS.search(said)
    assert "records of the day" not in said


def test_a_run_of_each_command_leaves_no_temporary_file(marked: Path, tmp_path: Path) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    for arguments in (["read", marked], ["assess", marked, "--json"], ["report", marked, "-o", "out.pdf"]):
        done = medgui(*arguments, folder=tmp_path, TMPDIR=str(temporary), HOME=str(temporary))
        assert (done.code, done.err) == (0, "")
    assert list(files(temporary, tmp_path / "home")) == []
