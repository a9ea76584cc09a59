"""The right part of the Record page: course and values of the chosen entry, and where each was read."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from medgui.assessment import words
from medgui.charts import trend
from medgui.charts.display import Drawing, Measure, Sizes
from medgui.i18n import _, format_list
from medgui.record.model import Document, Record
from medgui.record.variables import VARIABLES
from medgui.ui.pages.record.entries import Entry, Moment, Reading
from medgui.ui.pages.record.fragment import Fragment, read
from medgui.ui.pages.record.lists import media_words, section_title
from medgui.ui.pages.record.source_lines import SourceLines
from medgui.ui.shapes import Mark
from medgui.ui.theme import S8, S12, S16, S24, Role, Type, theme
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.chart import ChartWidget
from medgui.ui.widgets.panels import Pairs
from medgui.ui.widgets.table import Cell, Right, Row, RowsModel, Table
from medgui.ui.widgets.text import Rule, Text
from medgui.ui.words import breakable

MOST_READINGS, DOCUMENT_LINES = 6, 20


class Side(QWidget):
    """What is known of one entry. A document is shown as plain text, never as a page that could load or run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entry = Entry("", "other", "")
        self._record: Record | None = None
        self._used: tuple[str, ...] = ()
        self.title = Text("", Type.SECTION, wrap=True)
        self.unit = Text("", Type.CAPTION, Role.MUTED)
        self.chart = ChartWidget()
        self.readings = self._make_readings()
        self.note = Text("", role=Role.MUTED, wrap=True)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.where = Text(lambda: _("Where it was read"), bold=True)
        self.lines = SourceLines()
        self.no_lines = Text("", Type.CAPTION, Role.MUTED, wrap=True)
        self.pairs = Pairs(104)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(S8)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.unit)
        column = QVBoxLayout(self)
        column.setContentsMargins(S24, S12, S24, S16)
        column.setSpacing(S12)
        column.addLayout(head)
        for widget in (self.chart, self.readings, self.note, self.text, Rule(), self.where, self.lines):
            column.addWidget(widget)
        column.addWidget(self.no_lines)
        column.addWidget(self.pairs)
        column.addLayout(self._buttons)
        column.addStretch(1)
        theme.changed.connect(self._dress)
        self._dress()

    def _make_readings(self) -> Table:
        model = RowsModel((lambda: _("Date"), lambda: _("Value"), lambda: ""))
        model.aligned[1] = Right
        table = Table(model, lambda: _("All values of this entry"))
        table.set_widths((104, None, 96))
        table.selectionModel().currentRowChanged.connect(lambda now, _old: self._chosen(now.row()))
        return table

    def _dress(self) -> None:
        self.text.setFont(theme.font())
        self.text.setFixedHeight(DOCUMENT_LINES * theme.line(Type.BODY))

    def clear(self) -> None:
        """Leave no text of the patient."""
        self._entry, self._record, self._used = Entry("", "other", ""), None, ()
        for text in (self.title, self.unit, self.note, self.no_lines):
            text.set_words("")
        self.text.setPlainText("")
        self.readings.rows.set_rows(())
        self.chart.set_build(None)
        self.lines.set_fragment(Fragment())
        self.pairs.empty()
        self._empty_buttons()

    def show_entry(self, entry: Entry, record: Record, used: Sequence[str]) -> None:
        """Show *entry* of *record*; *used* names the findings that use it."""
        self._entry, self._record, self._used = entry, record, tuple(used)
        self.title.set_words(entry.title)
        self.unit.set_words(entry.unit)
        self.note.set_words(entry.note)
        self.note.setVisible(bool(entry.note))
        document = next((d for d in record.documents if d.id == entry.document), None)
        self._show_document(document)
        self._show_trend(entry)
        self._show_readings(entry.readings)
        self._show_place(entry, document)
        self._empty_buttons()

    def offer(self, text: Callable[[], str], action: Callable[[], object], key: str = "") -> None:
        """Add a button under the facts."""
        self._buttons.insertWidget(self._buttons.count(), Button(text, action, key=key))

    def _empty_buttons(self) -> None:
        while self._buttons.count():
            item = self._buttons.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    # Values

    def _show_trend(self, entry: Entry) -> None:
        points = [trend.Point(m.day, m.value, m.questioned, m.text) for m in entry.trend]
        self.chart.setVisible(len(points) > 1)
        if len(points) < 2:
            self.chart.set_build(None)
            return
        decimals = _decimals(entry.variable, entry.trend)

        def build(width: float, ruler: Measure, sizes: Sizes) -> Drawing:
            height = 176 * theme.scale
            return trend.large(
                points,
                ruler,
                width,
                height,
                name=entry.title,
                unit=entry.unit,
                decimals=decimals,
                sizes=sizes,
            )

        self.chart.set_build(build)

    def _show_readings(self, readings: Sequence[Reading]) -> None:
        self.readings.setVisible(bool(readings))
        self.readings.rows.set_rows([_row(number, reading) for number, reading in enumerate(readings)])
        rows = min(len(readings), MOST_READINGS) * theme.height("table_row")
        self.readings.setFixedHeight(rows + theme.height("list_head") + 2)

    def _chosen(self, row: int) -> None:
        """Show the place of one of several values."""
        if 0 <= row < len(self._entry.readings) and self._record is not None:
            reading = self._entry.readings[row]
            self.note.set_words(reading.note)
            self.note.setVisible(bool(reading.note))
            self._show_place(replace(self._entry, source=reading.source, time=reading.time), None)

    # Documents and places

    def _show_document(self, document: Document | None) -> None:
        self.text.setVisible(document is not None and bool(document.text))
        self.text.setPlainText(document.text if document is not None else "")
        self.text.setAccessibleName(_("Text of the document"))

    def _show_place(self, entry: Entry, document: Document | None) -> None:
        record, source = self._record, entry.source
        if record is None:
            return
        has_place = bool(source.file or source.location or source.line)
        self.where.setVisible(has_place)
        fragment = read(source, record.parts) if has_place else Fragment()
        self.lines.set_fragment(fragment)
        self.no_lines.set_words(fragment.note)
        self.no_lines.setVisible(bool(fragment.note))
        self._show_pairs(entry, document, fragment)

    def _show_pairs(self, entry: Entry, document: Document | None, fragment: Fragment) -> None:
        self.pairs.empty()
        source = entry.source
        place = ", ".join(part for part in (source.file, source.location) if part)
        pairs = [
            (lambda: _("File"), place),
            (lambda: _("Section"), section_title(source.section)),
            (lambda: _("As written"), source.text),
            (lambda: _("Code"), entry.code),
            (lambda: _("Taken"), words.when(entry.time) if entry.time else ""),
            (lambda: _("Used by"), format_list(list(self._used)) if self._used else ""),
        ]
        if document is not None:
            facts = [(lambda label=label: label, value) for label, value in document.facts]
            pairs = [(lambda: _("Kind"), media_words(document.media_type)), *facts, *pairs]
            if not document.text:
                pairs.insert(0, (lambda: _("Content"), _("Kept in its file; it is not shown here.")))
        if fragment.changed:
            pairs.insert(
                0, (lambda: _("Source text"), _("The file has changed or is gone since it was read."))
            )
        for label, value in pairs:
            if value:
                self.pairs.add(label, breakable(value))


def _decimals(variable: str, points: Sequence[Moment]) -> int:
    """Decimals of the axis: those of the standard input, else as many as the values have."""
    known = VARIABLES.get(variable)
    if known is not None:
        return known.conventional.decimals
    return min(3, max((len(point.text.partition(".")[2]) for point in points), default=0))


def _row(number: int, reading: Reading) -> Row:
    role = Role.TEXT if reading.usable else Role.MUTED
    state = Cell()
    if reading.questioned:
        state = Cell(_("Question"), Role.CAUTION, mark=Mark.QUESTION, type_=Type.CAPTION)
    elif not reading.usable:
        state = Cell(_("not used"), Role.MUTED, tip=reading.note, type_=Type.CAPTION)
    when = words.when(reading.time) if reading.time else _("no date")
    value = f"{reading.value} {reading.unit}".strip()
    return Row((Cell(when, Role.MUTED), Cell(value, role, align=Right), state), key=str(number))
