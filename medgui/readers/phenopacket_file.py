"""A phenopacket as it stands in its file: values by name, with the lines of the entries of its lists.

Both spellings of names ("phenotypicFeatures", "phenotypic_features") are read as the first.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from medgui.errors import UnreadableFile
from medgui.i18n import _, format_count
from medgui.readers.fhir_values import JsonObject
from medgui.readers.json_place import Document, Place
from medgui.readers.limits import check_json, clean, cut_off
from medgui.readers.patient_file import PatientFile
from medgui.record.model import Source, Unread

_SKIPPER = json.JSONDecoder()
_UNDERSCORE = re.compile(r"_([a-z0-9])")


def camel(key: str) -> str:
    """A name as JSON of protocol buffers writes it: "time_at_last_encounter" as "timeAtLastEncounter"."""
    return _UNDERSCORE.sub(lambda found: found[1].upper(), key) if "_" in key else key


def _renamed(value: Any) -> Any:
    if isinstance(value, dict):
        return {camel(key): _renamed(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_renamed(inner) for inner in value]
    return value


@dataclass(slots=True)
class Packet:
    """One phenopacket (of a family or cohort, one of several): its members and where the entries of lists begin."""

    file: str
    members: JsonObject
    document: Document
    starts: dict[str, list[int]]
    where: str = ""

    def line(self, key: str, index: int | None = None) -> int | None:
        """Line of a member, or of the entry *index* of a list."""
        starts = self.starts.get(key, [])
        at = (index or 0) + 1 if index is not None else 0
        return self.document.line(starts[at]) if at < len(starts) else None

    def source(self, key: str, index: int | None = None, text: str = "") -> Source:
        """Where a value stands."""
        return Source(self.file, self._place(key, index), text, self.line(key, index), key)

    def not_read(self, reason: str, key: str, index: int | None = None, section: str = "") -> Unread:
        """A note on an entry that is not understood or not used."""
        return Unread(self._place(key, index), reason, self.line(key, index), section or key)

    def _place(self, key: str, index: int | None) -> str:
        name = clean(key)[:60] if index is None else f"{key}[{index}]"
        return f"{self.where}.{name}" if self.where else name


def parse(file: PatientFile) -> tuple[Document, JsonObject]:
    """The JSON object of a file, names as they stand. `UnreadableFile` where it is cut off, too deep or no object."""
    text = file.decoded().text
    data = text.encode("utf-8", "surrogatepass")
    shape = check_json(data, file.name, file.limits)
    document = Document(text)
    try:
        members, _elements = document.top("")
    except json.JSONDecodeError as error:
        if shape.open_at_end > 0 and error.pos >= len(text.rstrip()) - 24:
            raise cut_off(file.name, len(data), document.line(len(text))) from error
        sentence = _("{file} is not valid JSON: line {line}, column {column}.")
        line = format_count(document.line(min(error.pos, len(text))))
        message = sentence.format(file=file.name, line=line, column=format_count(error.colno))
        raise UnreadableFile(message) from error
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(_("{file} is not valid JSON.").format(file=file.name)) from error
    return document, members


def packet(file: PatientFile, document: Document, members: JsonObject, place: Place = ()) -> Packet:
    """The phenopacket at *place* of a file, whose members are given."""
    start = document.locate(document.skip_space(0), place)
    starts = {camel(key): _starts(document, at) for key, at, _end in document.members(start)}
    where = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).lstrip(".")
    return Packet(file.name, _renamed(members), document, starts, where)


def _starts(document: Document, offset: int) -> list[int]:
    """Where a value begins, and for a list where each of its entries does."""
    text, found = document.text, [offset]
    if text[offset : offset + 1] != "[":
        return found
    at = document.skip_space(offset + 1)
    while text[at : at + 1] not in ("]", ""):
        found.append(at)
        _value, at = _SKIPPER.raw_decode(text, at)
        at = document.skip_space(at)
        at = document.skip_space(at + 1) if text[at : at + 1] == "," else at
    return found
