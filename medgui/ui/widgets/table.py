"""Tables with hairlines: a view, a delegate that paints typed cells, and a small model of rows."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from medgui.frozen import frozen
from medgui.ui.shapes import Mark, hairline, in_two_lines, paint_mark, paint_text, text_width
from medgui.ui.style import paint_ring
from medgui.ui.theme import S4, S8, Role, Type, theme
from medgui.ui.words import Words, say

CELL = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex
LINE = 18
"""Height of a line of text in a cell of two."""
Right = Qt.AlignmentFlag.AlignRight
Left = Qt.AlignmentFlag.AlignLeft


@frozen
class Cell:
    """What one cell shows. *paint* draws it instead of the text (sparkline, chip, evidence).

    A *wrap* cell takes two lines where one is too narrow; its row is then higher.
    """

    text: str = ""
    role: Role = Role.TEXT
    bold: bool = False
    align: Qt.AlignmentFlag = Left
    mark: Mark | None = None
    after: str = ""
    tip: str = ""
    type_: Type = Type.BODY
    paint: Callable[[QPainter, QRectF], None] | None = None
    wrap: bool = False


@frozen
class Row:
    """One row. A *group* row is one bold cell over the whole width; a *wide* one can be chosen too.

    *key* is for the page.
    """

    cells: tuple[Cell, ...]
    key: str = ""
    group: bool = False
    wide: bool = False


class RowsModel(QAbstractTableModel):
    """Rows of cells under column titles."""

    def __init__(self, titles: Sequence[Words], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._titles = tuple(titles)
        self._rows: tuple[Row, ...] = ()
        self.aligned: dict[int, Qt.AlignmentFlag] = {}

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def change_rows(self, rows: Sequence[Row]) -> None:
        """Show other content of the same rows: choice, focus and scrolling stay."""
        self._rows = tuple(rows)
        last = self.index(len(self._rows) - 1, self.columnCount() - 1)
        self.dataChanged.emit(self.index(0, 0), last)

    def row_at(self, index: Index) -> Row | None:
        """Return the row of *index*."""
        return self._rows[index.row()] if index.isValid() and index.row() < len(self._rows) else None

    def row_of(self, key: str) -> int:
        """Return the number of the row with *key*; -1 where there is none."""
        return next((n for n, row in enumerate(self._rows) if row.key == key), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Count the rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Count the columns."""
        return 0 if parent.isValid() else len(self._titles)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return text, tooltip or the whole cell."""
        row = self.row_at(index)
        if row is None or index.column() >= len(row.cells):
            return None
        cell = row.cells[index.column()]
        if role == CELL:
            return cell
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return " ".join(part for part in (cell.text, cell.after) if part) or cell.tip
        if role == Qt.ItemDataRole.ToolTipRole:
            return cell.tip or None
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the title of a column in the language in force."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return say(self._titles[section])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(self.aligned.get(section, Left) | Qt.AlignmentFlag.AlignVCenter)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Group rows cannot be selected."""
        row = self.row_at(index)
        if row is None or row.group:
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class HairlineDelegate(QStyledItemDelegate):
    """Paints a `Cell`: tint of the selected row, text, hairline below, ring around the current row."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Ask for the width of the text and the height of a table row."""
        cell = index.data(CELL)
        width = 0.0
        if isinstance(cell, Cell):
            width = text_width(cell.text, cell.type_, bold=cell.bold) + 2 * S4 + 2
            width += text_width(cell.after, Type.CAPTION) + S8 if cell.after else 0
            width += theme.px(12) + 6 if cell.mark else 0
        return QSize(int(width), theme.height("table_row"))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        rect = QRectF(option.rect)
        state = QStyle.StateFlag.State_Selected
        selected = bool(option.state & state)
        painter.fillRect(option.rect, theme.color(Role.ACCENT_TINT if selected else Role.SURFACE))
        cell = index.data(CELL)
        if isinstance(cell, Cell):
            self.paint_cell(painter, rect.adjusted(S4, 0, -S4, 0), cell)
        hairline(painter, rect.left(), rect.right() + 1, rect.bottom() - 1, Role.GRID)
        view = option.widget
        if isinstance(view, QTableView) and view.hasFocus() and view.currentIndex().row() == index.row():
            self._ring(painter, view, index)

    @staticmethod
    def paint_cell(painter: QPainter, rect: QRectF, cell: Cell) -> None:
        """Paint the content of a cell into *rect*."""
        if cell.paint is not None:
            cell.paint(painter, rect)
            return
        if cell.mark is not None:
            side = theme.px(12)
            paint_mark(painter, QRectF(rect.left(), rect.center().y() - side / 2, side, side), cell.mark)
            rect = rect.adjusted(side + 6, 0, 0, 0)
        if cell.after:
            width = text_width(cell.text, cell.type_, bold=cell.bold)
            rest = rect.adjusted(width + S8, 0, 0, 0)
            paint_text(painter, rest, cell.after, type_=Type.CAPTION, role=Role.MUTED)
        lines = [cell.text]
        if cell.wrap and rect.height() > theme.height("table_row"):
            lines = in_two_lines(cell.text, rect.width(), cell.type_, bold=cell.bold)
        top = rect.center().y() - len(lines) * theme.px(LINE) / 2
        for number, line in enumerate(lines):
            place = QRectF(rect.left(), top + number * theme.px(LINE), rect.width(), theme.px(LINE))
            paint_text(
                painter, place, line, type_=cell.type_, bold=cell.bold, role=cell.role, align=cell.align
            )

    @staticmethod
    def _ring(painter: QPainter, view: QTableView, index: Index) -> None:
        model = view.model()
        first = view.visualRect(model.index(index.row(), 0))
        shown = [column for column in range(model.columnCount()) if not view.isColumnHidden(column)]
        last = view.visualRect(model.index(index.row(), shown[-1]))
        painter.save()
        paint_ring(painter, QRectF(first.united(last)), theme)
        painter.restore()


