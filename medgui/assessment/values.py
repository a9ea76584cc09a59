"""Raw clinical values that stand on their own, whatever the models do (SAFETY 16).

A model that is missing, refused or out of scope never hides an abnormal value: blood pressure has its row with
the category of the clinic's guideline, a pressure from 180 or 120 mmHg on and critical laboratory values have
rows of their own. No threshold ships without a source.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from medgui.assessment import words
from medgui.assessment.critical_values import critical_values
from medgui.assessment.finding import Category, Caution, Finding, InputUsed, Level
from medgui.assessment.value_rows import (
    RECENT_DAYS,
    counting,
    figure_of,
    finding,
    output,
    used,
    used_observation,
)
from medgui.frozen import frozen
from medgui.i18n import N_, _, format_number
from medgui.record.model import Record
from medgui.record.resolve import resolve

MMHG = "mm[Hg]"
NAMES = ("systolic_bp", "diastolic_bp")
ADULT = 18.0


@frozen
class PressureClass:
    """One line of a guideline's table: it holds from `systolic` or from `diastolic` mmHg on."""

    systolic: float
    diastolic: float
    text: str
    level: Level


@frozen
class PressureTable:
    """Office blood-pressure classes of one guideline, highest first. Never translated into another's (SAFETY 14)."""

    guideline: str
    classes: tuple[PressureClass, ...]


ACC_AHA_2017 = PressureTable(
    N_("2017 ACC/AHA guideline (United States)"),
    (
        PressureClass(140, 90, N_("Stage 2"), Level.CAUTION),
        PressureClass(130, 80, N_("Stage 1"), Level.CAUTION),
        PressureClass(120, math.inf, N_("Elevated"), Level.INFO),
        PressureClass(-math.inf, -math.inf, N_("Normal"), Level.INFO),
    ),
)
"""Whelton PK et al., Hypertension 2018;71:e13-e115, table 6."""

CHINA_2018 = PressureTable(
    N_("2018 Chinese hypertension guideline"),
    (
        PressureClass(180, 110, N_("Grade 3"), Level.HIGH),
        PressureClass(160, 100, N_("Grade 2"), Level.CAUTION),
        PressureClass(140, 90, N_("Grade 1"), Level.CAUTION),
        PressureClass(120, 80, N_("High normal"), Level.INFO),
        PressureClass(-math.inf, -math.inf, N_("Normal"), Level.INFO),
    ),
)
"""Joint Committee for Guideline Revision, J Geriatr Cardiol 2019;16:182-241, section 4.1."""

ESC_ESH_2018 = PressureTable(
    N_("2018 ESC/ESH guideline (Europe)"),
    (
        PressureClass(180, 110, N_("Grade 3"), Level.HIGH),
        PressureClass(160, 100, N_("Grade 2"), Level.CAUTION),
        PressureClass(140, 90, N_("Grade 1"), Level.CAUTION),
        PressureClass(130, 85, N_("High normal"), Level.INFO),
        PressureClass(120, 80, N_("Normal"), Level.INFO),
        PressureClass(-math.inf, -math.inf, N_("Optimal"), Level.INFO),
    ),
)
"""Williams B et al., Eur Heart J 2018;39:3021-3104, table 3."""

TABLES = {"us": ACC_AHA_2017, "china": CHINA_2018, "europe": ESC_ESH_2018}
"""By region of the clinic; a region without a table gets the figures without a category."""

SEVERE = (180.0, 120.0)
SEVERE_SOURCE = N_("180/120 mmHg and above: severe (NICE NG136); ACC/AHA 2017 speaks of a crisis above it")


def assess_values(
    record: Record, *, as_of: str, region: str, age: float, pregnant: bool
) -> Iterator[Finding]:
    """Give the rows of raw values as on the day *as_of*. *age* in years, NaN where it is not known.

    *region* chooses the guideline of the pressure's category. Children and pregnant women get the figures
    without a category (SAFETY 3 and 11).
    """
    adult = age >= ADULT
    if adult or math.isnan(age):
        yield from _severe_pressure(record, as_of)
    yield from _pressure(record, as_of, TABLES.get(region) if adult and not pregnant else None)
    yield from critical_values(record, as_of, adult=adult)


