"""Identifiers of libraries of macOS: the linker writes one (LC_UUID) for each architecture that a file holds.

The layout is that of <mach-o/loader.h> and <mach-o/fat.h>: a head, then commands with their lengths; a file of
several architectures begins with a table of where each stands.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

_ONE = b"\xcf\xfa\xed\xfe"
_SEVERAL = b"\xca\xfe\xba\xbe"
_HEAD, _ENTRY = 32, 20
_UUID = 0x1B


def identifiers(content: bytes) -> frozenset[str]:
    """The identifiers in a file, none where it is no library of macOS or is cut off."""
    try:
        return frozenset(each for start in _starts(content) for each in _of_one(content, start))
    except struct.error:
        return frozenset()


def _starts(content: bytes) -> Iterator[int]:
    """Where each architecture begins."""
    if content[:4] == _ONE:
        yield 0
    elif content[:4] == _SEVERAL:
        (count,) = struct.unpack_from(">I", content, 4)
        for i in range(min(count, 16)):  # a class file of Java begins alike, with a number far above
            yield struct.unpack_from(">5I", content, 8 + i * _ENTRY)[2]


def _of_one(content: bytes, start: int) -> Iterator[str]:
    if content[start : start + 4] != _ONE:
        return
    (count,) = struct.unpack_from("<I", content, start + 16)
    place = start + _HEAD
    for _ in range(count):
        command, length = struct.unpack_from("<II", content, place)
        if command == _UUID:
            yield content[place + 8 : place + 24].hex()
        if length < 8:
            return
        place += length
