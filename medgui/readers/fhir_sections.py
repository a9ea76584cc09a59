"""How far each part of a FHIR file was read: what decides whether "not listed" may count as "no" (SAFETY 2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from medgui.i18n import _
from medgui.readers.fhir_bundle import Entry, FhirFile, has_next
from medgui.readers.fhir_values import JsonObject, child, children, codings, concept_text, short, string
from medgui.readers.json_place import Place
from medgui.record.model import Completeness, Unread

CONDITIONS, MEDICATIONS, ALLERGIES = "conditions", "medications", "allergies"
OBSERVATIONS, PROCEDURES, SOCIAL = "observations", "procedures", "social_history"
IMMUNIZATIONS, FAMILY = "immunizations", "family_history"

SECTION_OF = {
    "Condition": CONDITIONS,
    "MedicationRequest": MEDICATIONS,
    "MedicationStatement": MEDICATIONS,
    "MedicationAdministration": MEDICATIONS,
    "MedicationDispense": MEDICATIONS,
    "AllergyIntolerance": ALLERGIES,
    "Observation": OBSERVATIONS,
    "Procedure": PROCEDURES,
    "Immunization": IMMUNIZATIONS,
    "FamilyMemberHistory": FAMILY,
}
_DOCUMENT_SECTIONS = {
    "11450-4": CONDITIONS, "11348-0": CONDITIONS, "10160-0": MEDICATIONS, "48765-2": ALLERGIES,
    "47519-4": PROCEDURES, "11369-6": IMMUNIZATIONS, "10157-6": FAMILY, "29762-2": SOCIAL,
    "30954-2": OBSERVATIONS, "8716-3": OBSERVATIONS,
}  # fmt: skip
_PAST = "11348-0"
"""Past illnesses: "none" there says nothing about the problems of today."""
_LISTS = {CONDITIONS, MEDICATIONS, ALLERGIES, PROCEDURES, IMMUNIZATIONS, FAMILY}
_NOT_NARROWING = frozenset({
    "patient", "subject", "_id", "identifier", "_count", "_sort", "_format", "_pretty", "_include", "_revinclude",
    "_total", "_page", "page", "_getpages", "_getpagesoffset", "_bundletype", "_offset", "ct",
})  # fmt: skip
"""Parameters of a search that leave out nothing of one patient's list."""
_WHOLE_LISTS = frozenset({
    (CONDITIONS, "category", "problem-list-item"), (MEDICATIONS, "status", "active"), (MEDICATIONS, "intent", "order"),
    (ALLERGIES, "clinical-status", "active"),
})  # fmt: skip
"""What a search may ask for and still list all problems, all that is taken, or all allergies."""
_TROUBLE = ("fatal", "error", "warning")


