"""Inputs that are computed from others: each boundary, each gap, and where the value says it came from."""

from dataclasses import replace

import pytest

from medgui.readers.answers import answer_value
from medgui.record.model import Answer, Coding, Completeness, Origin
from medgui.record.questions import raise_questions
from medgui.record.resolve import resolve
from medgui.record.value import Gap
from tests.record.build import AS_OF, COMPLETE, condition, medication, observation, record

ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
SECTIONS = {**COMPLETE, "family_history": Completeness.COMPLETE}


def of(rec, name: str):
    return resolve(rec, name, as_of=AS_OF)


def born(years: int) -> dict[str, str]:
    return {"birth_date": f"{2026 - years}-01-01"}


@pytest.mark.parametrize(
    ("age", "yes"),
    [
        (40, ()),
        (41, ("age_41_60",)),
        (60, ("age_41_60",)),
        (61, ("age_61_74",)),
        (65, ("age_61_74",)),
        (66, ("age_61_74", "age_over_65")),
        (74, ("age_61_74", "age_over_65")),
        (75, ("age_75_plus", "age_over_65")),
    ],
)
def test_age_bands(age: int, yes: tuple[str, ...]) -> None:
    names = ("age_41_60", "age_61_74", "age_75_plus", "age_over_65")
    found = {name: of(record(**born(age)), name) for name in names}
    assert {name for name in names if found[name].value == 1.0} == set(yes)
    assert all(v.origin is Origin.DERIVED and v.derived_from == ("age",) for v in found.values())


@pytest.mark.parametrize(
    ("name", "variable", "unit", "values"),
    [
        ("bmi_over_25", "bmi", "kg/m2", {25.0: 0.0, 25.1: 1.0}),
        ("obesity", "bmi", "kg/m2", {29.9: 0.0, 30.0: 1.0}),
        ("uncontrolled_hypertension", "systolic_bp", "mm[Hg]", {160.0: 0.0, 161.0: 1.0}),
        ("fio2", "inhaled_oxygen", "%", {40.0: 0.4}),
        ("heart_rate_over_100", "heart_rate", "/min", {100.0: 0.0, 101.0: 1.0}),
    ],
)
def test_a_limit_or_a_unit_of_one_number(name: str, variable: str, unit: str, values) -> None:
    for written, expected in values.items():
        found = of(record(observation(variable, written, unit, time="2026-11-10")), name)
        assert found.value == pytest.approx(expected)
        assert (found.origin, found.derived_from) == (Origin.DERIVED, (variable,))


def test_an_answer_beats_what_is_computed() -> None:
    rec = record(observation("bmi", 31.0, "kg/m2")).with_answer(Answer("obesity", 0.0, "1", AS_OF))
    assert (of(rec, "obesity").value, of(rec, "obesity").origin) == (0.0, Origin.ENTERED)


def test_oxygen_of_two_days_makes_no_ratio() -> None:
    pressure = observation("pao2", 80.0, "mm[Hg]", time="2026-11-10")
    together = record(pressure, observation("inhaled_oxygen", 40.0, "%", time="2026-11-10"))
    assert of(together, "pao2_fio2").value == pytest.approx(200)
    apart = record(pressure, observation("inhaled_oxygen", 40.0, "%", time="2026-11-09"))
    assert of(apart, "pao2_fio2").gap is Gap.CONFLICT


@pytest.mark.parametrize(
    ("when", "known"),
    [
        ("2026-11-10T08:45", True),
        ("2026-11-10T09:30", False),
        ("2026-11-10T22:00", False),
        ("2026-11-10", True),
    ],
)
def test_oxygen_of_another_hour_makes_no_ratio(when: str, known: bool) -> None:
    gas = observation("pao2", 80.0, "mm[Hg]", time="2026-11-10T08:00")
    rec = record(gas, observation("inhaled_oxygen", 40.0, "%", time=when))
    assert of(rec, "pao2_fio2").known is known


def pressures(*pairs: tuple[float, float, str]):
    return [
        observation(name, value, "mm[Hg]", time=time, id=f"{name}-{n}")
        for n, (systolic, diastolic, time) in enumerate(pairs)
        for name, value in (("systolic_bp", systolic), ("diastolic_bp", diastolic))
    ]


