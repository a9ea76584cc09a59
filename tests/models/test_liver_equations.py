"""Liver scores: bands by age, bounds inside MELD, units, refusals, rows of independent implementations."""

import math
import re

import numpy as np
import pytest

from medgui.assessment.categories import band_of
from tests.models.equation_rows import answer, arithmetic, bundle, clincalc, gdl2, medcalcehr, score

MG_CREATININE, MG_BILIRUBIN = 88.4, 17.1
LABS: dict[str, float | str] = {
    "bilirubin_total": 2.0,
    "inr": 1.5,
    "creatinine": 1.2,
    "dialysis_past_week": 0,
}


def words(model: str, value: float, age: float = np.nan) -> str:
    spec = bundle(model).manifest.outputs[0]
    found = band_of(spec, value, age)
    assert found is not None
    return found.text["en"]


# Fibrosis


def test_fib4_is_not_for_people_under_35() -> None:
    row = {"ast": 40, "alt": 40, "platelets": 200}
    assert answer("fib4", {**row, "age": 34.9}).status_of(0) == "out_of_scope"
    assert answer("fib4", {**row, "age": 35}).status_of(0) == "ready"


@pytest.mark.parametrize(
    ("value", "age", "wanted"),
    [
        (1.29, 64, "unlikely"),
        (1.30, 64.9, "Indeterminate"),
        (1.99, 65, "unlikely"),
        (2.00, 65, "Indeterminate"),
        (2.67, 50, "Indeterminate"),
        (2.67, 80, "Indeterminate"),
        (2.68, 50, "fibrosis likely"),
        (2.68, 80, "fibrosis likely"),
    ],
)
def test_the_lower_limit_of_fib4_is_2_from_65_years_on(value: float, age: float, wanted: str) -> None:
    assert wanted in words("fib4", value, age)


@pytest.mark.parametrize(
    ("value", "age", "wanted"),
    [(-1.46, 50, "unlikely"), (-1.45, 50, "Indeterminate"), (0.11, 70, "unlikely"), (0.12, 70, "Indeterminate"),
     (0.67, 50, "Indeterminate"), (0.68, 50, "fibrosis likely")],
)  # fmt: skip
def test_the_limits_of_the_nafld_score(value: float, age: float, wanted: str) -> None:
    assert wanted in words("nafld_fibrosis", value, age)


def test_the_nafld_score_agrees_with_an_independent_implementation() -> None:
    for given, expected in medcalcehr("nafld-fibrosis-score"):
        row = {name: float(given[name]) for name in ("age", "bmi", "ast", "alt", "albumin")}
        row |= {
            "platelets": float(given["platelet"]),
            "diabetes_or_impaired_fasting_glucose": float(given["diabetes"]),
        }
        found = arithmetic("nafld_fibrosis", **row)["nafld_fibrosis"]
        assert found == pytest.approx(float(expected["NAFLD Fibrosis Score"]), abs=0.001)


def test_the_nafld_score_is_refused_under_35_where_the_reference_answers() -> None:
    young = next(given for given, _ in medcalcehr("nafld-fibrosis-score") if float(given["age"]) < 35)
    row = {"age": float(young["age"]), "bmi": 28, "diabetes_or_impaired_fasting_glucose": 0}
    rest = {"ast": 20, "alt": 25, "platelets": 280, "albumin": 4.5}
    assert answer("nafld_fibrosis", {**row, **rest}).status_of(0) == "out_of_scope"


def test_apri_agrees_with_an_independent_implementation_and_has_the_limits_of_the_who() -> None:
    for given, expected in gdl2("APRI_AST_to_platelet_ratio_index.v1"):
        row = {
            "ast": first(given["Aspartate aminotransferase (AST)"]),
            "ast_upper_limit": first(given["AST upper limit of normal"]),
            "platelets": first(given["Platelet count"]),
        }
        assert score("apri", **row)["apri"] == pytest.approx(float(expected["APRI Score"]), abs=0.006)
    assert [words("apri", value) for value in (0.5, 0.51, 1.0, 1.01)] == [
        "Below both limits",
        "Significant fibrosis likely (hepatitis B)",
        "Significant fibrosis likely (hepatitis B)",
        "Cirrhosis likely (hepatitis B)",
    ]


