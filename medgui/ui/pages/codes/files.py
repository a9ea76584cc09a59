"""Where the clinic's map is exported to and imported from."""

from datetime import date
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from medgui.i18n import _
from medgui.ui.shapes import Mark
from medgui.ui.shell import Shell

SUFFIX = ".json"


def ask_export(shell: Shell, parent: QWidget) -> None:
    """Ask where to, and write the map there."""
    proposal = f"medgui-codes-{date.today().isoformat()}{SUFFIX}"
    chosen, _kind = QFileDialog.getSaveFileName(
        parent, _("Export codes of laboratories"), proposal, _("Map of codes (*.json)")
    )
    if chosen:
        path = Path(chosen)
        export_to(shell, path if path.suffix else path.with_name(path.name + SUFFIX))


def export_to(shell: Shell, path: Path) -> None:
    """Write the map in the background and say where it is."""
    services = shell.services

    def done(_none: object) -> None:
        shell.messages.tell(Mark.INFO, lambda: _("Saved: {file}").format(file=path.name))

    shell.tasks.job(lambda _token: services.codes().export_to(path)).on_done(done).run("storage")


def ask_import(parent: QWidget) -> Path | None:
    """Ask which file; None where none was chosen."""
    chosen, _kind = QFileDialog.getOpenFileName(
        parent, _("Import codes of laboratories"), "", _("Map of codes (*.json)")
    )
    return Path(chosen) if chosen else None
