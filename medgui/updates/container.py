"""The ZIP file of an update, read without trusting a byte of it.

Only the plainest form is accepted, which `packaging/make_update.py` writes: entries stored without compression, one
after the other from the first byte, then the directory, then the end, with nothing before, between or behind. So no
two readers can disagree about what is in it (entries that overlap, that only one of the two directories names, that
hide behind another archive), nothing unpacks to more than it takes, and names are plain names in folders.
What the entries hold is checked against the signed list of hashes when it is taken out (`extract`).
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from medgui.errors import UnreadableFile, UpdateRefused
from medgui.frozen import frozen
from medgui.i18n import _

DESCRIPTION = "update.json"
SIGNATURE = "update.json.sig"
PAYLOAD = "payload/"
LARGEST = 2 << 30
"""Bytes of a whole update: ten times the largest package."""
MOST_ENTRIES = 20_000
LARGEST_DESCRIPTION = 4 << 20
CHUNK = 1 << 20
_LOCAL = struct.Struct("<4s5H3I2H")
_END = 22
_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._+~-]{0,120}")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""Names that Windows takes for devices, whatever their ending."""


@frozen
class Entry:
    """Where the bytes of an entry lie."""

    start: int
    size: int


@frozen
class Container:
    """The entries of an update file by name."""

    path: Path
    entries: Mapping[str, Entry]

    def read(self, name: str, most: int) -> bytes:
        """The bytes of a small entry. Raises `UnreadableFile` where it is not there or has more than *most*."""
        entry = self.entries.get(name)
        if entry is None or entry.size > most:
            raise _damaged()
        with self.path.open("rb") as stream:
            stream.seek(entry.start)
            content = stream.read(entry.size)
        if len(content) != entry.size:
            raise _damaged()
        return content

    def digest(self, name: str) -> str:
        """The SHA-256 of an entry of any size."""
        entry, found = self.entries[name], hashlib.sha256()
        with self.path.open("rb") as stream:
            stream.seek(entry.start)
            for start in range(0, entry.size, CHUNK):
                found.update(stream.read(min(CHUNK, entry.size - start)))
        return found.hexdigest()


