"""One file that is about to be read, with what the caller asked for; every reader takes this and gives a Record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from medgui.frozen import frozen
from medgui.readers.limits import DEFAULT_LIMITS, Decoded, Limits, decode
from medgui.record.model import Record


@frozen
class PatientFile:
    """Bytes and name of a file, and the choices that go with it.

    data: the whole file; b"" for kinds that are streamed from `path`. patient: which of several. day: the day of
    the visit. mapping: which column of a table holds what.
    """

    path: Path
    name: str
    kind: str
    data: bytes
    day: date
    patient: str | None = None
    mapping: Mapping[str, Any] | None = None
    limits: Limits = DEFAULT_LIMITS

    def decoded(self) -> Decoded:
        """The text of the file. `UnreadableFile` where its byte-order mark is followed by other bytes."""
        return decode(self.data, self.name)


Reader = Callable[[PatientFile], Record]
"""Reads one patient of a file. Raises `UnreadableFile`, `SeveralPatients`, and `UserError` for a patient not there."""
