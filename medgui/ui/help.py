"""F1: the keys of this place, as a sheet over the page; not a dialog."""

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from medgui import __version__
from medgui.i18n import N_, _
from medgui.ui.commands import Commands, key_text
from medgui.ui.theme import S8, S12, S16, S24, Role, Type, theme
from medgui.ui.widgets.button import CloseButton
from medgui.ui.widgets.text import Filled, Rule, Text, focus_again

PAGE_KEYS = (
    ("Up / Down / Home / End", N_("Row")),
    ("Enter", N_("Open the row alone")),
    ("Shift+Enter", N_("Open the row and keep others open")),
    ("Left / Right", N_("Output of the open finding")),
    ("Esc", N_("Close the detail, then stop work")),
)


class HelpPanel(QFrame):
    """Lists every key; closed by Esc, F1 or its button."""

    def __init__(self, window: QWidget, commands: Commands) -> None:
        super().__init__(window)
        self.setObjectName("help")
        self.setProperty("raised", True)
        self.setAccessibleName(_("Help with keys"))
        self._commands = commands
        self._back = window.focusWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(S24, S16, S8, S16)
        column.setSpacing(S8)
        head = QHBoxLayout()
        head.addWidget(Text(lambda: _("Keys"), Type.SECTION))
        head.addStretch(1)
        self.close_button = CloseButton(lambda: _("Close"))
        self.close_button.clicked.connect(self.leave)
        head.addWidget(self.close_button)
        column.addLayout(head)
        column.addWidget(Rule())
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(self._list())
        column.addWidget(area, 1)
        about = _("medgui {version}. Decision support, not a diagnosis. Nothing leaves this PC.")
        column.addWidget(Text(about.format(version=__version__), Type.CAPTION, Role.MUTED, wrap=True))

    def _list(self) -> QWidget:
        host = Filled(Role.RAISED)
        grid = QGridLayout(host)
        grid.setContentsMargins(0, 0, S12, 0)
        grid.setHorizontalSpacing(S24)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        rows = [
            (" / ".join(key_text(key) for key in command.keys), command.words)
            for command in self._commands.listed()
            if command.keys
        ]
        rows += [(keys, _(words)) for keys, words in PAGE_KEYS]
        for number, (keys, words) in enumerate(rows):
            grid.addWidget(Text(keys, Type.BODY, Role.MUTED), number, 0)
            grid.addWidget(Text(words, wrap=True), number, 1)
        return host

    def leave(self) -> None:
        """Close, and put the focus back where it was."""
        self.hide()
        focus_again(self._back)
        self.setObjectName("")
        self.deleteLater()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close by Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """A language change closes the sheet: its list is made when it opens."""
        if event.type() == QEvent.Type.LanguageChange and self.isVisible():
            self.leave()
        super().changeEvent(event)

    @classmethod
    def open_in(cls, window: QWidget, commands: Commands) -> None:
        """Open the sheet over *window*, or close it where it is open."""
        if cls.close_in(window):
            return
        panel = cls(window, commands)
        width = min(theme.px(560), window.width() - 32)
        height = min(theme.px(620), window.height() - 48)
        panel.resize(width, height)
        panel.move(QPoint((window.width() - width) // 2, max(16, (window.height() - height) // 2)))
        panel.show()
        panel.raise_()
        panel.close_button.setFocus()

    @classmethod
    def close_in(cls, window: QWidget) -> bool:
        """Close the sheet of *window*; False where none is open."""
        for panel in window.findChildren(cls):
            if panel.isVisible():
                panel.leave()
                return True
        return False
