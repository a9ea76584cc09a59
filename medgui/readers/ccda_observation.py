"""C-CDA observations: vital signs, results and social history, alone or in organizers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from medgui.frozen import frozen
from medgui.i18n import _
from medgui.readers.amounts import PRESSURE_PANELS, pressures_in
from medgui.readers.answers import answer_value
from medgui.readers.ccda_file import (
    CcdaFile,
    Section,
    Taken,
    author_time,
    doubt_of,
    is_detail,
    status_of,
)
from medgui.readers.ccda_kinds import RESULTS, SOCIAL, VITALS
from medgui.readers.ccda_reading import Reading, range_of, reading_of
from medgui.readers.ccda_social import social_answer
from medgui.readers.ccda_values import Broken, codings, is_loinc, is_name, null_words, start_of
from medgui.readers.limits import shortened
from medgui.readers.measured import first_understood, if_so_named, primary, vital_named
from medgui.readers.systems import LOINC, SNOMED
from medgui.readers.vocabulary import variable_of
from medgui.readers.wording import result_doubt
from medgui.readers.xml_place import EMPTY, Node
from medgui.record.model import Coding, Observation, Source
from medgui.record.variables import VARIABLES

_STATUS = {
    "completed": "final", "active": "preliminary", "new": "registered", "held": "registered",
    "suspended": "registered", "aborted": "cancelled", "cancelled": "cancelled", "nullified": "entered-in-error",
}  # fmt: skip
_CATEGORY = {VITALS: "vital-signs", RESULTS: "laboratory", SOCIAL: "social-history"}
_VITALS_ONLY = {"20564-1": "oxygen_saturation"}
"""Oxygen saturation of blood that is not said to be arterial: among vital signs it is that of the pulse oximeter."""
_LONGEST_NAME = 60
"""Signs of a text that may serve as a name; a longer one is a report."""
_NUMBERS = frozenset({"PQ", "INT", "REAL", "IVL_PQ"})
_VITALS = "8716-3"
"""LOINC for vital signs as a section, which systems also write for each of them."""


@frozen
class _Around:
    """What an organizer says for its members."""

    status: str = ""
    time: str = ""
    doubt: str = ""
    specimen: str = ""
    panel: str = ""


def read_observations(file: CcdaFile, section: Section, node: Node, kind: str) -> Taken:
    """Observations of one entry. `Broken` where it does not say what was measured.

    An entry of placeholders without code and value states that there is no information.
    """
    found, unread = [], []
    for part, around in _members(node, _Around()):
        if _is_placeholder(part, section):
            continue
        try:
            found += _read(file, section, part, around, kind)
        except Broken as problem:
            if part is node:
                raise
            unread.append(file.not_read(section, part, str(problem)))
    states = "" if found or unread else "unknown"
    return Taken(observations=tuple(found), unread=tuple(unread), states=states)


def _members(node: Node, around: _Around) -> Iterator[tuple[Node, _Around]]:
    """The observations of an entry with what stands around them; nested organizers are opened."""
    if node.tag == "observation":
        yield node, around
        members = [part for link in node.children("entryRelationship") if link.at("typeCode") in ("COMP", "SUBJ")
                   for part in link.children("observation", "organizer") if _is_value(part, link)]  # fmt: skip
    else:
        around = _Around(
            status_of(node) or around.status,
            start_of(node.child("effectiveTime")) or around.time,
            around.doubt or doubt_of(node),
            _specimen(node) or around.specimen,
            f"{around.panel} {node.child('code').at('displayName')}".strip(),
        )
        members = list(node.each("component", "observation")) + list(node.each("component", "organizer"))
    for member in members:
        yield from _members(member, around)


def _is_value(node: Node, link: Node) -> bool:
    """Whether a statement below an observation is a part of it, or a further number beside it."""
    if link.at("typeCode") == "COMP":
        return True
    kind = node.child("value").at("xsi:type").rpartition(":")[2]
    return kind in _NUMBERS and bool(codings(node.child("code"))) and not is_detail(node)


def _is_placeholder(node: Node, section: Section) -> bool:
    """Neither a code nor a value: what systems write where they have nothing to say."""
    return not section.texts.name(node.child("code")) and not any(
        reading_of(value, section.texts, "").text for value in node.children("value")
    )


def _specimen(node: Node) -> str:
    code = node.child("specimen", "specimenRole", "specimenPlayingEntity", "code")
    return code.at("displayName") or code.child("originalText").words() or code.at("code")


def _read(file: CcdaFile, section: Section, node: Node, around: _Around, kind: str) -> list[Observation]:
    base = _frame(file, section, node, around, kind)
    values = list(node.children("value")) or [EMPTY]
    found = []
    for index, value in enumerate(values):
        reading = reading_of(value, section.texts, base.variable)
        own = base if len(values) == 1 else replace(base, id=f"{base.id}#{index + 1}")
        pressures = _pressures(own, reading)
        for named, part in pressures or [(own, reading)]:
            found.append(_filled(file, section, node, named, part))
    if kind == SOCIAL:
        for link in node.children("entryRelationship"):
            for nested in link.children("observation"):
                read_before = link.at("typeCode") in ("COMP", "SUBJ") and _is_value(nested, link)
                if not read_before and nested.child("value") and codings(nested.child("code")):
                    found += _read(file, section, nested, around, kind)
    return found


def _frame(file: CcdaFile, section: Section, node: Node, around: _Around, kind: str) -> Observation:
    """All that an observation says besides its value and where that stands."""
    code = node.child("code")
    listed = codings(code)
    name = _name(section, node)
    if not name:
        raise Broken(_("It does not say what was measured (no code)."))
    stated = status_of(node) or around.status
    status = "final" if kind == SOCIAL and stated == "active" else _STATUS.get(stated, stated)
    reason = (result_doubt(status) if status else "") or around.doubt or doubt_of(node)
    time, note = _time(node, around)
    specimen = _specimen(node) or around.specimen
    variable = variable_of(listed, " ".join((specimen, around.panel, name, *(c.display for c in listed))))
    if kind == VITALS and not variable:
        variable, why = _vital(listed, name)
        note = " ".join(filter(None, (note, why)))
    shown, system = primary(listed)
    return Observation(
        id=file.identity(node),
        code=shown,
        system=system,
        name=name,
        value=None,
        unit="",
        value_as_written="",
        unit_as_written="",
        time=time,
        source=Source(file.name, ""),
        variable=variable,
        codings=listed,
        status=status,
        usable=not reason,
        unusable_reason=reason,
        setting=file.setting(time),
        specimen=specimen,
        method=section.texts.name(node.child("methodCode")),
        category=_CATEGORY.get(kind, ""),
        interpretation=_interpretation(node),
        note=note,
    )


def _vital(listed: tuple[Coding, ...], name: str) -> tuple[str, str]:
    """The standard input of a vital sign without a code for one, and a note where its name decided.

    Where no code of LOINC or SNOMED CT says what it is, a name that is exactly that of a vital sign does.
    """
    if any(is_loinc(coding.code) or coding.system == SNOMED for coding in listed if coding.code != _VITALS):
        return next((_VITALS_ONLY[coding.code] for coding in listed if coding.code in _VITALS_ONLY), ""), ""
    named = vital_named(name)
    return named, _("Known by its name; it has no standard code.") if named else ""


def _name(section: Section, node: Node) -> str:
    """What was measured; where the code has no name, the words that the entry refers to, unless they are its value."""
    code = node.child("code")
    name = section.texts.name(code)
    if name and name != code.at("code"):
        return name
    said = section.texts.of(node.child("text"))
    values = {
        value.words() or value.at("displayName") or value.at("value") for value in node.children("value")
    }
    return said if is_name(said) and len(said) <= _LONGEST_NAME and said not in values else name or said


def _time(node: Node, around: _Around) -> tuple[str, str]:
    """Time of measurement; the time of recording with a note where only that is stated."""
    effective = node.child("effectiveTime")
    own = start_of(effective) or start_of(effective.child("high"))
    measured = own or around.time
    places = (effective, *(effective.child(end) for end in ("low", "center", "high")))
    written = "" if own else next((place.at("value") for place in places if place.at("value")), "")
    note = _("Its time “{text}” is not understood.").format(text=shortened(written, 40)) if written else ""
    recorded = "" if measured else author_time(node)
    if not recorded:
        return measured, note
    said = _("Time of reporting; the time of measurement is not stated.")
    return recorded, " ".join(filter(None, (note, said)))


def _interpretation(node: Node) -> str:
    code = node.child("interpretationCode")
    shown = code.at("code") or code.at("displayName") or code.child("originalText").words()
    return "" if shown.upper() in ("NI", "UNK", "NA") else shown


def _pressures(base: Observation, reading: Reading) -> list[tuple[Observation, Reading]]:
    """Systolic and diastolic pressure of a text "120/80", where it is coded as a blood pressure."""
    if not any(coding.code in PRESSURE_PANELS for coding in base.codings) or not isinstance(
        reading.value, str
    ):
        return []
    found = pressures_in(reading.text)
    if not found:
        return []
    unit = found.unit or reading.unit
    parts = []
    for number, (code, figure) in enumerate(
        (("8480-6", found.systolic), ("8462-4", found.diastolic)), start=1
    ):
        coding = Coding(code, LOINC)
        own = replace(
            base,
            id=f"{base.id}#{number}",
            code=code,
            system=LOINC,
            codings=(coding, *base.codings),
            variable=variable_of((coding,)),
        )
        parts.append((own, Reading(float(figure), figure, unit)))
    return parts


def _filled(file: CcdaFile, section: Section, node: Node, base: Observation, reading: Reading) -> Observation:
    """Put the value and its canonical form into the frame."""
    written = (
        f"{reading.comparator}{reading.text}" if reading.comparator not in reading.text else reading.text
    )
    place, shown = next(node.children("value"), node), "" if reading.in_words else reading.unit
    found = replace(
        base,
        value=reading.value,
        unit=reading.unit,
        value_as_written=written,
        unit_as_written=shown,
        comparator=reading.comparator,
        source=file.source(section, node, f"{written} {shown}".strip(), place),
    )
    if reading.absent or reading.value is None:
        return _absent(found, section, node, reading)
    codes = reading.codes
    if found.variable in ("", "current_smoker", "pregnant"):
        found, codes = social_answer(file, node, found, reading)
    kind = VARIABLES[found.variable].kind if found.variable else "quantity"
    if isinstance(reading.value, float) and kind == "quantity":
        brought = first_understood(reading.value, (reading.unit,), found.variable)
        limits = range_of(node, section.texts, found.variable, reading.unit)
        found = replace(found, value=brought.value, unit=brought.unit, reference_range=limits)
        return if_so_named(found) if brought.understood else found
    if isinstance(reading.value, float):
        found = replace(found, value=f"{reading.value:g}")
    return answer_value(found, codes)


def _absent(found: Observation, section: Section, node: Node, reading: Reading) -> Observation:
    reason = reading.absent or null_words(node.child("value"))
    notes = [_("Not measured: {reason}.").format(reason=reason)] if reason else []
    words = section.texts.of(node.child("text"))
    return replace(found, value=None, note=" ".join(filter(None, (*notes, words, found.note))))
