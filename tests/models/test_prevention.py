"""Equations of cardiovascular prevention: printed examples, who is refused and why, limits by age."""

import csv
import json
from itertools import pairwise
from typing import Any

import pytest

from medgui.assessment.categories import category_of
from medgui.assessment.finding import Finding, Status
from medgui.assessment.run import assess
from medgui.record.model import Answer, Record
from tests.assessment.people import TODAY, example, shipped
from tests.models.one_row import answer, bundle, graph
from tests.shared_data import data_file

MG = 38.67
"""mg/dL of cholesterol a mmol/L."""
NO_HISTORY = {"prior_ascvd": 0.0, "heart_failure": 0.0, "diabetes": 0.0, "statin": 0.0, "diabetes_type": 1.0}
PCE = {
    "age": 55, "sex": "female", "ethnicity": "NH White", "total_cholesterol": 213, "hdl_cholesterol": 50,
    "systolic_bp": 120, "bp_treatment": 0, "diabetes": 0, "current_smoker": 0,
}  # fmt: skip
SMOKER = {"age": 50, "sex": "male", "current_smoker": 1, "systolic_bp": 140}
SCORE2 = {**SMOKER, "region": "low", "total_cholesterol": 6.3 * MG, "hdl_cholesterol": 1.4 * MG}
ASIA = {
    **SMOKER, "region_asia_pacific": "low", "total_cholesterol": 5.5 * MG, "hdl_cholesterol": 1.3 * MG,
}  # fmt: skip
DIABETES = {
    **SCORE2, "age": 60, "diabetes": 1, "age_at_diabetes": 50, "hba1c": 7.0, "egfr": 80,
}  # fmt: skip
KIDNEY = {**SCORE2, "age": 64, "egfr": 50, "uacr": None}
FRAMINGHAM = {
    "age": 61, "sex": "female", "systolic_bp": 124, "bp_treatment": 0, "current_smoker": 1, "diabetes": 0,
    "total_cholesterol": 180, "hdl_cholesterol": 47, "bmi": 25,
}  # fmt: skip
WHO = {
    "country": "CHN", "age": 60, "sex": "male", "systolic_bp": 140, "current_smoker": 1, "diabetes": 0,
    "total_cholesterol": 200, "bmi": 26,
}  # fmt: skip
CHINA = {
    "age": 50, "sex": "male", "systolic_bp": 130, "total_cholesterol": 190, "hdl_cholesterol": 50, "waist": 90,
    "current_smoker": 1, "diabetes": 0, "north_china": 1, "urban_residence": 1, "family_history_ascvd": 0,
}  # fmt: skip
PEOPLE: dict[str, dict[str, Any]] = {
    "pce": PCE,
    "score2": SCORE2,
    "score2_asia_pacific": ASIA,
    "score2_diabetes": DIABETES,
    "score2_ckd": KIDNEY,
    "framingham_lipid": FRAMINGHAM,
    "framingham_bmi": FRAMINGHAM,
    "who_cvd_lab": WHO,
    "who_cvd_office": WHO,
    "china_par": CHINA,
}
each = pytest.mark.parametrize("model", PEOPLE)


def percent(model: str, given: dict[str, Any], name: str = "cvd_10y") -> float:
    return round(100 * graph(model, given)[name], 1)


def stopped(model: str, given: dict[str, Any], **facts: float) -> set[str]:
    """Why there is no number."""
    inputs = {spec.name for spec in bundle(model).manifest.inputs}
    stated = {name: value for name, value in {**NO_HISTORY, **facts}.items() if name not in inputs}
    status, outputs, codes = answer(model, given, **stated)
    assert status == "out_of_scope"
    assert all(value != value for value in outputs.values())
    return codes


# Printed examples


@pytest.mark.parametrize(
    ("sex", "group", "printed"),
    [
        ("female", "NH White", 2.1),
        ("female", "NH Black", 3.0),
        ("male", "NH White", 5.4),
        ("male", "NH Black", 6.1),
    ],
)
def test_pce_gives_the_guidelines_worked_example(sex: str, group: str, printed: float) -> None:
    """5.3 in print for the White man, 5.38 with the coefficients of more digits."""
    assert percent("pce", PCE | {"sex": sex, "ethnicity": group}, "ascvd_10y") == pytest.approx(
        printed, abs=0.051
    )


@pytest.mark.parametrize(
    ("sex", "printed"), [("male", (6.3, 8.1, 8.8, 15.1)), ("female", (4.3, 5.2, 7.1, 14.1))]
)
def test_score2_gives_the_papers_examples(sex: str, printed: tuple[float, ...]) -> None:
    regions = ("low", "moderate", "high", "very_high")
    assert tuple(percent("score2", SCORE2 | {"sex": sex, "region": each}) for each in regions) == printed