def test_mean_pressure_comes_from_one_reading_of_the_day() -> None:
    rec = record(*pressures((120.0, 60.0, "2026-11-10T08:00")))
    found = of(rec, "mean_arterial_pressure")
    assert found.value == pytest.approx(80)
    assert found.derived_from == ("systolic_bp", "diastolic_bp")
    measured = record(*rec.observations, observation("mean_bp", 70.0, "mm[Hg]", time="2026-11-10"))
    assert of(measured, "mean_arterial_pressure").value == 70
    assert of(record(*pressures((120.0, 60.0, "2026-11-01"))), "mean_arterial_pressure").gap is Gap.TOO_OLD
    swapped = record(*pressures((60.0, 120.0, "2026-11-10")))
    assert of(swapped, "mean_arterial_pressure").gap is Gap.CONFLICT


def test_mean_pressure_is_never_made_of_two_readings() -> None:
    systolic = observation("systolic_bp", 80.0, "mm[Hg]", time="2026-11-10T20:00", id="late")
    rec = record(*pressures((150.0, 60.0, "2026-11-10T02:00")), systolic)
    for acute in (False, True):
        found = resolve(rec, "mean_arterial_pressure", as_of=AS_OF, acute=acute)
        assert found.gap is Gap.CONFLICT
    typed = record(systolic).with_answer(Answer("diastolic_bp", 50.0, "mm[Hg]", AS_OF))
    assert of(typed, "mean_arterial_pressure").value == pytest.approx(60)


def test_variability_needs_three_clinic_readings_of_five_years() -> None:
    days = [(120.0, 80.0, "2026-11-01"), (130.0, 80.0, "2025-11-01"), (140.0, 80.0, "2022-01-01")]
    found = of(record(*pressures(*days)), "systolic_bp_sd")
    assert found.value == pytest.approx(10)
    assert len(found.sources) == 3
    assert of(record(*pressures(*days[:2])), "systolic_bp_sd").gap is Gap.MISSING
    old = [*days[:2], (140.0, 80.0, "2021-11-01")]
    assert of(record(*pressures(*old)), "systolic_bp_sd").gap is Gap.MISSING
    home = observation("systolic_bp", 140.0, "mm[Hg]", time="2024-01-01", setting="home")
    assert of(record(*pressures(*days[:2]), home), "systolic_bp_sd").gap is Gap.MISSING


def egfr(value: float, time: str):
    return observation("egfr", value, "mL/min/{1.73_m2}", time=time)


def test_two_reduced_egfr_three_months_apart_are_chronic_kidney_disease() -> None:
    found = of(record(egfr(52.0, "2026-10-01"), egfr(55.0, "2026-07-03")), "chronic_kidney_disease")
    assert (found.value, found.origin, found.derived_from) == (1.0, Origin.DERIVED, ("egfr",))
    assert len(found.sources) == 2


@pytest.mark.parametrize(
    "values",
    [
        [egfr(52.0, "2026-10-01")],
        [egfr(52.0, "2026-10-01"), egfr(55.0, "2026-07-04")],
        [egfr(52.0, "2026-10-01"), egfr(60.0, "2026-08-01"), egfr(55.0, "2026-01-01")],
    ],
    ids=["one", "89 days", "normal between"],
)
def test_a_reduced_egfr_alone_is_a_question_and_no_proof_of_health(values) -> None:
    rec = record(*values)
    assert of(rec, "chronic_kidney_disease").gap is Gap.NOT_STATED
    asked = raise_questions(rec)
    assert [(q.variable, q.code) for q in asked.questions] == [("chronic_kidney_disease", "fact_hinted")]
    assert "52" in asked.questions[0].message


def test_a_normal_egfr_asks_nothing() -> None:
    rec = record(egfr(61.0, "2026-10-01"), egfr(55.0, "2024-01-01"))
    assert raise_questions(rec).questions == ()
    assert of(rec, "chronic_kidney_disease").origin is Origin.ASSUMED_ABSENT


