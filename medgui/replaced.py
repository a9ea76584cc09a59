"""Was the program replaced on the disk while it runs?

A packaged program reads its modules from its own executable when they are first imported, and tables, fonts and models
beside it when they are first needed. Where an administrator installs another version under an open window, what is
read from then on belongs to that version: seen are a decompression error at best, and rules of one version with
tables of the other at worst. So a packaged program remembers its executable at the start, and once that is another
file it imports nothing more and gives no result: the window says so and asks to be opened again.

The package touches the executable before it unpacks (packaging/linux/files/preinst), so that this is noticed before the
first file is exchanged.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from medgui.errors import UserError
from medgui.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

Identity = tuple[int, int, int, int]
_started: Identity | None = None


class ProgramReplaced(UserError):
    """The files of the program are of another version than this process, or gone."""

    exit_code = 5


def watch() -> None:
    """Remember the executable and guard every later import. Does nothing outside a packaged program."""
    global _started
    if getattr(sys, "frozen", False) and _started is None:
        _started = _identity()
        sys.meta_path.insert(0, _Gate())


def replaced() -> bool:
    """Tell whether the executable is another one than at the start."""
    return _started is not None and _identity() != _started


def check() -> None:
    """Raise `ProgramReplaced` where the executable is another one than at the start."""
    if replaced():
        raise ProgramReplaced(sentence())


def sentence() -> str:
    """What a user is told."""
    return _(
        "medgui was updated or removed meanwhile; this window gives no more results. Close it and open medgui again."
    )


def _identity() -> Identity:
    try:
        found = os.stat(sys.executable)
    except OSError:
        return (0, 0, 0, 0)
    return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size


class _Gate:
    """Stands first among the finders of modules and finds none."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> None:
        """Let the import go on where the files are still ours."""
        check()
