"""Check that every pinned part has a wheel for each system: `python packaging/wheels.py [--write]`.

The lock (`requirements/package.txt`) is universal: one version of every part and the hashes of all its files. A build
takes wheels only, so that nothing is compiled on the way; whether there is one for Windows and macOS is asked of the
package index through pip itself (`--dry-run --report`, which installs nothing), once a system, and the hash of
the wheel that pip would take has to stand in the lock. `--write` keeps the answer in docs/wheels.md. What is missing
ends with exit code 1, unless `KNOWN_GAPS` says what follows from it.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from packaging.markers import Marker
from packaging.tags import Tag
from packaging.utils import canonicalize_name, parse_wheel_filename

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "packaging" / "requirements" / "package.txt"
TARGET = ROOT / "docs" / "wheels.md"
PYTHON = "3.13"
"""The Python that the packages are built with (packaging/package.py, .ci/workflows/package.yml)."""

_PIN = re.compile(r"^(?P<name>[A-Za-z0-9][\w.-]*)==(?P<version>[^\s;\\]+)\s*(?:;\s*(?P<marker>[^\\]+))?")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_NONE = re.compile(r"No matching distribution found for ([\w.-]+)==")
_MAC = re.compile(r"macosx_(\d+)_(\d+)_")
_GLIBC = re.compile(r"manylinux_(\d+)_(\d+)_|manylinux(2014|2010|1)_")
_OLD_GLIBC = {"1": (2, 5), "2010": (2, 12), "2014": (2, 17)}


@dataclass(frozen=True)
class Pin:
    """One line of the lock: a part, the systems it is for, and the hashes of its files."""

    name: str
    version: str
    marker: str = ""
    hashes: frozenset[str] = frozenset()

    def is_for(self, system: System) -> bool:
        """Whether the marker holds there."""
        return not self.marker or Marker(self.marker).evaluate(dict(system.environment()))


@dataclass(frozen=True)
class System:
    """A system that packages are made for: as pip names it, and as markers see it."""

    title: str
    platforms: tuple[str, ...]
    sys_platform: str
    platform_system: str
    machine: str
    os_name: str = "posix"

    def environment(self) -> Mapping[str, str]:
        """What markers ask about; the interpreter is the one of the build."""
        return {
            "sys_platform": self.sys_platform,
            "platform_system": self.platform_system,
            "platform_machine": self.machine,
            "os_name": self.os_name,
            "python_version": PYTHON,
            "python_full_version": f"{PYTHON}.0",
            "implementation_name": "cpython",
            "implementation_version": f"{PYTHON}.0",
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_version": "",
            "extra": "",
        }


LINUX = (
    *(f"manylinux_2_{minor}_x86_64" for minor in range(35, 4, -1)),
    "manylinux2014_x86_64",
    "manylinux2010_x86_64",
    "manylinux1_x86_64",
    "linux_x86_64",
)
SYSTEMS = (
    System("Windows x64", ("win_amd64",), "win32", "Windows", "AMD64", "nt"),
    System("macOS arm64", ("macosx_15_0_arm64", "macosx_15_0_universal2"), "darwin", "Darwin", "arm64"),
    System("macOS x86_64", ("macosx_15_0_x86_64", "macosx_15_0_universal2"), "darwin", "Darwin", "x86_64"),
    System("Linux x86_64", LINUX, "linux", "Linux", "x86_64"),
)
"""The runners of .ci/workflows/package.yml: a wheel for a newer system than theirs could not be installed there."""

LOCKED = "The hash of every wheel named here stands in the lock."
UNLOCKED = "**The lock lacks the hash of: {}.**"

INTEL_MACS = (
    "no package for Macs with an Intel processor is built from this lock. The last {} of this index that has a wheel "
    "for them is older; a lock of its own would be needed, and the reference answers of every model run with it."
)
KNOWN_GAPS: Mapping[tuple[str, str], str] = {
    ("macOS x86_64", "cryptography"): INTEL_MACS.format("cryptography (48.0.1)"),
    ("macOS x86_64", "onnxruntime"): INTEL_MACS.format("onnxruntime (1.23.2)"),
}
"""Parts without a wheel for a system, and what follows from it, by (system, part)."""


@dataclass
class Checked:
    """What the index has for one system."""

    system: System
    wheels: dict[str, str] = field(default_factory=dict)
    unlocked: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def oldest(self) -> str:
        """The oldest release of the system that takes every wheel, as their names say it."""
        versions = [version for name in self.wheels.values() if (version := needed(name))]
        if not versions:
            return "not said by the wheels"
        word = "macOS" if self.system.sys_platform == "darwin" else "glibc"
        major, minor = max(versions)
        return f"{word} {major}.{minor}"

    def by(self) -> list[str]:
        """The parts that ask for that oldest release."""
        told = {part: version for part, name in self.wheels.items() if (version := needed(name))}
        return sorted(part for part, version in told.items() if version == max(told.values()))


def read_lock(text: str) -> list[Pin]:
    """Read the pins of a lock in pip's own form: continued lines, markers, hashes. `ValueError` for another line."""
    pins = []
    for line in text.replace("\\\n", " ").splitlines():
        stripped = line.partition(" #")[0].strip()
        if not stripped or stripped.startswith(("#", "--")):
            continue
        found = _PIN.match(stripped)
        if found is None:
            raise ValueError(f"no pin: {stripped[:60]}")
        marker = (found["marker"] or "").partition("--hash")[0].strip()
        hashes = frozenset(_HASH.findall(stripped))
        pins.append(Pin(canonicalize_name(found["name"]), found["version"], marker, hashes))
    return pins


