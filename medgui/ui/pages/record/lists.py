"""What the Record page lists besides values: problems, drugs, allergies, documents, and what is not in the record."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from medgui.assessment.finding import Assessment
from medgui.i18n import N_, _
from medgui.record.model import Allergy, Cleaned, Condition, Document, Medication, Record, Source, Unread
from medgui.record.variables import UnitSystem
from medgui.ui.pages.record.entries import Entry, value_entries

STATUS = {
    "active": N_("active"),
    "stopped": N_("stopped"),
    "planned": N_("planned"),
    "not-taken": N_("not taken"),
    "completed": N_("completed"),
    "unknown": N_("status not stated"),
    "inactive": N_("inactive"),
    "resolved": N_("resolved"),
    "remission": N_("in remission"),
    "recurrence": N_("recurrent"),
    "relapse": N_("relapse"),
    "not-done": N_("not done"),
    "in-progress": N_("in progress"),
    "preparation": N_("planned"),
    "on-hold": N_("on hold"),
    "entered-in-error": N_("entered in error"),
}
_SECTIONS = {
    "observations": N_("Values"),
    "conditions": N_("Conditions"),
    "procedures": N_("Procedures"),
    "medications": N_("Medications"),
    "allergies": N_("Allergies"),
    "immunizations": N_("Immunisations"),
    "family_history": N_("Family history"),
    "social_history": N_("Social history"),
}
"""Parts of a record by the names that readers give where a file has no titles of its own."""
_MEDIA = {
    "text/plain": N_("Text"),
    "application/pdf": "PDF",
    "application/dicom": "DICOM",
    "text/x-vcf": "VCF",
}
_KINDS = {
    "condition": "conditions",
    "procedure": "procedures",
    "phenotype": "phenotypes",
    "immunization": "immunizations",
    "family_history": "family_history",
}


T = TypeVar("T")


def entries(record: Record, assessment: Assessment | None, system: UnitSystem) -> list[Entry]:
    """List everything that the file says, in the order of the page."""
    problems = [_condition(found) for found in record.conditions]
    order = list(_KINDS.values())
    conditions = [e for group in order[:3] for e in problems if e.group == group]
    others = [e for group in order[3:] for e in problems if e.group == group]
    return [
        *value_entries(record, assessment, system),
        *conditions,
        *(_medication(found) for found in record.medications),
        *(_allergy(found) for found in record.allergies),
        *others,
        *(_document(found) for found in record.documents),
        *_cleaned(record.cleaned),
        *_unread(record.unread),
    ]


def _together(items: Sequence[T], kind: Callable[[T], str]) -> list[tuple[int, T]]:
    """Items with their numbers, those of one kind after each other; kinds in the order in which they first come."""
    order = {name: place for place, name in enumerate(dict.fromkeys(map(kind, items)))}
    return sorted(enumerate(items), key=lambda pair: order[kind(pair[1])])


def _condition(condition: Condition) -> Entry:
    status = _(STATUS.get(condition.clinical_status, "")) if condition.clinical_status in STATUS else ""
    if condition.verification == "refuted":
        status = _("absent")
    if condition.subject not in ("", "patient"):
        status = condition.subject
    code = condition.codings[0].code if condition.codings else ""
    return Entry(
        f"condition:{condition.id}", _KINDS.get(condition.kind, "conditions"), condition.name or code, status,
        time=condition.onset or condition.recorded, usable=condition.usable, note=condition.unusable_reason,
        source=condition.source, code=code,
    )  # fmt: skip


def _medication(medication: Medication) -> Entry:
    name = " ".join(part for part in (medication.name, medication.dose, medication.frequency) if part)
    code = medication.codings[0].code if medication.codings else ""
    return Entry(
        f"medication:{medication.id}", "medications", name, _(STATUS.get(medication.status, "status not stated")),
        time=medication.start, usable=medication.usable, note=medication.unusable_reason,
        source=medication.source, code=code,
    )  # fmt: skip


def _allergy(allergy: Allergy) -> Entry:
    denied = allergy.verification == "refuted"
    return Entry(
        f"allergy:{allergy.id}",
        "allergies",
        allergy.name or (_("No known allergies") if allergy.negated else ""),
        _("absent") if denied else allergy.reaction,
        time=allergy.recorded,
        usable=not denied,
        source=allergy.source,
        code=allergy.codings[0].code if allergy.codings else "",
    )


def section_title(section: str) -> str:
    """Name a part of a file: by its own title, or in words where readers give a name of ours."""
    return _(_SECTIONS[section]) if section in _SECTIONS else section


def media_words(media_type: str) -> str:
    """Name a kind of document as people do; its MIME type where there is no such name."""
    return _(_MEDIA[media_type]) if media_type in _MEDIA else media_type


def _document(document: Document) -> Entry:
    return Entry(
        f"document:{document.id}", "documents", document.title or media_words(document.media_type), time=document.time,
        source=document.source, document=document.id,
    )  # fmt: skip


def _cleaned(items: tuple[Cleaned, ...]) -> Iterator[Entry]:
    """What standardisation left out or put together, the same kind together, in the order in which kinds first come."""
    for number, item in _together(items, lambda cleaned: cleaned.code):
        yield Entry(f"cleaned:{number}", "cleaned", item.message, usable=False, source=item.source, wide=True)


def _unread(items: tuple[Unread, ...]) -> Iterator[Entry]:
    for number, item in _together(items, lambda unread: unread.section):
        source = Source("", item.location, "", item.line, item.section)
        title = f"{item.location}  •  {item.reason}" if item.location else item.reason
        yield Entry(f"unread:{number}", "unread", title, usable=False, source=source, wide=True)
