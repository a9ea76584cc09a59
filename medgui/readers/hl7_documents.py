"""HL7 v2 texts that are kept as documents: reports of many OBX lines, attached files, comments."""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from collections.abc import Iterable, Iterator

from medgui.i18n import N_, _
from medgui.readers.hl7_orders import Order, Result
from medgui.readers.hl7_text import Part, Segment
from medgui.readers.hl7_values import codings, concept_text, in_lines, iso_time
from medgui.readers.limits import LONGEST_TEXT
from medgui.readers.vocabulary import variable_of
from medgui.record.model import Document

_REPORTED, _PROSE = frozenset({"TX", "FT"}), frozenset({"TX", "FT", "ST", ""})
_ATTACHED = frozenset({"ED", "RP"})
_LONG_LINE = 200
_LONGEST_REPORT = 10 * LONGEST_TEXT
_MEDIA = {
    "PDF": "application/pdf", "RTF": "text/rtf", "HTML": "text/html", "HTM": "text/html", "XML": "text/xml",
    "PLAIN": "text/plain", "TXT": "text/plain", "TEXT": "text/plain", "JPEG": "image/jpeg", "JPG": "image/jpeg",
    "PNG": "image/png", "GIF": "image/gif", "TIFF": "image/tiff", "TIF": "image/tiff", "DICOM": "application/dicom",
    "X-HL7-CDA-LEVEL-ONE": "text/xml",
}  # fmt: skip
"""Subtypes of encapsulated data (tables 0191 and 0291) to MIME types."""
_STATES = {
    "DI": N_("dictated"), "DO": N_("documented"), "IP": N_("in progress"), "IN": N_("incomplete"),
    "PA": N_("not authenticated"), "AU": N_("authenticated"), "LA": N_("legally authenticated"),
}  # fmt: skip
"""How far a document has come (table 0271)."""


def take_reports(order: Order) -> tuple[list[Result], list[Result]]:
    """Part the results of an order: those that are lines of one report, and those that stand for themselves.

    Lines of a report are text under one code more than once, or long, or the body of a document message. Where an
    order holds nothing but text and some of it is such, all of it is the report.
    """
    texts = [each for each in order.results if _is_prose(each, order)]
    if order.txa is not None:
        lines = texts
    else:
        codes = Counter(_code(each) for each in texts)
        lines = [each for each in texts if codes[_code(each)] > 1 or _is_long(each)]
        if lines and len(texts) == len([each for each in order.results if not _is_attached(each)]):
            lines = texts
    chosen = {id(each) for each in lines}
    return lines, [each for each in order.results if id(each) not in chosen and not _is_attached(each)]


def _is_attached(result: Result) -> bool:
    return result.obx.text(2).upper() in _ATTACHED


def _is_prose(result: Result, order: Order) -> bool:
    kinds = _PROSE if order.txa is not None else _REPORTED
    return result.obx.text(2).upper() in kinds and not variable_of(codings(result.obx.parts(3)))


def _code(result: Result) -> str:
    """The code of a line, without the suffix that tells description and impression of a report apart."""
    return result.obx.text(3) or concept_text(result.obx.part(3))


def _is_long(result: Result) -> bool:
    text = "\n".join(part.whole() for part in result.obx.parts(5))
    return len(text) > _LONG_LINE or text.count("\n") > 1


def report(order: Order, lines: list[Result], file: str) -> Iterator[Document]:
    """The report that text lines of an order make; headings stand where the code of a line changes."""
    written: list[str] = []
    heading = ""
    for each in lines:
        name = concept_text(each.obx.part(3))
        if name and name not in (heading, order.name):
            written.append(f"{name}:")
        heading = name or heading
        written += [part.whole() for part in each.obx.parts(5)]
        written += [part.whole() for note in each.notes for part in note.parts(3)]
    text = in_lines("\n".join(written), _LONGEST_REPORT)
    if not text:
        return
    first = lines[0].obx
    yield Document(
        id=f"document@{first.line}",
        title=_title(order, first),
        media_type="text/plain",
        time=_time(order, first),
        source=first.source(file, section="documents"),
        text=text,
        facts=_facts(order),
        size=len(text.encode("utf-8", "replace")),
    )


