"""One model over a CSV of any length: rows in, the same rows with results out, memory flat.

What is read is carried through byte for byte (`table_io`); only the needed columns are parsed, and only the new
cells are written. The rules are those of one patient: both go through `inference.batch.evaluate`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from medgui.assessment.csv_lines import number_cells, write_lines
from medgui.assessment.model_rows import CELLS_MISSING, ModelRows, refuse
from medgui.assessment.parquet_read import ParquetSource, is_parquet
from medgui.assessment.table_io import BLOCK_BYTES, Chunk, CsvSource, require_new_names
from medgui.frozen import frozen
from medgui.inference.batch import Batch
from medgui.inference.catalogue import Catalogue
from medgui.inference.marks import READY, STATUSES, unique_codes

FloatArray = NDArray[np.float64]


@dataclass(slots=True)
class Tally:
    """How many rows ended in which status."""

    rows: int = 0
    by_status: dict[str, int] = field(default_factory=dict)

    def add(self, status: NDArray[np.uint8]) -> None:
        """Count the rows of one chunk."""
        self.rows += len(status)
        for code, count in enumerate(np.bincount(status, minlength=len(STATUSES)).tolist()):
            if count:
                self.by_status[STATUSES[code]] = self.by_status.get(STATUSES[code], 0) + count


@frozen
class New:
    """What is appended to N rows: outputs [N, K], contributions [N, C] if asked for, and two columns of words.

    status and cautions are indices [N] into `statuses` and `texts`.
    """

    outputs: FloatArray
    status: NDArray[np.intp]
    cautions: NDArray[np.intp]
    texts: list[str]
    more: FloatArray | None = None
    statuses: tuple[str, ...] = STATUSES

    def of(self, keep: NDArray[np.bool_]) -> New:
        """The rows *keep* alone."""
        more = None if self.more is None else self.more[keep]
        return New(self.outputs[keep], self.status[keep], self.cautions[keep], self.texts, more)


class Scorer:
    """Answers for the rows of one table with one model. `UserError` where a column that would be appended is there.

    names: the columns of the table. mark: what stands between two cells of a CSV.
    """

    def __init__(
        self, catalogue: Catalogue, model: str, names: list[str], *, explain: bool = False, mark: bytes = b","
    ) -> None:
        self.rows = ModelRows(catalogue, model, names)
        self.bundle = self.rows.bundle
        self.mark = mark
        self.explain = explain and self.bundle.manifest.explanation.method != "none"
        self.tally = Tally()
        require_new_names(names, self.appended)

    @property
    def appended(self) -> list[str]:
        """The names of the new columns: outputs, status, cautions, then the contributions if asked for."""
        outputs = list(self.bundle.output_names)
        extra = []
        if self.explain:
            for name in outputs:
                extra += [f"{name}:{input_name}" for input_name in self.bundle.input_names]
                extra.append(f"{name}:baseline")
        return [*outputs, "status", "cautions", *extra]

    def new(self, batch: Batch) -> New:
        """What is appended to the rows of *batch*."""
        outputs = np.column_stack([batch.outputs[name] for name in self.bundle.output_names])
        cautions, texts = batch.marks.texts()
        more = self.contributions(batch) if self.explain else None
        return New(outputs, batch.status.astype(np.intp), cautions, texts, more)

    def of_chunk(self, source: CsvSource, chunk: Chunk) -> tuple[New, NDArray[np.bool_]]:
        """What is appended to each record of a chunk, and which records are rows: blank lines are none."""
        batch = self.rows.evaluate(source.frame(chunk, self.rows.kinds))
        keep = np.ones(len(batch.status), bool)
        if chunk.short:
            refuse(batch, CELLS_MISSING, np.array(chunk.short) > 0)
            keep = np.array([bool(record.strip()) for record in chunk.records])
        self.tally.add(batch.status[keep])
        return self.new(batch), keep

    def cells(self, new: New) -> list[list[bytes]]:
        """The new cells of each row in pieces, each with the mark before it."""
        parts = [number_cells(new.outputs, self.mark), self._notes(new)]
        if new.more is not None:
            parts.append(number_cells(new.more, self.mark))
        return parts

    def _notes(self, new: New) -> list[bytes]:
        count = len(new.texts)
        present, place = unique_codes(new.status * count + new.cautions)
        table = np.empty(len(present), dtype=object)
        for i, key in enumerate(present.tolist()):
            status, cautions = new.statuses[key // count], new.texts[key % count]
            table[i] = self.mark + status.encode() + self.mark + _quoted(cautions, self.mark)
        notes: list[bytes] = table[place].tolist()
        return notes

    def contributions(self, batch: Batch) -> FloatArray:
        """Explain the rows that have a number, [N, columns]; the others are NaN."""
        names, width = self.bundle.output_names, len(self.bundle.input_names) + 1
        table = np.full((len(batch.status), len(names), width), np.nan)
        if self.bundle.manifest.explanation.method == "tree_shap":
            self._explain_columns(batch, table)
        else:
            self._explain_rows(batch, table)
        return table.reshape(len(table), -1)

    def _explain_columns(self, batch: Batch, table: FloatArray) -> None:
        """Trees: all rows of one output at once."""
        from medgui.explain import explain_rows

        for i, name in enumerate(self.bundle.output_names):
            known = np.isfinite(batch.outputs[name])
            if known.any():
                found = explain_rows(self.bundle, batch.x[known], name)
                table[known, i, :-1] = found.contributions
                table[known, i, -1] = found.baseline

    def _explain_rows(self, batch: Batch, table: FloatArray) -> None:
        """Coalitions: all outputs of one row at once."""
        from medgui.explain import explain

        names = self.bundle.output_names
        for row in np.flatnonzero(batch.status == READY).tolist():
            known = [name for name in names if np.isfinite(batch.outputs[name][row])]
            for found in explain(self.bundle, batch.x[row], known):
                if not found.refused:
                    i = names.index(found.output)
                    table[row, i, :-1] = list(found.contributions.values())
                    table[row, i, -1] = found.baseline


def score_file(
    catalogue: Catalogue,
    model: str,
    path: Path,
    write: Callable[[bytes], object],
    *,
    explain: bool = False,
    progress: Callable[[int, int], None] | None = None,
    block_bytes: int = BLOCK_BYTES,
    parquet: bool = False,
) -> tuple[Scorer, Tally]:
    """Score the CSV or Parquet file at *path* and hand the result, CSV or *parquet*, to *write* piece by piece.

    `progress(done, in all)` is called after each piece. Raises `ModelRefused`, `UnreadableFile`, `UserError`;
    `OSError` comes from *write* alone.
    """
    if is_parquet(path):
        from medgui.assessment.score_parquet import parquet_to_csv, parquet_to_parquet

        table = ParquetSource(path)
        scorer = Scorer(catalogue, model, table.names, explain=explain)
        (parquet_to_parquet if parquet else parquet_to_csv)(scorer, table, write, progress)
        return scorer, scorer.tally
    source = CsvSource(path, block_bytes=block_bytes)
    scorer = Scorer(catalogue, model, source.names, explain=explain, mark=source.delimiter)
    if parquet:
        from medgui.assessment.score_parquet import csv_to_parquet

        csv_to_parquet(scorer, source, write, progress)
        return scorer, scorer.tally
    write(source.header + b"".join(scorer.mark + name.encode() for name in scorer.appended) + source.newline)
    for chunk in source.chunks():
        write(_lines(scorer, source, chunk))
        if progress is not None:
            progress(chunk.position, source.size)
    return scorer, scorer.tally


def _lines(scorer: Scorer, source: CsvSource, chunk: Chunk) -> bytes:
    """The chunk's rows with their new cells; short ones get the cells they lack, blank lines stay as they are."""
    new, keep = scorer.of_chunk(source, chunk)
    parts = scorer.cells(new)
    if not chunk.short:
        return write_lines([chunk.records, *parts], chunk.ends)
    lines = []
    rows = zip(chunk.records, chunk.short, chunk.ends, keep.tolist(), *parts, strict=True)
    for record, short, end, kept, *cells in rows:
        lines += [record, scorer.mark * short, *cells, end] if kept else [record, end]
    return b"".join(lines)


def _quoted(text: str, delimiter: bytes) -> bytes:
    cell = text.encode()
    return b'"' + cell.replace(b'"', b'""') + b'"' if delimiter in cell or b'"' in cell else cell
