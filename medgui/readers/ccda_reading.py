"""The value of a C-CDA observation by its data type: number, category, yes or no, text, time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from medgui.frozen import frozen
from medgui.readers.amounts import Amount, amount_in, in_two_units
from medgui.readers.ccda_values import (
    Texts,
    codings,
    end_of,
    null_words,
    start_of,
    unit_of,
)
from medgui.readers.nothing import states_nothing
from medgui.readers.ranges import written_range
from medgui.readers.vocabulary import canonical
from medgui.readers.xml_place import EMPTY, Node
from medgui.record.model import Coding
from medgui.record.units import normalise


@frozen
class Reading:
    """A value as it stands. `absent` says why there is none; `in_words`: its units stand in its text ("5 ft 8 in")."""

    value: float | str | bool | None
    text: str
    unit: str = ""
    comparator: str = ""
    codes: tuple[Coding, ...] = ()
    absent: str = ""
    in_words: bool = False


def reading_of(value: Node, texts: Texts, variable: str) -> Reading:
    """The value of an element `value`; its type is taken from its shape where it names none.

    *variable* decides between the meanings of an ambiguous unit.
    """
    kind = value.at("xsi:type").rpartition(":")[2] or _shape(value)
    return _READ.get(kind, _text)(value, texts, variable)


def _shape(value: Node) -> str:
    if value.at("code") or value.child("translation").at("code"):
        return "CD"
    if value.child("low") or value.child("high"):
        return "IVL_PQ"
    return "PQ" if value.at("value") else "ST"


# Numbers


def _quantity(value: Node, texts: Texts, variable: str) -> Reading:
    written, unit = value.at("value"), unit_of(value)
    if not written:
        return _other_quantity(value, texts, variable)
    found = amount_in(written, variable)
    if found is None:
        return Reading(written, written, unit)
    if unit and found.unit and not _same_unit(unit, found.unit, variable):
        return Reading(f"{written} {unit}", written, unit)
    unit = unit or found.unit or _translated_unit(value, found, texts, variable)
    if unit and normalise(unit, variable) is None:
        for other in _translations(value, texts, variable):
            if other.unit and normalise(other.unit, variable) is not None:
                return other
    shown = written if not found.unit else f"{found.value:g}"
    return Reading(found.value, shown, unit, found.comparator)


def _same_unit(one: str, other: str, variable: str) -> bool:
    return normalise(one, variable) == normalise(other, variable)


def _translated_unit(value: Node, found: Amount, texts: Texts, variable: str) -> str:
    """The unit of a number that has none itself: of a translation of the same number, else of its original text."""
    for other in _translations(value, texts, variable):
        if other.unit and other.value in (found.value, None):
            return other.unit
    stated = amount_in(texts.of(value.child("originalText")), variable)
    return stated.unit if stated and stated.value == found.value else ""


def _translations(value: Node, texts: Texts, variable: str) -> list[Reading]:
    found = []
    for part in value.children("translation"):
        unit = unit_of(part) or part.at("code") or texts.of(part.child("originalText"))
        number = amount_in(part.at("value"), variable)
        if unit or number:
            found.append(Reading(number.value if number else None, part.at("value"), unit))
    return found


def _other_quantity(value: Node, texts: Texts, variable: str) -> Reading:
    """A quantity without a number of its own: its translation, its text, or nothing with the reason."""
    for other in _translations(value, texts, variable):
        if isinstance(other.value, float):
            return other
    read = _text(value, texts, variable)
    return read if read.text else Reading(None, "", absent=null_words(value))


def _interval(value: Node, texts: Texts, variable: str) -> Reading:
    """An interval with one end is a value with a comparator; with two ends it stays words."""
    ends = {name: value.child(name) for name in ("low", "high", "center")}
    read = {name: _quantity(node, texts, variable) for name, node in ends.items() if node.at("value")}
    low, high = read.get("low"), read.get("high")
    if not read:
        return _quantity(value, texts, variable)
    if low and high and (low.value, low.unit) != (high.value, high.unit):
        words = f"{low.text}–{high.text} {high.unit or low.unit}".strip()
        return Reading(words, words)
    found = low or high or read["center"]
    if not isinstance(found.value, float) or (low and high) or not (low or high):
        return found
    inclusive = (ends["low"] if low else ends["high"]).at("inclusive").lower() != "false"
    sign = (">" if low else "<") + ("=" if inclusive else "")
    return replace(found, comparator=sign)


def _ratio(value: Node, texts: Texts, variable: str) -> Reading:
    parts = [_quantity(value.child(name), texts, variable) for name in ("numerator", "denominator")]
    words = "/".join(" ".join(filter(None, (part.text, part.unit))) for part in parts if part.text)
    return Reading(words or None, words, absent="" if words else null_words(value))


# Others


def _concept(value: Node, texts: Texts, variable: str) -> Reading:
    listed, name = codings(value), texts.name(value)
    if not name:
        return _text(value, texts, variable)
    if not listed and value.at("nullFlavor") and states_nothing(name):
        return Reading(None, "", absent=name)
    return Reading(name, name, codes=listed)


def _text(value: Node, texts: Texts, variable: str) -> Reading:
    """A text; a number where the text is one, with its unit where that is understood."""
    words = texts.of(value) or texts.of(value.child("originalText")) or value.at("value")
    both = in_two_units(words, variable)
    if both is not None:
        return Reading(both.value, words, both.unit, in_words=True)
    found = amount_in(words, variable)
    if found:
        shown = words[: len(words) - len(found.unit)].strip()
        return Reading(found.value, shown, found.unit or unit_of(value), found.comparator)
    return Reading(words or None, words, absent="" if words else null_words(value))


def _boolean(value: Node, texts: Texts, variable: str) -> Reading:
    stated = value.at("value").lower()
    if stated in ("true", "false"):
        return Reading(stated == "true", stated)
    return _text(value, texts, variable)


def _time(value: Node, texts: Texts, variable: str) -> Reading:
    first, last = start_of(value), end_of(value)
    words = f"{first} – {last}" if last and last != first else first
    if not words:
        return _text(value, texts, variable)
    return Reading(words, value.at("value") or words)


_Reader = Callable[[Node, Texts, str], Reading]
_READ: dict[str, _Reader] = {
    **dict.fromkeys(("PQ", "REAL", "INT", "MO", "PPD_PQ"), _quantity),
    **dict.fromkeys(("IVL_PQ", "IVL_REAL", "IVL_INT"), _interval),
    **dict.fromkeys(("RTO", "RTO_PQ_PQ", "RTO_QTY_QTY"), _ratio),
    **dict.fromkeys(("CD", "CE", "CO", "CV", "CS"), _concept),
    **dict.fromkeys(("BL", "BN"), _boolean),
    **dict.fromkeys(("TS", "IVL_TS"), _time),
}


def range_of(
    observation: Node, texts: Texts, variable: str, unit: str
) -> tuple[float | None, float | None] | None:
    """The file's own normal range in the canonical unit of a value written in *unit*; None where it states none.

    A range for an abnormal interpretation, upside down, or of another unit is left out; several that differ (for
    men and women) are none.
    """
    stated = set()
    for item in observation.each("referenceRange", "observationRange"):
        if item.child("interpretationCode").at("code") not in ("", "N"):
            continue
        low, high = (_limit(end, variable, unit) for end in _range_ends(item, texts, variable))
        if (low, high) != (None, None) and not (low is not None and high is not None and low > high):
            stated.add((low, high))
    return stated.pop() if len(stated) == 1 else None


def _range_ends(item: Node, texts: Texts, variable: str) -> tuple[Amount | None, Amount | None]:
    value = item.child("value")
    if value.child("low") or value.child("high"):
        return _end(value.child("low"), variable), _end(value.child("high"), variable)
    words = texts.of(value) or texts.of(item.child("text"))
    first, dash, second = words.replace("–", "-").partition("-")
    one, other = amount_in(first, variable), amount_in(second, variable)
    if dash and one and other and not one.comparator and not other.comparator:
        return replace(one, unit=one.unit or other.unit), other
    found = written_range(words)
    if found is None:
        return None, None
    low, high = (None if end is None else Amount(end, found.unit) for end in (found.low, found.high))
    return low, high


def _end(node: Node, variable: str) -> Amount | None:
    found = amount_in(node.at("value"), variable) if node is not EMPTY else None
    return Amount(found.value, unit_of(node) or found.unit, found.comparator) if found else None


def _limit(end: Amount | None, variable: str, unit: str) -> float | None:
    if end is None:
        return None
    limit, own = canonical(end.value, end.unit or unit, variable), canonical(1.0, unit, variable)
    return limit.value if limit.unit == own.unit else None
