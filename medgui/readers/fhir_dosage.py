"""FHIR Dosage in words: dose, route and frequency apart where the file keeps them apart."""

from __future__ import annotations

from collections.abc import Iterable

from medgui.frozen import frozen
from medgui.readers.fhir_values import (
    JsonObject,
    child,
    children,
    codings,
    concept_text,
    in_words,
    string,
)
from medgui.readers.frequency import as_needed, code_in_words, days_in_words, rhythm_in_words
from medgui.readers.json_place import written


@frozen
class Dosage:
    """How a drug is taken. `frequency` is "" where `dose` is a sentence that says it all."""

    dose: str = ""
    route: str = ""
    frequency: str = ""


def read_dosage(resource: JsonObject) -> Dosage:
    """All dosages of an order, statement, dispense or administration as one; several stand one after another."""
    found = [_one(item) for key in ("dosageInstruction", "dosage") for item in children(resource, key)]
    routes = ", ".join(_different(item.route for item in found))
    if len(found) < 2:
        return found[0] if found else Dosage(string(resource, "renderedDosageInstruction"))
    whole = [", ".join(filter(None, (item.dose, item.frequency))) for item in found]
    return Dosage("; ".join(_different(whole)), routes)


def _different(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, texts)))


def _one(dosage: JsonObject) -> Dosage:
    dose, frequency, route = _dose(dosage), _frequency(dosage), concept_text(child(dosage, "route"))
    text = string(dosage, "text") or string(dosage, "patientInstruction")
    if text and not (dose and frequency):
        return Dosage(text, route)
    return Dosage(dose, route, frequency)


def _dose(dosage: JsonObject) -> str:
    """The amount taken at a time, or the rate; "" where neither is stated."""
    for item in (*children(dosage, "doseAndRate"), dosage):
        for key in ("doseQuantity", "doseRange", "dose", "rateQuantity", "rateRange", "rateRatio"):
            words = in_words(child(item, key)) if child(item, key) else ""
            if words:
                return words
    return ""


def _frequency(dosage: JsonObject) -> str:
    timing = child(dosage, "timing")
    words = [_repeated(child(timing, "repeat")) or _coded(child(timing, "code")), *_needed(dosage)]
    return ", ".join(_different(words))


def _coded(concept: JsonObject) -> str:
    for coding in codings(concept):
        words = code_in_words(coding.code)
        if words:
            return words
    return concept_text(concept)


def _needed(dosage: JsonObject) -> list[str]:
    keys = ("asNeededCodeableConcept", "asNeededFor")
    reasons = [concept_text(item) for key in keys for item in children(dosage, key)]
    if any(reasons):
        return [as_needed(", ".join(filter(None, reasons)))]
    is_needed = dosage.get("asNeededBoolean") is True or dosage.get("asNeeded") is True
    return [as_needed()] if is_needed else []


def _repeated(repeat: JsonObject) -> str:
    words = []
    if "period" in repeat and "periodMax" not in repeat:
        words.append(
            rhythm_in_words(
                _figure(repeat, "frequency") or 1.0,
                _figure(repeat, "period"),
                string(repeat, "periodUnit"),
                times_at_most=_figure(repeat, "frequencyMax"),
            )
        )
    words += [code_in_words(code) or code for code in _texts(repeat, "when")]
    days = _texts(repeat, "dayOfWeek")
    words.append(days_in_words(days) or ", ".join(days))
    words.append(", ".join(time.removesuffix(":00") for time in _texts(repeat, "timeOfDay")))
    return ", ".join(filter(None, words))


def _texts(holder: JsonObject, key: str) -> list[str]:
    value = holder.get(key)
    listed = value if isinstance(value, list) else [value]
    return [item.strip() for item in listed if isinstance(item, str)]


def _figure(holder: JsonObject, key: str) -> float:
    """A number; files write it as text too. 0.0 where there is none."""
    try:
        figure = float(written(holder.get(key)) or 0)
    except ValueError:
        return 0.0
    return figure if 0 < figure < 1e6 else 0.0
