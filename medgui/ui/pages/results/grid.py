"""The column grid that every row of the list shares."""

from PySide6.QtCore import QRectF

from medgui.frozen import frozen
from medgui.ui.theme import S16, S24, theme

GAP = 20
UNIT = 44
WIDE, MIDDLE, NARROW = 1080, 880, 620
"""Page widths (without navigation) from which all columns, all but words, and one line a row have room."""


@frozen
class Columns:
    """Rectangles of one row, as high as the row. An empty one has no room and is not painted."""

    title: QRectF
    number: QRectF
    scale: QRectF
    chip: QRectF
    evidence: QRectF
    arrow: QRectF
    evidence_words: bool
    two_lines: bool

    @property
    def digits(self) -> QRectF:
        """Where figures end: the number column without its unit slot."""
        return self.number.adjusted(0, 0, -theme.px(UNIT), 0)

    @property
    def unit(self) -> QRectF:
        """The unit slot at the right of the number column."""
        slot = theme.px(UNIT)
        return QRectF(self.number.right() - slot, self.number.top(), slot, self.number.height())


def columns(width: float, height: float) -> Columns:
    """Divide a row of *width*; lower widths drop words, then the scale, then put a row on two lines."""
    scaled = width / theme.scale
    if scaled < NARROW:
        return _two_lines(width, height)
    words = scaled >= WIDE
    parts = {
        "arrow": theme.px(S16),
        "evidence": theme.px(150 if words else 40),
        "chip": theme.px(160),
        "scale": theme.px(236 if words else 160) if scaled >= MIDDLE else 0,
        "number": theme.px(168),
    }
    right = width - S24
    boxes: dict[str, QRectF] = {}
    for name, part in parts.items():
        boxes[name] = QRectF(right - part, 0, part, height) if part else QRectF()
        right -= part + (GAP if part else 0)
    boxes["title"] = QRectF(S24, 0, max(80.0, right - S24), height)
    return Columns(**boxes, evidence_words=words, two_lines=False)


def _two_lines(width: float, height: float) -> Columns:
    half = height / 2
    arrow = QRectF(width - S16 - theme.px(16), 0, theme.px(16), half)
    chip = QRectF(arrow.left() - 8 - theme.px(160), 0, theme.px(160), half)
    title = QRectF(S16, 0, chip.left() - 8 - S16, half)
    number = QRectF(S16, half, width - 2 * S16 - theme.px(60), half)
    evidence = QRectF(width - S16 - theme.px(40), half, theme.px(40), half)
    return Columns(title, number, QRectF(), chip, evidence, arrow, evidence_words=False, two_lines=True)
