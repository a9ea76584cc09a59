"""A DICOM structured report as text: the tree of its content, one line an entry (PS3.3 C.17.3)."""

from __future__ import annotations

from collections.abc import Iterator

from medgui.readers import dicom_tags as tags
from medgui.readers.dicom_text import Texts, iso_date, iso_moment, person_name
from medgui.readers.limits import LONGEST_TEXT, shortened


def report_text(texts: Texts) -> str:
    """The content of a structured report; "" where the header is of none."""
    if not texts.has(tags.CONTENT):
        return ""
    lines, length = [], 0
    for line in (_title(texts), *_lines(texts, 0)):
        lines.append(line)
        length += len(line) + 1
        if length > LONGEST_TEXT:
            break
    return shortened("\n".join(line for line in lines if line.strip()), LONGEST_TEXT)


def _title(texts: Texts) -> str:
    return _coded(texts, tags.CONCEPT)


def _lines(holder: Texts, depth: int) -> Iterator[str]:
    for item in holder.items(tags.CONTENT):
        name, value = _coded(item, tags.CONCEPT), _value(item)
        if name or value:
            joined = f"{name}: {value}" if name and value else name or value
            yield "  " * depth + joined
        yield from _lines(item, depth + 1)


def _coded(item: Texts, tag: int) -> str:
    """The meaning of the first code under *tag*, else the code."""
    for code in item.items(tag):
        return code.one(tags.MEANING) or code.one(tags.CODE)
    return ""


def _value(item: Texts) -> str:
    match item.one(tags.VALUE_KIND):
        case "TEXT":
            return item.lines(tags.TEXT)
        case "CODE":
            return _coded(item, tags.CONCEPT_CODE)
        case "NUM":
            return _number(item)
        case "DATE":
            return iso_date(item.one(tags.DATE)) or item.one(tags.DATE)
        case "DATETIME":
            text = item.one(tags.MOMENT)
            return iso_moment(iso_date(text), text[8:14]) or text
        case "TIME":
            return item.one(tags.TIME)
        case "PNAME":
            named = person_name(item.raw(tags.PERSON))
            return " ".join(filter(None, (named.given, named.family)))
    return ""


def _number(item: Texts) -> str:
    for measured in item.items(tags.MEASURED):
        units = measured.items(tags.UNITS)
        unit = units[0].one(tags.CODE) or units[0].one(tags.MEANING) if units else ""
        return f"{measured.one(tags.NUMBER)} {'' if unit == '1' else unit}".strip()
    return ""
