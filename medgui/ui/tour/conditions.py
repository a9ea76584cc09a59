"""When a step is done: each condition listens to a signal of a model or of the shell; nothing is polled."""

from collections.abc import Callable

from PySide6.QtCore import SignalInstance

from medgui.ui.shell import Shell

Then = Callable[[], object]


class Listener:
    """One connection that can be let go."""

    def __init__(self, signal: SignalInstance, slot: Callable[..., object]) -> None:
        self._signal, self._slot = signal, slot
        signal.connect(slot)

    def stop(self) -> None:
        """Listen no more."""
        self._signal.disconnect(self._slot)


Condition = Callable[[Shell, Then], Listener]
"""Begins to listen and calls *then* each time it holds."""


def did(what: str, which: str = "") -> Condition:
    """The doctor did *what* (`Shell.did`); to *which*, where that is named."""

    def listen(shell: Shell, then: Then) -> Listener:
        def slot(done: str, to: str) -> None:
            if done == what and (not which or to == which):
                then()

        return Listener(shell.did, slot)

    return listen


def answered() -> Condition:
    """A question that was open is open no more."""

    def listen(shell: Shell, then: Then) -> Listener:
        before = _open_questions(shell)

        def slot() -> None:
            if _open_questions(shell) < before:
                then()

        return Listener(shell.visit.record_changed, slot)

    return listen


def added(model: str) -> Condition:
    """The score *model* was asked for and stands among the findings."""

    def listen(shell: Shell, then: Then) -> Listener:
        def slot() -> None:
            found = shell.visit.assessment
            if found is not None and model in {finding.model for finding in found.findings}:
                then()

        return Listener(shell.visit.assessment_changed, slot)

    return listen


def went(page: str) -> Condition:
    """A link led to *page*."""

    def listen(shell: Shell, then: Then) -> Listener:
        def slot(key: str, _anchor: str) -> None:
            if key == page:
                then()

        return Listener(shell.go_asked, slot)

    return listen


def _open_questions(shell: Shell) -> int:
    record = shell.visit.record
    return len(record.open_questions) if record is not None else 0
