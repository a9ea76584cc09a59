"""All figures of a model on one data set, as the lines of a bundle's evaluation table: one way for every caller."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from medgui.evaluation import survival
from medgui.evaluation.calibration import in_the_large, risk_groups
from medgui.evaluation.decision import net_benefit_at
from medgui.evaluation.figures import (
    Estimate,
    Row,
    auroc,
    brier,
    figure_row,
    mean,
    proportion,
    whole_rows,
)
from medgui.evaluation.groups import Groups, fairness_rows
from medgui.evaluation.ranking import auroc_weighted, average_precision, paired_auroc
from medgui.evaluation.thresholds import at_threshold

FloatArray = NDArray[np.float64]
SMALLEST_BIN = 30
AT_THRESHOLD = ("accuracy", "sensitivity", "specificity", "ppv", "npv", "f1")
"""Precision is the positive predictive value and recall the sensitivity: each stands once, under its clinical name."""


def full_rows(
    dataset: str,
    y: FloatArray,
    p: FloatArray,
    groups: Groups,
    thresholds: Sequence[float] = (),
    weights: FloatArray | None = None,
) -> list[Row]:
    """Every figure of a probability p [N] for the outcome y [N], 0/1.

    All people: AUROC, Brier score (and that of the prevalence), calibration, average precision; at each threshold
    ("sensitivity@0.1") accuracy, sensitivity, specificity, predictive values, F1 and net benefit (also of treating
    all); the calibration curve ("risk: 01" …, each at least 30 people); with survey weights [N] the weighted AUROC,
    Brier score and calibration in the large. By group: `groups.fairness_rows`. Figures that do not exist are left out.
    """
    if not len(y):
        return []
    rows = whole_rows(dataset, y, p)
    prevalence = np.full(len(y), y.mean())
    figures = {"average_precision": average_precision(y, p), "brier_prevalence": brier(y, prevalence)}
    for threshold in thresholds:
        figures |= threshold_figures(y, p, threshold)
    if weights is not None:
        figures["auroc_weighted"] = auroc_weighted(y, p, weights)
        figures["brier_weighted"] = brier(y, p, weights)
        figures["calibration_in_the_large_weighted"] = in_the_large(y, p, weights)
    rows += [figure_row(dataset, "all", metric, figure, y, p) for metric, figure in figures.items()]
    rows += curve_rows(dataset, y, p) + fairness_rows(dataset, y, p, groups, thresholds)
    return [row for row in rows if np.isfinite(row.estimate.value)]


def threshold_figures(y: FloatArray, p: FloatArray, threshold: float) -> dict[str, Estimate]:
    """Figures of "p >= threshold", named "sensitivity@0.1" and so on."""
    found = at_threshold(y, p, threshold)
    figures = {f"{metric}@{threshold:g}": found[metric] for metric in AT_THRESHOLD}
    figures[f"net_benefit@{threshold:g}"] = net_benefit_at(y, p, threshold)
    figures[f"net_benefit_treat_all@{threshold:g}"] = net_benefit_at(y, np.ones(len(p)), threshold)
    return figures


def curve_rows(dataset: str, y: FloatArray, p: FloatArray) -> list[Row]:
    """The calibration curve: the observed rate of at most ten groups of rising prediction."""
    return [
        figure_row(
            dataset,
            f"risk: {number:02d}",
            "observed_rate",
            proportion(int(y[part].sum()), len(part)),
            y[part],
            p[part],
        )
        for number, part in enumerate(risk_groups(p, 10, SMALLEST_BIN), start=1)
    ]


def peer_rows(
    dataset: str, y: FloatArray, p: FloatArray, peers: Mapping[str, FloatArray], group: str = "all"
) -> list[Row]:
    """Another score on the same people: its AUROC ("auroc_phenoage") and by how much the model's is higher.

    peers: name to score [N]. The difference ("auroc_minus_phenoage") has the paired interval of DeLong. A score that is
    a probability has its Brier score too, and the paired difference of it (below 0: the model is better).
    """
    rows = []
    for name, score in peers.items():
        figures = {f"auroc_{name}": auroc(y, score), f"auroc_minus_{name}": paired_auroc(y, p, score)}
        if ((score >= 0) & (score <= 1)).all():
            figures[f"brier_{name}"] = brier(y, score)
            figures[f"brier_minus_{name}"] = mean((p - y) ** 2 - (score - y) ** 2)
        rows += [
            Row(dataset, group, metric, figure, len(y), int(y.sum()), np.nan, np.nan)
            for metric, figure in figures.items()
            if np.isfinite(figure.value)
        ]
    return rows


def survival_rows(
    dataset: str,
    time: FloatArray,
    event: FloatArray,
    p: FloatArray,
    horizon: float,
    groups: Groups,
    weights: FloatArray | None = None,
) -> list[Row]:
    """Every figure of a risk p [N] of event 1 up to `horizon` under censoring (event 0) and competing events (2).

    All people: AUROC and Brier score weighted for censoring, calibration in the large and slope, Harrell's C, the
    calibration curve; by group the AUROC and calibration in the large. The observed rate of each line is that of
    Aalen and Johansen; events: those of kind 1 up to the horizon. weights [N]: of a survey, used throughout but for C.
    """
    if not len(time):
        return []
    everybody = np.ones(len(time), dtype=bool)
    data = (time, event, p, horizon, weights)
    rows = _survival_part(dataset, "all", data, everybody, _WHOLE)
    c_figure = survival.c_index(time, event, p)
    rows.append(_survival_row(dataset, "all", "c_index", c_figure, data, everybody))
    for number, part in enumerate(risk_groups(p, 10, SMALLEST_BIN), start=1):
        chosen = np.isin(np.arange(len(time)), part)
        observed = survival.aalen_johansen(
            time[chosen], event[chosen], horizon, None if weights is None else weights[chosen]
        )
        rows.append(_survival_row(dataset, f"risk: {number:02d}", "observed_rate", observed, data, chosen))
    for key, labels in groups.items():
        column = np.asarray(labels)
        for label in sorted(set(column.tolist())):
            rows += _survival_part(dataset, f"{key}: {label}", data, column == label, _WHOLE[:2])
    return [row for row in rows if np.isfinite(row.estimate.value)]


_Data = tuple[FloatArray, FloatArray, FloatArray, float, FloatArray | None]
_WHOLE = (
    ("auroc_ipcw", survival.time_auc),
    ("calibration_in_the_large", survival.calibration_in_the_large_ipcw),
    ("calibration_slope", survival.calibration_slope_ipcw),
    ("brier_ipcw", survival.brier_ipcw),
)


def _survival_part(
    dataset: str,
    group: str,
    data: _Data,
    part: NDArray[np.bool_],
    metrics: Sequence[tuple[str, Callable[..., Estimate]]],
) -> list[Row]:
    time, event, p, horizon, weights = data
    w = None if weights is None else weights[part]
    rows = []
    for metric, compute in metrics:
        figure = compute(time[part], event[part], p[part], horizon, w)
        rows.append(_survival_row(dataset, group, metric, figure, data, part))
    if not np.isfinite(rows[0].estimate.value):
        figure = survival.aalen_johansen(time[part], event[part], horizon, w)
        rows.append(_survival_row(dataset, group, "observed_rate", figure, data, part))
    return rows


def _survival_row(
    dataset: str, group: str, metric: str, figure: Estimate, data: _Data, part: NDArray[np.bool_]
) -> Row:
    time, event, p, horizon, weights = data
    w = None if weights is None else weights[part]
    observed = survival.aalen_johansen(time[part], event[part], horizon, w).value
    events = int(((event[part] == 1) & (time[part] <= horizon)).sum())
    predicted = float(np.average(p[part], weights=w))
    if not np.isfinite(observed):
        predicted = np.nan
    return Row(dataset, group, metric, figure, int(part.sum()), events, predicted, observed)
