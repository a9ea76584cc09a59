"""HL7 version 3 data types as documents write them: times, codes, texts, numbers with units."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from medgui.i18n import N_, _
from medgui.readers.amounts import amount_in
from medgui.readers.limits import clean, shortened
from medgui.readers.systems import CPT, CVX, ICD9CM, ICD10CM, LOINC, NDC, RXNORM, SNOMED, UNII, system_uri
from medgui.readers.xml_place import EMPTY, Node
from medgui.record.model import Coding
from medgui.record.variables import fold


class Broken(ValueError):
    """An entry cannot be read; the message is a sentence for the user."""


# Nothing stated

_NULL_WORDS = {
    "NI": N_("no information"), "UNK": N_("unknown"), "NASK": N_("not asked"), "ASKU": N_("asked, but unknown"),
    "NAV": N_("not available at present"), "NA": N_("not applicable"), "MSK": N_("kept back"), "OTH": N_("other"),
    "PINF": N_("above the measuring range"), "NINF": N_("below the measuring range"), "TRC": N_("trace"),
    "QS": N_("a sufficient quantity"), "INV": N_("invalid"), "UNC": N_("not coded"), "DER": N_("to be derived"),
}  # fmt: skip


def null_words(node: Node) -> str:
    """Why an element says nothing, in words; "" where it states no reason."""
    flavor = node.at("nullFlavor").upper()
    return _(_NULL_WORDS[flavor]) if flavor in _NULL_WORDS else flavor


# Times

_TIME = re.compile(
    r"(\d{4})(\d{2})?(\d{2})?(?:T?(\d{2})(\d{2})?(\d{2})?(?:[.,]\d+)?)?(Z|[+-]\d{2}:?\d{2}|[+-]\d{1,3})?"
)
_DASHED = re.compile(r"(\d{4})[-/](\d{2})(?:[-/](\d{2})(.*))?")
_CLOCK = re.compile(r"(?<=\d):(?=\d{2})")
_FIRST_YEAR, _LAST_YEAR = 1850, 2200
_EPOCH = "197001010000"
"""The beginning of computers' time with a clock: what systems write where they have no time."""


@lru_cache(maxsize=4096)
def iso_time(text: str) -> str:
    """An HL7 time ("20150622", "201506221005-0500", "2015") as ISO 8601, partial where it is partial; "" for none.

    Month or day 00 is not stated. A clock of nothing but zeros is padding. A time without minutes is a date.
    """
    text = _CLOCK.sub("", text.replace(" ", ""))
    dashed = _DASHED.fullmatch(text)
    if dashed:
        text = "".join(part or "" for part in dashed.groups())
    found = _TIME.fullmatch(text)
    if text.startswith(_EPOCH) or not found or not _FIRST_YEAR <= int(found[1]) <= _LAST_YEAR:
        return ""
    year, month, day, hour, minute, second, zone = found.groups()
    if month in (None, "00"):
        return str(year)
    try:
        if day in (None, "00"):
            return date(int(year), int(month), 1).isoformat()[:7]
        shown = date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""
    return shown + _clock(hour, minute, second or "00", zone or "")


def _clock(hour: str | None, minute: str | None, second: str, zone: str) -> str:
    if hour is None or minute is None or int(hour + minute + second) == 0:
        return ""
    if int(hour) > 23 or int(minute) > 59 or int(second) > 59:
        return ""
    digits = zone[1:].replace(":", "")
    if zone.startswith(("+", "-")) and len(digits) == 4 and int(digits[:2]) <= 14 and int(digits[2:]) <= 59:
        zone = f"{zone[0]}{digits[:2]}:{digits[2:]}"
    elif zone != "Z":
        zone = ""
    return f"T{hour}:{minute}:{second}{zone}"


def start_of(node: Node) -> str:
    """The time of a TS, or the beginning of an interval."""
    places = (node, node.child("low"), node.child("center"))
    return next(filter(None, (iso_time(place.at("value")) for place in places)), "")


def end_of(node: Node) -> str:
    """The end of an interval, also of one with a beginning and a length; "" where it is open or not stated."""
    return iso_time(node.child("high").at("value")) or _end_by_length(node)


_DAYS_OF = {"d": 1, "day": 1, "days": 1, "wk": 7, "week": 7, "weeks": 7}
_LONGEST_DAYS = 40_000


def _end_by_length(node: Node) -> str:
    width = node.child("width")
    length, each = amount_in(width.at("value")) if width else None, _DAYS_OF.get(width.at("unit").lower(), 0)
    start = iso_time(node.child("low").at("value"))[:10]
    if length is None or not each or len(start) < 10 or not 0 < length.value * each < _LONGEST_DAYS:
        return ""
    return (date.fromisoformat(start) + timedelta(days=int(length.value * each))).isoformat()


# Codes

