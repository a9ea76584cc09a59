"""The what-if's result: how many changes, old and new number, both on one scale, the new chip, the difference."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from medgui.assessment.finding import Finding, Output, Status
from medgui.charts import figures
from medgui.i18n import _, format_number, ngettext
from medgui.ui.pages.results import texts
from medgui.ui.pages.results.what_if import WhatIf
from medgui.ui.theme import S8, S12, Role, Type, theme
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.chip import Chip
from medgui.ui.widgets.scale import Scale
from medgui.ui.widgets.text import Text

ANNOUNCE_MS = 500


class ResultLine(QWidget):
    """Keeps its place while there is nothing changed, so that the page does not move under the hand."""

    def __init__(self, what_if: WhatIf, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._what_if = what_if
        self._output = ""
        self.title = Text("", bold=True)
        self.note = Text(lambda: _("Not the effect of a treatment"), Type.CAPTION, Role.MUTED)
        self.old = Text("", role=Role.MUTED)
        self.new = Text("", Type.HEAD)
        self.scale = Scale()
        self.difference = Text("")
        self._chip_host = QHBoxLayout()
        self.undo = Button(lambda: _("Undo"), what_if.undo, key="Ctrl+Z")
        self.reset = Button(lambda: _("Reset all"), what_if.reset)
        self._announce = QTimer(self)
        self._announce.setSingleShot(True)
        self._announce.setInterval(ANNOUNCE_MS)
        self._announce.timeout.connect(self._say)
        self._lay_out()
        what_if.changed.connect(self.show_state)
        what_if.arrived.connect(self.show_state)
        self.show_state()

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self.title)
        left.addWidget(self.note)
        row = QHBoxLayout()
        row.setSpacing(S12)
        row.addLayout(left)
        row.addStretch(1)
        for widget in (self.old, self.new):
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        self.scale.setFixedWidth(theme.px(132))
        row.addWidget(self.scale, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(self._chip_host)
        row.addWidget(self.difference, 0, Qt.AlignmentFlag.AlignVCenter)
        buttons = QHBoxLayout()
        buttons.setSpacing(S8)
        buttons.addWidget(self.undo)
        buttons.addWidget(self.reset)
        buttons.addStretch(1)
        self.links = QHBoxLayout()
        buttons.addLayout(self.links)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, S8, 0, 0)
        column.setSpacing(S12)
        column.addLayout(row)
        column.addLayout(buttons)

    def set_output(self, name: str) -> None:
        """Compare this output."""
        self._output = name
        self.show_state()

    def show_state(self, _finding: Finding | None = None) -> None:
        """Show the changes and what they lead to."""
        number = len(self._what_if.changes)
        self.undo.setEnabled(self._what_if.can_undo)
        self.reset.setEnabled(bool(number))
        if not number:
            self.title.set_words(lambda: _("What if: change values in the last column"))
        else:
            count = number
            self.title.set_words(
                lambda: ngettext("With {n} change", "With {n} changes", count).format(n=count)
            )
        result = self._what_if.result if number else None
        self._show_result(result)

    def _show_result(self, result: Finding | None) -> None:
        before = texts.first_output(self._what_if.finding, self._output)
        after = texts.first_output(result, self._output) if result is not None else None
        known = before is not None and after is not None and after.value is not None
        for widget in (self.old, self.new, self.scale, self.difference):
            widget.setVisible(known)
        self._clear_chip()
        if result is not None and result.status is not Status.READY:
            shown = texts.chip(result, after)
            if shown:
                self._chip_host.addWidget(Chip(*shown))
            self.new.set_words(result.reason)
            self.new.setVisible(False)
            self.note.set_words(result.reason)
            return
        self.note.set_words(lambda: _("Not the effect of a treatment"))
        if known and before is not None and after is not None and result is not None:
            self._compare(before, after, result)

    def _compare(self, before: Output, after: Output, result: Finding) -> None:
        value = after.value or 0.0
        old = (
            figures.value_text(before) if before.value is not None else texts.no_number(self._what_if.finding)
        )
        self.old.set_words(f"{old} →")
        self.new.set_words(figures.value_text(after))
        base = before if before.value is not None else after
        self.scale.set_output(base, what_if=value)
        shown = texts.chip(result, after)
        if shown:
            self.new.setVisible(not after.named)
            self._chip_host.addWidget(Chip(*shown))
        counted = before.value is not None and not after.named
        self.difference.setVisible(counted)
        if counted:
            self.difference.set_words(lambda: _difference(before, after))
        self._announce.start()

    def _clear_chip(self) -> None:
        while self._chip_host.count():
            item = self._chip_host.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def sentence(self) -> str:
        """Say the comparison in one sentence."""
        parts = [
            self.title.text(),
            self.old.text(),
            self.new.text(),
            self.difference.text(),
            self.note.text(),
        ]
        return ", ".join(part for part in parts if part)

    def _say(self) -> None:
        self.setAccessibleName(self.sentence())
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.NameChanged))


def _difference(before: Output, after: Output) -> str:
    change = (after.value or 0.0) - (before.value or 0.0)
    if figures.is_share(after.unit):
        points = format_number(100 * change, 1, signed=True)
        return _("{points} points").format(points=points)
    places = figures.decimals_of(after.value or 0.0, after)
    return figures.with_unit(format_number(change, places, signed=True), after.unit)
