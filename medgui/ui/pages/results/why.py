"""Why the number is what it is: waterfall, natural frequency in circles and in a sentence, survival curve."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from medgui.assessment.finding import Finding, Output, SurvivalCurve
from medgui.assessment.points import point_rows, without_points
from medgui.assessment.shown import input_text
from medgui.charts import describe, figures, icon_array, scale, survival, waterfall
from medgui.charts.display import Drawing, Measure, Sizes
from medgui.i18n import _, format_list
from medgui.record.variables import UnitSystem
from medgui.ui.theme import S4, S8, S12, S24, Role, Type, theme
from medgui.ui.widgets.chart import ChartWidget
from medgui.ui.widgets.text import Text, clear_layout

CIRCLES = 290
CURVE_HEIGHT = 230


class SurvivalPanel(QWidget):
    """The survival curve of a finding with its figures in words; beside it, dashed, the file's during a what-if."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = Text("", bold=True)
        self.chart = ChartWidget()
        self.sentence = Text("", wrap=True)
        self.note = Text("", Type.CAPTION, Role.MUTED, wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S8)
        for widget in (self.title, self.chart, self.sentence, self.note):
            column.addWidget(widget)
        self.setVisible(False)

    def show_curve(self, curve: SurvivalCurve | None, before: SurvivalCurve | None = None) -> None:
        """Show *curve*, and dashed that of the file; None shows nothing."""
        self.setVisible(curve is not None)
        if curve is None:
            self.chart.set_build(None)
            return

        def build(width: float, ruler: Measure, sizes: Sizes) -> Drawing:
            height = CURVE_HEIGHT * theme.scale
            return survival.draw(curve, ruler, width, height, sizes=sizes, before=before)

        self.title.set_words(curve.title)
        self.chart.set_build(build)
        self.sentence.set_words(lambda: describe.survival(curve))
        self.note.set_words(lambda: survival.legend(curve, compared=before is not None))


class PointList(QWidget):
    """The points of a score, each with its item, its value and the place where that stands."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(S12)
        self._grid.setVerticalSpacing(S4)
        self._grid.setColumnStretch(2, 1)

    def show_points(self, finding: Finding, output: Output, system: UnitSystem) -> None:
        """List the points of *output*; last the items that gave none."""
        clear_layout(self._grid)
        self._grid.addWidget(Text(_("Points"), bold=True), 0, 0, 1, 3)
        rows = point_rows(finding, output, system)
        for number, row in enumerate(rows, start=1):
            top = Qt.AlignmentFlag.AlignTop
            self._grid.addWidget(Text(row.points, bold=True), number, 0, top | Qt.AlignmentFlag.AlignRight)
            item = _("{item}: {value}").format(item=row.title, value=row.value) if row.value else row.title
            self._grid.addWidget(Text(item, wrap=True), number, 1, top)
            self._grid.addWidget(Text(row.where, Type.CAPTION, Role.MUTED, wrap=True), number, 2, top)
        rest = without_points(finding, output)
        if rest:
            words = _("No points: {items}").format(items=format_list(rest))
            self._grid.addWidget(Text(words, Type.CAPTION, Role.MUTED, wrap=True), len(rows) + 1, 0, 1, 3)
        self.setAccessibleName("; ".join(row.text for row in rows))


class Why(QWidget):
    """The left half of an open finding."""

    def __init__(
        self, system: Callable[[], UnitSystem], sex: str | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._system, self._sex = system, sex
        self._finding: Finding | None = None
        self.chart = ChartWidget()
        self.points = PointList()
        self.circles = ChartWidget()
        self.sentence = Text("", wrap=True)
        self.none = Text(
            lambda: _("No explanation is available for this result."), role=Role.MUTED, wrap=True
        )
        foot = QHBoxLayout()
        foot.setSpacing(S24)
        foot.addWidget(self.circles)
        foot.addWidget(self.sentence, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S12)
        column.addWidget(self.chart)
        column.addWidget(self.points)
        column.addWidget(self.none)
        column.addLayout(foot)
        self.survival = SurvivalPanel()
        column.addWidget(self.survival)
        column.addStretch(1)
        theme.changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        self.circles.setFixedWidth(theme.px(CIRCLES))

    def show_output(self, finding: Finding, output: Output | None) -> None:
        """Explain *output*."""
        self._finding = finding
        staged = output is not None and output.named
        explained = output is not None and not staged and finding.explanation_of(output.name) is not None
        listed = explained and output is not None and output.is_points
        self.none.setVisible(not explained and not staged)
        self.chart.setVisible(staged or (explained and not listed))
        self.points.setVisible(listed)
        if output is not None and listed:
            self.points.show_points(finding, output, self._system())
        if output is not None and staged:
            self.chart.set_build(lambda width, ruler, sizes: scale.large(output, ruler, width, sizes=sizes))
        elif output is not None and explained:

            def build(width: float, ruler: Measure, sizes: Sizes) -> Drawing:
                return waterfall.draw(
                    finding,
                    output,
                    ruler,
                    width,
                    show=lambda used: input_text(used, self._system()),
                    sizes=sizes,
                )

            self.chart.set_build(build)
        self._show_frequency(output)
        self.show_what_if(None)

    def show_what_if(self, changed: Finding | None) -> None:
        """Show the survival curve of the output, or that of the changed finding with the file's dashed beside it."""
        own = self._finding.survival if self._finding is not None else None
        now = changed.survival if changed is not None else None
        self.survival.show_curve(own if changed is None else now, own if changed is not None else None)

    def _show_frequency(self, output: Output | None) -> None:
        sentence = describe.frequency(output, self._sex) if output is not None else ""
        self.circles.setVisible(bool(sentence) and output is not None and figures.is_share(output.unit))
        self.sentence.setVisible(bool(sentence))
        if output is None or not sentence:
            return
        sex = self._sex
        self.circles.set_build(lambda width, _r, _s: icon_array.draw(output, width=width, sex=sex))
        self.sentence.set_words(lambda: describe.frequency(output, sex))
