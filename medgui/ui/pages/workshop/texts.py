"""Words of the workshop that more than one of its views needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from medgui.charts.figures import unit_words
from medgui.i18n import N_, _, format_count, format_list, format_percent, localised, ngettext
from medgui.ui.words import Words

if TYPE_CHECKING:
    from medgui.workshop.columns import Column, Role

ROLES: Mapping[str, str] = {
    "label": N_("Outcome"),
    "input": N_("Input of the model"),
    "group": N_("Group to compare"),
    "id": N_("Identifies the person"),
    "leave_out": N_("Left out"),
}
KINDS: Mapping[str, str] = {
    "number": N_("number"),
    "yes_no": N_("yes or no"),
    "category": N_("category"),
    "date": N_("date"),
    "text": N_("free text"),
    "constant": N_("the same in all rows"),
    "empty": N_("empty"),
    "identifier": N_("identifier"),
}
FIELDS: Mapping[str, str] = {
    "title": N_("Title with the endpoint"),
    "intended_use": N_("Intended use"),
    "not_for": N_("Not for"),
    "population": N_("Whom the data are of"),
    "data_licence": N_("Permission to use the data"),
    "developer": N_("Who made it"),
    "outcome": N_("What the event is"),
    "indication": N_("For which patients"),
    "event": N_("Of 100 people like this, about N …"),
    "citation": N_("How to cite it"),
    "funding": N_("Who paid for the work"),
}


def roles_of(column: Column) -> tuple[Role, ...]:
    """The roles that a column can have: what holds no values to learn from is no input."""
    if column.kind in ("number", "yes_no"):
        return ("input", "id", "leave_out")
    if column.kind == "category":
        return ("input", "group", "id", "leave_out")
    return ("id", "leave_out") if column.kind in ("identifier", "text") else ("leave_out",)


def meaning(column: Column) -> str:
    """What the model would call the column: a standard input with its unit, or the clinic's own."""
    if column.role != "input":
        return ""
    name = localised(column.title) or column.input
    if column.unit in ("", "1") or column.codes:
        return name
    return _("{name} ({unit})").format(name=name, unit=unit_words(column.unit))


def known(column: Column, rows: int) -> str:
    """How many rows know it."""
    return format_percent(column.known / rows, 0) if rows else ""


def rows_and_columns(file: str, rows: int, columns: int) -> str:
    """The size of a table."""
    first = ngettext("{n} row", "{n} rows", rows).format(n=format_count(rows))
    second = ngettext("{n} column", "{n} columns", columns).format(n=format_count(columns))
    return _("{file}: {rows}, {columns}").format(file=file, rows=first, columns=second)


def field_title(key: str) -> Words:
    """The title of a field of the card."""
    return lambda: _(FIELDS[key])


def still_needed(keys: Sequence[str]) -> str:
    """Say which needed fields of the card are empty."""
    return _("Still needed for the card: {fields}.").format(
        fields=format_list([_(FIELDS[key]) for key in keys])
    )
