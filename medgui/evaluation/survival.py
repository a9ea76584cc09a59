"""Figures of a model of time to an event: observed risk, ranking, error and calibration under censoring.

`time` [N] is the follow-up in any unit, `event` [N] 0 (censored), 1 (the event) or 2 (a competing one), `weights` [N]
those of a survey. Events at a time come before censorings at the same time. People followed up to the horizon or longer
are known there. The figures with weights of censoring take these as known, which makes intervals slightly wide.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from medgui.evaluation import calibration, ranking
from medgui.evaluation.figures import NOTHING, Estimate, Z, mean, wald
from medgui.frozen import frozen

FloatArray = NDArray[np.float64]
PIECE = 2_000_000


@frozen
class Curve:
    """A step function: `share` [K] from each of the rising `time`s [K] on, before the first of them 1."""

    time: FloatArray
    share: FloatArray

    def at(self, when: FloatArray | float) -> FloatArray:
        """The share just after each time."""
        return self._read(np.searchsorted(self.time, when, side="right"))

    def before(self, when: FloatArray | float) -> FloatArray:
        """The share just before each time."""
        return self._read(np.searchsorted(self.time, when, side="left"))

    def _read(self, place: NDArray[np.intp] | np.intp) -> FloatArray:
        return np.asarray(np.concatenate([[1.0], self.share])[place], dtype=np.float64)


@frozen
class _Risk:
    """Weighted hazards at each distinct time [K]: of the event, of any event; `place` [N] is each person's time."""

    time: FloatArray
    at_risk: FloatArray
    first: FloatArray
    any: FloatArray
    place: NDArray[np.intp]


def _risk(time: FloatArray, event: FloatArray, weights: FloatArray) -> _Risk:
    distinct, place = np.unique(time, return_inverse=True)
    size = len(distinct)
    at_risk = np.cumsum(np.bincount(place, weights, size)[::-1])[::-1]
    counts = [np.bincount(place, weights * hit, size) for hit in (event == 1, event > 0)]
    first, either = (np.divide(each, at_risk, out=np.zeros(size), where=at_risk > 0) for each in counts)
    return _Risk(distinct, at_risk, first, either, place)


def _ones(time: FloatArray, weights: FloatArray | None) -> FloatArray:
    return np.ones(len(time)) if weights is None else weights


def kaplan_meier(time: FloatArray, event: FloatArray, weights: FloatArray | None = None) -> Curve:
    """Share without any event after each time (Kaplan EL, Meier P, J Am Stat Assoc 1958;53:457)."""
    risk = _risk(time, event, _ones(time, weights))
    return Curve(risk.time, np.cumprod(1.0 - risk.any))


def aalen_johansen(
    time: FloatArray, event: FloatArray, horizon: float, weights: FloatArray | None = None
) -> Estimate:
    """Share with event 1 up to `horizon`, event 2 competing; interval on the complementary log-log scale.

    Aalen OO, Johansen S, Scand J Stat 1978;5:141; without event 2 it is 1 - Kaplan-Meier. The variance is the sum of
    squared influences of the people (infinitesimal jackknife: Efron B, Biometrika 1981;68:589), which holds with
    weights too. NaN where nobody is followed up to the horizon and the share is not settled before.
    """
    w = _ones(time, weights)
    used = w > 0
    time, event, w = time[used], event[used], w[used]
    if not len(time):
        return NOTHING
    risk = _risk(time, event, w)
    within = risk.time <= horizon
    free = np.cumprod(1.0 - risk.any)
    before = np.concatenate([[1.0], free[:-1]])
    grown = np.cumsum(before * risk.first)
    if not within.all():
        last = int(np.count_nonzero(within)) - 1
    elif free[-1] > 1e-12 and risk.time[-1] < horizon:
        return NOTHING
    else:
        last = len(free) - 1
    value = float(grown[last]) if last >= 0 else 0.0
    influence = _influence(risk, event, w, before, value - grown, last)
    n = len(time)
    error = float(np.sqrt((influence**2).sum() * n / (n - 1))) if n > 1 else np.nan
    if not 0 < value < 1:
        return Estimate(value, np.nan, np.nan)
    middle, half = np.log(-np.log1p(-value)), Z * error / ((1 - value) * -np.log1p(-value))
    lo, hi = (float(-np.expm1(-np.exp(middle + sign * half))) for sign in (-1, 1))
    return Estimate(value, lo, hi)


