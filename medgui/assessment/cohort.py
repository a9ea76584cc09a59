"""A whole table in memory, as one model takes it: what `validate` and recalibration work on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from medgui.assessment.model_rows import CELLS_MISSING, ModelRows, Numbers, refuse
from medgui.assessment.table_io import Chunk, CsvSource
from medgui.errors import UserError
from medgui.frozen import frozen
from medgui.i18n import _
from medgui.inference.batch import Batch
from medgui.inference.catalogue import Catalogue

if TYPE_CHECKING:
    import pandas as pd

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@frozen
class Cohort:
    """N rows of a table, blank lines left out.

    batch: values x [N, F], status, outputs and marks of each row. facts: what decides eligibility and is no input,
    [N] each. others: further columns [N] as the file writes them, missing where a cell is empty;
    `score_columns.numbers_of` and `answers_of` make numbers of them. absent: inputs that have no column.
    """

    batch: Batch
    facts: Mapping[str, FloatArray]
    others: Mapping[str, pd.Series[str]]
    absent: tuple[str, ...]


def read_cohort(
    catalogue: Catalogue,
    model: str,
    path: Path,
    others: Sequence[str] = (),
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Cohort:
    """Read the table at *path* for *model*, and the columns *others* that it does not take (outcome, groups).

    `progress(bytes done, bytes in all)`. Raises `ModelRefused` and `UnreadableFile`; `UserError` where the file
    lacks a column of *others* or has it twice.
    """
    source = CsvSource(path)
    rows = ModelRows(catalogue, model, source.names)
    for name in others:
        _require_one(source.names, name)
    kinds = rows.kinds | {name: "text" for name in others if name not in rows.kinds}
    numbers: list[Numbers] = []
    texts: list[dict[str, pd.Series[str]]] = []
    short: list[BoolArray] = []
    for chunk in source.chunks():
        frame = source.frame(chunk, kinds)
        keep, lacking = _rows(chunk, len(frame))
        frame = frame[keep]
        numbers.append(rows.numbers(frame))
        texts.append({name: frame[name].astype("string") for name in others})
        short.append(lacking[keep])
        if progress is not None:
            progress(chunk.position, source.size)
    whole = {name: _joined([part[name] for part in numbers]) for name in rows.plan.kinds}
    batch = rows.answer(whole)
    if short:
        refuse(batch, CELLS_MISSING, np.concatenate(short))
    columns = {name: _texts([part[name] for part in texts]) for name in others}
    return Cohort(batch, {name: whole[name] for name in rows.facts}, columns, tuple(rows.absent()))


def _require_one(names: list[str], name: str) -> None:
    if name not in names:
        raise UserError(_("The file has no column {name}.").format(name=name))
    if names.count(name) > 1:
        raise UserError(_("The file has two columns {name}.").format(name=name))


def _rows(chunk: Chunk, count: int) -> tuple[BoolArray, BoolArray]:
    """Return which rows of a chunk are no blank lines [N], and which lack cells [N]."""
    if not chunk.short:
        return np.ones(count, bool), np.zeros(count, bool)
    keep = np.array([bool(record.strip()) for record in chunk.records])
    return keep, np.array(chunk.short) > 0


def _joined(parts: list[FloatArray]) -> FloatArray:
    return np.concatenate(parts) if parts else np.empty(0)


def _texts(parts: list[pd.Series[str]]) -> pd.Series[str]:
    import pandas as pd

    return pd.concat(parts, ignore_index=True) if parts else pd.Series([], dtype="string")
