"""Bedside and hospital scores beyond the public list, against the rows of independent implementations."""

import json
import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from medgui.inference.rules import is_yes_no
from tests.models.one_row import answer, bundle, graph
from tests.models.reference_rows import csv_rows
from tests.shared_data import data_file

Told = dict[str, Any]
Read = Callable[[Told], Told]


def renamed(**names: str) -> Read:
    """Ours to theirs."""
    return lambda told: {ours: told[theirs] for ours, theirs in names.items()}


def lrinec(told: Told) -> Told:
    return {
        "crp": told["crp_mg_l"],
        "wbc": told["wbc_x10_9_l"],
        "haemoglobin": told["haemoglobin_g_dl"],
        "sodium": told["sodium_mmol_l"],
        "creatinine": told["creatinine_umol_l"] / 88.4,
        "glucose": told["glucose_mmol_l"] * 18.016,
    }


def nottingham(told: Told) -> Told:
    return {
        "age": told["age"],
        "sex": "male" if told["male"] else "female",
        "haemoglobin": told["haemoglobin"],
        "abbreviated_mental_test": told["amts"],
        "nursing_home": told["institutionalised"],
        "two_comorbidities": told["comorbidities_two_or_more"],
        "malignancy_history": told["malignancy"],
    }


COMA = {
    "eye_opening": {"no_response": "none"},
    "verbal_response": {"no_response": "none", "orientated": "oriented"},
    "motor_response": {"no_response": "none", "obey_commands": "obeys_commands"},
}
NEWBORN = {
    "newborn_colour": (
        "appearance",
        {"pink_body_blue_extremities": "body_pink", "completely_pink": "pink"},
    ),
    "newborn_pulse": ("heart_rate", {}),
    "newborn_reflex": (
        "reflex_irritability",
        {"no_response": "none", "cough_sneeze_or_active_withdrawal": "active"},
    ),
    "newborn_tone": ("muscle_tone", {"flaccid": "limp", "active_motion": "active"}),
    "newborn_breathing": ("respiratory_effort", {"good_with_vigorous_cry": "good"}),
}


def coma(told: Told) -> Told:
    return {
        name: words.get(told[name], None if told[name] == "not_testable" else told[name])
        for name, words in COMA.items()
    }


def newborn(told: Told) -> Told:
    return {name: words.get(told[key], told[key]) for name, (key, words) in NEWBORN.items()}


def das28(told: Told) -> Told:
    return {
        "tender_joints_28": told["tender_joint_count"],
        "swollen_joints_28": told["swollen_joint_count"],
        "patient_global_health": told["global_health"],
        told["marker"]: told["marker_value"],
    }


def dic(told: Told) -> Told:
    return {
        "platelets": told["platelet_count_10_9_l"],
        "d_dimer_multiple": told["d_dimer_multiple_of_uln"],
        "pt_prolongation": told["pt_prolongation_seconds"],
        "fibrinogen": told["fibrinogen_g_l"] * 100,
    }


def without_cough(read: Read) -> Read:
    return lambda told: {**read(told), "cough": not told["absence_of_cough"]}


READ: dict[str, tuple[str, Read]] = {
    "centor": (
        "centor",
        without_cough(
            renamed(
                age="age",
                tonsillar_exudate="tonsillar_exudate",
                tender_neck_nodes="tender_anterior_cervical_nodes",
                fever_over_38="fever",
            )
        ),
    ),
    "feverpain": (
        "feverpain",
        without_cough(
            renamed(
                fever_history="fever",
                tonsillar_pus="purulence",
                attends_within_3_days="attend_rapidly",
                severely_inflamed_tonsils="inflamed_tonsils",
            )
        ),
    ),
    "alvarado": (
        "alvarado",
        renamed(
            migrating_pain="migration_to_rlq",
            anorexia="anorexia",
            nausea_or_vomiting="nausea_or_vomiting",
            right_lower_tenderness="rlq_tenderness",
            rebound_tenderness="rebound_tenderness",
            raised_temperature="fever",
            leucocytosis="leukocytosis",
            left_shift="left_shift",
        ),
    ),
    "lrinec": ("lrinec", lrinec),
    "isth_overt_dic": ("isth_overt_dic", dic),
    "bode": (
        "bode",
        lambda told: {
            "bmi": told["bmi"],
            "fev1_percent": told["fev1_percent_predicted"],
            "dyspnoea_grade": str(told["mmrc_dyspnoea"]),
            "six_minute_walk": told["six_minute_walk_distance_m"],
        },
    ),
    "gcs": ("glasgow_coma", coma),
    "apgar": ("apgar", newborn),
    "nhfs": ("nottingham_hip", nottingham),
    "das28": ("", das28),
}


