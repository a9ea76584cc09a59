"""Who the report is about: the words of its head, its foot and its identity line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from medgui.charts.text import is_wide
from medgui.i18n import _, format_age, format_date, format_datetime, format_list, language
from medgui.record.model import Completeness, Patient, Record


@dataclass(frozen=True, slots=True)
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
    number = _number(patient)
    return Identity(
        full_name(patient),
        number or born(record),
        (
            (_("Name"), full_name(patient)),
            (_("Born"), born(record)),
            (_("Sex"), sex(record)),
            (_("Record no."), number or _("not in the file")),
            (_("Allergies"), allergies(record)),
            (_("File"), record.file.replace("\\", "/").rsplit("/", 1)[-1]),
        ),
        standing(patient),
    )


def standing(patient: Patient) -> str:
    """The word that stands on every page for a patient who is none, or has died (SAFETY 4)."""
    found = [_("Test or demonstration patient: not a real person")] if patient.is_test else []
    if patient.deceased:
        day = partial_date(patient.deceased)
        known = patient.deceased[:1].isdigit()
        found.append(_("Deceased {date}").format(date=day) if known else _("Deceased"))
    return "  ·  ".join(found)


def full_name(patient: Patient) -> str:
    """Write "MARLOW, Helen", or 林慧敏 without capitals and comma."""
    family, given = patient.family.strip(), patient.given.strip()
    if not family and not given:
        return _("Name not in the file")
    if is_wide((family or given)[0]):
        return family + given
    return ", ".join(part for part in (family.upper(), given) if part)


def born(record: Record) -> str:
    """Birth date with the age on the day of the results."""
    birth = record.patient.birth_date
    if not birth:
        return _("not in the file")
    years = None if record.patient.deceased else _age(birth, record.as_of or record.read_at)
    if years is None:
        return partial_date(birth)
    return _("{date} ({age})").format(date=partial_date(birth), age=format_age(years))


def _age(birth: str, day: str) -> int | None:
    """Whole years; None where the birth date is partial or either day is not known."""
    try:
        on, then = date.fromisoformat(day[:10]), date.fromisoformat(birth[:10])
    except ValueError:
        return None
    return on.year - then.year - ((on.month, on.day) < (then.month, then.day))


def sex(record: Record) -> str:
    patient = record.patient
    if patient.sex is not None:
        return _("Female") if patient.sex == "female" else _("Male")
    if patient.administrative_gender:
        return _("not settled ({entry})").format(entry=patient.administrative_gender)
    return _("not in the file")


def _number(patient: Patient) -> str:
    kinds = ("MR", "mr", "medical record number")
    numbers = [i.value for i in patient.identifiers if i.kind in kinds]
    numbers += [i.value for i in patient.identifiers]
    return next((number for number in numbers if number), "")


def allergies(record: Record) -> str:
    """The states of SAFETY 5; a known allergy is never cut."""
    known = [a for a in record.allergies if not a.negated and a.verification != "entered-in-error"]
    if known:
        return format_list(list(dict.fromkeys(a.name for a in known if a.name)))
    stated = [a for a in record.allergies if a.negated]
    if stated:
        day = max(a.recorded for a in stated)
        if day:
            return _("No known allergies (stated {date})").format(date=partial_date(day))
        return _("No known allergies (stated, no date)")
    state = record.completeness.get("allergies", Completeness.ABSENT)
    if state == Completeness.COMPLETE:
        return _("None recorded")
    return _("Read only in part") if state == Completeness.PARTIAL else _("Not in the file")


def partial_date(iso: str) -> str:
    """Write an ISO date that may be partial ("1976", "1976-03") or carry a time; as it is where it is none."""
    parts = iso[:10].split("-")
    try:
        if len(parts) == 3:
            return format_date(date.fromisoformat(iso[:10]))
        if len(parts) == 2:
            month = date(int(parts[0]), int(parts[1]), 1)
            return iso[:7] if language() == "zh" else format_date(month).split("\u00a0", 1)[1]
    except ValueError:
        return iso
    return iso


def moment(iso: str) -> str:
    """Write an ISO date and, where it has one, the time to the minute in the file's own offset."""
    try:
        if "T" not in iso and " " not in iso.strip():
            return partial_date(iso)
        return format_datetime(datetime.fromisoformat(iso.replace("Z", "+00:00")))
    except ValueError:
        return iso
