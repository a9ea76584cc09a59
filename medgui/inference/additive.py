"""A shortcut for logistic models: the mean over the reference rows from one run of the graph a row.

Where an output is the logistic function of a sum of terms, each of one input alone, what the missing inputs add does
not depend on the known ones: f(known, b) = s(m + M_b), m from one run, M_b fixed for each reference row. That the
graph is such a sum is read off the graph itself, and the result is compared with the long way before it is trusted.
Only float64 graphs: from a float32 probability the margin would not come back with enough digits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from medgui.inference.bundle import Bundle
from medgui.inference.onnx_graph import Graph, read_graph

FloatArray = NDArray[np.float64]

SAFE = 1e-9
"""Smallest p (1 - p) from which a margin is taken back: its error in double precision then moves p by under 1e-7."""
_SAME = ("Identity", "Reshape", "Squeeze", "Unsqueeze", "Flatten")
_CELLS = 65_536
_KEPT = 4096
"""Patterns of missing inputs whose weights are kept."""
_INTERPOLATED = 1e-12
"""Error of a probability by interpolation."""


def is_logistic_sum(graph: Graph, output: str) -> bool:
    """Tell whether *output* is a Sigmoid of a sum (Add nodes) whose terms depend on at most one input each."""
    makers = {name: node for node in graph.nodes for name in node.outputs}

    @cache
    def sources(tensor: str) -> frozenset[str]:
        node = makers.get(tensor)
        if node is None:
            return frozenset({tensor} & set(graph.inputs))
        return frozenset().union(*(sources(name) for name in node.inputs if name))

    node = makers.get(output)
    while node is not None and node.op in _SAME:
        node = makers.get(node.inputs[0])
    if node is None or node.op != "Sigmoid":
        return False
    waiting = [node.inputs[0]]
    while waiting:
        tensor = waiting.pop()
        if len(sources(tensor)) <= 1:
            continue
        node = makers[tensor]
        if node.op == "Add":
            waiting.extend(node.inputs)
        elif node.op in _SAME:
            waiting.append(node.inputs[0])
        else:
            return False
    return True


class LogisticSum:
    """What each reference row adds to the margin, by background column."""

    def __init__(self, bundle: Bundle, output: str) -> None:
        """Run the graph once for each background column over the reference rows, from one complete row."""
        self._bundle = bundle
        self._output = output
        self._columns = bundle.rules.background
        rows = bundle.reference.background
        complete = rows[~np.isnan(rows).any(axis=1)]
        middle = np.abs(self._run(complete) - 0.5) if len(complete) else np.empty(0)
        self.usable = bool(len(complete)) and bool(np.min(middle) < 0.4)
        if not self.usable:
            return
        self.base = complete[int(np.argmin(middle))]
        start = _margin(self._run(self.base[None, :]))
        self.whole = len(complete) == len(rows)
        self._weights: dict[bytes, FloatArray] = {}
        self._added = np.empty((len(rows), len(self._columns)))
        for place, column in enumerate(self._columns.tolist()):
            moved = np.repeat(self.base[None, :], len(rows), axis=0)
            moved[:, column] = rows[:, column]
            self._added[:, place] = _margin(self._run(moved)) - start

    @cached_property
    def _nodes(self) -> FloatArray | None:
        """Chebyshev nodes over all that missing inputs can add to a margin; None where they would be too many.

        The logistic function is analytic up to a distance of pi from the real line, so its interpolant in n nodes
        over an interval of half-width h errs by about r^-n, r = pi/h + sqrt(1 + (pi/h)^2) (Trefethen, Approximation
        Theory and Approximation Practice, 2013, theorem 8.2).
        """
        added = np.nan_to_num(self._added)
        hi = float(np.max(np.maximum(added, 0.0).sum(axis=1)))
        lo = float(np.min(np.minimum(added, 0.0).sum(axis=1)))
        half = max((hi - lo) / 2, 1e-3)
        if not np.isfinite(half) or half > 100:
            return None
        ratio = np.pi / half + np.hypot(1.0, np.pi / half)
        count = int(np.ceil(-np.log(_INTERPOLATED) / np.log(ratio))) + 1
        if count > len(self._added) // 2:
            return None
        return np.asarray((hi + lo) / 2 + half * np.cos(np.pi * np.arange(count) / (count - 1)))

    def fresh(self, patterns: Iterable[NDArray[np.bool_]]) -> int | None:
        """Return how many of *patterns* have no weights for `of_patterns` yet; None where it cannot be used."""
        if self._nodes is None:
            return None
        return sum(pattern.tobytes() not in self._weights for pattern in patterns)

    def _weight(self, pattern: NDArray[np.bool_]) -> FloatArray:
        """Mean over the reference rows of the Lagrange polynomials at what *pattern* adds, [nodes].

        NaN where no reference row has all its columns.
        """
        key = pattern.tobytes()
        found = self._weights.get(key)
        if found is None:
            added = self._added[:, pattern].sum(axis=1)
            known = added[~np.isnan(added)]
            nodes = np.asarray(self._nodes)
            found = _lagrange(nodes, known).mean(axis=0) if len(known) else np.full(len(nodes), np.nan)
            if len(self._weights) < _KEPT:
                self._weights[key] = found
        return found

    def of_patterns(
        self, known: FloatArray, groups: Sequence[tuple[NDArray[np.bool_], NDArray[np.intp]]]
    ) -> FloatArray:
        """As `of_group` for people [N] of several patterns, each with its row numbers, by interpolation."""
        factors = np.exp(-np.asarray(self._nodes))
        odds_against = _odds_against(known)
        result = known.copy()
        if not groups:
            return result
        order = np.concatenate([rows for _pattern, rows in groups])
        found = np.empty(len(order))
        ends = np.cumsum([len(rows) for _pattern, rows in groups]).tolist()
        step = max(1, _CELLS // len(factors))
        parts = np.empty((0, 0))
        start = stop = 0
        for (pattern, _rows), end in zip(groups, ends, strict=True):
            weight = self._weight(pattern)
            while start < end:
                if start == stop:
                    stop = min(start + step, len(order))
                    parts = _probability(np.multiply.outer(odds_against[order[start:stop]], factors))
                    first = start
                here = min(end, stop)
                np.matmul(parts[start - first : here - first], weight, out=found[start:here])
                start = here
        result[order] = found
        return result

    def _run(self, x: FloatArray) -> FloatArray:
        return self._bundle.run(x, (self._output,))[self._output]

    def known(self, x: FloatArray, lacking: NDArray[np.bool_]) -> FloatArray:
        """The output [N] with the base person's values in the missing background columns *lacking* [N, C]."""
        filled = x.copy(order="F")
        for place, column in enumerate(self._columns.tolist()):
            np.copyto(filled[:, column], self.base[column], where=lacking[:, place])
        return self._run(filled)

    def of_group(
        self, known: FloatArray, pattern: NDArray[np.bool_], rows: NDArray[np.intp], weights: FloatArray
    ) -> FloatArray:
        """Mean [N] over the reference *rows* [K] with *weights* for people who all lack the columns *pattern*.

        NaN where the odds cannot be taken back from the probability: there the long way is needed.
        """
        odds_against = _odds_against(known)
        factors = np.exp(-self._added[rows][:, pattern].sum(axis=1))
        result = np.empty(len(known))
        step = max(1, _CELLS // len(rows))
        for start in range(0, len(known), step):
            here = slice(start, start + step)
            result[here] = _probability(np.multiply.outer(odds_against[here], factors)) @ weights
        return result

    def of_each(self, known: FloatArray, lacking: NDArray[np.bool_]) -> FloatArray:
        """As `of_group` over all reference rows, each person with missing columns of their own; needs `whole`."""
        odds_against = _odds_against(known)
        result = known.copy()
        some = np.flatnonzero(lacking.any(axis=1))
        step = max(1, _CELLS // len(self._added))
        for start in range(0, len(some), step):
            rows = some[start : start + step]
            factors = np.exp(-(lacking[rows].astype(np.float64) @ self._added.T))
            factors *= odds_against[rows, None]
            result[rows] = _probability(factors).mean(axis=1)
        return result


def _lagrange(nodes: FloatArray, at: FloatArray) -> FloatArray:
    """Lagrange polynomials [len(at), len(nodes)] of Chebyshev nodes, by the second barycentric formula."""
    signs = np.where(np.arange(len(nodes)) % 2, -1.0, 1.0)
    signs[[0, -1]] /= 2
    gap = np.subtract.outer(at, nodes)
    exact = gap == 0
    parts = signs / np.where(exact, 1.0, gap)
    parts /= parts.sum(axis=1, keepdims=True)
    hit = exact.any(axis=1)
    parts[hit] = exact[hit]
    return np.asarray(parts)


def _odds_against(probability: FloatArray) -> FloatArray:
    """(1 - p) / p; NaN too near 0 or 1."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(probability * (1.0 - probability) >= SAFE, (1.0 - probability) / probability, np.nan)


def _probability(odds_against: FloatArray) -> FloatArray:
    """1 / (1 + odds against), in place."""
    odds_against += 1.0
    return np.reciprocal(odds_against, out=odds_against)


def _margin(probability: FloatArray) -> FloatArray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(probability) - np.log1p(-probability)


def logistic_sums(bundle: Bundle) -> dict[str, LogisticSum]:
    """The shortcut of each output that has one; empty for any other model."""
    if not bundle.manifest.float64 or not len(bundle.rules.background):
        return {}
    graph = read_graph(bundle.content("model.onnx"))
    found = {}
    for name in bundle.output_names:
        shortcut = LogisticSum(bundle, name) if is_logistic_sum(graph, name) else None
        if shortcut is not None and shortcut.usable:
            found[name] = shortcut
    return found
