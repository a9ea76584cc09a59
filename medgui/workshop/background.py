"""Rows that stand for the training people without being any of them: for explanations, and for the golden inputs."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray

from medgui.workshop.design import Codes
from medgui.workshop.network import one_thread

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
FEWEST = 5
"""People that a centroid, or a row that somebody has, stands for at least."""


def centroids(x: FloatArray, categories: Codes, rows: int = 40, seed: int = 0) -> FloatArray:
    """Rows [B, F] of about `rows`: centroids of k-means over x [N, F], each as often as its share of the people.

    Numbers are means over at least five people; categories are drawn in each cluster as often as they occur there,
    each for itself. A row that fewer than five people have is left out: no patient's row is in the result. No value is
    missing.
    """
    numbers = [place for place in range(x.shape[1]) if place not in categories]
    cluster = _clusters(x[:, numbers], seed) if numbers else np.zeros(len(x), dtype=np.intp)
    random = np.random.default_rng(seed)
    parts = []
    for label in np.unique(cluster):
        people = x[cluster == label]
        count = max(round(rows * len(people) / len(x)), 1)
        part = np.empty((count, x.shape[1]))
        for place in range(x.shape[1]):
            if place in categories:
                part[:, place] = _quota(people[:, place], x[:, place], count, random)
            else:
                part[:, place] = _mean(people[:, place], x[:, place])
        parts.append(part)
    found = np.vstack(parts).astype(np.float32).astype(np.float64)
    kept = found[[_is_nobody(row, x) for row in found]]
    return kept if len(kept) else np.asarray(np.vstack([_middle(x, categories)] * 2))


def _clusters(x: FloatArray, seed: int) -> IntArray:
    """The cluster [N] of each row; clusters of fewer than five people go to the nearest other one."""
    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning

    mean, scale = np.nanmean(x, axis=0), np.nanstd(x, axis=0)
    z = np.nan_to_num((x - mean) / np.where(scale > 0, scale, 1.0))
    count = int(np.clip(len(x) // 25, 2, 12))
    with one_thread(), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        labels = np.asarray(KMeans(count, n_init=3, random_state=seed).fit_predict(z), dtype=np.intp)
    while True:
        sizes = np.bincount(labels)
        small = np.flatnonzero((sizes > 0) & (sizes < FEWEST))
        large = np.flatnonzero(sizes >= FEWEST)
        if not len(small) or not len(large):
            return labels
        middles = np.stack([z[labels == each].mean(axis=0) for each in large])
        people = labels == small[0]
        gaps = ((z[people][:, None, :] - middles[None]) ** 2).sum(axis=2)
        labels[people] = large[np.argmin(gaps, axis=1)]


def _mean(own: FloatArray, whole: FloatArray) -> float:
    """Mean of the known values of a cluster, of everybody where fewer than five are known."""
    known = own[~np.isnan(own)]
    return float(np.mean(known if len(known) >= FEWEST else whole[~np.isnan(whole)]))


def _quota(own: FloatArray, whole: FloatArray, count: int, random: np.random.Generator) -> FloatArray:
    """`count` codes in the shares of a cluster (largest remainders), in random order."""
    known = own[~np.isnan(own)]
    codes, counts = np.unique(known if len(known) else whole[~np.isnan(whole)], return_counts=True)
    exact = counts / counts.sum() * count
    numbers = np.floor(exact).astype(int)
    order = np.argsort(-(exact - numbers), kind="stable")[: count - int(numbers.sum())]
    numbers[order] += 1
    return random.permutation(np.repeat(codes, numbers))


def _is_nobody(row: FloatArray, x: FloatArray) -> bool:
    """Whether no person, or so many that it tells of none, has this row (where known)."""
    same = ((x.astype(np.float32) == row.astype(np.float32)) | np.isnan(x)).all(axis=1)
    return not 0 < int(same.sum()) < FEWEST


def _middle(x: FloatArray, categories: Codes) -> FloatArray:
    return np.array([middle(x[:, place], place in categories) for place in range(x.shape[1])])


def middle(values: FloatArray, category: bool) -> float:
    """The median of a number, the most frequent code of a category."""
    known = values[~np.isnan(values)]
    if not category:
        return float(np.float32(np.median(known)))
    codes, counts = np.unique(known, return_counts=True)
    return float(codes[np.argmax(counts)])


def golden_rows(
    x: FloatArray, background: FloatArray, optional: NDArray[np.bool_], seed: int = 0, rows: int = 32
) -> FloatArray:
    """Made-up rows [G, F]: each value on its own between two background rows, pushed towards the ends of the range.

    Values of `optional` inputs are missing in a quarter of them.
    """
    random = np.random.default_rng(seed + 99)
    low, high = np.nanmin(x, axis=0), np.nanmax(x, axis=0)
    coded = np.array([len(np.unique(v[~np.isnan(v)])) <= 12 for v in x.T])
    first, second = (
        background[random.integers(len(background), size=(rows, x.shape[1])), np.arange(x.shape[1])]
        for _ in "ab"
    )
    share = random.random(first.shape) * 1.6 - 0.3
    mixed = np.clip(first + share * (second - first), low, high)
    found = np.where(coded, first, mixed)
    hidden = (random.random(found.shape) < 0.25) & optional
    hidden[: rows // 2] = False
    found[hidden] = np.nan
    return found.astype(np.float32).astype(np.float64)
