"""Whose entry is it? Tells what is about the patient that is read from what is about others."""

from __future__ import annotations

from medgui.i18n import _
from medgui.readers.fhir_bundle import Entry, FhirFile
from medgui.readers.fhir_patient import name_of, names_of, people_in, replacements, sex_statements
from medgui.readers.fhir_values import JsonObject, child, children, concept_text, string
from medgui.readers.sex import settle_sex
from medgui.record.dates import age_years, day
from medgui.record.model import Source


def _number(identifier: JsonObject) -> tuple[str, str]:
    """System and value of an identifier as they are compared: "943 476 5919" is 9434765919."""
    return string(identifier, "system").rstrip("/"), "".join(string(identifier, "value").split())


def is_withdrawn(file: FhirFile) -> bool:
    """Whether a file is one document that its author withdrew."""
    if string(file.bundle, "type") != "document":
        return False
    return [string(entry.resource, "status") for entry in file.of_kind("Composition")] == ["entered-in-error"]


class Subject:
    """Tells whether an entry is about the patient that is read."""

    def __init__(self, file: FhirFile, patient: Entry) -> None:
        self.file = file
        self.patient = patient
        self.names = names_of(patient)
        self.numbers = {_number(item) for item in children(patient.resource, "identifier")} - {("", "")}
        replaced = {old for new, old in replacements(file) if new == patient.id}
        self.ids = {patient.id, *replaced}
        self.alone = len(people_in(file)) == 1
        self.sex = settle_sex(sex_statements(patient.resource), Source(""))[0]
        self.withdrawn = is_withdrawn(file)
        self._known: dict[str, bool] = {}

    def age_at(self, time: str) -> float | None:
        """Age in years on a day, None where birth date or day is not exactly known."""
        born, when = day(string(self.patient.resource, "birthDate")), day(time)
        return age_years(born, when) if born and when else None

    def is_patient(self, reference: JsonObject, owner: JsonObject) -> bool | None:
        """True: the patient; False: someone else in the file or elsewhere; None: not stated.

        *owner* is the resource that refers, and may hold its patient inside.
        """
        text = string(reference, "reference")
        if text.startswith("#"):
            return self._is_inside(owner, text[1:])
        if text:
            if text not in self._known:
                self._known[text] = self._names_patient(text)
            return self._known[text]
        system, value = _number(child(reference, "identifier"))
        if not value:
            return None
        return any(
            value == own and (not system or not place or system == place) for place, own in self.numbers
        )

    def _is_inside(self, owner: JsonObject, name: str) -> bool:
        held = next((item for item in children(owner, "contained") if item.get("id") == name), {})
        if string(held, "resourceType") != "Patient":
            return False
        numbers = {_number(item) for item in children(held, "identifier")} - {("", "")}
        own, born = self.patient.resource, string(held, "birthDate")
        same_name = bool(born) and born == string(own, "birthDate") and name_of(held) == name_of(own)
        return held == own or same_name or bool(numbers & self.numbers)

    def _names_patient(self, text: str) -> bool:
        found = self.file.find(text)
        if found is not None:
            return found.kind == "Patient" and found.id in self.ids
        if text.startswith("Patient?identifier="):
            system, _bar, value = text.partition("=")[2].rpartition("|")
            return _number({"system": system, "value": value}) in self.numbers
        bare = text.partition("/_history/")[0].removeprefix("urn:uuid:")
        return text in self.names or bare.rpartition("Patient/")[2] in self.ids

    def is_unclear(self, resource: JsonObject) -> bool:
        """Whether an entry names nobody in a file of several people."""
        reference = child(resource, "subject") or child(resource, "patient")
        return not self.alone and self.is_patient(reference, resource) is None

    def belongs(self, resource: JsonObject) -> bool:
        """Whether an entry goes to this patient's record at all (others of the file have their own)."""
        reference = child(resource, "subject") or child(resource, "patient")
        stated = self.is_patient(reference, resource)
        if stated is None:
            return self.alone
        if stated:
            return True
        found = self.file.find(string(reference, "reference"))
        return self.alone and (found is None or found.kind != "Patient")

    def doubt(self, resource: JsonObject) -> str:
        """Why an entry of this record is not a fact about the patient; "" where it is."""
        reference = child(resource, "subject") or child(resource, "patient")
        if self.withdrawn:
            return _("The document was withdrawn (entered in error).")
        if self.is_patient(reference, resource) is False:
            return _("About someone or something else ({subject}).").format(subject=subject_text(reference))
        focus = [item for item in children(resource, "focus") if self.is_patient(item, resource) is not True]
        if focus:
            return _("About someone or something else ({subject}).").format(subject=subject_text(focus[0]))
        return ""


def subject_text(reference: JsonObject) -> str:
    """A Reference in words."""
    return (
        string(reference, "display")
        or string(reference, "reference")
        or string(child(reference, "identifier"), "value")
        or concept_text(child(reference, "type"))
        or "?"
    )


def modifiers(resource: JsonObject) -> str:
    """Why an entry with a modifier extension is not used; "" where it has none."""
    listed = [string(item, "url").rpartition("/")[2] for item in children(resource, "modifierExtension")]
    if not listed:
        return ""
    return _("Its meaning is changed by something medgui does not know ({name}).").format(name=listed[0])
