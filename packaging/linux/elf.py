"""ELF files: which paths they search for libraries.

An interpreter that somebody built writes its own folder into every module it makes (RUNPATH). In a package that names
the machine it was made on, makes two builds differ, and would load a library from there before the one that ships.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import NamedTuple

_MAGIC = b"\x7fELF\x02\x01"  # 64 bit, little endian: what this project builds for
_PT_LOAD, _PT_DYNAMIC = 1, 2
_RPATHS, _STRTAB = (15, 29), 5


class Segment(NamedTuple):
    """One entry of the table of program headers (gABI, chapter 5)."""

    kind: int
    flags: int
    offset: int
    address: int
    physical: int
    length: int
    memory: int
    align: int

    @property
    def loadable(self) -> bool:
        return self.kind == _PT_LOAD


def is_elf(path: Path) -> bool:
    """Tell a program or library of the kind that is built for from any other file."""
    with path.open("rb") as stream:
        return stream.read(6) == _MAGIC


def segments(content: bytes | bytearray) -> list[Segment]:
    """The program headers of an ELF file."""
    (phoff,) = struct.unpack_from("<Q", content, 32)
    size, number = struct.unpack_from("<HH", content, 54)
    return [Segment(*struct.unpack_from("<IIQQQQQQ", content, phoff + i * size)) for i in range(number)]


def clear_foreign_paths(path: Path) -> bool:
    """Take an absolute search path out of the ELF file *path*; whether there was one. `$ORIGIN/…` stays."""
    if not is_elf(path):
        return False
    content = bytearray(path.read_bytes())
    changed = False
    for at, text in _search_paths(content):
        if text.startswith(b"/"):
            struct.pack_into("<Q", content, at, 0)  # the empty text of every string table; glibc skips it
            changed = True
    if changed:
        path.write_bytes(content)
    return changed


def _search_paths(content: bytes | bytearray) -> list[tuple[int, bytes]]:
    """Where the value of each RPATH and RUNPATH stands, and its text (gABI, chapter 5: dynamic section)."""
    found = segments(content)
    loads = [(each.address, each.offset, each.length) for each in found if each.loadable]
    entries = [
        (at, *struct.unpack_from("<QQ", content, at))
        for each in found
        if each.kind == _PT_DYNAMIC
        for at in range(each.offset, each.offset + each.length, 16)
    ]
    table = next((value for _at, tag, value in entries if tag == _STRTAB), None)
    if table is None:
        return []
    base = next(
        table - address + offset for address, offset, length in loads if address <= table < address + length
    )
    return [
        (at + 8, bytes(content[base + value : content.index(0, base + value)]))
        for at, tag, value in entries
        if tag in _RPATHS
    ]
