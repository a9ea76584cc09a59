"""Values that were probably copied from an earlier visit: the same to the last digit, again and again.

They stay as they are, with a note on each and one trace for the group.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from medgui.i18n import N_, _, format_date, format_list, localised
from medgui.record.dates import day, moment
from medgui.record.model import Cleaned, Observation, Record
from medgui.record.variables import VARIABLES

MEASURED_ANEW = (
    "systolic_bp", "diastolic_bp", "heart_rate", "respiratory_rate", "temperature", "oxygen_saturation", "weight",
)  # fmt: skip
"""Vital signs that differ from day to day; a height does not."""
SAME_SET = N_(
    "{names} are the same to the last digit on {days} days ({dates}): copied from an earlier visit?"
)
SAME_WEIGHT = N_(
    "The weight is the same to the last digit on {days} days ({dates}): copied from an earlier visit?"
)
COPIED = N_("Probably copied from an earlier visit.")

_SET, _SET_DAYS = 3, 3
_WEIGHT_DAYS, _WEIGHT_SPAN_DAYS = 5, 180
"""Three and more vital signs equal on three days, or a weight with decimals equal on five days over half a year: the
weight of an adult varies by about 0.5 kg within days (Orsama et al., Obes Facts 2014)."""


Day = dict[str, Observation]


def copied_forward(results: Sequence[Observation], record: Record) -> tuple[list[Observation], list[Cleaned]]:
    """The results, with a note on those that were probably copied, and one trace for each group."""
    days = _by_day(results)
    groups = [*_same_sets(days), *_same_weights(days)]
    noted: dict[str, str] = {}
    traces = []
    for sentence, copies in groups:
        traces.append(Cleaned("copied_forward", sentence, copies[0].source, copies[0].id))
        noted.update((found.id, _(COPIED)) for found in copies)
    if not noted:
        return list(results), []
    return [_with_note(found, noted.get(found.id, "")) for found in results], traces


def _with_note(found: Observation, note: str) -> Observation:
    if not note or note in found.note:
        return found
    return replace(found, note=f"{found.note} {note}".strip())


def _by_day(results: Iterable[Observation]) -> dict[str, Day]:
    """One value of each vital sign a day, the days in order."""
    days: dict[str, Day] = {}
    for found in results:
        if found.variable in MEASURED_ANEW and found.usable and found.value_as_written and day(found.time):
            days.setdefault(found.time[:10], {}).setdefault(found.variable, found)
    return dict(sorted(days.items()))


def _same_sets(days: dict[str, Day]) -> Iterator[tuple[str, list[Observation]]]:
    alike: dict[tuple[tuple[str, str, str], ...], list[tuple[str, Day]]] = {}
    for when, values in days.items():
        if len(values) >= _SET:
            key = tuple(sorted((name, o.value_as_written, o.unit_as_written) for name, o in values.items()))
            alike.setdefault(key, []).append((when, values))
    for same in alike.values():
        if len(same) >= _SET_DAYS:
            names = [localised(VARIABLES[name].title) for name in MEASURED_ANEW if name in same[0][1]]
            sentence = _(SAME_SET).format(
                names=format_list(names), days=len(same), dates=_dates(w for w, _v in same)
            )
            yield sentence, [found for _when, values in same[1:] for found in values.values()]


def _same_weights(days: dict[str, Day]) -> Iterator[tuple[str, list[Observation]]]:
    weights = [values["weight"] for values in days.values() if "weight" in values]
    for written, run in groupby(weights, key=lambda found: (found.value_as_written, found.unit_as_written)):
        same = list(run)
        apart = moment(same[-1].time)[0] - moment(same[0].time)[0]
        if "." in written[0] and len(same) >= _WEIGHT_DAYS and apart > _WEIGHT_SPAN_DAYS:
            dates = _dates(found.time[:10] for found in same)
            yield _(SAME_WEIGHT).format(days=len(same), dates=dates), same[1:]


def _dates(days: Iterable[str]) -> str:
    listed = [format_date(found) for found in map(day, days) if found]
    return format_list(listed if len(listed) <= 4 else [*listed[:2], "…", listed[-1]])
