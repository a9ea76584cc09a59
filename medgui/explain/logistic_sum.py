"""Exact Shapley values of a logistic sum with any number of inputs, where enumeration would take 2^n runs.

The output is s(b + m_1 + … + m_n), s the logistic function, m_i what input i adds to the margin when it moves from the
reference person's value to the patient's. The value of a coalition is then s(b + its sum), and

    phi_i = ∫₀¹ E[s(b + S_q + m_i) - s(b + S_q)] dq,   S_q: every other player joins with probability q

(Owen G, Management Science 1972;18:64). With s(t) = 1/2 + ∫₀^∞ sin(w t) / sinh(pi w) dw (Gradshteyn, Ryzhik 3.981.1)
the mean over coalitions becomes a product over the players:

    phi_i = ∫₀¹ ∫₀^∞ Im[e^(iwb) (e^(iw m_i) - 1) ∏_(j≠i) (1 - q + q e^(iw m_j))] / sinh(pi w) dw dq

A polynomial in q, which Gauss-Legendre integrates exactly, and an even analytic function of w, for which the trapezoid
rule converges exponentially: both to below 1e-9. No node is q = 1/2, so that no factor of the product is 0.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from medgui.inference.additive import is_logistic_sum
from medgui.inference.bundle import Bundle
from medgui.inference.onnx_graph import read_graph

FloatArray = NDArray[np.float64]

FURTHEST = 8.0
"""Upper end of the integral over w: beyond, 1 / sinh(pi w) is below 3e-11."""
LARGEST_MARGIN = 600.0
"""Sum of the absolute margins up to which the grid stays small (about 800 points)."""
SAFE = 1e-9
"""Smallest p (1 - p) from which a margin is taken back from a probability."""


def applies(bundle: Bundle, outputs: tuple[str, ...]) -> bool:
    """Tell whether every one of *outputs* is a logistic sum of a float64 graph."""
    return bundle.manifest.float64 and all(_is_sum(bundle, name) for name in outputs)


_known: dict[tuple[str, str], bool] = {}


def _is_sum(bundle: Bundle, output: str) -> bool:
    key = (bundle.sha256, output)
    if key not in _known:
        _known[key] = is_logistic_sum(read_graph(bundle.content("model.onnx")), output)
    return _known[key]


def shapley(
    bundle: Bundle, x: FloatArray, reference: FloatArray, moved: NDArray[np.intp], output: str
) -> tuple[float, FloatArray, float] | None:
    """(baseline, contributions of the players *moved* [P], value) of one row *x* [F] against *reference* [F].

    None where the margins cannot be taken back from the probabilities, or where a value is missing.
    """
    if np.isnan(x[moved]).any() or np.isnan(reference[moved]).any():
        return None
    rows = np.repeat(reference[None, :], len(moved) + 2, axis=0)
    rows[np.arange(len(moved)), moved] = x[moved]
    rows[-1] = x
    answers = bundle.run(rows, (output,))[output]
    singles = answers[:-1]
    if not (singles * (1.0 - singles) >= SAFE).all():
        return None
    margins = np.log(singles) - np.log1p(-singles)
    base = float(margins[-1])
    added = margins[:-1] - base
    if abs(base) + float(np.abs(added).sum()) > LARGEST_MARGIN:
        return None
    return float(answers[-2]), contributions(base, added), float(answers[-1])


def contributions(base: float, added: FloatArray) -> FloatArray:
    """Shapley values [P] of the game v(S) = 1 / (1 + exp(-(base + sum of *added* in S))); *added* [P]."""
    reach = abs(base) + float(np.abs(added).sum())
    step = 2.0 * np.pi / (reach + 26.0)
    w = step * np.arange(1, int(FURTHEST / step) + 2)
    nodes, weights = _gauss((len(added) + 3) // 4 * 2)
    gain = np.exp(1j * np.outer(added, w)) - 1.0
    joins = 1.0 + nodes[None, :, None] * gain[:, None, :]
    everybody = np.prod(joins, axis=0) * weights[:, None]
    others = np.sum(everybody / joins, axis=1)
    kernel = step / np.sinh(np.pi * w) * np.exp(1j * w * base)
    return np.asarray(np.imag((gain * others) @ kernel) + step * added / (2.0 * np.pi))


@lru_cache(maxsize=32)
def _gauss(count: int) -> tuple[FloatArray, FloatArray]:
    """Nodes and weights of Gauss-Legendre on 0 to 1, exact for polynomials up to degree 2 x count - 1."""
    from numpy.polynomial.legendre import leggauss

    nodes, weights = leggauss(count)
    return (nodes + 1.0) / 2.0, weights / 2.0
