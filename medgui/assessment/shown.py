"""Values as a doctor of one unit system reads and types them; screen and PDF ask here.

The canonical unit (issue list of standard inputs) is what models use; `conventional` and `si` are what people read.
"""

from __future__ import annotations

from medgui.assessment import words
from medgui.assessment.finding import InputUsed
from medgui.frozen import frozen
from medgui.i18n import NBSP, _, format_number, language
from medgui.record.units import compatible, convert, printed
from medgui.record.variables import VARIABLES, UnitSystem, Variable

YES_NO = {"no": 0.0, "yes": 1.0}


@frozen
class Shown:
    """A value in words: figure and unit apart ("4.14", "mmol/L"), so that columns can align them."""

    text: str
    unit: str = ""

    def __str__(self) -> str:
        if not self.unit:
            return self.text
        blank = "" if self.unit == "%" and language() == "zh" else NBSP
        return f"{self.text}{blank}{self.unit}"


def shown(name: str, value: float | str | None, unit: str, system: UnitSystem = "conventional") -> Shown:
    """Write a value of a standard input in the unit that a doctor of `system` reads."""
    variable = VARIABLES.get(name)
    if value is None:
        return Shown("")
    if isinstance(value, str):
        return Shown(words.answer(name, value))
    if variable is not None and variable.kind == "boolean":
        return Shown(_("yes") if value else _("no"))
    if variable is not None and variable.kind == "category":
        return Shown(words.answer(name, f"{value:g}"))
    if unit == "a":
        return Shown(format_number(int(value), 0), "岁" if language() == "zh" else "y")
    if variable is None or not _readable(variable, unit):
        return Shown(format_number(value, words.decimals(name)), _print(unit))
    display = variable.display(system)
    return Shown(format_number(figure(name, value, unit, system), display.decimals), _print(display.unit))


def figure(name: str, value: float, unit: str, system: UnitSystem = "conventional") -> float:
    """Give the number in the unit that a doctor of `system` reads; unchanged where the unit is another kind."""
    variable = VARIABLES.get(name)
    if variable is None or variable.kind != "quantity" or not _readable(variable, unit):
        return value
    target = variable.display(system).unit
    return convert(value, unit, target, name) if target != unit else value


def input_text(used: InputUsed, system: UnitSystem = "conventional") -> str:
    """Write one input of a finding with its unit; "" where it is missing."""
    return str(shown(used.name, used.value, used.unit, system))


def unit_text(name: str, unit: str, system: UnitSystem = "conventional") -> str:
    """Write the unit alone, for a field that waits for a value."""
    return shown(name, 1.0, unit, system).unit


def typed(name: str, text: str, unit: str, system: UnitSystem = "conventional") -> float:
    """Read a number typed in the unit of `system` and give it in `unit`; `ValueError` where it is none."""
    number = float(text.strip().replace(",", ".").replace("\u2212", "-"))
    variable = VARIABLES.get(name)
    if variable is None or not _readable(variable, unit):
        return number
    display = variable.display(system)
    return convert(number, display.unit, unit, name) if display.unit != unit else number


def _readable(variable: Variable, unit: str) -> bool:
    """Tell whether a value in *unit* can be shown in the units of its variable: a model may count in another one."""
    return unit == variable.unit or (
        variable.kind == "quantity" and compatible(unit, variable.unit, variable.name)
    )


def choices(name: str, codes: dict[str, float] | None = None) -> list[tuple[str, str]]:
    """List the answers of a yes/no or category input as (value, words); empty for a number."""
    variable = VARIABLES.get(name)
    if variable is None or variable.kind == "quantity":
        return []
    if variable.kind == "boolean":
        return [("no", _("no")), ("yes", _("yes"))]
    return [(value, words.answer(name, value)) for value in variable.categories or codes or {}]


def _print(unit: str) -> str:
    text = printed(unit)
    return "" if text == "1" else text
