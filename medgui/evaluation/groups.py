"""Fairness: each group's ranking, calibration and sensitivity with intervals, and the gaps between groups.

No group gets a threshold of its own (SAFETY 18); what differs is told. A gap is that between the two most different
groups, so it is above 0 by chance alone: its interval says whether it is more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from medgui.evaluation.calibration import in_the_large
from medgui.evaluation.figures import Estimate, Row, figure_row, group_rows
from medgui.evaluation.thresholds import at_threshold

FloatArray = NDArray[np.float64]
Groups = Mapping[str, Sequence[str]]
SMALLEST = 10
"""Groups with fewer events or non-events take no part in a gap."""


def fairness_rows(
    dataset: str, y: FloatArray, p: FloatArray, groups: Groups, thresholds: Sequence[float] = ()
) -> list[Row]:
    """Lines by group ("sex: female") and gaps by key ("sex").

    A group: AUROC (or the observed rate), `calibration_in_the_large` in logits, `sensitivity@t` at each threshold. A
    key: `calibration_gap` and `equal_opportunity_difference@t` (Hardt M, Price E, Srebro N, NeurIPS 2016;3315).
    """
    rows = []
    for key, labels in groups.items():
        parts = dict(_parts(labels))
        rows += group_rows(dataset, y, p, {key: labels})
        large = {label: in_the_large(y[part], p[part]) for label, part in parts.items()}
        rows += _by_group(dataset, key, "calibration_in_the_large", large, parts, y, p)
        rows += _gap(dataset, key, "calibration_gap", large, parts, y)
        for threshold in thresholds:
            found = {
                label: at_threshold(y[part], p[part], threshold)["sensitivity"]
                for label, part in parts.items()
            }
            rows += _by_group(dataset, key, f"sensitivity@{threshold:g}", found, parts, y, p)
            rows += _gap(dataset, key, f"equal_opportunity_difference@{threshold:g}", found, parts, y)
    return rows


def difference(high: Estimate, low: Estimate) -> Estimate:
    """Difference of two independent figures, its interval from theirs.

    Newcombe RG, Stat Med 1998;17:873 (method 10) for shares with score intervals; the same square-and-add holds for
    Wald intervals.
    """
    value = high.value - low.value
    down = np.hypot(high.value - high.lo, low.hi - low.value)
    up = np.hypot(high.hi - high.value, low.value - low.lo)
    return Estimate(value, float(value - down), float(value + up))


def _parts(labels: Sequence[str]) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    column = np.asarray(labels)
    for label in sorted(set(column.tolist())):
        yield label, column == label


def _by_group(
    dataset: str,
    key: str,
    metric: str,
    found: Mapping[str, Estimate],
    parts: Mapping[str, NDArray[np.bool_]],
    y: FloatArray,
    p: FloatArray,
) -> list[Row]:
    return [
        figure_row(dataset, f"{key}: {label}", metric, figure, y[parts[label]], p[parts[label]])
        for label, figure in found.items()
        if np.isfinite(figure.value)
    ]


def _gap(
    dataset: str,
    key: str,
    metric: str,
    found: Mapping[str, Estimate],
    parts: Mapping[str, NDArray[np.bool_]],
    y: FloatArray,
) -> list[Row]:
    """The gap between the highest and the lowest of the groups that are large enough; nothing for fewer than two."""
    compared = [label for label, part in parts.items() if _large_enough(y[part])]
    compared = [label for label in compared if np.isfinite(found[label].value)]
    if len(compared) < 2:
        return []
    figures = sorted((found[label] for label in compared), key=lambda figure: figure.value)
    people = np.any([parts[label] for label in compared], axis=0)
    figure = difference(figures[-1], figures[0])
    return [Row(dataset, key, metric, figure, int(people.sum()), int(y[people].sum()), np.nan, np.nan)]


def _large_enough(y: FloatArray) -> bool:
    return bool(min(y.sum(), len(y) - y.sum()) >= SMALLEST)
