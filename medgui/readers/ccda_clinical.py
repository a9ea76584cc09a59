"""C-CDA problems, procedures, immunizations and family history: kept with status, denial and whose they are."""

from __future__ import annotations

from collections.abc import Iterator

from medgui.i18n import _, format_age
from medgui.readers.ccda_file import (
    CcdaFile,
    Section,
    Taken,
    about_other,
    author_time,
    doubt_of,
    is_denied,
    is_detail,
    related,
    relative_of,
    status_of,
)
from medgui.readers.ccda_kinds import ENCOUNTERS, RESOLVED
from medgui.readers.ccda_values import Broken, codings, end_of, start_of, unit_of
from medgui.readers.limits import shortened
from medgui.readers.nothing import states_nothing
from medgui.readers.systems import LOINC
from medgui.readers.wording import (
    family,
    names_family_history,
    procedure_doubt,
    vaccine_doubt,
    verification_doubt,
    wording_doubt,
)
from medgui.readers.xml_place import EMPTY, Node
from medgui.record.model import Coding, Condition
from medgui.record.units import normalise

_GENERIC_PROBLEM = frozenset({
    "55607006", "404684003", "64572001", "409586006", "282291009", "418799008", "248536006", "373930000", "160245001",
})  # fmt: skip
"""SNOMED CT for problem, finding, disease, complaint, diagnosis, symptom…: denied, they state an empty list."""
_NO_PROBLEMS = frozenset({"160245001", "1149217004"})
_NOT_SURE = frozenset({"148006", "47965005", "415684004", "410590009", "410592001"})
"""Kinds of problem: preliminary or differential diagnosis, suspected, possible or probable."""
_STATUS_CODE = "33999-4"
_CLINICAL = {
    "55561003": "active", "73425007": "inactive", "413322009": "resolved", "277022003": "remission",
    "90734009": "active", "246455001": "recurrence", "255227004": "recurrence", "7087005": "active",
    "active": "active", "inactive": "inactive", "resolved": "resolved", "chronic": "active", "completed": "resolved",
    "no longer active": "inactive", "in remission": "remission", "recurrence": "recurrence",
}  # fmt: skip
_PROCEDURE_STATUS = {
    "completed": "completed", "active": "in-progress", "new": "preparation", "held": "on-hold",
    "suspended": "on-hold", "aborted": "stopped", "cancelled": "not-done", "nullified": "entered-in-error",
}  # fmt: skip
_GENERIC_PROCEDURE = frozenset({"71388002"})
_ONSET_CODES = frozenset({"445518008", "397659008"})
"""Age at onset; age, in its place."""
_DEAD = "419099009"


def status_values(node: Node) -> Iterator[Node]:
    """The values of the status observations below an entry."""
    for part in related(node, "observation"):
        asked = codings(part.child("code"))
        if any(coding.code == _STATUS_CODE and coding.system == LOINC for coding in asked):
            yield part.child("value")


def status_words(node: Node) -> str:
    """The clinical status that a nested status observation states, as in FHIR; "" where there is none."""
    for value in status_values(node):
        shown = (value.at("code"), value.at("displayName").lower(), value.words().lower())
        return next((_CLINICAL[item] for item in shown if item in _CLINICAL), "")
    return ""


# Problems


def read_problems(file: CcdaFile, section: Section, node: Node, kind: str) -> Taken:
    """The problems of a concern act, an encounter, a diagnosis act or a bare observation.

    `Broken` where none says what it is.
    """
    found: list[Condition] = []
    nothing = []
    for observation, concern in _problem_observations(node, EMPTY):
        stated = _nothing_known(section, observation)
        if stated:
            nothing.append(stated)
        else:
            found.append(_problem(file, section, observation, concern, kind))
    if not found and not nothing and kind != ENCOUNTERS:
        raise Broken(_("It does not say what it is (no code)."))
    states = "" if found else ("none" if "none" in nothing else "unknown")
    return Taken(conditions=tuple(found), states=states)


def _problem_observations(node: Node, concern: Node) -> Iterator[tuple[Node, Node]]:
    """Observations of an entry with the concern act that holds each; what they contain in turn is their detail."""
    if node.tag == "observation":
        yield node, concern
        return
    for part in related(node, "observation", "act"):
        if part.tag == "act" or (part.child("value") and not is_detail(part)):
            yield from _problem_observations(part, node if node.tag == "act" else concern)


