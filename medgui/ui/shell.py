"""What a page may touch: services, visit, messages, tasks, commands, the way to other pages, the layout.

A page is given one `Shell` and nothing else; it never asks for its parent or for the window.
"""

from enum import IntEnum

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from medgui.frozen import frozen
from medgui.ui.commands import Commands
from medgui.ui.messages import Messages
from medgui.ui.services import Services
from medgui.ui.tasks import Tasks
from medgui.ui.visit import Visit


class Width(IntEnum):
    """Width classes of UI.md, section 3; widths are divided by the text size before they are compared."""

    TINY = 0  # below 800
    NARROW = 800
    MEDIUM = 1024
    NORMAL = 1280
    WIDE = 1600

    @classmethod
    def of(cls, width: float) -> "Width":
        """Return the class of a logical width."""
        return max(step for step in cls if width >= step)


@frozen
class Layout:
    """Width class of the window, and whether it is lower than 700."""

    width: Width = Width.NORMAL
    low: bool = False


@frozen
class Place:
    """Something the palette can go to: a value, a finding, a model. *words* holds all languages to search."""

    title: str
    where: str
    page: str
    anchor: str
    words: str = ""


class Shell(QObject):
    """One for each window."""

    layout_changed = Signal()
    go_asked = Signal(str, str)
    open_asked = Signal()
    file_asked = Signal(object)
    """Open this `Path`."""
    close_asked = Signal()
    """Close the window, as its cross would."""
    models_changed = Signal(str)
    """A model was installed: its id."""
    did = Signal(str, str)
    """What the doctor has just done, and to which: "opened", "output", "what_if" and a model; "source" and an
    input; "report"; "language" and its code. Whoever leads through the program follows along."""
    tour_asked = Signal()

    def __init__(self, services: Services, window: QWidget) -> None:
        super().__init__(window)
        self.services = services
        self.tasks = Tasks(self)
        self.visit = Visit(services, self.tasks, self)
        self.messages = Messages(self)
        self.commands = Commands(window)
        self.layout = Layout()

    def go(self, page: str, anchor: str = "") -> None:
        """Show *page* at *anchor* (a model id, a variable, "question", "add"…; each page documents its own)."""
        self.go_asked.emit(page, anchor)

    def set_layout(self, layout: Layout) -> None:
        """Take the layout of the window's present size."""
        if layout != self.layout:
            self.layout = layout
            self.layout_changed.emit()
