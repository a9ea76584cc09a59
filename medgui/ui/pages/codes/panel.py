"""One code of a laboratory: what the file says of it, what it may mean, and the choice."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from medgui.assessment import words
from medgui.i18n import _, format_count, format_list, pgettext
from medgui.record.code_proposals import Candidate, Proposal, fitting
from medgui.record.model import Observation
from medgui.record.variables import VARIABLES, UnitSystem
from medgui.ui.pages.codes import texts
from medgui.ui.pages.codes.decisions import Decision, needs_unit, taken_for, unfitting
from medgui.ui.theme import S4, S8, S12, S16, S24, Role, Type
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.field import Choice
from medgui.ui.widgets.panels import Pairs
from medgui.ui.widgets.text import Rule, Text, clear_layout

SAMPLES = 4
"""Values of a code that are shown, the latest ones."""


class Offer(QWidget):
    """One proposal: a button that takes it, and why it is made."""

    def __init__(
        self, candidate: Candidate, key: str, system: UnitSystem, take: Callable[[], object]
    ) -> None:
        super().__init__()
        self.variable = candidate.variable
        self.button = Button(lambda: words.title(candidate.variable), take, key=key)
        reason = texts.why(candidate, system)
        self.button.setAccessibleDescription(reason)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.button)
        column.addWidget(Text(reason, Type.CAPTION, Role.MUTED, wrap=True))


class CodePanel(QWidget):
    """Nothing is chosen beforehand; `decided` carries the `Decision`, None for later."""

    decided = Signal(object)

    def __init__(self, single_keys: Callable[[], bool]) -> None:
        super().__init__()
        self._single_keys = single_keys
        self._proposal: Proposal | None = None
        self._decision: Decision | None = None
        self.offers: list[Offer] = []
        self.title = Text("", Type.SECTION, wrap=True)
        self.state = Text("", Type.BODY, Role.MUTED, wrap=True)
        self.facts = Pairs(104)
        self.nothing = Text(
            lambda: _("Nothing is proposed: no known name is like this one, or the unit speaks against it."),
            role=Role.MUTED,
            wrap=True,
        )
        self.other = _searchable(lambda: _("Another value"))
        self.other.activated.connect(lambda _place: self._take_other())
        edit = self.other.lineEdit()
        if edit is not None:
            edit.returnPressed.connect(self._take_typed)
        self.unit = Choice(lambda: _("Unit of values without one"))
        self.unit.activated.connect(lambda _place: self._take_unit())
        self.caution = Text("", Type.CAPTION, Role.CAUTION, wrap=True)
        self.ignore_button = Button(lambda: _("Ignore this code"), self.ignore)
        self.later_button = Button(lambda: _("Decide later"), self.later)
        self._offers = QVBoxLayout()
        self._offers.setSpacing(S12)
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(S24, S12, S24, S16)
        column.setSpacing(S12)
        for widget in (self.title, self.state, self.facts, Rule()):
            column.addWidget(widget)
        column.addWidget(Text(lambda: _("What is it?"), bold=True))
        column.addWidget(self.nothing)
        column.addLayout(self._offers)
        self._unit_label = Text(lambda: _("Unit of values without one"), Type.CAPTION, Role.MUTED)
        pairs = (
            (Text(lambda: _("Another value: type its name"), Type.CAPTION, Role.MUTED), self.other),
            (self._unit_label, self.unit),
        )
        for label, control in pairs:
            block = QVBoxLayout()
            block.setSpacing(S4)
            block.addWidget(label)
            block.addWidget(control)
            column.addLayout(block)
        column.addWidget(self.caution)
        buttons = QHBoxLayout()
        buttons.setSpacing(S8)
        buttons.addWidget(self.ignore_button)
        buttons.addWidget(self.later_button)
        buttons.addStretch(1)
        column.addLayout(buttons)
        column.addStretch(1)

    # What is shown

    def clear(self) -> None:
        """Leave no text of the patient."""
        self._proposal = self._decision = None
        for text in (self.title, self.state, self.caution):
            text.set_words("")
        self.facts.empty()
        self._empty_offers()
        self.other.clear()
        self.unit.clear()

    def show_code(
        self,
        proposal: Proposal,
        values: Sequence[Observation],
        decision: Decision | None,
        system: UnitSystem,
    ) -> None:
        """Show one code with its *values* and what is decided about it."""
        self._proposal = proposal
        self.title.set_words(texts.name_text(proposal.name, proposal.code))
        self._show_facts(proposal, values)
        self._show_offers(proposal, system)
        self._list_others(proposal)
        self.show_decision(decision)

    def _show_facts(self, proposal: Proposal, values: Sequence[Observation]) -> None:
        self.facts.empty()
        self.facts.add(
            lambda: pgettext("laboratory", "Code"), texts.code_text(proposal.system, proposal.code)
        )
        self.facts.add(lambda: _("Unit"), texts.units_text(proposal.units))
        specimens = sorted({found.specimen for found in values if found.specimen})
        if specimens:
            self.facts.add(lambda: _("Specimen"), format_list(specimens))
        listed = texts.latest(values)
        for found in listed[:SAMPLES]:
            self.facts.add(texts.date_text(found), texts.value_text(found))
        if len(listed) > SAMPLES:
            self.facts.add(lambda: _("Further values"), format_count(len(listed) - SAMPLES))

    def _empty_offers(self) -> None:
        self.offers = []
        clear_layout(self._offers)

    def _show_offers(self, proposal: Proposal, system: UnitSystem) -> None:
        self._empty_offers()
        for number, candidate in enumerate(proposal.candidates):
            key = str(number + 1) if self._single_keys() else ""
            offer = Offer(candidate, key, system, lambda n=number: self.take(n))
            self._offers.addWidget(offer)
            self.offers.append(offer)
        self.nothing.setVisible(not self.offers)

    def _list_others(self, proposal: Proposal) -> None:
        quantities = [name for name, known in VARIABLES.items() if known.kind == "quantity"]
        names = fitting(proposal.units) or quantities
        self.other.clear()
        for name in sorted(names, key=lambda name: words.title(name).casefold()):
            self.other.addItem(words.title(name), name)
        self.other.setCurrentIndex(-1)
        self.other.setEditText("")

    def show_decision(self, decision: Decision | None) -> None:
        """Mark what is decided; the form stays as it is."""
        self._decision = decision
        variable = decision.variable if decision is not None else ""
        for offer in self.offers:
            offer.button.set_icon("check" if variable and offer.variable == variable else "")
        self.ignore_button.set_icon("check" if decision is not None and not variable else "")
        self.state.set_words(lambda: _state(decision))
        self.state.set_role(Role.MUTED if decision is None else Role.ACCENT)
        proposed = any(offer.variable == variable for offer in self.offers)
        place = -1 if proposed or not variable else self.other.findData(variable)
        self.other.setCurrentIndex(place)
        if place < 0:
            self.other.setEditText("")
        self._show_unit(variable)

    def _show_unit(self, variable: str) -> None:
        proposal, decision = self._proposal, self._decision
        asked = proposal is not None and bool(variable) and needs_unit(proposal, variable)
        self.unit.clear()
        if asked:
            self.unit.addItem(_("choose…"), None)
            for unit in VARIABLES[variable].units():
                self.unit.addItem(texts.unit_text(unit), unit)
            self.unit.addItem(_("it differs: ask for each value"), "")
            chosen = decision.unit if decision is not None else None
            self.unit.setCurrentIndex(0 if chosen is None else self.unit.findData(chosen))
        self.unit.setVisible(asked)
        self._unit_label.setVisible(asked)
        self._warn(variable)

    def _warn(self, variable: str) -> None:
        proposal, decision = self._proposal, self._decision
        said = ""
        if proposal is not None and decision is not None and variable:
            wrong = unfitting(proposal, variable)
            if wrong:
                sentence = _("{units} does not fit this value: medgui will ask about each.")
                said = sentence.format(units=format_list(list(wrong)))
            elif decision.unit is None:
                said = _("Some values come without a unit. Choose the laboratory's unit before you save.")
        self.caution.set_words(said)
        self.caution.setVisible(bool(said))

    # The choice

    def take(self, number: int) -> None:
        """Take the proposal *number*, from 0."""
        if self._proposal is not None and number < len(self._proposal.candidates):
            self._take(self._proposal.candidates[number].variable)

    def _take(self, variable: str) -> None:
        if self._proposal is not None:
            self.decided.emit(taken_for(self._proposal, variable))

    def _take_other(self) -> None:
        """Take what the line names, where it is one of the list."""
        variable = self.other.itemData(self.other.findText(self.other.currentText()))
        if isinstance(variable, str):
            self._take(variable)

    def _take_typed(self) -> None:
        """Take the only value with what was typed in its name; say so where there is none or several."""
        typed = self.other.currentText().strip()
        if not typed or self.other.findText(typed) >= 0:
            return  # a whole name: `activated` takes it
        listed = [self.other.itemText(n) for n in range(self.other.count())]
        having = [name for name in listed if typed.casefold() in name.casefold()]
        if len(having) == 1:
            self._take(str(self.other.itemData(self.other.findText(having[0]))))
            return
        self.caution.set_words(_("No single value has this name. Choose one of the list."))
        self.caution.show()

    def _take_unit(self) -> None:
        if self._decision is not None and self._decision.variable:
            self.decided.emit(Decision(self._decision.variable, self.unit.currentData()))

    def ignore(self) -> None:
        """Leave the code alone, now and in other files."""
        if self._proposal is not None:
            self.decided.emit(Decision(""))

    def later(self) -> None:
        """Decide later."""
        if self._proposal is not None:
            self.decided.emit(None)

    def take_by_key(self, event: QKeyEvent) -> bool:
        """Take a proposal by its digit; False where the key is none."""
        number = event.key() - Qt.Key.Key_1
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if not (self._single_keys() and plain and 0 <= number < len(self.offers)):
            return False
        self.take(number)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take a proposal by its digit."""
        if not self.take_by_key(event):
            super().keyPressEvent(event)


def _state(decision: Decision | None) -> str:
    if decision is None:
        return _("Nothing is chosen: its values are shown, and no model uses them.")
    if not decision.variable:
        return _("Ignored: medgui will not ask about this code again.")
    return _("Means: {value}").format(value=words.title(decision.variable))


def _searchable(name: Callable[[], str]) -> Choice:
    """A list box in which typing finds any part of a name."""
    box = Choice(name)
    box.setEditable(True)
    box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(16)
    box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    completer = QCompleter(box.model(), box)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    box.setCompleter(completer)
    completer.activated.connect(lambda _text: box.activated.emit(box.findText(box.currentText())))
    return box
