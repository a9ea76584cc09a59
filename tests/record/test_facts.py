import pytest

from medgui.record.model import Answer, Completeness, Origin
from medgui.record.questions import raise_questions
from medgui.record.resolve import resolve
from medgui.record.value import Gap
from tests.record.build import AS_OF, SNOMED, condition, medication, observation, record

ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
ICD9 = "http://hl7.org/fhir/sid/icd-9-cm"
ATC = "http://www.whocc.no/atc"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"


def fact(rec, name: str):
    return resolve(rec, name, as_of=AS_OF)


STATED = [
    ("diabetes", condition("x", (SNOMED, "44054006"))),
    ("diabetes", condition("x", (ICD10, "E11.22"))),
    ("diabetes", condition("x", (ICD9, "250.00"))),
    ("diabetes", condition("Type 2 diabetes mellitus without complication")),
    ("diabetes", condition("2型糖尿病")),
    ("hypertension", condition("Essential (primary) hypertension")),
    ("hypertension", condition("x", (ICD10, "I10"))),
    ("prior_ascvd", condition("x", (ICD10, "I25.2"))),
    ("prior_ascvd", condition("Old myocardial infarction", clinical_status="resolved")),
    ("prior_ascvd", condition("History of stroke", clinical_status="inactive")),
    ("prior_ascvd", condition("Transient ischemic attack")),
    ("prior_ascvd", condition("PCI", (SNOMED, "415070008"), kind="procedure", clinical_status="completed")),
    ("prior_ascvd", condition("冠心病 支架植入术后")),
    ("prior_ascvd", condition("陈旧性心肌梗死")),
    ("heart_attack", condition("x", (SNOMED, "22298006"))),
    ("heart_attack", condition("x", (ICD10, "I25.2"), clinical_status="resolved")),
    ("heart_attack", condition("陈旧性心肌梗死")),
    ("stroke", condition("x", (ICD10, "I63.9"))),
    ("stroke", condition("History of stroke", clinical_status="inactive")),
    ("stroke", condition("脑梗死后遗症")),
    ("told_prediabetes", condition("x", (ICD10, "R73.03"))),
    ("told_prediabetes", condition("Prediabetes", clinical_status="resolved")),
    ("told_prediabetes", condition("Borderline diabetes")),
    ("told_prediabetes", condition("糖耐量减低")),
    ("heart_failure", condition("Chronic systolic heart failure")),
    ("heart_failure", condition("x", (ICD10, "I50.9"), clinical_status="resolved")),
    ("dialysis_or_transplant", condition("Hemodialysis", kind="procedure", clinical_status="completed")),
    ("dialysis_or_transplant", condition("x", (ICD10, "Z94.0"))),
    ("atrial_fibrillation", condition("Paroxysmal atrial fibrillation")),
    ("chronic_kidney_disease", condition("x", (SNOMED, "433144002"))),
]


@pytest.mark.parametrize(("name", "problem"), STATED, ids=lambda x: getattr(x, "name", x))
def test_a_confirmed_problem_of_the_patient_states_the_fact_with_its_source(name: str, problem) -> None:
    found = fact(record(problem), name)
    assert (found.value, found.origin) == (1.0, Origin.FILE)
    assert found.sources == (problem.source,)


NOT_STATED = [
    ("diabetes", "Prediabetes"),
    ("diabetes", "Diabetes insipidus"),
    ("diabetes", "Gestational diabetes mellitus"),
    ("diabetes", "妊娠期糖尿病"),
    ("diabetes", "糖尿病前期"),
    ("heart_attack", "Angina pectoris"),
    ("stroke", "Heat stroke"),
    ("stroke", "Transient ischemic attack"),
    ("told_prediabetes", "Type 2 diabetes mellitus"),
    ("hypertension", "Pulmonary hypertension"),
    ("hypertension", "Portal hypertension"),
    ("hypertension", "White coat hypertension"),
    ("prior_ascvd", "Heat stroke"),
    ("prior_ascvd", "Ludwig's angina"),
    ("heart_failure", "Hypertensive heart disease without heart failure"),
    ("dialysis_or_transplant", "Liver transplant"),
]


@pytest.mark.parametrize(("name", "text"), NOT_STATED)
def test_a_name_that_only_sounds_alike_states_nothing(name: str, text: str) -> None:
    assert fact(record(condition(text)), name).value == 0.0


