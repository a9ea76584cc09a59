"""An explanation of one output, before it has words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import field

from medgui.frozen import frozen

SUM_TOLERANCE = 1e-6
"""Largest gap between baseline + contributions and the output, relative above 1 (a probability: absolute)."""


@frozen
class Explained:
    """Shapley values of one output: baseline + sum(contributions) + residual = value, in the output's unit.

    method: "tree_shap", "enumeration" (both exact), "permutation" (then `error_bound` holds for each contribution
    with 99 % confidence), or "none": there is no explanation to show and `refused` says why.
    contributions: every input by name; one that equals the reference person's is exactly 0.
    """

    output: str
    method: str
    value: float
    baseline: float = math.nan
    contributions: Mapping[str, float] = field(default_factory=dict)
    residual: float = math.nan
    error_bound: float | None = None
    refused: str = ""


def adds_up(residual: float, value: float) -> bool:
    """Tell whether a residual is small enough to show the explanation; NaN is not."""
    return abs(residual) <= SUM_TOLERANCE * max(1.0, abs(value))
