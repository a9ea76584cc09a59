"""Words about the patient for banner and report: name, birth date and age, sex, record number, allergies."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime

from medgui.i18n import (
    _,
    format_age,
    format_count,
    format_date,
    format_datetime,
    format_list,
    format_number,
    language,
    ngettext,
)
from medgui.record.model import Allergy, Completeness, Patient, Record

_FORMATS = {
    "fhir-json": "FHIR", "fhir-ndjson": "FHIR", "fhir-xml": "FHIR", "csv": "CSV", "xlsx": "XLSX", "c-cda": "C-CDA",
    "hl7v2": "HL7 v2", "dicom": "DICOM", "phenopacket": "Phenopacket", "vcf": "VCF", "pdf": "PDF", "text": "Text",
}  # fmt: skip
"""Names of the formats that readers give; proper names, the same in all languages."""


def source_words(record: Record) -> str:
    """Say what the record was read from: the format of its file, or the number of its files."""
    number = len(record.parts)
    if number > 1:
        return ngettext("{n} file", "{n} files", number).format(n=format_count(number))
    return _FORMATS.get(record.format, record.format)


def not_in_file() -> str:
    """Say that a field is empty in the file."""
    return _("not in the file")


def full_name(patient: Patient) -> str:
    """Return the name as the banner writes it: "MARLOW, Helen", or 林慧敏 without capitals and comma."""
    family, given = patient.family.strip(), patient.given.strip()
    if not family and not given:
        return _("Name not in the file")
    if _is_han((family or given)[0]):
        return family + given
    return ", ".join(part for part in (family.upper(), given) if part)


def _is_han(letter: str) -> bool:
    return "\u3400" <= letter <= "\u9fff" or letter > "\uffff"


def partial_date(iso: str) -> str:
    """Write an ISO date that may be partial ("1976", "1976-03") or carry a time."""
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
    """Write an ISO date and time to the minute, in the clock time of the file's own offset."""
    try:
        if "T" not in iso and " " not in iso.strip():
            return partial_date(iso)
        return format_datetime(datetime.fromisoformat(iso.replace("Z", "+00:00")))
    except ValueError:
        return iso


def age_on(birth: str, day: str) -> str:
    """Write the age on *day*; a range where the birth date is partial, empty where it is not known."""
    years = age_span(birth, day)
    if years is None:
        return ""
    low, high = years
    if low == high:
        return format_age(low)
    return _("{low} or {high}").format(low=format_number(low, 0), high=format_age(high))


def age_span(birth: str, day: str) -> tuple[int, int] | None:
    """Return the lowest and highest age in whole years that *birth* allows on *day*."""
    try:
        on = date.fromisoformat(day[:10])
        parts = [int(part) for part in birth[:10].split("-")]
        earliest = date(parts[0], parts[1] if len(parts) > 1 else 1, parts[2] if len(parts) > 2 else 1)
        month = parts[1] if len(parts) > 1 else 12
        latest = date(parts[0], month, parts[2] if len(parts) > 2 else _last_day(parts[0], month))
    except (ValueError, IndexError):
        return None
    return _years(latest, on), _years(earliest, on)


def _last_day(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1).day


def _years(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def birth_words(record: Record) -> str:
    """Write birth date and age on the day of the assessment: "14 Mar 1976 (50 y)"."""
    birth = record.patient.birth_date
    if not birth:
        return not_in_file()
    age = "" if record.patient.deceased else age_on(birth, record.as_of or record.read_at)
    if not age:
        return partial_date(birth)
    return _("{date} ({age})").format(date=partial_date(birth), age=age)


def sex_words(record: Record) -> str:
    """Write the sex that models use; a question or an unusable entry is said as such."""
    patient = record.patient
    if patient.sex is not None:
        return _("Female") if patient.sex == "female" else _("Male")
    if patient.administrative_gender:
        return _("not settled ({entry})").format(entry=patient.administrative_gender)
    return not_in_file()


def record_number(patient: Patient) -> str:
    """Return the record number: the first identifier of that kind, else the first of all."""
    kinds = ("MR", "mr", "medical record number")
    numbers = [i.value for i in patient.identifiers if i.kind in kinds]
    numbers += [i.value for i in patient.identifiers]
    return next((number for number in numbers if number), not_in_file())


_NOT_KNOWN = ("entered-in-error", "refuted")


_ONE_KIND = re.compile(
    r"\b(drug|medication|medicine|food|environment(al)?|latex|insect|animal|substance)s?\b|药物|食物",
    re.IGNORECASE,
)
_CODES_OF_ONE_KIND = frozenset({
    "409137002", "429625007", "428607008", "428197003", "1003774007", "716184000", "no-known-medication-allergies",
    "no-known-environmental-allergies", "no-known-food-allergies", "NKDA", "NKFA",
})  # fmt: skip


def _of_one_kind(allergy: Allergy) -> bool:
    """Whether a stated absence is about drugs, food or surroundings alone."""
    coded = any(coding.code in _CODES_OF_ONE_KIND for coding in allergy.codings)
    return coded or allergy.name.upper().startswith(("NKDA", "NKFA")) or bool(_ONE_KIND.search(allergy.name))


def _in_part(stated: Iterable[Allergy], day: str) -> str:
    """What kinds of allergy are denied: not the statement that there is none at all."""
    words = {
        "409137002": _("No known drug allergies"),
        "429625007": _("No known food allergies"),
        "428607008": _("No known environmental allergies"),
    }
    coded = (next((words[c.code] for c in a.codings if c.code in words), a.name) for a in stated)
    names = format_list(list(dict.fromkeys(coded)))
    if day:
        return _("{names} (stated {date})").format(names=names, date=partial_date(day))
    return _("{names} (stated, no date)").format(names=names)


def allergy_words(record: Record) -> tuple[str, str]:
    """Say one of the states of safety rule 5, and its level: "high" for a known allergy, "caution", or "".

    Stated absence, an empty list, and a file without the section are three different answers. A section that
    was read only in part says so.
    """
    known = [a for a in record.allergies if not a.negated and a.verification not in _NOT_KNOWN]
    if known:
        names = list(dict.fromkeys(a.name for a in known if a.name))
        return format_list(names), "high"
    stated = [a for a in record.allergies if a.negated]
    if stated:
        general = [a for a in stated if not _of_one_kind(a)]
        day = max((a.recorded for a in general or stated), default="")
        if not general:
            return _in_part(stated, day), ""
        if day:
            return _("No known allergies (stated {date})").format(date=partial_date(day)), ""
        return _("No known allergies (stated, no date)"), ""
    state = record.completeness.get("allergies", Completeness.ABSENT)
    if state == Completeness.COMPLETE:
        return _("None recorded"), ""
    if state == Completeness.PARTIAL:
        return _("Read only in part"), "caution"
    return _("Not in the file"), ""
