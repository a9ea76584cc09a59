"""Bounds on what a reader takes in, and the decoding of bytes into text.

Every bound is checked before the memory it protects is spent: the size by `stat`, the depth and the number of
values of a JSON text by one linear scan before it is parsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

from medgui.errors import UnreadableFile
from medgui.files import reason
from medgui.frozen import frozen
from medgui.i18n import _, format_count, format_number

MEGABYTE = 1_000_000


@frozen
class Limits:
    """What a reader refuses to go beyond.

    `json_depth` is far above any real file (FHIR resources nest about 12 deep) and far below what a parser
    can stand. `json_values`, `xml_nodes` (elements and attributes) and `cells` bound the memory;
    `max_streamed_bytes` holds for DICOM and VCF files, which are read piece by piece.
    """

    max_bytes: int = 100 * MEGABYTE
    max_streamed_bytes: int = 1000 * MEGABYTE
    xml_depth: int = 200
    xml_nodes: int = 3_000_000
    json_depth: int = 100
    json_values: int = 10_000_000
    rows: int = 200_000
    columns: int = 2_000
    cells: int = 5_000_000
    unpacked_bytes: int = 400 * MEGABYTE
    unpacked_ratio: int = 200

    @classmethod
    def of_megabytes(cls, megabytes: int) -> Limits:
        """Limits with another largest file size, in megabytes (the setting `max_file_mb`)."""
        return cls(max_bytes=megabytes * MEGABYTE)


DEFAULT_LIMITS = Limits()

_NOT_SHOWN = dict.fromkeys((*range(32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), "")
_NOT_SHOWN.update({9: " ", 10: " ", 13: " "})
_HALF = re.compile("[\ud800-\udfff]")


LONGEST_TEXT, LONGEST_NAME = 20_000, 200
"""Signs of a text and of a name that are taken in. A megabyte in one cell would stop every list that shows it."""


def shortened(text: str, limit: int = LONGEST_NAME) -> str:
    """At most *limit* signs of a text; one that was cut ends in "…"."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def clean(text: str) -> str:
    """A text of a file as it may be shown: no control signs, no marks that turn its direction, no half signs.

    What is longer than `LONGEST_TEXT` is cut there and ends in "…".
    """
    if len(text) > LONGEST_TEXT:
        text = shortened(text, LONGEST_TEXT)
    if text.isprintable():
        return text
    return _HALF.sub("\ufffd", text.translate(_NOT_SHOWN))


def name_of(path: Path) -> str:
    """The name of a file, without its folder, as it may be shown."""
    return clean(path.name or str(path))


def read_bytes(path: Path, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """Read the file whole. `UnreadableFile` where it is absent, no file, empty, too large or not readable."""
    try:
        if not path.is_file():
            raise UnreadableFile(_no_file(path))
        size = path.stat().st_size
        if size > limits.max_bytes:
            raise UnreadableFile(_too_large(name_of(path), size, limits))
        with path.open("rb") as stream:
            data = stream.read(limits.max_bytes + 1)
    except ValueError as error:  # a name that no system can have
        raise UnreadableFile(_no_file(path)) from error
    except OSError as error:
        sentence = _("{file} cannot be opened: {reason}.")
        raise UnreadableFile(sentence.format(file=name_of(path), reason=reason(error))) from error
    if len(data) > limits.max_bytes:
        raise UnreadableFile(_too_large(name_of(path), len(data), limits))
    if not data:
        raise UnreadableFile(_("{file} is empty.").format(file=name_of(path)))
    return data


def _no_file(path: Path) -> str:
    if path.is_dir():
        return _("{file} is a folder; medgui opens one patient file.").format(file=name_of(path))
    return _("There is no file {file}.").format(file=name_of(path))


def _too_large(name: str, size: int, limits: Limits) -> str:
    sentence = _(
        "{file} has {size} MB; files above {limit} MB are not opened (setting: largest patient file)."
    )
    return sentence.format(file=name, size=megabytes(size), limit=megabytes(limits.max_bytes))


def megabytes(size: int) -> str:
    """Write a number of bytes in MB, with decimals only where they matter."""
    figure = size / MEGABYTE
    return format_number(figure, 0 if figure >= 10 or figure == int(figure) else 1)


# Text


@frozen
class Decoded:
    """Text of a file, the encoding it was read in, and whether that was stated or concluded."""

    text: str
    encoding: str
    note: str = ""


_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)


