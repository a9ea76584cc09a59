"""Choosing between kinds of models by nested cross-validation inside the training rows.

In each outer fold a candidate's settings are searched by an inner cross-validation of that fold's training part
alone; the fold's own rows are then answered once. The simplest candidate within one standard error of the best wins
(Breiman L, Friedman JH, Olshen RA, Stone CJ, Classification and Regression Trees, 1984, section 3.4.3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medgui.errors import Cancelled
from medgui.evaluation.figures import mid_ranks, sigmoid
from medgui.frozen import frozen
from medgui.workshop.candidates import Candidate, Fitted, fit_grid
from medgui.workshop.network import Settings, Text

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
Progress = Callable[[float, float, str], None]
Cancel = Callable[[], bool]

_TIE = 1e-9


@frozen
class Score:
    """What one candidate reached.

    folds: value of each metric in each outer fold [K]. settings: those chosen inside each outer fold. margin [N]: of
    each row by a model that did not see it (mean over the repetitions).
    """

    candidate: Candidate
    folds: Mapping[str, FloatArray]
    settings: tuple[Settings, ...]
    margin: FloatArray
    outer: int

    def mean(self, metric: str) -> float:
        """Mean over the outer folds."""
        return float(np.mean(self.folds[metric]))

    def error(self, metric: str) -> float:
        """Standard error of the mean: repetitions of the division use the same rows again and do not lower it."""
        return float(np.std(self.folds[metric], ddof=1) / np.sqrt(self.outer))


@frozen
class Comparison:
    """The candidates in the order of their complexity, and the one that won by `metric`."""

    scores: tuple[Score, ...]
    metric: str
    chosen: Score

    def of(self, candidate: str) -> Score:
        """The score of a candidate by its id."""
        return next(score for score in self.scores if score.candidate.id == candidate)


class _Run:
    """Progress and cancelling: one step a fitted grid."""

    def __init__(self, steps: int, progress: Progress | None, cancel: Cancel | None) -> None:
        self.done, self.steps = 0, steps
        self._progress, self._cancel = progress, cancel

    def step(self, note: str) -> None:
        """Say that one more step is done. Raises `Cancelled` where the user stopped."""
        if self._cancel is not None and self._cancel():
            raise Cancelled
        self.done += 1
        if self._progress is not None:
            self._progress(float(self.done), float(self.steps), note)


def compare(
    candidates: Sequence[Candidate],
    x: FloatArray,
    y: FloatArray,
    *,
    weights: FloatArray | None = None,
    groups: Sequence[object] | None = None,
    metric: str = "",
    search_metric: str = "",
    outer: int = 5,
    inner: int = 4,
    repeats: int = 1,
    seed: int = 0,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Comparison:
    """Compare `candidates` on the training rows x [N, F], y [N] or [N, 2] by nested cross-validation.

    groups: rows of one value stay in one fold (people measured twice). metric: "auroc" (the default of yes/no
    outcomes), "brier", "log_loss" or "c_index" (the default of survival). search_metric: by which settings are chosen
    inside the folds (default: `metric`); "log_loss" keeps the margins of the folds on one scale, which a rank such as
    the AUROC does not see. progress(done, total, candidate id).
    Raises `Cancelled`; `ValueError` where a fold would lack an event.
    """
    ordered = sorted(candidates, key=lambda each: each.rank)
    metric = metric or ("c_index" if ordered[0].survival else "auroc")
    weights = np.ones(len(x)) if weights is None else np.asarray(weights, dtype=np.float64)
    run = _Run(len(ordered) * repeats * outer * (inner + 1), progress, cancel)
    divisions = [folds(y, outer, seed * 1000 + number, groups) for number in range(repeats)]
    data = _Data(x, y, weights, None if groups is None else np.asarray(groups))
    by = (metric, search_metric or metric)
    scores = tuple(_score(each, data, divisions, by, inner, seed, run) for each in ordered)
    return Comparison(scores, metric, _simplest(scores, metric))


@frozen
class _Data:
    x: FloatArray
    y: FloatArray
    weights: FloatArray
    groups: NDArray[Any] | None

    def part(self, rows: IntArray) -> _Data:
        return _Data(
            self.x[rows], self.y[rows], self.weights[rows], None if self.groups is None else self.groups[rows]
        )


def _score(
    candidate: Candidate,
    data: _Data,
    divisions: Sequence[IntArray],
    by: tuple[str, str],
    inner: int,
    seed: int,
    run: _Run,
) -> Score:
    metric, search_metric = by
    metrics = ("c_index",) if candidate.survival else tuple(dict.fromkeys(("auroc", "brier", metric)))
    values: dict[str, list[float]] = {name: [] for name in metrics}
    margin = np.zeros(len(data.x))
    chosen = []
    for division in divisions:
        for train, test in _pairs(division):
            part = data.part(train)
            settings = _search(candidate, part, search_metric, inner, seed, run)
            chosen.append(settings)
            fitted = candidate.fit(part.x, part.y, part.weights, seed, settings)
            found = fitted(data.x[test])
            margin[test] += found / len(divisions)
            for name in metrics:
                values[name].append(measure(name, data.y[test], found, data.weights[test]))
            run.step(candidate.id)
    arrays = {name: np.array(each) for name, each in values.items()}
    return Score(candidate, arrays, tuple(chosen), margin, len(np.unique(divisions[0])))


def search(
    candidate: Candidate,
    x: FloatArray,
    y: FloatArray,
    *,
    weights: FloatArray | None = None,
    groups: Sequence[object] | None = None,
    metric: str = "",
    inner: int = 5,
    seed: int = 0,
    cancel: Cancel | None = None,
) -> Settings:
    """The settings of `candidate` that are best in a cross-validation of these rows; the smoothest among equals."""
    weights = np.ones(len(x)) if weights is None else np.asarray(weights, dtype=np.float64)
    data = _Data(x, y, weights, None if groups is None else np.asarray(groups))
    metric = metric or ("c_index" if candidate.survival else "auroc")
    return _search(candidate, data, metric, inner, seed, _Run(inner, None, cancel))


def _search(candidate: Candidate, data: _Data, metric: str, inner: int, seed: int, run: _Run) -> Settings:
    grid = list(candidate.grid())
    if len(grid) == 1:
        for _fold in range(inner):
            run.step(candidate.id)
        return grid[0]
    total = np.zeros(len(grid))
    for train, test in _pairs(folds(data.y, inner, seed + 17, data.groups)):
        part = data.part(train)
        models: list[Fitted] = fit_grid(candidate, part.x, part.y, part.weights, seed)
        for place, model in enumerate(models):
            value = measure(metric, data.y[test], model(data.x[test]), data.weights[test])
            total[place] += value if rises(metric) else -value
        run.step(candidate.id)
    best = float(np.max(total))
    return grid[int(np.flatnonzero(total >= best - _TIE)[0])]


def _simplest(scores: Sequence[Score], metric: str) -> Score:
    sign = 1.0 if rises(metric) else -1.0
    best = max(scores, key=lambda each: sign * each.mean(metric))
    limit = sign * best.mean(metric) - best.error(metric)
    return next(each for each in scores if sign * each.mean(metric) >= limit)


def rises(metric: str) -> bool:
    """Tell whether more is better."""
    return metric in ("auroc", "c_index")


def measure(metric: str, y: FloatArray, margin: FloatArray, weights: FloatArray) -> float:
    """One metric of margins [N]. C-index and AUROC count people alike; Brier score and log loss use the weights."""
    if metric == "auroc":
        return _auroc(y, margin)
    if metric == "c_index":
        return c_index(y, margin)
    if metric == "brier":
        return float(np.average((sigmoid(margin) - y) ** 2, weights=weights))
    if metric == "log_loss":
        return float(np.average(np.logaddexp(0.0, np.where(y > 0, -margin, margin)), weights=weights))
    raise ValueError(metric)


def _auroc(y: FloatArray, margin: FloatArray) -> float:
    event = y > 0
    events, others = int(event.sum()), int((~event).sum())
    if not events or not others:
        raise ValueError("a fold without both classes")
    return float((mid_ranks(margin)[event].sum() - events * (events + 1) / 2) / (events * others))


def c_index(y: FloatArray, margin: FloatArray) -> float:
    """Share of usable pairs whose earlier event has the higher margin (Harrell FE et al., JAMA 1982;247:2543).

    y [N, 2]: time, event. Somebody censored at the time of an event outlived it; equal margins count a half.
    """
    time, event = y[:, 0], y[:, 1] > 0
    right = pairs = 0.0
    for place in np.flatnonzero(event):
        later = (time > time[place]) | ((time == time[place]) & ~event)
        pairs += int(later.sum())
        right += int((margin[later] < margin[place]).sum()) + 0.5 * int(
            (margin[later] == margin[place]).sum()
        )
    if not pairs:
        raise ValueError("a fold without a usable pair")
    return right / pairs


def folds(
    y: FloatArray, count: int, seed: int, groups: Sequence[object] | NDArray[Any] | None = None
) -> IntArray:
    """Fold number [N] of each row: events are spread evenly, rows of one group stay together.

    Raises `ValueError` where fewer groups with an event (or without) than folds are there.
    """
    event = (y if y.ndim == 1 else y[:, 1]) > 0
    ids = np.arange(len(y)) if groups is None else np.unique(np.asarray(groups), return_inverse=True)[1]
    ids = ids.reshape(-1)
    size = np.bincount(ids)
    with_event = np.bincount(ids, event) > 0
    if min(with_event.sum(), (~with_event).sum()) < count:
        raise ValueError("fewer people with an event, or without, than folds")
    random = np.random.default_rng(seed)
    number = np.empty(len(size), dtype=np.intp)
    load = np.zeros(count)
    for stratum in (True, False):
        members = random.permutation(np.flatnonzero(with_event == stratum))
        heavy = members[np.argsort(-size[members], kind="stable")]
        tally = np.zeros(count)
        for group in heavy:
            place = int(np.lexsort((load, tally))[0])
            number[group] = place
            tally[place] += 1
            load[place] += size[group]
    return number[ids]


def _pairs(division: IntArray) -> Iterator[tuple[IntArray, IntArray]]:
    """(training rows, test rows) of each fold."""
    for fold in np.unique(division):
        yield np.flatnonzero(division != fold), np.flatnonzero(division == fold)


def rows(comparison: Comparison, metrics: Sequence[str] = ()) -> list[dict[str, Any]]:
    """The tables [[comparison]] of a manifest: by default the metric that decided, and the Brier score beside it."""
    first = comparison.scores[0].folds
    wanted = tuple(metrics) or tuple(
        dict.fromkeys((comparison.metric, *(m for m in ("brier",) if m in first)))
    )
    return [
        {
            "candidate": dict(score.candidate.title),
            "metric": metric,
            "value": score.mean(metric),
            "se": score.error(metric),
            "chosen": score is comparison.chosen,
            "note": _note(score),
        }
        for metric in wanted
        for score in comparison.scores
    ]


def _note(score: Score) -> Text:
    """How often which settings were chosen inside the folds."""
    told = [", ".join(f"{key} {value:g}" for key, value in each.items()) for each in score.settings]
    often = max(dict.fromkeys(told), key=told.count)
    count, total = told.count(often), len(told)
    return {
        "en": f"Settings chosen inside the folds, most often: {often} ({count} of {total})",
        "zh": f"折内所选参数，最常见：{often}（{total} 折中 {count} 折）",
    }