def first(cell: str) -> float:
    """The number before the unit: "5.5,mg/dl"."""
    return float(cell.split(",")[0])


# MELD


def test_meld_never_leaves_6_to_40() -> None:
    healthy = {"bilirubin_total": 0.3, "inr": 0.9, "creatinine": 0.5, "dialysis_past_week": 0}
    sickest = {"bilirubin_total": 40, "inr": 9, "creatinine": 8, "dialysis_past_week": 1}
    more: dict[str, float | str] = {"sodium": 120, "albumin": 1.0, "age": 50, "sex": "female"}
    for model in ("meld", "meld_na", "meld_3"):
        taken = {spec.name for spec in bundle(model).manifest.inputs}
        extra = {name: value for name, value in more.items() if name in taken}
        well = {**extra, "sodium": 140, "albumin": 4.0} if "albumin" in taken else {**extra, "sodium": 140}
        well = {name: value for name, value in well.items() if name in taken}
        assert score(model, **healthy, **{**well, **({"sex": "male"} if "sex" in taken else {})})[model] == 6
        assert score(model, **sickest, **extra)[model] == 40


def test_dialysis_counts_as_the_highest_creatinine() -> None:
    on = score("meld", **{**LABS, "dialysis_past_week": 1})["meld"]
    assert on == score("meld", **{**LABS, "creatinine": 4.0})["meld"] > score("meld", **LABS)["meld"]
    assert on == score("meld", **{**LABS, "creatinine": 9.0})["meld"]


def test_sodium_counts_above_11_points_and_between_125_and_137() -> None:
    low = {"bilirubin_total": 1.0, "inr": 1.4, "creatinine": 1.0, "dialysis_past_week": 0}
    assert score("meld", **low)["meld"] == 10
    assert score("meld_na", **low, sodium=125)["meld_na"] == 10
    values = [score("meld_na", **LABS, sodium=sodium)["meld_na"] for sodium in (120, 125, 131, 137, 145)]
    assert values[0] == values[1] > values[2] > values[3] == values[4] == score("meld", **LABS)["meld"]


def test_meld_na_follows_the_policy_of_2016_and_not_the_form_of_2008() -> None:
    """The cases of this guideline are MELD - Na - 0.025 MELD (140 - Na) + 140 with one decimal, superseded in 2016."""
    for given, expected in gdl2("MELD-Na_Score_guideline.v1"):
        sodium, older = first(given["Serum Sodium"]), first(expected["Original MELD score"])
        of_2008 = older - sodium - 0.025 * older * (140 - sodium) + 140
        assert of_2008 == pytest.approx(first(expected["MELD-Na score"]), abs=0.06)
    assert score("meld_na", bilirubin_total=1, inr=1, creatinine=1, sodium=130, dialysis_past_week=0) == {
        "meld_na": 6
    }


def test_meld_3_gives_women_their_points_and_stops_creatinine_at_3() -> None:
    row = {**LABS, "age": 50, "sodium": 137, "albumin": 3.5}
    man, woman = (
        score("meld_3", **{**row, "creatinine": 3.0, "sex": sex})["meld_3"] for sex in ("male", "female")
    )
    assert 1 <= woman - man <= 2
    assert score("meld_3", **{**row, "creatinine": 7.0, "sex": "male"})["meld_3"] == man
    assert score("meld_3", **{**row, "dialysis_past_week": 1, "sex": "male"})["meld_3"] == man


@pytest.mark.parametrize("model", ["meld", "meld_na", "meld_3", "child_pugh", "ukeld"])
def test_the_values_of_a_score_of_cirrhosis_are_of_two_days(model: str) -> None:
    spec = bundle(model).manifest.input("bilirubin_total")
    assert spec.max_spread_days == 2
    assert {"inr"} <= set(spec.spread_with)
    assert bundle(model).manifest.indications[0].any == ("cirrhosis",)


