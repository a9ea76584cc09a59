"""LightGBM trees as an ONNX graph: one ensemble, its margin recalibrated by an affine map, then the logistic function.

The map is folded into the leaves and the base value, so that TreeSHAP stays exact on the calibrated output.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper

FloatArray = NDArray[np.float64]


def floor32(value: float) -> float:
    """The largest float32 that is not above `value`.

    A float32 input x decides `x <= threshold` as the library does only if thresholds are rounded down.
    """
    with np.errstate(over="ignore"):  # a split of missing values alone has the largest double as threshold
        near = np.float32(value)
    return float(np.nextafter(near, np.float32(-np.inf)) if float(near) > value else near)


class _Nodes:
    """The attribute lists of a TreeEnsembleRegressor while trees are added."""

    def __init__(self) -> None:
        self.lists: dict[str, list[Any]] = {
            f"nodes_{name}": []
            for name in (
                "treeids",
                "nodeids",
                "featureids",
                "values",
                "modes",
                "truenodeids",
                "falsenodeids",
                "missing_value_tracks_true",
            )
        }
        self.lists |= {f"target_{name}": [] for name in ("treeids", "nodeids", "ids", "weights")}

    def add(self, tree: int, node: Mapping[str, Any], scale: float, number: int = 0) -> int:
        """Add `node` and what hangs below it, its id being `number`; returns the next free id."""
        place = len(self.lists["nodes_nodeids"])
        entry: tuple[Any, ...] = (tree, number, 0, 0.0, "LEAF", 0, 0, 0)
        for values, value in zip(self._node_lists(), entry, strict=True):
            values.append(value)
        if "leaf_value" in node:
            for name, value in (
                ("treeids", tree),
                ("nodeids", number),
                ("ids", 0),
                ("weights", scale * node["leaf_value"]),
            ):
                self.lists[f"target_{name}"].append(value)
            return number + 1
        if node["decision_type"] != "<=" or node["missing_type"] not in ("NaN", "None"):
            raise ValueError(f"a split {node['decision_type']} with missing {node['missing_type']}")
        right = self.add(tree, node["left_child"], scale, number + 1)
        after = self.add(tree, node["right_child"], scale, right)
        missing_left = int(bool(node["default_left"]))
        entry = (
            tree,
            number,
            int(node["split_feature"]),
            floor32(float(node["threshold"])),
            "BRANCH_LEQ",
            number + 1,
            right,
            missing_left,
        )
        for values, value in zip(self._node_lists(), entry, strict=True):
            values[place] = value
        return after

    def _node_lists(self) -> list[list[Any]]:
        return [values for name, values in self.lists.items() if name.startswith("nodes_")]


def ensemble_graph(
    dumps: Sequence[Mapping[str, Any]],
    names: Sequence[str],
    output: str,
    intercept: float,
    slope: float,
    producer: str,
    added: Sequence[Mapping[str, Any]] = (),
) -> bytes:
    """Serialised graph of `sigmoid(intercept + slope x mean of the boosters' margins)`.

    dumps: `Booster.dump_model()` of each booster; names: the inputs, float32 [N, 1], in the boosters' order.
    added: further trees, as `dump_model` writes one, whose leaves are on the scale of the whole margin.
    """
    nodes, tree = _Nodes(), 0
    for dump in dumps:
        for info in dump["tree_info"]:
            nodes.add(tree, info["tree_structure"], slope / len(dumps))
            tree += 1
    for node in added:
        nodes.add(tree, node, 1.0)
        tree += 1
    ensemble = helper.make_node(
        "TreeEnsembleRegressor",
        ["features"],
        ["margin"],
        domain="ai.onnx.ml",
        n_targets=1,
        base_values=[float(intercept)],
        post_transform="NONE",
        aggregate_function="SUM",
    )
    ensemble.attribute.extend(helper.make_attribute(name, values) for name, values in nodes.lists.items())
    column: list[str | int | None] = ["N", 1]
    graph = helper.make_graph(
        [
            helper.make_node("Concat", list(names), ["features"], axis=1),
            ensemble,
            helper.make_node("Sigmoid", ["margin"], [output]),
        ],
        producer.replace(" ", "_"),
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, column) for name in names],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, column)],
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 3)]
    model = helper.make_model(graph, opset_imports=opsets, producer_name=producer, ir_version=8)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString(deterministic=True))
