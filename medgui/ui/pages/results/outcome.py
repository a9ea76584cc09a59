"""What happened to this patient: an entry for the notebook of outcomes. Nothing is kept before "Keep" is pressed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget
from shiboken6 import isValid

from medgui.assessment.finding import Finding, Output, Status
from medgui.errors import MedguiError
from medgui.i18n import _, format_date, format_percent
from medgui.ui.shapes import Mark
from medgui.ui.shell import Shell
from medgui.ui.theme import S8, S16, S24, Role, Type
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.segmented import Segmented
from medgui.ui.widgets.text import Text

if TYPE_CHECKING:
    from medgui.validation.notebook import Entry, Prediction

OPEN, YES, NO, UNKNOWN = "open", "yes", "no", "unknown"


def can_be_kept(finding: Finding, shell: Shell) -> bool:
    """Whether a finding is a probability that an outcome can be held against, of a person who is no demonstration."""
    record = shell.visit.record
    if shell.services.local is None or record is None or record.patient.is_test:
        return False
    return finding.status is Status.READY and finding.kind != "value" and bool(outputs_of(finding))


def outputs_of(finding: Finding) -> list[Output]:
    """The outputs that are probabilities with a number."""
    return [o for o in finding.outputs if o.unit == "1" and o.value is not None and 0 < o.value < 1]


class OutcomePanel(QFrame):
    """Asks what happened, and keeps it. *closed* is called when it is done or given up."""

    def __init__(
        self,
        finding: Finding,
        output: Output,
        shell: Shell,
        closed: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("level", "info")
        self._finding, self._output, self._shell, self._closed = finding, output, shell, closed
        self._entry: Entry | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(S24 - 3, S16, S24, S16)
        column.setSpacing(S8)
        column.addWidget(Text(self._title(), Type.SECTION, wrap=True))
        self.answer = Segmented(lambda: _("What happened"))
        self.answer.set_parts(
            [
                (OPEN, lambda: _("Not known yet")),
                (YES, lambda: _("It happened")),
                (NO, lambda: _("It did not happen")),
                (UNKNOWN, lambda: _("Cannot be known")),
            ]
        )
        self.answer.chosen.connect(lambda _key: self._check())
        self.day = QLineEdit(date.today().isoformat())
        self.day.setMaxLength(10)
        self.day.setAccessibleName(_("Date on which it was known"))
        self.day.textEdited.connect(lambda _text: self._check())
        row = QHBoxLayout()
        row.setSpacing(S8)
        row.addWidget(self.answer)
        row.addWidget(Text(lambda: _("known on"), role=Role.MUTED))
        row.addWidget(self.day)
        row.addStretch(1)
        column.addLayout(row)
        self.problem = Text("", Type.CAPTION, wrap=True)
        column.addWidget(self.problem)
        column.addWidget(Text(_kept_words, Type.CAPTION, Role.MUTED, wrap=True))
        column.addLayout(self._buttons())
        self._read()

    def _title(self) -> str:
        value = self._output.value or 0.0
        record = self._shell.visit.record
        day = format_date(date.fromisoformat(record.as_of)) if record is not None else ""
        sentence = _("{output}: {share} predicted on {date}. What happened to this patient?")
        return sentence.format(output=self._output.title, share=format_percent(value), date=day)

    def _buttons(self) -> QHBoxLayout:
        self.keep_button = Button(lambda: _("Keep"), self.keep, kind="primary")
        self.forget_button = Button(lambda: _("Forget this prediction"), self.forget)
        self.forget_button.setVisible(False)
        row = QHBoxLayout()
        row.setSpacing(S8)
        row.addWidget(self.keep_button)
        row.addWidget(Button(lambda: _("Cancel"), self._closed))
        row.addStretch(1)
        row.addWidget(self.forget_button)
        return row

    @property
    def prediction(self) -> Prediction:
        """What would be kept."""
        from medgui.validation.notebook import Prediction

        record, finding = self._shell.visit.record, self._finding
        return Prediction(
            model=finding.model,
            version=finding.version,
            sha256=finding.sha256,
            output=self._output.name,
            probability=float(self._output.value or 0.0),
            as_of=record.as_of if record is not None else "",
        )

    # Reading, keeping, forgetting: the storage pool, one after the other

    def _read(self) -> None:
        """Show what was kept before of this very prediction."""
        local, record = self._shell.services.local, self._shell.visit.record
        if local is None or record is None:
            return
        wanted = self.prediction

        def work(_token: object) -> Entry | None:
            own = local.notebook().of(record.patient)
            same = (wanted.model, wanted.sha256, wanted.output, wanted.as_of)
            keys = (
                (e, (e.prediction.model, e.prediction.sha256, e.prediction.output, e.prediction.as_of))
                for e in own
            )
            return next((entry for entry, key in keys if key == same), None)

        job = self._shell.tasks.job(work).on_done(self._show).on_error(self._failed)
        job.while_true(self._here).run("storage")

    def _show(self, entry: Entry | None) -> None:
        self._entry = entry
        self.forget_button.setVisible(entry is not None)
        if entry is not None:
            self.answer.choose(entry.outcome or OPEN)
            self.day.setText(entry.day or self.day.text())
        self._check()

    def _check(self) -> None:
        """Say at once why an answer cannot be kept."""
        self.day.setEnabled(self.answer.current in (YES, NO))
        problem = self._problem()
        self.problem.set_words(problem)
        self.problem.setVisible(bool(problem))
        self.keep_button.setEnabled(not problem)

    def _problem(self) -> str:
        from medgui.validation.notebook import Entry, problem_with

        answer = self.answer.current
        if answer not in (YES, NO):
            return ""
        entry = self._entry or Entry("", ("",), self.prediction, "")
        day, today = self.day.text().strip(), date.today().isoformat()
        return problem_with(entry, "yes" if answer == YES else "no", day, today)

    def keep(self) -> None:
        """Keep the prediction, and its outcome where one was chosen."""
        local, record = self._shell.services.local, self._shell.visit.record
        if local is None or record is None or self._problem():
            return
        patient, wanted, answer = record.patient, self.prediction, self.answer.current
        day, today = self.day.text().strip(), date.today().isoformat()
        self.keep_button.setEnabled(False)

        def work(_token: object) -> None:
            notebook = local.notebook()
            entry = notebook.remember(patient, wanted, today)
            if answer == UNKNOWN:
                notebook.settle(entry, "unknown", today, today)
            elif answer == YES:
                notebook.settle(entry, "yes", day, today)
            elif answer == NO:
                notebook.settle(entry, "no", day, today)

        words = lambda: _("Kept in the notebook of outcomes")  # noqa: E731 - said again in another language
        job = self._shell.tasks.job(work).on_done(lambda _none: self._done(words)).on_error(self._failed)
        job.while_true(self._here).run("storage")

    def forget(self) -> None:
        """Take the prediction out of the notebook."""
        local, entry = self._shell.services.local, self._entry
        if local is None or entry is None:
            return
        words = lambda: _("Taken out of the notebook of outcomes")  # noqa: E731
        job = self._shell.tasks.job(lambda _token: local.notebook().forget(entry))
        job.on_done(lambda _none: self._done(words)).on_error(self._failed).while_true(self._here).run(
            "storage"
        )

    def _here(self) -> bool:
        record = self._shell.visit.record
        return isValid(self) and record is not None and record.key == self._finding.record_key

    def _done(self, words: Callable[[], str]) -> None:
        self._shell.messages.tell(Mark.INFO, words, topic="outcome")
        self._closed()

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, MedguiError):
            self._shell.tasks.unhandled(error)
            return
        self.problem.set_words(str(error))
        self.problem.setVisible(True)
        self.keep_button.setEnabled(True)


def _kept_words() -> str:
    return _(
        "Kept on this computer alone: model, probability, dates and answer, with a keyed mark of the patient instead "
        "of name and numbers. Not encrypted yet."
    )
