"""A CSV as bytes and records: what `score` reads is carried through untouched, new cells are put behind it.

Writing a table again costs ten times what reading it does, and changes what was written (quotes, decimals).
So the file is cut into records without parsing its cells: a line end outside quotes ends a record. Where quotes
are used in a way that this cannot settle (a bare quote inside a cell), the standard library's `csv` decides.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from medgui.errors import UnreadableFile, UserError
from medgui.files import reason
from medgui.i18n import _

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Bytes = np.ndarray[Any, np.dtype[np.uint8]]

BLOCK_BYTES = 1 << 20
"""How much of the file is held at a time: ten to twenty thousand rows, whatever the file's length."""

LONGEST_RECORD = 64 << 20
_BOM = b"\xef\xbb\xbf"
_NEWLINE, _RETURN, _QUOTE = 10, 13, 34


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn what the system says against reading *path* into `UnreadableFile` with one sentence."""
    try:
        yield
    except OSError as error:
        sentence = _("{file} cannot be opened: {reason}.")
        raise UnreadableFile(sentence.format(file=path.name, reason=reason(error))) from error


@dataclass(frozen=True)
class Chunk:
    """Some records. `records` are the bytes without their line ends, `ends` the line ends as written.

    `short` says how many cells each lacks (empty list: none does); `row` is the file's row of the first one, the
    header being row 1; `position` how many bytes of the file have been read.
    """

    records: list[bytes]
    ends: list[bytes]
    short: list[int] = field(default_factory=list)
    row: int = 2
    position: int = 0


class CsvSource:
    """The input of `score`: the header's names, then chunk after chunk. Memory does not grow with the file."""

    def __init__(self, path: Path, *, block_bytes: int = BLOCK_BYTES) -> None:
        self.path = path
        self.block_bytes = block_bytes
        with reading(path), path.open("rb") as stream:
            self.size = path.stat().st_size
            self.header, self.header_end, self.start = _read_header(stream)
        self.delimiter = _delimiter(self.header)
        self.names = _names(self.header, self.delimiter)
        self.newline = self.header_end or b"\n"

    def chunks(self) -> Iterator[Chunk]:
        """Go through the records after the header. `UnreadableFile` names the first row with too many cells."""
        with reading(self.path):
            yield from self._chunks()

    def _chunks(self) -> Iterator[Chunk]:
        with self.path.open("rb") as stream:
            stream.seek(self.start)
            rest, row, position = b"", 2, self.start
            while True:
                block = stream.read(self.block_bytes)
                data = rest + block
                if not data:
                    return
                cut, stray = self._cut(data, last=not block)
                if stray:
                    stream.seek(position)
                    yield from self._by_csv(stream, row, position)
                    return
                rest = data[cut:]
                if cut:
                    position += cut
                    chunk = self._split(data[:cut], row, position)
                    row += len(chunk.records)
                    yield chunk
                elif len(data) > LONGEST_RECORD:
                    raise UnreadableFile(_not_cut(row))

    def frame(self, chunk: Chunk, columns: dict[str, str]) -> pd.DataFrame:
        """Parse the named columns of a chunk: "number" where all cells are numbers, else text.

        `columns` maps a name to "number" or "text". Only an empty cell is missing; "NA" is text.
        """
        import pandas as pd

        wanted = {i: name for i, name in enumerate(self.names) if name in columns}
        if not wanted:
            return pd.DataFrame(index=range(len(chunk.records)))
        text = b"\n".join(chunk.records) + b"\n"
        try:
            frame = pd.read_csv(
                io.BytesIO(text),
                header=None,
                names=range(len(self.names)),
                usecols=list(wanted),
                dtype={i: "category" for i, name in wanted.items() if columns[name] == "text"},
                sep=self.delimiter.decode(),
                keep_default_na=False,
                na_values=[""],
                skip_blank_lines=False,
                low_memory=False,
                encoding="utf-8",
                encoding_errors="replace",
                engine="c",
            )
        except pd.errors.ParserError as error:
            raise UnreadableFile(_not_cut(chunk.row)) from error
        if len(frame) != len(chunk.records):
            raise UnreadableFile(_not_cut(chunk.row))
        return frame.rename(columns=wanted)

    def _cut(self, data: bytes, *, last: bool) -> tuple[int, bool]:
        """Return where the last whole record ends, and whether a quote stands where none can open a cell."""
        if b'"' not in data:
            return (len(data) if last else data.rfind(b"\n") + 1), False
        import numpy as np

        buffer = np.frombuffer(data, dtype=np.uint8)
        quotes = np.flatnonzero(buffer == _QUOTE)
        opening = quotes[::2]
        before = np.where(opening > 0, buffer[opening - 1], _NEWLINE)
        at_start = (before == _NEWLINE) | (before == self.delimiter[0]) | (before == _QUOTE)
        if not bool(at_start.all()):
            return 0, True
        if last:
            return len(data), len(quotes) % 2 == 1
        ends = np.flatnonzero(buffer == _NEWLINE)
        outside = ends[np.searchsorted(quotes, ends) % 2 == 0]
        return (int(outside[-1]) + 1 if len(outside) else 0), False

    def _split(self, data: bytes, row: int, position: int) -> Chunk:
        lines = data.split(b"\n") if b'"' not in data else _split_quoted(data)
        closed = not lines[-1]
        if closed:
            lines.pop()
        ends = [b"\n"] * len(lines)
        if b"\r" in data:
            for i, line in enumerate(lines):
                if line.endswith(b"\r"):
                    lines[i], ends[i] = line[:-1], b"\r\n"
        if not closed:
            ends[-1] = ends[-1][:-1]
        short = [] if self._all_whole(data, len(lines)) else self._missing_cells(lines)
        return self._checked(Chunk(lines, ends, short, row, position))

    def _all_whole(self, data: bytes, count: int) -> bool:
        """Tell quickly whether each of *count* records has as many cells as the header; False: not known."""
        if b'"' in data:
            return False
        mark = self.delimiter
        others = bytes(sign for sign in range(256) if sign not in (mark[0], _NEWLINE))
        found = data.translate(None, others)
        line = mark * (len(self.names) - 1) + b"\n"
        return found.ljust(len(line) * count, b"\n") == line * count

    def _missing_cells(self, records: list[bytes]) -> list[int]:
        """Count the cells that each record lacks (negative: cells too many). Empty where none does."""
        want = len(self.names) - 1
        mark = self.delimiter
        short = [
            want + 1 - len(_cells(record, mark)) if b'"' in record else want - record.count(mark)
            for record in records
        ]
        return short if any(short) else []

    def _checked(self, chunk: Chunk) -> Chunk:
        for i, count in enumerate(chunk.short):
            if count < 0:
                sentence = _("Row {row} has {cells} cells, the header has {columns}.")
                columns = len(self.names)
                raise UnreadableFile(
                    sentence.format(row=chunk.row + i, cells=columns - count, columns=columns)
                )
        return chunk

    def _by_csv(self, stream: BinaryIO, row: int, position: int) -> Iterator[Chunk]:
        """Cut the rest of the file by the `csv` module, slower and exact."""
        records: list[bytes] = []
        ends: list[bytes] = []
        size = 0
        for raw in _records_by_csv(stream, self.delimiter.decode(), row):
            content = raw.rstrip(b"\r\n") if raw.endswith(b"\n") else raw
            records.append(content)
            ends.append(raw[len(content) :])
            size += len(raw)
            if size >= self.block_bytes:
                position, size = position + size, 0
                yield self._checked(Chunk(records, ends, self._missing_cells(records), row, position))
                row += len(records)
                records, ends = [], []
        if records:
            yield self._checked(Chunk(records, ends, self._missing_cells(records), row, position + size))


