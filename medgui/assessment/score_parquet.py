"""`score` where the input or the output is Parquet.

From Parquet to Parquet every byte of what was read is carried over, whatever its type, and the new columns stand
behind it, row group by row group, named in a new description at the end. From a CSV the cells stay the texts that
they are: what looks like a number need not be one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from medgui.assessment.csv_lines import write_lines
from medgui.assessment.parquet_read import ParquetSource
from medgui.assessment.parquet_write import MAGIC, PAGE_ROWS, Column, Texts, chunk, element, footer
from medgui.assessment.score import New, Scorer
from medgui.assessment.table_io import CsvSource, reading
from medgui.assessment.thrift import BINARY, I32, I64, LIST, STRUCT, Struct, field, put
from medgui.errors import UserError
from medgui.i18n import _

if TYPE_CHECKING:
    import pandas as pd

Write = Callable[[bytes], object]
Progress = Callable[[int, int], None] | None
COPIED = 1 << 20
_DROPPED = (b"ARROW:schema",)
"""Descriptions of the whole table that would no longer fit; the types stand in the schema itself."""


def parquet_to_parquet(scorer: Scorer, source: ParquetSource, write: Write, progress: Progress) -> None:
    """Carry the file over and put the new columns behind it."""
    position = 0
    with reading(source.path), source.path.open("rb") as stream:
        while position < source.start:
            block = stream.read(min(COPIED, source.start - position))
            if not block:
                break
            write(block)
            position += len(block)
    total = sum(source.rows(group) for group in range(len(source.groups)))
    done = 0
    for group in range(len(source.groups)):
        columns = _gathered(list(_group(scorer, source, group)), scorer)
        position += _append(source.groups[group], columns, position, write)
        done += source.rows(group)
        if progress is not None:
            progress(done, total)
    write(_new_footer(source, scorer))


def parquet_to_csv(scorer: Scorer, source: ParquetSource, write: Write, progress: Progress) -> None:
    """Write the columns in their usual text, and the new ones behind them."""
    if source.nested:
        sentence = _("The column {name} has parts of its own; write the result as Parquet.")
        raise UserError(sentence.format(name=min(source.nested)))
    names = source.names
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerow([*names, *scorer.appended])
    write(out.getvalue().encode())
    for group in range(len(source.groups)):
        frame = source.decoded(group, names)
        start = 0
        for new in _group(scorer, source, group):
            rows = len(new.status)
            part = frame.iloc[start : start + rows].apply(_readable)
            lines = part.to_csv(index=False, header=False, lineterminator="\n")
            records = _records(lines)
            write(write_lines([records, *scorer.cells(new)], [b"\n"] * len(records)))
            start += rows
        if progress is not None:
            progress(group + 1, len(source.groups))


def csv_to_parquet(scorer: Scorer, source: CsvSource, write: Write, progress: Progress) -> None:
    """Write the cells as texts, and the new columns with their own types; blank lines are left out."""
    import pandas as pd

    schema: list[Struct] = [element(name, text=True) for name in source.names]
    groups: list[Struct] = []
    write(MAGIC)
    position, total = 4, 0
    for part in source.chunks():
        new, keep = scorer.of_chunk(source, part)
        new = new.of(keep)
        rows = [row for row, kept in zip(part.records, keep.tolist(), strict=True) if kept]
        text = b"\n".join(rows).decode("utf-8", errors="replace")
        cells = list(csv.reader(io.StringIO(text, newline=""), delimiter=source.delimiter.decode()))
        width = len(source.names)
        table = pd.DataFrame([row + [""] * (width - len(row)) for row in cells], columns=range(width))
        columns: list[tuple[str, Column]] = [(name, _texts(table[i])) for i, name in enumerate(source.names)]
        columns += _gathered([new], scorer)
        group: Struct = [(1, LIST, (STRUCT, [])), (2, I64, 0), (3, I64, len(new.status))]
        position += _append(group, columns, position, write)
        total += len(new.status)
        groups.append(group)
        if progress is not None:
            progress(part.position, source.size)
    root: Struct = [(4, BINARY, b"schema"), (5, I32, len(schema) + len(scorer.appended))]
    elements = [root, *schema, *_elements(scorer)]
    meta: Struct = [(1, I32, 2), (2, LIST, (STRUCT, elements)), (3, I64, total), (4, LIST, (STRUCT, groups))]
    write(footer([*meta, (6, BINARY, b"medgui")]))


def _group(scorer: Scorer, source: ParquetSource, group: int) -> Iterator[New]:
    """Answers for a row group, some rows at a time."""
    frame = source.frame(group, scorer.rows.kinds)
    for start in range(0, source.rows(group), PAGE_ROWS):
        part = frame.iloc[start : start + PAGE_ROWS].reset_index(drop=True)
        batch = scorer.rows.evaluate(part)
        scorer.tally.add(batch.status)
        yield scorer.new(batch)


def _gathered(parts: list[New], scorer: Scorer) -> list[tuple[str, Column]]:
    """The new columns of all *parts* one below the other."""
    names = [*scorer.bundle.output_names, "status", "cautions"]
    found: list[tuple[str, Column]] = []
    for place, name in enumerate(scorer.bundle.output_names):
        found.append((name, _stacked([part.outputs[:, place] for part in parts])))
    found.append(("status", _joined([(part.status, list(part.statuses)) for part in parts])))
    found.append(("cautions", _joined([(part.cautions, part.texts) for part in parts])))
    for place, name in enumerate(scorer.appended[len(names) :]):
        found.append((name, _stacked([part.more[:, place] for part in parts if part.more is not None])))
    return found


def _stacked(parts: list[np.ndarray[tuple[int, ...], np.dtype[np.float64]]]) -> Column:
    return np.concatenate(parts) if parts else np.empty(0)


def _joined(parts: list[tuple[np.ndarray[tuple[int, ...], np.dtype[np.intp]], list[str]]]) -> Texts:
    places: dict[str, int] = {}
    codes = [np.empty(0, dtype=np.intp)]
    for index, texts in parts:
        here = np.array([places.setdefault(text, len(places)) for text in texts], dtype=np.intp)
        codes.append(here[index])
    return Texts(np.concatenate(codes), [text.encode() for text in places])


def _texts(column: pd.Series[str]) -> Texts:
    """The cells of a CSV column; an empty cell is none."""
    import pandas as pd

    codes, values = pd.factorize(column.where(column != "", None), use_na_sentinel=True)
    return Texts(codes.astype(np.intp), [str(value).encode() for value in values])


def _append(group: Struct, columns: list[tuple[str, Column]], position: int, write: Write) -> int:
    """Write the chunks of the new columns and name them in *group*; give the bytes written."""
    kind, chunks = field(group, 1)
    size = 0
    added = []
    for name, column in columns:
        content, described, length = chunk(name, column, position + size)
        write(content)
        added.append(described)
        size += length
    put(group, 1, LIST, (kind, [*chunks, *added]))
    put(group, 2, I64, field(group, 2) + size)
    if field(group, 6) is not None:
        put(group, 6, I64, field(group, 6) + size)
    return size


def _elements(scorer: Scorer) -> list[Struct]:
    return [element(name, text=name in ("status", "cautions")) for name in scorer.appended]


def _new_footer(source: ParquetSource, scorer: Scorer) -> bytes:
    meta = list(source.meta)
    new = _elements(scorer)
    root = list(source.schema[0])
    put(root, 5, I32, field(root, 5) + len(new))
    put(meta, 2, LIST, (STRUCT, [root, *source.schema[1:], *new]))
    orders = field(meta, 7)
    if orders is not None:
        put(meta, 7, LIST, (STRUCT, [*orders[1], *([(1, STRUCT, [])] for _element in new)]))
    notes = field(meta, 5)
    if notes is not None:
        kept = [note for note in notes[1] if field(note, 1) not in _DROPPED]
        put(meta, 5, LIST, (STRUCT, kept))
    return footer(meta)


def _readable(column: pd.Series[Any]) -> pd.Series[Any]:
    """Bytes as the text that they are, or as hexadecimal digits."""
    if column.dtype != object:
        return column
    return column.map(_from_bytes, na_action="ignore")


def _from_bytes(cell: object) -> object:
    if not isinstance(cell, bytes):
        return cell
    try:
        return cell.decode("utf-8")
    except UnicodeDecodeError:
        return cell.hex()


def _records(lines: str) -> list[bytes]:
    """Cut written lines into records; a line end inside quotes ends none."""
    records: list[bytes] = []
    held = ""
    for line in lines.split("\n"):
        held = f"{held}\n{line}" if held else line
        if held.count('"') % 2 == 0:
            records.append(held.encode())
            held = ""
    return records[:-1] if records and not records[-1] else records


def is_parquet_name(name: str) -> bool:
    """Tell whether an output of this name is to be Parquet."""
    return Path(name).suffix.lower() in (".parquet", ".pq")
