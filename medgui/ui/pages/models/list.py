"""The list of models at the left of the page: by kind, each with its evidence bars, refused ones with their sign."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem

from medgui.frozen import frozen
from medgui.i18n import N_, _, localised, ngettext
from medgui.inference.locked_instruments import locked_instruments
from medgui.ui.pages.models.locked import NOT_CONTAINED
from medgui.ui.score_words import found_by
from medgui.ui.shapes import Mark, paint_mark, paint_text
from medgui.ui.style import paint_ring
from medgui.ui.theme import S8, S16, Role, Type, theme
from medgui.ui.widgets.evidence import bars_width, evidence_full, paint_evidence

if TYPE_CHECKING:
    from medgui.inference.catalogue import Catalogue
    from medgui.inference.header import Header

Index = QModelIndex | QPersistentModelIndex
LINE = Qt.ItemDataRole.UserRole + 1

KINDS = {
    "risk": N_("Risk"),
    "diagnosis": N_("Likely condition"),
    "score": N_("Scores and equations"),
    "image": N_("Image"),
}


@frozen
class Line:
    """One line: a heading (no id), a model, or a refused one (no grade)."""

    title: str
    id: str = ""
    grade: str = ""
    refused: str = ""


def lines_of(catalogue: "Catalogue", text: str = "") -> list[Line]:
    """List headings and models, then the refused ones, then the line of what is not contained.

    With *text* only the models that it finds.
    """
    asked = text.casefold().split()
    lines: list[Line] = []
    for kind, heading in KINDS.items():
        here = [b.header for b in catalogue if b.header.kind == kind]
        if asked:
            here = [m for m in here if all(word in found_by(m) for word in asked)]
        if not here:
            continue
        lines.append(Line(_(heading)))
        lines += [Line(short_name(m), m.id, m.evidence) for m in here]
    if asked:
        return lines
    if catalogue.refused:
        lines.append(Line(_("Refused")))
        lines += [Line(name, name, refused=words) for name, words in catalogue.refused.items()]
    count = len(locked_instruments())
    words = ngettext("{n} locked instrument", "{n} locked instruments", count).format(n=count)
    return [*lines, Line(_("Not contained")), Line(words, NOT_CONTAINED)]


def short_name(header: "Header") -> str:
    """Return the shorter of a model's name and its title: the list is narrow. A recalibrated one says so first."""
    lineage = header.lineage
    if lineage is not None and lineage.made == "recalibrated":
        return _("Recalibrated: {model}").format(model=localised(header.title))
    return min(localised(header.name), localised(header.title), key=len)


class ModelLines(QAbstractListModel):
    """The lines as an item model; headings cannot be chosen."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.lines: list[Line] = []

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Show other lines."""
        self.beginResetModel()
        self.lines = list(lines)
        self.endResetModel()

    def row_of(self, id_: str) -> int:
        """Return the row of a model; -1 where it is not there."""
        return next((n for n, line in enumerate(self.lines) if line.id == id_ and id_), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Count the lines."""
        return 0 if parent.isValid() else len(self.lines)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let models be chosen, headings not."""
        line = self.lines[index.row()]
        on = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return on if line.id else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return one line, or its words for a screen reader."""
        line = self.lines[index.row()]
        if role == LINE:
            return line
        if role == Qt.ItemDataRole.DisplayRole:
            return line.title
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            if line.refused:
                return _("{model}, refused: {reason}").format(model=line.title, reason=line.refused)
            if line.grade:
                return _("{model}, {evidence}").format(model=line.title, evidence=evidence_full(line.grade))
            return line.title
        return None


class LineDelegate(QStyledItemDelegate):
    """Paints one line."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Keep the height of the list."""
        return QSize(theme.px(120), theme.px(32))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint heading or model."""
        view, line = option.widget, index.data(LINE)
        rect = QRectF(option.rect)
        inner = rect.adjusted(S16, 0, -S16, 0)
        if not line.id:
            paint_text(painter, inner.adjusted(0, 6, 0, 0), line.title, type_=Type.CAPTION, role=Role.MUTED)
            return
        current = isinstance(view, QListView) and view.currentIndex().row() == index.row()
        if current:
            painter.fillRect(option.rect, theme.color(Role.ACCENT_TINT))
        room = bars_width() + S8
        paint_text(painter, inner.adjusted(0, 0, -room, 0), line.title, bold=current)
        right = QRectF(inner.right() - bars_width(), inner.top(), bars_width(), inner.height())
        if line.refused:
            side = theme.px(12)
            mark = QRectF(inner.right() - side, inner.center().y() - side / 2, side, side)
            paint_mark(painter, mark, Mark.REFUSED)
        elif line.grade:
            paint_evidence(painter, right, line.grade, words=False)
        if current and isinstance(view, QListView) and view.hasFocus():
            paint_ring(painter, rect.adjusted(2, 1, -2, -1), theme)
