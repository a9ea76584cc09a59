"""The entries of a FHIR file, whatever it is written in: a Bundle, resources one a line, a list, or one resource."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from medgui.i18n import _
from medgui.readers.fhir_values import Broken, JsonObject, check_doubled, child, children, string
from medgui.readers.json_place import Place, Unparsed
from medgui.record.model import Source, Unread

_INSIDE = frozenset({"DiagnosticReport", "Observation"})
"""Kinds whose contained Observations are results of their own."""


NEVER_READ = frozenset(
    {"Claim", "ClaimResponse", "ExplanationOfBenefit", "Provenance", "AuditEvent", "Coverage"}
)
"""Bills and logs: most of a large export, and nothing about the patient's health."""


class Places(Protocol):
    """Where things stand in a file. An anchor is what the parser of the file gave with an entry."""

    doubled: bool

    def line_of(self, anchor: int, place: Place) -> int:
        """Line number, from 1, of what is at *place* (keys and indices) below an anchor; of the deepest found."""

    def place_of(self, anchor: int, place: Place) -> tuple[int, int | None]:
        """Line and column, from 1, of the same; no column where the line is enough to find it."""


@dataclass(slots=True)
class Entry:
    """One resource of the file with its place.

    `within` is the id of the resource that contains it, `release` the older FHIR release that it was written for.
    `included`: a search gave it along with what it found.
    """

    resource: JsonObject
    index: int
    anchor: int
    place: Place
    full_url: str = ""
    in_bundle: bool = True
    kind: str = ""
    id: str = ""
    within: str = ""
    release: str = ""
    included: bool = False

    def __post_init__(self) -> None:
        """The resource's type and id; without an id the last part of its address, after that of what it is in."""
        self.kind = string(self.resource, "resourceType")
        own = string(self.resource, "id") or self.full_url.removeprefix("urn:uuid:").rpartition("/")[2]
        self.id = f"{self.within}#{own}" if self.within else own

    @property
    def label(self) -> str:
        """Place for people: "entry[3] Observation/bp-1"."""
        name = f"{self.kind or '?'}/{self.id}" if self.id else self.kind or "?"
        return f"entry[{self.index}] {name}" if self.in_bundle else name


