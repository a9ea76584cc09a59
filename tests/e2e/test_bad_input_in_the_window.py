"""Bad files and bad disks in the real window: a sentence in the bar, and the patient on the screen stays."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from medgui.paths import resources_dir
from medgui.ui.shapes import Mark
from medgui.ui.visit import Opening
from medgui.ui.window import MainWindow
from medgui.ui.words import say
from tests.readers.build import bundle, condition, observation, patient, save

WAIT_MS = 60_000
DEMO = resources_dir() / "demo" / "marlow_helen.json"
WHOLE = bundle(patient(), observation(), condition("38341003", "Hypertension"))
Open = Callable[[Path], MainWindow]


@pytest.fixture
def shown(qtbot: QtBot, window: MainWindow) -> Open:
    """Open a file and wait for its findings."""

    def open_it(path: Path) -> MainWindow:
        window.open_path(path)
        visit = window.shell.visit
        qtbot.waitUntil(lambda: visit.assessment is not None and not visit.busy, timeout=WAIT_MS)
        return window

    return open_it


def told(qtbot: QtBot, window: MainWindow) -> str:
    """The newest message of the bar, which says that something is wrong."""
    messages = window.shell.messages
    qtbot.waitUntil(lambda: bool(messages.shown), timeout=WAIT_MS)
    assert messages.shown[0].mark is not Mark.INFO
    return say(messages.shown[0].words)


BAD: list[tuple[str, Callable[[Path], object], str]] = [
    ("truncated", lambda folder: save(folder, json.dumps(WHOLE)[:300]), "cut off"),
    ("empty", lambda folder: save(folder, ""), "empty"),
    ("deep", lambda folder: save(folder, '{"resourceType":"Patient","a":' * 9_000), "levels deep"),
    ("200 MB", lambda folder: os.truncate(save(folder, "x"), 200_000_000), "200 MB"),
    ("STU3", lambda folder: save(folder, bundle(patient(), observation(comment="x"))), "STU3"),
    ("no patient", lambda folder: save(folder, bundle(observation())), "no patient"),
    ("folder", lambda folder: (folder / "file.json").mkdir(), "no file that medgui reads"),
    ("absent", lambda folder: None, "no file"),
    ("circle", lambda folder: (folder / "file.json").symlink_to("file.json"), ""),
]


@pytest.mark.parametrize(("make", "word"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_a_bad_file_is_said_and_the_patient_on_the_screen_stays(
    make: Callable[[Path], object], word: str, shown: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    window = shown(DEMO)
    before = window.shell.visit.record
    make(tmp_path)
    window.open_path(tmp_path / "file.json")
    said = told(qtbot, window)
    assert word in said
    assert str(tmp_path) not in said
    assert window.shell.visit.record is before
    assert window.shell.visit.opening is None
    assert window.banner.name.text() == "MARLOW, Helen"


@pytest.mark.parametrize("content", ["a,b\n1\n", '"x,y\n1,2\n' * 30, "\0\0\0", "age;sex\n50;female\n" * 2])
def test_a_bad_table_is_said_or_asked_about(
    content: str, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = save(tmp_path, content, "file.csv")
    window.open_path(path)
    visit = window.shell.visit
    qtbot.waitUntil(lambda: visit.opening is None, timeout=WAIT_MS)
    asked = window.mapper is not None and window.stack.currentWidget() is window.mapper
    chosen = window.stack.currentWidget() is window.chooser
    assert window.shell.messages.shown or asked or chosen or visit.record is not None


@pytest.mark.parametrize("change", ["removed", "another person", "cut off"])
def test_a_file_that_goes_or_changes_leaves_the_patient_as_read_when_the_language_changes(
    change: str, shown: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "visit.json"
    path.write_bytes(DEMO.read_bytes())
    window = shown(path)
    visit = window.shell.visit
    digest = visit.record.sha256  # type: ignore[union-attr]
    if change == "removed":
        path.unlink()
    else:
        path.write_text(json.dumps(WHOLE) if change == "another person" else "{")
    generation = visit.record.generation  # type: ignore[union-attr]
    window.switch_language()
    qtbot.waitUntil(
        lambda: visit.record is not None and visit.record.generation > generation and not visit.busy,
        timeout=WAIT_MS,
    )
    qtbot.waitUntil(lambda: visit.assessment is not None, timeout=WAIT_MS)
    assert visit.record is not None
    assert (visit.record.sha256, visit.record.patient.family) == (digest, "Marlow")
    assert window.banner.name.text() == "MARLOW, Helen"


def test_a_file_of_several_patients_is_chosen_from_in_the_page(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    people = [patient(f"p{n}", name=[{"family": name}]) for n, name in enumerate(["Ash", "林", "مريم"])]
    window.open_path(save(tmp_path, bundle(*people)))
    qtbot.waitUntil(lambda: window.stack.currentWidget() is window.chooser, timeout=WAIT_MS)
    assert window.chooser.table.model().rowCount() == 3
    assert window.shell.visit.record is None


@pytest.mark.parametrize("family", ["Łukaszéwicz", "𠮷野", "مريم", "<img src=x>&amp;", "x" * 100_000])
def test_a_name_in_any_script_is_shown_as_it_is(
    family: str, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window.open_path(save(tmp_path, bundle(patient(name=[{"family": family, "given": ["Zoë"]}]))))
    qtbot.waitUntil(lambda: window.shell.visit.record is not None, timeout=WAIT_MS)
    for key in window.specs:
        window.go(key)
        qtbot.wait(1)
    assert window.size().width() == 1280
    assert window.banner.name.text().casefold().startswith(family[:150].casefold())


def test_a_full_disk_is_said_and_the_report_that_was_there_stays(
    shown: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = shown(DEMO)
    window.go("report")
    target = tmp_path / "report.pdf"
    target.write_bytes(b"old")

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("medgui.files.os.fsync", full)
    window.current.save_to(target)  # type: ignore[union-attr]
    assert "the disk is full" in told(qtbot, window)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


def test_settings_that_cannot_be_saved_are_said_and_hold_for_this_window(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: Any, **_options: Any) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("medgui.settings.write_atomic", refuse)
    window.go("settings")
    control = window.current.controls["theme"]  # type: ignore[union-attr]
    control.setCurrentIndex(control.findData("dark"))
    control.activated.emit(control.currentIndex())
    assert "read-only" in told(qtbot, window)
    assert window.shell.services.settings.theme == "dark"


def test_a_fault_of_our_own_is_noted_without_patient_text_and_the_window_goes_on(
    window: MainWindow, shown: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(*_arguments: Any, **_options: Any) -> None:
        raise ZeroDivisionError("Helen Marlow 4471-0928")

    with monkeypatch.context() as patched:
        patched.setattr("medgui.readers.open_record", broken)
        window.open_path(DEMO)
        said = told(qtbot, window)
    assert "Marlow" not in said
    home = Path(os.environ["MEDGUI_HOME"])
    notes = [path.read_text() for path in home.rglob("*.txt")]
    assert len(notes) == 1
    assert "ZeroDivisionError" in notes[0]
    assert "Marlow" not in notes[0]
    assert shown(DEMO).banner.name.text() == "MARLOW, Helen"


def test_opening_again_and_again_ends_with_the_last_file(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    names = [f"Person{n}" for n in range(6)]
    for n, name in enumerate(names):
        who = patient(f"p{n}", name=[{"family": name}])
        window.open_path(save(tmp_path, bundle(who), f"{n}.json"))
    visit = window.shell.visit
    qtbot.waitUntil(
        lambda: visit.record is not None and visit.record.patient.family == names[-1], timeout=WAIT_MS
    )
    qtbot.waitUntil(lambda: visit.assessment is not None and not visit.busy, timeout=WAIT_MS)
    assert window.banner.name.text().startswith("PERSON5")
    assert visit.assessment is not None
    assert visit.assessment.record_key == visit.record.key  # type: ignore[union-attr]


def test_a_window_that_is_closed_while_it_works_leaves_no_fault(
    window: MainWindow, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    window.shell.visit.open(Opening(DEMO))
    window.close()
    qtbot.wait(300)
    assert not window.isVisible()
    assert capsys.readouterr().err == ""
