"""Exporting from the Record page by real clicks."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from medgui import i18n
from medgui.ui.pages.record.exporting import ExportPanel
from medgui.ui.pages.record.page import RecordPage
from medgui.ui.window import MainWindow

OpenDemo = Callable[[str], MainWindow]
LEFT = Qt.MouseButton.LeftButton


def panel_of(window: MainWindow, qtbot: QtBot) -> ExportPanel:
    window.shell.go("record")
    page = window.findChild(RecordPage)
    assert page is not None
    qtbot.waitUntil(page.isVisible)
    qtbot.mouseClick(page.export_button, LEFT)
    panel = page.findChild(ExportPanel)
    assert panel is not None
    return panel


def save(panel: ExportPanel, path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    qtbot.mouseClick(panel.save_button, LEFT)


def told(window: MainWindow) -> list[str]:
    return [m.words() if callable(m.words) else m.words for m in window.shell.messages.shown]


def test_the_record_is_saved_as_fhir_and_the_message_names_the_file(
    open_demo: OpenDemo, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_demo("marlow_helen")
    path = tmp_path / "out.json"
    save(panel_of(window, qtbot), path, qtbot, monkeypatch)
    qtbot.waitUntil(lambda: any("out.json" in text for text in told(window)))
    assert "Marlow" in path.read_text(encoding="utf-8")
    assert json.loads(path.read_text(encoding="utf-8"))["resourceType"] == "Bundle"
    page = window.findChild(RecordPage)
    assert page is not None
    qtbot.waitUntil(lambda: page._form.count() == 0)


def test_csv_without_identity_is_chosen_by_two_clicks_and_names_nobody(
    open_demo: OpenDemo, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_demo("marlow_helen")
    panel = panel_of(window, qtbot)
    assert "names the patient" in panel.explained.text()
    qtbot.mouseClick(panel.form.button("csv"), LEFT)
    qtbot.mouseClick(panel.without_identity, LEFT)
    assert "Left out: names" in panel.explained.text()
    assert panel.proposal() == "medgui-record-deidentified.csv"
    path = tmp_path / "out.csv"
    save(panel, path, qtbot, monkeypatch)
    qtbot.waitUntil(path.exists)
    text = path.read_text(encoding="utf-8-sig")
    assert text.startswith("patient id,birth date,sex,kind")
    assert "marlow" not in text.lower()


def test_a_folder_that_cannot_be_written_is_said_and_the_panel_stays(
    open_demo: OpenDemo, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_demo("marlow_helen")
    panel = panel_of(window, qtbot)
    save(panel, tmp_path / "nowhere" / "out.json", qtbot, monkeypatch)
    qtbot.waitUntil(lambda: any("cannot be written" in text for text in told(window)))
    assert panel.save_button.isEnabled()


def test_open_questions_are_counted_before_anything_is_written(open_demo: OpenDemo, qtbot: QtBot) -> None:
    panel = panel_of(open_demo("bauer_anna"), qtbot)
    assert "1 question is open" in panel.explained.text()


def test_the_panel_speaks_chinese_at_once_and_escape_closes_it(open_demo: OpenDemo, qtbot: QtBot) -> None:
    window = open_demo("marlow_helen")
    panel = panel_of(window, qtbot)
    page = window.findChild(RecordPage)
    assert page is not None
    i18n.set_language("zh")
    panel.retranslate()
    assert panel.without_identity.text() == "去除可识别患者身份的内容"
    qtbot.keyClick(panel.form.button("fhir"), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: page._form.count() == 0)


def test_the_palette_and_the_key_lead_to_the_panel(open_demo: OpenDemo, qtbot: QtBot) -> None:
    window = open_demo("marlow_helen")
    window.shell.go("record")
    page = window.findChild(RecordPage)
    assert page is not None
    assert "record.export" in [command.id for command in page.page_commands()]
    qtbot.waitUntil(page.isVisible)
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.findChild(ExportPanel) is not None)
