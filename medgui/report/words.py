"""What a finding says in the report: its figure, its category, its grade of evidence."""

from __future__ import annotations

from medgui.assessment.finding import Finding, Level, Output, Status
from medgui.assessment.lead import stage_category, stage_words
from medgui.charts import figures, marks
from medgui.charts.display import Drawing
from medgui.charts.marks import Sign
from medgui.frozen import frozen
from medgui.i18n import N_, _, format_number

_EVIDENCE = {
    "guideline": N_("Guideline"),
    "published equation, externally validated": N_("Published, externally validated"),
    "trained, externally validated": N_("Trained, externally validated"),
    "trained, internally validated": N_("Trained, internally validated"),
    "demonstration": N_("Demonstration"),
}
_LEVEL_SIGNS: dict[Level, Sign] = {Level.INFO: "info", Level.CAUTION: "caution", Level.HIGH: "high"}


@frozen
class Chip:
    """A shape in black and its word."""

    sign: Drawing | None
    text: str


def evidence(grade: str) -> str:
    """The grade as the report writes it; an unknown one as it is."""
    return _(_EVIDENCE[grade]) if grade in _EVIDENCE else grade


def main_output(finding: Finding) -> Output | None:
    """The output that stands for a finding: the first with a number, else with a range, else the first."""
    ranked = [o for o in finding.outputs if o.value is not None] or [o for o in finding.outputs if o.interval]
    return next(iter(ranked or finding.outputs), None)


def value(finding: Finding) -> str:
    """Figure and unit; two pressures as "160/96 mmHg"; words where there is no number; "" where the chip says it."""
    output = main_output(finding)
    if output is not None and output.named and output.category is not None:
        return stage_words(finding)
    if finding.status is Status.READY:
        return _pair(finding) or (figures.value_text(output) if output is not None else "")
    if finding.status is Status.MISSING_INPUT and output is not None and possible(output):
        return possible(output)
    return (
        _("not calculated") if finding.status in (Status.MISSING_INPUT, Status.OUT_OF_SCOPE) else _("not run")
    )


def possible(output: Output) -> str:
    """The range of a result whose input is missing; "about 17.1 %" where both ends read alike; points "≥ 3"."""
    if output.interval is None or figures.says_nothing(output):
        return ""
    if output.is_points:
        return figures.at_least(output)
    places = figures.decimals_of(output.interval.hi, output)
    ends = [figures.figure(end, output, places) for end in (output.interval.lo, output.interval.hi)]
    if ends[0] == ends[1]:
        return _("about {value}").format(value=figures.with_unit(ends[0], output.unit))
    return figures.interval_text(output.interval, output)


def _pair(finding: Finding) -> str:
    """Systolic over diastolic where a finding has just these two."""
    outputs = finding.outputs
    if [o.name for o in outputs] != ["systolic_bp", "diastolic_bp"]:
        return ""
    texts = [format_number(o.value, 0) for o in outputs if o.value is not None]
    return figures.with_unit("/".join(texts), outputs[0].unit) if len(texts) == 2 else ""


def interval(output: Output | None) -> str:
    """The interval of a number, "" where there is none; of unfinished points the lowest and highest total."""
    if output is None or output.interval is None or (output.value is None and not output.is_points):
        return ""
    if output.value is None and output.interval.lo == output.interval.hi:
        return ""
    return figures.interval_text(output.interval, output, unit_shown=figures.is_share(output.unit))


def chip(finding: Finding, output: Output | None = None, size: float = 10) -> Chip:
    """The category of an output with its shape, or the status of a finding without a number."""
    if finding.status is Status.READY:
        shown = output or main_output(finding)
        if output is None and _pair(finding):
            shown = next((o for o in finding.outputs if o.category is not None), shown)
        category = shown.category if shown is not None else None
        if output is None:
            category = stage_category(finding) or category
        if category is None:
            return Chip(None, "")
        return Chip(marks.shape(_LEVEL_SIGNS[category.level], size, role="text"), category.text)
    signs: dict[Status, tuple[Sign, str]] = {
        Status.MISSING_INPUT: ("question", _("Input missing")),
        Status.OUT_OF_SCOPE: ("refused", _("Not for this patient")),
        Status.REFUSED: ("refused", _("Refused")),
        Status.FAILED: ("failed", _("Failed")),
    }
    sign, text = signs[finding.status]
    return Chip(marks.shape(sign, size, role="text"), text)
