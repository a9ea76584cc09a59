"""Diabetes in the family, as NHANES asks it: father, mother, brothers or sisters who were told that they have it.

A relative's disease is never a fact about the patient's own health (SAFETY 1); that there is one in the family is. An
entry that names no relative ("family history of diabetes") counts; grandparents, aunts, cousins and children do not.
"""

from __future__ import annotations

import re

from medgui.record.fact_rules import Named, rules
from medgui.record.model import Condition, Record

_CLOSE = re.compile(
    r"\b(?<!grand)(?<!step)(father|mother|parents?|brothers?|sisters?|siblings?|FTH|MTH|BRO|SIS|family member)\b"
    r"|(?<!祖)(?<!外祖)[父母](?!亲?[的之])|兄|弟|姐|妹|双亲|家属|家族",
    re.IGNORECASE,
)
_FAR = re.compile(
    r"grand|step|\bin-law\b|\bhalf\b|uncle|aunt|cousin|niece|nephew|foster|adopt|祖|外公|外婆|爷|奶|姥|伯|叔|姑|舅|姨|表|堂|岳|公公|婆婆",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"^\W*(family history|fhx?|fh)\b( \(situation\))?\W*(of|:|-)?\s*|家族史|家族", re.IGNORECASE
)
_CODES = {"snomed": ("160303001", "430678008", "430679000"), "icd10": ("Z833",), "icd9": ("V180",)}


def diabetes_in_family(record: Record) -> list[Condition]:
    """The entries that name diabetes of a parent, brother or sister, or of the family without saying of whom."""
    return [c for c in record.conditions if c.kind == "family_history" and _counts(c)]


def _counts(entry: Condition) -> bool:
    if entry.verification in ("refuted", "entered-in-error"):
        return False
    relative = entry.subject
    if relative not in ("", "patient") and (_FAR.search(relative) or not _CLOSE.search(relative)):
        return False
    return _is_diabetes(entry)


def _is_diabetes(entry: Condition) -> bool:
    named = Named.of(entry.name, entry.codings)
    if any(code in _CODES.get(system, ()) for system, codes in named.codes.items() for code in codes):
        return True
    plain = Named(named.codes, tuple(_ABOUT.sub("", text) for text in named.texts))
    return rules()["diabetes"].matches(plain)
