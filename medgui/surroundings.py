"""The environment for other programs that the packaged program starts: a PDF viewer, say.

The start of a packaged program on Linux tells the loader and Qt to look into its own folder first. What it starts
would inherit that, and a viewer with our libcrypto or our Qt plug-ins does not start or breaks later. The loader of
this process has read its variables long ago, so they may be taken away for a moment.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

OURS = ("LD_LIBRARY_PATH", "QT_PLUGIN_PATH")
BEFORE = "_ORIG"
"""PyInstaller keeps what stood in LD_LIBRARY_PATH under this name; packaging/entry.py does so for QT_PLUGIN_PATH."""


def packaged() -> bool:
    """Tell whether the start of a packaged program has set the variables."""
    return "_PYI_ARCHIVE_FILE" in os.environ


@contextmanager
def of_the_user() -> Iterator[None]:
    """Within the block, started programs see the variables that the user's session has."""
    if not packaged():
        yield
        return
    kept = dict(os.environ)
    try:
        for name in OURS:
            before = os.environ.pop(name + BEFORE, None)
            os.environ.pop(name, None)
            if before is not None:
                os.environ[name] = before
        for name in [name for name in os.environ if name.startswith("_PYI_")]:
            del os.environ[name]
        yield
    finally:
        for name, value in kept.items():
            os.environ[name] = value
