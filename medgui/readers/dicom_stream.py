"""The header of a DICOM file, element by element (PS3.5, PS3.10), up to the pixels; nothing else is loaded.

Values are kept only for the tags that are asked for, sequences entered only where they are asked for. Everything
that a damaged or hostile file could let grow is bounded: the length of a value, the sum of all, the number of
elements, the depth of sequences, and what a deflated header unpacks to.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Protocol

from medgui.frozen import frozen

PIXELS = 0x7FE00000
"""First tag of the group of pixel data; the header ends before it."""
TRANSFER_SYNTAX, MEDIA_CLASS = 0x00020010, 0x00020002
_ITEM, _ITEM_END, _SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
_UNDEFINED = 0xFFFFFFFF
_PADDING = 0x0000FFFF
"""Group 0 is of commands on a network; in a file it is zeros behind the end."""

LONGEST_VALUE = 1 << 20
MOST_KEPT, MOST_ELEMENTS, DEEPEST = 32 << 20, 300_000, 40
MOST_UNPACKED = 64 << 20
"""Bounds of a header: bytes of one value, of all values, elements, depth, bytes of a deflated header.

The longest real headers (enhanced multi-frame, 2,000 frames) have some 120,000 elements.
"""

_IMPLICIT, _BIG = "1.2.840.10008.1.2", "1.2.840.10008.1.2.2"
_DEFLATED = frozenset({"1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.4.95", "1.2.840.10008.1.2.4.205"})
_LONG = frozenset(b"OB OW OF OD OL OV SQ SV UC UN UR UT UV".split())
_SHORT = frozenset(b"AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US".split())


class Cut(Exception):
    """The header stops in the middle, at this byte."""


class Damaged(Exception):
    """The header is not as DICOM says; the code tells how: "depth", "deflate" or "structure"."""


class _Enough(Exception):
    """A bound is reached; what was read so far stands."""


@frozen
class Element:
    """A value as bytes, or the items of a sequence. `start` is the byte at which the element begins."""

    vr: str
    value: bytes
    start: int
    big: bool = False
    items: tuple[Items, ...] = ()


@frozen
class Items:
    """One item of a sequence (or the whole header): elements by tag, and the byte at which it begins."""

    start: int
    elements: dict[int, Element]


class _Source(Protocol):
    """Bytes in order, from a file or unpacked."""

    position: int

    def take(self, count: int) -> bytes: ...
    def skip(self, count: int) -> None: ...
    def ended(self) -> bool: ...


class _FileSource:
    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream, self._size, self.position = stream, size, stream.tell()

    def take(self, count: int) -> bytes:
        if count > self._size - self.position:
            raise Cut(self._size)
        data = self._stream.read(count)
        self.position += count
        if len(data) != count:
            raise Cut(self._size)
        return data

    def skip(self, count: int) -> None:
        if count > self._size - self.position:
            raise Cut(self._size)
        self.position += count
        self._stream.seek(self.position)

    def ended(self) -> bool:
        return self.position >= self._size


class _Inflated:
    """A deflated header, unpacked as far as it is read and never beyond `MOST_UNPACKED`."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self.position, self._ready = stream, 0, bytearray()
        first = stream.read(1 << 16)
        wrapped = len(first) > 1 and first[0] == 0x78 and int.from_bytes(first[:2], "big") % 31 == 0
        self._unpacker = zlib.decompressobj(15 if wrapped else -15)
        self._fill(first)

    def _fill(self, packed: bytes) -> None:
        try:
            self._ready += self._unpacker.decompress(packed, 1 << 18)
        except zlib.error as error:
            raise Damaged("deflate") from error
        if self.position + len(self._ready) > MOST_UNPACKED:
            raise _Enough

    def _more(self) -> bool:
        before = len(self._ready)
        while len(self._ready) == before and not self._unpacker.eof:
            packed = self._unpacker.unconsumed_tail or self._stream.read(1 << 16)
            if not packed:
                return False
            self._fill(packed)
        return len(self._ready) > before

    def take(self, count: int) -> bytes:
        while len(self._ready) < count:
            if not self._more():
                raise Cut(self.position + len(self._ready))
        data = bytes(self._ready[:count])
        del self._ready[:count]
        self.position += count
        return data

    def skip(self, count: int) -> None:
        while count:
            step = min(count, 1 << 16)
            self.take(step)
            count -= step

    def ended(self) -> bool:
        return not self._ready and not self._more()


