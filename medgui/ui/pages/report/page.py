"""The Report page itself."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from medgui import i18n, surroundings
from medgui.i18n import N_, _
from medgui.ui.commands import Command
from medgui.ui.messages import Action
from medgui.ui.pages.page import Page
from medgui.ui.pages.report.sheet import Sheet
from medgui.ui.services import Picture
from medgui.ui.shapes import Mark
from medgui.ui.shell import Shell
from medgui.ui.theme import S8, S16, S24, Role, theme
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.panels import StatePanel
from medgui.ui.widgets.segmented import Segmented
from medgui.ui.widgets.text import Body, Filled, Text, clear_layout

WIDEST = 820
REST_MS = 120


class ReportPage(Page):
    """Preview and save. Ctrl+P on any page comes here; Ctrl+S saves."""

    key = "report"

    def __init__(self, shell: Shell) -> None:
        save = Button(lambda: _("Save as PDF"), lambda: self.save(), key="Ctrl+S", kind="primary")
        super().__init__(shell, lambda: _("Report"), (save,))
        self.save_button = save
        self._pdf = b""
        self._made_for: tuple[object, ...] = ()
        self.sheets: list[Sheet] = []
        self.language = Segmented(lambda: _("Language of the report"))
        self.language.set_parts([("en", "English"), ("zh", "简体中文")], self._default_language())
        self.language.chosen.connect(lambda _k: self.refresh())
        self.prognosis = QCheckBox()
        self.prognosis.toggled.connect(lambda _on: self.refresh())
        self.body = Body()
        self._desk = Filled(Role.CANVAS)
        self._pages = QVBoxLayout(self._desk)
        self._pages.setContentsMargins(S24, S24, S24, S24)
        self._pages.setSpacing(S16)
        self.body.column.addWidget(self._desk, 1)
        self.column.addWidget(self._options())
        self.column.addWidget(self.body, 1)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._fit)
        theme.changed.connect(self._dress)
        self.retranslate()
        self.refresh()

    @staticmethod
    def _default_language() -> str:
        return "zh" if i18n.language() == "zh" else "en"

    def _options(self) -> QWidget:
        self.options = QWidget()
        row = QHBoxLayout(self.options)
        row.setContentsMargins(S24, S8, S24, S8)
        row.setSpacing(S16)
        row.addWidget(self.language)
        row.addWidget(self.prognosis)
        row.addStretch(1)
        self.note = Text(lambda: _("What is seen here is what is saved"), role=Role.MUTED)
        row.addWidget(self.note)
        return self.options

    def _dress(self) -> None:
        self.prognosis.setFont(theme.font())

    # What is shown

    def clear(self) -> None:
        """Leave nothing of the patient."""
        self._pdf = b""
        self._made_for = ()
        self.sheets.clear()
        clear_layout(self._pages)
        self.prognosis.setChecked(False)
        self.head.summary.set_words("")

    def showEvent(self, event: object) -> None:
        """Make the report when the page is looked at, not before."""
        self.refresh()
        if self.sheets:
            self.shell.did.emit("report", "")

    def refresh(self) -> None:
        """Make the report anew where record, findings, language or choice changed."""
        visit = self.shell.visit
        ready = visit.record is not None and visit.assessment is not None
        ready = ready and visit.assessment.record_key == visit.record.key
        self.options.setVisible(ready)
        self.save_button.setEnabled(ready)
        if not ready:
            self._show_nothing()
            return
        has_prognosis = any(f.group == "prognosis" for f in visit.assessment.findings)
        self.prognosis.setVisible(has_prognosis)
        if not self.isVisible():
            return
        wanted = (
            visit.record,
            visit.assessment,
            self.language.current,
            self.prognosis.isChecked(),
            visit.units,
        )
        if wanted == self._made_for:
            return
        self._made_for = wanted
        services = self.shell.services
        job = self.shell.tasks.job(lambda _token: services.render_pdf(*wanted))
        job.while_true(lambda: self._made_for == wanted).on_done(self._show).run()

    def _show_nothing(self) -> None:
        self._made_for = ()
        self._pdf = b""
        self.sheets.clear()
        clear_layout(self._pages)
        self.head.summary.set_words("")
        if self.shell.visit.record is None:
            action = Button(lambda: _("Open a file"), self.shell.open_asked.emit, key="Ctrl+O")
            panel = StatePanel(
                "report", lambda: _("No patient open"), lambda: _("The report is made from a file"), (action,)
            )
            self._pages.addWidget(panel, 1)

    def _show(self, pdf: bytes) -> None:
        self._pdf = pdf
        services = self.shell.services
        job = self.shell.tasks.job(lambda _token: services.preview(pdf, 0, 64))
        job.while_true(lambda: self._pdf is pdf).on_done(self._lay_out).run()

    def _lay_out(self, first: Picture) -> None:
        place = self.body.verticalScrollBar().value()
        clear_layout(self._pages)
        self.sheets = [Sheet(n, first.pages, self._ask) for n in range(first.pages)]
        for sheet in self.sheets:
            self._pages.addWidget(sheet, 0, Qt.AlignmentFlag.AlignHCenter)
        self._pages.addStretch(1)
        pages, size = first.pages, len(self._pdf)
        self.head.summary.set_words(
            lambda: i18n.ngettext("{n} page, {kb} KB", "{n} pages, {kb} KB", pages).format(
                n=pages, kb=size // 1024 + 1
            )
        )
        self._fit()
        self.shell.did.emit("report", "")
        QTimer.singleShot(0, self, lambda: self.body.verticalScrollBar().setValue(place))

    def _fit(self) -> None:
        width = min(self.body.viewport().width() - 2 * S24, theme.px(WIDEST))
        for sheet in self.sheets:
            sheet.set_width(max(240, width))

    def _ask(self, number: int, pixels: int) -> None:
        pdf, services = self._pdf, self.shell.services
        job = self.shell.tasks.job(lambda _token: services.preview(pdf, number, pixels))
        job.while_true(lambda: self._pdf is pdf).on_done(lambda picture: self._picture(number, picture)).run()

    def _picture(self, number: int, picture: Picture) -> None:
        if number < len(self.sheets):
            self.sheets[number].show_picture(picture)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the sheets when the window has come to rest."""
        super().resizeEvent(event)
        self._rest.start()

    # Saving

    def save(self) -> None:
        """Ask where to, and write the report there in one step."""
        visit = self.shell.visit
        if visit.record is None or visit.assessment is None:
            return
        proposal = f"medgui-report-{date.today().isoformat()}.pdf"
        chosen, _kind = QFileDialog.getSaveFileName(
            self, _("Save the report"), proposal, _("PDF file (*.pdf)")
        )
        if chosen:
            self.save_to(Path(chosen))

    def save_to(self, path: Path) -> None:
        """Write the report to *path* in the background and say where it is."""
        visit, services = self.shell.visit, self.shell.services
        record, assessment = visit.record, visit.assessment
        language, prognosis, units = self.language.current, self.prognosis.isChecked(), visit.units
        path = path if path.suffix.lower() == ".pdf" else path.with_name(path.name + ".pdf")

        def work(_token: object) -> None:
            services.write_pdf(record, assessment, path, language, prognosis, units)

        self.shell.tasks.job(work).on_done(lambda _r: self._saved(path)).run("storage")

    def _saved(self, path: Path) -> None:
        self.shell.messages.tell(
            Mark.INFO,
            lambda: _("Saved: {file}").format(file=path.name),
            Action(lambda: _("Open"), lambda: _open(path)),
        )

    # What the window asks

    def retranslate(self) -> None:
        """Name the box anew."""
        self.prognosis.setText(_("Include prognosis"))
        self._dress()

    def show_place(self, anchor: str) -> None:
        """Put the focus on saving when the report was asked for by key."""
        if anchor == "export":
            self.save_button.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def page_commands(self) -> Sequence[Command]:
        """Offer saving."""
        return (Command("report.save", N_("Save as PDF"), self.save, ("Ctrl+S",), "report"),)

    def areas(self) -> Sequence[QWidget]:
        """Go to the language, then to the save button."""
        return [self.language.button(self.language.current), self.save_button]

    def minimumSizeHint(self) -> QSize:
        """Accept a small window."""
        return QSize(320, 200)


def _open(path: Path) -> None:
    from PySide6.QtCore import QUrl
    from PySide6.QtGui import QDesktopServices

    with surroundings.of_the_user():
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
