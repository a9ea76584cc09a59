"""The report as a whole: order of its parts, pages with head and foot, the file."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from medgui import __version__, i18n
from medgui.assessment.finding import Assessment, Status
from medgui.charts.display import elide
from medgui.errors import OutputNotWritable
from medgui.files import reason, write_atomic
from medgui.i18n import _
from medgui.record.model import Record
from medgui.record.variables import UnitSystem
from medgui.report import details, fonts, reasons, summary
from medgui.report.content import Content, gather
from medgui.report.draw import PAGE_H, PAGE_W, POINTS, Pen
from medgui.report.flow import BODY, CAPTION, MARGIN, SMALL, TITLE, WIDTH, Block, Placed, lines_of, paginate
from medgui.report.identity import Identity, identity

if TYPE_CHECKING:
    from medgui.inference.catalogue import Catalogue

FIRST_TOP = 78.0
NEXT_TOP = 78.0
FOOT = 46.0


def render(
    record: Record,
    assessment: Assessment,
    *,
    lang: str,
    now: datetime,
    include_prognosis: bool = False,
    catalogue: Catalogue | None = None,
    units: UnitSystem | None = None,
) -> bytes:
    """The PDF of a record's results in the language *lang*; the same input and *now* give the same bytes.

    A death risk is printed only with *include_prognosis* (SAFETY 21). *units*: conventional or SI; by default SI in
    Chinese. *catalogue* gives the model cards. The findings are printed as they are: they were made in *lang*.
    Raises `ValueError` where the results belong to another record or state of it.
    """
    with i18n.using_language(lang):
        content = gather(
            record, assessment, now=now, include_prognosis=include_prognosis, units=units, catalogue=catalogue
        )
        who = identity(record)
        bottom = PAGE_H - MARGIN - FOOT
        pages = paginate(_blocks(content, who, bottom), (FIRST_TOP, NEXT_TOP), bottom)
        return _draw(pages, content, who, lang)


def write(
    record: Record,
    assessment: Assessment,
    out_path: Path | str,
    *,
    lang: str,
    now: datetime,
    include_prognosis: bool = False,
    catalogue: Catalogue | None = None,
    units: UnitSystem | None = None,
) -> None:
    """Write the PDF of `render` beside its place and put it there in one step.

    Raises `OutputNotWritable` with one sentence where the folder does not exist, is read-only or the disk is full;
    then nothing new is left behind.
    """
    data = render(
        record,
        assessment,
        lang=lang,
        now=now,
        include_prognosis=include_prognosis,
        catalogue=catalogue,
        units=units,
    )
    path = Path(out_path)
    try:
        write_atomic(path, data)
    except OSError as error:
        raise OutputNotWritable(_not_writable(path, error)) from error


def _not_writable(path: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _("{name} was not written: the disk is full.").format(name=path.name)
    if os.path.isdir(path):  # never raises, unlike Path.is_dir
        return _("{name} was not written: there is a folder of that name.").format(name=path.name)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return _("{name} was not written: the folder or file is read-only.").format(name=path.name)
    return _("{name} was not written: {reason}.").format(name=path.name, reason=reason(error, writing=True))


def _blocks(content: Content, who: Identity, bottom: float) -> list[Block]:
    """All parts in their order. Where the summary is long, what is open comes before it, still on page 1."""
    head = summary.identity_block(content, who)
    table = summary.summary_table(content)
    attention = summary.attention(content)
    used = sum(block.height for part in (head, table, attention) for block in part)
    opening = [*table, *attention] if FIRST_TOP + used <= bottom else [*attention, *table]
    blocks = [*head, *opening]
    members = {group[0].model: group for group in content.groups}
    for number, finding in enumerate(content.explained):
        blocks += reasons.reasons(content, finding, main=number == 0)
        blocks += reasons.other_outputs(content, finding)
        blocks += reasons.others(members[finding.model])
    for finding in content.leading:
        if finding.status is Status.MISSING_INPUT:
            blocks += reasons.missing(content, finding)
            blocks += reasons.other_outputs(content, finding)
        if finding not in content.explained:
            blocks += reasons.others(members[finding.model])
    blocks += details.inputs_table(content)
    blocks += details.notes(content)
    blocks += details.signature()
    blocks += details.purpose()
    blocks += details.model_cards(content)
    blocks += details.versions(content)
    return blocks


def _draw(pages: Sequence[Sequence[Placed]], content: Content, who: Identity, lang: str) -> bytes:
    from reportlab import rl_config
    from reportlab.pdfgen.canvas import Canvas

    rl_config.useA85 = 0  # streams as bytes: a quarter smaller and faster than as text
    buffer = io.BytesIO()
    canvas = Canvas(
        buffer, pagesize=(PAGE_W * POINTS, PAGE_H * POINTS), invariant=1, pageCompression=1, lang=_tag(lang)
    )
    # The title is shown in window titles and lists of recent files: it holds no patient text.
    canvas.setTitle(_("Clinical decision support report"))
    canvas.setCreator(f"medgui {__version__}")
    canvas.setProducer("medgui")
    canvas.setAuthor("")
    canvas.setSubject("")
    pen = Pen(canvas)
    for number, page in enumerate(pages, start=1):
        _head(pen, content, who, number, len(pages))
        for placed in page:
            placed.block.paint(pen, placed.y)
        _foot(pen, who)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _tag(lang: str) -> str:
    return "zh-CN" if lang == "zh" else "en"


def _head(pen: Pen, content: Content, who: Identity, number: int, total: int) -> None:
    """Title and time on page 1, the patient on the others; page x of y and the word for a test patient on all."""
    page = _("Page {number} of {total}").format(number=number, total=total)
    right = MARGIN + WIDTH
    made = _("Made {time}").format(time=i18n.format_datetime(content.now))
    if number == 1:
        pen.text(MARGIN, 62, _("Clinical decision support report"), TITLE, bold=True)
        pen.text(right, 62, f"{made}  ·  {page}", SMALL, role="muted", anchor="end")
    else:
        room = WIDTH - 230
        pen.text(MARGIN, 62, _shortened(who.line, room), BODY, bold=True)
        pen.text(right, 62, f"{made}  ·  {page}", SMALL, role="muted", anchor="end")
    pen.line(MARGIN, 72, right, 72, "text", 1.5)
    if who.word:
        pen.text(right, 38, who.word, BODY, bold=True, anchor="end")


def _foot(pen: Pen, who: Identity) -> None:
    top = PAGE_H - MARGIN - FOOT + 14
    right = MARGIN + WIDTH
    pen.line(MARGIN, top, right, top, "border")
    text = _("Decision support, not a diagnosis. Estimates describe groups of similar people.")
    pen.text(MARGIN, top + 16, text, CAPTION, role="muted")
    pen.text(MARGIN, top + 31, f"medgui {__version__}", CAPTION, role="muted")
    pen.text(right, top + 31, _shortened(who.line, WIDTH * 0.8), CAPTION, role="muted", anchor="end")


def _shortened(text: str, room: float) -> str:
    """One line: the record number at its end is kept, a very long name is cut."""
    if len(lines_of(text, room, BODY, bold=True)) == 1:
        return text
    name, _dot, number = text.rpartition("  ·  ")
    tail = f"  ·  {number}"
    return elide(name, room - fonts.measure(tail, BODY, True), lambda t: fonts.measure(t, BODY, True)) + tail