@pytest.mark.parametrize("model", ["meld", "meld_na", "meld_3"])
def test_unstated_dialysis_gives_no_meld(model: str) -> None:
    row = {name: value for name, value in LABS.items() if name != "dialysis_past_week"}
    more = {"sodium": 130, "albumin": 3.0, "age": 50, "sex": "male"}
    taken = {spec.name for spec in bundle(model).manifest.inputs}
    row |= {name: value for name, value in more.items() if name in taken}
    assert answer(model, row).status_of(0) == "missing_input"


def test_ukeld_agrees_with_an_independent_implementation() -> None:
    for given, wanted in clincalc("ukeld"):
        creatinine = given["creatinine"] / (1 if given.get("creatinine_unit") == "mg/dL" else MG_CREATININE)
        bilirubin = given["bilirubin"] / (1 if given.get("bilirubin_unit") == "mg/dL" else MG_BILIRUBIN)
        row = {"inr": given["inr"], "sodium": given["sodium"], "creatinine": creatinine}
        assert score("ukeld", **row, bilirubin_total=bilirubin)["ukeld"] == wanted, given
    assert words("ukeld", 48).startswith("Below")
    assert words("ukeld", 49).startswith("Reaches")


# Child-Pugh and ALBI


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("bilirubin_total", ((1.99, 1), (2.0, 2), (34.2 / 17.1, 2), (3.0, 2), (51.3 / 17.1, 2), (3.01, 3))),
        ("albumin", ((3.51, 1), (3.5, 2), (2.8, 2), (2.79, 3))),
        ("inr", ((1.69, 1), (1.7, 2), (2.3, 2), (2.31, 3))),
        ("ascites", (("none", 1), ("mild", 2), ("moderate_severe", 3))),
        ("encephalopathy", (("none", 1), ("grade_1_2", 2), ("grade_3_4", 3))),
    ],
)
def test_each_item_of_child_pugh(name: str, values: tuple[tuple[float | str, int], ...]) -> None:
    best: dict[str, float | str] = {"bilirubin_total": 1, "albumin": 4, "inr": 1}
    best |= {"ascites": "none", "encephalopathy": "none"}
    for value, points in values:
        assert score("child_pugh", **{**best, name: value})["points"] == 4 + points, value


def test_the_classes_of_child_pugh() -> None:
    assert [words("child_pugh", points)[-1] for points in (5, 6, 7, 9, 10, 15)] == list("AABBCC")


def test_the_extremes_of_child_pugh_agree_with_an_independent_implementation() -> None:
    ascites = dict(zip("123", ("none", "mild", "moderate_severe"), strict=True))
    coma = dict(zip("123", ("none", "grade_1_2", "grade_3_4"), strict=True))
    for given, expected in medcalcehr("child-pugh"):
        row = {"bilirubin_total": given["bilirubin"], "albumin": given["albumin"], "inr": given["inr"]}
        found = score(
            "child_pugh",
            **row,
            ascites=ascites[given["ascites"]],
            encephalopathy=coma[given["encephalopathy"]],
        )
        assert found["points"] == expected["Total Score"]


def test_albi_agrees_with_an_independent_implementation_and_its_grades() -> None:
    for given, expected in gdl2("ALBI_albumin_bilirubin_score.v1"):
        factor = 1 if "mg/dl" in given["Total bilirubin"] else MG_BILIRUBIN
        row = {
            "bilirubin_total": first(given["Total bilirubin"]) / factor,
            "albumin": first(given["Albumin"]) / 10,
        }
        found = score("albi", **row)["albi"]
        assert found == pytest.approx(float(expected["ALBI score"]), abs=0.006)
        assert words("albi", found) == re.search(r"Grade \d", expected["Grading"])[0]  # type: ignore[index]
    assert [words("albi", value) for value in (-2.60, -2.59, -1.39, -1.38)] == [
        "Grade 1", "Grade 2", "Grade 2", "Grade 3",
    ]  # fmt: skip


# Alcoholic hepatitis, pattern of injury, ascites