@dataclass(slots=True)
class Sections:
    """Collects what was found, read and not read, and gives the completeness of each part."""

    file: FhirFile
    found: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    none_known: set[str] = field(default_factory=set)
    no_information: set[str] = field(default_factory=set)

    def completeness(self) -> tuple[dict[str, Completeness], list[Unread]]:
        """The state of each part, and notes on document sections that hold text only."""
        states = dict.fromkeys(self.found | self.none_known, Completeness.COMPLETE)
        for name in self.no_information - self.found - self.none_known:
            states[name] = Completeness.ABSENT
        unread = []
        for document, _place, section in document_sections(self.file):
            note = self._document_section(states, document, section)
            if note:
                unread.append(note)
        troubles = list(self._troubles())
        unread += troubles
        part = set(states) if troubles or self._paged() else self._chosen_by_search(states)
        for name in self.broken | part:
            if states.get(name) is not Completeness.ABSENT or name in self.broken:
                states[name] = Completeness.PARTIAL
        return dict(sorted(states.items())), unread

    def _document_section(
        self, states: dict[str, Completeness], document: Entry, section: JsonObject
    ) -> Unread | None:
        listed = [coding.code for coding in codings(child(section, "code"))]
        name = next((_DOCUMENT_SECTIONS[code] for code in listed if code in _DOCUMENT_SECTIONS), "")
        if not name:
            return None
        reason = next((code.code for code in codings(child(section, "emptyReason"))), "")
        references = [string(item, "reference") for item in children(section, "entry")]
        if references:
            if any(self.file.find(reference) is None for reference in references):
                self.broken.add(name)
                return self.file.not_read(document, _lost(section), name)
            return None
        if _PAST in listed and reason:
            return None
        if reason == "nilknown":
            states.setdefault(name, Completeness.COMPLETE)
            return None
        if reason or name not in _LISTS:
            if name not in self.found:
                states[name] = Completeness.ABSENT
            return None
        self.broken.add(name)
        sentence = _("The section “{title}” holds text only, which is kept as a document and not used.")
        title = string(section, "title") or concept_text(child(section, "code"))
        return self.file.not_read(document, sentence.format(title=title), name)

    def _troubles(self) -> Iterator[Unread]:
        """What the sender says went wrong: results that are withheld, a search that was cut (R5: `issues`)."""
        outcomes = [(entry.label, entry.resource) for entry in self.file.of_kind("OperationOutcome")]
        outcomes += [("issues", item) for item in children(self.file.bundle, "issues")]
        for label, outcome in outcomes:
            for issue in children(outcome, "issue"):
                if string(issue, "severity") in _TROUBLE:
                    words = concept_text(child(issue, "details")) or string(issue, "diagnostics")
                    sentence = _("The sender of the file reports: “{text}”.")
                    yield Unread(label, sentence.format(text=short(words or string(issue, "code"), 200)))

    def _paged(self) -> bool:
        """A search result with a further page, or with more hits than entries, is not the whole list."""
        if has_next(self.file.bundle) or self.file.has_more:
            return True
        total = self.file.bundle.get("total")
        is_search = string(self.file.bundle, "type") == "searchset"
        return is_search and isinstance(total, int) and total > self.file.hits

    def _chosen_by_search(self, states: Iterable[str]) -> set[str]:
        """Sections of which a search gave some entries only: those of one code, or what other entries refer to."""
        if string(self.file.bundle, "type") != "searchset":
            return set()
        own = (item for item in children(self.file.bundle, "link") if string(item, "relation") == "self")
        address = urlsplit(next((string(item, "url") for item in own), ""))
        kind = address.path.rpartition("/")[2]
        asked = {name.partition(":")[0]: text for name, text in parse_qsl(address.query)}
        narrowed = any(_leaves_out(kind, name, text) for name, text in asked.items())
        if kind.startswith("$"):
            return set(states) if narrowed else set()
        by_kind = {SECTION_OF[kind]} if narrowed and kind in SECTION_OF else set()
        found = {entry.kind for entry in self.file.entries if not entry.included}
        if "_revinclude" in asked or found <= {"Patient"}:
            return by_kind
        return by_kind | {SECTION_OF[name] for name in SECTION_OF.keys() - found} & set(states)


def _leaves_out(kind: str, name: str, text: str) -> bool:
    """Whether a parameter of a search leaves out what tells that something is absent."""
    if name in _NOT_NARROWING or (kind.startswith("$") and name in ("_type", "type")):
        return False
    return (SECTION_OF.get(kind, ""), name, text.rpartition("|")[2]) not in _WHOLE_LISTS


def _lost(section: JsonObject) -> str:
    sentence = _("The section “{title}” refers to entries that are not in the file.")
    return sentence.format(title=string(section, "title") or concept_text(child(section, "code")))


def document_sections(file: FhirFile) -> Iterator[tuple[Entry, Place, JsonObject]]:
    """Sections of the documents in a file with their places, and those inside of them."""
    for document in file.of_kind("Composition"):
        pending: list[tuple[Place, JsonObject]] = [
            (("section", index), item) for index, item in _numbered(document.resource)
        ]
        while pending:
            place, section = pending.pop(0)
            pending += [((*place, "section", index), item) for index, item in _numbered(section)]
            yield document, place, section


def _numbered(holder: JsonObject) -> Iterator[tuple[int, JsonObject]]:
    return enumerate(children(holder, "section"))
