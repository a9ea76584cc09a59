"""Rules of facts for published scores, in codes and plain phrases: `resources/knowledge/score_facts.toml`.

Sixty rules are looked up at once for one problem: codes in a table by prefix, phrases as parts of its folded name.
No pattern is compiled but those that take a name out again, and those only when a phrase was found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

from medgui.record.fact_rules import Named
from medgui.record.wording import Wording
from medgui.tables import read_table

_SPELLINGS = (("ae", "e"), ("oe", "e"), ("tumour", "tumor"), (" non ", " non"), ("家族性", ""))
_WORD = re.compile(r"[\u3400-\u9fff]+|[^\W\u3400-\u9fff]+")


class PlainRule(NamedTuple):
    """What counts for one fact, beside the codes and phrases that the tables hold. `within`: days, 0 for any."""

    sections: tuple[str, ...]
    ever: bool
    procedures: bool
    within: int
    unless: str


class _Tables(NamedTuple):
    """Facts by code and phrase. A fact is a name, or "name/kind" for a finer kind of it."""

    rules: Mapping[str, PlainRule]
    codes: Mapping[str, Mapping[str, tuple[str, ...]]]
    phrases: tuple[tuple[str, str], ...]
    hint_codes: Mapping[str, Mapping[str, tuple[str, ...]]]
    hint_phrases: tuple[tuple[str, str], ...]


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """A name in the form in which phrases are compared: small letters, one space between words and around them.

    Chinese characters and Latin letters are words of their own ("PCI术后").
    """
    found = " ".join(["", *_WORD.findall(text.lower()), ""])
    for written, plain in _SPELLINGS:
        found = found.replace(written, plain)
    return found


def folded_phrase(phrase: str) -> str:
    """A phrase of a rule as it stands in a folded name; Chinese characters may stand anywhere in it."""
    phrase = phrase.strip()
    if not phrase.isascii():
        return folded(phrase).strip()
    return folded(phrase).rstrip() if phrase.endswith("-") else folded(phrase)


@cache
def plain_rules() -> Mapping[str, PlainRule]:
    """The rules by name of the fact."""
    return _tables().rules


@cache
def snomed_codes() -> frozenset[str]:
    """All SNOMED CT codes of the rules."""
    tables = _tables()
    return frozenset(tables.codes["snomed"]) | frozenset(tables.hint_codes["snomed"])


@cache
def table() -> dict[str, Any]:
    """The file as it is."""
    return read_table("knowledge/score_facts.toml")


@cache
def _tables() -> _Tables:
    listed = {name: part for name, part in table().items() if isinstance(part, dict) and name != "drugs"}
    listed = {name: {**listed.get(part.get("like", ""), {}), **part} for name, part in listed.items()}
    finer = {
        f"{name}/{kind}": each
        for name, part in listed.items()
        for kind, each in part.get("types", {}).items()
    }
    everything = {**listed, **finer}
    return _Tables(
        rules={name: _rule(part) for name, part in listed.items()},
        codes={system: _by_code(everything, system) for system in ("snomed", "icd10", "icd9")},
        phrases=tuple(_phrases(everything, "said")),
        hint_codes={system: _by_code(everything, f"hint_{system}") for system in ("snomed", "icd10", "icd9")},
        hint_phrases=tuple(_phrases(everything, "hint_said")),
    )


def _rule(part: Mapping[str, Any]) -> PlainRule:
    return PlainRule(
        sections=tuple(part.get("sections", ("conditions",))),
        ever=bool(part["ever"]),
        procedures=bool(part.get("procedures", False)),
        within=int(part.get("within", 0)),
        unless=part.get("not", ""),
    )


def _by_code(listed: Mapping[str, Mapping[str, Any]], key: str) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, part in listed.items():
        for code in part.get(key, "").split():
            found[code] = (*found.get(code, ()), name)
    return found


def _phrases(listed: Mapping[str, Mapping[str, Any]], key: str) -> Iterator[tuple[str, str]]:
    for name, part in listed.items():
        for phrase in part.get(key, "").split("|"):
            if phrase.strip():
                yield folded_phrase(phrase), name


def plain_facts(named: Named) -> dict[str, tuple[str, ...] | None]:
    """The facts that a problem states, each with its finer kinds; None for one that it only hints at."""
    tables = _tables()
    coded = _coded(named, tables.codes)
    found, hints = (set(coded), set()) if named.firm else (set(), set(coded))
    hints.update(_coded(named, tables.hint_codes))
    for each in named.words:
        _read(each, tables, found, hints)
    facts: dict[str, tuple[str, ...] | None] = {name: None for name in hints if "/" not in name}
    over = named.over()
    for name in found:
        if "/" in name:
            continue
        rule = tables.rules[name]
        kinds = tuple(
            sorted(kind for fact, _, kind in (each.partition("/") for each in found) if fact == name)
        )
        gone = over and (rule.within or not rule.ever)
        facts[name] = None if gone else tuple(kind for kind in kinds if kind)
    return facts


def _coded(named: Named, tables: Mapping[str, Mapping[str, tuple[str, ...]]]) -> Iterator[str]:
    for code in named.codes.get("snomed", ()):
        yield from tables["snomed"].get(code, ())
    for system in ("icd10", "icd9"):
        table = tables[system]
        for code in named.codes.get(system, ()):
            for length in range(1, len(code) + 1):
                yield from table.get(code[:length], ())


def _read(words: Wording, tables: _Tables, found: set[str], hints: set[str]) -> None:
    """Add what one name states to *found*; what it doubts, or only hints at, to *hints*."""
    for text, stated in ((words.stated, found), (words.doubted, hints)):
        plain = folded(text)
        said = dict.fromkeys(name for phrase, name in tables.phrases if phrase in plain)
        stated.update(name for name in said if _stands(name, text, tables.rules))
        hints.update(name for phrase, name in tables.hint_phrases if phrase in plain)


def _stands(name: str, text: str, rules: Mapping[str, PlainRule]) -> bool:
    unless = rules[name].unless if name in rules else ""
    return not unless or re.search(unless, text, re.IGNORECASE | re.ASCII) is None
