"""Figures of a model on a data set: ranking, calibration, thresholds and groups, each with its 95 % interval.

`y` is 0/1 [N], `p` a probability in (0, 1) [N] unless said otherwise.
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from medgui.frozen import frozen

FloatArray = NDArray[np.float64]
Z = statistics.NormalDist().inv_cdf(0.975)


@frozen
class Estimate:
    """A figure and the limits of its 95 % interval (NaN where it cannot be computed)."""

    value: float
    lo: float
    hi: float


@frozen
class Row:
    """One line of a bundle's evaluation table (`medgui.inference.manifest.EvaluationRow`); NaN rates are left out."""

    dataset: str
    group: str
    metric: str
    estimate: Estimate
    n: int
    events: int
    predicted: float
    observed: float


def auroc(y: FloatArray, p: FloatArray) -> Estimate:
    """Area under the ROC curve; interval by DeLong on the logit scale.

    DeLong ER, DeLong DM, Clarke-Pearson DL, Biometrics 1988;44:837; mid-ranks as Sun X, Xu W, IEEE Signal
    Process Lett 2014;21:1389. The logit keeps the limits inside (0, 1).
    """
    event = y > 0
    events, others = p[event], p[~event]
    m, n = len(events), len(others)
    if m < 2 or n < 2:
        return Estimate(np.nan, np.nan, np.nan)
    ranks = mid_ranks(np.concatenate([events, others]))
    v10 = (ranks[:m] - mid_ranks(events)) / n
    v01 = 1.0 - (ranks[m:] - mid_ranks(others)) / m
    area = float(v10.mean())
    error = float(np.sqrt(v10.var(ddof=1) / m + v01.var(ddof=1) / n))
    if not 0.0 < area < 1.0:
        return Estimate(area, area, area)
    middle, half = np.log(area / (1 - area)), Z * error / (area * (1 - area))
    return Estimate(area, float(sigmoid(middle - half)), float(sigmoid(middle + half)))


def mid_ranks(values: FloatArray) -> FloatArray:
    """Rank [N] of each value from 1; equal values share the mean of their ranks."""
    _distinct, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[place], dtype=np.float64)


def brier(y: FloatArray, p: FloatArray) -> Estimate:
    """Mean squared error of the probability; interval of a mean."""
    squared = (p - y) ** 2
    half = Z * float(squared.std(ddof=1)) / np.sqrt(len(squared)) if len(squared) > 1 else np.nan
    value = float(squared.mean())
    return Estimate(value, value - half, value + half)


def calibration(y: FloatArray, p: FloatArray) -> dict[str, Estimate]:
    """`calibration_slope`, `calibration_intercept` and `calibration_in_the_large`.

    Slope and intercept of a logistic regression of y on logit(p) (Cox DR, Biometrika 1958;45:562); in the large:
    the intercept with the slope held at 1. Wald intervals.
    """
    score = logit(p)
    both, error = _logistic(np.column_stack([np.ones_like(score), score]), y, np.zeros_like(score))
    alone, alone_error = _logistic(np.ones((len(score), 1)), y, score)
    return {
        "calibration_slope": _wald(both[1], error[1]),
        "calibration_intercept": _wald(both[0], error[0]),
        "calibration_in_the_large": _wald(alone[0], alone_error[0]),
    }


def proportion(hits: int, n: int) -> Estimate:
    """A share with its score interval (Wilson EB, J Am Stat Assoc 1927;22:209)."""
    if n == 0:
        return Estimate(np.nan, np.nan, np.nan)
    share = hits / n
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * np.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    return Estimate(share, float(middle - half), float(middle + half))


def at_threshold(y: FloatArray, p: FloatArray, threshold: float) -> dict[str, Estimate]:
    """Sensitivity, specificity and predictive values of "p >= threshold", with score intervals."""
    event, positive = y > 0, p >= threshold
    return {
        "sensitivity": proportion(int((event & positive).sum()), int(event.sum())),
        "specificity": proportion(int((~event & ~positive).sum()), int((~event).sum())),
        "ppv": proportion(int((event & positive).sum()), int(positive.sum())),
        "npv": proportion(int((~event & ~positive).sum()), int((~positive).sum())),
    }


def whole_rows(dataset: str, y: FloatArray, p: FloatArray) -> list[Row]:
    """AUROC, Brier score and calibration of all people together."""
    figures = {"auroc": auroc(y, p), "brier": brier(y, p), **calibration(y, p)}
    return [_row(dataset, "all", metric, figure, y, p) for metric, figure in figures.items()]


def group_rows(dataset: str, y: FloatArray, p: FloatArray, groups: Mapping[str, Sequence[str]]) -> list[Row]:
    """AUROC with predicted and observed rate of each group ("sex: female"). `groups`: key to label of each row [N].

    The groups of one key are disjoint and cover everybody, so that n and events sum to the whole. A group with fewer
    than two events or non-events has no AUROC; its observed rate stands instead.
    """
    rows = []
    for key, labels in groups.items():
        column = np.asarray(labels)
        for label in sorted(set(column.tolist())):
            part = column == label
            metric, figure = "auroc", auroc(y[part], p[part])
            if np.isnan(figure.value):
                metric, figure = "observed_rate", proportion(int(y[part].sum()), int(part.sum()))
            rows.append(_row(dataset, f"{key}: {label}", metric, figure, y[part], p[part]))
    return rows


def age_bands(age: FloatArray, edges: Sequence[int]) -> list[str]:
    """Label each age by its band: edges (20, 50, 86) give "20-49" and "50-85"; ages outside go to the end bands."""
    labels = [f"{lo}-{hi - 1}" for lo, hi in itertools.pairwise(edges)]
    return [labels[place] for place in np.searchsorted(np.asarray(edges[1:-1]), age, side="right")]


def deciles(y: FloatArray, p: FloatArray) -> list[tuple[int, float, float]]:
    """(n, mean predicted, observed rate) of ten groups of rising prediction."""
    parts = np.array_split(np.argsort(p, kind="stable"), 10)
    return [(len(part), float(p[part].mean()), float(y[part].mean())) for part in parts]


def sigmoid(x: FloatArray | float) -> FloatArray:
    """The logistic function."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.asarray(x, dtype=np.float64))))


def logit(p: FloatArray) -> FloatArray:
    """The log odds."""
    return np.asarray(np.log(p) - np.log1p(-p))


def affine(score: FloatArray, y: FloatArray) -> tuple[float, float]:
    """Intercept and slope of a logistic recalibration of `score` [N] to y [N]."""
    found, _error = _logistic(np.column_stack([np.ones_like(score), score]), y, np.zeros_like(score))
    return float(found[0]), float(found[1])


def _row(dataset: str, group: str, metric: str, figure: Estimate, y: FloatArray, p: FloatArray) -> Row:
    return Row(dataset, group, metric, figure, len(y), int(y.sum()), float(p.mean()), float(y.mean()))


def _wald(value: float, error: float) -> Estimate:
    return Estimate(float(value), float(value - Z * error), float(value + Z * error))


def _logistic(x: FloatArray, y: FloatArray, offset: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Coefficients and standard errors of a logistic regression by Newton's method. Raises ValueError if it fails."""
    beta = np.zeros(x.shape[1])
    for _step in range(100):
        p = sigmoid(x @ beta + offset)
        information = x.T @ (x * (p * (1 - p))[:, None])
        change = np.linalg.solve(information, x.T @ (y - p))
        beta = beta + change
        if np.abs(change).max() < 1e-10:
            return beta, np.sqrt(np.diag(np.linalg.inv(information)))
    raise ValueError("the calibration regression does not converge (are the outcomes separated?)")
