"""What the program is made of, for the About page and `medgui about`: parts with versions, licences and their texts.

A packaged program carries the list (`licences/index.json` in `paths.about_dir`, made by packaging/parts.py; see
docs/parts.md). In a checkout or a wheel there is none; then the distributions that medgui asks for are named as they
are installed here, and whoever shows them says so. Nothing here knows of a patient. Standard library only.
"""

from __future__ import annotations

import importlib.metadata
import json
import platform
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from medgui import __version__
from medgui.frozen import frozen
from medgui.i18n import N_, _, format_list
from medgui.installed import Build, build
from medgui.paths import about_dir

INDEX = "index.json"
SBOM = "sbom.cdx.json"
SCHEMA = "medgui.licences/1"
SOURCES = "Sources of data"
"""The entry that names where tables, fonts and the data behind the models come from."""
MOST_WORDS = 80
"""Signs shown of what a distribution says of its licence: some put the whole text there."""
_EXTRA = "train"
_TEXT = re.compile(r"(^|/)(licen[cs]es?/.+|(licen[cs]e|copying|copyright|notice)[^/]*)$", re.IGNORECASE)


@frozen
class Listed:
    """One part. *within* names the part that it is compiled or copied into; *files* lie in the folder of licences."""

    name: str
    version: str = ""
    kind: str = "library"
    within: str = ""
    licence: str = ""
    licence_words: str = ""
    home: str = ""
    source: str = ""
    note: str = ""
    files: tuple[str, ...] = ()

    @property
    def terms(self) -> str:
        """The licence as its SPDX expression, else in its makers' words."""
        return self.licence or self.licence_words


@frozen
class Parts:
    """All parts by name. *complete*: the list of a packaged program; *problem*: a message for `_`, "" where none."""

    parts: tuple[Listed, ...]
    complete: bool
    problem: str = ""


def read_parts(folder: Path | None = None) -> Parts:
    """Read the list in *folder* (default: this program's own), or name what is installed here."""
    file = (folder or about_dir()) / "licences" / INDEX
    try:
        content: Any = json.loads(file.read_text(encoding="utf-8"))
        if content["schema"] != SCHEMA:
            raise ValueError(content["schema"])
        parts = tuple(Listed(**{**row, "files": tuple(row["files"])}) for row in content["parts"])
    except FileNotFoundError:
        damaged = build(folder).packaged
        message = N_("The list of parts is missing; install the program again.") if damaged else ""
        return Parts(tuple(_installed()), complete=False, problem=message)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        message = N_("The list of parts cannot be read; install the program again.")
        return Parts(tuple(_installed()), complete=False, problem=message)
    return Parts(parts, complete=True)


def licence_text(part: Listed, folder: Path | None = None) -> str:
    """Read the texts of a part, each under its file name; "" where there is none. Read when it is asked for."""
    base = (folder or about_dir()) / "licences"
    if part.files:
        found = [
            (name, base / name)
            for name in part.files
            if (base / name).resolve().is_relative_to(base.resolve())
        ]
    else:
        found = list(_installed_texts(part.name))
    texts = []
    for name, file in found:
        try:
            text = file.read_text(encoding="utf-8", errors="replace").strip("\n")
        except OSError:
            text = _("{file} cannot be read.").format(file=name)
        texts.append(f"{name}\n{'-' * len(name)}\n\n{text}\n" if len(found) > 1 else f"{text}\n")
    return "\n\n".join(texts)


def sbom_file(folder: Path | None = None) -> Path | None:
    """The list of parts as a file for other programs (CycloneDX), or None where there is none."""
    file = (folder or about_dir()) / SBOM
    return file if file.is_file() else None


def build_words(here: Build) -> str:
    """Say which build this is: form, day and commit; in words where these are not known."""
    if here.problem:
        return _(here.problem)
    if not here.packaged:
        return _("{form}, development build").format(form=here.form_title)
    return format_list([part for part in (here.form_title, here.date, here.commit[:12]) if part])


def facts(folder: Path | None = None) -> list[tuple[str, str]]:
    """What a support call asks first, as pairs of words; nothing of a patient, no name of a file or computer."""
    here = build(folder)
    # platform.platform() would start another program
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    return [
        (_("Version"), __version__),
        (_("Build"), build_words(here)),
        (_("System"), system),
        (_("Python"), platform.python_version()),
    ]


def _installed() -> Iterator[Listed]:
    """Python and the distributions that medgui asks for, with those that these ask for."""
    found = {
        "python": Listed(
            "Python", platform.python_version(), licence="PSF-2.0", home="https://www.python.org"
        )
    }
    waiting = ["medgui"]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            distribution = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        found[name] = _listed(distribution)
        waiting += _required(distribution)
    return iter(sorted(found.values(), key=lambda each: each.name.casefold()))


def _listed(distribution: importlib.metadata.Distribution) -> Listed:
    metadata = distribution.metadata
    said = {
        name: metadata[name] for name in ("License-Expression", "License", "Home-page") if name in metadata
    }
    words = said.get("License-Expression") or said.get("License", "").strip().partition("\n")[0]
    name, home = metadata["Name"], said.get("Home-page", "")
    return Listed(name, distribution.version, licence_words=words[:MOST_WORDS], home=home)


def _required(distribution: importlib.metadata.Distribution) -> Iterator[str]:
    for line in distribution.requires or ():
        name = re.match(r"[\w.-]+", line)
        if name and (
            "extra ==" not in line or (_EXTRA in line and distribution.metadata["Name"] == "medgui")
        ):
            yield re.sub(r"[-_.]+", "-", name[0]).lower()


def _installed_texts(name: str) -> Iterator[tuple[str, Path]]:
    try:
        files = importlib.metadata.distribution(name).files or ()
    except importlib.metadata.PackageNotFoundError:
        return
    for file in files:
        if ".dist-info/" in str(file) and _TEXT.search(str(file)):
            yield file.name, Path(str(file.locate()))
