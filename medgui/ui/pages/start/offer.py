"""The tour on the start page: offered once, on the very first start; afterwards a quiet button at the head."""

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from medgui.errors import MedguiError
from medgui.i18n import _
from medgui.ui.pages.start.lists import headed
from medgui.ui.shell import Shell
from medgui.ui.theme import S8, S12
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.text import Text


class TourOffer(QWidget):
    """A section among the others, no pop-up. Shown once is offered: the next start does not offer it again.

    *button* stands at the head of the page where the offer does not.
    """

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self.button = Button(lambda: _("Five-minute tour"), shell.tour_asked.emit, kind="quiet")
        self.start = Button(lambda: _("Start the tour"), shell.tour_asked.emit)
        self.later = Button(lambda: _("Not now"), self._put_off, kind="quiet")
        outer, inner = headed(lambda: _("Five-minute tour"), lambda: _("with a demonstration patient"))
        text = Text(
            lambda: _(
                "Nine steps in this window: answer a question, see a result and its reasons, make the PDF. "
                "Nothing of it is kept."
            ),
            wrap=True,
        )
        row = QHBoxLayout()
        row.setSpacing(S8)
        row.addWidget(self.start)
        row.addWidget(self.later)
        row.addStretch(1)
        words = QVBoxLayout()
        words.setContentsMargins(0, S12, 0, 0)
        words.setSpacing(S12)
        words.addWidget(text)
        words.addLayout(row)
        inner.addLayout(words)
        self.setLayout(outer)
        self._offered = shell.services.settings.tour == "new"

    def set_far(self, *, far: bool) -> None:
        """Show the button beside the offer too where that stands *far* down the page.

        Called once both have their place on the page: shown before, they would be windows of their own.
        """
        self.setVisible(self._offered)
        self.button.setVisible(far or not self._offered)

    def _put_off(self) -> None:
        self._offered = False
        self.set_far(far=False)
        self.button.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """Remember, after the first paint, that the offer was made."""
        super().showEvent(event)
        QTimer.singleShot(0, self, self._remember)

    def _remember(self) -> None:
        settings = self._shell.services.settings
        if settings.tour != "new":
            return
        settings.tour = "offered"
        try:
            settings.save()
        except MedguiError:
            return  # then it is offered once more; the first start is no time for a message about a folder
