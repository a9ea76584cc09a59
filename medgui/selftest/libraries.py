"""Holds the libraries of an installation to the list of parts that ships with them.

A disk fault in a library of Qt or onnxruntime may show as a crash, as a wrong number, or not at all; models and tables
have signatures and hashes of their own. The list is not signed: this finds damage, not malice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from medgui.i18n import _, format_count, ngettext
from medgui.paths import about_dir
from medgui.selftest.outcome import Check, Surroundings, note, right, wrong

FILE_NAME = "sbom.cdx.json"
DEPTH = 4
"""The list lies in `_internal/medgui/_data/about` below the program folder."""


def check_libraries(around: Surroundings) -> Check:
    """Every library has the bytes that the list of parts names. A second or two, so `--quick` leaves it out."""
    if not around.build.packaged:
        return right("libraries", _("A source checkout or a Python package: no list to hold libraries to."))
    if around.quick:
        return right("libraries", _("Left out of the quick test."))
    about = about_dir()
    program = about.parents[DEPTH - 1]
    try:
        listed = dict(_hashes(json.loads((about / FILE_NAME).read_text(encoding="utf-8"))))
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return wrong("libraries", _("The list of parts cannot be read; install the program again."))
    if not listed:
        return note("libraries", _("The list of parts names no library."))
    bad = sorted(name for name, digest in listed.items() if _digest(program / name) != digest)
    if bad:
        words = ngettext(
            "{n} library is missing or was changed, {first}; install the program again.",
            "{n} libraries are missing or were changed, {first} among them; install the program again.",
            len(bad),
        )
        sentence = words.format(n=format_count(len(bad)), first=Path(bad[0]).name)
        return wrong("libraries", sentence, changed=bad)
    return right("libraries", _("{n} libraries, as listed.").format(n=format_count(len(listed))))


def _hashes(part: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Place and SHA-256 of every file in a part of the list (CycloneDX 1.6, `components`).

    Parts hold parts: Qt's own libraries are files of "Qt", which is a part of PySide6.
    """
    for each in part.get("components", ()):
        for digest in each.get("hashes", ()):
            if digest["alg"] == "SHA-256":
                yield each["name"], digest["content"]
        yield from _hashes(each)


def _digest(path: Path) -> str:
    """The SHA-256 of a file; "" where it cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""
