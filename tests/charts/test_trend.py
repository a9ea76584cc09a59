"""What a course shows: every value that nobody doubts is in sight."""

from datetime import date

from medgui.charts import trend
from medgui.charts.display import Drawing, Text


def measure(text: str, size: float, _bold: bool) -> float:
    return 0.5 * size * len(text)


def texts(drawing: Drawing) -> set[str]:
    return {item.text for item in drawing.items if isinstance(item, Text)}


def test_a_sudden_rise_that_nobody_doubts_is_drawn_in_the_chart() -> None:
    values = [243.0, 223.0, 217.0, 231.0, 198.0, 221.0, 369.0]
    points = [trend.Point(date(2020, 1, 1 + n), value) for n, value in enumerate(values)]
    sure = trend.large(points, measure, 420, 180, name="Creatinine", unit="µmol/L", decimals=0)
    doubtful = [*points[:-1], trend.Point(date(2020, 1, 7), 369.0, questioned=True)]
    asked = trend.large(doubtful, measure, 420, 180, name="Creatinine", unit="µmol/L", decimals=0)
    assert "369" in texts(sure)
    assert "369, off the chart" in texts(asked)
