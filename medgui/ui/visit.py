"""The visit: the record on the screen, its findings, the doctor's answers, and the units in which they read.

Plain state and signals; no widget. Whatever shows a patient listens to `leaving` and empties itself there,
before `record_changed` brings the next name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from medgui.errors import DamagedData, DifferentPeople, SeveralPatients, UserError
from medgui.i18n import _
from medgui.ui.asked import SAME_PERSON, Opening, Unmapped, asked, mapped, same_person
from medgui.ui.services import Services
from medgui.ui.tasks import Tasks, Token

if TYPE_CHECKING:
    from medgui.assessment.finding import Assessment, Finding
    from medgui.record.model import Answer, Record
    from medgui.record.variables import UnitSystem


__all__ = ["Opening", "Unmapped", "Visit"]


class Visit(QObject):
    """One patient at a time."""

    leaving = Signal()
    """The record is about to be replaced or closed: show nothing of it any more."""
    record_changed = Signal()
    """There is another record, none, or the same one with another answer."""
    assessment_changed = Signal()
    progress = Signal(int, int)
    """Models done, models in all; (0, 0) when nothing runs."""
    units_changed = Signal()
    opening_changed = Signal()
    """Reading began or ended."""
    several = Signal(object, object)
    """The file holds several patients: `Opening`, and (id, label) pairs."""
    refused = Signal(object, object)
    """The files are about different people: `Opening`, and the `DifferentPeople`."""
    unmapped = Signal(object, object)
    """The table needs its columns named: `Opening`, and the readers' proposal."""
    failed = Signal(object, object)
    """Reading or assessing ended in an error: `Opening` or None, and the exception."""

    def __init__(self, services: Services, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services, self._tasks = services, tasks
        self.record: Record | None = None
        self.assessment: Assessment | None = None
        self.opening: Opening | None = None
        self.origin: Opening | None = None
        self.units = services.settings.unit_system
        self.finished: tuple[Finding, ...] = ()
        self.stopped = False
        self.requested: tuple[str, ...] = ()
        self._past: list[Record] = []
        self._future: list[Record] = []
        self._reading: Token | None = None
        self._assessing: Token | None = None

    # Opening and closing

    def open(self, opening: Opening) -> None:
        """Read a file in the background; the present patient stays until the new one is there."""
        self._stop_reading()
        self.opening = opening
        self.opening_changed.emit()
        services = self._services

        def read(_token: Token) -> tuple[Opening, Record | Unmapped]:
            known = mapped(opening, services)
            if isinstance(known, Unmapped):
                return opening, known
            found = services.open_record(
                asked(known), patient=known.patient, mapping=known.mapping, as_of=known.as_of
            )
            return known, found

        job = self._tasks.job(read).on_done(lambda result: self._read(*result))
        job = job.on_error(lambda error: self._not_opened(opening, error))
        self._reading = job.while_true(lambda: self.opening is opening).run()

    def stop_opening(self) -> None:
        """Stop reading; the present patient stays."""
        if self.opening is not None:
            self._stop_reading()
            self.opening_changed.emit()

    def close(self) -> None:
        """Take the patient off the screen."""
        self._stop_reading()
        self._leave()
        self.record = None
        self.origin = None
        self.record_changed.emit()
        self.assessment_changed.emit()

    @property
    def busy(self) -> bool:
        """Whether models are running."""
        return self._assessing is not None

    def _read(self, opening: Opening, found: Record | Unmapped) -> None:
        if isinstance(found, Unmapped):
            self._reading = self.opening = None
            self.opening_changed.emit()
            self.unmapped.emit(opening, found.proposal)
        else:
            self._opened(opening, found)

    def _opened(self, opening: Opening, record: Record) -> None:
        self._reading = None
        self.opening = None
        self._leave()
        self.record = record
        self.origin = opening
        self.opening_changed.emit()
        self.record_changed.emit()
        self.run()

    def _not_opened(self, opening: Opening, error: Exception) -> None:
        self._reading = None
        self.opening = None
        self.opening_changed.emit()
        if isinstance(error, SeveralPatients):
            self.several.emit(opening, error.patients)
        elif isinstance(error, DifferentPeople):
            self.refused.emit(opening, error)
        else:
            self.failed.emit(opening, error)

    def _leave(self) -> None:
        self.cancel()
        self.assessment = None
        self.finished = ()
        self.stopped = False
        self.requested = ()
        self._past.clear()
        self._future.clear()
        self.leaving.emit()

    def _stop_reading(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
        self._reading = None
        self.opening = None

    # Running the models

    def run(self, *, fresh: bool = False) -> None:
        """Run every model that applies; findings whose inputs did not change are kept unless *fresh*."""
        record = self.record
        if record is None:
            return
        if self._assessing is not None:
            self._assessing.cancel()
        services = self._services
        previous = None if fresh else self._known(record)
        asked = {"also": self.requested} if self.requested else {}
        self.stopped = False
        self.finished = ()

        def work(token: Token) -> Assessment:
            return services.assess(
                record,
                previous=previous,
                progress=lambda done, total, finding: token.report(done, total, finding),
                cancel=token.is_cancelled,
                **asked,
            )

        job = self._tasks.job(work).with_progress(self._progressed).on_done(self._assessed)
        job = job.on_error(self._not_assessed).while_true(lambda: self.record is record)
        self._assessing = job.run()

    def request(self, model: str, answers: Sequence[Answer] = ()) -> None:
        """Let the score *model* stand among the findings of this patient, with *answers* in one step."""
        if model not in self.requested:
            self.requested = (*self.requested, model)
        if answers:
            self.answer_all(answers)
        else:
            self.run()

    def dismiss(self, model: str) -> None:
        """Take a requested score off the findings; what was answered for it stays in the record."""
        self.requested = tuple(each for each in self.requested if each != model)
        self.run()

    def settle_dates(self, order: str) -> None:
        """Read the table again with its dates in *order*, "dmy" or "mdy"; the answers are kept."""
        if self.origin is not None:
            self.origin = replace(self.origin, mapping={**(self.origin.mapping or {}), "date_order": order})
            self.say_again()

    def say_again(self) -> None:
        """Read the file again and run the models afresh: their sentences follow a change of language.

        The doctor's answers are kept. Where the file is gone or changed, the record stays as it is.
        """
        record = self.record
        if record is not None and self.origin is not None:
            self._read_again(record, record.answers, lambda _error: self._said_again(record, record))

    def read_again(self, then: Callable[[Record, Record], object]) -> None:
        """Read the files again, since the clinic's map of codes has changed; *then* gets the record before and after.

        Answers are kept, but for those to questions that are no longer asked. What could be undone before cannot
        any more: those states hold what the codes meant then.
        """
        record = self.record
        if record is None:
            return

        def taken(found: Record) -> None:
            gone = {q.id for q in record.questions} - {q.id for q in found.questions}
            kept = tuple(answer for answer in found.answers if answer.question not in gone)
            self._past.clear()
            self._future.clear()
            self._said_again(record, replace(found, answers=kept))
            then(record, found)

        self._read_again(record, record.answers, lambda error: self.failed.emit(self.origin, error), taken)

    def _read_again(
        self,
        record: Record,
        answers: tuple[Answer, ...],
        not_read: Callable[[Exception], None],
        taken: Callable[[Record], None] | None = None,
    ) -> None:
        """Read the files of *record* once more with *answers* in force; those that changed are not read."""
        opening, services = self.origin, self._services
        if opening is None:
            return

        def read(_token: Token) -> Record:
            found = services.open_record(
                asked(opening),
                patient=opening.patient,
                mapping=opening.mapping,
                as_of=record.as_of,
                same_person=same_person(answers),
            )
            if found.sha256 != record.sha256:
                raise UserError(_("The files have changed or are gone. Open them again."))
            return replace(found, answers=answers)

        job = self._tasks.job(read).on_done(taken or (lambda found: self._said_again(record, found)))
        job.on_error(not_read).while_true(lambda: self.record is record).run()

    def _settle_person(self, answers: tuple[Answer, ...]) -> None:
        """Take the answer whether all files are about one person: they are read and checked again with it."""
        record = self.record
        if record is not None:
            self._past.append(record)
            self._future.clear()
            self._read_again(record, answers, lambda error: self.failed.emit(self.origin, error))

    def _said_again(self, before: Record, found: Record) -> None:
        self.record = replace(found, generation=before.generation + 1, read_at=before.read_at)
        self.record_changed.emit()
        self.run(fresh=True)

    def _known(self, record: Record) -> Assessment | None:
        """Return what is already known: the last assessment, or what was complete when work was stopped."""
        if self.assessment is None and self.finished:
            from medgui.assessment.finding import Assessment

            return Assessment(record.key, record.as_of, self.finished, complete=False)
        return self.assessment

    def cancel(self) -> None:
        """Stop the models; what is complete stands (`finished`)."""
        self.stop_opening()
        if self._assessing is not None:
            self._assessing.cancel()
            self._assessing = None
            self.stopped = self.record is not None
            self.progress.emit(0, 0)

    def _progressed(self, done: int, total: int, finding: Finding | None) -> None:
        if finding is not None and self.record is not None and finding.record_key == self.record.key:
            kept = [other for other in self.finished if other.model != finding.model]
            self.finished = (*kept, finding)
        self.progress.emit(done, total)

    def _assessed(self, assessment: Assessment) -> None:
        self._assessing = None
        fits = self.record is not None and assessment.record_key == self.record.key
        if fits:
            self.assessment = assessment
        self.progress.emit(0, 0)
        if fits:
            self.assessment_changed.emit()
        else:
            self.failed.emit(None, DamagedData("a result of another record was dropped"))

    def _not_assessed(self, error: Exception) -> None:
        self._assessing = None
        self.progress.emit(0, 0)
        self.failed.emit(None, error)

    # Answers, undo, units

    def answer(self, answer: Answer) -> None:
        """Let *answer* hold: a new record, and the models that depend on it run again."""
        if self.record is not None and answer.question == SAME_PERSON:
            self._settle_person(self.record.with_answer(answer).answers)
        elif self.record is not None:
            self._past.append(self.record)
            self._future.clear()
            self._take(self.record.with_answer(answer))

    def answer_all(self, answers: Sequence[Answer]) -> None:
        """Let several answers hold in one step, which one undo takes back."""
        record = self.record
        if record is not None and answers:
            self._past.append(record)
            self._future.clear()
            for answer in answers:
                record = record.with_answer(answer)
            self._take(record)

    def withdraw(self, answer: Answer) -> None:
        """Take *answer* back."""
        if self.record is not None and answer.question == SAME_PERSON:
            self._settle_person(self.record.without_answer(answer).answers)
        elif self.record is not None:
            self._past.append(self.record)
            self._future.clear()
            self._take(self.record.without_answer(answer))

    def undo(self) -> bool:
        """Go back by one answer; False where there is none."""
        return self._step(self._past, self._future)

    def redo(self) -> bool:
        """Take the last undo back; False where there is none."""
        return self._step(self._future, self._past)

    @property
    def can_undo(self) -> bool:
        """Whether an answer can be undone."""
        return bool(self._past)

    def _step(self, source: list[Record], target: list[Record]) -> bool:
        if not source or self.record is None:
            return False
        target.append(self.record)
        # A generation is never used twice: a late result of the state left must not fit this one.
        self._take(replace(source.pop(), generation=self.record.generation + 1))
        return True

    def _take(self, record: Record) -> None:
        self.record = record
        self.record_changed.emit()
        self.run()

    def set_units(self, units: UnitSystem) -> None:
        """Show values in "conventional" or "si" units; the record is not touched."""
        if units != self.units:
            self.units = units
            self.units_changed.emit()

    def switch_units(self) -> None:
        """Change to the other units."""
        self.set_units("si" if self.units == "conventional" else "conventional")

    def what_if(self, model: str, changes: Mapping[str, Any]) -> Finding:
        """Return the finding of *model* with other inputs; called from a job, it is slow."""
        if self.record is None:
            raise LookupError("no record is open")
        return self._services.what_if(self.record, model, changes)
