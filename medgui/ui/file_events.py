"""Files that macOS hands to the program: a double click in Finder comes as an event, not as an argument."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtGui import QFileOpenEvent


class FileEvents(QObject):
    """Gathers the files of one request and opens them together, as a drop on the window does.

    Finder sends one event a file; those of one selection arrive before the next turn of the event loop. The
    application, which Qt sends them to, owns this object.
    """

    def __init__(self, application: QCoreApplication, open_files: Callable[[Sequence[Path]], object]) -> None:
        super().__init__(application)
        self._open_files = open_files
        self._waiting: list[Path] = []
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the requests that name a file of this computer; an address of the network is left alone."""
        if event.type() == QEvent.Type.FileOpen and isinstance(event, QFileOpenEvent):
            if event.file():
                if not self._waiting:
                    QTimer.singleShot(0, self, self._open)
                self._waiting.append(Path(event.file()))
            return True
        return super().eventFilter(watched, event)

    def _open(self) -> None:
        paths, self._waiting = self._waiting, []
        self._open_files(paths)
