"""Oncology indices: cases of the openEHR decision models, steps at their limits, what gives no number."""

import csv
import json
from collections.abc import Iterator, Mapping

import numpy as np
import pytest

from medgui.assessment.categories import category_of
from tests.models.one_row import Given, answer, bundle, graph
from tests.shared_data import data_file

MODELS = [
    "capra", "cll_ipi", "dipss", "flipi", "glasgow_prognostic", "imdc", "ipi", "khorana", "mascc", "mayo_nodule",
    "mipi", "plcom2012", "r_iss", "sokal",
]  # fmt: skip
each = pytest.mark.parametrize("model", MODELS)
SMOKER: Given = {
    "age": 62,
    "ethnicity_plco": "white",
    "education_level": "4",
    "bmi": 27,
    "copd": 0,
    "cancer_history": 0,
    "family_history_lung_cancer": 0,
    "current_smoker": 0,
    "cigarettes_per_day": 80,
    "smoking_years": 27,
    "years_since_quitting": 10,
}


def reference(model: str, **other: float | str | None) -> Given:
    """The reference person of the manifest, changed by *other*."""
    base = {"age": 60, "ethnicity_plco": "white", "ldh_upper_limit": 240, "current_smoker": 0}
    found = bundle(model).manifest.explanation.reference
    return {key: base[key] if value == "same" else value for key, value in found.items()} | other


def points(model: str, **other: float | str | None) -> float:
    return next(iter(graph(model, reference(model, **other)).values()))


