"""MedCalc-Bench: the calculators of laboratory values, body size and infection, as inputs of the bundles."""

from __future__ import annotations

from tests.models.medcalc import Calculator, Entities, Inputs

CLOSE = 0.05
"""Decimal answers: within 5 % of the answer, as the data set itself allows."""


def calcium(e: Entities) -> Inputs:
    return {"calcium": e.number("Calcium", "mg/dL", "calcium"), "albumin": e.number("Albumin", "g/dL")}


def body(e: Entities) -> Inputs:
    return {"weight": e.number("weight", "kg"), "height": e.number("height", "cm")}


def ideal(e: Entities) -> Inputs:
    weight = {"weight": e.number("weight", "kg")} if "weight" in e.found else {}
    return {"sex": e.text("sex"), "height": e.number("height", "cm"), **weight}


def qt(e: Entities) -> Inputs:
    return {"qt_interval": e.number("QT interval"), "heart_rate": e.number("Heart Rate or Pulse")}


def fluids(e: Entities) -> Inputs:
    return {"weight": e.number("weight", "kg")}


def glucose_sodium(e: Entities) -> Inputs:
    return {"sodium": e.number("Sodium", "mmol/L"), "glucose": e.number("Glucose", "mg/dL", "glucose")}


def osmolality(e: Entities) -> Inputs:
    return {**glucose_sodium(e), "bun": e.number("Blood Urea Nitrogen (BUN)", "mg/dL", "bun")}


def water(e: Entities) -> Inputs:
    return {**e.who(), "weight": e.number("weight", "kg"), "sodium": e.number("Sodium", "mmol/L")}


def gap(e: Entities) -> Inputs:
    albumin = {"albumin": e.number("Albumin", "g/dL")} if "Albumin" in e.found else {}
    names = {"sodium": "Sodium", "chloride": "Chloride", "bicarbonate": "Bicarbonate"}
    return {**{key: e.number(name, "mmol/L") for key, name in names.items()}, **albumin}


def ldl(e: Entities) -> Inputs:
    names = {
        "total_cholesterol": "Total cholesterol",
        "hdl_cholesterol": "high-density lipoprotein cholesterol",
        "triglycerides": "Triglycerides",
    }
    return {key: e.number(name, "mg/dL", key) for key, name in names.items()}


def centor(e: Entities) -> Inputs:
    return {
        "age": e.number("age"),
        "tonsillar_exudate": e.has("Exudate or swelling on tonsils"),
        "tender_neck_nodes": e.has("Tender/swollen anterior cervical lymph nodes"),
        "fever_over_38": float("Temperature" in e.found and e.number("Temperature", "Cel") > 38),
        "cough": 1 - e.has("Cough Absent"),
    }


def feverpain(e: Entities) -> Inputs:
    return {
        "fever_history": e.has("Fever in past 24 hours"),
        "tonsillar_pus": e.has("Purulent tonsils"),
        "attends_within_3_days": e.has("Symptom onset ≤3 days"),
        "severely_inflamed_tonsils": e.has("Severe tonsil inflammation"),
        "cough": 1 - e.has("Absence of cough or coryza"),
    }


EYES = {"no eye opening": "none", "eye opening to pain": "to_pressure",
        "eye opening to verbal command": "to_sound", "eyes open spontaneously": "spontaneous"}  # fmt: skip
VOICE = {"no verbal response": "none", "incomprehensible sounds": "sounds", "inappropriate words": "words",
         "confused": "confused", "oriented": "oriented"}  # fmt: skip
MOTOR = {"no motor response": "none", "extension to pain": "extension", "flexion to pain": "abnormal_flexion",
         "withdrawal from pain": "normal_flexion", "localizes pain": "localising",
         "obeys commands": "obeys_commands"}  # fmt: skip


def coma(e: Entities) -> Inputs:
    """A response that could not be tested counts as the best one, as the data set has it."""
    return {
        "eye_opening": EYES.get(e.text("Best eye response"), "spontaneous"),
        "verbal_response": VOICE.get(e.text("Best verbal response"), "oriented"),
        "motor_response": MOTOR.get(e.text("Best motor response"), "obeys_commands"),
    }


def sirs(e: Entities) -> Inputs:
    carbon = {"paco2": e.number("PaCO₂", "mm[Hg]")} if "PaCO₂" in e.found else {}
    return {
        "temperature": e.number("Temperature", "Cel"),
        "heart_rate": e.number("Heart Rate or Pulse"),
        "respiratory_rate": e.number("respiratory rate"),
        "wbc": e.number("White blood cell count", "10*3/uL", "wbc"),
        "band_forms_percent": 0.0,
        "paco2": 40.0,
        **carbon,
    }


