"""A virtual screen (Xvfb): start it, look at its pixels, ask a window to close as a window manager does."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import shutil
import struct
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

SIZE = (1400, 900)
HEADER = 25
"""Numbers of four bytes at the head of an XWD file; the first is the length of head and window name."""


class Screen:
    """One running X server. *display* is what DISPLAY has to say; *prefix* starts what has to reach it."""

    def __init__(self, display: str, folder: Path, prefix: Sequence[str] = ()) -> None:
        self.display = display
        self._prefix = list(prefix)
        self._picture = folder / "Xvfb_screen0"

    def tool(self, *arguments: str, seconds: float = 60) -> str:
        """Run xdotool on this screen and give what it printed."""
        done = subprocess.run(
            [*self._prefix, "xdotool", *arguments],
            env={**os.environ, "DISPLAY": self.display, "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        return done.stdout.strip()

    def window(self, title: str, seconds: float = 60) -> str:
        """The id of a visible window whose title holds *title*; waits for it."""
        found: list[str] = []

        def look() -> bool:
            found[:] = self.tool("search", "--onlyvisible", "--name", title).splitlines()
            return bool(found)

        wait(f"a window titled {title}", look, seconds)
        return found[-1]

    def pixels(self) -> bytes:
        """Everything on the screen, four bytes a pixel."""
        data = self._picture.read_bytes()
        numbers = struct.unpack(f">{HEADER}I", data[: 4 * HEADER])
        colours = numbers[19]
        return data[numbers[0] + 12 * colours :]

    def colours(self) -> Counter[bytes]:
        """How often each colour is seen."""
        data = self.pixels()
        return Counter(data[i : i + 4] for i in range(0, len(data), 4 * 7))

    def ask_to_close(self, window: str) -> None:
        """Send WM_DELETE_WINDOW, as the cross in a title bar does."""
        if not self._prefix:
            close(self.display, window)
            return
        call = f"from tests.helpers import screen; screen.close({self.display!r}, {window!r})"
        variables = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
        subprocess.run([*self._prefix, sys.executable, "-c", call], env=variables, check=True, timeout=60)


def close(display: str, window: str) -> None:
    """Tell a window of a screen to close."""
    x11 = ctypes.CDLL(ctypes.util.find_library("X11") or "libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XInternAtom.restype = ctypes.c_ulong
    opened = ctypes.c_void_p(x11.XOpenDisplay(display.encode()))
    protocols = x11.XInternAtom(opened, b"WM_PROTOCOLS", 0)
    delete = x11.XInternAtom(opened, b"WM_DELETE_WINDOW", 0)
    event = _ClientMessage(33, 0, 1, None, int(window), protocols, 32, (delete, 0, 0, 0, 0))
    room = ctypes.create_string_buffer(192)
    ctypes.memmove(room, ctypes.byref(event), ctypes.sizeof(event))
    x11.XSendEvent(opened, ctypes.c_ulong(int(window)), 0, ctypes.c_long(0), room)
    x11.XCloseDisplay(opened)


class _ClientMessage(ctypes.Structure):
    """XClientMessageEvent of Xlib."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", ctypes.c_long * 5),
    )


def wait(for_what: str, condition: Callable[[], object], seconds: float = 60) -> None:
    """Wait until *condition* holds; fail in words where it does not in time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited in vain for {for_what}"
        time.sleep(0.05)


def lacking() -> str:
    """What this machine lacks for a virtual screen, "" where nothing."""
    return ", ".join(name for name in ("Xvfb", "xdotool") if shutil.which(name) is None)


@contextmanager
def screen(folder: Path, *options: str, prefix: Sequence[str] = ()) -> Iterator[Screen]:
    """Run an X server without a monitor, reached through a local socket only, on a number of its own choice.

    *prefix* starts the server and what reaches it (in a namespace), *options* are further ones of Xvfb.
    """
    inner, outer = os.pipe()
    width, height = SIZE
    server = subprocess.Popen(
        [
            *prefix,
            "Xvfb",
            "-displayfd",
            str(outer),
            "-screen",
            "0",
            f"{width}x{height}x24",
            "-fbdir",
            str(folder),
            "-nolisten",
            "tcp",
            "-noreset",  # else the server starts anew, and drops who connects, whenever xdotool was alone on it
            *options,
        ],
        pass_fds=(outer,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(outer)
    try:
        with os.fdopen(inner) as stream:
            number = stream.readline().strip()
        assert number, "Xvfb did not start"
        yield Screen(f":{number}", folder, prefix)
    finally:
        server.terminate()
        server.wait(30)
