"""Ranking: average precision, weighted and paired AUROC, and the bootstrap for what has no formula.

`y` is 0/1 [N]; `p`, `q` are scores [N], higher meaning more likely; `weights` [N] are those of a survey.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medgui.evaluation.figures import NOTHING, Estimate, Z, mid_ranks, sigmoid, wald

FloatArray = NDArray[np.float64]
RESAMPLES = 1000


def bootstrap(
    statistic: Callable[..., float], *arrays: NDArray[Any], resamples: int = RESAMPLES, seed: int = 0
) -> Estimate:
    """`statistic(*arrays)` with the percentile interval over resampled people (Efron B, Ann Stat 1979;7:1).

    arrays: each [N, …], resampled by the same rows; the same seed gives the same interval. Resamples in which the
    statistic is NaN (one class only) are left out; where they are more than a tenth the limits are NaN.
    """
    value = float(statistic(*arrays))
    n = len(arrays[0])
    if n < 2:
        return Estimate(value, np.nan, np.nan)
    random = np.random.default_rng(seed)
    found = np.empty(resamples)
    for number in range(resamples):
        rows = random.integers(0, n, n)
        found[number] = statistic(*(array[rows] for array in arrays))
    return _percentiles(value, found)


def _percentiles(value: float, found: FloatArray) -> Estimate:
    known = found[np.isfinite(found)]
    if len(known) < 0.9 * len(found):
        return Estimate(value, np.nan, np.nan)
    lo, hi = np.quantile(known, [0.025, 0.975])
    return Estimate(value, float(lo), float(hi))


def average_precision(y: FloatArray, p: FloatArray, weights: FloatArray | None = None) -> Estimate:
    """Mean precision over the events, ties taken together; percentile bootstrap of 1,000 resamples, seed 0.

    Sum of (recall step x precision) over falling thresholds, without interpolation (Davis J, Goadrich M, ICML
    2006;233; Su W, Yuan Y, Zhu M, ICTIR 2015;349).
    """
    if not 0 < y.sum() < len(y):
        return NOTHING
    order = np.argsort(-p, kind="stable")
    event, w = y[order] > 0, np.ones(len(y)) if weights is None else weights[order]
    ends = np.append(np.flatnonzero(np.diff(p[order])), len(y) - 1)
    value = _mean_precision(event, w, ends)
    random = np.random.default_rng(0)
    found = np.empty(RESAMPLES)
    for number in range(RESAMPLES):
        counts = np.bincount(random.integers(0, len(y), len(y)), minlength=len(y))
        found[number] = _mean_precision(event, w * counts, ends)
    return _percentiles(value, found)


def _mean_precision(event: NDArray[np.bool_], w: FloatArray, ends: NDArray[np.intp]) -> float:
    """Average precision of rows in falling order of score; `ends`: the last row of each group of ties."""
    hits, called = np.cumsum(np.where(event, w, 0.0))[ends], np.cumsum(w)[ends]
    if hits[-1] <= 0:
        return np.nan
    steps = np.diff(hits, prepend=0.0)
    some = steps > 0
    return float((steps[some] * hits[some] / called[some]).sum() / hits[-1])


def auroc_weighted(y: FloatArray, p: FloatArray, weights: FloatArray) -> Estimate:
    """Area under the ROC curve of a weighted sample; interval on the logit scale.

    The probability that an event of the population has the higher score. Its variance is DeLong's with weighted
    placement values, the ratio linearised over independently drawn people (Yao W, Li Z, Graubard BI, Stat Med
    2015;34:1293); clusters and strata of a survey are not taken into account. Equal weights give `figures.auroc`.
    """
    used = weights > 0
    event, p, w = y[used] > 0, p[used], weights[used]
    m, n = int(event.sum()), int((~event).sum())
    if m < 2 or n < 2:
        return NOTHING
    share = np.where(event, w / w[event].sum(), w / w[~event].sum())
    below = _weight_below(p, np.where(event, 0.0, share))
    above = 1.0 - _weight_below(p, np.where(event, share, 0.0))
    place = np.where(event, below, above)
    area = min(float((share * place)[event].sum()), 1.0)
    squared = np.square(share * (place - area))
    error = np.sqrt(squared[event].sum() * m / (m - 1) + squared[~event].sum() * n / (n - 1))
    return on_logits(area, float(error))


def _weight_below(p: FloatArray, share: FloatArray) -> FloatArray:
    """Sum of `share` [N] over the rows with a lower score, and half of that of the rows with the same one, [N]."""
    _distinct, place = np.unique(p, return_inverse=True)
    each = np.bincount(place, weights=share)
    return np.asarray((np.cumsum(each) - each / 2)[place], dtype=np.float64)


def on_logits(area: float, error: float) -> Estimate:
    """A share with the interval of its log odds, which stays inside (0, 1)."""
    if not 0.0 < area < 1.0:
        return Estimate(area, area, area)
    middle, half = np.log(area / (1 - area)), Z * error / (area * (1 - area))
    return Estimate(area, float(sigmoid(middle - half)), float(sigmoid(middle + half)))


def paired_auroc(y: FloatArray, p: FloatArray, q: FloatArray) -> Estimate:
    """AUROC of p less that of q on the same people, with the interval of DeLong's covariance.

    DeLong ER, DeLong DM, Clarke-Pearson DL, Biometrics 1988;44:837.
    """
    event = y > 0
    m, n = int(event.sum()), int((~event).sum())
    if m < 2 or n < 2:
        return NOTHING
    first, second = (_placements(event, score) for score in (p, q))
    v10, v01 = first[0] - second[0], first[1] - second[1]
    error = float(np.sqrt(v10.var(ddof=1) / m + v01.var(ddof=1) / n))
    return wald(float(v10.mean()), error)


def _placements(event: NDArray[np.bool_], score: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Placement values of the events [m] and of the others [n]."""
    events, others = score[event], score[~event]
    ranks = mid_ranks(np.concatenate([events, others]))
    m, n = len(events), len(others)
    return (ranks[:m] - mid_ranks(events)) / n, 1.0 - (ranks[m:] - mid_ranks(others)) / m
