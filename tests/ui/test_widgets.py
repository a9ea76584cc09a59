from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from medgui import i18n
from medgui.assessment.finding import Interval, Output, Status
from medgui.charts import scale
from medgui.charts.display import Drawing, Rect
from medgui.i18n import _
from medgui.ui.shapes import Mark, paint_mark
from medgui.ui.theme import theme
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.chart import ChartWidget, measure, paint_drawing
from medgui.ui.widgets.chip import Chip, status_words
from medgui.ui.widgets.evidence import DEMONSTRATION, EXTERNAL, Evidence
from medgui.ui.widgets.field import Field, FieldState
from medgui.ui.widgets.panels import QuestionCard
from medgui.ui.widgets.scale import Scale
from medgui.ui.widgets.segmented import Segmented
from medgui.ui.widgets.sparkline import Point, paint_sparkline
from medgui.ui.widgets.table import Cell, Row, RowsModel, Table
from medgui.ui.widgets.text import Text

OUTPUT = Output("cvd", "10-year disease", 0.147, "1", Interval(0.11, 0.19, 0.9, "model"), scale=(0.0, 0.3))


def picture(paint: object, width: int = 40, height: int = 40) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    paint(painter)  # type: ignore[operator]
    painter.end()
    return image


def test_every_mark_has_a_shape_of_its_own_in_grey(qtbot: QtBot) -> None:
    theme.apply("light", 100)
    drawn = []
    for mark in Mark:
        image = picture(lambda p, mark=mark: paint_mark(p, p.viewport().toRectF(), mark, theme_role()))
        drawn.append(image)
    assert all(a != b for i, a in enumerate(drawn) for b in drawn[i + 1 :])


def theme_role() -> object:
    from medgui.ui.theme import Role

    return Role.TEXT


def test_a_chip_says_its_word(qtbot: QtBot) -> None:
    chip = Chip(lambda: status_words(Status.OUT_OF_SCOPE), Mark.REFUSED)
    qtbot.addWidget(chip)
    assert chip.accessibleName() == "Not for this patient"
    assert status_words(Status.READY) == ""


def test_evidence_says_the_full_term_to_a_screen_reader(qtbot: QtBot) -> None:
    badge = Evidence(EXTERNAL)
    qtbot.addWidget(badge)
    assert badge.accessibleName() == "Evidence: Trained, externally validated"
    badge.set_grade(DEMONSTRATION)
    assert badge.accessibleName() == "Evidence: Demonstration"


def test_words_follow_the_language_by_themselves(qtbot: QtBot) -> None:
    host = QWidget()
    column = QVBoxLayout(host)
    text, button = Text(lambda: _("Settings")), Button(lambda: _("Settings"), key="F1")
    column.addWidget(text)
    column.addWidget(button)
    qtbot.addWidget(host)
    i18n.set_language("zh")
    from medgui.ui.theme import send_language_change

    send_language_change(host)
    assert text.text() == "设置"
    assert button.accessibleName() == "设置"
    assert "F1" in button.toolTip()


def test_a_chart_is_named_and_described_and_painted_in_theme_colours(qtbot: QtBot) -> None:
    theme.apply("light", 100)
    drawing = Drawing(20, 20, (Rect(0, 0, 20, 20, fill="high"),), "A square", "It is 20 wide.")
    widget = ChartWidget(lambda *_: drawing)
    qtbot.addWidget(widget)
    widget.resize(20, 20)
    widget.show()
    assert widget.accessibleName() == "A square"
    assert widget.accessibleDescription() == "It is 20 wide."
    image = picture(lambda p: paint_drawing(p, drawing), 20, 20)
    assert QColor(image.pixel(10, 10)) == theme.color("high")


def test_a_scale_is_rebuilt_for_its_width(qtbot: QtBot) -> None:
    widget = Scale(OUTPUT)
    qtbot.addWidget(widget)
    widget.resize(236, 24)
    widget.show()
    assert widget.drawing is not None
    assert widget.drawing.w == widget.width()
    assert "14.7" in widget.accessibleDescription()
    assert scale.small(OUTPUT, measure, 236).w == 236


def test_a_questioned_value_does_not_flatten_the_trend(qtbot: QtBot) -> None:
    theme.apply("light", 100)
    points = [Point(0, 90.0), Point(100, 89.0), Point(200, 88.0)]
    odd = [*points, Point(300, 194.0, questioned=True)]
    plain = picture(lambda p: paint_sparkline(p, p.viewport().toRectF(), points), 88, 20)
    marked = picture(lambda p: paint_sparkline(p, p.viewport().toRectF(), odd), 88, 20)
    assert plain != marked


