"""Diseases of relatives. They are never facts about the patient's own health (SAFETY 1); that there are such ones is.

First degree: parents, brothers and sisters, children. Second: grandparents, uncles, aunts, and here cousins, as
FINDRISC asks. Relatives by marriage, step and foster relatives do not count. An entry that names no relative ("family
history of diabetes") counts where the input asks for any relative, and is a question where it asks which.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from medgui.i18n import _
from medgui.record.asking import Asked, absent, blank, stated_by
from medgui.record.fact_rules import Named, rules
from medgui.record.model import Condition, Record
from medgui.record.plain_rules import folded, plain_facts
from medgui.record.value import Value
from medgui.record.wording import wording

_CLOSE = re.compile(
    r"\b(?<!grand)(?<!step)(father|mother|parents?|brothers?|sisters?|siblings?|FTH|MTH|BRO|SIS|family member)\b"
    r"|(?<!祖)(?<!外祖)[父母](?!亲?[的之])|兄|哥|弟|姐|妹|双亲|家属|家族",
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

_UNRELATED = re.compile(
    r"step|in-law|foster|adopt|husband|wife|spouse|partner|继父|继母|养父|养母|岳|公公|婆婆|配偶|丈夫|妻",
    re.I,
)
_SECOND = re.compile(
    r"[父母]亲?[的之]|'s (brother|sister|father|mother)"
    r"|grand|half|uncle|aunt|cousin|niece|nephew|\b[MP]?(GRFTH|GRMTH|UNCLE|AUNT|COUSN|GRPRN)\b"
    r"|祖|外公|外婆|爷|奶|姥|伯|叔|姑|舅|姨|表|堂|侄|甥|孙",
    re.IGNORECASE,
)
_PARENT_OR_SIBLING = re.compile(
    r"\b(father|mother|parents?|brothers?|sisters?|siblings?|FTH|MTH|N?(BRO|SIS|FTH|MTH)|PRN)\b|父|母|兄|哥|弟|姐|妹|双亲",
    re.IGNORECASE,
)
_CHILD = re.compile(
    r"\b(sons?|daughters?|child|children|N?(SON|DAU)|CHILD[A-Z]*)\b|儿子|女儿|子女", re.IGNORECASE
)
_MOTHER = re.compile(r"\bN?(mother|MTH)\b|母", re.IGNORECASE)
_SISTER_OR_DAUGHTER = re.compile(r"\bN?(sisters?|SIS|daughters?|DAU)\b|姐|妹|女儿", re.IGNORECASE)
_YEARS = re.compile(r"(\d{1,3})\s*(?:a\b|y\b|yrs?\b|years?\b|岁)")
_AT_AGE = re.compile(
    r"(?:at age|aged?|before(?: the)? age(?: of)?)\s*(\d{1,3})|(\d{1,3})\s*岁", re.IGNORECASE
)

PREMATURE_BELOW = 60
"""QRISK3: angina or heart attack of a first-degree relative under 60 years."""


class Relation(NamedTuple):
    """How near a relative is: `degree` 1 or 2, 0 where the entry names nobody, -1 where no blood is shared."""

    degree: int
    parent_or_sibling: bool = False


def relation(subject: str) -> Relation:
    """How the person whom an entry is about is related to the patient."""
    if _UNRELATED.search(subject):
        return Relation(-1)
    if _SECOND.search(subject):
        return Relation(2)
    if _PARENT_OR_SIBLING.search(subject):
        return Relation(1, parent_or_sibling=True)
    return Relation(1) if _CHILD.search(subject) else Relation(0)


def diabetes_in_family(record: Record) -> list[Condition]:
    """The entries that name diabetes of a parent, brother or sister, or of the family without saying of whom."""
    return [c for c in record.conditions if _of_family(c) and _counts(c)]


def _of_family(entry: Condition) -> bool:
    """An entry of the family's diseases, or a problem that is filed as a history of the family."""
    return entry.kind == "family_history" or entry.subject in ("family member", "relative")


def _speaks_of_others(entry: Condition) -> bool:
    """A problem filed as the patient's own whose words speak of somebody else ("mother had breast cancer")."""
    return entry.kind == "condition" and entry.subject in ("patient", "") and wording(entry.name).other


def diabetes_may_be_in_family(record: Record) -> bool:
    """Whether an entry says that a relative may have diabetes."""
    return bool(_entries(record, _DIABETES)[1])


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
    return rules()["diabetes"].matches(_plain(entry))


def _plain(entry: Condition) -> Named:
    """The disease alone, without the words that say whose it is."""
    named = Named.of(entry.name, entry.codings)
    return Named(named.codes, tuple(_ABOUT.sub("", text) for text in named.texts), relative=True)


def _has_code(entry: Condition, *prefixes: str) -> bool:
    codes = Named.of(entry.name, entry.codings).codes.get("icd10", ())
    return any(code.startswith(prefixes) for code in codes)


class _Disease(NamedTuple):
    """Whether an entry names it; `unsure` says whether it may be it."""

    is_it: Callable[[Condition], bool]
    unsure: Callable[[Condition], bool]


def _states(entry: Condition, fact: str) -> bool:
    return plain_facts(_plain(entry)).get(fact) is not None


def _may_be(entry: Condition, fact: str) -> bool:
    return fact in plain_facts(_plain(entry))


def _is_event(entry: Condition) -> bool:
    return any(rules()[fact].matches(_plain(entry)) for fact in ("heart_attack", "stroke"))


