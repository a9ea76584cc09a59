"""MedCalc-Bench: the entities of a note as inputs of the bundle that answers, calculator by calculator.

Khandekar et al., MedCalc-Bench (2024), test split v1 with its audited answers `y_final`. What a note does not mention
counts as absent there, which the program itself never assumes. Names are spelled as in the data set.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from medgui.record.units import convert
from tests.models.reference_rows import csv_rows

Inputs = dict[str, float | str]
UNITS = {
    "mm hg": "mm[Hg]", "beats per minute": "/min", "breaths per minute": "/min", "years": "a", "µmol/l": "umol/L",
    "meq/l": "mmol/L", "degrees celsius": "Cel", "degrees celsisus": "Cel", "degrees fahrenheit": "[degF]",
    "degrees fahreinheit": "[degF]", "lbs": "[lb_av]", "in": "[in_i]", "µl": "/uL", "l": "/L", "m^3": "/uL",
    "kg/m^2": "kg/m2", "msec": "ms", "ml/day": "mL/d",
}  # fmt: skip


class Entities:
    """What a note says; `has` counts silence as no."""

    def __init__(self, found: Mapping[str, Any]) -> None:
        self.found = found

    def has(self, *names: str) -> float:
        return float(
            any(str(self.found.get(name)).strip() in ("True", "Metastatic", "Severe") for name in names)
        )

    def text(self, name: str) -> str:
        return str(self.found.get(name, "")).strip().lower()

    def number(self, name: str, unit: str = "", substance: str = "") -> float:
        """The value in *unit*; `KeyError` where the note has none."""
        value = self.found[name]
        if not isinstance(value, list):
            return float(value)
        written = str(value[1]).strip()
        ucum = UNITS.get(written.lower(), written)
        return convert(float(value[0]), ucum, unit, substance) if unit else float(value[0])

    def who(self) -> Inputs:
        return {"age": self.number("age"), "sex": self.text("sex")}


@dataclass(frozen=True)
class Calculator:
    """The bundle and output that answer one calculator, and how the entities become its inputs."""

    model: str
    output: str
    inputs: Callable[[Entities], Inputs]
    relative: float = 0.0
    absolute: float = 0.0
    factor: float = 1.0


@dataclass(frozen=True)
class Case:
    """One audited question: entities, and the answer."""

    id: str
    calculator: int
    entities: Entities
    answer: float


def cases(path: Path) -> list[Case]:
    """The questions that have an audited number."""
    return [
        Case(
            row["Unique ID"],
            int(row["Calculator ID"]),
            Entities(ast.literal_eval(row["Relevant Entities"])),
            float(row["y_final"]),
        )
        for row in csv_rows(path)
        if re.fullmatch(r"-?[\d.]+", row["y_final"])
    ]


def _entities(row: Mapping[str, str]) -> Entities:
    return Entities(ast.literal_eval(row["Relevant Entities"]))