def test_a_field_reports_a_change_once_when_it_is_left(qtbot: QtBot) -> None:
    field = Field("Systolic pressure", "mmHg")
    qtbot.addWidget(field)
    field.show()
    field.set_value("160", FieldState.FILE, "Vital signs, today")
    got: list[str] = []
    field.edited.connect(got.append)
    field.edit.setFocus()
    field.edit.selectAll()
    qtbot.keyClicks(field.edit, "130")
    qtbot.keyClick(field.edit, Qt.Key.Key_Return)
    qtbot.keyClick(field.edit, Qt.Key.Key_Return)
    assert got == ["130"]
    assert field.edit.accessibleName() == "Systolic pressure"


def test_a_derived_field_cannot_be_typed_over(qtbot: QtBot) -> None:
    field = Field("eGFR", "mL/min")
    qtbot.addWidget(field)
    field.set_value("90", FieldState.DERIVED, "from creatinine 0.80")
    assert field.edit.isReadOnly()
    field.set_value("", FieldState.MISSING)
    assert field.edit.placeholderText() == "not measured"


def test_a_question_card_answers_by_digit_and_click_and_never_by_enter(qtbot: QtBot) -> None:
    got: list[int] = []
    card = QuestionCard(
        "194 kg? 194 lb = 88.0 kg",
        [("Last weight", "88.9 kg")],
        ["Use 88.0 kg", "194 kg is right"],
        got.append,
    )
    qtbot.addWidget(card)
    card.show()
    card.setFocus()
    qtbot.keyClick(card, Qt.Key.Key_Return)
    assert got == []
    assert not any(button.hasFocus() or button.isDefault() for button in card.buttons)
    qtbot.keyClick(card, Qt.Key.Key_2)
    qtbot.mouseClick(card.buttons[0], Qt.MouseButton.LeftButton)
    qtbot.keyClick(card, Qt.Key.Key_3)
    assert got == [1, 0]


def test_segments_step_by_key_and_stop_at_the_ends(qtbot: QtBot) -> None:
    choice = Segmented("Outputs")
    qtbot.addWidget(choice)
    choice.set_parts([("a", "Total CVD 14.7 %"), ("b", "ASCVD 9.2 %")])
    got: list[str] = []
    choice.chosen.connect(got.append)
    choice.step(1)
    choice.step(1)
    assert (choice.current, got) == ("b", ["b"])
    choice.show()
    qtbot.mouseClick(choice.button("a"), Qt.MouseButton.LeftButton)
    assert got == ["b", "a"]
    choice.set_parts([("a", "x"), ("b", "y")], None)
    assert choice.current == ""


def test_a_table_reads_row_by_row_and_groups_span_it(qtbot: QtBot) -> None:
    model = RowsModel(["Value", "Latest"])
    table = Table(model, "Values")
    qtbot.addWidget(table)
    model.set_rows(
        [
            Row((Cell("Vital signs", bold=True),), group=True),
            Row((Cell("Weight"), Cell("88.0", after="kg")), key="weight"),
        ]
    )
    assert table.columnSpan(0, 0) == 2
    assert model.index(1, 1).data() == "88.0 kg"
    assert model.row_of("weight") == 1
    table.show()
    assert table.grab().size().width() > 0


def test_typing_in_a_field_is_never_taken_for_a_one_letter_key(qtbot: QtBot, window: object) -> None:
    from medgui.ui.commands import Command

    got: list[str] = []
    shell = window.shell  # type: ignore[attr-defined]
    shell.commands.add(Command("test.m", "Model card", lambda: got.append("m"), ("M",)))
    edit = QLineEdit(window.centralWidget())  # type: ignore[attr-defined]
    edit.show()
    edit.setFocus()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_M)
    assert edit.text() == "m"
    assert got == []
    window.nav.focus_item.setFocus()  # type: ignore[attr-defined]
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_M)
    assert got == ["m"]
    shell.services.settings.single_keys = False
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_M)
    assert got == ["m"]


def test_what_the_pointer_says_outlives_a_change_of_the_look(qtbot: QtBot) -> None:
    button = Button("2 files")
    qtbot.addWidget(button)
    button.set_tip("a.json\nb.json")
    theme.changed.emit()
    assert button.toolTip() == "a.json\nb.json"
