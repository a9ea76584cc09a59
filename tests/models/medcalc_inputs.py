"""How the entities of MedCalc-Bench become the inputs of the bundles, calculator by calculator."""

from __future__ import annotations

from tests.models.medcalc import Calculator, Entities, Inputs

CLOSE = 0.05
"""Decimal answers: within 5 % of the answer, as the data set itself allows."""


def cockcroft_gault(e: Entities) -> Inputs:
    """The weight that the question asks for: adjusted above a normal body mass index, else the smaller one."""
    height = e.number("height", "cm")
    weight = e.number("weight", "kg")
    ideal = (50 if e.text("sex") == "male" else 45.5) + 2.3 * (height / 2.54 - 60)
    bmi = weight / (height / 100) ** 2
    used = ideal + 0.4 * (weight - ideal) if bmi >= 25 else min(ideal, weight) if bmi >= 18.5 else weight
    return {**e.who(), "weight": used, "creatinine": e.number("creatinine", "mg/dL", "creatinine")}


def egfr(e: Entities) -> Inputs:
    return {**e.who(), "creatinine": e.number("creatinine", "mg/dL", "creatinine")}


def mdrd(e: Entities) -> Inputs:
    return {**egfr(e), "ethnicity": "NH Black" if e.text("Race") == "black" else "NH White"}


def cha2ds2_vasc(e: Entities) -> Inputs:
    return {
        **e.who(),
        "heart_failure": e.has("Congestive Heart Faliure"),
        "hypertension": e.has("Hypertension history"),
        "diabetes": e.has("Diabetes history"),
        "prior_stroke_tia_thromboembolism": e.has(
            "Stroke", "Transient Ischemic Attacks History", "Thromboembolism history"
        ),
        "vascular_disease": e.has("Vascular disease history"),
    }


def pressures(e: Entities) -> Inputs:
    return {
        "systolic_bp": e.number("Systolic Blood Pressure", "mm[Hg]"),
        "diastolic_bp": e.number("Diastolic Blood Pressure", "mm[Hg]"),
    }


def mean_pressure(e: Entities) -> float:
    low, high = (e.number(f"{name} Blood Pressure", "mm[Hg]") for name in ("Diastolic", "Systolic"))
    return low + (high - low) / 3


def wells_pe(e: Entities) -> Inputs:
    return {
        "clinical_signs_of_dvt": e.has("Clinical signs and symptoms of Deep Vein Thrombosis"),
        "pe_most_likely_diagnosis": e.has("Pulmonary Embolism is #1 diagnosis OR equally likely"),
        "heart_rate_over_100": float(e.number("Heart Rate or Pulse") > 100),
        "immobilisation_or_surgery": e.has(
            "Immobilization for at least 3 days", "Surgery in the previous 4 weeks"
        ),
        "prior_vte": e.has(
            "Previously Documented Pulmonary Embolism", "Previously documented Deep Vein Thrombosis"
        ),
        "haemoptysis": e.has("Hemoptysis"),
        "active_cancer": e.has("Malignancy with treatment within 6 months or palliative"),
    }


def wells_dvt(e: Entities) -> Inputs:
    return {
        "active_cancer": e.has("Active cancer"),
        "bedridden_or_major_surgery": e.has(
            "Bedridden recently >3 days or major surgery within 12 weeks", "Major surgery within 12 weeks"
        ),
        "calf_swelling_over_3cm": e.has("Calf swelling >3 centimeters compared to the other leg"),
        "collateral_superficial_veins": e.has("Collateral (nonvaricose) superficial veins present"),
        "entire_leg_swollen": e.has("Entire Leg Swollen"),
        "localised_tenderness": e.has("Localized tenderness along the deep venous system"),
        "pitting_oedema": e.has("Pitting edema, confined to symptomatic leg"),
        "paralysis_or_immobilisation": e.has(
            "Paralysis, paresis, or recent plaster immobilization of the lower extremity"
        ),
        "prior_dvt": e.has("Previously documented Deep Vein Thrombosis"),
        "alternative_diagnosis_as_likely": e.has(
            "Alternative diagnosis to Deep Vein Thrombosis as likely or more likely"
        ),
    }


