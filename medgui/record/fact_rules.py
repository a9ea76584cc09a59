"""The rules by which a problem or a drug states a fact, read once from `resources/knowledge/facts.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from medgui.paths import resources_dir
from medgui.record.model import Coding, Condition, Medication
from medgui.record.variables import code_system

_ICD9 = re.compile(r"[V\d]\d{2}.*")


@dataclass(frozen=True, slots=True)
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

    def matches(self, condition: Condition) -> bool:
        """Whether a problem states the fact: by code, or by its own name where no code decides."""
        if any(self._coded(coding) for coding in condition.codings):
            return True
        return any(self._said(text) for text in _texts(condition.name, condition.codings))

    def hints(self, condition: Condition) -> bool:
        """Whether a problem only hints at the fact: by a hint's code or words, or by name with a doubt in it."""
        if any(coding.code in self.hint_snomed for coding in condition.codings):
            return True
        texts = list(_texts(condition.name, condition.codings))
        if self.hint_words is not None and any(self.hint_words.search(text) for text in texts):
            return True
        return self.words is not None and any(
            self.words.search(text) and _never().search(text) for text in texts
        )

    def _coded(self, coding: Coding) -> bool:
        kind = code_system(coding.system)
        code = coding.code.replace(".", "").upper()
        if kind == "snomed":
            return code in self.snomed
        if kind == "icd10":
            return code.startswith(self.icd10) if self.icd10 else False
        if kind == "icd9":
            return code.startswith(self.icd9) if self.icd9 else False
        return False

    def _said(self, text: str) -> bool:
        if self.words is None or not self.words.search(text) or _never().search(text):
            return False
        return self.unless is None or not self.unless.search(text)


@dataclass(frozen=True, slots=True)
class DrugRule:
    """Codes and ingredient names of one kind of drug."""

    atc: tuple[str, ...] = ()
    rxnorm: frozenset[str] = frozenset()
    words: re.Pattern[str] | None = None

    def matches(self, medication: Medication) -> bool:
        """Whether a medication is of this kind."""
        for coding in medication.codings:
            kind = code_system(coding.system)
            if kind == "rxnorm" and coding.code in self.rxnorm:
                return True
            if kind == "atc" and self.atc and coding.code.startswith(self.atc):
                return True
        texts = _texts(medication.name, medication.codings)
        return self.words is not None and any(self.words.search(text) for text in texts)

    def matches_route(self, medication: Medication) -> bool:
        """Whether the route or form names it (for `local`)."""
        texts = (medication.route, *_texts(medication.name, medication.codings))
        return self.words is not None and any(self.words.search(text) for text in texts)


def _texts(name: str, codings: Iterable[Coding]) -> Iterable[str]:
    return filter(None, (name, *(coding.display for coding in codings)))


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((resources_dir() / "knowledge" / "facts.toml").read_text(encoding="utf-8"))


@cache
def _never() -> re.Pattern[str]:
    return re.compile(_table()["never"], re.IGNORECASE)


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
