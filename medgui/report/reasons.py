"""One finding in full: scale, waterfall, natural frequencies, other outcomes; or what a missing value would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from medgui.assessment.finding import Curve, Finding, Output
from medgui.assessment.lead import stage_words
from medgui.assessment.points import point_rows
from medgui.assessment.questions import difference
from medgui.assessment.shown import unit_text
from medgui.charts import curve, describe, figures, icon_array, scale, survival, waterfall
from medgui.charts.display import PAPER, Drawing
from medgui.i18n import _, format_list, language
from medgui.record.units import convert
from medgui.record.variables import VARIABLES
from medgui.report import fonts, words
from medgui.report.content import Content
from medgui.report.draw import Pen
from medgui.report.flow import (
    BODY,
    CAPTION,
    HEAD,
    LEADING,
    MARGIN,
    SECTION,
    SMALL,
    WIDTH,
    Block,
    beside,
    figure,
    heading,
    lines_of,
    paragraph,
    space,
    tied,
)
from medgui.report.summary import interval_words
from medgui.report.table import Cell, Column, Style, table


def reasons(content: Content, finding: Finding, *, main: bool) -> list[Block]:
    """Scale, waterfall and natural frequencies of one finding, tied so that they stay together."""
    output = words.main_output(finding)
    if output is None or output.value is None:
        return []
    title = heading(_title(finding, output), HEAD if main else SECTION, 18 if main else 16)
    blocks = [title]
    about = _about(output)
    if about:
        blocks.append(paragraph(about, CAPTION if not main else SMALL, "muted", below=4))
    if not figures.is_share(output.unit):
        told = describe.frequency(output)
        blocks += [paragraph(told, BODY, below=4)] if told else []
    blocks.append(figure(scale.large(output, fonts.measure, WIDTH, sizes=PAPER), below=10))
    if finding.notice:
        blocks.append(paragraph(finding.notice, CAPTION, "muted", below=4))
    listed = _points(content, finding, output)
    if listed:
        return [*tied(blocks), *listed]
    blocks.append(_why(content, finding, output))
    return [*tied(blocks), *_survival(finding, output)]


def _points(content: Content, finding: Finding, output: Output) -> list[Block]:
    """The points of a score: each with its item, its value and where that was read."""
    rows = [
        [Cell(row.points, bold=True), Cell(row.title), Cell(row.value), Cell(row.where, role="muted")]
        for row in point_rows(finding, output, content.units)
    ]
    if not rows:
        return []
    columns = [
        Column(_("Points"), 60, right=True),
        Column(_("Item"), 230),
        Column(_("Value"), 110),
        Column(_("Where it was read"), 298),
    ]
    return table(columns, rows, Style(size=SMALL, pad=3.0))


def others(members: Sequence[Finding]) -> list[Block]:
    """The other models that answer the question of the first of *members*, as one table; where they disagree."""
    rows = []
    for finding in members[1:]:
        chip = words.chip(finding)
        outcome = words.main_output(finding)
        title = outcome.title if outcome is not None else finding.title
        rows.append(
            [
                Cell(finding.name or finding.title, under=finding.guideline),
                Cell(words.value(finding), bold=True),
                Cell(chip.text, sign=chip.sign if chip.text else None),
                Cell(title, under=finding.people),
            ]
        )
    if not rows:
        return []
    columns = [
        Column(_("Other models of this question"), 190),
        Column(_("Value"), 96, right=True),
        Column(_("Category"), 130),
        Column(_("Estimates; made from"), 282),
    ]
    blocks = [space(6), *table(columns, rows, Style(size=SMALL, pad=3.0))]
    told = difference(members)
    notices = dict.fromkeys(f.notice for f in members[1:] if f.notice)
    below = [paragraph(told, SMALL)] if told else []
    below += [paragraph(notice, CAPTION, "muted") for notice in notices]
    return [*blocks[:-1], *tied([blocks[-1], *below])]


def _survival(finding: Finding, output: Output) -> list[Block]:
    """The survival curve with its figures in words."""
    found = finding.survival
    if found is None or found.output != output.name:
        return []
    drawing = survival.draw(found, fonts.measure, WIDTH, 190, sizes=PAPER)
    blocks = [
        heading(found.title, SECTION, 16),
        figure(drawing, below=2),
        paragraph(drawing.description, SMALL),
    ]
    note = survival.legend(found)
    return tied([*blocks, paragraph(note, CAPTION, "muted")] if note else blocks)


def _title(finding: Finding, output: Output) -> str:
    title = finding.title if stage_words(finding) else output.title
    parts = {"title": title, "value": words.value(finding), "variant": output.variant}
    chip = words.chip(finding)
    if chip.text and not parts["value"]:
        return _("{title}: {value}").format(title=output.title, value=chip.text)
    if chip.text:
        return _("{title}: {value}, {category}").format(**parts, category=chip.text)
    return _("{title}: {value}").format(**parts)


def _about(output: Output) -> str:
    """Variant, whose bands, what the interval covers."""
    parts = []
    if output.variant:
        parts.append(_("Variant: {variant}.").format(variant=output.variant))
    if output.bands and output.bands_source:
        parts.append(_("Bands: {source}.").format(source=output.bands_source.rstrip(".。")))
    if output.interval is not None:
        parts.append(_("Interval: {words}").format(words=interval_words(output.interval)))
    return ("" if language() == "zh" else " ").join(parts)


def _why(content: Content, finding: Finding, output: Output) -> Block:
    """The waterfall on the left, natural frequencies on the right."""
    frequency = (
        describe.frequency(output, content.record.patient.sex) if figures.is_share(output.unit) else ""
    )
    side = 216.0 if frequency else 0.0
    gap = 32.0 if frequency else 0.0
    if output.named or output.name not in {
        e.output for e in finding.explanations if any(c.value for c in e.contributions)
    }:
        return space(0)
    chart = waterfall.draw(finding, output, fonts.measure, WIDTH - side - gap, show=content.show, sizes=PAPER)
    if not frequency:
        return figure(chart)
    people = icon_array.draw(output, width=174, per_row=10)
    sentence = lines_of(frequency, side, SMALL)
    x = MARGIN + WIDTH - side
    height = max(chart.h, BODY + 14 + people.h + 14 + len(sentence) * SMALL * LEADING) + 8
    return beside(
        lambda pen, y: pen.drawing(chart, MARGIN, y),
        lambda pen, y: _frequencies(pen, x, y, people, sentence),
        height,
    )


def _frequencies(pen: Pen, x: float, y: float, people: Drawing, sentence: Sequence[str]) -> None:
    pen.text(x, y + BODY, _("In natural frequencies"), BODY, bold=True)
    top = y + BODY + 14
    pen.drawing(people, x, top)
    for number, line in enumerate(sentence):
        pen.text(x, top + people.h + 8 + SMALL + number * SMALL * LEADING, line, SMALL)


def other_outputs(content: Content, finding: Finding) -> list[Block]:
    """The outputs of the same model beside the main one, each with its own category or why it has no number."""
    main = words.main_output(finding)
    together = _together(finding)
    rows = []
    for output in finding.outputs:
        if output is main or output.reason in together:
            continue
        chip = words.chip(finding, output)
        named = output.named and output.value is not None
        number = "" if named else figures.value_text(output) or words.possible(output) or _("not calculated")
        category = chip.text if output.value is not None else output.reason
        guideline = output.category.guideline if output.category is not None else ""
        rows.append(
            [
                Cell(output.title),
                Cell(
                    number,
                    bold=output.value is not None,
                    role="text" if output.value is not None else "muted",
                ),
                Cell(words.interval(output), role="muted"),
                Cell(
                    category,
                    sign=chip.sign if category else None,
                    role="text" if output.value is not None else "muted",
                    under=guideline,
                ),
            ]
        )
    if words.value(finding).count("/") == 1:
        return []
    if not rows:
        return _without(together)
    columns = [
        Column(_("Same model, other outcomes"), 250),
        Column(_("Value"), 96, right=True),
        Column(_("Interval"), 92),
        Column(_("Category"), 260),
    ]
    return [*table(columns, rows, Style(size=SMALL, pad=3.0)), *_without(together)]


def _together(finding: Finding) -> dict[str, list[str]]:
    """Why several outputs of a finding have no number, with their titles."""
    found: dict[str, list[str]] = {}
    for output in finding.outputs:
        if output.value is None and output.interval is None and output.reason:
            found.setdefault(output.reason, []).append(output.title)
    return {reason: titles for reason, titles in found.items() if len(titles) > 1}


def _without(together: Mapping[str, Sequence[str]]) -> list[Block]:
    sentence = _("Not calculated: {outputs}. {reason}.")
    return [
        paragraph(sentence.format(outputs=format_list(list(titles)), reason=reason), CAPTION, "muted")
        for reason, titles in together.items()
    ]


def missing(content: Content, finding: Finding) -> list[Block]:
    """The possible range of a result, and the result over the plausible values of what is missing."""
    output = words.main_output(finding)
    if output is None or output.interval is None:
        return []
    parts = {"title": output.title, "value": words.possible(output), "category": words.chip(finding).text}
    blocks = [heading(_("{title}: {value}, {category}").format(**parts), SECTION, 16)]
    blocks.append(figure(scale.large(output, fonts.measure, WIDTH, sizes=PAPER), below=10))
    found = _curve_of(finding, output)
    used = next((i for i in finding.inputs if found is not None and i.name == found.input), None)
    if found is not None and used is not None:
        found, unit = _as_read(found, content)
        drawing = curve.draw(
            found, output, fonts.measure, WIDTH, 170, title=used.title, unit=unit, sizes=PAPER
        )
        blocks += [figure(drawing, below=2), paragraph(drawing.description, CAPTION, "muted")]
    return tied(blocks)


def _curve_of(finding: Finding, output: Output) -> Curve | None:
    """The curve whose ends are the range of this output (a finding has one curve an output and missing input)."""
    if output.interval is None:
        return None
    lo, hi = output.interval.lo, output.interval.hi
    return next((c for c in finding.curves if abs(min(c.y) - lo) < 1e-9 and abs(max(c.y) - hi) < 1e-9), None)


def _as_read(found: Curve, content: Content) -> tuple[Curve, str]:
    """The curve in the unit that this report's reader reads, and that unit in print."""
    variable = VARIABLES.get(found.input)
    if variable is None or found.unit != variable.unit:
        return found, figures.unit_words(found.unit)
    unit = variable.display(content.units).unit
    x = tuple(convert(value, found.unit, unit, found.input) for value in found.x)
    return replace(found, x=x, unit=unit), unit_text(found.input, found.unit, content.units)
