"""Details of findings without a number: an input is missing, the model is not for this patient, or it did not run."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from medgui.assessment import shown, words
from medgui.assessment.finding import Check, Curve, Finding, InputUsed, Output, Status
from medgui.charts import curve, figures
from medgui.charts.display import Drawing, Measure, Sizes
from medgui.i18n import _
from medgui.record.model import Answer
from medgui.record.variables import VARIABLES, UnitSystem
from medgui.ui.pages.results import texts
from medgui.ui.shapes import Mark
from medgui.ui.theme import S4, S8, S16, Role, Type, theme
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.chart import ChartWidget
from medgui.ui.widgets.field import Choice, Field, FieldState, beside
from medgui.ui.widgets.panels import StatePanel
from medgui.ui.widgets.table import Cell, Right, Row, RowsModel, Table
from medgui.ui.widgets.text import Text

Answered = Callable[[Answer], object]


def _column() -> tuple[QWidget, QVBoxLayout]:
    host = QWidget()
    column = QVBoxLayout(host)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(S8)
    return host, column


class MissingEntry(QWidget):
    """One missing input: a field in the doctor's unit, or the answers to choose from."""

    def __init__(
        self,
        used: InputUsed,
        system: UnitSystem,
        today: str,
        answered: Answered,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._used, self._system, self._today, self._answered = used, system, today, answered
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S8)
        answers = shown.choices(used.name)
        if answers:
            column.addWidget(Text(used.title, Type.CAPTION, Role.MUTED))
            column.addWidget(self._choices(answers))
            return
        self.field = Field(used.title, shown.unit_text(used.name, used.unit, system))
        self.field.setMaximumWidth(theme.px(240))
        self.field.edit.returnPressed.connect(self._take)
        column.addWidget(self.field)
        self.use = Button(lambda: _("Use this value"), self._take, key="Enter", kind="primary")
        leave = Button(lambda: _("Not available"), self._leave_out)
        column.addWidget(beside(self.use, leave, spacing=S8))

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
        text = self.field.value()
        try:
            value = shown.typed(self._used.name, text, self._used.unit, self._system)
        except ValueError:
            self.field.set_value(text, FieldState.QUESTIONED, _("A number is needed here."))
            return
        self._answered(Answer(self._used.name, value, self._used.unit, self._today))

    def _leave_out(self) -> None:
        self._answered(Answer(self._used.name, None, self._used.unit, self._today, left_out=True))


def missing_left(finding: Finding, system: UnitSystem) -> QWidget:
    """Show the result over the plausible values of the one missing input, or say how many are missing."""
    host, column = _column()
    output = texts.first_output(finding)
    line = finding.curves[0] if finding.curves else None
    if line is None or output is None:
        column.addWidget(Text(lambda: _("What is missing"), bold=True))
        column.addWidget(Text(finding.reason, role=Role.MUTED, wrap=True))
    else:
        column.addWidget(Text(lambda: _("What the missing value would change"), bold=True))
        column.addWidget(_curve_chart(finding, line, output, system))
    column.addStretch(1)
    return host


def _curve_chart(finding: Finding, line: Curve, output: Output, system: UnitSystem) -> ChartWidget:
    unit = shown.unit_text(line.input, line.unit, system)
    xs = tuple(shown.figure(line.input, x, line.unit, system) for x in line.x)
    drawn = Curve(line.input, unit, xs, line.y)
    title = words.title(line.input)

    def build(width: float, ruler: Measure, sizes: Sizes) -> Drawing:
        height = 240 * theme.scale
        return curve.draw(drawn, output, ruler, width, height, title=title, unit=unit, sizes=sizes)

    return ChartWidget(build)


def would_it_matter(finding: Finding) -> str:
    """Say whether the missing value can change the category."""
    output = texts.first_output(finding)
    if output is None or output.interval is None:
        return ""
    span = figures.interval_text(output.interval, output.unit)
    met = [b.text for b in output.bands if b.lo <= output.interval.hi and output.interval.lo < b.hi]
    if len(met) > 1:
        sentence = _("Yes: over plausible values the result is {span}, from {low} to {high}.")
        return sentence.format(span=span, low=met[0].lower(), high=met[-1].lower())
    if len(met) == 1:
        sentence = _("Not for the category: over plausible values the result is {span}, always {band}.")
        return sentence.format(span=span, band=met[0].lower())
    return _("Over plausible values the result is {span}.").format(span=span)


def missing_right(finding: Finding, system: UnitSystem, today: str, answered: Answered) -> QWidget:
    """Ask for what is missing, right there."""
    host, column = _column()
    matter = would_it_matter(finding)
    if matter:
        column.addWidget(Text(lambda: _("Would it matter?"), bold=True))
        column.addWidget(Text(matter, wrap=True))
    column.addWidget(Text(lambda: _("No average is filled in."), role=Role.MUTED, wrap=True))
    column.addSpacing(S4)
    for used in finding.inputs:
        if used.required and used.value is None:
            column.addWidget(MissingEntry(used, system, today, answered))
            if used.reason:
                column.addWidget(Text(used.reason, Type.CAPTION, Role.MUTED, wrap=True))
    column.addStretch(1)
    return host


def scope_left(checks: Sequence[Check]) -> QWidget:
    """List what was checked, this patient, what the model was made for, inside or outside."""
    host, column = _column()
    model = RowsModel((lambda: _("Checked"), lambda: _("This patient"), lambda: _("Made for"), lambda: ""))
    model.aligned[1] = Right
    table = Table(model, lambda: _("What was checked"))
    model.set_rows([_check_row(check) for check in checks])
    table.set_widths((176, 144, None, 92))
    table.fit()
    column.addWidget(table)
    column.addStretch(1)
    return host


def _check_row(check: Check) -> Row:
    if check.inside:
        verdict = Cell(_("inside"), Role.MUTED)
    else:
        verdict = Cell(_("outside"), Role.REFUSED, bold=True, mark=Mark.REFUSED)
    return Row(
        (
            Cell(check.name),
            Cell(check.patient, bold=True, align=Right),
            Cell("  " + check.made_for, Role.MUTED, tip=check.made_for),
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
