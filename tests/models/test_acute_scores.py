"""Acute and hospital scores: steps at their limits, combined items, what is refused and what is adjudicated."""

import csv
import json
import math
from collections.abc import Iterator

import pytest

from medgui.inference.manifest import Manifest
from medgui.inference.manifest_io import read_manifest
from medgui.inference.rules import is_yes_no
from medgui.paths import models_dir
from tests.models.one_row import answer, bundle, graph
from tests.shared_data import data_file

MODELS = [
    "apache2", "caprini", "charlson", "curb65", "four_ts", "glasgow_blatchford", "news2", "padua", "perc", "psi",
    "qsofa", "rockall", "sofa", "wells_dvt", "wells_pe", "years",
]  # fmt: skip
each = pytest.mark.parametrize("model", MODELS)


def well(model: str, **other: float | str | None) -> dict[str, float | str | None]:
    """The reference person of the manifest, changed by *other*."""
    reference = bundle(model).manifest.explanation.reference
    return {name: 0.21 if value == "same" else value for name, value in reference.items()} | other


def points(model: str, **other: float | str | None) -> float:
    return graph(model, well(model, **other))["points"]


def manifest(model: str) -> Manifest:
    return read_manifest(models_dir() / model)


@each
def test_an_acute_score_runs_on_request_and_takes_values_of_one_day(model: str) -> None:
    found = manifest(model)
    assert found.on_request
    if model == "charlson":
        return
    assert found.acute
    days = [
        spec
        for spec in found.inputs
        if spec.max_age_days == 1 and not is_yes_no(spec) and not spec.categories
    ]
    if len(days) > 1:
        (anchor,) = [spec for spec in found.inputs if spec.max_spread_days is not None]
        assert anchor.max_spread_days == 1
        assert {anchor.name, *anchor.spread_with} == {spec.name for spec in days}


@each
def test_without_a_required_input_the_graph_gives_no_points(model: str) -> None:
    name = bundle(model).manifest.outputs[0].name
    required = [spec.name for spec in bundle(model).manifest.inputs if spec.required]
    reference = {"sex": "female", **well(model)} if "sex" in required else well(model)
    reference = {key: "female" if value == "same" else value for key, value in reference.items()}
    assert not math.isnan(graph(model, reference)[name])
    for missing in required:
        assert math.isnan(graph(model, {**reference, missing: None})[name]), missing


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("respiratory_rate", 8, 3), ("respiratory_rate", 9, 1), ("respiratory_rate", 11, 1),
        ("respiratory_rate", 12, 0), ("respiratory_rate", 20, 0), ("respiratory_rate", 21, 2),
        ("respiratory_rate", 24, 2), ("respiratory_rate", 25, 3), ("respiratory_rate", 8.5, 3),
        ("oxygen_saturation", 91, 3), ("oxygen_saturation", 92, 2), ("oxygen_saturation", 94, 1),
        ("oxygen_saturation", 96, 0), ("supplemental_oxygen", 1, 2), ("systolic_bp", 90, 3), ("systolic_bp", 91, 2),
        ("systolic_bp", 100.5, 2), ("systolic_bp", 101, 1), ("systolic_bp", 111, 0), ("systolic_bp", 219, 0),
        ("systolic_bp", 220, 3), ("heart_rate", 40, 3), ("heart_rate", 41, 1), ("heart_rate", 51, 0),
        ("heart_rate", 90, 0), ("heart_rate", 91, 1), ("heart_rate", 111, 2), ("heart_rate", 131, 3),
        ("temperature", 35.0, 3), ("temperature", 35.1, 1), ("temperature", 36.1, 0), ("temperature", 38.0, 0),
        ("temperature", 38.1, 1), ("temperature", 39.0, 1), ("temperature", 39.1, 2),
        ("consciousness", "confusion_or_vpu", 3),
    ],
)  # fmt: skip
def test_news2_has_the_steps_of_the_chart(name: str, value: float | str, expected: int) -> None:
    found = graph("news2", well("news2", **{name: value}))
    assert found == {"points": expected, "highest_parameter": expected}


@pytest.mark.parametrize(
    ("saturation", "oxygen", "expected"),
    [
        (83, 0, 3), (84, 0, 2), (86, 0, 1), (88, 0, 0), (100, 0, 0), (92, 1, 0), (93, 1, 1), (94, 1, 1),
        (95, 1, 2), (96, 1, 2), (97, 1, 3), (87, 1, 1),
    ],
)  # fmt: skip
def test_news2_scale_2_counts_too_much_oxygen_only_on_oxygen(
    saturation: int, oxygen: int, expected: int
) -> None:
    found = points("news2", oxygen_saturation=saturation, supplemental_oxygen=oxygen, spo2_scale="2")
    assert found == expected + 2 * oxygen


