"""What a finding's row says: number, interval, chip, and its sentence for a screen reader."""

from medgui.assessment.finding import Finding, Interval, Output, Status
from medgui.assessment.lead import said_reason, stage_category, stage_words
from medgui.assessment.shown import shown
from medgui.charts import figures
from medgui.i18n import _, format_list, format_number, ngettext, pgettext, with_unit
from medgui.ui.shapes import Mark
from medgui.ui.widgets.chip import LEVEL_MARK, STATUS_MARK, status_words
from medgui.ui.widgets.evidence import evidence_full

NO_NUMBER = {Status.REFUSED, Status.FAILED}


def first_output(finding: Finding, name: str = "") -> Output | None:
    """Return the output *name*; else the first with a number; else the first."""
    outputs = finding.outputs
    named = next((o for o in outputs if o.name == name), None)
    return (
        named or next((o for o in outputs if o.value is not None), None) or (outputs[0] if outputs else None)
    )


def number(finding: Finding, output: Output | None) -> tuple[str, str]:
    """Return figure and unit of the row; the figure is "" where there is none, or where the chip says the result."""
    if output is None:
        return "", ""
    if output.named:
        return stage_words(finding) if output is finding.outputs[0] else "", ""
    unit = "%" if figures.is_share(output.unit) else figures.unit_words(output.unit)
    if output.is_points:
        unit = _points(output)
    if output.value is not None:
        return _figure(finding, output), unit
    if (
        finding.status is Status.MISSING_INPUT
        and output.interval is not None
        and not figures.says_nothing(output)
    ):
        return figures.at_least(output) or _range(output.interval, output), unit
    return "", ""


def value_words(finding: Finding, output: Output | None) -> str:
    """Say the number with its unit within a sentence: "14.3 %", "3 points", "G3b A2"."""
    figure, unit = number(finding, output)
    if output is None or not figure or stage_words(finding):
        return figure
    if finding.status is Status.READY and not output.is_points:
        return figures.value_text(output)
    return with_unit(figure, unit)


def _points(output: Output) -> str:
    low = output.value if output.value is not None else output.interval.lo if output.interval else 0.0
    return pgettext("score", "point") if round(low) == 1 else pgettext("score", "points")


def _range(interval: Interval, output: Output) -> str:
    """Write the ends of a range; once where both are shown alike."""
    lo, hi = figures.figure(interval.lo, output), figures.figure(interval.hi, output)
    return hi if lo == hi else figures.interval_text(interval, output, unit_shown=False)


def _figure(finding: Finding, output: Output) -> str:
    """Write the number; two measured values of one reading stand together ("160/96")."""
    both = [o for o in finding.outputs if o.value is not None and o.unit == output.unit]
    if finding.kind == "value":
        return "/".join(shown(o.name, o.value, o.unit).text for o in both[:2])
    return figures.figure(output.value or 0.0, output)


def no_number(finding: Finding, output: Output | None = None) -> str:
    """Say in words that there is no number; nothing where the chip says the result of *output*."""
    if output is not None and output.named and output.value is not None:
        return ""
    return _("not run") if finding.status in NO_NUMBER else _("not calculated")


def under_number(finding: Finding, output: Output | None) -> str:
    """Return the line under the number: the interval, or for what the range stands."""
    if output is None or output.interval is None or figures.says_nothing(output):
        return ""
    if output.named:
        return figures.interval_text(output.interval, output)
    if output.value is None:
        return _possible(output) if finding.status is Status.MISSING_INPUT else ""
    return figures.interval_text(output.interval, output, unit_shown=False)


def _possible(output: Output) -> str:
    """What a range stands for; of points the highest total."""
    interval = output.interval
    if interval is None or not output.is_points:
        return _("over plausible values")
    if interval.lo == interval.hi:
        return _("whatever is missing")
    return _("at most {total}").format(total=figures.figure(interval.hi, output))


def chip(finding: Finding, output: Output | None) -> tuple[str, Mark] | None:
    """Return word and shape of the one chip of a row, or None; unfinished points may have their category already."""
    known = output.category if output is not None else None
    if finding.status is Status.MISSING_INPUT and known is not None:
        return known.text, LEVEL_MARK[known.level]
    if finding.status is not Status.READY:
        return status_words(finding.status), STATUS_MARK[finding.status]
    if output is not None and output is finding.outputs[0]:
        known = stage_category(finding) or known
    return (known.text, LEVEL_MARK[known.level]) if known is not None else None


def sentence(finding: Finding, output: Output | None, *, is_open: bool) -> str:
    """Say the whole row: "10-year cardiovascular disease, 14.7 %, interval 11.3 to 18.7, …, collapsed"."""
    parts = [finding.title]
    figure, unit = number(finding, output)
    parts.append(f"{figure} {unit}".strip() if figure else no_number(finding, output))
    if figure and output is not None and output.value is not None and output.interval is not None:
        interval = output.interval
        lo, hi = figures.figure(interval.lo, output), figures.figure(interval.hi, output)
        parts.append(_("interval {lo} to {hi}").format(lo=lo, hi=hi))
    word = chip(finding, output)
    if word:
        parts.append(word[0])
    parts += [evidence_full(finding.evidence), said_reason(finding, output)]
    parts.append(_("expanded") if is_open else _("collapsed"))
    return format_list([part for part in parts if part])


def summary(findings: tuple[Finding, ...], seconds: float) -> str:
    """Return the one line beside the title of the page."""

    def count(*statuses: Status) -> int:
        return sum(f.status in statuses for f in findings)

    parts = [ngettext("{n} finding", "{n} findings", len(findings)).format(n=len(findings))]
    waiting, outside, stopped = count(Status.MISSING_INPUT), count(Status.OUT_OF_SCOPE), count(*NO_NUMBER)
    if waiting:
        parts.append(ngettext("{n} needs an answer", "{n} need an answer", waiting).format(n=waiting))
    if outside:
        parts.append(
            ngettext("{n} not for this patient", "{n} not for this patient", outside).format(n=outside)
        )
    if stopped:
        parts.append(ngettext("{n} not run", "{n} not run", stopped).format(n=stopped))
    if seconds:
        parts.append(
            _("finished in {s} s on this PC").format(s=format_number(seconds, 1 if seconds >= 0.095 else 2))
        )
    return "  •  ".join(parts)
