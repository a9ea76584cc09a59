"""Which rows a model answers, and what it says of the others: one row and many alike."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from medgui.inference.answers import faults
from medgui.inference.batch import evaluate
from medgui.inference.bundle import Bundle
from medgui.inference.marks import STATUSES
from medgui.inference.plausible import plausible_range
from tests.helpers import bundles

NAN = np.nan
WHO = [50.0, 130.0, 25.0, NAN]
"""age, pressure, bmi, uacr of an equation that answers for this person."""


@pytest.fixture(scope="module")
def equation(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return bundles.equation_bundle(tmp_path_factory.mktemp("equation"))


@pytest.fixture(scope="module")
def logistic(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return bundles.logistic_bundle(tmp_path_factory.mktemp("logistic"))


def status(bundle: Bundle, *row: float, **facts: float) -> tuple[str, list[str]]:
    batch = evaluate(bundle, np.array([row]), facts)
    return batch.status_of(0), [mark.text for mark in batch.marks.of(0)]


def made(folder: Path, inputs: list[dict[str, Any]], *outputs: dict[str, Any], **keys: Any) -> Bundle:
    reference = {spec["name"]: 1 if "accepted" not in spec else 50 for spec in inputs}
    reference = {
        spec["name"]: "female" if spec["name"] == "sex" else reference[spec["name"]]
        for spec in inputs
        if spec["required"]
    }
    explanation = {"method": "enumeration", "baseline_name": bundles.WORDS, "reference": reference}
    outs = list(outputs) or [bundles.output("risk")]
    table = bundles.manifest("made", inputs, outs, explanation=explanation, **keys)
    weights = {spec["name"]: [0.01] * len(inputs) + [-1.0] for spec in outs}
    names = [spec["name"] for spec in inputs]
    golden = np.full((1, len(inputs)), 1.0)
    bundles.write(
        folder, table, bundles.linear_graph(names, weights, float64=bool(keys.get("float64"))), golden
    )
    return bundles.load(folder, "made")


def test_a_person_in_scope_gets_every_output(equation: Bundle) -> None:
    batch = evaluate(equation, np.array([WHO]))
    expected = 1 / (1 + np.exp(8 - 0.06 * 50 - 0.02 * 130))
    assert batch.status_of(0) == "ready"
    assert batch.outputs["soon"][0] == pytest.approx(expected, abs=1e-12)
    assert np.isfinite(batch.outputs["late"][0])
    assert batch.marks.of(0) == ()


def test_a_value_beyond_the_accepted_range_gives_no_number_and_the_direction(equation: Bundle) -> None:
    assert status(equation, 50, 181, 25, NAN) == ("out_of_scope", ["above_accepted:pressure"])
    assert status(equation, 50, 89.9, 25, NAN) == ("out_of_scope", ["below_accepted:pressure"])
    assert status(equation, 50, 180, 25, NAN)[0] == "ready"
    assert np.isnan(evaluate(equation, np.array([[50, 181, 25, NAN]])).outputs["soon"][0])


def test_an_unreadable_value_is_never_taken_for_a_missing_one(equation: Bundle) -> None:
    assert status(equation, 50, np.inf, 25, NAN) == ("out_of_scope", ["unknown_value:pressure"])
    assert status(equation, 50, 130, 25, -np.inf) == ("out_of_scope", ["unknown_value:uacr"])


def test_a_required_value_that_is_missing_gives_no_number(equation: Bundle) -> None:
    assert status(equation, 50, NAN, 25, NAN) == ("missing_input", ["missing:pressure"])


def test_out_of_scope_comes_before_missing(equation: Bundle) -> None:
    assert status(equation, 17, NAN, 25, NAN)[0] == "out_of_scope"


def test_an_input_of_one_output_never_stops_the_others(equation: Bundle) -> None:
    for row in ([50, 130, NAN, NAN], [50, 130, 60, NAN]):
        batch = evaluate(equation, np.array([row], float))
        assert batch.status_of(0) == "ready"
        assert np.isfinite(batch.outputs["soon"][0])
        assert np.isnan(batch.outputs["late"][0])
        assert "output_not_applicable:late" in [mark.text for mark in batch.marks.of(0)]


def test_an_output_keeps_its_own_age_limits(equation: Bundle) -> None:
    batch = evaluate(equation, np.array([[29, *WHO[1:]], [30, *WHO[1:]], [59, *WHO[1:]], [60, *WHO[1:]]]))
    assert np.isfinite(batch.outputs["soon"]).all()
    assert np.isnan(batch.outputs["late"]).tolist() == [True, False, False, True]
    assert batch.marks.of(3)[0].detail == "above_age"


def test_a_row_without_any_applicable_output_is_not_ready(tmp_path: Path) -> None:
    inputs = [bundles.age(), bundles.number("bmi", outputs=["late"])]
    bundle = made(tmp_path, inputs, bundles.output("late", age=[30, 59], age_reason=bundles.WORDS))
    assert status(bundle, 70, 25)[0] == "out_of_scope"
    assert status(bundle, 50, NAN)[0] == "missing_input"
    assert status(bundle, 50, 25)[0] == "ready"


def test_a_value_outside_the_range_seen_in_training_is_a_caution(logistic: Bundle) -> None:
    assert status(logistic, 85, 0, 90, 0) == ("ready", ["above_seen:age"])
    assert status(logistic, 25, 0, 90, 0) == ("ready", ["below_seen:age"])


def test_a_missing_background_input_is_the_mean_over_the_reference_rows(logistic: Bundle) -> None:
    batch = evaluate(logistic, np.array([[50, 1, NAN, 1]]))
    filled = np.array([[50, 1, value, 1] for value in (80, 100, 100, 160)], float)
    assert batch.outputs["risk"][0] == pytest.approx(logistic.run(filled)["risk"].mean(), abs=1e-9)
    assert [mark.text for mark in batch.marks.of(0)] == ["input_imputed:glucose"]


def test_missing_inputs_are_integrated_together_not_one_by_one(logistic: Bundle) -> None:
    batch = evaluate(logistic, np.array([[50, 1, NAN, NAN]]))
    filled = np.array([[50, 1, g, c] for g, c in ((80, 0), (100, 1), (100, 0), (160, 0))], float)
    assert batch.outputs["risk"][0] == pytest.approx(logistic.run(filled)["risk"].mean(), abs=1e-9)


def test_a_category_that_the_model_does_not_know_is_refused(logistic: Bundle) -> None:
    assert status(logistic, 50, 2, 90, 0) == ("out_of_scope", ["unknown_value:sex"])
    assert status(logistic, 50, 1, 90, 0.5) == ("out_of_scope", ["unknown_value:cough"])


def test_values_below_a_detection_limit_are_read_as_the_limit(tmp_path: Path) -> None:
    crp = bundles.number("crp", accepted=[2.1, 200], below=[2.1, "below_detection_limit"])
    bundle = made(tmp_path, [crp])
    batch = evaluate(bundle, np.array([[0.3], [2.1], [2.2], [-1.0]]))
    assert batch.outputs["risk"][0] == batch.outputs["risk"][1]
    assert [mark.text for mark in batch.marks.of(0)] == ["below_detection_limit"]
    assert batch.marks.of(1) == ()
    assert batch.x[0, 0] == 2.1
    assert batch.status_of(3) == "out_of_scope"


def test_an_exclusion_stops_the_model_or_warns_and_not_stated_is_said(tmp_path: Path) -> None:
    rules = [
        {
            "input": "prior_ascvd",
            "value": 1,
            "reason": bundles.WORDS,
            "code": "secondary_prevention",
            "unknown": "history_not_stated",
            "unknown_message": bundles.WORDS,
        },
        {"input": "pregnant", "value": 1, "reason": bundles.WORDS, "effect": "caution", "code": "pregnancy"},
    ]
    bundle = made(tmp_path, [bundles.age()], exclusions=rules)
    assert status(bundle, 50, prior_ascvd=1)[0] == "out_of_scope"
    assert status(bundle, 50, prior_ascvd=1)[1] == ["excluded:secondary_prevention"]
    assert status(bundle, 50) == ("ready", ["history_not_stated"])
    assert status(bundle, 50, prior_ascvd=NAN) == ("ready", ["history_not_stated"])
    assert status(bundle, 50, prior_ascvd=0, pregnant=1) == ("ready", ["pregnancy"])
    batch = evaluate(bundle, np.array([[50.0], [50.0]]), {"prior_ascvd": np.array([0.0, 1.0])})
    assert batch.status.tolist() == [0, 2]


def test_values_that_contradict_each_other_give_no_number(tmp_path: Path) -> None:
    names = ("hdl", "total")
    inputs = [bundles.number(name, accepted=[0, 90], required=False, missing="graph") for name in names]
    order = {"smaller": "hdl", "larger": "total", "reason": bundles.WORDS}
    bundle = made(tmp_path / "a", inputs, orders=[order])
    assert status(bundle, 50, 60)[0] == status(bundle, 60, 60)[0] == "ready"
    assert status(bundle, 61, 60) == ("refused", ["contradictory_inputs:hdl+total"])
    bundle = made(tmp_path / "b", inputs, orders=[{**order, "needs": True}])
    assert status(bundle, 50, NAN) == ("missing_input", ["missing:total"])
    bundle = made(tmp_path / "c", inputs, orders=[{**order, "excludes": True, "needs": True}])
    assert status(bundle, 1, 9) == ("refused", ["contradictory_inputs:hdl+total"])
    assert status(bundle, 0, NAN) == ("missing_input", ["missing:total"])
    assert status(bundle, 1, 0)[0] == status(bundle, 0, 9)[0] == "ready"


def test_an_optional_input_without_which_there_is_no_number_was_needed(tmp_path: Path) -> None:
    optional = bundles.number("gas", accepted=[0, 90], required=False, missing="graph")
    bundle = made(tmp_path, [optional, bundles.number("age", accepted=[0, 90])])
    assert status(bundle, 50, 60)[0] == "ready"
    assert status(bundle, NAN, 60) == ("missing_input", ["missing:gas"])
    found = plausible_range(bundle, np.array([NAN, 60.0]))
    assert found.missing == ("gas",)


def test_an_answer_that_cannot_be_true_is_no_number(tmp_path: Path) -> None:
    bounded = bundles.output("bounded", holds=[0.3, 0.5], holds_reason=bundles.WORDS)
    alone = made(tmp_path / "a", [bundles.number("x", accepted=[0, 200])], bounded)
    assert status(alone, 50)[0] == "ready"
    assert status(alone, 1) == ("out_of_scope", ["output_not_applicable:bounded", "does_not_hold:bounded"])
    assert status(alone, 150)[0] == "out_of_scope"
    both = made(tmp_path / "b", [bundles.number("x", accepted=[0, 200])], bounded, bundles.output("free"))
    batch = evaluate(both, np.array([[1.0], [50.0]]))
    assert batch.status.tolist() == [0, 0]
    assert np.isnan(batch.outputs["bounded"][0])
    assert np.isfinite(batch.outputs["free"]).all()
    assert np.isfinite(batch.outputs["bounded"][1])


def test_an_exclusion_may_concern_one_output(tmp_path: Path) -> None:
    rule = {"input": "diabetes", "value": 1, "reason": bundles.WORDS, "code": "diabetes", "outputs": ["late"]}
    outputs = [bundles.output("soon"), bundles.output("late")]
    bundle = made(tmp_path, [bundles.age()], *outputs, exclusions=[rule])
    batch = evaluate(bundle, np.array([[50.0]]), {"diabetes": 1.0})
    assert batch.status_of(0) == "ready"
    assert np.isfinite(batch.outputs["soon"][0])
    assert np.isnan(batch.outputs["late"][0])


def test_age_and_sex_of_eligibility(tmp_path: Path) -> None:
    bundle = made(tmp_path, [bundles.number("score")], age=[40, 70], sexes=["female"])
    assert status(bundle, 5, age=50, sex=0) == ("ready", [])
    assert status(bundle, 5, age=39, sex=0) == ("out_of_scope", ["below_age"])
    assert status(bundle, 5, age=71, sex=0) == ("out_of_scope", ["above_age"])
    assert status(bundle, 5, age=50, sex=1) == ("out_of_scope", ["sex_not_eligible"])
    assert status(bundle, 5) == ("ready", ["age_not_stated", "sex_not_stated"])


def test_a_probability_of_0_or_1_and_everything_infinite_is_a_fault() -> None:
    values = np.array([0.0, 1.0, NAN, np.inf, -0.1, 1.1, 0.5])
    assert faults(values, probability=True).tolist() == [True] * 6 + [False]
    assert faults(values, probability=False).tolist() == [False, False, True, True, False, False, False]


def test_a_difference_of_two_probabilities_may_be_0_or_less(tmp_path: Path) -> None:
    values = np.array([0.0, -0.06, 0.36, -1.0, 1.0, NAN, np.inf])
    wanted = [False, False, False, True, True, True, True]
    assert faults(values, probability=True, difference=True).tolist() == wanted
    gain = bundles.output("gain", difference=True)
    bundle = made(tmp_path, [bundles.number("big", accepted=[0, 1e9])], gain)
    assert status(bundle, 50)[0] == "ready"
    assert status(bundle, 1e9)[0] == "failed"


def test_a_row_with_a_fault_gives_no_number_at_all(tmp_path: Path) -> None:
    bundle = made(tmp_path, [bundles.number("big", accepted=[0, 1e9])])
    batch = evaluate(bundle, np.array([[1.0], [1e9]]))
    assert [batch.status_of(row) for row in (0, 1)] == ["ready", "failed"]
    assert np.isnan(batch.outputs["risk"][1])
    assert [mark.text for mark in batch.marks.of(1)] == ["fault:risk"]


def test_points_of_a_score_may_be_0(tmp_path: Path) -> None:
    inputs = [bundles.number("big", accepted=[0, 1000])]
    bundle = made(tmp_path, inputs, bundles.output("points", unit="1"), kind="score")
    assert status(bundle, 1000)[0] == "ready"


def test_a_person_far_from_the_training_data_gets_a_caution_and_then_no_number(tmp_path: Path) -> None:
    arrays = {
        "train_mean": np.zeros(4),
        "train_scale": np.ones(4),
        "train_precision": np.eye(4),
        "distance_flag": np.array(3.0),
        "distance_refuse": np.array(5.0),
    }
    bundle = bundles.tree_bundle(tmp_path, arrays=arrays)
    assert status(bundle, 0, 0, 0, 0) == ("ready", [])
    assert status(bundle, 4, 4, 4, 4) == ("ready", ["far_from_training"])
    assert status(bundle, 6, 6, 6, 6) == ("refused", ["too_far_from_training"])
    assert status(bundle, 6, NAN, NAN, NAN)[0] == "refused"
    assert evaluate(bundle, np.array([[3.0, 1.0, NAN, NAN]])).distance == pytest.approx(np.sqrt(10 / 2))


def test_cautions_cells_are_the_notes_of_each_row(logistic: Bundle) -> None:
    rows = np.array([[85, 0, NAN, NAN], [50, 0, 90, 0], [10, 0, 90, 0]], float)
    batch = evaluate(logistic, rows)
    index, texts = batch.marks.texts()
    cells = [texts[place] for place in index]
    assert cells == [";".join(mark.text for mark in batch.marks.of(row)) for row in range(3)]
    assert cells[1] == ""


def test_no_rows_give_no_answers(equation: Bundle) -> None:
    batch = evaluate(equation, np.empty((0, 4)))
    assert len(batch.status) == 0
    assert batch.marks.texts()[0].tolist() == []


values = st.sampled_from([NAN, np.inf, -5.0, 0.0, 1.0, 2.0, 17.0, 25.0, 50.0, 85.0, 120.0, 301.0])


@given(st.lists(st.lists(values, min_size=4, max_size=4), min_size=1, max_size=25))
def test_a_row_is_answered_alike_alone_and_in_a_crowd(logistic: Bundle, rows: list[list[float]]) -> None:
    together = evaluate(logistic, np.array(rows))
    index, texts = together.marks.texts()
    for place, row in enumerate(rows):
        alone = evaluate(logistic, np.array([row]))
        assert alone.status_of(0) == STATUSES[together.status[place]]
        assert set(alone.marks.of(0)) == set(together.marks.of(place))
        assert sorted(texts[index[place]].split(";")) == sorted({m.text for m in alone.marks.of(0)} or {""})
        np.testing.assert_allclose(
            alone.outputs["risk"][0], together.outputs["risk"][place], rtol=0, atol=1e-7
        )


@given(st.lists(values, min_size=4, max_size=4))
def test_there_is_a_number_exactly_where_the_row_is_ready(logistic: Bundle, row: list[float]) -> None:
    batch = evaluate(logistic, np.array([row]))
    assert np.isfinite(batch.outputs["risk"][0]) == (batch.status_of(0) == "ready")
