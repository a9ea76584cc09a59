"""Are two files about one person? Decided on birth date, identifiers, name and sex, and in doubt by a question.

Another birth date is always another person (SAFETY 26). Everything here is pure and does not depend on the order
in which the files are given.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from functools import lru_cache

from medgui.frozen import frozen
from medgui.record.dates import span
from medgui.record.model import Patient, Record


class Verdict(StrEnum):
    """What two identities say of each other: one person, a doubt that is asked about, or another person."""

    SAME = "same"
    NAME_CHANGED = "name_changed"
    UNSURE = "identity_unsure"
    OTHER_BIRTH_DATE = "other_birth_date"
    OTHER_NAME = "other_name"

    @property
    def is_other(self) -> bool:
        """Whether the two are never put together."""
        return self in (Verdict.OTHER_BIRTH_DATE, Verdict.OTHER_NAME)

    @property
    def is_asked(self) -> bool:
        """Whether only an answer puts the two together."""
        return self in (Verdict.NAME_CHANGED, Verdict.UNSURE)


@frozen
class Identity:
    """What tells a person apart, in a form that can be compared.

    born: first and last possible day, one pair for each way to read the date; empty where none is stated.
    numbers: (system, value) of identifiers. family, given: folded names; both empty where the file names nobody.
    """

    born: tuple[tuple[date, date], ...]
    numbers: frozenset[tuple[str, str]]
    family: str
    given: str
    sex: str

    @property
    def is_exact(self) -> bool:
        """Whether the birth date is one day."""
        return len(self.born) == 1 and self.born[0][0] == self.born[0][1]

    @property
    def is_empty(self) -> bool:
        """Whether nothing says who it is."""
        return not (self.born or self.numbers or self.family or self.given)


def identity_of(record: Record) -> Identity:
    """The identity that a record states. A birth date that was asked about keeps each of its readings."""
    person = record.patient
    return Identity(
        born=_born(record),
        numbers=frozenset(_numbers(person)),
        family=_folded(person.family),
        given=_folded(person.given),
        sex=person.sex or "",
    )


def has_facts(record: Record) -> bool:
    """Whether a record states anything that a model could use; a mere document does not."""
    return bool(record.observations or record.conditions or record.medications or record.allergies)


def _born(record: Record) -> tuple[tuple[date, date], ...]:
    found = span(record.patient.birth_date) if record.patient.birth_date else None
    if found:
        return (found,)
    asked = next((q for q in record.questions if q.code == "birth_date_ambiguous"), None)
    return tuple((day, day) for day in readings_of(asked.source.text)) if asked else ()


def readings_of(written: str) -> tuple[date, ...]:
    """The days that a numeric date such as "03/04/1970" may mean; the year stands first or last."""
    numbers = [int(part) for part in re.findall(r"\d+", written)]
    if len(numbers) < 3:
        return ()
    first, second, third = numbers[:3]
    year, others = (first, (second, third)) if first > 31 else (third, (first, second))
    found = []
    for month, day in (others, others[::-1]):
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    return tuple(dict.fromkeys(found))


# Identifiers

_NO_NUMBER = frozenset({"unknown", "none", "unk", "na", "null", "nil", "anonymous", "test", "patient"})
_SHORTEST = 4
"""Signs of an identifier without a system that may stand for one person: "1" and "12" are rows of a table."""


def _numbers(person: Patient) -> Iterable[tuple[str, str]]:
    for item in person.identifiers:
        value = re.sub(r"[\W_]", "", item.value).casefold()
        if value and value not in _NO_NUMBER and len(set(value)) > 1:
            yield _system(item.system, value), value


_US_SSN = ("2.16.840.1.113883.4.1", "http://hl7.org/fhir/sid/us-ssn")
_EXAMPLES = ("2.16.840.1.113883.19.", "2.16.840.1.113883.19", "http://example.", "https://example.")
"""HL7's arc for examples, which some systems send as their own."""


def _system(written: str, value: str) -> str:
    """The numbering that a number belongs to; "" where it cannot tell two people apart.

    Chart numbers are often sent under the arc of US social security numbers, which have nine digits.
    """
    text = written.strip().casefold().rstrip("/").removeprefix("urn:oid:")
    if text in _US_SSN:
        return _US_SSN[0] if len(value) == 9 and value.isdigit() else ""
    return "" if text.startswith(_EXAMPLES) else text


def _share_number(one: Identity, other: Identity) -> bool:
    if one.numbers & other.numbers and any(
        system or len(value) >= _SHORTEST for system, value in one.numbers & other.numbers
    ):
        return True
    return any(
        value == found and not (system and place) and len(value) >= _SHORTEST
        for system, value in one.numbers
        for place, found in other.numbers
    )


