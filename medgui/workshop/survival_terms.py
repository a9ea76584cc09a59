"""Survival candidates over design columns that a recipe makes itself: Cox regression, and a network of hazards."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field

import numpy as np
from numpy.typing import NDArray

from medgui.frozen import frozen
from medgui.workshop.candidates import Fitted
from medgui.workshop.cox import fit_cox
from medgui.workshop.network import Settings

FloatArray = NDArray[np.float64]
Columns = Callable[[FloatArray], FloatArray]
Text = Mapping[str, str]


def spline(values: FloatArray, knots: Sequence[float]) -> FloatArray:
    """Restricted cubic spline [N, K - 2] without its straight part (Harrell FE, Regression Modeling Strategies)."""
    *first, before, last = knots
    scale = (last - knots[0]) ** 2

    def cubic(knot: float) -> FloatArray:
        return np.asarray(np.maximum(values - knot, 0.0) ** 3)

    parts = [
        cubic(k) - cubic(before) * (last - k) / (last - before) + cubic(last) * (before - k) / (last - before)
        for k in first
    ]
    return np.column_stack(parts) / scale


@frozen
class CoxFit:
    """Margin = sum of weights x columns, in the columns' own units, less that of the mean training person."""

    columns: Columns
    weights: FloatArray
    shift: float

    def __call__(self, x: FloatArray) -> FloatArray:
        """Log relative hazard [N]."""
        return np.asarray(self.columns(x) @ self.weights - self.shift)


@frozen
class CoxTerms:
    """Cox regression with a ridge penalty on standardised `columns`; `added` are further people to learn from."""

    id: str
    rank: int
    title: Text
    columns: Columns
    added: tuple[FloatArray, FloatArray] | None = None
    survival: bool = True
    penalties: tuple[float, ...] = (30.0, 10.0, 3.0, 1.0, 0.1)

    def grid(self) -> Sequence[Settings]:
        """Penalties per hundred events, the smoothest first."""
        return [{"penalty": penalty} for penalty in self.penalties]

    def fit(self, x: FloatArray, y: FloatArray, weights: FloatArray, seed: int, settings: Settings) -> CoxFit:
        """Fit by Newton's method."""
        if self.added is not None:
            x, y = np.vstack([x, self.added[0]]), np.vstack([y, self.added[1]])
            weights = np.concatenate([weights, np.ones(len(self.added[0]))])
        raw = self.columns(x)
        centre, scale = raw.mean(axis=0), raw.std(axis=0)
        scale = np.where(scale > 0, scale, 1.0)
        penalty = settings["penalty"] * float(y[:, 1].sum()) / 100
        found = fit_cox((raw - centre) / scale, y, weights / weights.mean(), penalty) / scale
        return CoxFit(self.columns, found, float(centre @ found))


@frozen
class HazardNetwork:
    """A 64-32-16 ReLU network of the hazard in each period that ends at one of `times` (scikit-learn).

    Margin: log of the summed hazards. Gensheimer MF, Narasimhan B, PeerJ 2019;7:e6257 for the discrete-time network.
    """

    columns: Columns
    times: tuple[float, ...]
    penalties: tuple[float, ...] = (10.0, 1.0)
    passes: int = 20
    id: str = "network"
    rank: int = 8
    survival: bool = True
    title: Text = field(
        default_factory=lambda: {
            "en": "Neural network of hazards by period (64-32-16, ReLU)",
            "zh": "分时段风险率的神经网络（64-32-16，ReLU）",
        }
    )

    def grid(self) -> Sequence[Settings]:
        """Penalties on the squared weights."""
        return [{"alpha": alpha} for alpha in self.penalties]

    def fit(self, x: FloatArray, y: FloatArray, weights: FloatArray, seed: int, settings: Settings) -> Fitted:
        """Fit by scikit-learn on one row a person and period."""
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.neural_network import MLPClassifier
        from threadpoolctl import threadpool_limits

        raw = self.columns(x)
        centre, scale = raw.mean(axis=0), raw.std(axis=0)
        columns = (raw - centre) / scale
        times = np.asarray(self.times)
        periods = np.minimum(np.searchsorted(times, y[:, 0]), len(times) - 1)
        who = np.repeat(np.arange(len(x)), periods + 1)
        period = np.concatenate([np.arange(last + 1) for last in periods])
        event = ((period == periods[who]) & (y[who, 1] > 0)).astype(np.float64)
        clock = 2.0 * times / times[-1] - 1.0
        model = MLPClassifier((64, 32, 16), alpha=settings["alpha"], max_iter=self.passes, random_state=seed)
        with threadpool_limits(1), warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(np.column_stack([columns[who], clock[period]]), event)

        def margin(x: FloatArray) -> FloatArray:
            own = (self.columns(x) - centre) / scale
            total = np.zeros(len(x))
            for when in clock:
                now = np.column_stack([own, np.full(len(x), when)])
                total += -np.log1p(-model.predict_proba(now)[:, 1])
            return np.asarray(np.log(total))

        return margin
