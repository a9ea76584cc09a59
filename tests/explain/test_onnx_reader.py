"""The small ONNX reader sees what the onnx package sees, and trees decide as the graph does."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from medgui.explain.onnx_trees import Trees, UnsupportedTrees, read_trees
from medgui.inference.onnx_graph import read_graph
from medgui.paths import PACKAGE_DIR
from tests.helpers import bundles

NAMES = ["a", "b", "c", "d"]
SHIPPED = sorted((PACKAGE_DIR.parent / "models").glob("*/model.onnx"))


def margin(trees: Trees, x: np.ndarray) -> np.ndarray:
    """Walk the trees as the kernel does."""
    result = np.full(len(x), trees.base)
    for row, values in enumerate(x):
        for tree in range(len(trees.left)):
            node = 0
            while trees.left[tree, node] >= 0:
                value = values[trees.features[tree, node]]
                if np.isnan(value):
                    node = trees.default[tree, node]
                else:
                    goes_left = np.float32(value) <= trees.thresholds[tree, node]
                    node = trees.left[tree, node] if goes_left else trees.right[tree, node]
            result[row] += trees.values[tree, node]
    return result


def rows(count: int = 200) -> np.ndarray:
    random = np.random.default_rng(5)
    x = random.normal(size=(count, 4)).round(1)
    x[random.random(x.shape) < 0.2] = np.nan
    return x


def run(model: onnx.ModelProto, x: np.ndarray, name: str = "risk") -> np.ndarray:
    session = onnxruntime.InferenceSession(model.SerializeToString())
    return session.run([name], {each: x[:, [i]].astype(np.float32) for i, each in enumerate(NAMES)})[
        0
    ].reshape(-1)


def probability(trees: Trees, x: np.ndarray) -> np.ndarray:
    found = margin(trees, x)
    return 1 / (1 + np.exp(-found)) if trees.logistic else found


def assert_same(model: onnx.ModelProto) -> Trees:
    trees = read_trees(read_graph(model.SerializeToString()), "risk", tuple(NAMES))
    x = rows()
    np.testing.assert_allclose(probability(trees, x), run(model, x), rtol=0, atol=2e-6)
    return trees


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_nodes_and_constants_of_shipped_models_are_those_of_the_onnx_package(path: Path) -> None:
    mine, theirs = read_graph(path.read_bytes()), onnx.load(path).graph
    assert [(n.op, n.domain, n.inputs, n.outputs) for n in mine.nodes] == [
        (n.op_type, n.domain, tuple(n.input), tuple(n.output)) for n in theirs.node
    ]
    assert mine.inputs == tuple(each.name for each in theirs.input)
    assert mine.outputs == tuple(each.name for each in theirs.output)
    for tensor in theirs.initializer:
        np.testing.assert_array_equal(mine.initialisers[tensor.name], numpy_helper.to_array(tensor))
    for node, other in zip(mine.nodes, theirs.node, strict=True):
        for attribute in other.attribute:
            _assert_attribute(node.attributes[attribute.name], attribute)


def _assert_attribute(found: Any, attribute: onnx.AttributeProto) -> None:
    expected = helper.get_attribute_value(attribute)
    if attribute.type == onnx.AttributeProto.TENSOR:
        expected = numpy_helper.to_array(expected)
    if attribute.type != onnx.AttributeProto.GRAPH:
        np.testing.assert_array_equal(found, expected)


@given(
    st.lists(st.integers(-(2**63), 2**63 - 1), max_size=40),
    st.lists(st.floats(width=32, allow_nan=False), max_size=40),
    st.text(alphabet="abcdefgh_", min_size=1, max_size=140),
)
def test_lists_of_numbers_are_read_bit_by_bit(ints: list[int], floats: list[float], name: str) -> None:
    node = onnx.NodeProto(op_type="Made", domain="up")
    for key, kind, values in ((name, "INTS", ints), (f"{name}_f", "FLOATS", floats)):
        attribute = node.attribute.add(name=key, type=onnx.AttributeProto.AttributeType.Value(kind))
        getattr(attribute, kind.lower()).extend(values)
    model = onnx.ModelProto(ir_version=10)
    model.graph.node.append(node)
    found = read_graph(model.SerializeToString()).nodes[0]
    assert found.attributes[name].tolist() == ints
    assert found.attributes[f"{name}_f"].tolist() == floats


@given(st.binary(max_size=60))
def test_bytes_that_are_no_model_are_refused_and_never_crash(content: bytes) -> None:
    try:
        read_graph(content)
    except ValueError:
        return


def test_a_cut_off_model_is_refused() -> None:
    content = bundles.tree_graph(NAMES, bundles.random_trees(2, 3, 4, 1)).SerializeToString()
    with pytest.raises(ValueError, match=r"cut off|not an ONNX model"):
        read_graph(content[:-100])


def test_trees_decide_as_the_graph_does_missing_values_included() -> None:
    trees = assert_same(bundles.tree_graph(NAMES, bundles.random_trees(12, 5, 4, 2)))
    assert trees.left.shape == (12, 63)
    assert (trees.depth, trees.logistic, trees.base) == (5, True, -1.0)


@pytest.mark.parametrize("mode", ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GT", "BRANCH_GTE"])
def test_every_way_to_compare_is_read(mode: str) -> None:
    attributes = bundles.random_trees(6, 4, 4, 3)
    attributes["nodes_modes"] = [mode if m != "LEAF" else m for m in attributes["nodes_modes"]]
    attributes["nodes_values"] = [round(value, 1) for value in attributes["nodes_values"]]
    assert_same(bundles.tree_graph(NAMES, attributes))


def test_the_order_in_which_inputs_are_joined_is_followed() -> None:
    model = bundles.tree_graph(list(reversed(NAMES)), bundles.random_trees(6, 4, 4, 3))
    trees = read_trees(read_graph(model.SerializeToString()), "risk", tuple(NAMES))
    x = rows()
    session = onnxruntime.InferenceSession(model.SerializeToString())
    feed = {name: x[:, [place]].astype(np.float32) for place, name in enumerate(NAMES)}
    expected = session.run(["risk"], feed)[0].reshape(-1)
    np.testing.assert_allclose(probability(trees, x), expected, rtol=0, atol=2e-6)


def ensemble(**attributes: Any) -> onnx.ModelProto:
    """The newer TreeEnsemble: two trees, one of them a single leaf."""
    tensor = numpy_helper.from_array
    node = helper.make_node(
        "TreeEnsemble",
        ["x"],
        ["risk"],
        domain="ai.onnx.ml",
        n_targets=1,
        aggregate_function=1,
        post_transform=0,
        tree_roots=[0, 2],
        nodes_modes=tensor(np.array([0, 3, 0], np.uint8)),
        nodes_featureids=[0, 2, 0],
        nodes_splits=tensor(np.array([0.5, -0.2, 0.0], np.float32)),
        nodes_truenodeids=[1, 1, 3],
        nodes_trueleafs=[0, 1, 1],
        nodes_falsenodeids=[0, 2, 3],
        nodes_falseleafs=[1, 1, 1],
        nodes_missing_value_tracks_true=[1, 0, 0],
        leaf_targetids=[0, 0, 0, 0],
        leaf_weights=tensor(np.array([0.3, 0.7, -0.4, 0.05], np.float32)),
        **attributes,
    )
    graph = helper.make_graph(
        [helper.make_node("Concat", NAMES, ["x"], axis=1), node],
        "v5",
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", 1]) for name in NAMES],
        [helper.make_tensor_value_info("risk", TensorProto.FLOAT, ["N", 1])],
    )
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid("ai.onnx.ml", 5)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=10)


def test_the_newer_operator_is_read_too() -> None:
    trees = assert_same(ensemble())
    assert len(trees.left) == 2
    assert not trees.logistic


def changed(**attributes: Any) -> onnx.ModelProto:
    return bundles.tree_graph(NAMES, {**bundles.random_trees(3, 2, 4, 1), **attributes})


def strange() -> dict[str, onnx.ModelProto]:
    base = bundles.random_trees(3, 2, 4, 1)
    equal = [mode if mode == "LEAF" else "BRANCH_EQ" for mode in base["nodes_modes"]]
    circle = list(base["nodes_truenodeids"])
    circle[1] = 1
    backward = list(base["nodes_truenodeids"])
    backward[1] = 0
    nowhere = list(base["nodes_truenodeids"])
    nowhere[1] = 99
    return {
        "split": changed(nodes_modes=equal),
        "circle": changed(nodes_truenodeids=circle),
        "root": changed(nodes_truenodeids=backward),
        "nowhere": changed(nodes_truenodeids=nowhere),
        "not added": changed(aggregate_function="MAX"),
        "no tree": bundles.linear_graph(NAMES, {"risk": [1.0, 1.0, 1.0, 1.0, 0.0]}),
    }


@pytest.mark.parametrize("model", strange().values(), ids=strange().keys())
def test_a_graph_that_is_no_plain_ensemble_is_refused(model: onnx.ModelProto) -> None:
    with pytest.raises(UnsupportedTrees):
        read_trees(read_graph(model.SerializeToString()), "risk", tuple(NAMES))


def test_something_between_inputs_and_trees_is_refused() -> None:
    model = bundles.tree_graph(NAMES, bundles.random_trees(3, 2, 4, 1))
    model.graph.node.insert(0, helper.make_node("Abs", ["a"], ["a2"]))
    model.graph.node[1].input[0] = "a2"
    with pytest.raises(UnsupportedTrees, match="before the trees"):
        read_trees(read_graph(model.SerializeToString()), "risk", tuple(NAMES))
