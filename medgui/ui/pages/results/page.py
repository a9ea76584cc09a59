"""The Results page itself: the list in its fixed order, one detail open at a time, Prognosis collapsed."""

from collections.abc import Sequence

from PySide6.QtCore import QElapsedTimer, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from medgui.assessment.finding import Assessment, Finding, Status
from medgui.i18n import N_, _, ngettext
from medgui.ui.commands import Command
from medgui.ui.pages.page import Page
from medgui.ui.pages.results import texts
from medgui.ui.pages.results.detail import Actions, DetailPanel
from medgui.ui.pages.results.progress import ProgressStrip
from medgui.ui.pages.results.row import FindingRow, ListHead
from medgui.ui.shapes import Mark
from medgui.ui.shell import Place, Shell, Width
from medgui.ui.theme import S24, Role
from medgui.ui.visit import Visit
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.panels import StatePanel
from medgui.ui.widgets.segmented import Segmented
from medgui.ui.widgets.text import Body, Text

FILTERS = ("all", "answer", "scope", "stopped")
_OF_FILTER = {
    "answer": {Status.MISSING_INPUT},
    "scope": {Status.OUT_OF_SCOPE},
    "stopped": texts.NO_NUMBER,
}
EVERY_MS, SHARE = 100, 10
"""While models run the list is built anew at most this often, and in at most a tenth of the time."""


class ResultsPage(Page):
    """One row a finding. Anchors of `show_place`: a model id."""

    key = "results"

    def __init__(self, shell: Shell) -> None:
        units = Button(lambda: _units_words(shell.visit), shell.visit.switch_units, key="Ctrl+U")
        pdf = Button(lambda: _("Make PDF"), lambda: shell.go("report"), key="Ctrl+P")
        super().__init__(shell, lambda: _("Results"), (units, pdf))
        self.units, self.pdf = units, pdf
        self.rows: dict[str, FindingRow] = {}
        self.details: dict[str, DetailPanel] = {}
        self._prognosis_open = False
        self._filter = "all"
        self._open: set[str] = set()
        self.progress = ProgressStrip(shell)
        self.filters = Segmented(lambda: _("Which findings are listed"))
        self.filters.chosen.connect(self._filtered)
        self.filters.hide()
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
        self._filter = "all"
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
        self.body.empty()
        self.list_head.setVisible(visit.record is not None)
        self.pdf.setEnabled(visit.assessment is not None)
        if visit.record is None:
            self._show_nothing()
        elif visit.assessment is not None and visit.assessment.record_key == visit.record.key:
            self._show(visit.assessment)
        else:
            self._show_finished()
        QTimer.singleShot(0, self, lambda: self.body.verticalScrollBar().setValue(place))
        if focused in self.rows:
            self.rows[focused].setFocus()

    def _show_nothing(self) -> None:
        self.head.summary.set_words("")
        action = Button(lambda: _("Open a file"), self.shell.open_asked.emit, key="Ctrl+O")
        panel = StatePanel(
            "results",
            lambda: _("No patient open"),
            lambda: _("Results appear here when a file is opened"),
            (action,),
        )
        self.body.column.addWidget(panel, 1)

    def _show(self, assessment: Assessment) -> None:
        findings = assessment.findings
        self.head.summary.set_words(lambda: texts.summary(findings, assessment.seconds))
        self._offer_filters(findings)
        if not findings:
            self.body.column.addWidget(
                StatePanel(
                    "results",
                    lambda: _("No model applies"),
                    lambda: _("The file holds none of the values that the installed models need"),
                )
            )
            return
        self._list(findings)
        if not assessment.complete:
            self._partial(len(findings))
        self.body.column.addStretch(1)

    def _offer_filters(self, findings: Sequence[Finding]) -> None:
        """Offer a choice of statuses where rows without a number are many enough to hide the others."""
        counts = {key: sum(f.status in of for f in findings) for key, of in _OF_FILTER.items()}
        present = [key for key in FILTERS[1:] if counts[key]]
        offered = len(present) > 1 and self.shell.layout.width >= Width.NORMAL
        self.filters.setVisible(offered)
        self.head.summary.setVisible(not offered)
        if offered:
            total = len(findings)
            words = {
                "answer": N_("Needs an answer"),
                "scope": N_("Not for this patient"),
                "stopped": N_("Not run"),
            }
            parts = [("all", lambda: f"{_('All')}  {total}")]
            parts += [(k, lambda k=k: f"{_(words[k])}  {counts[k]}") for k in present]
            self.filters.set_parts(parts, self._filter if self._filter in {"all", *present} else "all")

    def _show_finished(self) -> None:
        finished = self.shell.visit.finished
        self.head.summary.set_words("")
        self._list(finished)
        if self.shell.visit.stopped:
            self._partial(len(finished))
        self.body.column.addStretch(1)

    def _partial(self, number: int) -> None:
        words = lambda: ngettext(  # noqa: E731 - said again in another language
            "Stopped by you. {n} finding is complete.", "Stopped by you. {n} findings are complete.", number
        ).format(n=number)
        again = Button(lambda: _("Continue"), self.shell.visit.run, key="F5")
        self.body.column.addWidget(StatePanel(Mark.CAUTION, words, "", (again,)))

    def _list(self, findings: Sequence[Finding]) -> None:
        plain = [f for f in findings if f.group != "prognosis" and self._passes(f)]
        prognosis = [f for f in findings if f.group == "prognosis" and self._passes(f)]
        for finding in plain:
            self._add(finding)
        if prognosis:
            self._add_prognosis(prognosis)

    def _passes(self, finding: Finding) -> bool:
        return self._filter == "all" or finding.status in _OF_FILTER[self._filter]

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
            for finding in findings:
                self._add(finding)

    def _toggle_prognosis(self) -> None:
        self._prognosis_open = not self._prognosis_open
        self.refresh()

    def _add(self, finding: Finding) -> None:
        row = FindingRow(finding)
        row.toggled.connect(lambda keep, model=finding.model: self.toggle(model, keep_others=keep))
        row.key.connect(lambda key, model=finding.model: self._row_key(model, key))
        self.rows[finding.model] = row
        self.body.column.addWidget(row)
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
        QTimer.singleShot(0, self, lambda: self._reveal(model))

    def _reveal(self, model: str) -> None:
        detail = self.details.get(model)
        if detail is not None:
            self.body.ensureWidgetVisible(detail, 0, 24)
            self.body.ensureWidgetVisible(self.rows[model], 0, 24)

    def _open_detail(self, model: str) -> None:
        row = self.rows[model]
        actions = Actions(
            answer=self.shell.visit.answer,
            card=lambda which: self.shell.go("models", which),
            source=lambda name: self.shell.go("record", name),
            again=self.shell.visit.run,
        )
        detail = DetailPanel(row.finding, self.shell, actions)
        detail.output_chosen.connect(row.set_output)
        self.details[model] = detail
        row.set_open(True)
        self.body.column.insertWidget(self.body.column.indexOf(row) + 1, detail)
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

    def _filtered(self, which: str) -> None:
        self._filter = which
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
        return (Command("results.run", N_("Run the models again"), visit.run, ("F5",), "results"),)

    def places(self) -> Sequence[Place]:
        """Let the palette find each finding."""
        where = _("Results")
        return [
            Place(row.finding.title, where, self.key, model, f"{row.finding.title} {row.finding.reason}")
            for model, row in self.rows.items()
        ]

    def show_place(self, anchor: str) -> None:
        """Open the finding of a model."""
        if anchor and anchor not in self.rows:
            self._prognosis_open = True
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
