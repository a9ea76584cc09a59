"""How well a model does on a clinic's cohort: every figure with its interval, and the decision curve."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from medgui.errors import UserError
from medgui.evaluation.decision import net_benefit
from medgui.evaluation.figures import Estimate, Row
from medgui.evaluation.report import full_rows, survival_rows
from medgui.frozen import frozen
from medgui.i18n import _
from medgui.inference.bundle import Bundle
from medgui.validation.cohort import Local

FloatArray = NDArray[np.float64]
USUAL = (0.05, 0.1, 0.2)
"""Thresholds of a model whose output has no bands: what doctors commonly ask about, no recommendation."""
GRID = tuple(round(0.01 * step, 2) for step in range(1, 51))
"""Thresholds of the decision curve."""


@frozen
class DecisionPoint:
    """Net benefit a person of following the model and of treating everybody; treating nobody has 0."""

    threshold: float
    model: float
    treat_all: float


@frozen
class Performance:
    """The figures of one cohort. rows as in a bundle's evaluation table; thresholds: those of the rows."""

    rows: tuple[Row, ...]
    thresholds: tuple[float, ...]
    decision: tuple[DecisionPoint, ...]

    def figure(self, metric: str, group: str = "all") -> Estimate | None:
        """One figure, or None where it does not exist."""
        return next((r.estimate for r in self.rows if (r.metric, r.group) == (metric, group)), None)

    @property
    def whole(self) -> Row:
        """A line about all people: it has n, events, predicted and observed rate."""
        return next(row for row in self.rows if row.group == "all")


def thresholds_of(bundle: Bundle, output: str, named: Sequence[float] = ()) -> tuple[float, ...]:
    """The thresholds to judge at: *named* ones, else the limits of the output's bands, else `USUAL`.

    `UserError` where a named one is no probability between 0 and 1.
    """
    for threshold in named:
        if not 0 < threshold < 1:
            raise UserError(_("A threshold lies between 0 and 1: {value}.").format(value=f"{threshold:g}"))
    bands = bundle.manifest.output(output).bands
    own = sorted({band.lo for band in bands if 0 < band.lo < 1})
    return tuple(sorted(set(named))) or tuple(own) or USUAL


def measure(local: Local, thresholds: Sequence[float]) -> Performance:
    """Every figure of the cohort with its 95 % CI (`evaluation.report`)."""
    return measure_predictions(local, local.p, thresholds, local.file)


def measure_predictions(
    local: Local, p: FloatArray, thresholds: Sequence[float], dataset: str
) -> Performance:
    """The same for other predictions p [N] of the same people; *dataset* names the lines."""
    outcome = local.outcome
    if outcome.time is not None and outcome.event is not None:
        rows = survival_rows(
            dataset, outcome.time, outcome.event, p, outcome.horizon, local.groups, local.weight
        )
        return Performance(tuple(rows), (), ())
    rows = full_rows(dataset, outcome.y, p, local.groups, thresholds, local.weight)
    model, everybody = net_benefit(outcome.y, p, GRID)
    points = tuple(
        DecisionPoint(*each) for each in zip(GRID, model.tolist(), everybody.tolist(), strict=True)
    )
    return Performance(tuple(rows), tuple(thresholds), points)
