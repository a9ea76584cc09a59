"""Page 1: title, identity, summary of findings, what is open, and the main finding with its reasons."""

from __future__ import annotations

from collections.abc import Sequence

from medgui.assessment.finding import Finding, Interval, Output
from medgui.charts import describe, figures, icon_array, marks, scale, waterfall
from medgui.charts.display import PAPER, Drawing
from medgui.i18n import _, format_list, language, ngettext
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
    marked,
    paragraph,
    space,
    tied,
)
from medgui.report.identity import Identity, moment, partial_date
from medgui.report.table import Cell, Column, Style, table

_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


_FORMATS = {"fhir-json": "FHIR R4", "csv": "CSV", "xlsx": "XLSX"}
"""Names of the formats that readers give; proper names, the same in all languages."""


def identity_block(content: Content, who: Identity) -> list[Block]:
    """Label over value in six columns that wrap; below it the file, its date and the day of the results."""
    shares = (1.3, 1.48, 0.8, 0.9, 1.22, 1.22)
    gap = 16.0
    room = WIDTH - gap * (len(shares) - 1)
    widths = [room * share / sum(shares) for share in shares]
    columns = [lines_of(text, w, BODY, bold=True) for (_l, text), w in zip(who.fields, widths, strict=True)]
    step = BODY * 1.35
    height = 10 + CAPTION * LEADING + max(len(lines) for lines in columns) * step + 8

    def paint(pen: Pen, y: float) -> None:
        x = MARGIN
        for (label, _text), lines, w in zip(who.fields, columns, widths, strict=True):
            pen.text(x, y + 10 + CAPTION, label, CAPTION, role="muted")
            for number, line in enumerate(lines):
                base = y + 10 + CAPTION * LEADING + BODY + number * step
                pen.text(x, base, line, BODY, bold=True)
            x += w + gap
        pen.line(MARGIN, y + height, MARGIN + WIDTH, y + height, "border")

    return [Block(height, paint), space(5), paragraph(_provenance(content), CAPTION, "muted")]


def _provenance(content: Content) -> str:
    record = content.record
    parts = {
        "format": _FORMATS.get(record.format, record.format),
        "read": moment(record.read_at),
        "day": partial_date(content.assessment.as_of or record.as_of),
        "date": partial_date(record.document_date),
    }
    if record.document_date:
        return _("{format}, document of {date}, read {read}. Results as on {day}.").format(**parts)
    return _("{format}, document without a date, read {read}. Results as on {day}.").format(**parts)


def summary_table(content: Content) -> list[Block]:
    """One row a finding with a number; the kinds of interval are named below."""
    rows = []
    kinds: list[str] = []
    for finding in content.numbered:
        output = words.main_output(finding)
        chip = words.chip(finding)
        rows.append(
            [
                Cell(finding.title, under=finding.reason, reach=3),
                Cell(words.value(finding), bold=True),
                Cell(_interval(output, kinds), role="muted"),
                Cell(chip.text, sign=chip.sign, small=True),
                Cell(words.evidence(finding.evidence), sign=marks.evidence(finding.evidence), small=True),
            ]
        )
    columns = [
        Column(_("Finding"), 172),
        Column(_("Value"), 118, right=True),
        Column(_("Interval"), 80),
        Column(_("Category"), 90),
        Column(_("Evidence"), 190),
    ]
    blocks = [heading(_("Summary"))]
    if rows:
        blocks += table(columns, rows)
    else:
        blocks.append(paragraph(_("No model gave a number for this patient."), BODY))
    blocks.append(space(4))
    for number, text in enumerate(kinds, start=1):
        mark = str(number).translate(_SUPERSCRIPT)
        blocks.append(paragraph(f"{mark} {text}", CAPTION, "muted", below=0))
    left = len(content.without_number)
    if left:
        sentence = ngettext(
            "{n} model gave no number; the notes say why.",
            "{n} models gave no number; the notes say why.",
            left,
        )
        blocks += [space(3), paragraph(sentence.format(n=left), CAPTION, "muted")]
    return blocks


