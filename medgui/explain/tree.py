"""TreeSHAP of a bundle whose graph is a tree ensemble, checked against the graph on every call."""

from __future__ import annotations

import logging
import weakref
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from medgui.errors import DamagedData
from medgui.explain.explained import SUM_TOLERANCE
from medgui.explain.kernel import KernelUnavailable, TreeKernel
from medgui.explain.onnx_trees import Trees, UnsupportedTrees, read_trees
from medgui.explain.public_shap import PublicExplainer
from medgui.i18n import _
from medgui.inference.bundle import Bundle
from medgui.inference.onnx_graph import read_graph

FloatArray = NDArray[np.float64]
_log = logging.getLogger(__name__)

_ready: weakref.WeakKeyDictionary[Bundle, dict[str, TreeExplainer]] = weakref.WeakKeyDictionary()


class TreeExplainer:
    """Explains one output of one bundle. The arrays of the trees are made once."""

    def __init__(self, bundle: Bundle, output: str, trees: Trees) -> None:
        self._bundle = bundle
        self._output = output
        self._trees = trees
        self._public: PublicExplainer | None = None
        self._kernel: TreeKernel | None = None
        try:
            self._kernel = TreeKernel(trees, bundle.reference.background)
        except (KernelUnavailable, ValueError) as error:
            _log.warning("%s: the compiled kernel is not used (%s)", bundle.id, type(error).__name__)

    def explain(self, x: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Baseline [N], contributions [N, F] and the graph's own output [N] for *x* [N, F].

        Rows whose sum differs from the output are NaN, after shap's public explainer was asked for them too.
        """
        value = self._bundle.run(x, (self._output,))[self._output]
        baseline, phi = np.full(len(x), np.nan), np.full(x.shape, np.nan)
        if self._kernel is not None:
            phi, baseline = self._kernel(x)
        wrong = ~_adds_up(baseline, phi, value)
        if wrong.any():
            phi[wrong], baseline[wrong] = self._ask_public(x[wrong])
            still = wrong & ~_adds_up(baseline, phi, value)
            baseline[still] = np.nan
        return baseline, phi, value

    def _ask_public(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Shap's own answer; NaN where shap is not installed whole (a frozen build holds the kernel alone)."""
        try:
            if self._public is None:
                self._public = PublicExplainer(self._trees, self._bundle.reference.background)
            return self._public(x)
        except (ImportError, ValueError, TypeError, RuntimeError) as error:
            kind = type(error).__name__
            _log.warning("%s: shap's public explainer did not answer (%s)", self._bundle.id, kind)
            return np.full(x.shape, np.nan), np.full(len(x), np.nan)


def _adds_up(baseline: FloatArray, phi: FloatArray, value: FloatArray) -> NDArray[np.bool_]:
    gap = np.abs(baseline + phi.sum(axis=1) - value)
    return np.asarray(gap <= SUM_TOLERANCE * np.maximum(1.0, np.abs(value)))


def explainer(bundle: Bundle, output: str) -> TreeExplainer:
    """The explainer of *output*, made once a bundle. Raises `DamagedData` where the graph is no plain ensemble."""
    ready = _ready.setdefault(bundle, {})
    if output not in ready:
        try:
            trees = read_trees(read_graph(bundle.content("model.onnx")), output, bundle.input_names)
        except (UnsupportedTrees, ValueError) as error:
            _log.warning("%s: %s", bundle.id, error)
            sentence = _("The trees of the model “{model}” cannot be read, so it cannot be explained.")
            raise DamagedData(sentence.format(model=bundle.id)) from error
        ready[output] = TreeExplainer(bundle, output, trees)
    return ready[output]


def prepare(bundle: Bundle, outputs: Sequence[str] | None = None) -> None:
    """Make the explainers ahead of the first patient."""
    for output in outputs or bundle.output_names:
        explainer(bundle, output)
