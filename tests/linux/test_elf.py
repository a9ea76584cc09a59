"""Search paths of libraries in ELF files."""

import struct
from pathlib import Path

import pytest


def library(search: bytes, tag: int = 29) -> bytes:
    """The smallest 64-bit ELF file with one dynamic section: a search path and its table of texts."""
    texts = b"\0" + search + b"\0"
    dynamic = struct.pack("<6Q", 5, 0x1000 + 224, tag, 1, 0, 0)
    header = b"\x7fELF\x02\x01\x01" + bytes(9)
    header += struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, 0, 64, 0, 0, 64, 56, 2, 0, 0, 0)
    size = 64 + 112 + len(dynamic) + len(texts)
    load = struct.pack("<IIQQQQQQ", 1, 5, 0, 0x1000, 0x1000, size, size, 0x1000)
    place = struct.pack("<IIQQQQQQ", 2, 6, 176, 0x10B0, 0x10B0, len(dynamic), len(dynamic), 8)
    return header + load + place + dynamic + texts


@pytest.mark.parametrize("tag", [15, 29])
def test_a_folder_of_the_machine_that_built_is_taken_out(tmp_path: Path, tag: int) -> None:
    from linux.elf import _search_paths, clear_foreign_paths

    file = tmp_path / "lib.so"
    file.write_bytes(library(b"/home/somebody/lib", tag))
    assert [text for _at, text in _search_paths(file.read_bytes())] == [b"/home/somebody/lib"]
    assert clear_foreign_paths(file)
    assert [text for _at, text in _search_paths(file.read_bytes())] == [b""]
    assert not clear_foreign_paths(file)


@pytest.mark.parametrize("content", [library(b"$ORIGIN/../lib"), b"\x7fELF\x01\x01", b"text", b""])
def test_everything_else_stays_as_it_is(tmp_path: Path, content: bytes) -> None:
    from linux.elf import clear_foreign_paths

    file = tmp_path / "lib.so"
    file.write_bytes(content)
    assert not clear_foreign_paths(file)
    assert file.read_bytes() == content


def test_a_library_whose_segments_lost_their_alignment_is_told_from_a_sound_one(tmp_path: Path) -> None:
    from linux.strip import loads

    sound, broken = tmp_path / "sound.so", tmp_path / "broken.so"
    content = bytearray(library(b"$ORIGIN"))
    sound.write_bytes(content)
    struct.pack_into("<Q", content, 64 + 16, 0x1008)  # the address of the loadable segment
    broken.write_bytes(content)
    assert loads(sound)
    assert not loads(broken)


def test_stripping_takes_symbols_and_never_breaks_a_library(tmp_path: Path) -> None:
    import shutil
    import subprocess

    from linux.strip import strip_tree

    if not all(shutil.which(tool) for tool in ("gcc", "strip", "readelf")):
        pytest.skip("needs a compiler and binutils")
    library_file = tmp_path / "libone.so"
    command = ["gcc", "-g", "-shared", "-fPIC", "-x", "c", "-", "-o", str(library_file)]
    subprocess.run(command, input=b"int one(void) { return 1; }", check=True)
    (tmp_path / "text.so").write_text("no library")
    before = library_file.stat().st_size
    assert strip_tree(tmp_path) == before - library_file.stat().st_size > 0
    import ctypes

    assert ctypes.CDLL(str(library_file)).one() == 1
    assert sorted(each.name for each in tmp_path.iterdir()) == ["libone.so", "text.so"]
