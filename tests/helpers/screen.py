"""A virtual screen (Xvfb): start it, look at its pixels, ask a window to close as a window manager does."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import shutil
import struct
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

SIZE = (1400, 900)
HEADER = 25
"""Numbers of four bytes at the head of an XWD file; the first is the length of head and window name."""


class Screen:
    """One running X server. *display* is what DISPLAY has to say."""

    def __init__(self, display: str, folder: Path) -> None:
        self.display = display
        self._picture = folder / "Xvfb_screen0"

    def tool(self, *arguments: str, seconds: float = 60) -> str:
        """Run xdotool on this screen and give what it printed."""
        done = subprocess.run(
            ["xdotool", *arguments],
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
        x11 = ctypes.CDLL(ctypes.util.find_library("X11") or "libX11.so.6")
        x11.XOpenDisplay.restype = ctypes.c_void_p
        x11.XInternAtom.restype = ctypes.c_ulong
        display = ctypes.c_void_p(x11.XOpenDisplay(self.display.encode()))
        protocols = x11.XInternAtom(display, b"WM_PROTOCOLS", 0)
        delete = x11.XInternAtom(display, b"WM_DELETE_WINDOW", 0)
        event = _ClientMessage(33, 0, 1, None, int(window), protocols, 32, (delete, 0, 0, 0, 0))
        room = ctypes.create_string_buffer(192)
        ctypes.memmove(room, ctypes.byref(event), ctypes.sizeof(event))
        x11.XSendEvent(display, ctypes.c_ulong(int(window)), 0, ctypes.c_long(0), room)
        x11.XCloseDisplay(display)


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
def screen(folder: Path) -> Iterator[Screen]:
    """Run an X server without a monitor, reached through a local socket only, on a number of its own choice."""
    inner, outer = os.pipe()
    width, height = SIZE
    server = subprocess.Popen(
        [
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
        yield Screen(f":{number}", folder)
    finally:
        server.terminate()
        server.wait(30)