def rows(calculator: str) -> Iterator[tuple[Told, Any]]:
    for line in csv_rows(data_file("equations/clincalc.csv")):
        if line["calculator"] == calculator:
            yield json.loads(line["input_json"]), json.loads(line["result"])


@pytest.mark.parametrize("calculator", READ)
def test_a_score_gives_what_the_independent_program_gives(calculator: str) -> None:
    count = 0
    for told, result in rows(calculator):
        name, read = READ[calculator]
        model = name or f"das28_{told['marker']}"
        output = bundle(model).manifest.outputs[0]
        found = graph(model, read(told))[output.name]
        count += 1
        if result == "not_testable":
            assert math.isnan(found)
        else:
            assert round(found, output.decimals or 0) == pytest.approx(float(result))
    assert count >= 12


def gdl2(guideline: str) -> Iterator[tuple[Told, Told]]:
    """Cases of the guideline library: label to the first part of the answer, and expected values."""
    for line in csv_rows(data_file("equations/gdl2_cases.csv")):
        if line["guideline"] == guideline:
            cells = (json.loads(line[key]) for key in ("input_json", "expected_json"))
            yield tuple({key.split("|")[1].strip(): value for key, value in each.items()} for each in cells)  # type: ignore[misc]


def n(value: Any) -> float:
    """The number of "120,mm[Hg]", of the ordinal "2|at0010|Yes" or of a plain count."""
    return float(str(value).split(",")[0].split("|")[0])


def yes(value: Any) -> float:
    return float(n(value) != 0)


def test_rems_agrees_with_the_guideline_library() -> None:
    for told, wanted in gdl2("REMS.v1"):
        given = {
            "age": n(told["Age"]), "heart_rate": n(told["Heart rate"]),
            "glasgow_coma_scale": n(told["GCS Total score"]),
            "mean_arterial_pressure": n(told["Mean arterial pressure"]), "oxygen_saturation": n(told["SaO2"]),
            "respiratory_rate": n(told["Respiration rate"]),
        }  # fmt: skip
        assert graph("rems", given)["points"] == wanted["Total score"]


def test_oakland_agrees_with_the_guideline_library() -> None:
    for told, wanted in gdl2("Oakland_Score_for_Safe_Discharge_After_Lower_GI_Bleed.v1"):
        given = {
            "age": n(told["Age"]), "sex": n(told["Sex"]), "heart_rate": n(told["Heart rate"]),
            "lower_bleeding_admission": yes(told["Previous lower GI bleeding admission"]),
            "blood_on_rectal_examination": yes(told["DRE findings"]),
            "systolic_bp": n(told["Systolic blood pressure"]),
            "haemoglobin": n(told["Hemoglobin, mg/dl (g/dl)"]),
        }  # fmt: skip
        assert graph("oakland", given)["points"] == wanted["Oakland Score"]


