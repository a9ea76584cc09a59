"""Libraries of macOS, built here byte by byte: whether a shipped one is the one that was installed."""

import struct
from pathlib import Path

from supply.environment import same_build
from supply.mach_o import identifiers


def library(uuid: bytes, path: bytes = b"") -> bytes:
    """One architecture: a head and two commands, a path of a library (LC_RPATH) and the identifier."""
    rpath = struct.pack("<II", 0x8000001C, 8 + len(path)) + path
    head = b"\xcf\xfa\xed\xfe" + struct.pack("<7I", 0x0100000C, 0, 6, 2, len(rpath) + 24, 0, 0)
    return head + rpath + struct.pack("<II", 0x1B, 24) + uuid


def several(*parts: bytes) -> bytes:
    table, body, place = b"\xca\xfe\xba\xbe" + struct.pack(">I", len(parts)), b"", 8 + 20 * len(parts)
    for part in parts:
        table += struct.pack(">5I", 0, 0, place + len(body), len(part), 0)
        body += part
    return table + body


ARM, INTEL = bytes(range(16)), bytes(range(16, 32))


def test_a_library_is_known_by_its_identifiers() -> None:
    assert identifiers(library(ARM)) == {ARM.hex()}
    assert identifiers(several(library(ARM), library(INTEL))) == {ARM.hex(), INTEL.hex()}


def test_what_is_no_library_of_macos_or_is_cut_off_has_none() -> None:
    whole = library(ARM, b"@loader_path")
    assert not any(identifiers(whole[:length]) for length in (0, 3, 20, 40))
    for content in (b"", b"\x7fELF" + bytes(60), b"\xca\xfe\xba\xbe\x00\x00\x00\x41" + bytes(600)):
        assert identifiers(content) == frozenset()


def test_one_architecture_with_other_paths_is_the_same_build_and_another_identifier_is_not(
    tmp_path: Path,
) -> None:
    installed, shipped, changed = (tmp_path / name for name in ("installed", "shipped", "changed"))
    installed.write_bytes(several(library(ARM, b"/usr/lib"), library(INTEL)))
    shipped.write_bytes(library(ARM, b"@loader_path/..") + b"signature")
    changed.write_bytes(library(bytes(16)))
    assert same_build(installed, shipped)
    assert not same_build(installed, changed)