_NAMED = {
    "loinc": LOINC, "snomedct": SNOMED, "snomed": SNOMED, "rxnorm": RXNORM, "icd10": ICD10CM, "icd10cm": ICD10CM,
    "icd9": ICD9CM, "icd9cm": ICD9CM, "cvx": CVX, "ndc": NDC, "unii": UNII, "cpt": CPT, "cpt4": CPT,
}  # fmt: skip
_KNOWN = frozenset(_NAMED.values())
_LOINC_SHAPE = re.compile(r"(\d{1,6})-(\d)")
_OID = re.compile(r"[0-2](\.\d+)+")


def is_loinc(code: str) -> bool:
    """Whether a code has the shape of LOINC and its check digit (mod 10)."""
    found = _LOINC_SHAPE.fullmatch(code)
    if not found:
        return False
    total = 0
    for place, digit in enumerate(reversed(found[1])):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled // 10 + doubled % 10
    return -total % 10 == int(found[2])


def _system(node: Node, code: str) -> str:
    """The code system of *code*; the shape of a LOINC and the system's name correct a wrong or missing identifier."""
    stated = node.at("codeSystem").removeprefix("urn:oid:")
    uri = system_uri(stated)
    named = _NAMED.get(fold(node.at("codeSystemName")), "")
    if uri != LOINC and is_loinc(code) and (named == LOINC or uri in (SNOMED, "")):
        return LOINC
    if uri == LOINC and named not in ("", LOINC) and not _LOINC_SHAPE.fullmatch(code):
        return named
    if uri in _KNOWN:
        return uri
    if named and (named != LOINC or is_loinc(code)):
        return named
    return f"urn:oid:{uri}" if _OID.fullmatch(uri) else uri


def codings(node: Node) -> tuple[Coding, ...]:
    """The code of a concept and all of its translations, each once."""
    found: dict[tuple[str, str], Coding] = {}
    for place in _with_translations(node):
        code = place.at("code")
        if code:
            system = _system(place, code)
            found.setdefault((code, system), Coding(code, system, shortened(place.at("displayName"))))
    return tuple(found.values())


def _with_translations(node: Node) -> Iterator[Node]:
    if node:
        yield node
        for part in node.children("translation"):
            yield from _with_translations(part)


# Texts


class Texts:
    """Texts of entries, which may stand in the narrative: of the entry's own section first."""

    def __init__(self, narrative: Node, own: dict[str, Node], all_of_file: dict[str, Node]) -> None:
        self._own, self._all = own, all_of_file
        self._narrative = narrative
        self._by_code: dict[str, str] | None = None

    def of(self, node: Node) -> str:
        """The words of a text element, or those in the narrative that it refers to; "" where there are none."""
        inside = node.words()
        if inside:
            return inside
        return next(
            filter(None, (self.referred(clean(place.get("value", ""))) for place in node.iter("reference"))),
            "",
        )

    def referred(self, reference: str) -> str:
        """The words of the narrative element with this ID; of a row or table its first cell that is not empty."""
        name = reference.removeprefix("#")
        target = self._own.get(name)
        target = self._all.get(name, EMPTY) if target is None else target
        if not target:
            return reference if " " in reference and not reference.startswith("#") else ""
        if target.tag in ("tr", "tbody", "table"):
            return next((cell.words() for cell in _cells(target) if cell.words()), "")
        return target.words() or clean(target.tail or "").strip()

    def name(self, node: Node) -> str:
        """What a concept is called: display name, original text, then its translations; its code as a last resort."""
        places = list(_with_translations(node))
        for place in places:
            found = place.at("displayName") or self.of(place.child("originalText"))
            if found:
                return shortened(found)
        codes = [place.at("code") for place in places if place.at("code")]
        return next(filter(None, map(self._beside, codes)), codes[0] if codes else "")

    def _beside(self, code: str) -> str:
        """The name in the one table row that has *code* in a cell of its own; "" where there is none."""
        if self._by_code is None:
            self._by_code = {}
            for row in self._narrative.iter("tr"):
                cells = [cell.words() for cell in row if isinstance(cell, Node)]
                names = [cell for cell in cells if is_name(cell)]
                for cell in cells:
                    if names and cell != names[0] and 3 < len(cell) < 20:
                        self._by_code[cell] = "" if cell in self._by_code else names[0]
        return self._by_code.get(code, "")


def is_name(cell: str) -> bool:
    """Whether a cell holds words, not a code or the name of a code system."""
    return sum(sign.isalpha() for sign in cell) > 2 and not re.match(
        r"loinc|snomed|rx ?norm|icd|cpt|cvx|ndc|[\d.]+$", cell, re.IGNORECASE
    )


def _cells(target: Node) -> Iterator[Node]:
    return (cell for cell in target.iter("td") if isinstance(cell, Node))


# Numbers

_NO_UNIT = frozenset({"", "unk", "na", "n/a", "null", "none", "nullflavor", "unknown", "ni", "-"})


def unit_of(node: Node) -> str:
    """The unit attribute; "" for words that say that there is none."""
    unit = node.at("unit")
    return "" if unit.lower() in _NO_UNIT else unit
