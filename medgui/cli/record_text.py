"""The record as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from medgui.cli.output import table
from medgui.i18n import _, format_list, ngettext
from medgui.record.model import Allergy, Condition, Medication, Observation, Patient, Record, Source
from medgui.record.units import printed

_FILES = 20
"""Files that are named; of more, their number is."""


def record_lines(record: Record) -> Iterator[str]:
    """Give the record line by line: person, questions, values, problems, drugs, allergies, what was not read."""
    yield from _person(record)
    yield from _questions(record)
    yield from _section(_("Values"), [_observation(o) for o in record.observations])
    yield from _section(_("Problems"), [_condition(c) for c in record.conditions])
    yield from _section(_("Medications"), [_medication(m) for m in record.medications])
    yield from _section(_("Allergies"), [_allergy(a) for a in record.allergies])
    unread = [[entry.location, entry.reason] for entry in record.unread]
    yield from _section(_("Not read"), unread)


def name_of(patient: Patient) -> str:
    """Write the name with the family name first; Chinese names without a comma."""
    parts = [part for part in (patient.family, patient.given) if part]
    han = any("\u3400" <= sign <= "\u9fff" for part in parts for sign in part)
    return ("" if han else ", ").join(parts) or _("no name in the file")


def place(source: Source) -> str:
    """Write the place in the file."""
    return source.location or source.section or source.file


def _person(record: Record) -> Iterator[str]:
    patient = record.patient
    unknown = _("not in the file")
    rows = [
        [_("Patient"), name_of(patient)],
        [_("Born"), patient.birth_date or unknown],
        [_("Sex"), _sex(patient) or unknown],
        [_("Identifiers"), format_list([i.value for i in patient.identifiers]) or unknown],
    ]
    if patient.deceased:
        rows.append([_("Died"), patient.deceased])
    if patient.is_test:
        rows.append([_("Note"), _("Demo or test patient")])
    rows += [
        *([_("File"), f"{part.name} ({part.format})"] for part in record.parts[:_FILES]),
        *([[_("File"), f"(+{len(record.parts) - _FILES})"]] if len(record.parts) > _FILES else []),
        [_("Document date"), record.document_date or unknown],
        [_("As of"), record.as_of],
    ]
    yield from table(rows, indent=0)


def _sex(patient: Patient) -> str:
    if patient.sex is None:
        return patient.administrative_gender
    return _("female") if patient.sex == "female" else _("male")


def _questions(record: Record) -> Iterator[str]:
    questions = record.open_questions
    if not questions:
        return
    yield ""
    yield ngettext("{n} open question", "{n} open questions", len(questions)).format(n=len(questions))
    for question in questions:
        yield f"  ? {question.message}"
        for suggestion in question.suggestions:
            yield f"      - {suggestion.label}"


def _section(title: str, rows: list[list[str]]) -> Iterator[str]:
    yield ""
    if not rows:
        yield _("{section}: none in the file").format(section=title)
        return
    yield f"{title} ({len(rows)})"
    yield from table(rows)


def _observation(observation: Observation) -> list[str]:
    value = observation.value
    if isinstance(value, bool):
        figure = _("yes") if value else _("no")
    elif isinstance(value, float | int):
        figure = f"{observation.comparator}{value:.6g}"
    else:
        figure = value or ""
    unit = printed(observation.unit) if observation.unit else ""
    note = "" if observation.usable else _("not used: {reason}").format(reason=observation.unusable_reason)
    shown = f"{figure} {unit}".strip()
    return [observation.name, shown, observation.time[:10], observation.code, place(observation.source), note]


def _condition(condition: Condition) -> list[str]:
    note = "" if condition.usable else _("not used: {reason}").format(reason=condition.unusable_reason)
    status = format_list([part for part in (condition.clinical_status, condition.verification) if part])
    return [condition.name, status, condition.onset[:10], place(condition.source), note]


def _allergy(allergy: Allergy) -> list[str]:
    status = format_list([part for part in (allergy.status, allergy.verification) if part])
    return [allergy.name, allergy.reaction, status, place(allergy.source)]


def _medication(medication: Medication) -> list[str]:
    note = "" if medication.usable else _("not used: {reason}").format(reason=medication.unusable_reason)
    return [
        medication.name,
        medication.dose,
        medication.status,
        medication.start[:10],
        place(medication.source),
        note,
    ]
