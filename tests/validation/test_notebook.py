"""The notebook of outcomes: nothing but what the doctor keeps, no name in it, never half a line."""

import csv
import errno
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from medgui.errors import DamagedData, OutputNotWritable, UserError
from medgui.record.model import Identifier, Patient
from medgui.validation import notebook as module
from medgui.validation.notebook import Entry, Notebook, Prediction, later, problem_with
from medgui.validation.seen import seen, sentences

PATIENT = Patient(
    "1", "Testperson", "Ann", "1960-05-04", "female", identifiers=(Identifier("urn:mrn", "77-1", "MR"),)
)
RISK = Prediction("m", "1.0.0", "ab", "death_10y", 0.2, "2015-03-01")
NOW = Prediction("m", "1.0.0", "ab", "cad", 0.2, "2026-03-01")
POSIX = pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")


@pytest.fixture
def book(tmp_path: Path) -> Notebook:
    return Notebook(tmp_path / "data")


def test_nothing_is_written_by_looking(book: Notebook) -> None:
    assert book.entries() == ()
    assert book.of(PATIENT) == ()
    assert not book.folder.exists()


def test_what_is_kept_comes_back_with_its_outcome(book: Notebook) -> None:
    entry = book.remember(PATIENT, NOW, "2026-03-01")
    book.settle(entry, "yes", "2026-04-01", "2026-05-01")
    (found,) = Notebook(book.folder).entries()
    assert found.prediction == NOW
    assert (found.outcome, found.day) == ("yes", "2026-04-01")
    book.settle(entry, "no", "2026-04-02", "2026-05-01")
    assert book.entries()[0].outcome == "no"


def test_a_prediction_is_kept_once(book: Notebook) -> None:
    first = book.remember(PATIENT, NOW, "2026-03-01")
    assert book.remember(PATIENT, replace(NOW, probability=0.3), "2026-03-02").id == first.id
    assert book.remember(PATIENT, replace(NOW, as_of="2026-03-02"), "2026-03-02").id != first.id
    assert len(book.entries()) == 2


def test_the_files_hold_nothing_that_tells_who_it_is(book: Notebook) -> None:
    book.remember(PATIENT, NOW, "2026-03-01")
    whole = b"".join(path.read_bytes() for path in book.folder.iterdir())
    for text in ("Testperson", "testperson", "Ann", "1960", "77-1", "mrn"):
        assert text.encode() not in whole


@POSIX
def test_only_the_owner_can_read_notebook_and_key(book: Notebook) -> None:
    book.remember(PATIENT, NOW, "2026-03-01")
    for name in (module.FILE, module.KEY):
        assert (book.folder / name).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (replace(PATIENT, family="TESTPERSON ", id="9"), True),
        (replace(PATIENT, identifiers=()), True),
        (replace(PATIENT, identifiers=(Identifier("urn:mrn", "77-2", "MR"),)), False),
        (replace(PATIENT, birth_date="1960-05-05"), False),
        (replace(PATIENT, given="Anne"), False),
        (replace(PATIENT, birth_date="1960"), False),
    ],
)
def test_the_same_patient_is_known_again_and_no_other(book: Notebook, other: Patient, same: bool) -> None:
    book.remember(PATIENT, NOW, "2026-03-01")
    assert bool(book.of(other)) is same


@pytest.mark.parametrize(
    ("patient", "prediction", "said"),
    [
        (replace(PATIENT, is_test=True), NOW, "demo or test patient"),
        (replace(PATIENT, birth_date="1960"), NOW, "lacks the name or the birth date"),
        (replace(PATIENT, family="", given=""), NOW, "lacks the name or the birth date"),
        (PATIENT, replace(NOW, probability=1.0), "between 0 and 1"),
    ],
)
def test_what_cannot_be_held_against_an_outcome_is_not_kept(
    book: Notebook, patient: Patient, prediction: Prediction, said: str
) -> None:
    with pytest.raises(UserError, match=said):
        book.remember(patient, prediction, "2026-03-01")
    assert book.entries() == ()


@pytest.mark.parametrize(
    ("prediction", "outcome", "day", "said"),
    [
        (NOW, "yes", "2026-02-01", "before the prediction"),
        (NOW, "yes", "2026-12-01", "in the future"),
        (NOW, "yes", "1.4.2026", "Give the date as"),
        (RISK, "no", "2020-01-01", "can be said from"),
        (RISK, "yes", "2025-06-01", "after the 10 years"),
        (RISK, "yes", "2020-01-01", ""),
        (RISK, "no", "2025-03-01", ""),
        (RISK, "unknown", "", ""),
    ],
)
def test_an_outcome_has_to_fit_the_time_of_the_prediction(
    prediction: Prediction, outcome: module.Outcome, day: str, said: str
) -> None:
    problem = problem_with(Entry("1", ("x",), prediction, "2026-03-01"), outcome, day, "2026-11-22")
    assert said in problem
    assert bool(problem) is bool(said)


def test_ten_years_after_the_29th_of_february_is_the_first_of_march() -> None:
    assert later("2016-02-29", 10) == "2026-03-01"
    assert later("2016-02-29", 4) == "2020-02-29"


