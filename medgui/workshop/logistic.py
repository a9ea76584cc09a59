"""Logistic regression with ridge penalty over numbers and one-hot categories, and its ONNX graph.

Categories stay one input each (the set's code as a number); the graph makes the indicators, so that an explanation
has one contribution an input.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import spox.opset.ai.onnx.v21 as op
from numpy.typing import NDArray
from spox import Var

from medgui.evaluation.figures import sigmoid
from medgui.frozen import frozen
from medgui.workshop.equation import as_flag, build_model, column_inputs, number

FloatArray = NDArray[np.float64]


@frozen
class Term:
    """One input: a number (centre, scale) or a category with groups of codes (each group an indicator).

    blank_is_no: a missing category is in no group (the data do not tell "no" from "not asked").
    """

    name: str
    centre: float = 0.0
    scale: float = 1.0
    groups: tuple[tuple[float, ...], ...] = ()
    blank_is_no: bool = False

    def columns(self, values: FloatArray) -> FloatArray:
        """Design columns [N, C] of values [N]; NaN stays NaN."""
        if not self.groups:
            return ((values - self.centre) / self.scale)[:, None]
        indicators = np.column_stack([np.isin(values, codes) for codes in self.groups]).astype(np.float64)
        if not self.blank_is_no:
            indicators[np.isnan(values)] = np.nan
        return np.asarray(indicators)


@frozen
class Fit:
    """A fitted model: `intercept`, `weights` of all design columns and their `covariance` (intercept first)."""

    terms: tuple[Term, ...]
    intercept: float
    weights: FloatArray
    covariance: FloatArray

    def design(self, x: FloatArray) -> FloatArray:
        """Design matrix of rows x [N, F]."""
        return np.column_stack([term.columns(x[:, i]) for i, term in enumerate(self.terms)])

    def predict(self, x: FloatArray) -> FloatArray:
        """Probability [N] of complete rows x [N, F]."""
        return sigmoid(self.intercept + self.design(x) @ self.weights)

    def integrated(self, x: FloatArray, background: FloatArray) -> FloatArray:
        """Probability [N]; missing values are integrated over complete rows `background` [B, F]."""
        p = np.empty(len(x))
        complete = ~np.isnan(x).any(axis=1)
        p[complete] = self.predict(x[complete])
        for place in np.flatnonzero(~complete):
            p[place] = self.predict(np.where(np.isnan(x[place]), background, x[place])).mean()
        return p


def fit(terms: Sequence[Term], x: FloatArray, y: FloatArray, penalty: float) -> Fit:
    """Ridge logistic regression (`penalty` on the squared weights, the intercept is free) on complete rows."""
    empty = Fit(tuple(terms), 0.0, np.empty(0), np.empty((0, 0)))
    design = np.column_stack([np.ones(len(x)), empty.design(x)])
    ridge = np.diag([0.0, *[penalty] * (design.shape[1] - 1)])
    beta = np.zeros(design.shape[1])
    for _step in range(200):
        p = sigmoid(design @ beta)
        hessian = design.T @ (design * (p * (1 - p))[:, None]) + ridge
        change = np.linalg.solve(hessian, design.T @ (y - p) - ridge @ beta)
        beta = beta + change
        if np.abs(change).max() < 1e-12:
            break
    return Fit(tuple(terms), float(beta[0]), beta[1:], np.asarray(np.linalg.inv(hessian)))


def graph(model: Fit, output: str, producer: str) -> bytes:
    """The float64 ONNX graph of `model`: one [N, 1] input a term, the probability as `output`."""
    inputs = column_inputs([term.name for term in model.terms])
    total = number(model.intercept)
    place = 0
    for term in model.terms:
        for part in _parts(term, inputs):
            total = op.add(total, op.mul(number(float(model.weights[place])), part))
            place += 1
    return build_model(inputs, {output: op.sigmoid(total)}, producer)


def _parts(term: Term, inputs: Mapping[str, Var]) -> list[Var]:
    x = inputs[term.name]
    if not term.groups:
        return [op.div(op.sub(x, number(term.centre)), number(term.scale))]
    flags = [as_flag(_one_of(x, codes)) for codes in term.groups]
    return flags if term.blank_is_no else [op.where(op.isnan(x), x, flag) for flag in flags]


def _one_of(x: Var, codes: Sequence[float]) -> Var:
    found = op.equal(x, number(codes[0]))
    for code in codes[1:]:
        found = op.or_(found, op.equal(x, number(code)))
    return found
