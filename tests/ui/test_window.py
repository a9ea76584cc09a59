from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from medgui import i18n, replaced
from medgui.errors import DamagedData, SeveralPatients, UnreadableFile
from medgui.record.model import Record
from medgui.ui.pages import PAGES
from medgui.ui.shapes import Mark
from medgui.ui.shell import Width
from medgui.ui.window import MainWindow
from medgui.ui.words import say
from tests.helpers import findings
from tests.ui.conftest import Fake

Open = Callable[[], MainWindow]


def texts(widget: QWidget) -> str:
    """Every word that a part of the window shows or says."""
    words = [label.text() for label in widget.findChildren(QLabel)]
    words += [child.accessibleName() for child in widget.findChildren(QWidget)]
    return "\n".join(words)


def test_the_start_page_is_first_and_its_button_has_the_focus(window: MainWindow) -> None:
    assert window.current is window.page("start")
    assert QApplication.focusWidget() is window.page("start").drop.open_button  # type: ignore[attr-defined]


def test_only_built_pages_are_listed_and_their_keys_follow_the_list(qtbot: QtBot, window: MainWindow) -> None:
    listed = list(window.nav.items)
    assert listed == [spec.key for spec in PAGES if spec.listed and spec.key in window.specs]
    number = listed.index("settings") + 1
    qtbot.keyClick(window, Qt.Key(Qt.Key.Key_0 + number), Qt.KeyboardModifier.ControlModifier)
    assert window.current is window.page("settings")


def test_a_click_in_the_navigation_shows_the_page(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.mouseClick(window.nav.items["models"], Qt.MouseButton.LeftButton)
    assert window.current is window.page("models")


def test_arrows_move_through_the_navigation(qtbot: QtBot, window: MainWindow) -> None:
    window.go("models")
    window.nav.items["models"].setFocus()
    qtbot.keyClick(window.nav.items["models"], Qt.Key.Key_Down)
    assert window.current is window.page("workshop")
    assert window.nav.items["workshop"].hasFocus()


def test_an_opened_patient_is_named_in_the_banner_and_never_in_the_title(open_patient: Open) -> None:
    window = open_patient()
    patient = window.shell.visit.record.patient  # type: ignore[union-attr]
    assert window.banner.name.text() == f"{patient.family.upper()}, {patient.given}"
    for key in window.specs:
        window.go(key)
        for word in (patient.family, patient.given, "visit.json"):
            assert word.casefold() not in window.windowTitle().casefold()


def test_closing_the_patient_leaves_no_word_of_it(qtbot: QtBot, open_patient: Open) -> None:
    window = open_patient()
    patient = window.shell.visit.record.patient  # type: ignore[union-attr]
    for key in window.specs:
        window.go(key)
    window.shell.messages.tell(Mark.CAUTION, f"about {patient.family}")
    qtbot.keyClick(window, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    qtbot.wait(50)
    assert window.current is window.page("start")
    for key in window.specs:
        assert patient.family.casefold() not in texts(window.page(key)).casefold(), key
    assert patient.family.casefold() not in texts(window.banner).casefold()


def test_pages_are_empty_before_the_next_name_is_shown(qtbot: QtBot, fake: Fake, open_patient: Open) -> None:
    window = open_patient()
    seen: list[str] = []
    window.shell.visit.leaving.connect(lambda: seen.append(window.banner.name.text()))
    other = replace(
        findings.record(), sha256="other", patient=replace(findings.record().patient, family="Nguyen")
    )
    fake.record = lambda path, **_: other
    window.open_path(Path("second.json"))
    qtbot.waitUntil(lambda: window.banner.name.text().startswith("NGUYEN"))
    assert seen == [""]


def test_a_result_of_another_record_is_dropped(qtbot: QtBot, fake: Fake, window: MainWindow) -> None:
    fake.assess = lambda record, **_: replace(findings.assessment(), record_key=("someone", "else", 3))
    window.open_path(Path("visit.json"))
    qtbot.waitUntil(lambda: bool(window.shell.messages.shown))
    assert window.shell.visit.assessment is None
    assert window.shell.messages.shown[0].mark is Mark.REFUSED


def drop(window: MainWindow, *paths: str) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(path) for path in paths])
    action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    event = QDropEvent(QPointF(600, 400), action, data, button, Qt.KeyboardModifier.NoModifier)
    window.dropEvent(event)


