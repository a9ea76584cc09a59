"""Input fields with their states, and the list box with our arrow."""

from enum import StrEnum

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QCompleter,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from medgui.i18n import _
from medgui.ui.icons import paint_icon
from medgui.ui.shapes import paint_text, text_width
from medgui.ui.theme import S4, S8, Role, Type, theme
from medgui.ui.widgets.text import Text, restyle
from medgui.ui.words import Words, say

__all__ = ["Check", "Choice", "Field", "FieldState", "SearchChoice", "UnitEdit", "beside", "restyle"]


class FieldState(StrEnum):
    """What a field's value is; the style sheet draws the edge of each."""

    FILE = "file"
    CHANGED = "changed"
    QUESTIONED = "questioned"
    MISSING = "missing"
    DERIVED = "derived"


class UnitEdit(QLineEdit):
    """A line edit with its unit in muted inside its right end."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._unit = ""
        self.setProperty("alone", True)
        theme.changed.connect(self._dress)
        self._dress()

    def set_unit(self, unit: str) -> None:
        """Show *unit*; empty for none."""
        self._unit = unit
        self._dress()

    def _dress(self) -> None:
        self.setFont(theme.font(bold=self.property("state") == FieldState.CHANGED))
        room = round(text_width(self._unit)) + S8 if self._unit else 0
        self.setTextMargins(0, 0, room, 0)

    def set_state(self, state: FieldState) -> None:
        """Draw the edge of *state*; a derived value cannot be typed over."""
        self.setReadOnly(state is FieldState.DERIVED)
        restyle(self, "state", state.value)
        self._dress()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the edit, then the unit."""
        super().paintEvent(event)
        if self._unit:
            rect = QRectF(self.rect()).adjusted(0, 0, -S8 - 1, 0)
            right = Qt.AlignmentFlag.AlignRight
            paint_text(QPainter(self), rect, self._unit, role=Role.MUTED, align=right)


class Field(QWidget):
    """Label, value with unit, and under it the source or what is wrong.

    `edited` carries the text when it changed and the field is left or Enter pressed; `typed` on each key.
    """

    edited = Signal(str)
    typed = Signal(str)

    def __init__(self, label: Words = "", unit: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = Text(label, Type.CAPTION, Role.MUTED)
        self.edit = UnitEdit()
        self.edit.set_unit(unit)
        self.note = Text("", Type.CAPTION, Role.MUTED)
        self._start = ""
        self._label = label
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.label)
        column.addWidget(self.edit)
        column.addWidget(self.note)
        self.label.setBuddy(self.edit)
        self.edit.textEdited.connect(self.typed)
        self.edit.editingFinished.connect(self._finished)
        self.set_value("", FieldState.MISSING)

    def set_value(self, text: str, state: FieldState, note: str = "") -> None:
        """Show *text* in *state*; *note* is the source and date, the question, or what it was before."""
        self._start = text
        self.edit.setText(text)
        self.edit.set_state(state)
        self.edit.setPlaceholderText(_("not measured") if state is FieldState.MISSING else "")
        self.note.set_words(note)
        roles = {FieldState.CHANGED: Role.ACCENT, FieldState.QUESTIONED: Role.CAUTION}
        self.note.set_role(roles.get(state, Role.MUTED))
        self.edit.setAccessibleName(say(self._label))
        self.edit.setAccessibleDescription(note)

    def value(self) -> str:
        """Return the text as typed."""
        return self.edit.text().strip()

    def _finished(self) -> None:
        if self.value() != self._start:
            self._start = self.value()
            self.edited.emit(self._start)


class Choice(QComboBox):
    """A list box with our arrow; the wheel scrolls the page and never changes it."""

    def __init__(self, name: Words = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self.setProperty("alone", True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        self.setFont(theme.font())
        self.setAccessibleName(say(self._name))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()

    def changeEvent(self, event: QEvent) -> None:
        """Say it again in the new language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._dress()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the box, then the arrow."""
        super().paintEvent(event)
        side = theme.px(14)
        rect = QRectF(self.width() - side - 6, (self.height() - side) / 2, side, side)
        paint_icon(QPainter(self), rect, "chevron-down", Role.TEXT if self.isEnabled() else Role.MUTED)


class SearchChoice(Choice):
    """A long list in which typing finds: any part of an item's words, case aside. What is no item changes nothing."""

    def __init__(self, name: Words = "", parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMaxVisibleItems(16)
        completer = QCompleter(self.model(), self)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setCompleter(completer)
        edit = self.lineEdit()
        edit.editingFinished.connect(self._settle)

    def _settle(self) -> None:
        """Take what was typed where it is an item, or a part of one alone; else show the value in force again."""
        text = self.currentText().strip()
        contained = (
            [n for n in range(self.count()) if text.lower() in self.itemText(n).lower()] if text else []
        )
        exact = self.findText(text, Qt.MatchFlag.MatchFixedString)
        place = exact if exact >= 0 else contained[0] if len(contained) == 1 else -1
        if place >= 0 and place != self.currentIndex():
            self.setCurrentIndex(place)
            self.activated.emit(place)
        self.setEditText(self.itemText(self.currentIndex()))


class Check(QCheckBox):
    """A check box with our edge and mark; its words say the state as well."""

    def sizeHint(self) -> QSize:
        """Ask for room for box and words."""
        return QSize(theme.px(24) + round(text_width(self.text())) + S8, theme.px(24))

    def hitButton(self, pos: QPoint) -> bool:
        """Take a click anywhere on it."""
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint box, mark and words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = theme.px(16)
        box = QRectF(0.5, (self.height() - side) / 2 + 0.5, side - 1, side - 1)
        painter.setPen(theme.color(Role.ACCENT if self.isChecked() else Role.CONTROL))
        painter.setBrush(theme.color(Role.ACCENT if self.isChecked() else Role.SURFACE))
        painter.drawRoundedRect(box, 3, 3)
        if self.isChecked():
            paint_icon(painter, box.adjusted(1, 1, -1, -1), "check", Role.ON_ACCENT)
        words = QRectF(self.rect()).adjusted(side + S8, 0, 0, 0)
        paint_text(painter, words, self.text(), role=Role.TEXT if self.isEnabled() else Role.MUTED)


def beside(*widgets: QWidget, spacing: int = S4) -> QWidget:
    """Put widgets side by side, left aligned."""
    host = QWidget()
    row = QHBoxLayout(host)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(spacing)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return host
