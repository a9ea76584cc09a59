"""A doctor's answer in canonical form."""

from __future__ import annotations

import math

from medgui.record.model import Answer
from medgui.record.units import UnitError, convert, normalise
from medgui.record.variables import Variable


def canonical_answer(variable: Variable, answer: Answer) -> float | str | None:
    """An answer's value in canonical form, or None where it does not fit the variable."""
    value = answer.value
    if variable.kind == "boolean":
        if isinstance(value, str):
            return {"yes": 1.0, "no": 0.0, "1": 1.0, "0": 0.0, "true": 1.0, "false": 0.0}.get(value.lower())
        return float(bool(value)) if value in (0, 1) else None
    if isinstance(value, bool):
        return None
    if variable.kind == "category":
        return category_value(variable, value)
    try:
        number = float(value)  # type: ignore[arg-type]
        unit = normalise(answer.unit, variable.name) if answer.unit else variable.unit
        converted = convert(number, unit or answer.unit, variable.unit, variable.name)
        return converted if math.isfinite(converted) else None
    except (TypeError, ValueError, UnitError):
        return None


def category_value(variable: Variable, value: object) -> float | str | None:
    """Text of a category, or its number where the original data set has numbers."""
    text = f"{value:g}" if isinstance(value, float | int) else str(value).strip()
    found = {name.casefold(): name for name in variable.categories}.get(text.casefold())
    if found is None:
        return None
    return float(found) if found.isdigit() else found