def test_a_dropped_file_is_opened(qtbot: QtBot, fake: Fake, window: MainWindow) -> None:
    drop(window, "/tmp/dropped.json")
    qtbot.waitUntil(lambda: window.shell.visit.record is not None)
    assert fake.opened == [Path("/tmp/dropped.json")]


def failing(error: Exception) -> Callable[..., Record]:
    def open_it(path: Path, **_: Any) -> Record:
        raise error

    return open_it


@pytest.mark.parametrize(
    ("error", "mark"),
    [
        (UnreadableFile("The file is empty."), Mark.CAUTION),
        (DamagedData("signatures is damaged."), Mark.REFUSED),
        (ZeroDivisionError("Helen Marlow, 4471-0928"), Mark.FAILED),
    ],
)
def test_each_kind_of_error_has_its_own_message_and_the_window_stays(
    qtbot: QtBot, fake: Fake, window: MainWindow, error: Exception, mark: Mark
) -> None:
    fake.record = failing(error)
    window.open_path(Path("visit.json"))
    qtbot.waitUntil(lambda: bool(window.shell.messages.shown))
    message = window.shell.messages.shown[0]
    assert message.mark is mark
    if mark is Mark.FAILED:
        assert "Helen" not in say(message.words)
        assert message.action is not None
        message.action.run()
        assert "Helen" not in QGuiApplication.clipboard().text()
        assert "ZeroDivisionError" in QGuiApplication.clipboard().text()
    else:
        assert say(message.words) == str(error)


def test_a_window_whose_program_was_replaced_says_so_and_gives_no_result(
    qtbot: QtBot, fake: Fake, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replaced, "replaced", lambda: True)
    window.faults.look()
    assert [message.topic for message in window.shell.messages.shown] == ["replaced"]
    window.open_path(Path("a.json"))
    qtbot.waitUntil(lambda: bool(window.shell.messages.shown))
    window.faults._hook(replaced.ProgramReplaced, replaced.ProgramReplaced("x"), None)
    [message] = window.shell.messages.shown
    assert "open medgui again" in say(message.words)
    assert window.shell.visit.record is None


def test_a_file_of_several_patients_asks_in_the_page(qtbot: QtBot, fake: Fake, window: MainWindow) -> None:
    people = [("a1", "Ada One"), ("b2", "Ben Two")]

    def open_it(path: Path, *, patient: str | None = None, **_: Any) -> Record:
        if patient is None:
            raise SeveralPatients("two", people)
        return replace(findings.record(), patient=replace(findings.record().patient, id=patient))

    fake.record = open_it
    window.open_path(Path("group.json"))
    qtbot.waitUntil(lambda: window.stack.currentWidget() is window.chooser)
    assert not window.chooser.open_button.isEnabled()
    table = window.chooser.table
    qtbot.mouseClick(
        table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(table.model().index(1, 0)).center()
    )
    qtbot.mouseClick(window.chooser.open_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.shell.visit.record is not None)
    assert window.shell.visit.record.patient.id == "b2"  # type: ignore[union-attr]


def test_the_language_changes_live_everywhere(qtbot: QtBot, open_patient: Open) -> None:
    window = open_patient()
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(window, Qt.Key.Key_L, keys)
    assert i18n.language() == "zh"
    assert window.banner.close_button.accessibleName() == "关闭患者"
    assert window.nav.items["settings"].accessibleName() == "设置"
    window.go("settings")
    assert window.current.head.title.text() == "设置"  # type: ignore[union-attr]
    qtbot.keyClick(window, Qt.Key.Key_L, keys)
    assert window.current.head.title.text() == "Settings"  # type: ignore[union-attr]


