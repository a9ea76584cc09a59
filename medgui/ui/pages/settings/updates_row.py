"""The row of the Settings page for updates: open one from a file, take the last one back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from medgui import __version__
from medgui.errors import MedguiError
from medgui.i18n import _
from medgui.ui import update_words
from medgui.ui.messages import Action
from medgui.ui.shapes import Mark
from medgui.ui.shell import Shell
from medgui.ui.theme import S4, S8
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.text import Text

if TYPE_CHECKING:
    from medgui.updates.desk import Done


class UpdatesRow(QWidget):
    """The version, "From a file…", "Take back…"."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self._kinds: Sequence[str] = ()
        self.version = Text(lambda: _("medgui {version}").format(version=__version__))
        self.open_button = Button(lambda: _("From a file…"), self._ask)
        self.back_button = Button(lambda: _("Take the last one back"), self._take_back)
        self.back_button.setEnabled(False)
        line = QHBoxLayout()
        line.setSpacing(S8)
        line.addWidget(self.open_button)
        line.addWidget(self.back_button)
        line.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S4)
        column.addWidget(self.version)
        column.addLayout(line)

    def refresh(self) -> None:
        """Ask what can be taken back."""
        updates = self._shell.services.updates
        self.open_button.setEnabled(updates is not None)
        if updates is not None:
            job = self._shell.tasks.job(lambda _token: updates.can_take_back())
            job.on_done(self._know).run("storage")

    def _know(self, kinds: Sequence[str]) -> None:
        self._kinds = kinds
        self.back_button.setEnabled(bool(kinds))

    def _ask(self) -> None:
        from PySide6.QtWidgets import QFileDialog

        kind = _("Updates of medgui (*.medgui-update)")
        name, _kind = QFileDialog.getOpenFileName(self, _("Open an update"), "", kind)
        if name:
            self._shell.file_asked.emit(Path(name))

    def _take_back(self) -> None:
        """Ask in the message bar first: the button alone changes nothing."""
        kind = next(iter(self._kinds), "")
        words = {
            "models": lambda: _("Go back to the models of before the last update?"),
            "program": lambda: _("Go back to the program of before the last update?"),
        }.get(kind)
        if words is not None:
            action = Action(lambda: _("Take it back"), lambda: self.take_back(kind))
            self._shell.messages.tell(Mark.CAUTION, words, action, topic="update")

    def take_back(self, kind: str) -> None:
        """Take the last update of *kind* back."""
        updates = self._shell.services.updates
        if updates is None:
            return
        self._shell.messages.forget("update")
        self.back_button.setEnabled(False)
        job = self._shell.tasks.job(lambda _token: updates.take_back(kind))
        job.on_done(self._taken_back).on_error(self._failed).run("storage")

    def _taken_back(self, done: Done) -> None:
        words = "; ".join(update_words.change_lines(done))
        self._shell.messages.tell(
            Mark.INFO, lambda: _("Taken back: {changes}").format(changes=words), topic="update"
        )
        update_words.follow(self._shell, done)
        self.refresh()

    def _failed(self, error: Exception) -> None:
        if isinstance(error, MedguiError):
            self._shell.messages.tell(Mark.CAUTION, str(error), topic="update")
        else:
            self._shell.tasks.unhandled(error)
        self.refresh()
