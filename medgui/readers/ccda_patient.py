"""The person of a C-CDA document: identity, sex by the order of SAFETY 3, death, race and ethnicity."""

from __future__ import annotations

import re
from collections.abc import Iterator

from medgui.errors import UnreadableFile, UserError
from medgui.i18n import _, format_list
from medgui.readers.ccda_file import CcdaFile, about_other, is_denied
from medgui.readers.ccda_values import iso_time
from medgui.readers.fhir_patient import HISPANIC, NOT_HISPANIC, RACES
from medgui.readers.limits import shortened
from medgui.readers.sex import settle_sex
from medgui.readers.xml_place import Node
from medgui.record.model import Identifier, Patient, Question, Source, Unread

_FOR_CLINICAL_USE = frozenset({"99501-9"})
_RECORDED_SEX = frozenset({"76689-9", "46098-0"})
_SOCIAL_SECURITY = "2.16.840.1.113883.4.1"
_OMB_RACES = frozenset({"1002-5", "2028-9", "2054-5", "2076-8", "2106-3", "2131-1"})
_SUFFIX = re.compile(r"(jr|sr|ii|iii|iv|v)\.?", re.IGNORECASE)
_DIED = re.compile(r"\b(expired|died|deceased|death)\b", re.IGNORECASE)
_TEST_CODES = frozenset({"HTEST", "HTESTD"})


def read_patient(file: CcdaFile, wanted: str | None) -> tuple[Patient, list[Question], list[Unread]]:
    """Identity of the person a document is about.

    `UnreadableFile` where it is about nobody or about several people, `UserError` where *wanted* is another.
    """
    role = _role(file)
    person = role.child("patient")
    identifiers = tuple(sorted(_identifiers(role), key=lambda item: item.kind == "SS"))
    names = {item.value for item in identifiers}
    if wanted is not None and wanted not in names:
        sentence = _("{file} holds no patient {patient}; it holds: {list}.")
        listed = format_list(sorted(names)[:10])
        raise UserError(sentence.format(file=file.name, patient=wanted, list=listed))
    where = _("{place}, line {line}").format(place="recordTarget", line=role.line)
    source = Source(file.name, where, "", role.line, column=role.column)
    sex, sex_source, questions = settle_sex(_sex_statements(file, person), source)
    family, given = _name(person)
    birth, unread = _birth_date(person)
    patient = Patient(
        id=identifiers[0].value if identifiers else "",
        family=family,
        given=given,
        birth_date=birth[:10],
        sex=sex,
        administrative_gender=_gender(person),
        sex_source=sex_source,
        identifiers=identifiers,
        deceased=_deceased(file, person),
        ethnicity=_ethnicity(person),
        is_test=_is_test(file),
        source=source,
    )
    return patient, questions, unread


def _role(file: CcdaFile) -> Node:
    roles = [role for role in file.root.each("recordTarget", "patientRole") if role.child("patient")]
    if not roles:
        raise UnreadableFile(_("{file} holds no patient.").format(file=file.name))
    people = {
        (" ".join(_name(role.child("patient"))).casefold(), iso_time(_birth(role).at("value"))[:10])
        for role in roles
    }
    if len(people) > 1:
        sentence = _("{file} is one document about several patients; medgui reads documents about one.")
        raise UnreadableFile(sentence.format(file=file.name))
    return roles[0]


def _birth(role: Node) -> Node:
    return role.child("patient", "birthTime")


def _identifiers(role: Node) -> Iterator[Identifier]:
    for node in role.children("id"):
        root, extension = node.at("root"), node.at("extension")
        if node.at("nullFlavor") or not (root or extension):
            continue
        system = f"urn:{'oid' if root[:2] in ('0.', '1.', '2.') else 'uuid'}:{root}" if root else ""
        kind = "SS" if root == _SOCIAL_SECURITY else ""
        yield Identifier(system if extension else "", extension or root, kind)


