"""shap's compiled TreeSHAP kernel behind one checked door.

`shap._cext.dense_tree_shap` is private and checks neither shapes nor types: a wrong call corrupts memory. It is
called from here alone, with arrays that this module makes and checks. Loading it without running `shap/__init__`
costs 25 MB and 0.1 s instead of 200 MB and 1.5 s.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medgui.explain.onnx_trees import Trees

FloatArray = NDArray[np.float64]

_INTERVENTIONAL = 0
_IDENTITY, _LOGISTIC = 0, 1


class KernelUnavailable(ImportError):
    """shap's compiled kernel is not here or takes other arguments."""


@cache
def load_kernel() -> Callable[..., None]:
    """Load `dense_tree_shap` from the installed shap package without importing shap."""
    module = sys.modules.get("shap._cext") or _load_extension()
    try:
        return module.dense_tree_shap  # type: ignore[no-any-return]
    except AttributeError as error:
        raise KernelUnavailable("dense_tree_shap is gone") from error


def _load_extension() -> Any:
    for folder in sys.path:
        for suffix in importlib.machinery.EXTENSION_SUFFIXES:
            path = Path(folder or ".") / "shap" / f"_cext{suffix}"
            if path.is_file():
                loader = importlib.machinery.ExtensionFileLoader("shap._cext", str(path))
                spec = importlib.util.spec_from_file_location("shap._cext", path, loader=loader)
                if spec is not None:
                    module = importlib.util.module_from_spec(spec)
                    loader.exec_module(module)
                    return module
    raise KernelUnavailable("shap's compiled kernel is not installed")


class TreeKernel:
    """Interventional TreeSHAP of one ensemble against one background, made ready once."""

    def __init__(self, trees: Trees, background: FloatArray) -> None:
        """*background* [B, F], NaN = missing. Raises `ValueError` where the parts do not fit together."""
        self.trees = trees
        self._kernel = load_kernel()
        self._background = _matrix(background)
        self._background_missing = np.isnan(self._background)
        self.width = self._background.shape[1]
        _check(trees, self.width)
        self._left, self._right, self._default = (
            np.ascontiguousarray(side, dtype=np.int32) for side in (trees.left, trees.right, trees.default)
        )
        self._features = np.ascontiguousarray(trees.features, dtype=np.int32)
        self._thresholds = np.ascontiguousarray(trees.thresholds, dtype=np.float64)
        self._types = np.zeros_like(self._features)
        self._values = np.ascontiguousarray(trees.values[:, :, None], dtype=np.float64)
        self._weights = np.ones_like(self._thresholds)
        self._base = np.array([trees.base], dtype=np.float64)
        self._transform = _LOGISTIC if trees.logistic else _IDENTITY

    def __call__(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Contributions [N, F] and baseline [N] of each row of *x* [N, F], in the unit of the output.

        The values are those of `shap.TreeExplainer(feature_perturbation="interventional")`; for a logistic output
        with `model_output="probability"`: Shapley values of the margin against each background row, scaled to that
        pair's difference in probability, then averaged.
        """
        rows = _matrix(x)
        if rows.shape[1] != self.width:
            raise ValueError(f"{rows.shape[1]} columns, {self.width} expected")
        missing = np.isnan(rows)
        phi = np.zeros((len(rows), self.width + 1, 1), dtype=np.float64)
        try:
            self._kernel(
                self._left,
                self._right,
                self._default,
                self._features,
                self._thresholds,
                self._types,
                self._values,
                self._weights,
                max(self.trees.depth, 1),
                rows,
                missing,
                None,
                self._background,
                self._background_missing,
                len(self._left),
                self._base,
                phi,
                _INTERVENTIONAL,
                self._transform,
                False,
            )
        except TypeError as error:
            raise KernelUnavailable("the kernel takes other arguments") from error
        return phi[:, :-1, 0], phi[:, -1, 0]


def _matrix(x: FloatArray) -> FloatArray:
    """A contiguous float64 [N, F] of float32 values, as the graph sees them; infinity is refused."""
    array = np.ascontiguousarray(np.asarray(x, dtype=np.float32), dtype=np.float64)
    if array.ndim != 2 or not array.size or np.isinf(array).any():
        raise ValueError("a matrix of finite or missing values is expected")
    return array


def _check(trees: Trees, width: int) -> None:
    """Everything that the kernel takes on trust: equal shapes, children and features within bounds."""
    shape = trees.left.shape
    others = (trees.right, trees.default, trees.features, trees.thresholds, trees.values)
    if len(shape) != 2 or 0 in shape or any(part.shape != shape for part in others):
        raise ValueError("trees of different shapes")
    inner = trees.left >= 0
    for side in (trees.left, trees.right, trees.default):
        if (side >= shape[1]).any() or ((side >= 0) != inner).any() or (side[inner] < 1).any():
            raise ValueError("a child outside its tree")
    either = (trees.default == trees.left) | (trees.default == trees.right)
    if not either.all():
        raise ValueError("a missing branch that is no child")
    if (trees.features < 0).any() or (trees.features >= width).any():
        raise ValueError("a feature outside the inputs")
    if not (
        np.isfinite(trees.thresholds).all() and np.isfinite(trees.values).all() and np.isfinite(trees.base)
    ):
        raise ValueError("a number that is not finite")
    if trees.depth < 0 or trees.depth >= shape[1] + 1:
        raise ValueError("a depth that cannot be")
