"""Observations as FHIR. A value with an open question leaves without a number, and never as final."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from medgui.export.elements import (
    HL7,
    Ids,
    Json,
    clean,
    coded,
    concept,
    day_or_time,
    extension,
    filled,
    named,
    place,
    quantity,
    reference,
)
from medgui.frozen import frozen
from medgui.i18n import _, localised
from medgui.readers.systems import (
    LOINC,
    OWN_ANSWER,
    OWN_AS_WRITTEN,
    OWN_QUESTION,
    OWN_VARIABLE,
    SNOMED,
)
from medgui.record.answers import canonical_answer
from medgui.record.model import Answer, Coding, Observation, Question, Record
from medgui.record.variables import VARIABLES, by_code

_PANEL = Coding("85354-9", LOINC, "Blood pressure panel with all children optional")
_PRESSURES = ("systolic_bp", "diastolic_bp")
_USABLE = frozenset({"final", "amended", "corrected"})
_STATUSES = _USABLE | {"registered", "preliminary", "cancelled", "entered-in-error", "unknown"}
"""FHIR R4 observation-status."""
_CATEGORIES = frozenset({
    "social-history", "vital-signs", "imaging", "laboratory", "procedure", "survey", "exam", "therapy", "activity",
})  # fmt: skip
_INTERPRETATIONS = frozenset({
    "A", "AA", "HH", "LL", "H", "L", "N", "HU", "LU", "POS", "NEG", "IND", "DET", "ND", "E", "B", "W", "U", "D", "S",
    "R", "I", "<", ">",
})  # fmt: skip
_ENCOUNTERS = {"outpatient": "AMB", "inpatient": "IMP", "emergency": "EMER", "home": "HH"}
_VITAL = {
    "systolic_bp": "8480-6", "diastolic_bp": "8462-4", "heart_rate": "8867-4", "weight": "29463-7",
    "height": "8302-2", "bmi": "39156-5", "temperature": "8310-5", "respiratory_rate": "9279-1",
}  # fmt: skip
"""Codes that FHIR's vital signs profile asks for whatever the method (hl7.org/fhir/R4/observation-vitalsigns.html)."""
_ANSWERS = {
    "non_smoker": "8392000", "ex_smoker": "8517006", "light_smoker": "160603005", "moderate_smoker": "160604004",
    "heavy_smoker": "160605003", "current_smoker": "77176002", "female": "248152002", "male": "248153007",
}  # fmt: skip
"""SNOMED CT for categories of standard inputs."""


@frozen
class Doubts:
    """What is asked about observations: by observation, the open question, or the answer that replaced the value."""

    asked: dict[str, Question]
    answered: dict[str, Answer]


def doubts_of(record: Record) -> Doubts:
    """The questions of a record by the observation they are about."""
    questions = {question.id: question for question in record.questions}
    answered = {
        questions[answer.question].observation: answer
        for answer in record.answers
        if answer.question in questions and questions[answer.question].observation
    }
    return Doubts({q.observation: q for q in record.open_questions if q.observation}, answered)


def observations(record: Record, patient: str, ids: Ids) -> Iterator[Json]:
    """All observations of the record, pressures of one reading as one panel, then what was entered."""
    doubts = doubts_of(record)
    together = _pressures(record.observations, doubts)
    for found in record.observations:
        pair = together.get(found.id)
        if pair is None:
            yield _single(found, doubts, patient, ids)
        elif found is pair[0]:
            yield _panel(pair, patient, ids)
    for number, answer in enumerate(record.answers):
        made = _entered(record, answer, number, patient, ids)
        if made:
            yield made


def withheld(found: Observation, doubts: Doubts) -> bool:
    """Whether the value of an observation is not stated: a question is open, or an answer took its place."""
    return found.id in doubts.asked or found.id in doubts.answered


def status_of(found: Observation, doubts: Doubts) -> str:
    """The FHIR status: "unknown" where a final one would say more than the record does."""
    status = found.status if found.status in _STATUSES else "final" if found.usable else "unknown"
    if withheld(found, doubts) or (not found.usable and status in _USABLE):
        return "unknown"
    return status


def _single(found: Observation, doubts: Doubts, patient: str, ids: Ids) -> Json:
    made = _frame(found, found.id, _notes(found, doubts), patient, ids)
    made["status"] = status_of(found, doubts)
    made["code"] = named(codings_of(found), found.name or found.variable)
    return filled(made | _value(found, doubts, with_time=True))


