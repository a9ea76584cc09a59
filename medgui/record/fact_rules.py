"""The rules by which a problem or a drug states a fact, read once from `resources/knowledge/facts.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import field
from functools import cache
from typing import Any, NamedTuple

from medgui.frozen import frozen
from medgui.paths import resources_dir
from medgui.record.model import Coding, Medication
from medgui.record.variables import code_system


class Named(NamedTuple):
    """The codes of a problem or drug by code system, without dots, and all its names."""

    codes: Mapping[str, tuple[str, ...]]
    texts: tuple[str, ...]

    @classmethod
    def of(cls, name: str, codings: Iterable[Coding]) -> Named:
        """Sort the codes of one entry; its names are its own and those of its codes, each once."""
        codes: dict[str, tuple[str, ...]] = {}
        texts = {name: None} if name else {}
        for coding in codings:
            kind = code_system(coding.system)
            codes[kind] = (*codes.get(kind, ()), coding.code.replace(".", "").upper())
            if coding.display:
                texts[coding.display] = None
        return cls(codes, tuple(texts))

    def starts(self, system: str, prefixes: tuple[str, ...]) -> bool:
        """Whether a code of *system* begins with one of *prefixes*."""
        return bool(prefixes) and any(code.startswith(prefixes) for code in self.codes.get(system, ()))


@frozen
class FactRule:
    """Codes and words that state one fact. `types` are finer kinds of it (types of diabetes)."""

    sections: tuple[str, ...] = ()
    ever: bool = False
    snomed: frozenset[str] = frozenset()
    icd10: tuple[str, ...] = ()
    icd9: tuple[str, ...] = ()
    words: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None
    hint_snomed: frozenset[str] = frozenset()
    hint_words: re.Pattern[str] | None = None
    expires_days: int = 0
    types: Mapping[str, FactRule] = field(default_factory=dict)

    def matches(self, named: Named) -> bool:
        """Whether a problem states the fact: by code, or by a name of its own."""
        if not self.snomed.isdisjoint(named.codes.get("snomed", ())):
            return True
        if named.starts("icd10", self.icd10) or named.starts("icd9", self.icd9):
            return True
        return any(self._said(text) for text in named.texts)

    def hints(self, named: Named) -> bool:
        """Whether a problem only hints at the fact: by a hint's code or words, or by name with a doubt in it."""
        if not self.hint_snomed.isdisjoint(named.codes.get("snomed", ())):
            return True
        if self.hint_words is not None and any(self.hint_words.search(text) for text in named.texts):
            return True
        words = self.words
        return words is not None and any(words.search(t) and _never().search(t) for t in named.texts)

    def _said(self, text: str) -> bool:
        if self.words is None or not self.words.search(text) or _never().search(text):
            return False
        return self.unless is None or not self.unless.search(text)


class DrugRule(NamedTuple):
    """Codes and ingredient names of one kind of drug."""

    atc: tuple[str, ...] = ()
    rxnorm: frozenset[str] = frozenset()
    words: re.Pattern[str] | None = None

    def matches(self, medication: Medication) -> bool:
        """Whether a medication is of this kind."""
        named = Named.of(medication.name, medication.codings)
        if not self.rxnorm.isdisjoint(named.codes.get("rxnorm", ())) or named.starts("atc", self.atc):
            return True
        return self.words is not None and any(self.words.search(text) for text in named.texts)

    def matches_route(self, medication: Medication) -> bool:
        """Whether the route or form names it (for `local`)."""
        texts = (medication.route, *Named.of(medication.name, medication.codings).texts)
        return self.words is not None and any(self.words.search(text) for text in texts)


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((resources_dir() / "knowledge" / "facts.toml").read_text(encoding="utf-8"))


@cache
def _never() -> re.Pattern[str]:
    return re.compile(_table()["never"], re.IGNORECASE)


@cache
def _absent() -> re.Pattern[str]:
    return re.compile(_table()["absent"], re.IGNORECASE)


def never(text: str) -> bool:
    """Whether a name only asks, plans or doubts, or is about somebody else."""
    return _never().search(text) is not None


def denies(text: str) -> bool:
    """Whether a name states that something is absent."""
    return _absent().search(text) is not None


@cache
def rules() -> Mapping[str, FactRule]:
    """Rules of facts from problems and procedures, by standard input name."""
    return {
        name: _rule(part) for name, part in _table().items() if isinstance(part, dict) and name != "drugs"
    }


def _rule(part: dict[str, Any]) -> FactRule:
    return FactRule(
        sections=tuple(part.get("sections", ())),
        ever=bool(part.get("ever", False)),
        snomed=frozenset(part.get("snomed", "").split()),
        icd10=tuple(part.get("icd10", "").split()),
        icd9=tuple(part.get("icd9", "").split()),
        words=_pattern(part.get("words", "")),
        unless=_pattern(part.get("not", "")),
        hint_snomed=frozenset(part.get("hint_snomed", "").split()),
        hint_words=_pattern(part.get("hint_words", "")),
        expires_days=int(part.get("expires_days", 0)),
        types={name: _rule(kind) for name, kind in part.get("types", {}).items()},
    )


@cache
def drug_rules() -> Mapping[str, DrugRule]:
    """Rules of drug kinds by name."""
    return {
        name: DrugRule(
            tuple(part.get("atc", "").split()),
            frozenset(part.get("rxnorm", "").split()),
            _pattern(part["words"]),
        )
        for name, part in _table()["drugs"].items()
    }


def _pattern(text: str) -> re.Pattern[str] | None:
    return re.compile(text, re.IGNORECASE) if text else None
