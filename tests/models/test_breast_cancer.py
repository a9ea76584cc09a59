"""PREDICT Breast, Nottingham index and Gail model: what is special in them, unknown answers, contradictions, bounds."""

import numpy as np
import pytest

from medgui.assessment.categories import category_of
from tests.models.one_row import Given, answer, bundle, graph

WOMAN: Given = {
    "age": 52,
    "tumour_size": 24,
    "tumour_grade": "3",
    "positive_nodes": 3,
    "estrogen_receptor": 1,
    "her2": 1,
    "chemotherapy_generation": "3",
    "endocrine_therapy": 1,
    "trastuzumab": 1,
    "bisphosphonate": 1,
    "radiotherapy": 1,
    "mean_heart_dose": 2,
    "current_smoker": 0,
}
NO_PLAN: Given = {
    "chemotherapy_generation": "0",
    "endocrine_therapy": 0,
    "trastuzumab": 0,
    "bisphosphonate": 0,
    "radiotherapy": 0,
    "mean_heart_dose": 0,
}
VERSIONS = pytest.mark.parametrize("model", ["predict_breast", "predict_breast_v30"])
GAIL: Given = {"age": 50, "ethnicity_gail": "white"}


def test_the_gains_of_the_therapies_add_up_to_the_gain_of_the_plan() -> None:
    found = graph("predict_breast", WOMAN)
    for years in (5, 10, 15):
        parts = [
            found[name]
            for name in found
            if name.startswith("benefit") and name.endswith(f"_{years}y") and "total" not in name
        ]
        assert len(parts) == 5
        assert sum(parts) == pytest.approx(found[f"benefit_total_{years}y"], abs=1e-12)
        assert min(parts) > 0


def test_the_survival_without_therapy_does_not_depend_on_the_plan() -> None:
    planned, alone = graph("predict_breast", WOMAN), graph("predict_breast", {**WOMAN, **NO_PLAN})
    for years in (5, 10, 15):
        name = f"survival_no_therapy_{years}y"
        assert planned[name] == pytest.approx(alone[name], abs=1e-14)


@VERSIONS
def test_a_plan_without_therapy_gains_nothing_and_is_an_answer(model: str) -> None:
    status, found, _codes = answer(model, {**WOMAN, **NO_PLAN}, breast_cancer=1, sex=0)
    assert status == "ready"
    gains = [value for name, value in found.items() if not name.startswith("survival")]
    assert gains == [0.0] * len(gains)


def test_chemotherapy_of_an_old_woman_with_a_small_tumour_may_harm() -> None:
    old = {**WOMAN, **NO_PLAN, "age": 82, "tumour_size": 6, "tumour_grade": "1", "positive_nodes": 0}
    found = graph("predict_breast", {**old, "chemotherapy_generation": "2"})
    assert found["benefit_chemotherapy_10y"] < 0
    assert answer("predict_breast", {**old, "chemotherapy_generation": "2"})[0] == "ready"


@pytest.mark.parametrize(("therapy", "marker"), [("endocrine", "estrogen_receptor"), ("trastuzumab", "her2")])
def test_a_therapy_gains_nothing_where_its_receptor_is_negative(therapy: str, marker: str) -> None:
    assert graph("predict_breast", WOMAN)[f"benefit_{therapy}_10y"] > 0
    assert graph("predict_breast", {**WOMAN, marker: 0})[f"benefit_{therapy}_10y"] == 0


@VERSIONS
def test_unknown_grade_and_detection_stand_between_the_known_ones(model: str) -> None:
    name = next(iter(graph(model, WOMAN)))
    for item, low, high in (("tumour_grade", "2", "3"), ("screen_detected", 1, 0)):
        values = [graph(model, {**WOMAN, item: value})[name] for value in (low, None, high)]
        assert values[0] > values[1] > values[2]


@VERSIONS
@pytest.mark.parametrize("name", sorted({"age", *NO_PLAN, "estrogen_receptor"} - {"mean_heart_dose"}))
def test_a_plan_that_is_not_stated_gives_no_number(model: str, name: str) -> None:
    assert all(np.isnan(value) for value in graph(model, {**WOMAN, name: None}).values())
    assert answer(model, {**WOMAN, name: None})[0] == "missing_input"


@VERSIONS
def test_a_heart_dose_that_is_not_stated_is_told(model: str) -> None:
    assert "heart_dose_not_stated" in answer(model, {**WOMAN, "mean_heart_dose": None})[2]
    assert "heart_dose_not_stated" not in answer(model, WOMAN)[2]


