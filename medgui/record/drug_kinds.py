"""Kinds of drugs that published scores ask for, by ingredient class: `resources/knowledge/score_facts.toml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from medgui.record.fact_rules import Named
from medgui.record.model import Coding, Medication
from medgui.record.plain_rules import folded, folded_phrase, table


class _Kind(NamedTuple):
    facts: tuple[str, ...]
    atc: tuple[str, ...]
    phrases: tuple[str, ...]
    unless: str


@cache
def _kinds() -> Mapping[str, _Kind]:
    return {
        name: _Kind(
            tuple(part.get("facts", "").split()),
            tuple(part.get("atc", "").split()),
            tuple(folded_phrase(each) for each in part["said"].split("|") if each.strip()),
            part.get("not", ""),
        )
        for name, part in table()["drugs"].items()
    }


@cache
def kinds_for(fact: str) -> tuple[str, ...]:
    """The kinds of drugs that answer yes to the input *fact*; none for most inputs."""
    return tuple(name for name, kind in _kinds().items() if fact in kind.facts)


def kinds_of(medication: Medication) -> frozenset[str]:
    """All kinds to which a medication belongs, by ATC code or ingredient; forms that do not count left out."""
    return _kinds_of(medication.name, medication.codings, medication.route)


@lru_cache(maxsize=4096)
def _kinds_of(name: str, codings: tuple[Coding, ...], route: str) -> frozenset[str]:
    named = Named.of(name, codings)
    texts = [folded(text) for text in named.texts]
    found = set()
    for kind, rule in _kinds().items():
        stated = named.starts("atc", rule.atc) or any(p in text for text in texts for p in rule.phrases)
        if stated and not (rule.unless and _in_any(rule.unless, (*named.texts, route))):
            found.add(kind)
    return frozenset(found)


def _in_any(pattern: str, texts: tuple[str, ...]) -> bool:
    return any(re.search(pattern, text, re.IGNORECASE | re.ASCII) for text in texts)


def forget() -> None:
    """Let go of the names kept here."""
    _kinds_of.cache_clear()
