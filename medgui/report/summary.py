"""Page 1: title, identity, summary of findings, what is open, and the main finding with its reasons."""

from __future__ import annotations

from collections.abc import Sequence

from medgui.assessment.finding import Finding, Interval, Output
from medgui.assessment.lead import said_reason
from medgui.charts import figures, marks
from medgui.i18n import _, format_list, language, ngettext
from medgui.record.patient_words import moment, partial_date, source_words
from medgui.report import fonts, words
from medgui.report.content import Content
from medgui.report.draw import Pen
from medgui.report.flow import (
    BODY,
    CAPTION,
    LEADING,
    MARGIN,
    SMALL,
    WIDTH,
    Block,
    heading,
    lines_of,
    marked,
    paragraph,
    space,
)
from medgui.report.identity import Identity
from medgui.report.table import Cell, Column, table

_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def identity_block(content: Content, who: Identity) -> list[Block]:
    """Label over value in six columns that wrap; below it the file, its date and the day of the results."""
    gap = 16.0
    needs = [
        max(fonts.measure(text, BODY, True), fonts.measure(label, CAPTION, False))
        for label, text in who.fields
    ]
    widths = shared_out(needs, WIDTH - gap * (len(needs) - 1))
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


def shared_out(needs: Sequence[float], room: float) -> list[float]:
    """Column widths: as much as each needs, the rest shared; where they need too much, the widest give way."""
    total = sum(needs) + len(needs)
    if total <= room:
        return [need + 1 + (room - total) / len(needs) for need in needs]
    limit = room / len(needs)
    while True:
        small = [need + 1 for need in needs if need + 1 <= limit]
        raised = (room - sum(small)) / (len(needs) - len(small))
        if raised <= limit + 1e-6:
            return [min(need + 1, limit) for need in needs]
        limit = raised


def _provenance(content: Content) -> str:
    record = content.record
    parts = {
        "format": source_words(record),
        "read": moment(record.read_at),
        "day": partial_date(content.assessment.as_of or record.as_of),
        "date": partial_date(record.document_date),
    }
    if record.document_date:
        return _("{format}, document of {date}, read {read}. Results as on {day}.").format(**parts)
    return _("{format}, document without a date, read {read}. Results as on {day}.").format(**parts)


def summary_table(content: Content) -> list[Block]:
    """One row a finding with a number; the kinds of interval are named below."""
    kinds: list[str] = []
    rows = [_summary_row(finding, kinds) for finding in content.leading]
    columns = [
        Column(_("Finding"), 172),
        Column(_("Value"), 122, right=True),
        Column(_("Interval"), 80),
        Column(_("Category"), 132),
        Column(_("Evidence"), 144),
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


def _summary_row(finding: Finding, kinds: list[str]) -> list[Cell]:
    output = words.main_output(finding)
    chip = words.chip(finding)
    return [
        Cell(finding.title, under=said_reason(finding, output), reach=3),
        Cell(words.value(finding), bold=True),
        Cell(_interval(output, kinds), role="muted"),
        Cell(chip.text, sign=chip.sign, small=True),
        Cell(words.evidence(finding.evidence), sign=marks.evidence(finding.evidence), small=True),
    ]


def _interval(output: Output | None, kinds: list[str]) -> str:
    """The interval with a raised figure that leads to what it covers (SAFETY 19)."""
    if output is None or output.interval is None or figures.says_nothing(output):
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
