"""A choice of one among a few, side by side in one frame."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from medgui.ui.theme import theme
from medgui.ui.words import Words, say


class Segmented(QFrame):
    """Checkable parts in one frame; Left and Right move between them.

    `chosen` is emitted with the key of a part when the user takes it, never by `choose`.
    """

    chosen = Signal(str)

    def __init__(self, name: Words = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._parts: dict[str, tuple[QToolButton, Words]] = {}
        self.setProperty("segments", True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(1, 1, 1, 1)
        self._row.setSpacing(0)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        theme.changed.connect(self._dress)
        self._dress()

    def set_parts(self, parts: Sequence[tuple[str, Words]], current: str | None = "") -> None:
        """Offer *parts* as (key, words); *current* is chosen, the first where empty, none where None."""
        for button, _words in self._parts.values():
            self._group.removeButton(button)
            self._row.removeWidget(button)
            button.deleteLater()
        self._parts = {}
        for number, (key, words) in enumerate(parts):
            button = QToolButton(self)
            button.setCheckable(True)
            button.setProperty("segment", True)
            button.setProperty("last", number == len(parts) - 1)
            button.clicked.connect(lambda _checked=False, key=key: self.chosen.emit(key))
            self._group.addButton(button)
            self._row.addWidget(button)
            self._parts[key] = (button, words)
        self._dress()
        if current is not None:
            self.choose(current or (parts[0][0] if parts else ""))

    def choose(self, key: str) -> None:
        """Mark the part *key* as chosen, silently."""
        if key in self._parts:
            self._parts[key][0].setChecked(True)

    def choose_none(self) -> None:
        """Mark no part, where the choice goes over several of these."""
        self._group.setExclusive(False)
        for button, _words in self._parts.values():
            button.setChecked(False)
        self._group.setExclusive(True)

    @property
    def current(self) -> str:
        """Key of the part that is chosen."""
        return next((key for key, (button, _words) in self._parts.items() if button.isChecked()), "")

    def step(self, by: int) -> None:
        """Take the part *by* places further, as Left and Right do; stops at the ends."""
        keys = list(self._parts)
        if not keys:
            return
        place = min(max(keys.index(self.current) + by, 0), len(keys) - 1)
        if keys[place] != self.current:
            self.choose(keys[place])
            self.chosen.emit(keys[place])

    @property
    def buttons(self) -> list[QWidget]:
        """All parts from left to right, for the order of the focus."""
        return [button for button, _words in self._parts.values()]

    def button(self, key: str) -> QToolButton:
        """Return the part *key*, for focus and tests."""
        return self._parts[key][0]

    def _dress(self) -> None:
        self.setAccessibleName(say(self._name))
        for button, words in self._parts.values():
            button.setFont(theme.font())
            button.setText(say(words).replace("&", "&&"))
            button.setAccessibleName(": ".join(part for part in (say(self._name), say(words)) if part))
            # Room for the bold face, so that choosing does not move the others.
            button.setMinimumWidth(button.fontMetrics().horizontalAdvance(say(words)) + 34)

    def changeEvent(self, event: QEvent) -> None:
        """Say it again in the new language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._dress()
        super().changeEvent(event)
