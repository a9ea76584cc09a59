"""Bounds on what a reader takes in, and how a file is opened.

Every bound is checked before the memory it protects is spent: the size by `stat`, the depth and the number of
values of a JSON text by one linear scan before it is parsed.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO

from medgui.errors import UnreadableFile
from medgui.files import reason
from medgui.frozen import frozen
from medgui.i18n import _, format_count, format_number
from medgui.readers.encodings import Decoded as Decoded
from medgui.readers.encodings import decode as decode

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
    cells: int = 1_500_000
    unpacked_bytes: int = 200 * MEGABYTE
    unpacked_ratio: int = 200

    @classmethod
    def of_megabytes(cls, megabytes: int, streamed: int = 1000) -> Limits:
        """Limits with other largest file sizes, in megabytes (the settings `max_file_mb` and `max_streamed_mb`)."""
        return cls(max_bytes=megabytes * MEGABYTE, max_streamed_bytes=streamed * MEGABYTE)


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


HEAD = 65_536
"""Bytes from the start of a file by which most kinds are recognised."""

FileState = tuple[int, int, int, int]
"""Device, number, size and time of the last change: another one means that the file is not the same."""


def read_bytes(path: Path, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """Read the file whole. `UnreadableFile` where it is absent, no file, empty, too large, changing or not readable."""
    with _opened(path, limits.max_bytes) as stream:
        before = _state(stream)
        data = stream.read(limits.max_bytes + 1)
        if len(data) > limits.max_bytes:
            raise UnreadableFile(_too_large(name_of(path), len(data), limits.max_bytes))
        if _state(stream) != before:
            raise changed(path)
    if not data:
        raise UnreadableFile(_("{file} is empty.").format(file=name_of(path)))
    return data


def read_head(path: Path) -> bytes:
    """The first `HEAD` bytes of a file of any size. `UnreadableFile` where it is absent, no file or not readable."""
    with _opened(path, None) as stream:
        return stream.read(HEAD)


def digest(path: Path, limits: Limits = DEFAULT_LIMITS) -> tuple[str, FileState]:
    """SHA-256 and state of a file that is read piece by piece; its size is in the state.

    `UnreadableFile` where it is above `max_streamed_bytes`, changes meanwhile or is not readable.
    """
    found = hashlib.sha256()
    with _opened(path, limits.max_streamed_bytes, streamed=True) as stream:
        before = _state(stream)
        while piece := stream.read(MEGABYTE):
            found.update(piece)
        if _state(stream) != before:
            raise changed(path)
    return found.hexdigest(), before


def changed(path: Path) -> UnreadableFile:
    """The refusal of a file that was written to while it was read."""
    return UnreadableFile(_("{file} changed while it was read; open it again.").format(file=name_of(path)))


def file_state(path: Path) -> FileState:
    """The state of a file as it is now. `UnreadableFile` as for `read_head`."""
    with _opened(path, None) as stream:
        return _state(stream)


def _state(stream: BinaryIO) -> FileState:
    found = os.fstat(stream.fileno())
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


_READ_ONLY = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""A pipe that took the place of the file since it was looked at does not hold the program up."""


@contextmanager
def _opened(path: Path, limit: int | None, *, streamed: bool = False) -> Iterator[BinaryIO]:
    """A regular file of at most *limit* bytes. Pipes and devices are told by their kind and never opened."""
    try:
        _check_regular(path, os.stat(path).st_mode)
        with os.fdopen(os.open(path, _READ_ONLY), "rb") as stream:
            found = os.fstat(stream.fileno())
            _check_regular(path, found.st_mode)
            if limit is not None and found.st_size > limit:
                sentence = _too_large(name_of(path), found.st_size, limit, streamed=streamed)
                raise UnreadableFile(sentence)
            yield stream
    except FileNotFoundError as error:
        raise UnreadableFile(_("There is no file {file}.").format(file=name_of(path))) from error
    except ValueError as error:  # a name that no system can have
        raise UnreadableFile(_("There is no file {file}.").format(file=name_of(path))) from error
    except OSError as error:
        sentence = _("{file} cannot be opened: {reason}.")
        raise UnreadableFile(sentence.format(file=name_of(path), reason=reason(error))) from error


