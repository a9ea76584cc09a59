"""Write the demo patients of `resources/demo`. Run again after a change: `python packaging/demo/make_demo.py`.

All people are invented. Each file is a FHIR R4 collection that marks its patient as test data (HTEST) and
carries the day of the visit as a tag, so that ages and results stay what they are.
"""

from __future__ import annotations

from person import LOINC, OWN, SNOMED, TERMINOLOGY, Person


def helen() -> None:
    """Woman of 50: the inputs of the published PREVENT example, full laboratory values, three years of history."""
    p = Person("marlow_helen", "2026-11-21")
    p.patient("Marlow", "Helen", "female", "1976-03-14", "4471-0928", "2106-3")
    history = [("2023-11-08", 148, 90, 90.3), ("2024-05-14", 150, 92, 91.0), ("2025-01-20", 149, 91, 90.1),
               ("2025-11-04", 154, 93, 89.4), ("2026-05-12", 158, 95, 88.9), ("2026-11-21", 160, 96, 88.0)]  # fmt: skip
    for day, systolic, diastolic, weight in history:
        p.pressure(day, systolic, diastolic)
        p.vital(day, weight=weight)
    p.vital("2026-05-12", height=158.5)
    p.vital("2026-11-21", waist=108, heart_rate=76)
    p.lab(
        "2023-11-01",
        total_cholesterol=188,
        hdl_cholesterol=49,
        triglycerides=150,
        hba1c=6.9,
        creatinine=0.74,
        uacr=18,
    )
    p.lab(
        "2024-11-06",
        total_cholesterol=193,
        hdl_cholesterol=48,
        triglycerides=158,
        hba1c=7.1,
        creatinine=0.79,
        uacr=22,
    )
    p.lab(
        "2025-11-04",
        total_cholesterol=204,
        hdl_cholesterol=46,
        triglycerides=171,
        hba1c=7.6,
        creatinine=0.77,
        uacr=27,
    )
    p.lab(
        "2026-11-03", total_cholesterol=200, hdl_cholesterol=45, ldl_cholesterol=121, triglycerides=168, hba1c=7.4,
        fasting_glucose=138, creatinine=0.8, uacr=31, albumin=4.3, alkaline_phosphatase=78, ast=32, alt=38, ggt=34,
        bilirubin_total=0.5, bun=14, uric_acid=5.8, sodium=139, potassium=4.2, crp=4.1, haemoglobin=13.4, wbc=7.2,
        rbc=4.6, mcv=87, rdw=13.4, lymphocytes_percent=29, platelets=245,
    )  # fmt: skip
    p.smoking("2026-11-21", "never")
    p.condition("type 2 diabetes", "2017-04")
    p.condition("hypertension", "2019-09")
    p.drug("amlodipine", "5 mg once daily", "2019-09-12")
    p.drug("metformin", "1000 mg twice daily", "2017-05-02")
    p.allergy("91936005", "Allergy to penicillin", "青霉素过敏", "2009-06-01")
    p.write()


def thomas() -> None:
    """Man of 68 whose cholesterol could not be measured: PREVENT needs one answer."""
    p = Person("rowe_thomas", "2026-10-14")
    p.patient("Rowe", "Thomas", "male", "1958-02-09", "5210-3377", "2054-5")
    for day, systolic, diastolic, weight in [
        ("2025-10-02", 142, 80, 84.6),
        ("2026-04-15", 139, 78, 84.1),
        ("2026-10-14", 138, 78, 83.5),
    ]:
        p.pressure(day, systolic, diastolic)
        p.vital(day, weight=weight)
    p.vital("2025-10-02", height=176)
    p.lab("2025-10-02", creatinine=1.12, hba1c=5.7, potassium=4.4)
    p.lab("2026-10-07", hdl_cholesterol=48, triglycerides=131, creatinine=1.18, hba1c=5.8, potassium=4.5)
    reason = {
        "coding": [{"system": f"{TERMINOLOGY}/data-absent-reason", "code": "error"}],
        "text": "sample haemolysed",
    }
    coding = {"system": LOINC, "code": "2093-3"}
    p.observation(
        "total_cholesterol", "2026-10-07", "laboratory", coding, "Total cholesterol", dataAbsentReason=reason
    )
    p.smoking("2026-10-14", "former")
    p.condition("hypertension", "2011")
    p.condition("osteoarthritis", "2020-03")
    p.drug("amlodipine", "10 mg once daily", "2015-06-01")
    p.no_known_allergy("2026-10-14")
    p.write()