def rcri(e: Entities) -> Inputs:
    return {
        "creatinine": e.number("Pre-operative creatinine", "mg/dL", "creatinine"),
        "cerebrovascular_disease": e.has(
            "History of cerebrovascular disease", "Cerebrovascular disease history"
        ),
        "heart_failure": e.has("Congestive Heart Failure criteria for the Cardiac Risk Index rule"),
        "high_risk_surgery": e.has("Elevated-risk surgery"),
        "ischaemic_heart_disease": e.has("History of ischemic heart disease"),
        "insulin_treatment": e.has("Pre-operative treatment with insulin"),
    }


RISK_FACTORS = (
    *("Hypertension history", "Diabetes mellitus criteria for CCI rule", "smoking", "obesity"),
    *("hypercholesterolemia", "parent or sibling with Cardiovascular disease before age 65"),
)


def heart_score(e: Entities) -> Inputs:
    count = sum(e.has(name) for name in RISK_FACTORS)
    ill = e.has("atherosclerotic disease", "Transient Ischemic Attacks History")
    return {
        "age": e.number("age"),
        "chest_pain_history": e.text("Suspicion History").replace(" ", "_"),
        "ecg_finding": {
            "normal": "normal",
            "non-specific repolarization disturbance": "non_specific_repolarisation",
            "significant st deviation": "significant_st_deviation",
        }.get(e.text("Electrocardiogram Test"), ""),
        "cad_risk_factors": "three_or_more_or_atherosclerosis"
        if ill or count >= 3
        else "one_or_two"
        if count
        else "none",
        "troponin_level": {
            "less than or equal to normal limit": "normal",
            "between the normal limit or up to three times the normal limit": "one_to_three_times",
            "greater than three times normal limit": "over_three_times",
        }.get(e.text("Initial troponin"), ""),
    }


def fib4(e: Entities) -> Inputs:
    return {
        "age": e.number("age"),
        "alt": e.number("Alanine aminotransferase", "U/L"),
        "ast": e.number("Aspartate aminotransferase", "U/L"),
        "platelets": e.number("Platelet count", "10*3/uL", "platelets"),
    }


def child_pugh(e: Entities) -> Inputs:
    ascites = {"": "none", "absent": "none", "slight": "mild", "moderate": "moderate_severe"}
    brain = {"": "none", "no encephalopathy": "none", "grade 1-2": "grade_1_2", "grade 3-4": "grade_3_4"}
    return {
        "bilirubin_total": e.number("Bilirubin", "mg/dL", "bilirubin_total"),
        "albumin": e.number("Albumin", "g/dL"),
        "inr": e.number("international normalized ratio"),
        "ascites": ascites[e.text("Ascites")],
        "encephalopathy": brain[e.text("Encephalopathy")],
    }


def has_bled(e: Entities) -> Inputs:
    return {
        "uncontrolled_hypertension": e.has("Hypertension history"),
        "abnormal_renal_function": e.has("Renal disease criteria for the HAS-BLED rule"),
        "abnormal_liver_function": e.has("Liver disease criteria for the HAS-BLED rule"),
        "prior_stroke": e.has("Stroke"),
        "bleeding_history": e.has("Prior major bleeding or predisposition to bleeding"),
        "labile_inr": e.has("Labile international normalized ratio"),
        "age_over_65": float(e.number("age") > 65),
        "antiplatelet_or_nsaid": e.has("Medication usage predisposing to bleeding"),
        "alcohol_excess": float(float(e.found.get("Number of Alcoholic Drinks Per Week", 0)) >= 8),
    }


def blatchford(e: Entities) -> Inputs:
    return {
        "sex": e.text("sex"),
        "bun": e.number("Blood Urea Nitrogen (BUN)", "mg/dL", "bun"),
        "haemoglobin": e.number("Hemoglobin", "g/dL"),
        "systolic_bp": e.number("Systolic Blood Pressure", "mm[Hg]"),
        "heart_rate": e.number("Heart Rate or Pulse"),
        "melaena": e.has("Melena present"),
        "syncope": e.has("Recent syncope"),
        "liver_disease": e.has("Hepatic disease history"),
        "heart_failure": e.has("Cardiac failure present"),
    }


