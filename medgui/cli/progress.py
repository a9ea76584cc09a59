"""A progress bar on the error stream, only where a person looks at it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

from medgui.i18n import format_percent

WIDTH = 30
EVERY = 0.25
"""Seconds between two drawings (UI.md: at most four a second)."""


class Bar:
    """One line that is drawn over; silent where the error stream is no terminal."""

    def __init__(self) -> None:
        self.shown = sys.stderr.isatty()
        self._last = 0.0

    def update(self, done: float, total: float, note: str = "") -> None:
        """Draw `done` of `total`, at most four times a second."""
        now = time.monotonic()
        if not self.shown or (now - self._last < EVERY and done < total):
            return
        self._last = now
        share = min(done / total, 1.0) if total else 1.0
        filled = round(share * WIDTH)
        bar = "#" * filled + "-" * (WIDTH - filled)
        sys.stderr.write(f"\r[{bar}] {format_percent(share, 0)} {note}\x1b[K")
        sys.stderr.flush()

    def close(self) -> None:
        """Take the line away."""
        if self.shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def model_progress() -> Callable[[int, int, Any], None]:
    """Return a callback for `assess` that draws a bar over the models."""
    bar = Bar()

    def update(done: int, total: int, _finding: object) -> None:
        bar.update(done, total)
        if done >= total:
            bar.close()

    return update