def _title(order: Order, obx: Segment) -> str:
    own = concept_text(order.txa.part(2)) if order.txa is not None else ""
    return order.name or concept_text(obx.part(3)) or own or _("Report")


def _time(order: Order, obx: Segment) -> str:
    stated = [obx.text(14)]
    if order.obr is not None:
        stated += [order.obr.text(7), order.obr.text(22)]
    if order.txa is not None:
        stated += [order.txa.text(number) for number in (4, 7, 6, 8)]
    stated.append(order.message.header.text(7))
    return next((found for text in stated if (found := iso_time(text))), "")


def _facts(order: Order) -> tuple[tuple[str, str], ...]:
    if order.txa is None:
        return ()
    state = order.txa.text(17).upper()
    shown = (_("State"), _(_STATES[state]) if state in _STATES else state)
    kind = (_("Kind"), concept_text(order.txa.part(2)))
    return tuple(fact for fact in (kind, shown) if fact[1])


def attached(order: Order, result: Result, file: str) -> Iterator[Document]:
    """Files in an OBX segment: encapsulated data with its size, or the pointer to a file elsewhere."""
    obx = result.obx
    if not _is_attached(result):
        return
    for index, part in enumerate(obx.parts(5)):
        if obx.text(2).upper() == "ED":
            media, text, size = _encapsulated(part)
        else:
            media, text, size = _media(part.text(3), part.text(4)), "", 0
        yield Document(
            id=f"document@{obx.line}~{index + 1}",
            title=concept_text(obx.part(3)) or order.name or _("Attached file"),
            media_type=media,
            time=_time(order, obx),
            source=obx.source(file, section="documents"),
            text=text,
            facts=((_("Place"), part.text(1)),) if obx.text(2).upper() == "RP" and part.text(1) else (),
            size=size,
        )


def _encapsulated(part: Part) -> tuple[str, str, int]:
    """MIME type, text where it is one, and size in bytes."""
    media, encoding, data = _media(part.text(2), part.text(3)), part.text(4).upper(), part.prose(5)
    if encoding in ("", "A"):
        return media, in_lines(data, _LONGEST_REPORT) if media == "text/plain" else "", len(data)
    packed = "".join(data.split())
    size = len(packed.rstrip("=")) * 3 // 4 if encoding.startswith("BASE64") else len(packed) // 2
    text = ""
    if media == "text/plain" and size <= _LONGEST_REPORT:
        try:
            raw = base64.b64decode(packed) if encoding.startswith("BASE64") else bytes.fromhex(packed)
            text = in_lines(raw.decode(part.signs.codec, "replace"), _LONGEST_REPORT)
        except (binascii.Error, ValueError):
            text = ""
    return media, text, size


def _media(kind: str, subtype: str) -> str:
    for name in (subtype.upper(), kind.upper()):
        if name in _MEDIA:
            return _MEDIA[name]
    return (
        f"{kind}/{subtype}".lower()
        if kind and subtype and " " not in kind + subtype
        else "application/octet-stream"
    )


def comments(segments: Iterable[Segment], title: str, time: str, file: str) -> Iterator[Document]:
    """Comments that belong to an order or a whole message, as one document."""
    listed = [each for each in segments if each.part(3).whole()]
    text = in_lines("\n".join(part.whole() for each in listed for part in each.parts(3)), _LONGEST_REPORT)
    if text:
        first = listed[0]
        yield Document(
            id=f"document@{first.line}",
            title=title or _("Comment"),
            media_type="text/plain",
            time=time,
            source=first.source(file, section="documents"),
            text=text,
            size=len(text.encode("utf-8", "replace")),
        )
