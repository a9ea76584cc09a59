"""The calm line on the Record page: some values have codes of the laboratory that nobody has named yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout

from medgui.i18n import _
from medgui.ui.shapes import Mark
from medgui.ui.shell import Shell
from medgui.ui.theme import S8, S12, S16, theme
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.chip import MarkIcon
from medgui.ui.widgets.text import Text

if TYPE_CHECKING:
    from medgui.record.model import Record


class UnnamedCodes(QFrame):
    """Counts the values in the background; takes no room where there is none."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self._record: Record | None = None
        self.setProperty("level", "info")
        self.words = Text("", wrap=True)
        self.button = Button(lambda: _("Name these codes…"), lambda: shell.go("codes", "names"))
        row = QHBoxLayout(self)
        row.setContentsMargins(S16, 4, S12, 4)
        row.setSpacing(S12)
        row.addWidget(MarkIcon(Mark.INFO))
        row.addWidget(self.words, 1)
        row.addSpacing(S8)
        row.addWidget(self.button)
        shell.visit.leaving.connect(self.clear)
        shell.visit.record_changed.connect(self.refresh)
        theme.changed.connect(self._dress)
        self._dress()
        self.clear()
        self.refresh()

    def _dress(self) -> None:
        self.setMinimumHeight(theme.height("message"))

    def clear(self) -> None:
        """Leave nothing of the patient."""
        self._record = None
        self.words.set_words("")
        self.hide()

    def refresh(self) -> None:
        """Count again where the record has changed."""
        record, services = self._shell.visit.record, self._shell.services
        if record is None or record is self._record:
            return
        self._record = record

        def work(_token: object) -> tuple[int, list[str]]:
            from medgui.record.code_proposals import unnamed

            codes = services.codes()
            return sum(map(len, unnamed(record, codes.code_map).values())), list(codes.notes)

        job = self._shell.tasks.job(work).on_done(lambda counted: self._show(*counted))
        job.while_true(lambda: self._shell.visit.record is record).run()

    def _show(self, count: int, notes: list[str]) -> None:
        from medgui.ui.pages.codes.texts import unnamed_text

        self.words.set_words(lambda: unnamed_text(count))
        self.setVisible(count > 0)
        for note in notes:
            self._shell.messages.tell(Mark.CAUTION, note, topic=f"code map: {note}")