def anna() -> None:
    """Woman of 57 whose last weight was typed in pounds and filed as kilograms."""
    p = Person("bauer_anna", "2026-11-10")
    p.patient("Bauer", "Anna", "female", "1969-07-23", "6038-1145")
    for day, weight in [
        ("2024-03-11", 89.2),
        ("2024-10-07", 88.4),
        ("2025-06-16", 88.9),
        ("2026-03-09", 88.6),
        ("2026-11-10", 194),
    ]:
        p.vital(day, weight=weight)
    p.vital("2025-06-16", height=168)
    for day, systolic, diastolic in [
        ("2025-06-16", 128, 80),
        ("2026-03-09", 131, 82),
        ("2026-11-10", 132, 82),
    ]:
        p.pressure(day, systolic, diastolic)
    p.lab(
        "2025-06-10", total_cholesterol=221, hdl_cholesterol=56, triglycerides=140, creatinine=0.71, hba1c=5.5
    )
    p.lab(
        "2026-11-03", total_cholesterol=226, hdl_cholesterol=54, ldl_cholesterol=143, triglycerides=146,
        creatinine=0.73, hba1c=5.6, fasting_glucose=97, albumin=4.4, alt=24, ast=22,
    )  # fmt: skip
    p.smoking("2026-11-10", "never")
    p.condition("hyperlipidaemia", "2023-02")
    p.no_drugs()
    p.no_known_allergy("2024-03-11")
    p.write()


def grace() -> None:
    """Woman of 61 with a breast mass and chest pain, with mammography and exercise test."""
    p = Person("okafor_grace", "2026-09-29")
    p.patient("Okafor", "Grace", "female", "1965-01-30", "7719-0064", "2054-5")
    for day, systolic, diastolic, weight in [("2025-09-18", 136, 82, 74.2), ("2026-09-15", 142, 84, 73.6)]:
        p.pressure(day, systolic, diastolic)
        p.vital(day, weight=weight)
    p.vital("2025-09-18", height=164)
    p.lab(
        "2026-09-15", total_cholesterol=242, hdl_cholesterol=52, triglycerides=155, ldl_cholesterol=159,
        creatinine=0.82, hba1c=5.7, fasting_glucose=104, haemoglobin=12.6,
    )  # fmt: skip
    p.finding("2026-09-15", "chest_pain_type", "Chest pain", "2", "Atypical angina")
    p.finding("2026-09-22", "resting_ecg", "Resting ECG", "0", "Normal", "procedure")
    p.measured("2026-09-22", "max_heart_rate", "Peak heart rate, exercise test", 138, "/min")
    p.measured("2026-09-22", "st_depression", "ST depression, exercise against rest", 1.2, "mm")
    p.finding("2026-09-22", "st_slope", "ST slope at peak exercise", "2", "Flat", "procedure")
    no = {"coding": [{"system": SNOMED, "code": "373067005", "display": "No"}], "text": "No"}
    coding = {"system": OWN, "code": "exercise_angina"}
    p.observation(
        "exercise_angina", "2026-09-22", "procedure", coding, "Angina on exercise", valueCodeableConcept=no
    )
    p.finding("2026-09-25", "birads", "BI-RADS category", "4", "4: suspicious", "imaging")
    p.finding("2026-09-25", "mass_shape", "Mass shape", "4", "Irregular", "imaging")
    p.finding("2026-09-25", "mass_margin", "Mass margin", "4", "Ill-defined", "imaging")
    p.finding("2026-09-25", "mass_density", "Mass density", "2", "Equal", "imaging")
    p.smoking("2026-09-15", "never")
    p.condition("breast mass", "2026-09-10")
    p.condition("chest pain", "2026-08")
    p.no_drugs()
    p.no_known_allergy("2025-09-18")
    p.write()