def _frame(found: Observation, name: str, notes: Sequence[str], patient: str, ids: Ids) -> Json:
    """What an Observation says besides code and value."""
    encounter = _ENCOUNTERS.get(found.setting, "")
    return {
        "resourceType": "Observation",
        "id": ids.of("observation", name),
        "contained": [_encounter(encounter)] if encounter else [],
        "category": [coded("observation-category", found.category)] if found.category in _CATEGORIES else [],
        "subject": reference(patient),
        "encounter": {"reference": "#encounter"} if encounter else {},
        "effectiveDateTime": day_or_time(found.time),
        "method": concept((), found.method),
        "specimen": filled({"display": clean(found.specimen)}),
        "note": [{"text": clean(text)} for text in notes if clean(text)],
    }


def _encounter(code: str) -> Json:
    return {
        "resourceType": "Encounter",
        "id": "encounter",
        "status": "unknown",
        "class": {"system": HL7 + "v3-ActCode", "code": code},
    }


def _notes(found: Observation, doubts: Doubts) -> list[str]:
    notes = [found.note, "" if found.usable else found.unusable_reason]
    question = doubts.asked.get(found.id)
    if question is not None:
        notes.append(_("Open question: {question}").format(question=question.message))
    answer = doubts.answered.get(found.id)
    if answer is not None and (answer.left_out or answer.value is None):
        notes.append(_("Left out by the clinician."))
    elif answer is not None:
        notes.append(_("Replaced by a value that the clinician entered."))
    if found.usable and found.unit not in ("", "1") and not found.unit_as_written and _is_number(found.value):
        notes.append(_("The file gives no unit; only this one makes the value possible."))
    return notes


def codings_of(found: Observation) -> tuple[Coding, ...]:
    """Codes of the file; where none of them says which standard input it is, one that does."""
    listed = found.codings or ((Coding(found.code, found.system, found.name),) if found.code else ())
    if not found.variable or any(_names(known, found.variable) for known in listed):
        return listed
    return (*listed, variable_coding(found.variable))


def _names(known: Coding, variable: str) -> bool:
    if known.system == OWN_VARIABLE:
        return known.code == variable
    found = by_code(known.code, known.system)
    return found is not None and found.name == variable


def variable_coding(name: str) -> Coding:
    """The code of a standard input: that of FHIR's vital signs, else its own name."""
    title = VARIABLES[name].title["en"] if name in VARIABLES else name
    known = by_code(_VITAL.get(name, ""))
    if known is not None and known.name == name:
        return Coding(_VITAL[name], LOINC, title)
    return Coding(name, OWN_VARIABLE, title)


def _value(found: Observation, doubts: Doubts, *, with_time: bool) -> Json:
    """Value, range, interpretation and provenance: of an Observation or one part of a panel."""
    question = doubts.asked.get(found.id)
    made: Json = {"extension": _extensions(found, question, with_time=with_time)}
    if question is not None:
        return made | {"dataAbsentReason": _absent("temp-unknown", _("A question about the value is open."))}
    if found.id in doubts.answered:
        return made | {"dataAbsentReason": _absent("unknown", _("The value was judged by the clinician."))}
    made |= value_of(found)
    if _is_number(found.value):
        made["referenceRange"] = _range(found)
    if found.interpretation in _INTERPRETATIONS:
        made["interpretation"] = [coded("v3-ObservationInterpretation", found.interpretation)]
    elif found.interpretation:
        made["interpretation"] = [concept((), found.interpretation)]
    return made


def _absent(code: str, text: str) -> Json:
    return {**coded("data-absent-reason", code), "text": text}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def value_of(found: Observation) -> Json:
    """`value[x]`, or why there is none."""
    value = found.value
    if isinstance(value, bool):
        return {"valueBoolean": value}
    if isinstance(value, int | float):
        if not math.isfinite(value):
            return {"dataAbsentReason": coded("data-absent-reason", "error")}
        return {"valueQuantity": quantity(value, found.unit, found.comparator)}
    if isinstance(value, str) and clean(value):
        return _words(found, value)
    reason = "as-text" if found.value_as_written else "unknown"
    return {"dataAbsentReason": coded("data-absent-reason", reason)}


def _words(found: Observation, value: str) -> Json:
    variable = VARIABLES.get(found.variable)
    if variable is None or value not in variable.categories:
        return {"valueString": clean(value)}
    listed = (Coding(_ANSWERS[value], SNOMED),) if value in _ANSWERS else ()
    title = localised(variable.categories[value])
    return {"valueCodeableConcept": concept((*listed, Coding(value, OWN_ANSWER)), title)}