@dataclass(slots=True)
class FhirFile:
    """All entries of a file and how to find them."""

    name: str
    places: Places
    entries: list[Entry]
    unread: list[Unread]
    bundle: JsonObject = field(default_factory=dict)
    deleted: dict[str, int] = field(default_factory=dict)
    hits: int = 0
    has_more: bool = False
    _by_url: dict[str, Entry] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make the table of references.

        `deleted` holds the places of deletions by "Type/id", `hits` counts what a search found; `has_more`: a search
        inside goes on elsewhere.
        """
        self._by_url.clear()
        for entry in self.entries:
            self._by_url.setdefault(f"{entry.kind}/{entry.id}", entry)
            if entry.full_url:
                self._by_url.setdefault(entry.full_url, entry)

    def leave_out(self, gone: Container[int]) -> None:
        """Take the entries out whose `id()` is in *gone*, so that no reference leads to them."""
        self.entries = [entry for entry in self.entries if id(entry) not in gone]
        self.__post_init__()

    def of_kind(self, *kinds: str) -> Iterator[Entry]:
        """Entries of these resource types in file order."""
        return (entry for entry in self.entries if entry.kind in kinds)

    def find(self, reference: str) -> Entry | None:
        """The entry a reference points to: by full address, by "Type/id", or by the end of an address."""
        found = self._by_url.get(reference)
        if found is None and "/" in reference:
            bare = reference.partition("/_history/")[0]
            found = self._by_url.get(bare) or self._by_url.get("/".join(bare.rsplit("/", 2)[-2:]))
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
        line, column = self.places.place_of(entry.anchor, (*entry.place, *path))
        where = _("{place}, line {line}").format(place=entry.label, line=line)
        return Source(self.name, where, text, line, section, column)

    def not_read(self, entry: Entry, reason: str, section: str = "") -> Unread:
        """The note that an entry, or a part of it, was not read."""
        return Unread(entry.label, reason, self.places.line_of(entry.anchor, ()), section)

    def check(self, resource: JsonObject) -> None:
        """`Broken` where a resource may not be read: it needs rules of its own, or names a key twice."""
        if string(resource, "implicitRules"):
            raise Broken(_("The entry needs rules (implicitRules) that medgui does not know."))
        if self.places.doubled:
            check_doubled(resource)


def of_bundle(name: str, places: Places, top: JsonObject, elements: Iterable[tuple[int, Any]]) -> FhirFile:
    """The file of a Bundle: *top* is what it says besides its entries, *elements* these with their anchors."""
    entries: list[Entry] = []
    unread: list[Unread] = []
    deleted: dict[str, int] = {}
    hits, more = 0, False
    for index, (anchor, element) in enumerate(elements):
        resource = child(element, "resource") if isinstance(element, dict) else {}
        if not resource and _is_deletion(element):
            deleted.setdefault(_deleted_name(element), index)
            continue
        kind = string(resource, "resourceType")
        mode = string(child(element, "search"), "mode") if kind else ""
        more = more or (kind == "Bundle" and has_next(resource))
        hits += mode not in ("include", "outcome")
        if kind in NEVER_READ:
            continue
        if kind:
            included = mode == "include"
            address = string(element, "fullUrl")
            entries.append(Entry(resource, index, anchor, ("resource",), address, included=included))
        elif not _is_empty_entry(element):
            unread.append(Unread(f"entry[{index}]", _why_not(element), places.line_of(anchor, ())))
    return FhirFile(name, places, _flattened(entries), unread, top, deleted, hits, more)


def of_resources(name: str, places: Places, elements: Iterable[tuple[int, Any]]) -> FhirFile:
    """The file of resources that stand one after another."""
    entries: list[Entry] = []
    unread: list[Unread] = []
    for index, (anchor, value) in enumerate(elements):
        if isinstance(value, dict) and string(value, "resourceType"):
            entries.append(Entry(value, index, anchor, ()))
        else:
            unread.append(Unread(f"entry[{index}]", _why_not(value), places.line_of(anchor, ())))
    return FhirFile(name, places, _flattened(entries), unread)


def of_one(name: str, places: Places, anchor: int, resource: JsonObject) -> FhirFile:
    """The file of a single resource."""
    return FhirFile(name, places, _flattened([Entry(resource, 0, anchor, (), in_bundle=False)]), [])


def _why_not(element: Any) -> str:
    if isinstance(element, Unparsed):
        return _("The entry is not valid JSON.")
    return _("The entry holds no FHIR resource.")


def has_next(bundle: JsonObject) -> bool:
    """Whether a search result has a further page."""
    return any(string(item, "relation") == "next" for item in children(bundle, "link"))


def _is_deletion(element: Any) -> bool:
    return isinstance(element, dict) and string(child(element, "request"), "method").upper() == "DELETE"


def _deleted_name(element: JsonObject) -> str:
    """What an entry of a history or transaction deletes, as "Type/id"."""
    url = string(child(element, "request"), "url") or string(element, "fullUrl")
    return "/".join(url.partition("/_history/")[0].rsplit("/", 2)[-2:])


def _is_empty_entry(element: Any) -> bool:
    """A deletion or a bare request of a transaction carries no resource by design."""
    return isinstance(element, dict) and "resource" not in element and "request" in element


def _flattened(entries: list[Entry]) -> list[Entry]:
    """Entries with those of bundles inside the bundle, and results inside of results, put in their place."""
    flat: list[Entry] = []
    for entry in entries:
        if entry.kind == "Bundle":
            flat.extend(each for inner in _inner_bundle(entry) for each in (inner, *_contained(inner)))
        else:
            flat.append(entry)
            if entry.kind in _INSIDE and "contained" in entry.resource:
                flat.extend(_contained(entry))
    return flat


def _inner_bundle(entry: Entry) -> Iterator[Entry]:
    for inner, item in enumerate(entry.resource.get("entry") or []):
        resource = child(item, "resource") if isinstance(item, dict) else {}
        if string(resource, "resourceType") not in ("", "Bundle"):
            place = (*entry.place, "entry", inner, "resource")
            yield Entry(resource, entry.index, entry.anchor, place, string(item, "fullUrl"))


def _contained(entry: Entry) -> Iterator[Entry]:
    """Observations contained in a report: about its subject, and finding there what they refer to."""
    if entry.kind not in _INSIDE:
        return
    shared = {key: entry.resource[key] for key in ("contained", "subject") if key in entry.resource}
    for number, item in enumerate(children(entry.resource, "contained")):
        if string(item, "resourceType") == "Observation":
            place = (*entry.place, "contained", number)
            whole = {**shared, **item}
            yield Entry(whole, entry.index, entry.anchor, place, in_bundle=entry.in_bundle, within=entry.id)
