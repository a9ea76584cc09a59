"""Several files and folders in the window: opened, chosen from, refused, asked about, listed in the banner."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from medgui import i18n
from medgui.readers import open_record
from medgui.record.model import Record
from medgui.ui.files_panel import FilesPanel
from medgui.ui.shapes import Mark
from medgui.ui.window import MainWindow
from medgui.ui.words import say
from tests.readers.build import bundle, observation, patient
from tests.ui.conftest import Fake

NUMBER = [{"system": "urn:oid:1.2.3", "value": "4471-0928"}]
WEIGHT, HEIGHT = ("29463-7", 70, "kg"), ("8302-2", 170, "cm")


@pytest.fixture(autouse=True)
def _real_reader(fake: Fake) -> None:
    def read(path: Path | list[Path], **options: Any) -> Record:
        return open_record(path, **{**options, "as_of": options.get("as_of") or None})

    fake.record = read


@pytest.fixture
def put(tmp_path: Path) -> Callable[..., Path]:
    """Write a bundle of one value of a person."""

    def write(file: str, value: tuple[str, float, str], /, **person: Any) -> Path:
        path = tmp_path / file
        path.parent.mkdir(exist_ok=True)
        who = patient(identifier=NUMBER, **person)
        path.write_text(json.dumps(bundle(who, observation(*value))), encoding="utf-8")
        return path

    return write


def drop(window: MainWindow, *paths: Path) -> None:
    """Let files go over the window, as the system does."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(600, 400), action, data, button, none))


def opened(qtbot: QtBot, window: MainWindow, files: int) -> Record:
    def is_there() -> bool:
        record = window.shell.visit.record
        return record is not None and len(record.parts) == files and window.shell.visit.assessment is not None

    qtbot.waitUntil(is_there, timeout=10_000)
    assert window.shell.visit.record is not None
    return window.shell.visit.record


def click(qtbot: QtBot, button: Any) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_files_that_are_dropped_together_become_one_record(
    qtbot: QtBot, window: MainWindow, put: Callable[..., Path]
) -> None:
    drop(window, put("a.json", WEIGHT), put("b.json", HEIGHT))
    record = opened(qtbot, window, 2)
    assert {o.variable for o in record.observations} == {"weight", "height"}
    qtbot.waitUntil(window.banner.files_button.isVisible)
    assert window.banner.files_button.text() == "2 files"
    assert window.banner.files_button.toolTip() == "a.json\nb.json"
    assert not window.banner.file.isVisible()


def test_a_dropped_folder_is_read(qtbot: QtBot, window: MainWindow, put: Callable[..., Path]) -> None:
    drop(window, put("visit/a.json", WEIGHT).parent)
    assert opened(qtbot, window, 1).parts[0].name == "a.json"
    assert window.banner.file.isVisible()


def test_the_banner_lists_the_files_on_a_click_and_esc_closes_the_list(
    qtbot: QtBot, window: MainWindow, put: Callable[..., Path]
) -> None:
    drop(window, put("a.json", WEIGHT), put("b.json", HEIGHT))
    opened(qtbot, window, 2)
    click(qtbot, window.banner.files_button)
    (panel,) = window.findChildren(FilesPanel)
    names = [child.text() for child in panel.findChildren(type(window.banner.file))]
    assert names == ["a.json", "b.json"]
    assert window.rect().contains(panel.geometry())
    qtbot.keyClick(panel, Qt.Key.Key_Escape)
    assert not panel.isVisible()
    click(qtbot, window.banner.files_button)
    click(qtbot, window.banner.close_button)
    assert not any(panel.isVisible() for panel in window.findChildren(FilesPanel))