@pytest.mark.parametrize(
    "problem",
    [
        condition("Type 2 diabetes", subject="mother", kind="family_history", usable=False),
        condition("Type 2 diabetes", subject="mother"),
        condition("No history of diabetes", usable=False),
        condition("Denies diabetes"),
        condition("否认糖尿病", usable=False),
        condition("Type 2 diabetes", verification="refuted", usable=False),
        condition("Type 2 diabetes", verification="entered-in-error", usable=False),
    ],
)
def test_family_history_and_refuted_entries_are_no_facts(problem) -> None:
    assert fact(record(problem), "diabetes").value == 0.0


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("diabetes", condition("Type 2 diabetes", verification="provisional", usable=False)),
        ("prior_ascvd", condition("Suspected coronary artery disease")),
        ("heart_failure", condition("Rule out heart failure")),
        ("heart_failure", condition("Possible heart failure", usable=False)),
        ("diabetes", condition("Type 2 diabetes", clinical_status="remission")),
        ("dialysis_or_transplant", condition("End-stage renal disease")),
        ("current_smoker", condition("Nicotine dependence, cigarettes")),
    ],
)
def test_a_doubtful_or_ended_entry_is_a_question_and_neither_yes_nor_no(name: str, problem) -> None:
    asked = raise_questions(record(problem))
    assert [q.variable for q in asked.questions] == [name]
    assert fact(record(problem), name).gap is Gap.NOT_STATED
    assert fact(asked, name).gap is Gap.QUESTIONED
    answered = asked.with_answer(Answer(name, True, "", AS_OF, question=asked.questions[0].id))
    assert (fact(answered, name).value, fact(answered, name).origin) == (1.0, Origin.ENTERED)


def test_silence_is_no_only_where_the_section_was_read_completely() -> None:
    found = fact(record(), "diabetes")
    assert (found.value, found.origin) == (0.0, Origin.ASSUMED_ABSENT)
    assert found.value_as_written == "none listed (list of 3\u00a0Nov\u00a02026)"
    for state in (Completeness.PARTIAL, Completeness.ABSENT):
        assert fact(record(completeness={"conditions": state}), "diabetes").gap is Gap.NOT_STATED
    assert fact(record(completeness={}), "prior_ascvd").gap is Gap.NOT_STATED
    cut_off = {"conditions": Completeness.COMPLETE, "procedures": Completeness.PARTIAL}
    assert fact(record(completeness=cut_off), "prior_ascvd").gap is Gap.NOT_STATED


def test_the_type_of_diabetes_is_taken_from_the_problems_alone() -> None:
    assert fact(record(condition("x", (ICD10, "E11.9"))), "diabetes_type").value == "type_2"
    assert fact(record(condition("Type 1 diabetes mellitus")), "diabetes_type").value == "type_1"
    assert fact(record(condition("Diabetes mellitus")), "diabetes_type").gap is Gap.NOT_STATED
    both = record(condition("x", (ICD10, "E11.9")), condition("y", (ICD10, "E10.9")))
    assert fact(both, "diabetes_type").gap is Gap.CONFLICT
    assert [q.code for q in raise_questions(both).questions] == ["diabetes_type_conflict"]


def test_age_at_diabetes_needs_a_stated_onset() -> None:
    assert fact(record(condition("Type 2 diabetes", onset="2016-07-01")), "age_at_diabetes").value == 40.0
    assert fact(record(condition("Type 2 diabetes")), "age_at_diabetes").gap is Gap.NOT_STATED


def test_a_glucose_lowering_drug_alone_is_a_question() -> None:
    for drug in (medication("Metformin 500 MG"), medication("达格列净"), medication("x", (ATC, "A10BJ06"))):
        asked = raise_questions(record(drug))
        assert [(q.variable, q.code) for q in asked.questions] == [("diabetes", "fact_hinted")]
        assert fact(asked, "diabetes").gap is Gap.QUESTIONED


def test_one_hba1c_in_the_diabetic_range_is_a_question() -> None:
    asked = raise_questions(record(observation("hba1c", 6.6, "%")))
    assert [q.variable for q in asked.questions] == ["diabetes"]
    assert raise_questions(record(observation("hba1c", 6.4, "%"))).questions == ()


def test_blood_pressure_treatment_needs_the_drug_and_hypertension() -> None:
    drug, problem = medication("Amlodipine 5 MG Oral Tablet"), condition("x", (ICD10, "I10"))
    both = fact(record(drug, problem), "bp_treatment")
    assert (both.value, len(both.sources)) == (1.0, 2)
    assert fact(record(problem), "bp_treatment").value == 0.0
    asked = raise_questions(record(drug))
    assert [q.variable for q in asked.questions] == ["bp_treatment"]
    assert fact(record(drug), "bp_treatment").gap is Gap.NOT_STATED


