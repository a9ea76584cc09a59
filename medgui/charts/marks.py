"""Small signs that carry a level without colour: shapes of categories and states, bars of evidence.

marks.shape("caution", 12)       # filled triangle
marks.evidence("trained, externally validated", 26, 11)
"""

from __future__ import annotations

import math
from typing import Literal

from medgui.charts.display import Circle, Drawing, Item, Line, Polygon, Rect, Role

Sign = Literal["info", "caution", "question", "high", "refused", "failed", "inside"]
"""info: open circle; caution: filled triangle; question (input missing): outlined triangle; high: filled diamond;
refused (and not for this patient): circle with a bar; failed: cross; inside: tick."""

_ROLES: dict[str, Role] = {
    "info": "info",
    "caution": "caution",
    "question": "caution",
    "high": "high",
    "refused": "refused",
    "failed": "caution",
    "inside": "muted",
}

EVIDENCE_BARS = {
    "guideline": 4,
    "published equation, externally validated": 4,
    "trained, externally validated": 3,
    "trained, internally validated": 2,
    "demonstration": 1,
}
"""Filled bars of the five grades of evidence (SAFETY 20)."""


def shape(sign: Sign, size: float = 12, *, role: Role | None = None) -> Drawing:
    """The shape of a level in a square of `size`; `role` replaces its own colour (the PDF prints in black)."""
    colour = role or _ROLES[sign]
    return Drawing(size, size, tuple(_items(sign, size, colour)))


def _items(sign: Sign, s: float, role: Role) -> list[Item]:
    m, line = s / 2, max(1.0, s / 8)
    if sign == "info":
        return [Circle(m, m, s * 0.34, edge=role, width=line)]
    if sign in ("caution", "question"):
        inset = line / 2 if sign == "question" else 0.0
        points = (
            (m, s * 0.12 + inset * 1.6),
            (s * 0.94 - inset * 1.6, s * 0.86 - inset),
            (s * 0.06 + inset * 1.6, s * 0.86 - inset),
        )
        if sign == "caution":
            return [Polygon(points, fill=role)]
        return [Polygon(points, edge=role, width=line)]
    if sign == "high":
        return [Polygon(((m, s * 0.04), (s * 0.96, m), (m, s * 0.96), (s * 0.04, m)), fill=role)]
    if sign == "refused":
        d = s * 0.36 * math.sqrt(0.5)
        return [
            Circle(m, m, s * 0.36, edge=role, width=line),
            Line(m - d, m + d, m + d, m - d, role, line),
        ]
    if sign == "failed":
        a, b = s * 0.2, s * 0.8
        return [Line(a, a, b, b, role, line * 1.4), Line(a, b, b, a, role, line * 1.4)]
    return [
        Polygon(
            ((s * 0.15, m), (s * 0.4, s * 0.75), (s * 0.87, s * 0.22)), edge=role, width=line, closed=False
        )
    ]


def evidence(grade: str, width: float = 22, height: float = 10) -> Drawing:
    """Four bars, filled from the left by grade; none filled for a grade that is not one of the five."""
    filled = EVIDENCE_BARS.get(grade, 0)
    pitch = width / 4
    bar = pitch * 0.72
    items = [
        Rect(i * pitch, 0, bar, height, fill="text")
        if i < filled
        else Rect(i * pitch + 0.4, 0.4, bar - 0.8, height - 0.8, edge="control", width=0.8)
        for i in range(4)
    ]
    return Drawing(width, height, tuple(items))