def test_news2_takes_scale_1_where_none_was_chosen_and_names_its_source() -> None:
    assert points("news2", oxygen_saturation=90, spo2_scale=None) == 3
    assert "Royal College of Physicians" in manifest("news2").summary["zh"]
    assert answer("news2", well("news2"), age=15)[0] == "out_of_scope"
    assert answer("news2", well("news2"), age=40, pregnant=1)[0] == "out_of_scope"


@pytest.mark.parametrize(
    ("ratio", "support", "expected"),
    [(99, 1, 4), (99, 0, 2), (199, 1, 3), (200, 1, 2), (300, 1, 1), (400, 0, 0)],
)
def test_sofa_gives_3_and_4_for_the_lung_only_with_support(ratio: float, support: int, expected: int) -> None:
    assert points("sofa", pao2_fio2=ratio, respiratory_support=support) == expected


def test_curb65_counts_urea_above_7_in_either_conversion_and_a_diastolic_pressure_of_60() -> None:
    assert points("curb65", bun=7.0 * 2.8) == points("curb65", bun=7.0 * 2.8014) == 0
    assert points("curb65", bun=7.1 * 2.8) == 1
    assert points("curb65", diastolic_bp=60) == points("curb65", systolic_bp=89) == 1
    assert points("curb65", diastolic_bp=60, systolic_bp=89) == 1
    assert points("curb65", diastolic_bp=61, systolic_bp=90) == 0
    assert (points("curb65", age=64), points("curb65", age=65)) == (0, 1)


def test_curb65_refuses_a_diastolic_above_the_systolic_pressure() -> None:
    status, outputs, _codes = answer("curb65", well("curb65", systolic_bp=100, diastolic_bp=130))
    assert status == "refused"
    assert math.isnan(outputs["points"])


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"age": 50}, (50, 1)), ({"age": 51}, (51, 2)), ({"age": 50, "nursing_home": 1}, (60, 1)),
        ({"age": 50, "bun": 30}, (70, 1)), ({"age": 50, "heart_failure": 1}, (60, 2)), ({"age": 70}, (70, 2)),
        ({"age": 71}, (71, 3)), ({"age": 90}, (90, 3)), ({"age": 91}, (91, 4)), ({"age": 70, "sex": "female"}, (60, 2)),
        ({"age": 100, "neoplastic_disease": 1}, (130, 4)), ({"age": 101, "neoplastic_disease": 1}, (131, 5)),
        ({"age": 60, "temperature": 40}, (75, 3)), ({"age": 60, "temperature": 34.9}, (75, 3)),
        ({"age": 60, "arterial_ph": 7.34}, (90, 3)), ({"age": 60.9}, (60, 2)),
    ],
)  # fmt: skip
def test_psi_finds_class_1_before_any_test(given: dict[str, float], expected: tuple[int, int]) -> None:
    found = graph("psi", well("psi", **given))
    assert (found["points"], found["risk_class"]) == expected


def test_wells_bands_part_at_4_and_at_1() -> None:
    four = {"clinical_signs_of_dvt": 1, "haemoptysis": 1}
    assert points("wells_pe", **four) == 4
    assert points("wells_pe", clinical_signs_of_dvt=1, prior_vte=1) == 4.5
    bands = manifest("wells_pe").outputs[0].bands
    assert [band.lo <= 4 < band.hi for band in bands] == [True, False]
    assert points("wells_dvt", alternative_diagnosis_as_likely=1) == -2


def test_years_lowers_the_d_dimer_limit_with_one_item() -> None:
    none = graph("years", well("years", d_dimer=999))
    assert none == {"points": 0, "d_dimer_limit": 1000, "embolism_excluded": 1}
    one = graph("years", well("years", haemoptysis=1, d_dimer=500))
    assert one == {"points": 1, "d_dimer_limit": 500, "embolism_excluded": 0}
    status, outputs, codes = answer("years", well("years", d_dimer=None), pregnant=1)
    assert status == "ready"
    assert math.isnan(outputs["embolism_excluded"])
    assert "pregnancy" in codes


def test_blatchford_has_limits_by_sex_and_in_urea() -> None:
    sexes = ("female", "male")
    assert [points("glasgow_blatchford", sex=sex, haemoglobin=12) for sex in sexes] == [0, 1]
    assert [points("glasgow_blatchford", sex=sex, haemoglobin=10) for sex in sexes] == [1, 3]
    assert [points("glasgow_blatchford", sex=sex, haemoglobin=9.9) for sex in sexes] == [6, 6]
    for urea, expected in ((6.4, 0), (6.5, 2), (7.9, 2), (8.0, 3), (9.9, 3), (10, 4), (24.9, 4), (25, 6)):
        for factor in (2.8, 2.8014):
            assert points("glasgow_blatchford", sex="male", bun=urea * factor) == expected


