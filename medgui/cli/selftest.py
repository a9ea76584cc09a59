"""`medgui selftest`: is this installation as it was built? One page for a technician."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medgui.cli.output import write_json, write_lines, writing_to
from medgui.errors import UserError
from medgui.files import write_atomic
from medgui.i18n import _

if TYPE_CHECKING:
    from medgui.selftest.outcome import Selftest
    from medgui.settings import Settings
    from medgui.ui.window import MainWindow

FAILED = 8
"""Exit code where a check is wrong."""
ENDINGS = (".txt", ".pdf", ".json")


def run(options: argparse.Namespace) -> int:
    """Run the checks, and the visit where it is asked for; print or write what came out."""
    from medgui.cli.progress import Bar
    from medgui.selftest.checks import run as run_checks
    from medgui.selftest.outcome import State

    output = Path(options.output) if options.output else None
    if output is not None and output.suffix.lower() not in ENDINGS:
        raise UserError(_("The name of the result ends in .txt, .pdf or .json."))
    bar = Bar()
    found = run_checks(quick=options.quick, visit=_visit if options.visit else None, progress=bar.update)
    bar.close()
    if output is not None:
        _write(found, output)
    if options.json:
        from medgui.selftest.page import document

        write_json(document(found))
    elif output is None:
        from medgui.selftest.page import lines

        write_lines(lines(found, datetime.now().astimezone()))
    return FAILED if found.state is State.FAILED else 0


def _write(found: Selftest, path: Path) -> None:
    from medgui.selftest import page

    now = datetime.now().astimezone()
    ending = path.suffix.lower()
    if ending == ".pdf":
        content = page.pdf(found, now)
    elif ending == ".json":
        text = json.dumps(page.document(found), ensure_ascii=False, indent=2, allow_nan=False)
        content = f"{text}\n".encode()
    else:
        content = "".join(f"{line}\n" for line in page.lines(found, now)).encode()
    with writing_to(path.name):
        write_atomic(path, content)


def _visit() -> Mapping[str, Any]:
    from medgui.selftest.visit.run import run_visit

    return run_visit(_open_window)


def _open_window(settings: Settings) -> MainWindow:
    from medgui import app
    from medgui.ui.window import MainWindow

    app.make_application(settings)
    return MainWindow(app.make_services(settings))
