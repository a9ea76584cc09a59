"""ELF files: which paths they search for libraries.

An interpreter that somebody built writes its own folder into every module it makes (RUNPATH). In a package that names
the machine it was made on, makes two builds differ, and would load a library from there before the one that ships.
"""

from __future__ import annotations

import struct
from pathlib import Path

_MAGIC = b"\x7fELF\x02\x01"  # 64 bit, little endian: what this project builds for
_PT_DYNAMIC, _RPATHS, _STRTAB = 2, (15, 29), 5
_PT_LOAD = 1


def clear_foreign_paths(path: Path) -> bool:
    """Take an absolute search path out of the ELF file *path*; whether there was one. `$ORIGIN/…` stays."""
    with path.open("rb") as stream:
        if stream.read(6) != _MAGIC:
            return False
    content = bytearray(path.read_bytes())
    changed = False
    for at, text in _search_paths(content):
        if text.startswith(b"/"):
            struct.pack_into(
                "<Q", content, at, 0
            )  # offset 0 of every string table is the empty text; glibc skips it
            changed = True
    if changed:
        path.write_bytes(content)
    return changed


def _search_paths(content: bytes | bytearray) -> list[tuple[int, bytes]]:
    """Where the value of each RPATH and RUNPATH stands, and its text (gABI, chapter 5: dynamic section)."""
    (phoff,) = struct.unpack_from("<Q", content, 32)
    size, number = struct.unpack_from("<HH", content, 54)
    headers = [struct.unpack_from("<IIQQQQQQ", content, phoff + i * size) for i in range(number)]
    loads = [(h[3], h[2], h[5]) for h in headers if h[0] == _PT_LOAD]
    entries = []
    for kind, _flags, offset, _address, _physical, length, *_rest in headers:
        if kind == _PT_DYNAMIC:
            entries = [
                (at, *struct.unpack_from("<QQ", content, at)) for at in range(offset, offset + length, 16)
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
