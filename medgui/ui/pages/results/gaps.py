"""Details of findings without a number: an input is missing, the model is not for this patient, or it did not run."""

from collections.abc import Callable, Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from medgui.assessment import shown, words
from medgui.assessment.finding import Check, Curve, Finding, InputUsed, Output, Status
from medgui.assessment.points import found_words
from medgui.charts import curve, figures
from medgui.charts.display import Drawing, Measure, Sizes
from medgui.i18n import _, format_list
from medgui.record.model import Answer
from medgui.record.variables import VARIABLES, UnitSystem
from medgui.ui.pages.results import texts
from medgui.ui.shapes import Mark, text_width
from medgui.ui.theme import S4, S8, S16, Role, Type, theme
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.chart import ChartWidget
from medgui.ui.widgets.field import Choice, FieldState, UnitEdit, beside
from medgui.ui.widgets.panels import StatePanel
from medgui.ui.widgets.table import Cell, Right, Row, RowsModel, Table
from medgui.ui.widgets.text import Text
from medgui.ui.words import Words

Answered = Callable[[Answer], object]

ROOMY, TIGHT = (176, 144, None, 92), (96, 144, None, 84)
NARROW = 500
"""Widths of the columns of what was checked, and the width of the table below which it is tight."""


def _column() -> tuple[QWidget, QVBoxLayout]:
    host = QWidget()
    column = QVBoxLayout(host)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(S8)
    return host, column


class MissingEntry(QWidget):
    """One missing input: a field in the doctor's unit, or the answers to choose from; under it why it is missing."""

    def __init__(
        self,
        used: InputUsed,
        system: UnitSystem,
        today: str,
        answered: Answered,
        *,
        alone: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._used, self._system, self._today, self._answered = used, system, today, answered
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, S4)
        column.setSpacing(2)
        column.addWidget(Text(used.title, Type.CAPTION, Role.MUTED))
        answers = shown.choices(used.name)
        column.addWidget(self._choices(answers) if answers else self._number(alone))
        self.note = Text(used.reason, Type.CAPTION, Role.MUTED, wrap=True)
        column.addWidget(self.note)

    def _number(self, alone: bool) -> QWidget:
        self.edit = UnitEdit()
        self.edit.set_unit(shown.unit_text(self._used.name, self._used.unit, self._system))
        self.edit.set_state(FieldState.MISSING)
        self.edit.setPlaceholderText(_("not measured"))
        self.edit.setAccessibleName(self._used.title)
        self.edit.setFixedWidth(theme.px(200))
        self.edit.returnPressed.connect(self._take)
        use = Button(lambda: _("Use this value"), self._take, kind="primary" if alone else "")
        leave = Button(lambda: _("Not available"), self._leave_out, kind="quiet")
        return beside(self.edit, use, leave, spacing=S8)

    def _choices(self, answers: Sequence[tuple[str, str]]) -> QWidget:
        if len(answers) <= 3:
            return beside(
                *(Button(text, lambda v=value: self._give(v)) for value, text in answers), spacing=S8
            )
        box = Choice(self._used.title)
        box.addItem(_("choose"), "")
        for value, text in answers:
            box.addItem(text, value)
        box.activated.connect(lambda _n: self._give(box.currentData()) if box.currentData() else None)
        return beside(box)

    def _give(self, key: str) -> None:
        variable = VARIABLES.get(self._used.name)
        boolean = variable is not None and variable.kind == "boolean"
        value: float | str = shown.YES_NO[key] if boolean else key
        self._answered(Answer(self._used.name, value, self._used.unit, self._today))

    def _take(self) -> None:
        try:
            value = shown.typed(self._used.name, self.edit.text(), self._used.unit, self._system)
        except ValueError:
            self.edit.set_state(FieldState.QUESTIONED)
            self.note.set_words(lambda: _("A number is needed here."))
            self.note.set_role(Role.CAUTION)
            return
        self._answered(Answer(self._used.name, value, self._used.unit, self._today))

    def _leave_out(self) -> None:
        self._answered(Answer(self._used.name, None, self._used.unit, self._today, left_out=True))


