"""Cox's proportional hazards: a ridge fit, the baseline survival, and the gradient for boosted trees.

`y` is [N, 2]: time, and event (1) or censored (0). Ties by Efron (Efron B, J Am Stat Assoc 1977;72:557), with case
weights as in the R package survival: each of d tied events counts their mean weight.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


class _Ties:
    """Rows by falling time, with the tied times and the events among them."""

    def __init__(self, y: FloatArray, weights: FloatArray) -> None:
        self.order = np.argsort(-y[:, 0], kind="stable")
        time, event = y[self.order, 0], y[self.order, 1] > 0
        self.weights = weights[self.order]
        starts = np.flatnonzero(np.concatenate([[True], time[1:] != time[:-1]]))
        self.tie = np.cumsum(np.concatenate([[True], time[1:] != time[:-1]])) - 1
        self.ends = np.concatenate([starts[1:], [len(time)]]) - 1
        self.starts = starts
        self.events = np.flatnonzero(event)
        first = np.searchsorted(self.events, starts)
        count = np.diff(np.concatenate([first, [len(self.events)]]))
        at = self.tie[self.events]
        self.share = (np.arange(len(self.events)) - first[at]) / count[at]
        own = np.where(event, self.weights, 0.0)
        self.event_weight = (np.add.reduceat(own, starts) / np.maximum(count, 1))[at]
        self.is_event = event

    def at_risk(self, values: FloatArray) -> FloatArray:
        """Efron's risk-set sums of `values` [N, …] (rows by falling time) at each event."""
        everybody = np.cumsum(values, axis=0)[self.ends]
        dying = np.where(self.is_event.reshape(-1, *[1] * (values.ndim - 1)), values, 0.0)
        tied = np.add.reduceat(dying, self.starts, axis=0)
        at = self.tie[self.events]
        share = self.share.reshape(-1, *[1] * (values.ndim - 1))
        return np.asarray(everybody[at] - share * tied[at])

    def spread_back(self, per_event: FloatArray) -> FloatArray:
        """For each row the sum of `per_event` [E] over the events at which it was at risk, tied ones by their share."""
        at = self.tie[self.events]
        by_tie = np.bincount(at, per_event, len(self.ends))
        later = np.cumsum(by_tie[::-1])[::-1]
        tied = np.bincount(at, per_event * self.share, len(self.ends))
        return np.asarray(later[self.tie] - np.where(self.is_event, tied[self.tie], 0.0))


def fit_cox(design: FloatArray, y: FloatArray, weights: FloatArray, penalty: float) -> FloatArray:
    """Coefficients [C] that maximise the partial likelihood less penalty/2 times their squares, by Newton's method."""
    ties = _Ties(y, weights)
    x = design[ties.order]
    beta = np.zeros(x.shape[1])
    value = _objective(ties, x, beta, penalty)
    for _step in range(100):
        gradient, hessian = _derivatives(ties, x, beta, penalty)
        change = np.linalg.solve(hessian + 1e-10 * np.eye(len(beta)), gradient)
        size = 1.0
        while size > 1e-6:
            trial = _objective(ties, x, beta + size * change, penalty)
            if trial >= value - 1e-12 * abs(value):
                break
            size /= 2
        beta, value = beta + size * change, trial
        if np.max(np.abs(size * change)) < 1e-10:
            break
    return np.asarray(beta)


def partial_likelihood(margin: FloatArray, y: FloatArray, weights: FloatArray) -> float:
    """Log partial likelihood of margins [N]."""
    ties = _Ties(y, weights)
    return _objective(ties, margin[ties.order][:, None], np.ones(1), 0.0)


def _objective(ties: _Ties, x: FloatArray, beta: FloatArray, penalty: float) -> float:
    margin = x @ beta
    top = float(np.max(margin))
    total = ties.at_risk(ties.weights * np.exp(margin - top))
    events = float((ties.weights * margin)[ties.events].sum())
    return (
        events - float((ties.event_weight * (np.log(total) + top)).sum()) - penalty / 2 * float(beta @ beta)
    )


def _derivatives(
    ties: _Ties, x: FloatArray, beta: FloatArray, penalty: float
) -> tuple[FloatArray, FloatArray]:
    margin = x @ beta
    risk = ties.weights * np.exp(margin - np.max(margin))
    total = ties.at_risk(risk)
    means = ties.at_risk(risk[:, None] * x) / total[:, None]
    w = ties.event_weight
    gradient = (ties.weights[:, None] * x)[ties.events].sum(axis=0) - w @ means - penalty * beta
    hazard = risk * ties.spread_back(w / total)
    hessian = x.T @ (x * hazard[:, None]) - means.T @ (means * w[:, None]) + penalty * np.eye(x.shape[1])
    return gradient, hessian


def cox_gradient(margin: FloatArray, y: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Gradient and diagonal curvature (its upper bound) [N] of minus the log partial likelihood in the margins [N]."""
    ties = _Ties(y, weights)
    risk = ties.weights * np.exp(margin[ties.order] - np.max(margin))
    hazard = risk * ties.spread_back(ties.event_weight / ties.at_risk(risk))
    gradient, curvature = np.empty(len(y)), np.empty(len(y))
    gradient[ties.order] = hazard - np.where(ties.is_event, ties.weights, 0.0)
    curvature[ties.order] = np.maximum(hazard, 1e-6)
    return gradient, curvature


def baseline_survival(
    margin: FloatArray, y: FloatArray, weights: FloatArray, times: FloatArray
) -> FloatArray:
    """Share [T] without the event at `times` of somebody with margin 0 (Breslow's cumulative hazard, Efron's ties)."""
    ties = _Ties(y, weights)
    top = float(np.max(margin))
    steps = ties.event_weight / ties.at_risk(ties.weights * np.exp(margin[ties.order] - top)) * np.exp(-top)
    at = y[ties.order, 0][ties.events]
    return np.array([float(np.exp(-steps[at <= time].sum())) for time in times])
