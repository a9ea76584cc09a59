"""The choice among the outputs of one model: a line of parts for each horizon, a list where lines have no room."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from medgui.assessment.finding import Output
from medgui.charts import figures
from medgui.i18n import _
from medgui.ui.theme import S8
from medgui.ui.widgets.field import Choice
from medgui.ui.widgets.segmented import Segmented


class OutputChoice(QWidget):
    """`chosen` carries the name of an output that the user takes; Left and Right step through all of them."""

    chosen = Signal(str)

    def __init__(self, outputs: Sequence[Output], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._outputs = tuple(outputs)
        self.current = outputs[0].name if outputs else ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(S8)
        self.lines: list[Segmented] = []
        for group in _lines(self._outputs):
            line = Segmented(lambda: _("Outputs of this model"))
            line.set_parts([(o.name, part_words(o)) for o in group], "\u0000")
            line.chosen.connect(self._take)
            self.lines.append(line)
            self._column.addWidget(line)
        self.box = Choice(lambda: _("Outputs of this model"))
        for output in self._outputs:
            self.box.addItem(part_words(output), output.name)
        self.box.activated.connect(lambda _n: self._take(str(self.box.currentData())))
        self._column.addWidget(self.box)
        self._fit(10_000)
        self.choose(self.current)

    def choose(self, name: str) -> None:
        """Mark the output *name* as chosen, silently."""
        self.current = name
        for line in self.lines:
            line.choose_none()
            line.choose(name)
        self.box.setCurrentIndex(max(0, self.box.findData(name)))

    def step(self, by: int) -> None:
        """Take the output *by* places further; stops at the ends."""
        names = [output.name for output in self._outputs]
        place = min(max(names.index(self.current) + by, 0), len(names) - 1)
        if names[place] != self.current:
            self._take(names[place])

    def _take(self, name: str) -> None:
        self.choose(name)
        self.chosen.emit(name)

    def _fit(self, width: int) -> None:
        """Show the lines where the widest has room, else the list."""
        widest = max((line.sizeHint().width() for line in self.lines), default=0)
        room = widest <= width
        for line in self.lines:
            line.setVisible(room)
        self.box.setVisible(not room)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose between lines and list for the new width."""
        self._fit(event.size().width())
        super().resizeEvent(event)

    def minimumSizeHint(self) -> QSize:
        """Accept the width of the list."""
        return QSize(self.box.minimumSizeHint().width(), 0)


def _lines(outputs: Sequence[Output]) -> list[list[Output]]:
    """Outputs that share a scale share a line: one for 10 years, one for 30; where none do, all share one."""
    groups: dict[tuple[float, float], list[Output]] = {}
    for output in outputs:
        groups.setdefault(output.scale, []).append(output)
    lines = list(groups.values())
    return lines if any(len(line) > 1 for line in lines) else [list(outputs)]


def part_words(output: Output) -> str:
    """Return the short title of an output with its number."""
    return f"{output.short_title} {figures.value_text(output)}".strip()
