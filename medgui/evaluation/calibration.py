"""Calibration: the curve by groups of rising prediction, and in the large, also of a weighted sample.

Slope and intercept are in `figures.calibration`; `y` is 0/1 [N], `p` a probability [N].
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from medgui.evaluation.figures import NOTHING, Estimate, inside, logistic, logit, proportion, wald
from medgui.frozen import frozen

FloatArray = NDArray[np.float64]


@frozen
class Bin:
    """One point of a calibration curve: `n` people of like prediction, the mean of it and the observed share."""

    n: int
    events: int
    predicted: float
    observed: Estimate


def calibration_curve(y: FloatArray, p: FloatArray, bins: int = 10) -> list[Bin]:
    """Predicted and observed rate of `bins` groups of rising prediction of one size (fewer where there are fewer).

    The observed share has a score interval (Wilson). For the groups: Hosmer DW, Lemeshow S, Communications in
    Statistics 1980;9:1043.
    """
    found = []
    for part in risk_groups(p, bins):
        events = int(y[part].sum())
        found.append(Bin(len(part), events, float(p[part].mean()), proportion(events, len(part))))
    return found


def risk_groups(p: FloatArray, bins: int = 10, smallest: int = 1) -> list[NDArray[np.intp]]:
    """Row numbers of at most `bins` groups of rising prediction, each with at least `smallest` people."""
    count = min(bins, max(len(p) // smallest, 1))
    order = np.argsort(p, kind="stable")
    return [part for part in np.array_split(order, count) if len(part)]


def in_the_large(y: FloatArray, p: FloatArray, weights: FloatArray | None = None) -> Estimate:
    """Log odds by which the predictions are too low on the whole (0: right), slope held at 1; Wald interval.

    Cox DR, Biometrika 1958;45:562. weights [N]: those of a survey, with the sandwich's standard error. NaN where there
    are only events or none: use the observed share there.
    """
    try:
        alone, error = logistic(np.ones((len(y), 1)), y, logit(inside(p)), weights)
    except ValueError:
        return NOTHING
    return wald(alone[0], error[0])


def slope(y: FloatArray, p: FloatArray, weights: FloatArray | None = None) -> Estimate:
    """Calibration slope (Cox 1958), weighted as `in_the_large`; NaN where the regression has no answer."""
    score = logit(inside(p))
    try:
        both, error = logistic(
            np.column_stack([np.ones_like(score), score]), y, np.zeros_like(score), weights
        )
    except ValueError:
        return NOTHING
    return wald(both[1], error[1])
