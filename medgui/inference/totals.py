"""The lowest and highest total that a point score can still reach while items are unanswered: exact bounds.

Where an output is the sum of its inputs' points, the extremes are those of each input by itself; that it is such a sum
is tested on random rows each time. Another score is searched input by input from random rows until nothing moves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Answer = Callable[[FloatArray], dict[str, FloatArray]]
"""Rows [N, F] to each output [N]; NaN where a row has no number."""

TOLERANCE = 1e-9
PROBES = 48
"""Random rows on which the sum of single changes is held against the score itself."""
SWEEPS = 6


def extremes(
    answer: Answer,
    x: FloatArray,
    places: Sequence[int],
    candidates: Sequence[FloatArray],
    outputs: Sequence[str],
) -> dict[str, tuple[float, float]]:
    """Lowest and highest value of each of *outputs* over *candidates* of the inputs at *places* of the row *x* [F].

    candidates[i]: the values that input *places[i]* may take. An output without any number is left out.
    """
    random = np.random.default_rng(len(places))
    start = x.copy()
    start[list(places)] = [values[len(values) // 2] for values in candidates]
    singles = _single_rows(start, places, candidates)
    probes = np.repeat(start[None, :], PROBES, axis=0)
    drawn = [random.integers(len(values), size=PROBES) for values in candidates]
    for place, values, draw in zip(places, candidates, drawn, strict=True):
        probes[:, place] = values[draw]
    answers = answer(np.concatenate([start[None, :], singles, probes]))
    found: dict[str, tuple[float, float]] = {}
    for name in outputs:
        bounds = _of_sum(answers[name], candidates, drawn)
        if bounds is None:
            bounds = _searched(answer, name, probes, places, candidates)
        if bounds is not None:
            found[name] = bounds
    return found


def _single_rows(start: FloatArray, places: Sequence[int], candidates: Sequence[FloatArray]) -> FloatArray:
    """Rows that differ from *start* in one input, input after input and value after value."""
    rows = np.repeat(start[None, :], sum(len(values) for values in candidates), axis=0)
    row = 0
    for place, values in zip(places, candidates, strict=True):
        rows[row : row + len(values), place] = values
        row += len(values)
    return rows


def _of_sum(
    answers: FloatArray, candidates: Sequence[FloatArray], drawn: Sequence[NDArray[np.int64]]
) -> tuple[float, float] | None:
    """The bounds of a sum of single changes; None where the probes say that the score is none."""
    if not np.isfinite(answers).all():
        return None
    base, low, high = answers[0], answers[0], answers[0]
    sums = np.full(PROBES, base)
    row = 1
    for values, draw in zip(candidates, drawn, strict=True):
        change = answers[row : row + len(values)] - base
        low, high = low + change.min(), high + change.max()
        sums = sums + change[draw]
        row += len(values)
    if np.abs(sums - answers[row:]).max() > TOLERANCE:
        return None
    return float(low), float(high)


def _searched(
    answer: Answer, name: str, probes: FloatArray, places: Sequence[int], candidates: Sequence[FloatArray]
) -> tuple[float, float] | None:
    """The bounds found by moving one input after another, from the lowest and the highest probe."""
    ends = []
    for sign in (1.0, -1.0):
        values = sign * answer(probes)[name]
        if np.isnan(values).all():
            return None
        row, best = probes[int(np.nanargmin(values))].copy(), float(np.nanmin(values))
        for _sweep in range(SWEEPS):
            before = best
            for place, options in zip(places, candidates, strict=True):
                rows = np.repeat(row[None, :], len(options), axis=0)
                rows[:, place] = options
                reached = sign * answer(rows)[name]
                if np.isfinite(reached).any() and np.nanmin(reached) < best:
                    row, best = rows[int(np.nanargmin(reached))], float(np.nanmin(reached))
            if best == before:
                break
        ends.append(sign * best)
    return ends[0], ends[1]
