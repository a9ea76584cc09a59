"""What lies inside the executable: PyInstaller's archive, read by the PyInstaller that wrote it."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from supply.environment import Environment
from supply.part import Refused

_READ = """
import json, sys
from PyInstaller.archive.readers import CArchiveReader
archive = CArchiveReader(sys.argv[1])
modules = []
for name, entry in archive.toc.items():
    if entry[-1] in "zZ":
        modules += list(archive.open_embedded_archive(name).toc)
names = [name for name, entry in archive.toc.items() if entry[-1] in "msM"]
json.dump({"scripts": names, "modules": modules, "python": sorted(sys.stdlib_module_names)}, sys.stdout)
"""


@dataclass(frozen=True)
class Archive:
    """Names of the modules in the program, of the scripts that it starts with, and of the standard library."""

    modules: tuple[str, ...]
    scripts: tuple[str, ...]
    standard: frozenset[str]


def read_archive(executable: Path, environment: Environment) -> Archive:
    """Read the archive at the end of *executable* with the environment's own interpreter."""
    python = environment.folder / "bin" / "python"
    if not python.exists():
        python = environment.folder / "Scripts" / "python.exe"
    done = subprocess.run([python, "-c", _READ, executable], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Refused(
            [f"{executable.name}: PyInstaller cannot read its archive: {done.stderr.strip()[-300:]}"]
        )
    found = json.loads(done.stdout)
    return Archive(tuple(found["modules"]), tuple(found["scripts"]), frozenset(found["python"]))
