"""The first page: drop or open a file, try a demonstration patient, see what is installed."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from medgui.i18n import N_, _, language
from medgui.ui.pages.page import Page
from medgui.ui.pages.start.lists import DemoList, InstallationList
from medgui.ui.pages.start.offer import TourOffer
from medgui.ui.shell import Shell, Width
from medgui.ui.theme import S4, S8, S12, S16, S24, S32, Role, Type, theme
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.panels import Picture
from medgui.ui.widgets.text import Body, Text, restyle

FORMATS = (
    (N_("FHIR R4, IPS"), ".json .ndjson .xml"),
    (N_("C-CDA documents"), ".xml"),
    (N_("HL7 v2 messages"), ".hl7"),
    (N_("Table"), ".csv .xlsx"),
    (N_("DICOM headers"), ".dcm DICOMDIR"),
    (N_("Documents"), ".pdf .txt .vcf"),
)
"""What can be read now; others are recognised and refused in words."""

IN_ROW = 3
MARGIN = 48


class DropArea(QFrame):
    """Where a file can be dropped; the window takes the drop, this only shows it."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self.setProperty("drop", "true")
        self.setAcceptDrops(True)
        self.open_button = Button(
            lambda: _("Open a file"), shell.open_asked.emit, key="Ctrl+O", kind="primary"
        )
        self.folder_button = Button(
            lambda: _("Open a folder"), lambda: shell.commands.trigger("open-folder"), key="Ctrl+Shift+O"
        )
        self.cancel_button = Button(lambda: _("Cancel"), self._cancel, key="Esc")
        self.title = Text(lambda: _("Drop patient files here"), Type.HEAD, wrap=True)
        self.text = Text(
            lambda: _("Several files of one person, or a folder, become one record"),
            Type.BODY,
            Role.MUTED,
            wrap=True,
        )
        middle = Qt.AlignmentFlag.AlignHCenter
        column = QVBoxLayout(self)
        column.setContentsMargins(S16, S24, S16, S24)
        column.setSpacing(S8)
        column.addStretch(1)
        column.addWidget(Picture("drop", 40, Role.ACCENT), 0, middle)
        column.addSpacing(S8)
        for words in (self.title, self.text):
            words.setAlignment(middle)
            column.addWidget(words)
        column.addSpacing(S4)
        row = QHBoxLayout()
        row.setSpacing(S8)
        row.addStretch(1)
        for button in (self.open_button, self.folder_button, self.cancel_button):
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        shell.visit.opening_changed.connect(self.refresh)
        theme.changed.connect(self.dress)
        self.dress()
        self.refresh()

    def refresh(self) -> None:
        """Say that a file is being read, while it is."""
        reading = self._shell.visit.opening is not None
        self.title.set_words(self._reading_words if reading else (lambda: _("Drop patient files here")))
        self.text.setVisible(not reading)
        self.open_button.setVisible(not reading)
        self.folder_button.setVisible(not reading)
        self.cancel_button.setVisible(reading)

    def _reading_words(self) -> str:
        opening = self._shell.visit.opening
        return _("Reading the files") if opening is not None and opening.several else _("Reading the file")

    def _cancel(self) -> None:
        self._shell.visit.stop_opening()

    def dress(self) -> None:
        """Take the height for the window."""
        low = self._shell.layout.low
        self.setMinimumHeight(theme.px(150 if low else 252))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Show that a file may be let go here."""
        if event.mimeData().hasUrls():
            restyle(self, "drop", "over")
        event.ignore()  # the window takes it

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Go back to the quiet look."""
        restyle(self, "drop", "true")

    def dropEvent(self, event: QDropEvent) -> None:
        """Go back to the quiet look; the window opens the file."""
        restyle(self, "drop", "true")
        event.ignore()


class StartPage(Page):
    """Two columns; one under the other where the window is narrow."""

    key = "start"

    def __init__(self, shell: Shell) -> None:
        self.language_button = Button(
            "",
            lambda: shell.commands.trigger("language"),
            tip=lambda: _("Switch between English and Chinese (Ctrl+Shift+L)"),
        )
        super().__init__(shell, lambda: _("Open a patient"), [])
        self.head.hide()
        self.column.removeWidget(self.head)
        self.drop = DropArea(shell)
        self.offer = TourOffer(shell)
        self.demos = DemoList(shell)
        self.installation = InstallationList(shell)
        body = Body()
        self._body = body
        self._margins = body.column
        self._margins.addLayout(self._head())
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(S32 * 2)
        self._columns.addLayout(self._left(), 50)
        self._columns.addLayout(self._right(), 50)
        self._margins.addLayout(self._columns)
        self._margins.addStretch(1)
        self.column.addWidget(body, 1)
        self.retranslate()
        self.relayout()

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, S24)
        row.addWidget(Text(lambda: _("Open a patient"), Type.HEAD))
        row.addStretch(1)
        row.addWidget(self.offer.button)
        row.addSpacing(S8)
        row.addWidget(self.language_button)
        return row

    def _left(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(S24)
        column.addWidget(self.drop)
        grid = QGridLayout()
        grid.setVerticalSpacing(S12)
        for number, (title, endings) in enumerate(FORMATS):
            cell = QWidget()
            lines = QVBoxLayout(cell)
            lines.setContentsMargins(0, 0, 0, 0)
            lines.setSpacing(0)
            lines.addWidget(Text(lambda title=title: _(title), Type.BODY, bold=True))
            lines.addWidget(Text(endings, Type.CAPTION, Role.MUTED))
            grid.addWidget(cell, number // IN_ROW, number % IN_ROW)
        note = Text(
            lambda: _(
                "Other kinds of file are recognised and refused in words. The file itself is never changed."
            ),
            Type.CAPTION,
            Role.MUTED,
            wrap=True,
        )
        grid.addWidget(note, len(FORMATS), 0, 1, IN_ROW)
        column.addLayout(grid)
        column.addStretch(1)
        return column

    def _right(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(S32)
        column.addWidget(self.offer)
        column.addWidget(self.demos)
        column.addWidget(self.installation)
        column.addStretch(1)
        return column

    def relayout(self) -> None:
        """Put the columns side by side or one under the other."""
        layout = self.shell.layout
        one = layout.width < Width.MEDIUM
        direction = QBoxLayout.Direction
        self._columns.setDirection(direction.TopToBottom if one else direction.LeftToRight)
        self._columns.setSpacing(S32 if one else S32 * 2)
        side = S24 if layout.width < Width.NORMAL else MARGIN
        top = S16 if layout.low else S32
        self._margins.setContentsMargins(side, top, side, S24)
        self.drop.dress()
        self.offer.set_far(far=one)

    def refresh(self) -> None:
        """Nothing here belongs to a patient."""

    def retranslate(self) -> None:
        """Offer the other language, named in itself."""
        self.language_button.set_words("English" if language() == "zh" else "\u4e2d\u6587")

    def show_place(self, anchor: str) -> None:
        """Put the focus on the tour: it is begun by a click, since it takes an open patient away."""
        if anchor == "tour":
            (self.offer.start if self.offer.isVisibleTo(self) else self.offer.button).setFocus()

    def areas(self) -> list[QWidget]:
        """The drop area's button, the tour where it is offered, then the demonstration patients."""
        tour = [self.offer.start] if self.offer.isVisibleTo(self) else []
        return [self.drop.open_button, *tour, *self.demos.buttons[:1]]
