"""What is asked of each value before a model is: detection limits, accepted ranges, known answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from medgui.inference.manifest import GROUP, Manifest
from medgui.inference.marks import Mark, Marks
from medgui.inference.rules import Rules

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Facts = Mapping[str, FloatArray | float | None]


@dataclass(slots=True)
class Work:
    """What is known while the rules are applied. `off[output]` [N]: rows where that output does not apply."""

    manifest: Manifest
    rules: Rules
    x: FloatArray
    facts: Facts
    marks: Marks
    out: BoolArray
    lacking: BoolArray
    off: dict[str, BoolArray] = field(default_factory=dict)
    off_lacking: BoolArray | None = None

    def column(self, name: str) -> FloatArray | None:
        """The values of *name* [N] from the inputs or the facts; None where nobody stated any."""
        place = self.rules.places.get(name)
        if place is not None:
            return self.x[:, place]
        value = self.facts.get(name)
        if value is None:
            return None
        if isinstance(value, float | int):
            return np.full(len(self.x), value, dtype=np.float64)
        return np.broadcast_to(np.asarray(value, dtype=np.float64), (len(self.x),))

    def block(self, where: BoolArray, mark: Mark, outputs: tuple[str, ...], *, lacking: bool = False) -> None:
        """Note that *where* there is no number, for the whole row or only for *outputs*."""
        if not where.any():
            return
        if not outputs:
            self.marks.add(mark, where)
            (self.lacking if lacking else self.out)[where] = True
            return
        for name in outputs:
            note = Mark("output_not_applicable", mark.input, name, mark.detail or mark.code)
            self.marks.add(note, where)
            self.off[name] = self.off[name] | where if name in self.off else where
        if lacking:
            self.off_lacking = where if self.off_lacking is None else self.off_lacking | where


def detection_limits(work: Work) -> None:
    """Read values below a detection limit as the limit, before any bound is asked; a negative one stays wrong."""
    for place, (limit, code) in work.rules.below.items():
        where = (work.x[:, place] < limit) & (work.x[:, place] >= 0)
        if work.marks.add(Mark(code, work.manifest.inputs[place].name), where):
            work.x = work.x.copy()
            work.x[where, place] = limit


def unknown_group(work: Work) -> None:
    """Read an ethnic group that the model does not know as not stated: it refuses nobody, a required one is asked."""
    place = work.rules.places.get(GROUP)
    if place is None or place not in work.rules.codes:
        return
    column = work.x[:, place]
    strange = ~np.isnan(column) & ~np.isin(column, work.rules.codes[place])
    code = "unknown_value" if work.manifest.inputs[place].required else "group_unknown"
    if work.marks.add(Mark(code, GROUP), strange):
        work.x = work.x.copy()
        work.x[strange, place] = np.nan


def accepted(work: Work) -> None:
    x, rules = work.x, work.rules
    for code, wrong in (("below_accepted", x < rules.lo), ("above_accepted", x > rules.hi)):
        for place in columns_of(wrong):
            spec = work.manifest.inputs[place]
            where = wrong[:, place]
            strange = where & np.isinf(x[:, place]) if place not in rules.codes else where
            if place not in rules.codes:
                work.block(where & ~strange, Mark(code, spec.name, blocks=True), spec.outputs)
                work.block(strange, Mark("unknown_value", spec.name, blocks=True), spec.outputs)
    strange_values = _strange_values(x, rules)
    for place in sorted(strange_values):
        spec = work.manifest.inputs[place]
        work.block(strange_values[place], Mark("unknown_value", spec.name, blocks=True), spec.outputs)


def columns_of(where: BoolArray) -> list[int]:
    """The columns of *where* [N, F] in which a row is true."""
    return np.flatnonzero(where.any(axis=0)).tolist() if where.any() else []


def _strange_values(x: FloatArray, rules: Rules) -> dict[int, BoolArray]:
    """Rows [N] by column in which a choice or a yes/no has a value that it has not got; none are left out."""
    found: dict[int, BoolArray] = {}
    if len(rules.flags):
        answers = x[:, rules.flags]
        wrong = (answers != 0.0) & (answers != 1.0) & ~np.isnan(answers)
        found = {int(rules.flags[at]): wrong[:, at] for at in columns_of(wrong)}
    for place, codes in rules.codes.items():
        if len(codes) == 2 and set(codes) == {0.0, 1.0}:
            continue
        column = x[:, place]
        known = np.isnan(column)
        for value in codes:
            known |= column == value
        if not known.all():
            found[place] = ~known
    return found
