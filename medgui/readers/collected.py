"""What a reader has gathered of one patient, on its way to a Record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from medgui.i18n import ngettext
from medgui.readers.patient_file import PatientFile
from medgui.record.model import (
    Allergy,
    Cleaned,
    Completeness,
    Condition,
    Document,
    Medication,
    Observation,
    Patient,
    Question,
    Record,
    Unread,
)


@dataclass(slots=True)
class Collected:
    """Lists that grow while a file is read."""

    observations: list[Observation] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    medications: list[Medication] = field(default_factory=list)
    allergies: list[Allergy] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    cleaned: list[Cleaned] = field(default_factory=list)

    def record(
        self,
        file: PatientFile,
        person: Patient,
        completeness: Mapping[str, Completeness],
        *,
        document_date: str = "",
        as_of: str = "",
    ) -> Record:
        """The Record of all that was gathered."""
        return Record(
            patient=person,
            file=file.name,
            format=file.kind,
            read_at="",
            document_date=document_date,
            as_of=as_of,
            observations=tuple(self.observations),
            conditions=tuple(self.conditions),
            medications=tuple(self.medications),
            allergies=tuple(self.allergies),
            documents=tuple(self.documents),
            questions=tuple(self.questions),
            unread=tuple(self.unread),
            cleaned=tuple(self.cleaned),
            completeness=completeness,
        )


def not_used(other: Counter[str]) -> list[Unread]:
    """A note on each kind of entry that nothing reads, with how many there are."""
    notes = []
    for kind, count in sorted(other.items()):
        sentence = ngettext(
            "{n} entry of the kind {kind} is not used.", "{n} entries of the kind {kind} are not used.", count
        )
        notes.append(Unread(kind, sentence.format(n=count, kind=kind), section=kind))
    return notes
