"""What the program asks of Windows and macOS themselves, and tells them. Standard library only, read lazily.

Nothing here is needed on Linux. What a call brings back is looked at through `ctypes` as Windows documents it; a call
that fails is no reason not to start, so that everything here answers with something.
"""

from __future__ import annotations

import ctypes
import glob
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

MUTEXES = ("medgui-is-running", "Global\\medgui-is-running")
"""Names by which the installer knows that the program runs: in this session, and in another user's
(`AppMutex` in packaging/windows/medgui.iss)."""
APP_ID = "medgui.medgui"
"""The name under which the task bar gathers windows and shortcuts (`AppUserModelID` in the same file)."""

_READABLE = "D:(A;;GA;;;SY)(A;;GA;;;BA)(A;;GA;;;OW)(A;;0x00100000;;;WD)"
"""Who may do what with the mutexes: an installer that another user runs has to find them (SYNCHRONIZE for everyone)."""
_SYNCHRONIZE = 0x0010_0000
_CHINESE = 0x04
"""LANG_CHINESE, the lower ten bits of a language of Windows."""
_ERROR_ICON = 0x10
_held: list[Any] = []


def announce() -> None:
    """Tell Windows that medgui runs: no update replaces files that are in use, and the task bar knows the program."""
    kernel, readable = _library("kernel32"), _readable()
    for name in MUTEXES:
        # They live as long as the last process that holds them. What another user's program made can only be opened.
        made = _call(kernel, "CreateMutexW", readable, False, name)
        _held.append(made or _call(kernel, "OpenMutexW", _SYNCHRONIZE, False, name))
    _call(_library("shell32"), "SetCurrentProcessExplicitAppUserModelID", APP_ID)


def tell(sentence: str) -> None:
    """Show *sentence* in a small window of Windows: a program without a console has nowhere else to say it."""
    _call(_library("user32"), "MessageBoxW", None, sentence.strip(), "medgui", _ERROR_ICON)


def windows_language() -> str:
    """Return "zh" or "en", the language that Windows shows its own menus in.

    Python's locale tells another thing, the format of numbers and dates, and nothing at all in a packaged program.
    """
    found = _call(_library("kernel32"), "GetUserDefaultUILanguage")
    return "zh" if isinstance(found, int) and found & 0x3FF == _CHINESE else "en"


def mac_language() -> str:
    """Return the first of the languages that the user of this Mac prefers, such as "zh-hans-cn"; "" where none is set.

    A program that Finder starts has no LANG; the preference stands in the user's global settings.
    """
    import plistlib

    path = Path.home() / "Library" / "Preferences" / ".GlobalPreferences.plist"
    try:
        listed = plistlib.loads(path.read_bytes()).get("AppleLanguages")
    except (OSError, plistlib.InvalidFileException, ValueError, AttributeError):
        return ""
    first = listed[0] if isinstance(listed, list) and listed else ""
    return first.lower() if isinstance(first, str) else ""


def expand(arguments: Sequence[str]) -> list[str]:
    """Put the files in the place of a pattern: a shell of Windows hands `*.hl7` over as it was written."""
    found: list[str] = []
    for argument in arguments:
        pattern = not argument.startswith("-") and any(sign in argument for sign in "*?")
        matching = sorted(glob.glob(argument)) if pattern and not os.path.exists(argument) else []
        found += matching or [argument]
    return found


class _Attributes(ctypes.Structure):
    """SECURITY_ATTRIBUTES."""

    _fields_ = [("length", ctypes.c_uint32), ("descriptor", ctypes.c_void_p), ("inherit", ctypes.c_int)]


def _readable() -> Any:
    """A pointer to the rights of `_READABLE`; None, which means the user's own, where Windows makes none of it."""
    found = ctypes.c_void_p()
    maker = "ConvertStringSecurityDescriptorToSecurityDescriptorW"
    if not _call(_library("advapi32"), maker, _READABLE, 1, ctypes.byref(found), None):
        return None
    return ctypes.byref(_Attributes(ctypes.sizeof(_Attributes), found, 0))


def _library(name: str) -> Any:
    """A library of Windows; None elsewhere and where it is missing."""
    try:
        return getattr(ctypes, "WinDLL")(name, use_last_error=True)  # noqa: B009 - ctypes has none but on Windows
    except (AttributeError, OSError):
        return None


def _call(library: Any, function: str, *arguments: object) -> Any:
    """Call one function of Windows; None where it is missing. Handles are as wide as pointers."""
    try:
        called = getattr(library, function)
    except AttributeError:
        return None
    if function in ("CreateMutexW", "OpenMutexW"):
        called.restype = ctypes.c_void_p
    given = [ctypes.c_wchar_p(each) if isinstance(each, str) else each for each in arguments]
    return called(*given)


def unheard() -> bool:
    """Whether this is a packaged program of Windows that was started without a console."""
    return sys.platform == "win32" and bool(getattr(sys, "frozen", False)) and sys.__stderr__ is None