def _interval(output: Output | None, kinds: list[str]) -> str:
    """The interval with a raised figure that leads to what it covers (SAFETY 19)."""
    if output is None or output.interval is None:
        return ""
    text = words.interval(output) or _("range")
    kind = interval_words(output.interval)
    if kind not in kinds:
        kinds.append(kind)
    return f"{text}\u00a0{str(kinds.index(kind) + 1).translate(_SUPERSCRIPT)}"


def interval_words(interval: Interval) -> str:
    """What an interval covers, in the model's own words or those of its kind."""
    if interval.words:
        return _ended(interval.words)
    level = round(interval.level * 100)
    sentences = {
        "input_variation": _("Usual variation of the inputs between visits ({level} of 100 repeats)."),
        "model": _("Uncertainty of the model ({level} of 100 such intervals hold the true value)."),
        "plausible_missing": _("Range over the plausible values of what is missing."),
    }
    return sentences.get(interval.kind, _("Interval of {level} in 100.")).format(level=level)


def _ended(text: str) -> str:
    if text[-1] in ".。!?！？":
        return text
    return text + ("。" if language() == "zh" else ".")


def attention(content: Content) -> list[Block]:
    """Open questions, and cautions that touch a printed number (SAFETY 25)."""
    question = marks.shape("question", 10, role="text")
    caution = marks.shape("caution", 10, role="text")
    blocks = [marked(question, q.message, SMALL) for q in content.record.open_questions]
    for item, titles in content.cautions:
        text = _("{caution} ({findings}).").format(
            caution=item.message.rstrip(".。"), findings=format_list(list(titles))
        )
        blocks.append(marked(caution, text, SMALL))
    if not content.assessment.complete:
        sentence = _("The run was stopped: results are missing from this report.")
        blocks.insert(0, marked(caution, sentence, SMALL))
    odd = fonts.unprintable(_patient_text(content))
    if odd:
        points = format_list([fonts.code_point(c) for c in odd])
        sentence = _("Characters without a glyph are printed as code points: {points}.").format(points=points)
        blocks.append(marked(caution, sentence, SMALL))
    if not blocks:
        return []
    return [heading(_("Open questions and cautions")), *blocks]


def _patient_text(content: Content) -> str:
    """All texts of the file that are printed."""
    record = content.record
    patient = record.patient
    inputs = [i for f in content.findings for i in f.inputs]
    return " ".join(
        [
            patient.family,
            patient.given,
            record.file,
            *(i.value for i in patient.identifiers),
            *(a.name for a in record.allergies),
            *(i.source.location + i.source.text + str(i.value) for i in inputs),
        ]
    )


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
    blocks.append(figure(scale.large(output, fonts.measure, WIDTH, sizes=PAPER), below=10))
    blocks.append(_why(content, finding, output))
    return tied(blocks)


def _title(finding: Finding, output: Output) -> str:
    parts = {"title": output.title, "value": words.value(finding), "variant": output.variant}
    chip = words.chip(finding)
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
    frequency = describe.frequency(output, content.record.patient.sex)
    side = 216.0 if frequency else 0.0
    gap = 32.0 if frequency else 0.0
    if output.name not in {e.output for e in finding.explanations if any(c.value for c in e.contributions)}:
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
    rows = []
    for output in finding.outputs:
        if output is main:
            continue
        chip = words.chip(finding, output)
        number = figures.value_text(output) or _("not calculated")
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
                    sign=chip.sign,
                    role="text" if output.value is not None else "muted",
                    under=guideline,
                ),
            ]
        )
    if not rows or words.value(finding).count("/") == 1:
        return []
    columns = [
        Column(_("Same model, other outcomes"), 250),
        Column(_("Value"), 96, right=True),
        Column(_("Interval"), 92),
        Column(_("Category"), 260),
    ]
    return table(columns, rows, Style(size=SMALL, pad=3.0))