def _check_regular(path: Path, mode: int) -> None:
    if stat.S_ISDIR(mode):
        sentence = _("{file} is a folder; medgui opens one patient file.")
    elif not stat.S_ISREG(mode):
        sentence = _("{file} is no file but a pipe or a device.")
    else:
        return
    raise UnreadableFile(sentence.format(file=name_of(path)))


def _too_large(name: str, size: int, limit: int, *, streamed: bool = False) -> str:
    sentence = _(
        "{file} has {size} MB; files above {limit} MB are not opened (setting: largest patient file)."
    )
    if streamed:
        sentence = _(
            "{file} has {size} MB; images and variants above {limit} MB are not opened "
            "(setting: largest image or variant file)."
        )
    return sentence.format(file=name, size=megabytes(size), limit=megabytes(limit))


def megabytes(size: int) -> str:
    """Write a number of bytes in MB, with decimals only where they matter."""
    figure = size / MEGABYTE
    return format_number(figure, 0 if figure >= 10 or figure == int(figure) else 1)


# JSON

_NOT_STRUCTURE = bytes(sorted(set(range(256)) - set(b'[]{},"')))
_NOT_BRACKETS = bytes(sorted(set(range(256)) - set(b"[]{}")))
_ESCAPED = re.compile(rb"\\.", re.DOTALL)
_EMPTY_STRING = b'""'
"""What is left of most strings; without these pairs, the quotes that are left still open and close the others."""
_STEPS = bytes.maketrans(b"[{]}", b"\x01\x01\x00\x00")


@frozen
class Shape:
    """What a linear scan tells of a JSON text: largest depth, depth at its end, number of values.

    `depth` is exact above the `enough` that was asked for, else it is at most `enough`.
    """

    depth: int
    open_at_end: int
    values: int


_PIECE = 1 << 18


def _outside_strings(data: bytes) -> Iterator[bytes]:
    """Brackets and commas of a JSON text that are in no string, piece by piece in memory that does not grow."""
    start, inside = 0, 0
    while start < len(data):
        end = min(start + _PIECE, len(data))
        while end < len(data) and data[end - 1 : end] == b"\\":
            end += 1
        piece = data[start:end]
        if b"\\" in piece:
            piece = _ESCAPED.sub(b"", piece)
        structure = piece.translate(None, _NOT_STRUCTURE)
        parts = structure.replace(_EMPTY_STRING, b"").split(b'"')
        yield b"".join(parts[inside::2])
        inside = (inside + len(parts) - 1) % 2
        start = end


def _height(steps: bytes, enough: int) -> int:
    """The largest depth within *steps*; no less than it, and exact only above *enough*."""
    rest, rounds = steps, 0
    while rounds <= enough:
        fewer = rest.replace(b"\x01\x00", b"")
        if len(fewer) == len(rest):
            break
        rest, rounds = fewer, rounds + 1
    if rounds + rest.count(1) <= enough:
        return rounds + rest.count(1)
    return max(accumulate((1 if step else -1 for step in steps), initial=0))


def json_shape(data: bytes, enough: int = 0) -> Shape:
    """Scan UTF-8 JSON bytes once, without parsing: strings are skipped, brackets and commas counted."""
    depth = deepest = values = 0
    for bare in _outside_strings(data):
        steps = bare.translate(_STEPS, _NOT_BRACKETS)
        deepest = max(deepest, depth + _height(steps, enough - depth))
        depth += 2 * steps.count(1) - len(steps)
        values += bare.count(b",") + bare.count(b"[") + bare.count(b"{")
    return Shape(deepest, depth, values)


def check_json(data: bytes, name: str, limits: Limits = DEFAULT_LIMITS) -> Shape:
    """Refuse nesting and numbers of values beyond the limits, and a text that is cut off."""
    shape = json_shape(data, limits.json_depth)
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
