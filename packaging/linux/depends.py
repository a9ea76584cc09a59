"""What a tree needs of the system, read from its ELF files and never typed.

Needed is what their NEEDED entries name and the tree does not carry; `dpkg -S` says which package holds it on the
machine that builds. `libc6 (>= …)` is the newest GLIBC_ symbol that any file asks for (binutils' readelf).
fontconfig-config is only recommended: without it fontconfig says one line and finds no font but those that ship.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from linux.tree import members

GLIBC = frozenset(
    ["c", "m", "dl", "rt", "pthread", "resolv", "util", "ld-linux-x86-64", "ld-linux-aarch64", "anl", "mvec"]
)
"""Libraries of libc6, without `lib` and `.so`."""
KNOWN = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libOpenGL.so.0": "libopengl0",
    "libxcb.so.1": "libxcb1",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libdrm.so.2": "libdrm2",
    "libgtk-3.so.0": "libgtk-3-0",
    "libgdk-3.so.0": "libgtk-3-0",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}
"""Packages of libraries that a machine that builds may lack, the same in Debian and Ubuntu."""
RENAMED = frozenset({"libglib2.0-0", "libgtk-3-0"})
"""Packages that Debian 13 and Ubuntu 24.04 call …t64 (the change to 64-bit times)."""
SCREENS = ("platforms/libqxcb", "platforms/libqoffscreen", "xcbglintegrations/")
"""Plug-ins of Qt without which no window opens on X; what others need is no condition."""

_FILE = re.compile(r"^File: (.+)$")
_NEEDED = re.compile(r"\(NEEDED\).*\[([^\]]+)\]")
_SYMBOL = re.compile(r"Name: (GLIBC|GLIBCXX)_(\d+(?:\.\d+)+)")
STDCXX = ((29, "11"), (30, "12"), (31, "13.1"), (32, "13.2"), (33, "14"))
"""GLIBCXX_3.4.x by the release of GCC whose libstdc++6 first has it (manual of libstdc++, ABI history)."""


@dataclass(frozen=True)
class Needs:
    """Fields of a control file."""

    depends: tuple[str, ...]
    recommends: tuple[str, ...]
    suggests: tuple[str, ...]


def needs(tree: Path) -> Needs:
    """Compute what *tree* needs."""
    files = [path for path in members(tree) if _is_elf(path)]
    carried = {path.name for path in members(tree)}
    by_strength: dict[str, set[str]] = {"depends": set(), "recommends": set(), "suggests": set()}
    newest: dict[str, tuple[int, ...]] = {"GLIBC": (2, 17), "GLIBCXX": (3, 4, 28)}
    for path, library, symbol in _read(files):
        if symbol:
            newest[library] = max(newest[library], tuple(map(int, symbol.split("."))))
        elif library not in carried and library.removeprefix("lib").partition(".so")[0] not in GLIBC:
            strength, package = _strength(path), _package(library)
            if package:
                by_strength[strength].add(package)
            elif strength == "depends":
                raise SystemExit(f"{path} needs {library}; no package is known that holds it")
    depends = by_strength["depends"]
    recommends = by_strength["recommends"] - depends
    suggests = by_strength["suggests"] - depends - recommends
    libc = f"libc6 (>= {'.'.join(map(str, newest['GLIBC']))})"
    release = next((gcc for symbol, gcc in STDCXX if newest["GLIBCXX"] == (3, 4, symbol)), "")
    listed = [
        f"{name} (>= {release})" if name == "libstdc++6" and release else name for name in _named(depends)
    ]
    return Needs((libc, *listed), ("fontconfig-config", *_named(recommends)), _named(suggests))


def _named(packages: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{name}t64 | {name}" if name in RENAMED else name for name in sorted(packages))


def _strength(path: str) -> str:
    """A plug-in that is loaded only on another kind of screen must not bring its libraries to everybody."""
    _before, plugin, rest = path.partition("/Qt/plugins/")
    if "libQt6Wayland" in path or "libQt6WlShell" in path or (plugin and "wayland" in rest.lower()):
        return "recommends"
    if "libQt6Egl" in path or (plugin and not rest.startswith(SCREENS)):
        return "suggests"
    return "depends"


def _is_elf(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as stream:
        return stream.read(4) == b"\x7fELF"


def _read(files: list[Path]) -> Iterator[tuple[str, str, str]]:
    """Give (file, library, "") and (file, "GLIBC" or "GLIBCXX", version of a symbol)."""
    command = ["readelf", "--wide", "--dynamic", "--version-info", *map(str, files)]
    said = subprocess.run(command, capture_output=True, text=True, errors="replace", env={"LC_ALL": "C"})
    here = str(files[0]) if files else ""
    for line in said.stdout.splitlines():
        if found := _FILE.match(line):
            here = found[1]
        elif found := _NEEDED.search(line):
            yield here, found[1], ""
        elif found := _SYMBOL.search(line):
            yield here, found[1], found[2]


@cache
def _package(library: str) -> str:
    """The package that holds *library*; empty where nobody knows, as of a plug-in whose library was left out."""
    said = subprocess.run(["dpkg", "-S", f"*/{library}"], capture_output=True, text=True, check=False)
    owners = sorted(
        {
            line.partition(":")[0]
            for line in said.stdout.splitlines()
            if not line.partition(":")[0].endswith("-dev")
            and re.search(r": /(?:usr/)?lib/[^/]+/[^/]+$", line)
        }
    )
    owner = owners[0] if owners else KNOWN.get(library, "")
    return owner.removesuffix("t64")
