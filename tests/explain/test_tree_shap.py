"""TreeSHAP through the compiled kernel: equal to shap, exact in the margin, checked on every call."""

import sys
from itertools import combinations
from math import factorial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from medgui.explain import explain, explain_rows
from medgui.explain import tree as tree_module
from medgui.explain.kernel import KernelUnavailable, TreeKernel
from medgui.explain.onnx_trees import Trees, read_trees
from medgui.explain.public_shap import PublicExplainer
from medgui.inference.bundle import Bundle
from medgui.inference.onnx_graph import read_graph
from tests.helpers import bundles
from tests.helpers.processes import run_python

pytestmark = pytest.mark.filterwarnings("ignore:.*:DeprecationWarning", "ignore:.*:FutureWarning")


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    return bundles.tree_bundle(tmp_path)


def trees_of(bundle: Bundle) -> Trees:
    return read_trees(read_graph(bundle.content("model.onnx")), "risk", bundle.input_names)


def people(count: int = 60) -> np.ndarray:
    random = np.random.default_rng(11)
    x = random.normal(size=(count, 4)).astype(np.float32).astype(float)
    x[random.random(x.shape) < 0.2] = np.nan
    x[:, 0] = np.nan_to_num(x[:, 0])
    return x


def test_contributions_add_up_to_the_graphs_own_output(bundle: Bundle) -> None:
    for x in people(20):
        (found,) = explain(bundle, x)
        value = bundle.run(x[None, :])["risk"][0]
        assert found.method == "tree_shap"
        assert found.baseline + sum(found.contributions.values()) == pytest.approx(value, abs=1e-6)
        assert found.value == value


def test_the_baseline_is_the_mean_output_of_the_background(bundle: Bundle) -> None:
    (found,) = explain(bundle, people(1)[0])
    assert found.baseline == pytest.approx(bundle.run(bundle.reference.background)["risk"].mean(), abs=1e-6)


def test_values_are_those_of_shaps_public_explainer(bundle: Bundle) -> None:
    x = people()
    kernel, public = (
        TreeKernel(trees_of(bundle), bundle.reference.background),
        PublicExplainer(trees_of(bundle), bundle.reference.background),
    )
    phi, baseline = kernel(x)
    expected, base = public(x)
    assert np.abs(phi - expected).max() <= 1e-6
    assert np.abs(baseline - base).max() <= 1e-6


def exact(margin: Any, x: np.ndarray, background: np.ndarray) -> np.ndarray:
    """Interventional Shapley values by their definition."""
    width = len(x)
    phi = np.zeros(width)
    for size in range(width):
        weight = factorial(size) * factorial(width - size - 1) / factorial(width)
        for player in range(width):
            for others in combinations([each for each in range(width) if each != player], size):
                without, with_it = background.copy(), background.copy()
                without[:, list(others)] = x[list(others)]
                with_it[:, [*others, player]] = x[[*others, player]]
                phi[player] += weight * (margin(with_it) - margin(without)).mean()
    return phi


def test_margins_are_exact_shapley_values(tmp_path: Path) -> None:
    graph = bundles.tree_graph(["a", "b", "c", "d"], bundles.random_trees(8, 4, 4, 9))
    graph.graph.node[-1].op_type = "Identity"
    bundle = bundles.tree_bundle(tmp_path, graph=graph, kind="score")
    for x in people(5):
        (found,) = explain(bundle, x)
        expected = exact(lambda rows: bundle.run(rows)["risk"], x, bundle.reference.background)
        assert list(found.contributions.values()) == pytest.approx(expected.tolist(), abs=2e-6)


def test_an_input_without_a_split_contributes_nothing(tmp_path: Path) -> None:
    attributes = bundles.random_trees(8, 3, 3, 4)
    bundle = bundles.tree_bundle(tmp_path, graph=bundles.tree_graph(["a", "b", "c", "d"], attributes))
    assert all(explain(bundle, x)[0].contributions["d"] == 0.0 for x in people(5))


def test_many_rows_are_explained_as_each_alone(bundle: Bundle) -> None:
    x = people(10)
    found = explain_rows(bundle, x, "risk")
    for place, row in enumerate(x):
        (alone,) = explain(bundle, row)
        assert found.contributions[place].tolist() == pytest.approx(
            list(alone.contributions.values()), abs=1e-12
        )
        assert found.baseline[place] == alone.baseline
    assert (np.abs(found.residual) <= 1e-6).all()


