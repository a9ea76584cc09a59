"""Normal ranges as laboratories write them in a text: "49 - 92", "<85", "[3,5-5,0] mmol/L"."""

from __future__ import annotations

import re

from medgui.frozen import frozen

_FIGURE = r"([+-]?\d+(?:\.\d+|,\d{1,2})?)(?![\d.,])"
"""A comma before three digits may part thousands or decimals: such a range is not read."""
_OPEN, _REST = r"\s*[\[(]?\s*", r"\s*[\])]?\s*(.*)"
_BETWEEN = re.compile(
    rf"{_OPEN}{_FIGURE}\s*(?:-|–|—|~|～|to|bis|à|至|\.\.+|\^)\s*{_FIGURE}{_REST}", re.IGNORECASE
)
_BELOW = re.compile(rf"{_OPEN}(?:<=|=<|<|≤|＜|up to|bis|max\.?)\s*{_FIGURE}{_REST}", re.IGNORECASE)
_ABOVE = re.compile(rf"{_OPEN}(?:>=|=>|>|≥|＞|from|ab|min\.?)\s*{_FIGURE}{_REST}", re.IGNORECASE)


@frozen
class WrittenRange:
    """A normal range as written; `unit` is what stands behind the numbers ("" where nothing)."""

    low: float | None
    high: float | None
    unit: str


def written_range(text: str) -> WrittenRange | None:
    """The limits in "49 - 92", "<85", "≥ 10", "[3,5-5,0] mmol/L"; None where the text says anything else.

    Two strokes are one ("0--40") where the second is not the sign of a number that would make a range.
    """
    both = _BETWEEN.fullmatch(text)
    if both:
        low, high = _figure(both[1]), _figure(both[2])
        if low > high:
            return written_range(text.replace("--", "-")) if "--" in text else None
        return WrittenRange(low, high, both[3].strip())
    below, above = _BELOW.fullmatch(text), _ABOVE.fullmatch(text)
    if below:
        return WrittenRange(None, _figure(below[1]), below[2].strip())
    return WrittenRange(_figure(above[1]), None, above[2].strip()) if above else None


def _figure(text: str) -> float:
    return float(text.replace(",", "."))
