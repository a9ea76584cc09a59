"""Elements that FHIR resources are made of: concepts, quantities, dates, places in the file as extensions."""

from __future__ import annotations

import math
import re
import uuid
from typing import Any
from urllib.parse import quote

from medgui.readers.systems import (
    LOCAL,
    LOINC,
    OWN_SOURCE,
    RXNORM,
    SNOMED,
    UCUM,
)
from medgui.record.dates import span
from medgui.record.model import Coding, Record, Source
from medgui.record.unit_names import JIN
from medgui.record.units import normalise, printed
from medgui.record.variables import code_system

Json = dict[str, Any]

HL7 = "http://terminology.hl7.org/CodeSystem/"
DATA_ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_CLOCK = re.compile(
    r"\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-](0\d|1[0-3]):[0-5]\d|[+-]14:00)"
)
"""FHIR R4 dateTime: a time of day needs seconds and a zone (hl7.org/fhir/R4/datatypes.html#dateTime)."""
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")
_OID = re.compile(r"[0-2](\.\d+)+")
_BY_NAME = {"loinc": LOINC, "snomed": SNOMED, "rxnorm": RXNORM}
_NOT_UCUM = frozenset({JIN})


class Ids:
    """Ids of resources: the same for the same entry of the same record, and never made of a name.

    A deidentified record has no checksum; there the patient's random id stands for it.
    """

    def __init__(self, record: Record) -> None:
        seed = record.sha256 or record.file or record.patient.id
        self._space = uuid.uuid5(uuid.NAMESPACE_URL, f"urn:medgui:record:{seed}|{record.patient.id}")

    def of(self, kind: str, name: str) -> str:
        """The id of one entry."""
        return str(uuid.uuid5(self._space, f"{kind}|{name}"))


def resource_id(text: str) -> str:
    """*text* where FHIR takes it as an id, else ""."""
    return text if _ID.fullmatch(text) else ""


def reference(name: str) -> Json:
    """A reference to another entry of the bundle by its id."""
    return {"reference": f"urn:uuid:{name}"}


def filled(element: Json) -> Json:
    """*element* without what is empty: FHIR knows no empty text, list or object."""
    return {key: value for key, value in element.items() if value not in ("", None, [], {})}


def coding(listed: Coding) -> Json:
    """One code. The system becomes an address where the file names it in another way."""
    return filled(
        {
            "system": system_address(listed.system),
            "code": " ".join(listed.code.split()),
            "display": " ".join(listed.display.split()),
        }
    )


def system_address(system: str) -> str:
    """The FHIR address of a code system, an object identifier, or the address of a local system."""
    if not system or ":" in system:
        return "".join(system.split())
    if _OID.fullmatch(system):
        return f"urn:oid:{system}"
    return _BY_NAME.get(code_system(system)) or LOCAL + quote(system)


def concept(codings: tuple[Coding, ...], text: str = "") -> Json:
    """A CodeableConcept with the codes of the file and its words."""
    return filled(
        {"coding": [coding(listed) for listed in codings if listed.code.strip()], "text": clean(text)}
    )


def named(codings: tuple[Coding, ...], text: str) -> Json:
    """The concept that says what a resource is about; where the record holds neither code nor words, FHIR's mark
    that it is unknown, since the element has to be there.
    """
    return concept(codings, text) or {"extension": [{"url": DATA_ABSENT, "valueCode": "unknown"}]}


def coded(system: str, code: str) -> Json:
    """A CodeableConcept of one HL7 code."""
    return {"coding": [{"system": HL7 + system, "code": code}]}


def clean(text: str) -> str:
    """Text as FHIR takes it: no control signs, nothing but blanks is nothing."""
    return "".join(sign for sign in text if sign >= " " or sign in "\t\r\n").strip()


def day_or_time(iso: str) -> str:
    """A FHIR dateTime: as it stands where it has a zone, else its day; "" for no date.

    A time of day without a zone cannot be stated in FHIR and no zone is made up; the time as written goes into
    an extension.
    """
    text = iso.strip()
    if span(text) is None:
        return ""
    if _CLOCK.fullmatch(text) or _DATE.fullmatch(text):
        return text
    day = text[:10]
    return day if _DATE.fullmatch(day) and span(day) is not None else ""


def instant(iso: str) -> str:
    """A FHIR instant, "" where the time of day or its zone is not stated."""
    text = iso.strip()
    return text if _CLOCK.fullmatch(text) and span(text) is not None else ""


def number(value: float) -> float | int:
    """A number without a point where it is whole."""
    return int(value) if value == int(value) and abs(value) < 1e15 else value


def quantity(value: float, unit: str, comparator: str = "") -> Json:
    """A Quantity. It has a UCUM code only where the unit is UCUM; our own 斤 and unknown spellings are text.

    `ValueError` for a number that is not finite.
    """
    if not math.isfinite(value):
        raise ValueError("not a finite number")
    amount: Json = {"value": number(value), "comparator": comparator}
    if unit and unit not in _NOT_UCUM and normalise(unit) == unit:
        shown = printed(unit)
        amount |= {"unit": shown if normalise(shown) == unit else unit, "system": UCUM, "code": unit}
    else:
        amount["unit"] = clean(unit if unit not in _NOT_UCUM else printed(unit))
    return filled(amount)


def extension(url: str, **parts: str | int | None) -> Json:
    """An extension of named parts, text or whole number; {} where all of them are empty."""
    listed = [
        {"url": name, "valueInteger" if isinstance(value, int) else "valueString": value}
        for name, value in parts.items()
        if value is not None and (isinstance(value, int) or clean(value))
    ]
    return {"url": url, "extension": listed} if listed else {}


def place(source: Source) -> Json:
    """Where an entry was read: file, section, place, line and the text as it stands there."""
    return extension(
        OWN_SOURCE,
        file=source.file,
        section=source.section,
        place=source.location,
        line=source.line,
        text=source.text,
    )
