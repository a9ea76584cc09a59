"""FHIR Observations: values with unit, time, specimen, method and setting; panels split into components."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from medgui.i18n import _
from medgui.readers.amounts import PRESSURE_PANELS, amount_in, pressures_in
from medgui.readers.answers import answer_value
from medgui.readers.fhir_bundle import Entry, FhirFile
from medgui.readers.fhir_ranges import ForWhom
from medgui.readers.fhir_subject import Subject, modifiers
from medgui.readers.fhir_values import (
    Amount,
    Broken,
    JsonObject,
    amount,
    child,
    children,
    codings,
    concept_text,
    date_text,
    first_code,
    in_words,
    number,
    start_of,
    string,
)
from medgui.readers.json_place import written
from medgui.readers.measured import first_understood, plain_number, primary, unit_conflict
from medgui.readers.ranges import written_range
from medgui.readers.systems import LOINC
from medgui.readers.vocabulary import canonical, variable_of
from medgui.readers.wording import result_doubt
from medgui.record.model import Coding, Observation, Question
from medgui.record.variables import VARIABLES

_SETTINGS = {
    "IMP": "inpatient", "ACUTE": "inpatient", "NONAC": "inpatient", "SS": "inpatient", "OBSENC": "inpatient",
    "EMER": "emergency", "AMB": "outpatient", "VR": "outpatient", "HH": "home", "FLD": "emergency",
}  # fmt: skip


_SETTING_WORDS = (
    (
        "inpatient",
        re.compile(r"inpatient|hospital encounter|station(ä|ae)r|hospitali[sz]ed|住院", re.IGNORECASE),
    ),
    ("emergency", re.compile(r"emergency|notfall|notaufnahme|急诊", re.IGNORECASE)),
    ("outpatient", re.compile(r"outpatient|ambula(nt|tory)|office visit|门诊", re.IGNORECASE)),
)
_OWN_MEASUREMENT = re.compile(r"(?:^|/)(?:Patient|RelatedPerson)(?:/|$)")
_ASKED = ("social-history", "survey", "laboratory")
"""Categories in which the patient as performer has answered or gave a sample, and did not measure at home."""


class _Reading(NamedTuple):
    """A value as it stands: number, category or text, with what goes with it."""

    value: float | str | bool | None
    text: str
    unit: str = ""
    unit_for_machine: str = ""
    comparator: str = ""
    codes: tuple[Coding, ...] = ()
    key: str = ""
    absent: str = ""
    amount: Amount | None = None


def read_observation(
    file: FhirFile, entry: Entry, subject: Subject
) -> Iterator[tuple[Observation, Question | None]]:
    """Observations of one resource, with a question where unit text and unit code contradict each other.

    `Broken` where the resource is not as FHIR says.
    """
    resource = entry.resource
    file.check(resource)
    frame = _frame(file, entry, subject)
    parts = list(children(resource, "component"))
    reading = _reading(resource)
    age = subject.age_at(frame["time"])
    whom = ForWhom(subject.sex, age)
    what = {} if parts and not reading.key else _named(resource)
    pressures = [] if parts else list(_pressures(what, reading))
    for part_number, (named, each) in enumerate(pressures, start=1):
        own = {**frame, **named, "id": f"{frame['id']}#{part_number}"}
        yield _filled(file, entry, own, resource, each, (), whom)
    if not pressures and (reading.key or not (parts or resource.get("hasMember"))):
        yield _filled(file, entry, {**frame, **what}, resource, reading, (), whom)
    for index, part in enumerate(parts):
        named = {**frame, **_named(part), "id": f"{frame['id']}#{index + 1}"}
        changed = modifiers(part) if frame["usable"] else ""
        if changed:
            named |= {"usable": False, "unusable_reason": changed}
        yield _filled(file, entry, named, part, _reading(part), ("component", index), whom)


def _pressures(named: dict[str, Any], reading: _Reading) -> Iterator[tuple[dict[str, Any], _Reading]]:
    """Systolic and diastolic pressure of a text "120/80" that is *named* as a blood pressure."""
    found = pressures_in(reading.text) if isinstance(reading.value, str) else None
    if found is None or not any(coding.code in PRESSURE_PANELS for coding in named["codings"]):
        return
    for code, figure in (("8480-6", found.systolic), ("8462-4", found.diastolic)):
        own = {**named, "code": code, "system": LOINC, "codings": (Coding(code, LOINC), *named["codings"])}
        yield own, _Reading(float(figure), figure, found.unit, found.unit, key=reading.key)


def _named(holder: JsonObject) -> dict[str, Any]:
    """What was measured: name and codes of an Observation or component."""
    concept = child(holder, "code")
    listed = codings(concept)
    name = concept_text(concept)
    if not name and not listed:
        raise Broken(_("It does not say what was measured (no code)."))
    code, system = primary(listed)
    return {"codings": listed, "name": name, "code": code, "system": system}


def _frame(file: FhirFile, entry: Entry, subject: Subject) -> dict[str, Any]:
    """Fields of an Observation that its components share: all but the code and the value."""
    resource = entry.resource
    status = string(resource, "status")
    reason = result_doubt(status) or subject.doubt(resource) or modifiers(resource)
    time, note = _time(resource)
    notes = [note, *(string(item, "text") for item in children(resource, "note"))]
    return {
        "id": f"{entry.id or 'observation'}@{entry.index}",
        "time": time,
        "status": status,
        "usable": not reason,
        "unusable_reason": reason,
        "setting": _setting(file, resource),
        "specimen": _specimen(file, resource),
        "method": concept_text(child(resource, "method")),
        "category": first_code(resource, "category"),
        "note": " ".join(filter(None, notes)),
    }


def _time(resource: JsonObject) -> tuple[str, str]:
    """Time of measurement; the time of reporting with a note where only that is stated."""
    measured = start_of(resource, "effective")
    if measured or resource.get("issued") is None:
        return measured, ""
    return date_text(resource["issued"]), _("Time of reporting; the time of measurement is not stated.")


def _setting(file: FhirFile, resource: JsonObject) -> str:
    """Where it was measured: by the encounter, else at home where only the patient or relatives measured."""
    encounter = file.resolve(resource, child(resource, "encounter"))
    for kind in children(encounter, "class"):
        found = _setting_of(string(kind, "code"), string(kind, "display"))
        found = found or next(filter(None, (_setting_of(c.code, c.display) for c in codings(kind))), "")
        if found:
            return found
        if string(kind, "text"):
            return _setting_in_words(string(kind, "text"))
    by = [string(item, "reference") or string(item, "type") for item in children(resource, "performer")]
    own = by and all(_OWN_MEASUREMENT.search(text) for text in by)
    return "home" if own and not encounter and first_code(resource, "category") not in _ASKED else ""


@lru_cache(maxsize=256)
def _setting_of(code: str, display: str) -> str:
    return _SETTINGS.get(code.upper()) or _setting_in_words(f"{code} {display}")


def _setting_in_words(words: str) -> str:
    """Hospitals write classes of their own ("Inpatient", 住院, "stationär")."""
    return next((setting for setting, pattern in _SETTING_WORDS if pattern.search(words)), "")


def _specimen(file: FhirFile, resource: JsonObject) -> str:
    reference = child(resource, "specimen")
    if not reference:
        return ""
    target = file.resolve(resource, reference)
    return concept_text(child(target, "type")) or string(reference, "display")


def _reading(holder: JsonObject) -> _Reading:
    """The value[x] of an Observation or component. `Broken` where it states two."""
    stated = [key for key in holder if key.startswith("value") and holder[key] is not None]
    if len(stated) > 1:
        raise Broken(_("It states several values ({names}).").format(names=", ".join(stated)))
    for key in ("valueQuantity", "valueCodeableConcept", "valueString", "valueBoolean", "valueInteger"):
        if holder.get(key) is not None:
            return _READ[key](holder, key)
    for key, value in holder.items():
        if key.startswith("value") and value is not None:
            words = in_words(value)
            if not words:
                raise Broken(_("Its value is of a kind that medgui does not read ({name}).").format(name=key))
            return _Reading(words, words, key=key)
    absent = concept_text(child(holder, "dataAbsentReason"))
    return _Reading(None, "", absent=absent)


def _quantity(holder: JsonObject, key: str) -> _Reading:
    value = holder[key]
    if not isinstance(value, dict):
        raise Broken(_("Its value is not a quantity."))
    read = amount(value)
    machine = read.code if read.code and read.is_ucum else read.unit or read.code
    return _Reading(
        read.value, read.text, read.unit_as_written, machine, read.comparator, key=key, amount=read
    )


def _concept(holder: JsonObject, key: str) -> _Reading:
    value = child(holder, key)
    text = concept_text(value)
    return _Reading(text or None, text, codes=codings(value), key=key)


def _string(holder: JsonObject, key: str) -> _Reading:
    text = string(holder, key)
    found = plain_number(text)
    if found:
        return _Reading(found.value, text, comparator=found.comparator, key=key)
    return _Reading(text or None, text, key=key)


def _boolean(holder: JsonObject, key: str) -> _Reading:
    value = holder[key]
    if not isinstance(value, bool):
        raise Broken(_("Its value is neither true nor false."))
    return _Reading(value, written(value), key=key)


def _integer(holder: JsonObject, key: str) -> _Reading:
    return _Reading(number(holder[key]), written(holder[key]), key=key)


_READ = {
    "valueQuantity": _quantity,
    "valueCodeableConcept": _concept,
    "valueString": _string,
    "valueBoolean": _boolean,
    "valueInteger": _integer,
}


def _filled(
    file: FhirFile,
    entry: Entry,
    frame: dict[str, Any],
    holder: JsonObject,
    reading: _Reading,
    place: tuple[str | int, ...],
    whom: ForWhom,
) -> tuple[Observation, Question | None]:
    """Put the value, its canonical form and its place into the frame."""
    variable = variable_of(frame["codings"], frame["specimen"])
    known = VARIABLES.get(variable)
    if known is not None and known.kind == "quantity":
        reading = _with_unit_in_text(reading, variable)
    value = reading.value
    is_measured = isinstance(value, float) and (known is None or known.kind == "quantity")
    if isinstance(value, float) and not is_measured:
        value = f"{value:g}"
    fields = {
        **frame,
        "variable": variable,
        "value": value,
        "unit": reading.unit,
        "value_as_written": f"{reading.comparator}{reading.text}" if reading.amount else reading.text,
        "unit_as_written": reading.unit,
        "comparator": reading.comparator,
        "interpretation": _interpretation(holder),
        "source": file.source(
            entry, *place, *((reading.key,) if reading.key else ()), text=_as_text(reading)
        ),
    }
    if reading.absent:
        note = _("Not measured: {reason}.").format(reason=reading.absent)
        fields["note"] = " ".join(filter(None, (note, frame["note"])))
    elif frame["usable"] and holder.get("dataAbsentReason"):
        why = concept_text(child(holder, "dataAbsentReason"))
        doubt = _("The file states a value and that there is none ({reason}).").format(reason=why)
        fields |= {"usable": False, "unusable_reason": doubt}
    if is_measured:
        return _measured(fields, holder, reading, whom)
    return answer_value(Observation(**fields), reading.codes), None


def _with_unit_in_text(reading: _Reading, variable: str) -> _Reading:
    """A number with its unit in one text ("5.4 mmol/L", "5,4") where the unit is one of what was measured."""
    is_text = isinstance(reading.value, str) and reading.key in ("valueString", "valueRatio")
    found = amount_in(reading.text, variable) if is_text else None
    if found is None or (found.unit and not canonical(found.value, found.unit, variable).understood):
        return reading
    shown = reading.text[: len(reading.text) - len(found.unit)].strip()
    return _Reading(found.value, shown, found.unit, found.unit, found.comparator, key=reading.key)


def _as_text(reading: _Reading) -> str:
    shown = f"{reading.comparator}{reading.text}" if reading.amount else reading.text
    return f"{shown} {reading.unit}".strip()


def _interpretation(holder: JsonObject) -> str:
    for concept in children(holder, "interpretation"):
        listed = codings(concept)
        return listed[0].code if listed else concept_text(concept)
    return ""


def _measured(
    fields: dict[str, Any], holder: JsonObject, reading: _Reading, whom: ForWhom
) -> tuple[Observation, Question | None]:
    """An Observation of a number: canonical where its unit is understood, as written where two units contradict."""
    value, variable, read = fields["value"], fields["variable"], reading.amount
    if read is not None and read.may_be_ucum and read.unit != read.code:
        as_written = Observation(**fields)
        conflict = unit_conflict(as_written, value, reading.text, read.unit, read.code)
        if conflict:
            return as_written, conflict
    brought = first_understood(value, (reading.unit_for_machine, reading.unit), variable)
    fields |= {"value": brought.value, "unit": brought.unit}
    if "referenceRange" in holder:
        fields["reference_range"] = _reference_range(holder, variable, reading, whom)
    return Observation(**fields), None


def _reference_range(
    holder: JsonObject, variable: str, reading: _Reading, whom: ForWhom
) -> tuple[float | None, float | None] | None:
    """The file's own normal range in the value's unit; none where it is upside down or for other people."""
    listed = [item for item in children(holder, "referenceRange") if _is_normal(item)]
    for is_own in (whom.is_meant, whom.may_be_meant):
        for item in listed:
            ends = _ends(item, variable, reading) if is_own(item) else None
            if ends:
                return ends
    return None


def _is_normal(item: JsonObject) -> bool:
    meaning = {coding.code for coding in codings(child(item, "type"))}
    words = string(child(item, "type"), "text").lower()
    return bool(meaning & {"normal", "recommended"}) or (not meaning and words in ("", "normal", "reference"))


def _ends(item: JsonObject, variable: str, reading: _Reading) -> tuple[float | None, float | None] | None:
    stated = {key: child(item, key) for key in ("low", "high")}
    found = written_range(string(item, "text")) if not any(stated.values()) else None
    if found:
        ends = {"low": found.low, "high": found.high}
        stated = {key: {"value": end, "unit": found.unit} for key, end in ends.items()}
    low, high = (_limit(stated[key], variable, reading) for key in ("low", "high"))
    if (low is None and high is None) or (low is not None and high is not None and low > high):
        return None
    return low, high


def _limit(quantity: JsonObject, variable: str, reading: _Reading) -> float | None:
    try:
        read = amount(quantity)
    except Broken:
        return None
    if read.value is None:
        return None
    unit = (read.code if read.is_ucum else "") or read.unit or reading.unit_for_machine
    limit, own = canonical(read.value, unit, variable), canonical(1.0, reading.unit_for_machine, variable)
    return limit.value if limit.unit == own.unit else None
