"""What a name denies, asks, plans, or says of another person or of the past is no fact (SAFETY 1, 2)."""

import pytest

from medgui.record.model import Completeness, Origin
from medgui.record.problems import stating
from medgui.record.resolve import resolve
from medgui.record.value import Gap
from medgui.record.variables import code_system
from medgui.record.wording import not_taken, wording
from tests.record.build import AS_OF, condition, medication, record

ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"

NO = [
    ("diabetes", "Diabetes: No"),
    ("diabetes", "Diabetes mellitus - none"),
    ("diabetes", "Patient is not diabetic"),
    ("diabetes", "糖尿病（无）"),
    ("diabetes", "糖尿病：否"),
    ("diabetes", "高血压病史10年，否认糖尿病史"),
    ("hypertension", "Does not have hypertension"),
    ("hypertension", "Elevated blood-pressure reading, without diagnosis of hypertension"),
    ("hypertension", "无高血压、糖尿病、冠心病"),
    ("stroke", "Never had a stroke"),
    ("cirrhosis", "No evidence of cirrhosis"),
    ("cirrhosis", "未发现肝硬化"),
    ("cirrhosis", "不考虑肝硬化"),
    ("cancer_history", "Biopsy negative for carcinoma"),
    ("prior_dvt", "Leg swelling, no DVT"),
    ("prior_vte", "肺栓塞已排除"),
    ("prior_ascvd", "TIA ruled out"),
    ("diabetes_hypertension_or_angina", "Chest wall pain without angina pectoris"),
    ("liver_disease_moderate_severe", "Cirrhosis without portal hypertension"),
]


@pytest.mark.parametrize(("name", "text"), NO)
def test_what_a_name_denies_is_absent(name: str, text: str) -> None:
    assert resolve(record(condition(text)), name, as_of=AS_OF).value == 0.0


OPEN = [
    ("prior_ascvd", "?TIA"),
    ("prior_ascvd", "TIA ?"),
    ("prior_ascvd", "Likely TIA"),
    ("prior_ascvd", "TIA vs migraine"),
    ("prior_ascvd", "TIA not ruled out"),
    ("prior_ascvd", "冠心病？"),
    ("prior_ascvd", "冠心病待查"),
    ("prior_ascvd", "不除外冠心病"),
    ("prior_ascvd", "Planned CABG"),
    ("prior_ascvd", "拟行冠脉搭桥术"),
    ("prior_ascvd", "MI"),
    ("prior_vte", "肺栓塞不能除外"),
    ("prior_dvt", "Concern for DVT"),
    ("cancer_history", "考虑肺癌"),
    ("cancer_history", "肺癌可能性大"),
    ("cancer_history", "Fear of cancer"),
    ("cancer_history", "Husband died of lung cancer"),
    ("breast_cancer", "Mother had breast cancer"),
    ("breast_cancer", "母亲乳腺癌"),
    ("breast_cancer", "Genetic susceptibility to breast cancer"),
    ("dementia", "Dementia in father"),
    ("dementia", "Caregiver of person with dementia"),
    ("diabetes", "FH: diabetes"),
    ("diabetes", "父亲有糖尿病"),
    ("diabetes", "Screened for diabetes"),
    ("diabetes", "H/O diabetes"),
    ("diabetes", "Resolved diabetes"),
    ("diabetes", "No hypertension, diabetes"),
    ("hypertension", "Hypertension denied by the patient"),
    ("chronic_kidney_disease", "CKD risk"),
    ("chronic_kidney_disease", "肾功能不全"),
    ("dialysis_or_transplant", "Refused dialysis"),
    ("pregnant", "Wants to become pregnant"),
    ("atrial_fibrillation", "AF"),
    ("rheumatoid_arthritis", "RA"),
]


@pytest.mark.parametrize(("name", "text"), OPEN)
def test_what_a_name_asks_plans_or_says_of_others_is_neither_yes_nor_no(name: str, text: str) -> None:
    assert resolve(record(condition(text)), name, as_of=AS_OF).gap is Gap.NOT_STATED


YES = [
    ("diabetes", "Type 2 diabetes mellitus without complications"),
    ("diabetes", "无高血压，有2型糖尿病"),
    ("diabetes", "２型糖尿病"),
    ("hypertension", "HTN"),
    ("hypertension", "History of hypertension"),
    ("hypertension", "高血压病3级（很高危）"),
    ("heart_attack", "陈旧性心梗"),
    ("prior_ascvd", "既往TIA发作"),
    ("prior_ascvd", "PCI术后"),
    ("prior_ascvd", "Atherosclerotic heart disease of native coronary artery without angina pectoris"),
    ("copd", "COPD急性加重"),
    ("chronic_kidney_disease", "CKD3期"),
    ("leukaemia", "Acute myeloblastic leukemia, not having achieved remission"),
    ("migraine", "Migraine, unspecified, not intractable, without status migrainosus"),
    ("breast_cancer", "Breast cancer HER2-negative"),
    ("breast_cancer", "乳腺癌（HER2阴性）"),
    ("breast_cancer", "Screen-detected breast cancer"),
    ("pregnant", "High-risk pregnancy"),
    ("migraine", "无先兆偏头痛"),
]


@pytest.mark.parametrize(("name", "text"), YES)
def test_what_a_name_states_beside_a_denial_still_counts(name: str, text: str) -> None:
    found = resolve(record(condition(text, recorded="2026-11-01")), name, as_of=AS_OF)
    assert (found.value, found.origin) == (1.0, Origin.FILE)


