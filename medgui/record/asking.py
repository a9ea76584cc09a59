"""How an answer is put together from others: a yes with its evidence, a no with what it was assumed from, a gap."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, Protocol

from medgui.i18n import N_, _, format_date
from medgui.record.dates import day
from medgui.record.index import Index
from medgui.record.model import Completeness, Origin, Record, Source
from medgui.record.value import Gap, Value
from medgui.record.variables import Variable

NONE_LISTED = N_("none listed (list of {date})")
NONE_LISTED_UNDATED = N_("none listed")


class Ask(Protocol):
    """Resolve another input of the same record; *days* replaces its own age limit."""

    def __call__(self, name: str, days: int | None = None) -> Value:
        """Give its value."""


class Asked(NamedTuple):
    """What is asked, of whom and when. `ask` resolves another input, `direct` without computing it (then no circle).

    `limit` is the oldest accepted age in days, or None.
    """

    record: Record
    known: Index
    variable: Variable
    as_of: str
    limit: int | None
    ask: Ask
    direct: Callable[[str], Value]


def not_known(variable: Variable, gap: Gap) -> Value:
    """No value, and why."""
    return Value(variable.name, None, variable.unit, gap)


def stated_by(variable: Variable, sources: Sequence[Source], time: str, value: float | str = 1.0) -> Value:
    """A value that entries of the file state, with all of their places; "yes" unless told otherwise."""
    return Value(
        name=variable.name,
        value=value,
        unit=variable.unit,
        source=sources[0],
        sources=tuple(sources),
        time=time,
        value_as_written=sources[0].text,
    )


def absent(record: Record, variable: Variable, sections: tuple[str, ...], value: float | str = 0.0) -> Value:
    """Assume "no" where the first section is complete and no other one was cut off (SAFETY 2)."""
    states = [record.completeness.get(section, Completeness.ABSENT) for section in sections]
    if not states or states[0] is not Completeness.COMPLETE or Completeness.PARTIAL in states:
        return not_known(variable, Gap.NOT_STATED)
    stated = record.list_date(sections[0])
    listed = day(stated)
    words = _(NONE_LISTED).format(date=format_date(listed)) if listed else _(NONE_LISTED_UNDATED)
    source = Source(record.file, section=sections[0], text=words)
    return Value(
        name=variable.name,
        value=value,
        unit=variable.unit,
        origin=Origin.ASSUMED_ABSENT,
        source=source,
        sources=(source,),
        time=stated,
        value_as_written=words,
    )


def blank(asked: Asked, gap: Gap = Gap.NOT_STATED) -> Value:
    """No value for what is asked."""
    return not_known(asked.variable, gap)


def derived_as(asked: Asked, value: float | str, parts: Sequence[Value]) -> Value:
    """A value computed from *parts*, with the places and cautions of all of them."""
    sources = tuple(dict.fromkeys(source for part in parts for source in part.sources))
    return Value(
        name=asked.variable.name,
        value=value,
        unit=asked.variable.unit,
        origin=Origin.DERIVED,
        source=parts[0].source,
        sources=sources,
        time=parts[0].time,
        derived_from=tuple(dict.fromkeys(part.name for part in parts)),
        cautions=tuple(caution for part in parts for caution in part.cautions),
    )


def yes_of(asked: Asked, parts: Sequence[Value]) -> Value:
    """Yes, since *parts* say so; what the file states itself stands as it is."""
    own = next((part for part in parts if part.name == asked.variable.name), None)
    return own if own is not None else derived_as(asked, 1.0, parts)


def no_of(asked: Asked, parts: Sequence[Value]) -> Value:
    """No, since all *parts* are: assumed where one of them is."""
    assumed = next((part for part in parts if part.origin is Origin.ASSUMED_ABSENT), None)
    if assumed is None:
        return derived_as(asked, 0.0, parts)
    return Value(
        name=asked.variable.name,
        value=0.0,
        unit=asked.variable.unit,
        origin=Origin.ASSUMED_ABSENT,
        source=assumed.source,
        sources=sources_of(parts),
        time=assumed.time,
        value_as_written=assumed.value_as_written,
    )


def sources_of(parts: Iterable[Value]) -> tuple[Source, ...]:
    """All places that *parts* rest on, each once."""
    return tuple(dict.fromkeys(source for part in parts for source in part.sources))
