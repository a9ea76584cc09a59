"""Findings that answer one question: a heading, the first of them as a row, the others in one line until asked for."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from medgui.assessment import questions
from medgui.assessment.finding import Finding, Status
from medgui.i18n import _, format_list, ngettext
from medgui.inference.questions import question_title
from medgui.ui.pages.results import texts
from medgui.ui.shapes import hairline
from medgui.ui.theme import S4, S8, S12, S24, Role, Type
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.text import Elided, Text


class GroupHead(QWidget):
    """The question over its findings."""

    def __init__(self, question: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(S24, S12, S24, 0)
        self.title = Text(lambda: question_title(question), Type.BODY, Role.MUTED, bold=True)
        row.addWidget(self.title)
        row.addStretch(1)


class Notice(QWidget):
    """A sentence that has to stand beside a result."""

    def __init__(self, finding: Finding) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(S24, S4, S24, S8)
        self.text = Text(finding.notice, Type.CAPTION, Role.MUTED, wrap=True)
        row.addWidget(self.text)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Close with the hairline that the row has given up."""
        hairline(QPainter(self), 0, self.width(), self.height() - 1)


class AlsoLine(QWidget):
    """The others of a group: their numbers in one line, where they disagree, and a button that lists them."""

    def __init__(
        self, lead: Finding, others: Sequence[Finding], *, is_open: bool, toggle: Callable[[], object]
    ) -> None:
        super().__init__()
        members = (lead, *others)
        column = QVBoxLayout(self)
        column.setContentsMargins(S24, S4, S24, S8)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.setSpacing(S12)
        self.also = Elided(lambda: also_words(lead, others, is_open=is_open), Type.CAPTION, Role.MUTED)
        row.addWidget(self.also, 1)
        self.button = Button(
            lambda: _show_words(len(others), is_open=is_open),
            toggle,
            kind="quiet",
            icon="chevron-up" if is_open else "chevron-down",
        )
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignRight)
        column.addLayout(row)
        self.differs = Text(lambda: questions.difference(members), Type.CAPTION, Role.MUTED, wrap=True)
        column.addWidget(self.differs)
        self.differs.setVisible(bool(questions.difference(members)))
        if is_open:
            for line in questions.comparison(members):
                column.addWidget(Text(line, Type.CAPTION, Role.MUTED, wrap=True))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Close the group."""
        hairline(QPainter(self), 0, self.width(), self.height() - 1)


def also_words(lead: Finding, others: Sequence[Finding], *, is_open: bool) -> str:
    """Name the others with their numbers; one with a notice stands without, since the notice belongs to its number."""
    ready = questions.with_number(others)
    parts = []
    if ready and not is_open:
        parts.append(_("Also: {findings}").format(findings=format_list([_brief(f) for f in ready])))
    for status, words in _WITHOUT.items():
        names = [finding.name for finding in others if finding.status is status]
        if names and not is_open:
            parts.append(words().format(models=format_list(names)))
    if is_open:
        parts.append(
            _("First: the one that the guideline of the clinic's region names, then the better evidence")
        )
    return "  •  ".join(parts)


_WITHOUT: dict[Status, Callable[[], str]] = {
    Status.MISSING_INPUT: lambda: _("Needs an answer: {models}"),
    Status.OUT_OF_SCOPE: lambda: _("Not for this patient: {models}"),
    Status.REFUSED: lambda: _("Not run: {models}"),
    Status.FAILED: lambda: _("Not run: {models}"),
}
"""What the others of a group without a number are called, by why they have none."""


def _brief(finding: Finding) -> str:
    output = texts.first_output(finding)
    value = texts.value_words(finding, output) if not finding.notice else ""
    return f"{finding.name} {value}".strip()


def _show_words(count: int, *, is_open: bool) -> str:
    if is_open:
        return _("Show the first only")
    return ngettext("Show {n} more", "Show {n} more", count).format(n=count)
