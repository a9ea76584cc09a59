"""The evaluation table of a manifest, parsed when somebody looks at it.

A card may hold hundreds of rows, and TOML is slow to parse: a start that reads them all is a fifth of a second later.
The rows as a recipe writes them (one key a line, values that are JSON too) are set apart and parsed on first use; a
compiled manifest (`compiled`) has them in a line of their own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, overload

from medgui.inference.manifest import EvaluationRow

_HEADER = "[[evaluation]]"
_APART = re.compile(r"^\[\[evaluation\]\]\n(?:(?:\[\[evaluation\]\]|[a-z0-9_]+ = [^\n]*)?\n)*", re.MULTILINE)


def set_apart(text: str) -> tuple[str, str]:
    """The manifest without the rows of its evaluation, and those rows; "" where they are not plain enough."""
    found = _APART.search(text)
    if found is None or "'''" in found[0] or '"""' in found[0]:
        return text, ""
    rest = text[: found.start()] + text[found.end() :]
    return (text, "") if _HEADER in rest else (rest, found[0])


def plain_rows(text: str) -> list[dict[str, Any]]:
    """The tables of *text* as TOML would give them. Raises `ValueError` where a line is not JSON."""
    tables = []
    for block in text.split(_HEADER)[1:]:
        pairs = [line.partition(" = ") for line in block.split("\n") if line]
        keys = [key for key, _equals, _value in pairs]
        if len(set(keys)) < len(keys):
            raise ValueError("a key stands twice")
        tables.append("{" + ",".join(f"{json.dumps(key)}:{value}" for key, _equals, value in pairs) + "}")
    found: list[dict[str, Any]] = json.loads(f"[{','.join(tables)}]")
    return found


class EvaluationRows(Sequence[EvaluationRow]):
    """The rows; the first look parses them and may raise `DamagedData`."""

    def __init__(self, make: Callable[[], tuple[EvaluationRow, ...]]) -> None:
        self._make: Callable[[], tuple[EvaluationRow, ...]] | None = make
        self._rows: tuple[EvaluationRow, ...] = ()

    @property
    def rows(self) -> tuple[EvaluationRow, ...]:
        """All rows."""
        if self._make is not None:
            self._rows = self._make()
            self._make = None
        return self._rows

    @overload
    def __getitem__(self, place: int) -> EvaluationRow: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[EvaluationRow, ...]: ...
    def __getitem__(self, place: int | slice) -> EvaluationRow | tuple[EvaluationRow, ...]:
        return self.rows[place]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[EvaluationRow]:
        return iter(self.rows)

    def __eq__(self, other: object) -> bool:
        return self.rows == (other.rows if isinstance(other, EvaluationRows) else other)

    def __hash__(self) -> int:
        return hash(self.rows)
