"""Simple values computed from others. Each says so (`Origin.DERIVED`) and names its parents.

Anything with coefficients of a study behind it is a bundle, not a line here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from medgui.record.dates import age_years, day, days_between, hours_between
from medgui.record.model import Origin, Record
from medgui.record.units import convert
from medgui.record.value import Gap, Value


class Rule(NamedTuple):
    """`compute` takes the parents in canonical units, in order; `spread_…`: how far apart they may be."""

    parents: tuple[str, ...]
    compute: Callable[..., float]
    spread_days: int | None = None
    spread_hours: float | None = None


def _bmi(weight_kg: float, height_cm: float) -> float:
    return weight_kg / (height_cm / 100) ** 2


def _bun(urea_mg_dl: float) -> float:
    """Urea nitrogen: the same moles, 28.014 g of nitrogen in 60.056 g of urea."""
    return convert(convert(urea_mg_dl, "mg/dL", "mmol/L", "urea"), "mmol/L", "mg/dL", "bun")


def _urea(bun_mg_dl: float) -> float:
    return convert(convert(bun_mg_dl, "mg/dL", "mmol/L", "bun"), "mmol/L", "mg/dL", "urea")


RULES: Mapping[str, Rule] = {
    "bmi": Rule(("weight", "height"), _bmi),
    "non_hdl_cholesterol": Rule(
        ("total_cholesterol", "hdl_cholesterol"), lambda total, hdl: total - hdl, spread_days=1
    ),
    "cholesterol_hdl_ratio": Rule(
        ("total_cholesterol", "hdl_cholesterol"), lambda total, hdl: total / hdl, spread_days=1
    ),
    "bun": Rule(("urea",), _bun),
    "urea": Rule(("bun",), _urea),
    "fasting_glucose_over_120": Rule(("fasting_glucose",), lambda glucose: float(glucose > 120)),
    "age_over_65": Rule(("age",), lambda age: float(age > 65)),
    "age_41_60": Rule(("age",), lambda age: float(41 <= age < 61)),
    "age_61_74": Rule(("age",), lambda age: float(61 <= age < 75)),
    "age_75_plus": Rule(("age",), lambda age: float(age >= 75)),
    "bmi_over_25": Rule(("bmi",), lambda bmi: float(bmi > 25)),
    "obesity": Rule(("bmi",), lambda bmi: float(bmi >= 30)),
    "heart_rate_over_100": Rule(("heart_rate",), lambda rate: float(rate > 100)),
    "uncontrolled_hypertension": Rule(("systolic_bp",), lambda systolic: float(systolic > 160)),
    "fio2": Rule(("inhaled_oxygen",), lambda percent: percent / 100),
    "pao2_fio2": Rule(("pao2", "fio2"), lambda pao2, fio2: pao2 / fio2, spread_days=0, spread_hours=1),
}
"""BMI: weight / height²; non-HDL and the ratio need one sample, a blood gas the oxygen of its hour (SAFETY 9)."""


def age_at(record: Record, time: str) -> float | None:
    """Age in years, as a fraction, on the day of a result; None where birth or result is not known to the day."""
    born, when = day(record.patient.birth_date), day(time)
    return age_years(born, when) if born and when else None


def derived(name: str, unit: str, parents: Mapping[str, Value]) -> Value:
    """Compute *name* from its resolved parents; a gap of a parent becomes the gap of the result."""
    rule = RULES[name]
    values = [parents[parent] for parent in rule.parents]
    for value in values:
        if not isinstance(value.value, float):
            gap = value.gap if value.gap is not Gap.NONE else Gap.MISSING
            return Value(name, None, unit, gap, derived_from=rule.parents)
    if (rule.spread_days is not None and _apart(values) > rule.spread_days) or _hours_apart(rule, values):
        return Value(name, None, unit, Gap.CONFLICT, derived_from=rule.parents)
    times = [value.time for value in values if value.time]
    return Value(
        name=name,
        value=rule.compute(*(value.value for value in values)),
        unit=unit,
        origin=Origin.DERIVED,
        source=values[0].source,
        sources=tuple(source for value in values for source in value.sources),
        time=values[0].time if name == "bmi" else min(times, default=""),
        derived_from=rule.parents,
        cautions=tuple(caution for value in values for caution in value.cautions),
    )


def _hours_apart(rule: Rule, values: list[Value]) -> bool:
    """Whether two values with a clock are further apart than the rule allows."""
    if rule.spread_hours is None:
        return False
    first, *others = [
        value.time for value in values if value.time and value.origin is not Origin.ENTERED
    ] or [""]
    return any((hours_between(first, time) or 0) > rule.spread_hours for time in others)


def _apart(values: list[Value]) -> int:
    dated = sorted(value.time for value in values if value.time and value.origin is not Origin.ENTERED)
    return (days_between(dated[0], dated[-1]) or 0) if len(dated) > 1 else 0
