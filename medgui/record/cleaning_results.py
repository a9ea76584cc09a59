"""Results that stand more than once, and those that others replace.

Each function looks at all results once (a table from what makes two the same to those found) and names the
entries to leave out, with the entry that stands for each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from medgui.i18n import _
from medgui.record.dates import instant
from medgui.record.model import Allergy, Condition, Medication, Observation
from medgui.record.readings import stated_unit
from medgui.record.units import UnitError, convert
from medgui.record.variables import VARIABLES, fold

Identity = tuple[str, str]
_CORRECTED = ("corrected", "amended", "appended")
_PRELIMINARY = ("preliminary", "registered", "partial")
_FINAL = ("final", *_CORRECTED)
_REPLACED = (*_FINAL, "entered-in-error")
_FEW = 8
"""How many entries of one moment are compared with each other; more are only found where all is equal."""


class Dropped(NamedTuple):
    """An entry to leave out: why (`Cleaned.code`) and the id of the one that stands for it ("" for none)."""

    entry: Observation | Condition | Medication | Allergy
    code: str
    kept: str = ""


def withdrawn(results: Iterable[Observation]) -> Iterator[Dropped]:
    """Results that were entered in error or cancelled."""
    for found in results:
        if found.status == "entered-in-error":
            yield Dropped(found, "entered_in_error")
        elif found.status == "cancelled":
            yield Dropped(found, "cancelled")


def corrected(results: Sequence[Observation]) -> Iterator[Dropped]:
    """Results that a corrected one of the same analyte, moment and sample replaces; the last correction holds."""
    if not any(found.status in _CORRECTED for found in results):
        return
    gone: set[int] = set()
    for group in _of_one_moment(results):
        latest = next((found for found in reversed(group) if found.status in _CORRECTED), None)
        for found in group if latest else ():
            is_left = found is not latest and not gone & {id(found), id(latest)}
            if latest and is_left and found.status in _REPLACED and _replaces(latest, found):
                gone.add(id(found))
                yield Dropped(found, "corrected", latest.id)


def superseded(results: Sequence[Observation]) -> Iterator[Dropped]:
    """Preliminary results whose final one is there."""
    if not any(found.status in _PRELIMINARY for found in results):
        return
    gone: set[int] = set()
    for group in _of_one_moment(results):
        final = next((found for found in group if found.status in _FINAL), None)
        for found in group if final else ():
            if final and id(found) not in gone and found.status in _PRELIMINARY and _replaces(final, found):
                gone.add(id(found))
                yield Dropped(found, "superseded", final.id)


def _of_one_moment(results: Iterable[Observation]) -> Iterable[list[Observation]]:
    """Results of one analyte and minute: of the clock on the wall, or of the world's where zones are stated."""
    groups: dict[tuple[Identity, str | float], list[Observation]] = {}
    for found in results:
        if found.time:
            own = identity(found)
            groups.setdefault((own, minute(found.time)), []).append(found)
            world = world_minute(found.time)
            if world is not None:
                groups.setdefault((own, world), []).append(found)
    return (group for group in groups.values() if len(group) > 1)


def _replaces(newer: Observation, older: Observation) -> bool:
    """Whether one is the newer state of the other: one id in a file, or one sample and minute in two files.

    Within a file the reader knows which order a correction is about and has said so.
    """
    stem, _at, _place = newer.id.partition("@")
    one_id = any(map(str.isdigit, stem)) and stem == older.id.partition("@")[0]
    two_files = newer.source.file != older.source.file and len(minute(newer.time)) > len("2026-01-01")
    withdrawn_by_reader = older.status == "entered-in-error"
    return (
        newer.usable
        and older.usable == (older.status in _FINAL)
        and (one_id or two_files or withdrawn_by_reader or older.status in _PRELIMINARY)
        and _same_sample(newer, older)
    )


def _same_sample(one: Observation, other: Observation) -> bool:
    return _goes_with(one.specimen, other.specimen) and _goes_with(one.method, other.method)


def identity(found: Observation) -> Identity:
    """What was measured: the standard input, else the code, else the name."""
    if found.variable:
        return "variable", found.variable
    return (found.system, found.code) if found.code else ("name", fold(found.name))


def minute(time: str) -> str:
    """A time to the minute as written at its place; the day alone where no more is stated or it is midnight."""
    return time[:10] if time[11:16] in ("", "00:00") else time[:16]


def world_minute(time: str) -> float | None:
    """The minute of the world's clock; None where the time states no zone or no clock but midnight."""
    if time[11:16] in ("", "00:00"):
        return None
    seconds = instant(time)
    return None if seconds is None else seconds // 60


# The same result twice


def repeated(results: Sequence[Observation], asked: Mapping[str, str]) -> Iterator[Dropped]:
    """Results that say the same as another one of the same moment; the one that says most stays.

    *asked*: code of the question that each observation has; it is never taken for one without.
    """
    days: dict[tuple[object, ...], list[Observation]] = {}
    for found in results:
        days.setdefault((*_counts_for(found, asked), found.time[:10]), []).append(found)
    gone: set[int] = set()
    for listed in days.values():
        group = listed
        while len(group) > 1 and (dropped := list(_of_day(group))):
            yield from dropped
            gone.update(id(item.entry) for item in dropped)
            group = [found for found in group if id(found) not in gone]
    yield from _of_two_zones((found for found in results if id(found) not in gone), asked)


