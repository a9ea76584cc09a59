"""The clinic's entries in the window by real clicks: listed, removed, exported, imported, and the row in Settings."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from medgui.code_map_file import CodeMapFile
from medgui.readers import open_record
from medgui.record.code_map import MapEntry
from medgui.record.model import Record
from medgui.ui.messages import _Line
from medgui.ui.pages.codes import CodesPage
from medgui.ui.pages.settings import SettingsPage
from medgui.ui.widgets.button import Button
from medgui.ui.window import MainWindow
from medgui.ui.words import say
from tests.readers.hl7_build import message, obr, obx, save
from tests.ui.conftest import Fake

LEFT = Qt.MouseButton.LeftButton
LAB = "urn:local:WinPath"
CREA = MapEntry(LAB, "tt-3", "Creatinine", "creatinine", "", "", "2026-11-03T08:00:00+01:00")
K = MapEntry(LAB, "tt-4", "Potassium", "potassium")
NA = MapEntry(LAB, "tt-5", "Sodium", "sodium")


@pytest.fixture(autouse=True)
def _real_reader(fake: Fake) -> None:
    def read(path: Path | list[Path], **options: Any) -> Record:
        day = options.get("as_of") or "2026-11-10"
        return open_record(path, **{**options, "as_of": day}, code_map=CodeMapFile.load().code_map)

    fake.record = read


def click(qtbot: QtBot, button: Any) -> None:
    qtbot.waitUntil(lambda: button.isVisible() and button.isEnabled())
    qtbot.mouseClick(button, LEFT)


def settings_page(window: MainWindow) -> SettingsPage:
    window.go("settings")
    page = window.current
    assert isinstance(page, SettingsPage)
    return page


def entries_page(qtbot: QtBot, window: MainWindow) -> CodesPage:
    """The list of entries, reached from the Settings page."""
    click(qtbot, settings_page(window).codes.edit_button)
    page = window.current
    assert isinstance(page, CodesPage)
    known = len(CodeMapFile.load().code_map.entries)
    qtbot.waitUntil(lambda: page.entries.count == known)
    return page


def choose(qtbot: QtBot, table: Any, row: int) -> None:
    place = table.visualRect(table.model().index(row, 0)).center()
    qtbot.mouseClick(table.viewport(), LEFT, pos=place)


def column(table: Any, number: int) -> list[str]:
    return [table.rows.index(row, number).data() for row in range(table.rows.rowCount())]


def stored() -> dict[str, str]:
    return {entry.code: entry.variable for entry in CodeMapFile.load().code_map.entries}


def told(window: MainWindow) -> list[str]:
    return [say(message.words) for message in window.shell.messages.shown]


def exported(path: Path, *entries: MapEntry) -> Path:
    """A map that another clinic exported."""
    CodeMapFile(path).put(*entries)
    return path


def test_the_settings_page_counts_the_entries_and_leads_to_them(qtbot: QtBot, window: MainWindow) -> None:
    CodeMapFile.load().put(CREA, K)
    row = settings_page(window).codes
    qtbot.waitUntil(lambda: row.count.text() == "2 entries")
    page = entries_page(qtbot, window)
    assert column(page.entries.table, 0) == ["Creatinine", "Potassium"]
    assert column(page.entries.table, 1) == ["tt-3 (WinPath)", "tt-4 (WinPath)"]
    assert column(page.entries.table, 3)[0].replace("\u00a0", " ") == "3 Nov 2026"
    assert page.head.summary.text() == "2 entries"
    click(qtbot, page.back_button)
    assert isinstance(window.current, SettingsPage)


def test_an_entry_is_found_by_name_code_or_meaning(qtbot: QtBot, window: MainWindow) -> None:
    CodeMapFile.load().put(CREA, K)
    entries = entries_page(qtbot, window).entries
    for text, found in (("TT-4", ["Potassium"]), ("creat", ["Creatinine"]), ("zzz", [])):
        entries.search.clear()
        qtbot.keyClicks(entries.search, text)
        assert column(entries.table, 0) == found
    assert entries.note.text() == "No entry has this name or code."


def test_an_entry_is_removed_and_put_back_from_the_message(qtbot: QtBot, window: MainWindow) -> None:
    CodeMapFile.load().put(CREA, K)
    page = entries_page(qtbot, window)
    assert not page.entries.remove_button.isEnabled()
    choose(qtbot, page.entries.table, 0)
    click(qtbot, page.entries.remove_button)
    qtbot.waitUntil(lambda: stored() == {"tt-4": "potassium"})
    qtbot.waitUntil(lambda: told(window) == ["Removed: Creatinine."])
    (line,) = page.findChildren(_Line)
    click(qtbot, line.findChild(Button))
    qtbot.waitUntil(lambda: stored() == {"tt-3": "creatinine", "tt-4": "potassium"})
    qtbot.waitUntil(lambda: page.entries.count == 2)


def test_removing_by_the_key_takes_the_values_out_of_the_open_record(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    CodeMapFile.load().put(CREA)
    window.open_path(save(tmp_path, message(obr(), obx("142", "tt-3^Creatinine^WinPath", unit="umol/L"))))
    qtbot.waitUntil(lambda: window.shell.visit.assessment is not None)
    page = entries_page(qtbot, window)
    choose(qtbot, page.entries.table, 0)
    qtbot.keyClick(page.entries.table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: told(window) == ["Removed: Creatinine. 1 value is not used any more."])
    record = window.shell.visit.record
    assert record is not None
    assert [found.variable for found in record.observations] == [""]


def test_the_map_is_exported_without_a_patient(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    CodeMapFile.load().put(CREA, K)
    path = tmp_path / "codes"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(path), ""))
    click(qtbot, settings_page(window).codes.export_button)
    written = tmp_path / "codes.json"
    qtbot.waitUntil(lambda: told(window) == ["Saved: codes.json"])
    assert set(CodeMapFile.load(written).code_map.entries) == {CREA, K}


def test_an_export_that_cannot_be_written_is_said(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    CodeMapFile.load().put(CREA)
    path = tmp_path / "nowhere" / "codes.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(path), ""))
    click(qtbot, settings_page(window).codes.export_button)
    qtbot.waitUntil(lambda: any("cannot be saved" in text for text in told(window)))


def test_an_import_asks_about_contradictions_before_anything_is_taken(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    CodeMapFile.load().put(CREA, K)
    path = exported(
        tmp_path / "other.json",
        MapEntry(LAB, "tt-3", "Creatinine", "urine_creatinine"),
        MapEntry(LAB, "tt-4", "Potassium", ""),
        NA,
    )
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(path), ""))
    click(qtbot, settings_page(window).codes.import_button)
    page = window.current
    assert isinstance(page, CodesPage)
    view = page.importing
    qtbot.waitUntil(view.table.isVisible)
    assert view.summary.text() == (
        "other.json brings 1 new entry. 2 codes mean something else here: say for each which meaning holds."
    )
    assert column(view.table, 3) == ["not decided", "not decided", "new"]
    assert view.keep.current == ""
    assert not page.take_button.isEnabled()
    click(qtbot, view.keep.button("theirs"))
    assert not page.take_button.isEnabled()
    choose(qtbot, view.table, 1)
    assert view.keep.current == ""
    click(qtbot, view.keep.button("ours"))
    assert column(view.table, 3) == ["take theirs", "keep ours", "new"]
    assert stored() == {"tt-3": "creatinine", "tt-4": "potassium"}
    click(qtbot, page.take_button)
    qtbot.waitUntil(lambda: stored() == {"tt-3": "urine_creatinine", "tt-4": "potassium", "tt-5": "sodium"})
    qtbot.waitUntil(lambda: told(window) == ["2 entries imported."])
    assert page.entries.isVisible()


def test_one_side_can_hold_everywhere_and_leaving_takes_nothing(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    CodeMapFile.load().put(CREA)
    page = entries_page(qtbot, window)
    page.look_into(exported(tmp_path / "other.json", MapEntry(LAB, "tt-3", "Creatinine", ""), NA))
    click(qtbot, page.importing.all_theirs)
    assert page.take_button.isEnabled()
    click(qtbot, page.importing.all_ours)
    assert page.importing.entries() == (NA,)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert page.entries.isVisible()
    assert stored() == {"tt-3": "creatinine"}


def test_an_import_that_brings_nothing_new_takes_nothing(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    CodeMapFile.load().put(CREA)
    page = entries_page(qtbot, window)
    page.look_into(exported(tmp_path / "same.json", CREA))
    qtbot.waitUntil(page.importing.isVisible)
    assert page.importing.summary.text() == "same.json brings 0 new entries. 1 is the same here."
    assert not page.take_button.isEnabled()


def test_a_file_that_is_no_map_is_refused_in_words(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    page = entries_page(qtbot, window)
    path = tmp_path / "visit.json"
    path.write_text("{}")
    page.look_into(path)
    qtbot.waitUntil(lambda: told(window) == ["visit.json is no map of codes."])
    assert page.entries.isVisible()


def test_a_damaged_map_is_said_on_the_settings_page(qtbot: QtBot, window: MainWindow) -> None:
    path = CodeMapFile().path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("not a map")
    row = settings_page(window).codes
    qtbot.waitUntil(row.note.isVisible)
    assert "was damaged and is kept as code_map.damaged-" in row.note.text()
    assert not row.export_button.isEnabled()


def test_the_palette_leads_to_the_entries_in_both_languages(qtbot: QtBot, window: MainWindow) -> None:
    for language, text in (("en", "codes of laboratories"), ("zh", "检验机构代码")):
        window.speak(language)
        window.go("start")
        window.palette_.open()
        window.palette_._search(text)
        qtbot.keyClick(window.palette_.edit, Qt.Key.Key_Return)
        assert isinstance(window.current, CodesPage)
    window.speak("en")
