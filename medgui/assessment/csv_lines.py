"""Lines of a CSV from pieces of text and columns of numbers, made in one go."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from medgui.inference.reference import patterns

FloatArray = NDArray[np.float64]
DIGITS = b"%.10g"
"""Digits of a number in the output: more than float32 holds, an error below 1e-9 of a probability."""
CELLS = 1 << 18
"""Cells that are held as Python objects at a time (32 bytes each)."""


def write_lines(parts: Sequence[list[bytes] | FloatArray], ends: list[bytes], mark: bytes) -> bytes:
    """Join N lines: each of *parts* is N pieces of text as they are, or numbers [N, K] that each follow *mark*.

    NaN is an empty cell. Text brings its own separators; *ends* are the line ends.
    """
    width = 1 + sum(1 if isinstance(part, list) else part.shape[1] for part in parts)
    step = max(1, CELLS // width)
    pieces = []
    for start in range(0, len(ends), step):
        here = slice(start, start + step)
        pieces.append(_lines([part[here] for part in parts], ends[here], mark, width))
    return b"".join(pieces)


def _lines(parts: Sequence[list[bytes] | FloatArray], ends: list[bytes], mark: bytes, width: int) -> bytes:
    cells: list[bytes | float | None] = [None] * (len(ends) * width)
    formats: list[bytes] = []
    empty = np.zeros((len(ends), width), dtype=bool)
    for part in parts:
        place = len(formats)
        if isinstance(part, list):
            cells[place::width] = part
            formats.append(b"%b")
            continue
        for column in part.T:
            place = len(formats)
            cells[place::width] = column.tolist()
            empty[:, place] = np.isnan(column)
            formats.append(mark + DIGITS)
    cells[width - 1 :: width] = ends
    formats.append(b"%b")
    line = b"".join(formats)
    if not empty.any():
        return line * len(ends) % tuple(cells)
    for row, place in np.argwhere(empty).tolist():
        cells[row * width + place] = b""
    return _holed(formats, empty, mark) % tuple(cells)


def _holed(formats: list[bytes], empty: NDArray[np.bool_], mark: bytes) -> bytes:
    """The format of all lines where *empty* [N, width] says which numbers are none."""
    lines = np.empty(len(empty), dtype=object)
    for pattern, rows in patterns(empty):
        shape = (mark + b"%b" if none else each for each, none in zip(formats, pattern.tolist(), strict=True))
        lines[slice(None) if rows is None else rows] = b"".join(shape)
    return b"".join(lines.tolist())
