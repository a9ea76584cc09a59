"""The commands of the whole window, with their keys (UI.md, section 6)."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from medgui.i18n import N_, _
from medgui.ui.commands import Command

if TYPE_CHECKING:
    from medgui.ui.window import MainWindow

FOOT = ("palette", "help")
"""Commands named at the foot of the navigation."""


def build(window: "MainWindow") -> list[Command]:
    """Make the commands of *window*."""
    shell, visit = window.shell, window.shell.visit
    has_patient: Callable[[], bool] = lambda: visit.record is not None  # noqa: E731
    commands = [
        Command("open", N_("Open a file"), window.ask_file, ("Ctrl+O",)),
        Command("open-folder", N_("Open a folder"), window.ask_folder, ("Ctrl+Shift+O",)),
        Command("palette", N_("Commands"), lambda: window.palette_.open(), ("Ctrl+K",), listed=False),
        Command(
            "language", N_("Switch between English and Chinese"), window.switch_language, ("Ctrl+Shift+L",)
        ),
        Command("units", N_("Switch units"), visit.switch_units, ("Ctrl+U",)),
        Command("close", N_("Close patient"), visit.close, ("Ctrl+W",), enabled=has_patient),
        Command("run", N_("Run the models again"), visit.run, ("F5",), enabled=has_patient),
        Command("undo", N_("Undo"), lambda: _undo(window), ("Ctrl+Z",)),
        Command("redo", N_("Redo"), lambda: _redo(window), ("Ctrl+Y", "Ctrl+Shift+Z")),
        Command("find", N_("Find on this page"), lambda: _find(window), ("Ctrl+F",)),
        Command("help", N_("Help"), lambda: show_help(window), ("F1",)),
        Command("guide", N_("User guide"), lambda: shell.go("guide")),
        Command("tour", N_("Five-minute tour"), lambda: _tour(window)),
        Command("next-area", N_("Next area"), lambda: step_area(window, 1), ("F6",)),
        Command("previous-area", N_("Previous area"), lambda: step_area(window, -1), ("Shift+F6",)),
        Command("escape", N_("Close or cancel"), lambda: _escape(window), ("Esc",), listed=False),
        Command("start", N_("Open a patient"), lambda: shell.go("start"), ("Alt+Home",)),
        Command("about", N_("About medgui"), lambda: shell.go("about")),
    ]
    if "report" in window.specs:
        pdf = Command(
            "pdf", N_("Make PDF"), lambda: shell.go("report", "export"), ("Ctrl+P",), enabled=has_patient
        )
        commands.append(pdf)
    if "record" in window.specs:
        add = Command(
            "add", N_("Add a value"), lambda: shell.go("record", "add"), ("Ctrl+N",), enabled=has_patient
        )
        ask = Command(
            "question",
            N_("Next open question"),
            lambda: shell.go("record", "question"),
            ("F4",),
            enabled=has_patient,
        )
        names = Command(
            "codes",
            N_("Name the codes of the laboratory"),
            lambda: shell.go("codes", "names"),
            enabled=has_patient,
        )
        clinic = Command("codes.clinic", N_("Codes of laboratories"), lambda: shell.go("codes", "entries"))
        commands += [add, ask, names, clinic]
    return commands + list(_pages(window))


def _pages(window: "MainWindow") -> list[Command]:
    listed = [spec for spec in window.specs.values() if spec.listed]
    return [
        Command(f"page.{spec.key}", spec.title, lambda key=spec.key: window.go(key), (f"Ctrl+{number}",))
        for number, spec in enumerate(listed, start=1)
    ]


def _undo(window: "MainWindow") -> None:
    if not (window.current and window.current.undo()):
        window.shell.visit.undo()


def _redo(window: "MainWindow") -> None:
    if not (window.current and window.current.redo()):
        window.shell.visit.redo()


def _find(window: "MainWindow") -> None:
    if window.current is not None:
        window.current.find()


def _escape(window: "MainWindow") -> None:
    """Close the palette or help, then what the page has open, then stop work; input is never lost."""
    from medgui.ui.files_panel import FilesPanel
    from medgui.ui.help import HelpPanel
    from medgui.ui.update_sheet import UpdateSheet

    if UpdateSheet.close_in(window):
        return
    if window.palette_open:
        window.palette_.close_palette()
    elif HelpPanel.close_in(window) or FilesPanel.close_in(window):
        return
    elif not (window.current and window.current.escape()):
        window.shell.visit.cancel()


def show_help(window: "MainWindow") -> None:
    """Show the keys of this place."""
    from medgui.ui.help import HelpPanel

    HelpPanel.open_in(window, window.shell.commands)


def open_update(window: "MainWindow", path: Path) -> None:
    """Look at an update file in a sheet over the page."""
    from medgui.ui.update_sheet import UpdateSheet

    UpdateSheet.open_in(window, window.shell, path, window.would_be_lost)


def _tour(window: "MainWindow") -> None:
    """Begin the tour; where a patient is open, offer it on the start page: a click there takes the patient away."""
    origin = window.shell.visit.origin
    if window.shell.visit.record is None or (origin is not None and origin.demo):
        window.tour.begin()
    else:
        window.go("start", "tour")


def step_area(window: "MainWindow", by: int) -> None:
    """Put the focus into the next area: banner, navigation, page, its details."""
    areas: list[QWidget] = [first_stop(window.banner), window.nav.focus_item]
    if window.current is not None:
        areas += list(window.current.areas()) or [first_stop(window.current)]
    else:
        areas.append(first_stop(window.stack))
    if window.tour_area is not None:
        areas.append(window.tour_area)
    areas = [area for area in areas if area.isVisible()]
    here = QApplication.focusWidget()
    place = -1 if by > 0 else 0
    for number, area in enumerate(areas):
        if here is not None and (here is area or area.isAncestorOf(here)):
            place = number
    if here is not None and place <= 0 and window.banner.isAncestorOf(here):
        place = 0
    target = areas[(place + by) % len(areas)]
    if target.focusPolicy() == Qt.FocusPolicy.NoFocus:
        target = first_stop(target)
    target.setFocus(Qt.FocusReason.ShortcutFocusReason)


def first_stop(widget: QWidget) -> QWidget:
    """Return the first widget in *widget* that takes the focus by Tab."""
    chain: QWidget | None = widget.nextInFocusChain()
    seen = 0
    while chain is not None and chain is not widget and seen < 2000:
        wants = bool(chain.focusPolicy() & Qt.FocusPolicy.TabFocus)
        if wants and chain.isVisible() and chain.isEnabled() and widget.isAncestorOf(chain):
            return chain
        chain, seen = chain.nextInFocusChain(), seen + 1
    return widget


def ask_to_close(window: QWidget, lost: str) -> bool:
    """Ask whether to close although something is lost; staying is the answer of Enter and Esc."""
    from PySide6.QtWidgets import QMessageBox

    box = QMessageBox(QMessageBox.Icon.NoIcon, "medgui", lost, parent=window)
    close = box.addButton(_("Close all the same"), QMessageBox.ButtonRole.DestructiveRole)
    stay = box.addButton(_("Stay"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(stay)
    box.setEscapeButton(stay)
    box.exec()
    return box.clickedButton() is close