@pytest.mark.parametrize(
    "drug",
    [
        medication("Timolol eye drops", route="ophthalmic"),
        medication("Minoxidil 5 % topical foam"),
        medication("Amlodipine", status="stopped"),
        medication("Amlodipine", status="active", end="2025-01-01"),
        medication("Amlodipine", status="active", usable=False),
        medication("Amlodipine", status="planned"),
    ],
    ids=lambda m: f"{m.name} {m.status} {m.end}",
)
def test_local_stopped_ended_and_planned_drugs_do_not_count(drug) -> None:
    rec = record(drug, condition("x", (ICD10, "I10")))
    assert fact(rec, "bp_treatment").value == 0.0


@pytest.mark.parametrize(
    ("drug", "expected"),
    [
        (medication("Atorvastatin 20 MG"), 1.0),
        (medication("阿托伐他汀钙片"), 1.0),
        (medication("x", (RXNORM, "301542")), 1.0),
        (medication("x", (ATC, "C10AA05")), 1.0),
        (medication("Nystatin oral suspension"), 0.0),
        (medication("Ezetimibe"), 0.0),
    ],
    ids=lambda x: getattr(x, "name", x),
)
def test_a_statin_is_known_by_code_or_ingredient(drug, expected: float) -> None:
    assert fact(record(drug), "statin").value == expected


def test_an_old_list_of_drugs_says_nothing_about_today() -> None:
    assert fact(record(document_date="2020-01-01"), "statin").gap is Gap.TOO_OLD


def test_smoking_is_known_only_where_stated() -> None:
    assert fact(record(), "current_smoker").gap is Gap.NOT_STATED
    assert fact(record(observation("current_smoker", True)), "current_smoker").value == 1.0
    assert fact(record(observation("current_smoker", False)), "current_smoker").value == 0.0
    unknown = observation("current_smoker", "Unknown if ever smoked")
    assert fact(record(unknown), "current_smoker").gap is Gap.NOT_STATED


def test_a_stated_no_against_a_stated_problem_is_a_conflict() -> None:
    rec = record(observation("diabetes", False), condition("x", (ICD10, "E11.9")))
    assert fact(rec, "diabetes").gap is Gap.CONFLICT


def test_pregnancy_expires_and_is_not_asked_of_men_or_after_fifty() -> None:
    young = {"birth_date": "1996-05-01"}
    assert fact(record(**young), "pregnant").gap is Gap.NOT_STATED
    assert fact(record(observation("pregnant", True), **young), "pregnant").value == 1.0
    old = observation("pregnant", True, time="2025-10-01")
    assert fact(record(old, **young), "pregnant").gap is Gap.TOO_OLD
    assert fact(record(sex="male"), "pregnant").value == 0.0
    assert fact(record(birth_date="1950-01-01"), "pregnant").value == 0.0
    expecting = condition("Pregnancy", (SNOMED, "77386006"), recorded="2026-08-01")
    assert fact(record(expecting, **young), "pregnant").value == 1.0
    earlier = condition("Pregnancy", (SNOMED, "77386006"), recorded="2024-08-01")
    assert fact(record(earlier, **young), "pregnant").gap is Gap.NOT_STATED


def in_family(name: str, relative: str = "Father", *codes: tuple[str, str], **more: object):
    return condition(name, *codes, subject=relative, kind="family_history", usable=False, **more)


@pytest.mark.parametrize(
    "entry",
    [
        in_family("Diabetes mellitus type 2"),
        in_family("x", "Mother", (SNOMED, "44054006")),
        in_family("糖尿病", "母亲"),
        in_family("Family history of diabetes mellitus", "family member"),
        in_family("x", "family member", (ICD10, "Z83.3")),
        in_family("Diabetes", "natural sister"),
    ],
    ids=lambda entry: f"{entry.name}-{entry.subject}",
)
def test_diabetes_of_a_parent_or_sibling_is_a_family_history_and_no_disease_of_the_patient(entry) -> None:
    rec = record(entry)
    assert fact(rec, "family_history").value == 1.0
    assert fact(rec, "family_history").sources == (entry.source,)
    assert fact(rec, "diabetes").value != 1.0


@pytest.mark.parametrize(
    "entry",
    [
        in_family("Diabetes mellitus", "Grandmother"),
        in_family("Diabetes mellitus", "uncle"),
        in_family("糖尿病", "祖父"),
        in_family("糖尿病", "祖母"),
        in_family("Diabetes mellitus", "son"),
        in_family("Hypertension"),
        in_family("Diabetes insipidus"),
        in_family("Diabetes mellitus", verification="refuted"),
    ],
    ids=lambda entry: f"{entry.name}-{entry.subject}",
)
def test_other_relatives_and_other_diseases_are_no_family_history_of_diabetes(entry) -> None:
    assert fact(record(entry), "family_history").value != 1.0
