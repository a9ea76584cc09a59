"""The service of updates from a file: what the sheet of the window asks for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from medgui.app.engines import Engines
    from medgui.updates.desk import Done, Offer


class UpdateDesk:
    """`medgui.updates.desk`, and the catalogue read again where models changed."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    def look_at(self, path: Path, progress: Callable[[float], object]) -> Offer:
        """Copy and check the file."""
        from medgui.updates import desk

        return desk.look_at(path, progress=progress)

    def install(self, offer: Offer, progress: Callable[[float], object]) -> Done:
        """Install it."""
        from medgui.updates import desk

        try:
            return desk.install(offer, progress=progress)
        finally:
            self._engines.read_catalogue_again()

    def can_take_back(self) -> tuple[str, ...]:
        """The kinds of which the last update can be taken back."""
        from medgui.updates import desk

        return desk.can_take_back()

    def take_back(self, kind: str) -> Done:
        """Take it back."""
        from medgui.updates import desk

        try:
            return desk.take_back("program" if kind == "program" else "models")
        finally:
            self._engines.read_catalogue_again()