@VERSIONS
def test_predict_is_for_women_of_25_to_85_without_metastases(model: str) -> None:
    for age, status in ((24.9, "out_of_scope"), (25, "ready"), (85, "ready"), (85.1, "out_of_scope")):
        assert answer(model, {**WOMAN, "age": age})[0] == status
    assert answer(model, WOMAN, sex=1)[0] == "out_of_scope"
    assert answer(model, WOMAN, metastatic_solid_tumour=1)[0] == "out_of_scope"
    assert answer(model, {**WOMAN, "tumour_size": 0.5})[2] >= {"below_accepted"}


@pytest.mark.parametrize(
    ("size", "stage", "grade", "index", "words"),
    [
        (2, "1", "1", 2.04, "Excellent"),
        (20, "1", "1", 2.4, "Excellent"),
        (21, "1", "1", 2.42, "Good"),
        (20, "1", "2", 3.4, "Good"),
        (21, "2", "1", 3.42, "Moderate I"),
        (20, "2", "2", 4.4, "Moderate I"),
        (21, "2", "2", 4.42, "Moderate II"),
        (20, "3", "2", 5.4, "Moderate II"),
        (21, "3", "2", 5.42, "Poor"),
    ],
)
def test_the_groups_of_the_nottingham_index_begin_above_their_limits(
    size: float, stage: str, grade: str, index: float, words: str
) -> None:
    given: Given = {"tumour_size": size, "node_stage": stage, "tumour_grade": grade}
    found = graph("nottingham_index", given)["points"]
    assert found == index
    category = category_of(bundle("nottingham_index").manifest.outputs[0], found)
    assert category is not None
    assert category.text == words


def test_the_gail_model_projects_5_years_where_no_age_is_chosen() -> None:
    assert graph("gail", GAIL) == graph("gail", {**GAIL, "projection_age": 55})
    assert (
        graph("gail", {**GAIL, "projection_age": 90})["breast_cancer"] > graph("gail", GAIL)["breast_cancer"]
    )


def test_atypical_hyperplasia_counts_only_with_a_biopsy() -> None:
    risk = {
        found: graph("gail", {**GAIL, "breast_biopsies": 1, "atypical_hyperplasia": found})["breast_cancer"]
        for found in (0, None, 1)
    }
    assert risk[0] < risk[None] < risk[1]
    assert answer("gail", {**GAIL, "breast_biopsies": 0, "atypical_hyperplasia": 0})[0] == "ready"
    assert answer("gail", {**GAIL, "breast_biopsies": 0, "atypical_hyperplasia": 1})[0] == "refused"
    assert answer("gail", {**GAIL, "atypical_hyperplasia": 1})[0] == "missing_input"


@pytest.mark.parametrize(
    "wrong",
    [
        {"projection_age": 49},
        {"age_at_menarche": 15, "age_at_first_birth": 14},
        {"age": 40, "age_at_first_birth": 41},
        {"nulliparous": 1, "age_at_first_birth": 25},
    ],
)
def test_the_gail_model_refuses_ages_that_contradict_each_other(wrong: Given) -> None:
    status, _found, codes = answer("gail", {**GAIL, **wrong})
    assert status == "refused"
    assert "contradictory_inputs" in codes


def test_the_gail_model_is_for_women_of_35_to_85_without_breast_cancer() -> None:
    for age, status in ((34.9, "out_of_scope"), (35, "ready"), (85, "ready"), (85.1, "out_of_scope")):
        assert answer("gail", {**GAIL, "age": age})[0] == status
    assert answer("gail", GAIL, breast_cancer=1)[0] == "out_of_scope"
    assert "history_not_stated" in answer("gail", GAIL)[2]
    assert "history_not_stated" not in answer("gail", GAIL, breast_cancer=0)[2]
    assert answer("gail", GAIL, sex=1)[0] == "out_of_scope"


def test_what_is_not_stated_is_said_beside_the_number() -> None:
    """Unknown items count as lowest risk (BCRAT) or as the mean (PREDICT): silence is no answer."""
    woman = {"age": 50, "ethnicity_gail": "white", "breast_biopsies": 0, "age_at_menarche": 13}
    _status, _numbers, codes = answer("gail", woman | {"breast_cancer_relatives": None})
    assert "breast_cancer_relatives_not_stated" in codes
    assert "breast_biopsies_not_stated" not in codes
    assert "20" in bundle("gail").manifest.notice["en"]
    tumour = {
        name: value
        for name, value in bundle("predict_breast").manifest.explanation.reference.items()
        if name != "age"
    }
    for name in ("tumour_grade", "her2"):
        assert f"{name}_not_stated" in answer("predict_breast", {"age": 55, **tumour, name: None})[2]
        assert f"{name}_not_stated" not in answer("predict_breast", {"age": 55, **tumour})[2]
