"""Kinds of sections and entries: by template, then by LOINC code, then by title."""

from __future__ import annotations

import re

from medgui.readers.ccda_values import is_loinc
from medgui.readers.xml_place import Node

PROBLEMS, ALLERGIES = "problems", "allergies"
MEDICATIONS, GIVEN, BEFORE = "medications", "given", "before"
"""Drugs of the list, given during the visit, and taken before an admission."""
HISTORY, DIAGNOSES, RESOLVED = "history", "diagnoses", "resolved"
IMMUNIZATIONS, VITALS, RESULTS, PROCEDURES = "immunizations", "vitals", "results", "procedures"
SOCIAL, FAMILY, ENCOUNTERS, OTHER, PLANS = "social", "family", "encounters", "other", "plans"

COMPLETENESS_OF = {
    PROBLEMS: "conditions", HISTORY: "conditions", DIAGNOSES: "conditions", RESOLVED: "conditions",
    ENCOUNTERS: "conditions", ALLERGIES: "allergies", MEDICATIONS: "medications", GIVEN: "medications",
    BEFORE: "medications",
    IMMUNIZATIONS: "immunizations", VITALS: "observations", RESULTS: "observations", PROCEDURES: "procedures",
    SOCIAL: "social_history", FAMILY: "family_history",
}  # fmt: skip
"""The part of a record that a kind of section belongs to."""
WHOLE_LISTS = frozenset(
    {PROBLEMS, ALLERGIES, MEDICATIONS, IMMUNIZATIONS, VITALS, RESULTS, PROCEDURES, SOCIAL, FAMILY}
)
"""Sections that are the list itself; others (diagnoses of an encounter, drugs given) only add to it."""

_CCDA, _CCD, _C32 = (
    "2.16.840.1.113883.10.20.22.2.",
    "2.16.840.1.113883.10.20.1.",
    "2.16.840.1.113883.3.88.11.83.",
)
_BY_TEMPLATE = {
    **dict.fromkeys((_CCDA + "5", _CCDA + "5.1", _CCD + "11", _C32 + "103"), PROBLEMS),
    **dict.fromkeys((_CCDA + "6", _CCDA + "6.1", _CCD + "2", _C32 + "102"), ALLERGIES),
    **dict.fromkeys(
        (_CCDA + "1", _CCDA + "1.1", _CCDA + "11", _CCDA + "11.1", _CCD + "8", _C32 + "112"),
        MEDICATIONS,
    ),
    **dict.fromkeys((_CCDA + "38", _C32 + "115"), GIVEN),
    _CCDA + "44": BEFORE,
    **dict.fromkeys((_CCDA + "2", _CCDA + "2.1", _CCD + "6", _C32 + "117"), IMMUNIZATIONS),
    **dict.fromkeys((_CCDA + "4", _CCDA + "4.1", _CCD + "16", _C32 + "119"), VITALS),
    **dict.fromkeys((_CCDA + "3", _CCDA + "3.1", _CCD + "14", _C32 + "122"), RESULTS),
    **dict.fromkeys((_CCDA + "7", _CCDA + "7.1", _CCD + "12", _C32 + "108", _C32 + "145"), PROCEDURES),
    **dict.fromkeys((_CCDA + "17", _CCD + "15", _C32 + "126"), SOCIAL),
    **dict.fromkeys((_CCDA + "15", _CCD + "4", _C32 + "125"), FAMILY),
    **dict.fromkeys((_CCDA + "22", _CCDA + "22.1", _CCD + "3", _C32 + "127"), ENCOUNTERS),
    **dict.fromkeys((_CCDA + "20",), HISTORY),
    **dict.fromkeys((_C32 + "104",), RESOLVED),
    **dict.fromkeys((_CCDA + "24", _CCDA + "43", _CCDA + "34", _CCDA + "35", _CCDA + "8"), DIAGNOSES),
}  # fmt: skip
_BY_CODE = {
    "11450-4": PROBLEMS, "48765-2": ALLERGIES, "10160-0": MEDICATIONS, "10183-2": MEDICATIONS,
    "75311-1": MEDICATIONS, "42346-7": BEFORE, "29549-3": GIVEN, "18610-6": GIVEN, "11369-6": IMMUNIZATIONS,
    "8716-3": VITALS, "30954-2": RESULTS, "26436-6": RESULTS, "47519-4": PROCEDURES,
    "10167-5": PROCEDURES, "67803-7": PROCEDURES, "29762-2": SOCIAL, "10157-6": FAMILY,
    "46240-8": ENCOUNTERS, "11348-0": HISTORY, "10164-2": OTHER, "11535-2": DIAGNOSES, "78375-3": DIAGNOSES,
    "46241-6": DIAGNOSES, "42347-5": DIAGNOSES, "10219-4": DIAGNOSES, "10218-6": DIAGNOSES,
    "18776-5": PLANS, "61146-7": PLANS, "75310-3": PLANS, "69730-0": PLANS, "48768-6": PLANS, "42348-3": PLANS,
    "61145-9": PLANS, "51847-2": PLANS, "8653-8": PLANS, "62387-6": PLANS, "11383-7": PLANS, "47420-5": PLANS,
    "10190-7": PLANS, "51848-0": PLANS, "59776-5": PLANS, "42349-1": PLANS, "85847-2": PLANS,
}  # fmt: skip
"""PLANS are sections whose entries are no findings, or findings of a kind that the record does not hold."""
_BY_TITLE = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (r"plan|goal|instruction|advance directive|payer|insurance|referral|concern", PLANS),
        (r"famil", FAMILY),
        (r"social", SOCIAL),
        (r"allerg|adverse reaction", ALLERGIES),
        (r"medications? (administered|given)", GIVEN),
        (r"admission medication|medications? (on|at|prior to) admission", BEFORE),
        (r"medication|prescription", MEDICATIONS),
        (r"immuni[sz]ation|vaccin", IMMUNIZATIONS),
        (r"vital", VITALS),
        (r"resolved problem", RESOLVED),
        (r"past medical history|history of past illness", HISTORY),
        (r"problem", PROBLEMS),
        (r"diagnos[ei]s", DIAGNOSES),
        (r"encounter", ENCOUNTERS),
        (r"procedure|surger", PROCEDURES),
        (r"result|laborator", RESULTS),
    )
)

