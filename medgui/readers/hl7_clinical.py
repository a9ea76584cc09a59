"""HL7 v2 diagnoses, problems, procedures, immunisations and allergies."""

from __future__ import annotations

from medgui.i18n import _
from medgui.readers.hl7_text import Message, Segment
from medgui.readers.hl7_values import codings, concept_text, iso_time, time_of
from medgui.readers.nothing import states_nothing
from medgui.readers.systems import CVX
from medgui.readers.wording import (
    family,
    is_denial,
    names_family_history,
    procedure_doubt,
    vaccine_doubt,
    verification_doubt,
    wording_doubt,
)
from medgui.record.model import Allergy, Coding, Condition, Unread

_DIAGNOSIS = {
    "F": "confirmed", "FINAL": "confirmed", "A": "provisional", "W": "provisional", "ADMITTING": "provisional",
    "WORKING": "provisional", "D": "differential",
}  # fmt: skip
"""Table 0052: only a final diagnosis is confirmed; an admitting or working one is not yet."""
_CONFIRMATION = {
    "C": "confirmed", "CONFIRMED": "confirmed", "D": "differential", "DIFFERENTIAL": "differential",
    "P": "provisional", "PROVISIONAL": "provisional", "PRELIMINARY": "provisional", "R": "provisional",
    "RULE-OUT": "provisional", "U": "unconfirmed", "UNCONFIRMED": "unconfirmed", "S": "unconfirmed",
    "SUSPECTED": "unconfirmed", "REFUTED": "refuted",
}  # fmt: skip
_LIFE = {
    "A": "active", "ACTIVE": "active", "I": "inactive", "INACTIVE": "inactive", "R": "resolved",
    "RESOLVED": "resolved", "REMISSION": "remission", "RECURRENCE": "recurrence", "RELAPSE": "relapse",
}  # fmt: skip
_TAKEN_AWAY = frozenset({"D", "DE", "X"})
_VACCINATION = {"CP": "completed", "PA": "completed", "RE": "not-done", "NA": "not-done", "": "completed"}
"""Table 0322; a dose that was given in part was given."""
_NO_VACCINE = frozenset({"998", "999"})
_ALLERGY = {
    "U": ("active", "unconfirmed"), "P": ("active", "unconfirmed"), "S": ("active", "unconfirmed"),
    "D": ("active", "unconfirmed"), "C": ("active", "confirmed"), "I": ("inactive", "confirmed"),
    "E": ("", "entered-in-error"),
}  # fmt: skip
"""Table 0438 (IAM-17) as clinical status and verification."""
_NO_ALLERGY_CODES = frozenset({"NKA", "NKDA", "NKFA", "716186003", "409137002", "429625007", "428607008"})


def _named(segment: Segment, number: int, words: int = 0, system: str = "") -> tuple[tuple[Coding, ...], str]:
    """Codes and name of a coded field; *words* is the field in which older versions write the name."""
    listed = codings(segment.parts(number), system)
    name = concept_text(segment.part(number))
    written = segment.text(words) if words else ""
    if written and (not name or name in {coding.code for coding in listed}):
        name = written
    return listed, name


def read_diagnosis(segment: Segment, file: str, unread: list[Unread]) -> Condition | None:
    """A DG1 segment; None, with a note, where it names nothing."""
    listed, name = _named(segment, 3, 4, segment.text(2))
    verification = _DIAGNOSIS.get(segment.text(6).upper(), "")
    if segment.text(21).upper() in _TAKEN_AWAY:
        verification = "entered-in-error"
    recorded = time_of(segment, 5, unread, "conditions") or (iso_time(segment.text(19)) or "")
    return _condition(segment, file, listed, name, ("", verification), ("", recorded), unread)


def read_problem(segment: Segment, file: str, unread: list[Unread]) -> Condition | None:
    """A PRB segment; None, with a note, where it names nothing."""
    listed, name = _named(segment, 3)
    confirmation = segment.part(13)
    verification = next(
        (
            _CONFIRMATION[text]
            for text in (confirmation.text(1).upper(), confirmation.text(2).upper())
            if text in _CONFIRMATION
        ),
        "",
    )
    if segment.text(1).upper() in _TAKEN_AWAY:
        verification = "entered-in-error"
    life = segment.part(14)
    clinical = _LIFE.get(life.text(1).upper()) or _LIFE.get(life.text(2).upper()) or life.text(1).lower()
    if segment.text(9) and clinical in ("", "active"):
        clinical = "resolved"
    onset = time_of(segment, 16, unread, "conditions")
    recorded = iso_time(segment.text(7)) or iso_time(segment.text(2)) or ""
    return _condition(segment, file, listed, name, (clinical, verification), (onset, recorded), unread)


