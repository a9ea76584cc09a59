"""`medgui [FILE]`: the window."""

from __future__ import annotations

import argparse
import gc
from importlib import import_module
from pathlib import Path


def run(options: argparse.Namespace) -> int:
    """Open the window, on a file where one is named, and return its exit code."""
    gc.disable()  # nothing made before the first paint is garbage; afterwards medgui.ui.garbage collects
    app = import_module("medgui.app")
    path = Path(options.file) if options.file else None
    code: int = app.run(path, patient=options.patient, as_of=options.as_of or "")
    return code
