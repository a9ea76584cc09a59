"""HL7 v2 messages (2.1-2.9) to a Record: results, visits, documents, drugs, vaccinations, problems, allergies.

A message tells what happened, never all that is known: no list of it counts as complete (SAFETY 2).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from medgui.readers.collected import Collected, not_used
from medgui.readers.hl7_clinical import (
    is_vaccination,
    read_allergy,
    read_diagnosis,
    read_problem,
    read_procedure,
    read_vaccination,
)
from medgui.readers.hl7_corrections import Told, key_of, settled
from medgui.readers.hl7_documents import attached, comments, report, take_reports
from medgui.readers.hl7_drugs import DRUGS, PARTS, DrugGroup, drug_groups, latest_orders, read_drug
from medgui.readers.hl7_orders import Order, Result, Sorted, sort_segments
from medgui.readers.hl7_patient import Person, Stretch, choose, people, read_patient, stretches
from medgui.readers.hl7_results import Reported, observe
from medgui.readers.hl7_text import Message, Segment, open_hl7
from medgui.readers.hl7_values import iso_time
from medgui.readers.patient_file import PatientFile
from medgui.record.dates import moment
from medgui.record.model import Completeness, Document, Medication, Record, Unread

_NOT_CLINICAL = frozenset({
    "MSH", "MSA", "ERR", "EVN", "SFT", "UAC", "PID", "PD1", "NK1", "MRG", "PV1", "PV2", "ROL", "PRT", "ARV", "DB1",
    "GT1", "IN1", "IN2", "IN3", "ACC", "UB1", "UB2", "DRG", "PDA", "RF1", "PRD", "CTD", "AUT", "CON", "TQ1", "TQ2",
    "SAC", "SID", "TCD", "INV", "CTI", "FT1", "BLG", "SCH", "RGS", "AIS", "AIG", "AIL", "AIP", "APR", "QRD", "QRF",
    "QPD", "RCP", "QAK", "DSP", "PEO", "GSP", "GSC", "GSR", "EDU", "LAN", "ORG", "STF", "PRA", "AFF", "CER", "NPU",
    "PSH", "URD", "URS", "OH1", "OH2", "OH3", "OH4", "IAR", "BHS", "FHS",
})  # fmt: skip
"""Segments of administration: who, where, who pays, when the next visit is."""


@dataclass(slots=True)
class _Found(Collected):
    """With what later messages may still change, and the segments that are not used."""

    results: list[Told] = field(default_factory=list)
    drugs: list[tuple[DrugGroup, Medication]] = field(default_factory=list)
    other: Counter[str] = field(default_factory=Counter)
    sections: set[str] = field(default_factory=set)


def read_hl7(file: PatientFile) -> Record:
    """Read one patient of a file of HL7 v2 messages.

    Raises `UnreadableFile` (no message, no patient), `SeveralPatients`, and `UserError` for a patient that is not
    in the file.
    """
    opened = open_hl7(file)
    listed, nameless = stretches(opened)
    person = choose(people(_by_time(listed), file.day), file)
    patient, questions, notes = read_patient(opened, person, file.day)
    got = _Found(questions=questions, unread=[*opened.unread, *nameless, *notes])
    for stretch in person.stretches:
        _Stretch(file.name, stretch, got).read()
    got.observations = settled(got.results)
    got.medications = list(latest_orders(got.drugs))
    got.unread = [*dict.fromkeys(got.unread), *not_used(got.other)]
    states = dict.fromkeys(sorted(got.sections), Completeness.PARTIAL)
    return got.record(file, patient, states, document_date=_document_date(person))


def _written(message: Message) -> str:
    """When a message was made, "" where it does not say."""
    return iso_time(message.header.text(7)) or ""


def _by_time(listed: list[Stretch]) -> list[Stretch]:
    """Stretches in the order in which their messages were made; one without a time stays behind the one before it."""
    last: tuple[float, str] = (-math.inf, "")
    keys = []
    for each in listed:
        written = _written(each.message)
        last = moment(written) if written else last
        keys.append(last)
    return [listed[index] for index in sorted(range(len(listed)), key=keys.__getitem__)]


def _document_date(person: Person) -> str:
    """When the last of the messages was written."""
    return max((_written(each.message) for each in person.stretches), default="")


class _Stretch:
    """Reads what one message says about the patient into `got`."""

    def __init__(self, file: str, stretch: Stretch, got: _Found) -> None:
        self.file, self.stretch, self.got = file, stretch, got
        self.message: Message = stretch.message

    def read(self) -> None:
        found = sort_segments(self.stretch)
        for order in found.orders:
            self._order(order)
        for segment, _orc in found.others:
            self._segment(segment)
        self._drugs(found)
        time = iso_time(self.message.header.text(7)) or ""
        self._documents(comments(found.comments, "", time, self.file))

    def _documents(self, found: Iterable[Document]) -> None:
        self.got.documents.extend(found)

    def _order(self, order: Order) -> None:
        lines, others = take_reports(order)
        if lines:
            self._documents(report(order, lines, self.file))
        for result in order.results:
            self._documents(attached(order, result, self.file))
        for result in others:
            self._result(order, result)
        if order.results or order.txa is not None:
            first = order.obr or order.txa or order.results[0].obx
            time = iso_time(first.text(7)) or iso_time(self.message.header.text(7)) or ""
            self._documents(comments(order.notes, order.name, time, self.file))

    def _result(self, order: Order, result: Result) -> None:
        reported = Reported(self.file)
        stated = result.obx.text(11).upper()
        for found in observe(order, result, reported):
            told = Told(
                key_of(order, result, found), stated, self.message.header.line, found, _written(self.message)
            )
            self.got.results.append(told)
            self.got.sections.add("observations")
        self.got.questions += reported.questions
        self.got.unread += reported.unread

    def _segment(self, segment: Segment) -> None:
        name, unread = segment.name, self.got.unread
        readers: dict[str, Callable[[Segment, str, list[Unread]], object]] = {
            "DG1": read_diagnosis,
            "PRB": read_problem,
            "AL1": read_allergy,
            "IAM": read_allergy,
        }
        if name in readers:
            entry = readers[name](segment, self.file, unread)
            self._keep("allergies" if name in ("AL1", "IAM") else "conditions", entry)
        elif name == "PR1":
            self._keep("procedures", read_procedure(segment, self.message, self.file, unread))
        elif name == "RXA" and is_vaccination(segment, self.message):
            self._keep("immunizations", read_vaccination(segment, self.file, unread))
        elif name not in DRUGS | PARTS and name not in _NOT_CLINICAL:
            self.got.other[name] += 1

    def _keep(self, section: str, entry: object) -> None:
        if entry is not None:
            listed = self.got.allergies if section == "allergies" else self.got.conditions
            listed.append(entry)  # type: ignore[arg-type]
        self.got.sections.add(section)

    def _drugs(self, found: Sorted) -> None:
        given = [
            (segment, orc)
            for segment, orc in found.others
            if segment.name in DRUGS | PARTS
            and not (segment.name == "RXA" and is_vaccination(segment, self.message))
        ]
        for group in drug_groups(given, self.message):
            drug = read_drug(group, self.file, self.got.unread)
            if drug is not None:
                self.got.drugs.append((group, drug))
            self.got.sections.add("medications")