def cases(guideline: str) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """Inputs and answers by element, without its id, as the first part of each coded or measured text."""

    def plain(text: str) -> dict[str, str]:
        found: Mapping[str, object] = json.loads(text)
        return {key.partition("|")[2]: str(value) for key, value in found.items()}

    with data_file("equations/gdl2_cases.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["guideline"].startswith(guideline):
                yield plain(row["input_json"]), plain(row["expected_json"])


def measured(text: str) -> float:
    return float(text.partition(",")[0])


def coded(text: str) -> float:
    return float(text.partition("|")[0])


@each
def test_without_a_required_input_there_is_no_number(model: str) -> None:
    for spec in bundle(model).manifest.inputs:
        if spec.required:
            found = graph(model, reference(model, **{spec.name: None}))
            assert all(np.isnan(value) for value in found.values()), spec.name
            assert answer(model, reference(model, **{spec.name: None}))[0] == "missing_input"


@each
def test_the_reference_person_has_the_lowest_result(model: str) -> None:
    assert answer(model, reference(model))[0] == "ready"
    lowest = points(model)
    for spec in bundle(model).manifest.inputs:
        if spec.unit == "1" and not spec.categories and spec.accepted is None:
            changed = 1.0 - float(reference(model)[spec.name] or 0)
            worse = points(model, **{spec.name: changed})
            assert worse <= lowest if model == "mascc" else worse >= lowest, spec.name


def test_plcom2012_gives_the_documented_example() -> None:
    assert graph("plcom2012", SMOKER)["lung_cancer_6y"] == pytest.approx(0.01750922, abs=5e-9)


def test_a_former_smoker_needs_the_years_since_and_a_smoker_has_none() -> None:
    assert answer("plcom2012", {**SMOKER, "years_since_quitting": None})[0] == "missing_input"
    smokes = {**SMOKER, "current_smoker": 1, "years_since_quitting": None}
    assert answer("plcom2012", smokes)[0] == "ready"
    assert graph("plcom2012", smokes) == graph("plcom2012", {**smokes, "years_since_quitting": 0})
    assert answer("plcom2012", {**SMOKER, "current_smoker": 1})[0] == "refused"


def test_plcom2012_refuses_those_who_never_smoked_and_ages_outside_50_to_80() -> None:
    assert answer("plcom2012", {**SMOKER, "cigarettes_per_day": 0})[0] == "out_of_scope"
    for age, status in ((49.9, "out_of_scope"), (50, "ready"), (80, "ready"), (80.1, "out_of_scope")):
        assert answer("plcom2012", {**SMOKER, "age": age})[0] == status


def test_the_disputed_terms_of_two_groups_are_told_and_refuse_nobody() -> None:
    for group, told in (("white", False), ("american_indian", True), ("pacific_islander", True)):
        status, _found, codes = answer("plcom2012", {**SMOKER, "ethnicity_plco": group})
        assert status == "ready"
        assert ("sources_disagree" in codes) is told


def test_the_mayo_model_follows_its_published_coefficients() -> None:
    given: Given = {
        "age": 50,
        "smoked100": 0,
        "extrathoracic_cancer_history": 0,
        "nodule_diameter": 4,
        "nodule_spiculation": 0,
        "nodule_upper_lobe": 1,
    }
    odds = np.exp(-6.8272 + 0.0391 * 50 + 0.1274 * 4 + 0.7838)
    assert graph("mayo_nodule", given)["malignant_nodule"] == pytest.approx(odds / (1 + odds), abs=1e-12)
    assert answer("mayo_nodule", {**given, "nodule_diameter": 30.1})[0] == "out_of_scope"


def test_khorana_cases() -> None:
    found = list(cases("Khorana"))
    assert found
    for given, expected in found:
        site = given["Cancer Type"].split("|")[2].lower()
        mine: Given = {
            "cancer_site": site,
            "wbc": measured(given["Leukocyte count"]),
            "platelets": measured(given["Platelet count"]),
            "haemoglobin_low_or_esa": coded(given["Hemoglobin level <10 g/dL or using RBC growth factors"]),
            "bmi": measured(given["Body Mass Index"]),
        }
        assert graph("khorana", mine)["points"] == float(expected["Khorana Risk Score"])


@pytest.mark.parametrize(
    ("name", "value", "gain"),
    [
        ("platelets", 349.9, 0),
        ("platelets", 350, 1),
        ("wbc", 11, 0),
        ("wbc", 11.1, 1),
        ("bmi", 34.9, 0),
        ("bmi", 35, 1),
    ],
)
def test_khorana_at_its_limits(name: str, value: float, gain: float) -> None:
    assert points("khorana", **{name: value}) == gain
    assert points("khorana", cancer_site="pancreas") == 2


def test_capra_cases() -> None:
    found = list(cases("UCSF_CAPRA"))
    assert found
    for given, expected in found:
        primary, secondary = coded(given["Primary"]), coded(given["Secondary"])
        pattern = "primary" if primary > 3 else "secondary" if secondary > 3 else "none"
        mine: Given = {
            "age": measured(expected["Age"]),
            "psa": measured(given["PSA value at diagnosis"]),
            "gleason_pattern": pattern,
            "clinical_t3a": float(coded(given["T stage"]) == 5),
            "positive_cores": 34 if coded(given["Percent biopsy cores positive for cancer"]) else 33,
        }
        assert graph("capra", mine)["points"] == float(expected["Total score"])


@pytest.mark.parametrize(
    ("psa", "gain"), [(6, 0), (6.1, 1), (10, 1), (10.1, 2), (20, 2), (20.1, 3), (30, 3), (30.1, 4)]
)
def test_capra_counts_psa_above_its_limits(psa: float, gain: float) -> None:
    assert points("capra", psa=psa) == gain
    assert points("capra", age=49.9) == 0
    assert points("capra", age=50) == 1
    assert answer("capra", reference("capra", psa=1.9))[0] == "out_of_scope"


def test_mipi_cases() -> None:
    found = list(cases("MIPI"))
    assert found
    for given, expected in found:
        ki67 = given.get("Ki-67")
        mine: Given = {
            "age": measured(given["Age"]),
            "ecog_status": "2" if "2-4" in given["ECOG"] else "1",
            "ldh": measured(given["Serum LDH"]),
            "ldh_upper_limit": measured(given["Upper limit of normal for serum LDH"]),
            "wbc": measured(given["White cell count"]),
            "ki67_percent": measured(ki67) if ki67 else None,
        }
        status, numbers, _codes = answer("mipi", mine)
        assert status == "ready"
        assert round(numbers["points"], 1) == measured(expected["MIPI (Ki-67 not included)"])
        if ki67:
            assert round(numbers["points_with_ki67"], 1) == measured(expected["MIPIb (Ki-67 included)"])
        else:
            assert np.isnan(numbers["points_with_ki67"])


def test_a_mipi_just_below_a_limit_is_not_rounded_up_into_the_next_group() -> None:
    """Hoster 2008: low below 5.7, intermediate below 6.2."""
    output = bundle("mipi").manifest.outputs[0]
    texts = [category_of(output, value) for value in (5.66, 5.7, 6.16, 6.2)]
    assert [each and each.text for each in texts] == [
        "Low risk", "Intermediate risk", "Intermediate risk", "High risk",
    ]  # fmt: skip


def test_sokal_cases() -> None:
    found = [(given, expected) for given, expected in cases("Sokal") if "Sokal score" in expected]
    assert len(found) == 3
    for given, expected in found:
        spleen, _comma, unit = given["Spleen size "].partition(",")
        mine: Given = {
            "age": measured(given["Age"]),
            "spleen_below_margin": float(spleen) * (2.54 if unit == "in" else 1),
            "platelets": measured(given["Platelet count"]),
            "circulating_blasts": measured(given["% myeloblasts"]),
        }
        assert round(graph("sokal", mine)["hazard"], 1) == measured(expected["Sokal score"])


def test_myeloma_stage_cases() -> None:
    found = list(cases("R-ISS"))
    assert found
    for given, expected in found:
        beta2 = given["Serum β2 microglobulin"]
        mine: Given = {
            "beta2_microglobulin": 3 if "<3.5" in beta2 else 6 if ">5.4" in beta2 else 4,
            "albumin": 3 if "<3.5" in given["Serum albumin"] else 4,
            "high_risk_cytogenetics": float("High" in given["CA by iFISH"]),
            "ldh_raised": float("High" in given["LDH"]),
        }
        stage = expected["R-ISS Stage"].split("|")[1].removeprefix("R-ISS ")
        assert graph("r_iss", mine)["stage"] == {"I": 1, "II": 2, "III": 3}[stage]
    assert points("r_iss", beta2_microglobulin=5.5, ldh_raised=1) == 3
    assert points("r_iss", beta2_microglobulin=5.4, ldh_raised=1) == 2


def test_the_other_cases_of_blood_cancers() -> None:
    for given, expected in cases("FLIPI"):
        mine = reference(
            "flipi",
            age=measured(expected["Age"]),
            nodal_areas_over_4=coded(given[">4 nodal sites"]),
            ldh_raised=coded(given["LDH elevated"]),
            stage_3_4=coded(given["Stage III-IV"]),
            haemoglobin=measured(given["Haemoglobin"]) / 10,
        )
        assert graph("flipi", mine)["points"] == float(expected["Total score"])
    for given, expected in cases("International_Prognostic_Index_for"):
        assert points("ipi", age=measured(given["Age"])) == float(expected["Points"])
    for given, expected in cases("international_prognostic_index_chronic"):
        mine = reference(
            "cll_ipi",
            age=measured(given["Age"]),
            cll_stage_advanced=coded(given["Clinical stage"]),
            beta2_microglobulin=measured(given["Serum β2 microglobulin"]),
            ighv_unmutated=coded(given["IGHV mutational status"]) / 2,
            tp53_abnormal=coded(given["TP53 status"]) / 4,
        )
        assert graph("cll_ipi", mine)["points"] == float(expected["CLL-IPI Score"])
    for _given, expected in cases("Dynamic_International"):
        found = points("dipss", age=66, wbc=26, haemoglobin=9.9, circulating_blasts=1)
        assert found == float(expected["Total"])


def test_kidney_cancer_cases() -> None:
    seen = 0
    for given, expected in cases("IMDC"):
        if "IMDC Risk Score" not in expected:
            continue
        seen += 1
        mine = reference(
            "imdc",
            karnofsky=float(given["Karnofsky score"]),
            treated_within_1_year=1,
            corrected_calcium_raised=1,
            haemoglobin_below_limit=float(measured(given["Haemoglobin"]) < 120),
            platelets_raised=float(measured(given["Platelet count"]) > 400_000),
            neutrophils_raised=float(measured(given["Neutrophils"]) > 7),
        )
        assert graph("imdc", mine)["points"] == float(expected["IMDC Risk Score"])
    assert seen == 2
    assert points("imdc", karnofsky=80) == 0
    assert points("imdc", karnofsky=70) == 1


def test_inflammation_points_of_the_glasgow_score() -> None:
    assert points("glasgow_prognostic", crp=10, albumin=3.5) == 0
    assert points("glasgow_prognostic", crp=10, albumin=3.4) == 1
    assert points("glasgow_prognostic", crp=10.1, albumin=3.5) == 1
    assert points("glasgow_prognostic", crp=11, albumin=3) == 2


def test_mascc_has_26_points_for_the_lowest_risk_and_counts_each_item() -> None:
    assert points("mascc") == 26
    worst = points(
        "mascc",
        burden_of_illness="severe",
        hypotension=1,
        copd=1,
        fungal_risk="blood_cancer_with_fungal_infection",
        dehydration=1,
        fever_as_outpatient=0,
        age=60,
    )
    assert worst == 0
    assert points("mascc", burden_of_illness="moderate") == 24
    assert points("mascc", age=59.9) == 26


@each
def test_a_prognosis_stands_apart_and_rare_indices_come_on_request(model: str) -> None:
    manifest = bundle(model).manifest
    if model not in ("khorana", "mascc", "plcom2012", "mayo_nodule"):
        assert manifest.group == "prognosis"
        assert manifest.on_request


def test_plcom2012_outside_the_ages_of_its_trial_says_so() -> None:
    assert "above_seen" in answer("plcom2012", {**SMOKER, "age": 78})[2]
    assert "above_seen" not in answer("plcom2012", {**SMOKER, "age": 74})[2]
