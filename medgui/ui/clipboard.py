"""Clears what was copied here from the clipboard after 30 seconds (patient text stays nowhere)."""

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication

CLEAR_MS = 30_000


class ClipboardGuard(QObject):
    """Watches the clipboard; what another program put there is never touched."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(CLEAR_MS)
        self._timer.timeout.connect(self.clear)
        QGuiApplication.clipboard().dataChanged.connect(self._changed)

    @property
    def waiting(self) -> bool:
        """Whether something of ours lies in the clipboard."""
        return self._timer.isActive()

    def clear(self) -> None:
        """Empty the clipboard if what lies there is still ours."""
        self._timer.stop()
        clipboard = QGuiApplication.clipboard()
        if clipboard.ownsClipboard() and clipboard.text():
            clipboard.clear()

    def _changed(self) -> None:
        clipboard = QGuiApplication.clipboard()
        if clipboard.ownsClipboard() and clipboard.text():
            self._timer.start()
        else:
            self._timer.stop()
