"""Fold a recalibration into an ONNX graph: new probability = sigmoid(intercept + slope x log odds of the old one).

Trees: into leaves and base value, so that TreeSHAP stays exact. A graph that ends in a logistic function: between it
and its argument. Any other graph: behind the probability. Needs the `onnx` package of the extra `train`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from medgui.errors import UserError
from medgui.i18n import _

if TYPE_CHECKING:
    import onnx

_SAME = ("Identity", "Reshape", "Squeeze", "Unsqueeze", "Flatten")
_SMALL = 1e-9


def fold_in(model: bytes, output: str, intercept: float, slope: float) -> bytes:
    """Serialised graph in which *output* [N] or [N, 1] is recalibrated; every other output is as it was.

    `UserError` where the onnx package is not installed.
    """
    try:
        import onnx
    except ImportError as error:
        sentence = _(
            "Recalibration writes a new model file and needs the Python package onnx (the extra “train”)."
        )
        raise UserError(sentence) from error
    proto = onnx.load_model_from_string(model)
    graph = proto.graph
    used = {name for node in graph.node for name in node.input} | {each.name for each in graph.output}
    last = _before_same(graph, output)
    if last is not None and last.op_type == "Sigmoid" and _alone(graph, last.output[0], output):
        trees = _maker(graph, last.input[0])
        if trees is not None and _foldable(trees) and _alone(graph, trees.output[0], output):
            _into_leaves(trees, intercept, slope)
        else:
            _before_sigmoid(graph, last, intercept, slope, used)
    else:
        _behind(graph, output, intercept, slope, used)
    onnx.checker.check_model(proto)
    return bytes(proto.SerializeToString(deterministic=True))


def _maker(graph: onnx.GraphProto, tensor: str) -> onnx.NodeProto | None:
    return next((node for node in graph.node if tensor in node.output), None)


def _before_same(graph: onnx.GraphProto, tensor: str) -> onnx.NodeProto | None:
    """The node that computes *tensor*, looking through those that only rename or reshape."""
    node = _maker(graph, tensor)
    while node is not None and node.op_type in _SAME:
        node = _maker(graph, node.input[0])
    return node


def _alone(graph: onnx.GraphProto, tensor: str, output: str) -> bool:
    """Whether *tensor* serves nothing but the way to *output*."""
    while tensor != output:
        if any(each.name == tensor for each in graph.output):
            return False
        users = [node for node in graph.node if tensor in node.input]
        if len(users) != 1 or users[0].op_type not in (*_SAME, "Sigmoid"):
            return False
        tensor = users[0].output[0]
    return not any(tensor in node.input for node in graph.node)


def _attributes(node: onnx.NodeProto) -> dict[str, Any]:
    from onnx import helper

    return {each.name: helper.get_attribute_value(each) for each in node.attribute}


def _foldable(node: onnx.NodeProto) -> bool:
    """One target, summed, and no transformation after the sum: the sum can be stretched in the leaves."""
    if node.op_type != "TreeEnsembleRegressor":
        return False
    known = _attributes(node)
    return (
        known.get("n_targets", 1) == 1
        and known.get("post_transform", b"NONE") == b"NONE"
        and known.get("aggregate_function", b"SUM") == b"SUM"
        and "target_weights" in known
    )


def _into_leaves(node: onnx.NodeProto, intercept: float, slope: float) -> None:
    from onnx import helper

    known = _attributes(node)
    base = [float(each) for each in known.get("base_values", [])] or [0.0]
    new = {
        "target_weights": [slope * float(weight) for weight in known["target_weights"]],
        "base_values": [intercept + slope * base[0]],
    }
    kept = [each for each in node.attribute if each.name not in new]
    del node.attribute[:]
    node.attribute.extend(kept)
    node.attribute.extend(helper.make_attribute(name, values) for name, values in new.items())


def _constant(graph: onnx.GraphProto, name: str, value: float, kind: int, used: set[str]) -> str:
    """Add a scalar of the element type *kind* (TensorProto) and return its name."""
    from onnx import helper

    name = _free(name, used)
    graph.initializer.append(helper.make_tensor(name, kind, [], [value]))
    return name


def _free(name: str, used: set[str]) -> str:
    while name in used:
        name += "_"
    used.add(name)
    return name


def _kind(graph: onnx.GraphProto, output: str) -> int:
    return int(next(each for each in graph.output if each.name == output).type.tensor_type.elem_type)


def _before_sigmoid(
    graph: onnx.GraphProto, node: onnx.NodeProto, intercept: float, slope: float, used: set[str]
) -> None:
    """Put slope and intercept between the argument and its logistic function."""
    from onnx import helper

    kind = _kind_of_argument(graph, node)
    stretched, moved = _free("recalibrated_slope", used), _free("recalibrated", used)
    slope_name = _constant(graph, "recalibration_slope", slope, kind, used)
    intercept_name = _constant(graph, "recalibration_intercept", intercept, kind, used)
    place = list(graph.node).index(node)
    new = [
        helper.make_node("Mul", [node.input[0], slope_name], [stretched]),
        helper.make_node("Add", [stretched, intercept_name], [moved]),
    ]
    node.input[0] = moved
    for offset, each in enumerate(new):
        graph.node.insert(place + offset, each)


def _kind_of_argument(graph: onnx.GraphProto, node: onnx.NodeProto) -> int:
    """Element type before the logistic function, which keeps it; what follows only renames or reshapes."""
    tensor = node.output[0]
    outputs = {each.name for each in graph.output}
    while tensor not in outputs:
        tensor = next(each for each in graph.node if tensor in each.input).output[0]
    return _kind(graph, tensor)


def _behind(graph: onnx.GraphProto, output: str, intercept: float, slope: float, used: set[str]) -> None:
    """Rename the probability and make its log odds, stretched and moved, the new one; in float64."""
    from onnx import TensorProto, helper

    old = _free(f"{output}_original", used)
    for node in graph.node:
        for names in (node.input, node.output):
            for place, name in enumerate(names):
                if name == output:
                    names[place] = old
    kind = _kind(graph, output)

    def constant(name: str, value: float) -> str:
        return _constant(graph, f"{output}_{name}", value, TensorProto.DOUBLE, used)

    def step(op: str, inputs: list[str], **attributes: Any) -> str:
        name = _free(f"{output}_{op.lower()}", used)
        graph.node.append(helper.make_node(op, inputs, [name], **attributes))
        return name

    wide = step("Cast", [old], to=TensorProto.DOUBLE)
    lo, hi = constant("smallest", _SMALL), constant("largest", 1 - _SMALL)
    p = step("Min", [step("Max", [wide, lo]), hi])
    rest = step("Sub", [constant("one", 1.0), p])
    odds = step("Sub", [step("Log", [p]), step("Log", [rest])])
    stretched = step("Mul", [odds, constant("slope", slope)])
    moved = step("Add", [stretched, constant("intercept", intercept)])
    probability = step("Sigmoid", [moved])
    known = step("Where", [step("IsNaN", [wide]), wide, probability])
    graph.node.append(helper.make_node("Cast", [known], [output], to=kind))