def test_simplified_pesi_and_sic_agree_with_the_guideline_library() -> None:
    for told, wanted in gdl2("Simplified_PESI.v1"):
        given = {
            "age": 2019 - int(told["Birthdate"][:4]), "heart_rate": n(told["Rate"]), "systolic_bp": n(told["Systolic"]),
            "oxygen_saturation": n(told["SaO2"]), "cancer_history": yes(told["History of cancer"]),
            "chronic_cardiopulmonary_disease": yes(told["History of chronic cardiopulmonary disease"]),
        }  # fmt: skip
        assert graph("spesi", given)["points"] == wanted["Total score"]
    for told, wanted in gdl2("Sepsis_Induced_Coagulopathy_SIC_Score.v1"):
        sofa = next(value for key, value in told.items() if key.startswith("Total SOFA"))
        given = {
            "platelets": n(told["Platelet count, cells x 10^9/L"]),
            "inr": n(told["INR"]),
            "sofa_four_systems": n(sofa),
        }
        assert graph("sic", given)["points"] == wanted["SIC Score"]


def test_hscore_agrees_with_the_guideline_library() -> None:
    count = 0
    for told, wanted in gdl2("HScore.v1"):
        temperature, triglycerides, fibrinogen = (
            told[key] for key in ("Temperature", "Triglycerides result", "Fibrinogen result")
        )
        given = {
            "immunosuppression": yes(told["Known underlying immunosuppression"]),
            "haemophagocytosis": yes(told["Hemophagocytosis features on bone marrow aspirate"]),
            "organ_enlargement": {0: 0, 23: 1, 38: 2}[int(n(told["Organomegaly"]))],
            "cytopenia_lines": {0: 0, 24: 2, 34: 3}[int(n(told["Number of cytopenias"]))],
            "temperature": (n(temperature) - 32) / 1.8 if "degF" in temperature else n(temperature),
            "ferritin": n(told["Ferritin result"]),
            "triglycerides": n(triglycerides) * (88.57 if "mmol" in triglycerides else 1),
            "fibrinogen": n(fibrinogen) * (100 if "g/L" in fibrinogen else 1),
            "ast": n(told["Aspartate aminotransferase (AST) result"]),
        }
        assert graph("hscore", given)["points"] == wanted["HScore"]
        count += 1
    assert count == 5


def test_ottawa_and_canadian_points_agree_with_the_guideline_library() -> None:
    for told, wanted in gdl2("Ottawa_Heart_Failure_Risk_Scale_OHFRS_guideline.v1"):
        flags = [yes(value) for value in told.values()]
        stroke, tube, fast, low, walk, ecg, urea, gas, troponin, bnp = flags
        given = {
            "prior_stroke_tia_thromboembolism": stroke, "intubation_history": tube, "heart_rate": 109 + fast,
            "oxygen_saturation": 90 - low, "walk_test_heart_rate_110": walk, "new_ischaemia_on_ecg": ecg,
            "bun": 33 + urea, "bicarbonate": 34 + gas, "troponin_of_infarction": troponin, "nt_probnp": 4999 + bnp,
        }  # fmt: skip
        assert graph("ottawa_heart_failure", given)["points"] == wanted["Total score"]
    words = {"at0038": "vasovagal", "at0040": "cardiac"}
    for told, wanted in gdl2("canadian_syncope_risk_score.v1"):
        given = {
            "vasovagal_predisposition": float("at0043" in told["Predisposition to vasovagal symptoms"]),
            "heart_disease": yes(told["Heart disease history"]),
            "systolic_bp": n(told["Systolic BP"]),
            "raised_troponin": yes(told["Elevated troponin"]),
            "abnormal_qrs_axis": yes(told["Abnormal QRS axis"]),
            "wide_qrs": float(n(told["QRS duration"]) > 130),
            "long_qtc": yes(told["Corrected QT interval >480 ms"]),
            "syncope_diagnosis": next(word for code, word in words.items() if code in told["ED diagnosis"]),
        }
        assert graph("canadian_syncope", given)["points"] == n(wanted["Risk Score"])


