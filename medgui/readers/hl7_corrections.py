"""HL7 v2 results that a later message of the file corrects, withdraws or makes final."""

from __future__ import annotations

from dataclasses import replace

from medgui.frozen import frozen
from medgui.i18n import _
from medgui.readers.hl7_orders import Order, Result
from medgui.readers.wording import result_doubt
from medgui.record.dates import moment
from medgui.record.model import Observation

Key = tuple[str, ...]


@frozen
class Told:
    """One observation as one message tells it.

    `stated` is its status as written, `message` the message's line, `written` when the message was made (ISO or "").
    """

    key: Key
    stated: str
    message: int
    observation: Observation
    written: str = ""


_REPLACES = frozenset({"C", "A", "B"})
_WITHDRAWS = frozenset({"D", "W"})
_CHANGES = _REPLACES | _WITHDRAWS | {"U"}


def key_of(order: Order, result: Result, found: Observation) -> Key:
    """What makes two results the same one: order numbers, code, sub-id; () where the message numbers no order."""
    placer, filler = order.numbers
    if not placer and not filler:
        return ()
    service = order.obr.text(4) if order.obr else ""
    return (
        filler or placer,
        service,
        found.code or found.name,
        found.system,
        result.obx.text(4),
        _suffix(found),
    )


def _suffix(found: Observation) -> str:
    """Repetition or part of the result that an observation is."""
    return found.id.partition("@")[2].lstrip("0123456789")


def settled(told: list[Told]) -> list[Observation]:
    """All results in the order of their messages, each earlier one as the later messages leave it.

    A correction makes the earlier result entered in error; a deletion too; a change of status to final without a
    value makes the earlier value final. A final result that is sent again with another value replaces the one sent
    before (results are sent in snapshot mode, each message with all that is known).
    """
    listed = [each.observation for each in told]
    places: dict[Key, list[int]] = {}
    for index, each in enumerate(told):
        earlier = places.setdefault(each.key, []) if each.key else []
        before = _meant(told, each, earlier) if each.stated in _CHANGES else []
        if each.stated == "F":
            for place in _sent_before(told, each, earlier):
                listed[place] = _replaced(listed[place])
        if each.stated in _REPLACES | _WITHDRAWS:
            changed = _replaced if each.stated in _REPLACES else _withdrawn
            for place in before:
                listed[place] = changed(listed[place])
            places[each.key] = earlier = sorted(set(earlier) - set(before))
        elif each.stated == "U" and each.observation.value is None and before:
            listed[before[-1]] = _finished(listed[before[-1]])
        if each.key:
            earlier.append(index)
    return listed


def _meant(told: list[Told], later: Told, earlier: list[int]) -> list[int]:
    """Which of the earlier results a later one is about: those of its time, or all where none is of its time."""
    before = [place for place in earlier if told[place].message != later.message]
    at_its_time = [place for place in before if told[place].observation.time == later.observation.time]
    return at_its_time or before


def _sent_before(told: list[Told], later: Told, earlier: list[int]) -> list[int]:
    """The final results of the same moment that an earlier message gave another value."""
    found = later.observation
    return [
        place
        for place in earlier
        if told[place].stated == "F"
        and told[place].observation.time == found.time
        and (told[place].observation.value, told[place].observation.unit) != (found.value, found.unit)
        and found.value is not None
        and moment(told[place].written) < moment(later.written)
    ]


def _replaced(found: Observation) -> Observation:
    reason = _("A later message corrects this result.")
    return replace(found, status="entered-in-error", usable=False, unusable_reason=reason)


def _withdrawn(found: Observation) -> Observation:
    reason = _("A later message withdraws this result.")
    return replace(found, status="entered-in-error", usable=False, unusable_reason=reason)


def _finished(found: Observation) -> Observation:
    if found.status != "preliminary" or found.unusable_reason != result_doubt("preliminary"):
        return found
    return replace(found, status="final", usable=True, unusable_reason="")
