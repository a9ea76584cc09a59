"""What makes a model look better than it is: people on both sides of a split, one telling column, sites.

Each check returns what it found; whoever calls it says it in words.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from medgui.evaluation.figures import Estimate
from medgui.evaluation.ranking import auroc_weighted
from medgui.frozen import frozen

FloatArray = NDArray[np.float64]
Labels = Sequence[Hashable]


def people_of(x: FloatArray, fewest: int = 3) -> list[int]:
    """A number for each row of x [N, F], the same for rows with equal values (NaN equals NaN).

    Rows with fewer than `fewest` known values are people of their own. With few or coarse columns different people may
    have equal rows: an id tells better.
    """
    plain = np.ascontiguousarray(np.where(np.isnan(x), np.nan, x + 0.0))
    known = (~np.isnan(x)).sum(axis=1)
    seen: dict[bytes, int] = {}
    return [
        seen.setdefault(row.tobytes(), number) if count >= fewest else number
        for number, (row, count) in enumerate(zip(plain, known, strict=True))
    ]


def across_folds(people: Labels, folds: Labels) -> list[Hashable]:
    """The people that stand in more than one fold (or in training and test), in the order of their first row."""
    where: dict[Hashable, set[Hashable]] = {}
    for person, fold in zip(people, folds, strict=True):
        where.setdefault(person, set()).add(fold)
    return [person for person, found in where.items() if len(found) > 1]


@frozen
class Telling:
    """One column that alone nearly tells the outcome: by its values or by which of them are `missing`."""

    name: str
    auroc: Estimate
    missing: bool


def telling_columns(x: FloatArray, y: FloatArray, names: Sequence[str], limit: float = 0.95) -> list[Telling]:
    """Columns of x [N, F] that rank the outcome with an AUROC of at least `limit` alone, in either direction.

    Known values and the pattern of missing ones are looked at apart; so is a column whose every value stands for one
    outcome (a code such as "referred to oncology") by the rate of each value, where values repeat.
    """
    found = []
    for place, name in enumerate(names):
        for missing, score, part in _scores(x[:, place], y):
            figure = either_way(y[part], score[part])
            if figure.value >= limit:
                found.append(Telling(name, figure, missing))
                break
    return found


def _scores(column: FloatArray, y: FloatArray) -> Iterator[tuple[bool, FloatArray, NDArray[np.bool_]]]:
    known = ~np.isnan(column)
    yield False, column, known
    values, place, counts = np.unique(column[known], return_inverse=True, return_counts=True)
    if 1 < len(values) <= 20 and (counts >= 5).all():
        rate = np.zeros(len(column))
        rate[known] = (np.bincount(place, y[known]) / counts)[place]
        yield False, rate, known
    yield True, known.astype(np.float64), np.ones(len(column), dtype=bool)


def either_way(y: FloatArray, score: FloatArray) -> Estimate:
    """AUROC of a score or of its reverse, whichever is larger; NaN with fewer than two of either outcome."""
    figure = auroc_weighted(y, score, np.ones(len(y)))
    if not figure.value < 0.5:
        return figure
    return Estimate(1 - figure.value, 1 - figure.hi, 1 - figure.lo)


@frozen
class Sites:
    """How far the site alone tells the outcome.

    auroc: of each site's rate (0.5: not at all); cramers_v: 0 to 1; pure: sites of at least ten people with one outcome
    only, so that what tells the site tells the outcome.
    """

    auroc: Estimate
    cramers_v: float
    pure: tuple[Hashable, ...]

    @property
    def confounded(self) -> bool:
        """Whether a model could learn the site instead of the disease."""
        return bool(self.pure) or self.cramers_v >= 0.3


def site_confounding(sites: Labels, y: FloatArray) -> Sites:
    """Association of `sites` [N] with the outcome y [N] (Cramér H, Mathematical Methods of Statistics, 1946)."""
    labels = list(dict.fromkeys(sites))
    numbers = {label: number for number, label in enumerate(labels)}
    place = np.array([numbers[site] for site in sites], dtype=np.intp)
    counts, events = np.bincount(place), np.bincount(place, y)
    expected = counts * y.mean()
    scale = expected * (1 - y.mean())
    chi = np.divide((events - expected) ** 2, scale, out=np.zeros(len(labels)), where=scale > 0)
    pure = [
        label
        for label, n, hits in zip(labels, counts, events, strict=True)
        if n >= 10 and hits in (0, n) and len(labels) > 1
    ]
    return Sites(either_way(y, (events / counts)[place]), float(np.sqrt(chi.sum() / len(y))), tuple(pure))