def decode(data: bytes, name: str) -> Decoded:
    """Turn the bytes of file *name* into text.

    A byte-order mark decides; then UTF-8; then GB18030 where nearly all bytes above 127 stand in pairs of that
    code; else Latin-1 (Windows-1252). Where the encoding was concluded, `note` is a sentence for the user.
    `UnreadableFile` where a mark is followed by bytes that do not fit it.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            body = data[len(mark) :]
            try:
                return Decoded(body.decode(encoding), encoding)
            except UnicodeDecodeError as error:
                sentence = _("{file} is damaged: its text is not {encoding} at byte {byte}.")
                byte = format_count(error.start + len(mark))
                raise UnreadableFile(
                    sentence.format(file=name, encoding=encoding.upper(), byte=byte)
                ) from error
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _decode_unmarked(data)


def _decode_unmarked(data: bytes) -> Decoded:
    if data[1::2][:64].count(0) > 20:
        return _concluded(data, "utf-16-le")
    if data[::2][:64].count(0) > 20:
        return _concluded(data, "utf-16-be")
    high = sum(map(len, re.findall(rb"[\x80-\xff]+", data)))
    good = sum(
        map(
            len,
            re.findall(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}", data),
        )
    )
    if good > high - good:
        note = _("Some bytes are not UTF-8; they are shown as \ufffd. Check names and texts.")
        return Decoded(data.decode("utf-8", errors="replace"), "utf-8", note)
    paired = 2 * len(re.findall(rb"[\xa1-\xfe][\xa1-\xfe]", data))
    return _concluded(data, "gb18030" if paired >= 0.9 * high else "cp1252")


def _concluded(data: bytes, encoding: str) -> Decoded:
    shown = {"gb18030": "GB18030", "cp1252": "Latin-1"}.get(encoding, encoding.upper())
    note = _("The file does not state its encoding; it was read as {encoding}. Check names and texts.")
    return Decoded(data.decode(encoding, errors="replace"), encoding, note.format(encoding=shown))


# JSON

_NOT_BRACKETS = bytes(sorted(set(range(256)) - set(b"[]{}")))
_STEPS = bytes.maketrans(b"[{]}", b"\x01\x01\x00\x00")


@frozen
class Shape:
    """What a linear scan tells of a JSON text: largest depth, depth at its end, number of values."""

    depth: int
    open_at_end: int
    values: int


_PIECE = 1 << 20


def _outside_strings(data: bytes) -> Iterator[bytes]:
    """The bytes of a JSON text that are in no string, piece by piece in memory that does not grow."""
    start, inside = 0, 0
    while start < len(data):
        end = min(start + _PIECE, len(data))
        while end < len(data) and data[end - 1 : end] == b"\\":
            end += 1
        parts = data[start:end].replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')
        yield b"".join(parts[inside::2])
        inside = (inside + len(parts) - 1) % 2
        start = end


def json_shape(data: bytes) -> Shape:
    """Scan UTF-8 JSON bytes once, without parsing: strings are skipped, brackets and commas counted."""
    depth = deepest = values = 0
    for bare in _outside_strings(data):
        steps = bare.translate(_STEPS, _NOT_BRACKETS)
        for now in accumulate((1 if step else -1 for step in steps), initial=depth):
            if now > deepest:
                deepest = now
        depth += 2 * steps.count(1) - len(steps)
        values += bare.count(b",") + bare.count(b"[") + bare.count(b"{")
    return Shape(deepest, depth, values)


def check_json(data: bytes, name: str, limits: Limits = DEFAULT_LIMITS) -> Shape:
    """Refuse nesting and numbers of values beyond the limits, and a text that is cut off."""
    shape = json_shape(data)
    if shape.depth > limits.json_depth:
        sentence = _(
            "{file} nests {depth} levels deep; medgui reads up to {limit}. It is not a patient file."
        )
        depth, limit = format_count(shape.depth), format_count(limits.json_depth)
        raise UnreadableFile(sentence.format(file=name, depth=depth, limit=limit))
    if shape.values > limits.json_values:
        sentence = _("{file} holds {count} values; medgui reads up to {limit}.")
        count, limit = format_count(shape.values), format_count(limits.json_values)
        raise UnreadableFile(sentence.format(file=name, count=count, limit=limit))
    return shape


def cut_off(name: str, size: int, line: int) -> UnreadableFile:
    """The refusal of a file that stops in the middle; *size* is the number of bytes that are there."""
    sentence = _("{file} is cut off: it stops after byte {byte} (line {line}), in the middle of a value.")
    return UnreadableFile(sentence.format(file=name, byte=format_count(size), line=format_count(line)))
