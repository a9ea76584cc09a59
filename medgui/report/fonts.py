"""Typefaces of the PDF: which face draws which character, and how wide a text is.

Noto Sans SC draws nearly everything; what it lacks goes, character by character, to Noto Sans (Latin Extended,
Vietnamese, Greek, Cyrillic) and to a supplement of rare Chinese characters. A character that no face has is
printed as its code point ("U+1F600"), never as a box and never left out. A face is read when it is first needed
and kept; only the glyphs used are embedded.
"""

from __future__ import annotations

import mmap
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medgui.charts.text import is_wide
from medgui.frozen import frozen
from medgui.paths import resources_dir

if TYPE_CHECKING:
    from reportlab.pdfbase.ttfonts import TTFont

FALLBACKS: dict[bool, tuple[str, ...]] = {
    False: ("NotoSansSC-Regular-gbk", "NotoSans-Regular", "NotoHanSupplement-Regular"),
    True: ("NotoSansSC-Bold-gbk", "NotoSans-Bold", "NotoHanSupplement-Regular"),
}
"""Faces in the order in which they are asked, for regular and bold text. The supplement has one weight."""

THICKENED = "NotoHanSupplement-Regular"
"""Bold text in this face is drawn with a thin outline, for it has no bold."""

AMBIGUOUS = frozenset("…‘’“”×·")
"""Signs that are full width in Noto Sans SC; in a text without Chinese characters Noto Sans draws them."""

_lock = threading.Lock()
_faces: dict[str, TTFont] = {}


class _Mapped:
    """A font file that reportlab "reads" whole: mapped, so that only the glyphs used come into memory."""

    def __init__(self, path: Path) -> None:
        self.name = str(path)

    def read(self) -> mmap.mmap:
        with open(self.name, "rb") as stream:
            return mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)


@frozen
class Run:
    """A piece of text that one face draws. `width` is for a size of 1."""

    face: str
    text: str
    width: float


def face(name: str) -> TTFont:
    """A registered face by its file name without ".ttf"; read at the first call."""
    known = _faces.get(name)
    if known is not None:
        return known
    with _lock:
        if name not in _faces:
            from reportlab.pdfbase import pdfmetrics

            font = _truetype()(name, _Mapped(resources_dir() / "fonts" / f"{name}.ttf"))
            font.face.glyphToChar = {}  # for shaping only, a third of the tables' memory
            pdfmetrics.registerFont(font)
            _faces[name] = font
        return _faces[name]


def measure(text: str, size: float, bold: bool) -> float:
    """Width of a text in the unit of its size; the `Measure` that charts and lines are laid out with."""
    return sum(run.width for run in runs(text, bold)) * size


@lru_cache(maxsize=8192)
def runs(text: str, bold: bool = False) -> tuple[Run, ...]:
    """Split a text into the pieces that one face draws, code points in place of characters in no face."""
    names = FALLBACKS[bold]
    first = face(names[0]).face.charToGlyph
    clean = printable(text)
    latin = not any(is_wide(c) for c in clean)
    if latin and not AMBIGUOUS.isdisjoint(clean):
        names = (names[1], *names)
    elif all(ord(c) in first for c in clean):
        return (_run(names[0], clean),) if clean else ()
    pieces: list[tuple[str, str]] = []
    for character in clean:
        own = latin and character not in AMBIGUOUS and ord(character) in first
        name = FALLBACKS[bold][0] if own else _face_for(character, names)
        shown = character if name else code_point(character)
        name = name or FALLBACKS[bold][0]
        if pieces and pieces[-1][0] == name:
            pieces[-1] = (name, pieces[-1][1] + shown)
        else:
            pieces.append((name, shown))
    return tuple(_run(name, piece) for name, piece in pieces)


def unprintable(text: str) -> tuple[str, ...]:
    """Characters of a text that no face has, each once, in their order."""
    names = FALLBACKS[False]
    return tuple(dict.fromkeys(c for c in printable(text) if not _face_for(c, names)))


def code_point(character: str) -> str:
    """How a character without a glyph is printed: "U+1F600"."""
    return f"U+{ord(character):04X}"


def printable(text: str) -> str:
    """Composed characters (é as one), line ends and tabs as blanks, without controls and invisible marks."""
    composed = unicodedata.normalize("NFC", text)
    if composed.isascii() and composed.isprintable():
        return composed
    return "".join(_visible(composed))


def forget() -> None:
    """Let go of the faces (about 20 MB); the next report reads them again."""
    with _lock:
        for font in _faces.values():
            font.unregister()
        _faces.clear()
        runs.cache_clear()


def _visible(text: str) -> Iterator[str]:
    for character in text:
        if character in "\t\n\r\u2028\u2029\u202f":
            yield " "
        elif unicodedata.category(character) not in ("Cc", "Cf") and not 0xFE00 <= ord(character) <= 0xFE0F:
            yield character


def _face_for(character: str, names: tuple[str, ...]) -> str:
    code = ord(character)
    return next((name for name in names if code in face(name).face.charToGlyph), "")


def _run(name: str, text: str) -> Run:
    font = face(name).face
    widths, default = font.charWidths, font.defaultWidth
    return Run(name, text, sum(widths.get(ord(c), default) for c in text) / 1000)


@lru_cache(maxsize=1)
def _truetype() -> type[Any]:
    """The class of embedded faces: reportlab's, with a table of characters that text extraction can read.

    reportlab writes characters beyond U+FFFF with five digits, which readers cut to four (𠮷 came out as "₻"), and
    puts more than the 100 entries into one block that the format allows.
    """
    from reportlab.pdfbase.ttfonts import TTFont

    class _Face(TTFont):  # type: ignore[misc]
        def addObjects(self, doc: Any) -> None:
            subsets = [list(subset) for subset in self.state[doc].subsets]
            before = set(doc.idToObject)
            super().addObjects(doc)
            made = [n for n in doc.idToObject if n not in before and str(n).startswith("toUnicodeCMap:")]
            for name, subset in zip(sorted(made), subsets, strict=True):
                doc.idToObject[name].content = _to_unicode(subset)

    return _Face


def _to_unicode(subset: list[int]) -> str:
    """The CMap from codes of a subset to UTF-16 (PDF 32000-1, 9.10.3), at most 100 entries a block."""
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<00> <FF>",
        "endcodespacerange",
    ]
    entries = [f"<{i:02X}> <{chr(v).encode('utf-16-be').hex().upper()}>" for i, v in enumerate(subset)]
    for start in range(0, len(entries), 100):
        block = entries[start : start + 100]
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    return "\n".join([*lines, "endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"])
