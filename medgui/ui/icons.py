"""Icons: one-colour SVG files, tinted with a role when painted, so that themes switch live."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap

from medgui.paths import resources_dir
from medgui.ui.theme import Role, theme


@lru_cache(maxsize=64)
def _source(name: str) -> str:
    return (resources_dir() / "icons" / f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=256)
def _pixmap(name: str, color: str, size: int) -> QPixmap:
    from PySide6.QtSvg import QSvgRenderer

    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    renderer = QSvgRenderer(QByteArray(_source(name).replace("#000", color).encode()))
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap


def paint_icon(painter: QPainter, rect: QRectF, name: str, role: Role = Role.TEXT) -> None:
    """Paint icon *name* into the square *rect* in the colour of *role*."""
    size = max(1, round(rect.width() * painter.device().devicePixelRatioF()))
    pixmap = _pixmap(name, theme.color(role).name(), size)
    painter.drawPixmap(rect, pixmap, QRectF(pixmap.rect()))


class _Engine(QIconEngine):
    def __init__(self, name: str, role: Role) -> None:
        super().__init__()
        self._name = name
        self._role = role

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        role = Role.MUTED if mode == QIcon.Mode.Disabled else self._role
        paint_icon(painter, QRectF(rect), self._name, role)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        role = Role.MUTED if mode == QIcon.Mode.Disabled else self._role
        return _pixmap(self._name, theme.color(role).name(), max(1, size.width()))

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._role)


def icon(name: str, role: Role = Role.TEXT) -> QIcon:
    """Return icon *name* as a QIcon that takes its colour from the theme each time it is painted."""
    return QIcon(_Engine(name, role))