def _influence(
    risk: _Risk, event: FloatArray, w: FloatArray, before: FloatArray, later: FloatArray, last: int
) -> FloatArray:
    """What each person [N] moves the cumulative incidence by; `later` [K]: what it still grows after each time.

    A person's martingale residual of each cause enters with S(t-) / Y(t) for the event itself, and with the part of the
    incidence that is still to come for every event, which takes somebody out.
    """
    counted = np.arange(len(risk.time)) <= last
    stay = 1.0 - risk.any
    gain = np.divide(before, risk.at_risk, out=np.zeros_like(before), where=counted)
    loss = np.divide(later, stay * risk.at_risk, out=np.zeros_like(before), where=counted & (stay > 1e-12))
    expected = np.cumsum(gain * risk.first - loss * risk.any)
    own = gain[risk.place] * (event == 1) - loss[risk.place] * (event > 0)
    return np.asarray(w * (own - expected[risk.place]))


def censoring_weights(
    time: FloatArray, event: FloatArray, horizon: float, weights: FloatArray | None = None
) -> FloatArray:
    """Inverse probability of still being followed up, [N]; 0 for those censored before `horizon`.

    An event up to the horizon: 1 / G(time-); followed up to it: 1 / G(horizon-), G the Kaplan-Meier share that is not
    censored (Graf E et al, Stat Med 1999;18:2529). Multiply by the weights of a survey to use both.
    """
    free = _uncensored(time, event, _ones(time, weights))
    at = np.where(time < horizon, time, horizon)
    known = (time >= horizon) | (event > 0)
    share = free.before(at)
    return np.divide(1.0, share, out=np.zeros(len(time)), where=known & (share > 0))


def _uncensored(time: FloatArray, event: FloatArray, weights: FloatArray) -> Curve:
    """Share not yet censored; somebody with an event at a time is no longer at risk of a censoring at it."""
    distinct, place = np.unique(time, return_inverse=True)
    size = len(distinct)
    lost = np.bincount(place, weights * (event == 0), size)
    gone = np.bincount(place, weights * (event > 0), size)
    at_risk = np.cumsum((lost + gone)[::-1])[::-1] - gone
    hazard = np.divide(lost, at_risk, out=np.zeros(size), where=lost > 0)
    return Curve(distinct, np.cumprod(1.0 - np.minimum(hazard, 1.0)))


