"""The About page by real clicks: reached, searched, read, copied; in a checkout and in a packaged program."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from medgui import about, installed
from medgui.ui.help import HelpPanel
from medgui.ui.pages.about import AboutPage
from medgui.ui.pages.settings import SettingsPage
from medgui.ui.window import MainWindow
from tests.ui.conftest import Fake

LEFT = Qt.MouseButton.LeftButton


def row(name: str, **more: object) -> dict[str, object]:
    empty = dict.fromkeys(("version", "within", "licence", "licence_words", "home", "source", "note"), "")
    return {**empty, "kind": "library", "files": [f"{name}/LICENSE.txt"], "name": name, **more}


@pytest.fixture
def packaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder `about` as a packaged program carries it."""
    rows = [
        row("alpha", version="1.2", licence="MIT"),
        row("beta", licence="LGPL-2.1-or-later", within="alpha", note="Linked dynamically."),
        row("escaped", files=["../../secret.txt"]),
    ]
    for name in ("alpha", "beta"):
        (tmp_path / "licences" / name).mkdir(parents=True)
        (tmp_path / "licences" / name / "LICENSE.txt").write_text(f"Terms of {name}.", encoding="utf-8")
    (tmp_path / "licences" / "index.json").write_text(json.dumps({"schema": about.SCHEMA, "parts": rows}))
    (tmp_path / "sbom.cdx.json").write_text("{}")
    for module in (about, installed):
        monkeypatch.setattr(module, "about_dir", lambda: tmp_path)
    return tmp_path


def page_of(qtbot: QtBot, window: MainWindow) -> AboutPage:
    window.go("about")
    page = window.current
    assert isinstance(page, AboutPage)
    qtbot.waitUntil(lambda: page.parts.table.rows.rowCount() > 0)
    return page


def names(page: AboutPage) -> list[str]:
    rows = page.parts.table.rows
    return [str(rows.index(number, 0).data()) for number in range(rows.rowCount())]


def test_every_part_is_listed_and_its_licence_is_read_when_it_is_chosen(
    qtbot: QtBot, window: MainWindow, packaged: Path
) -> None:
    page = page_of(qtbot, window)
    assert names(page) == ["alpha", "beta alpha", "escaped"]
    qtbot.waitUntil(lambda: page.parts.text.toPlainText() == "Terms of alpha.\n")
    (packaged / "licences" / "beta" / "LICENSE.txt").write_text("Read late.")
    page.parts.table.selectRow(1)
    qtbot.waitUntil(lambda: page.parts.text.toPlainText() == "Read late.\n")
    assert "Contained in alpha." in page.parts.about.text()
    assert "Linked dynamically." in page.parts.about.text()
    assert str(packaged / "sbom.cdx.json") in page.where.text()


def test_typing_finds_parts_by_name_and_by_licence(qtbot: QtBot, window: MainWindow, packaged: Path) -> None:
    page = page_of(qtbot, window)
    qtbot.keyClicks(page.parts.search, "lgpl")
    assert names(page) == ["beta alpha"]
    page.parts.search.clear()
    qtbot.keyClicks(page.parts.search, "nothing like it")
    assert names(page) == []
    assert page.parts.count.text() == "No part has this name or licence."
    assert page.parts.text.toPlainText() == ""


def test_a_list_that_names_a_file_elsewhere_shows_no_text_of_it(packaged: Path) -> None:
    (packaged.parent / "secret.txt").write_text("secret")
    escaped = about.read_parts().parts[2]
    assert about.licence_text(escaped) == ""


def test_a_checkout_says_that_the_full_list_is_in_the_packaged_program(
    qtbot: QtBot, window: MainWindow
) -> None:
    page = page_of(qtbot, window)
    assert "packaged program only" in page.where.text()
    assert any(name.startswith("numpy") for name in names(page))
    assert ("Build", "source checkout, development build") in page.lines()


def test_a_damaged_list_is_told_and_nothing_stops(qtbot: QtBot, window: MainWindow, packaged: Path) -> None:
    (packaged / "licences" / "index.json").write_text('{"schema": "medgui.licences/1", "parts": [{}]}')
    page = page_of(qtbot, window)
    assert page.caution.isVisible()
    assert "cannot be read" in page.caution.text()


def test_the_copy_for_a_support_call_holds_nothing_of_the_patient(
    qtbot: QtBot, window: MainWindow, fake: Fake
) -> None:
    window.open_path(Path("visit-of-somebody.json"))
    qtbot.waitUntil(lambda: window.shell.visit.record is not None, timeout=20_000)
    page = page_of(qtbot, window)
    qtbot.mouseClick(page.copy_button, LEFT)
    copied = QGuiApplication.clipboard().text()
    assert "Version: " in copied
    record = window.shell.visit.record
    assert record is not None
    patient = record.patient
    for secret in (patient.id, patient.family, patient.birth_date, "visit-of-somebody"):
        assert not secret or secret not in copied


def test_settings_palette_and_help_lead_to_the_page(qtbot: QtBot, window: MainWindow) -> None:
    window.go("settings")
    settings = window.current
    assert isinstance(settings, SettingsPage)
    qtbot.mouseClick(settings.about_button, LEFT)
    assert isinstance(window.current, AboutPage)
    assert "about" in [command.id for command in window.shell.commands.listed()]
    window.go("start")
    window.shell.commands.trigger("help")
    panel = window.findChild(HelpPanel)
    assert panel is not None
    qtbot.mouseClick(panel.about_button, LEFT)
    assert isinstance(window.current, AboutPage)
    assert not window.findChildren(HelpPanel) or not panel.isVisible()


def test_the_page_speaks_chinese_at_once(qtbot: QtBot, window: MainWindow, packaged: Path) -> None:
    page = page_of(qtbot, window)
    window.speak("zh")
    assert page.head.title.text() == "关于 medgui"
    assert page.parts.count.text() == "共 3 个部分"
    window.speak("en")
