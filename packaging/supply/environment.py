"""The clean environment that the program was made from: its distributions, its Python, and whose file is whose."""

import csv
import hashlib
import importlib.metadata
import io
import re
import subprocess
import sys
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from supply import mach_o

_TEXT = re.compile(
    r"(^|/)[^/]*\.dist-info/(licen[cs]es?/.+|(licen[cs]e|copying|copyright|notice|authors)[^/]*)$",
    re.IGNORECASE,
)


def canonical(name: str) -> str:
    """The name of a distribution as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


@dataclass(frozen=True)
class Owned:
    """A file of a distribution: the owner's name, and the hash that its RECORD states ("" where none)."""

    owner: str
    digest: str


class Environment:
    """An environment made by venv or uv."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        found = sorted(folder.glob("lib/python3.*/site-packages")) or [folder / "Lib" / "site-packages"]
        self.site = found[0]
        settings = (folder / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
        self._settings = dict(
            (part.strip() for part in line.split("=", 1)) for line in settings if "=" in line
        )

    @property
    def python_version(self) -> str:
        """Version of the interpreter in three numbers."""
        text = self._settings.get("version") or self._settings.get("version_info", "")
        return ".".join(text.split(".")[:3])

    @property
    def python_folder(self) -> Path:
        """Where the interpreter itself is installed."""
        home = Path(self._settings["home"])
        return home if sys.platform == "win32" else home.parent

    @cached_property
    def distributions(self) -> dict[str, importlib.metadata.Distribution]:
        """Every installed distribution by its canonical name."""
        listed = importlib.metadata.distributions(path=[str(self.site)])
        return {canonical(each.metadata["Name"]): each for each in listed}

    @cached_property
    def owned(self) -> dict[str, Owned]:
        """Every installed file, as a path in site-packages, with its owner."""
        owned: dict[str, Owned] = {}
        for name, distribution in self.distributions.items():
            record = distribution.read_text("RECORD") or ""
            for path, digest, *_size in csv.reader(io.StringIO(record)):
                owned[path.replace("\\", "/")] = Owned(name, digest.removeprefix("sha256="))
        return owned

    @cached_property
    def modules(self) -> dict[str, str]:
        """Owner of each top-level module, namespace packages by their second name (google.protobuf)."""
        owners: dict[str, set[str]] = {}
        for path, owned in self.owned.items():
            names = path.removesuffix(".py").split("/")
            if names[0].endswith((".dist-info", ".libs")) or names[0] in ("..", "__pycache__"):
                continue
            for depth in (1, 2):
                if len(names) >= depth:
                    name = ".".join(n.split(".")[0] for n in names[:depth])
                    owners.setdefault(name, set()).add(owned.owner)
        return {name: next(iter(who)) for name, who in owners.items() if len(who) == 1}

    def owner_of_module(self, module: str) -> str:
        """The distribution of a module; "" where none has it."""
        names = module.split(".")
        for depth in (2, 1):
            owner = self.modules.get(".".join(names[:depth]), "")
            if owner and len(names) >= depth:
                return owner
        return ""

    def texts(self, name: str) -> dict[str, bytes]:
        """Licence texts that a distribution carries, by file name."""
        found = {}
        for path in sorted(p for p, owned in self.owned.items() if owned.owner == name and _TEXT.search(p)):
            short = re.sub(r"^.*?\.dist-info/(licen[cs]es?/)?", "", path, flags=re.IGNORECASE)
            found[short.replace("/", "_")] = (self.site / path).read_bytes()
        return found

    def sboms(self, name: str) -> list[str]:
        """Lists of parts that a wheel carries itself (PEP 770), as JSON texts."""
        return [
            (self.site / path).read_text(encoding="utf-8")
            for path, owned in sorted(self.owned.items())
            if owned.owner == name and ".dist-info/sboms/" in path and path.endswith(".json")
        ]

    def unchanged(self, inner: str, shipped: Path) -> bool:
        """Whether a shipped file is the one that was installed, symbols stripped at most."""
        content = shipped.read_bytes()
        stated = self.owned[inner].digest
        digest = urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
        original = self.site / inner
        if digest == stated:
            return True
        if not stated and original.is_file():
            return original.read_bytes() == content
        return original.is_file() and same_build(original, shipped)


def same_build(one: Path, other: Path) -> bool:
    """Whether two ELF files carry the same build id, or the same code where they have none.

    Stripping keeps both: the id is a note of its own, and the code section is not touched. Libraries of macOS are
    told by the identifiers that their linker gave each of their architectures: PyInstaller takes one of them, writes
    other paths into it and signs it anew. Those of Windows are shipped as they are.
    """
    shipped = mach_o.identifiers(other.read_bytes())
    if shipped:
        return shipped <= mach_o.identifiers(one.read_bytes())
    mine, theirs = _build_id(one), _build_id(other)
    return mine == theirs if mine or theirs else bool(_code(one)) and _code(one) == _code(other)


def _build_id(file: Path) -> str:
    found = re.search(r"Build ID: ([0-9a-f]+)", _readelf("-n", str(file)))
    return found[1] if found else ""


def _code(file: Path) -> str:
    return _readelf("-x", ".text", str(file)) if sys.platform.startswith("linux") else ""


def _readelf(*arguments: str) -> str:
    command = ["readelf", "-W", *arguments]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except FileNotFoundError:  # Windows and macOS have none
        return ""
