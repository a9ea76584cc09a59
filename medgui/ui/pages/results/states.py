"""What the Results page says where it has no rows, or not all of them."""

from collections.abc import Callable

from medgui.i18n import _, ngettext
from medgui.ui.shapes import Mark
from medgui.ui.widgets.button import Button
from medgui.ui.widgets.panels import StatePanel


def nobody(open_file: Callable[[], object]) -> StatePanel:
    """No patient is open."""
    action = Button(lambda: _("Open a file"), open_file, key="Ctrl+O")
    return StatePanel(
        "results",
        lambda: _("No patient open"),
        lambda: _("Results appear here when a file is opened"),
        (action,),
    )


def nothing() -> StatePanel:
    """No model applies to what the file holds."""
    return StatePanel(
        "results",
        lambda: _("No model applies"),
        lambda: _("The file holds none of the values that the installed models need"),
    )


def partial(number: int, again: Callable[[], object]) -> StatePanel:
    """The run was stopped after *number* findings."""
    words = lambda: ngettext(  # noqa: E731 - said again in another language
        "Stopped by you. {n} finding is complete.", "Stopped by you. {n} findings are complete.", number
    ).format(n=number)
    return StatePanel(Mark.CAUTION, words, "", (Button(lambda: _("Continue"), again, key="F5"),))
