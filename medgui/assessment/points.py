"""The points of a score one by one: how many, for what, and where in the file that stands."""

from __future__ import annotations

from medgui.assessment import shown, words
from medgui.assessment.finding import Finding, InputUsed, Output
from medgui.frozen import frozen
from medgui.i18n import _, format_list, format_number
from medgui.record.model import Origin
from medgui.record.variables import UnitSystem

ROUNDING = 1e-6
"""Points nearer to a whole number than this are whole."""


@frozen
class PointRow:
    """One line: "+2", "Previous stroke", "yes", "Problem list, 3 May 2021". `name` is the input, "" at the start."""

    name: str
    points: str
    title: str
    value: str
    where: str

    @property
    def text(self) -> str:
        """The line as one: "+2 Previous stroke: yes (Problem list, 3 May 2021)"."""
        told = _("{points} {item}: {value}") if self.value else "{points} {item}"
        line = told.format(points=self.points, item=self.title, value=self.value)
        return _("{line} ({place})").format(line=line, place=self.where) if self.where else line


def found_words(used: InputUsed) -> str:
    """Say where an input was read, or how it came about."""
    if used.origin is Origin.DERIVED and used.derived_from:
        return _("from {names}").format(names=format_list([words.title(n) for n in used.derived_from]))
    if used.origin is Origin.ENTERED:
        return _("entered")
    if used.origin is Origin.CLINIC:
        return words.of_clinic(used.source)
    if used.origin is Origin.ASSUMED_ABSENT:
        return used.source.text or _("none listed")
    if used.value is None:
        return used.reason or _("not in the file")
    return words.place(used.source, used.name)


def where_found(used: InputUsed) -> str:
    """The place of a value with its date, where it has one."""
    place = found_words(used)
    if used.value is None or not used.time or used.origin in (Origin.DERIVED, Origin.CLINIC):
        return place
    return _("{place}, {date}").format(place=place, date=words.when(used.time))


def point_rows(finding: Finding, output: Output, system: UnitSystem = "conventional") -> list[PointRow]:
    """Every item that gives or takes points, most first; with a start of other than 0 first. Empty for no points."""
    explanation = finding.explanation_of(output.name)
    if explanation is None or not output.is_points:
        return []
    rows = []
    if abs(explanation.baseline) > ROUNDING:
        start = format_number(explanation.baseline, places(explanation.baseline), signed=True)
        rows.append(PointRow("", start, explanation.baseline_name, "", ""))
    by_name = {used.name: used for used in finding.inputs}
    moved = [part for part in explanation.contributions if abs(part.value) > ROUNDING]
    for part in sorted(moved, key=lambda part: -abs(part.value)):
        used = by_name[part.input]
        points = format_number(part.value, places(part.value), signed=True)
        value = shown.input_text(used, system)
        rows.append(PointRow(part.input, points, used.title, value, where_found(used)))
    return rows


def without_points(finding: Finding, output: Output) -> list[str]:
    """Titles of the items that gave no point."""
    given = {row.name for row in point_rows(finding, output)}
    return [used.title for used in finding.inputs if used.value is not None and used.name not in given]


def places(points: float) -> int:
    """Decimals of points: none, but for scores that have half points. Rounding of the explanation is no half point."""
    return 0 if abs(points - round(points)) < ROUNDING else 1
