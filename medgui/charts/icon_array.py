"""Natural frequencies as circles: filled for people with the event, from the top left, never scattered.

drawing = icon_array.draw(output, width=288)                      # 5 rows of 20
drawing = icon_array.draw(output, width=170, per_row=10)          # PDF: 10 rows of 10
"""

from __future__ import annotations

from medgui.assessment.finding import Output
from medgui.charts import describe, figures
from medgui.charts.display import Circle, Drawing
from medgui.i18n import _


def draw(output: Output, *, width: float, per_row: int = 20, sex: str | None = None) -> Drawing:
    """100 circles, or 1,000 in rows of 50 for a risk under 1 %; `width` is the widest it may be.

    No items where the output is no probability or has no number. Rows keep the same pitch in both directions,
    with a wider gap after every fifth (tenth for 1,000) circle.
    """
    if output.value is None or not figures.is_share(output.unit):
        return Drawing(width, 0, ())
    count, total = describe.people(output.value)
    columns, group = (50, 10) if total == 1000 else (per_row, 5)
    gaps = (columns - 1) // group
    pitch = min(16.0 if total == 100 else 8.0, width / (columns + gaps * 0.35))
    radius = pitch * 0.37
    items = []
    for number in range(total):
        row, column = divmod(number, columns)
        x = pitch * (column + 0.5) + (column // group) * pitch * 0.35
        y = pitch * (row + 0.5)
        filled = number < count
        items.append(
            Circle(
                x, y, radius, fill="text" if filled else None, edge="text" if filled else "base", width=1.0
            )
        )
    used = pitch * columns + gaps * pitch * 0.35
    height = pitch * (total // columns)
    name = _("Natural frequencies")
    return Drawing(used, height, tuple(items)).described(name, describe.frequency(output, sex))
