"""Commands: what can be done, under which key. One table for keys, palette and help.

A key belongs to one QShortcut of the window; when pressed, the page on the screen is asked first, then the
window. One-letter keys never reach a command while a field has the focus, and can be turned off.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from medgui.frozen import frozen
from medgui.i18n import _


@frozen
class Command:
    """One command. *title* is a msgid (N_); *page* the page it belongs to, or "" for the whole window.

    *keys* are in Qt's portable form; the first is shown. *listed* commands stand in palette and help.
    """

    id: str
    title: str
    run: Callable[[], object]
    keys: tuple[str, ...] = ()
    page: str = ""
    enabled: Callable[[], bool] = lambda: True
    listed: bool = True

    @property
    def words(self) -> str:
        """Title in the language in force."""
        return _(self.title)

    @property
    def single(self) -> bool:
        """Whether its key is one letter or digit alone."""
        return bool(self.keys) and len(self.keys[0]) == 1


def key_text(key: str) -> str:
    """Write a key as it is printed beside a button ("Ctrl+K")."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)


class Commands(QObject):
    """All commands of a window, and the shortcuts that call them."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._commands: dict[str, Command] = {}
        self._shortcuts: dict[str, QShortcut] = {}
        self._page = ""
        self._single = True

    def add(self, *commands: Command) -> None:
        """Take commands in and bind their keys; an id taken twice is replaced."""
        for command in commands:
            self._commands[command.id] = command
            for key in command.keys:
                self._bind(key)
        self._refresh()

    def set_page(self, page: str) -> None:
        """Say which page is on the screen."""
        self._page = page
        self._refresh()

    def set_single_keys(self, on: bool) -> None:
        """Turn one-letter keys on or off (WCAG 2.1.4)."""
        self._single = on
        self._refresh()

    def listed(self) -> list[Command]:
        """Return what palette and help show: the commands of this page first, then those of the window."""
        here = [c for c in self._commands.values() if c.listed and c.page == self._page and c.page]
        rest = [c for c in self._commands.values() if c.listed and not c.page]
        return here + rest

    def command(self, id_: str) -> Command:
        """Return one command by its id."""
        return self._commands[id_]

    def trigger(self, id_: str) -> None:
        """Run a command if it can run now."""
        command = self._commands[id_]
        if command.enabled():
            command.run()

    def _bind(self, key: str) -> None:
        if key in self._shortcuts:
            return
        shortcut = QShortcut(QKeySequence(key), self._window)
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        shortcut.activated.connect(lambda: self._pressed(key))
        self._shortcuts[key] = shortcut

    def _owner(self, key: str) -> Command | None:
        having = [c for c in self._commands.values() if key in c.keys and (not c.single or self._single)]
        of_page = [c for c in having if c.page and c.page == self._page]
        of_window = [c for c in having if not c.page]
        return next(iter(of_page + of_window), None)

    def _pressed(self, key: str) -> None:
        command = self._owner(key)
        if command is not None and command.enabled():
            command.run()

    def _refresh(self) -> None:
        """A key without an owner on this page stays free for the widget that has the focus."""
        for key, shortcut in self._shortcuts.items():
            shortcut.setEnabled(self._owner(key) is not None)
