"""Libraries that were taken from the system: which Debian or Ubuntu package and version each is of."""

import platform
import re
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from supply.environment import same_build

DOCUMENTATION = Path("/usr/share/doc")


@dataclass(frozen=True)
class Package:
    """An installed package; *source* and its version name what it was built from."""

    name: str
    version: str
    source: str
    source_version: str
    machine: str
    home: str

    @property
    def reviewed_name(self) -> str:
        """Its name without the suffix of the 64-bit time transition (libglib2.0-0t64)."""
        return self.name.removesuffix("t64")

    @property
    def purl(self) -> str:
        """Package URL, with machine and edition of the system."""
        system = _system()
        version = self.version.replace("+", "%2B")
        return f"pkg:deb/{system[0]}/{self.name}@{version}?arch={self.machine}&distro={system[0]}-{system[1]}"

    @property
    def source_place(self) -> str:
        """Where exactly this version's source stays available."""
        if _system()[0] == "ubuntu":
            return f"https://launchpad.net/ubuntu/+source/{self.source}/{self.source_version}"
        return f"https://snapshot.debian.org/package/{self.source}/{self.source_version}/"

    def copyright_text(self) -> bytes | None:
        """The text in /usr/share/doc, or None."""
        file = DOCUMENTATION / self.name / "copyright"
        return file.read_bytes() if file.is_file() else None


def package_of(shipped: Path) -> Package | None:
    """The package of a library of this name whose build is the shipped one; None where there is none."""
    for installed in _installed(shipped.name):
        name = _owner(installed)
        if name and (installed.read_bytes() == shipped.read_bytes() or same_build(installed, shipped)):
            return _package(name)
    return None


def _installed(name: str) -> list[Path]:
    """Files that the loader would find under *name*."""
    found = re.findall(rf"^\s*{re.escape(name)} \(.*=> (\S+)$", _loader(), re.MULTILINE)
    return [Path(path).resolve() for path in found]


@cache
def _loader() -> str:
    for program in ("/sbin/ldconfig", "ldconfig"):
        try:
            return subprocess.run([program, "-p"], capture_output=True, text=True, check=False).stdout
        except OSError:
            continue
    return ""


@cache
def _owner(file: Path) -> str:
    """The package that installed *file*; on systems with a merged /usr the list may name it without."""
    text = str(file)
    for path in (text, text.removeprefix("/usr")):
        try:
            done = subprocess.run(["dpkg", "-S", path], capture_output=True, text=True, check=False)
        except OSError:
            return ""
        if done.returncode == 0:
            return done.stdout.split(":")[0]
    return ""


@cache
def _package(name: str) -> Package:
    form = "${Package}\t${Version}\t${source:Package}\t${source:Version}\t${Architecture}\t${Homepage}\n"
    done = subprocess.run(["dpkg-query", "-W", "-f", form, name], capture_output=True, text=True, check=True)
    fields = done.stdout.splitlines()[0].split("\t")
    return Package(*fields)


@cache
def _system() -> tuple[str, str]:
    release = platform.freedesktop_os_release()
    return release.get("ID", "debian"), release.get("VERSION_ID", "")
