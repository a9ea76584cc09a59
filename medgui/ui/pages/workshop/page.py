"""The workshop: a table of the clinic's patients becomes a signed model, in four steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QWidget

from medgui.errors import Cancelled, MedguiError
from medgui.i18n import N_, _, localised
from medgui.ui.commands import Command
from medgui.ui.messages import Action
from medgui.ui.pages.page import Page
from medgui.ui.pages.workshop import keys, texts
from medgui.ui.pages.workshop.columns import ColumnsView
from medgui.ui.pages.workshop.start import say_start
from medgui.ui.pages.workshop.training import TrainingView
from medgui.ui.pages.workshop.words_form import WordsForm
from medgui.ui.shapes import Mark
from medgui.ui.shell import Shell, Width
from medgui.ui.tasks import Token
from medgui.ui.theme import theme
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.text import Body, clear_layout

if TYPE_CHECKING:
    from medgui.inference.manifest import Manifest
    from medgui.workshop.choices import Choices
    from medgui.workshop.plan import Plan
    from medgui.workshop.training import Trained

START, COLUMNS, WORDS, TRAINING, DONE = range(5)
STEPS = {
    COLUMNS: N_("Step 1 of 3: what each column is"),
    WORDS: N_("Step 2 of 3: what only you know"),
    TRAINING: N_("Training"),
    DONE: N_("Step 3 of 3: look, then sign"),
}
TOPIC = "workshop"
LEAST_FOR_BACK = 420
"""Page width at 100 % from which the button "Back" is shown."""


class WorkshopPage(Page):
    """Nothing here belongs to the open patient. Anchor "choose" asks for a table."""

    key = "workshop"

    def __init__(self, shell: Shell) -> None:
        self._step = START
        self._plan: Plan | None = None
        self._choices: Choices | None = None
        self._trained: Trained | None = None
        self._token: Token | None = None
        self._busy = False
        self.back_button = Button(lambda: _("Back"), self.back)
        self.next_button = Button(lambda: self._next_words(), self.next, key="Ctrl+S", kind="primary")
        super().__init__(shell, lambda: _("Workshop"), (self.back_button, self.next_button))
        self.start = Body()
        self.columns = ColumnsView(shell)
        self.columns.outcome_chosen.connect(self._look_again)
        self.columns.changed.connect(self._columns_changed)
        self.start_buttons: list[Button] = []
        self.words = WordsForm()
        self.words.changed.connect(self._enable)
        self.training = TrainingView()
        self.training.cancel.clicked.connect(self.cancel)
        self.result = Body()
        self.card: QWidget | None = None
        self.views = QStackedWidget()
        for view in (self.start, self.columns, self.words, self.training, self.result):
            self.views.addWidget(view)
        self.column.addWidget(self.views, 1)
        self._say_start()
        self._show(START)

    # Steps

    def _show(self, step: int) -> None:
        self._step = step
        if step == START:
            self._say_start()
        self.views.setCurrentIndex(step)
        self._show_back()
        self.next_button.setVisible(step in (COLUMNS, WORDS, DONE))
        self._enable()

    def _show_back(self) -> None:
        """Where the title would have no room beside it, Esc alone goes back."""
        room = self.width() >= LEAST_FOR_BACK * theme.scale
        self.back_button.setVisible(room and self._step in (COLUMNS, WORDS, DONE))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the title its room."""
        super().resizeEvent(event)
        self._show_back()

    def _next_words(self) -> str:
        if self._step == COLUMNS:
            return _("Next")
        return _("Train") if self._step == WORDS else _("Sign and install")

    def _summary(self) -> str:
        if self._busy:
            return _("Writing and signing …") if self._step == DONE else _("Looking at the table …")
        return _(STEPS[self._step]) if self._step in STEPS else ""

    def _enable(self) -> None:
        self.next_button.set_words(self._next_words)
        ready = not self._busy and not (self._step == COLUMNS and bool(self.columns.blocking()))
        self.next_button.setEnabled(ready)
        self.head.summary.set_words(self._summary)
        for button in self.start_buttons:
            button.setEnabled(not self._busy)
        self.next_button.set_tip(self.columns.blocking() if self._step == COLUMNS else "")

    def _say_start(self) -> None:
        file = self._plan.table.file if self._plan is not None else ""
        self.start_buttons = say_start(
            self.start.column, self._unavailable(), self.choose, file, lambda: self._show(COLUMNS)
        )

    def _unavailable(self) -> str:
        workshop = self.shell.services.workshop
        return workshop.unavailable() if workshop is not None else _("This build has no workshop.")

    def back(self) -> None:
        """Go one step back; what was chosen and typed stays."""
        if self._step == TRAINING:
            self.cancel()
        elif self._step != START:
            self._show({COLUMNS: START, WORDS: COLUMNS, DONE: WORDS}[self._step])
            area = next(iter(self.areas()), None)
            if area is not None and self.isVisible():
                area.setFocus()

    def next(self) -> None:
        """Go on: to the words, to the training, to the signed model."""
        if self._step == COLUMNS:
            blocking = self.columns.blocking()
            if blocking:
                self._tell(blocking)
                return
            self._show(WORDS)
            self.words.first_missing().setFocus()
        elif self._step == WORDS:
            self.train()
        elif self._step == DONE:
            self.install()

    # The table

    def choose(self) -> None:
        """Ask for the table."""
        name, _kind = QFileDialog.getOpenFileName(self, _("Choose a table"), "", _("CSV table (*.csv)"))
        if name:
            self.look_into(Path(name))

    def look_into(self, path: Path) -> None:
        """Read the table and propose what each column is."""
        self._inspect(lambda workshop: workshop.inspect(path))

    def _look_again(self, label: str, positive: str) -> None:
        """Look at the same table with another outcome or event."""
        if self._plan is not None:
            table = self._plan.table
            self._inspect(lambda workshop: workshop.inspect(table, label, positive=positive))

    def _inspect(self, look: Callable[..., Plan], then: Callable[[Plan], object] | None = None) -> None:
        workshop = self.shell.services.workshop
        if workshop is None:
            return
        self._busy = True
        self._enable()
        job = self.shell.tasks.job(lambda _token: look(workshop))
        job.on_done(then or self._looked).on_error(self._failed).run()

    def _looked(self, plan: Plan) -> None:
        """Show the columns; what a person has settled in the same table stays."""
        before = self._plan
        if before is not None and before.table is not plan.table and before.table.sha256 == plan.table.sha256:
            plan = before
        self._take(plan)
        self._show(COLUMNS)
        if self.isVisible():
            self.columns.table.setFocus()

    def _take(self, plan: Plan) -> None:
        from medgui.workshop.choices import carried, default_choices

        before, choices = self._plan, self._choices
        self._busy = False
        if before is None or choices is None or before.table is not plan.table:
            choices = default_choices(plan)
        elif plan is not before:
            choices = carried(before, choices, plan)
        self._plan, self._choices = plan, choices
        self.columns.show_plan(plan, choices)
        self._enable()

    def _columns_changed(self, choices: Choices) -> None:
        self._choices = choices
        self._enable()

    # Training

    def train(self) -> None:
        """Train as chosen, in the background."""
        workshop, plan = self.shell.services.workshop, self._plan
        lacking = self.words.missing()
        if lacking:
            self.words.mark_missing()
            self._tell(texts.still_needed(lacking))
            self.words.first_missing().setFocus()
            return
        try:
            choices = self._settled()
        except MedguiError as error:
            self._tell(str(error))
            return
        if workshop is None or plan is None:
            return
        self._choices, self._trained = choices, None
        self.shell.messages.forget(TOPIC)
        self.training.show_progress(0.0, 1.0, _("Preparing"))
        self._show(TRAINING)
        self.training.cancel.setFocus()
        job = self.shell.tasks.job(
            lambda token: workshop.train(plan, choices, token.report, token.is_cancelled)
        )
        job.with_progress(self.training.show_progress).on_done(self._made).on_error(self._failed)
        self._token = job.run()

    def _settled(self) -> Choices:
        """The choices with the words of the form. Raises `MedguiError` for what stands in the way."""
        from medgui.workshop.choices import default_choices, require

        if self._plan is None or self._choices is None:
            raise MedguiError(_("No table is open."))
        words = self.words.words()
        effort = self.words.effort.currentData()
        name = default_choices(self._plan, words).id
        choices = replace(self._choices, words=words, effort=effort, id=name)
        require(self._plan, choices)
        return choices

    def cancel(self) -> None:
        """Stop the training; nothing of it is kept."""
        if self._token is not None:
            self._token.cancel()
            self._token = None
        if self._step == TRAINING:
            self._show(WORDS)
            self.shell.messages.tell(
                Mark.INFO, lambda: _("Training was stopped; nothing was kept."), topic=TOPIC
            )

    def _made(self, made: tuple[Trained, Manifest]) -> None:
        self._token = None
        self._trained, manifest = made
        self._show_card(manifest)
        self._show(DONE)
        if self.isVisible():
            self.next_button.setFocus()
        else:
            action = Action(lambda: _("Show it"), lambda: self.shell.go("workshop"))
            words = lambda: _("Training is done: look at the model, then sign it.")  # noqa: E731
            self.shell.messages.tell(Mark.INFO, words, action, topic=TOPIC)

    def _show_card(self, manifest: Manifest) -> None:
        """Show the card that would be signed: the one of the Models page."""
        from medgui.ui.pages.models.card import Card, Running

        clear_layout(self.result.column)
        card = Card(manifest, Running("", "", None), "")
        card.set_one_column(self.shell.layout.width < Width.NORMAL)
        self.card = card
        self.result.column.addWidget(card)

    def install(self) -> None:
        """Sign the model with the clinic's key and put it among the models."""
        workshop, trained = self.shell.services.workshop, self._trained
        if workshop is None or trained is None or self._busy:
            return
        self._busy = True
        self._enable()
        job = self.shell.tasks.job(lambda _token: workshop.install(trained))
        job.on_done(self._installed).on_error(self._failed).run("storage")

    def _installed(self, model: str) -> None:
        self._busy = False
        title = localised(self._choices.words.text("title")) if self._choices is not None else model
        self._trained = self._plan = self._choices = None
        clear_layout(self.result.column)
        self.card = None
        self._show(START)
        if self.isVisible():
            self.start_buttons[0].setFocus()
        action = Action(lambda: _("Show the model"), lambda: self.shell.go("models", model))
        words = lambda: _("Signed and installed: {title}. It runs on the next patient.").format(title=title)  # noqa: E731
        self.shell.messages.tell(Mark.INFO, words, action, topic=TOPIC)
        self.shell.models_changed.emit(model)
        if self.shell.visit.record is not None:
            self.shell.visit.read_again(lambda _old, _new: None)

    # Errors

    def _failed(self, error: Exception) -> None:
        self._busy = False
        if self._step == TRAINING:
            self._token = None
            self._show(WORDS)
        self._enable()
        if isinstance(error, Cancelled):
            return
        if isinstance(error, MedguiError):
            self._tell(str(error))
        else:
            self.shell.tasks.unhandled(error)

    def _tell(self, sentence: str) -> None:
        self.shell.messages.tell(Mark.CAUTION, sentence, topic=TOPIC)

    # For the window

    def retranslate(self) -> None:
        """Say everything again."""
        self.words.say_again()
        self.columns.say_again()
        self._say_start()
        self._enable()
        if self._plan is not None and not self._busy and self._step in (COLUMNS, WORDS):
            table, label, positive = self._plan.table, self._plan.label, self._plan.positive
            again = lambda workshop: workshop.inspect(table, label, positive=positive)  # noqa: E731
            self._inspect(again, self._take)

    def relayout(self) -> None:
        """Take the width."""
        super().relayout()
        self.columns.relayout()
        self.words.set_narrow(self.shell.layout.width < Width.NARROW)
        if self.card is not None and self._step == DONE:
            self.card.set_one_column(self.shell.layout.width < Width.NORMAL)  # type: ignore[attr-defined]

    def page_commands(self) -> Sequence[Command]:
        """Offer what the buttons do."""
        return keys.commands(lambda: self.columns, self._next_by_key, self._choose_by_name)

    def undo(self) -> bool:
        """Take a choice of a role back."""
        return self._step == COLUMNS and self.columns.undo()

    def redo(self) -> bool:
        """Take the last undo back."""
        return self._step == COLUMNS and self.columns.redo()

    def unsaved(self) -> str:
        """Say what closing the window would lose."""
        if self._step == TRAINING:
            return _("A model is being trained. Closing stops it; nothing of it is kept.")
        if self._step == DONE and self._trained is not None:
            return _("A model is trained but not signed. Closing loses it.")
        return ""

    def _next_by_key(self) -> None:
        if self.next_button.isVisible() and self.next_button.isEnabled():
            self.next_button.click()

    def _choose_by_name(self) -> None:
        self.shell.go("workshop", "choose")

    def show_place(self, anchor: str) -> None:
        """Ask for a table."""
        if anchor == "choose" and self._step == START and not self._unavailable():
            self.choose()

    def areas(self) -> Sequence[QWidget]:
        """What F6 goes through."""
        if self._step == COLUMNS:
            return [self.columns.table, self.columns.panel.first(), self.columns.label]
        if self._step == WORDS:
            return [self.words.first_missing()]
        if self._step == DONE:
            return [self.next_button, self.result]
        return [self.training.cancel] if self._step == TRAINING else self.start_buttons

    def escape(self) -> bool:
        """Leave the column for the table, stop the training, or go a step back."""
        if self._step == START or (self._step == COLUMNS and self.columns.show_list()):
            return self._step != START
        self.back()
        return True
