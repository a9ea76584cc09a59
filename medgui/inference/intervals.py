"""Intervals of one patient's outputs. Each says its kind; there is no blanket "95 %" (SAFETY 19)."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from medgui.frozen import frozen
from medgui.inference.bundle import Bundle
from medgui.inference.manifest import InputSpec
from medgui.inference.missing import run_integrated, support
from medgui.inference.reference import IntervalTable

FloatArray = NDArray[np.float64]

DRAWS = 1000
"""Simulated re-measurements of one patient (half of them mirrored)."""

SEED = 20231110
"""One seed for every patient: the same values give the same interval."""


@frozen
class OutputInterval:
    """An interval in the output's unit; `kind` is "input_variation" or "model", `level` its nominal share."""

    lo: float
    hi: float
    level: float
    kind: str


def intervals(bundle: Bundle, x: FloatArray, outputs: dict[str, float]) -> dict[str, OutputInterval]:
    """Interval of each of *outputs* (name to value, NaN left out) for one row *x* [F], as the manifest says.

    *x* is a row of `Batch.x`: the values as the model used them.

    Empty where the bundle states none. The value itself always lies inside.
    """
    spec = bundle.manifest.interval
    values = {name: value for name, value in outputs.items() if math.isfinite(value)}
    if spec.kind == "none" or not values:
        return {}
    make = _input_variation if spec.kind == "input_variation" else _model
    found = make(bundle, np.asarray(x, dtype=np.float64), values, spec.level)
    return {
        name: OutputInterval(min(lo, values[name]), max(hi, values[name]), spec.level, spec.kind)
        for name, (lo, hi) in found.items()
    }


def _input_variation(
    bundle: Bundle, x: FloatArray, values: dict[str, float], level: float
) -> dict[str, tuple[float, float]]:
    """Percentiles over simulated re-measurements of the known inputs, and draws of reference rows for missing ones."""
    random = np.random.default_rng(SEED)
    half = random.standard_normal((DRAWS // 2, len(x)))
    normal = np.concatenate([half, -half])
    rows = np.repeat(x[None, :], DRAWS, axis=0)
    varied = False
    for place, spec in enumerate(bundle.manifest.inputs):
        if spec.variation and not math.isnan(x[place]):
            rows[:, place] = vary(spec, x[place], normal[:, place])
            varied = True
    columns = bundle.rules.background[np.isnan(x[bundle.rules.background])]
    if len(columns):
        choices, weights, _rows = support(bundle, columns)
        rows[:, columns] = choices[random.choice(len(choices), size=DRAWS, p=weights)]
        varied = True
    return _percentiles(bundle.run(rows), values, level) if varied else {}


def vary(spec: InputSpec, value: float, normal: FloatArray) -> FloatArray:
    """Simulated re-measurements of *value*: normal for ("sd", s), log-normal with median *value* for ("cv", c).

    Kept within the accepted range, and not below a detection limit. A coefficient of variation c is that of a
    log-normal with sigma = sqrt(log(1 + c²)).
    """
    kind, size = spec.variation or ("sd", 0.0)
    ratio = np.exp(math.sqrt(math.log1p(size * size)) * normal)
    drawn = value + size * normal if kind == "sd" else value * ratio
    lo, hi = spec.accepted or (-np.inf, np.inf)
    if spec.below:
        lo = max(lo, spec.below[0])
    return np.clip(drawn, lo, hi)


def _model(
    bundle: Bundle, x: FloatArray, values: dict[str, float], level: float
) -> dict[str, tuple[float, float]]:
    """Limits read from the bundle's tables, widened by what the missing inputs could have been."""
    tables = bundle.reference.intervals
    spread = _missing_spread(bundle, x, values, level)
    found = {}
    for name, value in values.items():
        if name in tables:
            found[name] = _widest(tables[name], (value, *spread.get(name, ())))
    return found


def _widest(table: IntervalTable, scores: tuple[float, ...]) -> tuple[float, float]:
    lo, hi = table.limits(np.array(scores))
    return float(np.min(lo)), float(np.max(hi))


def _missing_spread(
    bundle: Bundle, x: FloatArray, values: dict[str, float], level: float
) -> dict[str, tuple[float, float]]:
    """Percentiles of the outputs over the reference rows' values of the inputs that this patient lacks."""
    imputed = np.flatnonzero(np.isnan(x) & bundle.rules.imputed)
    if not len(imputed):
        return {}
    rows = np.repeat(x[None, :], len(bundle.reference.background), axis=0)
    rows[:, imputed] = bundle.reference.background[:, imputed]
    return _percentiles(run_integrated(bundle, rows), values, level)


def _percentiles(
    found: dict[str, FloatArray], values: dict[str, float], level: float
) -> dict[str, tuple[float, float]]:
    result = {}
    for name in values:
        sample = found[name][np.isfinite(found[name])]
        if len(sample):
            ordered = np.sort(sample)
            result[name] = (quantile(ordered, (1 - level) / 2), quantile(ordered, (1 + level) / 2))
    return result


def quantile(ordered: FloatArray, share: float) -> float:
    """The quantile of rising numbers, as `numpy.quantile` computes it: that would load numpy.ma, 15 ms of a start."""
    at = share * (len(ordered) - 1)
    place = int(at)
    part = at - place
    low, high = float(ordered[place]), float(ordered[min(place + 1, len(ordered) - 1)])
    return high - (high - low) * (1 - part) if part >= 0.5 else low + (high - low) * part