@frozen
class Head:
    """What a file says before its pixels.

    meta and header: elements by tag. `syntax` is the transfer syntax or "". `pixels` is the number of bytes that
    the pixel data should have, None where there are none or they are packed in fragments; `missing` how many of
    them are not there. `shortened` is true where the header went on beyond the bounds.
    """

    meta: dict[int, Element]
    header: dict[int, Element]
    syntax: str
    pixels: int | None = None
    missing: int = 0
    shortened: bool = False


def read_head(stream: BinaryIO, size: int, wanted: frozenset[int], entered: frozenset[int]) -> Head:
    """Read the header of a DICOM file of *size* bytes from its start.

    *wanted* are the tags whose values are kept, *entered* the sequences whose items are. `Cut` and `Damaged` as
    they say.
    """
    first = stream.read(132)
    stream.seek(132 if first[128:] == b"DICM" else 0)
    source: _Source = _FileSource(stream, size)
    meta = _meta(stream, source)
    syntax = _text(meta.get(TRANSFER_SYNTAX))
    if syntax in _DEFLATED:
        source = _Inflated(stream)
        reader = _Reader(source, wanted, entered, explicit=True, big=False)
    else:
        explicit, big = _encoding(_peek(stream, 8), syntax)
        reader = _Reader(source, wanted, entered, explicit=explicit, big=big)
    header = reader.top()
    left = size - source.position if isinstance(source, _FileSource) else None
    missing = max(0, reader.pixels - left) if reader.pixels and left is not None else 0
    return Head(meta, header, syntax, reader.pixels, missing, reader.shortened)


def _peek(stream: BinaryIO, count: int) -> bytes:
    at = stream.tell()
    data = stream.read(count)
    stream.seek(at)
    return data


def _text(element: Element | None) -> str:
    return element.value.decode("latin-1").strip("\x00 ") if element else ""


def _meta(stream: BinaryIO, source: _Source) -> dict[int, Element]:
    """Group 0002, always explicit little endian; in rare files without a preamble implicit."""
    reader = None
    found: dict[int, Element] = {}
    while True:
        next_one = _peek(stream, 6)
        if len(next_one) < 6 or next_one[:2] != b"\x02\x00":
            return found
        if reader is None:
            reader = _Reader(
                source,
                frozenset({TRANSFER_SYNTAX, MEDIA_CLASS}),
                frozenset(),
                explicit=_is_vr(next_one[4:6]),
                big=False,
            )
        tag, element = reader.element(0)
        if element:
            found[tag] = element


def _is_vr(two: bytes) -> bool:
    return two in _LONG or two in _SHORT


def _encoding(first: bytes, syntax: str) -> tuple[bool, bool]:
    """Explicit or not, big endian or not.

    Many files claim a syntax that they are not in: the bytes of the first element decide whether it is explicit, and
    whether it is big endian where the file does not say.
    """
    if len(first) < 8:
        return syntax != _IMPLICIT, syntax == _BIG
    smaller = int.from_bytes(first[:2], "big") < int.from_bytes(first[:2], "little")
    return _is_vr(first[4:6]), syntax == _BIG if syntax else smaller


