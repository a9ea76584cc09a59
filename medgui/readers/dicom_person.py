"""The person of a DICOM header, and the few values about the person that a header holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from medgui.errors import UnreadableFile
from medgui.i18n import N_, _
from medgui.readers import dicom_tags as tags
from medgui.readers.collected import Collected
from medgui.readers.dicom_text import PersonName, Texts, person_name
from medgui.readers.systems import LOINC
from medgui.readers.vocabulary import canonical
from medgui.record.dates import age_range
from medgui.record.model import Allergy, Coding, Identifier, Observation, Patient, Sex, Source, Unread

_SEX: dict[str, Sex] = {"M": "male", "F": "female"}
_AGE = re.compile(r"(\d{1,3})([YMWD])")
_IN_A_YEAR = {"Y": 1.0, "M": 12.0, "W": 365.2425 / 7, "D": 365.2425}
_NUMBER = re.compile(r"[+-]?(?:\d{1,12}(?:\.\d{0,12})?|\.\d{1,12})(?:[eE][+-]?\d)?")
_NO_ALLERGY = re.compile(
    r"(no|none|nil|n/?a|nkd?a|no known.*|no (drug )?allerg.*|denies.*|unknown|not known|无|无过敏.*|否认.*|不详)\W*",
    re.IGNORECASE,
)
WEIGHT_NOTE = N_(
    "From the header of an image: often taken over from the order, not measured on the day of the study."
)


def place(tag: int) -> str:
    """A tag as DICOM writes it: "(0010,1030)"."""
    return f"({tag >> 16:04X},{tag & 0xFFFF:04X})"


def check_human(name: str, texts: Texts) -> None:
    """`UnreadableFile` where the header is of an animal."""
    species = texts.one(tags.SPECIES)
    if species and not re.search(r"homo sapiens|human|人", species, re.IGNORECASE):
        sentence = _("{file} is about an animal ({species}); medgui reads files about people.")
        raise UnreadableFile(sentence.format(file=name, species=species))


def read_person(name: str, texts: Texts, got: Collected) -> tuple[Patient, PersonName]:
    """Identity as the header states it; what is no date or no sex is noted."""
    named = person_name(texts.raw(tags.NAME))
    born = texts.date(tags.BIRTH_DATE)
    if not born and texts.has(tags.BIRTH_DATE) and texts.one(tags.BIRTH_DATE).strip("0"):
        reason = _("“{text}” is not a date.").format(text=texts.one(tags.BIRTH_DATE))
        got.unread.append(Unread(place(tags.BIRTH_DATE), reason, section="patient"))
    stated = texts.one(tags.SEX).upper()
    if stated and stated not in ("M", "F", "O", "U", "N", "UNKNOWN"):
        reason = _("The sex “{text}” is not known; a number is never taken for a sex.")
        got.unread.append(Unread(place(tags.SEX), reason.format(text=stated[:20]), section="patient"))
    sex = _SEX.get(stated)
    patient_id = texts.one(tags.PATIENT_ID)
    return Patient(
        id=patient_id,
        family=named.family,
        given=named.given,
        birth_date=born,
        sex=sex,
        administrative_gender=sex or ("other" if stated == "O" else ""),
        sex_source="administrative gender" if sex else "",
        identifiers=tuple(_identifiers(texts, patient_id)),
        is_test=texts.one(tags.TEST_SUBJECT).upper() == "YES",
        source=Source(name, place(tags.NAME), texts.one(tags.NAME)),
    ), named


def _identifiers(texts: Texts, patient_id: str) -> Iterator[Identifier]:
    if patient_id:
        yield Identifier(texts.one(tags.ISSUER), patient_id, "MR")
    for value in texts.all(tags.OTHER_ID_TEXTS):
        yield Identifier("", value)
    for item in texts.items(tags.OTHER_IDS):
        value = item.one(tags.PATIENT_ID)
        if value:
            yield Identifier(item.one(tags.ISSUER), value)


def read_values(name: str, texts: Texts, person: Patient, day: str, got: Collected) -> None:
    """Height, weight, age, pregnancy and allergies of the header into what is gathered; *day* is the study's."""
    for tag, unit, variable, code, title in (
        (tags.SIZE, "m", "height", "8302-2", _("Height")),
        (tags.WEIGHT, "kg", "weight", "29463-7", _("Weight")),
    ):
        text = texts.one(tag)
        if not text:
            continue
        if not _NUMBER.fullmatch(text):
            got.unread.append(Unread(place(tag), _("“{text}” is not a number.").format(text=text[:40])))
        elif float(text) <= 0:
            got.unread.append(Unread(place(tag), _("{text} stands for no measurement.").format(text=text)))
        else:
            brought = canonical(float(text), unit, variable)
            base = _observation(name, tag, variable, code, title, text, day)
            got.observations.append(_measured(base, brought.value, brought.unit, unit, _(WEIGHT_NOTE)))
    _age(name, texts, person, day, got)
    _pregnancy(name, texts, day, got)
    _allergies(name, texts, day, got)


