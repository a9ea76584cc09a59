"""The rows of an explanation: the reference person, what each input adds, the patient. Figures that add up.

    rows = contributions.rows(explanation, output, finding.inputs, show=show_value)

The same rows are the waterfall, its table for screen readers and the table of the PDF.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from medgui.assessment.finding import Contribution, Explanation, InputUsed, Output
from medgui.assessment.group_shift import is_marker
from medgui.charts import figures
from medgui.charts.layout import largest_remainder
from medgui.frozen import frozen
from medgui.i18n import _, format_number, ngettext

ShowValue = Callable[[InputUsed], str]
"""An input's value and unit as this doctor reads them ("45 mg/dL", "yes"); the caller knows units and words."""

MOST = 7
"""Inputs shown by name; the others are summed in one row."""

Kind = Literal["baseline", "input", "rest", "patient"]


@frozen
class Row:
    """One row. `start` and `end` are the ends of its bar in the output's unit; `points` is the shown figure.

    `marker`: a treatment flag or a group (it marks a risk, it does not cause it). `missing`: the input has no value.
    """

    kind: Kind
    name: str
    value: str
    start: float
    end: float
    shown: float
    points: str
    input: str = ""
    marker: bool = False
    missing: bool = False

    @property
    def falls(self) -> bool:
        return self.kind in ("input", "rest") and self.end < self.start


def rows(
    explanation: Explanation, output: Output, inputs: Iterable[InputUsed], show: ShowValue | None = None
) -> list[Row]:
    """Baseline, inputs by size (at most seven, the rest in one), patient; shown figures sum to the result.

    Inputs that add exactly nothing (equal to the reference person) have no row. Raises `ValueError` where the
    output has no number.
    """
    if output.value is None:
        raise ValueError("an output without a number has no explanation")
    by_name = {i.name: i for i in inputs}
    named, rest = _split(explanation)
    parts = _ordered(explanation.baseline, output, named, rest)
    decimals = figures.decimals_of(output.value, output)
    k = figures.factor(output.unit)
    values = [explanation.baseline, *(value for _c, value in parts)]
    shown = largest_remainder([v * k for v in values], output.value * k, decimals)
    start = output.word(explanation.baseline) or format_number(shown[0], decimals)
    result = [Row("baseline", explanation.baseline_name, "", 0.0, explanation.baseline, shown[0], start)]
    at = explanation.baseline
    for (contribution, value), figure in zip(parts, shown[1:], strict=True):
        points = format_number(figure, decimals, signed=True)
        result.append(
            _row(contribution, by_name, show or show_plainly, (at, at + value), figure, points, len(rest))
        )
        at += value
    total = figures.figure(output.value, output)
    result.append(Row("patient", _("This patient"), "", 0.0, output.value, sum(shown), total))
    return result


def show_plainly(value: InputUsed) -> str:
    """Value and unit without any table: for inputs that no variable describes."""
    if value.value is None:
        return _("not measured")
    if isinstance(value.value, str):
        return value.value
    if value.unit == figures.SHARE and value.value in (0, 1):
        return _("yes") if value.value else _("no")
    text = figures.plain(round(value.value, 2))
    if value.unit == figures.SHARE:
        return text
    return figures.with_unit(text, value.unit) if value.unit else text


def _split(explanation: Explanation) -> tuple[list[Contribution], list[Contribution]]:
    moved = [c for c in explanation.contributions if c.value != 0]
    ranked = sorted(moved, key=lambda c: (-abs(c.value), c.input))
    return ranked[:MOST], ranked[MOST:]


def _ordered(
    baseline: float, output: Output, named: Sequence[Contribution], rest: Sequence[Contribution]
) -> list[tuple[Contribution | None, float]]:
    """Parts in the order drawn; `None` stands for the summed rest.

    By size, the rest last. Where that order would step outside of what the output can be (a risk below 0 or
    above 1 on the way), rises come first, then falls, or the other way round.
    """
    by_size: list[tuple[Contribution | None, float]] = [(c, c.value) for c in named]
    if rest:
        by_size.append((None, sum(c.value for c in rest)))
    top = 1.0 if figures.is_share(output.unit) else float("inf")
    rises_first = sorted(by_size, key=lambda p: p[1] < 0)
    falls_first = sorted(by_size, key=lambda p: p[1] >= 0)
    for order in (by_size, rises_first, falls_first):
        at, inside = baseline, True
        for _c, value in order:
            at += value
            inside = inside and -1e-9 <= at <= top + 1e-9
        if inside:
            return order
    return by_size


def _row(
    contribution: Contribution | None,
    by_name: dict[str, InputUsed],
    show: ShowValue,
    ends: tuple[float, float],
    shown: float,
    points: str,
    smaller: int,
) -> Row:
    if contribution is None:
        name = ngettext("{n} smaller input", "{n} smaller inputs", smaller).format(n=smaller)
        return Row("rest", name, "", *ends, shown, points)
    used = by_name.get(contribution.input)
    if used is None:
        return Row("input", contribution.input, "", *ends, shown, points, contribution.input)
    value = _("on treatment") if _treated(used) else show(used)
    return Row(
        "input", used.title, value, *ends, shown, points, used.name, marker=used.marker,
        missing=used.value is None,
    )  # fmt: skip


def _treated(used: InputUsed) -> bool:
    """Whether a treatment flag is set (SAFETY 23: it reads "on treatment", not "yes")."""
    return used.marker and not is_marker(used) and used.value not in (None, 0, 0.0, "0", "no", "")
