"""One way to an explanation, whatever the model is made of."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from medgui.errors import DamagedData
from medgui.explain import enumeration, tree
from medgui.explain.explained import SUM_TOLERANCE, Explained, adds_up
from medgui.frozen import frozen
from medgui.i18n import _
from medgui.inference.bundle import Bundle

FloatArray = NDArray[np.float64]


@frozen
class ExplainedRows:
    """Explanations of one output for N rows; NaN where there is none to show.

    baseline [N], contributions [N, F] in manifest order, residual [N].
    """

    output: str
    method: str
    baseline: FloatArray
    contributions: FloatArray
    residual: FloatArray


def explain(bundle: Bundle, x: FloatArray, outputs: Sequence[str] | None = None) -> tuple[Explained, ...]:
    """Explain *outputs* (default: all) of one row *x* [F].

    Give only outputs that have a number. An explanation that does not add up to the output within 1e-6 is never
    given: then `method` is "none" and `refused` says why.
    """
    x = np.asarray(x, dtype=np.float64)
    names = tuple(outputs if outputs is not None else bundle.output_names)
    method = bundle.manifest.explanation.method
    if method == "none" or not names:
        return ()
    if method == "tree_shap":
        return tuple(_explain_tree(bundle, x, name) for name in names)
    baseline, phi, values, bound = enumeration.shapley(bundle, x, names)
    return tuple(
        _explained(
            bundle,
            name,
            "enumeration" if bound is None else "permutation",
            float(baseline[place]),
            phi[place],
            float(values[place]),
            None if bound is None else float(bound[place]),
        )
        for place, name in enumerate(names)
    )


def _explain_tree(bundle: Bundle, x: FloatArray, output: str) -> Explained:
    lacking = np.isnan(x[bundle.rules.background])
    if lacking.any():
        sentence = _("This model cannot be explained while values are integrated over reference people.")
        return Explained(output, "none", math.nan, refused=sentence)
    try:
        baseline, phi, value = tree.explainer(bundle, output).explain(x[None, :])
    except DamagedData as error:
        return Explained(output, "none", math.nan, refused=str(error))
    return _explained(bundle, output, "tree_shap", float(baseline[0]), phi[0], float(value[0]))


def _explained(
    bundle: Bundle,
    output: str,
    method: str,
    baseline: float,
    phi: FloatArray,
    value: float,
    bound: float | None = None,
) -> Explained:
    residual = value - baseline - math.fsum(phi)
    if not adds_up(residual, value):
        sentence = _("The contributions do not add up to the result, so they are not shown.")
        return Explained(output, "none", value, refused=sentence)
    contributions = dict(zip(bundle.input_names, phi.tolist(), strict=True))
    return Explained(output, method, value, baseline, contributions, residual, bound)


def explain_rows(bundle: Bundle, x: FloatArray, output: str) -> ExplainedRows:
    """Explain one *output* for each row of *x* [N, F]; rows without an answer stay NaN."""
    x = np.atleast_2d(np.asarray(x, dtype=np.float64))
    method: str = bundle.manifest.explanation.method
    baseline, phi = np.full(len(x), np.nan), np.full(x.shape, np.nan)
    value = np.full(len(x), np.nan)
    if method == "tree_shap" and len(x):
        good = ~np.isnan(x[:, bundle.rules.background]).any(axis=1)
        if good.any():
            baseline[good], phi[good], value[good] = tree.explainer(bundle, output).explain(x[good])
    elif method == "enumeration":
        for row in range(len(x)):
            base, found, values, bound = enumeration.shapley(bundle, x[row], (output,))
            baseline[row], phi[row], value[row] = base[0], found[0], values[0]
            method = method if bound is None else "permutation"
    residual = value - baseline - phi.sum(axis=1)
    wrong = ~(np.abs(residual) <= SUM_TOLERANCE * np.maximum(1.0, np.abs(value)))
    baseline[wrong], phi[wrong], residual[wrong] = np.nan, np.nan, np.nan
    return ExplainedRows(output, method, baseline, phi, residual)


def prepare(bundle: Bundle) -> None:
    """Make what the first explanation needs ahead of the first patient."""
    if bundle.manifest.explanation.method == "tree_shap":
        tree.prepare(bundle)
