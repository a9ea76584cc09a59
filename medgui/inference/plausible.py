"""What a result could be while a required input is missing: its range over that input's plausible values.

The total of a point score has exact bounds instead: over all values that its inputs accept (`totals`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

import numpy as np
from numpy.typing import NDArray

from medgui.frozen import frozen
from medgui.inference.accepted import Facts
from medgui.inference.batch import evaluate
from medgui.inference.bundle import Bundle
from medgui.inference.manifest import InputSpec
from medgui.inference.rules import is_yes_no
from medgui.inference.totals import extremes

FloatArray = NDArray[np.float64]

CURVE_POINTS = 41
MOST_ROWS = 4096
FINE = 301
"""Values of a number within its accepted range at which a point score is looked up, and within its plausible one."""


@frozen
class PlausibleCurve:
    """The outputs over one missing input: x [K] in its unit, y[output] [K] in the output's (NaN: no number)."""

    input: str
    x: FloatArray
    y: Mapping[str, FloatArray]


@frozen
class Plausible:
    """Lowest and highest value of each output over plausible values of `missing`; a curve where one is missing.

    Of a point score they are exact: the lowest and the highest total that can still come out.
    """

    missing: tuple[str, ...]
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    curve: PlausibleCurve | None = None


def plausible_range(bundle: Bundle, x: FloatArray, facts: Facts | None = None) -> Plausible:
    """Answer for one row *x* [F] whose required inputs are not all known; *facts* as in `evaluate`.

    Where all required ones are known, the optional ones that the equation could not do without are taken.
    One missing input: an even grid over its plausible values. Several: the product of their grids, up to 4096
    rows; beyond that a seeded random sample, half of it corners. Points: their exact bounds. No range where an input
    states no plausible values.
    """
    x = np.asarray(x, dtype=np.float64)
    places = _required(bundle, x) or _needed_after_all(bundle, x, facts)
    specs = [bundle.manifest.inputs[place] for place in places]
    names = tuple(spec.name for spec in specs)
    fixed = [_codes(spec) for spec in specs]
    bounds = [_bounds(spec) for spec in specs]
    if not places or any(code is None and bound is None for code, bound in zip(fixed, bounds, strict=True)):
        return Plausible(names)
    points = [output.name for output in bundle.manifest.outputs if output.is_points]
    one = len(places) == 1 and fixed[0] is None
    ranges: dict[str, tuple[float, float]] = {}
    curve = None
    if one or len(points) < len(bundle.manifest.outputs):
        grid = _grid(fixed, bounds)
        rows = np.repeat(x[None, :], len(grid), axis=0)
        rows[:, places] = grid
        answers = evaluate(bundle, rows, facts).outputs
        ranges = {
            name: (float(np.nanmin(values)), float(np.nanmax(values)))
            for name, values in answers.items()
            if not np.isnan(values).all()
        }
        curve = PlausibleCurve(names[0], grid[:, 0], answers) if one else None
    if points:
        candidates = [_candidates(spec) for spec in specs]
        ranges |= extremes(lambda rows: evaluate(bundle, rows, facts).outputs, x, places, candidates, points)
    return Plausible(names, ranges, curve)


def _required(bundle: Bundle, x: FloatArray) -> list[int]:
    inputs = bundle.manifest.inputs
    return [place for place, spec in enumerate(inputs) if spec.missing == "refuse" and np.isnan(x[place])]


def _needed_after_all(bundle: Bundle, x: FloatArray, facts: Facts | None) -> list[int]:
    marked = {mark.input for mark in evaluate(bundle, x, facts).marks.of(0) if mark.code == "missing"}
    return [place for place, spec in enumerate(bundle.manifest.inputs) if spec.name in marked]


def _candidates(spec: InputSpec) -> FloatArray:
    """All values of a choice; of a number so many that a step of a point table hardly lies between two of them."""
    codes = _codes(spec)
    if codes is not None:
        return codes
    ranges = {each for each in (spec.accepted, _bounds(spec)) if each is not None}
    values = np.concatenate([np.linspace(lo, hi, FINE) for lo, hi in sorted(ranges)])
    return np.array(sorted(set(values.tolist())))


def _codes(spec: InputSpec) -> FloatArray | None:
    """The values of a category or a yes/no; None for a number."""
    if spec.categories:
        return np.array(sorted(spec.categories.values()))
    return np.array([0.0, 1.0]) if is_yes_no(spec) else None


def _bounds(spec: InputSpec) -> tuple[float, float] | None:
    """The plausible range of a number within its accepted one; else the range seen, else the accepted one."""
    bounds = spec.plausible or spec.seen or spec.accepted
    if bounds is None or spec.accepted is None:
        return bounds
    return max(bounds[0], spec.accepted[0]), min(bounds[1], spec.accepted[1])


def _grid(fixed: list[FloatArray | None], bounds: list[tuple[float, float] | None]) -> FloatArray:
    """Rows of candidate values [K, M] for M missing inputs."""
    coded = int(np.prod([len(codes) for codes in fixed if codes is not None], dtype=np.int64))
    numbers = sum(codes is None for codes in fixed)
    points = CURVE_POINTS if len(fixed) == 1 else 3
    if numbers:
        while points < CURVE_POINTS and coded * (points + 2) ** numbers <= MOST_ROWS:
            points += 2
    axes = [
        codes if codes is not None else np.linspace(*(bound or (0.0, 0.0)), points)
        for codes, bound in zip(fixed, bounds, strict=True)
    ]
    if int(np.prod([len(axis) for axis in axes], dtype=np.int64)) <= MOST_ROWS:
        return np.stack([part.reshape(-1) for part in np.meshgrid(*axes, indexing="ij")], axis=1)
    random = np.random.default_rng(len(axes))
    corners = np.stack([random.choice(axis[[0, -1]], MOST_ROWS // 2) for axis in axes], axis=1)
    inside = np.stack([random.choice(axis, MOST_ROWS // 2) for axis in axes], axis=1)
    return np.concatenate([corners, inside])
