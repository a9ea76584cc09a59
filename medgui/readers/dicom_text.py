"""Texts of a DICOM header: character sets with code extensions (PS3.3 C.12.1.1.2, PS3.5 6.1), names, dates."""

from __future__ import annotations

import re
from collections.abc import Mapping

from medgui.errors import UnreadableFile
from medgui.frozen import frozen
from medgui.readers.dicom_stream import Element
from medgui.readers.encodings import decode
from medgui.readers.limits import clean, shortened

CHARACTER_SET = 0x00080005

_CODECS = {
    "6": "ascii", "100": "latin-1", "101": "iso8859_2", "109": "iso8859_3", "110": "iso8859_4",
    "144": "iso8859_5", "127": "iso8859_6", "126": "iso8859_7", "138": "iso8859_8", "148": "iso8859_9",
    "203": "iso8859_15", "13": "shift_jis", "166": "tis-620", "192": "utf-8",
    "149": "euc_kr", "58": "gb2312", "87": "ascii", "159": "ascii",
}  # fmt: skip
_WHOLE = {"192": "utf-8", "18030": "gb18030", "GBK": "gbk", "UTF8": "utf-8"}
"""Sets without code extensions: their bytes may hold any sign, so that nothing is split before decoding."""

_RIGHT = {
    b"\x1b)I": "shift_jis", b"\x1b-A": "latin-1", b"\x1b-B": "iso8859_2", b"\x1b-C": "iso8859_3",
    b"\x1b-D": "iso8859_4", b"\x1b-L": "iso8859_5", b"\x1b-G": "iso8859_6", b"\x1b-F": "iso8859_7",
    b"\x1b-H": "iso8859_8", b"\x1b-M": "iso8859_9", b"\x1b-b": "iso8859_15", b"\x1b-T": "tis-620",
    b"\x1b$)C": "euc_kr", b"\x1b$)A": "gb2312",
}  # fmt: skip
"""Escape sequences that say what the bytes above 127 mean."""
_LEFT = {b"\x1b(B": "", b"\x1b(J": "", b"\x1b$B": "iso2022_jp", b"\x1b$(D": "iso2022_jp_2"}
"""Escape sequences that say what the bytes below 128 mean: single signs or pairs."""
_ESCAPE = re.compile(rb"(\x1b(?:\$\([A-Z]|\$\)[A-Z]|\$[A-Z]|[()\-][A-Za-z]))")
_RESETS = re.compile(rb"(?<=[\r\n\f\t\\^=])")


@frozen
class CharacterSet:
    """How the texts of a header are coded. `stated` is false where it names no set that is known."""

    initial: str = "ascii"
    whole: bool = False
    stated: bool = False

    def decode(self, data: bytes) -> tuple[str, bool]:
        """The text of a value, and whether every byte was understood as stated."""
        if self.whole:
            return self._tolerant(data, self.initial)
        if b"\x1b" not in data:
            return self._tolerant(data, self.initial)
        parts, right, left, sure = [], self.initial, b"", True
        for piece in _ESCAPE.split(data):
            if piece in _RIGHT:
                right = _RIGHT[piece]
            elif piece in _LEFT:
                left = piece if _LEFT[piece] else b""
            elif left:
                parts.append((left + piece).decode(_LEFT[left], "replace"))
            else:
                for part in _RESETS.split(piece):
                    text, understood = self._tolerant(part, right)
                    parts.append(text)
                    sure = sure and understood
                    if part[-1:] in (b"\r", b"\n", b"\f", b"\t", b"\\", b"^", b"="):
                        right = self.initial
        text = "".join(parts)
        return text, sure and "\ufffd" not in text

    @staticmethod
    def _tolerant(data: bytes, codec: str) -> tuple[str, bool]:
        try:
            return data.decode(codec), True
        except UnicodeDecodeError:
            return (_guessed(data) if codec == "ascii" else data.decode(codec, "replace")), False


def _guessed(data: bytes) -> str:
    """Text of which no character set is stated; a reading that swallows signs between parts is none."""
    try:
        text = decode(data, "").text
    except UnreadableFile:
        text = ""
    if any(text.count(sign) != data.count(sign.encode()) for sign in "^=\\"):
        return data.decode("cp1252", "replace")
    return text


def character_set(element: Element | None) -> CharacterSet:
    """The character set that a header states; spellings such as "ISO-IR 100" and "ISO 2022 IR 100" are one."""
    if element is None:
        return CharacterSet()
    terms = [term.strip() for term in element.value.decode("latin-1").strip("\x00 ").split("\\")]
    known = [code for code in map(_number, terms) if code]
    for code in known[:1]:
        if code in _WHOLE:
            return CharacterSet(_WHOLE[code], whole=True, stated=True)
    codes = [_number(term) for term in terms]
    first = _CODECS.get(codes[0], "") if codes[0] else "ascii"
    return CharacterSet(first or "ascii", stated=bool(known) and all(c in _CODECS for c in known))


def _number(term: str) -> str:
    flat = re.sub(r"[^A-Z0-9]", "", term.upper()).removeprefix("ISO").removeprefix("2022")
    if flat in ("GB18030", "18030"):
        return "18030"
    return flat.removeprefix("IR")


