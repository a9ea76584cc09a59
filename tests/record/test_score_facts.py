"""Facts that published scores ask for: every rule by its code, its words and in Chinese; what must not count."""

import pytest

from medgui.record.drug_kinds import kinds_of
from medgui.record.model import Completeness, Origin
from medgui.record.plain_rules import folded, plain_rules, table
from medgui.record.resolve import resolve
from medgui.record.value import Gap
from medgui.record.variables import VARIABLES
from tests.record.build import AS_OF, SNOMED, condition, medication, observation, record

ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
ATC = "http://www.whocc.no/atc"
RULES = [name for name in plain_rules() if name in VARIABLES]


def fact(rec, name: str):
    return resolve(rec, name, as_of=AS_OF)


def phrases(name: str, *, chinese: bool) -> list[str]:
    part = table()[name]
    said = part.get("said") or table()[part["like"]]["said"]
    found = [each.strip().rstrip("-") for each in said.split("|") if each.strip()]
    return [each for each in found if each.isascii() is not chinese]


def recent(name: str, *codes: tuple[str, str], **more: object):
    return condition(name, *codes, recorded="2026-11-05", **more)


@pytest.mark.parametrize("name", RULES)
def test_every_rule_knows_its_fact_in_english_and_in_chinese(name: str) -> None:
    for text in (phrases(name, chinese=False)[0], phrases(name, chinese=True)[0]):
        problem = recent(text)
        found = fact(record(problem), name)
        assert (found.value, found.origin, found.sources) == (1.0, Origin.FILE, (problem.source,)), text


@pytest.mark.parametrize("name", [n for n in RULES if table()[n].get("icd10")])
def test_every_rule_knows_its_icd_codes(name: str) -> None:
    for code in table()[name]["icd10"].split():
        assert fact(record(recent("x", (ICD10, code))), name).value == 1.0, code


@pytest.mark.parametrize("name", RULES)
def test_relatives_refuted_denied_planned_and_suspected_entries_are_no_facts(name: str) -> None:
    text = phrases(name, chinese=False)[0]
    for problem in (
        recent(text, subject="mother", kind="family_history", usable=False),
        recent(text, subject="father"),
        recent(text, verification="refuted", usable=False),
        recent(text, verification="entered-in-error", usable=False),
        recent(f"No {text}", usable=False, verification="refuted"),
        recent(f"Suspected {text}"),
        recent(f"Screening for {text}"),
        recent(f"否认{phrases(name, chinese=True)[0]}", usable=False),
    ):
        assert fact(record(problem), name).value != 1.0, problem


@pytest.mark.parametrize("name", RULES)
def test_silence_is_no_only_of_a_complete_list_and_never_of_an_acute_event(name: str) -> None:
    found = fact(record(), name)
    if plain_rules()[name].sections:
        assert (found.value, found.origin) == (0.0, Origin.ASSUMED_ABSENT)
    else:
        assert found.gap is Gap.NOT_STATED
    partly = record(completeness={"conditions": Completeness.PARTIAL})
    assert fact(partly, name).gap is Gap.NOT_STATED


@pytest.mark.parametrize("name", [n for n in RULES if not plain_rules()[n].ever])
def test_what_is_over_is_neither_yes_nor_no(name: str) -> None:
    text = phrases(name, chinese=False)[0]
    for problem in (recent(text, clinical_status="resolved"), recent(f"History of {text}")):
        assert fact(record(problem), name).gap is Gap.NOT_STATED, problem


@pytest.mark.parametrize("name", [n for n in RULES if plain_rules()[n].within])
def test_an_event_counts_within_its_time_and_is_no_proof_of_absence_after_it(name: str) -> None:
    text, days = phrases(name, chinese=False)[0], plain_rules()[name].within
    old = condition(text, onset="2019-01-01", recorded="2019-01-01")
    undated = condition(text, onset="", recorded="")
    assert days < 2000
    assert fact(record(old), name).gap is Gap.NOT_STATED
    assert fact(record(undated), name).gap is Gap.NOT_STATED


