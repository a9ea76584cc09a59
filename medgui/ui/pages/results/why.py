"""Why the number is what it is: waterfall, natural frequency in circles and in a sentence."""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from medgui.assessment.finding import Finding, Output
from medgui.assessment.shown import input_text
from medgui.charts import describe, icon_array, waterfall
from medgui.charts.display import Drawing, Measure, Sizes
from medgui.i18n import _
from medgui.record.variables import UnitSystem
from medgui.ui.theme import S12, S24, Role, theme
from medgui.ui.widgets.chart import ChartWidget
from medgui.ui.widgets.text import Text

CIRCLES = 290


class Why(QWidget):
    """The left half of an open finding."""

    def __init__(
        self, system: Callable[[], UnitSystem], sex: str | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._system, self._sex = system, sex
        self._finding: Finding | None = None
        self.chart = ChartWidget()
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
        column.addWidget(self.none)
        column.addLayout(foot)
        column.addStretch(1)
        theme.changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        self.circles.setFixedWidth(theme.px(CIRCLES))

    def show_output(self, finding: Finding, output: Output | None) -> None:
        """Explain *output*."""
        self._finding = finding
        explained = output is not None and finding.explanation_of(output.name) is not None
        self.none.setVisible(not explained)
        self.chart.setVisible(explained)
        if output is not None and explained:

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

    def _show_frequency(self, output: Output | None) -> None:
        sentence = describe.frequency(output, self._sex) if output is not None else ""
        self.circles.setVisible(bool(sentence))
        self.sentence.setVisible(bool(sentence))
        if output is None or not sentence:
            return
        sex = self._sex
        self.circles.set_build(lambda width, _r, _s: icon_array.draw(output, width=width, sex=sex))
        self.sentence.set_words(lambda: describe.frequency(output, sex))
