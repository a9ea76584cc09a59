"""`medgui [FILE]`: the window."""

from __future__ import annotations

import argparse
import gc
from importlib import import_module
from pathlib import Path

from medgui.errors import UserError
from medgui.i18n import _


def run(options: argparse.Namespace) -> int:
    """Open the window, on a file where one is named, and return its exit code."""
    gc.disable()  # nothing made before the first paint is garbage; afterwards medgui.ui.garbage collects
    try:
        app = import_module("medgui.app")
    except ImportError as error:
        if ".so" not in str(error):
            raise
        detail = str(error).partition(":")[0]
        sentence = _("No window can be opened: the system lacks the library {name}, which Qt needs.")
        raise UserError(sentence.format(name=detail)) from error
    path = Path(options.file) if options.file else None
    code: int = app.run(path, patient=options.patient, as_of=options.as_of or "")
    return code
