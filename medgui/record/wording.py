"""What the name of a problem says of itself: stated, denied, asked, another person's, or over (SAFETY 1).

"Type 2 diabetes without complications" states its first half and denies its second; "?TIA" states nothing. The
patterns stand in `resources/knowledge/wording.toml`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import NamedTuple

from medgui.tables import read_table

_CONTINUES = re.compile(r"\b(?:or|nor)\b|或|及|等|史", re.IGNORECASE)
"""In a list after a denial: all of it is denied."""
_AFFIRMS = re.compile(r"\b(?:but|however|has|with|positive)\b|[有患]|确诊|发现|合并|但|伴", re.IGNORECASE)
_SENTENCE = re.compile(r"[.;。；\n]\s*")
_COMMA = re.compile(r"[,，]|\bbut\b|\bhowever\b|但")

_LONGEST = 1000


class Wording(NamedTuple):
    """`stated` counts, `doubted` is a question; what is denied stands in neither.

    firm: a code beside the name is believed. other: it speaks of another person. past, ended: the name tells of what
    was, or says that it is over.
    """

    stated: str
    doubted: str
    firm: bool = True
    past: bool = False
    ended: bool = False
    other: bool = False

    @property
    def denied(self) -> bool:
        """Whether the name states nothing but absence."""
        return not self.stated.strip(" ;") and not self.doubted.strip(" ;")


@lru_cache(maxsize=8192)
def wording(name: str, relative: bool = False) -> Wording:
    """Read a name. *relative*: it is an entry of the family's diseases, in which other persons are expected."""
    text = _folded(name[:_LONGEST]).replace("家族性", "")
    asked = _pattern("asks").search(text) is not None
    if not asked and _pattern("denied").search(text):
        return Wording("", text if _COMMA.search(text) else "", firm=False)
    parts = [_sentence(each) for each in _SENTENCE.split(text)]
    stated, unsure = (" ; ".join(filter(None, each)) for each in zip(*parts, strict=True))
    told = f"{stated} ; {unsure}"
    past, ended = (_pattern(kind).search(told) is not None for kind in ("past", "ended"))
    other = not relative and _pattern("others").search(text) is not None
    if asked or other or _pattern("aside").search(text):
        return Wording("", text if asked else told, not (asked or other), past, ended, other)
    return Wording(stated, unsure, past=past, ended=ended)


def not_taken(name: str) -> bool:
    """Whether the name of a drug says that it is not taken, or is no drug at all ("Aspirin allergy")."""
    return _pattern("not_taken").search(_folded(name)) is not None


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _sentence(text: str) -> tuple[str, str]:
    """The part of a sentence that is stated, and the part of which it is unsure whether a denial reaches it."""
    said: tuple[list[str], list[str]] = ([], [])
    unsure, rest = False, text
    while rest:
        found = _pattern("denies").search(rest)
        if found is None:
            said[unsure].append(rest)
            break
        said[unsure].append(rest[: found.start()])
        comma = _COMMA.search(rest, found.end())
        rest = rest[comma.start() :] if comma else ""
        if _AFFIRMS.search(rest):
            unsure = False
        elif _CONTINUES.search(rest):
            break
        else:
            unsure = True
    return " ; ".join(said[False]), " ; ".join(said[True])


@cache
def _table() -> dict[str, str]:
    return read_table("knowledge/wording.toml")


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    return re.compile(_table()[kind].strip(), re.ASCII)
