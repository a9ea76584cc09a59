"""Design columns of linear models and networks: numbers standardised, categories as indicators, gaps at the mean."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from medgui.frozen import frozen

FloatArray = NDArray[np.float64]
Codes = Mapping[int, tuple[float, ...]]


@frozen
class Design:
    """How rows x [N, F] become columns [N, C], learnt from training rows.

    columns: (input, code) of each design column; code None is the number itself, NaN says "is missing".
    centre, scale [C]: column = (raw - centre) / scale. A missing value is 0, which is the mean of the training rows.
    """

    columns: tuple[tuple[int, float | None], ...]
    centre: FloatArray
    scale: FloatArray

    def __call__(self, x: FloatArray) -> FloatArray:
        """The columns [N, C]; no value of them is missing."""
        raw = np.column_stack([_raw(x[:, place], code) for place, code in self.columns])
        return np.asarray(np.nan_to_num((raw - self.centre) / self.scale))


def learn(
    x: FloatArray, weights: FloatArray, categories: Codes | None = None, *, gaps: bool = False
) -> Design:
    """The design of training rows x [N, F] with case `weights` [N].

    categories: the codes of inputs that are no numbers. Two codes make one indicator, more make one each; indicators
    are centred and keep their size. gaps: add an indicator for each input that is missing in some training row.
    """
    categories = categories or {}
    columns: list[tuple[int, float | None]] = []
    for place in range(x.shape[1]):
        codes = categories.get(place)
        columns += [(place, None)] if codes is None else [(place, c) for c in _indicated(codes)]
    if gaps:
        columns += [(int(place), np.nan) for place in np.flatnonzero(np.isnan(x).any(axis=0))]
    raw = np.column_stack([_raw(x[:, place], code) for place, code in columns])
    known = np.where(np.isnan(raw), 0.0, weights[:, None])
    total = np.maximum(known.sum(axis=0), 1e-300)
    filled = np.nan_to_num(raw)
    centre = (known * filled).sum(axis=0) / total
    spread = np.sqrt((known * (filled - centre) ** 2).sum(axis=0) / total)
    numbers = np.array([code is None for _place, code in columns])
    scale = np.where(numbers & (spread > 0), spread, 1.0)
    return Design(tuple(columns), np.asarray(centre), np.asarray(scale))


def _indicated(codes: tuple[float, ...]) -> tuple[float, ...]:
    return codes[1:] if len(codes) == 2 else codes


def _raw(values: FloatArray, code: float | None) -> FloatArray:
    if code is None:
        return values
    if np.isnan(code):
        return np.isnan(values).astype(np.float64)
    return np.where(np.isnan(values), np.nan, (values == code).astype(np.float64))
