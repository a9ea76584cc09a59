"""From the columns of a CSV to numbers: every cell is a number, missing, or wrong, and never silently the second.

An empty cell is missing, and so is a column that the file does not have. Anything else that is no number (or no
category of the manifest) is infinity, which `inference.batch` refuses as `unknown_value`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from medgui.errors import UserError
from medgui.frozen import frozen
from medgui.i18n import _
from medgui.inference.manifest import InputSpec, Manifest
from medgui.inference.rules import SEX_CODES, is_yes_no

if TYPE_CHECKING:
    import pandas as pd

    from medgui.inference.bundle import Bundle

FloatArray = NDArray[np.float64]
YES_NO = {"no": 0.0, "yes": 1.0, "0": 0.0, "1": 1.0, "false": 0.0, "true": 1.0}
TEXT_ONLY = ("sex", "ethnicity")
"""Inputs whose numeric codes differ from data set to data set: only words are taken."""

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


@frozen
class Plan:
    """Which columns of the file a model reads, and how: "number" or "text" (`kinds`).

    `answers`: for text columns, which cell means which number. `facts` are the columns that are no inputs.
    """

    kinds: Mapping[str, str]
    answers: Mapping[str, Mapping[str, float]]
    facts: tuple[str, ...]


def plan(bundles: Iterable[Bundle]) -> Plan:
    """Plan for a model and those that supply its inputs."""
    kinds: dict[str, str] = {}
    answers: dict[str, Mapping[str, float]] = {}
    facts: list[str] = []
    manifests = [bundle.manifest for bundle in bundles]
    for manifest in manifests:
        for spec in manifest.inputs:
            meant = _answers(spec)
            kinds.setdefault(spec.name, "text" if meant else "number")
            if meant:
                answers.setdefault(spec.name, meant)
    for manifest in manifests:
        for name in fact_names(manifest):
            if name not in kinds:
                kinds[name] = "number" if name == "age" else "text"
                answers[name] = SEX_CODES if name == "sex" else YES_NO
                facts.append(name)
    return Plan(kinds, answers, tuple(facts))


def fact_names(manifest: Manifest) -> tuple[str, ...]:
    """Return the columns that decide eligibility and are no inputs of this model."""
    inputs = {spec.name for spec in manifest.inputs}
    names = [rule.input for rule in manifest.exclusions]
    if manifest.age is not None:
        names.append("age")
    if len(manifest.sexes) == 1:
        names.append("sex")
    return tuple(dict.fromkeys(name for name in names if name not in inputs))


def require_single(names: list[str], wanted: Mapping[str, str]) -> None:
    """Raise `UserError` where a column that the model reads stands in the file twice."""
    for name in wanted:
        if names.count(name) > 1:
            raise UserError(_("The file has two columns {name}.").format(name=name))


def column(frame: pd.DataFrame, name: str, plan: Plan) -> FloatArray:
    """Return a column [N] as numbers; NaN where missing, infinity where a cell is wrong."""
    if name not in frame:
        return np.full(len(frame), np.nan)
    series = frame[name]
    if plan.kinds[name] == "text":
        return _text_column(series, plan.answers[name])
    if series.dtype.kind in "if":
        values: FloatArray = series.to_numpy(dtype=np.float64)
        return values
    return _mixed_column(series)


def _answers(spec: InputSpec) -> Mapping[str, float]:
    """Return what each cell of a text column means; empty for a number."""
    if not spec.categories:
        return YES_NO if is_yes_no(spec) else {}
    answers = {text.strip().casefold(): float(code) for text, code in spec.categories.items()}
    if spec.name not in TEXT_ONLY:
        if set(answers) == {"no", "yes"}:
            answers.update({"true": answers["yes"], "false": answers["no"]})
        answers.update({_plain(code): code for code in list(answers.values())})
    return answers


def _plain(number: float) -> str:
    return f"{number:.15g}"


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
        return answers.get(_plain(float(cell)), np.inf)
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
