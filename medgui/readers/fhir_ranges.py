"""For whom a reference range of FHIR holds: sex, age and group that a file states with it."""

from __future__ import annotations

import re

from medgui.frozen import frozen
from medgui.readers.fhir_values import Broken, JsonObject, amount, child, children, codings, concept_text
from medgui.record.units import UnitError, convert, normalise

_FEMALE = re.compile(
    r"\b(female|f|women|woman|girls?|248152002|446141000124107)\b|weiblich|女", re.IGNORECASE
)
_MALE = re.compile(r"\b(male|m|men|man|boys?|248153007|446151000124109)\b|männlich|男", re.IGNORECASE)
_ADULT = re.compile(r"\badults?\b|133936004|成人", re.IGNORECASE)
_ADULT_YEARS = 18.0


@frozen
class ForWhom:
    """The person whose ranges are looked for; None where sex or age is not known."""

    sex: str | None
    age: float | None

    def is_meant(self, item: JsonObject) -> bool:
        """Whether a range holds for this person, all that it states being known."""
        return self._fits(item) is True

    def may_be_meant(self, item: JsonObject) -> bool:
        """Whether a range states nothing that speaks for other people."""
        return self._fits(item) is not False and not children(item, "appliesTo")

    def _fits(self, item: JsonObject) -> bool | None:
        groups = [self._group(concept) for concept in children(item, "appliesTo")]
        fits = [*groups, self._of_age(child(item, "age"))]
        return False if False in fits else None if None in fits else True

    def _group(self, concept: JsonObject) -> bool | None:
        """Sex and adults are understood; a range for any other group (a stage of pregnancy) is not for everybody."""
        words = " ".join([concept_text(concept), *(coding.code for coding in codings(concept))])
        for sex, pattern in (("female", _FEMALE), ("male", _MALE)):
            if pattern.search(words):
                return self.sex == sex if self.sex else None
        if _ADULT.search(words):
            return self.age >= _ADULT_YEARS if self.age is not None else None
        return False

    def _of_age(self, limits: JsonObject) -> bool | None:
        if not limits:
            return True
        if self.age is None:
            return None
        low, high = _years(child(limits, "low")), _years(child(limits, "high"))
        return not ((low is not None and self.age < low) or (high is not None and self.age > high))


def _years(quantity: JsonObject) -> float | None:
    try:
        read = amount(quantity)
        unit = normalise(read.code or read.unit or "a")
        return None if read.value is None or unit is None else convert(read.value, unit, "a")
    except (Broken, UnitError):
        return None
