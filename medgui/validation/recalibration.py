"""Logistic recalibration of a probability on local patients: new log odds = intercept + slope x log odds.

Which of the two is changed is decided by a closed test (Vergouwe Y et al, Stat Med 2017;36:4529): nothing where the
cohort does not speak against the model, the intercept alone where the slope does not speak against 1, else both.
The change is shrunk by how much of it chance could have made (van Houwelingen JC, le Cessie S, Stat Med 1990;9:1303;
Steyerberg EW et al, Stat Med 2004;23:2567), and it has to help in cross-validation.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from medgui.errors import UserError
from medgui.evaluation.figures import logistic, logit, sigmoid
from medgui.frozen import frozen
from medgui.i18n import _, format_count
from medgui.validation.verdict import ENOUGH, RECALIBRATE

FloatArray = NDArray[np.float64]
Method = Literal["none", "intercept", "intercept_and_slope"]

SIGNIFICANT = 0.05
FOLDS = 10
_EDGE = 1e-9
_LOWEST_SLOPE = 0.1


@frozen
class Fit:
    """new log odds = intercept + slope x log odds. shrinkage: share of the change that was kept.

    covariance [2, 2] of (intercept, slope); zeros where a parameter was not changed.
    """

    method: Method
    intercept: float
    slope: float
    shrinkage: float
    covariance: FloatArray

    def apply(self, p: FloatArray) -> FloatArray:
        """The recalibrated probability [N]."""
        return sigmoid(self.intercept + self.slope * margin(p))

    def error(self, p: FloatArray) -> FloatArray:
        """Standard error [N] of the new log odds, from the estimation of intercept and slope alone."""
        design = np.column_stack([np.ones(len(p)), margin(p)])
        return np.asarray(np.sqrt(np.einsum("ij,jk,ik->i", design, self.covariance, design)))


@frozen
class Recalibrated:
    """The fit on everybody, and predictions [N] of each person by fits on the other folds."""

    fit: Fit
    cross_validated: FloatArray


NOTHING = Fit("none", 0.0, 1.0, 1.0, np.zeros((2, 2)))


def margin(p: FloatArray) -> FloatArray:
    """The log odds [N]; 0 and 1 count as 1e-9 and 1 - 1e-9."""
    return logit(np.clip(p, _EDGE, 1 - _EDGE))


def fit(y: FloatArray, p: FloatArray) -> Fit:
    """Choose by the closed test and fit on y [N] (0/1) and p [N].

    The slope is only free with at least `ENOUGH` events and non-events. `NOTHING` where the test sees no difference.
    """
    score = margin(p)
    ones = np.ones((len(score), 1))
    original = _likelihood(y, score)
    enough = min(y.sum(), len(y) - y.sum()) >= ENOUGH
    try:
        alone, alone_error = logistic(ones, y, score)
        with_intercept = _likelihood(y, alone[0] + score)
        both, _error = logistic(np.column_stack([ones, score]), y, np.zeros_like(score))
    except ValueError:
        return NOTHING
    with_both = _likelihood(y, both[0] + both[1] * score)
    if not enough:
        chi = 2 * (with_intercept - original)
        return (
            _intercept(y, score, chi, float(alone[0]), float(alone_error[0]))
            if _p1(chi) < SIGNIFICANT
            else NOTHING
        )
    chi = 2 * (with_both - original)
    if math.exp(-max(chi, 0.0) / 2) >= SIGNIFICANT:  # chi-square with 2 degrees of freedom
        return NOTHING
    if _p1(2 * (with_both - with_intercept)) >= SIGNIFICANT:
        chi = 2 * (with_intercept - original)
        return _intercept(y, score, chi, float(alone[0]), float(alone_error[0]))
    kept = max((chi - 2) / chi, 0.0)
    slope = 1 + kept * (float(both[1]) - 1)
    if slope < _LOWEST_SLOPE:
        return NOTHING
    intercept, _error = logistic(ones, y, slope * score)
    return Fit("intercept_and_slope", float(intercept[0]), slope, kept, _covariance(both, score))


def _intercept(y: FloatArray, score: FloatArray, chi: float, value: float, error: float) -> Fit:
    kept = max((chi - 1) / chi, 0.0) if chi > 0 else 0.0
    return Fit("intercept", kept * value, 1.0, kept, np.diag([error**2, 0.0]))


def _covariance(both: FloatArray, score: FloatArray) -> FloatArray:
    p = sigmoid(both[0] + both[1] * score)
    design = np.column_stack([np.ones_like(score), score])
    return np.asarray(np.linalg.inv(design.T @ (design * (p * (1 - p))[:, None])))


def _likelihood(y: FloatArray, score: FloatArray) -> float:
    """Log likelihood of y under the log odds score."""
    return float((y * score - np.logaddexp(0.0, score)).sum())


def _p1(chi: float) -> float:
    """Upper tail of chi-square with one degree of freedom."""
    return math.erfc(math.sqrt(max(chi, 0.0) / 2))


def recalibrate(y: FloatArray, p: FloatArray) -> Recalibrated:
    """Fit and prove by cross-validation. `UserError` where there are too few, nothing to mend, or no gain.

    Everything is done anew in each fold: the choice, the shrinkage and the fit.
    """
    events, others = int(y.sum()), int(len(y) - y.sum())
    if min(events, others) < RECALIBRATE:
        sentence = _(
            "{events} with and {others} without the outcome are too few to recalibrate; at least {least} of each are "
            "needed. The model stays as it is."
        )
        raise UserError(
            sentence.format(events=format_count(events), others=format_count(others), least=RECALIBRATE)
        )
    found = fit(y, p)
    if found.method == "none":
        raise UserError(
            _("These patients do not speak against the model's calibration beyond chance. It stays as it is.")
        )
    own = np.empty(len(p))
    for test in folds(y):
        train = np.ones(len(p), bool)
        train[test] = False
        own[test] = fit(y[train], p[train]).apply(p[test])
    if _likelihood(y, margin(own)) <= _likelihood(y, margin(p)):
        raise UserError(
            _(
                "In cross-validation the recalibrated model predicts no better than the original. It stays as it is."
            )
        )
    return Recalibrated(found, own)


def folds(y: FloatArray) -> list[NDArray[np.intp]]:
    """Row numbers of `FOLDS` parts with like shares of events, always the same for the same outcomes."""
    random = np.random.default_rng(0)
    place = np.empty(len(y), dtype=np.intp)
    for value in (0.0, 1.0):
        rows = random.permutation(np.flatnonzero(y == value))
        place[rows] = np.arange(len(rows)) % FOLDS
    return [np.flatnonzero(place == number) for number in range(FOLDS)]