def test_rockall_before_endoscopy_needs_no_endoscopy() -> None:
    seen = {"endoscopic_diagnosis": None, "major_stigmata_of_haemorrhage": None}
    status, outputs, _codes = answer("rockall", well("rockall", age=80, heart_rate=100, **seen))
    assert status == "ready"
    assert outputs["points_pre_endoscopy"] == 3
    assert math.isnan(outputs["points"])
    assert points("rockall", systolic_bp=99, heart_rate=120) == 2


def test_charlson_counts_the_graver_form_alone_and_age_from_50() -> None:
    pair = {"diabetes_uncomplicated": 1, "diabetes_complicated": 1}
    assert points("charlson", **pair) == 2
    assert points("charlson", liver_disease_mild=1, liver_disease_moderate_severe=1) == 3
    assert points("charlson", solid_tumour=1, metastatic_solid_tumour=1) == 6
    ages = {49: 0, 50: 1, 59: 1, 60: 2, 70: 3, 79: 3, 80: 4, 95: 4}
    found = {age: graph("charlson", well("charlson", age=age))["points_age_adjusted"] for age in ages}
    assert found == ages
    status, outputs, _codes = answer("charlson", well("charlson", age=None))
    assert (status, outputs["points"]) == ("ready", 0)


def test_apache2_takes_gradient_or_pressure_by_the_inhaled_fraction() -> None:
    assert points("apache2", fio2=0.49, pao2=54, aa_gradient=None) == 4
    assert points("apache2", fio2=0.5, pao2=None, aa_gradient=500) == 4
    assert [points("apache2", pao2=p) for p in (71, 70, 61, 60, 55, 54.9)] == [0, 1, 1, 3, 3, 4]
    assert [points("apache2", mean_arterial_pressure=p) for p in (49, 50, 69, 70, 110, 160)] == [
        4,
        2,
        2,
        0,
        2,
        4,
    ]
    assert points("apache2", creatinine=3.5, acute_renal_failure=1) == 8
    assert points("apache2", acute_renal_failure=None) == 0
    assert math.isnan(points("apache2", creatinine=3.5, acute_renal_failure=None))
    assert points("apache2", glasgow_coma_scale=3) == 12


def rows(calculator: str) -> Iterator[tuple[dict[str, object], str]]:
    with data_file("equations/clincalc.csv").open(newline="", encoding="utf-8") as f:
        for line in csv.DictReader(f):
            if line["calculator"] == calculator:
                yield json.loads(line["input_json"]), line["result"]


def test_impossible_rows_are_refused_though_the_graph_agrees_with_them() -> None:
    count = 0
    for told, result in rows("sofa"):
        given = {
            "pao2_fio2": told["pao2_fio2"],
            "respiratory_support": told["respiratory_support"],
            "platelets": told["platelets"],
            "glasgow_coma_scale": told["gcs"],
            "bilirubin_total": told["bilirubin"] / (17.1 if told["bilirubin_unit"] == "umol/L" else 1),
            "creatinine": told["creatinine"] / (88.4 if told["creatinine_unit"] == "umol/L" else 1),
            "cardiovascular_support": SUPPORT[told["cardiovascular"]],
        }
        assert graph("sofa", given)["points"] == float(result)
        status, outputs, _codes = answer("sofa", given)
        assert status == "out_of_scope"
        assert math.isnan(outputs["points"])
        count += 1
    assert count > 10


SUPPORT = {
    "map-at-least70": "map_at_least_70",
    "map-below70": "map_below_70",
    "dopamine-low": "dopamine_up_to_5_or_dobutamine",
    "moderate-vasopressors": "dopamine_over_5_or_adrenaline_or_noradrenaline_up_to_0_1",
    "high-vasopressors": "dopamine_over_15_or_adrenaline_or_noradrenaline_over_0_1",
}


def test_a_haemoglobin_below_1_is_refused_by_blatchford_though_the_graph_agrees() -> None:
    names = {
        "sex": "sex", "systolic_bp": "systolic_bp_mm_hg", "heart_rate": "heart_rate_bpm", "melaena": "melaena",
        "syncope": "syncope", "liver_disease": "hepatic_disease", "heart_failure": "cardiac_failure",
    }  # fmt: skip
    for told, result in rows("glasgow_blatchford"):
        given = {ours: told[theirs] for ours, theirs in names.items()}
        given |= {"bun": told["urea_mmol_l"] * 2.8, "haemoglobin": told["haemoglobin_g_l"] / 10}
        assert graph("glasgow_blatchford", given)["points"] == float(result)
        assert answer("glasgow_blatchford", given)[0] == "out_of_scope"


