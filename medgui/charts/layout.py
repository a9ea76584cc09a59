"""Arithmetic shared by the charts: round ticks, rounding that adds up, labels that do not meet."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal


def nice_step(span: float, most: int) -> float:
    """The smallest of 1, 2, 5 × 10ⁿ that cuts `span` into at most `most` pieces."""
    if span <= 0 or most < 1:
        raise ValueError("a positive span and at least one piece are needed")
    rough = span / most
    power = 10.0 ** math.floor(math.log10(rough))
    for factor in (1.0, 2.0, 5.0, 10.0):
        if factor * power >= rough * (1 - 1e-9):
            return factor * power
    return 10.0 * power


def ticks(lo: float, hi: float, most: int) -> list[float]:
    """Round values from `lo` to `hi`, both included where they are round, at most `most` + 1."""
    step = nice_step(hi - lo, most)
    first = math.ceil(lo / step - 1e-9)
    last = math.floor(hi / step + 1e-9)
    return [round(i * step, 12) for i in range(first, last + 1)]


def step_decimals(step: float) -> int:
    """Decimals that a multiple of a round step needs: 0 for 5, 1 for 0.2."""
    return max(0, -math.floor(math.log10(step) + 1e-9))


def largest_remainder(parts: Sequence[float], total: float, decimals: int) -> list[float]:
    """Round `parts` so that the shown figures add up to the shown total.

    Each part goes to one of its two neighbours in steps of 10^-decimals; the steps that are missing to the rounded
    total go to the parts with the largest remainders (Hamilton's method). Where the parts do not sum to the total
    (more than one step a part), the rest goes to the largest part: the shown sum always holds.
    """
    step = Decimal(1).scaleb(-decimals)
    target = int(Decimal(repr(float(total))).quantize(step, rounding=ROUND_HALF_UP).scaleb(decimals))
    scaled = [float(Decimal(repr(float(p))).scaleb(decimals)) for p in parts]
    floors = [math.floor(s + 1e-9) for s in scaled]
    if not parts:
        return []
    short = target - sum(floors)
    order = sorted(range(len(parts)), key=lambda i: (floors[i] - scaled[i], i))
    for i in order[: max(0, min(short, len(parts)))]:
        floors[i] += 1
    left = target - sum(floors)
    if left:
        floors[max(range(len(parts)), key=lambda i: abs(scaled[i]))] += left
    return [float(Decimal(f).scaleb(-decimals)) for f in floors]


def rows_without_overlap(spans: Sequence[tuple[float, float]], gap: float) -> list[int]:
    """For labels (left, right), the first row in which each stands clear of those before it."""
    rows: list[list[tuple[float, float]]] = []
    chosen: list[int] = []
    for left, right in spans:
        for number, row in enumerate(rows):
            if all(right + gap <= a or left >= b + gap for a, b in row):
                row.append((left, right))
                chosen.append(number)
                break
        else:
            rows.append([(left, right)])
            chosen.append(len(rows) - 1)
    return chosen


def clamp(value: float, lo: float, hi: float) -> float:
    """`value` held between `lo` and `hi`; the middle where they have crossed."""
    if lo > hi:
        return (lo + hi) / 2
    return min(max(value, lo), hi)


def centred(x: float, width: float, room: float) -> float:
    """Left edge of a label of `width` centred on x and kept inside 0 … `room`."""
    return clamp(x - width / 2, 0.0, max(0.0, room - width))
