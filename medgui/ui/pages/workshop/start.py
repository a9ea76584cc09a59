"""What the Workshop page shows before a table is chosen."""

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout

from medgui.i18n import _
from medgui.ui.shapes import Mark
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.panels import StatePanel
from medgui.ui.widgets.text import clear_layout


def say_start(
    column: QVBoxLayout,
    unavailable: str,
    choose: Callable[[], object],
    file: str,
    go_on: Callable[[], object],
) -> list[Button]:
    """Fill *column* and give its buttons. *file*: the table that was left, "" for none; *go_on* returns to it."""
    clear_layout(column)
    if unavailable:
        column.addWidget(StatePanel(Mark.REFUSED, lambda: _("Nothing can be trained here"), unavailable), 1)
        return []

    def words() -> str:
        return _(
            "A CSV with one row a patient: the outcome in one column, what was known before it in the others. "
            "At least 50 rows, and 10 people with and without the event. Nothing leaves this computer, and no "
            "patient's row is stored in the model."
        )

    buttons = [Button(lambda: _("Choose a table"), choose, kind="primary")]
    if file:
        buttons.insert(0, Button(lambda: _("Go on with {file}").format(file=file), go_on))
    title = lambda: _("Train a model on your own patients")  # noqa: E731
    column.addWidget(StatePanel("table", title, words, buttons), 1)
    return buttons
