"""shap's public explainer on the same trees: the fallback of the compiled kernel, and its oracle in tests.

Importing shap costs 1.5 s and 200 MB, so this happens only when the kernel is missing or does not add up.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from medgui.explain.onnx_trees import Trees

FloatArray = NDArray[np.float64]


class PublicExplainer:
    """`shap.TreeExplainer` with interventional perturbation, in probability where the output is one."""

    def __init__(self, trees: Trees, background: FloatArray) -> None:
        import shap

        model = {
            "trees": [_tree(trees, place) for place in range(len(trees.left))],
            "base_offset": trees.base,
            "objective": "binary_crossentropy",
            "tree_output": "log_odds" if trees.logistic else "raw_value",
        }
        self._explainer = shap.TreeExplainer(
            model,
            data=background.astype(np.float32).astype(np.float64),
            feature_perturbation="interventional",
            model_output="probability" if trees.logistic else "raw",
        )

    def __call__(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Contributions [N, F] and baseline [N] for *x* [N, F]."""
        rows = x.astype(np.float32).astype(np.float64)
        phi = np.asarray(self._explainer.shap_values(rows, check_additivity=False), dtype=np.float64)
        baseline = float(np.asarray(self._explainer.expected_value).reshape(-1)[0])
        return phi.reshape(x.shape), np.full(len(x), baseline)


def _tree(trees: Trees, place: int) -> dict[str, NDArray[np.generic]]:
    return {
        "children_left": trees.left[place],
        "children_right": trees.right[place],
        "children_default": trees.default[place],
        "features": trees.features[place],
        "thresholds": trees.thresholds[place],
        "values": trees.values[place].reshape(-1, 1),
        "node_sample_weight": np.ones(trees.left.shape[1]),
    }