@pytest.mark.parametrize(("sex", "printed"), [("male", (5.9, 14.0)), ("female", (4.2, 13.7))])
def test_score2_gives_the_examples_of_the_abstract(sex: str, printed: tuple[float, ...]) -> None:
    """Total cholesterol 5.5 and HDL 1.3 mmol/L in regions of low and of very high risk."""
    given = SCORE2 | {"sex": sex, "total_cholesterol": 5.5 * MG, "hdl_cholesterol": 1.3 * MG}
    assert tuple(percent("score2", given | {"region": each}) for each in ("low", "very_high")) == printed


@pytest.mark.parametrize(
    ("sex", "printed"), [("male", (10.3, 12.3, 16.1, 21.6)), ("female", (5.7, 8.8, 15.2, 21.8))]
)
def test_score2_asia_pacific_gives_the_papers_examples(sex: str, printed: tuple[float, ...]) -> None:
    regions = ("low", "moderate", "high", "very_high")
    found = [
        percent("score2_asia_pacific", ASIA | {"sex": sex, "region_asia_pacific": each}) for each in regions
    ]
    assert tuple(found) == printed


FILES = {
    "SCORE2": ("score2", "region"),
    "SCORE2-Asia-Pacific": ("score2_asia_pacific", "region_asia_pacific"),
}


