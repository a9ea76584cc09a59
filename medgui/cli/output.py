"""Writing to standard output: text lines or JSON. A broken pipe is the reader's own wish to stop."""

from __future__ import annotations

import errno
import json
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TextIO

from medgui.errors import OutputNotWritable
from medgui.files import reason
from medgui.i18n import NBSP, _


def write_json(data: Mapping[str, Any]) -> None:
    """Write indented JSON in ASCII-safe UTF-8; NaN or infinity in it is a fault."""
    text = json.dumps(data, ensure_ascii=_ascii_only(), indent=2, allow_nan=False)
    with writing_to(_("The standard output")):
        stream = standard_output()
        stream.write(text + "\n")
        stream.flush()


def write_lines(lines: Iterable[str]) -> None:
    """Write lines of text."""
    text = "".join(line.rstrip().replace(NBSP, " ") + "\n" for line in lines)
    with writing_to(_("The standard output")):
        stream = standard_output()
        stream.write(text)
        stream.flush()


def standard_output() -> TextIO:
    """Return the standard output. `OSError` where the program was started with it closed."""
    if sys.stdout is None:
        raise OSError(errno.EBADF, "closed")
    return sys.stdout


@contextmanager
def writing_to(name: str) -> Iterator[None]:
    """Turn what the system says of a full disk or a read-only folder into `OutputNotWritable` with *name*.

    A broken pipe passes: it is no error but the reader's wish to stop.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        if sys.platform == "win32" and error.errno == errno.EINVAL and error.filename is None:
            raise BrokenPipeError from error  # what Windows says where nobody reads any more
        sentence = _("{file} cannot be written: {reason}.")
        raise OutputNotWritable(sentence.format(file=name, reason=reason(error, writing=True))) from error


def table(rows: Sequence[Sequence[str]], *, indent: int = 2, gap: int = 2, widest: int = 44) -> list[str]:
    """Align columns of text; Chinese signs count double. The last column is not padded."""
    if not rows:
        return []
    count = max(len(row) for row in rows)
    widths = [
        min(widest, max((width(row[i]) for row in rows if i < len(row)), default=0)) for i in range(count)
    ]
    lines = []
    for row in rows:
        cells = [
            cell if i == len(row) - 1 else cell + " " * max(widths[i] - width(cell), 0)
            for i, cell in enumerate(row)
        ]
        lines.append(" " * indent + (" " * gap).join(cells))
    return lines


def width(text: str) -> int:
    """Return how many columns of a terminal *text* takes."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _ascii_only() -> bool:
    return (getattr(sys.stdout, "encoding", None) or "ascii").lower().replace("-", "") not in (
        "utf8",
        "utf8sig",
    )
