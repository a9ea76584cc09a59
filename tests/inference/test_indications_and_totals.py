"""When a score is meant, inputs that contradict each other, and the exact bounds of an unfinished total."""

from pathlib import Path

import numpy as np
import pytest

from medgui.errors import DamagedData
from medgui.inference.batch import evaluate
from medgui.inference.bundle import Bundle
from medgui.inference.catalogue import Catalogue
from medgui.inference.plausible import plausible_range
from medgui.inference.rules import CONTRADICTIONS
from medgui.inference.totals import extremes
from medgui.record.variables import VARIABLES
from tests.helpers import bundles

NAN = np.nan
FULL = [70.0, 0, 1, 0, 0, 0]
"""age, heart failure, hypertension, diabetes, stroke, vascular disease: 2 points."""


@pytest.fixture(scope="module")
def af() -> Bundle:
    return Catalogue.load().get("cha2ds2_va")


def pressures(folder: Path) -> Bundle:
    inputs = [
        bundles.number("diastolic_bp", unit="mm[Hg]"),
        bundles.number("systolic_bp", unit="mm[Hg]", accepted=[90, 200]),
        bundles.number("age", unit="a", accepted=[18, 100]),
    ]
    reference = {"diastolic_bp": 80, "systolic_bp": 120, "age": "same"}
    explanation = {"method": "enumeration", "baseline_name": bundles.WORDS, "reference": reference}
    table = bundles.manifest("pressures", inputs, [bundles.output("risk")], explanation=explanation)
    graph = bundles.linear_graph([spec["name"] for spec in inputs], {"risk": [0.01, 0.01, 0.01, -3.0]})
    bundles.write(folder, table, graph, np.array([[80.0, 120, 50]]))
    return bundles.load(folder, "pressures")


def test_without_the_indication_there_is_no_score(af: Bundle) -> None:
    batch = evaluate(af, np.array([FULL]), {"atrial_fibrillation": 0.0})
    assert batch.status_of(0) == "out_of_scope"
    assert [mark.text for mark in batch.marks.of(0)] == ["not_indicated:atrial_fibrillation"]
    assert np.isnan(batch.outputs["points"][0])


def test_an_indication_that_is_not_stated_is_told_beside_the_number(af: Bundle) -> None:
    for facts in ({}, {"atrial_fibrillation": NAN}):
        batch = evaluate(af, np.array([FULL]), facts)
        assert batch.outputs["points"][0] == 2
        assert [mark.text for mark in batch.marks.of(0)] == ["indication_not_stated:atrial_fibrillation"]


def test_a_stated_indication_says_nothing(af: Bundle) -> None:
    batch = evaluate(af, np.array([FULL]), {"atrial_fibrillation": 1.0})
    assert (batch.outputs["points"][0], batch.marks.of(0)) == (2, ())


@pytest.mark.parametrize(("diastolic", "systolic"), [(130, 120), (121, 120), (150, 80), (250, 210)])
def test_a_diastolic_pressure_above_the_systolic_one_is_refused(
    tmp_path: Path, diastolic: float, systolic: float
) -> None:
    batch = evaluate(pressures(tmp_path), np.array([[diastolic, systolic, NAN]]))
    assert batch.status_of(0) == "refused"
    assert "contradictory_inputs:diastolic_bp+systolic_bp" in [mark.text for mark in batch.marks.of(0)]
    assert np.isnan(batch.outputs["risk"][0])


def test_pressures_that_agree_are_rated(tmp_path: Path) -> None:
    bundle = pressures(tmp_path)
    assert evaluate(bundle, np.array([[119.9, 120, 50]])).status_of(0) == "ready"
    assert evaluate(bundle, np.array([[NAN, 120, 50]])).status_of(0) == "missing_input"


def test_the_table_of_contradictions_names_standard_inputs_of_one_unit() -> None:
    for first, second in CONTRADICTIONS:
        assert VARIABLES[first].unit == VARIABLES[second].unit


def test_every_shipped_model_that_takes_both_of_a_pair_compares_them() -> None:
    for bundle in Catalogue.load():
        names = set(bundle.input_names)
        pairs = [pair for pair in CONTRADICTIONS if set(pair) <= names]
        assert len(bundle.rules.contradictions) >= len(pairs), bundle.id


def test_an_unfinished_total_has_its_exact_bounds(af: Bundle) -> None:
    row = np.array([70.0, NAN, 1, NAN, NAN, 0])
    assert plausible_range(af, row, {"atrial_fibrillation": 1.0}).ranges["points"] == (2, 6)
    everything = np.full(6, NAN)
    assert plausible_range(af, everything, {"atrial_fibrillation": 1.0}).ranges["points"] == (0, 8)


def test_the_bounds_of_a_sum_of_thirty_items_are_exact() -> None:
    points = np.array([(-1) ** i * (i + 1.0) for i in range(30)])
    places = [*range(0, 30, 2), 1]
    found = extremes(
        lambda rows: {"points": rows @ points},
        np.ones(30),
        places,
        [np.array([0.0, 1.0])] * len(places),
        ["points"],
    )
    fixed = sum(points[i] for i in range(30) if i not in places)
    assert found["points"] == (fixed + points[1], fixed + sum(points[i] for i in places if i != 1))


def test_the_bounds_of_a_score_in_which_items_multiply_are_found() -> None:
    def answer(rows: np.ndarray) -> dict[str, np.ndarray]:
        return {"points": rows[:, 0] * (1 + rows[:, 1]) - 2 * rows[:, 2] + rows[:, 3:].sum(axis=1)}

    codes = [np.arange(5.0), np.array([0.0, 1.0]), np.array([0.0, 1.0]), *[np.array([0.0, 1.0])] * 9]
    assert extremes(answer, np.zeros(12), list(range(12)), codes, ["points"])["points"] == (-2, 17)


def test_a_ratio_without_decimals_is_no_manifest(tmp_path: Path) -> None:
    inputs = [bundles.age()]
    explanation = {"method": "enumeration", "baseline_name": bundles.WORDS, "reference": {"age": "same"}}
    ratio = bundles.output("ratio", scale=[0, 6])
    table = bundles.manifest("ratio", inputs, [ratio], kind="score", explanation=explanation)
    with pytest.raises(DamagedData, match="decimals"):
        bundles.write(
            tmp_path, table, bundles.linear_graph(["age"], {"ratio": [0.01, 0.0]}), np.array([[50.0]])
        )
