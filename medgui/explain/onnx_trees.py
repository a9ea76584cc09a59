"""Read the tree ensemble behind one output of an ONNX graph.

Known operators: `TreeEnsembleRegressor` and binary `TreeEnsembleClassifier` (ai.onnx.ml 1 to 4) and `TreeEnsemble`
(ai.onnx.ml 5). Before it only values are put side by side (Concat, Cast, Identity, Reshape), after it at most a
logistic function: then the output is base + sum of leaves, or its logistic, and TreeSHAP explains exactly that.
Everything else is refused.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from medgui.frozen import frozen
from medgui.inference.onnx_graph import Graph, Node

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int32]
IdArray = NDArray[np.int64]

_SAME = ("Identity", "Cast", "Reshape", "Flatten", "Squeeze", "Unsqueeze")
_OPERATORS = ("TreeEnsembleRegressor", "TreeEnsembleClassifier", "TreeEnsemble")
# ai.onnx.ml 5: TreeEnsemble.nodes_modes
_MODES_V5 = (
    b"BRANCH_LEQ",
    b"BRANCH_LT",
    b"BRANCH_GTE",
    b"BRANCH_GT",
    b"BRANCH_EQ",
    b"BRANCH_NEQ",
    b"BRANCH_MEMBER",
)


class UnsupportedTrees(ValueError):
    """The graph is not a plain tree ensemble; the text says why, for the log."""


@frozen
class Trees:
    """T trees of at most M nodes, all arrays [T, M]; children -1 at leaves and beyond the end of a tree.

    A row goes left where x[feature] <= threshold, to `default` where the value is missing. `features` counts the
    columns of the bundle's inputs. Output: base + sum of the leaves' values, its logistic where `logistic`.
    """

    left: IntArray
    right: IntArray
    default: IntArray
    features: IntArray
    thresholds: FloatArray
    values: FloatArray
    base: float
    logistic: bool
    depth: int


@dataclass(slots=True)
class _Table:
    """Rows of one ensemble in ONNX's own terms: each row a node, named by (tree, node); leaves' weights apart."""

    tree: IdArray
    node: IdArray
    feature: IdArray
    value: FloatArray
    mode: NDArray[np.bytes_]
    true: IdArray
    false: IdArray
    missing_true: IdArray
    leaf_tree: IdArray
    leaf_node: IdArray
    leaf_weight: FloatArray


def read_trees(graph: Graph, output: str, input_names: tuple[str, ...]) -> Trees:
    """Trees behind *output*, their features numbered by *input_names*. Raises `UnsupportedTrees`."""
    node, logistic = _find(graph, output)
    columns = _columns(graph, node.inputs[0])
    try:
        order = np.array([input_names.index(name) for name in columns], dtype=np.int32)
    except ValueError as error:
        raise UnsupportedTrees("the trees take something that is no input of the model") from error
    post = node.attributes.get("post_transform", b"NONE")
    if post not in (b"NONE", b"LOGISTIC", 0, 1):
        raise UnsupportedTrees(f"post transform {post!r}")
    table = _table_v5(node) if node.op == "TreeEnsemble" else _table_v3(node)
    return _arrays(table, order, _base(node), logistic or post in (b"LOGISTIC", 1))


def _find(graph: Graph, output: str) -> tuple[Node, bool]:
    """The ensemble behind *output*, and whether a Sigmoid stands between."""
    tensor, logistic = output, False
    for _step in range(len(graph.nodes) + 1):
        node = graph.maker(tensor)
        if node is None:
            break
        if node.op in _OPERATORS and node.domain == "ai.onnx.ml":
            _check_role(node, tensor)
            return node, logistic
        if node.op == "Sigmoid" and not logistic:
            logistic = True
        elif not (node.op in _SAME or _takes_second_class(node, graph) or _times_one(node, graph)):
            raise UnsupportedTrees(f"operator {node.op} after the trees")
        tensor = node.inputs[0]
    raise UnsupportedTrees("no tree ensemble behind the output")


def _takes_second_class(node: Node, graph: Graph) -> bool:
    """Tell whether *node* picks column 1 of a classifier's probabilities."""
    if node.op not in ("Gather", "ArrayFeatureExtractor") or len(node.inputs) < 2:
        return False
    index = graph.initialisers.get(node.inputs[1])
    axis = int(node.attributes.get("axis", 0)) if node.op == "Gather" else 1
    return index is not None and index.size == 1 and int(index.reshape(-1)[0]) == 1 and axis in (1, -1)


