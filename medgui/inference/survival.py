"""The survival curve of one patient: a graph output [N, T] beside the listed ones (`manifest.Survival`).

It is run when one patient's result is shown and never over a table. Missing inputs are integrated as for the other
outputs: the curve is the mean over the reference rows' values of them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from medgui.frozen import frozen
from medgui.i18n import _
from medgui.inference.bundle import Bundle
from medgui.inference.missing import support

FloatArray = NDArray[np.float64]
ROUNDING = 1e-6
"""How far a share may rise by rounding alone (float32)."""


class CurveFault(ValueError):
    """The graph gave no survival curve for this patient; the message is a sentence for the user."""


@frozen
class PatientCurve:
    """Shares without the event [T] at the manifest's times; lo, hi [T]: limits of the model, or None."""

    values: FloatArray
    lo: FloatArray | None = None
    hi: FloatArray | None = None


def patient_curve(bundle: Bundle, x: FloatArray, risk: float) -> PatientCurve:
    """The curve of one row *x* [F] (as in `Batch.x`) whose first output is *risk*, by which the limits are read.

    Raises `CurveFault` where the graph gives no curve: a number missing, outside 0 to 1, or rising.
    """
    spec = bundle.manifest.survival
    if spec is None:
        raise ValueError("the model has no survival curve")
    values = _values(bundle, np.asarray(x, dtype=np.float64))
    if not sound(values, len(spec.times)):
        raise CurveFault(_("The model gave no valid survival curve; this is a fault, not a result."))
    table = bundle.reference.survival_limits
    if table is None:
        return PatientCurve(values)
    lo, hi = table.limits(risk)
    return PatientCurve(values, np.minimum(lo, values), np.maximum(hi, values))


def sound(values: FloatArray, count: int) -> bool:
    """Whether *values* are a survival curve: *count* shares from 0 to 1 that never rise."""
    if values.shape != (count,) or not np.isfinite(values).all():
        return False
    inside = bool((values >= 0).all() and (values <= 1).all())
    return inside and not (np.diff(values) > ROUNDING).any()


def _values(bundle: Bundle, x: FloatArray) -> FloatArray:
    columns = bundle.rules.background[np.isnan(x[bundle.rules.background])]
    if not len(columns):
        return np.asarray(bundle.curves(x[None, :])[0])
    choices, weights, _rows = support(bundle, columns)
    rows = np.repeat(x[None, :], len(choices), axis=0)
    rows[:, columns] = choices
    return np.asarray(weights @ bundle.curves(rows))
