"""A clinic's table for the workshop: read whole, so its size is limited; refused in one sentence where it is none."""

from __future__ import annotations

import hashlib
import itertools
import re
import unicodedata
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from medgui.assessment.table_io import CsvSource, reading
from medgui.errors import UnreadableFile
from medgui.frozen import frozen
from medgui.i18n import _, format_count
from medgui.readers.utf8_copy import in_utf8

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
    """The cells as read: columns of numbers or text.

    sha256: of the file, to tell later what a model was made from. comma: 1,5 is a number. unnamed: names that were
    made up for columns without a heading. note: how the encoding was concluded, "" where it was stated.
    """

    file: str
    sha256: str
    names: tuple[str, ...]
    frame: pd.DataFrame
    comma: bool
    unnamed: tuple[str, ...] = ()
    note: str = ""

    @property
    def rows(self) -> int:
        """How many rows stand below the header."""
        return len(self.frame)

    def texts(self, name: str) -> tuple[list[str], IntArray]:
        """The different texts of a column and the place of each row's [N] among them, -1 where it is missing.

        Spellings that differ only in case, width and spaces are one text, written as it is most often.
        """
        column = self.frame.iloc[:, self.names.index(name)]
        if column.dtype != object and not _is_text(column):
            column = column.map(lambda cell: f"{cell:.15g}" if cell == cell else None)
        codes, found = column.factorize()
        codes = np.asarray(codes)
        texts = [str(cell).strip() for cell in found]
        spellings = _spellings(texts, np.bincount(codes[codes >= 0], minlength=len(texts)))
        number = {key: at for at, key in enumerate(spellings)}
        place = np.array([number.get(_folded(text), -1) for text in texts] + [-1])
        return list(spellings.values()), np.asarray(place[codes], dtype=np.intp)

    def numbers(self, name: str) -> tuple[FloatArray, list[tuple[int, str]]]:
        """The column as numbers [N] (NaN: missing) and cells that are none: (row of the file, text)."""
        column = self.frame.iloc[:, self.names.index(name)]
        if column.dtype != object and not _is_text(column):
            found = column.to_numpy(dtype=np.float64)
            strange = np.flatnonzero(np.abs(found) > _LARGEST)
            cells = [(int(row) + 2, f"{found[row]:g}") for row in strange]
            return np.where(np.abs(found) > _LARGEST, np.nan, found), cells
        texts, place = self.texts(name)
        values = np.array([number_of(text, self.comma) for text in texts] + [np.nan])
        found = values[place]
        strange = np.flatnonzero((place >= 0) & ~(np.abs(found) <= _LARGEST))
        found[strange] = np.nan
        return found, [(int(row) + 2, texts[place[row]]) for row in strange]


_LARGEST = 1e30
"""No measured value is as large, and its square would be no number in a graph of float32."""


def _folded(text: str) -> str:
    """What two spellings of one word have in common."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _spellings(texts: Sequence[str], counts: IntArray) -> dict[str, str]:
    """Each folded text that means something, in the order of the first, with its most frequent spelling."""
    found: dict[str, tuple[str, int]] = {}
    for text, count in zip(texts, counts.tolist(), strict=True):
        key = _folded(text)
        if key in MISSING or text.casefold() in MISSING:
            continue
        if key not in found or count > found[key][1]:
            found[key] = (text, count)
    return {key: text for key, (text, _count) in found.items()}


def _is_text(column: pd.Series[str]) -> bool:
    return column.dtype.kind not in "biuf"


def number_of(text: str, comma: bool) -> float:
    """A cell as a number, infinite where it is none; with *comma* 1,5 is one."""
    try:
        return float(text.replace(",", ".") if comma and "." not in text else text)
    except ValueError:
        return np.inf


def read_table(path: Path) -> Table:
    """Read a CSV. Raises `UnreadableFile` with one sentence where it is too large, or no table."""
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
    with in_utf8(path) as (plain, note):
        source = CsvSource(plain)
        names, unnamed = _names(source.names)
        for _chunk in source.chunks():  # refuses rows with cells too many, by their number
            pass
        frame = _frame(plain, source.delimiter.decode(), len(names))
    return Table(path.name, digest, names, frame, source.delimiter == b";", unnamed, note)


def _digest(path: Path) -> str:
    """SHA-256 of the file."""
    found = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            found.update(block)
    return found.hexdigest()


def _names(header: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The name of each column, and those that were made up."""
    if len(header) > MOST_COLUMNS:
        sentence = _("The table has {n} columns; the workshop takes up to {most}.")
        raise UnreadableFile(sentence.format(n=format_count(len(header)), most=format_count(MOST_COLUMNS)))
    numbers = [float(name) for name in header if _NUMBER.fullmatch(name)]
    if 2 * len(numbers) > len(header) and any(b <= a for a, b in itertools.pairwise(numbers)):
        raise UnreadableFile(_("The first row holds numbers: the headings of the columns are missing."))
    made = {place: name for place, name in enumerate(_free_names(header)) if not header[place]}
    names = [made.get(place, name) for place, name in enumerate(header)]
    for name in names:
        if names.count(name) > 1:
            raise UnreadableFile(_("Two columns of the table are named “{name}”.").format(name=name))
    return tuple(names), tuple(made.values())


_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?", re.IGNORECASE)


def _free_names(header: Sequence[str]) -> Iterator[str]:
    """A name for each column that none has as its heading; the same in every language, so that a recipe finds it."""
    for place in range(1, len(header) + 1):
        name = f"column {place}"
        while name in header:
            name += "_"
        yield name


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
