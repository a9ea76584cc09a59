"""Critical laboratory values: rows of their own, whatever the models do (SAFETY 16)."""

from __future__ import annotations

from collections.abc import Iterator

from medgui.assessment import words
from medgui.assessment.finding import Category, Finding, Level
from medgui.assessment.value_rows import counting, figure_of, finding, output, used_observation
from medgui.frozen import frozen
from medgui.i18n import N_, _, format_number
from medgui.record.model import Observation, Record
from medgui.record.units import UnitError, convert


@frozen
class CriticalLimits:
    """Limits of one analyte in `unit` at which laboratories call the clinician. Codes are LOINC, blood or serum."""

    analyte: str
    title: str
    unit: str
    low: float
    high: float
    decimals: int
    codes: tuple[str, ...]


KOST = N_(
    "Mean critical limits of US medical centers (Kost, JAMA 1990;263:704); the laboratory's own list goes first"
)
CRITICAL = (
    CriticalLimits("potassium", N_("Potassium"), "mmol/L", 2.8, 6.2, 1, ("2823-3", "6298-4", "77142-8")),
    CriticalLimits("sodium", N_("Sodium"), "mmol/L", 120, 158, 0, ("2951-2", "2947-0", "77139-4")),
    CriticalLimits("glucose", N_("Glucose"), "mg/dL", 46, 484, 0, ("2345-7", "2339-0", "14749-6", "15074-8")),
    CriticalLimits("calcium", N_("Calcium, total"), "mg/dL", 6.6, 12.9, 1, ("17861-6", "2000-8")),
)
"""Kost GJ, "Critical limits for urgent clinician notification at US medical centers", JAMA 1990;263:704-707, adults."""

_MONOVALENT = ("potassium", "sodium")
_MG_PER_MMOL = {"glucose": 18.016, "calcium": 4.008}
"""mg/dL for 1 mmol/L: molar mass / 10 (glucose 180.16, calcium 40.08 g/mol)."""

_FLAGS = {"HH": N_("Critically high"), "LL": N_("Critically low"), "AA": N_("Critically abnormal")}


def critical_values(record: Record, as_of: str, *, adult: bool) -> Iterator[Finding]:
    """Give a row to each latest value that the laboratory flagged, or that reaches a critical limit for adults."""
    observations = counting(record, as_of)
    yield from _flagged(observations)
    if adult:
        yield from _beyond_limits(observations)


def _flagged(observations: list[Observation]) -> Iterator[Finding]:
    """HL7 flags of the laboratory itself: HH, LL and AA."""
    latest = {observation.code: observation for observation in observations}
    for observation in latest.values():
        if observation.interpretation in _FLAGS:
            text = _(_FLAGS[observation.interpretation])
            category = Category(text, _("Flag of the laboratory in the file"), Level.HIGH)
            title = words.title(observation.variable) if observation.variable else observation.name
            yield _row(observation, title, figure_of(observation), observation.unit, category)


def _beyond_limits(observations: list[Observation]) -> Iterator[Finding]:
    for limits in CRITICAL:
        found = [observation for observation in observations if observation.code in limits.codes]
        if not found or found[-1].interpretation in _FLAGS:
            continue
        figure = _in_unit(found[-1], limits)
        if figure is None or limits.low < figure < limits.high:
            continue
        text = _("Critically low") if figure <= limits.low else _("Critically high")
        yield _row(found[-1], _(limits.title), figure, limits.unit, Category(text, _(KOST), Level.HIGH))


def _row(observation: Observation, title: str, figure: float, unit: str, category: Category) -> Finding:
    name = observation.variable or observation.code
    sentence = _("{value} {unit} on {date}; measured value, not a model").format(
        value=observation.value_as_written or format_number(figure, 1),
        unit=observation.unit_as_written,
        date=words.when(observation.time),
    )
    outputs = (output(name, title, figure, unit, category),)
    inputs = (used_observation(observation, observation.unit),)
    return finding(f"critical_{name}", title, sentence, outputs, inputs, (category.guideline,))


def _in_unit(observation: Observation, limits: CriticalLimits) -> float | None:
    """Convert to the unit of the limits; None where the unit is not understood."""
    figure, unit = figure_of(observation), observation.unit
    if unit == limits.unit:
        return figure
    if unit == "mmol/L" or (unit == "meq/L" and limits.analyte in _MONOVALENT):
        return figure * _MG_PER_MMOL.get(limits.analyte, 1.0)
    try:
        return convert(figure, unit, limits.unit, limits.analyte)
    except UnitError:
        return None
