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
        if self.holds_ours():
            QGuiApplication.clipboard().clear()

    @staticmethod
    def holds_ours() -> bool:
        """Whether the text in the clipboard was put there by this program."""
        clipboard = QGuiApplication.clipboard()
        return clipboard.ownsClipboard() and bool(clipboard.text())

    def _changed(self) -> None:
        if self.holds_ours():
            self._timer.start()
        else:
            self._timer.stop()
