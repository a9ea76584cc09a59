"""What is noted of a row beside its numbers: why there is none, and what to be careful about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BoolArray = NDArray[np.bool_]

READY, MISSING_INPUT, OUT_OF_SCOPE, REFUSED, FAILED = range(5)
STATUSES = ("ready", "missing_input", "out_of_scope", "refused", "failed")
"""Status codes of a batch, as words of the public contract."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One note. Codes are stable; which fields they fill:

    reasons that a row has no number (`blocks`):
      above_accepted, below_accepted, unknown_value (input) · above_age, below_age · sex_not_eligible ·
      excluded (input, detail: code of the exclusion) · missing (input) · too_far_from_training · fault (output)
    cautions:
      above_seen, below_seen (input) · input_imputed (input) · far_from_training · age_not_stated, sex_not_stated ·
      output_not_applicable (output, detail: one of the reasons above, input) ·
      and the codes that a manifest gives to exclusions, unknown answers and detection limits (input)
    """

    code: str
    input: str = ""
    output: str = ""
    detail: str = ""
    blocks: bool = False

    @property
    def text(self) -> str:
        """The note in a `cautions` cell: `code` or `code:name`."""
        if self.code == "output_not_applicable":
            return f"{self.code}:{self.output}"
        if self.code in _NAMED:
            return f"{self.code}:{self.input or self.output}"
        return f"{self.code}:{self.detail}" if self.code == "excluded" else self.code


_NAMED = frozenset(
    (
        "above_accepted",
        "below_accepted",
        "unknown_value",
        "missing",
        "fault",
        "above_seen",
        "below_seen",
        "input_imputed",
    )
)


class Marks:
    """Notes of N rows, each with the rows it holds for; a note that holds for none is not kept."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self._found: list[tuple[Mark, BoolArray]] = []

    def add(self, mark: Mark, where: BoolArray) -> bool:
        """Keep *mark* for the rows *where* [N]; tell whether there are any."""
        if not where.any():
            return False
        self._found.append((mark, where))
        return True

    def __iter__(self) -> Iterator[tuple[Mark, BoolArray]]:
        """The notes with their rows, in the order they were made."""
        return iter(self._found)

    def of(self, row: int) -> tuple[Mark, ...]:
        """The notes of one row; equal ones once."""
        return tuple(dict.fromkeys(mark for mark, where in self._found if where[row]))

    def texts(self) -> tuple[NDArray[np.intp], list[str]]:
        """The `cautions` cell of each row: index [N] into a list of texts joined by ";".

        Decoded for the combinations that occur, not for each row.
        """
        index = np.zeros(self.rows, dtype=np.intp)
        combinations: list[tuple[str, ...]] = [()]
        for start in range(0, len(self._found), 16):
            part = self._found[start : start + 16]
            bits = np.zeros(self.rows, dtype=np.intp)
            for place, (_mark, where) in enumerate(part):
                bits |= where.astype(np.intp) << place
            both = index << 16 | bits
            present, index = _unique(both)
            combinations = [combinations[int(key) >> 16] + _texts(part, int(key) & 0xFFFF) for key in present]
        return index, [";".join(dict.fromkeys(words)) for words in combinations]


def _texts(part: list[tuple[Mark, BoolArray]], bits: int) -> tuple[str, ...]:
    return tuple(mark.text for place, (mark, _where) in enumerate(part) if bits >> place & 1)


def _unique(keys: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Values that occur and the index of each row's value; by counting, since the values are small."""
    top = int(np.max(keys)) if len(keys) else 0
    if top < 1 << 22:
        present = np.flatnonzero(np.bincount(keys, minlength=1))
        place = np.zeros(top + 1, dtype=np.intp)
        place[present] = np.arange(len(present))
        return present, place[keys]
    found, inverse = np.unique(keys, return_inverse=True)
    return found, inverse.reshape(-1)
