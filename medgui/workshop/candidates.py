"""The kinds of models that are tried, from the simplest to the most complex, each with its grid of settings.

A candidate learns from x [N, F] (NaN: missing; every kind deals with it inside) and y: 0/1 [N], or [N, 2] with time
and event. What it gives back is called with rows and answers their margin: log odds, or log relative hazard.
Everything runs on one thread and follows from its seed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from medgui.frozen import frozen
from medgui.workshop.cox import cox_gradient, fit_cox
from medgui.workshop.design import Codes, Design, learn
from medgui.workshop.network import Network, Settings, Text, one_thread

FloatArray = NDArray[np.float64]


class Fitted(Protocol):
    """A fitted model."""

    def __call__(self, x: FloatArray) -> FloatArray:
        """Margin [N] of rows x [N, F]."""


class Candidate(Protocol):
    """A kind of model. rank: complexity, a lower one is preferred among equals. survival: y is [N, 2]."""

    @property
    def id(self) -> str:
        """A short name."""

    @property
    def title(self) -> Text:
        """What it is called in English and Chinese."""

    @property
    def rank(self) -> int:
        """Complexity; the lower the simpler."""

    @property
    def survival(self) -> bool:
        """Whether it learns times to an event."""

    def grid(self) -> Sequence[Settings]:
        """The settings to choose from, the smoothest first."""

    def fit(self, x: FloatArray, y: FloatArray, weights: FloatArray, seed: int, settings: Settings) -> Fitted:
        """Learn from the rows."""


def fit_grid(
    candidate: Candidate, x: FloatArray, y: FloatArray, weights: FloatArray, seed: int
) -> list[Fitted]:
    """One fitted model for each entry of the grid; a candidate with a `fit_grid` of its own saves work."""
    own = getattr(candidate, "fit_grid", None)
    if own is not None:
        return list(own(x, y, weights, seed))
    return [candidate.fit(x, y, weights, seed, settings) for settings in candidate.grid()]


@frozen
class LinearFit:
    """A weighted sum of design columns."""

    design: Design
    intercept: float
    weights: FloatArray

    def __call__(self, x: FloatArray) -> FloatArray:
        """Margin [N]."""
        return np.asarray(self.intercept + self.design(x) @ self.weights)


@frozen
class Logistic:
    """Logistic regression with a ridge penalty; `strengths` are scikit-learn's C (the smaller the smoother)."""

    categories: Codes | None = None
    strengths: tuple[float, ...] = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 10.0)
    id: str = "logistic"
    rank: int = 1
    survival: bool = False
    title: Text = field(
        default_factory=lambda: {"en": "Regularised logistic regression", "zh": "正则化 Logistic 回归"}
    )

    def grid(self) -> Sequence[Settings]:
        """Strengths of the penalty."""
        return [{"C": c} for c in self.strengths]

    def fit(
        self, x: FloatArray, y: FloatArray, weights: FloatArray, seed: int, settings: Settings
    ) -> LinearFit:
        """Fit by scikit-learn."""
        from sklearn.linear_model import LogisticRegression

        design = learn(x, weights, self.categories)
        columns = design(x)
        few = columns.shape[1] <= 300
        model = LogisticRegression(
            C=settings["C"],
            solver="newton-cholesky" if few else "lbfgs",
            tol=1e-8 if few else 1e-6,
            max_iter=500 if few else 5000,
        )
        with one_thread():
            model.fit(columns, y, sample_weight=weights / weights.mean())
        return LinearFit(design, float(model.intercept_[0]), np.asarray(model.coef_[0], dtype=np.float64))


@frozen
class TreesFit:
    """A LightGBM booster, used up to `rounds`; `booster.dump_model(num_iteration=rounds)` is what is exported."""

    booster: Any
    rounds: int

    def __call__(self, x: FloatArray) -> FloatArray:
        """Margin [N]."""
        found = self.booster.predict(x, raw_score=True, num_iteration=self.rounds, num_threads=1)
        return np.asarray(found, dtype=np.float64)


_TREES: Mapping[str, Any] = {
    "learning_rate": 0.05,
    "lambda_l2": 5.0,
    "feature_fraction": 0.7,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "max_bin": 127,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}


@frozen
class _Grid:
    """What both kinds of boosted trees share: shapes (leaves, smallest leaf) and numbers of rounds."""

    shapes: tuple[tuple[int, int], ...]
    rounds: tuple[int, ...]

    def settings(self) -> list[Settings]:
        """Every shape with every number of rounds, fewest first."""
        return [
            {"num_leaves": leaves, "min_data_in_leaf": least, "rounds": rounds}
            for leaves, least in self.shapes
            for rounds in self.rounds
        ]

    def fits(self, fit: Any) -> list[TreesFit]:
        """One booster a shape; fewer rounds are its beginning."""
        found: list[TreesFit] = []
        for leaves, least in self.shapes:
            settings = {"num_leaves": leaves, "min_data_in_leaf": least, "rounds": max(self.rounds)}
            whole = fit(settings)
            found += [TreesFit(whole.booster, rounds) for rounds in self.rounds]
        return found