def missing_left(finding: Finding, system: UnitSystem, name: str = "") -> QWidget:
    """Show the result over the plausible values of the one missing input, and what is known already."""
    host, column = _column()
    output = texts.first_output(finding, name)
    curves = [c for c in finding.curves if output is not None and c.output in ("", output.name)]
    line = curves[0] if curves else None
    if line is not None and output is not None:
        column.addWidget(Text(lambda: _("What the missing value would change"), bold=True))
        column.addWidget(_curve_chart(finding, line, output, system))
    column.addWidget(Text(lambda: _("Already known"), bold=True))
    column.addWidget(_known(finding, system))
    column.addStretch(1)
    return host


def _known(finding: Finding, system: UnitSystem) -> QWidget:
    model = RowsModel(
        (lambda: _("Input"), lambda: _("Value"), lambda: _("Found in the file"), lambda: _("Date"))
    )
    model.aligned[1] = Right
    table = Table(model, lambda: _("Already known"))
    known = [used for used in finding.inputs if used.value is not None]
    model.set_rows(
        [
            Row(
                (
                    Cell(used.title, wrap=True, tip=used.title),
                    Cell(shown.input_text(used, system), bold=True, align=Right),
                    Cell("  " + found_words(used), Role.MUTED, tip=used.source.location),
                    Cell(words.when(used.time) if used.time else "", Role.MUTED, type_=Type.CAPTION),
                ),
                key=used.name,
            )
            for used in known
        ]
    )
    values = [text_width(shown.input_text(used, system), bold=True) for used in known]
    widest = min(150, int(max(values, default=0) / theme.scale) + 2 * S8)
    table.set_widths((None, max(widest, 60), 170, 92))
    table.fit()
    return table


def _curve_chart(finding: Finding, line: Curve, output: Output, system: UnitSystem) -> ChartWidget:
    unit = shown.unit_text(line.input, line.unit, system)
    xs = tuple(shown.figure(line.input, x, line.unit, system) for x in line.x)
    drawn = Curve(line.input, unit, xs, line.y)
    title = words.title(line.input)

    def build(width: float, ruler: Measure, sizes: Sizes) -> Drawing:
        height = 240 * theme.scale
        return curve.draw(drawn, output, ruler, width, height, title=title, unit=unit, sizes=sizes)

    return ChartWidget(build)


def would_it_matter(finding: Finding, name: str = "") -> str:
    """Say whether the missing value can change the category of the output *name*."""
    output = texts.first_output(finding, name)
    if output is None or output.interval is None:
        return ""
    if figures.says_nothing(output):
        return _("Yes: over plausible values the result can be anything on its scale.")
    span = figures.interval_text(output.interval, output)
    met = [b.text for b in output.bands if b.lo <= output.interval.hi and output.interval.lo < b.hi]
    if len(met) > 1:
        sentence = _("Yes: over plausible values the result is {span}, from {low} to {high}.")
        return sentence.format(span=span, low=met[0].lower(), high=met[-1].lower())
    if len(met) == 1:
        sentence = _("Not for the category: over plausible values the result is {span}, always {band}.")
        return sentence.format(span=span, band=met[0].lower())
    return _("Over plausible values the result is {span}.").format(span=span)


def missing_right(
    finding: Finding, system: UnitSystem, today: str, answered: Answered, matter: Text
) -> QWidget:
    """Ask for what is missing, right there; *matter* says whether it can change the category."""
    host, column = _column()
    if matter.text():
        column.addWidget(Text(lambda: _("Would it matter?"), bold=True))
        column.addWidget(matter)
    column.addWidget(Text(lambda: _("No average is filled in."), role=Role.MUTED, wrap=True))
    column.addSpacing(S4)
    missing = [used for used in finding.inputs if used.required and used.value is None]
    for used in missing:
        column.addWidget(MissingEntry(used, system, today, answered, alone=len(missing) == 1))
    column.addStretch(1)
    return host


