"""`medgui [FILE…]`: the window."""

from __future__ import annotations

import argparse
import gc
import os
from importlib import import_module
from pathlib import Path

from medgui.errors import UserError
from medgui.i18n import _

_WINDOWS_LACKS = "DLL load failed"


def run(options: argparse.Namespace) -> int:
    """Open the window, on files where some are named, and return its exit code."""
    first = options.file[0] if options.file else ""
    if len(options.file) > 1 and not os.path.exists(first):  # rather a command that there is not
        raise UserError(_("There is no command and no file {name}. Help: medgui --help").format(name=first))
    gc.disable()  # nothing made before the first paint is garbage; afterwards medgui.ui.garbage collects
    try:
        app = import_module("medgui.app")
    except ImportError as error:
        if str(error).startswith(_WINDOWS_LACKS):
            sentence = _(
                "No window can be opened: a library that {name} needs is missing; "
                "the Visual C++ runtime of Microsoft may have to be installed."
            )
            raise UserError(sentence.format(name=error.name or "Qt")) from error
        if ".so" not in str(error):
            raise
        detail = str(error).partition(":")[0]
        sentence = _("No window can be opened: the system lacks the library {name}, which Qt needs.")
        raise UserError(sentence.format(name=detail)) from error
    code: int = app.run(*map(Path, options.file), patient=options.patient, as_of=options.as_of or "")
    return code
