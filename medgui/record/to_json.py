"""A record as JSON: `medgui.record/1` (docs/json_schema.md). Keys are stable; new ones may be added.

`value` and `unit` are canonical where the unit was understood and no question is open; `value_as_written` and
`unit_as_written` are always the file's own. A missing date is null. There is no NaN in it.
"""

from __future__ import annotations

import math
from typing import Any

from medgui.record.model import (
    Allergy,
    Answer,
    Cleaned,
    Coding,
    Condition,
    Document,
    FilePart,
    Medication,
    Observation,
    Patient,
    Question,
    Record,
    Source,
    Suggestion,
    Unread,
)

SCHEMA = "medgui.record/1"


def record_json(record: Record) -> dict[str, Any]:
    """Return all that the record holds as plain data."""
    return {
        "schema": SCHEMA,
        "file": record.file,
        "format": record.format,
        "sha256": record.sha256,
        "read_at": record.read_at,
        "document_date": record.document_date or None,
        "as_of": record.as_of or None,
        "patient": patient_json(record.patient),
        "observations": [observation_json(found) for found in record.observations],
        "conditions": [_condition(condition) for condition in record.conditions],
        "medications": [_medication(medication) for medication in record.medications],
        "allergies": [_allergy(allergy) for allergy in record.allergies],
        "documents": [_document(document) for document in record.documents],
        "questions": [question_json(question) for question in record.open_questions],
        "answers": [_answer(answer) for answer in record.answers],
        "unread": [_unread(item) for item in record.unread],
        "cleaned": [_cleaned(item) for item in record.cleaned],
        "completeness": {section: state.value for section, state in record.completeness.items()},
        "files": [_part(part) for part in record.parts],
    }


def patient_json(patient: Patient) -> dict[str, Any]:
    """Return the identity. `sex` is null where the file does not settle it; `deceased` is a date, true or false."""
    return {
        "id": patient.id,
        "name": {"family": patient.family, "given": patient.given},
        "birth_date": patient.birth_date or None,
        "sex": patient.sex,
        "sex_source": patient.sex_source,
        "administrative_gender": patient.administrative_gender,
        "ethnicity": patient.ethnicity or None,
        "identifiers": [{"system": i.system, "value": i.value, "kind": i.kind} for i in patient.identifiers],
        "deceased": _deceased(patient.deceased),
        "is_test": patient.is_test,
    }


def _deceased(text: str) -> str | bool:
    if not text:
        return False
    return text if text[:1].isdigit() else True


def observation_json(found: Observation) -> dict[str, Any]:
    """Return one observation."""
    low, high = found.reference_range or (None, None)
    return {
        "id": found.id,
        "code": found.code,
        "system": found.system,
        "name": found.name,
        "variable": found.variable or None,
        "value": _number(found.value),
        "unit": found.unit,
        "comparator": found.comparator,
        "value_as_written": found.value_as_written,
        "unit_as_written": found.unit_as_written,
        "time": found.time or None,
        "status": found.status,
        "usable": found.usable,
        "unusable_reason": found.unusable_reason,
        "setting": found.setting,
        "specimen": found.specimen,
        "method": found.method,
        "category": found.category,
        "codings": _codings(found.codings),
        "reference_range": None if found.reference_range is None else {"low": low, "high": high},
        "interpretation": found.interpretation,
        "origin": found.origin.value,
        "note": found.note,
        "source": source_json(found.source),
    }


def question_json(question: Question) -> dict[str, Any]:
    """Return one open question; `suggestion` is the likely answer, `suggestions` all of them."""
    listed = [_suggestion(suggestion) for suggestion in question.suggestions]
    return {
        "id": question.id,
        "code": question.code,
        "observation": question.observation or None,
        "variable": question.variable or None,
        "message": question.message,
        "suggestion": listed[0] if listed else None,
        "suggestions": listed,
        "facts": [{"name": name, "value": value} for name, value in question.facts],
        "source": source_json(question.source),
    }


def source_json(source: Source) -> dict[str, Any]:
    """Return a place in a file."""
    return {
        "file": source.file,
        "location": source.location,
        "line": source.line,
        "column": source.column,
        "section": source.section,
        "text": source.text,
    }


def _suggestion(suggestion: Suggestion) -> dict[str, Any]:
    return {"label": suggestion.label, "value": _number(suggestion.value), "unit": suggestion.unit}


def _condition(condition: Condition) -> dict[str, Any]:
    return {
        "id": condition.id,
        "kind": condition.kind,
        **_named(condition.codings, condition.name),
        "clinical_status": condition.clinical_status,
        "verification": condition.verification,
        "subject": condition.subject,
        "onset": condition.onset or None,
        "recorded": condition.recorded or None,
        "usable": condition.usable,
        "unusable_reason": condition.unusable_reason,
        "note": condition.note,
        "source": source_json(condition.source),
    }


def _medication(medication: Medication) -> dict[str, Any]:
    return {
        "id": medication.id,
        **_named(medication.codings, medication.name),
        "status": medication.status,
        "dose": medication.dose,
        "frequency": medication.frequency,
        "route": medication.route,
        "start": medication.start or None,
        "end": medication.end or None,
        "usable": medication.usable,
        "unusable_reason": medication.unusable_reason,
        "source": source_json(medication.source),
    }


def _allergy(allergy: Allergy) -> dict[str, Any]:
    return {
        "id": allergy.id,
        **_named(allergy.codings, allergy.name),
        "reaction": allergy.reaction,
        "status": allergy.status,
        "verification": allergy.verification,
        "negated": allergy.negated,
        "recorded": allergy.recorded or None,
        "source": source_json(allergy.source),
    }


def _named(codings: tuple[Coding, ...], name: str) -> dict[str, Any]:
    first = codings[0] if codings else Coding("")
    return {"code": first.code, "system": first.system, "name": name, "codings": _codings(codings)}


def _codings(codings: tuple[Coding, ...]) -> list[dict[str, str]]:
    return [{"code": c.code, "system": c.system, "display": c.display} for c in codings]


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "variable": answer.variable,
        "value": _number(answer.value),
        "unit": answer.unit,
        "time": answer.time or None,
        "question": answer.question or None,
        "left_out": answer.left_out,
        "note": answer.note,
    }


def _document(document: Document) -> dict[str, Any]:
    return {
        "id": document.id,
        "title": document.title,
        "media_type": document.media_type,
        "time": document.time or None,
        "text": document.text,
        "facts": [{"name": name, "value": value} for name, value in document.facts],
        "size": document.size,
        "source": source_json(document.source),
    }


def _cleaned(item: Cleaned) -> dict[str, Any]:
    return {
        "code": item.code,
        "message": item.message,
        "kept": item.kept or None,
        "source": source_json(item.source),
    }


def _part(part: FilePart) -> dict[str, Any]:
    return {
        "file": part.name,
        "format": part.format,
        "sha256": part.sha256,
        "size": part.size,
        "document_date": part.document_date or None,
    }


def _unread(item: Unread) -> dict[str, Any]:
    return {"location": item.location, "reason": item.reason, "line": item.line, "section": item.section}


def _number(value: float | str | bool | None) -> float | str | bool | None:
    return None if isinstance(value, float) and not math.isfinite(value) else value