def for_outputs(finding: Finding, system: UnitSystem, today: str, answered: Answered) -> QWidget | None:
    """Ask for what an output without a number still needs, where the model has others; None: nothing is asked."""
    without = {output.name: output for output in finding.outputs if output.value is None}
    host, column = _column()
    for used in finding.inputs:
        wanting = [without[name] for name in used.needed_for if name in without]
        if used.value is None and wanting:
            names = format_list([output.short_title or output.title for output in wanting])
            column.addWidget(Text(_("Not calculated: {outputs}").format(outputs=names), bold=True))
            column.addWidget(MissingEntry(used, system, today, answered))
    if column.count():
        return host
    host.deleteLater()
    return None


class ScopeTable(Table):
    """What was checked; where there is little room, what the model was made for keeps some of it."""

    def __init__(self, model: RowsModel, name: Words) -> None:
        super().__init__(model, name)
        self.set_widths(ROOMY)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width out anew."""
        super().resizeEvent(event)
        widths = ROOMY if event.size().width() >= theme.px(NARROW) else TIGHT
        if widths != self.widths:
            self.set_widths(widths)
            self.fit()


def scope_left(checks: Sequence[Check]) -> QWidget:
    """List what was checked, this patient, what the model was made for, inside or outside."""
    host, column = _column()
    model = RowsModel((lambda: _("Checked"), lambda: _("This patient"), lambda: _("Made for"), lambda: ""))
    model.aligned[1] = Right
    table = ScopeTable(model, lambda: _("What was checked"))
    model.set_rows([_check_row(check) for check in checks])
    table.fit()
    column.addWidget(table)
    for check in checks:
        if not check.inside and check.limits:
            column.addWidget(Text(check.limits, Type.CAPTION, Role.MUTED, wrap=True))
    column.addStretch(1)
    return host


def _check_row(check: Check) -> Row:
    if check.inside:
        verdict = Cell(_("inside"), Role.MUTED)
    else:
        verdict = Cell(_("outside"), Role.REFUSED, bold=True, mark=Mark.REFUSED)
    return Row(
        (
            Cell(check.name, wrap=True, tip=check.name),
            Cell(check.patient, bold=True, align=Right),
            Cell("  " + check.made_for, Role.MUTED, tip=check.made_for, wrap=True),
            verdict,
        )
    )


def scope_right(finding: Finding) -> QWidget:
    """Say what can be done instead."""
    host, column = _column()
    column.addWidget(Text(lambda: _("What you can do"), bold=True))
    for line in finding.advice or (finding.reason,):
        column.addWidget(Text(line, wrap=True))
    column.addStretch(1)
    return host


def stopped(finding: Finding, again: Callable[[], object]) -> QWidget:
    """Say that a model was refused or failed, and that nothing is shown."""
    if finding.status is Status.REFUSED:
        title = _("{title} was not run").format(title=finding.title)
        return StatePanel(Mark.REFUSED, title, finding.reason)
    retry = Button(lambda: _("Try again"), again, key="F5")
    text = _("Nothing is shown. Other findings are not affected.") + " " + finding.reason
    return StatePanel(Mark.FAILED, lambda: _("This model stopped"), text, (retry,))


def in_columns(left: QWidget, right: QWidget, *, beside_each_other: bool) -> QGridLayout:
    """Put two halves side by side, 40 apart, or one under the other."""
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(40)
    grid.setVerticalSpacing(S16)
    grid.addWidget(left, 0, 0)
    grid.addWidget(right, 0, 1) if beside_each_other else grid.addWidget(right, 1, 0)
    if beside_each_other:
        grid.setColumnStretch(0, 27)
        grid.setColumnStretch(1, 30)
    return grid