_ENTRY = "2.16.840.1.113883.10.20.22.4."
_BY_ENTRY = {
    **dict.fromkeys((_ENTRY + "26", _ENTRY + "27"), VITALS),
    **dict.fromkeys((_ENTRY + "1", _ENTRY + "2"), RESULTS),
    **dict.fromkeys((_ENTRY + "3", _ENTRY + "4"), PROBLEMS),
    **dict.fromkeys((_ENTRY + n for n in ("33", "34", "51", "65", "80")), DIAGNOSES),
    **dict.fromkeys((_ENTRY + "30", _ENTRY + "7"), ALLERGIES),
    **dict.fromkeys((_ENTRY + "16", _ENTRY + "35", _ENTRY + "36", _CCD + "24"), MEDICATIONS),
    **dict.fromkeys((_ENTRY + "52",), IMMUNIZATIONS),
    **dict.fromkeys((_ENTRY + "12", _ENTRY + "13", _ENTRY + "14", _CCD + "29"), PROCEDURES),
    **dict.fromkeys((_ENTRY + "45",), FAMILY),
    **dict.fromkeys((_ENTRY + n for n in ("38", "78", "85", "200")), SOCIAL),
    **dict.fromkeys(("2.16.840.1.113883.10.20.15.3.8",), SOCIAL),
    **dict.fromkeys((_ENTRY + "49", _ENTRY + "40"), ENCOUNTERS),
}  # fmt: skip
_BY_TAG = {
    PROBLEMS: ("act", "observation"), HISTORY: ("act", "observation"), DIAGNOSES: ("act", "observation"),
    RESOLVED: ("act", "observation"), ALLERGIES: ("act", "observation"),
    MEDICATIONS: ("substanceAdministration", "act"), GIVEN: ("substanceAdministration", "act"),
    BEFORE: ("substanceAdministration", "act"),
    IMMUNIZATIONS: ("substanceAdministration",),
    VITALS: ("organizer", "observation"), RESULTS: ("organizer", "observation"),
    PROCEDURES: ("procedure", "act", "observation"), SOCIAL: ("observation", "organizer"),
    FAMILY: ("organizer", "observation"), ENCOUNTERS: ("encounter",),
}  # fmt: skip
_FIXED = frozenset({FAMILY, ALLERGIES, IMMUNIZATIONS, GIVEN, BEFORE, HISTORY, RESOLVED, DIAGNOSES})
"""Sections that say more about their entries than a template does: whose they are, or when they happened."""


def kind_of(section: Node) -> str:
    """The kind of a section."""
    for template in section.children("templateId"):
        kind = _BY_TEMPLATE.get(template.at("root"))
        if kind:
            return kind
    code = section.child("code")
    for place in (code, *code.children("translation")):
        if place.at("code") in _BY_CODE:
            return _BY_CODE[place.at("code")]
        if is_loinc(place.at("code")):
            return OTHER
    title = section.child("title").words()
    return next((kind for pattern, kind in _BY_TITLE if pattern.search(title)), OTHER)


def kind_of_entry(section_kind: str, statement: Node) -> str:
    """How an entry is read, or "" where it is of a kind that is not read."""
    if section_kind == PLANS:
        return ""
    tag = str(statement.tag)
    if section_kind in _FIXED:
        return section_kind if tag in _BY_TAG[section_kind] else ""
    for template in statement.children("templateId"):
        kind = _BY_ENTRY.get(template.at("root"))
        if kind and tag in _BY_TAG[kind]:
            return kind
    return section_kind if tag in _BY_TAG.get(section_kind, ()) else ""
