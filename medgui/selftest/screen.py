"""Check of the screen: where a window would open, found out before Qt is asked, since Qt aborts where it finds none.

On Linux the platform plugin is loaded by hand, which names a library that is missing, and the screen is spoken to;
only then is the application made: on that platform, or on "offscreen", which paints into memory.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from medgui.i18n import _, format_count
from medgui.selftest.outcome import Check, Surroundings, note, right, wrong

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

VARIABLE = "QT_QPA_PLATFORM"
OFFSCREEN = "offscreen"
_UNSEEN = (OFFSCREEN, "minimal", "vnc")


def application() -> tuple[QApplication, str]:
    """The one application, and why it is not on a screen ("" where it is). Made at the first call."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtWidgets import QApplication

    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing, ""
    problem = why_no_screen()
    if problem:
        os.environ[VARIABLE] = OFFSCREEN
    policy = Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(policy)
    made = QApplication(["medgui", "-style", "Fusion"])
    made.setProperty("fusion", True)
    made.setApplicationName("medgui")
    return made, problem


def why_no_screen() -> str:
    """Say why no window can open here; "" where one can, or where the platform was named from outside."""
    if os.environ.get(VARIABLE) or sys.platform in ("win32", "darwin"):
        return ""
    if os.environ.get("WAYLAND_DISPLAY") and not _plugin_problem("qwayland"):
        return ""
    if not os.environ.get("DISPLAY"):
        return _("No screen answers here (neither DISPLAY nor WAYLAND_DISPLAY is set)")
    return _plugin_problem("qxcb") or _display_problem()


def _plugin_problem(name: str) -> str:
    """Load the platform plugin *name* as Qt would; say which library is missing."""
    from PySide6.QtCore import QLibraryInfo

    folder = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)) / "platforms"
    try:
        ctypes.CDLL(str(folder / f"lib{name}.so"))
    except OSError as error:
        missing = str(error).partition(":")[0]
        return _("No window can open: the system lacks the library {name}, which Qt needs").format(
            name=missing
        )
    return ""


def _display_problem() -> str:
    """Knock at the X server that DISPLAY names."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
        xcb.xcb_connect.restype = ctypes.c_void_p
        connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
        refused = xcb.xcb_connection_has_error(connection)
        xcb.xcb_disconnect(connection)
    except (OSError, AttributeError):
        return ""  # Qt brings what it needs, and will say the rest itself
    return _("The screen that DISPLAY names does not answer") if refused else ""


def check_screen(_around: Surroundings) -> Check:
    """Name the platform, the size of the screen and its scale."""
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtWidgets import QApplication

    _made, problem = application()
    platform = QGuiApplication.platformName()
    shown = QApplication.primaryScreen()
    if not QApplication.screens():
        return wrong("screen", _("Qt names no screen on the platform “{name}”.").format(name=platform))
    size, scale = shown.size(), shown.devicePixelRatio()
    details = {
        "platform": platform,
        "screens": len(QApplication.screens()),
        "width": size.width(),
        "height": size.height(),
        "scale": scale,
        "problem": problem,
    }
    if platform in _UNSEEN:
        why = problem or _("The platform “{name}” was asked for").format(name=platform)
        return note("screen", _("{why}: painted in memory.").format(why=why), **details)
    sentence = _("{n} × {m} pixels at {scale} %, platform “{name}”.")
    words = sentence.format(
        n=format_count(round(size.width() * scale)),
        m=format_count(round(size.height() * scale)),
        scale=round(100 * scale),
        name=platform,
    )
    return right("screen", words, **details)
