"""The program's icon in every size of the hicolor theme, drawn by Qt from the one SVG."""

from __future__ import annotations

from pathlib import Path

SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
SOURCE = Path(__file__).resolve().parents[2] / "resources" / "icons" / "medgui.svg"


def png(size: int, source: Path = SOURCE) -> bytes:
    """Draw the icon *size* pixels wide. The same Qt gives the same bytes."""
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(str(source)).render(painter)
    painter.end()
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(content.data())


def icon_files(name: str) -> dict[str, bytes]:
    """Files below `…/icons/hicolor`, by their path."""
    files = {f"{size}x{size}/apps/{name}.png": png(size) for size in SIZES}
    files[f"scalable/apps/{name}.svg"] = SOURCE.read_bytes()
    return files
