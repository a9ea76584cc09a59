"""Windows and macOS: the package is kept, and the system's own installer does the rest.

The setup of Windows refuses to run while medgui does (its AppMutex), so it starts when this program ends. Written after
the documentation of Inno Setup and tried with simulated commands only; not run on Windows yet.
"""

from __future__ import annotations

import re
import shutil
from contextlib import suppress
from pathlib import Path

from medgui.errors import UpdateRefused
from medgui.files import replacing
from medgui.i18n import _
from medgui.updates.tools import Tools
from medgui.versions import newer, order

PACKAGES = "packages"
SILENT = ("/VERYSILENT", "/SUPPRESSMSGBOXES", "/NORESTART")
_KEPT = re.compile(r"medgui-([0-9][0-9A-Za-z.]*)-(?:.*-)?setup\.exe")


def install(package: Path, before: str, state: Path, tools: Tools) -> None:
    """Keep the setup and let it start silently when medgui ends; the one of before stays. Raises `OSError`."""
    kept_here = keep(package, state)
    for version, path in _packages(state):
        if path != kept_here and order(version) != order(before):
            path.unlink()
    tools.start_at_end([str(kept_here), *SILENT])


def keep(package: Path, state: Path) -> Path:
    """Put the checked package where it stays."""
    folder = state / PACKAGES
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / package.name
    with replacing(target) as stream, package.open("rb") as source:
        shutil.copyfileobj(source, stream)
    return target


def kept(state: Path, version: str) -> str:
    """The newest kept version before *version*; "" where there is none."""
    return max((v for v, _path in _packages(state) if newer(version, v)), key=order, default="")


def package_of(version: str, state: Path) -> Path:
    """The kept setup of *version*. Raises `UpdateRefused` where there is none."""
    for found, path in _packages(state):
        if found == version:
            return path
    raise UpdateRefused(_("No earlier version of the program is kept here."))


def _packages(state: Path) -> list[tuple[str, Path]]:
    found = []
    for path in (state / PACKAGES).glob("medgui-*setup.exe"):
        match = _KEPT.fullmatch(path.name)
        if match:
            with suppress(ValueError):
                order(match[1])
                found.append((match[1], path))
    return found
