"""The navigation at the left: pages with their counts, and the keys for commands and help at its foot.

A page is one button: a screen reader reads its name, count and key; Up and Down move between them.
"""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from medgui.i18n import _, format_count
from medgui.ui.commands import key_text
from medgui.ui.icons import paint_icon
from medgui.ui.pages import Count, PageSpec
from medgui.ui.shapes import Mark, paint_mark, paint_text, text_width
from medgui.ui.shell import Shell, Width
from medgui.ui.style import paint_ring
from medgui.ui.theme import S8, S12, Role, Type, theme
from medgui.ui.widgets.text import Filled


class NavItem(QAbstractButton):
    """One page: accent bar, tint, icon, name, count. *number* is the digit of its key."""

    def __init__(self, spec: PageSpec, number: int, shell: Shell) -> None:
        super().__init__()
        self.spec = spec
        self._number = number
        self._shell = shell
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ownRing", True)
        self.dress()

    def dress(self) -> None:
        """Take name, count and height anew."""
        words, count = self.spec.words, self.spec.count(self._shell.visit)
        self.setAccessibleName(f"{words}, {count.words}" if count.number else words)
        key = _("{action} ({key})").format(action=words, key=f"Ctrl+{self._number}")
        self.setToolTip(key)
        self.setFixedHeight(theme.height("nav_item"))
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the keys that move between pages to the navigation."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End):
            event.ignore()
        else:
            super().keyPressEvent(event)

    @property
    def _narrow(self) -> bool:
        return self._shell.layout.width < Width.NORMAL

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the page."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        current = self.isChecked()
        if current:
            self._current(painter, rect)
        side = theme.px(16)
        left = (rect.width() - side) / 2 if self._narrow else S12
        role = Role.ACCENT if current else Role.MUTED
        paint_icon(painter, QRectF(left, rect.center().y() - side / 2, side, side), self.spec.icon, role)
        count = self.spec.count(self._shell.visit)
        if self._narrow:
            if count.question:
                mark = QRectF(rect.right() - theme.px(13), 3, theme.px(10), theme.px(10))
                paint_mark(painter, mark, Mark.QUESTION)
        else:
            words = rect.adjusted(S12 + side + 12, 0, -S8, 0)
            room = self._count(painter, words, count)
            muted = self.spec.of_patient and self._shell.visit.record is None
            name = words.adjusted(0, 0, -room, 0)
            role = Role.MUTED if muted else Role.TEXT
            paint_text(painter, name, self.spec.words, bold=current, role=role)
        if self.hasFocus():
            paint_ring(painter, rect, theme)

    @staticmethod
    def _current(painter: QPainter, rect: QRectF) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(Role.ACCENT_TINT))
        painter.drawRoundedRect(rect, 4, 4)
        painter.fillRect(QRectF(rect.left(), rect.top() + 6, 3, rect.height() - 12), theme.color(Role.ACCENT))
        painter.restore()

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


class _Foot(QAbstractButton):
    """One line of the foot: words at the left, key at the right; a click does what the key does."""

    def __init__(self, shell: Shell, command: str) -> None:
        super().__init__()
        self._shell, self._command = shell, command
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.clicked.connect(lambda: shell.commands.trigger(command))
        self.dress()

    def dress(self) -> None:
        """Take words and height anew."""
        self.setFixedHeight(theme.px(24))
        command = self._shell.commands.command(self._command)
        self.setAccessibleName(command.words)
        sentence = _("{action} ({key})")
        self.setToolTip(sentence.format(action=command.words, key=key_text(command.keys[0])))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint words and key; in the narrow navigation the key alone."""
        command = self._shell.commands.command(self._command)
        painter, rect = QPainter(self), QRectF(self.rect())
        key = key_text(command.keys[0])
        narrow = self._shell.layout.width < Width.NORMAL
        side = Qt.AlignmentFlag.AlignHCenter if narrow else Qt.AlignmentFlag.AlignRight
        paint_text(painter, rect, key, type_=Type.CAPTION, role=Role.MUTED, align=side)
        if not narrow:
            words = rect.adjusted(0, 0, -text_width(key, Type.CAPTION) - S8, 0)
            paint_text(painter, words, command.words, type_=Type.CAPTION, role=Role.MUTED)


class Nav(Filled):
    """The navigation. `chosen` is emitted with the key of a page."""

    chosen = Signal(str)

    def __init__(self, specs: Sequence[PageSpec], shell: Shell, foot: Sequence[str]) -> None:
        super().__init__(Role.CANVAS)
        self._shell = shell
        listed = [spec for spec in specs if spec.listed]
        self.items = {spec.key: NavItem(spec, number, shell) for number, spec in enumerate(listed, start=1)}
        self._foot = [_Foot(shell, command) for command in foot]
        self._column = QVBoxLayout(self)
        self._column.setSpacing(0)
        for item in self.items.values():
            item.clicked.connect(lambda _checked=False, key=item.spec.key: self.chosen.emit(key))
            self._column.addWidget(item)
        self._column.addStretch(1)
        self._foot_box = QVBoxLayout()
        for line in self._foot:
            self._foot_box.addWidget(line)
        self._column.addLayout(self._foot_box)
        visit = shell.visit
        for signal in (visit.record_changed, visit.assessment_changed, visit.leaving):
            signal.connect(self._refresh)
        shell.layout_changed.connect(self._dress)
        theme.changed.connect(self._dress)
        self._dress()

    @property
    def focus_item(self) -> QWidget:
        """What F6 gives the focus to: the current page, else the first."""
        items = list(self.items.values())
        return next((item for item in items if item.isChecked()), items[0])

    def show_page(self, key: str) -> None:
        """Mark the page *key* as the current one; none for a page that is not listed."""
        for name, item in self.items.items():
            item.setChecked(name == key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with Up, Down, Home and End; the page follows."""
        items = list(self.items.values())
        here = next((n for n, item in enumerate(items) if item.hasFocus()), None)
        places = {
            Qt.Key.Key_Down: (here or 0) + 1,
            Qt.Key.Key_Up: (here or 0) - 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(items) - 1,
        }
        target = places.get(Qt.Key(event.key()))
        if here is None or target is None:
            super().keyPressEvent(event)
            return
        item = items[min(max(target, 0), len(items) - 1)]
        item.setFocus(Qt.FocusReason.TabFocusReason)
        item.click()

    def _refresh(self) -> None:
        for item in self.items.values():
            item.dress()

    def _dress(self) -> None:
        layout = self._shell.layout
        narrow = layout.width < Width.NORMAL
        self.setFixedWidth(theme.width("nav_narrow" if narrow else "nav"))
        margin = 4 if narrow else S8
        self._column.setContentsMargins(margin, S12, margin, S12)
        self._foot_box.setContentsMargins(0 if narrow else S12, S8, 0 if narrow else S8, 0)
        for line in self._foot:
            line.setVisible(not (narrow and layout.low))
            line.dress()
        self.setAccessibleName(_("Pages"))
        self._refresh()

    def changeEvent(self, event: QEvent) -> None:
        """Say it again in the new language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._dress()
        super().changeEvent(event)