def _nothing_known(section: Section, node: Node) -> str:
    listed, words = _what(section, node)
    denied = is_denied(node)
    if any(coding.code in _NO_PROBLEMS for coding in listed) and not denied:
        return "none"
    if denied and (not listed or any(coding.code in _GENERIC_PROBLEM for coding in listed)):
        return "none"
    return "" if listed else states_nothing(words)


def _what(section: Section, node: Node) -> tuple[tuple[Coding, ...], str]:
    """Codes and name of a problem: of its value, which some systems write as a text, else the words of the entry."""
    value, texts = node.child("value"), section.texts
    words = texts.of(value) if value.at("xsi:type").rpartition(":")[2] in ("ST", "ED") else ""
    return codings(value), texts.name(value) or words or texts.of(node.child("text"))


def _problem(file: CcdaFile, section: Section, node: Node, concern: Node, kind: str) -> Condition:
    listed, name = _what(section, node)
    if not name:
        raise Broken(_("It does not say what it is (no code)."))
    verification = _verification(node, concern)
    relative = names_family_history(listed, name)
    reason = verification_doubt(verification) or doubt_of(concern) or doubt_of(node) or wording_doubt(name)
    return Condition(
        id=file.identity(node),
        codings=listed,
        name=name,
        clinical_status=_clinical_status(file, node, concern, kind),
        verification=verification,
        subject="family member" if relative else _whose(node, concern),
        onset=start_of(node.child("effectiveTime")),
        recorded=author_time(node) or author_time(concern) or start_of(concern.child("effectiveTime")),
        source=file.source(section, node, name),
        usable=not reason and not relative,
        unusable_reason=reason or (family() if relative else ""),
        note=_onset_in_words(node),
    )


def _whose(node: Node, concern: Node) -> str:
    for place in (node, concern):
        subject = place.child("subject", "relatedSubject")
        if subject and doubt_of(place):
            return relative_of(subject) or "family member"
    return "patient"


def _verification(node: Node, concern: Node) -> str:
    if "nullified" in (status_of(node), status_of(concern)):
        return "entered-in-error"
    if is_denied(node) or is_denied(concern):
        return "refuted"
    kinds = {coding.code for coding in codings(node.child("code"))}
    return "provisional" if kinds & _NOT_SURE else ""


def _clinical_status(file: CcdaFile, node: Node, concern: Node, kind: str) -> str:
    """Stated by its own observation, else by an end, else by the concern.

    A concern that is completed without an end is one that is over, or only an entry that is complete: unknown.
    """
    stated = status_words(node)
    if stated:
        return stated
    if file.is_past(end_of(node.child("effectiveTime"))) or kind == RESOLVED:
        return "resolved"
    of_concern = status_of(concern)
    if of_concern == "active":
        return "active"
    if file.is_past(end_of(concern.child("effectiveTime"))) and of_concern == "completed":
        return "resolved"
    if of_concern == "completed":
        return "unknown"
    return "inactive" if of_concern in ("suspended", "aborted") else ""


# Procedures


def read_procedures(file: CcdaFile, section: Section, node: Node, kind: str) -> Taken:
    """A procedure as a past event. `Broken` where it does not say what was done."""
    code = node.child("code")
    listed = codings(code)
    name = section.texts.name(code) or section.texts.of(node.child("text"))
    denied = is_denied(node)
    generic = not listed or any(coding.code in _GENERIC_PROCEDURE for coding in listed)
    if denied and generic:
        return Taken(states="none")
    if not listed and states_nothing(name):
        return Taken(states=states_nothing(name))
    devices = [section.texts.name(part.child("participantRole", "playingDevice", "code"))
               for part in node.children("participant")]  # fmt: skip
    name = ": ".join(filter(None, (name, ", ".join(filter(None, devices)))))
    if not name:
        return _placeholder(node)
    when = node.child("effectiveTime")
    status = _procedure_status(file, node, denied)
    reason = procedure_doubt(status) or doubt_of(node)
    found = Condition(
        id=file.identity(node),
        codings=listed,
        name=name,
        clinical_status=status,
        verification="",
        subject=_whose(node, EMPTY),
        onset=start_of(when) or end_of(when),
        recorded=author_time(node),
        source=file.source(section, node, name),
        kind="procedure",
        usable=not reason,
        unusable_reason=reason,
    )
    return Taken(conditions=(found,))