def test_every_published_example_of_the_family() -> None:
    with data_file("equations/published_examples.csv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["equation"] in FILES]
    assert len(rows) == 16
    for row in rows:
        model, region = FILES[row["equation"]]
        x = json.loads(row["inputs"])
        given = {
            region: x["region"].lower().replace(" ", "_"),
            "age": x["age"],
            "sex": x["sex"],
            "current_smoker": x["smoker"],
            "systolic_bp": x["sbp"],
            "total_cholesterol": x["tc_mmol"] * MG,
            "hdl_cholesterol": x["hdl_mmol"] * MG,
        }
        assert percent(model, given) == float(row["expected"]), row


# What has no number


@each
def test_a_missing_input_gives_no_number(model: str) -> None:
    manifest = bundle(model).manifest
    for spec in (spec for spec in manifest.inputs if spec.required):
        found = graph(model, PEOPLE[model] | {spec.name: None})
        men_only = bool(spec.sexes)
        assert men_only or all(value != value for value in found.values()), spec.name
        status, _outputs, _codes = answer(model, PEOPLE[model] | {spec.name: None}, **NO_HISTORY)
        assert status == "missing_input", spec.name


@each
def test_after_an_event_and_in_heart_failure_there_is_no_number(model: str) -> None:
    assert "excluded" in stopped(model, PEOPLE[model], prior_ascvd=1.0)
    assert "excluded" in stopped(model, PEOPLE[model], heart_failure=1.0)


@each
def test_a_history_that_is_not_stated_is_a_caution(model: str) -> None:
    facts = {
        name: value for name, value in NO_HISTORY.items() if name not in ("prior_ascvd", "heart_failure")
    }
    inputs = {spec.name for spec in bundle(model).manifest.inputs}
    status, _outputs, codes = answer(
        model, PEOPLE[model], **{n: v for n, v in facts.items() if n not in inputs}
    )
    assert status == "ready"
    assert "history_not_stated" in codes


@each
def test_a_year_outside_the_ages_of_the_paper_is_out_of_scope(model: str) -> None:
    lo, hi = bundle(model).manifest.age or (0.0, 0.0)
    given = PEOPLE[model] | ({"age_at_diabetes": 30} if model == "score2_diabetes" else {})
    for age, code in ((lo - 1, "below_age"), (hi + 1, "above_age")):
        assert code in stopped(model, given | {"age": age})
    for age in (lo, hi):
        inputs = {spec.name for spec in bundle(model).manifest.inputs}
        facts = {name: value for name, value in NO_HISTORY.items() if name not in inputs}
        assert answer(model, given | {"age": age}, **facts)[0] == "ready"


@pytest.mark.parametrize("model", ["score2", "score2_asia_pacific", "score2_ckd"])
def test_diabetes_is_sent_to_its_own_equation(model: str) -> None:
    assert "excluded" in stopped(model, PEOPLE[model], diabetes=1.0)
    rule = next(rule for rule in bundle(model).manifest.exclusions if rule.input == "diabetes")
    assert "SCORE2-Diabetes" in rule.reason["en"]
    assert "SCORE2-Diabetes" in rule.reason["zh"]


def test_score2_diabetes_is_for_type_2_alone() -> None:
    assert "excluded" in stopped("score2_diabetes", DIABETES, diabetes_type=0.0)
    assert "excluded" in stopped("score2_diabetes", DIABETES, diabetes_type=2.0)
    assert "excluded" in stopped("score2_diabetes", DIABETES | {"diabetes": 0})
    facts = {"prior_ascvd": 0.0, "heart_failure": 0.0}
    status, _outputs, codes = answer("score2_diabetes", DIABETES, **facts)
    assert status == "ready"
    assert "diabetes_type_not_stated" in codes


def test_diabetes_found_later_than_today_is_a_contradiction() -> None:
    status, outputs, codes = answer("score2_diabetes", DIABETES | {"age_at_diabetes": 61})
    assert (status, "contradictory_inputs" in codes) == ("refused", True)
    assert outputs["cvd_10y"] != outputs["cvd_10y"]


@pytest.mark.parametrize(("egfr", "status"), [(89, "ready"), (90, "out_of_scope"), (104, "out_of_scope")])
def test_the_kidney_add_on_stops_at_90_and_says_why(egfr: float, status: str) -> None:
    assert answer("score2_ckd", KIDNEY | {"egfr": egfr}, **NO_HISTORY)[0] == status
    spec = bundle("score2_ckd").manifest.input("egfr")
    assert "two programs" in spec.beyond["en"]
    assert "authors' program" in bundle("score2_ckd").manifest.attributes["out_of_scope.known_risks"]["en"]


def test_the_kidney_add_on_works_without_and_with_the_urine_acr() -> None:
    plain = graph("score2_ckd", KIDNEY)["cvd_10y"]
    assert plain > graph("score2", KIDNEY)["cvd_10y"]
    assert graph("score2_ckd", KIDNEY | {"uacr": 300})["cvd_10y"] > plain
    assert graph("score2_ckd", KIDNEY | {"uacr": 2})["cvd_10y"] < plain


def test_score2_changes_to_the_older_equation_at_70() -> None:
    by_year = [graph("score2", SCORE2 | {"age": age})["cvd_10y"] for age in (67, 68, 69, 70)]
    steps = [later - earlier for earlier, later in pairwise(by_year)]
    assert steps[1] == pytest.approx(steps[0], abs=1e-3)
    assert abs(steps[2] - steps[1]) > 0.005


# Groups, treatment, place


def test_every_stated_group_gets_a_number_and_those_not_examined_a_caution() -> None:
    facts = {name: NO_HISTORY[name] for name in ("prior_ascvd", "heart_failure", "statin")}
    white = graph("pce", PCE)
    for group in ("NH Asian", "Hispanic", "Other"):
        status, outputs, codes = answer("pce", PCE | {"ethnicity": group}, **facts)
        assert (status, outputs) == ("ready", white)
        assert "group_not_derived" in codes
    for group in ("NH White", "NH Black"):
        status, _outputs, codes = answer("pce", PCE | {"ethnicity": group}, **facts)
        assert status == "ready"
        assert "group_not_derived" not in codes


def test_a_group_that_is_not_stated_or_not_known_is_asked_for() -> None:
    assert answer("pce", PCE | {"ethnicity": None})[0] == "missing_input"
    assert answer("pce", PCE | {"ethnicity": 9.0})[0] == "missing_input"


def test_on_a_statin_the_pooled_cohort_equations_are_out_of_scope() -> None:
    assert "excluded" in stopped("pce", PCE, statin=1.0)


def test_china_par_shows_nothing_under_blood_pressure_treatment() -> None:
    facts = {"prior_ascvd": 0.0, "heart_failure": 0.0}
    assert answer("china_par", CHINA, bp_treatment=1.0, **facts)[0] == "out_of_scope"
    assert answer("china_par", CHINA, bp_treatment=0.0, **facts)[0] == "ready"
    assert "bp_treatment_not_stated" in answer("china_par", CHINA, **facts)[2]


def test_china_par_asks_women_for_nothing_that_counts_in_men_alone() -> None:
    lacking = CHINA | {"urban_residence": None, "family_history_ascvd": None}
    assert answer("china_par", lacking)[0] == "missing_input"
    assert answer("china_par", lacking | {"sex": "female"})[0] == "ready"
    women = [graph("china_par", CHINA | {"sex": "female", "family_history_ascvd": flag}) for flag in (0, 1)]
    assert women[0] == women[1]


def test_a_country_that_the_who_table_lacks_has_no_number() -> None:
    categories = bundle("who_cvd_lab").manifest.input("country").categories
    assert len(categories) == 195
    assert not {"HKG", "VAT"} & set(categories)
    assert answer("who_cvd_lab", WHO | {"country": 195.0})[0] == "out_of_scope"


def test_the_who_model_without_laboratory_says_that_diabetes_is_not_counted() -> None:
    assert "diabetes_not_counted" in answer("who_cvd_office", WHO, diabetes=1.0)[2]


def test_a_framingham_risk_above_30_percent_is_shown_as_it_is() -> None:
    old = FRAMINGHAM | {
        "age": 74,
        "sex": "male",
        "systolic_bp": 180,
        "bp_treatment": 1,
        "diabetes": 1,
        "bmi": 35,
    }
    assert graph("framingham_bmi", old)["cvd_10y"] > 0.6


# Categories


@pytest.mark.parametrize(
    ("age", "risk", "words"),
    [
        (49, 0.0244, "Low to moderate"),
        (49, 0.0246, "High"),  # shown as 2.5 %
        (49, 0.0744, "High"),
        (49, 0.075, "Very high"),
        (50, 0.0494, "Low to moderate"),
        (50, 0.05, "High"),
        (69, 0.0994, "High"),
        (69, 0.1, "Very high"),
        (70, 0.0744, "Low to moderate"),
        (70, 0.075, "High"),
        (89, 0.1494, "High"),
        (89, 0.15, "Very high"),
    ],
)
def test_score2_limits_go_by_age(age: float, risk: float, words: str) -> None:
    found = category_of(bundle("score2").manifest.output("cvd_10y"), risk, age)
    assert found is not None
    assert found.text == words


@pytest.mark.parametrize(
    ("model", "output", "limits"),
    [
        ("pce", "ascvd_10y", (0.05, 0.075, 0.2)),
        ("score2_diabetes", "cvd_10y", (0.05, 0.1, 0.2)),
        ("who_cvd_lab", "cvd_10y", (0.05, 0.1, 0.2, 0.3)),
    ],
)
def test_limits_of_the_other_guidelines(model: str, output: str, limits: tuple[float, ...]) -> None:
    spec = bundle(model).manifest.output(output)
    assert tuple(band.lo for band in spec.bands[1:]) == limits
    for place, limit in enumerate(limits):
        below, at = category_of(spec, limit - 0.0006), category_of(spec, limit)
        assert below is not None
        assert at is not None
        assert (below.text, at.text) == (spec.bands[place].text["en"], spec.bands[place + 1].text["en"])


# In a record


def found(record: Record, model: str, **options: Any) -> Finding:
    (one,) = assess(record, shipped(), as_of=TODAY, models=[model], **options).findings
    return one


def european(**changes: Any) -> Record:
    return example(diabetes=False, systolic_bp=140.0, **changes)


def test_a_record_in_a_dutch_clinic_gets_score2_with_its_category_and_its_reasons() -> None:
    finding = found(european(), "score2", country="NLD", region="europe")
    assert finding.status is Status.READY
    output = finding.outputs[0]
    assert output.category is not None
    assert [band.lo for band in output.bands] == [0.0, 0.05, 0.1]
    contributions = finding.explanations[0].contributions
    total = finding.explanations[0].baseline + sum(each.value for each in contributions)
    assert total == pytest.approx(output.value, abs=1e-6)


def test_a_score_that_is_calibrated_to_places_is_not_shown_unasked_without_one() -> None:
    def shown(country: str) -> set[str]:
        return {f.model for f in assess(european(), shipped(), as_of=TODAY, country=country).findings}

    assert "score2" in shown("NLD")
    assert not {"score2", "score2_asia_pacific", "who_cvd_lab"} & shown("")
    assert "score2_asia_pacific" in shown("JPN")
    assert "score2" not in shown("JPN")


def test_kidney_disease_takes_the_computed_chip_away() -> None:
    record = european().with_answer(Answer("chronic_kidney_disease", True, "", TODAY))
    finding = found(record, "score2", country="NLD")
    assert finding.status is Status.READY
    assert finding.outputs[0].category is None
    assert "category_fixed" in {caution.code for caution in finding.cautions}


def test_score2_diabetes_keeps_its_category_in_diabetes() -> None:
    record = example(systolic_bp=140.0, hba1c=7.2)
    for name, value in (("age_at_diabetes", 45.0), ("diabetes_type", "type_2")):
        record = record.with_answer(Answer(name, value, "a" if name == "age_at_diabetes" else "", TODAY))
    record = record.with_answer(Answer("hba1c", 7.2, "%", TODAY))
    finding = found(record, "score2_diabetes", country="DEU")
    assert finding.status is Status.READY, finding.reason
    assert finding.outputs[0].category is not None
    type_1 = record.with_answer(Answer("diabetes_type", "type_1", "", TODAY))
    finding = found(type_1, "score2_diabetes", country="DEU")
    assert finding.status is Status.OUT_OF_SCOPE
    assert any("Type 1" in check.patient for check in finding.checks)


def test_an_egfr_above_the_kidney_add_on_is_refused_with_the_reason() -> None:
    finding = found(european(), "score2_ckd", country="NLD")  # eGFR 90
    assert finding.status is Status.OUT_OF_SCOPE
    assert any("two programs" in caution.message for caution in finding.cautions)
