"""Phenotypic features, diseases, measurements and medical actions of a phenopacket."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from medgui.i18n import _
from medgui.readers.fhir_values import (
    Broken,
    JsonObject,
    check_doubled,
    child,
    children,
    number,
    string,
)
from medgui.readers.json_place import written
from medgui.readers.measured import first_understood, primary
from medgui.readers.phenopacket_file import Packet
from medgui.readers.phenopacket_values import Systems, When, coding, named, term_words, when
from medgui.readers.vocabulary import canonical, variable_of
from medgui.readers.wording import drug_doubt, family, wording_doubt
from medgui.record.dates import day
from medgui.record.model import Condition, Medication, Observation

ABSENT = "refuted"


def _onset(item: JsonObject) -> When:
    """When it began: the one member of version 2, or one of three of version 1."""
    for key in ("onset", "ageOfOnset", "ageRangeOfOnset", "classOfOnset"):
        if item.get(key) is not None:
            return when(item[key])
    return When()


def _detailed(name: str, terms: Iterator[JsonObject]) -> str:
    details = [term_words(term) for term in terms if term_words(term)]
    return f"{name} ({', '.join(details)})" if details else name


def read_feature(packet: Packet, index: int, item: JsonObject, systems: Systems, made: str) -> Condition:
    """A sign or symptom; one that was looked for and is absent is refuted. `Broken` where it names none."""
    check_doubled(item)
    listed, name = named(child(item, "type"), systems)
    absent = item.get("excluded") is True or item.get("negated") is True
    details = (term for key in ("severity", "modifiers") for term in children(item, key))
    return Condition(
        id=f"feature@{packet.where}{index}",
        codings=listed,
        name=_detailed(name, details),
        clinical_status="resolved" if item.get("resolution") else "",
        verification=ABSENT if absent else "confirmed",
        subject="patient",
        onset=_onset(item).text,
        recorded=made,
        source=packet.source("phenotypicFeatures", index, name),
        kind="phenotype",
        usable=not absent,
        unusable_reason=_("It was looked for and is absent.") if absent else "",
    )


def read_disease(packet: Packet, index: int, item: JsonObject, systems: Systems, made: str) -> Condition:
    """A disease; one that was ruled out is refuted. `Broken` where it names none."""
    check_doubled(item)
    listed, name = named(child(item, "term"), systems)
    absent = item.get("excluded") is True
    keys = ("diseaseStage", "clinicalTnmFinding", "tnmFinding", "primarySite", "laterality")
    details = (term for key in keys for term in children(item, key))
    reason = _("The diagnosis was refuted.") if absent else wording_doubt(name)
    return Condition(
        id=f"disease@{packet.where}{index}",
        codings=listed,
        name=_detailed(name, details),
        clinical_status="resolved" if item.get("resolution") else "",
        verification=ABSENT if absent else "confirmed",
        subject="patient",
        onset=_onset(item).text,
        recorded=made,
        source=packet.source("diseases", index, name),
        usable=not reason,
        unusable_reason=reason,
    )


def of_relative(found: Condition, relative: str) -> Condition:
    """A finding of a relative: family history, never a fact about the patient (SAFETY 1)."""
    return replace(found, kind="family_history", subject=relative, usable=False, unusable_reason=family())


# Measurements


def read_measurement(
    packet: Packet,
    index: int,
    item: JsonObject,
    systems: Systems,
    *,
    key: str = "measurements",
    specimen: str = "",
) -> Iterator[Observation]:
    """The values of one measurement. `Broken` where it has no value or one that is not understood."""
    check_doubled(item)
    assay = child(item, "assay")
    parts = [(assay, child(item, "value"))]
    parts += [
        (child(part, "type"), {"quantity": child(part, "quantity")})
        for part in children(child(item, "complexValue"), "typedQuantities")
    ]
    held = [(term, value) for term, value in parts if value]
    if not held:
        raise Broken(_("It holds no value."))
    for number_, (term, value) in enumerate(held):
        base = _frame(packet, index, item, systems, term or assay, key, specimen)
        if len(held) > 1:
            base = replace(base, id=f"{base.id}#{number_ + 1}")
        yield _filled(base, value)


def _frame(
    packet: Packet, index: int, item: JsonObject, systems: Systems, term: JsonObject, key: str, specimen: str
) -> Observation:
    listed, name = named(term, systems)
    code, system = primary(listed)
    time = when(item.get("timeObserved"))
    procedure = term_words(child(child(item, "procedure"), "code"))
    return Observation(
        id=f"measurement@{packet.where}{index}{specimen and '@' + key}",
        code=code,
        system=system,
        name=name,
        value=None,
        unit="",
        value_as_written="",
        unit_as_written="",
        time=time.iso,
        source=packet.source(key, index),
        variable=variable_of(listed, specimen),
        codings=listed,
        specimen=specimen,
        method=procedure,
        note=" ".join(filter(None, (time.words if not time.iso else "", string(item, "description")))),
    )


def _filled(base: Observation, value: JsonObject) -> Observation:
    quantity = child(value, "quantity")
    term = child(value, "ontologyClass")
    if not quantity:
        text = term_words(term)
        if not text:
            raise Broken(_("It holds no value."))
        source = replace(base.source, text=text)
        usable = not base.variable
        reason = "" if usable else _("The answer “{text}” is not known.").format(text=text)
        return replace(
            base, value=text, value_as_written=text, source=source, usable=usable, unusable_reason=reason
        )
    figure = number(quantity.get("value"))
    if figure is None:
        raise Broken(_("It holds no value."))
    text = written(quantity.get("value"))
    units = _units(child(quantity, "unit"))
    brought = first_understood(figure, units, base.variable)
    shown = units[-1]
    return replace(
        base,
        value=brought.value,
        unit=brought.unit,
        value_as_written=text,
        unit_as_written=shown,
        source=replace(base.source, text=f"{text} {shown}".strip()),
        reference_range=_range(child(quantity, "referenceRange"), units, base.variable, brought.unit),
    )


def _units(term: JsonObject) -> tuple[str, ...]:
    """What a file says of a unit: the UCUM code, then the label; codes of other ontologies are no unit."""
    code, label = string(term, "id"), string(term, "label")
    found = (code[5:] if code.startswith("UCUM:") else "", label)
    return tuple(text for text in found if text) or (code,)


def _range(
    holder: JsonObject, units: tuple[str, ...], variable: str, unit: str
) -> tuple[float | None, float | None] | None:
    """The file's own normal range, where its unit is that of the value."""
    used = (_units(child(holder, "unit"))[0] if child(holder, "unit") else "") or units[0]
    ends: list[float | None] = []
    for key in ("low", "high"):
        try:
            figure = number(holder.get(key))
        except Broken:
            figure = None
        brought = canonical(figure, used, variable) if figure is not None else None
        ends.append(brought.value if brought and brought.unit == unit else None)
    low, high = ends
    if (low is None and high is None) or (low is not None and high is not None and low > high):
        return None
    return low, high


