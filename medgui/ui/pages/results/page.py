"""The Results page itself: the list in its fixed order, one detail open at a time, Prognosis collapsed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from medgui.assessment import questions
from medgui.assessment.finding import Assessment, Finding
from medgui.i18n import N_, _, ngettext
from medgui.ui.commands import Command
from medgui.ui.pages.page import Page
from medgui.ui.pages.results import states, texts
from medgui.ui.pages.results.filters import StatusFilter
from medgui.ui.pages.results.group import AlsoLine, GroupHead, Notice
from medgui.ui.pages.results.progress import ProgressStrip
from medgui.ui.pages.results.row import FindingRow, ListHead
from medgui.ui.pages.results.scores import Scores
from medgui.ui.shell import Place, Shell, Width
from medgui.ui.theme import S24, Role
from medgui.ui.visit import Visit
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.text import Body, Text

if TYPE_CHECKING:
    from medgui.ui.pages.results.detail import DetailPanel

EVERY_MS, SHARE = 200, 10
"""While models run the list is built anew at most this often, and in at most a tenth of the time."""


class ResultsPage(Page):
    """One row a finding. Anchors of `show_place`: a model id."""

    key = "results"
    later = ("medgui.ui.pages.results.detail", "medgui.ui.pages.results.score_sheet")

    def __init__(self, shell: Shell) -> None:
        units = Button(lambda: _units_words(shell.visit), shell.visit.switch_units, key="Ctrl+U")
        pdf = Button(lambda: _("Make PDF"), lambda: shell.go("report"), key="Ctrl+P")
        add = Button(lambda: _("Add a score"), lambda: self.scores.list_all(), key="Ctrl+J")
        super().__init__(shell, lambda: _("Results"), (add, units, pdf))
        self.units, self.pdf, self.add_score = units, pdf, add
        self.scores = Scores(shell, add)
        self.rows: dict[str, FindingRow] = {}
        self.details: dict[str, DetailPanel] = {}
        self._prognosis_open = False
        self._open: set[str] = set()
        self._unfolded: set[questions.Key] = set()
        self.others: dict[str, AlsoLine] = {}
        self.progress = ProgressStrip(shell)
        self.filters = StatusFilter()
        self.filters.chosen.connect(self._filtered)
        layout = self.head.layout()
        if isinstance(layout, QHBoxLayout):
            layout.insertWidget(layout.indexOf(self.head.summary), self.filters)
        self.list_head = ListHead()
        self.body = Body()
        self.column.addWidget(self.progress)
        self.column.addWidget(self.list_head)
        self.column.addWidget(self.body, 1)
        self.body.verticalScrollBar().rangeChanged.connect(self._align_head)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._show_more)
        shell.visit.progress.connect(self._progressed)
        self.refresh()

    def _align_head(self, _low: int, high: int) -> None:
        bar = self.body.verticalScrollBar()
        self.list_head.set_inset(bar.sizeHint().width() if high else 0)

    # What is shown

    def clear(self) -> None:
        """Take every row away; nothing of the patient stays."""
        self.rows.clear()
        self.details.clear()
        self._open.clear()
        self._unfolded.clear()
        self.others.clear()
        self.scores.clear()
        self.filters.which = "all"
        self._prognosis_open = False
        self.body.empty()
        self.head.summary.set_words("")

    def refresh(self) -> None:
        """Show the findings in force; open rows stay open, the scroll position stays."""
        visit = self.shell.visit
        place = self.body.verticalScrollBar().value()
        focused = next((model for model, row in self.rows.items() if row.hasFocus()), "")
        self.units.set_words(lambda: _units_words(visit))
        self.rows.clear()
        self.details.clear()
        self.others.clear()
        self.body.empty()
        self.list_head.setVisible(visit.record is not None)
        self.pdf.setEnabled(visit.assessment is not None)
        self.add_score.setEnabled(visit.record is not None)
        if visit.record is None:
            self.head.summary.set_words("")
            self.body.column.addWidget(states.nobody(self.shell.open_asked.emit), 1)
        elif visit.assessment is not None and self._is_current():
            self._show(visit.assessment)
        else:
            self._show_finished()
        QTimer.singleShot(0, self, lambda: self.body.verticalScrollBar().setValue(place))
        if focused in self.rows:
            self.rows[focused].setFocus()
        if self.scores.wanted in {f.model for f in self._findings()} and self._is_current():
            wanted, self.scores.wanted = self.scores.wanted, ""
            self.show_place(wanted)

    def _is_current(self) -> bool:
        visit = self.shell.visit
        found = visit.assessment
        return visit.record is not None and found is not None and found.record_key == visit.record.key

    def _show(self, assessment: Assessment) -> None:
        findings = assessment.findings
        self.head.summary.set_words(lambda: texts.summary(findings, assessment.seconds))
        offered = self.filters.offer(findings, room=self.shell.layout.width >= Width.NORMAL)
        self.head.summary.setVisible(not offered)
        if not findings:
            self.body.column.addWidget(states.nothing())
            return
        self._list(findings)
        if not assessment.complete:
            self.body.column.addWidget(states.partial(len(findings), self.shell.visit.run))
        self.body.column.addStretch(1)

    def _show_finished(self) -> None:
        finished = self.shell.visit.finished
        self.head.summary.set_words("")
        self._list(finished)
        if self.shell.visit.stopped:
            self.body.column.addWidget(states.partial(len(finished), self.shell.visit.run))
        self.body.column.addStretch(1)

    def _list(self, findings: Sequence[Finding]) -> None:
        plain = [f for f in findings if f.group != "prognosis" and self.filters.passes(f)]
        prognosis = [f for f in findings if f.group == "prognosis" and self.filters.passes(f)]
        self._add_groups(plain)
        if prognosis:
            self._add_prognosis(prognosis)

    def _add_prognosis(self, findings: Sequence[Finding]) -> None:
        """A death risk stands collapsed until it is asked for (SAFETY 21)."""
        number = len(findings)
        button = Button(
            lambda: ngettext("Prognosis: {n} finding", "Prognosis: {n} findings", number).format(n=number),
            self._toggle_prognosis,
            kind="quiet",
            icon="chevron-up" if self._prognosis_open else "chevron-down",
        )
        host = QWidget()
        host.setContentsMargins(S24 - 4, 8, 0, 8)
        row = QHBoxLayout(host)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(button)
        row.addWidget(Text(lambda: _("shown only when asked for"), role=Role.MUTED))
        row.addStretch(1)
        self.prognosis_button = button
        self.body.column.addWidget(host)
        if self._prognosis_open:
            self._add_groups(findings)

    def _toggle_prognosis(self) -> None:
        self._prognosis_open = not self._prognosis_open
        self.refresh()

    def _add_groups(self, findings: Sequence[Finding]) -> None:
        """Put findings of one question together: the first as a row, the others behind one line."""
        for lead, *others in questions.groups(findings):
            if others:
                self.body.column.addWidget(GroupHead(lead.question))
            self._add(lead)
            if others:
                self.rows[lead.model].joined = questions.key(lead) not in self._unfolded
                self._add_others(lead, others)

    def _add_others(self, lead: Finding, others: Sequence[Finding]) -> None:
        group = questions.key(lead)
        is_open = group in self._unfolded
        if is_open:
            for finding in others:
                self._add(finding)
        line = AlsoLine(lead, others, is_open=is_open, toggle=lambda: self.unfold(group))
        self.others[lead.question] = line
        self.body.column.addWidget(line)

    def unfold(self, group: questions.Key) -> None:
        """List the other findings of a question, or fold them again; the focus stays on the button."""
        self._unfolded ^= {group}
        self.refresh()
        line = self.others.get(group[1])
        if line is not None:
            line.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _add(self, finding: Finding) -> None:
        row = FindingRow(finding)
        row.toggled.connect(lambda keep, model=finding.model: self.toggle(model, keep_others=keep))
        row.key.connect(lambda key, model=finding.model: self._row_key(model, key))
        self.rows[finding.model] = row
        self.body.column.addWidget(row)
        if row.has_notice:
            self.body.column.addWidget(Notice(finding))
        if finding.model in self._open:
            self._open_detail(finding.model)

    # Opening and closing

    def toggle(self, model: str, *, keep_others: bool = False) -> None:
        """Open or close the row of *model*."""
        if model in self._open:
            self._close(model)
            return
        if not keep_others:
            for other in list(self._open):
                self._close(other)
        self._open.add(model)
        self._open_detail(model)
        self.shell.did.emit("opened", model)
        QTimer.singleShot(0, self, lambda: self._reveal(model))

    def _reveal(self, model: str) -> None:
        detail = self.details.get(model)
        if detail is not None:
            self.body.ensureWidgetVisible(detail, 0, 24)
            self.body.ensureWidgetVisible(self.rows[model], 0, 24)

    def _open_detail(self, model: str) -> None:
        from medgui.ui.pages.results.detail import Actions, DetailPanel

        row = self.rows[model]
        actions = Actions(
            answer=self.shell.visit.answer,
            card=lambda which: self.shell.go("models", which),
            source=lambda name: self.shell.go("record", name),
            again=self.shell.visit.run,
            sheet=self.scores.open,
        )
        detail = DetailPanel(row.finding, self.shell, actions)
        detail.output_chosen.connect(row.set_output)
        self.details[model] = detail
        row.set_open(True)
        below = 2 if row.has_notice else 1
        self.body.column.insertWidget(self.body.column.indexOf(row) + below, detail)
        if row.output_name:
            detail.choose(row.output_name)

    def _close(self, model: str) -> None:
        self._open.discard(model)
        detail = self.details.pop(model, None)
        if detail is not None:
            self.body.column.removeWidget(detail)
            detail.hide()
            detail.deleteLater()
        if model in self.rows:
            self.rows[model].set_open(False)

    def _row_key(self, model: str, key: int) -> None:
        order = list(self.rows)
        place = order.index(model)
        steps = {Qt.Key.Key_Up: place - 1, Qt.Key.Key_Down: place + 1, Qt.Key.Key_Home: 0}
        steps[Qt.Key.Key_End] = len(order) - 1
        if key in steps:
            target = self.rows[order[min(max(steps[Qt.Key(key)], 0), len(order) - 1)]]
            target.setFocus(Qt.FocusReason.OtherFocusReason)
            self.body.ensureWidgetVisible(target, 0, 24)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and model in self.details:
            self.details[model].step(1 if key == Qt.Key.Key_Right else -1)
        elif key == Qt.Key.Key_Escape:
            self.escape()
        elif self.shell.services.settings.single_keys:
            self._letter(model, key)

    def _letter(self, model: str, key: int) -> None:
        if key == Qt.Key.Key_M:
            self.shell.go("models", model)
            return
        if model not in self._open:
            self.toggle(model)
        detail = self.details[model]
        if key == Qt.Key.Key_B:
            detail.toggle_basis()
        elif key == Qt.Key.Key_W:
            detail.focus_what_if()
        elif key == Qt.Key.Key_O:
            detail.toggle_outcome()

    # What the window asks

    def _findings(self) -> Sequence[Finding]:
        assessment = self.shell.visit.assessment
        return assessment.findings if assessment is not None else self.shell.visit.finished

    def _filtered(self, which: str) -> None:
        self.filters.which = which
        self.refresh()

    def _progressed(self, _done: int, total: int) -> None:
        """Show what is finished so far: the first result at once, more of them when the list is due again."""
        visit = self.shell.visit
        if visit.assessment is not None:
            return
        waiting = self._soon.isActive()
        if not total or (visit.finished and not self.rows and not waiting):
            self._show_more()
        if total and not waiting:
            self._soon.start()

    def _show_more(self) -> None:
        """List what is finished; a list that takes long to build waits the longer for its next turn."""
        if self.shell.visit.assessment is None:
            clock = QElapsedTimer()
            clock.start()
            self.refresh()
            self._soon.setInterval(max(EVERY_MS, SHARE * clock.elapsed()))

    def relayout(self) -> None:
        """Build open details anew for another width."""
        super().relayout()
        if self._open:
            self.refresh()

    def page_commands(self) -> Sequence[Command]:
        """Offer units and a new run."""
        visit = self.shell.visit
        has_patient = lambda: visit.record is not None  # noqa: E731
        return (
            Command("results.run", N_("Run the models again"), visit.run, ("F5",), "results"),
            Command(
                "results.score", N_("Add a score"), self._from_anywhere, ("Ctrl+J",), enabled=has_patient
            ),
        )

    def _from_anywhere(self) -> None:
        self.shell.go("results")
        self.scores.list_all()

    def places(self) -> Sequence[Place]:
        """Let the palette find each finding, also those of a group that is folded."""
        where = _("Results")
        return [
            Place(f.title, where, self.key, f.model, f"{f.title} {f.name} {f.reason}")
            for f in self._findings()
        ]

    def show_place(self, anchor: str) -> None:
        """Open the finding of a model."""
        if anchor and anchor not in self.rows:
            self._prognosis_open = True
            self._unfolded |= {questions.key(f) for f in self._findings() if f.model == anchor}
            self.refresh()
        if anchor in self.rows:
            if anchor not in self._open:
                self.toggle(anchor)
            self.rows[anchor].setFocus(Qt.FocusReason.OtherFocusReason)

    def areas(self) -> Sequence[QWidget]:
        """Go from the list to an open detail."""
        rows = list(self.rows.values())[:1]
        tables = [detail.table for detail in self.details.values() if detail.table is not None]
        return [*rows, *tables[:1]]

    def escape(self) -> bool:
        """Close the detail and return to its row."""
        if self.scores.close():
            return True
        if not self._open:
            return False
        for model in list(self._open):
            self._close(model)
            self.rows[model].setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def undo(self) -> bool:
        """Undo a what-if step of the open detail."""
        return self._step("undo")

    def redo(self) -> bool:
        """Redo a what-if step of the open detail."""
        return self._step("redo")

    def _step(self, which: str) -> bool:
        for detail in self.details.values():
            if detail.what_if is not None and (which == "redo" or detail.what_if.can_undo):
                getattr(detail.what_if, which)()
                return True
        return False


def _units_words(visit: Visit) -> str:
    return _("Units: {unit}").format(unit="mmol/L" if visit.units == "si" else "mg/dL")
