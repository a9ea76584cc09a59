"""A small form to add or replace a value: what, how much, which unit, when."""

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from medgui.assessment import shown, words
from medgui.i18n import _
from medgui.record.model import Answer
from medgui.record.units import UnitError, convert, printed
from medgui.record.variables import VARIABLES, UnitSystem
from medgui.ui.theme import S8, S16, S24, Role, Type, theme
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.field import Choice, Field, FieldState
from medgui.ui.widgets.text import Text


class EnterValue(QFrame):
    """Gives one `Answer` to *give*, or calls *closed*. No number, or an impossible value, is refused in words."""

    def __init__(
        self,
        system: UnitSystem,
        variable: str,
        day: str,
        give: Callable[[Answer], object],
        closed: Callable[[], object],
        *,
        question: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._system, self._give, self._closed, self._question = system, give, closed, question
        self.setProperty("level", "info")
        self.what = Choice(lambda: _("Value to enter"))
        for name, known in VARIABLES.items():
            if known.group == "expression" and name != variable:
                continue  # thousands of genes in a file, and none that anybody types
            self.what.addItem(words.title(name), name)
            if name == variable:
                self.what.setCurrentIndex(self.what.count() - 1)
        self.what.setEnabled(not variable)
        self.field = Field(lambda: _("Value"))
        self.unit = Choice(lambda: _("Unit"))
        self.answers = Choice(lambda: _("Answer"))
        self.when = Field(lambda: _("Taken on"))
        self.when.set_value(day[:10] or date.today().isoformat(), FieldState.FILE)
        self.problem = Text("", Type.CAPTION, Role.CAUTION, wrap=True)
        self._lay_out()
        self.what.currentIndexChanged.connect(lambda _n: self._offer())
        self.field.edit.returnPressed.connect(self.take)
        self._offer()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(S16)
        for label, widget in ((lambda: _("What"), self.what), (lambda: _("Answer"), self.answers)):
            column = QVBoxLayout()
            column.setSpacing(2)
            caption = Text(label, Type.CAPTION, Role.MUTED)
            column.addWidget(caption)
            column.addWidget(widget)
            column.addStretch(1)
            row.addLayout(column)
            if widget is self.answers:
                self._answers_label = caption
        self.field.setFixedWidth(theme.px(130))
        self.when.setFixedWidth(theme.px(130))
        row.addWidget(self.field)
        unit = QVBoxLayout()
        unit.setSpacing(2)
        self._unit_label = Text(lambda: _("Unit"), Type.CAPTION, Role.MUTED)
        unit.addWidget(self._unit_label)
        unit.addWidget(self.unit)
        unit.addStretch(1)
        row.addLayout(unit)
        row.addWidget(self.when)
        row.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(S8)
        buttons.addWidget(Button(lambda: _("Use this value"), self.take, kind="primary"))
        buttons.addWidget(Button(lambda: _("Cancel"), self._closed))
        buttons.addWidget(self.problem, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(S24, S8, S24, S16)
        column.addLayout(row)
        column.addLayout(buttons)

    @property
    def variable(self) -> str:
        """Standard name of the value that is entered."""
        return str(self.what.currentData())

    def start(self) -> None:
        """Put the focus where typing begins."""
        (self.field.edit if self.field.isVisibleTo(self) else self.answers).setFocus()

    def _offer(self) -> None:
        known = VARIABLES[self.variable]
        answers = shown.choices(self.variable)
        self.answers.clear()
        self.unit.clear()
        for value, text in answers:
            self.answers.addItem(text, value)
        preferred = known.display(self._system).unit
        for unit in dict.fromkeys((preferred, *known.units())):
            self.unit.addItem(printed(unit) if unit != "1" else "", unit)
        for widget in (self.answers, self._answers_label):
            widget.setVisible(bool(answers))
        for part in (self.field, self.unit, self._unit_label):
            part.setVisible(not answers)

    def take(self) -> None:
        """Check what was typed and give it."""
        try:
            answer = self._answer()
        except ValueError as error:
            self.problem.set_words(str(error))
            return
        self._give(answer)
        self._closed()

    def _answer(self) -> Answer:
        known = VARIABLES[self.variable]
        try:
            day = date.fromisoformat(self.when.value())
        except ValueError:
            raise ValueError(_("The date is written as 2026-11-21.")) from None
        if shown.choices(self.variable):
            key = str(self.answers.currentData())
            value: float | str = shown.YES_NO[key] if known.kind == "boolean" else key
            return Answer(self.variable, value, known.unit, day.isoformat(), self._question)
        try:
            number = float(self.field.value().replace(",", "."))
            value = convert(number, str(self.unit.currentData()), known.unit, self.variable)
        except (ValueError, UnitError):
            raise ValueError(_("A number is needed here.")) from None
        if known.possible and not known.possible[0] <= value <= known.possible[1]:
            raise ValueError(_("This value is not possible in a living person: check figure and unit."))
        return Answer(self.variable, value, known.unit, day.isoformat(), self._question)