EXTRA = [
    "alvarado", "apgar", "bisap", "bode", "canadian_syncope", "centor", "crb65", "das28_crp", "das28_esr", "feverpain",
    "glasgow_coma", "glasgow_pancreatitis", "hospital_score", "hscore", "ich_score", "improve_vte", "isth_overt_dic",
    "lace", "lrinec", "nottingham_hip", "oakland", "ottawa_heart_failure", "pesi", "rems", "revised_geneva", "rox",
    "shock_index", "sic", "sirs", "spesi",
]  # fmt: skip


@pytest.mark.parametrize("model", EXTRA)
def test_the_reference_person_is_in_range_and_a_missing_input_gives_no_number(model: str) -> None:
    manifest = bundle(model).manifest
    reference = dict(manifest.explanation.reference)
    status, outputs, _codes = answer(model, reference, age=0 if model == "apgar" else 40)
    assert status == "ready"
    name = manifest.outputs[0].name
    spans = [(spec.scale[0], spec.scale[1]) for spec in manifest.outputs]
    for (lo, hi), spec in zip(spans, manifest.outputs, strict=True):
        assert lo <= outputs[spec.name] <= hi
    for spec in manifest.inputs:
        if spec.required:
            assert math.isnan(graph(model, {**reference, spec.name: None})[name]), spec.name
    assert manifest.on_request


@pytest.mark.parametrize(
    "model", [m for m in EXTRA if m not in ("rox", "shock_index", "das28_crp", "das28_esr")]
)
def test_the_lowest_and_highest_points_are_the_ends_of_the_scale(model: str) -> None:
    """Each input at its best and its worst: the scale on the card is the one that is possible."""
    manifest = bundle(model).manifest
    output = manifest.outputs[0]
    low, high = {}, {}
    for spec in manifest.inputs:
        if spec.categories or is_yes_no(spec):
            tries = list(spec.categories.values()) or [0.0, 1.0]
        else:
            lo, hi = spec.accepted or spec.plausible or (0.0, 1.0)
            start = max(lo, manifest.age[0]) if spec.name == "age" and manifest.age else lo
            tries = [start + (hi - start) * step / 4000 for step in range(4001)]
        base = dict(manifest.explanation.reference)
        own = base.get(spec.name, tries[0])
        found = {
            value: graph(model, {**base, spec.name: value})[output.name] for value in [own, *thin(tries)]
        }
        low[spec.name] = min(found, key=lambda value: found[value])
        high[spec.name] = max(found, key=lambda value: found[value])
    lowest, highest = (graph(model, given)[output.name] for given in (low, high))
    if model != "pesi":  # points of age have no end
        assert (lowest, highest) == output.scale


