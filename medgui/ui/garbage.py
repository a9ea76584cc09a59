"""Keeps Python's garbage collector on the window's thread.

Qt objects in reference cycles must be destroyed on the thread that made them. The collector runs on whichever
thread happens to allocate, a worker reading a file too, and would destroy widgets there: a crash. So automatic
collection is turned off for good, and a timer of the window does it instead.
"""

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 1000
FIRST_MS = 5000
"""What a start makes is no garbage; to look at all of it takes as long as three models."""


class Garbage(QObject):
    """Collects as often as Python would, but only here."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.collect)
        QTimer.singleShot(FIRST_MS, self, self._timer.start)

    @staticmethod
    def collect() -> None:
        """Collect each generation whose threshold is passed, the oldest that is."""
        counts, limits = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if limits[generation] and counts[generation] > limits[generation]:
                gc.collect(generation)
                return