_DIABETES = _Disease(_is_diabetes, lambda e: rules()["diabetes"].hints(_plain(e)))
_HEART = _Disease(
    lambda e: _states(e, "ischaemic_heart_disease"),
    lambda e: _has_code(e, "Z824") or _may_be(e, "ischaemic_heart_disease"),
)
_EVENT = _Disease(
    _is_event,
    lambda e: (
        _has_code(e, "Z823", "Z824")
        or _may_be(e, "ischaemic_heart_disease")
        or _may_be(e, "cerebrovascular_disease")
    ),
)
_LUNG = _Disease(
    lambda e: _has_code(e, "Z801") or "lung" in (plain_facts(_plain(e)).get("cancer") or ()),
    lambda e: _may_be(e, "cancer") and ("lung" in folded(e.name) or "肺" in e.name),
)
_BREAST = _Disease(
    lambda e: _has_code(e, "Z803") or _states(e, "breast_cancer"), lambda e: _may_be(e, "breast_cancer")
)
_CLOT = _Disease(lambda e: _states(e, "prior_vte"), lambda e: _may_be(e, "prior_vte"))


def _entries(record: Record, disease: _Disease) -> tuple[list[Condition], list[Condition]]:
    """Entries of blood relatives that name *disease*, and those that may."""
    standing = [c for c in record.conditions if c.verification not in ("refuted", "entered-in-error")]
    listed = [c for c in standing if _of_family(c) and relation(c.subject).degree >= 0]
    sure = [c for c in listed if disease.is_it(c)]
    unsure = [c for c in listed if c not in sure and disease.unsure(c)]
    told = [c for c in standing if _speaks_of_others(c) and (disease.is_it(c) or disease.unsure(c))]
    return sure, unsure + told


def _answer(asked: Asked, own: Value, found: list[Condition], doubtful: bool) -> Value:
    if found:
        return stated_by(asked.variable, [c.source for c in found], found[0].recorded)
    return blank(asked) if doubtful else absent(asked.record, asked.variable, ("family_history",))


def diabetes_degree(asked: Asked, own: Value) -> Value:
    """The nearest relative with diabetes: first degree, second degree, none (FINDRISC)."""
    found, unsure = _entries(asked.record, _DIABETES)
    for degree, word in ((1, "first_degree"), (0, ""), (2, "second_degree")):
        listed = [c for c in found if relation(c.subject).degree == degree]
        if listed:
            sources = [c.source for c in listed]
            return stated_by(asked.variable, sources, listed[0].recorded, word) if word else blank(asked)
        if unsure and word == "first_degree":
            return blank(asked)
    return absent(asked.record, asked.variable, ("family_history",), "none")


def premature_cvd(asked: Asked, own: Value) -> Value:
    """Angina or a heart attack of a first-degree relative under 60; an unknown age or relative is a question."""
    sure, unsure = _entries(asked.record, _HEART)
    near = [(c, relation(c.subject).degree, age_at_onset(c)) for c in sure if relation(c.subject).degree < 2]
    found = [c for c, degree, age in near if degree == 1 and age is not None and age < PREMATURE_BELOW]
    open_ones = [c for c, degree, age in near if age is None or (degree == 0 and age < PREMATURE_BELOW)]
    return _answer(asked, own, found, bool(open_ones or unsure))


def ascvd(asked: Asked, own: Value) -> Value:
    """A heart attack or stroke of a parent, brother or sister (China-PAR)."""
    sure, unsure = _entries(asked.record, _EVENT)
    found = [c for c in sure if relation(c.subject).parent_or_sibling]
    open_ones = [c for c in sure + unsure if relation(c.subject).degree == 0 or c in unsure]
    return _answer(asked, own, found, bool(open_ones))


def lung_cancer(asked: Asked, own: Value) -> Value:
    """Lung cancer of a first-degree relative (PLCOm2012)."""
    sure, unsure = _entries(asked.record, _LUNG)
    found = [c for c in sure if relation(c.subject).degree == 1]
    return _answer(asked, own, found, bool(unsure) or any(relation(c.subject).degree == 0 for c in sure))


def thrombosis(asked: Asked, own: Value) -> Value:
    """A venous thrombosis of any blood relative (Caprini)."""
    sure, unsure = _entries(asked.record, _CLOT)
    return _answer(asked, own, sure, bool(unsure))


def breast_cancer(asked: Asked, own: Value) -> Value:
    """How many of mother, sisters and daughters had breast cancer (Gail); an entry that names nobody is a question."""
    sure, unsure = _entries(asked.record, _BREAST)
    if unsure or any(relation(c.subject).degree == 0 for c in sure):
        return blank(asked)
    near = [c for c in sure if relation(c.subject).degree == 1]
    mother = [c for c in near if _MOTHER.search(c.subject)]
    others = {(c.subject, c.id.partition("#")[0]): c for c in near if _SISTER_OR_DAUGHTER.search(c.subject)}
    if not mother and not others:
        return absent(asked.record, asked.variable, ("family_history",))
    sources = [c.source for c in (*mother, *others.values())]
    return stated_by(asked.variable, sources, near[0].recorded, float(bool(mother) + len(others)))


def age_at_onset(entry: Condition) -> int | None:
    """The relative's age at onset in years where the entry states it, in its note or its name."""
    before = _("Onset: {time}").partition("{")[0]
    told = entry.note.partition(before)[2] if before in entry.note else ""
    found = _YEARS.search(told) or _AT_AGE.search(entry.name)
    return int(next(group for group in found.groups() if group)) if found else None