def test_a_code_beside_a_doubt_or_a_relative_is_no_fact_but_one_beside_advice_is() -> None:
    for text in ("?TIA", "Mother had a stroke", "脑梗死待排"):
        assert resolve(record(condition(text, (ICD10, "I63.9"))), "stroke", as_of=AS_OF).gap is Gap.NOT_STATED
    advised = condition("Diabetes counselling", (ICD10, "E11.9"))
    assert resolve(record(advised), "diabetes", as_of=AS_OF).value == 1.0


def test_an_old_event_that_was_entered_lately_is_no_event_of_the_last_month() -> None:
    for text in ("H/O: stroke", "既往脑梗死", "Post-stroke depression"):
        lately = record(condition(text, recorded="2026-11-05"))
        assert resolve(lately, "stroke_within_1_month", as_of=AS_OF).value is None
        assert resolve(lately, "stroke", as_of=AS_OF).value == 1.0


def test_a_roman_two_is_no_roman_one() -> None:
    for text in ("II型糖尿病", "Ⅱ型糖尿病", "Non-insulin-dependent diabetes mellitus"):
        assert set(stating(record(condition(text)), "diabetes").types) == {"type_2"}


def test_a_relative_is_expected_in_the_history_of_the_family() -> None:
    assert wording("Mother: breast cancer", relative=True).stated
    assert not wording("Mother: breast cancer").stated


def test_an_empty_and_a_very_long_name_are_read() -> None:
    assert wording("").denied
    long = "Type 2 diabetes, " + "without complications, " * 2000
    assert "diabetes" in wording(long).stated


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("aspirin_past_7_days", "Aspirin allergy"),
        ("aspirin_past_7_days", "阿司匹林过敏"),
        ("aspirin_past_7_days", "Aspirin held"),
        ("statin", "Simvastatin stopped due to myalgia"),
        ("beta_blocker", "Metoprolol intolerance"),
    ],
)
def test_a_drug_that_is_named_as_not_taken_is_neither_yes_nor_no(name: str, text: str) -> None:
    assert not_taken(text)
    listed = record(medication(text), document_date="2026-11-09")
    assert resolve(listed, name, as_of=AS_OF).gap is Gap.NOT_STATED


def test_aspirin_that_was_stopped_this_week_was_taken_in_the_past_seven_days() -> None:
    def aspirin(**more: str):
        drug = medication("Aspirin 100 mg", status="stopped", **more)
        return resolve(record(drug, document_date="2026-11-09"), "aspirin_past_7_days", as_of=AS_OF)

    assert aspirin(end="2026-11-08").gap is Gap.NOT_STATED
    assert aspirin().gap is Gap.NOT_STATED
    assert aspirin(end="2026-10-01").value == 0.0


@pytest.mark.parametrize(
    ("drug", "expected"),
    [
        (medication("Methylprednisolone acetate (Depo-Medrol) injection", start="2026-01-01"), None),
        (medication("Prednisolone 5 mg tablet", start="2026-10"), None),
        (medication("Prednisolone 5 mg tablet", start="2026-09"), 1.0),
        (medication("Triamcinolone 0.1 % oral paste", start="2026-01-01"), 0.0),
        (medication("Hydrocortisone 1 %", start="2026-01-01"), 0.0),
        (medication("Prednisone 5 mg po daily", start="2026-01-01"), 1.0),
    ],
    ids=lambda each: getattr(each, "name", str(each)),
)
def test_a_steroid_by_needle_or_on_the_skin_is_none_for_the_mouth(drug, expected: float | None) -> None:
    listed = record(drug, document_date="2026-11-09")
    assert resolve(listed, "corticosteroids", as_of=AS_OF).value == expected


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("estrogen_use", "Oestrogen cream"),
        ("beta_blocker", "Betaxolol 0.5 %"),
        ("antiplatelet_or_nsaid", "双氯芬酸二乙胺乳胶剂"),
    ],
)
def test_what_acts_on_the_spot_is_no_systemic_drug(name: str, text: str) -> None:
    listed = record(medication(text), document_date="2026-11-09")
    assert resolve(listed, name, as_of=AS_OF).value == 0.0


@pytest.mark.parametrize("brand", ["立普妥", "Caduet 5/10", "血脂康胶囊"])
def test_a_statin_is_known_by_its_trade_name(brand: str) -> None:
    assert resolve(record(medication(brand)), "statin", as_of=AS_OF).value == 1.0


def test_systems_of_codes_are_told_apart_by_the_whole_of_their_number() -> None:
    assert code_system("urn:oid:2.16.840.1.113883.6.103") == "icd9"
    assert code_system("2.16.840.1.113883.6.1") == "loinc"
    assert code_system("2.16.840.1.113883.6.12") == "other"
    assert code_system("http://hl7.org/fhir/sid/icd-10-pcs") == "other"
    assert code_system("GB/T 14396-2016") == "icd10"
    old = condition("x", ("urn:oid:2.16.840.1.113883.6.103", "410.91"))
    assert resolve(record(old), "heart_attack", as_of=AS_OF).value == 1.0


def test_a_list_that_was_cut_off_makes_nothing_absent() -> None:
    cut = record(condition("TIA ruled out"), completeness={"conditions": Completeness.PARTIAL})
    assert resolve(cut, "stroke", as_of=AS_OF).gap is Gap.NOT_STATED
