"""The navigation at the left: pages with their counts, and the keys for commands and help at its foot."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from medgui.i18n import _, format_count
from medgui.ui.commands import key_text
from medgui.ui.icons import paint_icon
from medgui.ui.pages import Count, PageSpec
from medgui.ui.shapes import Mark, paint_mark, paint_text, text_width
from medgui.ui.shell import Shell, Width
from medgui.ui.style import paint_ring
from medgui.ui.theme import S8, S12, Role, Type, theme
from medgui.ui.widgets.text import Filled

Index = QModelIndex | QPersistentModelIndex
ITEM = Qt.ItemDataRole.UserRole + 1


class NavModel(QAbstractListModel):
    """The listed pages; `ITEM` gives (spec, count, muted)."""

    def __init__(self, specs: Sequence[PageSpec], shell: Shell) -> None:
        super().__init__(shell)
        self.specs = [spec for spec in specs if spec.listed]
        self._shell = shell
        visit = shell.visit
        for signal in (visit.record_changed, visit.assessment_changed, visit.leaving):
            signal.connect(self.refresh)

    def refresh(self) -> None:
        """Count again."""
        self.dataChanged.emit(self.index(0), self.index(len(self.specs) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Count the pages."""
        return 0 if parent.isValid() else len(self.specs)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what one page shows."""
        if not index.isValid():
            return None
        spec = self.specs[index.row()]
        count = spec.count(self._shell.visit)
        if role == ITEM:
            muted = spec.of_patient and self._shell.visit.record is None
            return spec, count, muted
        if role == Qt.ItemDataRole.DisplayRole:
            return spec.words
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{spec.words}, {count.words}" if count.number else spec.words
        if role == Qt.ItemDataRole.ToolTipRole:
            return _("{action} ({key})").format(action=spec.words, key=f"Ctrl+{index.row() + 1}")
        return None


class NavDelegate(QStyledItemDelegate):
    """Paints one page: accent bar, tint, icon, name, count."""

    narrow = False

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Keep the height of the token."""
        return QSize(theme.px(44), theme.height("nav_item"))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one page."""
        view = option.widget
        if not isinstance(view, QListView):
            return
        spec, count, muted = index.data(ITEM)
        current = view.currentIndex().row() == index.row()
        rect = QRectF(option.rect)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if current:
            self._current(painter, rect)
        side = theme.px(16)
        left = rect.left() + (rect.width() - side) / 2 if self.narrow else rect.left() + S12
        role = Role.ACCENT if current else Role.MUTED
        paint_icon(painter, QRectF(left, rect.center().y() - side / 2, side, side), spec.icon, role)
        if not self.narrow:
            words = rect.adjusted(S12 + side + 12, 0, -S8, 0)
            room = self._count(painter, words, count)
            name = words.adjusted(0, 0, -room, 0)
            paint_text(painter, name, spec.words, bold=current, role=Role.MUTED if muted else Role.TEXT)
        if view.hasFocus() and current:
            paint_ring(painter, rect, theme)

    @staticmethod
    def _current(painter: QPainter, rect: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(Role.ACCENT_TINT))
        painter.drawRoundedRect(rect, 4, 4)
        painter.fillRect(QRectF(rect.left(), rect.top() + 6, 3, rect.height() - 12), theme.color(Role.ACCENT))

    @staticmethod
    def _count(painter: QPainter, rect: QRectF, count: Count) -> float:
        """Paint the count at the right end and return the room it took."""
        if not count.number:
            return 0.0
        text = format_count(count.number)
        role = Role.CAUTION if count.question else Role.MUTED
        paint_text(painter, rect, text, role=role, align=Qt.AlignmentFlag.AlignRight)
        room = text_width(text) + S8
        if count.question:
            side = theme.px(11)
            x = rect.right() - room - side + 2
            paint_mark(painter, QRectF(x, rect.center().y() - side / 2, side, side), Mark.QUESTION)
            room += side
        return room


class _Foot(QWidget):
    """One line of the foot: words at the left, key at the right; a click does what the key does."""

    def __init__(self, shell: Shell, command: str) -> None:
        super().__init__()
        self._shell, self._command = shell, command
        self.narrow = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        self.setFixedHeight(theme.px(24))
        command = self._shell.commands.command(self._command)
        self.setAccessibleName(command.words)
        sentence = _("{action} ({key})")
        self.setToolTip(sentence.format(action=command.words, key=key_text(command.keys[0])))
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Say it again in the new language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._dress()
        super().changeEvent(event)

    def mouseReleaseEvent(self, event: object) -> None:
        """Run the command."""
        self._shell.commands.trigger(self._command)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint words and key; in the narrow navigation the key alone."""
        command = self._shell.commands.command(self._command)
        painter, rect = QPainter(self), QRectF(self.rect())
        key = key_text(command.keys[0])
        right = Qt.AlignmentFlag.AlignHCenter if self.narrow else Qt.AlignmentFlag.AlignRight
        paint_text(painter, rect, key, type_=Type.CAPTION, role=Role.MUTED, align=right)
        if not self.narrow:
            words = rect.adjusted(0, 0, -text_width(key, Type.CAPTION) - S8, 0)
            paint_text(painter, words, command.words, type_=Type.CAPTION, role=Role.MUTED)


