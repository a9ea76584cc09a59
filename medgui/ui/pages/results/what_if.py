"""What-if of one model: changed inputs, undo, and the result that follows. Nothing of it enters the record."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QTimer, Signal

from medgui.assessment.finding import Finding, InputUsed
from medgui.record.model import Record
from medgui.ui.tasks import Tasks

REST_MS = 150
Value = float | str | None
Run = Callable[[Record, str, Mapping[str, Value]], Finding]


class WhatIf(QObject):
    """Changes of inputs in canonical units. `changed` after each edit, `arrived` with the new finding.

    The result is asked for after 150 ms without another edit, off the window's thread; one that belongs to
    older changes or another record is dropped.
    """

    changed = Signal()
    arrived = Signal(object)
    failed = Signal(object)

    def __init__(
        self, record: Record, finding: Finding, run: Run, tasks: Tasks, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._record, self._run, self._tasks = record, run, tasks
        self.finding = finding
        self.changes: dict[str, Value] = {}
        self.result: Finding | None = None
        self._undo: list[dict[str, Value]] = []
        self._redo: list[dict[str, Value]] = []
        self._typing = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST_MS)
        self._timer.timeout.connect(self._ask)

    def input(self, name: str) -> InputUsed:
        """Return the input *name* as the file has it."""
        return next(i for i in self.finding.inputs if i.name == name)

    def value(self, name: str) -> Value:
        """Return what the input is now: changed, or as in the file."""
        return self.changes[name] if name in self.changes else self.input(name).value

    def set(self, name: str, value: Value, *, typing: bool = False) -> None:
        """Change one input; its own value takes the change back. *typing* makes the keys of one figure one step."""
        if value == self.value(name):
            return
        if not (typing and self._typing == name):
            self._undo.append(dict(self.changes))
        self._typing = name if typing else ""
        self._redo.clear()
        if value == self.input(name).value:
            self.changes.pop(name, None)
        else:
            self.changes[name] = value
        self._moved()

    def typed(self) -> None:
        """End a step of typing: what is typed next is another one."""
        self._typing = ""

    def undo(self) -> None:
        """Take the last step back."""
        self._typing = ""
        if self._undo:
            self._redo.append(self.changes)
            self.changes = self._undo.pop()
            self._moved()

    def redo(self) -> None:
        """Take a step that was taken back."""
        if self._redo:
            self._undo.append(self.changes)
            self.changes = self._redo.pop()
            self._moved()

    def reset(self) -> None:
        """Take all changes back, as one step."""
        if self.changes:
            self._undo.append(self.changes)
            self._redo.clear()
            self.changes = {}
            self._moved()

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._undo)

    def _moved(self) -> None:
        if self.changes:
            self._timer.start()
        else:
            self._timer.stop()
            self.result = None
        self.changed.emit()

    def _ask(self) -> None:
        changes = dict(self.changes)
        job = self._tasks.job(lambda _token: self._run(self._record, self.finding.model, changes))
        job.while_true(lambda: self.changes == changes)
        job.on_done(self._take).on_error(self.failed.emit).run()

    def _take(self, finding: Finding) -> None:
        self.result = finding
        self.arrived.emit(finding)
