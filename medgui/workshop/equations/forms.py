"""Forms that equations share: linear sums, Cox and logistic links, splines, rescaling of a risk. All float64 [N, 1]."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.workshop.equation import as_flag, number

MMOL_CHOLESTEROL = 0.02586
"""mmol/L a mg/dL of cholesterol, as the equations that work in mmol/L use it."""


def centred(x: Var, centre: float, unit: float = 1.0) -> Var:
    """(x - centre) / unit."""
    moved = op.sub(x, number(centre))
    return moved if unit == 1.0 else op.div(moved, number(unit))


def linear(terms: Mapping[str, Var], coefficients: Mapping[str, float], constant: float = 0.0) -> Var:
    """Constant + sum of coefficient times term, over the names that both have; every coefficient needs its term.

    Raises `KeyError` where a coefficient has no term.
    """
    names = list(coefficients)
    together = op.concat([terms[name] for name in names], axis=1)
    weights = op.const(np.array([[coefficients[name]] for name in names], dtype=np.float64))
    return op.add(op.matmul(together, weights), number(constant))


def cox(baseline_survival: float | Var, lp: Var) -> Var:
    """1 - S0 ^ exp(lp)."""
    s0 = number(baseline_survival) if isinstance(baseline_survival, float) else baseline_survival
    return op.sub(number(1.0), op.pow(s0, op.exp(lp)))


def logistic(lp: Var) -> Var:
    """1 / (1 + exp(-lp))."""
    return op.sigmoid(lp)


def by_sex(sex: Var, female: Var, male: Var) -> Var:
    """The value for the sex (0 female, 1 male); NaN where the sex is missing."""
    return op.add(op.where(op.greater_or_equal(sex, number(0.5)), male, female), op.mul(sex, number(0.0)))


def pick(code: Var, values: Sequence[float]) -> Var:
    """values[code] for codes 0, 1, 2…; NaN where the code is missing."""
    codes = op.const(np.arange(len(values), dtype=np.float64)[None, :])
    found = op.matmul(as_flag(op.equal(code, codes)), op.const(np.array(values, dtype=np.float64)[:, None]))
    return op.add(found, op.mul(code, number(0.0)))


def known(x: Var) -> Var:
    """1.0 where *x* is known, 0.0 where it is missing."""
    return as_flag(op.not_(op.isnan(x)))


def at_least(x: Var, edge: float) -> Var:
    """1.0 where x >= edge; 0.0 elsewhere and where x is missing."""
    return as_flag(op.greater_or_equal(x, number(edge)))


def clipped(x: Var, lo: float | None = None, hi: float | None = None) -> Var:
    """X between *lo* and *hi*, as a formula's own rule; never in place of a refusal."""
    found = x if lo is None else op.max([x, number(lo)])
    return found if hi is None else op.min([found, number(hi)])


def missing_if(value: Var, *needed: Var) -> Var:
    """*value*, NaN where one of *needed* is missing."""
    for each in needed:
        value = op.add(value, op.mul(each, number(0.0)))
    return value
