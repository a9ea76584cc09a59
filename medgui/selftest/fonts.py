"""Check of the fonts: every shipped face is whole, and names of all kinds can be read in the window and in the PDF."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from medgui.i18n import _, format_count, format_list
from medgui.paths import resources_dir
from medgui.selftest.outcome import Check, Surroundings, note, right, wrong

SAMPLES = {
    "latin": "Helen Marlow",
    "extended_latin": "Łukasz Şahin Nguyễn",
    "chinese": "林慧敏",
    "rare_chinese": "𠮷䶮",
}
"""Names of patients as they occur; the last has characters beyond GBK, one of them beyond the first 65,536."""

_MAGIC = 0xB1B0AFBA
"""What all 32-bit words of a whole TrueType file add up to (OpenType, table "head": checksumAdjustment)."""


def check_fonts(_around: Surroundings) -> Check:
    """Every file whole; every sample covered in the PDF by our faces, in the window by ours or the system's."""
    from medgui.report.fonts import FALLBACKS

    names = sorted({name for faces in FALLBACKS.values() for name in faces})
    folder = resources_dir() / "fonts"
    damaged = [name for name in names if not whole(folder / f"{name}.ttf")]
    details: dict[str, Any] = {"files": names, "damaged": damaged}
    if damaged:
        sentence = _("Fonts are missing or damaged: {names}. Install the program again.")
        return wrong("fonts", sentence.format(names=format_list(damaged)), **details)
    details["pdf"] = {kind: not _lacking_in_pdf(text) for kind, text in SAMPLES.items()}
    details["window"] = {kind: not lacking_in_window(text) for kind, text in SAMPLES.items()}
    if not all(details["pdf"].values()):
        return wrong(
            "fonts", _("Names cannot be printed: {texts}.").format(texts=_without("pdf", details)), **details
        )
    if not all(details["window"].values()):
        sentence = _("The window has no font for {texts}: install one for such names; the PDF prints them.")
        told = note if details["window"]["chinese"] and details["window"]["extended_latin"] else wrong
        return told("fonts", sentence.format(texts=_without("window", details)), **details)
    sentence = _("{n} files are whole; {texts} can be read in the window and in the PDF.")
    texts = format_list([SAMPLES[kind] for kind in ("extended_latin", "chinese", "rare_chinese")])
    return right("fonts", sentence.format(n=format_count(len(names)), texts=texts), **details)


def whole(path: Path) -> bool:
    """Whether a TrueType file is there and adds up to what the format says."""
    try:
        data = path.read_bytes()
    except OSError:
        return False
    if len(data) < 12 or data[:4] != b"\x00\x01\x00\x00":
        return False
    data += bytes(-len(data) % 4)
    import numpy as np

    total = int(np.frombuffer(data, dtype=">u4").sum(dtype=np.uint64)) & 0xFFFFFFFF
    (tables,) = struct.unpack(">H", data[4:6])
    return tables > 0 and total == _MAGIC


def _without(where: str, details: dict[str, Any]) -> str:
    return format_list([SAMPLES[kind] for kind, covered in details[where].items() if not covered])


def _lacking_in_pdf(text: str) -> Sequence[str]:
    from medgui.report.fonts import unprintable

    return unprintable(text)


def lacking_in_window(text: str) -> list[str]:
    """Characters that the window's own font, with every fallback that Qt finds, has no glyph for.

    Needs a Qt application; what would be painted is asked, not what a table promises.
    """
    from PySide6.QtGui import QTextLayout

    from medgui.ui.theme import theme

    found = []
    for character in dict.fromkeys(text):
        layout = QTextLayout(character, theme.font())
        layout.beginLayout()
        layout.createLine()
        layout.endLayout()
        glyphs = [glyph for run in layout.glyphRuns() for glyph in run.glyphIndexes()]
        if not glyphs or 0 in glyphs:
            found.append(character)
    return found
