"""The part of a file around the place where a value was read, in lines that fit beside it."""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from medgui.errors import MedguiError
from medgui.frozen import frozen
from medgui.i18n import N_, _
from medgui.record.model import FilePart, Source

AROUND = 3
"""Lines shown before and behind the one with the value."""
WIDEST = 160
LONG = 400
"""A line beyond this many signs is shown from the value on, in pieces."""
PIECE, BEFORE, BEHIND = 40, 2, 6
"""Signs of a piece of a long line, and pieces shown before and behind the value."""
LARGEST = 64 * 1024 * 1024
WITHOUT_LINES = frozenset({"xlsx", "dicom", "pdf"})
_LINE = re.compile(r"\r\n|\n|\r")
_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")

NO_LINES = N_("This kind of file has no lines; its place is named below.")
TOO_LARGE = N_("The file is too large to show a part of it here.")
TOO_LONG = N_("The line is too long to show the place in it.")


@frozen
class Fragment:
    """Numbered lines (0: a further piece of the line above); `marked` is the index of the one with the value.

    Without lines `note` says why there are none. `changed`: the file is not the one that was read.
    """

    lines: tuple[tuple[int, str], ...] = ()
    marked: int = -1
    changed: bool = False
    note: str = ""


@frozen
class _Known:
    """The lines of the file that was looked at last."""

    key: tuple[str, int, int, str] = ("", 0, 0, "")
    lines: tuple[str, ...] = ()


_last = _Known()


def forget() -> None:
    """Let go of the file kept here; called when the patient is left."""
    global _last
    _last = _Known()


def part_of(source: Source, parts: Sequence[FilePart]) -> FilePart | None:
    """The file that a place is in: by its name, which stands first in a place without one, or the only one there is."""
    stated = source.file or source.location.partition(", ")[0]
    named = next((part for part in parts if part.name == stated), None)
    return named or (parts[0] if len(parts) == 1 and not source.file else None)


def read(source: Source, parts: Sequence[FilePart]) -> Fragment:
    """Read the lines around *source*; says so where the file is no longer the one that was read."""
    part = part_of(source, parts)
    if part is None or not part.path:
        return Fragment()
    if part.format in WITHOUT_LINES:
        return Fragment(note=_(NO_LINES))
    if source.line is None:
        return Fragment()
    try:
        if Path(part.path).stat().st_size > LARGEST:
            return Fragment(note=_(TOO_LARGE))
        lines = _lines(part)
    except (OSError, MedguiError):
        return Fragment(changed=True)
    if lines is None or source.line > len(lines):
        return Fragment(changed=True)
    return _around(lines, source)


def _lines(part: FilePart) -> tuple[str, ...] | None:
    """All lines of a file, None where it is not what was read."""
    global _last
    path = Path(part.path)
    state = path.stat()
    key = (part.path, state.st_size, state.st_mtime_ns, part.sha256)
    if _last.key != key:
        data = path.read_bytes()
        if part.sha256 and hashlib.sha256(data).hexdigest() != part.sha256:
            return None
        lines = _LINE.split(_text(data, part.name))
        _last = _Known(key, tuple(lines[:-1] if lines[-1] == "" else lines))
    return _last.lines


def _text(data: bytes, name: str) -> str:
    """The text of a file in the encoding that it states or shows."""
    from medgui.readers.encodings import decode

    declared = _DECLARED.match(data[:4096].removeprefix(b"\xef\xbb\xbf"))
    if declared and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode(declared[1].decode("ascii"), "replace").removeprefix("\ufeff")
        except LookupError:
            return decode(data, name).text
    return decode(data, name).text.removeprefix("\ufeff")


def _around(lines: Sequence[str], source: Source) -> Fragment:
    at = (source.line or 1) - 1
    if len(lines[at]) > LONG:
        return _piece(lines[at], source)
    first = max(0, at - AROUND)
    part = lines[first : at + AROUND + 1]
    indent = min((len(text) - len(text.lstrip()) for text in part if text.strip()), default=0)
    shown = tuple((first + 1 + n, _visible(text[indent : indent + WIDEST])) for n, text in enumerate(part))
    return Fragment(shown, at - first)


def _piece(line: str, source: Source) -> Fragment:
    """Pieces of one long line; the marked one begins with the value."""
    at = _position(line, source)
    if at is None:
        return Fragment(note=_(TOO_LONG))
    start = at % PIECE if at < BEFORE * PIECE else at - BEFORE * PIECE
    cuts = (
        [0, *range(start, len(line), PIECE)]
        if at < BEFORE * PIECE and start
        else range(start, len(line), PIECE)
    )
    pieces = [(cut, line[cut : start if cut < start else cut + PIECE]) for cut in cuts]
    marked = next(n for n, (cut, _text) in enumerate(pieces) if cut == at)
    kept = pieces[: marked + BEHIND + 1]
    number = source.line or 1
    return Fragment(
        tuple((number if n == 0 else 0, _visible(text)) for n, (_cut, text) in enumerate(kept)), marked
    )


def _position(line: str, source: Source) -> int | None:
    """Where in a long line the value stands: as the reader says, else where its text stands once."""
    if source.column is not None and source.column <= len(line):
        return source.column - 1
    for text in (source.text, source.text.partition(" ")[0]):
        if len(text) > 1 and line.count(text) == 1:
            return line.index(text)
    return None


def _visible(text: str) -> str:
    return "".join(sign if sign >= " " else " " for sign in text)
