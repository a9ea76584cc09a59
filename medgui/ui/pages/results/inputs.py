"""The input table of a finding: value, where it was read, date, and the what-if field as its last column."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from medgui.assessment import group_shift, shown, words
from medgui.assessment.finding import InputUsed
from medgui.assessment.points import found_words
from medgui.i18n import _
from medgui.record.variables import UnitSystem
from medgui.ui.pages.results.what_if import WhatIf
from medgui.ui.shapes import paint_text, text_width
from medgui.ui.theme import S4, S8, Role, Type, theme
from medgui.ui.widgets.table import CELL, Cell, HairlineDelegate, Index, Left, Right, Row, RowsModel, Table

NAME, VALUE, FOUND, DATE, WHAT_IF = range(5)


class InputsModel(RowsModel):
    """Rows of a finding's inputs; the what-if column is editable."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            (
                lambda: _("Input"),
                lambda: _("Value"),
                lambda: _("Found in the file"),
                lambda: _("Date"),
                lambda: _("What if"),
            ),
            parent,
        )
        self.aligned[VALUE] = Qt.AlignmentFlag.AlignHCenter

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let the what-if column be edited where the input may be."""
        flags = super().flags(index)
        cell = index.data(CELL)
        if index.column() == WHAT_IF and isinstance(cell, Cell) and cell.tip != LOCKED:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags


LOCKED = "locked"

VALUES, SLOT, WORD = 158, 96, 64
"""Most that the column of values is given, its part for units, and a word that ends where figures end, at 100 %."""


class WhatIfDelegate(HairlineDelegate):
    """Paints the what-if cell as a field and makes its editor only where it is edited."""

    def __init__(self, table: "InputsTable") -> None:
        super().__init__(table)
        self._table = table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a cell; the last column with a field's edge."""
        super().paint(painter, option, index)
        if index.column() != WHAT_IF:
            return
        used = self._table.used(index.row())
        changed = used.name in self._table.what_if.changes
        box = QRectF(option.rect).adjusted(S8, 2.5, -1.5, -3.5)
        spare = box.height() - (theme.height("table_row") - 6)
        box.adjust(0, spare / 2, 0, -spare / 2)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(option.rect.adjusted(S8, 0, 0, -1), theme.color(Role.SURFACE))
        if used.editable:
            style = Qt.PenStyle.DashLine if self._table.value(used) is None else Qt.PenStyle.SolidLine
            pen = QPen(theme.color(Role.ACCENT if changed else Role.CONTROL), 2 if changed else 1, style)
            painter.setPen(pen)
            painter.drawRoundedRect(box, 4, 4)
        if changed:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color(Role.ACCENT))
            painter.drawEllipse(QRectF(option.rect.left() - 6, box.center().y() - 4.5, 9, 9))
        painter.restore()
        text = self._table.field_text(used)
        role = Role.TEXT if changed else Role.MUTED
        paint_text(painter, box.adjusted(S8, 0, -4, 0), text, bold=changed, role=role)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Make a list for answers, else a line to type a number in."""
        used = self._table.used(index.row())
        answers = shown.choices(used.name)
        if answers:
            box = QComboBox(parent)
            for value, text in answers:
                box.addItem(text, value)
            box.activated.connect(lambda _n: self._finish(box))
            return box
        edit = QLineEdit(parent)
        edit.setAccessibleName(used.title)
        edit.textEdited.connect(lambda text: self._table.take(used, text))
        return edit

    def _finish(self, editor: QWidget) -> None:
        self.commitData.emit(editor)
        self.closeEditor.emit(editor, QStyledItemDelegate.EndEditHint.NoHint)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Show the present value."""
        used = self._table.used(index.row())
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(max(0, editor.findData(self._table.answer(used))))
        elif isinstance(editor, QLineEdit):
            editor.setText(self._table.field_text(used, bare=True))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QObject, index: Index) -> None:
        """Take what was chosen or typed."""
        used = self._table.used(index.row())
        if isinstance(editor, QComboBox):
            self._table.take_answer(used, editor.currentData())
        elif isinstance(editor, QLineEdit):
            self._table.take(used, editor.text())
        self._table.what_if.typed()

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """Put the editor where the field is painted."""
        editor.setGeometry(option.rect.adjusted(S8, 1, 0, -2))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Keep the table's row height."""
        return QSize(theme.px(80), theme.height("table_row"))


