"""Background work: one small builder, two pools, results delivered on the window's thread.

    tasks.job(lambda token: services.assess(record, cancel=token.is_cancelled))
        .with_progress(self._show_progress)
        .on_done(self._show)
        .while_true(lambda: visit.record is record)
        .run()

The work gets a `Token` and plain data, never widgets. Nothing is delivered once the token is cancelled or the
`while_true` condition no longer holds: a result never lands on another patient. An error without `on_error`
goes to the runner's own handler, so that none is lost.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from PySide6.QtCore import QObject, Qt, QThread, Signal

from medgui import replaced
from medgui.errors import Cancelled
from medgui.ui.garbage import Garbage

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

log = logging.getLogger(__name__)
Work = Callable[["Token"], Any]


class Token:
    """Cancels one job, and carries its progress to the window's thread."""

    def __init__(self, report: Callable[..., None]) -> None:
        self._cancelled = threading.Event()
        self._report = report

    def cancel(self) -> None:
        """Ask the work to stop; nothing of it is delivered any more."""
        self._cancelled.set()

    def is_cancelled(self) -> bool:
        """Whether the work was asked to stop; polled between models."""
        return self._cancelled.is_set()

    def report(self, *values: object) -> None:
        """Send progress; called by the work, received by `with_progress` on the window's thread."""
        self._report(*values)


class Job:
    """One piece of work and what follows from it."""

    def __init__(self, runner: Tasks, work: Work) -> None:
        self._runner, self._work = runner, work
        self._done: Callable[[Any], object] | None = None
        self._error: Callable[[Exception], object] | None = None
        self._progress: Callable[..., object] | None = None
        self._condition: Callable[[], bool] | None = None
        self.token = Token(lambda *values: runner.send(lambda: self._tell(values)))

    def on_done(self, action: Callable[[Any], object]) -> Job:
        """Give the result to *action*."""
        self._done = action
        return self

    def on_error(self, action: Callable[[Exception], object]) -> Job:
        """Give an exception to *action* instead of the runner's handler."""
        self._error = action
        return self

    def with_progress(self, action: Callable[..., object]) -> Job:
        """Give what the work reports to *action*."""
        self._progress = action
        return self

    def while_true(self, condition: Callable[[], bool]) -> Job:
        """Deliver only while *condition* holds at the moment of delivery."""
        self._condition = condition
        return self

    def run(self, pool: str = "inference") -> Token:
        """Start the work in the pool "inference" or "storage" (one thread, in order)."""
        if self._runner.closed:
            self.token.cancel()
            return self.token
        self._runner.running.add(self.token)
        future = self._runner.pool(pool).submit(self._sound, self.token)
        future.add_done_callback(lambda finished: self._runner.send(lambda: self._finish(finished)))
        return self.token

    def _sound(self, token: Token) -> Any:
        """Do the work; nothing is delivered that was made while the program was replaced on the disk."""
        replaced.check()
        result = self._work(token)
        replaced.check()
        return result

    def _wanted(self) -> bool:
        return not self.token.is_cancelled() and (self._condition is None or self._condition())

    def _tell(self, values: tuple[object, ...]) -> None:
        if self._progress is not None and self._wanted():
            self._progress(*values)

    def _finish(self, future: Future[Any]) -> None:
        if future.cancelled() or not self._wanted():
            return
        error = future.exception()
        if error is None:
            if self._done is not None:
                self._done(future.result())
        elif isinstance(error, Cancelled):
            log.info("a job was stopped by the user")
        elif isinstance(error, Exception):
            (self._error or self._runner.unhandled)(error)


class Tasks(QObject):
    """Runs jobs. `unhandled` receives errors that no job took; the window puts its own in place."""

    _sent = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pools: dict[str, ThreadPoolExecutor] = {}
        self.closed = False
        self.running: WeakSet[Token] = WeakSet()
        self._garbage = Garbage(self)
        self.unhandled: Callable[[Exception], object] = self._log
        self._sent.connect(self._receive, Qt.ConnectionType.QueuedConnection)

    def job(self, work: Work) -> Job:
        """Begin to describe a piece of work."""
        return Job(self, work)

    def pool(self, name: str) -> ThreadPoolExecutor:
        """Return the pool, made on first use."""
        from concurrent.futures import ThreadPoolExecutor

        if name not in self._pools:
            self._pools[name] = ThreadPoolExecutor(max_workers=1 if name == "storage" else 2)
        return self._pools[name]

    def send(self, action: Callable[[], object]) -> None:
        """Run *action* on the window's thread, soon."""
        self._sent.emit(action)

    def close(self, *, wait: bool = False) -> None:
        """Take no more work and ask what runs to stop; *wait* for it: before Qt itself goes, it must have ended."""
        self.closed = True
        for token in self.running:
            token.cancel()
        for pool in self._pools.values():
            pool.shutdown(wait=wait, cancel_futures=True)

    def _receive(self, action: Callable[[], object]) -> None:
        if QThread.currentThread() != self.thread():
            raise RuntimeError("results are delivered on the window's thread only")
        action()

    @staticmethod
    def _log(error: Exception) -> None:
        log.error("background work failed: %s", type(error).__name__)