ALIKE = [
    ("migraine", "Hemiplegic something"),
    ("rheumatoid_arthritis", "Juvenile rheumatoid arthritis"),
    ("rheumatoid_arthritis", "Osteoarthritis"),
    ("systemic_lupus", "Drug-induced systemic lupus"),
    ("severe_mental_illness", "Schizoid personality disorder"),
    ("copd", "Subcutaneous emphysema"),
    ("cancer_history", "Basal cell carcinoma of skin"),
    ("cancer_history", "Malignant hypertension"),
    ("cancer_history", "癌胚抗原升高"),
    ("cancer_history", "宫颈原位癌"),
    ("lymphoma", "Lymphoedema"),
    ("leukaemia", "Leukopenia"),
    ("breast_cancer", "Ductal carcinoma in situ of breast"),
    ("metastatic_solid_tumour", "Non-metastatic carcinoma of colon"),
    ("aids", "Wears hearing aids"),
    ("hemiplegia", "Hemiplegic migraine"),
    ("prior_vte", "Superficial thrombophlebitis"),
    ("prior_stroke_tia_thromboembolism", "Heat stroke"),
    ("prior_stroke_tia_thromboembolism", "Haemorrhagic stroke"),
    ("varicose_veins", "Oesophageal varicose veins"),
    ("varicose_veins", "食管胃底静脉曲张"),
    ("fatty_liver", "Alcoholic fatty liver"),
    ("fatty_liver", "酒精性脂肪肝"),
    ("fatty_liver", "Acute fatty liver of pregnancy"),
    ("dyslipidaemia", "Hyperkalaemia"),
    ("liver_disease_moderate_severe", "Acute liver failure"),
    ("bleeding_history", "Hypercoagulability"),
    ("diabetes_complicated", "Type 2 diabetes mellitus without complication"),
    ("ischaemic_heart_disease", "Ludwig's angina"),
    ("chronic_lung_disease", "Asthma"),
    ("prior_cardiac_surgery", "Transcatheter aortic valve replacement"),
    ("diabetes_hypertension_or_angina", "Atypical angina"),
    ("known_cad", "Carotid artery stent"),
]


@pytest.mark.parametrize(("name", "text"), ALIKE)
def test_a_name_that_only_sounds_alike_states_nothing(name: str, text: str) -> None:
    assert fact(record(recent(text)), name).value != 1.0


HINTED = [
    ("severe_mental_illness", "Depressive disorder"),
    ("severe_mental_illness", "抑郁状态"),
    ("vascular_disease", "Coronary artery disease"),
    ("known_cad", "冠心病"),
    ("aids", "HIV infection"),
    ("liver_disease", "Fatty liver"),
    ("renal_disease_moderate_severe", "Chronic kidney disease stage 3"),
    ("prior_stroke_tia_thromboembolism", "Haemorrhagic stroke"),
    ("breast_cancer", "导管原位癌"),
    ("major_bleeding_history", "Nosebleed, minor bleeding"),
    ("diabetes_or_impaired_fasting_glucose", "Prediabetes"),
    ("history_of_miscarriage", "Spontaneous abortion"),
    ("bleeding_history", "Anemia (disorder)"),
    ("bleeding_history", "缺铁性贫血"),
]


@pytest.mark.parametrize(("name", "text"), HINTED)
def test_a_hint_is_neither_yes_nor_no(name: str, text: str) -> None:
    assert fact(record(recent(text)), name).gap is Gap.NOT_STATED


def test_familial_is_no_family_history() -> None:
    for text in ("家族性高胆固醇血症", "Familial hypercholesterolemia"):
        assert fact(record(recent(text)), "familial_hypercholesterolaemia").value == 1.0
    assert fact(record(recent("高胆固醇血症家族史")), "dyslipidaemia").value != 1.0


def test_spelling_hyphens_and_case_do_not_matter() -> None:
    assert folded("Non-alcoholic FATTY liver, haemangioma") == " nonalcoholic fatty liver hemangioma "
    assert fact(record(recent("NON-ALCOHOLIC FATTY LIVER DISEASE")), "fatty_liver").value == 1.0
    assert fact(record(recent("Anemia")), "anaemia_history").value == 1.0
    assert fact(record(recent("Leukaemia, lymphoid")), "leukaemia").value == 1.0