def _condition(
    segment: Segment,
    file: str,
    listed: tuple[Coding, ...],
    name: str,
    states: tuple[str, str],
    times: tuple[str, str],
    unread: list[Unread],
) -> Condition | None:
    if not listed and not name:
        unread.append(segment.not_read(_("It does not say what it is (no code)."), "conditions"))
        return None
    relative = names_family_history(listed, name)
    reason = verification_doubt(states[1]) or wording_doubt(name)
    return Condition(
        id=f"{segment.name}@{segment.line}",
        codings=listed,
        name=name,
        clinical_status=states[0],
        verification=states[1],
        subject="family member" if relative else "patient",
        onset=times[0],
        recorded=times[1],
        source=segment.source(file, name, "conditions"),
        usable=not reason and not relative,
        unusable_reason=reason or (family() if relative else ""),
    )


def read_procedure(segment: Segment, message: Message, file: str, unread: list[Unread]) -> Condition | None:
    """A PR1 segment: done where its date is not after the message, planned where it is; else it does not say."""
    listed, name = _named(segment, 3, 4, segment.text(2))
    if not listed and not name:
        unread.append(segment.not_read(_("It does not say what it is (no code)."), "procedures"))
        return None
    when = time_of(segment, 5, unread, "procedures")
    written = iso_time(message.header.text(7)) or ""
    status = "completed" if when else ""
    if when and written and when[:10] > written[:10]:
        status = "preparation"
    if segment.text(20).upper() in _TAKEN_AWAY:
        status = "entered-in-error"
    return _done(segment, file, (listed, name), "procedure", status, when)


def _done(
    segment: Segment, file: str, named: tuple[tuple[Coding, ...], str], kind: str, status: str, when: str
) -> Condition:
    is_procedure = kind == "procedure"
    reason = procedure_doubt(status) if is_procedure else vaccine_doubt(status)
    section = "procedures" if is_procedure else "immunizations"
    return Condition(
        id=f"{segment.name}@{segment.line}",
        codings=named[0],
        name=named[1],
        clinical_status=status,
        verification="",
        subject="patient",
        onset=when,
        recorded="",
        source=segment.source(file, named[1], section),
        kind=kind,
        usable=not reason,
        unusable_reason=reason,
    )


def is_vaccination(segment: Segment, message: Message) -> bool:
    """Whether an RXA segment gives a vaccine: the message or the code says so."""
    return message.kind[0] in ("VXU", "VXR", "VXX") or any(
        coding.system == CVX for coding in codings(segment.parts(5))
    )


def read_vaccination(segment: Segment, file: str, unread: list[Unread]) -> Condition | None:
    """An RXA segment of a vaccine; None where it says that none was given, or names none."""
    listed, name = _named(segment, 5)
    if any(coding.code in _NO_VACCINE and coding.system == CVX for coding in listed):
        return None
    if not listed and not name:
        unread.append(segment.not_read(_("It does not say what it is (no code)."), "immunizations"))
        return None
    status = _VACCINATION.get(segment.text(20).upper(), "")
    if segment.text(18) and not segment.text(20):
        status = "not-done"
    if segment.text(21).upper() in _TAKEN_AWAY:
        status = "entered-in-error"
    when = time_of(segment, 3, unread, "immunizations")
    return _done(segment, file, (listed, name), "immunization", status, when)


def read_allergy(segment: Segment, file: str, unread: list[Unread]) -> Allergy | None:
    """An AL1 or IAM segment: an allergy, or the statement that none is known."""
    listed, name = _named(segment, 3)
    if not listed and not name:
        unread.append(segment.not_read(_("It does not say what the allergy is to."), "allergies"))
        return None
    if states_nothing(name) == "unknown":
        unread.append(segment.not_read(_("It does not say what the allergy is to."), "allergies"))
        return None
    status, verification, reported = "active", "", 6
    if segment.name == "IAM":
        status, verification = _ALLERGY.get(segment.text(17).upper(), ("active", ""))
        reported = 13 if segment.text(13) else 11
        if segment.text(6).upper() in _TAKEN_AWAY:
            verification = "entered-in-error"
    none_known = _states_none(listed, name)
    if not none_known and is_denial(name):
        verification = "refuted"
    reactions = [concept_text(part) for part in segment.parts(5)]
    return Allergy(
        id=f"{segment.name}@{segment.line}",
        codings=listed,
        name=name,
        reaction=", ".join(dict.fromkeys(text for text in reactions if text)),
        status=status,
        verification=verification,
        negated=none_known,
        recorded=time_of(segment, reported, unread, "allergies"),
        source=segment.source(file, name, "allergies"),
    )


def _states_none(listed: tuple[Coding, ...], name: str) -> bool:
    words = [name, *(coding.display for coding in listed)]
    return any(coding.code.upper() in _NO_ALLERGY_CODES for coding in listed) or any(
        states_nothing(text) == "none" for text in words if text
    )
