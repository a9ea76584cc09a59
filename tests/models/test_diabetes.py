"""Scores of diabetes that is to come or not known: published cases, steps at their limits, who is refused."""

import csv
import json
from collections.abc import Iterator

import numpy as np
import pytest

from medgui.assessment.run import assess
from medgui.record.model import Answer
from tests.assessment.people import TODAY, example, shipped
from tests.models.one_row import Given, answer, bundle, graph
from tests.shared_data import data_file

MODELS = ["ada_risk_test", "cambridge_diabetes", "chinese_diabetes_risk", "findrisc"]
each = pytest.mark.parametrize("model", MODELS)


def reference(model: str, **other: float | str | None) -> Given:
    """The reference person of the manifest as a woman of 50, changed by *other*."""
    same = {"age": 50, "sex": "female"}
    found = bundle(model).manifest.explanation.reference
    return {key: same[key] if value == "same" else value for key, value in found.items()} | other


def points(model: str, **other: float | str | None) -> float:
    return graph(model, reference(model, **other))["points"]


def cases(guideline: str) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    with data_file("equations/gdl2_cases.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["guideline"].startswith(guideline):
                both = (json.loads(row["input_json"]), json.loads(row["expected_json"]))
                given, expected = ({k.split("|")[1]: str(v) for k, v in each.items()} for each in both)
                yield given, expected


def measured(text: str) -> float:
    return float(text.partition(",")[0])


@each
def test_known_diabetes_and_pregnancy_are_out_of_scope(model: str) -> None:
    assert answer(model, reference(model))[0] == "ready"
    assert answer(model, reference(model), diabetes=1)[0] == "out_of_scope"
    assert answer(model, reference(model), pregnant=1)[0] == "out_of_scope"


@each
def test_without_a_required_input_there_is_no_number(model: str) -> None:
    for spec in bundle(model).manifest.inputs:
        if spec.required:
            found = graph(model, reference(model, **{spec.name: None}))
            assert all(np.isnan(value) for value in found.values()), spec.name


@pytest.mark.parametrize(
    ("name", "value", "gain"),
    [
        ("age", 44.9, 0), ("age", 45, 2), ("age", 54.9, 2), ("age", 55, 3), ("age", 64.9, 3), ("age", 65, 4),
        ("bmi", 24.9, 0), ("bmi", 25, 1), ("bmi", 30, 1), ("bmi", 30.1, 3),
        ("waist", 79.9, 0), ("waist", 80, 3), ("waist", 88, 3), ("waist", 88.1, 4),
        ("physically_active", 0, 2), ("daily_vegetables_or_fruit", 0, 1), ("high_glucose_history", 1, 5),
        ("bp_treatment", 1, 2), ("family_history_diabetes", "second_degree", 3),
        ("family_history_diabetes", "first_degree", 5),
    ],
)  # fmt: skip
def test_findrisc_of_a_woman(name: str, value: float | str, gain: float) -> None:
    assert points("findrisc", **{name: value}) == gain


def test_findrisc_has_other_limits_of_the_waist_in_men() -> None:
    found = [points("findrisc", sex="male", waist=waist) for waist in (93.9, 94, 102, 102.1)]
    assert found == [0, 3, 3, 4]


def test_findrisc_cases() -> None:
    found = list(cases("FINDRISC"))
    assert found
    for given, expected in found:
        family = given["Family history of diabetes"]
        mine: Given = {
            "age": measured(given["Age"]),
            "sex": given["Gender"].split("|")[1].lower(),
            "bmi": measured(given["Body Mass Index"]),
            "waist": measured(given["Waist circumference"]),
            "bp_treatment": float(given["Use of blood pressure medication"][0]) / 2,
            "high_glucose_history": float(given["History of high blood glucose"][0]) / 5,
            "physically_active": float(given["Physical activity"][0] == "0"),
            "daily_vegetables_or_fruit": float(
                given["Daily consumption of vegetables, fruits, or berries"][0] == "0"
            ),
            "family_history_diabetes": {"0": "none", "3": "second_degree", "5": "first_degree"}[family[0]],
        }
        assert graph("findrisc", mine)["points"] == float(expected["FINDRSIC total score"])


def test_ada_cases() -> None:
    found = list(cases("American_diabetes_association_ADA"))
    assert found
    for given, expected in found:
        mine: Given = {
            "age": measured(given["Age"]),
            "sex": given["Gender"].split("|")[1].lower(),
            "gestational_diabetes": float(given["Previous gestational diabetes(if female)"][0]),
            "family_history_diabetes": "first_degree"
            if given["1st degree relative with diabetes"][0] == "1"
            else "none",
            "hypertension": float(given["Hypertension"][0]),
            "physically_active": float("Yes" in given["Physically active"]),
            "bmi": measured(given["Body Mass Index"]),
        }
        assert graph("ada_risk_test", mine)["points"] == float(expected["Total score"])


@pytest.mark.parametrize(
    ("name", "value", "gain"),
    [
        ("age", 39.9, 0), ("age", 40, 1), ("age", 50, 2), ("age", 60, 3), ("bmi", 24.9, 0), ("bmi", 25, 1),
        ("bmi", 30, 2), ("bmi", 40, 3), ("sex", "male", 1), ("family_history_diabetes", "second_degree", 0),
    ],
)  # fmt: skip
def test_ada_points(name: str, value: float | str, gain: float) -> None:
    assert points("ada_risk_test", **{name: value}) == gain


def test_a_history_of_gestational_diabetes_that_is_not_stated_is_told() -> None:
    stated = answer("ada_risk_test", reference("ada_risk_test"))[2]
    unstated = answer("ada_risk_test", reference("ada_risk_test", gestational_diabetes=None))[2]
    assert unstated - stated == {"gestational_diabetes_not_stated"}


def test_the_cambridge_score_gives_the_case_of_the_decision_model() -> None:
    found = list(cases("cambridge"))
    assert len(found) == 1
    (_given, expected) = found[0]
    mine: Given = {
        "age": 60,
        "sex": "male",
        "bp_treatment": 1,
        "corticosteroids": 1,
        "bmi": 31,
        "family_diabetes_degree": "parent_and_sibling",
        "smoking_status": "current_smoker",
    }
    risk = graph("cambridge_diabetes", mine)["undiagnosed_diabetes"]
    assert round(100 * risk, 1) == measured(expected["Probability of T2DM in previously undiagnosed patient"])
    assert graph("cambridge_diabetes", {**mine, "smoking_status": "heavy_smoker"})[
        "undiagnosed_diabetes"
    ] == pytest.approx(risk)


@pytest.mark.parametrize(
    ("name", "value", "gain"),
    [
        ("age", 24.9, 0), ("age", 25, 4), ("age", 35, 8), ("age", 40, 11), ("age", 45, 12), ("age", 50, 13),
        ("age", 55, 15), ("age", 60, 16), ("age", 65, 18), ("age", 74.9, 18), ("systolic_bp", 110, 1),
        ("systolic_bp", 120, 3), ("systolic_bp", 130, 6), ("systolic_bp", 140, 7), ("systolic_bp", 150, 8),
        ("systolic_bp", 160, 10), ("bmi", 22, 1), ("bmi", 24, 3), ("bmi", 29.9, 3), ("bmi", 30, 5), ("waist", 69.9, 0),
        ("waist", 70, 3), ("waist", 75, 5), ("waist", 80, 7), ("waist", 85, 8), ("waist", 90, 10),
        ("family_history", 1, 6),
    ],
)  # fmt: skip
def test_chinese_points_of_a_woman(name: str, value: float, gain: float) -> None:
    assert points("chinese_diabetes_risk", **{name: value}) == gain


def test_chinese_points_of_a_man_and_the_ends_of_the_table() -> None:
    found = [points("chinese_diabetes_risk", sex="male", waist=waist) for waist in (74, 75, 80, 85, 90, 95)]
    assert found == [2, 5, 7, 9, 10, 12]
    worst = {"age": 70, "systolic_bp": 170, "bmi": 32, "waist": 100, "family_history": 1, "sex": "male"}
    assert points("chinese_diabetes_risk", **worst) == 51
    for age, status in ((19.9, "out_of_scope"), (20, "ready"), (74.9, "ready"), (75, "out_of_scope")):
        assert answer("chinese_diabetes_risk", reference("chinese_diabetes_risk", age=age))[0] == status


def test_a_man_is_told_nothing_of_gestational_diabetes() -> None:
    code = "gestational_diabetes_not_stated"
    unstated = {"gestational_diabetes": None}
    assert code in answer("ada_risk_test", reference("ada_risk_test", sex="female", **unstated))[2]
    assert code not in answer("ada_risk_test", reference("ada_risk_test", sex="male", **unstated))[2]


@pytest.mark.parametrize(
    ("sex", "most"), [("male", {}), ("female", {"gestational_diabetes": 1})]
)  # 3 + 1 + 1 + 1 + 1 + 3: the point of men and that of gestational diabetes exclude each other
def test_the_axis_of_the_ada_test_ends_at_its_highest_total(sex: str, most: dict[str, float]) -> None:
    worst = reference(
        "ada_risk_test", age=70, sex=sex, bmi=45, family_history_diabetes="first_degree", hypertension=1,
        physically_active=0, **most,
    )  # fmt: skip
    (output,) = bundle("ada_risk_test").manifest.outputs
    assert graph("ada_risk_test", worst)["points"] == output.scale[1] == 10


@pytest.mark.parametrize("model", ["ada_risk_test", "cambridge_diabetes", "chinese_diabetes_risk"])
def test_a_measured_hba1c_answers_whether_diabetes_is_present(model: str) -> None:
    record = example(diabetes=False, hba1c=5.4).with_answer(Answer("waist", 90.0, "cm", TODAY))
    record = record.with_answer(Answer("hba1c", 5.4, "%", TODAY))
    assert model not in {f.model for f in assess(record, shipped(), as_of=TODAY).findings}
    (asked,) = assess(record, shipped(), as_of=TODAY, models=[model]).findings
    assert asked.outputs[0].value is None
    assert "HbA1c" in asked.reason