def c_index(time: FloatArray, event: FloatArray, risk: FloatArray) -> Estimate:
    """Harrell's C: share of comparable pairs in which who has the event first has the higher risk; ties count half.

    Harrell FE et al, JAMA 1982;247:2543. Interval on the logit scale from each person's share of the pairs, a ratio of
    two U-statistics (Pencina MJ, D'Agostino RB, Stat Med 2004;23:2109). event: 1 or not. NaN without comparable pairs.
    """
    had = event == 1
    right, pairs = np.zeros(len(time)), np.zeros(len(time))
    rows = np.flatnonzero(had)
    for part in np.array_split(rows, max(len(rows) * len(time) // PIECE, 1)):
        after = time[None, :] > time[part, None]
        after |= (time[None, :] == time[part, None]) & ~had[None, :]
        won = np.where(risk[part, None] > risk[None, :], 1.0, 0.5 * (risk[part, None] == risk[None, :]))
        won *= after
        right[part] += won.sum(axis=1)
        pairs[part] += after.sum(axis=1)
        right += won.sum(axis=0)
        pairs += after.sum(axis=0)
    if pairs.sum() == 0:
        return NOTHING
    value = float(right.sum() / pairs.sum())
    error = 2.0 * float(np.sqrt(((right - value * pairs) ** 2).sum())) / float(pairs.sum())
    return ranking.on_logits(value, error)


def _outcome(time: FloatArray, event: FloatArray, horizon: float) -> FloatArray:
    return np.asarray((event == 1) & (time <= horizon), dtype=np.float64)


def _both(time: FloatArray, event: FloatArray, horizon: float, weights: FloatArray | None) -> FloatArray:
    return censoring_weights(time, event, horizon, weights) * _ones(time, weights)


def time_auc(
    time: FloatArray, event: FloatArray, risk: FloatArray, horizon: float, weights: FloatArray | None = None
) -> Estimate:
    """AUROC of having event 1 up to `horizon` or not, weighted for censoring.

    Cumulative cases, dynamic controls (Uno H et al, J Am Stat Assoc 2007;102:527); who had event 2 before is a control
    (Blanche P, Dartigues JF, Jacqmin-Gadda H, Stat Med 2013;32:5381). Heagerty PJ, Lumley T, Pepe MS, Biometrics
    2000;56:337 for the idea.
    """
    return ranking.auroc_weighted(_outcome(time, event, horizon), risk, _both(time, event, horizon, weights))


def brier_ipcw(
    time: FloatArray, event: FloatArray, p: FloatArray, horizon: float, weights: FloatArray | None = None
) -> Estimate:
    """Mean squared error of the risk p [N] of event 1 up to `horizon`, weighted for censoring.

    Graf E et al, Stat Med 1999;18:2529; with a competing event Schoop R et al, Biom J 2011;53:88.
    """
    w = _ones(time, weights)
    squared = censoring_weights(time, event, horizon, weights) * (p - _outcome(time, event, horizon)) ** 2
    return mean(squared, w)


def calibration_in_the_large_ipcw(
    time: FloatArray, event: FloatArray, p: FloatArray, horizon: float, weights: FloatArray | None = None
) -> Estimate:
    """Log odds by which the risks p [N] up to `horizon` are too low on the whole, weighted for censoring."""
    w = _both(time, event, horizon, weights)
    return calibration.in_the_large(_outcome(time, event, horizon), p, w)


def calibration_slope_ipcw(
    time: FloatArray, event: FloatArray, p: FloatArray, horizon: float, weights: FloatArray | None = None
) -> Estimate:
    """Slope of a logistic regression of the event up to `horizon` on logit(p), weighted for censoring."""
    w = _both(time, event, horizon, weights)
    return calibration.slope(_outcome(time, event, horizon), p, w)


def cox_slope(time: FloatArray, event: FloatArray, linear: FloatArray) -> Estimate:
    """Calibration slope of a linear predictor (log hazard) [N]: its coefficient in a Cox regression; ideal 1.

    Cox DR, J R Stat Soc B 1972;34:187, ties after Efron B, J Am Stat Assoc 1977;72:557; van Houwelingen HC, Stat Med
    2000;19:3401 for its use. event: 1 or not; Wald interval. NaN where the likelihood has no maximum.
    """
    order = np.argsort(-time, kind="stable")
    t, had, x = time[order], event[order] == 1, linear[order] - linear.mean()
    if not had.any() or np.ptp(x) == 0:
        return NOTHING
    slope = 0.0
    for _step in range(50):
        gradient, information = _cox_step(t, had, x, slope)
        if information <= 0 or abs(slope) * float(np.abs(x).max()) > 300:
            return NOTHING
        change = float(np.clip(gradient / information, -1, 1))
        slope += change
        if abs(change) < 1e-10:
            return wald(slope, information**-0.5)
    return NOTHING


def _cox_step(t: FloatArray, had: NDArray[np.bool_], x: FloatArray, slope: float) -> tuple[float, float]:
    """First derivative of the partial log likelihood and its information; rows by falling time."""
    weight = np.exp(slope * x)
    _distinct, place = np.unique(-t, return_inverse=True)
    ends = np.searchsorted(place, np.arange(int(place[-1]) + 1), side="right") - 1
    rows = np.flatnonzero(had)
    of = place[rows]
    ties = np.bincount(of, minlength=len(ends))
    part = (np.arange(len(rows)) - np.searchsorted(of, of)) / ties[of]
    zero, one, two = (
        np.cumsum(weight * x**power)[ends][of]
        - part * np.bincount(of, (weight * x**power)[rows], len(ends))[of]
        for power in (0, 1, 2)
    )
    gradient = float(x[rows].sum() - (one / zero).sum())
    return gradient, float((two / zero - (one / zero) ** 2).sum())