class Table(QTableView):
    """A read-only table of `RowsModel`: whole rows are chosen, no grid, no vertical header."""

    def __init__(self, model: RowsModel, name: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._fitted = False
        self.rows = model
        self.setModel(model)
        self.setItemDelegate(HairlineDelegate(self))
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setProperty("ownRing", True)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setSectionsClickable(False)
        header.setHighlightSections(False)
        header.setMinimumSectionSize(16)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.sectionResized.connect(self._break_anew)
        model.modelReset.connect(self._spans)
        theme.changed.connect(self._dress)
        self._dress()

    def set_widths(self, widths: Sequence[int | None]) -> None:
        """Give columns their widths at 100 %; None takes what is left."""
        header = self.horizontalHeader()
        for column, width in enumerate(widths):
            if width is None:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
            else:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
                self.setColumnWidth(column, theme.px(width))
        self.widths = tuple(widths)

    def fit(self) -> None:
        """Take exactly the height of all rows, for a table in a scrolling body."""
        self._fitted = True
        rows = 0
        for number in range(self.rows.rowCount()):
            height = theme.height("table_row") + (theme.px(LINE) if self._wraps(number) else 0)
            self.setRowHeight(number, height)
            rows += height
        head = 0 if self.horizontalHeader().isHidden() else theme.height("list_head")
        self.setFixedHeight(rows + head + 2)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def _wraps(self, number: int) -> bool:
        """Whether a cell of a row wants a second line."""
        row = self.rows.row_at(self.rows.index(number, 0))
        return row is not None and any(
            cell.wrap
            and text_width(cell.text, cell.type_, bold=cell.bold) > self.columnWidth(column) - 2 * S4
            for column, cell in enumerate(row.cells)
        )

    def _break_anew(self) -> None:
        if self._fitted:
            self.fit()

    def _dress(self) -> None:
        self.setAccessibleName(say(self._name))
        self.verticalHeader().setDefaultSectionSize(theme.height("table_row"))
        self.horizontalHeader().setFixedHeight(theme.height("list_head"))
        self.horizontalHeader().setFont(theme.font(Type.CAPTION))
        if hasattr(self, "widths"):
            self.set_widths(self.widths)
        self.viewport().update()

    def _spans(self) -> None:
        self.clearSpans()
        for number in range(self.rows.rowCount()):
            row = self.rows.row_at(self.rows.index(number, 0))
            if row is not None and (row.group or row.wide) and self.rows.columnCount() > 1:
                self.setSpan(number, 0, 1, self.rows.columnCount())

    def changeEvent(self, event: QEvent) -> None:
        """Say it again in the new language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._dress()
            last = max(0, self.rows.columnCount() - 1)
            self.rows.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, last)
        super().changeEvent(event)
