"""A measured figure beside its budget, and how both are printed."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One line of the table. *value* is the best of the rounds; *at_least* turns the budget round."""

    what: str
    value: float
    budget: float
    unit: str = ""
    median: float | None = None
    at_least: bool = False

    @property
    def held(self) -> bool:
        """Whether the budget is met."""
        return self.value >= self.budget if self.at_least else self.value <= self.budget


def heading() -> str:
    """The head of the table."""
    return f"{'what':<52} {'best':>11} {'median':>9} {'budget':>10}"


def line(figure: Figure) -> str:
    """The figure as one line of a table."""
    middle = "" if figure.median is None else f"{figure.median:.2f}{figure.unit}"
    sign = "\u2265" if figure.at_least else "\u2264"
    budget = f"{sign} {figure.budget:g}{figure.unit}"
    word = "met" if figure.held else "OVER"
    return f"{figure.what:<52} {figure.value:>8.2f}{figure.unit:<3} {middle:>9} {budget:>10}  {word}"


def show(figures: Sequence[Figure], lines: Iterable[str] = ()) -> int:
    """Print lines and table; 1 where a budget is not met."""
    for text in lines:
        sys.stdout.write(f"  {text}\n")
    for figure in figures:
        sys.stdout.write(line(figure) + "\n")
    return 0 if all(figure.held for figure in figures) else 1