# Actions


def read_treatment(
    packet: Packet, index: int, action: JsonObject, systems: Systems, today: str
) -> Medication:
    """A drug that was given. Whether it is taken now a phenopacket says only by the end of its doses."""
    check_doubled(action)
    item = child(action, "treatment")
    listed, name = named(child(item, "agent"), systems)
    intervals = list(children(item, "doseIntervals"))
    spans = [child(part, "interval") for part in intervals]
    starts = [when(part.get("start")).iso for part in spans if isinstance(part.get("start"), str)]
    ends = [when(part.get("end")).iso for part in spans if isinstance(part.get("end"), str)]
    status = _status(action, ends, today)
    reason = drug_doubt("", status)
    return Medication(
        id=f"treatment@{packet.where}{index}",
        codings=listed,
        name=name,
        status=status,
        dose=_dose(intervals[0]) if intervals else "",
        route=term_words(child(item, "routeOfAdministration")),
        start=min(starts, default=""),
        end=max(ends, default=""),
        source=packet.source("medicalActions", index, name),
        usable=not reason,
        unusable_reason=reason,
        frequency=term_words(child(intervals[0], "scheduleFrequency")) if intervals else "",
    )


def _status(action: JsonObject, ends: list[str], today: str) -> str:
    if child(action, "treatmentTerminationReason"):
        return "stopped"
    last = day(max(ends, default=""))
    return "completed" if last and last.isoformat() < today else "unknown"


def _dose(interval: JsonObject) -> str:
    quantity = child(interval, "quantity")
    return f"{written(quantity.get('value'))} {_units(child(quantity, 'unit'))[-1]}".strip()


_REGIMEN = {"STARTED": "in-progress", "COMPLETED": "completed", "DISCONTINUED": "stopped"}


def read_procedure(packet: Packet, index: int, action: JsonObject, systems: Systems) -> Condition:
    """A procedure, radiation or regimen as a past event. `Broken` where it names none."""
    check_doubled(action)
    procedure, radiation = child(action, "procedure"), child(action, "radiationTherapy")
    regimen = child(action, "therapeuticRegimen")
    term = (
        child(procedure, "code")
        or child(radiation, "modality")
        or child(regimen, "ontologyClass")
        or child(regimen, "externalReference")
    )
    if not string(term, "label") and string(term, "description"):
        term = {**term, "label": string(term, "description")}
    listed, name = named(term, systems)
    sites = (child(part, "bodySite") for part in (procedure, radiation))
    status = _REGIMEN.get(string(regimen, "status"), "") if regimen else "completed"
    reason = "" if status else _("The file does not say that the procedure was done.")
    return Condition(
        id=f"action@{packet.where}{index}",
        codings=listed,
        name=_detailed(name, sites),
        clinical_status=status,
        verification="",
        subject="patient",
        onset=when(procedure.get("performed") or regimen.get("startTime")).text,
        recorded="",
        source=packet.source("medicalActions", index, name),
        kind="procedure",
        usable=not reason,
        unusable_reason=reason,
    )


def unplaced(action: JsonObject, systems: Systems) -> list[str]:
    """What stands beside an action and has no place of its own in a record."""
    sentences = {
        "adverseEvents": _("Side effects of the treatment: {list}."),
        "responseToTreatment": _("Response to the treatment: {list}."),
        "treatmentTerminationReason": _("Why the treatment was stopped: {list}."),
    }
    found = []
    for key, sentence in sentences.items():
        terms = [term_words(term) for term in children(action, key) if coding(term, systems)]
        if terms:
            found.append(sentence.format(list=", ".join(terms)))
    return found
