"""Lines of a CSV from pieces of text and columns of numbers, many rows at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from medgui.inference.reference import patterns

FloatArray = NDArray[np.float64]
DIGITS = "%.10g"
"""Digits of a number that is no probability."""
PLACES = 12
"""Decimals of a probability: an error below 1e-12."""
CELLS = 1 << 17
"""Numbers that are written at a time."""


def write_lines(parts: Sequence[list[bytes]], ends: list[bytes]) -> bytes:
    """Join N lines, each from one piece of every part and its line end."""
    width = len(parts) + 1
    cells: list[bytes] = ends * width
    for place, part in enumerate([*parts, ends]):
        cells[place::width] = part
    return b"".join(cells)


def number_cells(values: FloatArray, mark: bytes) -> list[bytes]:
    """Write the numbers [N, K] as one piece for each row: ",0.147000000000,0.092000000000"; NaN is an empty cell."""
    step = max(1, CELLS // max(1, values.shape[1]))
    found: list[bytes] = []
    for start in range(0, len(values), step):
        found += _number_cells(values[start : start + step], mark)
    return found


def _number_cells(values: FloatArray, mark: bytes) -> list[bytes]:
    known = ~np.isnan(values)
    if not ((values >= 0.0) & (values <= 1.0) | ~known).all():
        return _any_numbers(values, mark)
    groups = patterns(known)
    if len(groups) == 1:
        return _probabilities(values, known[0], mark)
    cells = np.empty(len(values), dtype=object)
    for pattern, rows in groups:
        cells[rows] = _probabilities(values[rows], pattern, mark)
    lines: list[bytes] = cells.tolist()
    return lines


def _probabilities(values: FloatArray, known: NDArray[np.bool_], mark: bytes) -> list[bytes]:
    """Rows of numbers from 0 to 1, and empty cells where the column is not *known*; digits by whole arrays."""
    sign, zero, point = mark[0], ord("0"), ord(".")
    width = PLACES + 3
    text = np.empty((len(values), int(known.sum()) * width + int((~known).sum())), dtype=np.uint8)
    place = 0
    for column, written in enumerate(known.tolist()):
        text[:, place] = sign
        place += 1
        if not written:
            continue
        whole = np.rint(values[:, column] * 10.0**PLACES).astype(np.int64)
        upper, lower = np.divmod(whole, 10 ** (PLACES // 2))
        for rest, last in ((lower.astype(np.uint32), PLACES + 1), (upper.astype(np.uint32), PLACES // 2 + 1)):
            for digit in range(last, last - PLACES // 2, -1):
                left = rest // np.uint32(10)
                text[:, place + digit] = rest - left * np.uint32(10) + np.uint32(zero)
                rest = left
        text[:, place] = rest + np.uint32(zero)
        text[:, place + 1] = point
        place += width - 1
    lines: list[bytes] = text.view(f"S{text.shape[1]}").reshape(-1).tolist()
    return lines


def _any_numbers(values: FloatArray, mark: bytes) -> list[bytes]:
    line = (mark.decode() + DIGITS) * values.shape[1] + "\n"
    text: str = (line * len(values)) % tuple(values.ravel().tolist())
    return text.replace("nan", "").encode().split(b"\n")[:-1]
