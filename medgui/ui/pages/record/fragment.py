"""The lines of a file around the place where a value was read."""

import hashlib
from pathlib import Path

from medgui.frozen import frozen
from medgui.record.model import Source

AROUND = 3
WIDEST = 160
LARGEST = 64 * 1024 * 1024


@frozen
class Fragment:
    """Numbered lines; `marked` is the number of the line with the value. Empty where none can be shown."""

    lines: tuple[tuple[int, str], ...] = ()
    marked: int = 0
    changed: bool = False


def read(path: Path, source: Source, sha256: str) -> Fragment:
    """Read the lines around *source*; says so where the file is no longer the one that was read."""
    if source.line is None:
        return Fragment()
    try:
        if path.stat().st_size > LARGEST:
            return Fragment()
        data = path.read_bytes()
    except OSError:
        return Fragment(changed=True)
    if sha256 and hashlib.sha256(data).hexdigest() != sha256:
        return Fragment(changed=True)
    lines = data.decode("utf-8", errors="replace").splitlines()
    first = max(0, source.line - 1 - AROUND)
    part = lines[first : source.line + AROUND]
    indent = min((len(text) - len(text.lstrip()) for text in part if text.strip()), default=0)
    shown = tuple((first + 1 + n, text[indent : indent + WIDEST]) for n, text in enumerate(part))
    return Fragment(shown, source.line)