@frozen
class Trees:
    """Boosted trees (LightGBM). `parameters` are added to or replace the usual ones (constraints, for one)."""

    shapes: tuple[tuple[int, int], ...] = ((4, 20), (12, 20))
    rounds: tuple[int, ...] = (60, 120, 240)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    id: str = "trees"
    rank: int = 3
    survival: bool = False
    title: Text = field(default_factory=lambda: {"en": "Boosted trees", "zh": "梯度提升树"})

    def grid(self) -> Sequence[Settings]:
        """Shapes and rounds."""
        return _Grid(self.shapes, self.rounds).settings()

    def fit_grid(self, x: FloatArray, y: FloatArray, weights: FloatArray, seed: int) -> list[TreesFit]:
        """One booster a shape."""
        return _Grid(self.shapes, self.rounds).fits(lambda s: self.fit(x, y, weights, seed, s))

    def fit(
        self, x: FloatArray, y: FloatArray, weights: FloatArray, seed: int, settings: Settings
    ) -> TreesFit:
        """Fit by LightGBM with the log loss."""
        parameters = {"objective": "binary", **_of_shape(settings), **self.parameters, "seed": seed}
        return TreesFit(_boosted(parameters, x, y, weights, settings), int(settings["rounds"]))


@frozen
class SurvivalTrees:
    """Boosted trees on Cox's partial likelihood (LightGBM with the gradient of `cox`)."""

    shapes: tuple[tuple[int, int], ...] = ((4, 20), (8, 20))
    rounds: tuple[int, ...] = (40, 80, 160)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    id: str = "survival_trees"
    rank: int = 3
    survival: bool = True
    title: Text = field(default_factory=lambda: {"en": "Boosted survival trees", "zh": "梯度提升生存树"})

    def grid(self) -> Sequence[Settings]:
        """Shapes and rounds."""
        return _Grid(self.shapes, self.rounds).settings()

    def fit_grid(self, x: FloatArray, y: FloatArray, weights: FloatArray, seed: int) -> list[TreesFit]:
        """One booster a shape."""
        return _Grid(self.shapes, self.rounds).fits(lambda s: self.fit(x, y, weights, seed, s))

    def fit(
        self, x: FloatArray, y: FloatArray, weights: FloatArray, seed: int, settings: Settings
    ) -> TreesFit:
        """Fit by LightGBM."""

        def objective(margin: FloatArray, _data: object) -> tuple[FloatArray, FloatArray]:
            return cox_gradient(np.asarray(margin, dtype=np.float64), y, weights)

        parameters = {"objective": objective, **_of_shape(settings), **self.parameters, "seed": seed}
        booster = _boosted(parameters, x, y[:, 1], None, settings)
        return TreesFit(booster, int(settings["rounds"]))


def _of_shape(settings: Settings) -> dict[str, Any]:
    shape = {name: int(settings[name]) for name in ("num_leaves", "min_data_in_leaf")}
    return {**_TREES, **shape}


def _boosted(
    parameters: Mapping[str, Any],
    x: FloatArray,
    label: FloatArray,
    weights: FloatArray | None,
    settings: Settings,
) -> Any:
    import lightgbm as lgb

    least = min(int(parameters["min_data_in_leaf"]), max(len(x) // 10, 2))
    used = {**parameters, "min_data_in_leaf": least}
    binning = {name: used[name] for name in ("max_bin", "min_data_in_leaf", "verbose", "num_threads", "seed")}
    weight = None if weights is None else weights / weights.mean()
    data = lgb.Dataset(x, label, weight=weight, params=binning)
    return lgb.train(used, data, int(settings["rounds"]))


@frozen
class Cox:
    """Cox regression with a ridge penalty; `penalties` per hundred events (the larger the smoother)."""

    categories: Codes | None = None
    penalties: tuple[float, ...] = (300.0, 100.0, 30.0, 10.0, 3.0, 1.0, 0.1)
    id: str = "cox"
    rank: int = 2
    survival: bool = True
    title: Text = field(
        default_factory=lambda: {"en": "Cox regression with ridge penalty", "zh": "岭惩罚 Cox 回归"}
    )

    def grid(self) -> Sequence[Settings]:
        """Penalties."""
        return [{"penalty": penalty} for penalty in self.penalties]

    def fit(
        self, x: FloatArray, y: FloatArray, weights: FloatArray, seed: int, settings: Settings
    ) -> LinearFit:
        """Fit by Newton's method. The margin of the mean training person is 0."""
        design = learn(x, weights, self.categories)
        even = weights / weights.mean()
        penalty = settings["penalty"] * float(y[:, 1].sum()) / 100
        with one_thread():
            return LinearFit(design, 0.0, fit_cox(design(x), y, even, penalty))


def binary_candidates(categories: Codes | None = None, *, quick: bool = False) -> tuple[Candidate, ...]:
    """The kinds of models for a yes/no outcome, simplest first. quick: half as many networks of one penalty."""
    network = Network(categories, penalties=(1.0,), count=2) if quick else Network(categories)
    return (Logistic(categories), Trees(), network)


def survival_candidates(categories: Codes | None = None) -> tuple[Candidate, ...]:
    """The kinds of models for a time to an event, simplest first."""
    return (Cox(categories), SurvivalTrees())
