"""From the columns of a table to numbers: every cell is a number, missing, or wrong, and never silently the second.

An empty cell is missing, and so is a column that the file does not have. Anything else that is no number (or no
category of the manifest) is infinity, which `inference.batch` refuses as `unknown_value`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from medgui.assessment.spellings import YES_NO, fact_meanings, meanings
from medgui.errors import UserError
from medgui.frozen import frozen
from medgui.i18n import _
from medgui.inference.manifest import Manifest

if TYPE_CHECKING:
    import pandas as pd

    from medgui.inference.bundle import Bundle

FloatArray = NDArray[np.float64]

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


@frozen
class Plan:
    """Which columns of the file a model reads, and how: "number" or "text" (`kinds`).

    `answers`: for text columns, which cell means which number. `facts` are the columns that are no inputs.
    `aliases`: other names of a column, taken where the file has none of the first name.
    """

    kinds: Mapping[str, str]
    answers: Mapping[str, Mapping[str, float]]
    facts: tuple[str, ...]
    aliases: Mapping[str, tuple[str, ...]]


def plan(bundles: Iterable[Bundle]) -> Plan:
    """Plan for a model and those that supply its inputs."""
    kinds: dict[str, str] = {}
    answers: dict[str, Mapping[str, float]] = {}
    aliases: dict[str, tuple[str, ...]] = {}
    facts: list[str] = []
    manifests = [bundle.manifest for bundle in bundles]
    for manifest in manifests:
        for spec in manifest.inputs:
            meant = meanings(spec)
            kinds.setdefault(spec.name, "text" if meant else "number")
            aliases.setdefault(spec.name, spec.columns)
            if meant:
                answers.setdefault(spec.name, meant)
    for manifest in manifests:
        for name in fact_names(manifest):
            if name not in kinds:
                kinds[name] = "number" if name == "age" else "text"
                answers[name] = fact_meanings(name)
                facts.append(name)
    return Plan(kinds, answers, tuple(facts), aliases)


def fact_names(manifest: Manifest) -> tuple[str, ...]:
    """Return the columns that decide eligibility and are no inputs of this model."""
    inputs = {spec.name for spec in manifest.inputs}
    names = [rule.input for rule in manifest.exclusions]
    names += [name for indication in manifest.indications for name in indication.any]
    if manifest.age is not None:
        names.append("age")
    if len(manifest.sexes) == 1:
        names.append("sex")
    return tuple(dict.fromkeys(name for name in names if name not in inputs))


def resolve(names: list[str], plan: Plan) -> dict[str, str]:
    """Return which column of the file (*names*) each planned one is; those that the file lacks are left out.

    A column of the planned name comes first; only without it one of its other names counts. Raises `UserError`
    where a column that would be read stands in the file twice, or two other names of one input stand in it.
    """
    found: dict[str, str] = {}
    for name in plan.kinds:
        others = [other for other in plan.aliases.get(name, ()) if other not in plan.kinds]
        here = [name] if name in names else [other for other in others if other in names]
        if len(here) > 1:
            sentence = _("Two columns of the file may be {name}: {columns}. Keep one of them.")
            raise UserError(sentence.format(name=name, columns=", ".join(here)))
        for column in here:
            if names.count(column) > 1:
                raise UserError(_("The file has two columns {name}.").format(name=column))
            found[name] = column
    return found


def column(series: pd.Series[Any], name: str, plan: Plan) -> FloatArray:
    """Return a column [N] as numbers; NaN where missing, infinity where a cell is wrong."""
    if plan.kinds[name] == "text":
        return _text_column(series, plan.answers[name])
    return numbers_of(series)


def numbers_of(series: pd.Series[Any]) -> FloatArray:
    """Return a column [N] of numbers; NaN where a cell is empty, infinity where it is no number."""
    if series.dtype.kind in "if":
        values: FloatArray = series.to_numpy(dtype=np.float64)
        return values
    return _mixed_column(series)


def answers_of(series: pd.Series[Any]) -> FloatArray:
    """Return a yes/no column [N]: 1, 0, NaN where a cell is empty, infinity where it is neither."""
    return _text_column(series.astype("category"), YES_NO)


def _text_column(series: pd.Series[Any], answers: Mapping[str, float]) -> FloatArray:
    """Map the few different cells of a column, then the rows."""
    categories = series.cat.categories
    meaning = np.array([*(_meaning(str(text), answers) for text in categories), np.nan])
    codes = series.cat.codes.to_numpy()
    found: FloatArray = meaning[codes]
    return found


def _meaning(text: str, answers: Mapping[str, float]) -> float:
    cell = text.strip().casefold()
    if not cell:
        return np.nan
    if cell in answers:
        return answers[cell]
    if _NUMBER.fullmatch(cell):
        return answers.get(f"{float(cell):.15g}", np.inf)
    return np.inf


def _mixed_column(series: pd.Series[Any]) -> FloatArray:
    """Read a column that has a cell which is no number (pandas then leaves all of them as text)."""
    meaning: dict[object, float] = {}
    values = series.astype(object).where(series.notna(), "").tolist()
    for value in set(values):
        meaning[value] = _number(str(value))
    return np.array([meaning[value] for value in values], dtype=np.float64)


def _number(text: str) -> float:
    cell = text.strip()
    if not cell:
        return np.nan
    return float(cell) if _NUMBER.fullmatch(cell) else np.inf
