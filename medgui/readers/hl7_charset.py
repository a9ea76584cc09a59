"""The characters of an HL7 v2 file: as its first message states them (MSH-18), unless its bytes say otherwise."""

from __future__ import annotations

import codecs
import re

from medgui.i18n import _
from medgui.readers.patient_file import PatientFile

_CHARACTER_SETS = {
    "8859/1": "cp1252", "GB 18030-2000": "gb18030", "GB18030": "gb18030", "GBK": "gb18030", "GB2312": "gb18030",
    "KS X 1001": "cp949", "BIG-5": "big5hkscs", "BIG5": "big5hkscs", "UNICODE": "utf-8", "UNICODE UTF-8": "utf-8",
    "ISO IR14": "shift_jis", "ISO IR87": "iso2022_jp", "ISO IR159": "iso2022_jp_1", "ISO IR6": "utf-8",
    "ASCII": "utf-8", "UNICODE UTF-16": "utf-16", "UNICODE UTF-32": "utf-32",
}  # fmt: skip
"""HL7 table 0211 and what is written in its place, to Python's codecs."""


def decoded_message(file: PatientFile) -> tuple[str, str, str]:
    """Text, codec for hexadecimal escapes, and a note where the stated character set does not hold."""
    stated = _stated_set(file.data)
    codec = _codec(stated)
    marked = file.data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"))
    if codec and codec not in ("utf-8", "utf-16", "utf-32") and not marked and not _is_utf8(file.data):
        try:
            return file.data.decode(codec), codec, ""
        except UnicodeDecodeError:
            pass
    decoded = file.decoded()
    if decoded.encoding in _DOUBLE_BYTE and _swallows(file.data, decoded.text):
        note = _("The file does not state its encoding; it was read as {encoding}. Check names and texts.")
        return file.data.decode("cp1252", "replace"), "cp1252", note.format(encoding="Latin-1")
    if codec not in ("", "utf-8", "utf-16", "utf-32") and not file.data.isascii() and not decoded.note:
        sentence = _("The file states the characters {stated} but holds {encoding}. Check names and texts.")
        shown = sentence.format(stated=stated, encoding=decoded.encoding.upper())
        return decoded.text, decoded.encoding, shown
    return decoded.text, decoded.encoding, decoded.note


_DOUBLE_BYTE = frozenset({"gb18030", "big5", "cp932"})


def _swallows(data: bytes, text: str) -> bool:
    """Whether a concluded encoding takes separators for halves of characters: "Weiß^Zoe" in Latin-1 would."""
    return any(data.count(sign) != text.count(sign.decode()) for sign in (b"|", b"^", b"~"))


def _stated_set(data: bytes) -> str:
    """MSH-18 of the first message: its first repetition."""
    found = re.search(rb"MSH([^\w\s])[^\r\n]*", data[:65_536].replace(b"\0", b""))
    if found is None:
        return ""
    fields = found[0].split(found[1], 20)
    return re.split(rb"[~^]", fields[17])[0].decode("ascii", "replace").strip() if len(fields) > 17 else ""


def _codec(stated: str) -> str:
    name = stated.upper().replace("_", " ").strip()
    known = _CHARACTER_SETS.get(name)
    if known or not name:
        return known or ""
    part = re.fullmatch(r"(?:ISO)?[ -]?8859[/ -](\d{1,2})", name)
    try:
        return codecs.lookup(f"iso8859-{part[1]}" if part and part[1] != "1" else name.lower()).name
    except LookupError:
        return "cp1252" if part else ""


def _is_utf8(data: bytes) -> bool:
    """Whether bytes above 127 are there and all of them are UTF-8: more than chance would give."""
    if data.isascii():
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
