"""What is decided about codes without a name, until it is saved. Plain state that can be undone, no Qt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from medgui.frozen import frozen
from medgui.record.code_map import LocalKey, MapEntry
from medgui.record.code_proposals import Candidate, Proposal
from medgui.record.units import compatible, normalise, says_nothing
from medgui.record.variables import VARIABLES

MOST_ORDINARY = 0.5
"""Share of ordinary values under which a proposal is not among those that are taken all at once."""


@frozen
class Decision:
    """What one code means. `variable` "" leaves the code alone.

    unit: of values that come without one; None while that is not chosen, "" where each value is asked about.
    """

    variable: str
    unit: str | None = ""


class Decisions:
    """The decisions of one record by code; a code that is not there is decided later."""

    def __init__(self) -> None:
        self._taken: dict[LocalKey, Decision] = {}
        self._past: list[dict[LocalKey, Decision]] = []
        self._future: list[dict[LocalKey, Decision]] = []

    def of(self, key: LocalKey) -> Decision | None:
        """What is decided about a code; None for later."""
        return self._taken.get(key)

    def decide(self, key: LocalKey, decision: Decision | None) -> None:
        """Decide about one code; None for later."""
        if self._taken.get(key) != decision:
            rest = {other: taken for other, taken in self._taken.items() if other != key}
            self._step(rest if decision is None else {**rest, key: decision})

    def decide_all(self, decisions: Mapping[LocalKey, Decision]) -> None:
        """Decide about several codes in one step, which one undo takes back."""
        self._step({**self._taken, **decisions})

    def _step(self, taken: dict[LocalKey, Decision]) -> None:
        self._past.append(self._taken)
        self._future.clear()
        self._taken = taken

    def undo(self) -> bool:
        """Go back by one step; False where there is none."""
        return self._go(self._past, self._future)

    def redo(self) -> bool:
        """Take the last undo back; False where there is none."""
        return self._go(self._future, self._past)

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._past)

    def _go(self, source: list[dict[LocalKey, Decision]], target: list[dict[LocalKey, Decision]]) -> bool:
        if not source:
            return False
        target.append(self._taken)
        self._taken = source.pop()
        return True

    def forget(self) -> None:
        """Begin anew: another record, or all is saved."""
        self._taken = {}
        self._past.clear()
        self._future.clear()

    def without_unit(self, listed: Iterable[Proposal]) -> tuple[LocalKey, ...]:
        """Codes of *listed* whose values come without a unit that is not chosen yet: nothing is saved before."""
        decided = ((each.key, self._taken.get(each.key)) for each in listed)
        return tuple(key for key, decision in decided if decision is not None and decision.unit is None)

    def entries(self, listed: Iterable[Proposal], at: str) -> tuple[MapEntry, ...]:
        """The decisions as entries of the clinic's map. *at* is an ISO time."""
        made = []
        for each in listed:
            decision = self._taken.get(each.key)
            if decision is not None:
                made.append(
                    MapEntry(
                        each.system, each.code, each.name, decision.variable, decision.unit or "", "", at
                    )
                )
        return tuple(made)


def taken_for(proposal: Proposal, variable: str) -> Decision:
    """The decision that a code means *variable*; its unit stays open where values come without one."""
    return Decision(variable, None if needs_unit(proposal, variable) else "")


def needs_unit(proposal: Proposal, variable: str) -> bool:
    """Whether values come without a unit, and *variable* has one."""
    known = VARIABLES.get(variable)
    return known is not None and known.unit != "1" and any(says_nothing(unit) for unit in proposal.units)


def unfitting(proposal: Proposal, variable: str) -> tuple[str, ...]:
    """Units of the file that *variable* cannot be measured in, as written: such values will be asked about."""
    known = VARIABLES[variable]
    stated = [unit for unit in proposal.units if not says_nothing(unit)]
    codes = {unit: normalise(unit, variable) for unit in stated}
    return tuple(
        unit for unit, code in codes.items() if code is None or not compatible(code, known.unit, variable)
    )


def unambiguous(listed: Sequence[Proposal], decided: Decisions) -> dict[LocalKey, Decision]:
    """The undecided codes that one proposal alone matches by name and unit, with ordinary values.

    Where two codes of one laboratory would mean the same, neither is among them: they cannot both be it by name
    (serum and urine, laboratory and bedside).
    """
    found = {
        each.key: (each.system, each.candidates[0].variable)
        for each in listed
        if _only_match(each.candidates)
    }
    count = Counter(found.values())
    return {
        each.key: taken_for(each, found[each.key][1])
        for each in listed
        if each.key in found
        and count[found[each.key]] == 1
        and decided.of(each.key) is None
        and not any(says_nothing(unit) for unit in each.units)
    }


def _only_match(candidates: Sequence[Candidate]) -> bool:
    same = [each for each in candidates if each.name == 1.0]
    if len(same) != 1 or same[0] is not candidates[0]:
        return False
    first = candidates[0]
    return first.unit_fits is True and (first.ordinary is None or first.ordinary >= MOST_ORDINARY)