def read_container(path: Path) -> Container:
    """Take the file apart. Raises `UnreadableFile` where it is no update or was cut off, `UpdateRefused` for a trap."""
    try:
        with path.open("rb") as stream:
            _require_whole(stream)
        with path.open("rb") as stream, zipfile.ZipFile(stream) as archive:
            if len(archive.infolist()) > MOST_ENTRIES:
                raise _damaged()
            return Container(path, dict(_entries(archive, stream, path.stat().st_size)))
    except (
        zipfile.BadZipFile,
        ValueError,
        LookupError,
        EOFError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise _damaged() from error
    except (struct.error, OverflowError, MemoryError, OSError) as error:
        raise _damaged() from error


def _require_whole(stream: BinaryIO) -> None:
    """It begins with an entry and ends with an end without a comment; an archive inside may end elsewhere."""
    begin = stream.read(4)
    stream.seek(-_END, os.SEEK_END)
    end = stream.read(_END)
    if begin != b"PK\3\4" or not end.startswith(b"PK\5\6") or end[-2:] != b"\0\0":
        raise _damaged()


def _entries(archive: zipfile.ZipFile, stream: BinaryIO, size: int) -> Iterator[tuple[str, Entry]]:
    seen: dict[str, str] = {}
    place = 0
    for info in sorted(archive.infolist(), key=lambda each: each.header_offset):
        name = info.orig_filename
        _check_name(name, seen)
        if stat.S_ISLNK(info.external_attr >> 16):
            raise _trap(_("a link"), name)
        if info.compress_type != zipfile.ZIP_STORED or info.flag_bits & ~0x800:
            raise _trap(_("an entry that is compressed or encrypted"), name)
        if info.header_offset != place or info.compress_size != info.file_size:
            raise _trap(_("an entry whose size or place is not what it says"), name)
        start = _local(stream, info)
        place = start + info.file_size
        yield name, Entry(start, info.file_size)
    directory = sum(46 + len(i.orig_filename) + len(i.extra) + len(i.comment) for i in archive.infolist())
    if archive.comment or archive.start_dir != place or place + directory + _END != size:
        raise _damaged()


def _local(stream: BinaryIO, info: zipfile.ZipInfo) -> int:
    """Compare the header before an entry with the directory; give where the entry's bytes start."""
    stream.seek(info.header_offset)
    head = stream.read(_LOCAL.size)
    magic, _version, flags, method, _time, _day, crc, packed, size, length, extra = _LOCAL.unpack(head)
    name = stream.read(length)
    same = (flags, method, crc, packed, size) == (
        info.flag_bits,
        zipfile.ZIP_STORED,
        info.CRC,
        info.file_size,
        info.file_size,
    )
    if magic != b"PK\3\4" or not same or name != info.orig_filename.encode("utf-8") or extra:
        raise _trap(_("an entry whose size or place is not what it says"), info.orig_filename)
    return int(info.header_offset) + _LOCAL.size + int(length)


def _check_name(name: str, seen: dict[str, str]) -> None:
    """Names are plain ones of small depth, and no two are one file on a disk that ignores case.

    seen: by path in small letters how it was written, a folder with a slash at its end.
    """
    parts = name.split("/")
    plain = all(_PART.fullmatch(part) and not _RESERVED.fullmatch(part) and part[-1] != "." for part in parts)
    known = name in (DESCRIPTION, SIGNATURE) or (name.startswith(PAYLOAD) and 2 <= len(parts) <= 8)
    if not plain or not known or len(name) > 200:
        raise _trap(_("an entry whose name is not allowed"), name)
    for count in range(1, len(parts)):
        folder = "/".join(parts[:count])
        if seen.setdefault(folder.lower(), f"{folder}/") != f"{folder}/":
            raise _trap(_("two entries of one name"), name)
    if name.lower() in seen:
        raise _trap(_("two entries of one name"), name)
    seen[name.lower()] = name


def extract(
    container: Container,
    name: str,
    digest: str,
    target: Path,
    progress: Callable[[int], object] = lambda _bytes: None,
) -> None:
    """Write the entry *name* to the new file *target*, and keep it only where its SHA-256 is *digest*.

    Raises `UpdateRefused` where it is not, `OSError` where it cannot be written.
    """
    entry = container.entries[name]
    target.parent.mkdir(parents=True, exist_ok=True)
    found = hashlib.sha256()
    with container.path.open("rb") as stream, target.open("xb") as out:
        stream.seek(entry.start)
        left = entry.size
        while left:
            chunk = stream.read(min(CHUNK, left))
            if not chunk:
                raise _damaged()
            found.update(chunk)
            out.write(chunk)
            left -= len(chunk)
            progress(len(chunk))
        out.flush()
        os.fsync(out.fileno())
    if found.hexdigest() != digest:
        target.unlink()
        raise changed(name)


def changed(name: str) -> UpdateRefused:
    """The refusal of a file that is not the one that was signed."""
    return UpdateRefused(_("The update was changed after it was signed: {name}.").format(name=shown(name)))


def shown(name: str) -> str:
    """A name that a file claims, safe to be shown: no control signs, no change of direction, not too long."""
    return "".join(sign if sign.isprintable() and sign.isascii() else "?" for sign in name[:80])


def _trap(what: str, name: str) -> UpdateRefused:
    sentence = _("This is not an update as medgui makes them: it holds {what} ({name}).")
    return UpdateRefused(sentence.format(what=what, name=shown(name)))


def _damaged() -> UnreadableFile:
    return UnreadableFile(
        _("This is no update file, or it is damaged or cut off. Copy it to the stick again.")
    )