# Facts that others imply


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("myocardial_infarction", "Old myocardial infarction"),
        ("vascular_disease", "陈旧性心肌梗死"),
        ("prior_stroke", "脑梗死后遗症"),
        ("prior_vte", "Deep vein thrombosis"),
        ("renal_disease", "Chronic kidney disease stage 4"),
        ("renal_disease_moderate_severe", "Hemodialysis status"),
        ("thrombophilia", "Factor V Leiden"),
        ("malignancy_history", "乳腺癌"),
        ("diabetes_or_impaired_fasting_glucose", "2型糖尿病"),
        ("high_glucose_history", "Gestational diabetes mellitus"),
        ("connective_tissue_disease", "Rheumatoid arthritis"),
        ("diabetes_hypertension_or_angina", "高血压"),
        ("chronic_cardiopulmonary_disease", "COPD"),
        ("heart_disease", "Paroxysmal atrial fibrillation"),
    ],
)
def test_one_fact_implies_another_with_its_evidence(name: str, part: str) -> None:
    problem = condition(part)
    found = of(record(problem), name)
    assert found.value == 1.0
    assert problem.source in found.sources
    assert of(record(), name).origin is Origin.ASSUMED_ABSENT
    assert of(record(condition(part, subject="father")), name).value != 1.0


def test_an_open_part_leaves_the_whole_open() -> None:
    assert of(record(condition("Suspected deep vein thrombosis")), "prior_vte").gap is Gap.NOT_STATED
    stated = record(observation("diabetes", True), completeness={})
    assert of(stated, "diabetes_or_impaired_fasting_glucose").value == 1.0
    assert of(record(completeness={}), "diabetes_or_impaired_fasting_glucose").gap is Gap.NOT_STATED


def test_type_and_complications_of_diabetes() -> None:
    second = condition("x", (ICD10, "E11.9"))
    rec = record(second)
    found = {n: of(rec, n) for n in ("type_1_diabetes", "type_2_diabetes", "diabetes_uncomplicated")}
    assert [v.value for v in found.values()] == [0.0, 1.0, 1.0]
    assert found["type_2_diabetes"].derived_from == ("diabetes_type",)
    kidney = record(condition("x", (ICD10, "E11.21")))
    assert (of(kidney, "diabetes_complicated").value, of(kidney, "diabetes_uncomplicated").value) == (
        1.0,
        0.0,
    )
    unspecified = record(condition("Diabetes mellitus"))
    assert of(unspecified, "type_1_diabetes").gap is Gap.NOT_STATED
    both = record(second, condition("x", (ICD10, "E10.9")))
    assert of(both, "type_1_diabetes").gap is Gap.CONFLICT
    assert of(record(), "type_2_diabetes").origin is Origin.ASSUMED_ABSENT
    assert of(record(completeness={}), "type_2_diabetes").gap is Gap.NOT_STATED


@pytest.mark.parametrize(("sex", "lowest"), [("female", 12.0), ("male", 13.0)])
def test_a_low_haemoglobin_is_anaemia_whatever_the_list_leaves_out(sex: str, lowest: float) -> None:
    low = record(observation("haemoglobin", lowest - 0.1, "g/dL"), sex=sex)
    assert (of(low, "anaemia_history").value, of(low, "anaemia_history").origin) == (1.0, Origin.DERIVED)
    assert of(low, "bleeding_history").gap is Gap.NOT_STATED
    fine = record(observation("haemoglobin", lowest, "g/dL"), sex=sex)
    assert of(fine, "anaemia_history").origin is Origin.ASSUMED_ABSENT
    assert of(fine, "bleeding_history").origin is Origin.ASSUMED_ABSENT


def test_anaemia_of_a_person_whose_sex_is_not_stated_is_asked() -> None:
    between = record(observation("haemoglobin", 12.5, "g/dL"), sex="")
    assert of(between, "anaemia_history").gap is Gap.NOT_STATED
    assert of(record(), "anaemia_history").origin is Origin.ASSUMED_ABSENT


def test_kidney_function_of_the_bleeding_score() -> None:
    assert of(record(observation("creatinine", 200.0, "umol/L")), "abnormal_renal_function").value == 1.0
    fine = record(observation("creatinine", 199.0, "umol/L"))
    assert of(fine, "abnormal_renal_function").origin is Origin.ASSUMED_ABSENT
    assert of(record(condition("Hemodialysis status")), "abnormal_renal_function").value == 1.0
    assert of(record(), "abnormal_renal_function").gap is Gap.NOT_STATED


def test_liver_function_is_known_from_cirrhosis_alone() -> None:
    assert of(record(condition("肝硬化")), "abnormal_liver_function").value == 1.0
    assert of(record(), "abnormal_liver_function").gap is Gap.NOT_STATED