def test_apache2_agrees_even_where_nobody_could_be_alive_and_refuses_it() -> None:
    names = {
        "age": "age", "aa_gradient": "aa_gradient_mm_hg", "pao2": "pao2_mm_hg", "fio2": "fio2",
        "acute_renal_failure": "acute_renal_failure", "arterial_ph": "arterial_ph",
        "chronic_health": "chronic_health_status", "creatinine": "creatinine_mg_dl",
        "glasgow_coma_scale": "glasgow_coma_scale", "heart_rate": "heart_rate", "haematocrit": "hematocrit_percent",
        "mean_arterial_pressure": "mean_arterial_pressure_mm_hg", "potassium": "potassium_mmol_l",
        "respiratory_rate": "respiratory_rate", "sodium": "sodium_mmol_l", "temperature": "temperature_c",
        "wbc": "wbc_10_9_l",
    }  # fmt: skip
    for told, result in rows("apache2"):
        given = {ours: told.get(theirs) for ours, theirs in names.items()}
        given["acute_renal_failure"] = bool(told.get("acute_renal_failure"))
        assert graph("apache2", given)["points"] == float(result)
        assert answer("apache2", given)[0] == "out_of_scope"


def test_charlson_differs_from_the_other_program_only_at_whole_decades() -> None:
    names = {
        "heart_failure": "congestive_heart_failure", "hemiplegia": "hemiplegia_paraplegia",
        "liver_disease_mild": "mild_liver_disease", "solid_tumour": "solid_tumour_non_metastatic",
    }  # fmt: skip
    for told, result in rows("charlson"):
        inputs = [spec.name for spec in bundle("charlson").manifest.inputs]
        found = graph("charlson", {name: told[names.get(name, name)] for name in inputs})
        mine = found["points_age_adjusted" if told["include_age_adjustment"] else "points"]
        later = told["include_age_adjustment"] and told["age"] in (50, 60, 70, 80)
        assert mine - float(result) == (1 if later else 0)


def test_years_agrees_with_the_guideline_library() -> None:
    with data_file("equations/gdl2_cases.csv").open(newline="", encoding="utf-8") as f:
        cases = [line for line in csv.DictReader(f) if line["guideline"].startswith("YEARS_Algorithm")]
    assert len(cases) >= 5
    for case in cases:
        told = {key.split("|")[1]: text for key, text in json.loads(case["input_json"]).items()}
        wanted = {key.split("|")[1]: text for key, text in json.loads(case["expected_json"]).items()}
        names = {
            "clinical_signs_of_dvt": "Clinical signs of DVT",
            "haemoptysis": "Hemoptysis",
            "pe_most_likely_diagnosis": "PE most likely diagnosis",
        }
        given: dict[str, float] = {ours: float(told[theirs].split("|")[0]) for ours, theirs in names.items()}
        if "D-dimer, ng/ml" in told:
            given["d_dimer"] = float(told["D-dimer, ng/ml"].split(",")[0])
        found = graph("years", given)
        assert found["points"] == wanted["YEARS score"]
        if "d_dimer" in given:
            assert found["embolism_excluded"] == ("PE excluded" in wanted["Recommendation"])


def ticked(model: str) -> dict[str, float | str | None]:
    """Every yes/no of the score answered with yes, at the highest age."""
    return well(model, **{spec.name: 1 for spec in manifest(model).inputs if is_yes_no(spec)}, age=100)


@pytest.mark.parametrize("model", ["caprini", "charlson", "padua"])
def test_the_highest_total_is_the_end_of_the_scale_and_lies_in_a_band(model: str) -> None:
    found = graph(model, ticked(model))
    for spec in manifest(model).outputs:
        assert spec.scale[1] == found[spec.name]
        assert not spec.bands or spec.bands[-1].lo <= found[spec.name] < spec.bands[-1].hi


def test_a_low_total_of_news2_says_that_one_parameter_may_still_be_urgent() -> None:
    total, highest = manifest("news2").outputs
    found = graph("news2", well("news2", respiratory_rate=8))
    assert (found["points"], found["highest_parameter"]) == (3, 3)
    band = next(each for each in total.bands if each.lo <= found["points"] < each.hi)
    assert "unless one parameter scores 3" in band.text["en"]
    assert highest.bands[-1].level == "caution"


def test_caprini_says_which_items_of_the_paper_are_not_asked_for() -> None:
    assert "Multiple trauma" in manifest("caprini").not_for["en"]
    assert "多发伤" in manifest("caprini").not_for["zh"]
