"""An update file, looked at before anything is installed: a sheet over the page, never a dialog.

What it is, from whom, which versions come, what changes; "Install" or "Not now". Nothing is installed while work would
be lost, and nothing without the button. Afterwards the patient stays open and the models run again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QEvent, QRectF, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from medgui.errors import MedguiError
from medgui.i18n import _, format_date, format_percent
from medgui.ui import update_words
from medgui.ui.shapes import Mark
from medgui.ui.shell import Shell
from medgui.ui.theme import S4, S8, S12, S16, Role, Type, theme
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.panels import Pairs
from medgui.ui.widgets.sheet import Sheet
from medgui.ui.widgets.text import Filled, Rule, Text, clear_layout

if TYPE_CHECKING:
    from medgui.updates.desk import Done, Offer

EVERY_MS = 250


class Bar(QWidget):
    """How far the work is; moves at most four times a second."""

    def __init__(self) -> None:
        super().__init__()
        self.share = 0.0
        self._moved = QElapsedTimer()
        self._moved.start()
        self.setFixedHeight(theme.px(4))
        self.setAccessibleName(_("Progress"))

    def move_to(self, share: float) -> None:
        """Show *share* of the whole."""
        if self._moved.elapsed() >= EVERY_MS or share >= 1:
            self._moved.restart()
            self.share = share
            self.setAccessibleDescription(format_percent(share, 0))
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint track and bar."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color(Role.BORDER))
        width = self.width() * min(1.0, max(0.0, self.share))
        painter.fillRect(QRectF(0, 0, width, self.height()), theme.color(Role.ACCENT))


class UpdateSheet(Sheet):
    """Looks at one file from the moment it is opened; the copy of it goes with the sheet."""

    def __init__(self, window: QWidget, shell: Shell, path: Path, lost: Callable[[], str]) -> None:
        self.body = Filled(Role.RAISED)
        self.inner = QVBoxLayout(self.body)
        self.inner.setContentsMargins(0, S4, S16, S4)
        self.inner.setSpacing(S12)
        super().__init__(window, lambda: _("Update"), self.body, window.focusWidget())
        self._shell, self._path, self._lost = shell, path, lost
        self._gone = self.installing = False
        self.offer: Offer | None = None
        self.column.addWidget(Rule())
        self.foot = QHBoxLayout()
        self.foot.setContentsMargins(0, S4, S16, 0)
        self.foot.setSpacing(S8)
        self.column.addLayout(self.foot)
        self.install_button: Button | None = None

    @classmethod
    def open_in(cls, window: QWidget, shell: Shell, path: Path, lost: Callable[[], str]) -> None:
        """Open the sheet on *path*; one that is open gives way, unless it installs."""
        for old in window.findChildren(cls):
            if old.installing:
                return
            old.leave()
        sheet = cls(window, shell, path, lost)
        width = min(theme.px(620), window.width() - 2 * S16)
        height = min(theme.px(520), window.height() - 48)
        sheet.setGeometry(
            (window.width() - width) // 2, max(16, (window.height() - height) // 2), width, height
        )
        sheet.appear()
        sheet.look()

    # What is shown

    def look(self) -> None:
        """Copy and check the file, off the window's thread."""
        updates, path = self._shell.services.updates, self._path
        if updates is None:
            self._say(Mark.REFUSED, _("Updates are not possible here."))
            return
        bar = self._busy(_("The update is copied from the stick and checked…"))
        job = self._shell.tasks.job(lambda token: updates.look_at(path, token.report))
        job = job.with_progress(bar.move_to).on_error(self._not_read).on_done(self._looked)
        job.run("storage")

    def _looked(self, offer: Offer) -> None:
        if self._gone:
            offer.close()
            return
        self.offer = offer
        self._fill()

    def _not_read(self, error: Exception) -> None:
        if not self._gone:
            self._say(Mark.REFUSED, self._words_of(error))

    def _words_of(self, error: Exception) -> str:
        if isinstance(error, MedguiError):
            return str(error)
        self._shell.tasks.unhandled(error)
        return _("The update could not be installed because of a fault of medgui’s own.")

    def _fill(self) -> None:
        offer = self.offer
        if offer is None:
            return
        self._empty()
        self.inner.addWidget(Text(offer.title, Type.SECTION, wrap=True))
        refused = offer.refused
        if refused:
            self.inner.addWidget(update_words.marked(Mark.REFUSED, refused))
        pairs = Pairs(132)
        pairs.add(_("Signed by"), offer.signer)
        pairs.add(_("Made on"), format_date(date.fromisoformat(offer.update.created)))
        pairs.add(_("Size"), update_words.size_words(offer.update.size))
        if offer.changes:
            pairs.add(_("Versions"), "\n".join(update_words.change_line(each) for each in offer.changes))
        self.inner.addWidget(pairs)
        self.inner.addWidget(Text(_("What changes"), bold=True))
        for line in offer.words:
            self.inner.addWidget(update_words.item(line))
        for line in offer.notes:
            self.inner.addWidget(update_words.marked(Mark.CAUTION, line))
        if offer.received.key.kind == "development":
            words = _("Development build: this update is signed with the public development key.")
            self.inner.addWidget(update_words.marked(Mark.CAUTION, words))
        self.inner.addStretch(1)
        self._offer_buttons(bool(refused))

    def _offer_buttons(self, refused: bool) -> None:
        lost = "" if refused else self._in_the_way()
        if lost:
            self.inner.insertWidget(1, update_words.marked(Mark.CAUTION, lost))
        self.foot.addStretch(1)
        self.foot.addWidget(Button(_("Close") if refused else _("Not now"), self.leave))
        if not refused:
            self.install_button = Button(_("Install"), self.install, kind="primary")
            self.install_button.setEnabled(not lost)
            self.foot.addWidget(self.install_button)
        self._fit_soon()

    def _in_the_way(self) -> str:
        """What has to be finished before something is installed."""
        lost = self._lost()
        record = self._shell.visit.record
        program = self.offer is not None and self.offer.update.kind == "program"
        if not lost and program and record is not None and record.answers:
            lost = _("Answers were given for the patient on the screen.")
        return _("{lost} Finish that first, then open the update again.").format(lost=lost) if lost else ""

    # Installing

    def install(self) -> None:
        """Install what is shown; nothing stops it half-way, so the sheet stays."""
        offer, updates = self.offer, self._shell.services.updates
        if offer is None or updates is None or self.installing:
            return
        if self._in_the_way():
            self._fill()
            return
        self.installing = True
        self.close_button.setEnabled(False)
        bar = self._busy(_("The update is installed and tested. Leave the computer on…"))
        job = self._shell.tasks.job(lambda token: updates.install(offer, token.report))
        job.with_progress(bar.move_to).on_done(self._installed).on_error(self._not_installed).run("storage")

    def _installed(self, done: Done) -> None:
        self._finish()
        self._say(Mark.INFO, update_words.done_words(done), update_words.change_lines(done))
        update_words.follow(self._shell, done)

    def _not_installed(self, error: Exception) -> None:
        self._finish()
        self._say(Mark.REFUSED, self._words_of(error))

    def _finish(self) -> None:
        self.installing = False
        self.close_button.setEnabled(True)
        if self.offer is not None:
            self.offer.close()
            self.offer = None

    # Pieces

    def _empty(self) -> None:
        clear_layout(self.inner)
        clear_layout(self.foot)
        self.install_button = None

    def _fit_soon(self) -> None:
        """Fit once the layouts know the new texts."""
        QTimer.singleShot(0, self, self._fit)

    def _fit(self) -> None:
        """Be as high as what is shown needs, where the window has the room."""
        window = self.parentWidget()
        inside = self.area.viewport()
        self.column.activate()
        self.inner.activate()
        needed = self.inner.totalHeightForWidth(inside.width()) + self.height() - inside.height() + S4
        height = min(max(needed, theme.px(160)), window.height() - 48)
        self.setGeometry(
            (window.width() - self.width()) // 2,
            max(16, (window.height() - height) // 2),
            self.width(),
            height,
        )

    def _busy(self, words: str) -> Bar:
        self._empty()
        bar = Bar()
        self.inner.addWidget(Text(words, wrap=True))
        self.inner.addWidget(bar)
        self.inner.addStretch(1)
        self._fit_soon()
        return bar

    def _say(self, mark: Mark, words: str, lines: tuple[str, ...] = ()) -> None:
        self._empty()
        self.inner.addWidget(update_words.marked(mark, words))
        for line in lines:
            self.inner.addWidget(update_words.item(line))
        self.inner.addStretch(1)
        self.foot.addStretch(1)
        close = Button(_("Close"), self.leave)
        self.foot.addWidget(close)
        close.setFocus()
        self.said = words
        self._fit_soon()

    def leave(self) -> None:
        """Close, unless an installation runs: it cannot be stopped half-way."""
        if self.installing:
            return
        self._gone = True
        if self.offer is not None:
            self.offer.close()
            self.offer = None
        super().leave()

    def changeEvent(self, event: QEvent) -> None:
        """Say it in the new language; an installation that runs says the rest in it."""
        if event.type() != QEvent.Type.LanguageChange:
            super().changeEvent(event)
        elif self.offer is not None and not self.installing:
            self._fill()
