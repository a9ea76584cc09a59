"""A fitted candidate as an ONNX graph whose output is the calibrated probability."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import spox.opset.ai.onnx.v21 as op
from numpy.typing import NDArray
from spox import Tensor, Var, argument

from medgui.evaluation.figures import sigmoid
from medgui.frozen import frozen
from medgui.workshop.candidates import Fitted, LinearFit, TreesFit
from medgui.workshop.design import Design
from medgui.workshop.equation import as_flag, build_model
from medgui.workshop.network import Layers, NetworkFit
from medgui.workshop.trees import ensemble_graph

FloatArray = NDArray[np.float64]
LIMIT = 12.0
"""Log odds beyond which no table of a clinic can speak: about 6 in a million."""


@frozen
class Exported:
    """model: the serialised graph. predict: the library's own answer for rows [N, F]. method: of explanation."""

    model: bytes
    predict: Callable[[FloatArray], FloatArray]
    float64: bool
    method: str


def export(
    fitted: Fitted, names: Sequence[str], output: str, intercept: float, slope: float, producer: str
) -> Exported:
    """The graph of `sigmoid(intercept + slope x margin)`; inputs `names` [N, 1] each, in the order of the columns."""
    if isinstance(fitted, TreesFit):
        dump = fitted.booster.dump_model(num_iteration=fitted.rounds)
        model = ensemble_graph([dump], names, output, intercept, slope, producer)
        return Exported(model, lambda x: sigmoid(intercept + slope * fitted(x)), False, "tree_shap")

    def predict(x: FloatArray) -> FloatArray:
        return sigmoid(np.clip(intercept + slope * fitted(x), -LIMIT, LIMIT))

    if isinstance(fitted, LinearFit):
        layers = ((fitted.weights[:, None], np.array([fitted.intercept])),)
        model = dense_graph(fitted.design, (layers,), names, output, intercept, slope, producer)
    elif isinstance(fitted, NetworkFit):
        model = dense_graph(fitted.design, fitted.members, names, output, intercept, slope, producer)
    else:
        raise TypeError(type(fitted).__name__)
    return Exported(model, predict, True, "enumeration")


def dense_graph(
    design: Design,
    members: Sequence[Layers],
    names: Sequence[str],
    output: str,
    intercept: float,
    slope: float,
    producer: str,
) -> bytes:
    """The mean of networks: layers of weights [I, O] and bias [O] over design columns, ReLU between them; float64."""
    inputs = {name: argument(Tensor(np.float64, ("N", 1))) for name in names}
    values = op.concat(
        [_column(inputs[names[place]], code, design, at) for at, (place, code) in enumerate(design.columns)],
        axis=1,
    )
    total = _network(values, members[0])
    for layers in members[1:]:
        total = op.add(total, _network(values, layers))
    share = op.const(np.float64(slope / len(members)))
    margin = op.add(op.mul(total, share), op.const(np.float64(intercept)))
    clipped = op.clip(margin, op.const(np.float64(-LIMIT)), op.const(np.float64(LIMIT)))
    return build_model(inputs, {output: op.sigmoid(clipped)}, producer)


def _network(values: Var, layers: Layers) -> Var:
    for number, (weights, bias) in enumerate(layers):
        values = op.add(op.matmul(values, op.const(weights)), op.const(bias[None, :]))
        if number < len(layers) - 1:
            values = op.relu(values)
    return values


def _column(x: Var, code: float | None, design: Design, at: int) -> Var:
    """One design column [N, 1], as `Design` makes it."""
    missing = op.isnan(x)
    if code is None:
        raw = x
    elif np.isnan(code):
        raw = as_flag(missing)
    else:
        raw = as_flag(op.equal(x, op.const(np.float64(code))))
    scaled = op.div(op.sub(raw, op.const(design.centre[at])), op.const(design.scale[at]))
    if code is not None and np.isnan(code):
        return scaled
    return op.where(missing, op.const(np.float64(0.0)), scaled)