def _pressure(record: Record, as_of: str, table: PressureTable | None) -> Iterator[Finding]:
    """Show the office pressure of the latest day, as `record.resolve` gives it (mean of the day)."""
    systolic, diastolic = (resolve(record, name, as_of=as_of, max_age_days=RECENT_DAYS) for name in NAMES)
    if not isinstance(systolic.value, float) or not isinstance(diastolic.value, float):
        return
    if systolic.time[:10] != diastolic.time[:10]:
        return
    wrong = diastolic.value >= systolic.value
    category = _pressure_category(table, systolic.value, diastolic.value) if table and not wrong else None
    sentence = _("{systolic}/{diastolic} mmHg on {date}").format(
        systolic=format_number(systolic.value, 0),
        diastolic=format_number(diastolic.value, 0),
        date=words.when(systolic.time),
    )
    outputs = (
        output(NAMES[0], words.title(NAMES[0]), systolic.value, MMHG, category),
        output(NAMES[1], words.title(NAMES[1]), diastolic.value, MMHG, None),
    )
    advice = _(
        "The pressure of one day is no diagnosis of hypertension; guidelines ask for repeated readings."
    )
    cautions = tuple(
        Caution(code, text, value.name) for value in (systolic, diastolic) for code, text in value.cautions
    )
    if wrong:
        cautions = (
            Caution(
                "contradictory_inputs", _("Diastolic pressure is not below systolic pressure."), NAMES[1]
            ),
            *cautions,
        )
    yield finding(
        "blood_pressure",
        _("Blood pressure"),
        sentence,
        outputs,
        (used(systolic, MMHG), used(diastolic, MMHG)),
        (_(table.guideline),) if table else (),
        (advice,),
        cautions,
    )


def _pressure_category(table: PressureTable, systolic: float, diastolic: float) -> Category:
    """Decide on the figures as shown, in whole mmHg."""
    shown = [float(format_number(value, 0)) for value in (systolic, diastolic)]
    for line in table.classes:
        if shown[0] >= line.systolic or shown[1] >= line.diastolic:
            return Category(_(line.text), _(table.guideline), line.level)
    raise ValueError("a pressure table ends with a class for every pressure")


def _severe_pressure(record: Record, as_of: str) -> Iterator[Finding]:
    """Give a row of its own to the highest reading of the latest day where it is 180 or 120 mmHg or above."""
    readings = [
        (o.variable, figure_of(o), o.time[:10], used_observation(o, MMHG))
        for o in counting(record, as_of)
        if o.variable in NAMES and o.unit == MMHG
    ]
    for name in NAMES:
        value = resolve(record, name, as_of=as_of, max_age_days=RECENT_DAYS)
        if isinstance(value.value, float):
            readings.append((name, value.value, value.time[:10], used(value, MMHG)))
    latest = max((time for _name, _figure, time, _used in readings), default="")
    highest: dict[str, tuple[float, InputUsed]] = {}
    for name, figure, time, shown in readings:
        if time == latest and (name not in highest or figure > highest[name][0]):
            highest[name] = (figure, shown)
    reached = [name for name, limit in zip(NAMES, SEVERE, strict=True) if _at_least(highest.get(name), limit)]
    if not reached:
        return
    category = Category(_("Severe"), _(SEVERE_SOURCE), Level.HIGH)
    present = [name for name in NAMES if name in highest]
    outputs = tuple(
        output(name, words.title(name), highest[name][0], MMHG, category if name in reached else None)
        for name in present
    )
    sentence = _("Highest reading of {date}: {figures} mmHg; measured value, not a model").format(
        figures="/".join(format_number(highest[name][0], 0) for name in present), date=words.when(latest)
    )
    advice = _("Guidelines ask to repeat the reading at once and to look for signs of acute organ damage.")
    inputs = tuple(highest[name][1] for name in present)
    title = _("Blood pressure 180/120 mmHg or above")
    yield finding("severe_blood_pressure", title, sentence, outputs, inputs, (_(SEVERE_SOURCE),), (advice,))


def _at_least(reading: tuple[float, InputUsed] | None, limit: float) -> bool:
    return reading is not None and reading[0] >= limit