class InputsTable(Table):
    """The table itself. `source_asked` carries the name of an input whose place in the file is wanted."""

    source_asked = Signal(str)
    refused = Signal(str)

    def __init__(
        self, what_if: WhatIf, system: Callable[[], UnitSystem], parent: QWidget | None = None
    ) -> None:
        self.what_if = what_if
        self._system = system
        super().__init__(InputsModel(), lambda: _("Inputs and what-if"), parent)
        self.setItemDelegate(WhatIfDelegate(self))
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.CurrentChanged
            | QAbstractItemView.EditTrigger.SelectedClicked
            | QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.slot = float(theme.px(SLOT))
        self.clicked.connect(self._clicked)
        what_if.changed.connect(self.viewport().update)
        theme.changed.connect(self.fill)
        self.fill()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out the date, then the place, where there is no room: what-if is never cut."""
        super().resizeEvent(event)
        width = event.size().width() / theme.scale
        self.setColumnHidden(DATE, width < 600)
        if self.isColumnHidden(FOUND) != (width < 500):
            self.setColumnHidden(FOUND, width < 500)
            self.fill()

    @property
    def linked(self) -> int:
        """The column that leads to the file: the place, and the name where the place has no room."""
        return NAME if self.isColumnHidden(FOUND) else FOUND

    def used(self, row: int) -> InputUsed:
        """Return the input of a row."""
        return self.what_if.finding.inputs[row]

    def value(self, used: InputUsed) -> float | str | None:
        """Return the value as changed, or as read."""
        return self.what_if.value(used.name)

    def answer(self, used: InputUsed) -> str:
        """Return the value of a yes/no or category input as its key."""
        value = self.value(used)
        if isinstance(value, float | int):
            boolean = shown.choices(used.name)[:1] == [("no", _("no"))]
            return ("yes" if value else "no") if boolean else f"{value:g}"
        return value or ""

    def field_text(self, used: InputUsed, *, bare: bool = False) -> str:
        """Return what the field shows; *bare* without words for a missing value."""
        value = self.value(used)
        if value is None:
            return "" if bare else _("not measured")
        return shown.shown(used.name, value, used.unit, self._system()).text

    def take(self, used: InputUsed, text: str) -> None:
        """Take a typed number; text that is none changes nothing."""
        if text.strip() == self.field_text(used, bare=True):
            return
        try:
            value = shown.typed(used.name, text, used.unit, self._system()) if text.strip() else None
        except ValueError:
            return
        self.what_if.set(used.name, used.value if value is None else value, typing=True)

    def take_answer(self, used: InputUsed, key: str) -> None:
        """Take a chosen answer, in the form in which the finding has it."""
        value: float | str = key
        if key in shown.YES_NO and not isinstance(used.value, str):
            value = shown.YES_NO[key]
        elif isinstance(used.value, float) and key.replace(".", "", 1).isdigit():
            value = float(key)
        self.what_if.set(used.name, value)

    def fill(self) -> None:
        """Show the inputs in the language and units in force."""
        self._share_out()
        self.rows.set_rows([self._row(used) for used in self.what_if.finding.inputs])
        self.fit()

    def _share_out(self) -> None:
        """Give the values what they need, and the rest to the names."""
        values = [
            shown.shown(used.name, used.value, used.unit, self._system())
            for used in self.what_if.finding.inputs
        ]
        units = max((text_width(value.unit, Type.CAPTION) for value in values), default=0.0)
        digits = max((text_width(v.text, bold=True) for v in values if v.unit), default=0.0)
        words = max((text_width(v.text, bold=True) for v in values if not v.unit), default=0.0)
        self.slot = min(units + S4, float(theme.px(SLOT))) if units else 0.0
        short = words if words <= theme.px(WORD) else 0.0
        width = max(max(digits, short) + self.slot, words, text_width(_("not stated"))) + 2 * S8
        self.set_widths((None, min(VALUES, max(72, round(width / theme.scale))), 132, 84, 116))

    def _row(self, used: InputUsed) -> Row:
        value = shown.shown(used.name, used.value, used.unit, self._system())
        missing = used.value is None
        figure = Cell(paint=lambda p, r: _paint_value(p, r, value, self.slot), tip=str(value))
        if missing:
            figure = Cell(_("missing") if used.required else _("not stated"), Role.MUTED, align=Right)
        found = found_words(used)
        link = Role.ACCENT if used.source.file and not missing else Role.MUTED
        tip = _("On treatment: a marker, it does not cause the risk.") if used.marker else ""
        tip = group_shift.note() if group_shift.is_marker(used) else tip
        place = "\n".join(part for part in (found, used.source.location) if part)
        linked = self.linked == NAME
        name = Cell(
            used.title,
            link if linked and link is Role.ACCENT else Role.TEXT,
            tip="\n".join(part for part in (tip or used.title, place if linked else "") if part),
            wrap=True,
        )
        return Row(
            (
                name,
                figure,
                Cell(found, link, tip=place),
                Cell(words.when(used.time) if used.time else "", Role.MUTED, type_=Type.CAPTION),
                Cell(tip="" if used.editable else LOCKED),
            ),
            key=used.name,
        )

    def _clicked(self, index: QModelIndex) -> bool:
        """Ask for the place in the file where *index* is a link; say whether it is one."""
        leads = index.isValid() and index.column() == self.linked
        used = self.used(index.row()) if leads else None
        if used is None or not used.source.file or used.value is None:
            return False
        self.source_asked.emit(used.name)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Follow a link by Enter; leave Escape and Ctrl+Z to the detail."""
        if event.key() == Qt.Key.Key_Escape:
            event.ignore()
            return
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if not (enter and self._clicked(self.currentIndex())):
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Say it again in the new language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.fill()


def _paint_value(painter: QPainter, rect: QRectF, value: shown.Shown, slot: float) -> None:
    """Paint the figure bold and right-aligned on the digits, its unit in muted after it, *slot* wide."""
    digits = rect.adjusted(0, 0, -slot - 5, 0)
    if not value.unit and text_width(value.text, bold=True) > digits.width():
        digits = rect
    paint_text(painter, digits, value.text, bold=True, align=Right)
    unit = QRectF(rect.right() - slot, rect.top(), slot, rect.height())
    paint_text(painter, unit, value.unit, type_=Type.CAPTION, role=Role.MUTED, align=Left)
