"""The portable archive: a new version beside the old one, and one link that says which counts.

<root>/medgui                          starts current/medgui/medgui
<root>/current -> versions/0.2.0       replaced in one step
<root>/versions/0.1.0/medgui/…         the version before, kept for going back
<root>/versions/0.2.0/medgui/…
"""

from __future__ import annotations

import errno
import os
import shutil
import tarfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path, PurePosixPath

from medgui.errors import UpdateRefused
from medgui.i18n import _
from medgui.updates.deb import not_proved
from medgui.updates.tools import Tools
from medgui.versions import newer, order

LAUNCHER = """#!/bin/sh
# Starts the version of medgui that is in force.
here=$(dirname "$(readlink -f "$0")")
exec "$here/current/medgui/medgui" "$@"
"""
LARGEST = 4 << 30
"""Bytes that a package may unpack to: ten times what one has."""
LEAST_FREE = 4 << 20
"""Bytes free on the disk below which unpacking failed for want of room."""
STAGING = ".staging-"


def root_of(program: Path) -> Path:
    """The folder of a portable copy by its executable. Raises `UpdateRefused` where it is laid out otherwise."""
    real = Path(os.path.realpath(program))
    versions = real.parent.parent.parent
    if (
        real.parent.name != "medgui"
        or versions.name != "versions"
        or not (versions.parent / "current").is_symlink()
    ):
        raise UpdateRefused(
            _("This portable copy is not laid out for updates. Unpack the new one beside it instead.")
        )
    return versions.parent


def install(
    archive: Path, before: str, after: str, tools: Tools, progress: Callable[[float], object]
) -> None:
    """Unpack beside, let it test itself, and switch. Raises `UpdateRefused`, `OSError`; then the old one stands."""
    root = root_of(tools.program)
    versions = root / "versions"
    for old in versions.glob(f"{STAGING}*"):
        shutil.rmtree(old, ignore_errors=True)
    staging = versions / f"{STAGING}{os.urandom(6).hex()}"
    try:
        staging.mkdir()
        _unpack(archive, staging)
        progress(0.7)
        ran = tools.proves(staging / "medgui" / "medgui")
        if ran.code:
            raise not_proved(ran.said)
        if hasattr(os, "sync"):
            os.sync()
        target = versions / after
        shutil.rmtree(target, ignore_errors=True)
        staging.rename(target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    switch(root, after)
    ran = tools.proves(root / "current" / "medgui" / "medgui")
    if ran.code:
        switch(root, before)
        raise not_proved(ran.said)
    for path in versions.iterdir():
        if path.name not in (before, after) and path.is_dir():
            shutil.rmtree(path, ignore_errors=True)


def switch(root: Path, version: str) -> None:
    """Let *version* be the one in force, in one step."""
    link = root / f".current-{os.urandom(6).hex()}"
    link.symlink_to(Path("versions") / version, target_is_directory=True)
    try:
        link.replace(root / "current")
    except BaseException:
        link.unlink(missing_ok=True)
        raise


def kept(program: Path, version: str) -> str:
    """The newest version before *version* that is kept; "" where there is none."""
    found = []
    with suppress(UpdateRefused, OSError):
        for path in (root_of(program) / "versions").iterdir():
            with suppress(ValueError):
                if newer(version, path.name) and (path / "medgui" / "medgui").is_file():
                    found.append(path.name)
    return max(found, key=order, default="")


def go_back(program: Path, version: str, tools: Tools) -> None:
    """Switch to a kept version, once it passed its own test."""
    root = root_of(program)
    ran = tools.proves(root / "versions" / version / "medgui" / "medgui")
    if ran.code:
        raise not_proved(ran.said)
    switch(root, version)


def _unpack(archive: Path, staging: Path) -> None:
    """Take the program's folder out of the archive: plain files, folders, and links that stay inside."""
    import cramjam

    plain = staging / "package.tar"
    try:
        with plain.open("xb"):
            pass
        cramjam.zstd.decompress_into(cramjam.File(str(archive)), cramjam.File(str(plain)))
        with tarfile.open(plain) as tar:
            top = _top(tar)
            for member in tar:
                inside = _inside(member, top)
                if inside is not None:
                    tar.extract(member.replace(name=inside, deep=False), staging, filter="data")
    except (tarfile.TarError, cramjam.DecompressionError, ValueError, EOFError) as error:
        if (
            shutil.disk_usage(staging).free < LEAST_FREE
        ):  # cramjam tells a full disk as an error of the archive
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
        raise UpdateRefused(_("The package in the update is not the one that it names.")) from error
    finally:
        plain.unlink(missing_ok=True)


def _top(tar: tarfile.TarFile) -> PurePosixPath:
    """The folder in the archive that holds `medgui/medgui` and `medgui/_internal`."""
    size, found = 0, None
    for member in tar:
        path = PurePosixPath(member.name)
        size += member.size
        if member.isfile() and path.parts[-2:] == ("medgui", "medgui") and "_internal" not in path.parts:
            found = path.parent.parent
    if found is None or size > LARGEST:
        raise ValueError("no program")
    return found


def _inside(member: tarfile.TarInfo, top: PurePosixPath) -> str | None:
    path = PurePosixPath(member.name)
    if not path.is_relative_to(top / "medgui"):
        return None
    return path.relative_to(top).as_posix()
