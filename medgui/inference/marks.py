"""What is noted of a row beside its numbers: why there is none, and what to be careful about."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from medgui.frozen import frozen

BoolArray = NDArray[np.bool_]

READY, MISSING_INPUT, OUT_OF_SCOPE, REFUSED, FAILED = range(5)
STATUSES = ("ready", "missing_input", "out_of_scope", "refused", "failed")
"""Status codes of a batch, as words of the public contract."""

DOES_NOT_HOLD = "does_not_hold"
"""Code of an answer that cannot be true: the formula does not hold for these values together."""
CONTRADICTORY = "contradictory_inputs"
"""Code of two values that cannot both be right."""


@frozen
class Mark:
    """One note. Codes are stable; which fields they fill:

    reasons that a row has no number (`blocks`):
      above_accepted, below_accepted, unknown_value (input) · above_age, below_age · sex_not_eligible ·
      excluded (input, detail: code of the exclusion) · not_indicated (input: the first fact of the indication) ·
      missing (input) · contradictory_inputs (input, detail: the other input) · too_far_from_training ·
      does_not_hold (output) · fault (output)
    cautions:
      indication_not_stated (input: as not_indicated) · above_seen, below_seen (input) · input_imputed (input) ·
      far_from_training · age_not_stated, sex_not_stated ·
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
        if self.code == CONTRADICTORY:
            return f"{self.code}:{self.input}+{self.detail}"
        if self.code in _NAMED:
            return f"{self.code}:{self.input or self.output}"
        return f"{self.code}:{self.detail}" if self.code == "excluded" else self.code


_NAMED = frozenset(
    (
        "not_indicated",
        "indication_not_stated",
        "above_accepted",
        "below_accepted",
        "unknown_value",
        "missing",
        DOES_NOT_HOLD,
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
        found = [mark for mark, where in self._found if where[row]]
        return tuple(dict.fromkeys(found)) if len(found) > 1 else tuple(found)

    def texts(self) -> tuple[NDArray[np.intp], list[str]]:
        """The `cautions` cell of each row: index [N] into a list of texts joined by ";".

        Decoded for the combinations that occur, not for each row.
        """
        words: dict[str, BoolArray] = {}
        for mark, where in self._found:
            words[mark.text] = words[mark.text] | where if mark.text in words else where
        index = np.zeros(self.rows, dtype=np.intp)
        cells = [""]
        every = list(words)
        for start in range(0, len(every), _BITS):
            part = every[start : start + _BITS]
            bits = np.zeros(self.rows, dtype=np.intp)
            for place, word in enumerate(part):
                bits |= words[word].astype(np.intp) << place
            present, index = unique_codes(index << _BITS | bits)
            cells = _joined(cells, part, present)
        return index, cells


_BITS = 16


def _joined(cells: list[str], part: list[str], keys: NDArray[np.intp]) -> list[str]:
    """Cells of the combinations *keys*: index of the cell so far, and bits of *part*."""
    found, known = [], {0: ""}
    for key in keys.tolist():
        before, bits = cells[key >> _BITS], key & ((1 << _BITS) - 1)
        more = known.get(bits)
        if more is None:
            chosen = [word for place, word in enumerate(part) if bits >> place & 1]
            more = known[bits] = ";".join(chosen)
        found.append(f"{before};{more}" if before and more else before or more)
    return found


def unique_codes(keys: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Values that occur and the index of each row's value; by counting, since the values are small."""
    top = int(np.max(keys)) if len(keys) else 0
    if top < 1 << 18:
        present = np.flatnonzero(np.bincount(keys, minlength=1))
        place = np.zeros(top + 1, dtype=np.intp)
        place[present] = np.arange(len(present))
        return present, place[keys]
    found, inverse = np.unique(keys, return_inverse=True)
    return found, inverse.reshape(-1)