def _name(person: Node) -> tuple[str, str]:
    """Family and given names: the legal name, not one that is over or a name at birth."""

    def order(name: Node) -> tuple[bool, int]:
        use = name.at("use").upper().split()
        over = bool(name.child("validTime", "high").at("value"))
        return over, 0 if "L" in use else 1 if not use else 2 if "C" in use else 3

    for name in sorted(person.children("name"), key=order):
        given = [part for part in name.children("given") if part.at("qualifier") not in ("CL", "BR")]
        if not any(len(part.words()) > 1 for part in given):
            given = list(name.children("given"))
        first = " ".join(filter(None, (part.words() for part in given)))
        parts = [part for part in name.children("family") if part.at("qualifier") != "BR"]
        last = " ".join(filter(None, (part.words() for part in parts or name.children("family"))))
        suffixes = [part.words() for part in name.children("suffix") if _SUFFIX.fullmatch(part.words())]
        if first or last:
            return shortened(" ".join(filter(None, (last, *suffixes)))), shortened(first)
        last, _comma, first = name.words().partition(",")
        if last:
            return shortened(last.strip()), shortened(first.strip())
    return "", ""


def _birth_date(person: Node) -> tuple[str, list[Unread]]:
    node = person.child("birthTime")
    written = node.at("value")
    found = iso_time(written)
    if found or not written:
        return found, []
    reason = _("The birth date “{date}” is not understood.").format(date=shortened(written, 40))
    return "", [Unread("birthTime", reason, node.line, "patient")]


def _gender(person: Node) -> str:
    code = person.child("administrativeGenderCode")
    stated = code.at("displayName") or code.at("code") or code.child("originalText").words()
    return shortened(stated, 40)


def _sex_statements(file: CcdaFile, person: Node) -> tuple[list[str], list[str], list[str]]:
    use: list[str] = []
    recorded: list[str] = []
    for node in _own_observations(file):
        if is_denied(node):
            continue
        asked, value = node.child("code").at("code"), node.child("value")
        if asked in _FOR_CLINICAL_USE:
            use += [value.at("code"), value.at("displayName")]
        elif asked in _RECORDED_SEX:
            recorded += [value.at("code"), value.at("displayName")]
    return use, recorded, list(_administrative(person))


def _own_observations(file: CcdaFile) -> Iterator[Node]:
    """All observations of the entries that are about the patient."""
    for section in file.sections:
        for entry in section.entries:
            if section.about or about_other(entry):
                continue
            for node in entry.iter("observation"):
                if isinstance(node, Node) and not about_other(node):
                    yield node


def _administrative(person: Node) -> Iterator[str]:
    """The administrative gender as its code, its names and its translations state it."""
    code = person.child("administrativeGenderCode")
    for place in (code, *code.children("translation")):
        yield from (place.at("code"), place.at("displayName"))
    yield code.child("originalText").words()


def _deceased(file: CcdaFile, person: Node) -> str:
    """Date of death, "yes" where only that is stated, or ""."""
    when = person.child("sdtc:deceasedTime")
    if when.at("value"):
        return iso_time(when.at("value")) or "yes"
    if person.child("sdtc:deceasedInd").at("value").lower() in ("true", "1"):
        return "yes"
    left = file.root.child("componentOf", "encompassingEncounter", "dischargeDispositionCode")
    return "yes" if left.at("code").lower() == "exp" or _DIED.search(left.at("displayName")) else ""


def _ethnicity(person: Node) -> str:
    """Race and ethnicity as the standard text; "" unless both are stated (Hispanic needs no race)."""
    groups = {node.at("code") for node in person.children("ethnicGroupCode", "sdtc:ethnicGroupCode")}
    if HISPANIC in groups:
        return "Hispanic"
    races = {node.at("code") for node in person.children("raceCode", "sdtc:raceCode")} & _OMB_RACES
    if NOT_HISPANIC not in groups or not races:
        return ""
    return RACES.get(next(iter(races)), "Other") if len(races) == 1 else "Other"


def _is_test(file: CcdaFile) -> bool:
    """Whether the document is marked as test data, or comes from a generator of synthetic patients."""
    if file.root.child("confidentialityCode").at("code") in _TEST_CODES:
        return True
    devices = file.root.each("author", "assignedAuthor", "assignedAuthoringDevice")
    return any("synthea" in device.words().lower() for device in devices)
