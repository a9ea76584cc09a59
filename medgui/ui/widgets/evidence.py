"""Evidence badges: four bars and words for the five grades of docs/hazards (safety rule 20)."""

from PySide6.QtCore import QEvent, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from medgui.i18n import N_, _
from medgui.ui.shapes import paint_text, text_width
from medgui.ui.theme import S8, Role, Type, theme

GUIDELINE = "guideline"
PUBLISHED = "published equation, externally validated"
EXTERNAL = "trained, externally validated"
INTERNAL = "trained, internally validated"
DEMONSTRATION = "demonstration"

BARS = {GUIDELINE: 4, PUBLISHED: 4, EXTERNAL: 3, INTERNAL: 2, DEMONSTRATION: 1}
_SHORT = {
    GUIDELINE: N_("Guideline"),
    PUBLISHED: N_("Published, ext."),
    EXTERNAL: N_("Trained, ext."),
    INTERNAL: N_("Trained, int."),
    DEMONSTRATION: N_("Demonstration"),
}
_FULL = {
    GUIDELINE: N_("Guideline"),
    PUBLISHED: N_("Published equation, externally validated"),
    EXTERNAL: N_("Trained, externally validated"),
    INTERNAL: N_("Trained, internally validated"),
    DEMONSTRATION: N_("Demonstration"),
}
BAR, GAP, TALL = 4, 2, 9


def evidence_short(grade: str) -> str:
    """Return the grade as a row writes it ("Trained, ext."); an unknown grade stands as it is."""
    return _(_SHORT[grade]) if grade in _SHORT else grade


def evidence_full(grade: str) -> str:
    """Return the full term, for tooltips, accessible names and the model card."""
    return _(_FULL[grade]) if grade in _FULL else grade


def bars_width() -> int:
    """Return the width of the four bars."""
    return theme.px(4 * BAR + 3 * GAP)


def paint_evidence(
    painter: QPainter, rect: QRectF, grade: str, *, words: bool = True, full: bool = False
) -> None:
    """Paint four bars, as many filled as the grade has, at the left of *rect*, and its words after them."""
    filled = BARS.get(grade, 0)
    bar, gap, tall = theme.px(BAR), theme.px(GAP), theme.px(TALL)
    top = round(rect.center().y() - tall / 2)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    for number in range(4):
        box = QRectF(round(rect.left()) + number * (bar + gap), top, bar, tall)
        if number < filled:
            painter.fillRect(box, theme.color(Role.TEXT))
        else:
            painter.setPen(QPen(theme.color(Role.CONTROL), 1))
            painter.drawRect(box.adjusted(0, 0, -1, -1))
    painter.restore()
    if words:
        text = evidence_full(grade) if full else evidence_short(grade)
        paint_text(painter, rect.adjusted(bars_width() + S8, 0, 0, 0), text, type_=Type.CAPTION)


class Evidence(QWidget):
    """An evidence badge as a widget. *full* writes the full term."""

    def __init__(
        self, grade: str = "", *, full: bool = False, words: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._grade, self._full, self._words = grade, full, words
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._dress)
        self._dress()

    def set_grade(self, grade: str) -> None:
        """Show another grade."""
        self._grade = grade
        self._dress()

    def _dress(self) -> None:
        name = _("Evidence: {grade}").format(grade=evidence_full(self._grade))
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for bars and words."""
        text = evidence_full(self._grade) if self._full else evidence_short(self._grade)
        words = S8 + text_width(text, Type.CAPTION) + 2 if self._words else 0
        return QSize(int(bars_width() + words) + 1, theme.line(Type.BODY))

    def changeEvent(self, event: QEvent) -> None:
        """Say it again in the new language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._dress()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the badge."""
        paint_evidence(QPainter(self), self.rect().toRectF(), self._grade, words=self._words, full=self._full)
