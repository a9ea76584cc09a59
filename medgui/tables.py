"""The tables of `resources`: written and reviewed as TOML, read from `resources/TABLES`, where they are compiled.

A text of three lines a table below one line that names the format; each is parsed when it is asked for (ADR 0023):

    medgui tables 1
    <bytes of the TOML> <CRC-32 of it> knowledge/facts.toml
    {"never": …}

A table counts only where length and CRC are those of the TOML beside it; any other is read from its TOML, which is
always right. They find a change that was forgotten to be compiled, not one that somebody hides: what has to be safe
from that is signed (`inference.signatures`).
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from medgui.paths import resources_dir

FILE_NAME = "TABLES"
FORMAT = "medgui tables 1"


def read_table(name: str, folder: Path | None = None) -> dict[str, Any]:
    """The table *name* below `resources` (or *folder*). Raises what `tomllib` raises where it is none."""
    folder = folder or resources_dir()
    content = (folder / name).read_bytes()
    line = _lines(folder).get(f"{_mark(content)} {name}")
    if line is not None:
        try:
            found: dict[str, Any] = json.loads(line.decode("utf-8"))
        except ValueError:  # a file that was cut off
            return _parsed(content)
        return found
    return _parsed(content)


def compile_tables(folder: Path) -> bytes:
    """The content of `folder/TABLES`: every TOML file below *folder*."""
    lines = [FORMAT]
    for name in sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.toml")):
        content = (folder / name).read_bytes()
        table = json.dumps(_parsed(content), ensure_ascii=False, separators=(",", ":"))
        lines += [f"{_mark(content)} {name}", table]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _mark(content: bytes) -> str:
    return f"{len(content)} {zlib.crc32(content):08x}"


def _parsed(content: bytes) -> dict[str, Any]:
    import tomllib

    return tomllib.loads(content.decode("utf-8"))


@cache
def _lines(folder: Path) -> Mapping[str, bytes]:
    """The compiled tables by mark and name; none where the file is missing or of another format."""
    try:
        lines = (folder / FILE_NAME).read_bytes().split(b"\n")
    except OSError:
        return {}
    if lines[0] != FORMAT.encode():
        return {}
    return {
        mark.decode("utf-8", "replace"): line for mark, line in zip(lines[1:-1:2], lines[2::2], strict=False)
    }