def test_what_is_forgotten_is_gone_from_the_file(book: Notebook) -> None:
    entry = book.remember(PATIENT, NOW, "2026-03-01")
    other = book.remember(PATIENT, RISK, "2026-03-01")
    book.settle(entry, "yes", "2026-04-01", "2026-05-01")
    book.forget(entry)
    assert [e.id for e in book.entries()] == [other.id]
    assert entry.id not in book.path.read_text()


def test_a_line_that_was_cut_off_costs_that_line_alone(book: Notebook) -> None:
    book.remember(PATIENT, NOW, "2026-03-01")
    with book.path.open("a") as stream:
        stream.write('{"v": 1, "kind": "remem')
    book.remember(PATIENT, RISK, "2026-03-01")
    assert len(book.entries()) == 2
    assert book.damaged == 1


@pytest.mark.parametrize(
    "line", ["[]", "{}", '{"v": 1}', '{"v": 1, "kind": "outcome", "id": "x"}', "\x00\xff", "[" * 9000]
)
def test_no_damaged_line_breaks_the_notebook(book: Notebook, line: str) -> None:
    book.remember(PATIENT, NOW, "2026-03-01")
    with book.path.open("a", encoding="utf-8", errors="replace") as stream:
        stream.write(line + "\n")
    assert len(book.entries()) == 1
    assert book.damaged == 1


def test_a_notebook_of_a_newer_version_is_refused(book: Notebook) -> None:
    book.remember(PATIENT, NOW, "2026-03-01")
    line = json.loads(book.path.read_text().splitlines()[0])
    book.path.write_text(json.dumps({**line, "v": 2}) + "\n")
    with pytest.raises(DamagedData, match="newer version"):
        book.entries()


def test_a_full_disk_leaves_the_notebook_as_it_was(book: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    book.remember(PATIENT, NOW, "2026-03-01")
    before = book.path.read_bytes()
    write = os.write

    def full(handle: int, data: bytes) -> int:
        write(handle, data[: len(data) // 2])
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OutputNotWritable, match="the disk is full"):
        book.remember(PATIENT, RISK, "2026-03-01")
    assert book.path.read_bytes() == before


def test_two_programs_writing_at_once_lose_nothing(book: Notebook) -> None:
    book.remember(PATIENT, NOW, "2026-03-01")
    script = (
        "import sys; from pathlib import Path\n"
        "from tests.validation.test_notebook import PATIENT, NOW\n"
        "from medgui.validation.notebook import Notebook; from dataclasses import replace\n"
        "book = Notebook(Path(sys.argv[1]))\n"
        "for n in range(20): book.remember(PATIENT, replace(NOW, output=f'{sys.argv[2]}{n}'), '2026-03-01')\n"
    )
    command = [sys.executable, "-c", script, str(book.folder)]
    running = [subprocess.Popen([*command, name], cwd=Path(__file__).parents[2]) for name in ("a", "b")]
    assert [process.wait(60) for process in running] == [0, 0]
    assert len(book.entries()) == 41
    assert book.damaged == 0


def test_the_export_is_a_plain_table_without_the_patient(book: Notebook, tmp_path: Path) -> None:
    entry = book.remember(PATIENT, NOW, "2026-03-01")
    book.settle(entry, "no", "2026-04-01", "2026-05-01")
    assert book.export_csv(tmp_path / "out.csv") == 1
    (row,) = csv.DictReader((tmp_path / "out.csv").read_text().splitlines())
    assert row == {
        "model": "m",
        "version": "1.0.0",
        "output": "cad",
        "probability": "0.2",
        "as_of": "2026-03-01",
        "outcome": "no",
        "outcome_day": "2026-04-01",
    }


# What it says of calibration


def entries(yes: int, no: int, p: float = 0.2, prediction: Prediction = NOW) -> list[Entry]:
    plain = replace(prediction, probability=p)
    return [
        Entry(str(n), ("x",), plain, "2026-03-01", "yes" if n < yes else "no", "2026-04-01")
        for n in range(yes + no)
    ]


def test_early_events_do_not_count_before_everybody_could_be_known() -> None:
    young = replace(RISK, as_of="2024-01-01")
    early = entries(30, 0, prediction=young)
    found = seen(early, "m", "ab", "death_10y", "2026-11-22")
    assert (found.n, found.waiting, found.level) == (0, 30, "none")


@pytest.mark.parametrize(
    ("yes", "no", "level", "words"),
    [
        (5, 60, "few", "too few to compare"),
        (40, 80, "uncertain", "too low beyond chance"),
        (150, 600, "enough", "750 outcomes known"),
    ],
)
def test_small_numbers_are_said_in_words(yes: int, no: int, level: str, words: str) -> None:
    found = seen(entries(yes, no), "m", "ab", "cad", "2026-11-22")
    assert found.level == level
    assert words in " ".join(sentences(found))


def test_outcomes_of_another_file_or_output_are_not_mixed_in() -> None:
    mixed = [*entries(20, 20), *entries(20, 20, prediction=replace(NOW, sha256="cd"))]
    assert seen(mixed, "m", "ab", "cad", "2026-11-22").n == 40


def test_predictions_without_an_outcome_are_told() -> None:
    open_ones = [replace(e, outcome="", day="") for e in entries(3, 4)]
    said = " ".join(sentences(seen([*entries(20, 30), *open_ones], "m", "ab", "cad", "2026-11-22")))
    assert "Of 7 more" in said