class _Reader:
    """Walks through elements; counts what it keeps."""

    def __init__(
        self, source: _Source, wanted: frozenset[int], entered: frozenset[int], *, explicit: bool, big: bool
    ) -> None:
        self._source, self._wanted, self._entered = source, wanted, entered
        self._explicit, self._big = explicit, big
        self._order = struct.Struct(">HH" if big else "<HH")
        self._long = struct.Struct(">I" if big else "<I")
        self._kept = self._count = 0
        self.pixels: int | None = None
        self.shortened = False

    def top(self) -> dict[int, Element]:
        """All elements up to the pixels."""
        found: dict[int, Element] = {}
        try:
            while not self._source.ended():
                tag, element = self.element(0)
                if PIXELS <= tag < _ITEM or tag <= _PADDING:
                    break
                if element:
                    self._keep(found, tag, element)
        except _Enough:
            self.shortened = True
        return found

    @staticmethod
    def _keep(found: dict[int, Element], tag: int, element: Element) -> None:
        """A tag that stands twice with two values leaves open which one holds."""
        if tag in found and found[tag].value != element.value:
            raise Damaged("structure")
        found.setdefault(tag, element)

    def element(self, depth: int) -> tuple[int, Element | None]:
        """The next element: its tag, and its value where that is wanted."""
        start = self._source.position
        tag, vr, length = self._start()
        if PIXELS <= tag < _ITEM and depth == 0:
            self.pixels = None if length == _UNDEFINED or tag & 0xFFFF != 0x10 else length
            return tag, None
        if vr in (b"SQ", b"UN", b"") and (length == _UNDEFINED or tag in self._entered):
            if vr == b"UN" and self._explicit:
                return tag, self._unknown(tag, length, start, depth)
            return tag, self._sequence(tag, length, start, depth)
        if length == _UNDEFINED:
            self._fragments()
            return tag, None
        if tag not in self._wanted or length > LONGEST_VALUE:
            self._source.skip(length)
            return tag, None
        self._kept += length
        if self._kept > MOST_KEPT:
            raise _Enough
        return tag, Element(vr.decode("latin-1"), self._source.take(length), start, self._big)

    def _start(self) -> tuple[int, bytes, int]:
        self._count += 1
        if self._count > MOST_ELEMENTS:
            raise _Enough
        head = self._source.take(8)
        group, number = self._order.unpack_from(head)
        tag = group << 16 | number
        vr = head[4:6]
        if group == 0xFFFE or not self._explicit or not (vr.isalpha() and vr.isupper()):
            return tag, b"", self._long.unpack_from(head, 4)[0]
        if vr in _SHORT:
            return tag, vr, int.from_bytes(head[6:8], "big" if self._big else "little")
        return tag, vr, self._long.unpack(self._source.take(4))[0]

    def _unknown(self, tag: int, length: int, start: int, depth: int) -> Element | None:
        """A sequence that was stored as of unknown kind has implicit items (PS3.5, 6.2.2 note 2)."""
        if self._big:
            raise Damaged("structure")
        self._explicit = False
        try:
            return self._sequence(tag, length, start, depth)
        finally:
            self._explicit = True

    def _sequence(self, tag: int, length: int, start: int, depth: int) -> Element | None:
        """Go through a sequence; its items are kept where the tag is to be entered, and skipped else."""
        if depth >= DEEPEST:
            raise Damaged("depth")
        if length != _UNDEFINED and tag not in self._entered:
            self._source.skip(length)
            return None
        end = None if length == _UNDEFINED else self._source.position + length
        kept = self._items(end, depth, keep=tag in self._entered)
        return Element("SQ", b"", start, self._big, tuple(kept)) if tag in self._entered else None

    def _items(self, end: int | None, depth: int, *, keep: bool) -> list[Items]:
        found: list[Items] = []
        for start, length in self._item_starts(end):
            if length != _UNDEFINED and not keep:
                self._source.skip(length)
                continue
            stop = None if length == _UNDEFINED else self._source.position + length
            elements: dict[int, Element] = {}
            while stop is None or self._source.position < stop:
                tag, element = self.element(depth + 1)
                if tag == _ITEM_END:
                    break
                if element and keep:
                    self._keep(elements, tag, element)
            if stop is not None and self._source.position > stop:
                raise Damaged("structure")
            if keep:
                found.append(Items(start, elements))
        return found

    def _item_starts(self, end: int | None) -> Iterator[tuple[int, int]]:
        """Byte and length of each item, up to *end* or to the delimiter."""
        while end is None or self._source.position < end:
            start = self._source.position
            tag, _vr, length = self._start()
            if tag == _SEQUENCE_END:
                return
            if tag != _ITEM:
                raise Damaged("structure")
            yield start, length
        if self._source.position != end:
            raise Damaged("structure")

    def _fragments(self) -> None:
        """Pass over packed data in fragments (an icon)."""
        for _start, length in self._item_starts(None):
            if length == _UNDEFINED:
                raise Damaged("structure")
            self._source.skip(length)