class Nav(Filled):
    """The navigation. `chosen` is emitted with the key of a page."""

    chosen = Signal(str)

    def __init__(self, specs: Sequence[PageSpec], shell: Shell, foot: Sequence[str]) -> None:
        super().__init__(Role.CANVAS)
        self._shell = shell
        self.model = NavModel(specs, shell)
        self.list = QListView()
        self.list.setModel(self.model)
        self._delegate = NavDelegate(self.list)
        self.list.setItemDelegate(self._delegate)
        self.list.setProperty("ownRing", True)
        self.list.setProperty("nav", True)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.selectionModel().currentChanged.connect(self._taken)
        self.list.clicked.connect(lambda index: self.chosen.emit(self.model.specs[index.row()].key))
        self._foot = [_Foot(shell, command) for command in foot]
        column = QVBoxLayout(self)
        column.setContentsMargins(S8, S12, S8, S12)
        column.setSpacing(0)
        column.addWidget(self.list, 1)
        self._foot_box = QVBoxLayout()
        self._foot_box.setContentsMargins(S12, S8, S8, 0)
        for line in self._foot:
            self._foot_box.addWidget(line)
        column.addLayout(self._foot_box)
        shell.layout_changed.connect(self._dress)
        theme.changed.connect(self._dress)
        self._quiet = False
        self._dress()

    def show_page(self, key: str) -> None:
        """Mark the page *key* as the current one, silently; none for a page that is not listed."""
        row = next((n for n, spec in enumerate(self.model.specs) if spec.key == key), -1)
        self._quiet = True
        self.list.setCurrentIndex(self.model.index(row) if row >= 0 else QModelIndex())
        self._quiet = False
        self.list.viewport().update()

    def _taken(self, index: Index) -> None:
        if index.isValid() and not self._quiet:
            self.chosen.emit(self.model.specs[index.row()].key)

    def _dress(self) -> None:
        narrow = self._shell.layout.width < Width.NORMAL
        self._delegate.narrow = narrow
        self.setFixedWidth(theme.width("nav_narrow" if narrow else "nav"))
        margin = 4 if narrow else S8
        self.layout().setContentsMargins(margin, S12, margin, S12)
        self._foot_box.setContentsMargins(0 if narrow else S12, S8, 0 if narrow else S8, 0)
        for line in self._foot:
            line.narrow = narrow
            line.setVisible(not (narrow and self._shell.layout.low))
            line.update()
        self.list.setAccessibleName(_("Pages"))
        self.list.setSpacing(0)
        self.list.doItemsLayout()

    def changeEvent(self, event: QEvent) -> None:
        """Say it again in the new language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._dress()
        super().changeEvent(event)
