"""The base of every page: head, messages, body, and what the window asks of it."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from medgui.ui.commands import Command
from medgui.ui.messages import MessageBar
from medgui.ui.shell import Place, Shell
from medgui.ui.theme import Role
from medgui.ui.widgets.panels import PageHead
from medgui.ui.widgets.text import Filled
from medgui.ui.words import Words


class Page(Filled):
    """Subclass it in `pages/<name>/`, build the body in `__init__`, and list it in `pages/__init__.py`."""

    key = ""
    later: Sequence[str] = ()
    """Modules that what is opened on this page needs, imported once the results are painted."""

    def __init__(self, shell: Shell, title: Words, buttons: Sequence[QWidget] = ()) -> None:
        super().__init__(Role.SURFACE)
        self.shell = shell
        self.head = PageHead(title, buttons)
        self.head.title.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.column.addWidget(self.head)
        self.column.addWidget(MessageBar(shell.messages))
        visit = shell.visit
        visit.leaving.connect(self.clear)
        visit.record_changed.connect(self.refresh)
        visit.assessment_changed.connect(self.refresh)
        visit.units_changed.connect(self.refresh)
        shell.layout_changed.connect(self.relayout)
        shell.commands.add(*self.page_commands())

    # For subclasses

    def clear(self) -> None:
        """Show nothing of the patient: called before another one comes. Must leave no text of the old one."""

    def refresh(self) -> None:
        """Show the record, the findings and the units in force."""

    def relayout(self) -> None:
        """Take `shell.layout` (width class, low window)."""
        self.head.set_low(self.shell.layout.low)

    def retranslate(self) -> None:
        """Say again what is not made of `Text`, `Button` and the like, which do it themselves."""

    def page_commands(self) -> Sequence[Command]:
        """Return the commands of this page; their `page` must be `key`."""
        return ()

    def places(self) -> Sequence[Place]:
        """Return what the palette can find on this page."""
        return ()

    def show_place(self, anchor: str) -> None:
        """Go to *anchor*, one of those in `places` or an action other pages may ask for."""

    def areas(self) -> Sequence[QWidget]:
        """Return the widgets that F6 goes through on this page; each takes the focus."""
        return ()

    def escape(self) -> bool:
        """Close what is open; False leaves Esc to the window (which cancels work)."""
        return False

    def unsaved(self) -> str:
        """Say what closing the window would lose; "" where nothing."""
        return ""

    def find(self) -> None:  # type: ignore[override]
        """Find on this page (Ctrl+F)."""

    def undo(self) -> bool:
        """Undo on this page (a what-if step); False leaves it to the record."""
        return False

    def redo(self) -> bool:
        """Redo on this page; False leaves it to the record."""
        return False

    # For the window

    def changeEvent(self, event: QEvent) -> None:
        """Pass a new language on."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
