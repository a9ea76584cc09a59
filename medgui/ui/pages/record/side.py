"""The right part of the Record page: the trend of the chosen value and where it was read."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from medgui.assessment import words
from medgui.charts import trend
from medgui.charts.display import Drawing, Measure, Sizes
from medgui.i18n import _, format_list
from medgui.record.model import Record
from medgui.record.variables import VARIABLES
from medgui.ui.pages.record.entries import Entry
from medgui.ui.pages.record.fragment import Fragment, read
from medgui.ui.theme import S8, S12, S16, S24, Role, Type, theme
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.chart import ChartWidget
from medgui.ui.widgets.panels import Pairs
from medgui.ui.widgets.text import Rule, Text


class SourceLines(QWidget):
    """Numbered source lines on the canvas, the one with the value marked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fragment = Fragment()
        theme.changed.connect(self._dress)
        self._dress()

    def set_fragment(self, fragment: Fragment) -> None:
        """Show other lines."""
        self._fragment = fragment
        self.setVisible(bool(fragment.lines))
        self.setAccessibleName(_("Source text"))
        self.setAccessibleDescription("\n".join(text for _n, text in fragment.lines))
        self._dress()

    def _dress(self) -> None:
        self.setFixedHeight(theme.px(18) * len(self._fragment.lines) + 2 * S8)
        self.update()

    def sizeHint(self) -> QSize:
        """Take the height of the lines."""
        return QSize(theme.px(320), self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, marked line and text."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color(Role.CANVAS))
        font = theme.source_font()
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        height = theme.px(18)
        gutter = (
            metrics.horizontalAdvance(str(max((n for n, _t in self._fragment.lines), default=0))) + 2 * S12
        )
        for row, (number, text) in enumerate(self._fragment.lines):
            line = QRectF(0, S8 + row * height, self.width(), height)
            marked = number == self._fragment.marked
            if marked:
                painter.fillRect(line, theme.color(Role.CAUTION_TINT))
                painter.fillRect(QRectF(0, line.top(), 3, height), theme.color(Role.CAUTION))
            painter.setPen(theme.color(Role.TEXT if marked else Role.MUTED))
            base = line.top() + (height + metrics.ascent() - metrics.descent()) / 2
            painter.drawText(int(S12), int(base), str(number))
            painter.drawText(int(gutter), int(base), text)


class Side(QWidget):
    """What is known of one entry."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = Text("", Type.SECTION)
        self.unit = Text("", Type.CAPTION, Role.MUTED)
        self.chart = ChartWidget()
        self.note = Text("", role=Role.MUTED, wrap=True)
        self.where = Text(lambda: _("Where it was read"), bold=True)
        self.lines = SourceLines()
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
        for widget in (self.chart, self.note, Rule(), self.where, self.lines, self.pairs):
            column.addWidget(widget)
        column.addLayout(self._buttons)
        column.addStretch(1)

    def clear(self) -> None:
        """Leave no text of the patient."""
        self.title.set_words("")
        self.unit.set_words("")
        self.note.set_words("")
        self.chart.set_build(None)
        self.lines.set_fragment(Fragment())
        self.pairs.empty()
        self._empty_buttons()

    def show_entry(self, entry: Entry, record: Record, path: Path | None, used: list[str]) -> None:
        """Show *entry*; *path* is the file it was read from, if it is still known."""
        self.title.set_words(entry.title)
        self.unit.set_words(entry.unit)
        self.note.set_words(entry.note)
        self.note.setVisible(bool(entry.note))
        self._show_trend(entry)
        has_place = bool(entry.source.file or entry.source.location)
        self.where.setVisible(has_place)
        fragment = read(path, entry.source, record.sha256) if path is not None and has_place else Fragment()
        self.lines.set_fragment(fragment)
        self._show_pairs(entry, fragment, used)
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

    def _show_trend(self, entry: Entry) -> None:
        points = [trend.Point(m.day, m.value, m.questioned, m.text) for m in entry.trend]
        variable = VARIABLES.get(entry.variable)
        self.chart.setVisible(len(points) > 1)
        if len(points) < 2 or variable is None:
            self.chart.set_build(None)
            return
        decimals = variable.conventional.decimals

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

    def _show_pairs(self, entry: Entry, fragment: Fragment, used: list[str]) -> None:
        self.pairs.empty()
        source = entry.source
        place = ", ".join(part for part in (source.file, source.location) if part)
        pairs = [
            (lambda: _("File"), place),
            (lambda: _("Section"), source.section),
            (lambda: _("As written"), source.text),
            (lambda: _("Code"), entry.code),
            (lambda: _("Taken"), words.when(entry.time) if entry.time else ""),
            (lambda: _("Used by"), format_list(used) if used else ""),
        ]
        if fragment.changed:
            pairs.insert(
                0, (lambda: _("Source text"), _("The file has changed or is gone since it was read."))
            )
        for label, value in pairs:
            if value:
                self.pairs.add(label, value)
