"""An opened C-CDA document: its sections, where an entry stands, whose it is, and in which stay it happened."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from medgui.frozen import frozen
from medgui.i18n import _
from medgui.readers.ccda_kinds import kind_of
from medgui.readers.ccda_values import Texts, end_of, start_of
from medgui.readers.limits import shortened
from medgui.readers.patient_file import PatientFile
from medgui.readers.xml_place import Node
from medgui.record.dates import span
from medgui.record.model import Allergy, Condition, Medication, Observation, Source, Unread

_SETTINGS = {
    "IMP": "inpatient", "ACUTE": "inpatient", "NONAC": "inpatient", "SS": "inpatient", "OBSENC": "inpatient",
    "EMER": "emergency", "FLD": "emergency", "AMB": "outpatient", "VR": "outpatient", "HH": "home",
    # SNOMED CT: admission, inpatient stay, emergency room visit; CPT: emergency department and hospital care
    "32485007": "inpatient", "183452005": "inpatient", "8715000": "inpatient", "281685003": "inpatient",
    "4525004": "emergency", "50849002": "emergency", "99281": "emergency", "99282": "emergency",
    "99283": "emergency", "99284": "emergency", "99285": "emergency", "99221": "inpatient", "99222": "inpatient",
    "99223": "inpatient", "99231": "inpatient", "99232": "inpatient", "99233": "inpatient",
}  # fmt: skip
_SETTING_WORDS = (
    (re.compile(r"\bemergency\b", re.IGNORECASE), "emergency"),
    (re.compile(r"\b(inpatient|hospitali[sz]ation|hospital admission)\b", re.IGNORECASE), "inpatient"),
)
_OUTPATIENT = ("outpatient", "home")
_ONE_DAY = timedelta(days=1)
_DISCHARGE_SUMMARIES = frozenset({"18842-5", "11490-0", "28655-9", "29761-4", "34745-0", "34105-7"})

_GENERIC_CODES = frozenset({
    "ASSERTION", "55607006", "404684003", "64572001", "409586006", "282291009", "418799008", "75321-0", "75322-8",
    "75323-6", "75325-1", "75326-9", "29308-4",
})  # fmt: skip
"""Codes of an observation that say only that it is a problem, a diagnosis, a finding: its value tells which."""


@frozen
class Section:
    """A section of the body. `kind` is one of `ccda_kinds`; `title` as it may be shown.

    `about` says why its entries are not about the patient: a section may name another subject (a newborn).
    """

    node: Node
    title: str
    code: str
    kind: str
    texts: Texts
    about: str = ""

    @property
    def entries(self) -> Iterator[Node]:
        """The clinical statements of its entries."""
        for entry in self.node.children("entry"):
            for statement in entry:
                if isinstance(statement, Node) and statement.tag not in ("templateId", "realmCode", "typeId"):
                    yield statement


@frozen
class Stay:
    """An encounter: first and last day as ordinals, and its setting."""

    first: int
    last: int
    setting: str


@frozen
class Taken:
    """What one entry gave. `states` is "none" (nothing known), "unknown" (no information) or "" (an entry)."""

    observations: tuple[Observation, ...] = ()
    conditions: tuple[Condition, ...] = ()
    medications: tuple[Medication, ...] = ()
    allergies: tuple[Allergy, ...] = ()
    unread: tuple[Unread, ...] = ()
    states: str = ""
    doubtful: bool = False
    """True where the entry leaves open what it means, so that its section is no complete list."""


@dataclass(slots=True)
class CcdaFile:
    """One document. `date` is when it was made (ISO), "" where it does not say."""

    name: str
    root: Node
    date: str
    sections: list[Section] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    _last: int = 0

    def identity(self, node: Node) -> str:
        """An id for an entry: its own with a number that no other entry has."""
        self._last += 1
        own = node.child("id")
        stated = own.at("extension") or own.at("root") or str(node.tag)
        return f"{shortened(stated, 80).replace('#', '_')}@{self._last}"

    def source(self, section: Section, node: Node, text: str = "", at: Node | None = None) -> Source:
        """Provenance of an entry, or of the part of it that stands *at* another element."""
        spot = node if at is None else at
        where = _("{place}, line {line}").format(place=self.place(section, node), line=spot.line)
        return Source(self.name, where, text, spot.line, section.title, spot.column)

    def place(self, section: Section, node: Node) -> str:
        """Section, kind of entry and code: "Vital signs › observation 8480-6"."""
        generic = ""
        for part in _naming(node):
            code = part.at("code")
            if code and code not in _GENERIC_CODES:
                return f"{section.title} › {node.tag} {code}"
            generic = generic or code
        return f"{section.title} › {node.tag} {generic}".rstrip()

    def not_read(self, section: Section, node: Node, reason: str) -> Unread:
        """The note that an entry was not read."""
        return Unread(self.place(section, node), reason, node.line, section.title)

    def is_past(self, time: str) -> bool:
        """Whether a time is stated and does not lie after the day on which the document was made.

        Time zones may move a day.
        """
        when, made = span(time), span(self.date)
        return when is not None and (made is None or when[0] <= made[1] + _ONE_DAY)

    def setting(self, time: str) -> str:
        """The setting of the encounter in which a time falls; an acute one where several do."""
        day = span(time)
        if day is None:
            return ""
        first, last = day[0].toordinal(), day[1].toordinal()
        found = {stay.setting for stay in self.stays if stay.first <= first and last <= stay.last}
        return min(found, key=lambda setting: (setting in _OUTPATIENT, setting), default="")


def _naming(node: Node) -> Iterator[Node]:
    """The elements whose code may say what an entry is about, the first one first."""
    code = node.child("code")
    yield code
    yield from code.children("translation")
    yield node.child("value")
    yield node.child("consumable", "manufacturedProduct", "manufacturedMaterial", "code")


def open_document(source: PatientFile, root: Node) -> CcdaFile:
    """List the sections of a document, with their kinds and the IDs of their narrative."""
    file = CcdaFile(source.name, root, start_of(root.child("effectiveTime")))
    everything: dict[str, Node] = {}
    for node, about in _sections(root.child("component", "structuredBody"), ""):
        own = _named_elements(node.child("text"))
        for name, target in own.items():
            everything.setdefault(name, target)
        code = node.child("code").at("code")
        title = node.child("title").words() or node.child("code").at("displayName") or code
        title = shortened(title or _("Section without a title"))
        file.sections.append(
            Section(node, title, code, kind_of(node), Texts(node.child("text"), own, everything), about)
        )
    file.stays = list(_stays(file))
    return file


def _sections(body: Node, about: str) -> Iterator[tuple[Node, str]]:
    """All sections in reading order, nested ones after their parent, with whom they are about instead."""
    for section in body.each("component", "section"):
        own = about_other(section) or about
        yield section, own
        yield from _sections(section, own)


def _named_elements(narrative: Node) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for node in narrative.iter():
        name = node.get("ID") or node.get("id")
        if name and isinstance(node, Node):
            found.setdefault(name.strip(), node)
    return found


# Encounters


def _stays(file: CcdaFile) -> Iterator[Stay]:
    main = file.root.child("componentOf", "encompassingEncounter")
    hospital = file.root.child("code").at("code") in _DISCHARGE_SUMMARIES
    yield from _stay(file, main, "inpatient" if hospital else "")
    for section in file.sections:
        for statement in section.entries:
            if statement.tag == "encounter" and statement.at("moodCode") in ("EVN", ""):
                yield from _stay(file, statement, "")


def _stay(file: CcdaFile, node: Node, otherwise: str) -> Iterator[Stay]:
    setting = _stated_setting(node.child("code")) or otherwise
    time = node.child("effectiveTime")
    first = span(start_of(time))
    if not setting or first is None:
        return
    single = bool(time.at("value"))
    last = span(end_of(time)) or (first if single else span(file.date)) or first
    yield Stay(first[0].toordinal(), max(first[1], last[1]).toordinal(), setting)


def _stated_setting(code: Node) -> str:
    """The setting that the code of an encounter states, else its words ("Emergency Department Visit")."""
    places = [code, *code.children("translation")]
    stated = next((_SETTINGS[place.at("code")] for place in places if place.at("code") in _SETTINGS), "")
    words = " ".join((*(place.at("displayName") for place in places), code.child("originalText").words()))
    return stated or next((setting for pattern, setting in _SETTING_WORDS if pattern.search(words)), "")


# Whose entry, and did it happen?

_SELF = frozenset({"SELF", "ONESELF", "116154003"})


def about_other(node: Node) -> str:
    """Why a statement is not about the patient: its subject is a relative or another person; "" where it is."""
    subject = node.child("subject", "relatedSubject")
    if not subject or subject.child("code").at("code") in _SELF:
        return ""
    who = relative_of(subject) or "?"
    return _("About someone or something else ({subject}).").format(subject=who)


def is_denied(node: Node) -> bool:
    """Whether a statement says of itself that it is not so."""
    return node.at("negationInd").lower() in ("true", "1")


def doubt_of(node: Node) -> str:
    """Why a statement is no event of this patient: about someone else, denied, planned; "" where it is one."""
    other = about_other(node)
    if other:
        return other
    if is_denied(node):
        return denial()
    mood = node.at("moodCode")
    if mood == "GOL":
        return _("It is a goal, not a finding.")
    return "" if mood in ("EVN", "") else _("It is planned or ordered.")


def denial() -> str:
    """The reason why a statement that is denied is not used."""
    return _("The entry says that it is absent.")


def relative_of(subject: Node) -> str:
    """The relation of a relatedSubject in words ("Father"), or ""."""
    code = subject.child("code")
    parts = (code.at("displayName"), code.child("originalText").words(), code.at("code"))
    translated = (part.at("displayName") for part in code.children("translation"))
    return next(filter(None, (*parts, *translated)), "")


def status_of(node: Node) -> str:
    """The statusCode of an act in lower case; "" where none is stated."""
    return node.child("statusCode").at("code").lower()


def related(node: Node, *kinds: str) -> Iterator[Node]:
    """Statements of these tags below a statement, by any relationship."""
    for link in node.children("entryRelationship", "component"):
        yield from link.children(*kinds)


_ENTRY = "2.16.840.1.113883.10.20.22.4."
_DETAILS = frozenset(_ENTRY + n for n in ("5", "6", "8", "19", "28", "31", "64", "113", "143", "145", "119"))
_DETAIL_CODES = frozenset({
    "33999-4", "11323-3", "SEV", "82606-5", "48767-8", "445518008", "225773000", "75328-5", "263490005",
})  # fmt: skip


def is_detail(node: Node) -> bool:
    """Whether an observation tells of the statement above it: status, severity, age, priority, reason, comment."""
    return bool(template_roots(node) & _DETAILS) or node.child("code").at("code") in _DETAIL_CODES


def author_time(node: Node) -> str:
    """When a statement was recorded: the time of its author."""
    return start_of(node.child("author", "time"))


def template_roots(node: Node) -> frozenset[str]:
    """The roots of its template ids, whatever their versions."""
    return frozenset(part.at("root") for part in node.children("templateId"))
