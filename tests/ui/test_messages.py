from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from medgui.ui import messages as module
from medgui.ui.messages import Action, MessageBar, Messages
from medgui.ui.shapes import Mark
from medgui.ui.widgets.button import Button, CloseButton


def test_the_newest_stands_first_and_the_fourth_is_counted(qtbot: QtBot) -> None:
    messages = Messages()
    bar = MessageBar(messages)
    qtbot.addWidget(bar)
    bar.show()
    for number in range(5):
        messages.tell(Mark.CAUTION, f"message {number}")
    assert messages.shown[0].words == "message 4"

    def lines() -> int:
        return sum(line.isVisible() for line in bar.findChildren(module._Line))

    qtbot.waitUntil(lambda: lines() == 3)
    show_all = next(b for b in bar.findChildren(Button) if b.accessibleName() == "Show all")
    show_all.click()
    qtbot.waitUntil(lambda: lines() == 5)


def test_a_note_goes_by_itself_and_a_problem_stays(qtbot: QtBot, monkeypatch: object) -> None:
    monkeypatch.setattr(module, "NOTE_MS", 10)  # type: ignore[attr-defined]
    messages = Messages()
    messages.tell(Mark.INFO, "saved")
    messages.tell(Mark.CAUTION, "not understood")
    qtbot.waitUntil(lambda: len(messages.shown) == 1)
    assert messages.shown[0].words == "not understood"
    assert len(messages.history) == 2


def test_a_message_of_the_same_topic_takes_the_place_of_the_old_one() -> None:
    messages = Messages()
    messages.tell(Mark.CAUTION, "first", topic="error")
    messages.tell(Mark.CAUTION, "second", topic="error")
    assert [m.words for m in messages.shown] == ["second"]


def test_action_and_close_work_by_click(qtbot: QtBot) -> None:
    messages = Messages()
    bar = MessageBar(messages)
    qtbot.addWidget(bar)
    bar.show()
    done: list[bool] = []
    messages.tell(Mark.HIGH, "cut off", Action("Open another file", lambda: done.append(True)))
    bar.show()
    line = bar.findChildren(module._Line)[-1]
    assert line.accessibleName() == "high: cut off"
    qtbot.mouseClick(line.findChild(Button), Qt.MouseButton.LeftButton)
    assert done == [True]
    qtbot.mouseClick(line.findChild(CloseButton), Qt.MouseButton.LeftButton)
    assert messages.shown == []
    assert bar.isHidden()
