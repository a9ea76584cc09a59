"""The entries of a FHIR file: a Bundle, resources one a line, a list of them, or one resource."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from medgui.errors import UnreadableFile
from medgui.i18n import _, format_count
from medgui.readers.fhir_values import Broken, JsonObject, child, children, string
from medgui.readers.json_place import Document, Unparsed
from medgui.readers.limits import Limits, check_json, cut_off
from medgui.record.model import Source, Unread


@dataclass(slots=True)
class Entry:
    """One resource of the file with its place."""

    resource: JsonObject
    index: int
    offset: int
    place: tuple[str | int, ...]
    full_url: str
    in_bundle: bool = True

    @property
    def kind(self) -> str:
        """The resource's type."""
        return string(self.resource, "resourceType")

    @property
    def id(self) -> str:
        """The resource's id, or the last part of its address."""
        return string(self.resource, "id") or self.full_url.removeprefix("urn:uuid:").rpartition("/")[2]

    @property
    def label(self) -> str:
        """Place for people: "entry[3] Observation/bp-1"."""
        name = f"{self.kind or '?'}/{self.id}" if self.id else self.kind or "?"
        return f"entry[{self.index}] {name}" if self.in_bundle else name


@dataclass(slots=True)
class FhirFile:
    """All entries of a file and how to find them."""

    name: str
    document: Document
    entries: list[Entry]
    unread: list[Unread]
    bundle: JsonObject = field(default_factory=dict)
    _by_url: dict[str, Entry] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for entry in self.entries:
            self._by_url.setdefault(f"{entry.kind}/{entry.id}", entry)
            if entry.full_url:
                self._by_url.setdefault(entry.full_url, entry)

    def of_kind(self, *kinds: str) -> Iterator[Entry]:
        """Entries of these resource types in file order."""
        return (entry for entry in self.entries if entry.kind in kinds)

    def find(self, reference: str) -> Entry | None:
        """The entry a reference points to: by full address, by "Type/id", or by the end of an address."""
        bare = reference.partition("/_history/")[0]
        found = self._by_url.get(bare)
        if found is None and "/" in bare:
            found = self._by_url.get("/".join(bare.rsplit("/", 2)[-2:]))
        return found

    def resolve(self, owner: JsonObject, reference: JsonObject) -> JsonObject:
        """The resource a Reference points to, in the bundle or contained in *owner*; empty where it is not here."""
        text = string(reference, "reference")
        if text.startswith("#"):
            return next((item for item in children(owner, "contained") if item.get("id") == text[1:]), {})
        entry = self.find(text) if text else None
        return entry.resource if entry else {}

    def source(self, entry: Entry, *path: str | int, text: str = "", section: str = "") -> Source:
        """Provenance of a value at *path* inside an entry's resource."""
        line = self.document.line(self.document.locate(entry.offset, (*entry.place, *path)))
        where = _("{place}, line {line}").format(place=entry.label, line=line)
        return Source(self.name, where, text, line, section)

    def not_read(self, entry: Entry, reason: str, section: str = "") -> Unread:
        """The note that an entry, or a part of it, was not read."""
        return Unread(entry.label, reason, self.document.line(entry.offset), section)


def open_fhir(data: bytes, text: str, name: str, limits: Limits) -> FhirFile:
    """Parse a FHIR file. `UnreadableFile` where it is cut off, no JSON, too deep, or holds no resource."""
    shape = check_json(data, name, limits)
    document = Document(text)
    try:
        return _parse(document, name)
    except json.JSONDecodeError as error:
        if shape.open_at_end > 0 and _at_end(error, text):
            raise cut_off(name, len(data), document.line(len(text))) from error
        raise UnreadableFile(_not_json(name, document, error)) from error
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(_("{file} is not valid JSON.").format(file=name)) from error


def _at_end(error: json.JSONDecodeError, text: str) -> bool:
    rest = text[error.pos :]
    return error.msg.startswith("Unterminated string") or (
        len(rest) < 24 and not any(sign in rest for sign in '{}[]":,')
    )


def _not_json(name: str, document: Document, error: json.JSONDecodeError) -> str:
    sentence = _("{file} is not valid JSON: line {line}, column {column}.")
    return sentence.format(
        file=name,
        line=format_count(document.line(min(error.pos, len(document.text)))),
        column=format_count(error.colno),
    )