def _times_one(node: Node, graph: Graph) -> bool:
    """Tell whether *node* multiplies by the constant 1, which onnxmltools puts behind a classifier."""
    factor = graph.initialisers.get(node.inputs[-1]) if node.op == "Mul" else None
    return factor is not None and factor.size == 1 and float(factor.reshape(-1)[0]) == 1.0


def _check_role(node: Node, tensor: str) -> None:
    attributes = node.attributes
    if attributes.get("aggregate_function", b"SUM") not in (b"SUM", 1):
        raise UnsupportedTrees("trees that are not added")
    if node.op == "TreeEnsembleClassifier":
        labels = attributes.get("classlabels_int64s", attributes.get("classlabels_strings", ()))
        if len(labels) != 2 or len(set(attributes["class_ids"].tolist())) != 1 or tensor != node.outputs[1]:
            raise UnsupportedTrees("a classifier that is not binary")
    elif int(attributes.get("n_targets", 1)) != 1:
        raise UnsupportedTrees("several targets in one ensemble")


def _columns(graph: Graph, tensor: str) -> list[str]:
    """Names of the graph's inputs in the order in which the ensemble sees them."""
    node = graph.maker(tensor)
    if node is None:
        return [tensor]
    if node.op == "Concat":
        return [name for part in node.inputs for name in _columns(graph, part)]
    if node.op in _SAME:
        return _columns(graph, node.inputs[0])
    raise UnsupportedTrees(f"operator {node.op} before the trees")


def _floats(node: Node, name: str) -> FloatArray:
    """A list of numbers, in its double form where the file has one."""
    attributes = node.attributes
    found = attributes.get(f"{name}_as_tensor", attributes.get(name, ()))
    return np.asarray(found, dtype=np.float64).reshape(-1)


def _base(node: Node) -> float:
    base = _floats(node, "base_values") if node.op != "TreeEnsemble" else np.empty(0)
    if node.op == "TreeEnsembleClassifier" and len(base) > 1:
        raise UnsupportedTrees("a base value for each class")
    return float(base.sum())


def _table_v3(node: Node) -> _Table:
    a = node.attributes
    kind = "class" if node.op == "TreeEnsembleClassifier" else "target"
    count = len(a["nodes_nodeids"])
    tracks = a.get("nodes_missing_value_tracks_true", np.empty(0, np.int64))
    return _Table(
        tree=a["nodes_treeids"],
        node=a["nodes_nodeids"],
        feature=a["nodes_featureids"],
        value=_floats(node, "nodes_values"),
        mode=np.array(a["nodes_modes"], dtype=np.bytes_),
        true=a["nodes_truenodeids"],
        false=a["nodes_falsenodeids"],
        missing_true=tracks if len(tracks) else np.zeros(count, np.int64),
        leaf_tree=a[f"{kind}_treeids"],
        leaf_node=a[f"{kind}_nodeids"],
        leaf_weight=_floats(node, f"{kind}_weights"),
    )


def _table_v5(node: Node) -> _Table:
    """Bring ai.onnx.ml 5 into the older form, where leaves have rows of their own."""
    a = node.attributes
    splits, weights = _floats(node, "nodes_splits"), _floats(node, "leaf_weights")
    modes = np.asarray(a["nodes_modes"]).reshape(-1).tolist()
    tracks = a.get("nodes_missing_value_tracks_true", np.zeros(len(splits), np.int64))
    rows: list[tuple[int, int, float, bytes, int, int, int]] = []
    leaves: list[tuple[int, int, float]] = []

    def add(tree: int, place: int, is_leaf: bool) -> int:
        number = len(rows)
        rows.append((tree, 0, 0.0, b"LEAF", 0, 0, 0))
        if is_leaf:
            leaves.append((tree, number, float(weights[place])))
            return number
        true = add(tree, int(a["nodes_truenodeids"][place]), bool(a["nodes_trueleafs"][place]))
        false = add(tree, int(a["nodes_falsenodeids"][place]), bool(a["nodes_falseleafs"][place]))
        mode, feature = _MODES_V5[modes[place]], int(a["nodes_featureids"][place])
        rows[number] = (tree, feature, float(splits[place]), mode, true, false, int(tracks[place]))
        return number

    for tree, root in enumerate(a["tree_roots"].tolist()):
        add(tree, root, False)

    def column(place: int) -> IdArray:
        return np.array([row[place] for row in rows], dtype=np.int64)

    return _Table(
        tree=column(0),
        node=np.arange(len(rows)),
        feature=column(1),
        value=np.array([row[2] for row in rows]),
        mode=np.array([row[3] for row in rows], dtype=np.bytes_),
        true=column(4),
        false=column(5),
        missing_true=column(6),
        leaf_tree=np.array([leaf[0] for leaf in leaves]),
        leaf_node=np.array([leaf[1] for leaf in leaves]),
        leaf_weight=np.array([leaf[2] for leaf in leaves]),
    )


