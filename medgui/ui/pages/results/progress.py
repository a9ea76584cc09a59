"""How far the run of the models is, shown only when it takes longer than a fifth of a second."""

from PySide6.QtCore import QElapsedTimer, QRectF, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from medgui.i18n import _
from medgui.ui.shell import Shell
from medgui.ui.theme import S12, S24, Role, theme
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.text import Text

AFTER_MS = 200
EVERY_MS = 250


class ProgressStrip(QWidget):
    """Words, bar, Cancel. The bar moves at most four times a second."""

    def __init__(self, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._done, self._total = 0, 0
        self.words = Text("", bold=True)
        cancel = Button(lambda: _("Cancel"), shell.visit.cancel, key="Esc")
        row = QHBoxLayout(self)
        row.setContentsMargins(S24, 6, S24, 8)
        row.setSpacing(S12)
        row.addWidget(self.words)
        row.addStretch(1)
        row.addWidget(cancel)
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(AFTER_MS)
        self._late.timeout.connect(lambda: self.setVisible(bool(self._total)))
        self._moved = QElapsedTimer()
        shell.visit.progress.connect(self.show_progress)
        self.hide()

    def show_progress(self, done: int, total: int) -> None:
        """Show *done* of *total*; (0, 0) when nothing runs."""
        starting = not self._total and total
        self._done, self._total = done, total
        if not total:
            self._late.stop()
            self.hide()
            return
        if starting:
            self._late.start()
            self._moved.start()
        if starting or self._moved.elapsed() >= EVERY_MS:
            self._moved.restart()
            sentence = _("Assessing, {done} of {total} models").format(done=done, total=total)
            self.words.set_words(sentence)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bar along the lower edge."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color(Role.SURFACE))
        track = QRectF(S24, self.height() - 4, self.width() - 2 * S24, 3)
        painter.fillRect(track, theme.color(Role.BORDER))
        share = self._done / self._total if self._total else 0.0
        painter.fillRect(
            QRectF(track.left(), track.top(), track.width() * share, 3), theme.color(Role.ACCENT)
        )
