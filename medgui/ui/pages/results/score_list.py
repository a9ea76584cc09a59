"""Any score, found by typing: its name in both languages, its question, pinyin initials. Enter opens its sheet."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListView, QVBoxLayout, QWidget

from medgui.i18n import _, localised
from medgui.inference.questions import question_title
from medgui.ui.palette import Entries, Entry, Filter, LineDelegate
from medgui.ui.score_words import found_by
from medgui.ui.theme import S8, S12, Role, theme
from medgui.ui.widgets.sheet import Sheet
from medgui.ui.widgets.text import Filled

if TYPE_CHECKING:
    from medgui.inference.catalogue import Catalogue


class ScoreList(Sheet):
    """*chosen* gets the id of the score that is taken; the list then closes."""

    def __init__(
        self, window: QWidget, catalogue: "Catalogue", chosen: Callable[[str], object], back: QWidget | None
    ) -> None:
        body = Filled(Role.RAISED)
        super().__init__(window, _("Scores"), body, back)
        self.edit = QLineEdit()
        self.edit.setPlaceholderText(_("Name or question"))
        self.edit.setAccessibleName(_("Find a score"))
        self.edit.setFont(theme.font())
        self.model = Entries(self)
        self.filter = Filter(self)
        self.filter.setSourceModel(self.model)
        self.list = QListView()
        self.list.setModel(self.filter)
        self.list.setItemDelegate(LineDelegate(self.list))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setAccessibleName(_("Found"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, S8, S12, 0)
        column.setSpacing(S8)
        column.addWidget(self.edit)
        column.addWidget(self.list, 1)
        self.model.set_entries(_entries(catalogue, self._take(chosen)))
        self.filter.search("")
        self.edit.textEdited.connect(self._search)
        self.edit.installEventFilter(self)
        self.list.clicked.connect(lambda _index: self.accept())
        self._search("")

    def _take(self, chosen: Callable[[str], object]) -> Callable[[str], object]:
        def take(model: str) -> None:
            self.leave()
            chosen(model)

        return take

    def _search(self, text: str) -> None:
        self.filter.search(text)
        self.list.setCurrentIndex(self.filter.index(0, 0))

    def accept(self) -> None:
        """Open the score of the current line."""
        entry = self.list.currentIndex().data(Qt.ItemDataRole.UserRole + 1)
        if isinstance(entry, Entry):
            entry.run()

    def appear(self) -> None:
        """Show the list; what is typed next searches."""
        window = self.parentWidget()
        width = min(theme.px(680), window.width() - 32)
        height = min(theme.px(620), window.height() - 48)
        self.resize(width, height)
        self.move(QPoint((window.width() - width) // 2, max(16, (window.height() - height) // 4)))
        super().appear()
        self.edit.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Up, Down and Enter work while the text has the focus."""
        if watched is self.edit and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
            key = Qt.Key(event.key())
            if key in steps:
                last = max(self.filter.rowCount() - 1, 0)
                row = min(max(self.list.currentIndex().row() + steps[key], 0), last)
                self.list.setCurrentIndex(self.filter.index(row, 0))
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.accept()
                return True
        return super().eventFilter(watched, event)


def _entries(catalogue: "Catalogue", take: Callable[[str], object]) -> Sequence[Entry]:
    """One line a score, those of one question together."""
    headers = [bundle.header for bundle in catalogue if bundle.header.kind != "image"]
    headers.sort(key=lambda m: (not m.question, question_title(m.question), localised(m.title)))
    return [
        Entry(localised(m.title), question_title(m.question), "", lambda m=m: take(m.id), found_by(m))
        for m in headers
    ]
