"""The commands of the Workshop page and their keys."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from medgui.i18n import N_
from medgui.ui.commands import Command

if TYPE_CHECKING:
    from medgui.ui.pages.workshop.columns import ColumnsView

PAGE = "workshop"
ROLE_KEYS = {
    "input": ("I", N_("Column: input of the model")),
    "group": ("G", N_("Column: group to compare")),
    "id": ("P", N_("Column: identifies the person")),
    "leave_out": ("L", N_("Column: leave it out")),
}


def commands(
    columns: Callable[[], ColumnsView], go_on: Callable[[], object], choose: Callable[[], object]
) -> list[Command]:
    """What the buttons of the page do, and the choices for a column while its table is shown.

    *columns* is asked when a key is pressed: the commands are made before the view is.
    """

    def shown() -> bool:
        return columns().isVisible()

    def choose_role(role: str) -> None:
        columns().choose_role(role)

    return [
        Command("workshop.next", N_("Next step of the workshop"), go_on, ("Ctrl+S",), PAGE),
        Command("workshop.choose", N_("Train a model on your own patients"), choose),
        *(
            Command(f"workshop.{role}", title, partial(choose_role, role), (key,), PAGE, shown)
            for role, (key, title) in ROLE_KEYS.items()
        ),
        Command(
            "workshop.keep",
            N_("Known beforehand: keep it"),
            lambda: columns().keep_current(),
            ("K",),
            PAGE,
            shown,
        ),
        Command(
            "workshop.look",
            N_("Next column to look at"),
            lambda: columns().next_noted(),
            ("F4",),
            PAGE,
            shown,
        ),
    ]
