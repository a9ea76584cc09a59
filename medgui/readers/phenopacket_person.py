"""The subject of a phenopacket, and the relatives of a family."""

from __future__ import annotations

from medgui.errors import UnreadableFile
from medgui.i18n import _
from medgui.readers.collected import Collected
from medgui.readers.fhir_values import Broken, JsonObject, child, children, string
from medgui.readers.limits import clean, shortened
from medgui.readers.phenopacket_file import Packet
from medgui.readers.phenopacket_values import term_words, timestamp, when
from medgui.readers.sex import settle_sex
from medgui.readers.systems import LOINC
from medgui.record.model import Coding, Identifier, Observation, Patient

_SEX = {"FEMALE": "female", "MALE": "male"}
_KARYOTYPE = {"XX": "female", "XY": "male"}
_UNKNOWN = ("", "UNKNOWN_SEX", "OTHER_SEX", "UNKNOWN_KARYOTYPE", "OTHER_KARYOTYPE")
HUMAN = ("NCBITaxon:9606", "homo sapiens", "human")


def check_human(packet: Packet) -> None:
    """`UnreadableFile` where the subject is an animal."""
    taxon = child(child(packet.members, "subject"), "taxonomy")
    if taxon and string(taxon, "id") != HUMAN[0] and string(taxon, "label").lower() not in HUMAN:
        sentence = _("{file} is about an animal ({species}); medgui reads files about people.")
        raise UnreadableFile(sentence.format(file=packet.file, species=term_words(taxon)))


def read_subject(packet: Packet, got: Collected, made: str) -> Patient:
    """Identity of the subject, its age and what the file says of its sex."""
    subject = child(packet.members, "subject")
    source = packet.source("subject", text=string(subject, "id"))
    stated, karyotype = string(subject, "sex"), string(subject, "karyotypicSex")
    if subject.get("sex") is not None and stated not in (*_SEX, *_UNKNOWN):
        reason = _("The sex “{text}” is not known; a number is never taken for a sex.")
        got.unread.append(packet.not_read(reason.format(text=clean(str(subject["sex"]))[:20]), "subject"))
    codes = [code for code in (_SEX.get(stated, ""), _KARYOTYPE.get(karyotype, "")) if code]
    sex, sex_source, questions = settle_sex(((), codes, ()), source)
    got.questions += questions
    _stated(packet, subject, karyotype, got)
    _age(packet, subject, got, made)
    others = subject.get("alternateIds")
    listed = [subject.get("id"), *(others if isinstance(others, list) else ())]
    return Patient(
        id=shortened(string(subject, "id")),
        birth_date=_date(packet, subject, got),
        sex=sex,
        administrative_gender="",
        sex_source=sex_source,
        identifiers=tuple(
            Identifier("", shortened(clean(value).strip()))
            for value in listed
            if isinstance(value, str) and value.strip()
        ),
        deceased=_deceased(packet, subject, got),
        source=source,
    )


def _date(packet: Packet, subject: JsonObject, got: Collected) -> str:
    try:
        return timestamp(subject.get("dateOfBirth"))[:10]
    except Broken as problem:
        got.unread.append(packet.not_read(str(problem), "subject", section="patient"))
        return ""


def _deceased(packet: Packet, subject: JsonObject, got: Collected) -> str:
    """Date of death, "yes" where only that is stated, or ""."""
    status = child(subject, "vitalStatus")
    if string(status, "status") != "DECEASED":
        return ""
    cause = term_words(child(status, "causeOfDeath"))
    if cause:
        got.observations.append(_said(packet, "cause_of_death", "79378-6", _("Cause of death"), cause))
    try:
        return when(status.get("timeOfDeath")).iso or "yes"
    except Broken:
        return "yes"


def _said(packet: Packet, id_: str, code: str, name: str, text: str) -> Observation:
    return Observation(
        id=f"{id_}@{packet.where}",
        code=code,
        system=LOINC,
        name=name,
        value=text,
        unit="",
        value_as_written=text,
        unit_as_written="",
        time="",
        source=packet.source("subject", text=text),
        codings=(Coding(code, LOINC),),
    )


def _stated(packet: Packet, subject: JsonObject, karyotype: str, got: Collected) -> None:
    gender = term_words(child(subject, "gender"))
    if gender:
        got.observations.append(_said(packet, "gender", "76691-5", _("Gender identity"), gender))
    if karyotype not in _UNKNOWN:
        got.observations.append(_said(packet, "karyotype", "29770-5", _("Karyotype"), shortened(karyotype)))


def _age(packet: Packet, subject: JsonObject, got: Collected, made: str) -> None:
    """The age that the file states; it is used only where there is no birth date."""
    for key in ("timeAtLastEncounter", "timeAtCollection", "ageAtCollection"):
        if subject.get(key) is None:
            continue
        try:
            found = when(subject[key])
        except Broken as problem:
            got.unread.append(packet.not_read(str(problem), "subject", section="patient"))
            return
        if found.years is not None:
            base = _said(packet, "age", "30525-0", _("Age"), found.words)
            note = _("Age at the last encounter; its date is not stated, the date of the file stands for it.")
            got.observations.append(
                Observation(
                    **{
                        name: getattr(base, name)
                        for name in ("id", "code", "system", "name", "codings", "source")
                    },
                    value=found.years,
                    unit="a",
                    value_as_written=found.words,
                    unit_as_written="",
                    time=made,
                    variable="age",
                    note=note,
                )
            )
        return


# Relatives


def relation(pedigree: JsonObject, proband: str, other: str) -> str:
    """How a member of the family is related to the proband, by the pedigree; "relative" where that does not say."""
    people = {string(item, "individualId"): item for item in children(pedigree, "persons")}
    own, their = people.get(proband, {}), people.get(other, {})
    woman = string(their, "sex") == "FEMALE"
    parents = {string(own, key) for key in ("paternalId", "maternalId")} - {"", "0"}
    if other and other == string(own, "maternalId"):
        return _("mother")
    if other and other == string(own, "paternalId"):
        return _("father")
    if proband in (string(their, "paternalId"), string(their, "maternalId")):
        return _("daughter") if woman else _("child")
    if parents & {string(their, key) for key in ("paternalId", "maternalId")}:
        return _("sister") if woman else _("brother or sister")
    return _("relative")