def _read_header(stream: BinaryIO) -> tuple[bytes, bytes, int]:
    start = stream.read(1 << 20)
    if not start.strip():
        raise UnreadableFile(_("The file is empty."))
    if b"\0" in start or start[:2] in (b"PK", b"\x1f\x8b", b"\xff\xfe", b"\xfe\xff"):
        raise UnreadableFile(_("The file is not a CSV text in UTF-8."))
    body = start.removeprefix(_BOM)
    skipped = len(start) - len(body)
    end = _end_of_first_record(body)
    line = body[:end]
    if b"\r" in line.rstrip(b"\r\n") and b'"' not in line:
        raise UnreadableFile(_("The line ends of the file are not understood (a carriage return alone)."))
    content = line.rstrip(b"\r\n")
    return content, line[len(content) :], skipped + end


def _end_of_first_record(data: bytes) -> int:
    position = -1
    while True:
        position = data.find(b"\n", position + 1)
        if position < 0:
            return len(data)
        if data.count(b'"', 0, position) % 2 == 0:
            return position + 1


def _delimiter(header: bytes) -> bytes:
    if b"," in header:
        return b","
    return max((b",", b";", b"\t"), key=header.count)


def _names(header: bytes, delimiter: bytes) -> list[str]:
    return [name.strip() for name in _cells(header, delimiter)]


def _cells(record: bytes, delimiter: bytes) -> list[str]:
    text = record.decode("utf-8", errors="replace")
    return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter.decode()), [""])


def _split_quoted(data: bytes) -> list[bytes]:
    """Split at line ends outside quotes."""
    lines: list[bytes] = []
    held = b""
    for line in data.split(b"\n"):
        held = held + b"\n" + line if held else line
        if held.count(b'"') % 2 == 0:
            lines.append(held)
            held = b""
    if held:
        lines.append(held)
    return lines


def _records_by_csv(stream: BinaryIO, delimiter: str, row: int) -> Iterator[bytes]:
    consumed: list[bytes] = []

    def lines() -> Iterator[str]:
        for line in stream:
            consumed.append(line)
            yield line.decode("utf-8", errors="replace")

    reader = csv.reader(lines(), delimiter=delimiter)
    while True:
        try:
            next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UnreadableFile(_not_cut(row + reader.line_num)) from error
        yield b"".join(consumed)
        consumed.clear()


def _not_cut(row: int) -> str:
    return _("The file cannot be cut into rows from row {row} on: check its quotes and line ends.").format(
        row=row
    )


def require_new_names(names: list[str], appended: list[str]) -> None:
    """Raise `UserError` where the file already has a column that would be appended."""
    taken = [name for name in appended if name in names]
    if taken:
        sentence = _("The file already has a column {name}, which would be appended.")
        raise UserError(sentence.format(name=taken[0]))
