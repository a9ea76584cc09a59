"""Open questions, one at a time, answered in place. Nothing is ever answered by itself (SAFETY 24)."""

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from medgui.assessment import shown
from medgui.assessment.words import title as shown_title
from medgui.i18n import _, format_list
from medgui.record.model import Answer, Question, Record, Suggestion
from medgui.record.variables import UnitSystem
from medgui.ui.pages.record.enter import EnterValue
from medgui.ui.pages.record.entries import used_by
from medgui.ui.pages.record.question_groups import Group, groups, unit_words
from medgui.ui.visit import Visit
from medgui.ui.widgets.panels import QuestionCard
from medgui.ui.widgets.text import clear_layout

Give = Callable[[Answer], object]
DATE_ORDER = "date_order"
"""A question about the whole table: its answer reads the file again."""


class Questions(QWidget):
    """The card of the present question. F4 goes to the next one."""

    def __init__(self, visit: Visit, single_keys: Callable[[], bool], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._visit, self._single_keys = visit, single_keys
        self._place = 0
        self._apart: frozenset[str] = frozenset()
        self.card: QuestionCard | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def clear(self) -> None:
        """Take the card away."""
        clear_layout(self._column)
        self.card = None
        self._place = 0
        self._apart = frozenset()

    def refresh(self) -> None:
        """Show the present question of the record, or nothing; a card made anew keeps the focus of the old one."""
        had = self.card is not None and self._holds_focus(self.card)
        self._fill()
        if had:
            self.focus_card()

    @staticmethod
    def _holds_focus(card: QuestionCard) -> bool:
        here = card.window().focusWidget()
        return here is not None and (here is card or card.isAncestorOf(here))

    def _fill(self) -> None:
        clear_layout(self._column)
        self.card = None
        record = self._visit.record
        waiting = groups(record, self._apart) if record is not None else []
        self.setVisible(bool(waiting))
        if record is None or not waiting:
            return
        self._place %= len(waiting)
        group = waiting[self._place]
        if len(group.questions) > 1:
            self._show_group(group, len(waiting))
        else:
            self._show(record, group.questions[0], len(waiting))

    def next(self) -> None:
        """Go to the next question and put the focus on its card, on no answer."""
        self._place += 1
        self.refresh()
        self.focus_card()

    def focus_card(self) -> None:
        """Put the focus on the card itself."""
        if self.card is not None:
            self.card.show()  # made a moment ago, it waits for its layout, and what is hidden takes no focus
            self.card.setFocus()

    def _show(self, record: Record, question: Question, number: int) -> None:
        system: UnitSystem = self._visit.units
        offered = question.suggestions[:3]
        words = [_answer_words(s, question, system) for s in offered]
        if question.variable:
            words += [_("Enter another value"), _("Leave it out")]
        waiting = used_by(self._visit.assessment, question.variable)
        facts = list(question.facts)
        if waiting:
            facts.append((_("Waiting for the answer"), format_list(waiting)))
        note = _("Question {n} of {total}  •  not used by any model until answered")
        self.card = QuestionCard(
            question.message,
            facts,
            words,
            lambda choice: self._answered(record, question, offered, choice),
            note=note.format(n=self._place + 1, total=number),
            foot=lambda: _("The file itself is never changed. You can undo this."),
            single_keys=self._single_keys(),
        )
        self._column.addWidget(self.card)

    def _show_group(self, group: Group, number: int) -> None:
        """One card for questions that are the same: one answer for all, or one by one."""
        count, first = len(group.questions), group.questions[0]
        facts = group.facts()
        waiting = used_by(self._visit.assessment, first.variable)
        if waiting:
            facts.append((_("Waiting for the answer"), format_list(waiting)))
        title = _("{title}: the same question about {n} values")
        note = _("Question {n} of {total}  •  not used by any model until answered")
        self.card = QuestionCard(
            title.format(title=shown_title(first.variable), n=count),
            facts,
            [*(unit_words(unit, count) for unit in group.units()), _("One by one"), _("Leave all out")],
            lambda choice: self._answered_all(group, choice),
            note=note.format(n=self._place + 1, total=number),
            foot=lambda: _("The file itself is never changed. You can undo this."),
            single_keys=self._single_keys(),
        )
        self._column.addWidget(self.card)

    def _answered_all(self, group: Group, choice: int) -> None:
        if choice == len(group.units()):
            self._apart |= {question.id for question in group.questions}
            self.refresh()
            self.focus_card()
        else:
            self._visit.answer_all(group.answers(choice))

    def _answered(
        self, record: Record, question: Question, offered: tuple[Suggestion, ...], choice: int
    ) -> None:
        day = next((o.time for o in record.observations if o.id == question.observation), record.as_of)
        if question.code == DATE_ORDER:
            self._visit.settle_dates(str(offered[choice].value))
        elif choice < len(offered):
            taken = offered[choice]
            self._visit.answer(
                Answer(question.variable, taken.value, taken.unit, day, question.id, note=taken.label)
            )
        elif choice == len(offered):
            self._enter(question, day)
        else:
            self._visit.answer(Answer(question.variable, None, "", day, question.id, left_out=True))

    def _enter(self, question: Question, day: str) -> None:
        form = EnterValue(
            self._visit.units, question.variable, day, self._visit.answer, self.refresh, question=question.id
        )
        self._column.addWidget(form)
        form.start()


def _answer_words(suggestion: Suggestion, question: Question, system: UnitSystem) -> str:
    if suggestion.label:
        return suggestion.label
    if isinstance(suggestion.value, bool):
        return _("yes") if suggestion.value else _("no")
    value = shown.shown(question.variable, suggestion.value, suggestion.unit, system)
    return _("Use {value}").format(value=value)