def _range(found: Observation) -> list[Json]:
    low, high = found.reference_range or (None, None)
    ends = {"low": low, "high": high}
    made = {
        key: quantity(end, found.unit) for key, end in ends.items() if end is not None and math.isfinite(end)
    }
    return [made] if made else []


def _extensions(found: Observation, question: Question | None, *, with_time: bool) -> list[Json]:
    written = extension(
        OWN_AS_WRITTEN,
        value=found.value_as_written,
        unit=found.unit_as_written,
        time=found.time if with_time and found.time != day_or_time(found.time) else "",
        status=found.status if question is not None else "",
    )
    asked = extension(OWN_QUESTION, code=question.code, message=question.message) if question else {}
    return [part for part in (place(found.source), written, asked) if part]


# Pressures


def _pressures(listed: Sequence[Observation], doubts: Doubts) -> dict[str, tuple[Observation, Observation]]:
    """Systolic and diastolic of one reading, by the ids of both."""
    readings: dict[tuple[object, ...], list[Observation]] = {}
    for found in listed:
        if found.variable in _PRESSURES and _is_number(found.value) and not withheld(found, doubts):
            key = _reading(found)
            if key:
                readings.setdefault(key, []).append(found)
    paired: dict[str, tuple[Observation, Observation]] = {}
    for both in readings.values():
        names = [found.variable for found in both]
        if sorted(names) != sorted(_PRESSURES):
            continue
        systolic, diastolic = sorted(both, key=lambda found: _PRESSURES.index(found.variable))
        if _alike(systolic, diastolic):
            paired[systolic.id] = paired[diastolic.id] = (systolic, diastolic)
    return paired


def _reading(found: Observation) -> tuple[object, ...]:
    """What two pressures of one reading have in common: a panel, the moment, or a line; () where nothing tells."""
    panel = found.id.partition("#")[0] if "#" in found.id else found.id.removesuffix(f".{found.variable}")
    if panel != found.id:
        return "panel", panel
    if "T" in found.time:
        return "time", found.source.file, found.time
    if found.source.line is not None:
        return "line", found.source.file, found.source.line, found.time
    return ()


def _alike(one: Observation, other: Observation) -> bool:
    """Whether one resource can say all of both."""
    return all(
        getattr(one, name) == getattr(other, name)
        for name in (
            "time",
            "status",
            "usable",
            "unusable_reason",
            "setting",
            "specimen",
            "method",
            "category",
        )
    )


def _panel(pair: tuple[Observation, Observation], patient: str, ids: Ids) -> Json:
    first, second = pair
    no_doubts = Doubts({}, {})
    notes = list(dict.fromkeys([*_notes(first, no_doubts), *_notes(second, no_doubts)]))
    made = _frame(first, f"{first.id}+{second.id}", notes, patient, ids)
    made["status"] = status_of(first, no_doubts)
    made["code"] = concept((_PANEL,))
    if first.time != day_or_time(first.time):
        made["extension"] = [extension(OWN_AS_WRITTEN, time=first.time)]
    made["component"] = [
        filled({"code": named(codings_of(found), found.name)} | _value(found, no_doubts, with_time=False))
        for found in pair
    ]
    return filled(made)


# What the clinician entered


def _entered(record: Record, answer: Answer, number: int, patient: str, ids: Ids) -> Json:
    """An answer as an Observation of its own, marked as entered; {} where it states no value."""
    variable = VARIABLES.get(answer.variable)
    if variable is None or answer.left_out or answer.value is None:
        return {}
    value = canonical_answer(variable, answer)
    if value is None:
        return {}
    if variable.kind == "boolean":
        value = bool(value)
    elif variable.kind == "category" and isinstance(value, float):
        value = f"{value:g}"
    question = next((q for q in record.questions if q.id == answer.question), None)
    found = Observation(
        id=f"answer-{number}-{answer.variable}", code="", system="", name=localised(variable.title), value=value,
        unit=variable.unit if variable.kind == "quantity" else "", value_as_written="", unit_as_written="entered",
        time=answer.time, source=record.patient.source, variable=answer.variable,
        method=_("Entered by the clinician"), note=answer.note,
    )  # fmt: skip
    made = _frame(found, found.id, [answer.note], patient, ids)
    made |= {"status": "final", "code": named(codings_of(found), found.name), **value_of(found)}
    if question is not None and question.observation:
        made["derivedFrom"] = [reference(ids.of("observation", question.observation))]
    return filled(made)