class Texts:
    """The values of one item as text. `doubtful` becomes true where bytes did not fit the stated character set."""

    def __init__(self, elements: Mapping[int, Element], inherited: CharacterSet | None = None) -> None:
        self._elements = elements
        stated = elements.get(CHARACTER_SET)
        self.characters = character_set(stated) if stated or inherited is None else inherited
        self.doubtful = False

    def has(self, tag: int) -> bool:
        """Whether the tag is there with a value."""
        return tag in self._elements and bool(self._elements[tag].value or self._elements[tag].items)

    def raw(self, tag: int) -> str:
        """The value as it stands, as one line that may be shown; several values are parted by a backslash."""
        element = self._elements.get(tag)
        if element is None or element.items:
            return ""
        if element.vr in ("US", "SS", "UL", "SL"):
            return "\\".join(map(str, numbers(element)))
        text, sure = self.characters.decode(element.value)
        self.doubtful = self.doubtful or not sure
        return text

    def lines(self, tag: int) -> str:
        """A long text with its lines kept apart."""
        text = self.raw(tag).replace("\r\n", "\n").replace("\r", "\n")
        return "\n".join(clean(line).rstrip() for line in text.split("\n")).strip("\n ")

    def all(self, tag: int) -> tuple[str, ...]:
        """The values of a tag that can have several."""
        parts = (shortened(clean(part).strip()) for part in self.raw(tag).split("\\"))
        return tuple(part for part in parts if part)

    def one(self, tag: int) -> str:
        """The value of a tag that can have one; of several, all with a comma between."""
        return shortened(", ".join(self.all(tag)))

    def whole(self, tag: int) -> int | None:
        """An unsigned number, written as text or in binary."""
        element = self._elements.get(tag)
        if element is None:
            return None
        if element.vr in ("US", "UL") or (element.vr == "" and len(element.value) in (2, 4)):
            found = numbers(element)
            return found[0] if found else None
        text = self.one(tag)
        return int(text) if re.fullmatch(r"\d{1,9}", text) else None

    def items(self, tag: int) -> tuple[Texts, ...]:
        """The items of a sequence, in the character set of the whole where they name none."""
        element = self._elements.get(tag)
        return tuple(Texts(item.elements, self.characters) for item in element.items) if element else ()

    def date(self, tag: int) -> str:
        """An ISO date, possibly partial; "" where there is none or it is no date."""
        return iso_date(self.one(tag))


def numbers(element: Element) -> tuple[int, ...]:
    """The whole numbers of a binary value; the width follows from its kind, or its length where none is given."""
    size = 2 if element.vr in ("US", "SS") or (element.vr == "" and len(element.value) == 2) else 4
    order = "big" if element.big else "little"
    signed = element.vr in ("SS", "SL")
    data = element.value[: len(element.value) // size * size]
    return tuple(
        int.from_bytes(data[at : at + size], order, signed=signed)  # type: ignore[arg-type]
        for at in range(0, min(len(data), 64 * size), size)
    )


_DATE = re.compile(r"(\d{4})(?:[.\-/]?(\d\d)(?:[.\-/]?(\d\d)(?:\d{2,6}(?:\.\d{1,6})?)?(?:[+\-]\d{4})?)?)?")
_TIME = re.compile(r"(\d\d):?(\d\d)?:?(\d\d)?(?:\.\d*)?")
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def iso_date(text: str) -> str:
    """ISO date of a DICOM date, of the old form "1997.04.30" or of a date with time; "" where it is none."""
    found = _DATE.fullmatch(text.strip())
    if not found or found[1] < "1800":
        return ""
    year, month, day = found[1], found[2], found[3]
    if month is None:
        return year
    if not 1 <= int(month) <= 12:
        return ""
    if day is None:
        return f"{year}-{month}"
    last = _DAYS[int(month) - 1]
    if month == "02" and (int(year) % 4 or (int(year) % 100 == 0 and int(year) % 400)):
        last = 28
    return f"{year}-{month}-{day}" if 1 <= int(day) <= last else ""


def iso_moment(day: str, clock: str) -> str:
    """An ISO date with the time of day where both are exact, else the date."""
    found = _TIME.fullmatch(clock.strip())
    if len(day) != 10 or not found:
        return day
    hours, minutes, seconds = found[1], found[2] or "00", found[3] or "00"
    if hours > "23" or minutes > "59" or seconds > "59":
        return day
    return f"{day}T{hours}:{minutes}:{seconds}"


@frozen
class PersonName:
    """A name of kind PN: family and given names in Latin letters, and the whole name in the two other groups."""

    family: str = ""
    given: str = ""
    ideographic: str = ""
    phonetic: str = ""


def person_name(text: str) -> PersonName:
    """Read the groups of a name. Where there are no Latin letters the ideographic group gives the names."""
    groups = [group.strip() for group in text.split("\\")[0].split("=")][:3]
    groups += [""] * (3 - len(groups))
    leading = groups[0].strip("^ ") or groups[1].strip("^ ") or groups[2]
    parts = [shortened(clean(part).strip()) for part in leading.split("^")]
    parts += [""] * (5 - len(parts))
    family, given, middle = parts[:3]
    return PersonName(family, " ".join(filter(None, (given, middle))), _joined(groups[1]), _joined(groups[2]))


def _joined(group: str) -> str:
    return shortened(" ".join(filter(None, (clean(part).strip() for part in group.split("^")))))
