"""The person of a FHIR file: who it is about, identity, and sex by the order of SAFETY 3."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from medgui.errors import NoPatient, SeveralPatients, UserError
from medgui.i18n import _, format_list, ngettext
from medgui.readers.fhir_bundle import Entry, FhirFile
from medgui.readers.fhir_values import (
    Broken,
    JsonObject,
    child,
    children,
    codings,
    concept_text,
    date_text,
    string,
)
from medgui.readers.limits import clean, shortened
from medgui.readers.sex import settle_sex
from medgui.record.dates import span
from medgui.record.model import Identifier, Patient, Question, Sex, Unread

_US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/"
_SPCU = (
    "http://hl7.org/fhir/StructureDefinition/patient-sexParameterForClinicalUse",
    "http://hl7.org/fhir/uv/gender-harmony/StructureDefinition/sex-for-clinical-use",
)
_RECORDED = (
    "http://hl7.org/fhir/StructureDefinition/individual-recordedSexOrGender",
    "http://hl7.org/fhir/StructureDefinition/patient-birthSex",
    _US_CORE + "us-core-individual-sex",
    _US_CORE + "us-core-sex",
    _US_CORE + "us-core-birthsex",
)
_BIRTH_SEX = re.compile(r"/[^/]*birth-?sex$|/[^/]*sex-?(?:assigned-?)?at-?birth$", re.IGNORECASE)
"""Extensions of national guides, as that of UK Core."""
_IDENTITY = re.compile(r"identity|pronoun", re.IGNORECASE)
RACES = {"2106-3": "NH White", "2054-5": "NH Black", "2028-9": "NH Asian"}
HISPANIC, NOT_HISPANIC = "2135-2", "2186-5"


def choose(file: FhirFile, wanted: str | None) -> Entry:
    """The Patient entry to read.

    *wanted* is an id or identifier; of a file without patients, the id that its entries refer to. A document names
    its subject itself. `NoPatient` where the file holds no patient, `SeveralPatients` where it holds several and none
    was chosen, `UserError` for one not in it.
    """
    patients = people_in(file)
    if not patients:
        named = _named_people(file)
        if wanted is not None and wanted in named:
            return Entry({"resourceType": "Patient", "id": wanted}, 0, 0, ())
        raise NoPatient(_("{file} holds no patient.").format(file=file.name), named)
    if wanted is not None:
        for entry in patients:
            if wanted in names_of(entry):
                return entry
        listed = format_list([entry.id for entry in patients[:10]])
        sentence = _("{file} holds no patient {patient}; it holds: {list}.")
        raise UserError(sentence.format(file=file.name, patient=wanted, list=listed))
    if len(patients) == 1:
        return patients[0]
    subject = _document_subject(file)
    if subject is not None:
        return subject
    sentence = ngettext(
        "{file} holds {n} patient; choose one.", "{file} holds {n} patients; choose one.", len(patients)
    )
    listed_patients = [(entry.id, label(entry.resource)) for entry in patients]
    raise SeveralPatients(sentence.format(file=file.name, n=len(patients)), listed_patients)


def people_in(file: FhirFile) -> list[Entry]:
    """The people of a file; those inside of other resources where no entry is one."""
    seen: dict[str, Entry] = {}
    for number, entry in enumerate(file.of_kind("Patient")):
        seen.setdefault(entry.id or f"#{number}", entry)
    replaced = {old for new, old in replacements(file) if new in seen}
    return [entry for key, entry in seen.items() if key not in replaced] or _inside(file)


def replacements(file: FhirFile) -> set[tuple[str, str]]:
    """(new, old) ids of entries of one person that were put together, by what the entries themselves say."""
    found = set()
    for entry in file.of_kind("Patient"):
        for item in children(entry.resource, "link"):
            other = file.find(string(child(item, "other"), "reference"))
            if other is None or other is entry or contradict(entry.resource, other.resource):
                continue
            if string(item, "type") == "replaced-by":
                found.add((other.id, entry.id))
            elif string(item, "type") == "replaces":
                found.add((entry.id, other.id))
    return found


def _named_people(file: FhirFile) -> tuple[str, ...]:
    """The ids of the people that the entries of a file are about, as bulk exports write them apart from these."""
    found: dict[str, None] = {}
    for entry in file.entries:
        subject = child(entry.resource, "subject") or child(entry.resource, "patient")
        bare = string(subject, "reference").partition("/_history/")[0]
        _before, kind, name = bare.rpartition("Patient/")
        if kind and name:
            found.setdefault(name)
    return tuple(found)


def contradict(one: JsonObject, other: JsonObject) -> bool:
    """Whether two Patient entries cannot be one person: by birth date, else by gender."""
    born, also = span(string(one, "birthDate")), span(string(other, "birthDate"))
    if born and also:
        return born[1] < also[0] or also[1] < born[0]
    genders = {string(one, "gender"), string(other, "gender")} & {"female", "male"}
    return len(genders) > 1


def _inside(file: FhirFile) -> list[Entry]:
    found: list[Entry] = []
    for entry in file.entries:
        for number, item in enumerate(children(entry.resource, "contained")):
            is_new = all(item != other.resource for other in found)
            if string(item, "resourceType") == "Patient" and is_new:
                place = (*entry.place, "contained", number)
                found.append(Entry(item, entry.index, entry.anchor, place, in_bundle=entry.in_bundle))
    return found


def names_of(entry: Entry) -> set[str]:
    """All that chooses a patient: ids, address, identifiers."""
    values = {string(item, "value") for item in children(entry.resource, "identifier")}
    return {entry.id, entry.full_url, f"Patient/{entry.id}", *values} - {""}


def _document_subject(file: FhirFile) -> Entry | None:
    for composition in file.of_kind("Composition"):
        for subject in children(composition.resource, "subject"):
            found = file.find(string(subject, "reference"))
            if found is not None and found.kind == "Patient":
                return found
    return None


def label(resource: JsonObject) -> str:
    """A patient for a list to choose from: name, birth date, gender."""
    family, given = name_of(resource)
    parts = [
        " ".join(part for part in (given, family) if part),
        string(resource, "birthDate"),
        string(resource, "gender"),
    ]
    return ", ".join(part for part in parts if part)


def name_of(resource: JsonObject) -> tuple[str, str]:
    """Family and given names: the official or usual name, not one that is over."""
    names = list(children(resource, "name"))
    order = {
        "official": 0,
        "usual": 1,
        "": 2,
        "temp": 3,
        "nickname": 4,
        "anonymous": 5,
        "maiden": 6,
        "old": 7,
    }
    names.sort(key=lambda item: (bool(child(item, "period").get("end")), order.get(string(item, "use"), 5)))
    for item in names:
        listed = item.get("given")
        parts = listed if isinstance(listed, list) else [listed]
        given = " ".join(clean(part).strip() for part in parts if isinstance(part, str))
        family = string(item, "family")
        if family or given:
            return shortened(family), shortened(given)
        if string(item, "text"):
            return shortened(string(item, "text")), ""
    return "", ""


def read_patient(file: FhirFile, entry: Entry) -> tuple[Patient, list[Question], list[Unread]]:
    """Identity of the person. Sex is None, with a question, where definite statements contradict each other."""
    resource = entry.resource
    unread: list[Unread] = []
    family, given = name_of(resource)
    birth_date = _checked_date(file, entry, "birthDate", unread)
    sex, sex_source, questions = settle_sex(sex_statements(resource), file.source(entry))
    patient = Patient(
        id=entry.id,
        family=family,
        given=given,
        birth_date=birth_date[:10],
        sex=sex,
        administrative_gender=string(resource, "gender"),
        sex_source=sex_source,
        identifiers=tuple(_identifiers(resource)),
        deceased=_deceased(file, entry, unread),
        ethnicity=_ethnicity(resource),
        is_test=is_test(resource) or is_test(file.bundle),
        source=file.source(entry),
    )
    return patient, questions, unread


def _checked_date(file: FhirFile, entry: Entry, key: str, unread: list[Unread]) -> str:
    try:
        found = date_text(entry.resource.get(key))
        if key == "birthDate" and found[11:16] not in ("", "00:00"):
            raise Broken(
                _("“{text}” is a time; in which place it was this day is not stated.").format(text=found)
            )
        return found
    except Broken as problem:
        unread.append(file.not_read(entry, str(problem), "patient"))
        return ""


def _identifiers(resource: JsonObject) -> Iterator[Identifier]:
    for item in children(resource, "identifier"):
        value = string(item, "value")
        if value:
            kind = next(iter(codings(child(item, "type"))), None)
            yield Identifier(string(item, "system"), value, kind.code if kind else "")


def _deceased(file: FhirFile, entry: Entry, unread: list[Unread]) -> str:
    """Date of death, "yes" where only that is stated, or ""."""
    if entry.resource.get("deceasedDateTime") is not None:
        return _checked_date(file, entry, "deceasedDateTime", unread) or "yes"
    return "yes" if entry.resource.get("deceasedBoolean") in (True, "true") else ""


def is_test(resource: JsonObject) -> bool:
    """Whether a resource is marked as test data, or comes from a generator of synthetic patients."""
    meta = child(resource, "meta")
    marks = [item for key in ("tag", "security") for item in children(meta, key)]
    if any(
        string(item, "code") in ("HTEST", "HTESTD") or "synthea" in string(item, "code") for item in marks
    ):
        return True
    return any("synthea" in string(item, "system") for item in children(resource, "identifier"))


# Sex


def sex_statements(resource: JsonObject) -> tuple[list[str], list[str], list[str]]:
    """What an entry states of the sex: for clinical use, recorded, administrative."""
    extensions = list(children(resource, "extension"))
    use = [value for item in extensions if string(item, "url") in _SPCU for value in _extension_codes(item)]
    recorded = [value for item in extensions if _is_recorded_sex(item) for value in _extension_codes(item)]
    return use, recorded, [string(resource, "gender")]


def resettle_sex(
    file: FhirFile, entry: Entry, stated: Iterable[str]
) -> tuple[Sex | None, str, list[Question]]:
    """Sex where observations of the file state it too (SAFETY 3): they stand beside the recorded one."""
    use, recorded, administrative = sex_statements(entry.resource)
    return settle_sex((use, [*recorded, *stated], administrative), file.source(entry))


def _is_recorded_sex(extension: JsonObject) -> bool:
    """Whether an extension records the sex, and not the gender identity that some file in its place."""
    url = string(extension, "url")
    if url not in _RECORDED and not _BIRTH_SEX.search(url):
        return False
    kinds = (item for item in children(extension, "extension") if string(item, "url") == "type")
    return not any(_IDENTITY.search(concept_text(child(item, "valueCodeableConcept"))) for item in kinds)


def _extension_codes(extension: JsonObject) -> Iterator[str]:
    """Codes that an extension holds itself or in its part named "value"."""
    parts = [
        extension,
        *(item for item in children(extension, "extension") if string(item, "url") == "value"),
    ]
    for part in parts:
        yield from (string(part, key).lower() for key in ("valueCode", "valueString") if string(part, key))
        yield from (coding.code.lower() for coding in codings(child(part, "valueCodeableConcept")))
        if string(child(part, "valueCoding"), "code"):
            yield string(child(part, "valueCoding"), "code").lower()


# Ethnicity


def _ethnicity(resource: JsonObject) -> str:
    """US Core race and ethnicity as the standard text; "" unless both are stated (Hispanic needs no race)."""
    hispanic = _categories(resource, "us-core-ethnicity")
    if HISPANIC in hispanic:
        return "Hispanic"
    races = _categories(resource, "us-core-race")
    stated = {code for code in races if code not in ("UNK", "ASKU")}
    if NOT_HISPANIC not in hispanic or not stated:
        return ""
    return RACES.get(next(iter(stated)), "Other") if len(stated) == 1 else "Other"


def _categories(resource: JsonObject, name: str) -> set[str]:
    found: set[str] = set()
    for extension in children(resource, "extension"):
        if string(extension, "url") == _US_CORE + name:
            for part in children(extension, "extension"):
                if string(part, "url") == "ombCategory":
                    found.add(string(child(part, "valueCoding"), "code"))
    return found - {""}
