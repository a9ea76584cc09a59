"""The command palette (Ctrl+K): commands, pages, values, findings and models, found in both languages."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListView,
    QMainWindow,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
)

from medgui.frozen import frozen
from medgui.i18n import LANGUAGES, _, using_language
from medgui.ui.commands import key_text
from medgui.ui.pages.page import Page
from medgui.ui.pinyin import initials
from medgui.ui.shapes import paint_text, text_width
from medgui.ui.shell import Shell
from medgui.ui.theme import S8, S12, S16, Role, Type, theme
from medgui.ui.widgets.panels import Picture
from medgui.ui.widgets.text import Rule, focus_again

Index = QModelIndex | QPersistentModelIndex
ENTRY = Qt.ItemDataRole.UserRole + 1
TOP = 96
MOST_SHOWN = 9


@frozen
class Entry:
    """One line: title, where it is, its key, what it does, and all words it is found by (lower case)."""

    title: str
    where: str
    key: str
    run: Callable[[], object]
    words: str


class Entries(QAbstractListModel):
    """The lines of the palette."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.entries: list[Entry] = []

    def set_entries(self, entries: Sequence[Entry]) -> None:
        """Show other lines."""
        self.beginResetModel()
        self.entries = list(entries)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Count the lines."""
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return one line."""
        entry = self.entries[index.row()]
        if role == ENTRY:
            return entry
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ", ".join(part for part in (entry.title, entry.where, entry.key) if part)
        return None


class Filter(QSortFilterProxyModel):
    """Keeps lines that hold every word typed; first what has just this name, then titles that begin with the text."""

    text = ""

    def search(self, text: str) -> None:
        """Look for *text*."""
        self.beginResetModel()
        self.text = text.casefold().strip()
        self.endResetModel()
        self.sort(0)

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        """Keep a line with every word."""
        entry = self.sourceModel().index(row, 0).data(ENTRY)
        return all(word in entry.words for word in self.text.split())

    def lessThan(self, left: Index, right: Index) -> bool:
        """Put titles that begin with the text first, else keep the order."""
        return self._rank(left) < self._rank(right)

    def _rank(self, index: Index) -> tuple[int, int]:
        entry = index.data(ENTRY)
        if self.text and entry.words.partition(" ")[0] == self.text.replace(" ", "_"):
            return -1, index.row()
        begins = bool(self.text) and entry.title.casefold().startswith(self.text)
        return (0 if begins else 1, index.row())


