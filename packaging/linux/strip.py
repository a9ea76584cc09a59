"""Take symbols for debuggers out of a program tree, where the file still loads afterwards.

A library that the tools of Python wheels have patched can lose its layout to `strip` ("ELF load command
address/offset not page-aligned"), which shows only when something loads it. So each result is held to the rule that
the loader of glibc checks before it takes the place of the file.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from linux.elf import is_elf, segments


def strip_tree(tree: Path) -> int:
    """Strip what can be; return the bytes saved."""
    saved = 0
    for path in sorted(tree.rglob("*")):
        if path.is_file() and not path.is_symlink() and _has_symbols(path):
            saved += _strip(path)
    return saved


def loads(path: Path) -> bool:
    """Tell whether each loadable segment of an ELF file is aligned as glibc demands (elf/dl-load.c)."""
    content = path.read_bytes()
    return not any(
        each.align & 0xFFF
        or (each.address - each.offset) % each.align
        or each.offset + each.length > len(content)
        for each in segments(content)
        if each.loadable
    )


def _has_symbols(path: Path) -> bool:
    if not is_elf(path):
        return False
    done = subprocess.run(["readelf", "-SW", str(path)], capture_output=True, text=True, check=False)
    if " pydata " in done.stdout:  # PyInstaller's program, with the modules in a section of its own
        return False
    return " .symtab " in done.stdout or " .debug_info " in done.stdout


def _strip(path: Path) -> int:
    """Strip one file; 0 where that would break it."""
    result = path.with_name(path.name + ".stripped")
    before = path.stat().st_size
    try:
        done = subprocess.run(
            ["strip", "--strip-unneeded", "-o", str(result), str(path)], capture_output=True, check=False
        )
        if done.returncode or not loads(result):
            return 0
        result.chmod(path.stat().st_mode)
        result.replace(path)
    finally:
        result.unlink(missing_ok=True)
    return before - path.stat().st_size
