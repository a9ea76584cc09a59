"""HL7 v2 drugs: ordered (RXO, RXE), dispensed (RXD), given (RXG, RXA), with route, components and timing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from medgui.frozen import frozen
from medgui.i18n import _
from medgui.readers.hl7_text import Message, Segment
from medgui.readers.hl7_values import codings, concept_text, iso_time
from medgui.readers.wording import drug_doubt
from medgui.record.model import Medication, Unread


@frozen
class _Layout:
    """Fields of a kind of drug segment: code, amount, unit, form, instructions, time, timing ("" where none)."""

    code: int
    amount: int
    unit: int
    form: int
    words: int
    time: int = 0
    timing: int = 0


_LAYOUTS = {
    "RXO": _Layout(1, 2, 4, 5, 7),
    "RXE": _Layout(2, 3, 5, 6, 7, timing=1),
    "RXD": _Layout(2, 4, 5, 6, 9, time=3),
    "RXG": _Layout(4, 5, 7, 8, 9, timing=3),
    "RXA": _Layout(5, 6, 7, 8, 0, time=3),
}
DRUGS = frozenset(_LAYOUTS)
PARTS = frozenset({"RXR", "RXC", "TQ1"})
"""Segments that add to the drug before (TQ1 also comes between order and drug)."""

_CONTROL = {
    "CA": "not-taken", "OC": "not-taken", "CR": "not-taken", "UA": "not-taken", "DC": "stopped", "OD": "stopped",
    "DR": "stopped", "HD": "on-hold", "OH": "on-hold", "HR": "on-hold",
}  # fmt: skip
"""Order control (table 0119): what stops a drug; all else leaves it to the status."""
_ORDER_STATUS = {"CA": "not-taken", "DC": "stopped", "CM": "completed", "HD": "on-hold", "ER": "not-taken"}
"""Order status (table 0038)."""
_GIVEN = {"CP": "completed", "PA": "completed", "RE": "not-taken", "NA": "not-taken", "": "completed"}


@dataclass(slots=True)
class DrugGroup:
    """One drug segment with its order and what adds to it."""

    drug: Segment
    orc: Segment | None
    message: Message
    parts: list[Segment] = field(default_factory=list)

    @property
    def number(self) -> tuple[str, str]:
        """Placer's and filler's order number; ("", "") where there is none."""
        return (self.orc.text(2), self.orc.text(3)) if self.orc is not None else ("", "")

    def first(self, name: str) -> Segment | None:
        """The first added segment of a kind."""
        return next((each for each in self.parts if each.name == name), None)


def drug_groups(segments: Iterable[tuple[Segment, Segment | None]], message: Message) -> list[DrugGroup]:
    """Drugs of a message with what belongs to them. An encoded order (RXE) stands for the RXO before it."""
    found: list[DrugGroup] = []
    timing: list[Segment] = []
    for segment, orc in segments:
        if segment.name in DRUGS:
            if found and found[-1].drug.name == "RXO" and segment.name == "RXE" and found[-1].orc is orc:
                found.pop()
            found.append(DrugGroup(segment, orc, message, timing))
            timing = []
        elif segment.name in PARTS and found and found[-1].orc is orc:
            found[-1].parts.append(segment)
        elif segment.name == "TQ1":
            timing = [segment]
    return found


def read_drug(group: DrugGroup, file: str, unread: list[Unread]) -> Medication | None:
    """The drug of a group; None, with a note, where it names none."""
    segment, layout = group.drug, _LAYOUTS[group.drug.name]
    listed = codings(segment.parts(layout.code))
    name = concept_text(segment.part(layout.code))
    if not listed and not name:
        unread.append(segment.not_read(_("It does not say which drug."), "medications"))
        return None
    for part in group.parts:
        if part.name == "RXC":
            listed += tuple(coding for coding in codings(part.parts(2)) if coding not in listed)
    start, end = _times(group, layout)
    stated = _stated(group, start)
    status = {"on-hold": "stopped"}.get(stated, stated)
    reason = drug_doubt(stated, status)
    route = group.first("RXR")
    return Medication(
        id=f"{segment.name}@{segment.line}",
        codings=listed,
        name=name,
        status=status,
        dose=_dose(segment, layout),
        route=concept_text(route.part(1)) if route else "",
        start=start,
        end=end,
        source=segment.source(file, name, "medications"),
        usable=not reason,
        unusable_reason=reason,
        frequency=_frequency(group, layout),
    )


def _stated(group: DrugGroup, start: str) -> str:
    """The state in which the message leaves the drug."""
    if group.drug.name == "RXA":
        given = _GIVEN.get(group.drug.text(20).upper(), "unknown")
        return "entered-in-error" if group.drug.text(21).upper() == "D" else given
    control = _CONTROL.get(group.orc.text(1).upper(), "") if group.orc is not None else ""
    status = _ORDER_STATUS.get(group.orc.text(5).upper(), "") if group.orc is not None else ""
    written = iso_time(group.message.header.text(7)) or ""
    if control or status:
        return control or status
    return "planned" if start and written and start[:10] > written[:10] else "active"


def _times(group: DrugGroup, layout: _Layout) -> tuple[str, str]:
    quantity = group.drug.part(layout.timing) if layout.timing else None
    timing = group.first("TQ1")
    starts = [timing.text(7) if timing else "", quantity.text(4) if quantity else ""]
    ends = [timing.text(8) if timing else "", quantity.text(5) if quantity else ""]
    if group.orc is not None:
        starts += [group.orc.text(7, 4), group.orc.text(15), group.orc.text(9)]
        ends.append(group.orc.text(7, 5))
    if layout.time:
        starts.insert(0, group.drug.text(layout.time))
    return _first_time(starts), _first_time(ends)


def _first_time(texts: list[str]) -> str:
    return next((found for text in texts if (found := iso_time(text))), "")


def _dose(segment: Segment, layout: _Layout) -> str:
    amount, unit = segment.text(layout.amount), concept_text(segment.part(layout.unit))
    if amount in ("999", "0"):  # "not known" in reports of vaccinations and drugs given
        amount = ""
    most = segment.text(4) if segment.name == "RXE" else ""
    figure = f"{amount}–{most}" if amount and most and most != amount else amount
    dose = f"{figure} {unit}".strip() if figure else ""
    form = concept_text(segment.part(layout.form))
    words = [concept_text(part) for part in segment.parts(layout.words)] if layout.words else []
    return ", ".join(dict.fromkeys(filter(None, (dose, form, *words))))


def _frequency(group: DrugGroup, layout: _Layout) -> str:
    timing = group.first("TQ1")
    texts = [concept_text(timing.part(3))] if timing else []
    if layout.timing:
        texts.append(group.drug.text(layout.timing, 2))
    if group.orc is not None:
        texts.append(group.orc.text(7, 2))
    return next(filter(None, texts), "")


def latest_orders(found: list[tuple[DrugGroup, Medication]]) -> Iterator[Medication]:
    """Drugs of all messages; of an order that a later message changes, only the last state is used."""
    keys = [(*group.number, drug.name) if _is_order(group) else () for group, drug in found]
    last = {key: index for index, key in enumerate(keys)}
    for index, (_group, drug) in enumerate(found):
        if not keys[index] or last[keys[index]] == index or not drug.usable:
            yield drug
        else:
            reason = _("A later message changes this order.")
            yield replace(drug, status="stopped", usable=False, unusable_reason=reason)


def _is_order(group: DrugGroup) -> bool:
    return any(group.number) and group.drug.name in ("RXO", "RXE")
