"""Checks of the computer: folders that can be written, room on the disk, memory and processor."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
from pathlib import Path

from medgui.files import reason
from medgui.i18n import _, format_count, format_number
from medgui.paths import user_config_dir, user_data_dir
from medgui.selftest.outcome import Check, Surroundings, note, right, wrong

MEGABYTE = 1 << 20
LITTLE_MB, TOO_LITTLE_MB = 500, 50
"""Free disk space below which a note is made, and below which a report may not fit."""
LITTLE_MEMORY_MB = 2000
"""The program takes about 220 MB with a patient open (docs/performance.md); the system wants its own part."""


def check_folders(_around: Surroundings) -> Check:
    """The user's folders take a file. Nothing is left behind, not even a folder that was not there."""
    folders = list(dict.fromkeys((user_config_dir(), user_data_dir(), Path(tempfile.gettempdir()))))
    for folder in folders:
        try:
            try_to_write(folder)
        except OSError as error:
            sentence = _("{file} cannot be written: {reason}.")
            shown = sentence.format(file=folder, reason=reason(error, writing=True))
            return wrong("folders", shown, folders=[str(each) for each in folders])
    free = min(shutil.disk_usage(_existing(folder)).free for folder in folders) // MEGABYTE
    details = {"folders": [str(each) for each in folders], "free_mb": free}
    shown = _room(free)
    if free < TOO_LITTLE_MB:
        return wrong("folders", _("The disk is nearly full: {free} free.").format(free=shown), **details)
    if free < LITTLE_MB:
        return note("folders", _("Little room on the disk: {free} free.").format(free=shown), **details)
    sentence = _("Settings, data and temporary folder can be written; {free} free.")
    return right("folders", sentence.format(free=shown), **details)


def try_to_write(folder: Path) -> None:
    """Put a file into *folder* and take it away again, with every folder that was made for it. Raises `OSError`."""
    made = []
    place = folder
    while not place.is_dir():
        made.append(place)
        place = place.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".medgui-selftest-", dir=folder)
        try:
            os.write(handle, b"medgui")
        finally:
            os.close(handle)
            os.unlink(name)
    finally:
        for each in made:
            if each.is_dir() and not any(each.iterdir()):
                each.rmdir()


def _existing(folder: Path) -> Path:
    while not folder.is_dir():
        folder = folder.parent
    return folder


def check_computer(_around: Surroundings) -> Check:
    """Facts about the PC; little memory is a note."""
    memory = memory_mb()
    processors = os.cpu_count() or 1
    details = {
        "system": system_name(),
        "machine": platform.machine(),
        "processor": processor_name(),
        "processors": processors,
        "memory_mb": memory,
    }
    if memory is None:
        sentence = _("{processor}, {n} processors, {system}; its memory is not known.")
    else:
        sentence = _("{processor}, {n} processors, {memory} of memory, {system}.")
    shown = sentence.format(
        processor=processor_name(),
        n=format_count(processors),
        memory=_room(memory or 0),
        system=system_name(),
    )
    told = note if memory is not None and memory < LITTLE_MEMORY_MB else right
    return told("computer", shown, **details)


def _room(megabytes: int) -> str:
    """Write an amount of memory or disk: "812 MB" or "15.6 GB"."""
    return f"{megabytes} MB" if megabytes < 1000 else f"{format_number(megabytes / 1024, 1)} GB"


def memory_mb() -> int | None:
    """Memory of the PC in MB (2^20 bytes), None where the system does not say."""
    if sys.platform == "win32":
        return _windows_memory() // MEGABYTE
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MEGABYTE
    except (OSError, ValueError):
        return None


def _windows_memory() -> int:
    """Bytes of memory by GlobalMemoryStatusEx (sysinfoapi.h): a structure of 64 bytes that names its length first."""
    import ctypes

    answer = (ctypes.c_uint64 * 8)()
    ctypes.cast(answer, ctypes.POINTER(ctypes.c_uint32))[0] = ctypes.sizeof(answer)
    library = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined,unused-ignore]
    return int(answer[1]) if library.GlobalMemoryStatusEx(ctypes.byref(answer)) else 0


def processor_name() -> str:
    """The processor as its maker names it, else the kind of machine."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return " ".join(line.partition(":")[2].split())
    except OSError:
        pass
    return os.environ.get("PROCESSOR_IDENTIFIER") or platform.machine() or _("unknown processor")


def system_name() -> str:
    """The operating system and its release as its maker names them."""
    name = platform.system()
    if name == "Linux":
        try:
            return platform.freedesktop_os_release().get("PRETTY_NAME", name)
        except OSError:
            return name
    return f"macOS {platform.mac_ver()[0]}" if name == "Darwin" else f"{name} {platform.release()}"
