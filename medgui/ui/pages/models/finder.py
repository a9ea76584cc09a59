"""The field above the list of models: what is typed keeps the models that it finds."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListView

from medgui.i18n import _
from medgui.ui.theme import S8, S16, theme


class Finder(QLineEdit):
    """Down goes to the first model found."""

    def __init__(self, listed: QListView) -> None:
        super().__init__()
        self._list = listed
        theme.changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        self.setFont(theme.font())
        self.setTextMargins(S8 - 2, 0, 0, 0)
        self.setContentsMargins(S16, S8, S16, S8)
        self.setPlaceholderText(_("Find a model"))
        self.setAccessibleName(_("Find a model"))

    def reset(self) -> bool:
        """Take the text away; False where there was none."""
        found = bool(self.text())
        self.clear()
        return found

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the list by Down or Enter."""
        model = self._list.model()
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            rows = range(model.rowCount())
            first = next(
                (row for row in rows if model.flags(model.index(row, 0)) != Qt.ItemFlag.NoItemFlags), -1
            )
            if first >= 0:
                self._list.setCurrentIndex(model.index(first, 0))
                self._list.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Say it again in the new language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._dress()
        super().changeEvent(event)
