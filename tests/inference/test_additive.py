"""The shortcut for logistic sums gives what the long way gives, and is taken for nothing else."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from medgui.inference.additive import is_logistic_sum, logistic_sums
from medgui.inference.batch import evaluate
from medgui.inference.bundle import Bundle
from medgui.inference.missing import _long_way, _shortcuts, run_integrated
from medgui.inference.onnx_graph import read_graph
from medgui.inference.reference import patterns
from tests.helpers import bundles

NAMES = ["age", "a", "b", "c"]
BACKGROUND = np.random.default_rng(4).normal(size=(40, 4)).round(1) + np.array([50, 2, 2, 2])


def graph(join: str = "Add", last: str = "Sigmoid", *, between: bool = False) -> onnx.ModelProto:
    """0.05 age + 0.5 a - 0.7 b² + 3 c - 4 with *join* between the first two terms, then *last*."""
    factors = {"age": 0.05, "a": 0.5, "b": -0.7, "c": 3.0}
    constants = [numpy_helper.from_array(np.array([[value]]), f"w_{name}") for name, value in factors.items()]
    constants.append(numpy_helper.from_array(np.array([[-4.0]]), "bias"))
    nodes = [helper.make_node("Mul", ["b", "b"], ["bb"])]
    terms = {name: "bb" if name == "b" else name for name in NAMES}
    nodes += [helper.make_node("Mul", [term, f"w_{name}"], [f"t_{name}"]) for name, term in terms.items()]
    nodes.append(helper.make_node(join, ["t_age", "t_a"], ["s1"]))
    nodes.append(helper.make_node("Add", ["s1", "t_b"], ["s2"]))
    nodes.append(helper.make_node("Tanh" if between else "Identity", ["s2"], ["s3"]))
    nodes.append(helper.make_node("Add", ["s3", "t_c"], ["s4"]))
    nodes.append(helper.make_node("Add", ["s4", "bias"], ["s5"]))
    nodes.append(helper.make_node(last, ["s5"], ["risk"]))
    made = helper.make_graph(
        nodes,
        "sum",
        [helper.make_tensor_value_info(name, TensorProto.DOUBLE, ["N", 1]) for name in NAMES],
        [helper.make_tensor_value_info("risk", TensorProto.DOUBLE, ["N", 1])],
        constants,
    )
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)


def sum_bundle(
    folder: Path, model: onnx.ModelProto, background: np.ndarray = BACKGROUND, **keys: Any
) -> Bundle:
    optional = {"required": False, "missing": "background", "accepted": [-200, 200]}
    inputs = [bundles.age(), *(bundles.number(name, **optional) for name in NAMES[1:])]
    explanation = {"method": "enumeration", "baseline_name": bundles.WORDS, "reference": {"age": "same"}}
    table = bundles.manifest(
        "sum", inputs, [bundles.output("risk")], explanation=explanation, float64=True, **keys
    )
    golden = np.nan_to_num(background[:5], nan=2.0)
    bundles.write(folder, table, model, golden, {"background": background})
    return bundles.load(folder, "sum")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return sum_bundle(tmp_path_factory.mktemp("sum"), graph())


def people(count: int) -> np.ndarray:
    random = np.random.default_rng(8)
    x = BACKGROUND[random.integers(len(BACKGROUND), size=count)].copy()
    lacking = random.random(x.shape) < 0.4
    lacking[:, 0] = False
    x[lacking] = np.nan
    return x


def long_way(bundle: Bundle, x: np.ndarray) -> np.ndarray:
    result = np.empty(len(x))
    for place, row in enumerate(x):
        pattern = np.isnan(row[bundle.rules.background])
        known = bundle.run(row[None, :])["risk"] if not pattern.any() else None
        result[place] = (
            known[0] if known is not None else _long_way(bundle, row[None, :], pattern, ("risk",))["risk"][0]
        )
    return result


def test_a_logistic_sum_is_seen_in_the_graph() -> None:
    assert is_logistic_sum(read_graph(graph().SerializeToString()), "risk")


@pytest.mark.parametrize(
    "model", [graph(join="Mul"), graph(join="Max"), graph(last="Tanh"), graph(between=True)], ids=str
)
def test_anything_else_is_not(model: onnx.ModelProto) -> None:
    assert not is_logistic_sum(read_graph(model.SerializeToString()), "risk")


def test_the_short_way_gives_what_the_long_way_gives(bundle: Bundle) -> None:
    assert set(_shortcuts(bundle)) == {"risk"}
    for count in (1, 12, 600):
        x = people(count)
        assert run_integrated(bundle, x)["risk"] == pytest.approx(long_way(bundle, x), abs=1e-12)


def test_many_rows_of_one_pattern_take_the_short_way_too(bundle: Bundle) -> None:
    x = np.repeat(people(1), 3000, axis=0)
    x[:, 0] = np.linspace(20, 90, 3000)
    x[:, 1:] = [np.nan, 2.0, np.nan]
    assert run_integrated(bundle, x)["risk"][::100] == pytest.approx(long_way(bundle, x[::100]), abs=1e-12)


def test_a_probability_too_near_0_or_1_takes_the_long_way(bundle: Bundle) -> None:
    x = np.array([[50, 150.0, 0.0, np.nan], [50, -150.0, 0.0, np.nan], [50, 2.0, 0.0, np.nan]])
    assert run_integrated(bundle, x)["risk"] == pytest.approx(long_way(bundle, x), rel=1e-9)


def test_reference_rows_that_lack_values_are_left_out_as_in_the_long_way(tmp_path: Path) -> None:
    background = BACKGROUND.copy()
    background[::3, 1] = np.nan
    background[::5, 3] = np.nan
    holed = sum_bundle(tmp_path, graph(), background)
    x = people(40)
    assert run_integrated(holed, x)["risk"] == pytest.approx(long_way(holed, x), abs=1e-12)


def test_a_model_with_an_interaction_goes_the_long_way(tmp_path: Path) -> None:
    other = sum_bundle(tmp_path, graph(join="Mul"))
    assert logistic_sums(other) == {}
    x = people(20)
    assert run_integrated(other, x)["risk"] == pytest.approx(long_way(other, x), abs=1e-12)


def test_a_float32_model_goes_the_long_way(tmp_path: Path) -> None:
    assert logistic_sums(bundles.logistic_bundle(tmp_path)) == {}


@given(st.lists(st.sampled_from([np.nan, -3.0, 0.0, 2.0, 5.0]), min_size=3, max_size=3), st.floats(18, 100))
def test_one_person_gets_the_same_answer_either_way(bundle: Bundle, values: list[float], age: float) -> None:
    x = np.array([[age, *values]])
    found = evaluate(bundle, x).outputs["risk"][0]
    assert found == pytest.approx(long_way(bundle, x)[0], abs=1e-12)


def test_few_patterns_over_many_rows_are_interpolated_without_a_visible_error(tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    background = np.column_stack([random.uniform(20, 90, 400), random.normal(size=(400, 3))])
    many = sum_bundle(tmp_path, graph(), background)
    shortcut = _shortcuts(many)["risk"]
    x = background[random.integers(400, size=3000)]
    x[:, 1:][random.random((3000, 3)) < 0.5] = np.nan
    lacking = np.isnan(x[:, many.rules.background])
    groups = [pattern for pattern, _rows in patterns(lacking)]
    assert shortcut.fresh(groups) == 8
    found = run_integrated(many, x)["risk"]
    assert shortcut.fresh(groups) == 1, "the pattern of whole rows needs no weights"
    assert found == pytest.approx(shortcut.of_each(shortcut.known(x, lacking), lacking), abs=1e-11)


def test_few_reference_rows_are_summed_rather_than_interpolated(bundle: Bundle) -> None:
    pattern = np.ones(len(bundle.rules.background), dtype=bool)
    assert (_shortcuts(bundle)["risk"].fresh([pattern]) is None) == (len(BACKGROUND) < 50)


def test_the_sets_of_missing_inputs_that_are_kept_are_limited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("medgui.inference.missing._KEPT", 2)
    other = sum_bundle(tmp_path, graph(join="Mul"))
    x = people(40)
    assert run_integrated(other, x)["risk"] == pytest.approx(long_way(other, x), abs=1e-12)
    assert len(other.support) == 2
