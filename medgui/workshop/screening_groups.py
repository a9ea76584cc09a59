"""A stated ethnic group as a recalibration of a screen: one shift of the log odds a group, as one tree of the graph.

Nothing else of a screen looks at the group: the trees are trained without it, it sets no threshold and refuses nobody.
Where it is missing the tree adds 0. Its contribution to a result is therefore the shift and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medgui.evaluation.figures import logit, sigmoid

FloatArray = NDArray[np.float64]
Words = NDArray[np.str_]
NAME = "ethnicity"
GROUPS: Mapping[str, int] = {"NH White": 0, "NH Black": 1, "NH Asian": 2, "Hispanic": 3, "Other": 4}
"""Codes of the graph."""
TOGETHER: Mapping[str, str] = {"NH Asian": "Other"}
"""Before 2011 the survey counts Asian people among the others: what holds of those is all that is known of them."""
FEWEST = 10
"""Events and others that a survey cycle needs to take part in the shift of a group."""
_STEPS = 30


def shifts(p: FloatArray, y: FloatArray, group: Words, cycle: Words) -> dict[str, float]:
    """The shift of the log odds of each group. p [N]: probability of each person from a fit without their cycle.

    In each survey cycle the group's offset d (logistic model with logit p as offset) and its variance v; mean m of
    the offsets over cycles with weights 1 / (v + t), t their variance between cycles (DerSimonian R, Laird N, Control
    Clin Trials 1986;7:177), V the variance of m. The group's own part is m (1 - (V + t) / m²), or 0 where that is
    below: the share of m² that is not the error with which the offset of another cycle is known (James W, Stein C,
    1961). What some groups gain and others do not lose would leave the whole too high or too low: one level for all
    groups brings the mean of the probabilities back to the rate.
    """
    own = {}
    for name in GROUPS:
        part = group == TOGETHER.get(name, name)
        own[name] = _shrunk(*_offsets(logit(p[part]), y[part], cycle[part])) if part.any() else 0.0
    level, _variance = _offset(logit(moved(p, group, own)), y)
    return {name: shift + level for name, shift in own.items()}


def _offsets(margin: FloatArray, y: FloatArray, cycle: Words) -> tuple[FloatArray, FloatArray]:
    """Offset and variance of each cycle that has enough events."""
    found = []
    for one in np.unique(cycle):
        here = cycle == one
        if min(y[here].sum(), (1 - y[here]).sum()) >= FEWEST:
            found.append(_offset(margin[here], y[here]))
    return np.array([each[0] for each in found]), np.array([each[1] for each in found])


def _offset(margin: FloatArray, y: FloatArray) -> tuple[float, float]:
    """Maximum likelihood of d in P(y = 1) = sigmoid(margin + d), and its variance, by Newton's method."""
    d = 0.0
    for _step in range(_STEPS):
        p = sigmoid(margin + d)
        d += float(np.clip((y - p).sum() / (p * (1 - p)).sum(), -1.0, 1.0))
    p = sigmoid(margin + d)
    return d, 1.0 / float((p * (1 - p)).sum())


def _shrunk(d: FloatArray, v: FloatArray) -> float:
    if len(d) < 2:
        return 0.0
    w = 1.0 / v
    q = float((w * (d - (w * d).sum() / w.sum()) ** 2).sum())
    between = max((q - (len(d) - 1)) / float(w.sum() - (w**2).sum() / w.sum()), 0.0)
    w = 1.0 / (v + between)
    mean, error = float((w * d).sum() / w.sum()), 1.0 / float(w.sum())
    return mean - (error + between) / mean if mean**2 > error + between else 0.0


def moved(p: FloatArray, group: Words, found: Mapping[str, float]) -> FloatArray:
    """The probabilities [N] of people whose group is stated."""
    return sigmoid(logit(p) + np.array([found[name] for name in group.tolist()]))


def moved_by_others(p: FloatArray, y: FloatArray, group: Words, cycle: Words) -> FloatArray:
    """As `moved`, the shift of each survey cycle estimated in the others."""
    out = np.empty(len(p))
    for one in np.unique(cycle):
        here = cycle == one
        rest = shifts(p[~here], y[~here], group[~here], cycle[~here])
        out[here] = moved(p[here], group[here], rest)
    return out


def codes(group: Words) -> FloatArray:
    """Codes [N] of the groups."""
    return np.array([GROUPS[name] for name in group.tolist()], dtype=np.float64)


def without_distance(arrays: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """Arrays of reference.npz for one input more: it is missing in the background and has no scale, so never counts."""
    blank = np.full((len(arrays["background"]), 1), np.nan)
    covariance = np.eye(len(arrays["train_covariance"]) + 1)
    covariance[:-1, :-1] = arrays["train_covariance"]
    added = {name: np.append(arrays[name], 0.0) for name in ("train_mean", "train_scale")}
    more = {"background": np.hstack([arrays["background"], blank]), "train_covariance": covariance}
    return {**arrays, **added, **more}


def tree(found: Mapping[str, float], place: int) -> dict[str, Any]:
    """The shifts as a tree in LightGBM's words, over the input at `place`; a missing group goes to a leaf of 0."""
    node: dict[str, Any] = {"leaf_value": found[max(GROUPS, key=lambda name: GROUPS[name])]}
    for name in sorted(GROUPS, key=lambda name: -GROUPS[name])[1:]:
        node = _split(place, GROUPS[name] + 0.5, {"leaf_value": found[name]}, node, missing_left=False)
    return _split(place, -0.5, {"leaf_value": 0.0}, node, missing_left=True)


def _split(
    place: int, at: float, left: Mapping[str, Any], right: Mapping[str, Any], *, missing_left: bool
) -> dict[str, Any]:
    return {
        "split_feature": place,
        "threshold": at,
        "decision_type": "<=",
        "missing_type": "NaN",
        "default_left": missing_left,
        "left_child": left,
        "right_child": right,
    }
