"""Phenopackets (GA4GH, version 1 and 2, JSON) to a Record: one person, a family's proband, one of a cohort."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from medgui.errors import UnreadableFile
from medgui.i18n import _
from medgui.readers.chosen import Person, choose
from medgui.readers.collected import Collected
from medgui.readers.fhir_values import Broken, JsonObject, child, children, string
from medgui.readers.limits import clean, shortened
from medgui.readers.patient_file import PatientFile
from medgui.readers.phenopacket_file import Packet, camel, packet, parse
from medgui.readers.phenopacket_findings import (
    of_relative,
    read_disease,
    read_feature,
    read_measurement,
    read_procedure,
    read_treatment,
    unplaced,
)
from medgui.readers.phenopacket_genes import read_interpretation, read_variant
from medgui.readers.phenopacket_person import check_human, read_subject, relation
from medgui.readers.phenopacket_values import Systems, all_words, coding, own_systems, term_words, timestamp
from medgui.readers.sniff import Format, refusal
from medgui.record.model import Completeness, Condition, Document, Patient, Record

_KNOWN = frozenset({
    "id", "subject", "phenotypicFeatures", "measurements", "biosamples", "interpretations", "diseases", "variants",
    "genes", "medicalActions", "files", "htsFiles", "metaData",
})  # fmt: skip
_FAMILY = frozenset({"proband", "relatives", "pedigree", "consanguinousParents"})
_COHORT = frozenset({"members", "description"})


def read_phenopacket(file: PatientFile) -> Record:
    """Read one person of a phenopacket.

    Raises `UnreadableFile` (cut off, no JSON, no person, another version, an animal), for a cohort
    `SeveralPatients`, and `UserError` for a person that is not in the file.
    """
    document, members = parse(file)
    top = packet(file, document, members)
    metadata = child(top.members, "metaData")
    _check_version(file.name, top.members, metadata)
    people = _people(file, top, members)
    chosen, others = _chosen(file, top, people)
    check_human(chosen)
    made = _made(top) or _made(chosen)
    systems = {**own_systems(metadata), **own_systems(child(chosen.members, "metaData"))}
    got = Collected()
    person = _read(file, chosen, systems, made, got)
    for other in others:
        _relative(other, person, child(top.members, "pedigree"), systems, got)
    if chosen is not top:
        _documents(top, got)
        _left_over(top, _KNOWN | _FAMILY | _COHORT, got)
    return got.record(file, person, _completeness(chosen), document_date=made)


def _check_version(name: str, members: JsonObject, metadata: JsonObject) -> None:
    version = string(metadata, "phenopacketSchemaVersion")
    if version and version.removeprefix("v").split(".")[0] not in ("1", "2"):
        sentence = _("{file} is a phenopacket of version {version}; medgui reads versions 1 and 2.")
        raise UnreadableFile(sentence.format(file=name, version=shortened(version, 20)))
    if not ({camel(key) for key in members} & {"subject", "proband", "members", "phenotypicFeatures"}):
        raise refusal(Format.JSON, name) or LookupError(name)


def _made(found: Packet) -> str:
    try:
        return timestamp(child(found.members, "metaData").get("created"))[:10]
    except Broken:
        return ""


def _people(file: PatientFile, top: Packet, members: JsonObject) -> list[Packet]:
    """All phenopackets of the file: itself, a proband with relatives, or the members of a cohort."""
    spelled = {camel(key): key for key in members}
    if "proband" in spelled:
        places: list[tuple[str | int, ...]] = [(spelled["proband"],)]
        places += [("relatives", index) for index in range(_length(members, "relatives"))]
    elif isinstance(members.get("members"), list):
        places = [("members", index) for index in range(_length(members, "members"))]
    else:
        places = []
    found = [_at(file, top, members, place) for place in places] if places else [top]
    people = [one for one in found if child(one.members, "subject")]
    if not people:
        raise UnreadableFile(_("{file} holds no patient.").format(file=file.name))
    return people


def _length(members: JsonObject, key: str) -> int:
    value = members.get(key)
    return len(value) if isinstance(value, list) else 0


def _at(file: PatientFile, top: Packet, members: JsonObject, place: tuple[str | int, ...]) -> Packet:
    value: Any = members
    for step in place:
        value = value[step]
    return packet(file, top.document, value if isinstance(value, dict) else {}, place)


def _chosen(file: PatientFile, top: Packet, people: list[Packet]) -> tuple[Packet, list[Packet]]:
    """The person to read, and the relatives; the proband is who a family is about, unless another is asked for."""
    is_family = child(top.members, "proband")
    if is_family and file.patient is None:
        return people[0], people[1:]
    index = choose(file, [_listed(one, number) for number, one in enumerate(people)])
    return people[index], people[1:] if is_family and index == 0 else []


def _listed(one: Packet, number: int) -> Person:
    subject = child(one.members, "subject")
    name = shortened(string(subject, "id")) or f"#{number + 1}"
    words = (name, string(subject, "dateOfBirth")[:10], string(subject, "sex").replace("_", " ").lower())
    aliases = {string(one.members, "id")} - {""}
    return Person(name, ", ".join(filter(None, words)), aliases)


# One person


def _each(
    found: Packet, key: str, section: str, got: Collected, read: Callable[[int, JsonObject], None]
) -> None:
    """Read the entries of a list; what is broken goes to `unread`."""
    value = found.members.get(key)
    if value is None:
        return
    for index, item in enumerate(value if isinstance(value, list) else [value]):
        if not isinstance(item, dict):
            got.unread.append(found.not_read(_("The entry is no object."), key, index, section))
            continue
        try:
            read(index, item)
        except Broken as problem:
            got.unread.append(found.not_read(str(problem), key, index, section))
        except (TypeError, ValueError, AttributeError, KeyError, IndexError, OverflowError):
            reason = _("The entry is not as the format says.")
            got.unread.append(found.not_read(reason, key, index, section))


def _read(file: PatientFile, found: Packet, systems: Systems, made: str, got: Collected) -> Patient:
    person = read_subject(found, got, made)
    _findings(found, systems, made, got)
    own = {person.id, *(string(item, "id") for item in children(found.members, "biosamples"))}

    def interpret(index: int, item: JsonObject) -> None:
        got.observations.extend(list(read_interpretation(found, index, item, own)))
        got.conditions.extend(_diagnoses(found, index, item, systems, got.conditions))

    _each(found, "interpretations", "observations", got, interpret)
    for key in ("variants", "genes"):
        _each(
            found,
            key,
            "observations",
            got,
            lambda index, item, key=key: got.observations.append(read_variant(found, key, index, item)),  # type: ignore[misc]
        )
    _actions(file, found, systems, got)
    _samples(found, systems, got)
    _documents(found, got)
    _left_over(found, _KNOWN | _FAMILY | _COHORT, got)
    return person


def _findings(found: Packet, systems: Systems, made: str, got: Collected) -> None:
    _each(
        found,
        "phenotypicFeatures",
        "conditions",
        got,
        lambda index, item: got.conditions.append(read_feature(found, index, item, systems, made)),
    )
    _each(
        found,
        "diseases",
        "conditions",
        got,
        lambda index, item: got.conditions.append(read_disease(found, index, item, systems, made)),
    )
    _each(
        found,
        "measurements",
        "observations",
        got,
        lambda index, item: got.observations.extend(list(read_measurement(found, index, item, systems))),
    )


def _diagnoses(
    found: Packet, index: int, item: JsonObject, systems: Systems, known: Iterable[Condition]
) -> list[Condition]:
    """The disease of an interpretation where it is not listed as a disease; confirmed only where it is solved."""
    made = []
    listed = {code.code for condition in known if condition.kind == "condition" for code in condition.codings}
    for number, diagnosis in enumerate(children(item, "diagnosis")):
        term = child(diagnosis, "disease")
        code = coding(term, systems)
        if code is None or code.code in listed:
            continue
        solved = string(item, "progressStatus") == "SOLVED" or string(item, "resolutionStatus") == "SOLVED"
        made.append(
            Condition(
                id=f"diagnosis@{found.where}{index}.{number}",
                codings=(code,),
                name=term_words(term),
                clinical_status="",
                verification="confirmed" if solved else "unconfirmed",
                subject="patient",
                onset="",
                recorded="",
                source=found.source("interpretations", index, term_words(term)),
                usable=solved,
                unusable_reason="" if solved else _("The diagnosis is not confirmed."),
            )
        )
    return made


def _actions(file: PatientFile, found: Packet, systems: Systems, got: Collected) -> None:
    def act(index: int, item: JsonObject) -> None:
        if child(item, "treatment"):
            got.medications.append(read_treatment(found, index, item, systems, file.day.isoformat()))
        else:
            got.conditions.append(read_procedure(found, index, item, systems))
        got.unread += [
            found.not_read(reason, "medicalActions", index, "medications")
            for reason in unplaced(item, systems)
        ]

    _each(found, "medicalActions", "medications", got, act)


def _samples(found: Packet, systems: Systems, got: Collected) -> None:
    """Samples: their measurements are read with their tissue, all else is named as not read."""

    def sample(index: int, item: JsonObject) -> None:
        tissue = term_words(child(item, "sampledTissue"))
        key = f"biosamples[{index}].measurements"
        for number, part in enumerate(children(item, "measurements")):
            read = read_measurement(found, number, part, systems, key=key, specimen=tissue or _("sample"))
            got.observations.extend(list(read))
        rest = {name: value for name, value in item.items() if name not in ("measurements", "taxonomy")}
        words = dict.fromkeys(word for word in all_words(rest) if word)
        sentence = _("The sample “{name}” is not read: {list}.")
        reason = sentence.format(
            name=shortened(string(item, "id"), 60), list=shortened(", ".join(words), 300)
        )
        got.unread.append(found.not_read(reason, "biosamples", index, "observations"))

    _each(found, "biosamples", "observations", got, sample)


def _documents(found: Packet, got: Collected) -> None:
    """Files that the phenopacket names: listed, never opened."""
    for key in ("files", "htsFiles"):
        for index, item in enumerate(children(found.members, key)):
            attributes = child(item, "fileAttributes") or item
            kind = string(attributes, "fileFormat") or string(item, "htsFormat")
            address = string(item, "uri") or string(item, "path")
            facts = [
                (_("Kind of file"), kind),
                (_("Genome"), string(attributes, "genomeAssembly")),
                (_("Description"), string(attributes, "description")),
                (_("Place of the file"), address),
            ]
            got.documents.append(
                Document(
                    id=f"file@{found.where}{key}{index}",
                    title=shortened(address.rsplit("/", 1)[-1]) or _("File"),
                    media_type="text/x-vcf" if kind.lower() == "vcf" else "",
                    time="",
                    source=found.source(key, index, address),
                    facts=tuple((label, shortened(value)) for label, value in facts if value),
                )
            )


def _left_over(found: Packet, known: frozenset[str], got: Collected) -> None:
    for key, value in found.members.items():
        if key not in known and value:
            reason = _("“{name}” is not used.").format(name=shortened(clean(key), 60))
            got.unread.append(found.not_read(reason, key))


def _completeness(found: Packet) -> dict[str, Completeness]:
    """A phenopacket lists what matters to its question, never all."""
    parts = {
        "conditions": ("phenotypicFeatures", "diseases"),
        "medications": ("medicalActions",),
        "observations": ("measurements",),
    }
    return {
        name: Completeness.PARTIAL
        for name, keys in parts.items()
        if any(found.members.get(key) for key in keys)
    }


def _relative(other: Packet, person: Patient, pedigree: JsonObject, systems: Systems, got: Collected) -> None:
    """The findings of a relative as family history; what was looked for and is absent is left out with a note."""
    theirs = Collected()
    _findings(other, systems, "", theirs)
    subject = string(child(other.members, "subject"), "id")
    words = relation(pedigree, person.id, subject)
    present = [condition for condition in theirs.conditions if condition.usable]
    got.conditions += [of_relative(condition, words) for condition in present]
    got.unread += theirs.unread
    sentence = _("Of the relative “{name}” ({relation}) only findings that are present are read.")
    reason = sentence.format(name=shortened(subject, 60), relation=words)
    got.unread.append(replace(other.not_read(reason, "subject"), section="family_history"))
