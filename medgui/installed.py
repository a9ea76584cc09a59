"""What is installed here: which build of the program, in which form, from `_data/about/build.json`.

A packaged program carries that file (packaging/package.py writes it); a checkout and a wheel do not, and then the
facts are those of the running interpreter. Nothing here raises: a damaged file is a note, since what asks
is a screen or a self-test that has to say so.
"""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import medgui
from medgui.frozen import frozen
from medgui.i18n import N_, _
from medgui.paths import PACKAGE_DIR, about_dir

FILE_NAME = "build.json"
FORMS: Mapping[str, str] = {
    "deb": N_("Debian package"),
    "portable": N_("portable archive"),
    "windows": N_("Windows installer"),
    "macos": N_("macOS application"),
    "wheel": N_("Python package"),
    "checkout": N_("source checkout"),
}
"""Every form the program comes in, with its title; the last two have no `build.json`."""
PACKAGED = ("deb", "portable", "windows", "macos")


@frozen
class Build:
    """One build. *date* is the ISO day of its commit, empty with *commit* where no `build.json` says them.

    *problem* is an English message for `_` about a `build.json` that is there and cannot be used.
    """

    version: str
    form: str
    system: str
    machine: str
    python: str
    commit: str = ""
    date: str = ""
    problem: str = ""

    @property
    def packaged(self) -> bool:
        """Tell whether this is an installed program with its own interpreter."""
        return self.form in PACKAGED

    @property
    def form_title(self) -> str:
        """The form in the language in force; as written where it is one that this version does not know."""
        return _(FORMS[self.form]) if self.form in FORMS else self.form


def build(folder: Path | None = None) -> Build:
    """Read what is installed from `build.json` in *folder* (default: this program's own)."""
    file = (folder or about_dir()) / FILE_NAME
    try:
        content: Any = json.loads(file.read_text(encoding="utf-8"))
        fields = {name: content[name] for name in ("version", "form", "system", "machine", "python")}
        fields |= {name: content.get(name, "") for name in ("commit", "date")}
        if not all(isinstance(value, str) for value in fields.values()):
            raise TypeError(file.name)
    except FileNotFoundError:
        lost = N_("The file that names this build is missing; install the program again.")
        return _running(lost if getattr(sys, "frozen", False) else "")
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return _running(N_("The file that names this build cannot be read; install the program again."))
    if fields["version"] != medgui.__version__:
        return Build(
            **fields, problem=N_("Program and build file are of different versions; install it again.")
        )
    return Build(**fields)


def _running(problem: str) -> Build:
    """What the interpreter knows of itself: a program without `build.json` is a wheel or a checkout."""
    inside = (PACKAGE_DIR / "_data").is_dir()
    return Build(
        medgui.__version__,
        "wheel" if inside else "checkout",
        sys.platform,
        platform.machine(),
        platform.python_version(),
        problem=problem,
    )