CAPRINI = {
    "varicose_veins": ("Varicose veins",),
    "swollen_legs": ("Current swollen legs",),
    "sepsis_within_1_month": ("Sepsis in the last month",),
    "serious_lung_disease": ("Pneumonia in the last month",),
    "abnormal_pulmonary_function": ("Chronic Obstructive Pulmonary Disease",),
    "acute_myocardial_infarction": ("Acute Myocardial infarction",),
    "heart_failure": ("Congestive Heart Failure in the last month",),
    "inflammatory_bowel_disease": ("History of inflammatory bowel disease",),
    "malignancy_history": ("Present or previous malignancy",),
    "immobilising_cast": ("Immobilizing plaster cast in the last month",),
    "central_venous_access": ("Current central venous access",),
    "prior_vte": ("Previously documented Deep Vein Thrombosis", "Previously Documented Pulmonary Embolism"),
    "family_history_vte": ("Family history of thrombosis",),
    "factor_v_leiden": ("Positive Factor V Leiden",),
    "prothrombin_20210a": ("Positive prothrombin 20210A",),
    "lupus_anticoagulant": ("Positive lupus anticoagulant",),
    "anticardiolipin_antibodies": ("Elevated anticardiolipin antibody",),
    "elevated_homocysteine": ("Elevated serum homocysteine",),
    "heparin_induced_thrombocytopenia": ("Heparin-induced thrombocytopenia",),
    "other_thrombophilia": ("Other congenital or acquired thrombophilia",),
    "stroke_within_1_month": ("Stroke in the last month",),
    "hip_pelvis_leg_fracture": ("Hip, pelvis, or leg fracture in the last month",),
    "acute_spinal_cord_injury": ("Acute spinal cord injury causing paralysis in the last month",),
}
ABSENT = ("pregnancy_or_postpartum", "history_of_miscarriage", "oral_contraceptives_or_hrt")


def caprini(e: Entities) -> Inputs:
    """Surgery and mobility are one choice each in the data set."""
    age, surgery, mobility = e.number("age"), e.text("Surgery Type"), e.text("Mobility")
    weight = e.number("Body Mass Index (BMI)") if "Body Mass Index (BMI)" in e.found else 0.0
    return {
        **{name: e.has(*said) for name, said in CAPRINI.items()},
        **dict.fromkeys(ABSENT, 0.0),
        "age_41_60": float(41 <= age <= 60),
        "age_61_74": float(61 <= age <= 74),
        "age_75_plus": float(age >= 75),
        "bmi_over_25": float(weight > 25),
        "minor_surgery": float(surgery == "minor"),
        "arthroscopic_surgery": float(surgery == "arthroscopic"),
        "laparoscopic_surgery_over_45_min": float(surgery == "laparoscopic"),
        "major_surgery_over_45_min": float(surgery == "major"),
        "elective_arthroplasty": float("arthroplasty" in surgery),
        "medical_patient_at_bed_rest": float(mobility == "on bed rest"),
        "confined_to_bed_over_72h": float(mobility == "confined to bed >72 hours"),
    }


LABORATORY: dict[int, Calculator] = {
    5: Calculator("mean_arterial_pressure", "mean_bp", lambda e: {
        "systolic_bp": e.number("Systolic Blood Pressure"), "diastolic_bp": e.number("Diastolic Blood Pressure"),
    }, CLOSE),
    7: Calculator("corrected_calcium", "corrected_calcium", calcium, CLOSE),
    10: Calculator("ideal_body_weight", "ideal_body_weight", ideal, CLOSE),
    11: Calculator("qtc", "qtc_bazett", qt, CLOSE),
    20: Calculator("centor", "points", centor),
    21: Calculator("glasgow_coma", "points", coma),
    22: Calculator("maintenance_fluids", "maintenance_fluid_rate", fluids, CLOSE),
    26: Calculator("corrected_sodium", "corrected_sodium", glucose_sodium, CLOSE),
    30: Calculator("serum_osmolality", "osmolality", osmolality, CLOSE),
    33: Calculator("feverpain", "points", feverpain),
    36: Calculator("caprini", "points", caprini),
    38: Calculator("free_water_deficit", "free_water_deficit", water, CLOSE),
    39: Calculator("anion_gap", "anion_gap", gap, CLOSE),
    44: Calculator("ldl_cholesterol", "ldl_cholesterol", ldl, CLOSE),
    51: Calculator("sirs", "points", sirs),
    56: Calculator("qtc", "qtc_fridericia", qt, CLOSE),
    57: Calculator("qtc", "qtc_framingham", qt, CLOSE),
    58: Calculator("qtc", "qtc_hodges", qt, CLOSE),
    59: Calculator("qtc", "qtc_rautaharju", qt, CLOSE),
    60: Calculator("body_surface_area", "body_surface_area", body, CLOSE),
    62: Calculator("ideal_body_weight", "adjusted_body_weight", ideal, CLOSE),
    63: Calculator("anion_gap", "delta_gap", gap, CLOSE),
    64: Calculator("delta_ratio", "delta_ratio", gap, CLOSE),
    65: Calculator("anion_gap", "anion_gap_corrected", gap, CLOSE),
    66: Calculator("anion_gap", "delta_gap_corrected", gap, CLOSE),
    67: Calculator("delta_ratio", "delta_ratio_corrected", gap, CLOSE),
}  # fmt: skip
