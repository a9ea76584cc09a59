"""The risk scale of a row: `charts.scale` painted by rows and delegates, and as a widget."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from medgui.assessment.finding import Output
from medgui.charts import scale
from medgui.charts.display import Drawing, Measure, Sizes
from medgui.ui.widgets.chart import ChartWidget, measure, paint_drawing, sizes


def paint_scale(painter: QPainter, rect: QRectF, output: Output, *, what_if: float | None = None) -> None:
    """Paint the scale of *output* into *rect*; *what_if* is a second value in the output's unit."""
    height = min(rect.height(), 24.0)
    drawing = scale.small(output, measure, rect.width(), height=height, what_if=what_if, sizes=sizes())
    paint_drawing(painter, drawing, rect.left(), rect.center().y() - drawing.h / 2)


class Scale(ChartWidget):
    """A risk scale as a widget."""

    def __init__(self, output: Output | None = None, parent: QWidget | None = None) -> None:
        super().__init__(None, parent)
        if output is not None:
            self.set_output(output)

    def set_output(self, output: Output, *, what_if: float | None = None) -> None:
        """Show *output*, and a ring at *what_if*."""

        def build(width: float, ruler: Measure, type_sizes: Sizes) -> Drawing:
            return scale.small(output, ruler, width, what_if=what_if, sizes=type_sizes)

        self.set_build(build)
