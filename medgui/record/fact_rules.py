"""The rules by which a problem or a drug states a fact, read once from `resources/knowledge/facts.toml`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from functools import cache
from typing import Any, NamedTuple

from medgui.frozen import frozen
from medgui.record.model import Coding, Medication
from medgui.record.variables import code_system
from medgui.record.wording import Wording, wording
from medgui.tables import read_table


class Named(NamedTuple):
    """The codes of a problem or drug by code system, without dots, and all its names.

    relative: it is an entry of the family's diseases, in whose names other persons are expected.
    """

    codes: Mapping[str, tuple[str, ...]]
    texts: tuple[str, ...]
    relative: bool = False

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

    @property
    def words(self) -> list[Wording]:
        """What each of the names says of itself."""
        return [wording(text, self.relative) for text in self.texts]

    @property
    def firm(self) -> bool:
        """Whether a code is believed: the entry's own name does not ask, and speaks of nobody else."""
        return not self.texts or wording(self.texts[0], self.relative).firm

    def over(self, *, ended_only: bool = False) -> bool:
        """Whether all names tell of what was, or only of what has ended."""
        said = [each.ended or (each.past and not ended_only) for each in self.words]
        return bool(said) and all(said)

    def starts(self, system: str, prefixes: tuple[str, ...]) -> bool:
        """Whether a code of *system* begins with one of *prefixes*."""
        return bool(prefixes) and any(code.startswith(prefixes) for code in self.codes.get(system, ()))


@frozen
class FactRule:
    """Codes and words that state one fact. `types` are finer kinds of it (types of diabetes).

    ever: it counts whatever became of it. lasting: who has a history of it has it, unless it is said to be over.
    """

    sections: tuple[str, ...] = ()
    ever: bool = False
    lasting: bool = False
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
        if not self.ever and named.over(ended_only=self.lasting):
            return False
        if named.firm and self._coded(named):
            return True
        return any(self._said(each.stated) for each in named.words)

    def hints(self, named: Named) -> bool:
        """Whether a problem only hints at the fact: by a hint's code or words, or by name with a doubt in it."""
        if not self.hint_snomed.isdisjoint(named.codes.get("snomed", ())) or self._coded(named):
            return True
        told = [text for each in named.words for text in (each.stated, each.doubted)]
        if self.hint_words is not None and any(self.hint_words.search(text) for text in told):
            return True
        return any(self._said(text) for text in told)

    def _coded(self, named: Named) -> bool:
        if not self.snomed.isdisjoint(named.codes.get("snomed", ())):
            return True
        return named.starts("icd10", self.icd10) or named.starts("icd9", self.icd9)

    def _said(self, text: str) -> bool:
        if self.words is None or not text or not self.words.search(text):
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
    return read_table("knowledge/facts.toml")


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
        lasting=bool(part.get("lasting", False)),
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
    return re.compile(text, re.IGNORECASE | re.ASCII) if text else None
