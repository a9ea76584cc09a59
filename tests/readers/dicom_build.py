"""Small DICOM files for the tests of their reader, in every encoding of the standard."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

EXPLICIT, IMPLICIT, BIG = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2", "1.2.840.10008.1.2.2"
DEFLATED = "1.2.840.10008.1.2.1.99"
CT = "1.2.840.10008.5.1.4.1.1.2"
_LONG = frozenset(["OB", "OW", "OF", "SQ", "UC", "UN", "UR", "UT"])

Value = str | bytes | int | Sequence[Mapping[int, "Entry"]]
Entry = tuple[str, Value]
Elements = Mapping[int, Entry]


def person(**changes: Entry | None) -> dict[int, Entry]:
    """The header of a CT image of a woman born in 1970; *changes* by tag as "t00100010"."""
    base: dict[int, Entry] = {
        0x00080005: ("CS", "ISO_IR 100"),
        0x00080016: ("UI", CT),
        0x00080018: ("UI", "1.2.3.4"),
        0x00080020: ("DA", "20251103"),
        0x00080030: ("TM", "081500"),
        0x00080060: ("CS", "CT"),
        0x00081030: ("LO", "Thorax"),
        0x00100010: ("PN", "Wei\xdf^Zo\xeb"),
        0x00100020: ("LO", "MR-17"),
        0x00100030: ("DA", "19700517"),
        0x00100040: ("CS", "F"),
        0x0020000D: ("UI", "1.2.3"),
        0x0020000E: ("UI", "1.2.3.1"),
        0x00280010: ("US", 512),
        0x00280011: ("US", 512),
    }
    for name, entry in changes.items():
        tag = int(name[1:], 16)
        if entry is None:
            base.pop(tag, None)
        else:
            base[tag] = entry
    return base


def _bytes(vr: str, value: Value, big: bool) -> bytes:
    if isinstance(value, int):
        return value.to_bytes(2 if vr in ("US", "SS") else 4, "big" if big else "little")
    data = value.encode("latin-1") if isinstance(value, str) else bytes(value)  # type: ignore[arg-type]
    return data + (b"\0" if vr in ("UI", "OB", "UN") else b" ") * (len(data) % 2)


def encoded(elements: Elements, *, explicit: bool = True, big: bool = False, endless: bool = False) -> bytes:
    """A data set; sequences with stated lengths, or *endless* ones with delimiters."""
    order = "big" if big else "little"

    def tag_bytes(tag: int) -> bytes:
        return (tag >> 16).to_bytes(2, order) + (tag & 0xFFFF).to_bytes(2, order)

    def number(value: int, size: int) -> bytes:
        return value.to_bytes(size, order)

    out = b""
    for tag in sorted(elements):
        vr, value = elements[tag]
        if vr == "SQ":
            body = b""
            for item in value:  # type: ignore[union-attr]
                inner = encoded(item, explicit=explicit, big=big, endless=endless)  # type: ignore[arg-type]
                length = 0xFFFFFFFF if endless else len(inner)
                body += tag_bytes(0xFFFEE000) + number(length, 4) + inner
                body += tag_bytes(0xFFFEE00D) + number(0, 4) if endless else b""
            length = 0xFFFFFFFF if endless else len(body)
            body += tag_bytes(0xFFFEE0DD) + number(0, 4) if endless else b""
        else:
            body = _bytes(vr, value, big)
            length = len(body)
        if not explicit:
            out += tag_bytes(tag) + number(length, 4) + body
        elif vr in _LONG:
            out += tag_bytes(tag) + vr.encode() + b"\0\0" + number(length, 4) + body
        else:
            out += tag_bytes(tag) + vr.encode() + number(length, 2) + body
    return out


def file_bytes(
    elements: Elements, syntax: str = EXPLICIT, *, endless: bool = False, media: str = CT
) -> bytes:
    """A file with preamble, file meta information and data set."""
    meta = encoded({0x00020002: ("UI", media), 0x00020010: ("UI", syntax)})
    body = encoded(elements, explicit=syntax != IMPLICIT, big=syntax == BIG, endless=endless)
    if syntax == DEFLATED:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        body = packer.compress(body) + packer.flush()
    return bytes(128) + b"DICM" + encoded({0x00020000: ("UL", len(meta))}) + meta + body


def image(folder: Path, elements: Elements | None = None, name: str = "image.dcm", **options: object) -> Path:
    """Write such a file."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(file_bytes(person() if elements is None else elements, **options))  # type: ignore[arg-type]
    return path


def directory(records: Sequence[tuple[str, int, dict[int, Entry]]], *, broken: bool = False) -> bytes:
    """A DICOMDIR of records (kind, depth, elements) in depth-first order, with the offsets that link them.

    *broken* leaves all offsets at zero.
    """
    next_of, below_of = _links([depth for _kind, depth, _elements in records])
    starts = [0] * len(records)
    for _round in range(2):
        items, at = b"", 0
        head = _directory_head(0 if broken else (starts[0] if starts else 0))
        base = len(head)
        for index, (kind, _depth, elements) in enumerate(records):
            links = [
                0 if broken or other is None else starts[other] for other in (next_of[index], below_of[index])
            ]
            inner = encoded({
                0x00041400: ("UL", links[0]), 0x00041410: ("US", 0xFFFF), 0x00041420: ("UL", links[1]),
                0x00041430: ("CS", kind), **elements,
            })  # fmt: skip
            starts[index] = base + 12 + at
            item = b"\xfe\xff\x00\xe0" + len(inner).to_bytes(4, "little") + inner
            items, at = items + item, at + len(item)
    return head + b"\x04\x00\x20\x12SQ\0\0" + len(items).to_bytes(4, "little") + items


def _directory_head(first: int) -> bytes:
    return file_bytes({0x00041200: ("UL", first)}, media="1.2.840.10008.1.3.10")


def _links(depths: list[int]) -> tuple[list[int | None], list[int | None]]:
    next_of: list[int | None] = []
    below_of: list[int | None] = []
    for index, depth in enumerate(depths):
        rest = list(enumerate(depths))[index + 1 :]
        following = next(((number, other) for number, other in rest if other <= depth), None)
        next_of.append(following[0] if following and following[1] == depth else None)
        below_of.append(index + 1 if rest and rest[0][1] == depth + 1 else None)
    return next_of, below_of
