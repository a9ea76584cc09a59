"""The network among the kinds of models: 64, 32 and 16 rectified units, stopped by log loss."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medgui.frozen import frozen
from medgui.workshop.design import Codes, Design, learn

FloatArray = NDArray[np.float64]
Settings = Mapping[str, float]
Text = Mapping[str, str]
Layers = tuple[tuple[FloatArray, FloatArray], ...]


def one_thread() -> Any:
    """Sums in one order, whatever the machine: more threads would give other last digits."""
    from threadpoolctl import threadpool_limits

    return threadpool_limits(1)


@frozen
class NetworkFit:
    """The mean margin of networks of dense layers with ReLU between them.

    members: the layers of each network, (weights [I, O], bias [O]) of each layer.
    """

    design: Design
    members: tuple[Layers, ...]

    def __call__(self, x: FloatArray) -> FloatArray:
        """Margin [N]."""
        columns = self.design(x)
        return np.asarray(np.mean([_dense(columns, layers) for layers in self.members], axis=0))


def _dense(values: FloatArray, layers: Layers) -> FloatArray:
    for weights, bias in layers[:-1]:
        values = np.maximum(values @ weights + bias, 0.0)
    weights, bias = layers[-1]
    return np.asarray((values @ weights + bias)[:, 0])


@frozen
class Network:
    """Networks of 64, 32 and 16 rectified units (scikit-learn) with early stopping; gaps have inputs of their own.

    A sixth of the rows tells when to stop by its log loss: by accuracy, as scikit-learn would do it, a network for an
    outcome that few people have is never better than at its start. One network's odds are as far apart as its start
    and stop happened to make them, so that no calibration holds for the next: the mean of `count` is taken. The
    search for settings makes do with one.
    """

    categories: Codes | None = None
    penalties: tuple[float, ...] = (1.0, 0.01)
    sizes: tuple[int, ...] = (64, 32, 16)
    count: int = 4
    id: str = "network"
    rank: int = 4
    survival: bool = False
    title: Text = field(
        default_factory=lambda: {"en": "Neural network (64-32-16, ReLU)", "zh": "神经网络（64-32-16，ReLU）"}
    )

    def grid(self) -> Sequence[Settings]:
        """Penalties on the squared weights."""
        return [{"alpha": alpha} for alpha in self.penalties]

    def fit(
        self, x: FloatArray, y: FloatArray, weights: FloatArray, seed: int, settings: Settings
    ) -> NetworkFit:
        """Fit by scikit-learn; it stops early where each class has ten of the rows that tell when, or more."""
        design = learn(x, weights, self.categories, gaps=True)
        starts = range(seed * self.count, (seed + 1) * self.count)
        return NetworkFit(
            design, tuple(self._one(design(x), y, weights, start, settings) for start in starts)
        )

    def fit_grid(self, x: FloatArray, y: FloatArray, weights: FloatArray, seed: int) -> list[NetworkFit]:
        """One network for each penalty."""
        design = learn(x, weights, self.categories, gaps=True)
        columns = design(x)
        return [
            NetworkFit(design, (self._one(columns, y, weights, seed * self.count, settings),))
            for settings in self.grid()
        ]

    def _one(
        self, columns: FloatArray, y: FloatArray, weights: FloatArray, seed: int, settings: Settings
    ) -> Layers:
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.neural_network import MLPClassifier

        even = weights / weights.mean()
        model = MLPClassifier(
            hidden_layer_sizes=self.sizes,
            alpha=settings["alpha"],
            batch_size=min(len(y), 32 if len(y) < 2000 else 200),
            max_iter=_PASSES,
            random_state=seed,
        )
        with one_thread(), warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            if min(y.sum(), (1 - y).sum()) >= _ENOUGH:
                return _stopped(model, columns, y, even, seed)
            model.fit(columns, y, sample_weight=even)
        return _layers(model)


_PASSES, _MOST_PASSES, _PATIENCE = 60, 200, 15
"""Passes over the rows: without early stopping; with it, at most; and how many without a better log loss end it."""
_ENOUGH = 60
"""People of the rarer class from which a sixth of them can tell when to stop."""


def _stopped(model: Any, columns: FloatArray, y: FloatArray, weights: FloatArray, seed: int) -> Layers:
    """The layers of the pass with the least log loss in a sixth of the rows, which the others did not see."""
    from sklearn.model_selection import train_test_split

    train, test = train_test_split(np.arange(len(y)), test_size=1 / 6, random_state=seed, stratify=y)
    model.set_params(batch_size=min(len(train), model.batch_size))
    best: Layers = ()
    least, since = np.inf, 0
    for _pass in range(_MOST_PASSES):
        model.partial_fit(columns[train], y[train], sample_weight=weights[train], classes=[0.0, 1.0])
        layers = _layers(model)
        margin = _dense(columns[test], layers)
        loss = np.average(np.logaddexp(0.0, np.where(y[test] > 0, -margin, margin)), weights=weights[test])
        since += 1
        if loss < least:
            least, since, best = float(loss), 0, layers
        if since == _PATIENCE:
            break
    return best


def _layers(model: Any) -> Layers:
    layers = zip(model.coefs_, model.intercepts_, strict=True)
    return tuple((np.array(w, float), np.array(b, float)) for w, b in layers)
