"""Who the report is about: the words of its head, its foot and its identity line."""

from __future__ import annotations

from medgui.frozen import frozen
from medgui.i18n import _
from medgui.record import patient_words as words
from medgui.record.model import Patient, Record


@frozen
class Identity:
    """Name, and label → words in the order of the identity line. `word`: deceased or test, "" else."""

    name: str
    number: str
    fields: tuple[tuple[str, str], ...]
    word: str

    @property
    def line(self) -> str:
        """Name, birth date and record number for every page."""
        return "  ·  ".join(part for part in (self.name, self.number) if part)


def identity(record: Record) -> Identity:
    """Collect the words; an empty field says that the file does not have it."""
    patient = record.patient
    number = words.record_number(patient)
    known = any(identifier.value for identifier in patient.identifiers)
    return Identity(
        words.full_name(patient),
        number if known else words.birth_words(record),
        (
            (_("Name"), words.full_name(patient)),
            (_("Born"), words.birth_words(record)),
            (_("Sex"), words.sex_words(record)),
            (_("Record no."), number),
            (_("Allergies"), words.allergy_words(record)[0]),
            (_("File"), record.file.replace("\\", "/").rsplit("/", 1)[-1]),
        ),
        standing(patient),
    )


def standing(patient: Patient) -> str:
    """The word that stands on every page for a patient who is none, or has died (SAFETY 4)."""
    found = [_("Test or demonstration patient: not a real person")] if patient.is_test else []
    if patient.deceased:
        day = words.partial_date(patient.deceased)
        known = patient.deceased[:1].isdigit()
        found.append(_("Deceased {date}").format(date=day) if known else _("Deceased"))
    return "  ·  ".join(found)
