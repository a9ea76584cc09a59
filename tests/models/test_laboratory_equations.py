"""Everyday formulas: independent implementations, values that cannot be true, specimens apart, one sample."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pytest

from medgui.inference.manifest import Manifest
from medgui.record.variables import VARIABLES, by_code
from tests.models.equation_rows import (
    answer,
    arithmetic,
    bundle,
    clincalc,
    gdl2,
    medcalc_bench,
    medcalcehr,
    score,
)

MG_CREATININE, MMOL_CHOLESTEROL, MMOL_TRIGLYCERIDES, MMOL_GLUCOSE = 88.4, 38.67, 88.57, 18.016
LABORATORY = [
    *("corrected_calcium", "corrected_sodium", "anion_gap", "delta_ratio", "serum_osmolality"),
    *("free_water_deficit", "albumin_creatinine_ratio", "fena", "feurea", "urine_anion_gap"),
    *("ldl_cholesterol", "ldl_sampson", "homa_ir", "average_glucose", "fatty_liver_index"),
    *("body_surface_area", "ideal_body_weight", "maintenance_fluids", "mean_arterial_pressure", "qtc"),
]


@pytest.mark.parametrize("model", LABORATORY)
def test_a_formula_that_only_restates_values_waits_to_be_asked(model: str) -> None:
    assert bundle(model).manifest.on_request


@pytest.mark.parametrize("model", LABORATORY)
def test_a_missing_value_gives_no_number(model: str) -> None:
    made = bundle(model)
    person = {
        name: 30.0 if value == "same" else value
        for name, value in made.manifest.explanation.reference.items()
    }
    person |= {name: "male" for name in person if name == "sex"}
    assert answer(model, person).status_of(0) == "ready"
    for name in (spec.name for spec in made.manifest.inputs if spec.required):
        lacking = {key: value for key, value in person.items() if key != name}
        assert answer(model, lacking).status_of(0) == "missing_input", name


def together(manifest: Manifest) -> set[str]:
    return {name for spec in manifest.inputs if spec.spread_with for name in (spec.name, *spec.spread_with)}


@pytest.mark.parametrize(
    "model",
    ["corrected_calcium", "corrected_sodium", "anion_gap", "delta_ratio", "serum_osmolality", "fena", "feurea",
     "urine_anion_gap", "albumin_creatinine_ratio", "ldl_cholesterol", "ldl_sampson", "homa_ir"],
)  # fmt: skip
def test_the_values_of_a_formula_are_of_one_day(model: str) -> None:
    manifest = bundle(model).manifest
    assert together(manifest) >= {spec.name for spec in manifest.inputs if spec.required}
    apart = {spec.max_spread_days for spec in manifest.inputs if len(spec.spread_with) > 1 or spec.required}
    several = model in ("corrected_calcium", "fena", "feurea")  # albumin is slow, urine is of another vessel
    assert apart - {None} == {1 if several else 0}


def test_urine_and_ascites_never_stand_for_serum() -> None:
    for model in ("fena", "feurea", "urine_anion_gap", "albumin_creatinine_ratio"):
        names = {spec.name for spec in bundle(model).manifest.inputs}
        assert any("urine" in name for name in names)
    for code, name in (
        ("2955-3", "sodium_urine"),
        ("2828-2", "potassium_urine"),
        ("2078-4", "chloride_urine"),
    ):
        found = by_code(code)
        assert found is not None
        assert found.name == name
    assert VARIABLES["albumin_ascites"].codes == ()


# Electrolytes


def test_corrected_calcium_agrees_with_independent_implementations() -> None:
    for given, wanted in clincalc("corrected_calcium"):
        albumin = given["albumin"] / (10 if given["albumin_unit"] == "g/L" else 1)
        factor = 4.008 if given["calcium_unit"] == "mmol/L" else 1.0
        found = arithmetic("corrected_calcium", calcium=given["calcium"] * factor, albumin=albumin)
        assert found["corrected_calcium"] / factor == pytest.approx(wanted, abs=0.0071)
    for entities, answers in medcalc_bench("Calcium Correction for Hypoalbuminemia"):
        found = score("corrected_calcium", calcium=entities["Calcium"][0], albumin=entities["Albumin"][0])
        assert found["corrected_calcium"] == pytest.approx(answers[1], abs=0.006)


def test_corrected_sodium_by_both_factors() -> None:
    for given, wanted in clincalc("corrected_sodium"):
        glucose = given["glucose"] * (MMOL_GLUCOSE if given["glucose_unit"] == "mmol/L" else 1)
        found = score("corrected_sodium", sodium=given["sodium"], glucose=glucose)
        name = "corrected_sodium" if given["method"] == "katz" else "corrected_sodium_hillier"
        assert found[name] == pytest.approx(wanted, abs=0.056), given
    for entities, answers in medcalc_bench("Sodium Correction for Hyperglycemia"):
        glucose = entities["Glucose"][0] * (MMOL_GLUCOSE if entities["Glucose"][1] == "mmol/L" else 1)
        found = score("corrected_sodium", sodium=entities["Sodium"][0], glucose=glucose)
        assert found["corrected_sodium"] == pytest.approx(answers[1], abs=0.03)


def test_the_anion_gap_with_and_without_albumin_and_potassium() -> None:
    for given, wanted in clincalc("anion_gap"):
        row = {name: given[f"{name}_mmol_l"] for name in ("sodium", "chloride", "bicarbonate")}
        if "potassium_mmol_l" in given:
            row["potassium"] = given["potassium_mmol_l"]
        if "albumin_g_l" in given:
            row["albumin"] = given["albumin_g_l"] / 10
        found = score("anion_gap", **row)
        plain = found["anion_gap_potassium" if "potassium" in row else "anion_gap"]
        more = found["anion_gap_corrected"] - found["anion_gap"] if "albumin" in row else 0.0
        assert plain + more == pytest.approx(wanted, abs=0.056), given
        assert ("albumin" in row) is bool(np.isfinite(found["anion_gap_corrected"]))


def electrolytes(entities: dict[str, Any]) -> dict[str, float]:
    row = {name.lower(): values[0] for name, values in entities.items()}
    if "Albumin" in entities and entities["Albumin"][1] == "g/L":
        row["albumin"] /= 10
    return row


def agree(
    rows: Iterable[tuple[dict[str, Any], list[float]]], compute: Callable[[dict[str, Any]], float]
) -> int:
    """How many rows have the original answer or that of the audit; entities and audit differ in a few."""
    return sum(
        any(abs(compute(entities) - wanted) <= 0.006 + 0.001 * abs(wanted) for wanted in answers)
        for entities, answers in rows
    )


@pytest.mark.parametrize(
    ("calculator", "model", "output"),
    [
        ("Anion Gap", "anion_gap", "anion_gap"),
        ("Albumin Corrected Anion Gap", "anion_gap", "anion_gap_corrected"),
        ("Delta Gap", "anion_gap", "delta_gap"),
        ("Albumin Corrected Delta Gap", "anion_gap", "delta_gap_corrected"),
        ("Delta Ratio", "delta_ratio", "delta_ratio"),
        ("Albumin Corrected Delta Ratio", "delta_ratio", "delta_ratio_corrected"),
    ],
)
def test_acidosis_of_an_audited_collection(calculator: str, model: str, output: str) -> None:
    rows = medcalc_bench(calculator)
    assert rows
    assert agree(rows, lambda entities: arithmetic(model, **electrolytes(entities))[output]) == len(rows)


def test_a_delta_ratio_is_refused_where_bicarbonate_has_not_fallen() -> None:
    row = {"sodium": 140, "chloride": 104}
    assert answer("delta_ratio", {**row, "bicarbonate": 23.9}).status_of(0) == "ready"
    for bicarbonate in (24, 28.2):
        assert answer("delta_ratio", {**row, "bicarbonate": bicarbonate}).status_of(0) == "out_of_scope"


def test_osmolality_with_its_gap_and_with_ethanol() -> None:
    for given, expected in medcalcehr("serum-osmolality"):
        row = {"sodium": given["osmo-na"], "glucose": given["osmo-glucose"], "bun": given["osmo-bun"]}
        found = score(
            "serum_osmolality",
            **row,
            **({"ethanol": given["osmo-ethanol"]} if "osmo-ethanol" in given else {}),
        )
        assert found["osmolality"] == pytest.approx(expected["Calculated Osmolality"], abs=0.06)
        assert np.isnan(found["osmolal_gap"])
    found = score("serum_osmolality", sodium=140, glucose=90, bun=14, osmolality_measured=310)
    assert found == pytest.approx({"osmolality": 290.0, "osmolal_gap": 20.0})


def test_water_is_lacking_only_where_sodium_is_high() -> None:
    for given, expected in medcalcehr("free-water-deficit"):
        age = 75 if given["fwd-age-range"] == "elderly" else 50
        row = {
            "age": age,
            "sex": given["fwd-sex"],
            "weight": given["fwd-weight"],
            "sodium": given["fwd-sodium"],
        }
        if given["fwd-sodium"] < 140:
            assert answer("free_water_deficit", row).status_of(0) == "out_of_scope"
            continue
        found = score("free_water_deficit", **row)["free_water_deficit"]
        assert found == pytest.approx(float(expected["Free Water Deficit"]), abs=0.05)


@pytest.mark.parametrize(
    ("age", "sex", "share"),
    [
        (17.9, "female", 0.6),
        (18, "female", 0.5),
        (64.9, "male", 0.6),
        (65, "male", 0.5),
        (65, "female", 0.45),
    ],
)
def test_the_share_of_water_by_age_and_sex(age: float, sex: str, share: float) -> None:
    found = score("free_water_deficit", age=age, sex=sex, weight=70, sodium=154)["free_water_deficit"]
    assert found == pytest.approx(70 * share * 0.1)


# Urine


def test_the_fractional_excretion_agrees_with_independent_implementations_and_is_never_over_100() -> None:
    refused = 0
    for given, text in clincalc("fena"):
        row = {
            "sodium": given["plasma_sodium"],
            "creatinine": given["plasma_creatinine"] / MG_CREATININE,
            "sodium_urine": given["urine_sodium"],
            "urine_creatinine": given["urine_creatinine"] / MG_CREATININE,
        }
        wanted = float(text)
        assert arithmetic("fena", **row)["fena"] == pytest.approx(wanted, abs=0.006)
        assert answer("fena", row).status_of(0) == ("ready" if wanted <= 100 else "out_of_scope")
        refused += wanted > 100
    assert refused
    for given, expected in medcalcehr("fena"):
        row = {
            "sodium": given["fena-serum-na"],
            "creatinine": given["fena-serum-creat"],
            "sodium_urine": given["fena-urine-na"],
            "urine_creatinine": given["fena-urine-creat"],
        }
        assert score("fena", **row)["fena"] == pytest.approx(
            float(expected["Fractional Excretion of Sodium"]), abs=0.006
        )


def test_what_cannot_be_excreted_is_said_in_words() -> None:
    row = {"sodium": 140, "creatinine": 4.0, "sodium_urine": 150, "urine_creatinine": 1.0}
    batch = answer("fena", row)
    assert [mark.text for mark in batch.marks.of(0)][-1] == "does_not_hold:fena"
    assert "check the units" in bundle("fena").manifest.outputs[0].holds_reason["en"]


def test_fractional_urea_and_the_gap_of_urine() -> None:
    for given, expected in medcalcehr("feurea"):
        row = {
            "bun": given["feurea-serum-urea"],
            "creatinine": given["feurea-serum-cr"],
            "urea_nitrogen_urine": given["feurea-urine-urea"],
            "urine_creatinine": given["feurea-urine-cr"],
        }
        assert score("feurea", **row)["feurea"] == pytest.approx(
            float(expected["Fractional Excretion of Urea"])
        )
    for given, expected in gdl2("Urine_anion_gap.v1"):
        sodium, chloride, potassium = (float(cell.split(",")[0]) for cell in given.values())
        row = {"sodium_urine": sodium, "chloride_urine": chloride, "potassium_urine": potassium}
        wanted = float(expected["Urine anion gap"].split(",")[0])
        assert score("urine_anion_gap", **row)["urine_anion_gap"] == pytest.approx(wanted)


def test_albuminuria_from_one_sample() -> None:
    found = score("albumin_creatinine_ratio", albumin_urine=50, urine_creatinine=100)
    assert found["uacr"] == pytest.approx(50.0)
    compared = 0
    for given, wanted in clincalc("uacr"):
        if "albumin" in given:
            milligram = given["creatinine"] * 1000 / MG_CREATININE
            row = {"albumin_urine": given["albumin"], "urine_creatinine": milligram}
            found = arithmetic("albumin_creatinine_ratio", **row)
            assert found["uacr"] / 8.84 == pytest.approx(wanted, abs=0.051), given
            compared += 1
    assert compared > 5


# Lipids and glucose


def test_ldl_by_friedewald_and_sampson_agrees_with_an_independent_implementation() -> None:
    compared = 0
    for given, wanted in clincalc("ldl_cholesterol"):
        if given["unit"] != "mmol/L":
            continue
        row = {name: given[name] * MMOL_CHOLESTEROL for name in ("total_cholesterol", "hdl_cholesterol")}
        row["triglycerides"] = given["triglycerides"] * MMOL_TRIGLYCERIDES
        for model, key in (("ldl_cholesterol", "ldl_friedewald"), ("ldl_sampson", "ldl_sampson_nih")):
            batch = answer(model, row)
            if wanted[key] is None:
                assert batch.status_of(0) == "out_of_scope", given
                continue
            (found,) = batch.outputs.values()
            assert found[0] / MMOL_CHOLESTEROL == pytest.approx(wanted[key], abs=0.0006), (model, given)
            compared += 1
    assert compared > 10


def test_friedewald_ends_at_triglycerides_of_400_and_sampson_at_800() -> None:
    lipids = {"total_cholesterol": 250, "hdl_cholesterol": 40}
    for model, limit in (("ldl_cholesterol", 400), ("ldl_sampson", 800)):
        assert answer(model, {**lipids, "triglycerides": limit}).status_of(0) == "ready"
        assert answer(model, {**lipids, "triglycerides": limit + 1}).status_of(0) == "out_of_scope"
    for given, expected in medcalcehr("ldl"):
        row = {
            "total_cholesterol": given["ldl-tc"],
            "hdl_cholesterol": given["ldl-hdl"],
            "triglycerides": given["ldl-trig"],
        }
        if expected["Calculated LDL"] == "Invalid":
            assert answer("ldl_cholesterol", row).status_of(0) == "out_of_scope"
        else:
            assert score("ldl_cholesterol", **row)["ldl_cholesterol"] == pytest.approx(
                float(expected["Calculated LDL"])
            )


def test_lipids_that_contradict_each_other_give_no_ldl() -> None:
    assert answer(
        "ldl_cholesterol", {"total_cholesterol": 100, "hdl_cholesterol": 110, "triglycerides": 50}
    ).status_of(0) == ("refused")
    batch = answer(
        "ldl_cholesterol", {"total_cholesterol": 150, "hdl_cholesterol": 120, "triglycerides": 300}
    )
    assert batch.status_of(0) == "out_of_scope"
    assert np.isnan(batch.outputs["ldl_cholesterol"][0])


def test_homa_average_glucose_and_the_fatty_liver_index_agree_with_independent_implementations() -> None:
    for given, wanted in clincalc("homa_ir"):
        glucose = given["fasting_glucose"] * (1.0 if given["glucose_unit"] == "mg/dL" else 18.0)
        found = arithmetic("homa_ir", fasting_glucose=glucose, fasting_insulin=given["fasting_insulin_miu_l"])
        assert found["homa_ir"] == pytest.approx(wanted, abs=0.006)
    for given, expected in medcalcehr("homa-ir"):
        found = score("homa_ir", fasting_glucose=given["homa-glucose"], fasting_insulin=given["homa-insulin"])
        assert found["homa_ir"] == pytest.approx(float(expected["HOMA-IR"]), abs=0.006)
    for given, expected in gdl2("Estimated_Average_Glucose.v1"):
        hba1c = float(given["Hemoglobin A1c (mmol/mol)"].split(",")[0]) / 10.929 + 2.15
        wanted = float(expected["Estimated Average Glucose mmol/l"].split(",")[0])
        assert score("average_glucose", hba1c=hba1c)["average_glucose"] / 18.016 == pytest.approx(
            wanted, abs=0.06
        )
    found = score("fatty_liver_index", bmi=32, waist=75, ggt=23, triglycerides=2 * MMOL_TRIGLYCERIDES)
    assert found["fatty_liver_index"] == pytest.approx(100 / (1 + np.exp(0.1378)), abs=0.05)


def test_insulin_as_a_drug_puts_homa_out_of_scope() -> None:
    row = {"fasting_glucose": 100, "fasting_insulin": 10}
    assert answer("homa_ir", row, insulin_treatment=1.0).status_of(0) == "out_of_scope"


# Body and heart


def test_body_surface_agrees_with_independent_implementations() -> None:
    for given, wanted in clincalc("body_surface_area"):
        found = score("body_surface_area", weight=given["weight_kg"], height=given["height_cm"])
        assert found["body_surface_area"] == pytest.approx(wanted, abs=0.006)
        assert found["body_surface_area_haycock"] == pytest.approx(wanted, rel=0.04)
    for entities, answers in medcalc_bench("Body Surface Area Calculator"):
        found = score("body_surface_area", weight=entities["weight"][0], height=entities["height"][0])
        assert found["body_surface_area"] == pytest.approx(answers[1], abs=0.006)
    child = score("body_surface_area", weight=26, height=130)
    assert child["body_surface_area_du_bois"] == pytest.approx(0.98, abs=0.006)


def centimetres(entities: dict[str, Any]) -> float:
    height, unit = entities["height"]
    return float(height * {"cm": 1, "m": 100, "in": 2.54}[unit])


def test_ideal_weight_agrees_with_independent_implementations_and_starts_at_five_feet() -> None:
    for calculator, output in (
        ("Ideal Body Weight", "ideal_body_weight"),
        ("Adjusted Body Weight", "adjusted_body_weight"),
    ):
        for entities, answers in medcalc_bench(calculator):
            row: dict[str, float | str] = {"sex": entities["sex"].lower(), "height": centimetres(entities)}
            row |= {"weight": entities["weight"][0]} if "weight" in entities else {}
            assert score("ideal_body_weight", **row)[output] == pytest.approx(answers[1], abs=0.006)
    assert answer("ideal_body_weight", {"sex": "female", "height": 150}).status_of(0) == "out_of_scope"


def test_maintenance_fluids_agree_with_independent_implementations() -> None:
    for entities, answers in medcalc_bench("Maintenance Fluids Calculations"):
        weight = entities["weight"][0] / (1000 if entities["weight"][1] == "g" else 1)
        assert score("maintenance_fluids", weight=weight)["maintenance_fluid_rate"] == pytest.approx(
            answers[1]
        )
    for given, expected in gdl2("Holliday-Segar_fluid_maintenance_formula.v1"):
        found = score("maintenance_fluids", weight=float(given["Weight"].split(",")[0]))
        wanted = float(expected["Maintenance fluid requirement"].split(",")[0])
        assert found["maintenance_fluid_day"] == pytest.approx(wanted)
    edges = [score("maintenance_fluids", weight=w)["maintenance_fluid_rate"] for w in (10, 20, 30)]
    assert edges == pytest.approx([40, 60, 70])


def test_the_mean_pressure_agrees_with_an_audited_collection_and_wants_a_possible_reading() -> None:
    for entities, answers in medcalc_bench("Mean Arterial Pressure (MAP)"):
        row = {
            "systolic_bp": entities["Systolic Blood Pressure"][0],
            "diastolic_bp": entities["Diastolic Blood Pressure"][0],
        }
        assert score("mean_arterial_pressure", **row)["mean_bp"] == pytest.approx(answers[1], abs=0.006)
    assert (
        answer("mean_arterial_pressure", {"systolic_bp": 80, "diastolic_bp": 120}).status_of(0) == "refused"
    )


@pytest.mark.parametrize("name", ["bazett", "fridericia", "framingham", "hodges", "rautaharju"])
def test_qtc_agrees_with_an_audited_collection_and_is_qt_at_60(name: str) -> None:
    rows = medcalc_bench(f"QTc {name.title()} Calculator")
    assert rows
    for entities, answers in rows:
        row = {"qt_interval": entities["QT interval"][0], "heart_rate": entities["Heart Rate or Pulse"][0]}
        assert score("qtc", **row)[f"qtc_{name}"] == pytest.approx(answers[1], abs=0.26)
    assert score("qtc", qt_interval=412, heart_rate=60)[f"qtc_{name}"] == pytest.approx(412)
