"""The program's icon in every size of the hicolor theme."""

from __future__ import annotations

from icon_files import SOURCE, png

SIZES = (16, 24, 32, 48, 64, 128, 256, 512)


def icon_files(name: str) -> dict[str, bytes]:
    """Files below `…/icons/hicolor`, by their path."""
    files = {f"{size}x{size}/apps/{name}.png": png(size) for size in SIZES}
    files[f"scalable/apps/{name}.svg"] = SOURCE.read_bytes()
    return files