def test_files_of_two_people_are_refused_with_both_dates_and_one_person_may_be_opened(
    qtbot: QtBot, window: MainWindow, put: Callable[..., Path]
) -> None:
    drop(window, put("a.json", WEIGHT), put("b.json", HEIGHT, birthDate="1971-05-17"))
    qtbot.waitUntil(lambda: window.stack.currentWidget() is window.chooser)
    chooser = window.chooser
    assert window.shell.visit.record is None
    said = chooser.said.text().replace("\u00a0", " ")
    assert all(words in said for words in ("a.json", "b.json", "17 May 1970", "17 May 1971"))
    assert "Different people" in chooser.head.title.text()
    assert not chooser.open_button.isEnabled()
    table = chooser.table
    place = table.visualRect(table.model().index(1, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    click(qtbot, chooser.open_button)
    record = opened(qtbot, window, 1)
    assert [o.variable for o in record.observations] == ["height"]
    assert any(note.location == "a.json" for note in record.unread)


def test_leaving_the_refusal_leaves_no_word_of_the_people(
    qtbot: QtBot, window: MainWindow, put: Callable[..., Path]
) -> None:
    drop(window, put("a.json", WEIGHT), put("b.json", HEIGHT, birthDate="1971-05-17"))
    qtbot.waitUntil(lambda: window.stack.currentWidget() is window.chooser)
    window.chooser.leave()
    assert window.chooser.said.text() == ""
    assert window.chooser.table.model().rowCount() == 0
    assert window.current is not None


def test_a_folder_of_several_people_asks_which(
    qtbot: QtBot, window: MainWindow, put: Callable[..., Path]
) -> None:
    folder = put("ward/a.json", WEIGHT).parent
    put("ward/b.json", HEIGHT, birthDate="1971-05-17")
    window.open_path(folder)
    qtbot.waitUntil(lambda: window.stack.currentWidget() is window.chooser)
    assert window.chooser.head.title.text() == "Which patient?"
    window.chooser.table.setFocus()
    window.chooser.table.selectRow(0)
    qtbot.keyClick(window.chooser.table, Qt.Key.Key_Return)
    assert len(opened(qtbot, window, 1).observations) == 1


def ask(qtbot: QtBot, window: MainWindow, put: Callable[..., Path]) -> Any:
    """Open two files with another family name and return the card of the question."""
    reed = [{"family": "Reed", "given": ["Zoë"]}]
    drop(window, put("a.json", WEIGHT), put("b.json", HEIGHT, name=reed))
    opened(qtbot, window, 2)
    window.go("record", "question")
    qtbot.waitUntil(lambda: window.current.questions.card is not None)  # type: ignore[union-attr]
    return window.current.questions.card  # type: ignore[union-attr]


def heights(window: MainWindow) -> list[bool]:
    record = window.shell.visit.record
    assert record is not None
    return [o.usable for o in record.observations if o.variable == "height"]


def test_a_changed_name_is_asked_and_the_answer_takes_the_file_in_and_can_be_undone(
    qtbot: QtBot, window: MainWindow, put: Callable[..., Path]
) -> None:
    card = ask(qtbot, window, put)
    assert heights(window) == [False]
    assert len(card.buttons) == 2
    click(qtbot, card.buttons[0])
    qtbot.waitUntil(lambda: heights(window) == [True])
    qtbot.waitUntil(lambda: not window.shell.visit.busy)
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: heights(window) == [False])


def test_another_person_as_an_answer_leaves_the_file_out_and_a_change_of_language_keeps_that(
    qtbot: QtBot, window: MainWindow, put: Callable[..., Path]
) -> None:
    card = ask(qtbot, window, put)
    click(qtbot, card.buttons[1])
    qtbot.waitUntil(lambda: heights(window) == [])
    generation = window.shell.visit.record.generation  # type: ignore[union-attr]
    window.switch_language()
    qtbot.waitUntil(lambda: window.shell.visit.record.generation > generation)  # type: ignore[union-attr]
    assert heights(window) == []
    assert window.banner.files_button.text() == "2 个文件"
    window.switch_language()
    assert i18n.language() == "en"


def test_files_that_changed_since_take_no_answer(
    qtbot: QtBot, window: MainWindow, put: Callable[..., Path]
) -> None:
    card = ask(qtbot, window, put)
    put("b.json", ("8302-2", 190, "cm"))
    click(qtbot, card.buttons[0])
    qtbot.waitUntil(lambda: bool(window.shell.messages.shown))
    assert window.shell.messages.shown[0].mark is Mark.CAUTION
    assert "changed" in say(window.shell.messages.shown[0].words)
    assert heights(window) == [False]


def test_the_dialogs_take_several_files_and_a_folder(
    qtbot: QtBot, window: MainWindow, put: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [put("a.json", WEIGHT), put("b.json", HEIGHT)]
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path) for path in paths], ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(paths[0].parent))
    start = window.page("start")
    click(qtbot, start.drop.open_button)  # type: ignore[attr-defined]
    assert len(opened(qtbot, window, 2).parts) == 2
    window.shell.visit.close()
    click(qtbot, start.drop.folder_button)  # type: ignore[attr-defined]
    assert len(opened(qtbot, window, 2).parts) == 2
    window.shell.visit.close()
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(window, Qt.Key.Key_O, keys)
    assert len(opened(qtbot, window, 2).parts) == 2
