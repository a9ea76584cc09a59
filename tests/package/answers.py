"""The same questions to the installed program and to the source, and the one list of what their answers may differ in.

Both get the same file names in an empty folder and the same variables, on one processor. Equal means equal bytes:
nothing is rounded and no order is forgiven.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.helpers.command_line import ROOT, Done
from tests.package.machine import DATA, Machine

MAY_DIFFER: Mapping[str, re.Pattern[bytes]] = {
    "the time of reading": re.compile(rb'(?<="read_at": ")[^"]*(?=")'),
    "the time of an export": re.compile(rb'(?<="recorded": ")[^"]*(?=")'),
}
"""All that may differ in an answer, each with what is taken out before bytes are compared."""
OWN_KEY = "SIGNATURES"
"""The file of trained models that differs: each user signs with a key of his own."""


def source_python() -> str:
    """The interpreter of the source run: MEDGUI_SOURCE_PYTHON, else the one that runs the tests."""
    return os.environ.get("MEDGUI_SOURCE_PYTHON", sys.executable)


@dataclass(frozen=True)
class Both:
    """The installed program in *folder* of *machine*, and the source in *here*: every question goes to both."""

    machine: Machine
    folder: str
    here: Path

    def put(self, name: str, data: bytes) -> None:
        """Give both the same file."""
        self.machine.put(f"{self.folder}/{name}", data)
        (self.here / name).write_bytes(data)

    def packaged(self, *arguments: str, **variables: str) -> Done:
        """Ask the installed program."""
        return self.machine.run("medgui", *arguments, folder=self.folder, **variables)

    def source(self, *arguments: str, **variables: str) -> Done:
        """Ask the source, with the variables that the installed program has."""
        done = subprocess.run(
            [source_python(), "-m", "medgui", *arguments],
            cwd=self.here,
            env={**source_variables(self.here), **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=300,
            check=False,
        )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode(errors="replace"))

    def paths(self, name: str) -> tuple[Path, Path]:
        """Where the installed program writes a file, and where the source does."""
        return self.machine.path(f"{self.folder}/{name}"), self.here / name

    def files(self, name: str) -> tuple[bytes, bytes]:
        """One file as the installed program wrote it, and as the source did."""
        packaged, source = self.paths(name)
        return packaged.read_bytes(), source.read_bytes()

    def agree(self, *arguments: str, code: int = 0, **variables: str) -> str:
        """Ask both; code, standard output and error stream are equal byte for byte. The answer."""
        packaged, source = self.packaged(*arguments, **variables), self.source(*arguments, **variables)
        ended = (packaged.code, packaged.err), (source.code, source.err)
        assert ended[0] == ended[1], f"{arguments}: {ended}"
        ours, theirs = comparable(packaged.out.encode()), comparable(source.out.encode())
        assert ours == theirs, f"{arguments}: {first_difference(ours, theirs)}"
        assert packaged.code == code, f"{arguments}: {packaged.err}"
        return packaged.out


def source_variables(home: Path) -> dict[str, str]:
    """The variables of a source run: those that a user of the machine has, and where the source lies."""
    own = home / "home"
    own.mkdir(exist_ok=True)
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(own),
        "LANG": "C.UTF-8",
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": str(ROOT),
    }


def comparable(data: bytes) -> bytes:
    """An answer without what may differ."""
    for pattern in MAY_DIFFER.values():
        data = pattern.sub(b"", data)
    return data


def changed_since(machine: Machine) -> str:
    """Why answers need not be equal: the package is of another state of the source. "" where it is of this one."""
    about = machine.path(DATA / "about" / "build.json")
    commit = (
        json.loads(about.read_text(encoding="utf-8"))["commit"].partition("+")[0] if about.is_file() else ""
    )
    if not commit:
        return ""
    compare = ["git", "diff", "--quiet", commit, "--", "medgui", "models", "resources"]
    same = subprocess.run(compare, cwd=ROOT, capture_output=True, check=False).returncode == 0
    return (
        ""
        if same
        else f"the package is of commit {commit[:7]}, and the program was changed since (make package)"
    )


def first_difference(one: bytes, other: bytes) -> str:
    """The first lines of two answers that differ."""
    for ours, theirs in zip(one.splitlines(), other.splitlines(), strict=False):
        if ours != theirs:
            return f"{ours[:200]!r} instead of {theirs[:200]!r}"
    return f"{len(one)} bytes instead of {len(other)}"


def other_versions(machine: Machine) -> list[str]:
    """Libraries of which package and source have other versions, for which alone last bits may differ.

    The package says its own in its bill of materials; a package without one is compared as it is.
    """
    bill = machine.path(DATA / "about" / "sbom.cdx.json")
    if not bill.is_file():
        return []
    components = json.loads(bill.read_text(encoding="utf-8"))["components"]
    inside = {_plain(each["name"]): each.get("version", "") for each in components}
    script = "import importlib.metadata as m, json; print(json.dumps({d.name: d.version for d in m.distributions()}))"
    told = subprocess.run([source_python(), "-c", script], capture_output=True, text=True, check=True).stdout
    here = {_plain(name): version for name, version in json.loads(told).items()}
    shared = sorted(set(here) & set(inside) - {"medgui"})
    return [f"{name} {inside[name]}, here {here[name]}" for name in shared if here[name] != inside[name]]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
