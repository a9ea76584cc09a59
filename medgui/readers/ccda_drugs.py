"""C-CDA medications: what is taken, planned, stopped or over; only what the patient takes now is used."""

from __future__ import annotations

from collections.abc import Iterator

from medgui.i18n import _
from medgui.readers.amounts import amount_in
from medgui.readers.ccda_clinical import status_values, status_words
from medgui.readers.ccda_file import (
    CcdaFile,
    Section,
    Taken,
    about_other,
    is_denied,
    related,
    status_of,
    template_roots,
)
from medgui.readers.ccda_kinds import BEFORE, GIVEN
from medgui.readers.ccda_values import Broken, codings, end_of, start_of, unit_of
from medgui.readers.frequency import as_needed, code_in_words, rhythm_in_words
from medgui.readers.limits import shortened
from medgui.readers.nothing import states_nothing
from medgui.readers.wording import drug_doubt
from medgui.readers.xml_place import Node
from medgui.record.dates import span
from medgui.record.model import Coding, Medication

_NO_DRUGS = frozenset({"182849000", "787481004"})
_UNKNOWN_DRUGS = frozenset({"182904002"})
_STATUS = {"active": "active", "aborted": "stopped", "cancelled": "not-taken", "new": "planned"}
_ENDED = {"inactive": "stopped", "resolved": "completed"}
_OWN_STATUS = {
    "421139008": "on-hold", "on hold": "on-hold", "385655000": "on-hold", "suspended": "on-hold", "held": "on-hold",
    "392521001": "completed", "prior history": "completed", "no longer active": "stopped", "discontinued": "stopped",
    "stopped": "stopped", "410546004": "stopped", "completed": "completed", "not taking": "not-taken",
}  # fmt: skip
"""Values of a medication status observation (HITSP, SNOMED CT and words), for what the status of a problem lacks."""
_SIG_TEMPLATES = frozenset({"2.16.840.1.113883.10.20.22.4.147", "2.16.840.1.113883.10.20.22.4.20"})
"""Medication free text sig, and instruction."""


def read_medications(file: CcdaFile, section: Section, node: Node, kind: str) -> Taken:
    """The drugs of an entry, bare or inside an act. `Broken` where it does not say which drug."""
    listed = list(_administrations(node))
    if not listed:
        raise Broken(_("It does not say which drug."))
    taken = [_medication(file, section, part, kind) for part in listed]
    medications = tuple(item for part in taken for item in part.medications)
    states = "" if medications else next((part.states for part in taken if part.states), "unknown")
    return Taken(medications=medications, states=states, doubtful=any(part.doubtful for part in taken))


def _administrations(node: Node) -> Iterator[Node]:
    if node.tag == "substanceAdministration":
        yield node
        return
    yield from related(node, "substanceAdministration")


def _medication(file: CcdaFile, section: Section, node: Node, kind: str) -> Taken:
    listed, name = _drug(section, node)
    codes = {coding.code for coding in (*listed, *codings(node.child("code")))}
    denied = is_denied(node)
    if codes & _NO_DRUGS or (denied and not listed and states_nothing(name) != "unknown"):
        return Taken(states="none")
    if codes & _UNKNOWN_DRUGS or not name or states_nothing(name):
        return Taken(states=states_nothing(name) or "unknown")
    status, stated = _status(file, node, kind)
    if kind == BEFORE and status == "active":
        status = "unknown"
    reason = about_other(node) or drug_doubt(stated, status)
    dose, frequency = _dose(section, node)
    start, end = _period(node)
    found = Medication(
        id=file.identity(node),
        codings=listed,
        name=name,
        status=status,
        dose=dose,
        route=_route(section, node),
        start=start,
        end=end,
        source=file.source(section, node, name),
        usable=not reason,
        unusable_reason=reason,
        frequency=frequency,
    )
    return Taken(medications=(found,), doubtful=status == "unknown" and kind != BEFORE)


def _drug(section: Section, node: Node) -> tuple[tuple[Coding, ...], str]:
    """Codes and name of the drug: the material's code, its name, else the words of the entry."""
    product = node.child("consumable", "manufacturedProduct")
    material = product.child("manufacturedMaterial") or product.child("manufacturedLabeledDrug")
    code = material.child("code")
    listed = codings(code)
    texts = section.texts
    names = (texts.name(code), material.child("name").words(), texts.of(node.child("code", "originalText")))
    name = next(filter(None, names), "") or texts.of(node.child("text"))
    return listed, shortened(name)


def _status(file: CcdaFile, node: Node, kind: str) -> tuple[str, str]:
    """The record's status and, where it tells more, what the file states ("on-hold", "entered-in-error").

    Systems write "completed" for an entry that is complete as well as for a course that is over. Without an end
    that has passed it stays unknown whether the drug is taken.
    """
    stated = status_of(node)
    if stated == "nullified":
        return "unknown", "entered-in-error"
    if is_denied(node):
        return "not-taken", ""
    if kind == GIVEN:
        return "completed", ""
    if node.at("moodCode") in ("PRP", "PRMS", "ARQ", "DEF", "OPT", "GOL"):
        return "planned", ""
    if stated in ("held", "suspended"):
        return "stopped", "on-hold"
    own = _stated_status(node)
    if own == "on-hold":
        return "stopped", own
    if _is_over(file, node):
        return ("stopped" if "stopped" in (own, _STATUS.get(stated)) else "completed"), ""
    start = _period(node)[0]
    if start and not file.is_past(start):
        return "planned", ""
    return own or _STATUS.get(stated, "unknown"), ""


