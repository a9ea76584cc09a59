"""What a model is worth as a yes or no at a named threshold: "p >= threshold" counts as positive."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from medgui.evaluation.figures import Estimate, proportion

FloatArray = NDArray[np.float64]


def at_threshold(y: FloatArray, p: FloatArray, threshold: float) -> dict[str, Estimate]:
    """Accuracy, sensitivity (recall), specificity, predictive values (precision) and F1, with score intervals.

    y: 0/1 [N]. A share without anybody (no positive call, no event) is NaN.
    """
    event, positive = y > 0, p >= threshold
    hits, false = int((event & positive).sum()), int((~event & positive).sum())
    missed, right = int((event & ~positive).sum()), int((~event & ~positive).sum())
    sensitivity, ppv = proportion(hits, hits + missed), proportion(hits, hits + false)
    return {
        "accuracy": proportion(hits + right, len(y)),
        "precision": ppv,
        "recall": sensitivity,
        "f1": _f1(hits, false + missed),
        "sensitivity": sensitivity,
        "specificity": proportion(right, right + false),
        "ppv": ppv,
        "npv": proportion(right, right + missed),
    }


def _f1(hits: int, wrong: int) -> Estimate:
    """F1 = 2J / (1 + J), J being the share of hits among hits and errors; the score interval of J is mapped along.

    van Rijsbergen CJ, Information Retrieval, 1979; J: Jaccard P, New Phytologist 1912;11:37.
    """
    share = proportion(hits, hits + wrong)
    value, lo, hi = (2 * limit / (1 + limit) for limit in (share.value, share.lo, share.hi))
    return Estimate(value, lo, hi)


def threshold_for(y: FloatArray, p: FloatArray, sensitivity: float) -> float:
    """The highest score at which at least `sensitivity` of the events are called positive; NaN without an event."""
    events = np.sort(p[y > 0])[::-1]
    if not len(events):
        return float("nan")
    needed = max(int(np.ceil(sensitivity * len(events) - 1e-9)), 1)
    return float(events[needed - 1])
