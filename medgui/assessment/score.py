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
from medgui.assessment.table_io import BLOCK_BYTES, Chunk, CsvSource, require_new_names
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


class Scorer:
    """Scores chunks of one file with one model. `UserError` where a column that would be appended is there."""

    def __init__(self, catalogue: Catalogue, model: str, source: CsvSource, *, explain: bool = False) -> None:
        self.rows = ModelRows(catalogue, model, source.names)
        self.bundle = self.rows.bundle
        self.source = source
        self.explain = explain and self.bundle.manifest.explanation.method != "none"
        self.tally = Tally()
        require_new_names(source.names, self.appended)

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

    def header(self) -> bytes:
        """Return the header line with the new names."""
        names = self.source.delimiter.join(name.encode() for name in self.appended)
        return self.source.header + self.source.delimiter + names + self.source.newline

    def score(self, chunk: Chunk) -> bytes:
        """Return the chunk's rows with their new cells."""
        batch = self.rows.evaluate(self.source.frame(chunk, self.rows.kinds))
        records, ends = chunk.records, chunk.ends
        if chunk.short:
            refuse(batch, CELLS_MISSING, np.array(chunk.short) > 0)
            records = self._padded(chunk)
        self.tally.add(batch.status)
        outputs = np.column_stack([batch.outputs[name] for name in self.bundle.output_names])
        mark = self.source.delimiter
        parts = [records, number_cells(outputs, mark), self._notes(batch)]
        if self.explain:
            parts.append(number_cells(self.contributions(batch), mark))
        return self._without_blank(chunk, parts) if chunk.short else write_lines(parts, ends)

    def _padded(self, chunk: Chunk) -> list[bytes]:
        """Give short rows the empty cells they lack, so that new cells stand under their names."""
        return [
            record + self.source.delimiter * count
            for record, count in zip(chunk.records, chunk.short, strict=True)
        ]

    def _without_blank(self, chunk: Chunk, parts: list[list[bytes]]) -> bytes:
        """Carry blank lines through as they are: they are no rows."""
        lines = []
        for record, end, *cells in zip(chunk.records, chunk.ends, *parts, strict=True):
            if record.strip():
                lines += [*cells, end]
            else:
                self.tally.rows -= 1
                self.tally.by_status["out_of_scope"] -= 1
                lines += [record, end]
        return b"".join(lines)

    def _notes(self, batch: Batch) -> list[bytes]:
        mark = self.source.delimiter
        index, texts = batch.marks.texts()
        count = len(texts)
        present, place = unique_codes(batch.status.astype(np.intp) * count + index)
        table = np.empty(len(present), dtype=object)
        for i, key in enumerate(present.tolist()):
            status, cautions = STATUSES[key // count], texts[key % count]
            table[i] = mark + status.encode() + mark + _quoted(cautions, mark)
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
) -> tuple[Scorer, Tally]:
    """Score the file at *path* and hand the result to *write* piece by piece.

    `progress(bytes done, bytes in all)` is called after each piece. Raises `ModelRefused`, `UnreadableFile`,
    `UserError`; `OSError` comes from *write* alone.
    """
    source = CsvSource(path, block_bytes=block_bytes)
    scorer = Scorer(catalogue, model, source, explain=explain)
    write(scorer.header())
    for chunk in source.chunks():
        write(scorer.score(chunk))
        if progress is not None:
            progress(chunk.position, source.size)
    return scorer, scorer.tally


def _quoted(text: str, delimiter: bytes) -> bytes:
    cell = text.encode()
    return b'"' + cell.replace(b'"', b'""') + b'"' if delimiter in cell or b'"' in cell else cell
