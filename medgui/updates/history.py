"""Who installed or took back what, and when: one line of JSON each, added at the end, in the folder of updates.

Nothing of a patient is in it, and no path: the file on the stick is named by its hash.
"""

from __future__ import annotations

import getpass
import json
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from medgui.frozen import frozen

if sys.platform != "win32":
    import pwd  # here, since nothing can be imported any more once the program was replaced

FILE_NAME = "history.jsonl"
MOST_READ = 1000


@frozen
class Entry:
    """One line. *what*: installed, rolled_back or failed; *before* and *after*: versions as they are shown."""

    when: str
    who: str
    what: str
    kind: str
    version: str
    before: str = ""
    title: Mapping[str, str] | None = None
    signer: str = ""
    sha256: str = ""
    reason: str = ""


def write(folder: Path, what: str, **fields: Any) -> None:
    """Add a line to the history in *folder*. Never raises: an update that took effect is not undone for its line."""
    entry = {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "who": who(),
        "what": what,
        **{name: value for name, value in fields.items() if value},
    }
    line = (json.dumps(entry, ensure_ascii=False) + "\n").encode("utf-8")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / FILE_NAME, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(handle, line)
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        sys.stderr.write(f"medgui: {FILE_NAME}: {error.strerror}\n")


def read(folder: Path) -> list[Entry]:
    """The lines of a history, oldest first; a line that was cut off is passed over."""
    try:
        lines = (folder / FILE_NAME).read_bytes().splitlines()[-MOST_READ:]
    except OSError:
        return []
    found = []
    for line in lines:
        try:
            data = json.loads(line.decode("utf-8"))
            found.append(Entry(**{name: data[name] for name in Entry.__slots__ if name in data}))  # type: ignore[attr-defined]
        except (ValueError, TypeError, LookupError):
            continue
    return found


def who() -> str:
    """The account of who acts: who became root by sudo or pkexec is named by their own."""
    number = os.environ.get("PKEXEC_UID", "")
    try:
        if number.isdigit() and sys.platform != "win32":
            return pwd.getpwuid(int(number)).pw_name
        return os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError, ImportError):
        return number or "?"