def needed(wheel: str) -> tuple[int, int] | None:
    """The oldest macOS or glibc that a wheel's name allows; None for a wheel of any system, or of Windows."""
    tags: frozenset[Tag] = parse_wheel_filename(wheel)[3]
    found = [version for tag in tags if (version := _version(tag.platform))]
    return min(found) if found else None


def _version(platform: str) -> tuple[int, int] | None:
    if mac := _MAC.match(platform):
        return int(mac[1]), int(mac[2])
    if linux := _GLIBC.match(platform):
        return _OLD_GLIBC[linux[3]] if linux[3] else (int(linux[1]), int(linux[2]))
    return None


def ask(system: System, pins: Sequence[Pin]) -> tuple[dict[str, tuple[str, str]], list[str]]:
    """Ask pip which wheels it would take: (file name, sha256) by part, and the parts for which it finds none."""
    wanted, missing = {pin.name: pin for pin in pins}, []
    while wanted:
        done, said = _pip(system, list(wanted.values()))
        if done is not None:
            return done, missing
        gone = {canonicalize_name(name) for name in _NONE.findall(said)} & wanted.keys()
        if not gone:
            raise SystemExit(f"pip gave no answer for {system.title}:\n{said[-2000:]}")
        missing += sorted(gone)
        for name in gone:
            del wanted[name]
    return {}, missing


def _pip(system: System, pins: Sequence[Pin]) -> tuple[dict[str, tuple[str, str]] | None, str]:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--no-deps"]
        command += ["--quiet", "--disable-pip-version-check", "--no-input", "--only-binary=:all:"]
        command += ["--report", str(report), "--target", folder, "--python-version", PYTHON]
        command += ["--implementation", "cp", "--abi", "cp313", "--abi", "abi3", "--abi", "none"]
        command += [word for name in system.platforms for word in ("--platform", name)]
        command += [f"{pin.name}=={pin.version}" for pin in pins]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            return None, done.stderr
        found = {}
        for entry in json.loads(report.read_text(encoding="utf-8"))["install"]:
            info = entry["download_info"]
            file = info["url"].rpartition("/")[2].partition("#")[0].replace("%2B", "+")
            name = canonicalize_name(entry["metadata"]["name"])
            found[name] = (file, info["archive_info"]["hashes"]["sha256"])
        return found, ""


def check(system: System, pins: Sequence[Pin]) -> Checked:
    """Hold what pip would take on *system* against the lock."""
    there = [pin for pin in pins if pin.is_for(system)]
    found, missing = ask(system, there)
    checked = Checked(system, missing=missing)
    for pin in there:
        if pin.name in found:
            file, digest = found[pin.name]
            checked.wheels[pin.name] = file
            if digest not in pin.hashes:
                checked.unlocked.append(pin.name)
    return checked


def short(wheel: str) -> str:
    """The tags of a wheel's name, which say where it may be installed."""
    return "-".join(wheel.removesuffix(".whl").split("-")[-3:])


def document(pins: Sequence[Pin], everything: Sequence[Checked]) -> str:
    """The page docs/wheels.md."""
    head = " | ".join(each.system.title for each in everything)
    unlocked = sorted({name for each in everything for name in each.unlocked})
    lines = [
        "# Wheels",
        "",
        "Made by `python packaging/wheels.py --write` from `packaging/requirements/package.txt`, not by hand.",
        f"For every pinned part: the wheel that pip takes for CPython {PYTHON} on each system, by its tags.",
        UNLOCKED.format(", ".join(unlocked)) if unlocked else LOCKED,
        "",
        "| system | wheels | missing | oldest release that takes them all | because of |",
        "|---|---|---|---|---|",
    ]
    for each in everything:
        missing = ", ".join(f"`{name}`" for name in each.missing) or "none"
        because = ", ".join(f"`{name}`" for name in each.by()) or "no tag says one"
        row = [each.system.title, str(len(each.wheels)), missing, each.oldest(), because]
        lines.append(f"| {' | '.join(row)} |")
    lines += ["", *_gaps(everything), f"| part | version | {head} |", "|---|---|" + "---|" * len(everything)]
    for pin in sorted(pins, key=lambda pin: pin.name):
        cells = [_cell(pin, each) for each in everything]
        lines.append(f"| {pin.name} | {pin.version} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _gaps(everything: Sequence[Checked]) -> list[str]:
    told = []
    for each in everything:
        for name in each.missing:
            follows = KNOWN_GAPS.get((each.system.title, name), "no answer to this is known yet.")
            told.append(f"- {each.system.title}, `{name}`: {follows}")
    return [*told, ""] if told else []


def _cell(pin: Pin, each: Checked) -> str:
    if pin.name in each.wheels and pin.is_for(each.system):
        return short(each.wheels[pin.name]).replace("_", r"\_")
    return "**none**" if pin.name in each.missing and pin.is_for(each.system) else "not needed"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lock", type=Path, default=LOCK)
    parser.add_argument("--write", action="store_true", help=f"keep the answer in {TARGET.relative_to(ROOT)}")
    options = parser.parse_args()
    pins = read_lock(options.lock.read_text(encoding="utf-8"))
    everything = [check(system, pins) for system in SYSTEMS]
    page = document(pins, everything)
    if options.write:
        TARGET.write_text(page, encoding="utf-8")
    else:
        sys.stdout.write(page)
    faults = [
        f"{each.system.title}: the lock lacks the hash of {name}"
        for each in everything
        for name in each.unlocked
    ]
    faults += [
        f"{each.system.title}: no wheel of {name}"
        for each in everything
        for name in each.missing
        if (each.system.title, name) not in KNOWN_GAPS
    ]
    for fault in faults:
        sys.stderr.write(fault + "\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
