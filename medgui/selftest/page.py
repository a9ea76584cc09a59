"""The result on one page: 80 columns of text, the same as a PDF for the file of the installation, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from medgui import i18n
from medgui.i18n import _
from medgui.selftest.outcome import SCHEMA, Check, Selftest, State

COLUMNS = 80
_STATE, _TITLE = 7, 17
"""Columns of state and title, with the blank behind."""


def document(found: Selftest) -> dict[str, Any]:
    """`medgui.selftest/1` (docs/json_schema.md)."""
    build = found.build
    names = ("version", "form", "system", "machine", "python", "commit", "date")
    return {
        "schema": SCHEMA,
        "state": found.state.value,
        "build": {name: getattr(build, name) for name in names},
        "checks": [_check(check) for check in found.checks],
        "visit": dict(found.visit) or None,
    }


def _check(check: Check) -> dict[str, Any]:
    return {
        "name": check.name,
        "title": check.title,
        "state": check.state.value,
        "sentence": check.sentence,
        "details": dict(check.details),
    }


def lines(found: Selftest, now: datetime) -> list[str]:
    """The page as text of 80 columns; about 40 lines."""
    rows = [headline(found), _("Self-test of {time}").format(time=i18n.format_datetime(now)), ""]
    for check in found.checks:
        rows += _rows(check)
    return [*rows, "", *wrapped(closing(found), COLUMNS)]


def headline(found: Selftest) -> str:
    """What came out, in a few words."""
    wrong = sum(check.state is State.FAILED for check in found.checks)
    if wrong:
        sentence = i18n.ngettext(
            "medgui {version}: {n} check failed", "medgui {version}: {n} checks failed", wrong
        )
        return sentence.format(version=found.build.version, n=wrong)
    return _("medgui {version}: every check passed").format(version=found.build.version)


def closing(found: Selftest) -> str:
    """What the reader is to do with it."""
    if found.state is State.FAILED:
        return _(
            "Do not use medgui with patients before this is mended. Keep this page for whoever mends it."
        )
    return _("This test shows that the program works as it was built, not that its models fit your patients.")


def _rows(check: Check) -> Iterator[str]:
    left = _padded(check.word, _STATE) + _padded(check.title, _TITLE)
    first, *more = wrapped(check.sentence, COLUMNS - _STATE - _TITLE) or [""]
    yield left + first
    for line in more:
        yield " " * (_STATE + _TITLE) + line


def _padded(text: str, columns: int) -> str:
    return text + " " * max(1, columns - width(text))


def width(text: str) -> int:
    """Columns of a terminal that *text* takes; Chinese signs take two."""
    from unicodedata import east_asian_width

    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def wrapped(text: str, columns: int) -> list[str]:
    """Break *text* into lines of at most *columns*: at blanks, and after any Chinese sign."""
    found, line = [], ""
    for piece in _pieces(text):
        if line and width((line + piece).rstrip()) > columns:
            found.append(line.rstrip())
            line = ""
        line += piece.lstrip() if not line else piece
    return [*found, line.rstrip()] if line.strip() else found


def _pieces(text: str) -> Iterator[str]:
    """What is never broken: a word with the blank behind it, or one wide sign with the stops that follow it."""
    piece = ""
    for sign in text.replace(i18n.NBSP, " "):
        if piece and width(sign) == 2 and sign not in "，。；：、）”？！":
            yield piece
            piece = ""
        piece += sign
        if sign == " ":
            yield piece
            piece = ""
    yield piece


def pdf(found: Selftest, now: datetime) -> bytes:
    """The page as a PDF of one A4 sheet, in the fonts of the report."""
    import io

    from reportlab.pdfgen.canvas import Canvas

    from medgui.report.draw import PAGE_H, PAGE_W, POINTS, Pen
    from medgui.ui.words import straight

    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(PAGE_W * POINTS, PAGE_H * POINTS), invariant=1)
    canvas.setTitle(_("Self-test of medgui"))
    pen = Pen(canvas)
    pen.text(_MARGIN, 70, headline(found), 20, bold=True)
    pen.text(_MARGIN, 94, _("Self-test of {time}").format(time=i18n.format_datetime(now)), 12, role="muted")
    y = 128.0
    for check in found.checks:
        pen.line(_MARGIN, y - 16, PAGE_W - _MARGIN, y - 16, "border")
        pen.text(_MARGIN, y, check.word, 12, bold=check.state is not State.PASSED)
        pen.text(_MARGIN + 64, y, check.title, 12, bold=True)
        for line in wrapped(straight(check.sentence), 74):
            pen.text(_MARGIN + 190, y, line, 12)
            y += 17
        y += 10
    for line in wrapped(closing(found), 100):
        pen.text(_MARGIN, y + 8, line, 12, role="muted")
        y += 17
    canvas.showPage()
    canvas.save()
    return stream.getvalue()


_MARGIN = 56.0
