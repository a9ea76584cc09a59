"""HL7 v2 results by order: which OBR, specimen, notes and stay an OBX segment belongs to."""

from __future__ import annotations

from dataclasses import dataclass, field

from medgui.readers.hl7_patient import Stretch
from medgui.readers.hl7_text import Message, Segment
from medgui.readers.hl7_values import concept_text

_SETTINGS = {"I": "inpatient", "B": "inpatient", "E": "emergency", "O": "outpatient", "R": "outpatient"}
"""Table 0004; preadmission, commercial and unknown say nothing of where a value was taken."""
_EMERGENCY_PLACES = frozenset({"ED", "ER", "A&E", "AE", "EMERGENCY", "EMER"})
_SPECIMENS = {
    **dict.fromkeys(("UR", "URC", "URT", "URNS", "URINE", "U", "USUB", "UMID", "USCOP"), "Urine"),
    "BLDC": "Capillary blood", "BLDCO": "Cord blood", "BLDA": "Arterial blood", "BLDV": "Venous blood",
    "CSF": "CSF", "PLR": "Pleural fluid", "PLRFLU": "Pleural fluid", "PRT": "Peritoneal fluid (ascites)",
    "ASF": "Ascites", "SAL": "Saliva", "SWT": "Sweat", "DIAF": "Dialysate", "DIALY": "Dialysate",
}  # fmt: skip
"""Codes that stand for what is not serum or plasma (SAFETY 6); files often give the code alone."""
_ENDS_AN_ORDER = frozenset({
    "ORC", "PRB", "GOL", "PTH", "RXA", "RXO", "RXE", "RXD", "RXG", "IAM", "PV1", "NK1", "GT1", "IN1",
})  # fmt: skip
_SPECIMEN_FIRST = frozenset({"R22", "R23"})
"""Events of OUL whose messages name the specimen before its orders; elsewhere it follows them."""


@dataclass(slots=True)
class Result:
    """One OBX segment with the notes under it."""

    obx: Segment
    notes: list[Segment] = field(default_factory=list)


@dataclass(slots=True)
class Order:
    """Results that were ordered together. `obr` is None for those that belong to no order (vital signs of an ADT)."""

    message: Message
    setting: str
    obr: Segment | None = None
    orc: Segment | None = None
    txa: Segment | None = None
    specimens: list[Segment] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    notes: list[Segment] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What was ordered, in words."""
        return concept_text(self.obr.part(4)) if self.obr else ""

    @property
    def numbers(self) -> tuple[str, str]:
        """Placer's and filler's order number."""
        found = []
        for obr_field, orc_field in ((2, 2), (3, 3)):
            own = self.obr.text(obr_field) if self.obr else ""
            found.append(own or (self.orc.text(orc_field) if self.orc else ""))
        return found[0], found[1]

    def specimen(self) -> str:
        """Specimen in words: SPM-4, in older versions OBR-15; a code of table 0070 or 0487 is said in its words."""
        for segment in self.specimens:
            kind = segment.part(4)
            if concept_text(kind):
                return _in_words(kind.text(1), concept_text(kind))
        if self.obr is None:
            return ""
        part = self.obr.part(15)
        return _in_words(part.text(1, 1), part.text(1, 2) or part.text(1, 5) or part.text(1, 1))


def _in_words(code: str, text: str) -> str:
    word = _SPECIMENS.get(code.upper(), "")
    if not word or word.lower() in text.lower():
        return text
    return word if text == code else f"{word} ({text})"


@dataclass(slots=True)
class Sorted:
    """The segments of a stretch: results by order, comments of the message, and all others as they come."""

    orders: list[Order] = field(default_factory=list)
    comments: list[Segment] = field(default_factory=list)
    others: list[tuple[Segment, Segment | None]] = field(default_factory=list)
    """Each with the ORC segment before it, or None."""


def setting_of(visit: Segment) -> str:
    """Where the patient was: the class, and an emergency department as the place of an outpatient."""
    stated = _SETTINGS.get(visit.text(2).upper(), "")
    place = visit.part(3)
    if stated != "inpatient" and _EMERGENCY_PLACES & {place.text(1).upper(), place.text(6).upper()}:
        return "emergency"
    return stated


def sort_segments(stretch: Stretch) -> Sorted:
    """Put the segments of a stretch in their groups."""
    walk = _Walk(stretch)
    for segment in stretch.segments:
        walk.take(segment)
    return walk.found


class _Walk:
    """Goes through the segments once and knows to what the next one belongs."""

    def __init__(self, stretch: Stretch) -> None:
        self.message = stretch.message
        self.found = Sorted()
        self.setting = ""
        self.orc: Segment | None = None
        self.order: Order | None = None
        self.pending: list[Segment] = []
        self.notes = self.found.comments
        self.specimen_first = self.message.kind[1] in _SPECIMEN_FIRST

    def take(self, segment: Segment) -> None:
        name = segment.name
        if name in _ENDS_AN_ORDER:
            self.order, self.notes = None, self.found.comments
        if name == "NTE":
            self.notes.append(segment)
        elif name == "OBX":
            self._result(segment)
        elif name in ("OBR", "TXA"):
            self._order(segment)
        elif name == "SPM":
            self._specimen(segment)
        else:
            self._other(segment)

    def _other(self, segment: Segment) -> None:
        if segment.name == "PV1":
            self.setting = setting_of(segment) or self.setting
        elif segment.name == "ORC":
            self.orc = segment
            return
        self.notes = self.found.comments
        self.found.others.append((segment, self.orc))

    def _order(self, segment: Segment) -> None:
        if segment.name == "TXA" and self.order is not None and not self.order.results:
            self.order.txa = segment
            return
        self.order = Order(self.message, self.setting, orc=self.orc)
        if segment.name == "TXA":
            self.order.txa = segment
        else:
            self.order.obr = segment
        self.order.specimens += self.pending
        self.found.orders.append(self.order)
        self.notes = self.order.notes

    def _specimen(self, segment: Segment) -> None:
        if self.order is not None and not self.specimen_first:
            self.order.specimens.append(segment)
            return
        self.pending = [segment]
        self.order = None

    def _result(self, segment: Segment) -> None:
        if self.order is None:
            self.order = Order(self.message, self.setting, specimens=list(self.pending))
            self.found.orders.append(self.order)
        result = Result(segment)
        self.order.results.append(result)
        self.notes = result.notes