def _parse(document: Document, name: str) -> FhirFile:
    text = document.text
    start = document.skip_space(0)
    if text[start : start + 1] == "[":
        return _listed(document, name, start)
    try:
        top, elements = document.top("entry", _lightened)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":
            return _lines(document, name)
        raise
    kind = string(top, "resourceType")
    if kind == "Bundle":
        return _bundle(document, name, top, elements)
    if kind:
        return FhirFile(name, document, [Entry(top, 0, start, (), "", in_bundle=False)], [])
    raise UnreadableFile(_("{file} is JSON but holds no FHIR resource.").format(file=name))


_HEAVY = frozenset({
    "Claim", "ClaimResponse", "ExplanationOfBenefit", "Provenance", "AuditEvent", "Binary", "DocumentReference",
    "ImagingStudy", "Media", "Coverage",
})  # fmt: skip


def _lightened(element: Any) -> Any:
    """Most of a large export is bills: of kinds that nothing reads, only who and what is kept."""
    resource = element.get("resource") if isinstance(element, dict) else None
    if not isinstance(resource, dict) or string(resource, "resourceType") not in _HEAVY:
        return element
    kept = {key: resource[key] for key in ("resourceType", "id", "subject", "patient") if key in resource}
    return {**{key: element[key] for key in ("fullUrl",) if key in element}, "resource": kept}


def _bundle(document: Document, name: str, top: dict[str, Any], elements: list[tuple[int, Any]]) -> FhirFile:
    entries: list[Entry] = []
    unread: list[Unread] = []
    for index, (offset, element) in enumerate(elements):
        resource = child(element, "resource") if isinstance(element, dict) else {}
        if string(resource, "resourceType"):
            entries.append(Entry(resource, index, offset, ("resource",), string(element, "fullUrl")))
        elif not _is_empty_entry(element):
            unread.append(Unread(f"entry[{index}]", _why_not(element), document.line(offset)))
    _check_patient(entries, elements)
    top.pop("entry", None)
    return FhirFile(name, document, _flattened(entries), unread, top)


def _why_not(element: Any) -> str:
    if isinstance(element, Unparsed):
        return _("The entry is not valid JSON.")
    return _("The entry holds no FHIR resource.")


def _check_patient(entries: list[Entry], elements: list[tuple[int, Any]]) -> None:
    """Where the patient's own entry may be the broken one, the file is refused for what is wrong with it."""
    broken = next((element for _offset, element in elements if isinstance(element, Unparsed)), None)
    if broken is not None and not any(entry.kind in ("Patient", "Bundle") for entry in entries):
        raise broken.error


def _is_empty_entry(element: Any) -> bool:
    """A deletion or a bare request of a transaction carries no resource by design."""
    return isinstance(element, dict) and "resource" not in element and "request" in element


def _flattened(entries: list[Entry]) -> list[Entry]:
    """Entries with those of bundles inside the bundle put in their place."""
    flat: list[Entry] = []
    for entry in entries:
        if entry.kind != "Bundle":
            flat.append(entry)
            continue
        for inner, item in enumerate(entry.resource.get("entry") or []):
            resource = child(item, "resource") if isinstance(item, dict) else {}
            if string(resource, "resourceType") and string(resource, "resourceType") != "Bundle":
                place = (*entry.place, "entry", inner, "resource")
                flat.append(Entry(resource, entry.index, entry.offset, place, string(item, "fullUrl")))
    return flat


def _listed(document: Document, name: str, start: int) -> FhirFile:
    elements: list[tuple[int, Any]] = []
    document.array(start, elements)
    return _loose(document, name, elements)


def _lines(document: Document, name: str) -> FhirFile:
    """Resources one after another (NDJSON, as bulk export writes them)."""
    elements: list[tuple[int, Any]] = []
    at = document.skip_space(0)
    while at < len(document.text):
        value, end = document.line_value(at)
        elements.append((at, value))
        at = document.skip_space(end)
    return _loose(document, name, elements)


def _loose(document: Document, name: str, elements: list[tuple[int, Any]]) -> FhirFile:
    entries: list[Entry] = []
    unread: list[Unread] = []
    for index, (offset, value) in enumerate(elements):
        if isinstance(value, dict) and string(value, "resourceType"):
            entries.append(Entry(value, index, offset, (), ""))
        else:
            unread.append(Unread(f"entry[{index}]", _why_not(value), document.line(offset)))
    _check_patient(entries, elements)
    if not entries:
        raise UnreadableFile(_("{file} is JSON but holds no FHIR resource.").format(file=name))
    return FhirFile(name, document, _flattened(entries), unread)


def check_usable(resource: JsonObject) -> None:
    """`Broken` where a resource says that it may only be used by who knows its special rules."""
    if string(resource, "implicitRules"):
        raise Broken(_("The entry needs rules (implicitRules) that medgui does not know."))
