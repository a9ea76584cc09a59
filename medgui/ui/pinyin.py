"""Pinyin initials of Chinese characters, so that "zw" finds 中危.

The characters of GB 2312 level 1 are sorted by pinyin, so the first letter of each follows from the range
in which its GB 2312 code lies (GB 2312-1980, rows 16-55). Rarer characters have no initial here.
"""

from bisect import bisect_right

_STARTS = (
    0xB0A1, 0xB0C5, 0xB2C1, 0xB4EE, 0xB6EA, 0xB7A2, 0xB8C1, 0xB9FE, 0xBBF7, 0xBFA6, 0xC0AC, 0xC2E8,
    0xC4C3, 0xC5B6, 0xC5BE, 0xC6DA, 0xC8BB, 0xC8F6, 0xCBFA, 0xCDDA, 0xCEF4, 0xD1B9, 0xD4D1,
)  # fmt: skip
_LETTERS = "abcdefghjklmnopqrstwxyz"
_END = 0xD7F9


def initials(text: str) -> str:
    """Return the first letters of the Chinese characters in *text*, words kept apart by spaces."""
    out = []
    for sign in text:
        if sign.isspace():
            out.append(" ")
        elif sign > "\u2fff":
            out.append(_initial(sign))
    return " ".join("".join(out).split())


def _initial(sign: str) -> str:
    try:
        code = int.from_bytes(sign.encode("gb2312"), "big")
    except UnicodeEncodeError:
        return ""
    if not _STARTS[0] <= code <= _END:
        return ""
    return _LETTERS[bisect_right(_STARTS, code) - 1]
