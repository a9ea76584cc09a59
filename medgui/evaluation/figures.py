"""Figures of a model on a data set: ranking, calibration and groups, each with its 95 % interval.

`y` is 0/1 [N], `p` a probability in (0, 1) [N] unless said otherwise.
"""

from __future__ import annotations

import contextlib
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


NOTHING = Estimate(np.nan, np.nan, np.nan)
"""What stands where a figure cannot be computed."""


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
        return NOTHING
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


def brier(y: FloatArray, p: FloatArray, weights: FloatArray | None = None) -> Estimate:
    """Mean squared error of the probability (Brier GW, Mon Weather Rev 1950;78:1); interval of a mean.

    weights [N]: of a survey; the interval then takes the people as drawn independently.
    """
    return mean((p - y) ** 2, weights)


def mean(values: FloatArray, weights: FloatArray | None = None) -> Estimate:
    """(Weighted) mean of `values` [N] with a Wald interval; a weighted mean is linearised as a ratio."""
    if len(values) == 0:
        return NOTHING
    w = np.ones(len(values)) if weights is None else weights
    value = float((w * values).sum() / w.sum())
    squared = float(((w * (values - value)) ** 2).sum() / w.sum() ** 2)
    n = len(values)
    return wald(value, float(np.sqrt(squared * n / (n - 1))) if n > 1 else np.nan)


def calibration(y: FloatArray, p: FloatArray) -> dict[str, Estimate]:
    """`calibration_slope`, `calibration_intercept` and `calibration_in_the_large`.

    Slope and intercept of a logistic regression of y on logit(p) (Cox DR, Biometrika 1958;45:562); in the large:
    the intercept with the slope held at 1. Wald intervals. NaN where the regression has no answer (one class, all
    predictions alike, outcomes separated); probabilities of 0 and 1 count as 1e-9 and 1 - 1e-9.
    """
    score = logit(inside(p))
    slope = intercept = large = NOTHING
    with contextlib.suppress(ValueError):
        both, error = logistic(np.column_stack([np.ones_like(score), score]), y, np.zeros_like(score))
        slope, intercept = wald(both[1], error[1]), wald(both[0], error[0])
    with contextlib.suppress(ValueError):
        alone, alone_error = logistic(np.ones((len(score), 1)), y, score)
        large = wald(alone[0], alone_error[0])
    return {
        "calibration_slope": slope,
        "calibration_intercept": intercept,
        "calibration_in_the_large": large,
    }


def proportion(hits: int, n: int) -> Estimate:
    """A share with its score interval (Wilson EB, J Am Stat Assoc 1927;22:209)."""
    if n == 0:
        return NOTHING
    share = hits / n
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * np.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    return Estimate(share, float(middle - half), float(middle + half))


def whole_rows(dataset: str, y: FloatArray, p: FloatArray) -> list[Row]:
    """AUROC, Brier score and calibration of all people together."""
    figures = {"auroc": auroc(y, p), "brier": brier(y, p), **calibration(y, p)}
    return [figure_row(dataset, "all", metric, figure, y, p) for metric, figure in figures.items()]


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
            rows.append(figure_row(dataset, f"{key}: {label}", metric, figure, y[part], p[part]))
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
    with np.errstate(over="ignore"):
        return np.asarray(1.0 / (1.0 + np.exp(-np.asarray(x, dtype=np.float64))))


def logit(p: FloatArray) -> FloatArray:
    """The log odds."""
    return np.asarray(np.log(p) - np.log1p(-p))


def inside(p: FloatArray) -> FloatArray:
    """`p` kept between 1e-9 and 1 - 1e-9, so that its log odds are finite."""
    return np.asarray(np.clip(p, 1e-9, 1 - 1e-9))


def affine(score: FloatArray, y: FloatArray) -> tuple[float, float]:
    """Intercept and slope of a logistic recalibration of `score` [N] to y [N]."""
    found, _error = logistic(np.column_stack([np.ones_like(score), score]), y, np.zeros_like(score))
    return float(found[0]), float(found[1])


def figure_row(dataset: str, group: str, metric: str, figure: Estimate, y: FloatArray, p: FloatArray) -> Row:
    """A line of the evaluation table about the people of y and p [N]."""
    rates = (float(p.mean()), float(y.mean())) if len(y) else (np.nan, np.nan)
    return Row(dataset, group, metric, figure, len(y), int(y.sum()), *rates)


def wald(value: float, error: float) -> Estimate:
    """A figure and its interval from its standard error."""
    return Estimate(float(value), float(value - Z * error), float(value + Z * error))


def logistic(
    x: FloatArray, y: FloatArray, offset: FloatArray, weights: FloatArray | None = None
) -> tuple[FloatArray, FloatArray]:
    """Coefficients and standard errors of a logistic regression by Newton's method.

    x: design [N, C] with its column of ones; offset: [N], a part of the log odds with coefficient 1. With weights [N]
    the standard errors are the sandwich's (Huber PJ, Proc 5th Berkeley Symp 1967;1:221). Raises ValueError where
    there is no answer: one class, columns that depend on each other, outcomes separated.
    """
    w = np.ones(len(y)) if weights is None else weights
    beta = np.zeros(x.shape[1])
    if len(y) == 0 or (y[w > 0] == y[w > 0][:1]).all():
        raise ValueError("the calibration regression needs both outcomes")
    for _step in range(100):
        p = sigmoid(x @ beta + offset)
        information = x.T @ (x * (w * p * (1 - p))[:, None])
        if np.linalg.matrix_rank(information) < x.shape[1]:
            break
        change = np.linalg.solve(information, x.T @ (w * (y - p)))
        beta = beta + np.clip(change, -4, 4)
        if np.abs(change).max() < 1e-10:
            inverse = np.linalg.inv(information)
            if weights is not None:
                score = x * (w * (y - p))[:, None]
                inverse = inverse @ (score.T @ score) @ inverse
            return beta, np.sqrt(np.diag(inverse))
        if np.abs(beta).max() > 1e3:
            break
    raise ValueError("the calibration regression does not converge (are the outcomes separated?)")
