"""The reference data of a bundle: background rows, interval tables, distance to the training data."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medgui.errors import DamagedData
from medgui.frozen import frozen
from medgui.i18n import _
from medgui.inference.manifest import Manifest

FloatArray = NDArray[np.float64]


@frozen
class IntervalTable:
    """Lower and upper limit over rising scores of one output, each [K]; read by linear interpolation."""

    score: FloatArray
    lo: FloatArray
    hi: FloatArray

    def limits(self, score: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Limits at *score*; outside the table those of its ends."""
        return np.interp(score, self.score, self.lo), np.interp(score, self.score, self.hi)


@frozen
class CurveLimits:
    """Lower and upper survival curve [K, T] over rising risks [K]; read by linear interpolation."""

    score: FloatArray
    lo: FloatArray
    hi: FloatArray

    def limits(self, risk: float) -> tuple[FloatArray, FloatArray]:
        """Limits [T] at *risk*; outside the table those of its ends."""
        place = float(np.clip(risk, self.score[0], self.score[-1]))
        lo, hi = (np.array([np.interp(place, self.score, each) for each in t.T]) for t in (self.lo, self.hi))
        return lo, hi


class Reference:
    """What `reference.npz` holds, each part checked for shape when it is asked for."""

    def __init__(self, manifest: Manifest, arrays: Mapping[str, NDArray[Any]], file: str) -> None:
        self._manifest = manifest
        self._arrays = arrays
        self._file = file
        self._precision: dict[bytes, FloatArray] = {}

    def _array(self, name: str, shape: tuple[int, ...]) -> FloatArray | None:
        """An array of *shape* (-1: any length above 0), or None where it is absent."""
        if name not in self._arrays:
            return None
        array = np.ascontiguousarray(self._arrays[name], dtype=np.float64)
        fits = array.ndim == len(shape) and all(
            have == want or (want == -1 and have > 0) for have, want in zip(array.shape, shape, strict=True)
        )
        if not fits:
            raise self._damaged(name)
        return array

    def _damaged(self, name: str) -> DamagedData:
        return DamagedData(
            _("{file}: the array “{name}” does not fit the model.").format(file=self._file, name=name)
        )

    @cached_property
    def background(self) -> FloatArray:
        """Background rows [B, F] in manifest order; NaN is missing."""
        array = self._array("background", (-1, len(self._manifest.inputs)))
        if array is None:
            raise self._damaged("background")
        return array

    @cached_property
    def intervals(self) -> Mapping[str, IntervalTable]:
        """Interval tables by output; a model with one output may leave the suffix out."""
        found: dict[str, IntervalTable] = {}
        alone = len(self._manifest.outputs) == 1
        for output in self._manifest.outputs:
            suffix = f":{output.name}"
            if alone and f"interval_score{suffix}" not in self._arrays:
                suffix = ""
            parts = [self._array(f"interval_{part}{suffix}", (-1,)) for part in ("score", "lo", "hi")]
            score, lo, hi = parts
            if score is None or lo is None or hi is None:
                continue
            if not len(score) == len(lo) == len(hi) or (np.diff(score) < 0).any() or (lo > hi).any():
                raise self._damaged(f"interval_score{suffix}")
            found[output.name] = IntervalTable(score, lo, hi)
        return found

    @cached_property
    def survival_limits(self) -> CurveLimits | None:
        """Limits of the survival curve by the first output; None: the bundle brings none."""
        spec = self._manifest.survival
        if spec is None or "survival_score" not in self._arrays:
            return None
        score = self._array("survival_score", (-1,))
        shape = (0 if score is None else len(score), len(spec.times))
        lo, hi = self._array("survival_lo", shape), self._array("survival_hi", shape)
        if score is None or lo is None or hi is None or (np.diff(score) < 0).any() or (lo > hi).any():
            raise self._damaged("survival_score")
        return CurveLimits(score, lo, hi)

    @cached_property
    def distance_limits(self) -> tuple[float, float] | None:
        """(flag, refuse): distances above them get a caution, or no number; None: the bundle states none."""
        if "distance_flag" not in self._arrays or "distance_refuse" not in self._arrays:
            return None
        flag, refuse = (float(self._arrays[name]) for name in ("distance_flag", "distance_refuse"))
        if not 0 < flag <= refuse:
            raise self._damaged("distance_flag")
        return flag, refuse

    @cached_property
    def _standard(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Mean [F], 1 / scale [F] (0: the input does not count) and covariance [F, F] of standardised values."""
        width = len(self._manifest.inputs)
        mean, scale = self._array("train_mean", (width,)), self._array("train_scale", (width,))
        covariance = self._array("train_covariance", (width, width))
        precision = self._array("train_precision", (width, width))
        if mean is None or scale is None:
            raise self._damaged("train_mean")
        if covariance is None:
            if precision is None:
                raise self._damaged("train_covariance")
            covariance = np.asarray(np.linalg.pinv(precision))
        counts = np.isfinite(mean) & np.isfinite(scale) & (scale > 0)
        inverse = np.zeros(width)
        inverse[counts] = 1.0 / scale[counts]
        return np.where(counts, mean, 0.0), inverse, covariance

    def distance(self, x: FloatArray) -> FloatArray:
        """Distance of each row of *x* [N, F] to the training data, [N]; NaN where nothing is known.

        d = sqrt(zᵀ P z / k) over the k known inputs that count, z standardised by the training mean and scale, P the
        inverse of the covariance block of those inputs (a Mahalanobis distance per input).
        """
        mean, inverse, covariance = self._standard
        known = np.isfinite(x) & (inverse > 0)
        z = x - mean
        z *= inverse
        np.copyto(z, 0.0, where=~known)
        squared = np.zeros(len(x))
        common: list[tuple[NDArray[np.bool_], NDArray[np.intp]]] = []
        alone: list[NDArray[np.intp]] = []
        for pattern, rows in patterns(known):
            if rows is None:
                squared = _forms(z, z @ self._block(pattern))
            elif len(rows) < _FEW and pattern.tobytes() not in self._precision:
                alone.append(rows)
            else:
                common.append((pattern, rows))
        if common:
            order = np.concatenate([rows for _pattern, rows in common])
            squared[order] = self._of_groups(z[order], common)
        for rows in _pieces(alone):
            squared[rows] = _masked_forms(z[rows], known[rows], covariance)
        count = known.sum(axis=1)
        return np.where(count > 0, np.sqrt(np.maximum(squared, 0.0) / np.maximum(count, 1)), np.nan)

    def _of_groups(
        self, z: FloatArray, groups: list[tuple[NDArray[np.bool_], NDArray[np.intp]]]
    ) -> FloatArray:
        """zᵀ P z of rows that stand group by group."""
        moved = np.empty_like(z)
        start = 0
        for pattern, rows in groups:
            end = start + len(rows)
            np.matmul(z[start:end], self._block(pattern), out=moved[start:end])
            start = end
        return _forms(z, moved)

    def _block(self, pattern: NDArray[np.bool_]) -> FloatArray:
        """Inverse of the covariance block of *pattern* in an [F, F] of zeros."""
        key = pattern.tobytes()
        found = self._precision.get(key)
        if found is None:
            found = np.zeros_like(self._standard[2])
            found[np.ix_(pattern, pattern)] = _inverse(self._standard[2][np.ix_(pattern, pattern)])
            if len(self._precision) < 1024:
                self._precision[key] = found
        return found


_FEW = 10
"""Patterns of missing values with fewer rows than this are solved together, row by row."""
_PIECE = 4096


def _forms(z: FloatArray, moved: FloatArray) -> FloatArray:
    """zᵀ (P z) of each row."""
    return np.asarray(np.einsum("ij,ij->i", moved, z))


def _masked_forms(z: FloatArray, known: NDArray[np.bool_], covariance: FloatArray) -> FloatArray:
    """zᵀ (block of the known inputs)⁻¹ z where each row has a block of its own; z is 0 where a value is missing.

    The unknown rows and columns are those of the identity, which leaves the form as it is.
    """
    blocks = np.where(known[:, :, None] & known[:, None, :], covariance, np.eye(z.shape[1]))
    try:
        solved = np.linalg.solve(blocks, z[:, :, None])[:, :, 0]
    except np.linalg.LinAlgError:
        solved = np.stack([_inverse(block) @ row for block, row in zip(blocks, z, strict=True)])
    return np.asarray(np.einsum("ij,ij->i", solved, z))


def _inverse(block: FloatArray) -> FloatArray:
    try:
        return np.asarray(np.linalg.inv(block))
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.pinv(block, hermitian=True))


def _pieces(groups: list[NDArray[np.intp]]) -> list[NDArray[np.intp]]:
    """The rows of all groups in pieces that fit the cache."""
    if not groups:
        return []
    rows = np.concatenate(groups)
    return [rows[start : start + _PIECE] for start in range(0, len(rows), _PIECE)]


def patterns(mask: NDArray[np.bool_]) -> list[tuple[NDArray[np.bool_], NDArray[np.intp] | None]]:
    """Split the rows of *mask* [N, F] by their pattern: (pattern [F], row numbers), None meaning all rows."""
    if len(mask) == 0:
        return []
    if (mask == mask[0]).all():
        return [(mask[0], None)]
    keys = _keys(mask)
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    return [(mask[rows[0]], rows) for rows in np.split(order, starts[1:])]


def _keys(mask: NDArray[np.bool_]) -> NDArray[np.uint16] | NDArray[np.uint64]:
    """A number for the pattern of each row, in 16 bits where they are enough: those sort in linear time."""
    varying = mask[:, mask.any(axis=0) & ~mask.all(axis=0)]
    keys = np.zeros(len(mask), dtype=np.uint64)
    for start in range(0, varying.shape[1], 16):
        part = np.zeros(len(mask), dtype=np.uint64)
        for place in range(start, min(start + 16, varying.shape[1])):
            part |= varying[:, place].astype(np.uint64) << np.uint64(place - start)
        keys = keys << np.uint64(16) | part
        if start:
            keys = np.unique(keys, return_inverse=True)[1].reshape(-1).astype(np.uint64)
    return keys if int(np.max(keys)) > 0xFFFF else keys.astype(np.uint16)
