"""Findings as text for a terminal: the number first, then interval, category, evidence and reasons."""

from __future__ import annotations

from collections.abc import Iterator

from medgui.assessment import words
from medgui.assessment.finding import Assessment, Explanation, Finding, InputUsed, Interval, Output, Status
from medgui.assessment.order import PROGNOSIS
from medgui.assessment.points import point_rows
from medgui.assessment.questions import difference
from medgui.assessment.questions import groups as question_groups
from medgui.assessment.shown import input_text
from medgui.charts import describe, figures
from medgui.cli.output import table
from medgui.cli.record_text import name_of, place
from medgui.i18n import (
    EN_DASH,
    _,
    format_list,
    format_number,
    format_points,
    ngettext,
    percent_decimals,
    percent_figure,
    percent_sign,
)
from medgui.inference.questions import question_title
from medgui.record.model import Record

LARGEST = 7
"""Contributions shown one by one; the rest is summed (UI.md, waterfall)."""


def assessment_lines(record: Record, assessment: Assessment) -> Iterator[str]:
    """Give the assessment line by line."""
    yield f"{name_of(record.patient)}  {record.patient.birth_date}"
    yield _("As of {date}. Decision support, not a diagnosis.").format(date=words.when(assessment.as_of))
    questions = record.open_questions
    if questions:
        yield ""
        yield ngettext("{n} open question", "{n} open questions", len(questions)).format(n=len(questions))
        yield from (f"  ? {question.message}" for question in questions)
    prognosis = False
    for members in question_groups(assessment.findings):
        if members[0].group == PROGNOSIS and not prognosis:
            prognosis = True
            yield ""
            yield _("Prognosis")
        if len(members) > 1:
            yield ""
            yield f"== {question_title(members[0].question)} =="
        for finding in members:
            yield ""
            yield from finding_lines(finding)
        told = difference(members)
        if told:
            yield ""
            yield told
    if not assessment.complete:
        yield ""
        yield _("The run was stopped; not all models are shown.")


def finding_lines(finding: Finding) -> Iterator[str]:
    """Give one finding line by line."""
    yield f"{finding.title}  [{status_text(finding.status)}]"
    yield f"  {finding.reason}"
    if finding.status in (Status.READY, Status.MISSING_INPUT):
        yield from table([_output(output) for output in finding.outputs if _says(output)])
    if finding.survival is not None:
        yield f"  {describe.survival(finding.survival)}"
    if finding.notice and finding.status is Status.READY:
        yield f"  {finding.notice}"
    if finding.explanations:
        yield from _explanation(finding.explanations[0], finding)
    if finding.inputs:
        yield "  " + _("Inputs")
        yield from table([_input(used) for used in finding.inputs], indent=4)
    if finding.checks:
        yield "  " + _("What was checked")
        yield from table(
            [
                [check.name, check.patient, check.made_for, _("inside") if check.inside else _("outside")]
                for check in finding.checks
            ],
            indent=4,
        )
        yield from (f"    {check.limits}" for check in finding.checks if not check.inside and check.limits)
    for caution in finding.cautions:
        yield f"  ! {caution.message}"
    for line in finding.advice:
        yield f"  > {line}"
    if finding.evidence:
        yield "  " + _("Evidence: {grade}").format(grade=evidence_text(finding.evidence))


def status_text(status: Status) -> str:
    """Return the words of a status."""
    return {
        Status.READY: _("ready"),
        Status.MISSING_INPUT: _("input missing"),
        Status.OUT_OF_SCOPE: _("not for this patient"),
        Status.REFUSED: _("refused"),
        Status.FAILED: _("failed"),
    }[status]


def evidence_text(grade: str) -> str:
    """Return the evidence grade in the language in force."""
    return {
        "guideline": _("guideline"),
        "published equation, externally validated": _("published equation, externally validated"),
        "trained, externally validated": _("trained, externally validated"),
        "trained, internally validated": _("trained, internally validated"),
        "demonstration": _("demonstration"),
    }.get(grade, grade)


def _says(output: Output) -> bool:
    return output.value is not None or output.interval is not None or bool(output.reason)


def _output(output: Output) -> list[str]:
    title = output.short_title or output.title
    value = output.value
    shown = figures.at_least(output) or _("not calculated")
    if value is not None:
        shown = _figure(value, output)
    span = _interval(output, output.interval) if output.interval else ""
    said = output.reason
    if output.category is not None and output.named:
        said = output.category.guideline
    elif output.category is not None:
        said = _("{category} ({guideline})").format(
            category=output.category.text, guideline=output.category.guideline
        )
    return [title, shown, span, said]


def _figure(value: float, output: Output) -> str:
    return output.word(value) or words.figure(output.name, value, output.unit, output.decimals)


def _interval(output: Output, interval: Interval) -> str:
    if output.unit == "1":
        places = max(percent_decimals(interval.lo), percent_decimals(interval.hi))
        lo, hi = percent_figure(interval.lo, places), percent_figure(interval.hi, places)
        return f"{lo}{EN_DASH}{hi}{percent_sign()}"
    if output.unit == words.POINTS:
        return figures.interval_text(interval, output)
    return words.span(
        output.name,
        float(format_number(interval.lo, words.decimals(output.name)).replace("\u2212", "-")),
        float(format_number(interval.hi, words.decimals(output.name)).replace("\u2212", "-")),
        output.unit,
    )


def _explanation(explanation: Explanation, finding: Finding) -> Iterator[str]:
    output = next(o for o in finding.outputs if o.name == explanation.output)
    if output.named:
        return
    title = output.short_title or output.title
    points = point_rows(finding, output)
    if points:
        yield "  " + _("Points of {output}").format(output=title)
        yield from (f"    {row.text}" for row in points)
        return
    yield "  " + _("Why {output}: above or below the reference person").format(output=title)
    titles = {used.name: used.title for used in finding.inputs}
    ordered = sorted(explanation.contributions, key=lambda c: -abs(c.value))
    nothing = _points(0.0, output)
    shown = [c for c in ordered if _points(c.value, output).lstrip("+\u2212") != nothing][:LARGEST]
    rest = [c for c in ordered if c not in shown and c.value]
    rows = [[explanation.baseline_name, _figure(explanation.baseline, output)]]
    rows += [[titles.get(c.input, c.input), _points(c.value, output)] for c in shown]
    if rest:
        text = ngettext("{n} smaller input", "{n} smaller inputs", len(rest)).format(n=len(rest))
        rows.append([text, _points(sum(c.value for c in rest), output)])
    if output.value is not None:
        rows.append([_("This patient"), _figure(output.value, output)])
    yield from table(rows, indent=4)


def _points(value: float, output: Output) -> str:
    if output.unit == "1":
        return format_points(value)
    return format_number(value, _places(output), signed=True)


def _places(output: Output) -> int:
    return words.decimals(output.name) if output.decimals is None else output.decimals


def _input(used: InputUsed) -> list[str]:
    if used.value is None:
        return [used.title, _("no value"), "", used.reason]
    return [used.title, input_text(used), used.time[:10], _origin(used)]


def _origin(used: InputUsed) -> str:
    where = place(used.source)
    derived = format_list([words.title(name) for name in used.derived_from if name != "birth_date"])
    words_of = {
        "file": where,
        "derived": _("computed from {names}").format(names=derived) if derived else _("from the birth date"),
        "entered": _("entered"),
        "imputed": _("filled in by the model"),
        "assumed_absent": _("none listed in the file"),
        "clinic": words.of_clinic(used.source),
    }
    return words_of[used.origin.value]
