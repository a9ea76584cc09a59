"""What stands under an open row: why, inputs and what-if; or what is missing; or why not for this patient."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from medgui.assessment import group_shift
from medgui.assessment.finding import Caution, Finding, Output, Status
from medgui.frozen import frozen
from medgui.i18n import _
from medgui.record.model import Answer
from medgui.ui.pages.results import gaps, texts
from medgui.ui.pages.results.inputs import InputsTable
from medgui.ui.pages.results.outcome import OutcomePanel, can_be_kept, outputs_of
from medgui.ui.pages.results.outputs import OutputChoice
from medgui.ui.pages.results.result_line import ResultLine
from medgui.ui.pages.results.what_if import WhatIf
from medgui.ui.pages.results.why import Why
from medgui.ui.shapes import hairline
from medgui.ui.shell import Shell
from medgui.ui.theme import S4, S8, S12, S16, S24, Role, Type, theme
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.chip import LEVEL_MARK, MarkIcon
from medgui.ui.widgets.field import beside
from medgui.ui.widgets.text import Filled, Text

HISTORY = "history_not_stated"
INDICATION = "indication_not_stated"
MISSING = "missing"


@frozen
class Actions:
    """What a detail asks of its page."""

    answer: Callable[[Answer], object]
    card: Callable[[str], object]
    source: Callable[[str], object]
    again: Callable[[], object]
    sheet: Callable[[str], object]


_ANSWERS = {
    HISTORY: ((lambda: _("No such history"), 0.0), (lambda: _("Yes, known"), 1.0)),
    INDICATION: ((lambda: _("no"), 0.0), (lambda: _("yes"), 1.0)),
}
"""Cautions about a fact that is not stated, with the answers to it."""


class CautionLine(QWidget):
    """One caution: shape, sentence; for a fact that is not stated the two answers, for a group to leave it out."""

    def __init__(self, caution: Caution, today: str, answer: Callable[[Answer], object]) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(S8)
        row.addWidget(MarkIcon(LEVEL_MARK[caution.level]), 0, Qt.AlignmentFlag.AlignTop)
        self.text = Text(caution.message, Type.CAPTION, wrap=True)
        row.addWidget(self.text, 1)
        answers = _ANSWERS.get(caution.code)
        if answers is not None and caution.input:
            name = caution.input
            for words, value in answers:
                given = Answer(name, value, "1", today)
                row.addWidget(Button(words, lambda given=given: answer(given)), 0, Qt.AlignmentFlag.AlignTop)
        if caution.code == group_shift.CODE:
            blank = Answer(caution.input, None, "", today, left_out=True)
            row.addWidget(
                Button(lambda: _("Leave it out"), lambda: answer(blank)), 0, Qt.AlignmentFlag.AlignTop
            )
        self.setAccessibleName(caution.message)


class DetailPanel(Filled):
    """Built when a row is first opened. `output_chosen` tells the row which output is shown."""

    output_chosen = Signal(str)
    basis_shown = Signal()

    def __init__(
        self, finding: Finding, shell: Shell, actions: Actions, parent: QWidget | None = None
    ) -> None:
        super().__init__(Role.SURFACE, parent)
        self.finding = finding
        self._shell, self._actions = shell, actions
        self.outputs: OutputChoice | None = None
        self.table: InputsTable | None = None
        self.what_if: WhatIf | None = None
        self.line: ResultLine | None = None
        self.why: Why | None = None
        self.matter: Text | None = None
        self.outcome: OutcomePanel | None = None
        self._chosen = ""
        self.setAccessibleName(_("Details of {title}").format(title=finding.title))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(S24, S4, S24, S16)
        self._column.setSpacing(S12)
        if finding.status in texts.NO_NUMBER:
            self._column.addWidget(gaps.stopped(finding, actions.again))
        else:
            self._build()

    @property
    def _today(self) -> str:
        record = self._shell.visit.record
        return record.as_of if record is not None else ""

    @property
    def _sex(self) -> str | None:
        record = self._shell.visit.record
        return record.patient.sex if record is not None else None

    def _build(self) -> None:
        self._column.addLayout(self._top())
        for caution in self._cautions():
            self._column.addWidget(CautionLine(caution, self._today, self._actions.answer))
        self._left, right = self._halves()
        wide = self._shell.layout.width >= 1024 and theme.scale <= 1.5
        self._grid = gaps.in_columns(self._left, right, beside_each_other=wide)
        self._column.addLayout(self._grid)
        self.basis = Text("\n".join(self.finding.basis), Type.CAPTION, Role.MUTED, wrap=True)
        self.basis.setVisible(False)
        self._column.addWidget(self.basis)

    def _cautions(self) -> list[Caution]:
        """Leave out what the table of checks or the entry of the missing value says anyway, and what is said twice."""
        if self.finding.status is Status.OUT_OF_SCOPE:
            outside = {output.reason for output in self.finding.outputs} | {self.finding.reason}
            return [c for c in self.finding.cautions if not any(c.message in reason for reason in outside)]
        said = {c.message: c for c in self.finding.cautions if c.code != MISSING}
        return list(said.values())

    def _top(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(S8)
        shown = [o for o in self.finding.outputs if o.value is not None or o.interval is not None]
        if len(shown) > 1 and self.finding.kind != "value":
            self.outputs = OutputChoice(shown)
            self.outputs.chosen.connect(self._choose)
            column.addWidget(self.outputs)
        # With a parent from the first: they are shown before their layout has a place.
        self.bands = Text("", Type.CAPTION, Role.MUTED, wrap=True, parent=self)
        self.covers = Text("", Type.CAPTION, Role.MUTED, wrap=True, parent=self)
        captions = QVBoxLayout()
        captions.setSpacing(0)
        captions.addWidget(self.bands)
        captions.addWidget(self.covers)
        column.addLayout(captions)
        self._captions(texts.first_output(self.finding))
        return column

    def _captions(self, output: Output | None) -> None:
        bands, covers = "", ""
        if output is not None:
            bands = _bands_words(output)
            if output.interval is not None and output.interval.words:
                covers = _("Interval: {words}").format(words=output.interval.words)
            elif output.value is None and self.finding.status is Status.READY:
                covers = output.reason
        self.bands.set_words(bands)
        self.bands.setVisible(bool(bands))
        self.covers.set_words(covers)
        self.covers.setVisible(bool(covers))

    def _halves(self) -> tuple[QWidget, QWidget]:
        finding, units = self.finding, self._shell.visit.units
        if finding.status is Status.MISSING_INPUT:
            self.matter = Text(gaps.would_it_matter(finding), wrap=True)
            left = gaps.missing_left(finding, units)
            right = gaps.missing_right(finding, units, self._today, self._actions.answer, self.matter)
            self._add_below(right, self._links())
            return left, right
        if finding.status is Status.OUT_OF_SCOPE:
            left, right = gaps.scope_left(finding.checks), gaps.scope_right(finding)
            self._add_below(right, self._links())
            return left, right
        return self._why(), self._inputs()

    @staticmethod
    def _add_below(host: QWidget, widget: QWidget) -> None:
        layout = host.layout()
        if isinstance(layout, QVBoxLayout):
            layout.insertWidget(layout.count() - 1, widget)

    def _why(self) -> QWidget:
        self.why = Why(lambda: self._shell.visit.units, self._sex)
        self.why.show_output(self.finding, texts.first_output(self.finding))
        return self.why

    def _inputs(self) -> QWidget:
        record = self._shell.visit.record
        host = QWidget()
        column = QVBoxLayout(host)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        if record is None:
            return host
        self.what_if = WhatIf(record, self.finding, self._shell.services.what_if, self._shell.tasks, self)
        self.table = InputsTable(self.what_if, lambda: self._shell.visit.units)
        self.table.source_asked.connect(self._source)
        if self.why is not None:
            why, what_if = self.why, self.what_if
            what_if.arrived.connect(why.show_what_if)
            what_if.arrived.connect(lambda _f: self._shell.did.emit("what_if", self.finding.model))
            what_if.changed.connect(lambda: None if what_if.changes else why.show_what_if(None))
        self.line = ResultLine(self.what_if)
        self.line.links.addWidget(self._links())
        asked = gaps.for_outputs(self.finding, self._shell.visit.units, self._today, self._actions.answer)
        if asked is not None:
            column.addWidget(asked)
        column.addWidget(self.table)
        column.addWidget(self.line)
        column.addStretch(1)
        return host

    def _source(self, name: str) -> None:
        self._actions.source(name)
        self._shell.did.emit("source", name)

    def _links(self) -> QWidget:
        model = self.finding.model
        card = Button(lambda: _("Model card"), lambda: self._actions.card(model), key="M", kind="quiet")
        basis = Button(lambda: _("Basis"), self.toggle_basis, key="B", kind="quiet")
        links = [card, basis]
        if self.finding.kind in ("score", "risk", "diagnosis"):
            links.append(Button(lambda: _("All items"), lambda: self._actions.sheet(model), kind="quiet"))
        if model in self._shell.visit.requested:
            links.append(Button(lambda: _("Remove"), lambda: self._shell.visit.dismiss(model), kind="quiet"))
        if can_be_kept(self.finding, self._shell):
            links.append(Button(lambda: _("Outcome"), self.toggle_outcome, key="O", kind="quiet"))
        return beside(*links, spacing=S8)

    def toggle_basis(self) -> None:
        """Show or hide what the result rests on."""
        self.basis.setVisible(not self.basis.isVisible())
        if self.basis.isVisible():
            self.basis_shown.emit()

    def toggle_outcome(self) -> None:
        """Ask what happened to this patient, or close the question."""
        if self.outcome is not None:
            self._column.removeWidget(self.outcome)
            self.outcome.hide()
            self.outcome.deleteLater()
            self.outcome = None
        elif can_be_kept(self.finding, self._shell):
            outputs = outputs_of(self.finding)
            shown = next((output for output in outputs if output.name == self._chosen), outputs[0])
            self.outcome = OutcomePanel(self.finding, shown, self._shell, self.toggle_outcome)
            self._column.insertWidget(0, self.outcome)
            self.outcome.answer.setFocus()

    def _choose(self, name: str) -> None:
        self.choose(name)
        self._shell.did.emit("output", self.finding.model)

    def choose(self, name: str) -> None:
        """Show the output *name*."""
        output = next((o for o in self.finding.outputs if o.name == name), None)
        if output is None:
            return
        self._chosen = name
        if self.outputs is not None:
            self.outputs.choose(name)
        self._captions(output)
        if self.why is not None:
            self.why.show_output(self.finding, output)
        if self.line is not None:
            self.line.set_output(name)
        if self.matter is not None:
            self._show_curve(name)
        self.output_chosen.emit(name)

    def _show_curve(self, name: str) -> None:
        """Put the curve and the sentence of another output in their place."""
        old, self._left = self._left, gaps.missing_left(self.finding, self._shell.visit.units, name)
        self._grid.replaceWidget(old, self._left)
        old.hide()
        old.deleteLater()
        if self.matter is not None:
            self.matter.set_words(gaps.would_it_matter(self.finding, name))

    def step(self, by: int) -> None:
        """Go to the next or previous output."""
        if self.outputs is not None:
            self.outputs.step(by)

    def focus_what_if(self) -> None:
        """Put the focus on the first what-if field."""
        if self.table is not None:
            self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.table.setCurrentIndex(self.table.rows.index(0, 4))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Continue the accent bar of the open row, and close with a hairline."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(0, 0, 3, self.height(), theme.color(Role.ACCENT))
        hairline(painter, 0, self.width(), self.height() - 1)


def _bands_words(output: Output) -> str:
    if not output.bands_source:
        return ""
    return _("Bands: {source}").format(source=output.bands_source)
