"""Run a bundle with the values that a patient lacks integrated over the bundle's reference rows.

f(known) = mean over the reference rows b of f(known, b_missing): an input whose manifest says
`missing = "background"` is never set to one typical value. Other missing values reach the graph as NaN.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from medgui.errors import DamagedData
from medgui.i18n import _
from medgui.inference.additive import LogisticSum, logistic_sums
from medgui.inference.bundle import Bundle
from medgui.inference.reference import patterns
from medgui.inference.signatures import place

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Groups = list[tuple[BoolArray, NDArray[np.intp] | None]]

CHUNK = 131_072
"""Largest number of rows given to the graph at once while integrating (memory stays flat)."""
_FEW = 256
"""Rows of one pattern from which a pattern is worth a turn of its own."""
_REPEATED = 32
"""Rows for each new pattern from which its weights are worth their making."""
_KEPT = 256
"""Sets of missing columns whose reference values are kept: a file of many rows may have as many sets."""
TOLERANCE = 1e-9
"""Largest difference between the short and the long way."""


def run_integrated(
    bundle: Bundle, x: FloatArray, outputs: Sequence[str] | None = None
) -> dict[str, FloatArray]:
    """Outputs [N] of *x* [N, F], each the mean over the reference rows where a "background" input is NaN."""
    columns = bundle.rules.background
    lacking = np.isnan(x[:, columns]) if len(columns) else None
    if lacking is None or not lacking.any():
        return bundle.run(x, outputs)
    names = outputs or bundle.output_names
    groups = patterns(lacking)
    shortcuts = _shortcuts(bundle)
    if all(name in shortcuts for name in names):
        return {name: _short_way(bundle, x, lacking, groups, shortcuts[name], name) for name in names}
    result = {name: np.empty(len(x)) for name in names}
    for pattern, rows in groups:
        part = x if rows is None else x[rows]
        for name, values in _long_way(bundle, part, pattern, names).items():
            result[name][slice(None) if rows is None else rows] = values
    return result


def _short_way(
    bundle: Bundle, x: FloatArray, lacking: BoolArray, groups: Groups, shortcut: LogisticSum, name: str
) -> FloatArray:
    """One run of the graph a row; the patterns together, or row by row where nearly each lacks other values."""
    known = shortcut.known(x, lacking)
    fresh = shortcut.fresh(pattern for pattern, _rows in groups)
    if fresh is not None and len(x) >= _REPEATED * max(fresh, 1):
        every = np.arange(len(x))
        lacked = [(pattern, every if rows is None else rows) for pattern, rows in groups if pattern.any()]
        result = shortcut.of_patterns(known, lacked)
    elif len(x) < _FEW * len(groups) and shortcut.whole:
        result = shortcut.of_each(known, lacking)
    else:
        result = known.copy()
        for pattern, rows in groups:
            if pattern.any():
                here = slice(None) if rows is None else rows
                _values, weights, places = support(bundle, bundle.rules.background[pattern])
                result[here] = shortcut.of_group(known[here], pattern, places, weights)
    unsafe = np.flatnonzero(np.isnan(result))
    for pattern, rows in patterns(lacking[unsafe]):
        places = unsafe if rows is None else unsafe[rows]
        result[places] = _long_way(bundle, x[places], pattern, (name,))[name]
    return result


def _shortcuts(bundle: Bundle) -> dict[str, LogisticSum]:
    """The shortcuts of a bundle, each compared once with the long way on reference rows that lack values."""
    if bundle.shortcuts is None:
        bundle.shortcuts = {
            name: shortcut
            for name, shortcut in logistic_sums(bundle).items()
            if _agrees(bundle, name, shortcut)
        }
    return bundle.shortcuts


def _agrees(bundle: Bundle, name: str, shortcut: LogisticSum) -> bool:
    random = np.random.default_rng(0)
    people = bundle.reference.background[random.integers(len(bundle.reference.background), size=8)]
    for count in (1, len(bundle.rules.background)):
        pattern = np.zeros(len(bundle.rules.background), dtype=bool)
        pattern[random.permutation(len(pattern))[:count]] = True
        _values, weights, rows = support(bundle, bundle.rules.background[pattern])
        lacking = np.broadcast_to(pattern, (len(people), len(pattern)))
        short = shortcut.of_group(shortcut.known(people, lacking), pattern, rows, weights)
        gap = np.abs(short - _long_way(bundle, people, pattern, (name,))[name])
        if not (gap[~np.isnan(gap)] <= TOLERANCE).all():
            return False
    return True


def _long_way(
    bundle: Bundle, x: FloatArray, pattern: BoolArray, names: Sequence[str]
) -> dict[str, FloatArray]:
    """Every row with every combination of values that the reference rows have."""
    if not pattern.any():
        return bundle.run(x, names)
    columns = bundle.rules.background[pattern]
    values, weights, _rows = support(bundle, columns)
    step = max(1, CHUNK // len(values))
    outputs = {name: np.empty(len(x)) for name in names}
    for start in range(0, len(x), step):
        part = x[start : start + step]
        rows = np.repeat(part, len(values), axis=0)
        rows[:, columns] = np.tile(values, (len(part), 1))
        for name, answers in bundle.run(rows, names).items():
            outputs[name][start : start + step] = answers.reshape(len(part), len(values)) @ weights
    return outputs


def support(bundle: Bundle, columns: NDArray[np.intp]) -> tuple[FloatArray, FloatArray, NDArray[np.intp]]:
    """Values [K, C] that the reference rows have in *columns*, each once, with its share [K] and one such row [K].

    Rows that lack one of these values are left out. Few values (a category) need few runs of the graph.
    """
    key = columns.tobytes()
    known = bundle.support.get(key)
    if known is None:
        rows = bundle.reference.background[:, columns]
        whole = np.flatnonzero(~np.isnan(rows).any(axis=1))
        if not len(whole):
            names = ", ".join(bundle.input_names[column] for column in columns)
            sentence = _("{file}: no reference row has values for {names}.")
            raise DamagedData(sentence.format(file=place(bundle.folder / "reference.npz"), names=names))
        values, first, counts = np.unique(rows[whole], axis=0, return_index=True, return_counts=True)
        known = (values, counts / counts.sum(), whole[first])
        if len(bundle.support) < _KEPT:
            bundle.support[key] = known
    return known
