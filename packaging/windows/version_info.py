"""The version resources of the two programs of Windows: `python packaging/windows/version_info.py FOLDER`.

Explorer, the task manager and the tools of administrators show them. Version, name, summary and publisher come from
medgui itself and from pyproject.toml, so that nothing is written twice. The text is the one that PyInstaller evaluates
(`EXE(version=…)`): an expression of VSVersionInfo and its parts.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ("medgui", "medguiw")
"""With a console, for terminals and scripts, and without one, for the desktop (packaging/medgui.spec)."""
LANGUAGE, UNICODE = 0x0409, 1200
"""English (United States) and UTF-16: the block that every tool of Windows can read."""
_NUMBERS = re.compile(r"\d+(?:\.\d+){0,3}")


def version() -> str:
    """The version of medgui, without importing it."""
    text = (ROOT / "medgui" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "([^"]+)"$', text, re.MULTILINE)
    if found is None:
        raise SystemExit("medgui/__init__.py names no version")
    return found[1]


def numbers(text: str) -> tuple[int, int, int, int]:
    """The four numbers of a version of Windows; `ValueError` for a version that is more than numbers."""
    if not _NUMBERS.fullmatch(text):
        raise ValueError(f"Windows takes versions of numbers alone, and {text!r} is none")
    parts = [int(part) for part in text.split(".")]
    if max(parts) > 0xFFFF:
        raise ValueError(f"a number of {text!r} is too large for Windows")
    first, second, third, fourth = (*parts, 0, 0, 0)[:4]
    return first, second, third, fourth


def resource(program: str) -> str:
    """The text of one program's resource."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    publisher = project["authors"][0]["name"]
    four = numbers(version())
    strings = {
        "CompanyName": publisher,
        "FileDescription": "medgui",
        "FileVersion": version(),
        "InternalName": program,
        "LegalCopyright": f"{publisher}; {project['license']}",
        "OriginalFilename": f"{program}.exe",
        "ProductName": "medgui",
        "ProductVersion": version(),
        "Comments": project["description"],
    }
    listed = ",\n        ".join(f"StringStruct({name!r}, {text!r})" for name, text in strings.items())
    return f"""VSVersionInfo(
  ffi=FixedFileInfo(filevers={four}, prodvers={four}, mask=0x3F, flags=0x0, OS=0x40004, fileType=0x1, subtype=0x0),
  kids=[
    StringFileInfo([
      StringTable({f"{LANGUAGE:04x}{UNICODE:04x}"!r}, [
        {listed},
      ]),
    ]),
    VarFileInfo([VarStruct('Translation', [{LANGUAGE}, {UNICODE}])]),
  ],
)
"""


def write(folder: Path) -> list[Path]:
    """Write one file a program into *folder*; the spec takes them from there."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for program in PROGRAMS:
        path = folder / f"{program}.version.txt"
        path.write_text(resource(program), encoding="utf-8")
        paths.append(path)
    return paths


if __name__ == "__main__":
    for written in write(Path(sys.argv[1])):
        print(written)