def test_a_procedure_counts_only_where_the_rule_says_so() -> None:
    stent = recent("Percutaneous coronary intervention", kind="procedure", clinical_status="completed")
    assert fact(record(stent), "known_cad").value == 1.0
    biopsy = recent("Biopsy for breast cancer", kind="procedure", clinical_status="completed")
    assert fact(record(biopsy), "breast_cancer").value != 1.0


def test_a_stated_no_against_a_problem_is_a_conflict() -> None:
    rec = record(observation("migraine", False), recent("Migraine with aura"))
    assert fact(rec, "migraine").gap is Gap.CONFLICT


DRUGS = [
    ("atypical_antipsychotic", "Olanzapine 10 mg tablet"),
    ("atypical_antipsychotic", "富马酸喹硫平片"),
    ("antiplatelet", "Clopidogrel 75 MG Oral Tablet"),
    ("antiplatelet", "阿司匹林肠溶片"),
    ("antiplatelet_or_nsaid", "Ibuprofen 400 MG"),
    ("antiplatelet_or_nsaid", "塞来昔布胶囊"),
    ("aspirin_past_7_days", "Aspirin 81 MG"),
    ("insulin_treatment", "Insulin glargine 100 UNT/ML"),
    ("insulin_treatment", "门冬胰岛素注射液"),
    ("estrogen_use", "Conjugated estrogens 0.625 MG"),
    ("estrogen_use", "屈螺酮炔雌醇片"),
    ("oral_contraceptives_or_hrt", "Levonorgestrel 0.03 MG Oral Tablet"),
    ("hormonal_treatment", "Estradiol 1 MG Oral Tablet"),
    ("beta_blocker", "酒石酸美托洛尔片"),
    ("beta_blocker", "Bisoprolol 5 MG"),
    ("acei_or_arb", "缬沙坦胶囊"),
    ("acei_or_arb", "Ramipril 5 MG"),
]


@pytest.mark.parametrize(("name", "text"), DRUGS)
def test_a_drug_that_is_taken_answers_yes_and_one_that_is_not_does_not(name: str, text: str) -> None:
    drug = medication(text, start="2026-01-01")
    found = fact(record(drug), name)
    assert (found.value, found.sources) == (1.0, (drug.source,))
    for status in ("stopped", "planned", "not-taken"):
        assert fact(record(medication(text, status=status)), name).value != 1.0
    assert fact(record(medication(text, status="unknown")), name).gap is Gap.NOT_STATED
    assert fact(record(drug, observation(name, False)), name).gap is Gap.CONFLICT


@pytest.mark.parametrize("name", sorted({name for name, _ in DRUGS}))
def test_no_such_drug_is_no_only_of_a_complete_current_list(name: str) -> None:
    now = "2026-11-09"
    found = fact(record(document_date=now), name)
    assert (found.value, found.origin) == (0.0, Origin.ASSUMED_ABSENT)
    assert fact(record(document_date="2024-01-01"), name).gap is Gap.TOO_OLD
    assert fact(record(completeness={}), name).gap is Gap.NOT_STATED


@pytest.mark.parametrize(
    ("name", "drug"),
    [
        ("antiplatelet_or_nsaid", medication("Diclofenac 1 % gel")),
        ("antiplatelet_or_nsaid", medication("Ketorolac", route="ophthalmic")),
        ("antiplatelet", medication("Mesalamine (5-ASA) 800 MG")),
        ("insulin_treatment", medication("Insulin pen needle 31G")),
        ("insulin_treatment", medication("胰岛素注射笔用针头")),
        ("estrogen_use", medication("Estradiol vaginal ring")),
        ("oral_contraceptives_or_hrt", medication("Levonorgestrel intrauterine system")),
        ("atypical_antipsychotic", medication("Haloperidol 5 MG")),
        ("beta_blocker", medication("Betaxolol eye drops")),
    ],
    ids=lambda each: getattr(each, "name", each),
)
def test_other_forms_and_other_drugs_do_not_count(name: str, drug) -> None:
    assert fact(record(drug, document_date="2026-11-09"), name).value == 0.0


def test_a_drug_is_known_by_its_atc_code() -> None:
    assert "atypical_antipsychotic" in kinds_of(medication("x", (ATC, "N05AH04")))
    assert "esa" in kinds_of(medication("x", (ATC, "B03XA01")))
    assert fact(record(condition("x", (SNOMED, "37796009"))), "migraine").value == 1.0