@pytest.mark.parametrize(("value", "expected"), [(9.9, 1.0), (10.0, 0.0)])
def test_low_haemoglobin_or_an_erythropoietin(value: float, expected: float) -> None:
    blood = observation("haemoglobin", value, "g/dL")
    assert of(record(blood), "haemoglobin_low_or_esa").value == expected
    assert of(record(blood, medication("Epoetin alfa")), "haemoglobin_low_or_esa").value == 1.0
    assert of(record(medication("促红素注射液")), "haemoglobin_low_or_esa").value == 1.0
    assert of(record(), "haemoglobin_low_or_esa").gap is Gap.NOT_STATED
    if expected == 0.0:
        assert of(record(blood, completeness={}), "haemoglobin_low_or_esa").gap is Gap.NOT_STATED


@pytest.mark.parametrize(
    ("drug", "expected"),
    [
        (medication("Prednisone 5 MG Oral Tablet", start="2026-01-01"), 1.0),
        (medication("泼尼松片", start="2026-01-01"), 1.0),
        (medication("Prednisone 5 MG Oral Tablet", start="2026-10-14"), None),
        (medication("Prednisone 5 MG Oral Tablet", start="2026-10-13"), 1.0),
        (medication("Prednisone 5 MG Oral Tablet"), None),
        (medication("Methylprednisolone injection", start="2026-01-01"), None),
        (medication("Hydrocortisone 1 % cream", start="2026-01-01"), 0.0),
        (medication("Beclomethasone inhaler", start="2026-01-01"), 0.0),
        (medication("Prednisone Oral Tablet", status="stopped", start="2020-01-01"), 0.0),
    ],
    ids=lambda each: f"{each.name} {each.start}" if hasattr(each, "name") else str(each),
)
def test_regular_steroids_are_for_the_mouth_and_last_four_weeks(drug, expected: float | None) -> None:
    assert of(record(drug), "corticosteroids").value == expected


def test_pregnancy_or_birth() -> None:
    young = {"birth_date": "1996-05-01"}
    assert of(record(observation("pregnant", True), **young), "pregnancy_or_postpartum").value == 1.0
    not_now = record(observation("pregnant", False), **young)
    assert of(not_now, "pregnancy_or_postpartum").gap is Gap.NOT_STATED
    assert of(record(sex="male"), "pregnancy_or_postpartum").value == 0.0


@pytest.mark.parametrize(
    ("text", "site"),
    [("Gastric cancer", "stomach"), ("肺腺癌", "lung"), ("Malignant neoplasm of pancreas", "pancreas"),
     ("卵巢癌", "gynaecological"), ("Colon cancer", "other")],
)  # fmt: skip
def test_the_site_of_a_cancer(text: str, site: str) -> None:
    assert of(record(condition(text)), "cancer_site").value == site


def test_the_site_of_a_cancer_is_open_where_several_or_none_are_named() -> None:
    assert of(record(condition("x", (ICD10, "C16.9"))), "cancer_site").value == "stomach"
    two = record(condition("Gastric cancer"), condition("Lung cancer"))
    assert of(two, "cancer_site").gap is Gap.CONFLICT
    unnamed = record(condition("Gastric cancer"), condition("Cancer of unknown primary"))
    assert of(unnamed, "cancer_site").gap is Gap.NOT_STATED
    assert of(record(), "cancer_site").gap is Gap.NOT_STATED


@pytest.mark.parametrize(("nodes", "stage"), [(0.0, 1.0), (1.0, 2.0), (3.0, 2.0), (4.0, 3.0)])
def test_positive_nodes_and_their_stage(nodes: float, stage: float) -> None:
    rec = record(observation("nodes", nodes, "1"), observation("grade", 2.0))
    assert of(rec, "positive_nodes").value == nodes
    assert of(rec, "node_stage").value == stage
    assert of(rec, "tumour_grade").value == 2.0
    assert of(record(), "node_stage").gap is Gap.MISSING


# Smoking


def smoking(text: str, *codes: str, **more: object):
    found = observation("current_smoker", text, **more)
    return answer_value(found, tuple(Coding(code) for code in codes))


@pytest.mark.parametrize(
    ("entry", "status"),
    [
        (smoking("Never smoker", "266919005"), "non_smoker"),
        (smoking("Former smoker", "8517006"), "ex_smoker"),
        (smoking("已戒烟"), "ex_smoker"),
        (smoking("从不吸烟"), "non_smoker"),
        (smoking("Smokes tobacco daily", "449868002"), "current_smoker"),
        (smoking("Heavy tobacco smoker", "428071000124103"), "current_smoker"),
        (smoking("Light cigarette smoker (1-9 cigs/day)", "160603005"), "light_smoker"),
        (smoking("Heavy cigarette smoker (20-39 cigs/day)", "160605003"), "heavy_smoker"),
    ],
    ids=lambda each: getattr(each, "value_as_written", each),
)
def test_one_statement_about_smoking_gives_the_status(entry, status: str) -> None:
    found = of(record(entry), "smoking_status")
    assert (found.value, found.origin, found.derived_from) == (status, Origin.DERIVED, ("current_smoker",))


