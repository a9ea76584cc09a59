"""What the sheet of an update and the settings say of it, and what follows when it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from medgui.i18n import _, format_number
from medgui.ui.messages import Action
from medgui.ui.shapes import Mark
from medgui.ui.theme import S8, Role
from medgui.ui.widgets.chip import MarkIcon
from medgui.ui.widgets.text import Text

if TYPE_CHECKING:
    from medgui.ui.shell import Shell
    from medgui.updates.desk import Change, Done

SMALL = 1_000_000


def marked(mark: Mark, words: str) -> QWidget:
    """A sentence with the shape of its level."""
    host = QWidget()
    row = QHBoxLayout(host)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(S8)
    row.addWidget(MarkIcon(mark, 14), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(Text(words, wrap=True), 1)
    return host


def item(words: str) -> QWidget:
    """One line of a list."""
    host = QWidget()
    row = QHBoxLayout(host)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(S8)
    row.addWidget(Text("•", role=Role.MUTED, select=False), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(Text(words, wrap=True), 1)
    return host


def size_words(size: int) -> str:
    """Say a size in megabytes, a small one in kilobytes: no update is "0.0 MB"."""
    if size < SMALL:
        return _("{kb} kB").format(kb=format_number(max(1, size / 1e3), 0))
    return _("{mb} MB").format(mb=format_number(size / 1e6, 1))


def change_line(change: Change) -> str:
    """Say what gets which version."""
    if not change.before:
        return _("{name}: {after} (new)").format(name=change.id, after=change.after)
    if not change.after:
        return _("{name}: {before} (goes)").format(name=change.id, before=change.before)
    return _("{name}: {before} → {after}").format(name=change.id, before=change.before, after=change.after)


def change_lines(done: Done) -> tuple[str, ...]:
    """Say each version that changed."""
    return tuple(change_line(each) for each in done.changes)


def done_words(done: Done) -> str:
    """Say what was done and when it counts."""
    if done.words:
        return done.words
    if done.effect == "now":
        return _("The models are in force now. The patient on the screen is run again.")
    return _("Installed. It takes effect when medgui is closed and opened again; do that soon.")


def follow(shell: Shell, done: Done) -> None:
    """Let the window take notice: the catalogue is read again, and the patient on the screen is run again."""
    if done.kind == "models":
        shell.models_changed.emit(next((each.id for each in done.changes if each.after), ""))
        shell.visit.run(fresh=True)
        return
    close = Action(lambda: _("Close medgui"), shell.close_asked.emit) if done.effect == "restart" else None
    shell.messages.tell(Mark.CAUTION, lambda: done_words(done), close, topic="update")