def test_f6_goes_round_banner_navigation_and_page(qtbot: QtBot, window: MainWindow) -> None:
    window.go("settings")
    window.nav.focus_item.setFocus()
    places = []
    for _ in range(3):
        qtbot.keyClick(window, Qt.Key.Key_F6)
        focus = QApplication.focusWidget()
        owners = [p for p in (window.banner, window.nav, window.current) if p and p.isAncestorOf(focus)]
        places.append(owners[0])
    assert places == [window.current, window.banner, window.nav]
    qtbot.keyClick(window, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert window.banner.isAncestorOf(QApplication.focusWidget())


def test_units_switch_by_one_key(qtbot: QtBot, open_patient: Open) -> None:
    window = open_patient()
    qtbot.keyClick(window, Qt.Key.Key_U, Qt.KeyboardModifier.ControlModifier)
    assert window.shell.visit.units == "si"


def test_help_lists_the_keys_and_leaves_by_escape(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F1)
    sheet = window.findChild(QWidget, "help")
    assert sheet is not None
    assert "Ctrl+K" not in texts(sheet) or "Ctrl+O" in texts(sheet)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_what_was_copied_is_cleared_and_foreign_text_is_left(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The offscreen platform never owns its clipboard, so ownership is said here.
    guard, clipboard = window._clipboard, QGuiApplication.clipboard()
    monkeypatch.setattr(guard, "holds_ours", lambda: True)
    clipboard.setText("Helen Marlow")
    assert guard.waiting
    guard.clear()
    assert clipboard.text() == ""
    monkeypatch.setattr(guard, "holds_ours", lambda: False)
    clipboard.setText("of another program")
    assert not guard.waiting
    guard.clear()
    assert clipboard.text() == "of another program"


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (700, Width.TINY),
        (800, Width.NARROW),
        (1023, Width.NARROW),
        (1024, Width.MEDIUM),
        (1280, Width.NORMAL),
        (1600, Width.WIDE),
    ],
)
def test_width_classes_follow_the_design(width: int, expected: Width) -> None:
    assert Width.of(width) is expected


@pytest.mark.parametrize("size", [(640, 360), (800, 600), (1024, 700), (1366, 768), (1920, 1080)])
@pytest.mark.parametrize("language", ["en", "zh", "pseudo"])
def test_no_page_is_wider_than_the_window(
    qtbot: QtBot, open_patient: Open, size: tuple[int, int], language: str
) -> None:
    window = open_patient()
    window.resize(*size)
    i18n.set_language(language)
    window.speak(language)
    for key in ("start", "models", "settings"):
        window.go(key)
        qtbot.wait(5)
        assert window.size().width() == size[0], key
        assert window.stack.width() + window.nav.width() <= size[0], key
    assert window.banner.allergies.isVisible()


def test_work_is_cancelled_by_escape_and_what_is_complete_stands(
    qtbot: QtBot, fake: Fake, window: MainWindow
) -> None:
    import threading

    go_on = threading.Event()

    def slow(record: Record, *, progress: Any, cancel: Any, **_: Any) -> Any:
        first = replace(findings.prevent(), record_key=record.key)
        progress(1, 2, first)
        while not cancel():
            go_on.wait(0.002)
        return replace(findings.assessment(), record_key=record.key)

    fake.assess = slow
    window.open_path(Path("visit.json"))
    qtbot.waitUntil(lambda: len(window.shell.visit.finished) == 1)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    visit = window.shell.visit
    assert visit.stopped
    assert not visit.busy
    assert len(visit.finished) == 1
    assert visit.assessment is None


def test_many_results_in_a_row_do_not_build_the_list_anew_each_time(
    qtbot: QtBot, fake: Fake, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    from medgui.ui.pages.results.page import ResultsPage

    built: list[int] = []
    refresh = ResultsPage.refresh

    def counted(page: ResultsPage) -> None:
        refresh(page)
        built.append(len(page.rows))

    monkeypatch.setattr(ResultsPage, "refresh", counted)
    count = 200

    def many(record: Record, *, progress: Any, **_: Any) -> Any:
        made = [
            replace(findings.prevent(), model=f"model_{place}", record_key=record.key)
            for place in range(count)
        ]
        for place, finding in enumerate(made):
            progress(place + 1, count, finding)
        return replace(findings.assessment(), record_key=record.key, findings=tuple(made))

    fake.assess = many
    window.go("results")
    window.open_path(Path("visit.json"))
    qtbot.waitUntil(lambda: bool(built) and built[-1] == count)
    assert 1 in built[:4], "the first result is shown at once"
    assert len(built) < count / 4
