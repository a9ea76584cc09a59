"""A small tree in the form of a built program, and the scripts of `packaging/linux`."""

import os
import shutil
import sys
from pathlib import Path

import pytest

PACKAGING = str(Path(__file__).resolve().parents[2] / "packaging")
if PACKAGING not in sys.path:
    sys.path.append(PACKAGING)

PROGRAM = """#!/bin/sh
echo "home=${MEDGUI_HOME:-none} $*"
"""


def needed(*programs: str) -> None:
    """Skip the calling test where a program is absent."""
    for program in programs:
        if shutil.which(program) is None:
            pytest.skip(f"needs the program {program}")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A program of one script, one library of the system, a table and what only the building machine had."""
    if os.name != "posix" or os.uname().sysname != "Linux":
        pytest.skip("the forms for Linux are made on Linux")
    needed("readelf")
    folder = tmp_path / "medgui"
    inside = folder / "_internal" / "medgui" / "_data"
    (inside / "__pycache__").mkdir(parents=True)
    (inside / "__pycache__" / "x.pyc").write_bytes(b"x")
    (folder / "medgui").write_text(PROGRAM, encoding="utf-8")
    (folder / "medgui").chmod(0o775)
    true = shutil.which("true")
    assert true is not None
    shutil.copy(true, folder / "_internal" / "libone.so.1")
    (folder / "_internal" / "libone.so").symlink_to("libone.so.1")
    return folder
