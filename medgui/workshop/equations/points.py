"""Point scores: a table of steps an item, as a handful of ONNX operators whatever its size."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import spox.opset.ai.onnx.v21 as op
from spox import Var

Graph = Callable[[Mapping[str, Var]], dict[str, Var]]


class Item(NamedTuple):
    """Points of one input: `start` below the first edge, and at each (edge, points) from there on.

    `above`: a step counts only above its edge (>), not from it (>=).
    """

    input: str
    start: float
    steps: tuple[tuple[float, float], ...]
    above: bool = False


def yes(name: str, points: float) -> Item:
    """*points* where the answer is yes (1)."""
    return Item(name, 0.0, ((0.5, points),))


def no(name: str, points: float) -> Item:
    """*points* where the answer is no (0)."""
    return Item(name, points, ((0.5, 0.0),))


def steps(name: str, start: float, *edges: tuple[float, float], above: bool = False) -> Item:
    """*start* points below the first edge, then the points of the last edge that the value reaches."""
    return Item(name, start, edges, above)


def choice(name: str, points: Sequence[float]) -> Item:
    """Points of a choice whose codes are 0, 1, 2… in the order of its texts (`given`)."""
    return Item(name, points[0], tuple((place - 0.5, each) for place, each in enumerate(points) if place))


def point_score(*items: Item, output: str = "points") -> Graph:
    """The graph of a sum of items, one output [N, 1]; a missing input gives NaN."""

    def graph(x: Mapping[str, Var]) -> dict[str, Var]:
        return {output: total(x, items)}

    return graph


def total(x: Mapping[str, Var], items: Sequence[Item]) -> Var:
    """The sum of the points [N, 1]; NaN where an input of an item is missing."""
    names = list(dict.fromkeys(item.input for item in items))
    columns, edges, gains = [], [], []
    for item in items:
        before = item.start
        for edge, points in item.steps:
            columns.append(names.index(item.input))
            edges.append(math.nextafter(edge, math.inf) if item.above else edge)
            gains.append(points - before)
            before = points
    together = op.concat([x[name] for name in names], axis=1) if len(names) > 1 else x[names[0]]
    values = op.gather(together, op.const(np.array(columns, dtype=np.int64)), axis=1)
    reached = op.cast(
        op.greater_or_equal(values, op.const(np.array([edges], dtype=np.float64))), to=np.float64
    )
    sums = op.matmul(reached, op.const(np.array(gains, dtype=np.float64)[:, None]))
    start = op.const(np.float64(sum(item.start for item in items)))
    unknown = op.mul(op.reduce_sum(together, op.const(np.array([1])), keepdims=1), op.const(np.float64(0.0)))
    return op.add(op.add(sums, start), unknown)