def _observation(
    name: str, tag: int, variable: str, code: str, title: str, text: str, day: str
) -> Observation:
    return Observation(
        id=variable,
        code=code,
        system=LOINC,
        name=title,
        value=None,
        unit="",
        value_as_written=text,
        unit_as_written="",
        time=day,
        source=Source(name, place(tag), text),
        variable=variable,
        codings=(Coding(code, LOINC),),
    )


def _measured(base: Observation, value: float, unit: str, written: str, note: str) -> Observation:
    text = f"{base.source.text} {written}".strip()
    source = replace(base.source, text=text)
    return replace(base, value=value, unit=unit, unit_as_written=written, note=note, source=source)


def _age(name: str, texts: Texts, person: Patient, day: str, got: Collected) -> None:
    """The age on the day of the study; it is used only where the file names no birth date."""
    text = texts.one(tags.AGE).upper()
    if not text:
        return
    found = _AGE.fullmatch(text)
    if not found:
        reason = _("The age “{text}” is not as DICOM writes it.").format(text=text[:20])
        got.unread.append(Unread(place(tags.AGE), reason))
        return
    years = int(found[1]) / _IN_A_YEAR[found[2]]
    if not years:
        got.unread.append(Unread(place(tags.AGE), _("{text} stands for no measurement.").format(text=text)))
        return
    by_birth = age_range(person.birth_date, day)
    if by_birth and not by_birth[0] - 1 <= int(years) <= by_birth[1] + 1:
        reason = _("The header states the age {text}, which does not fit the birth date {date}.")
        got.unread.append(Unread(place(tags.AGE), reason.format(text=text, date=person.birth_date)))
        return
    base = _observation(name, tags.AGE, "age", "30525-0", _("Age"), text, day)
    got.observations.append(replace(base, value=years, unit="a"))


def _pregnancy(name: str, texts: Texts, day: str, got: Collected) -> None:
    """1 not pregnant, 2 possibly, 3 definitely, 4 unknown (PS3.3 C.2.2)."""
    status = texts.whole(tags.PREGNANCY)
    if status in (None, 4):
        return
    base = _observation(name, tags.PREGNANCY, "pregnant", "82810-3", _("Pregnancy"), str(status), day)
    if status == 2:
        reason = _("The header says “possibly pregnant”.")
        got.observations.append(replace(base, value=_("possibly"), usable=False, unusable_reason=reason))
    elif status in (1, 3):
        got.observations.append(replace(base, value=status == 3))
    else:
        reason = _("The pregnancy status {text} is not known.").format(text=status)
        got.unread.append(Unread(place(tags.PREGNANCY), reason))


def _allergies(name: str, texts: Texts, day: str, got: Collected) -> None:
    for index, text in enumerate(texts.all(tags.ALLERGIES)):
        if _NO_ALLERGY.fullmatch(text):
            reason = _("“{text}” under allergies is no list of allergies; ask the patient.")
            got.unread.append(Unread(place(tags.ALLERGIES), reason.format(text=text), section="allergies"))
            continue
        source = Source(name, place(tags.ALLERGIES), text)
        got.allergies.append(
            Allergy(f"allergy@{index}", (), text, "", "", "", negated=False, recorded=day, source=source)
        )
