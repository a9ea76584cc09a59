"""A built program tree as an archive takes it: sorted, owned by nobody in particular, modes and times fixed.

The same tree, version and time give the same bytes; *epoch* is the time of the commit (SOURCE_DATE_EPOCH).
"""

from __future__ import annotations

import gzip
import os
import shutil
from pathlib import Path

PROGRAM = "medgui"
"""Name of the executable at the root of a tree, and of its folder."""


def require_tree(tree: Path) -> None:
    """Refuse a folder that is no built program before anything is made of it."""
    if not (tree / PROGRAM).is_file() or not (tree / "_internal").is_dir():
        raise SystemExit(f"{tree} holds no built program ({PROGRAM} and _internal)")


def mode_of(path: Path) -> int:
    """The mode that *path* gets: programs and folders 755, all else 644, libraries too (Debian policy 10.9)."""
    if path.is_dir():
        return 0o755
    runs = path.stat().st_mode & 0o111 and ".so" not in path.name
    return 0o755 if runs else 0o644


def members(folder: Path) -> list[Path]:
    """Everything below *folder*, folders before what is in them, sorted by name whatever the file system says."""
    found: list[Path] = []
    for here, folders, files in os.walk(folder):
        found += [Path(here, name) for name in (*folders, *files)]
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix().encode())


def copy_tree(source: Path, target: Path) -> None:
    """Copy *source* with the modes that it gets; links stay links; what only the building machine had is left out."""
    target.mkdir(parents=True)
    for path in members(source):
        if "__pycache__" in path.relative_to(source).parts:
            continue
        to = target / path.relative_to(source)
        if path.is_symlink():
            to.symlink_to(os.readlink(path))
        elif path.is_dir():
            to.mkdir()
        else:
            shutil.copyfile(path, to)
            to.chmod(mode_of(path))


def put(path: Path, content: str | bytes, mode: int = 0o644) -> None:
    """Write one file of a package."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    path.chmod(mode)


def put_compressed(path: Path, content: str) -> None:
    """Write `path.gz` as `gzip -9n` does: no name and no time inside."""
    put(path.with_name(path.name + ".gz"), gzip.compress(content.encode("utf-8"), 9, mtime=0))


def set_times(folder: Path, epoch: int) -> None:
    """Give everything below *folder*, and the folder, one time."""
    for path in (*members(folder), folder):
        os.utime(path, (epoch, epoch), follow_symlinks=False)
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