def _stated_status(node: Node) -> str:
    """What a status observation below the entry states; "" where there is none."""
    for value in status_values(node):
        shown = (value.at("code"), value.at("displayName").lower(), value.words().lower())
        own = next((_OWN_STATUS[item] for item in shown if item in _OWN_STATUS), "")
        if own:
            return own
    clinical = status_words(node)
    return "active" if clinical == "active" else _ENDED.get(clinical, "")


def _is_over(file: CcdaFile, node: Node) -> bool:
    last, made = span(_period(node)[1]), span(file.date)
    return last is not None and made is not None and last[1] < made[0]


def _period(node: Node) -> tuple[str, str]:
    """Start and end of taking it."""
    for time in node.children("effectiveTime"):
        if time.at("xsi:type").rpartition(":")[2] in ("PIVL_TS", "EIVL_TS"):
            continue
        if start_of(time) or end_of(time):
            return start_of(time), end_of(time)
    return "", ""


# Dose


def _dose(section: Section, node: Node) -> tuple[str, str]:
    """Dose and frequency in words; a sentence of the file stands beside the dose."""
    dose = _amount_words(node.child("doseQuantity"))
    form = section.texts.name(node.child("administrationUnitCode"))
    if dose and form and dose[-1:].isdigit():
        dose = f"{dose} {form}"
    rate = _amount_words(node.child("rateQuantity"))
    dose = ", ".join(filter(None, (dose, rate)))
    sig = _sig(section, node)
    frequency = _frequency(node)
    if sig:
        return (f"{dose} ({sig})" if dose else sig), frequency
    return dose, frequency


def _amount_words(quantity: Node) -> str:
    """A quantity as written: number and unit, or its two ends."""
    if quantity.at("value"):
        number = amount_in(quantity.at("value"))
        if number and number.value == 0:
            return ""
        return f"{quantity.at('value')} {_printed(unit_of(quantity))}".strip()
    ends = [quantity.child(name) for name in ("low", "high")]
    shown = [end.at("value") for end in ends if end.at("value")]
    unit = next((unit_of(end) for end in ends if unit_of(end)), "")
    return f"{'–'.join(dict.fromkeys(shown))} {_printed(unit)}".strip() if shown else ""


def _printed(unit: str) -> str:
    return "" if unit == "1" else unit.strip("{}") if unit.startswith("{") else unit


def _sig(section: Section, node: Node) -> str:
    """The instruction in words: a free text sig, an instruction, or words written into the entry itself."""
    for part in related(node, "substanceAdministration", "act"):
        if template_roots(part) & _SIG_TEMPLATES or part.child("code").at("code") == "76662-6":
            words = section.texts.of(part.child("text"))
            if words:
                return shortened(words)
    own = node.child("text").words()
    name = _drug(section, node)[1]
    return "" if own.lower() in name.lower() or name.lower() in own.lower() else shortened(own)


def _frequency(node: Node) -> str:
    """How often it is taken, in words ("every 12 hours"), from the periods and events of its times."""
    times = list(node.each("effectiveTime"))
    events = [time.child("event").at("code").upper() for time in times]
    shown = [code_in_words(event) or event for event in events if event]
    shown += [_every(time.child("period")) for time in times]
    needed = node.child("precondition", "criterion")
    reason = needed.child("value").at("displayName") or needed.child("text").words()
    if reason or needed.child("value").at("code"):
        shown.append(as_needed(reason))
    return ", ".join(dict.fromkeys(filter(None, shown)))


def _every(period: Node) -> str:
    """A period in words. Systems also put the short form of a prescription ("BID") where its unit belongs."""
    ends = (period, period.child("low"), period.child("high"))
    found = [(amount_in(end.at("value")), unit_of(end)) for end in ends]
    numbers = sorted({amount.value for amount, _unit in found if amount})
    unit = next((unit for _amount, unit in found if unit), "")
    if not unit or not numbers or numbers[0] <= 0:
        return ""
    short = unit.upper()
    if short in ("PRN", *_SHORT):
        return as_needed() if short == "PRN" else code_in_words(_SHORT[short])
    if code_in_words(short) and short not in ("H", "D", "WK", "MO"):
        return code_in_words(short)
    if unit == "d" and numbers[-1] < 1:
        numbers, unit = [number * 24 for number in numbers], "h"
    if unit == "h" and numbers == [24.0]:
        numbers, unit = [1.0], "d"
    words = [rhythm_in_words(1, number, unit) or f"{number:g} {unit}" for number in numbers]
    return " – ".join(words)


_SHORT = {"QWK": "WK", "QD": "QD", "DAILY": "QD"}
_ROUTES = {
    "C38288": "oral", "C38276": "intravenous", "C28161": "intramuscular", "C38299": "subcutaneous",
    "C38304": "topical", "C38305": "transdermal", "C38216": "inhalation", "C38284": "nasal", "C38287": "ophthalmic",
    "C38192": "otic", "C38295": "rectal", "C38313": "vaginal", "C38300": "sublingual", "C38238": "intradermal",
}  # fmt: skip
"""NCI Thesaurus codes of routes, for entries that give no name."""


def _route(section: Section, node: Node) -> str:
    name = section.texts.name(node.child("routeCode"))
    return _ROUTES.get(name, name)
