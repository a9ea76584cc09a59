"""While a model is trained: the stage, a bar, Cancel."""

import time

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from medgui.i18n import _, format_percent
from medgui.ui.theme import S8, S16, S24, S32, Role, Type, theme
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.field import beside
from medgui.ui.widgets.text import Text


class Bar(QWidget):
    """A share of the whole from 0 to 1."""

    def __init__(self) -> None:
        super().__init__()
        self.share = 0.0
        self.setFixedHeight(theme.px(6))

    def set_share(self, share: float) -> None:
        """Show another share."""
        self.share = min(max(share, 0.0), 1.0)
        self.setAccessibleName(format_percent(self.share, 0))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint track and share."""
        painter, rect = QPainter(self), QRectF(self.rect())
        painter.fillRect(rect, theme.color(Role.BORDER))
        painter.fillRect(QRectF(0, 0, rect.width() * self.share, rect.height()), theme.color(Role.ACCENT))


class TrainingView(QWidget):
    """`cancel` is clicked to stop; nothing is kept then."""

    def __init__(self) -> None:
        super().__init__()
        self.stage = Text("", Type.SECTION, wrap=True)
        self._told = 0.0
        self.bar = Bar()
        self.cancel = Button(lambda: _("Cancel"), key="Esc")
        note = lambda: _(  # noqa: E731
            "Kinds of models are compared on people that they did not see. You can go on working; "
            "the table does not leave this computer."
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(S24, S32, S24, S32)
        column.setSpacing(S16)
        column.addWidget(self.stage)
        column.addWidget(self.bar)
        column.addWidget(Text(note, role=Role.MUTED, wrap=True))
        column.addWidget(beside(self.cancel, spacing=S8))
        column.addStretch(1)
        column.setAlignment(Qt.AlignmentFlag.AlignTop)

    def show_progress(self, done: float, total: float, stage: str) -> None:
        """Show how far it is, at most four times a second within a stage."""
        now = time.monotonic()
        if stage == self.stage.text() and now - self._told < 0.25:
            return
        self._told = now
        self.stage.set_words(stage)
        self.bar.set_share(done / total if total else 0.0)
