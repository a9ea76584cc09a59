"""Values that stand in each other's place: systolic and diastolic pressure, weight and height."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from medgui.record.model import Observation
from medgui.record.variables import VARIABLES

Pair = tuple[Observation, Observation]


def swapped(observations: Iterable[Observation]) -> Iterator[Pair]:
    """Pairs of one reading in which systolic is not above diastolic, or weight and height fit only exchanged.

    *observations* are usable numbers; those that are not in their canonical unit are passed over.
    """
    listed = [found for found in observations if _in_own_unit(found)]
    for first, second in _pairs(listed, "systolic_bp", "diastolic_bp"):
        if number_of(first) <= number_of(second):
            yield first, second
    for first, second in _pairs(listed, "weight", "height"):
        if _would_swap(first, second):
            yield first, second


def _pairs(observations: Iterable[Observation], one: str, other: str) -> Iterator[Pair]:
    """Values of one reading: the same panel, else the same time."""
    firsts: dict[tuple[str, str], Observation] = {}
    seconds: dict[tuple[str, str], Observation] = {}
    for found in observations:
        if found.variable in (one, other):
            kept = firsts if found.variable == one else seconds
            panel = found.id.partition("#")[0] if "#" in found.id else ""
            kept.setdefault((panel, found.time), found)
    for place, first in firsts.items():
        if place in seconds:
            yield first, seconds[place]


def _in_own_unit(found: Observation) -> bool:
    variable = VARIABLES.get(found.variable)
    return variable is not None and found.unit == variable.unit and math.isfinite(number_of(found))


def number_of(found: Observation) -> float:
    """The value as a number; NaN where it is none."""
    value = found.value
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan


def _would_swap(weight: Observation, height: Observation) -> bool:
    kilograms, centimetres = number_of(weight), number_of(height)
    return 120 <= kilograms <= 220 and 35 <= centimetres <= 118 and kilograms > centimetres + 40
