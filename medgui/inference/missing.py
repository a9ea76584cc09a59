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
from medgui.inference.bundle import Bundle
from medgui.inference.reference import patterns
from medgui.inference.signatures import place

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

CHUNK = 131_072
"""Largest number of rows given to the graph at once while integrating (memory stays flat)."""


def run_integrated(
    bundle: Bundle, x: FloatArray, outputs: Sequence[str] | None = None
) -> dict[str, FloatArray]:
    """Outputs [N] of *x* [N, F], each the mean over the reference rows where a "background" input is NaN."""
    columns = bundle.rules.background
    lacking = np.isnan(x[:, columns]) if len(columns) else None
    if lacking is None or not lacking.any():
        return bundle.run(x, outputs)
    names = outputs or bundle.output_names
    result = {name: np.empty(len(x)) for name in names}
    for pattern, rows in patterns(lacking):
        part = x if rows is None else x[rows]
        found = _integrate(bundle, part, pattern, names) if pattern.any() else bundle.run(part, names)
        for name, values in found.items():
            result[name][slice(None) if rows is None else rows] = values
    return result


def _integrate(
    bundle: Bundle, x: FloatArray, pattern: BoolArray, names: Sequence[str]
) -> dict[str, FloatArray]:
    columns = bundle.rules.background[pattern]
    values, weights = support(bundle, columns)
    step = max(1, CHUNK // len(values))
    outputs = {name: np.empty(len(x)) for name in names}
    for start in range(0, len(x), step):
        part = x[start : start + step]
        rows = np.repeat(part, len(values), axis=0)
        rows[:, columns] = np.tile(values, (len(part), 1))
        for name, answers in bundle.run(rows, names).items():
            outputs[name][start : start + step] = answers.reshape(len(part), len(values)) @ weights
    return outputs


def support(bundle: Bundle, columns: NDArray[np.intp]) -> tuple[FloatArray, FloatArray]:
    """Values [K, C] that the reference rows have in *columns*, each once, with its share [K].

    Rows that lack one of these values are left out. Few values (a category) need few runs of the graph.
    """
    key = columns.tobytes()
    known = bundle.support.get(key)
    if known is None:
        rows = bundle.reference.background[:, columns]
        rows = rows[~np.isnan(rows).any(axis=1)]
        if not len(rows):
            names = ", ".join(bundle.input_names[column] for column in columns)
            sentence = _("{file}: no reference row has values for {names}.")
            raise DamagedData(sentence.format(file=place(bundle.folder / "reference.npz"), names=names))
        values, counts = np.unique(rows, axis=0, return_counts=True)
        known = bundle.support[key] = (values, counts / counts.sum())
    return known
