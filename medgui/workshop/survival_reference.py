"""What `reference.npz` of a survival model holds: limits of risk and curve; how far calibration differs by group."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from medgui.evaluation import survival
from medgui.workshop.reference_data import SMALLEST

FloatArray = NDArray[np.float64]


def between(y: FloatArray, risk: FloatArray, groups: NDArray[np.str_], horizon: float) -> float:
    """Between-group standard deviation of the log ratio of observed to expected events up to `horizon`.

    y [N, 2]: time, event; risk [N]: probability of the event up to the horizon, by a fit that did not see the person.
    Expected: the cumulative hazard of each person up to the end of follow-up or the horizon, taken proportional to
    the hazard of the cohort. Variance of a log ratio: 1 / expected; DerSimonian R, Laird N, Control Clin Trials
    1986;7:177.
    """
    time = np.minimum(y[:, 0], horizon)
    event = y[:, 1] * (y[:, 0] <= horizon)
    cohort = survival.kaplan_meier(y[:, 0], y[:, 1])
    share = np.log(cohort.at(time)) / float(np.log(cohort.at(horizon)))
    expected = -np.log1p(-risk) * share
    found, weights = [], []
    for group in np.unique(groups):
        part = groups == group
        awaited, had = float(np.sum(expected[part])), float(np.sum(event[part]))
        if awaited >= 10:
            found.append(np.log(max(had, 0.5) / awaited))
            weights.append(awaited)
    e, w = np.array(found), np.array(weights)
    total = float(np.sum(w))
    q = float(np.sum(w * (e - np.sum(w * e) / total) ** 2))
    return float(np.sqrt(max((q - (len(e) - 1)) / (total - float(np.sum(w**2)) / total), 0.0)))


def curve_limits(
    curve: FloatArray, error: FloatArray, at: int, level: float, points: int = 20
) -> dict[str, FloatArray]:
    """Limits of the risk at time `at` by its size, and of the curve by that risk: log(-log curve) ± z x error [N, T].

    curve [N, T]: curves of the training rows under proportional hazards; error: standard error, averaged over
    neighbours of like risk. As in `reference_data.interval_table`, the standard error with which each group of like
    risk can show its own rate is added: 1 / sqrt(expected events up to time `at`).
    """
    p = 1.0 - curve[:, at]
    order = np.argsort(p, kind="stable")
    parts = np.array_split(order, max(min(points, len(p) // SMALLEST), 1))
    z = float(norm.ppf((1 + level) / 2))
    score = np.array([float(np.median(p[part])) for part in parts])
    own = [1.0 / max(float(-np.log(curve[part, at]).sum()), 1e-6) for part in parts]
    spread = np.array(
        [np.sqrt(np.mean(error[part] ** 2, axis=0) + alone) for part, alone in zip(parts, own, strict=True)]
    )
    score = np.concatenate([[1e-3], score, [1 - 1e-3]])
    spread = np.vstack([spread[:1], spread, spread[-1:]])
    shape = np.log(curve[0]) / np.log(curve[0, at])
    cumulated = -np.log1p(-score)[:, None] * shape
    lo, hi = (np.exp(-cumulated * np.exp(sign * z * spread)) for sign in (1, -1))
    return {
        "interval_score": score,
        "interval_lo": 1.0 - hi[:, at],
        "interval_hi": 1.0 - lo[:, at],
        "survival_score": score,
        "survival_lo": lo,
        "survival_hi": hi,
    }