def _arrays(table: _Table, order: IntArray, base: float, logistic: bool) -> Trees:
    """Lay the rows out as [T, M]: tree by tree, each tree's nodes by rising number, its root first."""
    numbers, tree = np.unique(table.tree, return_inverse=True)
    step = int(np.max(table.node)) + 1
    keys = tree * step + table.node
    sorted_keys, starts = np.sort(keys), np.searchsorted(np.sort(tree), np.arange(len(numbers)))
    if bool((sorted_keys[1:] == sorted_keys[:-1]).any()):
        raise UnsupportedTrees("a node that stands twice")

    def position(trees: IdArray, nodes: IdArray) -> IdArray:
        wanted = trees * step + nodes
        found = np.searchsorted(sorted_keys, wanted).clip(max=len(sorted_keys) - 1)
        if not (sorted_keys[found] == wanted).all():
            raise UnsupportedTrees("a branch that leads nowhere")
        return np.asarray(found - starts[trees], dtype=np.int64)

    inner = table.mode != b"LEAF"
    owner, place = tree[inner], position(tree[inner], table.node[inner])
    true, false = position(owner, table.true[inner]), position(owner, table.false[inner])
    if (true == 0).any() or (false == 0).any():
        raise UnsupportedTrees("a tree whose root is not its first node")
    threshold, swapped = _as_less_or_equal(table.mode[inner], table.value[inner])
    shape = (len(numbers), int(np.max(np.bincount(tree))))
    left, right, default = (np.full(shape, -1, np.int32) for _side in range(3))
    features, thresholds, values = np.zeros(shape, np.int32), np.zeros(shape), np.zeros(shape)
    left[owner, place] = np.where(swapped, false, true)
    right[owner, place] = np.where(swapped, true, false)
    default[owner, place] = np.where(table.missing_true[inner] != 0, true, false)
    features[owner, place] = order[table.feature[inner]]
    thresholds[owner, place] = threshold
    leaf_tree = np.searchsorted(numbers, table.leaf_tree)
    np.add.at(values, (leaf_tree, position(leaf_tree, table.leaf_node)), table.leaf_weight)
    if values[left >= 0].any():
        raise UnsupportedTrees("a weight at an inner node")
    return Trees(left, right, default, features, thresholds, values, base, logistic, _depth(left, right))


def _as_less_or_equal(mode: NDArray[np.bytes_], value: FloatArray) -> tuple[FloatArray, NDArray[np.bool_]]:
    """The threshold t and whether branches swap, so that `x <= t` (x float32) decides as *mode* does."""
    strange = set(mode.tolist()) - {b"BRANCH_LEQ", b"BRANCH_LT", b"BRANCH_GT", b"BRANCH_GTE"}
    if strange:
        raise UnsupportedTrees(f"split {b', '.join(sorted(strange)).decode()}")
    below = np.nextafter(value.astype(np.float32), np.float32(-np.inf)).astype(np.float64)
    strict = (mode == b"BRANCH_LT") | (mode == b"BRANCH_GTE")
    return np.where(strict, below, value), (mode == b"BRANCH_GT") | (mode == b"BRANCH_GTE")


def _depth(left: IntArray, right: IntArray) -> int:
    """Edges to the deepest leaf; refuses what is no tree (the kernel would not end)."""
    tree, node = np.arange(len(left)), np.zeros(len(left), dtype=np.int64)
    for depth in range(left.shape[1] + 1):
        inner = left[tree, node] >= 0
        if not inner.any():
            return depth
        tree, node = tree[inner], node[inner]
        node = np.concatenate([left[tree, node], right[tree, node]]).astype(np.int64)
        tree = np.concatenate([tree, tree])
        if len(node) > left.size:
            break
    raise UnsupportedTrees("a tree with a circle")