def apache2(e: Entities) -> Inputs:
    failing = e.has("History of severe organ failure or immunocompromise")
    surgery = e.text("Surgery Type")
    chronic = "elective_postoperative" if "elective" in surgery else "nonoperative_or_emergency_postoperative"
    found: Inputs = {
        "age": e.number("age"),
        "fio2": e.number("FiO₂") / 100,
        "acute_renal_failure": e.has("Acute renal failure"),
        "arterial_ph": e.number("pH"),
        "chronic_health": chronic if failing else "none",
        "creatinine": e.number("creatinine", "mg/dL", "creatinine"),
        "glasgow_coma_scale": e.number("Glasgow Coma Score"),
        "heart_rate": e.number("Heart Rate or Pulse"),
        "haematocrit": e.number("Hematocrit", "%"),
        "mean_arterial_pressure": mean_pressure(e),
        "potassium": e.number("Potassium", "mmol/L"),
        "respiratory_rate": e.number("respiratory rate"),
        "sodium": e.number("Sodium", "mmol/L"),
        "temperature": e.number("Temperature", "Cel"),
        "wbc": e.number("White blood cell count", "10*3/uL", "wbc"),
    }
    if "A-a gradient" in e.found:
        found["aa_gradient"] = e.number("A-a gradient")
    if "Partial pressure of oxygen (PaO₂) for Apache II" in e.found:
        found["pao2"] = e.number("Partial pressure of oxygen (PaO₂) for Apache II", "mm[Hg]")
    return found


def psi(e: Entities) -> Inputs:
    return {
        **e.who(),
        "nursing_home": e.has("Nursing home resident"),
        "neoplastic_disease": e.has("Neoplastic disease"),
        "liver_disease": e.has("Liver disease severity"),
        "heart_failure": e.has("Congestive Heart Faliure"),
        "cerebrovascular_disease": e.has("Cerebrovascular disease history"),
        "renal_disease": e.has("Renal disease"),
        "altered_mentation": e.has("Altered mental status"),
        "respiratory_rate": e.number("respiratory rate"),
        "systolic_bp": e.number("Systolic Blood Pressure", "mm[Hg]"),
        "temperature": e.number("Temperature", "Cel"),
        "heart_rate": e.number("Heart Rate or Pulse"),
        "arterial_ph": e.number("pH"),
        "bun": e.number("Blood Urea Nitrogen (BUN)", "mg/dL", "bun"),
        "sodium": e.number("Sodium", "mmol/L"),
        "glucose": e.number("Glucose", "mg/dL", "glucose"),
        "haematocrit": e.number("Hematocrit", "%"),
        "pao2": e.number("Partial pressure of oxygen (PaO₂) for Apache II", "mm[Hg]"),
        "pleural_effusion": e.has("Pleural effusion on x-ray"),
    }


def charlson(e: Entities) -> Inputs:
    liver, tumour = e.text("Liver disease severity"), e.text("Solid tumor")
    diabetes = e.text("Diabetes mellitus criteria for CCI rule")
    worse = "moderate" in liver or "severe" in liver
    return {
        "age": e.number("age"),
        "aids": e.has("AIDS"),
        "cerebrovascular_disease": e.has("Cerebrovascular Accident", "Transient Ischemic Attacks History"),
        "heart_failure": e.has("Congestive Heart Faliure"),
        "connective_tissue_disease": e.has("Connective tissue disease"),
        "copd": e.has("Chronic Obstructive Pulmonary Disease"),
        "dementia": e.has("Dementia"),
        "diabetes_complicated": float("end-organ" in diabetes),
        "diabetes_uncomplicated": float(diabetes == "uncomplicated"),
        "hemiplegia": e.has("Hemiplegia"),
        "leukaemia": e.has("Leukemia"),
        "liver_disease_moderate_severe": float(worse),
        "lymphoma": e.has("Lymphoma"),
        "metastatic_solid_tumour": float(tumour == "metastatic"),
        "liver_disease_mild": float("mild" in liver),
        "myocardial_infarction": e.has("Myocardial infarction"),
        "peptic_ulcer_disease": e.has("Peptic ulcer disease"),
        "peripheral_vascular_disease": e.has("Peripheral vascular disease"),
        "renal_disease_moderate_severe": e.has("Moderate to severe Chronic Kidney Disease"),
        "solid_tumour": float(tumour in ("true", "localized")),
    }