def _numbers_differ(one: Identity, other: Identity) -> bool:
    """Whether one numbering gives the two different numbers, and none gives them the same."""
    systems = {s for s, _v in one.numbers if s} & {s for s, _v in other.numbers if s}
    return bool(systems) and not _share_number(one, other)


# Names

_LETTERS = str.maketrans({
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i",
})  # fmt: skip
_TITLES = frozenset(
    {"dr", "mr", "mrs", "ms", "miss", "prof", "jr", "sr", "ii", "iii", "iv", "md", "phd", "rn"}
)
_UMLAUTS = re.compile("([aou])e")


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    """A name in small letters without accents, titles and punctuation; its parts stand apart by one space."""
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    plain = re.sub("['\u2019`]", "", plain)
    return " ".join(part for part in re.findall(r"[^\W\d_]+", plain) if part not in _TITLES)


def _is_han(text: str) -> bool:
    return any("\u3400" <= sign <= "\u9fff" or sign > "\uffff" for sign in text)


def _alike(one: str, other: str) -> bool:
    """The same part of a name: equal, an initial of it, or ü written as ue."""
    if one == other or (min(len(one), len(other)) == 1 and one[0] == other[0]):
        return True
    return _UMLAUTS.sub(r"\1", one) == _UMLAUTS.sub(r"\1", other)


def _within(shorter: Sequence[str], longer: Sequence[str]) -> bool:
    """Whether every part of the one name is found in the other, each of whose parts counts once."""
    left = list(longer)
    for part in sorted(shorter, key=len, reverse=True):
        found = next((item for item in left if item == part), None) or next(
            (item for item in left if _alike(item, part)), None
        )
        if found is None:
            return False
        left.remove(found)
    return True


def _contained(one: str, other: str) -> bool:
    first, second = one.split(), other.split()
    return _within(first, second) if len(first) <= len(second) else _within(second, first)


def same_name(one: Identity, other: Identity) -> bool | None:
    """Whether two names are one: True, False, or None where they cannot be compared.

    Case, accents, titles, hyphens, the order of family and given name, missing middle names and initials make no
    difference. A name in Chinese signs and one in Latin letters cannot be compared.
    """
    whole_one, whole_other = f"{one.family} {one.given}".strip(), f"{other.family} {other.given}".strip()
    if not whole_one or not whole_other:
        return None
    if _is_han(whole_one) or _is_han(whole_other):
        if not (_is_han(whole_one) and _is_han(whole_other)):
            return None
        ways = {_joined(other.family, other.given), _joined(other.given, other.family)}
        return _joined(one.family, one.given) in ways
    if _joined(one.family, one.given) in (
        _joined(other.family, other.given),
        _joined(other.given, other.family),
    ):
        return True
    if all((one.family, one.given, other.family, other.given)):
        return _parts_agree(one, other)
    shared = min(len(whole_one.split()), len(whole_other.split()))
    if shared < 2:
        return None if _contained(whole_one, whole_other) else False
    return _contained(whole_one, whole_other)


def _joined(*parts: str) -> str:
    return "".join(parts).replace(" ", "")


def _parts_agree(one: Identity, other: Identity) -> bool:
    families = _joined(one.family) == _joined(other.family) or (
        _contained(one.family, other.family) and min(len(one.family), len(other.family)) > 1
    )
    first = _alike(one.given.split()[0], other.given.split()[0])
    given = _joined(one.given) == _joined(other.given) or (first and _contained(one.given, other.given))
    return families and given


def _by_initial(one: Identity, other: Identity) -> bool:
    """Whether the first given names are only known to begin alike: "H." may be Helen or her twin Henry."""
    first, second = one.given.split()[:1], other.given.split()[:1]
    return bool(first and second) and first != second and min(len(first[0]), len(second[0])) == 1


# The verdict


def _births(one: Identity, other: Identity) -> bool | None:
    """Whether the birth dates agree: True for one same day, False where they contradict, None in between."""
    if not one.born or not other.born:
        return None
    if not any(a[0] <= b[1] and b[0] <= a[1] for a in one.born for b in other.born):
        return False
    return True if one.is_exact and other.is_exact else None


def compare(one: Identity, other: Identity) -> Verdict:
    """What two identities say of each other."""
    births = _births(one, other)
    if births is False:
        return Verdict.OTHER_BIRTH_DATE
    names = same_name(one, other)
    number = _share_number(one, other)
    if names is False:
        return Verdict.NAME_CHANGED if number and births else Verdict.OTHER_NAME
    if names and number:
        return Verdict.SAME
    if names and births:
        sexes = {one.sex, other.sex} - {""}
        unsure = len(sexes) > 1 or _numbers_differ(one, other) or _by_initial(one, other)
        return Verdict.UNSURE if unsure else Verdict.SAME
    if number and births:
        return Verdict.SAME
    return Verdict.UNSURE
