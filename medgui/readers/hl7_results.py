"""HL7 v2 OBX segments as observations: value by its type, unit, time, status, specimen, normal range, notes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from medgui.frozen import frozen
from medgui.i18n import _
from medgui.readers.amounts import PRESSURE_PANELS, amount_in, in_two_units, pressures_in
from medgui.readers.answers import answer_value
from medgui.readers.hl7_orders import Order, Result
from medgui.readers.hl7_text import Part, Segment
from medgui.readers.hl7_values import (
    codings,
    concept_text,
    in_lines,
    iso_time,
    number,
    structured,
    time_of,
)
from medgui.readers.limits import LONGEST_TEXT, clean
from medgui.readers.measured import first_understood, if_so_named, primary, unit_conflict
from medgui.readers.ranges import written_range
from medgui.readers.systems import LOINC, UCUM, hl7_system
from medgui.readers.vocabulary import canonical, variable_of
from medgui.readers.wording import result_doubt
from medgui.record.model import Coding, Observation, Question, Unread
from medgui.record.units import compatible, normalise
from medgui.record.variables import VARIABLES

_STATUS = {
    "F": "final", "C": "corrected", "A": "amended", "B": "amended", "U": "final", "V": "final",
    "P": "preliminary", "R": "preliminary", "S": "preliminary", "I": "registered", "O": "registered",
    "X": "cancelled", "N": "cancelled", "D": "entered-in-error", "W": "entered-in-error",
}  # fmt: skip
"""Table 0085 in the words of FHIR; a deletion and "wrong" mean that the result should not be there."""
_ORDER_STATUS = {
    "F": "final", "C": "corrected", "P": "preliminary", "A": "preliminary", "R": "preliminary", "I": "registered",
    "S": "registered", "O": "registered", "X": "cancelled",
}  # fmt: skip
"""Table 0123, for an OBX segment without a status of its own."""
_PRESSURES = (
    Coding("8480-6", LOINC, "Systolic blood pressure"),
    Coding("8462-4", LOINC, "Diastolic blood pressure"),
)
_CODED, _TIMES = frozenset({"CE", "CWE", "CNE", "CF", "CNN"}), frozenset({"DT", "TM", "TS", "DTM"})
_PLAIN = frozenset({"ST", "TX", "FT", "NM", "SI", "IS", "ID", "TN", "GTS", ""})


@dataclass(slots=True)
class Reported:
    """What reading results adds besides observations."""

    file: str
    questions: list[Question] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)


@frozen
class _Reading:
    """One repetition of OBX-5."""

    value: float | str | None
    text: str
    comparator: str = ""
    codes: tuple[Coding, ...] = ()
    unit: str = ""
    pair: tuple[float, float] | None = None
    in_words: bool = False


def observe(order: Order, result: Result, reported: Reported) -> Iterator[Observation]:
    """Observations of one OBX segment: one a repetition, two for a pressure written "120/80"."""
    base = _frame(order, result, reported)
    if base is None:
        reason = _("It does not say what was measured (no code).")
        reported.unread.append(result.obx.not_read(reason, "observations"))
        return
    readings = list(_readings(result.obx))
    several = len(readings) > 1 and any(isinstance(each.value, float) for each in readings)
    for index, reading in enumerate(readings):
        own = replace(base, id=f"{base.id}~{index + 1}") if len(readings) > 1 else base
        if several and own.usable:
            doubt = _("The result holds several numbers; which one holds is not stated.")
            own = replace(own, usable=False, unusable_reason=doubt)
        if reading.pair and any(coding.code in PRESSURE_PANELS for coding in base.codings):
            yield from _pressures(own, result.obx, reading)
        else:
            yield _filled(own, result.obx, reading, reported)


def _frame(order: Order, result: Result, reported: Reported) -> Observation | None:
    """All that a result says besides its value; None where it does not say what was measured."""
    obx = result.obx
    listed = codings(obx.parts(3))
    name = concept_text(obx.part(3)) or (order.name if obx.parts(5) else "")
    if not listed and not name:
        return None
    code, system = primary(listed)
    status = _status(order, obx)
    reason = result_doubt(status)
    time, note = _time(order, obx, reported)
    specimen = order.specimen()
    said = (clean(" ".join(part.whole().split())) for each in result.notes for part in each.parts(3))
    return Observation(
        id=f"OBX@{obx.line}",
        code=code,
        system=system,
        name=name,
        value=None,
        unit="",
        value_as_written="",
        unit_as_written="",
        time=time,
        source=obx.source(reported.file, section="observations"),
        variable=variable_of(listed, " ".join((specimen, order.name, name, *(c.display for c in listed)))),
        codings=listed,
        status=status,
        usable=not reason,
        unusable_reason=reason,
        setting=order.setting,
        specimen=specimen,
        method=concept_text(obx.part(17)),
        category="",
        interpretation=obx.text(8),
        note=" ".join(filter(None, (note, *said))),
    )


def _status(order: Order, obx: Segment) -> str:
    own = obx.text(11).upper()
    if own:
        return _STATUS.get(own, "unknown")
    return _ORDER_STATUS.get(order.obr.text(25).upper() if order.obr else "", "unknown")


def _time(order: Order, obx: Segment, reported: Reported) -> tuple[str, str]:
    """When it was measured: OBX-14, the collection of the order or specimen; else the time of reporting, noted."""
    measured = time_of(obx, 14, reported.unread, "observations")
    if not measured and order.obr is not None:
        measured = iso_time(order.obr.text(7)) or ""
    if not measured:
        measured = next((found for each in order.specimens if (found := iso_time(each.text(17)))), "")
    if measured:
        return measured, ""
    told = (
        (iso_time(order.obr.text(22)) if order.obr else None) or iso_time(order.message.header.text(7)) or ""
    )
    return told, _("Time of reporting; the time of measurement is not stated.") if told else ""


# Values


def _readings(obx: Segment) -> Iterator[_Reading]:
    """Every repetition of OBX-5; lines of a text are one reading. One empty reading where there is no value."""
    kind = obx.text(2).upper()
    parts = obx.parts(5)
    if kind in ("TX", "FT", "ST", "") and len(parts) > 1:
        text = in_lines("\n".join(part.whole() for part in parts), LONGEST_TEXT)
        yield _Reading(text or None, text)
        return
    for part in parts or [Part("", obx.signs)]:
        yield _reading(kind, part)


def _reading(kind: str, part: Part) -> _Reading:
    if kind == "SN":
        found = structured(part)
        if found.number:
            return _Reading(found.number.value, found.text, found.number.comparator)
        return _Reading(found.text or None, found.text, pair=found.pair)
    if kind in _CODED:
        text = concept_text(part)
        return _Reading(text or None, text, codes=codings([part]))
    if kind in _TIMES:
        text = iso_time(part.text()) or part.text()
        return _Reading(text or None, text)
    if kind in _PLAIN:
        return _plain(in_lines(part.whole(), LONGEST_TEXT))
    text = part.words()
    return _Reading(text or None, text)


def _plain(text: str) -> _Reading:
    found = number(text)
    if found:
        return _Reading(found.value, text, found.comparator)
    stated = pressures_in(text)
    pair = (float(stated.systolic), float(stated.diastolic)) if stated else None
    return _Reading(text or None, text, pair=pair)


def _pressures(base: Observation, obx: Segment, reading: _Reading) -> Iterator[Observation]:
    """Systolic and diastolic pressure of a panel that was written as one."""
    units = _units(obx) or ["mmHg"]
    for index, (coding, value) in enumerate(zip(_PRESSURES, reading.pair or (), strict=True)):
        variable = variable_of([coding])
        brought = first_understood(value, units, variable)
        yield replace(
            base,
            id=f"{base.id}#{index + 1}",
            code=coding.code,
            system=coding.system,
            name=f"{coding.display} ({base.name})",
            codings=(coding,),
            variable=variable,
            value=brought.value,
            unit=brought.unit,
            value_as_written=f"{value:g}",
            unit_as_written=units[0],
            source=replace(base.source, text=reading.text),
        )


def _filled(base: Observation, obx: Segment, reading: _Reading, reported: Reported) -> Observation:
    """Put the value and its canonical form into the frame."""
    variable = base.variable
    reading = _with_unit_in_value(reading, variable) if not obx.raw(6) else reading
    units = [reading.unit] if reading.unit else _units(obx)
    shown = "" if reading.in_words else next(iter(units), "")
    found = replace(
        base,
        value=reading.value,
        unit=shown,
        value_as_written=reading.text,
        unit_as_written=shown,
        comparator=reading.comparator,
        source=replace(base.source, text=f"{reading.text} {shown}".strip()),
    )
    kind = VARIABLES[variable].kind if variable else "quantity"
    if isinstance(reading.value, float) and kind == "quantity":
        return _measured(found, obx, reading.value, units, reported)
    if isinstance(reading.value, float):
        found = replace(found, value=f"{reading.value:g}")
    return answer_value(found, reading.codes)


def _measured(
    found: Observation, obx: Segment, value: float, units: list[str], reported: Reported
) -> Observation:
    if len(units) > 1:
        conflict = unit_conflict(found, value, found.value_as_written, units[1], units[0])
        if conflict:
            reported.questions.append(conflict)
            return found
    brought = first_understood(value, units, found.variable)
    limits = _reference_range(obx, found.variable, units, brought.unit)
    found = replace(found, value=brought.value, unit=brought.unit, reference_range=limits)
    return if_so_named(found) if brought.understood else found


def _with_unit_in_value(reading: _Reading, variable: str) -> _Reading:
    """A number with its unit in one text ("5.6 mmol/L") where the unit fits what was measured."""
    known = VARIABLES.get(variable)
    if known is None or known.kind != "quantity" or not isinstance(reading.value, str):
        return reading
    both = in_two_units(reading.text, variable)
    if both is not None:
        return _Reading(both.value, reading.text, unit=both.unit, in_words=True)
    found = amount_in(reading.text, variable)
    code = normalise(found.unit, variable) if found else None
    if found is None or code is None or not compatible(code, known.unit, variable):
        return reading
    shown = reading.text[: len(reading.text) - len(found.unit)].strip()
    return _Reading(found.value, shown, found.comparator, unit=found.unit)


def _units(obx: Segment) -> list[str]:
    """What OBX-6 says of the unit, a UCUM code first. "10^9/L" whose sign was not escaped is put together again."""
    part = obx.part(6)
    first, second = part.text(1), part.text(2)
    if first.lower() in ("10", "x10", "*10", "10*", "10e") and second[:1].isdigit():
        return [f"10*{second}"]
    texts = [(first, part.text(3)), (second, ""), (part.text(4), part.text(6)), (part.text(5), "")]
    ordered = sorted(texts, key=lambda item: hl7_system(item[1]) != UCUM)
    return list(dict.fromkeys(text for text, _system in ordered if text))


_Limits = tuple[float | None, float | None]


def _reference_range(obx: Segment, variable: str, units: list[str], unit: str) -> _Limits | None:
    """The file's own normal range in the unit of the value; None where it is not one range in that unit."""
    parts = obx.parts(7)
    found = written_range(parts[0].whole()) if len(parts) == 1 else None
    if found is None and parts:
        found = written_range(obx.raw(7))
    if found is None:
        return None
    own = [found.unit] if found.unit else units
    ends: list[float | None] = []
    for end in (found.low, found.high):
        if end is None:
            ends.append(None)
            continue
        brought = first_understood(end, own, variable) if own else canonical(end, "", variable)
        if brought.unit != unit:
            return None
        ends.append(brought.value)
    return ends[0], ends[1]