def test_a_sum_that_does_not_hold_asks_shap_itself(bundle: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    original = TreeKernel.__call__
    monkeypatch.setattr(
        TreeKernel, "__call__", lambda self, x: tuple(part + 0.01 for part in original(self, x))
    )
    x = people(1)[0]
    (found,) = explain(bundle, x)
    assert found.method == "tree_shap"
    assert abs(found.residual) <= 1e-6


def test_an_explanation_that_does_not_add_up_is_not_shown(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TreeKernel, "__call__", lambda _self, x: (np.zeros_like(x), np.zeros(len(x))))
    monkeypatch.setattr(PublicExplainer, "__call__", lambda _self, x: (np.zeros_like(x), np.zeros(len(x))))
    (found,) = explain(bundle, people(1)[0])
    assert found.method == "none"
    assert found.contributions == {}
    assert "do not add up" in found.refused
    assert np.isnan(explain_rows(bundle, people(2), "risk").contributions).all()


def test_without_the_kernel_shap_itself_explains(bundle: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_arguments: object) -> None:
        raise KernelUnavailable

    monkeypatch.setattr(tree_module, "TreeKernel", missing)
    (found,) = explain(bundle, people(1)[0])
    assert found.method == "tree_shap"
    assert abs(found.residual) <= 1e-6


def test_with_neither_kernel_nor_shap_nothing_is_shown(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_arguments: object) -> None:
        raise KernelUnavailable

    monkeypatch.setattr(tree_module, "TreeKernel", missing)
    monkeypatch.setattr(tree_module, "PublicExplainer", missing)
    (found,) = explain(bundle, people(1)[0])
    assert (found.method, found.contributions) == ("none", {})


def broken(trees: Trees, **changes: Any) -> Trees:
    from dataclasses import replace

    return replace(trees, **changes)


def test_what_would_corrupt_memory_never_reaches_the_kernel(bundle: Bundle) -> None:
    trees, background = trees_of(bundle), bundle.reference.background
    outside = trees.left.copy()
    outside[0, 0] = trees.left.shape[1]
    feature = trees.features.copy()
    feature[0, 0] = 9
    one_sided = trees.right.copy()
    one_sided[0, 0] = -1
    threshold = trees.thresholds.copy()
    threshold[0, 0] = np.nan
    for wrong in (
        broken(trees, left=outside),
        broken(trees, features=feature),
        broken(trees, right=one_sided),
        broken(trees, thresholds=threshold),
        broken(trees, values=trees.values[:, :5]),
        broken(trees, depth=10_000),
        broken(trees, base=float("inf")),
    ):
        with pytest.raises(ValueError, match=r"."):
            TreeKernel(wrong, background)
    with pytest.raises(ValueError, match="columns"):
        TreeKernel(trees, background)(np.zeros((1, 3)))
    with pytest.raises(ValueError, match="finite"):
        TreeKernel(trees, background)(np.full((1, 4), np.inf))
    with pytest.raises(ValueError, match="feature outside"):
        TreeKernel(trees, background[:, :2])


def test_the_kernel_is_loaded_without_importing_shap() -> None:
    source = (
        "import sys; from medgui.explain.kernel import load_kernel; load_kernel(); "
        "print(sorted(set(sys.modules) & {'shap', 'pandas', 'sklearn', 'scipy', 'numba', 'onnx', 'matplotlib'}))"
    )
    assert run_python(source) == "[]"
    assert sys.modules is not None


@pytest.mark.slow
def test_a_lightgbm_model_exported_by_onnxmltools_is_explained_as_shap_explains_it(tmp_path: Path) -> None:
    lightgbm = pytest.importorskip("lightgbm")
    pytest.importorskip("onnxmltools")
    import shap
    from onnx import helper
    from onnxmltools import convert_lightgbm
    from onnxmltools.convert.common.data_types import FloatTensorType

    random = np.random.default_rng(3)
    x = random.normal(size=(800, 4)).astype(np.float32)
    x[random.random(x.shape) < 0.15] = np.nan
    margin = np.nan_to_num(x[:, 0]) + np.nan_to_num(x[:, 1]) * np.nan_to_num(x[:, 2])
    y = (random.random(800) < 1 / (1 + np.exp(-margin))).astype(int)
    parameters = {"objective": "binary", "num_leaves": 15, "verbose": -1, "seed": 1, "num_threads": 1}
    booster = lightgbm.train(parameters, lightgbm.Dataset(x.astype(float), y), num_boost_round=40)
    model = convert_lightgbm(booster, initial_types=[("x", FloatTensorType([None, 4]))], zipmap=False)
    names = ["a", "b", "c", "d"]
    graph = _joined(model, names, helper)
    bundle = bundles.tree_bundle(tmp_path, graph=graph)
    explainer = shap.TreeExplainer(booster, bundle.reference.background, model_output="probability")
    rows = x[:40].astype(float)
    rows[:, 0] = np.nan_to_num(rows[:, 0])
    found = explain_rows(bundle, rows, "risk")
    np.testing.assert_allclose(bundle.run(rows)["risk"], booster.predict(rows), rtol=0, atol=1e-6)
    np.testing.assert_allclose(found.contributions, explainer.shap_values(rows), rtol=0, atol=1e-6)


def _joined(model: Any, names: list[str], helper: Any) -> Any:
    """Put single-column inputs before the exported ensemble and the second class's probability behind it."""
    from onnx import TensorProto, numpy_helper

    graph = model.graph
    probabilities = graph.output[1].name
    graph.node.insert(0, helper.make_node("Concat", names, ["x"], axis=1))
    graph.node.append(helper.make_node("Gather", [probabilities, "second"], ["risk"], axis=1))
    graph.initializer.append(numpy_helper.from_array(np.array([1], np.int64), "second"))
    del graph.input[:], graph.output[:]
    graph.input.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", 1]) for name in names)
    graph.output.append(helper.make_tensor_value_info("risk", TensorProto.FLOAT, ["N", 1]))
    return model
