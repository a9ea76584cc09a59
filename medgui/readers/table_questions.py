"""Questions of a table: dates and numbers that can be read in two ways."""

from __future__ import annotations

from medgui.i18n import _, with_unit
from medgui.readers.table_cells import Day
from medgui.record.model import Observation, Question, Source, Suggestion
from medgui.record.units import normalise


def which_order(found: Day, source: Source) -> Question:
    """Whether days or months come first, where the dates of the file do not tell. The answer reads the file again."""
    labels = (_("{date} (day first)"), _("{date} (month first)"))
    return Question(
        id="date_order",
        code="date_order",
        message=_("Is {text} {first} or {second}? Only the year of such dates is used.").format(
            text=source.text, first=found.readings[0][:10], second=found.readings[1][:10]
        ),
        suggestions=tuple(
            Suggestion(label.format(date=iso[:10]), order)
            for label, iso, order in zip(labels, found.readings, ("dmy", "mdy"), strict=True)
        ),
        source=source,
    )


def which_number(frame: Observation, readings: tuple[float, ...], text: str, unit: str) -> Question:
    """Whether "1,234" has a decimal comma or thousands; nothing uses the value until this is answered."""
    labels = [with_unit(f"{value:.15g}", unit) for value in readings]
    return Question(
        id=f"number_ambiguous:{frame.id}",
        code="number_ambiguous",
        message=_("{name} {text}: is that {first} or {second}?").format(
            name=frame.name, text=text, first=labels[0], second=labels[1]
        ),
        observation=frame.id,
        variable=frame.variable,
        suggestions=tuple(
            Suggestion(label, value, normalise(unit, frame.variable) or unit)
            for label, value in zip(labels, readings, strict=True)
        ),
        source=frame.source,
    )