class LineDelegate(QStyledItemDelegate):
    """Paints title, where, and key."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Keep the height of a navigation item."""
        return QSize(10, theme.height("nav_item"))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one line."""
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(option.rect, theme.color(Role.ACCENT_TINT if selected else Role.RAISED))
        entry = index.data(ENTRY)
        rect = QRectF(option.rect).adjusted(S16, 0, -S16, 0)
        right = Qt.AlignmentFlag.AlignRight
        paint_text(painter, rect, entry.key, type_=Type.CAPTION, role=Role.MUTED, align=right)
        room = text_width(entry.key, Type.CAPTION) + S12 if entry.key else 0
        title = rect.adjusted(0, 0, -room, 0)
        paint_text(painter, title, entry.title, bold=selected)
        width = text_width(entry.title, bold=selected) + S12
        if width < title.width():
            paint_text(
                painter, title.adjusted(width, 0, 0, 0), entry.where, type_=Type.CAPTION, role=Role.MUTED
            )


class Palette(QFrame):
    """A child of the window, not a dialog: Esc or a click elsewhere closes it and gives the focus back."""

    def __init__(self, shell: Shell, pages: Callable[[], Sequence[Page]], window: QMainWindow) -> None:
        super().__init__(window)
        self._shell, self._pages, self._window = shell, pages, window
        self.setProperty("raised", True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.edit = QLineEdit()
        self.edit.setProperty("bare", True)
        self.edit.setProperty("ownRing", True)
        self.model = Entries(self)
        self.filter = Filter(self)
        self.filter.setSourceModel(self.model)
        self.list = QListView()
        self.list.setModel(self.filter)
        self.list.setItemDelegate(LineDelegate(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.clicked.connect(lambda _index: self._take())
        self._build()
        self.edit.textEdited.connect(self._search)
        self.edit.installEventFilter(self)
        self._back = window.focusWidget()
        self.hide()
        theme.changed.connect(self.place)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, S8)
        column.setSpacing(0)
        from PySide6.QtWidgets import QHBoxLayout

        row = QHBoxLayout()
        row.setContentsMargins(S16, S8, S16, S8)
        row.setSpacing(S12)
        row.addWidget(Picture("search", 16))
        row.addWidget(self.edit, 1)
        column.addLayout(row)
        column.addWidget(Rule())
        column.addWidget(self.list)

    def open(self) -> None:
        """Open with everything listed."""
        self._back = self._window.focusWidget()
        self.edit.setAccessibleName(_("Commands"))
        self.edit.setPlaceholderText(_("Command, page, value, finding or model"))
        self.edit.setFont(theme.font(Type.BODY))
        self.list.setAccessibleName(_("Found"))
        self.edit.clear()
        self.model.set_entries(self._entries())
        self._search("")
        self.show()
        self.raise_()
        self.edit.setFocus()

    def close_palette(self) -> None:
        """Close, and put the focus back where it was."""
        self.hide()
        self.edit.clear()
        self.model.set_entries([])
        focus_again(self._back)

    def place(self) -> None:
        """Take width and position for the window's size."""
        lines = min(MOST_SHOWN, max(1, self.filter.rowCount()))
        top = min(TOP, self._window.height() // 8)
        width = min(theme.width("palette"), self._window.width() - 32)
        line = theme.height("nav_item")
        room = max(1, (self._window.height() - top - theme.px(60)) // line)
        self.list.setFixedHeight(min(lines, room) * line)
        self.setFixedWidth(width)
        self.adjustSize()
        self.move((self._window.width() - width) // 2, top)

    def _search(self, text: str) -> None:
        self.filter.search(text)
        self.list.setCurrentIndex(self.filter.index(0, 0))
        self.place()

    def _take(self) -> None:
        entry = self.list.currentIndex().data(ENTRY)
        self.close_palette()
        if isinstance(entry, Entry):
            entry.run()

    def _entries(self) -> list[Entry]:
        commands = self._shell.commands
        entries = [
            Entry(
                command.words,
                "",
                key_text(command.keys[0]) if command.keys else "",
                lambda id_=command.id: commands.trigger(id_),
                found_by(command.title),
            )
            for command in commands.listed()
            if command.enabled()
        ]
        for page in self._pages():
            for place in page.places():
                words = f"{place.title} {place.where} {place.words}"
                run = lambda p=place: self._shell.go(p.page, p.anchor)  # noqa: E731
                entries.append(Entry(place.title, place.where, "", run, searchable(words)))
        return entries

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Up, Down, Enter and Esc work while the text has the focus; close when it loses it."""
        if watched is self.edit and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event)
        if watched is self.edit and event.type() == QEvent.Type.FocusOut and self.isVisible():
            elsewhere = self._window.focusWidget()
            if self._window.isActiveWindow() and elsewhere is not None and not self.isAncestorOf(elsewhere):
                self.hide()
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
        key = Qt.Key(event.key())
        if key in steps:
            last = self.filter.rowCount() - 1
            row = min(max(self.list.currentIndex().row() + steps[key], 0), max(last, 0))
            self.list.setCurrentIndex(self.filter.index(row, 0))
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take()
            return True
        if key == Qt.Key.Key_Escape:
            self.close_palette()
            return True
        return False


def found_by(message: str) -> str:
    """Return all words a command is found by: its title in every language, and pinyin initials."""
    said = []
    for code in LANGUAGES:
        with using_language(code):
            said.append(_(message))
    return searchable(" ".join(said))


def searchable(words: str) -> str:
    """Fold case and add the pinyin initials of the Chinese in *words*."""
    return f"{words} {initials(words)}".casefold()
