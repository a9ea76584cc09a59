"""Figures as charts and reports write them: an output's number, its unit, an axis tick.

Probabilities (unit "1") are shown in per cent and their differences in percentage points; every other output in
its own unit with the decimals of section 9 of the design.
"""

from __future__ import annotations

from medgui import i18n
from medgui.assessment.finding import Interval, Output

SHARE = "1"
"""UCUM unit of a probability."""

OPEN = 0.05
"""A range that leaves less than this share of the scale out at each end says nothing."""

_UNITS = {
    "mm[Hg]": "mmHg",
    "mL/min/{1.73_m2}": "mL/min/1.73 m²",
    "kg/m2": "kg/m²",
    "10*3/uL": "10³/µL",
    "10*6/uL": "10⁶/µL",
    "10*9/L": "10⁹/L",
    "umol/L": "µmol/L",
    "ug/L": "µg/L",
    "ug/mL": "µg/mL",
    "uL": "µL",
    "Cel": "°C",
    "a": "y",
    "mo": "months",
    "d": "days",
    "[lb_av]": "lb",
    "[in_i]": "in",
    "{score}": "",
    "{LR}": "×",
    "{points}": "",
    "1": "",
}


def unit_words(unit: str) -> str:
    """A UCUM unit as the clinic writes it: "mm[Hg]" → "mmHg"; unknown ones stay, annotations are dropped."""
    if unit in _UNITS:
        words = _UNITS[unit]
        return "岁" if unit == "a" and i18n.language() == "zh" else words
    return "" if unit.startswith("{") and unit.endswith("}") else unit


def is_share(unit: str) -> bool:
    """Whether the number is a probability or a share, shown in per cent."""
    return unit == SHARE


def decimals_of(value: float, output: Output) -> int:
    """Decimals that an output is shown with: its own, per cent 1 (2 below 1 %), eGFR 0, others by their size."""
    if is_share(output.unit):
        return i18n.percent_decimals(value)
    if output.decimals is not None:
        return output.decimals
    if "min/" in output.unit:
        return 0
    return 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2


def factor(unit: str) -> float:
    """What a value is multiplied by before it is shown."""
    return 100.0 if is_share(unit) else 1.0


def figure(value: float, output: Output, decimals: int | None = None) -> str:
    """A value of *output* as the number alone: 0.147 of unit "1" → "14.7"; 90.2 mL/min → "90"; a stage as "G3b"."""
    if output.named:
        return output.word(value)
    if is_share(output.unit):
        return i18n.percent_figure(value, decimals)
    return i18n.format_number(value, decimals_of(value, output) if decimals is None else decimals)


def with_unit(figure_text: str, unit: str) -> str:
    """A written figure with its unit: "14.7 %"."""
    return i18n.with_unit(figure_text, "%" if is_share(unit) else unit_words(unit))


def value_text(output: Output) -> str:
    """The shown result with its unit, or "" where there is none."""
    return "" if output.value is None else with_unit(figure(output.value, output), output.unit)


def interval_text(interval: Interval, output: Output, *, unit_shown: bool = True) -> str:
    """An interval with equal decimals on both sides: "11.3–18.7 %"."""
    places = decimals_of(interval.hi, output)
    text = i18n.format_range(figure(interval.lo, output, places), figure(interval.hi, output, places))
    return with_unit(text, output.unit) if unit_shown else text


def at_least(output: Output) -> str:
    """The total of a point score with unanswered items: "≥ 3"; "3" where none of them can change it; else ""."""
    interval = output.interval
    if not output.is_points or output.value is not None or interval is None:
        return ""
    low = figure(interval.lo, output)
    return low if interval.lo == interval.hi else f"≥{i18n.NBSP}{low}"


def says_nothing(output: Output) -> bool:
    """Whether the plausible values of what is missing leave the whole scale open: no range is worth showing."""
    interval, (lo, hi) = output.interval, output.scale
    if output.value is not None or interval is None or output.is_points:
        return False
    return interval.lo <= lo + OPEN * (hi - lo) and interval.hi >= hi - OPEN * (hi - lo)


def plain(value: float) -> str:
    """A threshold or axis value (already multiplied by `factor`) without needless zeros: 7.5, 20."""
    for decimals in range(4):
        if abs(round(value, decimals) - value) < 1e-9 * max(1.0, abs(value)):
            return i18n.format_number(value, decimals, grouped=abs(value) >= 1000)
    return i18n.format_number(value, 3)
