"""Decision curve: what acting on a model is worth at each threshold, against treating all and none."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from medgui.evaluation.figures import Estimate, mean

FloatArray = NDArray[np.float64]


def net_benefit(
    y: FloatArray, p: FloatArray, thresholds: Sequence[float] | FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Net benefit of the model [K] and of treating all [K] at each threshold; treating none has 0.

    True positives a person less false positives a person weighed by the odds of the threshold (Vickers AJ, Elkin EB,
    Med Decis Making 2006;26:565). y: 0/1 [N]; thresholds within (0, 1). Raises ValueError for another threshold.
    """
    model = [net_benefit_at(y, p, each).value for each in thresholds]
    everybody = [net_benefit_at(y, np.ones_like(p), each).value for each in thresholds]
    return np.array(model), np.array(everybody)


def net_benefit_at(y: FloatArray, p: FloatArray, threshold: float) -> Estimate:
    """Net benefit at one threshold, a mean over people, with its Wald interval."""
    if not 0 < threshold < 1:
        raise ValueError("a threshold of a decision lies between 0 and 1")
    event, positive = y > 0, p >= threshold
    odds = threshold / (1 - threshold)
    return mean((positive & event) - odds * (positive & ~event))
