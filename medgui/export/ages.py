"""Ages from 90, which are one group, and the last day that a record tells of (SAFETY 26)."""

from __future__ import annotations

from medgui.record.dates import age_range, span
from medgui.record.model import Observation, Record, Source
from medgui.record.variables import VARIABLES

OLDEST = 90
"""Ages from here on are one group (45 CFR 164.514(b)(2)(i)(C): "over 89")."""


def age_group(day: str) -> Observation:
    """What is said of an age from 90: that it is one."""
    return Observation(
        id="age-group", code="", system="", name=VARIABLES["age"].title["en"], value=float(OLDEST), unit="a",
        value_as_written=f">={OLDEST}", unit_as_written="a", time=day, source=Source(""), variable="age",
        comparator=">=",
    )  # fmt: skip


def latest_day(record: Record) -> str:
    """The latest day that a value, problem or drug is of, never after the day of the visit; "" where none is dated.

    The day of the visit and that of the document stay here: they may be those of the export, and their distance
    from it would tell the offset.
    """
    dates = [found.time for found in record.observations]
    dates += [found.recorded for found in record.conditions] + [found.start for found in record.medications]
    visit = span(record.as_of)
    known = [days[1] for text in dates if (days := span(text)) and (visit is None or days[1] <= visit[1])]
    return max(known).isoformat() if known else ""


def reaches_ninety(record: Record) -> bool:
    """Whether the patient may be 90 or more at the visit, or was at death."""
    born = record.patient.birth_date
    until = record.patient.deceased if span(record.patient.deceased) else record.as_of or record.document_date
    years = age_range(born, until) if born else None
    return years is not None and years[1] >= OLDEST


def states_old_age(record: Record) -> bool:
    """Whether a value or an answer states an age from 90."""
    stated = [(found.variable, found.value) for found in record.observations]
    stated += [(answer.variable, answer.value) for answer in record.answers]
    return any(
        name == "age" and isinstance(value, int | float) and not isinstance(value, bool) and value >= OLDEST
        for name, value in stated
    )
