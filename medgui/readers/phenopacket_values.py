"""Ontology classes and times of phenopackets, version 1 and 2."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from medgui.frozen import frozen
from medgui.i18n import _, ngettext
from medgui.readers.fhir_values import Broken, JsonObject, child, children, short, string
from medgui.readers.limits import shortened
from medgui.readers.systems import ATC, ICD9CM, ICD10, ICD10CM, LOINC, RXNORM, SNOMED
from medgui.record.dates import span
from medgui.record.model import Coding

HPO = "http://human-phenotype-ontology.org"
_WHOLE = {"HP": HPO, "MONDO": "http://purl.obolibrary.org/obo/mondo.owl"}
"""Ontologies whose codes carry their prefix."""
_BARE = {
    "LOINC": LOINC, "SNOMEDCT": SNOMED, "SNOMED": SNOMED, "SCTID": SNOMED, "SCT": SNOMED, "RXNORM": RXNORM,
    "RXCUI": RXNORM, "ICD10CM": ICD10CM, "ICD10": ICD10, "ICD9CM": ICD9CM, "ATC": ATC,
    "OMIM": "http://www.omim.org", "MIM": "http://www.omim.org", "ORPHA": "http://www.orpha.net",
    "ORPHANET": "http://www.orpha.net", "HGNC": "http://www.genenames.org",
    "NCIT": "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl",
}  # fmt: skip

Systems = Mapping[str, str]
"""Addresses of the ontologies that a phenopacket names itself, by prefix."""


def own_systems(metadata: JsonObject) -> dict[str, str]:
    """What the file says of its ontologies."""
    found = {}
    for item in children(metadata, "resources"):
        address = string(item, "url") or string(item, "iriPrefix")
        if string(item, "namespacePrefix") and address:
            found[string(item, "namespacePrefix").upper()] = address
    return found


def coding(term: JsonObject, systems: Systems) -> Coding | None:
    """The code of an ontology class, None where it has none."""
    code, label = string(term, "id"), shortened(string(term, "label"))
    if not code:
        return None
    prefix, colon, local = code.partition(":")
    key = re.sub(r"[^A-Z0-9]", "", prefix.upper())
    if colon and key in _BARE:
        return Coding(local, _BARE[key], label)
    if colon and key in _WHOLE:
        return Coding(f"{key}:{local}", _WHOLE[key], label)
    return Coding(code, systems.get(prefix.upper(), "") if colon else "", label)


def term_words(term: JsonObject) -> str:
    """An ontology class in words: its label, else its code."""
    return shortened(string(term, "label") or string(term, "id"))


def named(term: JsonObject, systems: Systems) -> tuple[tuple[Coding, ...], str]:
    """Codes and name of an ontology class. `Broken` where it has neither."""
    found = coding(term, systems)
    name = term_words(term)
    if not name:
        raise Broken(_("It does not say what it is (no code)."))
    return (found,) if found else (), name


def all_words(value: object) -> Iterator[str]:
    """Every label within a value."""
    if isinstance(value, dict):
        if isinstance(value.get("label"), str):
            yield term_words(value)
        for inner in value.values():
            yield from all_words(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from all_words(inner)


# Times

_DURATION = re.compile(r"P(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T[\dHMS.]{0,20})?")
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)?")
_FRACTION = re.compile(r"\.\d+")
_DAYS_IN_WEEK, _DAYS_IN_YEAR = 7, 365.2425


@frozen
class When:
    """A time: as an ISO date, or in words where the file tells an age or a stage of life. `years` is the age."""

    iso: str = ""
    words: str = ""
    years: float | None = None

    @property
    def text(self) -> str:
        """The date, else the words."""
        return self.iso or self.words


def timestamp(value: object) -> str:
    """An ISO date with time to the second; "" where there is none. `Broken` where it is no real date."""
    if value is None:
        return ""
    text = value.strip() if isinstance(value, str) else ""
    if not _TIMESTAMP.fullmatch(text) or span(text) is None:
        raise Broken(_("“{text}” is not a date.").format(text=short(str(value))))
    return _FRACTION.sub("", text)


def when(element: object) -> When:
    """A time element (version 2) or an age (version 1). `Broken` where it is not understood."""
    if isinstance(element, str):
        return _age(element) if element.startswith("P") else When(timestamp(element))
    if not isinstance(element, dict) or not element:
        return When()
    if element.get("timestamp") is not None:
        return When(timestamp(element["timestamp"]))
    for key in ("age", "iso8601duration"):
        inner = element.get(key)
        if isinstance(inner, dict):
            return when(inner)
        if isinstance(inner, str):
            return _age(inner)
    if "ageRange" in element or ("start" in element and isinstance(element["start"], dict)):
        return When(words=_between(child(element, "ageRange") or element))
    if child(element, "interval") or "start" in element:
        return When(timestamp((child(element, "interval") or element).get("start")))
    return _stage(element)


def _stage(element: JsonObject) -> When:
    if child(element, "gestationalAge"):
        weeks = child(element, "gestationalAge").get("weeks")
        if isinstance(weeks, int):
            sentence = ngettext("week {n} of pregnancy", "week {n} of pregnancy", weeks)
            return When(words=sentence.format(n=weeks))
    return When(words=term_words(child(element, "ontologyClass") or element))


def _between(holder: JsonObject) -> str:
    """A range of ages in words."""
    ends = []
    for key in ("start", "end"):
        end = child(holder, key)
        text = string(end, "iso8601duration") or string(end, "age")
        ends.append(_spoken(text)[0] if text else "?")
    return _("between {start} and {end} of age").format(start=ends[0], end=ends[1])


def _age(text: str) -> When:
    """An age as ISO 8601 writes a duration ("P14Y3M")."""
    words, years = _spoken(text)
    return When(words=_("at the age of {age}").format(age=words), years=years)


def _spoken(text: str) -> tuple[str, float]:
    """A duration in words and in years. `Broken` where it is none."""
    found = _DURATION.fullmatch(text.strip())
    if not found or not any(found.groups()):
        raise Broken(_("“{text}” is not an age.").format(text=short(text)))
    years, months, weeks, days = (int(part or 0) for part in found.groups())
    parts = [
        ngettext("{n} year", "{n} years", years).format(n=years) if found[1] else "",
        ngettext("{n} month", "{n} months", months).format(n=months) if found[2] else "",
        ngettext("{n} week", "{n} weeks", weeks).format(n=weeks) if found[3] else "",
        ngettext("{n} day", "{n} days", days).format(n=days) if found[4] else "",
    ]
    exact = years + months / 12 + (weeks * _DAYS_IN_WEEK + days) / _DAYS_IN_YEAR
    return " ".join(part for part in parts if part), exact
