"""A clinic's table for the workshop: read whole, so its size is limited; refused in one sentence where it is none."""

from __future__ import annotations

import hashlib
import warnings
from codecs import getincrementaldecoder
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from medgui.assessment.table_io import CsvSource, reading
from medgui.errors import UnreadableFile
from medgui.frozen import frozen
from medgui.i18n import _, format_count

if TYPE_CHECKING:
    import pandas as pd

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]

MOST_BYTES = 128 << 20
"""Larger files are refused before they are read: cells of text take ten times their size in memory."""
MOST_COLUMNS = 2000
MISSING = frozenset(
    {
        "",
        "na",
        "n/a",
        "nan",
        "null",
        "#n/a",
        ".",
        "-",
        "--",
        "?",
        "unknown",
        "missing",
        "缺失",
        "不详",
        "未知",
    }
)
"""Texts that mean that there is no value, lower case. "none" is none of them: it is a finding as often as a gap."""


@frozen
class Table:
    """The cells as read: columns of numbers or text. sha256: of the file, to tell later what a model was made from."""

    file: str
    sha256: str
    names: tuple[str, ...]
    frame: pd.DataFrame
    comma: bool

    @property
    def rows(self) -> int:
        """How many rows stand below the header."""
        return len(self.frame)

    def texts(self, name: str) -> tuple[list[str], IntArray]:
        """The different texts of a column and the place of each row's [N] among them, -1 where it is missing."""
        column = self.frame.iloc[:, self.names.index(name)]
        if column.dtype != object and not _is_text(column):
            column = column.map(lambda cell: f"{cell:.15g}" if cell == cell else None)
        codes, found = column.factorize()
        texts = [str(cell).strip() for cell in found]
        distinct = [text for text in dict.fromkeys(texts) if text.casefold() not in MISSING]
        number = {text: at for at, text in enumerate(distinct)}
        place = np.array([number.get(text, -1) for text in texts] + [-1])
        return distinct, np.asarray(place[np.asarray(codes)], dtype=np.intp)

    def numbers(self, name: str) -> tuple[FloatArray, list[tuple[int, str]]]:
        """The column as numbers [N] (NaN: missing) and cells that are none: (row of the file, text)."""
        column = self.frame.iloc[:, self.names.index(name)]
        if column.dtype != object and not _is_text(column):
            return column.to_numpy(dtype=np.float64), []
        texts, place = self.texts(name)
        values = np.array([_number(text, self.comma) for text in texts] + [np.nan])
        found = values[place]
        strange = np.flatnonzero((place >= 0) & ~np.isfinite(found))
        found[strange] = np.nan
        return found, [(int(row) + 2, texts[place[row]]) for row in strange]


def _is_text(column: pd.Series[str]) -> bool:
    return column.dtype.kind not in "biuf"


def _number(text: str, comma: bool) -> float:
    try:
        return float(text.replace(",", ".") if comma and "." not in text else text)
    except ValueError:
        return np.inf


def read_table(path: Path) -> Table:
    """Read a CSV in UTF-8. Raises `UnreadableFile` with one sentence where it is too large, or no table."""
    with reading(path):
        size = path.stat().st_size
        if size > MOST_BYTES:
            sentence = _(
                "{file} has {size} MB and the workshop reads up to {most} MB: train on a random part of the rows."
            )
            raise UnreadableFile(
                sentence.format(
                    file=path.name, size=format_count(size >> 20), most=format_count(MOST_BYTES >> 20)
                )
            )
        digest = _digest(path)
    source = CsvSource(path)
    names = _names(source.names)
    for _chunk in source.chunks():  # refuses rows with cells too many, by their number
        pass
    frame = _frame(path, source.delimiter.decode(), len(names))
    return Table(path.name, digest, names, frame, source.delimiter == b";")


def _digest(path: Path) -> str:
    """SHA-256 of the file, which has to be text in UTF-8."""
    found, decode = hashlib.sha256(), getincrementaldecoder("utf-8")().decode
    try:
        with path.open("rb") as stream:
            while block := stream.read(1 << 20):
                found.update(block)
                decode(block)
            decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise UnreadableFile(_("The file is not a CSV text in UTF-8.")) from error
    return found.hexdigest()


def _names(header: list[str]) -> tuple[str, ...]:
    if len(header) > MOST_COLUMNS:
        sentence = _("The table has {n} columns; the workshop takes up to {most}.")
        raise UnreadableFile(sentence.format(n=format_count(len(header)), most=format_count(MOST_COLUMNS)))
    names = [name or _("column {n}").format(n=place) for place, name in enumerate(header, start=1)]
    for name in names:
        if names.count(name) > 1:
            raise UnreadableFile(_("Two columns of the table are named “{name}”.").format(name=name))
    return tuple(names)


def _frame(path: Path, delimiter: str, columns: int) -> pd.DataFrame:
    import pandas as pd

    with reading(path), warnings.catch_warnings():
        warnings.simplefilter("ignore", pd.errors.ParserWarning)
        try:
            frame = pd.read_csv(
                path,
                sep=delimiter,
                header=0,
                names=list(range(columns)),
                index_col=False,
                keep_default_na=False,
                na_values=["", "NA", "N/A", "NaN", "nan", "NULL", "null", "."],
                low_memory=False,
                encoding="utf-8-sig",
            )
        except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
            sentence = _("{file} cannot be cut into rows: check its quotes and line ends.")
            raise UnreadableFile(sentence.format(file=path.name)) from error
    return frame
