"""A Parquet file as the input of `score`: its description checked, the needed columns of one row group at a time.

The columns are decoded by fastparquet; the description is read here, so that it can be written again with columns
added while every byte of the others stays as it is.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from medgui.assessment.parquet_write import MAGIC
from medgui.assessment.table_io import reading
from medgui.assessment.thrift import Reader, Struct, field
from medgui.errors import UnreadableFile, UserError
from medgui.i18n import _

if TYPE_CHECKING:
    import pandas as pd

LARGEST_GROUP = 512 << 20
"""Bytes that the needed columns of one row group may take in memory."""
_ENCRYPTED = b"PARE"


def is_parquet(path: Path) -> bool:
    """Tell by its first bytes whether a file is Parquet; the name decides for a file that is too short."""
    with reading(path), path.open("rb") as stream:
        head = stream.read(4)
    return head in (MAGIC, _ENCRYPTED) or (len(head) < 4 and path.suffix.lower() == ".parquet")


class ParquetSource:
    """Names of the columns, then row group after row group. `UnreadableFile` says what is wrong with the file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with reading(path):
            self.size = path.stat().st_size
            self.start, content = _footer(path, self.size)
        try:
            self.meta = Reader(content).struct()
            self.groups: list[Struct] = (field(self.meta, 4) or (0, []))[1]
            self.schema: list[Struct] = field(self.meta, 2)[1]
            self._roots, self.nested = _roots(self.schema)
            self._check_places()
        except (ValueError, IndexError, TypeError, AttributeError, RecursionError) as error:
            raise UnreadableFile(_damaged(path)) from error
        self.names = list(self._roots)
        self._decoder: Any = None

    def rows(self, group: int) -> int:
        """How many rows a row group has."""
        return int(field(self.groups[group], 3))

    def frame(self, group: int, kinds: dict[str, str]) -> pd.DataFrame:
        """The columns of *kinds* of one row group; "text" as categories, "number" as numbers.

        Raises `UserError` for a column that has parts of its own, or too many rows at once.
        """
        import pandas as pd

        for name in kinds:
            if name in self.nested:
                raise UserError(
                    _("The column {name} has parts of its own and cannot be read.").format(name=name)
                )
        rows = self.rows(group)
        if rows * 8 * (1 + len(kinds)) > LARGEST_GROUP:
            raise UnreadableFile(_too_large(self.path))
        frame = self.decoded(group, list(kinds))
        return pd.DataFrame(
            {name: _column(frame[name], kind == "text") for name, kind in kinds.items()}, index=range(rows)
        )

    def decoded(self, group: int, names: list[str]) -> pd.DataFrame:
        """Columns of one row group in their own types."""
        import pandas as pd

        if not names or not self.rows(group):
            return pd.DataFrame({name: [] for name in names}, index=range(self.rows(group)))
        module = fastparquet()
        with self._decoding(), self.path.open("rb") as stream:
            if self._decoder is None:
                self._decoder = module.ParquetFile(stream)
            rows = self._decoder.row_groups[group]
            return self._decoder.read_row_group_file(  # type: ignore[no-any-return]
                rows, names, categories=None, index=False, infile=stream
            )

    @contextmanager
    def _decoding(self) -> Iterator[None]:
        import cramjam

        try:
            with reading(self.path), warnings.catch_warnings():
                # fastparquet 2026.9 reads times in a way that numpy 2.5 calls deprecated.
                warnings.simplefilter("ignore", DeprecationWarning)
                yield
        except (*_FAULTS, cramjam.DecompressionError) as error:
            raise UnreadableFile(_damaged(self.path)) from error

    def _check_places(self) -> None:
        """Every column chunk lies in the file before the description, unencrypted, with as many rows as its group."""
        if field(self.meta, 8) is not None:
            raise UnreadableFile(_encrypted(self.path))
        for group in self.groups:
            for column in field(group, 1)[1]:
                if field(column, 8) is not None or field(column, 9) is not None:
                    raise UnreadableFile(_encrypted(self.path))
                if field(column, 1) is not None:
                    sentence = _("{file} keeps its columns in other files; only a whole file can be read.")
                    raise UnreadableFile(sentence.format(file=self.path.name))
                meta = field(column, 3)
                size = field(meta, 7)
                first = min((place for place in (field(meta, 9), field(meta, 11)) if place), default=4)
                if size < 0 or first < 4 or first + size > self.start:
                    raise ValueError("place of a column")
                if field(meta, 5) != field(group, 3) and field(meta, 3)[1][0].decode() not in self.nested:
                    raise ValueError("rows of a column")


