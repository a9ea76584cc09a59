"""Breaking text into lines in both languages, on measured widths.

English breaks at spaces; Chinese between any two characters, but no line starts with closing punctuation
("，。、）") or ends with an opening one, and no single character is left alone on the last line.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import lru_cache

NOT_FIRST = frozenset("，。、；：？！）】》〉」』”’…—％‰·,.;:?!)]}%°℃")
NOT_LAST = frozenset("（【《〈「『“‘([{")

Width = Callable[[str], float]


def wrap(text: str, room: float, width: Width) -> list[str]:
    """Lines of at most `room` pixels. A word wider than a line is cut between characters; a newline ends a line."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += _paragraph(paragraph, room, width)
    return lines


def _paragraph(text: str, room: float, width: Width) -> list[str]:
    if not _exceeds(text, room, width):
        return [text]
    lines: list[str] = []
    current = ""
    for atom in atoms(text):
        if not current:
            current = atom.lstrip(" ")
        elif width((current + atom).rstrip(" ")) <= room:
            current += atom
        else:
            lines.append(current.rstrip(" "))
            current = atom.lstrip(" ")
        while len(current) > 1 and _exceeds(current.rstrip(" "), room, width):
            cut = _fitting(current, room, width)
            lines.append(current[:cut].rstrip(" "))
            current = current[cut:].lstrip(" ")
    if current.strip():
        lines.append(current.rstrip(" "))
    return _no_orphan(lines, room, width)


def _exceeds(text: str, room: float, width: Width) -> bool:
    """Whether a text is wider than *room*. A beginning tells it of a long one: its cost is that of a line."""
    part = 256
    while part < len(text):
        if width(text[:part]) > room:
            return True
        part *= 2
    return width(text) > room


def _fitting(word: str, room: float, width: Width) -> int:
    """How many characters of a word fit (at least one), without closing punctuation at the next line's start."""
    low, high = 1, len(word) - 1
    while 2 * low < high and width(word[: 2 * low]) <= room:
        low *= 2
    high = min(high, 2 * low)
    while low < high:
        middle = (low + high + 1) // 2
        if width(word[:middle]) <= room:
            low = middle
        else:
            high = middle - 1
    cut = low
    while cut > 1 and (word[cut] in NOT_FIRST or unicodedata.combining(word[cut])):
        cut -= 1
    return cut if cut > 1 else low


def _no_orphan(lines: list[str], room: float, width: Width) -> list[str]:
    """Give a last line of one Chinese character company from the line above."""
    if len(lines) < 2:
        return lines
    last = lines[-1].rstrip("".join(NOT_FIRST))
    above = atoms(lines[-2])
    if len(last) == 1 and is_wide(last) and len(above) > 2 and width(above[-1] + lines[-1]) <= room:
        moved = above[-1]
        lines[-2] = "".join(above[:-1]).rstrip(" ")
        lines[-1] = moved.lstrip(" ") + lines[-1]
    return lines


@lru_cache(maxsize=4096)
def atoms(text: str) -> tuple[str, ...]:
    """Split into what is never broken: a word with the space before it, one Chinese character with its signs."""
    pieces: list[str] = []
    for number, character in enumerate(text):
        previous = text[number - 1] if number else ""
        border = character == " " or is_wide(character) or (bool(previous) and is_wide(previous))
        held = previous == " " or previous in NOT_LAST or character in NOT_FIRST
        if not pieces or (border and not held):
            pieces.append(character)
        else:
            pieces[-1] += character
    return tuple(pieces)


def is_wide(character: str) -> bool:
    """Whether a character takes a full square (Chinese, full-width punctuation)."""
    return unicodedata.east_asian_width(character) in ("W", "F")
