"""The program's icon as Windows and macOS want it: `python packaging/icon_files.py FOLDER` writes .ico and .icns.

Both are containers of PNG pictures of several sizes, drawn by Qt from the one SVG; the same Qt gives the same bytes,
which a reproducible build needs. Nothing is asked of Pillow or of the tools of either system.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "resources" / "icons" / "medgui.svg"
ICO_SIZES = (16, 20, 24, 32, 40, 48, 64, 128, 256)
"""Those that Windows asks for at 100 to 200 %, and the large one of its lists."""
ICNS_TYPES: Mapping[bytes, int] = {
    b"icp4": 16,
    b"icp5": 32,
    b"ic07": 128,
    b"ic08": 256,
    b"ic09": 512,
    b"ic10": 1024,
    b"ic11": 32,
    b"ic12": 64,
    b"ic13": 256,
    b"ic14": 512,
}
"""The types of an .icns that hold PNG, and their pixels; ic11 to ic14 are those of Retina screens."""


def png(size: int, source: Path = SOURCE) -> bytes:
    """Draw the icon *size* pixels wide."""
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    renderer = QSvgRenderer(str(source))
    if not renderer.isValid():
        raise SystemExit(f"{source} is no SVG picture")
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter)
    painter.end()
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(content.data())


def ico(pictures: Sequence[tuple[int, bytes]]) -> bytes:
    """An .ico of PNG *pictures* (size, content): a head, an entry of 16 bytes a picture, the pictures."""
    head = struct.pack("<HHH", 0, 1, len(pictures))
    place, entries = len(head) + 16 * len(pictures), b""
    for size, content in pictures:
        width = size % 256  # 256 is written as 0
        entries += struct.pack("<BBBBHHII", width, width, 0, 0, 1, 32, len(content), place)
        place += len(content)
    return head + entries + b"".join(content for _size, content in pictures)


def icns(pictures: Mapping[bytes, bytes]) -> bytes:
    """An .icns of PNG *pictures* by type: each with its type and length, in big-endian order."""
    body = b"".join(
        kind + struct.pack(">I", len(content) + 8) + content for kind, content in pictures.items()
    )
    return b"icns" + struct.pack(">I", len(body) + 8) + body


def write(folder: Path, source: Path = SOURCE) -> list[Path]:
    """Write both files into *folder*; the spec takes them from there."""
    from PySide6.QtGui import QGuiApplication

    application = QGuiApplication.instance() or QGuiApplication(["icon", "-platform", "offscreen"])
    drawn = {size: png(size, source) for size in sorted({*ICO_SIZES, *ICNS_TYPES.values()})}
    del application
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "medgui.ico": ico([(size, drawn[size]) for size in ICO_SIZES]),
        "medgui.icns": icns({kind: drawn[size] for kind, size in ICNS_TYPES.items()}),
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in files]


if __name__ == "__main__":
    for path in write(Path(sys.argv[1])):
        print(path)
