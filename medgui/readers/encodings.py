"""From the bytes of a text file to its text: a byte-order mark, else UTF-8, else what the bytes can only be.

What was concluded and not stated is said to the user in a note, since a wrong encoding changes names.
"""

from __future__ import annotations

import codecs
import re
from contextlib import suppress

from medgui.errors import UnreadableFile
from medgui.frozen import frozen
from medgui.i18n import _, format_count


@frozen
class Decoded:
    """Text of a file, the encoding it was read in, and whether that was stated or concluded."""

    text: str
    encoding: str
    note: str = ""


@frozen
class Encoding:
    """How the bytes of a file become text: codec, bytes of a mark before it, what to do with wrong bytes, note."""

    name: str
    mark: int = 0
    errors: str = "strict"
    note: str = ""


_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_PIECE = 1 << 20
_PROBE = 1 << 18
_HIGH = re.compile(rb"[\x80-\xff]+")
_GOOD_UTF8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_PAIRED = re.compile(rb"[\xa1-\xfe][\xa1-\xfe]")
_SHOWN = {"gb18030": "GB18030", "big5": "Big5", "cp932": "Shift-JIS", "cp1252": "Latin-1"}

_FREQUENT = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行"
    "学法所得经进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天"
    "政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军"
    "姓名性别男女出生期病历号住院门诊科室医师检验检查项目结果单位参考范围标本类型采集报告审核提示备注肌酐胆固醇白蛋白红细胞"
    "血糖压收缩舒张心率体温重身高甘油三酯低密度脂蛋白钾钠氯钙尿素酸丙氨转移酶总阳阴性编代码值偏升降正常异否吸烟饮酒过敏史药诊断"
    "個們來時說對會學國這與關於過還後開體報檢驗項結單範圍標類號醫師應無點發經動產種進當條線數電實現給讓將間"
    "歷門診室別齡紅細壓縮張溫鉀鈉鈣轉總陽陰編碼異常藥斷糖膽固"
)  # fmt: skip
_KANA = "[\u3041-\u3096\u30a1-\u30fa\u30fc]"
_WIDE = "[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
"""Patterns, compiled at their first use: a wide range takes milliseconds."""


def decode(data: bytes, name: str) -> Decoded:
    """Turn the bytes of file *name* into text.

    A byte-order mark decides; then UTF-16 and UTF-32 by their zeros; then UTF-8; then GB18030, Big5 or Shift-JIS
    where the bytes give usual characters of one of them; else Latin-1 (Windows-1252). Where the encoding was
    concluded, `note` is a sentence for the user. `UnreadableFile` where a mark is followed by bytes that do not fit.
    """
    if not data.startswith(tuple(mark for mark, _name in _MARKS)) and not wide_encoding(data[:4096]):
        with suppress(UnicodeDecodeError):
            return Decoded(data.decode("utf-8"), "utf-8")
    found = encoding_of(data, name)
    body = data[found.mark :] if found.mark else data
    return Decoded(body.decode(found.name, found.errors), found.name, found.note)


def encoding_of(data: bytes, name: str) -> Encoding:
    """How to read the bytes of file *name*, in memory that does not grow with them. Raises as `decode` does."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            wrong = _first_wrong(data, encoding, len(mark))
            if wrong is None:
                return Encoding(encoding, len(mark))
            sentence = _("{file} is damaged: its text is not {encoding} at byte {byte}.")
            raise UnreadableFile(
                sentence.format(file=name, encoding=encoding.upper(), byte=format_count(wrong))
            )
    wide = wide_encoding(data[:4096])
    if wide:
        return _concluded(wide)
    if _first_wrong(data, "utf-8", 0) is None:
        return Encoding("utf-8")
    return _unmarked(data)


def wide_encoding(head: bytes) -> str:
    """UTF-16 or UTF-32 without a mark, told by where the zeros stand; "" where it is neither."""
    if b"\0" not in head or len(head) < 4:
        return ""
    zeros = [head[place::4].count(0) for place in range(4)]
    quarter = len(head) // 4
    for encoding, full, empty in (("utf-32-le", (2, 3), 0), ("utf-32-be", (0, 1), 3)):
        if all(zeros[place] >= quarter for place in full) and zeros[empty] <= 0.02 * quarter:
            return encoding
    even, odd = zeros[0] + zeros[2], zeros[1] + zeros[3]
    if odd >= 0.1 * len(head) and even <= 0.01 * odd:
        return "utf-16-le"
    if even >= 0.1 * len(head) and odd <= 0.01 * even:
        return "utf-16-be"
    return ""


def _first_wrong(data: bytes, encoding: str, start: int) -> int | None:
    """The place of the first byte that is no text in *encoding*, None where all is."""
    decoder = codecs.getincrementaldecoder(encoding)()
    view = memoryview(data)
    for at in range(start, max(len(data), start + 1), _PIECE):
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(view[at : at + _PIECE], at + _PIECE >= len(data))
        except UnicodeDecodeError as error:
            return at - pending + error.start
    return None


def _unmarked(data: bytes) -> Encoding:
    head = data[:_PROBE]
    high = sum(map(len, _HIGH.findall(data)))
    good = sum(map(len, _GOOD_UTF8.findall(data)))
    if good > high - good:
        note = _("Some bytes are not UTF-8; they are shown as \ufffd. Check names and texts.")
        return Encoding("utf-8", errors="replace", note=note)
    asian, share = _asian(head)
    if 2 * len(_PAIRED.findall(data)) >= 0.9 * high:
        return _concluded(asian or "gb18030")
    return _concluded(asian if share >= 0.4 else "cp1252")


def _asian(head: bytes) -> tuple[str, float]:
    """The East Asian encoding whose reading of the bytes has most usual characters, and their share."""
    best, best_share = "", 0.0
    for encoding in ("gb18030", "big5", "cp932"):
        text = head.decode(encoding, errors="replace")
        wide = re.findall(_WIDE, text)
        other = sum(1 for sign in text if sign > "\x7f") - len(wide)
        usual = sum(1 for sign in wide if sign in _FREQUENT) + len(re.findall(_KANA, text))
        share = usual / max(1, len(wide) + 2 * max(0, other))
        if share > best_share:
            best, best_share = encoding, share
    return best, best_share


def _concluded(encoding: str) -> Encoding:
    note = _("The file does not state its encoding; it was read as {encoding}. Check names and texts.")
    shown = _SHOWN.get(encoding, encoding.upper())
    return Encoding(encoding, errors="replace", note=note.format(encoding=shown))
