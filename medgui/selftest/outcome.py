"""What a check found: a name, a state, one sentence; and the whole test as plain data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from medgui.frozen import frozen
from medgui.i18n import N_, _, pgettext

if TYPE_CHECKING:
    from medgui.inference.catalogue import Catalogue
    from medgui.installed import Build

SCHEMA = "medgui.selftest/1"


class State(StrEnum):
    """How a check ended. A note is no fault: something to know, as that no screen answers."""

    PASSED = "passed"
    NOTE = "note"
    FAILED = "failed"


ORDER = (State.PASSED, State.NOTE, State.FAILED)

TITLES: Mapping[str, str] = {
    "build": N_("Build"),
    "libraries": N_("Libraries"),
    "clock": N_("Clock"),
    "signatures": N_("Signatures"),
    "answers": N_("Golden answers"),
    "tables": N_("Tables"),
    "fonts": N_("Fonts"),
    "languages": N_("Languages"),
    "kernel": N_("Explanations"),
    "report": N_("PDF report"),
    "folders": N_("Folders and disk"),
    "screen": N_("Screen"),
    "workshop": N_("Workshop"),
    "computer": N_("Computer"),
    "visit": N_("Visit"),
    "network": N_("Network"),
}
"""Every check, in the order of the page."""


@frozen
class Check:
    """One subject. *details* is for programs: plain data, no patient in it."""

    name: str
    state: State
    sentence: str
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Its title in the language in force."""
        return _(TITLES[self.name])

    @property
    def word(self) -> str:
        """Its state in the language in force."""
        if self.state is State.PASSED:
            return pgettext("self-test", "passed")
        return _("note") if self.state is State.NOTE else _("FAILED")


@frozen
class Selftest:
    """The whole test. `visit` is what `--visit` did (docs/json_schema.md), empty without it."""

    build: Build
    checks: tuple[Check, ...]
    visit: Mapping[str, Any] = field(default_factory=dict)

    @property
    def state(self) -> State:
        """The worst state of any check."""
        return max((check.state for check in self.checks), key=ORDER.index, default=State.PASSED)


@frozen
class Surroundings:
    """What several checks look at. *catalogue* loads the bundles once; *quick* leaves out what takes seconds."""

    build: Build
    catalogue: Callable[[], Catalogue]
    quick: bool = False


def right(name: str, sentence: str, **details: Any) -> Check:
    """A check that found nothing wrong."""
    return Check(name, State.PASSED, sentence, details)


def note(name: str, sentence: str, **details: Any) -> Check:
    """A check that found something to know."""
    return Check(name, State.NOTE, sentence, details)


def wrong(name: str, sentence: str, **details: Any) -> Check:
    """A check that found a fault."""
    return Check(name, State.FAILED, sentence, details)