def thin(values: list[float]) -> list[float]:
    """Some 80 of many values."""
    return values[:: max(1, len(values) // 80)]


@pytest.mark.parametrize(
    ("model", "given", "expected"),
    [
        ("sirs", {"temperature": 38}, 0), ("sirs", {"temperature": 38.1}, 1), ("sirs", {"temperature": 35.9}, 1),
        ("sirs", {"heart_rate": 91}, 1), ("sirs", {"respiratory_rate": 21}, 1), ("sirs", {"paco2": 31}, 1),
        ("sirs", {"respiratory_rate": 21, "paco2": 31}, 1), ("sirs", {"wbc": 3.9}, 1), ("sirs", {"wbc": 12}, 0),
        ("sirs", {"wbc": 12.1, "band_forms_percent": 11}, 1), ("sirs", {"band_forms_percent": 11}, 1),
        ("crb65", {"age": 65}, 1), ("crb65", {"diastolic_bp": 60}, 1), ("crb65", {"respiratory_rate": 30}, 1),
        ("pesi", {"age": 65}, 65), ("pesi", {"age": 65.9}, 65), ("pesi", {"sex": "male", "age": 50}, 60),
        ("pesi", {"temperature": 35.9}, 60), ("spesi", {"age": 80}, 0), ("spesi", {"age": 81}, 1),
        ("revised_geneva", {"heart_rate": 74}, 0), ("revised_geneva", {"heart_rate": 75}, 3),
        ("revised_geneva", {"heart_rate": 95}, 5), ("revised_geneva", {"age": 65}, 0),
        ("revised_geneva", {"age": 66}, 1), ("bisap", {"bun": 25}, 0), ("bisap", {"bun": 25.1}, 1),
        ("bisap", {"age": 60}, 0), ("bisap", {"sirs_points": 2}, 1),
        ("glasgow_pancreatitis", {"calcium": 2.0 * 4.0078}, 0), ("glasgow_pancreatitis", {"calcium": 1.99 * 4.0078}, 1),
        ("glasgow_pancreatitis", {"bun": 16 * 2.8014}, 0), ("glasgow_pancreatitis", {"bun": 16.1 * 2.8}, 1),
        ("glasgow_pancreatitis", {"albumin": 3.2}, 0), ("glasgow_pancreatitis", {"albumin": 3.1}, 1),
        ("glasgow_pancreatitis", {"glucose": 10 * 18.016}, 0), ("glasgow_pancreatitis", {"pao2": 8 * 7.50062}, 0),
        ("lace", {"length_of_stay": 3}, 3), ("lace", {"length_of_stay": 6}, 4), ("lace", {"length_of_stay": 7}, 5),
        ("lace", {"length_of_stay": 14}, 7), ("lace", {"lace_comorbidity": 4}, 5),
        ("hospital_score", {"admissions_past_year": 1}, 0), ("hospital_score", {"admissions_past_year": 5}, 2),
        ("hospital_score", {"admissions_past_year": 6}, 5), ("hospital_score", {"length_of_stay": 4}, 0),
        ("ich_score", {"age": 79}, 0), ("ich_score", {"age": 80}, 1), ("ich_score", {"glasgow_coma_scale": 12}, 1),
        ("ich_score", {"glasgow_coma_scale": 4}, 2), ("ich_score", {"haematoma_volume": 30}, 1),
        ("centor", {"age": 14}, 1), ("centor", {"age": 15}, 0), ("centor", {"age": 44}, 0), ("centor", {"age": 45}, -1),
        ("improve_vte", {"age": 60}, 0), ("improve_vte", {"age": 61}, 1),
        ("lrinec", {"creatinine": 141 / 88.4}, 0), ("lrinec", {"creatinine": 1.6}, 2), ("lrinec", {"wbc": 25}, 1),
        ("lrinec", {"haemoglobin": 13.5}, 1), ("nottingham_hip", {"age": 85}, 3), ("nottingham_hip", {"age": 86}, 4),
        ("nottingham_hip", {"haemoglobin": 10}, 1), ("nottingham_hip", {"abbreviated_mental_test": 6}, 1),
    ],
)  # fmt: skip
def test_steps_lie_where_the_paper_puts_them(model: str, given: Told, expected: float) -> None:
    assert graph(model, {**bundle(model).manifest.explanation.reference, **given})["points"] == expected


def test_pesi_class_follows_its_limits() -> None:
    classes = {65: 1, 66: 2, 85: 2, 86: 3, 105: 3}
    reference = bundle("pesi").manifest.explanation.reference
    assert {age: graph("pesi", {**reference, "age": age})["risk_class"] for age in classes} == classes


def test_rox_and_shock_index_are_plain_ratios() -> None:
    given = {"oxygen_saturation": 92, "fio2": 0.5, "respiratory_rate": 32}
    assert graph("rox", given)["rox"] == pytest.approx(5.75)
    assert graph("shock_index", {"heart_rate": 120, "systolic_bp": 80})["shock_index"] == 1.5


def test_apgar_is_for_the_newborn_and_das28_for_rheumatoid_arthritis() -> None:
    reference = bundle("apgar").manifest.explanation.reference
    assert answer("apgar", reference, age=40)[0] == "out_of_scope"
    assert bundle("das28_esr").manifest.indications[0].any == ("rheumatoid_arthritis",)
    without = {**bundle("das28_esr").manifest.explanation.reference, "esr": 0}
    assert answer("das28_esr", without)[0] == "out_of_scope"
