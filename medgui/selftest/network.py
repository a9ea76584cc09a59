"""Sees whether anything opens a connection while the test runs: Python's audit events, and the kernel's list.

Audit hooks stay for the life of the process (PEP 578), so that one is added once and reports to whichever watch is
open. Libraries that call the system without Python are caught where the kernel lists their sockets (Linux).
Sockets of this machine (a window's own, loopback) are no network.
"""

from __future__ import annotations

import ipaddress
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from medgui.i18n import _
from medgui.selftest.outcome import Check, right, wrong

_LOCAL_FAMILIES = (1, -1)
"""AF_UNIX, and a family that is to be found from a handle."""
_MODULES = ("urllib.", "http.", "ftplib.", "smtplib.", "imaplib.", "poplib.", "telnetlib.", "webbrowser.")
_ADDRESSED = ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg")
_NAMED = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo")
_TABLES = ("tcp", "tcp6", "udp", "udp6", "raw", "raw6")

_watches: list[list[str]] = []
_hooked: list[bool] = []


@contextmanager
def watching() -> Iterator[list[str]]:
    """Collect what is seen inside the block, each event once."""
    if not _hooked:
        _hooked.append(True)
        sys.addaudithook(_hook)
    seen: list[str] = []
    _watches.append(seen)
    try:
        yield seen
    finally:
        _watches.remove(seen)


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if _watches:
        words = _seen(event, arguments)
        for seen in _watches if words else ():
            if words not in seen:
                seen.append(words)


def _seen(event: str, arguments: tuple[Any, ...]) -> str:
    """Name the event where it is one of the network; "" for all others."""
    if event == "socket.__new__":
        return f"{event} family {arguments[1]}" if arguments[1] not in _LOCAL_FAMILIES else ""
    if event in _ADDRESSED:
        return "" if isinstance(arguments[1], str | bytes | None) else event
    return event if event in _NAMED or event.startswith(_MODULES) else ""


def connections() -> list[str]:
    """Sockets of this process that the kernel lists under an internet family with a far end (Linux)."""
    own = set()
    handles = Path("/proc/self/fd")
    if not handles.is_dir():
        return []
    for handle in handles.iterdir():
        try:
            own.add(str(handle.readlink()))
        except OSError:
            continue
    found = []
    for table in _TABLES:
        try:
            lines = (Path("/proc/self/net") / table).read_text().splitlines()[1:]
        except OSError:
            continue
        rows = [line.split() for line in lines]
        found += [
            f"{table} {row[2]}" for row in rows if f"socket:[{row[9]}]" in own and not _loopback(row[2])
        ]
    return found


def _loopback(address: str) -> bool:
    """Whether a far end, as the kernel writes it ("0100007F:1770"), is this machine."""
    digits = bytes.fromhex(address.partition(":")[0])
    words = b"".join(digits[n : n + 4][::-1] for n in range(0, len(digits), 4))
    found = ipaddress.ip_address(words if sys.byteorder == "little" else digits)
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_loopback


def check_network(seen: list[str]) -> Check:
    """Nothing opened a connection while the test ran."""
    found = [*seen, *connections()]
    if found:
        sentence = _("The program reached for the network: {event}. It must not; tell who installed it.")
        return wrong("network", sentence.format(event=found[0]), seen=found)
    return right("network", _("No connection was opened during this test."), seen=[])