def per() -> None:
    """Man of 66 after a myocardial infarction: scores for primary prevention are out of scope."""
    p = Person("lindqvist_per", "2026-11-05")
    p.patient("Lindqvist", "Per", "male", "1960-05-17", "8842-5530")
    for day, systolic, diastolic, weight in [
        ("2025-04-28", 134, 76, 86.0),
        ("2025-11-10", 130, 74, 85.2),
        ("2026-11-05", 128, 74, 84.7),
    ]:
        p.pressure(day, systolic, diastolic)
        p.vital(day, weight=weight)
    p.vital("2025-04-28", height=181)
    p.vital("2026-11-05", heart_rate=58)
    p.lab(
        "2025-11-03",
        total_cholesterol=142,
        hdl_cholesterol=44,
        ldl_cholesterol=76,
        triglycerides=112,
        creatinine=0.98,
        hba1c=5.6,
    )
    p.lab(
        "2026-10-29", total_cholesterol=134, hdl_cholesterol=46, ldl_cholesterol=67, triglycerides=105, creatinine=1.01,
        hba1c=5.7, fasting_glucose=101, albumin=4.2, alkaline_phosphatase=64, bilirubin_total=0.7, bun=17, crp=1.6,
        haemoglobin=14.6, wbc=6.1, rbc=4.9, mcv=90, rdw=13.0, lymphocytes_percent=27, platelets=221,
    )  # fmt: skip
    p.smoking("2026-11-05", "former")
    p.condition("old infarction", "2021-02-13")
    p.condition("coronary disease", "2021-02-13")
    p.condition("hypertension", "2014")
    p.procedure("415070008", "Percutaneous coronary intervention", "2021-02-13")
    p.drug("acetylsalicylic acid", "75 mg once daily", "2021-02-15")
    p.drug("atorvastatin", "80 mg once daily", "2021-02-15")
    p.drug("ramipril", "5 mg once daily", "2021-02-18")
    p.drug("metoprolol", "50 mg once daily", "2021-02-18")
    p.no_known_allergy("2021-02-13")
    p.write()


def huimin() -> None:
    """Woman of 50, the case of Helen Marlow in Chinese: SI units, weight in 斤 (0.5 kg)."""
    p = Person("lin_huimin", "2026-11-21", zh=True)
    p.patient("林", "慧敏", "female", "1976-03-14", "44710928")
    for day, systolic, diastolic, jin in [
        ("2024-11-12", 150, 92, 181),
        ("2025-11-18", 154, 93, 179),
        ("2026-11-21", 160, 96, 176),
    ]:
        p.pressure(day, systolic, diastolic)
        p.vital(day, unit="斤", weight=jin)
    p.vital("2025-11-18", height=158.5)
    p.vital("2026-11-21", waist=108, heart_rate=76)
    p.lab(
        "2024-11-12",
        total_cholesterol=4.99,
        hdl_cholesterol=1.24,
        triglycerides=1.78,
        hba1c=7.1,
        creatinine=70,
    )
    p.lab(
        "2025-11-18",
        total_cholesterol=5.28,
        hdl_cholesterol=1.19,
        triglycerides=1.93,
        hba1c=7.6,
        creatinine=68,
    )
    p.lab(
        "2026-11-21", total_cholesterol=5.17, hdl_cholesterol=1.16, ldl_cholesterol=3.13, triglycerides=1.9, hba1c=7.4,
        fasting_glucose=7.7, creatinine=70.7, uacr=31, albumin=43, alkaline_phosphatase=78, ast=32, alt=38, ggt=34,
        bilirubin_total=8.6, uric_acid=345, crp=4.1, haemoglobin=134, wbc=7.2, rbc=4.6, mcv=87, rdw=13.4,
        lymphocytes_percent=29, platelets=245,
    )  # fmt: skip
    p.smoking("2026-11-21", "never")
    p.condition("type 2 diabetes", "2017-04")
    p.condition("hypertension", "2019-09")
    p.drug("amlodipine", "5 mg，每日一次", "2019-09-12")
    p.drug("metformin", "1000 mg，每日两次", "2017-05-02")
    p.no_known_allergy("2026-11-21")
    p.write()


def main() -> None:
    """Write all demo patients."""
    for make in (helen, thomas, anna, grace, per, huimin):
        make()


if __name__ == "__main__":
    main()