@pytest.mark.parametrize(
    ("count", "status"),
    [(1.0, "light_smoker"), (9.0, "light_smoker"), (10.0, "moderate_smoker"), (19.0, "moderate_smoker"),
     (20.0, "heavy_smoker"), (0.0, "current_smoker")],
)  # fmt: skip
def test_how_heavy_a_smoker_is_comes_from_the_count(count: float, status: str) -> None:
    daily = smoking("Smokes tobacco daily", "449868002")
    rec = record(daily, observation("cigarettes_per_day", count, "/d"))
    assert of(rec, "smoking_status").value == status


def test_not_a_smoker_now_leaves_open_whether_ever_and_unknown_is_nothing() -> None:
    assert of(record(smoking("不吸烟")), "smoking_status").gap is Gap.NOT_STATED
    assert of(record(smoking("Unknown if ever smoked", "266927001")), "smoking_status").gap is Gap.NOT_STATED
    assert of(record(), "smoking_status").gap is Gap.NOT_STATED


def test_a_status_answers_whether_somebody_smokes_now() -> None:
    for status, expected in (("ex_smoker", 0.0), ("non_smoker", 0.0), ("moderate_smoker", 1.0)):
        rec = record().with_answer(Answer("smoking_status", status, "", AS_OF))
        assert of(rec, "current_smoker").value == expected


def test_pack_years_and_years() -> None:
    count = observation("cigarettes_per_day", 10.0, "/d")
    rec = record(count, observation("smoking_years", 30.0, "a"))
    assert of(rec, "pack_years").value == pytest.approx(15)
    rec = record(count, observation("pack_years", 15.0, "1"))
    assert of(rec, "smoking_years").value == pytest.approx(30)
    assert of(record(count), "pack_years").gap is Gap.MISSING


@pytest.mark.parametrize(
    ("earlier", "chronic"),
    [
        ("2026-08-13", False),
        ("2026-08-12", True),
        ("2026-08-11", True),
        ("2026-08", False),
        ("2026-07", True),
    ],
)
def test_three_months_of_reduced_egfr_are_counted_to_the_day(earlier: str, chronic: bool) -> None:
    unit = "mL/min/{1.73_m2}"
    rec = record(observation("egfr", 50.0, unit, "2026-11-10"), observation("egfr", 55.0, unit, earlier))
    assert (of(rec, "chronic_kidney_disease").value == 1.0) is chronic


# Relatives


def relative(name: str, who: str, *codes: tuple[str, str], **more: object):
    more = {"id": f"{name}-{who}", **more}
    found = condition(name, *codes, subject=who, kind="family_history", usable=False)
    return replace(found, **more)  # type: ignore[arg-type]


def family(*entries):
    return record(*entries, completeness=SECTIONS)


@pytest.mark.parametrize(
    ("entries", "degree"),
    [
        ([relative("Type 2 diabetes", "Father")], "first_degree"),
        ([relative("Type 2 diabetes", "son")], "first_degree"),
        ([relative("糖尿病", "祖母"), relative("糖尿病", "母亲")], "first_degree"),
        ([relative("糖尿病", "外祖父")], "second_degree"),
        ([relative("Diabetes", "maternal aunt")], "second_degree"),
        ([relative("Diabetes", "step-father")], "none"),
        ([relative("Hypertension", "Father")], "none"),
        ([relative("Diabetes", "family member")], None),
        ([relative("Diabetes", "family member"), relative("Diabetes", "uncle")], None),
    ],
)
def test_degree_of_the_relatives_with_diabetes(entries, degree: str | None) -> None:
    assert of(family(*entries), "family_history_diabetes").value == degree


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (relative("Myocardial infarction", "Father", note="Onset: 59 a"), 1.0),
        (relative("Myocardial infarction", "Father", note="Onset: 60 a"), 0.0),
        (relative("心肌梗死，52岁发病", "父亲"), 1.0),
        (relative("Angina at age 48", "sister"), 1.0),
        (relative("Coronary artery disease", "Father"), None),
        (relative("Myocardial infarction", "uncle", note="Onset: 40 a"), 0.0),
        (relative("x", "family member", (ICD10, "Z82.49")), None),
        (relative("Myocardial infarction", "Father", note="Onset: 50 a", verification="refuted"), 0.0),
    ],
    ids=lambda each: f"{each.name} {each.subject} {each.note}" if hasattr(each, "name") else str(each),
)
def test_premature_heart_disease_in_the_family(entry, expected: float | None) -> None:
    assert of(family(entry), "family_history_premature_cvd").value == expected
    assert of(record(entry, completeness=SECTIONS), "ischaemic_heart_disease").value != 1.0