def _of_two_zones(results: Iterable[Observation], asked: Mapping[str, str]) -> Iterator[Dropped]:
    """One moment written in two time zones (07:15Z and 08:15+01:00), by two systems."""
    minutes: dict[tuple[object, ...], list[Observation]] = {}
    for found in results:
        world = world_minute(found.time)
        if world is not None:
            minutes.setdefault((*_counts_for(found, asked), world), []).append(found)
    for group in minutes.values():
        for cluster in _clusters(group) if len({found.time[-6:] for found in group}) > 1 else ():
            best = max(cluster, key=_information)
            yield from (Dropped(found, "duplicate", best.id) for found in cluster if found is not best)


def _counts_for(found: Observation, asked: Mapping[str, str]) -> tuple[object, ...]:
    """What two results must agree in to be one, besides their moment and their number."""
    return (
        identity(found), _text_of(found), found.comparator, found.usable,
        found.unusable_reason, found.status if not found.usable else "", asked.get(found.id, ""),
    )  # fmt: skip


def _text_of(found: Observation) -> object:
    """The value where it is no number in the unit of a standard input; those are compared by their precision."""
    if isinstance(found.value, float) and found.variable:
        return "number"
    if isinstance(found.value, str):
        return fold(found.value) or found.value
    if found.value is None:
        return fold(found.value_as_written), fold(found.note)
    return found.value, found.unit


def _of_day(group: Sequence[Observation]) -> Iterator[Dropped]:
    """Equal values of one day: of the same minute, or one without a time of day beside one with it."""
    by_minute: dict[str, list[Observation]] = {}
    for found in group:
        by_minute.setdefault(minute(found.time), []).append(found)
    whole_day = by_minute.pop(group[0].time[:10], [])
    clusters: list[list[Observation]] = []
    for listed in by_minute.values():
        clusters.extend(_clusters(listed))
    for cluster in _clusters(whole_day):
        timed = next((c for c in clusters[:_FEW] if _same(c[0], cluster[0])), None)
        if timed is None:
            clusters.append(cluster)
        else:
            timed.extend(cluster)
    for cluster in clusters:
        best = max(cluster, key=_information)
        yield from (Dropped(found, "duplicate", best.id) for found in cluster if found is not best)


def _clusters(listed: Iterable[Observation]) -> list[list[Observation]]:
    """Groups of the same result; entries equal in all that counts find each other whatever their number."""
    found: list[list[Observation]] = []
    exact: dict[tuple[object, ...], list[Observation]] = {}
    for entry in listed:
        key = (entry.value, entry.unit, entry.unit_as_written, entry.specimen, entry.method, entry.setting)
        cluster = exact.get(key) if _is_plain(entry) else None
        if cluster is None:
            cluster = next((c for c in found[:_FEW] if all(_same(entry, o) for o in c[:_FEW])), None)
        if cluster is None:
            cluster = []
            found.append(cluster)
        cluster.append(entry)
        exact.setdefault(key, cluster)
    return found


def _same(one: Observation, other: Observation) -> bool:
    places = {(found.source.file, found.source.section) for found in (one, other)}
    return (
        (_is_plain(one) or len(places) == 2)
        and _same_sample(one, other)
        and _goes_with(one.setting, other.setting)
        and (not isinstance(one.value, float) or _same_number(one, other))
    )


def _is_plain(found: Observation) -> bool:
    """Whether equal results of one moment are one: not where a code may be reported of several germs or findings."""
    return bool(found.variable) or (isinstance(found.value, float) and not found.comparator)


def _goes_with(one: str, other: str) -> bool:
    return not one or not other or fold(one) == fold(other)


def _same_number(one: Observation, other: Observation) -> bool:
    """Equal numbers, or one number written in two units: 194 lb and 88 kg are the same to the last digit written."""
    if one.unit != other.unit or not isinstance(one.value, float) or not isinstance(other.value, float):
        return False
    apart = abs(one.value - other.value)
    if one.unit_as_written == other.unit_as_written:
        return apart <= 1e-9 * max(abs(one.value), abs(other.value))
    return apart <= max(_half_digit(one), _half_digit(other)) * 1.001


def _half_digit(found: Observation) -> float:
    """Half of the last digit written, in the unit of the value."""
    variable = VARIABLES.get(found.variable)
    number = found.value_as_written.strip().lstrip("<>=≤≥~ ")
    _whole, point, decimals = number.partition(".")
    half = 0.5 * 10.0 ** -(len(decimals) if point and decimals.isdigit() else 0)
    unit = stated_unit(found.unit_as_written, variable) if variable else None
    if variable is None or unit is None or found.unit != variable.unit:
        return 0.0
    try:
        return abs(
            convert(1 + half, unit, found.unit, found.variable)
            - convert(1.0, unit, found.unit, found.variable)
        )
    except UnitError:
        return 0.0


def _information(found: Observation) -> tuple[int, int, int]:
    stated = (
        found.code, found.reference_range, found.interpretation,
        found.note, found.category, found.unit_as_written, found.status in _CORRECTED,
    )  # fmt: skip
    place = bool(found.specimen) + bool(found.method) + bool(found.setting)
    return place, sum(map(bool, stated)) + len(found.codings), len(found.time)


def entered_in_error(reason: str) -> bool:
    """Whether the reason why an entry is not used is that it was withdrawn."""
    return bool(reason) and reason == _("Entered in error.")
