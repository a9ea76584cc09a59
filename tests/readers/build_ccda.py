"""Small C-CDA documents for the tests of their reader."""

from __future__ import annotations

from pathlib import Path

from medgui.readers import open_record
from medgui.record.model import Observation, Record

LOINC, SNOMED, RXNORM = "2.16.840.1.113883.6.1", "2.16.840.1.113883.6.96", "2.16.840.1.113883.6.88"
_SPACES = 'xmlns="urn:hl7-org:v3" xmlns:sdtc="urn:hl7-org:sdtc" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
PERSON = (
    '<name use="L"><given>Zoë</given><given>Ada</given><family>Weiß</family></name>'
    '<administrativeGenderCode code="F" codeSystem="2.16.840.1.113883.5.1"/><birthTime value="19700517"/>'
)
CODES = {
    "problems": "11450-4", "allergies": "48765-2", "medications": "10160-0", "given": "29549-3", "before": "42346-7",
    "vitals": "8716-3",
    "results": "30954-2", "procedures": "47519-4", "immunizations": "11369-6", "social": "29762-2",
    "family": "10157-6", "encounters": "46240-8", "past": "11348-0", "plan": "18776-5", "payers": "48768-6",
}  # fmt: skip


def document(
    *sections: str,
    person: str = PERSON,
    made: str = "20260301101500-0500",
    header: str = "",
    ids: str = '<id root="2.16.840.1.113883.19.5" extension="MRN-1"/>',
    code: str = "34133-9",
) -> str:
    """A document about a woman born in 1970, with these sections."""
    body = "".join(f"<component>{section}</component>" for section in sections)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<ClinicalDocument {_SPACES}>\n'
        f'<code code="{code}" codeSystem="{LOINC}"/><title>Summary</title><effectiveTime value="{made}"/>\n'
        f"<recordTarget><patientRole>{ids}<patient>{person}</patient></patientRole></recordTarget>\n{header}"
        f"<component><structuredBody>\n{body}\n</structuredBody></component>\n</ClinicalDocument>"
    )


def section(kind: str, *entries: str, text: str = "", title: str = "", extra: str = "") -> str:
    """A section of a kind of `CODES`; *extra* are more of its attributes."""
    listed = "".join(f"\n<entry>{entry}</entry>" for entry in entries)
    return (
        f'<section {extra}><code code="{CODES[kind]}" codeSystem="{LOINC}"/>'
        f"<title>{title or kind.title()}</title><text>{text}</text>{listed}</section>"
    )


def coded(tag: str, code: str, system: str = SNOMED, name: str = "", inside: str = "") -> str:
    """A coded element."""
    return f'<{tag} code="{code}" codeSystem="{system}" displayName="{name}">{inside}</{tag}>'


def value(kind: str, attributes: str = "", inside: str = "") -> str:
    """An element `value` of a data type."""
    return f'<value xsi:type="{kind}" {attributes}>{inside}</value>'


def quantity(number: str, unit: str = "") -> str:
    """A physical quantity."""
    return value("PQ", f'value="{number}"' + (f' unit="{unit}"' if unit else ""))


def choice(code: str, name: str = "", system: str = SNOMED) -> str:
    """A coded value."""
    return value("CD", f'code="{code}" codeSystem="{system}" displayName="{name}"')


def observation(
    code: str,
    held: str,
    *,
    system: str = LOINC,
    status: str = "completed",
    time: str = "20260220083000-0500",
    more: str = "",
    attributes: str = 'moodCode="EVN"',
    name: str = "test",
) -> str:
    """An observation with a value."""
    stated = f'<statusCode code="{status}"/>' if status else ""
    when = f'<effectiveTime value="{time}"/>' if time else ""
    return (
        f'<observation classCode="OBS" {attributes}>{coded("code", code, system, name)}{stated}{when}{held}{more}'
        "</observation>"
    )


def organizer(*members: str, status: str = "completed", time: str = "20260220", more: str = "") -> str:
    """A battery or cluster of observations."""
    listed = "".join(f"<component>{member}</component>" for member in members)
    return (
        f'<organizer classCode="BATTERY" moodCode="EVN">{more}<statusCode code="{status}"/>'
        f'<effectiveTime value="{time}"/>{listed}</organizer>'
    )


def problem(
    held: str,
    *,
    concern: str = "active",
    time: str = '<low value="20150301"/>',
    more: str = "",
    denied: bool = False,
    attributes: str = "",
    kind: str = "55607006",
) -> str:
    """A concern act with one problem observation."""
    flag = ' negationInd="true"' if denied else ""
    return (
        f'<act classCode="ACT" moodCode="EVN" {attributes}><code code="CONC" codeSystem="2.16.840.1.113883.5.6"/>'
        f'<statusCode code="{concern}"/><entryRelationship typeCode="SUBJ">'
        f'<observation classCode="OBS" moodCode="EVN"{flag}>{coded("code", kind)}<statusCode code="completed"/>'
        f"<effectiveTime>{time}</effectiveTime>{held}{more}</observation></entryRelationship></act>"
    )


def nested(kind: str, statement: str) -> str:
    """A statement below another."""
    return f'<entryRelationship typeCode="{kind}">{statement}</entryRelationship>'


def state(code: str, name: str = "") -> str:
    """A status observation."""
    return nested("REFR", f"<observation>{coded('code', '33999-4', LOINC)}{choice(code, name)}</observation>")


def drug(
    code: str = "197361",
    name: str = "Amlodipine 5 MG Oral Tablet",
    *,
    status: str = "active",
    time: str = '<effectiveTime xsi:type="IVL_TS"><low value="20250101"/></effectiveTime>',
    attributes: str = 'moodCode="EVN"',
    more: str = "",
    material: str = "",
) -> str:
    """A medication activity."""
    stated = f'<statusCode code="{status}"/>' if status else ""
    return (
        f'<substanceAdministration classCode="SBADM" {attributes}>{stated}{time}{more}<consumable>'
        f"<manufacturedProduct><manufacturedMaterial>{material or coded('code', code, RXNORM, name)}"
        "</manufacturedMaterial></manufacturedProduct></consumable></substanceAdministration>"
    )


def allergy(
    substance: str = "",
    *,
    kind: str = "419511003",
    denied: bool = False,
    concern: str = "active",
    more: str = "",
    time: str = '<effectiveTime><low value="19980501"/></effectiveTime>',
) -> str:
    """A concern act with one allergy observation."""
    flag = ' negationInd="true"' if denied else ""
    agent = (
        f'<participant typeCode="CSM"><participantRole><playingEntity>{substance}</playingEntity></participantRole>'
        "</participant>"
    )
    return (
        f'<act classCode="ACT" moodCode="EVN"><code code="CONC"/><statusCode code="{concern}"/>'
        f'<entryRelationship typeCode="SUBJ"><observation moodCode="EVN"{flag}><code code="ASSERTION"/>'
        f"{time}{choice(kind)}{agent}{more}</observation></entryRelationship></act>"
    )


def save(folder: Path, text: str | bytes, name: str = "patient.xml") -> Path:
    """Write a document into *folder*."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read(folder: Path, *sections: str, **changes: str) -> Record:
    """The record of a document with these sections."""
    return open_record(save(folder, document(*sections, **changes)))


def measured(folder: Path, held: str, code: str = "2093-3", **changes: str) -> Observation:
    """The one observation of a document with one result."""
    record = read(folder, section("results", observation(code, held, **changes)))
    return record.observations[0]
