"""Parts of findings on raw values: which observations count, and how a row is made of one (used by `values`)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from medgui.assessment import words
from medgui.assessment.finding import Category, Caution, Finding, InputUsed, Output, Status
from medgui.record.dates import day
from medgui.record.model import Observation, Origin, Record
from medgui.record.value import Value

RECENT_DAYS = 365
"""How old a value may be to have a row: the oldest blood pressure that is accepted anywhere (SAFETY 9)."""

KIND = "value"
EVIDENCE = "guideline"


def counting(record: Record, as_of: str, variable: str = "") -> list[Observation]:
    """Return the patient's measured numbers of the last year, oldest first; any setting counts, unlike for a model.

    Those of one *variable*, or all.

    Values that a question concerns are left to `record.resolve`, which knows the answer.
    """
    asked = {question.observation for question in record.questions}
    listed = [o for o in record.observations if not variable or o.variable == variable]
    found = [o for o in listed if o.id not in asked and _counts(o, as_of)]
    return sorted(found, key=lambda o: o.time)


def _counts(observation: Observation, as_of: str) -> bool:
    measured, today = day(observation.time), day(as_of)
    return (
        observation.usable
        and not observation.comparator
        and isinstance(observation.value, int | float)
        and not isinstance(observation.value, bool)
        and isinstance(measured, date)
        and isinstance(today, date)
        and 0 <= (today - measured).days <= RECENT_DAYS
    )


def figure_of(observation: Observation) -> float:
    """Return the number of an observation, NaN where it is none."""
    return float(observation.value) if isinstance(observation.value, int | float) else math.nan


def output(name: str, title: str, value: float, unit: str, category: Category | None) -> Output:
    """Make an output: a measured value has no interval (SAFETY 19) and no scale but that of a pressure."""
    scale = (60.0, 220.0) if unit == "mm[Hg]" else (0.0, max(value, 1.0))
    return Output(name, title, value, unit, category=category, scale=scale, short_title=title)


def used(value: Value, unit: str) -> InputUsed:
    """Show a resolved value as the input of its row."""
    return InputUsed(
        value.name,
        words.title(value.name),
        value.value,
        unit,
        value.origin,
        value.source,
        value.time,
        value.derived_from,
        required=True,
    )


def used_observation(observation: Observation, unit: str) -> InputUsed:
    """Show one reading as the input of its row."""
    name = observation.variable or observation.code
    title = words.title(observation.variable) if observation.variable else observation.name
    source, time = observation.source, observation.time
    return InputUsed(name, title, figure_of(observation), unit, Origin.FILE, source, time, required=True)


def finding(
    model: str,
    title: str,
    reason: str,
    outputs: Sequence[Output],
    inputs: tuple[InputUsed, ...],
    basis: tuple[str, ...],
    advice: tuple[str, ...] = (),
    cautions: tuple[Caution, ...] = (),
) -> Finding:
    """Make a ready finding of kind "value"."""
    return Finding(
        model=model,
        version="1",
        kind=KIND,
        title=title,
        evidence=EVIDENCE,
        status=Status.READY,
        reason=words.shortened(reason),
        outputs=tuple(outputs),
        inputs=inputs,
        cautions=cautions,
        advice=advice,
        basis=basis,
    )
