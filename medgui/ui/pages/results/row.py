"""One finding as a row that paints itself on the shared column grid."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from medgui.assessment.finding import Finding, Output
from medgui.assessment.lead import said_reason
from medgui.charts import scale
from medgui.i18n import _
from medgui.ui.icons import paint_icon
from medgui.ui.pages.results import texts
from medgui.ui.pages.results.grid import Columns, columns
from medgui.ui.shapes import hairline, paint_text, text_width
from medgui.ui.theme import Role, Type, theme
from medgui.ui.widgets.chip import paint_chip
from medgui.ui.widgets.evidence import evidence_full, paint_evidence
from medgui.ui.widgets.scale import paint_scale

_RIGHT = Qt.AlignmentFlag.AlignRight


class FindingRow(QWidget):
    """Title and reason, number and interval, scale, chip, evidence. One object for a screen reader.

    `toggled` carries whether others stay open (Shift); `key` a letter or arrow the page answers.
    """

    toggled = Signal(bool)
    key = Signal(int)

    def __init__(self, finding: Finding, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.finding = finding
        self.output_name = ""
        self.is_open = False
        self.joined = False
        """Whether what follows belongs to it, so that no line parts the two."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self._dress)
        self._dress()

    @property
    def has_notice(self) -> bool:
        """Whether a sentence has to stand under the number."""
        return bool(self.finding.notice) and bool(texts.number(self.finding, self.output)[0])

    @property
    def output(self) -> Output | None:
        """The output that the row shows."""
        return texts.first_output(self.finding, self.output_name)

    def set_finding(self, finding: Finding) -> None:
        """Show a newer result of the same model."""
        self.finding = finding
        self._dress()

    def set_output(self, name: str) -> None:
        """Show another output of the finding."""
        self.output_name = name
        self._dress()

    def set_open(self, is_open: bool) -> None:
        """Mark the row as open or closed; the detail under it is the page's matter."""
        self.is_open = is_open
        self._dress()

    def _dress(self) -> None:
        self._refit()
        self.setAccessibleName(texts.sentence(self.finding, self.output, is_open=self.is_open))
        tip = said_reason(self.finding, self.output) + "\n" + evidence_full(self.finding.evidence)
        self.setToolTip(tip.strip())
        self.update()

    def _refit(self) -> None:
        tall = self._columns().two_lines
        height = theme.height("finding_row_open" if self.is_open else "finding_row")
        self.setFixedHeight(theme.px(72) if tall else height)

    def _columns(self) -> Columns:
        return columns(float(self.width()), float(self.height()))

    def sizeHint(self) -> QSize:
        """Ask for the height of a row."""
        return QSize(theme.px(640), self.height())

    def changeEvent(self, event: QEvent) -> None:
        """Say it again in the new language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._dress()
        super().changeEvent(event)

    def resizeEvent(self, event: QEvent) -> None:
        """Take two lines where one is too narrow."""
        self._refit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open or close."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.toggled.emit(bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Shift+Enter keeps others open; other keys go to the page."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.toggled.emit(bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif event.key() in _PAGE_KEYS and not event.modifiers():
            self.key.emit(int(event.key()))
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        self.update()
        super().focusInEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the row."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        painter.fillRect(rect, theme.color(Role.SURFACE))
        grid = self._columns()
        self._paint_title(painter, grid)
        self._paint_number(painter, grid)
        if grid.scale.width() and self.output is not None and scale.shown(self.output):
            paint_scale(painter, grid.scale, self.output)
        shown = texts.chip(self.finding, self.output)
        if shown:
            paint_chip(painter, grid.chip, *shown)
        paint_evidence(painter, grid.evidence, self.finding.evidence, words=grid.evidence_words)
        side = theme.px(14)
        arrow = QRectF(0, 0, side, side)
        arrow.moveCenter(grid.arrow.center())
        paint_icon(painter, arrow, "chevron-up" if self.is_open else "chevron-down", Role.MUTED)
        if self.is_open:
            painter.fillRect(QRectF(0, 0, 3, rect.height()), theme.color(Role.ACCENT))
        elif not (self.has_notice or self.joined):
            hairline(painter, 0, rect.width(), rect.height() - 1)

    def _paint_title(self, painter: QPainter, grid: Columns) -> None:
        title, reason = _halves(grid.title)
        if grid.two_lines:
            paint_text(painter, grid.title, self.finding.title, type_=Type.ROW_TITLE)
            return
        paint_text(painter, title, self.finding.title, type_=Type.ROW_TITLE)
        paint_text(
            painter, reason, said_reason(self.finding, self.output), type_=Type.CAPTION, role=Role.MUTED
        )

    def _paint_number(self, painter: QPainter, grid: Columns) -> None:
        figure, unit = texts.number(self.finding, self.output)
        if not figure:
            words = texts.no_number(self.finding, self.output)
            align = Qt.AlignmentFlag.AlignLeft if grid.two_lines else _RIGHT
            box = grid.number if grid.two_lines else grid.digits
            paint_text(painter, box, words, type_=Type.ROW_TITLE, bold=False, role=Role.MUTED, align=align)
            return
        under = texts.under_number(self.finding, self.output)
        if not grid.two_lines and text_width(unit, Type.CAPTION) > grid.unit.width() - 5:
            under, unit = f"{under} {unit}".strip(), ""
        if grid.two_lines:
            text = f"{figure} {unit}".strip() + (f"   {under}" if under else "")
            paint_text(painter, grid.number, text, type_=Type.ROW_TITLE)
            return
        upper, lower = _halves(grid.digits)
        whole = upper if under else grid.digits
        unit_box = QRectF(grid.unit.left() + 5, whole.top(), grid.unit.width() - 5, whole.height())
        paint_text(painter, whole, figure, type_=Type.HEAD, align=_RIGHT)
        paint_text(painter, unit_box.adjusted(0, 3, 0, 3), unit, type_=Type.CAPTION, role=Role.MUTED)
        if under:
            paint_text(
                painter,
                lower.adjusted(-30, 0, 0, 0),
                under,
                type_=Type.CAPTION,
                role=Role.MUTED,
                align=_RIGHT,
            )


_PAGE_KEYS = frozenset(
    int(k)
    for k in (
        *(Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Left, Qt.Key.Key_Right),
        *(Qt.Key.Key_M, Qt.Key.Key_B, Qt.Key.Key_W, Qt.Key.Key_O, Qt.Key.Key_Escape),
    )
)


def _halves(rect: QRectF) -> tuple[QRectF, QRectF]:
    """Split for title over reason: two lines of 20 and 16, together centred."""
    upper, lower = theme.px(22), theme.px(17)
    top = rect.center().y() - (upper + lower) / 2
    return (
        QRectF(rect.left(), top, rect.width(), upper),
        QRectF(rect.left(), top + upper, rect.width(), lower),
    )


class ListHead(QWidget):
    """The captions over the columns."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inset = 0
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._dress)
        self._dress()

    def set_inset(self, inset: int) -> None:
        """Leave out the width that a scroll bar takes from the rows."""
        self._inset = inset
        self.update()

    def _dress(self) -> None:
        self.setFixedHeight(theme.height("list_head"))
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Say it again in the new language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.update()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the captions and the line under them."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color(Role.SURFACE))
        width = float(self.width() - self._inset)
        grid = columns(width, float(self.height()))
        if grid.two_lines:
            grid = columns(width, 2.0 * self.height())
        pairs = [(grid.title, _("Finding"), Qt.AlignmentFlag.AlignLeft)]
        if not grid.two_lines:
            pairs += [
                (grid.digits, _("Value, interval"), _RIGHT),
                (grid.scale, _("On its scale"), Qt.AlignmentFlag.AlignLeft),
                (grid.chip, _("Category"), Qt.AlignmentFlag.AlignLeft),
            ]
        if grid.evidence_words:
            pairs.append((grid.evidence, _("Evidence"), Qt.AlignmentFlag.AlignLeft))
        for box, words, align in pairs:
            if box.width():
                paint_text(painter, box, words, type_=Type.CAPTION, role=Role.MUTED, align=align)
        hairline(painter, 0, self.width(), self.height() - 1)