def _procedure_status(file: CcdaFile, node: Node, denied: bool) -> str:
    """As FHIR names it; what lies after the day of the document is planned, whatever it states."""
    if denied:
        return "not-done"
    when = start_of(node.child("effectiveTime"))
    status = _PROCEDURE_STATUS.get(status_of(node), status_of(node)) or ("completed" if when else "")
    if node.at("moodCode") not in ("EVN", ""):
        return "preparation"
    still_to_come = when and status in ("completed", "in-progress") and not file.is_past(when)
    return "preparation" if still_to_come else status


def _placeholder(node: Node) -> Taken:
    """An entry without a code: nothing where nothing is stated about it."""
    if start_of(node.child("effectiveTime")):
        raise Broken(_("It does not say what it is (no code)."))
    return Taken(states="unknown")


# Immunizations


def read_immunization(file: CcdaFile, section: Section, node: Node, kind: str) -> Taken:
    """A vaccine that was given, or was not."""
    code = node.child("consumable", "manufacturedProduct", "manufacturedMaterial", "code")
    listed = codings(code)
    name = section.texts.name(code) or section.texts.of(node.child("text"))
    denied = is_denied(node)
    if not listed and (states_nothing(name) or not name or denied):
        return Taken(states=states_nothing(name) or "unknown")
    status = _vaccine_status(node, denied)
    planned = doubt_of(node) if status == "planned" else ""
    reason = about_other(node) or planned or vaccine_doubt(status)
    when = next((start_of(time) for time in node.children("effectiveTime") if start_of(time)), "")
    found = Condition(
        id=file.identity(node),
        codings=listed,
        name=name,
        clinical_status=status,
        verification="",
        subject=_whose(node, EMPTY),
        onset=when,
        recorded=author_time(node),
        source=file.source(section, node, name),
        kind="immunization",
        usable=not reason,
        unusable_reason=reason,
    )
    return Taken(conditions=(found,))


def _vaccine_status(node: Node, denied: bool) -> str:
    if denied or status_of(node) in ("cancelled", "aborted"):
        return "not-done"
    if node.at("moodCode") not in ("EVN", ""):
        return "planned"
    return "entered-in-error" if status_of(node) == "nullified" else "completed"


# Family history


def read_family_history(file: CcdaFile, section: Section, node: Node, kind: str) -> Taken:
    """Diseases of a relative: shown, never facts about the patient (SAFETY 1)."""
    subject = node.child("subject", "relatedSubject")
    parts = [node] if node.tag == "observation" else list(node.each("component", "observation"))
    found = [_of_relative(file, section, part, subject) for part in parts if part.child("value")]
    conditions = tuple(item for item in found if item is not None)
    return Taken(conditions=conditions, states="" if conditions else "unknown")


def _of_relative(file: CcdaFile, section: Section, node: Node, around: Node) -> Condition | None:
    listed, name = _what(section, node)
    if not name or (not listed and states_nothing(name)):
        return None
    subject = node.child("subject", "relatedSubject") or around
    return Condition(
        id=file.identity(node),
        codings=listed,
        name=name,
        clinical_status="",
        verification="refuted" if is_denied(node) else "",
        subject=relative_of(subject) or "family member",
        onset=start_of(node.child("effectiveTime")),
        recorded=author_time(node),
        source=file.source(section, node, name),
        kind="family_history",
        usable=False,
        unusable_reason=family(),
        note=", ".join(filter(None, (_onset_in_words(node), _death_in_words(node)))),
    )


def _onset_in_words(node: Node) -> str:
    """The age at onset that an entry states in place of a date."""
    for part in related(node, "observation"):
        value = part.child("value")
        if part.child("code").at("code") in _ONSET_CODES and value.at("value"):
            years = value.at("value").isdigit() and normalise(unit_of(value) or "a") == "a"
            age = format_age(int(value.at("value"))) if years else f"{value.at('value')} {unit_of(value)}"
            return _("Onset: {time}").format(time=shortened(age, 40))
    return ""


def _death_in_words(node: Node) -> str:
    """That the relative died, and whether of this disease."""
    for link in node.children("entryRelationship"):
        if any(
            part.child("value").at("code") == _DEAD and not is_denied(part)
            for part in link.children("observation")
        ):
            return _("Cause of death") if link.at("typeCode") == "CAUS" else _("Deceased")
    return ""