@pytest.mark.parametrize(
    ("name", "entry", "expected"),
    [
        ("family_history_ascvd", relative("Stroke", "Mother"), 1.0),
        ("family_history_ascvd", relative("脑梗死", "哥哥"), 1.0),
        ("family_history_ascvd", relative("Stroke", "daughter"), 0.0),
        ("family_history_ascvd", relative("Coronary heart disease", "Father"), None),
        ("family_history_lung_cancer", relative("Lung cancer", "brother"), 1.0),
        ("family_history_lung_cancer", relative("肺癌", "母亲"), 1.0),
        ("family_history_lung_cancer", relative("Lung cancer", "grandfather"), 0.0),
        ("family_history_lung_cancer", relative("x", "family member", (ICD10, "Z80.1")), None),
        ("family_history_vte", relative("Deep vein thrombosis", "aunt"), 1.0),
        ("family_history_vte", relative("Stroke", "aunt"), 0.0),
    ],
)
def test_other_diseases_of_relatives(name: str, entry, expected: float | None) -> None:
    assert of(family(entry), name).value == expected


def test_a_suspicion_about_a_relative_is_a_question() -> None:
    assert (
        of(family(relative("Suspected diabetes", "Father")), "family_history_diabetes").gap is Gap.NOT_STATED
    )
    assert of(family(relative("Suspected diabetes", "Father")), "family_history").gap is Gap.NOT_STATED
    assert of(family(relative("肺癌？", "母亲")), "family_history_lung_cancer").gap is Gap.NOT_STATED
    assert of(family(relative("DVT ruled out", "Mother")), "family_history_vte").value == 0.0


@pytest.mark.parametrize(
    "entry",
    [
        condition("Family history of breast cancer", (ICD10, "Z80.3"), subject="family member", usable=False),
        condition("Mother had breast cancer"),
    ],
    ids=lambda each: each.name,
)
def test_a_problem_that_tells_of_a_relative_leaves_the_family_open(entry) -> None:
    rec = family(relative("Hypertension", "Father"), entry)
    assert of(rec, "breast_cancer_relatives").gap is Gap.NOT_STATED
    assert of(rec, "breast_cancer").value != 1.0


def test_two_diseases_of_one_sister_are_one_relative() -> None:
    both = [relative(name, "Sister", id=f"f1@0#{n}") for n, name in enumerate(("Breast cancer", "乳腺癌"))]
    assert of(family(*both), "breast_cancer_relatives").value == 1.0
    other = relative("Breast cancer", "Sister", id="f2@1#1")
    assert of(family(*both, other), "breast_cancer_relatives").value == 2.0


def test_breast_cancer_of_mother_sisters_and_daughters_is_counted() -> None:
    listed = [
        relative("Breast cancer", "Mother"),
        relative("乳腺癌", "姐姐"),
        relative("Breast cancer", "aunt"),
    ]
    assert of(family(*listed), "breast_cancer_relatives").value == 2.0
    assert of(family(), "breast_cancer_relatives").value == 0.0
    assert of(record(), "breast_cancer_relatives").gap in (Gap.MISSING, Gap.NOT_STATED)
    unnamed = relative("Family history of breast cancer", "family member")
    assert of(family(*listed, unnamed), "breast_cancer_relatives").gap is Gap.NOT_STATED


@pytest.mark.parametrize(
    "name",
    ["family_history_diabetes", "family_history_premature_cvd", "family_history_ascvd", "family_history_vte"],
)
def test_silence_about_the_family_is_no_only_of_a_complete_list(name: str) -> None:
    assert of(family(), name).origin is Origin.ASSUMED_ABSENT
    assert of(record(), name).gap is Gap.NOT_STATED
