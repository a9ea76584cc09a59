"""Shapley values against one reference person: exact, complete, and 0 where nothing differs."""

from itertools import combinations
from math import factorial
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from medgui.explain import explain, explain_rows
from medgui.explain.enumeration import MOST_PLAYERS, coalitions, players, reference_row, weights
from medgui.inference.batch import evaluate
from medgui.inference.bundle import Bundle
from medgui.inference.catalogue import Catalogue
from medgui.inference.missing import run_integrated
from tests.helpers import bundles

NAN = np.nan


@pytest.fixture(scope="module")
def logistic(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return bundles.logistic_bundle(tmp_path_factory.mktemp("logistic"))


@pytest.fixture(scope="module")
def equation(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return bundles.equation_bundle(tmp_path_factory.mktemp("equation"))


def wide(folder: Path, count: int) -> Bundle:
    """A logistic model of *count* inputs with a different weight each."""
    names = [f"x{place}" for place in range(count)]
    inputs = [bundles.number(name, accepted=[-10, 10]) for name in names]
    explanation = {
        "method": "enumeration",
        "baseline_name": bundles.WORDS,
        "reference": dict.fromkeys(names, 0),
    }
    table = bundles.manifest("wide", inputs, [bundles.output("risk")], explanation=explanation, float64=True)
    row = [0.1 * (place + 1) for place in range(count)]
    graph = bundles.linear_graph(names, {"risk": [*row, -2.0]}, float64=True)
    bundles.write(folder, table, graph, np.ones((1, count)))
    return bundles.load(folder, "wide")


def test_the_reference_person_takes_the_patients_own_value_where_it_says_same(logistic: Bundle) -> None:
    assert reference_row(logistic, np.array([61, 1, 120, NAN])).tolist() == [61, 0, 90, 0]


def test_an_input_that_the_reference_does_not_name_is_missing_there(equation: Bundle) -> None:
    row = reference_row(equation, np.array([61, 140, 30, 5.0]))
    assert row[:3].tolist() == [61, 120, 25]
    assert np.isnan(row[3])


def test_missing_in_both_is_no_difference() -> None:
    x, reference = np.array([1.0, NAN, 2.0, NAN]), np.array([1.0, NAN, 3.0, 4.0])
    assert players(x, reference).tolist() == [2, 3]


def test_equal_inputs_get_exactly_zero(logistic: Bundle) -> None:
    (found,) = explain(logistic, np.array([50, 0, 150, 0.0]))
    assert found.contributions["age"] == 0.0
    assert found.contributions["sex"] == 0.0
    assert found.contributions["cough"] == 0.0
    assert found.contributions["glucose"] > 0


def test_the_reference_person_has_nothing_to_explain(logistic: Bundle) -> None:
    (found,) = explain(logistic, np.array([50, 0, 90, 0.0]))
    assert set(found.contributions.values()) == {0.0}
    assert found.baseline == found.value


def test_values_are_shapley_values_by_definition(logistic: Bundle) -> None:
    x = np.array([50, 1, NAN, 1.0])
    reference = reference_row(logistic, x)
    places = [1, 2, 3]

    def value(chosen: tuple[int, ...]) -> float:
        row = reference.copy()
        row[list(chosen)] = x[list(chosen)]
        return float(run_integrated(logistic, row[None, :])["risk"][0])

    (found,) = explain(logistic, x)
    for player in places:
        expected = 0.0
        for size in range(3):
            weight = factorial(size) * factorial(2 - size) / factorial(3)
            for others in combinations([place for place in places if place != player], size):
                expected += weight * (value((*others, player)) - value(others))
        assert found.contributions[logistic.input_names[player]] == pytest.approx(expected, abs=1e-7)


def test_the_function_explained_is_the_integrated_one(logistic: Bundle) -> None:
    x = np.array([50, 1, NAN, NAN])
    (found,) = explain(logistic, x)
    assert found.value == pytest.approx(evaluate(logistic, x).outputs["risk"][0], abs=1e-7)
    assert abs(found.residual) <= 1e-6


def test_all_outputs_are_explained_in_one_go_and_only_those_asked_for(equation: Bundle) -> None:
    x = np.array([50, 150, 30, NAN])
    both = explain(equation, x)
    assert [each.output for each in both] == ["soon", "late"]
    assert both[0].contributions["bmi"] == 0.0
    assert both[1].contributions["bmi"] > 0
    (alone,) = explain(equation, x, ("late",))
    assert alone == both[1]


def test_an_output_without_a_number_has_no_explanation(equation: Bundle) -> None:
    x = np.array([50, 150, NAN, NAN])
    soon, late = explain(equation, x)
    assert soon.method == "enumeration"
    assert (late.method, late.contributions) == ("none", {})


def test_many_rows_are_explained_as_each_alone(equation: Bundle) -> None:
    x = np.array([[50, 150, 30, NAN], [70, 100, 22, 3.0], [50, 120, NAN, NAN]])
    found = explain_rows(equation, x, "late")
    for place in (0, 1):
        (alone,) = explain(equation, x[place], ("late",))
        assert found.contributions[place].tolist() == list(alone.contributions.values())
    assert np.isnan(found.contributions[2]).all()


def test_fourteen_inputs_are_still_exact(tmp_path: Path) -> None:
    bundle = wide(tmp_path, MOST_PLAYERS)
    (found,) = explain(bundle, np.ones(MOST_PLAYERS))
    assert (found.method, found.error_bound) == ("enumeration", None)
    assert abs(found.residual) <= 1e-12


def test_more_inputs_are_sampled_within_the_bound_that_is_told(tmp_path: Path) -> None:
    count = 16
    bundle = wide(tmp_path, count)
    x = np.where(np.arange(count) % 3, 0.2, -0.3)
    (found,) = explain(bundle, x)
    assert found.method == "permutation"
    assert found.error_bound is not None
    assert 0 < found.error_bound <= 1e-3
    assert abs(found.residual) <= 1e-9
    exact = _exact_of_a_sum(0.1 * (np.arange(count) + 1) * x, -2.0)
    assert np.abs(np.array(list(found.contributions.values())) - exact).max() <= found.error_bound


def _exact_of_a_sum(terms: np.ndarray, constant: float) -> np.ndarray:
    inside = (np.arange(1 << len(terms))[:, None] >> np.arange(len(terms))) & 1
    value = 1 / (1 + np.exp(-(inside @ terms + constant)))
    size = inside.sum(axis=1)
    phi = np.zeros(len(terms))
    for player in range(len(terms)):
        without = np.flatnonzero(inside[:, player] == 0)
        weight = np.array([factorial(s) * factorial(len(terms) - s - 1) for s in range(len(terms))], float)
        weight /= factorial(len(terms))
        phi[player] = (weight[size[without]] * (value[without | 1 << player] - value[without])).sum()
    return phi


def test_sampling_gives_the_same_numbers_each_time(tmp_path: Path) -> None:
    bundle = wide(tmp_path, 15)
    x = np.linspace(-1, 1, 15)
    assert explain(bundle, x) == explain(bundle, x)


@given(st.integers(1, 8))
def test_weights_turn_a_sum_into_its_terms(count: int) -> None:
    terms = np.arange(1.0, count + 1)
    assert weights(count) @ (coalitions(count) @ terms) == pytest.approx(terms)


@given(st.lists(st.floats(0, 250), min_size=2, max_size=2), st.booleans(), st.booleans())
def test_baseline_and_contributions_always_make_the_result(
    logistic: Bundle, numbers: list[float], male: bool, cough: bool
) -> None:
    x = np.array([18 + numbers[0] / 4, float(male), numbers[1], float(cough)])
    (found,) = explain(logistic, x)
    total = found.baseline + sum(found.contributions.values())
    assert total == pytest.approx(logistic.run(x[None, :])["risk"][0], abs=1e-6)


def test_what_the_patient_lacks_in_a_variant_adds_nothing() -> None:
    prevent = Catalogue.load().get("prevent")
    x = np.array([55, 0, 142, 0, 200, 50, 0, 0, 0, 70, NAN, NAN, NAN])
    explained = explain(prevent, x, ("cvd_10y",))[0]
    assert explained.contributions["hba1c"] == 0.0
    assert explained.contributions["uacr"] == 0.0
    assert abs(explained.residual) < 1e-6


def test_a_plain_sum_of_many_items_is_exact(tmp_path: Path) -> None:
    """A point score of more items than are enumerated: each item adds its own points, whatever the others are."""
    import spox.opset.ai.onnx.v21 as op

    from medgui.workshop.equation import build_model, column_inputs, number

    count = MOST_PLAYERS + 8
    names = [f"item_{place}" for place in range(count)]
    columns = column_inputs(names)
    sums = columns[names[0]]
    for place, name in enumerate(names[1:], start=2):
        sums = op.add(sums, op.mul(columns[name], number(float(place))))
    inputs = [{"name": n, "unit": "1", "required": True, "missing": "refuse"} for n in names]
    reference = {
        "method": "enumeration",
        "baseline_name": bundles.WORDS,
        "reference": dict.fromkeys(names, 0),
    }
    points = bundles.output("points", scale=[0, 300], decimals=0)
    table = bundles.manifest("sum", inputs, [points], kind="score", float64=True, explanation=reference)
    graph = onnx.load_from_string(build_model(columns, {"points": sums}, "test"))
    bundles.write(tmp_path, table, graph, np.ones((1, count)))
    (found,) = explain(bundles.load(tmp_path, "sum"), np.ones(count))
    assert (found.method, found.error_bound, found.baseline) == ("enumeration", None, 0.0)
    assert list(found.contributions.values()) == [float(place) for place in range(1, count + 1)]
