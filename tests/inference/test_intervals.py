"""Intervals say their kind, hold the value, and widen with what is not known."""

from pathlib import Path

import numpy as np
import pytest

from medgui.inference.batch import evaluate
from medgui.inference.bundle import Bundle
from medgui.inference.intervals import OutputInterval, intervals, quantile, vary
from medgui.inference.manifest import InputSpec
from medgui.inference.plausible import plausible_range
from tests.helpers import bundles

NAN = np.nan
TABLE = {
    "interval_score": np.array([0.0, 1.0]),
    "interval_lo": np.array([0.0, 0.9]),
    "interval_hi": np.array([0.1, 1.0]),
}
MODEL = {"kind": "model", "level": 0.9, "words": bundles.WORDS}


def interval(bundle: Bundle, *row: float) -> tuple[float, OutputInterval]:
    batch = evaluate(bundle, np.array([row]))
    name = bundle.output_names[0]
    found = intervals(bundle, batch.x[0], {name: float(batch.outputs[name][0])})
    return float(batch.outputs[name][0]), found[name]


@pytest.fixture(scope="module")
def equation(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return bundles.equation_bundle(tmp_path_factory.mktemp("equation"))


def test_input_variation_is_that_of_the_known_inputs(equation: Bundle) -> None:
    value, found = interval(equation, 50, 130, 25, NAN)
    assert (found.kind, found.level) == ("input_variation", 0.9)
    margin = np.log(value / (1 - value))
    expected = 1 / (1 + np.exp(-(margin + 0.02 * 8 * np.array([-1.645, 1.645]))))
    assert found.lo == pytest.approx(expected[0], rel=0.02)
    assert found.hi == pytest.approx(expected[1], rel=0.02)


def test_the_same_person_gets_the_same_interval(equation: Bundle) -> None:
    assert interval(equation, 50, 130, 25, NAN) == interval(equation, 50, 130, 25, NAN)


def test_an_output_without_a_number_gets_no_interval(equation: Bundle) -> None:
    assert set(intervals(equation, np.array([70, 130, 25, NAN]), {"soon": 0.2, "late": NAN})) == {"soon"}


def test_simulated_values_stay_within_the_accepted_range() -> None:
    normal = np.linspace(-4, 4, 101)
    sd = InputSpec("x", "mm[Hg]", True, "refuse", accepted=(90, 180), variation=("sd", 8.0))
    drawn = vary(sd, 178.0, normal)
    assert (drawn.min(), drawn.max()) == (146.0, 180.0)
    cv = InputSpec("x", "mg/L", True, "refuse", variation=("cv", 0.4), below=(2.1, "below"))
    drawn = vary(cv, 3.0, normal)
    assert drawn.min() == 2.1
    assert np.median(drawn) == pytest.approx(3.0)
    assert np.log(drawn[-1] / 3.0) == pytest.approx(4 * np.sqrt(np.log(1.16)))


def test_a_missing_background_input_widens_the_interval(tmp_path: Path) -> None:
    keys = {"interval": {"kind": "input_variation", "level": 0.8, "words": bundles.WORDS}}
    bundle = bundles.logistic_bundle(tmp_path, **keys)
    known, narrow = interval(bundle, 50, 1, 100, 0)
    missing, wide = interval(bundle, 50, 1, NAN, 0)
    assert narrow.lo < known < narrow.hi
    assert wide.lo <= missing <= wide.hi
    assert wide.hi - wide.lo > narrow.hi - narrow.lo


def test_a_model_interval_is_read_from_the_table_and_holds_the_value(tmp_path: Path) -> None:
    bundle = bundles.tree_bundle(tmp_path, interval=MODEL, arrays=TABLE)
    value, found = interval(bundle, 0.1, 0.2, 0.3, 0.4)
    assert found.kind == "model"
    assert found.lo == pytest.approx(0.9 * value)
    assert found.hi == pytest.approx(0.1 + 0.9 * value)


def test_a_model_interval_widens_by_what_the_missing_inputs_could_be(tmp_path: Path) -> None:
    bundle = bundles.tree_bundle(tmp_path, interval=MODEL, arrays=TABLE)
    value, wide = interval(bundle, 0.1, NAN, NAN, NAN)
    rows = bundle.reference.background.copy()
    rows[:, 0] = 0.1
    spread = bundle.run(rows)["risk"]
    assert wide.lo <= min(0.9 * value, 0.9 * np.quantile(spread, 0.05)) + 1e-9
    assert wide.hi >= max(0.1 + 0.9 * value, 0.1 + 0.9 * np.quantile(spread, 0.95)) - 1e-9


def test_a_bundle_that_states_no_interval_gives_none(tmp_path: Path) -> None:
    bundle = bundles.logistic_bundle(tmp_path)
    assert intervals(bundle, np.array([50, 1, 100, 0.0]), {"risk": 0.2}) == {}


def test_one_missing_number_gives_a_range_and_a_curve(equation: Bundle) -> None:
    found = plausible_range(equation, np.array([50, NAN, 25, NAN]))
    assert found.missing == ("pressure",)
    ends = evaluate(equation, np.array([[50, 100, 25, NAN], [50, 160, 25, NAN]])).outputs["soon"]
    assert found.ranges["soon"] == (pytest.approx(ends[0]), pytest.approx(ends[1]))
    assert found.curve is not None
    assert found.curve.x[0], found.curve.x[-1] == (100, 160)
    assert (np.diff(found.curve.y["soon"]) > 0).all()


def test_several_missing_inputs_give_the_range_over_all_of_them(equation: Bundle) -> None:
    found = plausible_range(equation, np.array([50, NAN, NAN, NAN]))
    assert found.missing == ("pressure", "bmi")
    assert found.curve is None
    corners = evaluate(equation, np.array([[50, 100, 20, NAN], [50, 160, 35, NAN]])).outputs["late"]
    assert found.ranges["late"] == (pytest.approx(corners[0]), pytest.approx(corners[1]))


def test_a_missing_category_ranges_over_its_answers(tmp_path: Path) -> None:
    bundle = bundles.logistic_bundle(tmp_path)
    found = plausible_range(bundle, np.array([50, NAN, 90, 0]))
    both = evaluate(bundle, np.array([[50, 0, 90, 0], [50, 1, 90, 0.0]])).outputs["risk"]
    assert found.ranges["risk"] == (pytest.approx(both.min()), pytest.approx(both.max()))
    assert found.curve is None


def test_many_missing_inputs_are_sampled_within_their_ranges(tmp_path: Path) -> None:
    inputs = [bundles.number(f"x{place}", plausible=[0, 10]) for place in range(12)]
    reference = {spec["name"]: 5 for spec in inputs}
    explanation = {"method": "enumeration", "baseline_name": bundles.WORDS, "reference": reference}
    table = bundles.manifest("many", inputs, [bundles.output("risk")], explanation=explanation)
    names = [spec["name"] for spec in inputs]
    graph = bundles.linear_graph(names, {"risk": [0.02] * 12 + [-2.0]})
    bundles.write(tmp_path, table, graph, np.full((1, 12), 5.0))
    found = plausible_range(bundles.load(tmp_path, "many"), np.full(12, NAN))
    ends = 1 / (1 + np.exp(2 - 0.02 * np.array([0, 120])))
    assert ends[0] - 1e-6 <= found.ranges["risk"][0] < found.ranges["risk"][1] <= ends[1] + 1e-6


def test_nothing_missing_means_no_range(equation: Bundle) -> None:
    assert plausible_range(equation, np.array([50, 130, 25, NAN])).ranges == {}


@pytest.mark.parametrize("size", [1, 2, 3, 10, 999, 1000])
@pytest.mark.parametrize("share", [0.0, 0.025, 0.05, 0.5, 0.95, 0.975, 1.0])
def test_a_quantile_is_that_of_numpy_to_the_last_digit(size: int, share: float) -> None:
    sample = np.sort(np.random.default_rng(size).normal(size=size))
    assert quantile(sample, share) == float(np.quantile(sample, share))
