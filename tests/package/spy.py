"""The window from source, which says where its parts are: `python -m tests.package.spy FILE`.

For each line on the standard input it prints one line of JSON: every part that can be seen, with its class, its words
and its place on the screen. A test aims real clicks by it, at this window and at the packaged one, which has nothing
of the kind.
"""

from __future__ import annotations

import json
import os
import select
import sys
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QTableView, QWidget

EVERY_MS = 20


def parts() -> list[dict[str, Any]]:
    """What can be seen now."""
    from PySide6.QtWidgets import QApplication, QTableView

    seen = [widget for widget in QApplication.allWidgets() if _seen(widget)]
    tables = [widget for widget in seen if isinstance(widget, QTableView)]
    return [_part(widget) for widget in seen] + [cell for table in tables for cell in _cells(table)]


def _seen(widget: QWidget) -> bool:
    return widget.isVisible() and not widget.visibleRegion().isEmpty()


def _part(widget: QWidget) -> dict[str, Any]:
    box = widget.visibleRegion().boundingRect()
    corner = widget.mapToGlobal(box.topLeft())
    text = getattr(widget, "text", None)
    return {
        "kind": type(widget).__name__,
        "kinds": [each.__name__ for each in type(widget).__mro__],
        "text": _plain(text()) if callable(text) else "",
        "name": _plain(widget.accessibleName()),
        "box": [corner.x(), corner.y(), box.width(), box.height()],
    }


def _cells(table: QTableView) -> list[dict[str, Any]]:
    """The cells of a table that can be seen, each named by the first of its row and by its column."""
    model, view, found = table.model(), table.viewport(), []
    for row in range(model.rowCount()):
        first = str(model.index(row, 0).data() or "")
        for column in range(model.columnCount()):
            box = table.visualRect(model.index(row, column)) & view.rect()
            if box.isEmpty():
                continue
            corner = view.mapToGlobal(box.topLeft())
            head = str(model.headerData(column, Qt.Orientation.Horizontal) or "")
            place = [corner.x(), corner.y(), box.width(), box.height()]
            found.append(
                {
                    "kind": "Cell",
                    "kinds": ["Cell"],
                    "text": _plain(f"{first}: {head}"),
                    "name": "",
                    "box": place,
                }
            )
    return found


def _plain(words: str) -> str:
    """Words with usual spaces, as a test writes them."""
    return " ".join(words.split())


def answer() -> None:
    """Answer what was asked since the last time."""
    ready, _w, _x = select.select([0], [], [], 0)
    if ready and os.read(0, 4096):
        sys.stdout.write(json.dumps(parts()) + "\n")
        sys.stdout.flush()


def watched(application: QApplication) -> QApplication:
    """Make an application answer."""
    from PySide6.QtCore import QTimer

    timer = QTimer(application)
    timer.timeout.connect(answer)
    timer.start(EVERY_MS)
    return application


def main() -> int:
    """Start the window through the command line of the program."""
    from medgui import app
    from medgui.cli.main import main as command_line

    made = app.make_application
    app.make_application = lambda settings: watched(made(settings))
    return int(command_line(sys.argv[1:]))


if __name__ == "__main__":
    sys.exit(main())
