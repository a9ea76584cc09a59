"""F1: the keys of this place, as a sheet over the page; not a dialog."""

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QGridLayout, QWidget

from medgui import __version__
from medgui.i18n import N_, _
from medgui.ui.commands import Commands, key_text
from medgui.ui.theme import S12, S24, Role, Type, theme
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.field import beside
from medgui.ui.widgets.sheet import Sheet
from medgui.ui.widgets.text import Filled, Text

PAGE_KEYS = (
    ("Up / Down / Home / End", N_("Row")),
    ("Enter", N_("Open the row alone")),
    ("Shift+Enter", N_("Open the row and keep others open")),
    ("Left / Right", N_("Output of the open finding")),
    ("Esc", N_("Close the detail, then stop work")),
)


class HelpPanel(Sheet):
    """Lists every key; closed by Esc, F1 or its button."""

    def __init__(self, window: QWidget, commands: Commands) -> None:
        super().__init__(window, _("Keys"), _list(commands), window.focusWidget())
        self.setObjectName("help")
        self.setAccessibleName(_("Help with keys"))
        tour = Button(lambda: _("Five-minute tour"), lambda: self._run(commands, "tour"))
        self.about_button = Button(lambda: _("About medgui"), lambda: self._run(commands, "about"))
        guide = Button(lambda: _("User guide"), lambda: self._run(commands, "guide"))
        self.column.addWidget(beside(guide, tour, self.about_button, spacing=S12))
        about = _("medgui {version}. Decision support, not a diagnosis. Nothing leaves this PC.")
        self.column.addWidget(Text(about.format(version=__version__), Type.CAPTION, Role.MUTED, wrap=True))

    def _run(self, commands: Commands, command: str) -> None:
        self.leave()
        commands.trigger(command)

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
        panel.appear()


def _list(commands: Commands) -> QWidget:
    host = Filled(Role.RAISED)
    grid = QGridLayout(host)
    grid.setContentsMargins(0, 0, S12, 0)
    grid.setHorizontalSpacing(S24)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(1, 1)
    rows = [
        (" / ".join(key_text(key) for key in command.keys), command.words)
        for command in commands.listed()
        if command.keys
    ]
    rows += [(keys, _(words)) for keys, words in PAGE_KEYS]
    for number, (keys, words) in enumerate(rows):
        grid.addWidget(Text(keys, Type.BODY, Role.MUTED), number, 0)
        grid.addWidget(Text(words, wrap=True), number, 1)
    return host
