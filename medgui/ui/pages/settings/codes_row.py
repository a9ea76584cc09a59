"""The row of the Settings page for the clinic's map of codes: how many entries, and what can be done with them."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from medgui.code_map_file import CodeMapFile
from medgui.i18n import _
from medgui.ui.pages.codes import files, texts
from medgui.ui.shell import Shell
from medgui.ui.theme import S4, S8, Role, Type
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.text import Text


class CodesRow(QWidget):
    """Number of entries, Edit, Export, Import; under them what is wrong with the map."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self.count = Text("")
        self.note = Text("", Type.CAPTION, Role.CAUTION, wrap=True)
        self.note.hide()
        self.edit_button = Button(lambda: _("Edit…"), lambda: shell.go("codes", "entries"))
        self.export_button = Button(lambda: _("Export…"), lambda: files.ask_export(shell, self))
        self.import_button = Button(lambda: _("Import…"), lambda: shell.go("codes", "import"))
        line = QHBoxLayout()
        line.setSpacing(S8)
        for widget in (self.edit_button, self.export_button, self.import_button):
            line.addWidget(widget)
        line.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S4)
        column.addWidget(self.count)
        column.addLayout(line)
        column.addWidget(self.note)

    def refresh(self) -> None:
        """Count again, off the window's thread: the map may be read for the first time."""
        job = self._shell.tasks.job(lambda _token: self._shell.services.codes())
        job.on_done(self._show).run("storage")

    def _show(self, codes: CodeMapFile) -> None:
        number, notes = len(codes.code_map.entries), list(codes.notes)
        self.count.set_words(lambda: texts.entries_count(number))
        self.export_button.setEnabled(number > 0)
        self.note.set_words(texts.sentences(notes))
        self.note.setVisible(bool(notes))
