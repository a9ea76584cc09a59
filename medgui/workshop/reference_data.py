"""What `reference.npz` of a trained bundle holds: background rows, distance to the training data, interval tables."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from medgui.evaluation.figures import logit, sigmoid

FloatArray = NDArray[np.float64]
SMALLEST = 30
"""People that a group of like probability has at least."""


def applicability(
    x: FloatArray, flag: float = 0.99, refuse: float = 0.999, gaps: float = 0.0
) -> dict[str, FloatArray]:
    """Mean, scale and covariance of the training rows x [N, F] (NaN allowed), and percentiles of their distance.

    The covariance is that of pairs of known values, its eigenvalues raised to 0.05 so that every block of it can be
    inverted. distance² = zᵀPz over the known inputs, divided by their number. gaps: the share of values that are taken
    away in ten copies of each row before the percentiles are read, for a training set that has fewer gaps than the
    people it will meet (a mean over few inputs varies more).
    """
    mean, scale = np.nanmean(x, axis=0), np.nanstd(x, axis=0)
    z = (x - mean) / scale
    known = (~np.isnan(z)).astype(np.float64)
    filled = np.nan_to_num(z)
    covariance = (filled.T @ filled) / np.maximum(known.T @ known, 1.0)
    values, vectors = np.linalg.eigh(covariance)
    covariance = (vectors * np.maximum(values, 0.05)) @ vectors.T
    rows = x if gaps == 0.0 else _with_gaps(x, gaps)
    found = distance(rows, mean, scale, covariance)
    return {
        "train_mean": mean,
        "train_scale": scale,
        "train_covariance": covariance,
        "distance_flag": np.array(np.quantile(found, flag)),
        "distance_refuse": np.array(np.quantile(found, refuse)),
    }


def _with_gaps(x: FloatArray, share: float) -> FloatArray:
    """Ten copies of the rows, in each of which a random share of the values is missing."""
    rows = np.repeat(x, 10, axis=0)
    return np.where(np.random.default_rng(0).random(rows.shape) < share, np.nan, rows)


def distance(x: FloatArray, mean: FloatArray, scale: FloatArray, covariance: FloatArray) -> FloatArray:
    """Distance [N] of rows x [N, F] as the running program computes it."""
    z = (x - mean) / scale
    known = ~np.isnan(z)
    result = np.zeros(len(x))
    for pattern in np.unique(known, axis=0):
        rows = (known == pattern).all(axis=1)
        part = z[np.ix_(rows, pattern)]
        precision = np.linalg.inv(covariance[np.ix_(pattern, pattern)])
        result[rows] = np.sqrt(np.einsum("ij,jk,ik->i", part, precision, part) / max(pattern.sum(), 1))
    return result


def heterogeneity(y: FloatArray, p: FloatArray, cells: NDArray[np.str_], smallest: int = 10) -> float:
    """Between-group standard deviation of the calibration error on the log odds scale.

    For each cell with at least `smallest` expected events and non-events: the calibration in the large and its
    standard error; their between-cell variance by DerSimonian R, Laird N, Control Clin Trials 1986;7:177. 0 where
    fewer than two cells are large enough.
    """
    errors, variances = [], []
    for cell in np.unique(cells):
        part = cells == cell
        information = float((p[part] * (1 - p[part])).sum())
        if min(p[part].sum(), (1 - p[part]).sum()) >= smallest:
            errors.append(float((y[part] - p[part]).sum()) / information)
            variances.append(1.0 / information)
    if len(errors) < 2:
        return 0.0
    e, w = np.array(errors), 1.0 / np.array(variances)
    q = float((w * (e - (w * e).sum() / w.sum()) ** 2).sum())
    excess = (q - (len(e) - 1)) / (w.sum() - (w**2).sum() / w.sum())
    return float(np.sqrt(max(excess, 0.0)))


def interval_table(p: FloatArray, error: FloatArray, level: float, points: int = 25) -> dict[str, FloatArray]:
    """Limits by rising probability: logit(p) ± z x error, read at the medians of groups of like probability.

    p, error [N]: probability and standard error of its log odds for each training row (refits, differences between
    groups). To it comes, for each group, the standard error with which its own people can show whether it is
    calibrated, 1 / sqrt(sum of p (1 - p)): where few events lie nothing is known more precisely than that. `points`
    groups, fewer where they would be smaller than 30 people.
    """
    order = np.argsort(p, kind="stable")
    parts = np.array_split(order, max(min(points, len(p) // SMALLEST), 1))
    score = np.array([float(np.median(p[part])) for part in parts])
    spread = np.array([_spread(p[part], error[part]) for part in parts])
    inner = np.unique(score, return_index=True)[1]
    score = np.concatenate([[1e-4], score[inner], [1 - 1e-4]])
    spread = np.concatenate([[spread[0]], spread[inner], [spread[-1]]])
    half = float(norm.ppf((1 + level) / 2)) * spread
    middle = logit(score)
    return {
        "interval_score": score,
        "interval_lo": sigmoid(middle - half),
        "interval_hi": sigmoid(middle + half),
    }


def _spread(p: FloatArray, error: FloatArray) -> float:
    """Standard deviation of the log odds of one group of like probability."""
    return float(np.sqrt(np.mean(error**2) + 1.0 / max(float((p * (1 - p)).sum()), 1e-6)))