_FAULTS = (
    ValueError,
    RuntimeError,
    KeyError,
    TypeError,
    IndexError,
    AssertionError,
    AttributeError,
    NotImplementedError,
    OverflowError,
    SystemError,
    MemoryError,
)
"""What fastparquet raises for damaged bytes and for encodings that it does not know."""


def fastparquet() -> Any:
    """The module. `UserError` says what to install where it is absent."""
    try:
        import fastparquet
    except ImportError as error:
        sentence = _("Parquet files need the package fastparquet: pip install fastparquet.")
        raise UserError(sentence) from error
    return fastparquet


def _footer(path: Path, size: int) -> tuple[int, bytes]:
    """Where the description of the file starts, and its bytes."""
    with path.open("rb") as stream:
        head = stream.read(4)
        stream.seek(max(0, size - 8))
        tail = stream.read(8)
        if head == _ENCRYPTED or tail[4:] == _ENCRYPTED:
            raise UnreadableFile(_encrypted(path))
        start = size - 8 - int.from_bytes(tail[:4], "little")
        if size < 12 or head != MAGIC or tail[4:] != MAGIC or start < 4:
            raise UnreadableFile(_damaged(path))
        stream.seek(start)
        return start, stream.read(size - 8 - start)


def _roots(schema: list[Struct]) -> tuple[dict[str, Struct], set[str]]:
    """The columns below the root by name, and which of them have parts or repeat."""
    found: dict[str, Struct] = {}
    nested: set[str] = set()
    place = 1
    for _child in range(field(schema[0], 5) or 0):
        element = schema[place]
        name = field(element, 4).decode()
        if name in found:
            raise UserError(_("The file has two columns {name}.").format(name=name))
        found[name] = element
        end = _end(schema, place, 0)
        if end > place + 1 or field(element, 3) == 2:
            nested.add(name)
        place = end
    if place != len(schema):
        raise ValueError("schema")
    return found, nested


def _end(schema: list[Struct], place: int, depth: int) -> int:
    if depth > 64:
        raise ValueError("schema")
    count = field(schema[place], 5) or 0
    place += 1
    for _child in range(count):
        place = _end(schema, place, depth + 1)
    return place


def _column(series: pd.Series[Any], text: bool) -> pd.Series[Any]:
    """Cells as `score_columns` reads them: categories of texts, or numbers; what is neither becomes text."""
    import pandas as pd

    if isinstance(series.dtype, pd.CategoricalDtype):
        series = series.astype(object)
    kind = getattr(series.dtype, "kind", "O")
    if kind in "iuf" and not text:
        values = series.to_numpy(dtype=np.float64, na_value=np.nan)
        return pd.Series(values)
    missing = series.isna().to_numpy()
    plain = series.astype(object).where(~missing, None)
    texts = [None if cell is None else _text(cell) for cell in plain.tolist()]
    return pd.Series(texts, dtype="category" if text else object)


def _text(cell: object) -> str:
    if isinstance(cell, bytes):
        return cell.decode("utf-8", errors="replace")
    if isinstance(cell, bool | np.bool_):
        return "true" if cell else "false"
    return f"{cell:.15g}" if isinstance(cell, float) else str(cell)


def _damaged(path: Path) -> str:
    return _("{file} is no whole Parquet file, or is written in a way that is not known here.").format(
        file=path.name
    )


def _encrypted(path: Path) -> str:
    return _("{file} is an encrypted Parquet file.").format(file=path.name)


def _too_large(path: Path) -> str:
    sentence = _("A row group of {file} is too large; write the file with groups of 100,000 rows.")
    return sentence.format(file=path.name)