def test_maddrey_agrees_with_an_independent_implementation() -> None:
    for given, expected in gdl2("Maddrey_Score_guideline.v1"):
        if "Discriminant function" not in expected:
            continue
        bilirubin = given["Total Bilirubin (mg/dl or umol/l)"]
        row = {
            "prothrombin_time": first(given["PT"]),
            "prothrombin_time_control": first(given["PT control"]),
            "bilirubin_total": first(bilirubin) / (1 if "mg/dl" in bilirubin else MG_BILIRUBIN),
        }
        found = arithmetic("maddrey", **row)["maddrey"]
        assert found == pytest.approx(first(expected["Discriminant function"]), abs=0.01)
    assert [words("maddrey", value) for value in (31.9, 32.0)] == ["Not severe", "Severe"]


def test_the_glasgow_score_at_its_edges() -> None:
    low = {"age": 49, "wbc": 14.9, "urea": 29, "inr": 1.4, "bilirubin_total": 7}
    assert score("glasgow_alcoholic_hepatitis", **low)["points"] == 5
    edge = {"age": 50, "wbc": 15, "urea": 5 * 6.0056, "inr": 1.55, "bilirubin_total": 250 / MG_BILIRUBIN}
    assert score("glasgow_alcoholic_hepatitis", **edge)["points"] == 10
    worst = {"age": 50, "wbc": 15, "urea": 40, "inr": 2.01, "bilirubin_total": 14.7}
    assert score("glasgow_alcoholic_hepatitis", **worst)["points"] == 12


def test_abic_and_the_r_factor_agree_with_independent_implementations() -> None:
    for given, expected in gdl2("ABIC.v1"):
        bilirubin = first(given["Total Bilirubin"])
        row = {
            "age": first(given["Age"]),
            "inr": first(given["INR"]),
            "creatinine": first(given["Creatinine"]) / MG_CREATININE,
            "bilirubin_total": bilirubin
            if "mg/dl" in given["Total Bilirubin"]
            else 1000 * bilirubin / MG_BILIRUBIN,
        }
        assert score("abic", **row)["abic"] == pytest.approx(first(expected["ABIC score"]), abs=0.006)
    for given, expected in gdl2("R_factor_for_liver_injury.v1"):
        numbers = {key.split("(")[0].strip(): first(cell) for key, cell in given.items()}
        row = {
            "alt": numbers["Patient's ALT"],
            "alkaline_phosphatase": numbers["Patient's ALP"],
            "alp_upper_limit": numbers["Upper limit of normal ALP according to your lab."],
            "alt_upper_limit": numbers["Upper limit of normal ALT according to your lab"],
        }
        assert score("r_factor", **row)["r_factor"] == pytest.approx(first(expected["R factor"]), abs=0.05)
    assert [words("r_factor", value) for value in (2.0, 2.1, 4.9, 5.0)] == [
        "Cholestatic", "Mixed", "Mixed", "Hepatocellular",
    ]  # fmt: skip


def test_the_albumin_gradient_of_ascites_has_1_1_on_the_side_of_portal_hypertension() -> None:
    for given, expected in gdl2("Serum_Ascites_Albumin_Gradient_SAAG_guideline.v1"):
        if "SAAG" not in expected:
            continue
        names = ("Albumin concentration of serum", "Albumin concentration of ascitic fluid")
        serum, fluid = (first(given[name]) for name in names)
        assert arithmetic("saag", albumin=serum, albumin_ascites=fluid)["saag"] == pytest.approx(
            first(expected["SAAG"])
        )
    assert words("saag", 1.1) == "Portal hypertension likely"
    assert words("saag", 1.0) == "Portal hypertension unlikely"


def test_sodium_counts_only_where_the_whole_number_of_meld_is_above_11() -> None:
    raw = {"creatinine": 1.0, "inr": 1.0, "dialysis_past_week": 0, "sodium": 125}
    below = {**raw, "bilirubin_total": math.exp((11.4 - 6.43) / 3.78)}
    above = {**raw, "bilirubin_total": math.exp((11.6 - 6.43) / 3.78)}
    assert score("meld_na", **below)["meld_na"] == 11
    assert score("meld_na", **above)["meld_na"] == round(12 + 1.32 * 12 - 0.033 * 12 * 12)
    assert "2008" in bundle("meld_na").manifest.attributes["development.criteria"]["en"]