def curb65(e: Entities) -> Inputs:
    return {
        **pressures(e),
        "age": e.number("age"),
        "bun": e.number("Blood Urea Nitrogen (BUN)", "mg/dL", "bun"),
        "respiratory_rate": e.number("respiratory rate"),
        "confusion": e.has("Confusion"),
    }


def perc(e: Entities) -> Inputs:
    return {
        "age": e.number("age"),
        "heart_rate": e.number("Heart Rate or Pulse"),
        "oxygen_saturation": e.number("O₂ saturation percentage", "%"),
        "haemoptysis": e.has("Hemoptysis"),
        "estrogen_use": e.has("Hormone use"),
        "prior_vte": e.has(
            "Previously Documented Pulmonary Embolism", "Previously documented Deep Vein Thrombosis"
        ),
        "recent_surgery_or_trauma": e.has("Recent surgery or trauma"),
        "unilateral_leg_swelling": e.has("Unilateral Leg Swelling"),
    }


def sofa(e: Entities) -> Inputs:
    drugs = {
        name: e.number(name) if name in e.found else 0.0
        for name in ("DOPamine", "norEPINEPHrine", "EPINEPHrine", "DOBUTamine")
    }
    adrenaline = max(drugs["norEPINEPHrine"], drugs["EPINEPHrine"])
    if drugs["DOPamine"] > 15 or adrenaline > 0.1:
        support = "dopamine_over_15_or_adrenaline_or_noradrenaline_over_0_1"
    elif drugs["DOPamine"] > 5 or adrenaline > 0:
        support = "dopamine_over_5_or_adrenaline_or_noradrenaline_up_to_0_1"
    elif drugs["DOPamine"] > 0 or drugs["DOBUTamine"] > 0:
        support = "dopamine_up_to_5_or_dobutamine"
    else:
        support = "map_below_70" if mean_pressure(e) < 70 else "map_at_least_70"
    return {
        "pao2_fio2": e.number("Partial pressure of oxygen (PaO₂) for Apache II") / (e.number("FiO₂") / 100),
        "respiratory_support": e.has("On mechanical ventilation", "Continous positive airway pressure"),
        "platelets": e.number("Platelet count", "10*3/uL", "platelets"),
        "bilirubin_total": e.number("Bilirubin", "mg/dL", "bilirubin_total"),
        "cardiovascular_support": support,
        "glasgow_coma_scale": e.number("Glasgow Coma Score"),
        "creatinine": e.number("creatinine", "mg/dL", "creatinine"),
    }


CALCULATORS: dict[int, Calculator] = {
    2: Calculator("cockcroft_gault", "creatinine_clearance", cockcroft_gault, CLOSE),
    3: Calculator("ckd_epi_2021", "egfr", egfr, CLOSE),
    4: Calculator("cha2ds2_vasc", "points", cha2ds2_vasc),
    8: Calculator("wells_pe", "points", wells_pe),
    9: Calculator("mdrd", "egfr", mdrd, CLOSE),
    15: Calculator("child_pugh", "points", child_pugh),
    16: Calculator("wells_dvt", "points", wells_dvt),
    17: Calculator("rcri", "points", rcri),
    18: Calculator("heart_score", "points", heart_score),
    19: Calculator("fib4", "fib4", fib4, CLOSE),
    25: Calculator("has_bled", "points", has_bled),
    27: Calculator("glasgow_blatchford", "points", blatchford),
    28: Calculator("apache2", "points", apache2),
    29: Calculator("psi", "points", psi),
    32: Calculator("charlson", "points_age_adjusted", charlson),
    43: Calculator("sofa", "points", sofa),
    45: Calculator("curb65", "points", curb65),
    48: Calculator("perc", "points", perc),
}
