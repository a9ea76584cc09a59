"""Phenopackets of both versions: findings that are there and that are not, diseases, values, genes, families."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest

from medgui.errors import SeveralPatients, UnreadableFile, UserError
from medgui.readers import Format, open_record
from medgui.readers.sniff import recognise
from medgui.readers.systems import LOINC
from medgui.record.model import Completeness, Record
from medgui.record.resolve import resolve
from tests.readers.build import save
from tests.shared_data import data_file

Json = dict[str, Any]


def term(code: str, label: str) -> Json:
    """An ontology class."""
    return {"id": code, "label": label}


def packet(**changes: Any) -> Json:
    """A phenopacket of version 2 about a girl."""
    base: Json = {
        "id": "packet-1",
        "subject": {"id": "girl-1", "dateOfBirth": "2012-04-05T00:00:00Z", "sex": "FEMALE"},
        "phenotypicFeatures": [
            {
                "type": term("HP:0001250", "Seizure"),
                "severity": term("HP:0012828", "Severe"),
                "onset": {"age": {"iso8601duration": "P3Y2M"}},
            },
            {"type": term("HP:0001251", "Ataxia"), "excluded": True},
        ],
        "metaData": {"created": "2026-01-02T10:11:12.5Z", "phenopacketSchemaVersion": "2.0"},
    }
    base.update(changes)
    return {key: value for key, value in base.items() if value is not None}


def read(folder: Path, content: Json, **options: Any) -> Record:
    """The record of such a file."""
    return open_record(save(folder, content, "packet.json"), as_of="2026-11-21", **options)


def snake(value: Any) -> Any:
    """The same with the other spelling of names."""
    if isinstance(value, dict):
        return {
            "".join(f"_{c.lower()}" if c.isupper() else c for c in key): snake(v) for key, v in value.items()
        }
    return [snake(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("spelling", [copy.copy, snake])
def test_findings_are_present_or_looked_for_and_absent(tmp_path: Path, spelling: Any) -> None:
    path = save(tmp_path, spelling(packet()), "packet.json")
    assert recognise(path) is Format.PHENOPACKET
    record = open_record(path)
    patient = record.patient
    assert (patient.id, patient.birth_date, patient.sex) == ("girl-1", "2012-04-05", "female")
    seizure, ataxia = record.conditions
    assert (seizure.kind, seizure.name, seizure.verification, seizure.usable) == (
        "phenotype", "Seizure (Severe)", "confirmed", True,
    )  # fmt: skip
    assert seizure.onset == "at the age of 3 years 2 months"
    assert (seizure.codings[0].code, seizure.codings[0].system) == (
        "HP:0001250", "http://human-phenotype-ontology.org",
    )  # fmt: skip
    assert (ataxia.verification, ataxia.usable) == ("refuted", False)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [lines[c.source.line - 1].strip()[0] for c in record.conditions if c.source.line] == ["{", "{"]
    assert "HP:0001251" in "".join(lines[(ataxia.source.line or 0) - 1 :])
    assert "HP:0001250" not in "".join(lines[(ataxia.source.line or 0) - 1 :])
    assert record.document_date == "2026-01-02"
    assert record.completeness == {"conditions": Completeness.PARTIAL}
    assert record.unread == ()


@pytest.mark.parametrize(
    ("onset", "words"),
    [
        ({"timestamp": "2020-02-03T00:00:00Z"}, "2020-02-03T00:00:00Z"),
        (
            {"ageRange": {"start": {"iso8601duration": "P2Y"}, "end": {"iso8601duration": "P4Y6M"}}},
            "between 2 years and 4 years 6 months of age",
        ),
        ({"ontologyClass": term("HP:0003577", "Congenital onset")}, "Congenital onset"),
        ({"gestationalAge": {"weeks": 33, "days": 2}}, "week 33 of pregnancy"),
        ({"interval": {"start": "2019-01-01T00:00:00Z", "end": "2019-02-01T00:00:00Z"}}, "2019-01-01T00:00:00Z"),
    ],
)  # fmt: skip
def test_onset_is_a_date_or_words(tmp_path: Path, onset: Json, words: str) -> None:
    feature = {"type": term("HP:1", "Sign"), "onset": onset}
    assert read(tmp_path, packet(phenotypicFeatures=[feature])).conditions[0].onset == words


def test_a_disease_has_its_stage_and_can_be_ruled_out(tmp_path: Path) -> None:
    diseases = [
        {
            "term": term("MONDO:0008380", "Retinoblastoma"),
            "diseaseStage": [term("LOINC:LA24739-7", "Group E")],
        },
        {"term": term("OMIM:101600", "Pfeiffer syndrome"), "excluded": True},
        {"term": term("SNOMEDCT:44054006", "Type 2 diabetes mellitus")},
    ]
    record = read(tmp_path, packet(phenotypicFeatures=None, diseases=diseases))
    assert [(c.kind, c.name, c.usable) for c in record.conditions] == [
        ("condition", "Retinoblastoma (Group E)", True),
        ("condition", "Pfeiffer syndrome", False),
        ("condition", "Type 2 diabetes mellitus", True),
    ]
    assert resolve(record, "diabetes", as_of="2026-11-21").value in (1.0, True)


def test_measurements_are_values_with_unit_range_and_time(tmp_path: Path) -> None:
    quantity = {
        "unit": term("UCUM:umol/L", "micromole per liter"),
        "value": 88.4,
        "referenceRange": {"unit": term("UCUM:umol/L", ""), "low": 44.2, "high": 97.24},
    }
    pressure = {
        "typedQuantities": [
            {
                "type": term("LOINC:8480-6", "Systolic"),
                "quantity": {"unit": term("UCUM:mm[Hg]", "mmHg"), "value": 121},
            },
            {
                "type": term("LOINC:8462-4", "Diastolic"),
                "quantity": {"unit": term("NCIT:C49670", "mmHg"), "value": 79},
            },
        ]
    }
    measurements = [
        {
            "assay": term("LOINC:14682-9", "Creatinine"),
            "value": {"quantity": quantity},
            "timeObserved": {"timestamp": "2026-01-01T08:00:00Z"},
        },
        {"assay": term("LOINC:85354-9", "Blood pressure"), "complexValue": pressure},
        {
            "assay": term("LOINC:5802-4", "Nitrite"),
            "value": {"ontologyClass": term("NCIT:C38758", "Positive")},
        },
        {
            "assay": term("LOINC:2093-3", "Cholesterol"),
            "value": {"quantity": {"unit": term("UCUM:mg/dL", "mg/dL")}},
        },
    ]
    record = read(tmp_path, packet(measurements=measurements))
    creatinine, systolic, diastolic, nitrite = record.observations
    assert (creatinine.variable, creatinine.value, creatinine.unit) == (
        "creatinine",
        pytest.approx(1.0),
        "mg/dL",
    )
    assert creatinine.reference_range == pytest.approx((0.5, 1.1))
    assert (creatinine.time, creatinine.value_as_written) == ("2026-01-01T08:00:00Z", "88.4")
    assert [(o.variable, o.value, o.unit) for o in (systolic, diastolic)] == [
        ("systolic_bp", 121, "mm[Hg]"),
        ("diastolic_bp", 79, "mm[Hg]"),
    ]
    assert (nitrite.value, nitrite.system) == ("Positive", LOINC)
    assert record.unread[0].location == "measurements[3]"


def test_variants_are_shown_in_words_and_feed_no_model(tmp_path: Path) -> None:
    described = {
        "geneContext": {"valueId": "HGNC:3689", "symbol": "FGFR2"},
        "expressions": [
            {"syntax": "hgvs.g", "value": "NC_1:g.1A>T"},
            {"syntax": "hgvs.c", "value": "NM_1:c.2A>T"},
        ],
        "allelicState": term("GENO:0000135", "heterozygous"),
    }
    found = {
        "subjectOrBiosampleId": "girl-1",
        "interpretationStatus": "CAUSATIVE",
        "variantInterpretation": {
            "acmgPathogenicityClassification": "LIKELY_PATHOGENIC",
            "variationDescriptor": described,
        },
    }
    brother = {**found, "subjectOrBiosampleId": "brother"}
    diagnosis = {
        "disease": term("OMIM:101600", "Pfeiffer syndrome"),
        "genomicInterpretations": [found, brother],
    }
    interpretation = {"id": "i", "progressStatus": "IN_PROGRESS", "diagnosis": diagnosis}
    record = read(tmp_path, packet(interpretations=[interpretation]))
    own, other = record.observations
    assert own.value == "FGFR2 NM_1:c.2A>T (heterozygous, causative, likely pathogenic)"
    assert (own.code, own.category, own.usable) == ("69548-6", "genomics", False)
    assert "brother" in other.unusable_reason
    disease = record.conditions[-1]
    assert (disease.name, disease.verification, disease.usable) == ("Pfeiffer syndrome", "unconfirmed", False)


def test_version_1_is_read(tmp_path: Path) -> None:
    content = {
        "id": "p1",
        "subject": {"id": "man", "ageAtCollection": {"age": "P27Y3M"}, "sex": "MALE"},
        "phenotypicFeatures": [
            {"type": term("HP:0002650", "Scoliosis"), "classOfOnset": term("HP:0003621", "Juvenile onset")},
            {"type": term("HP:0001519", "Tall"), "negated": True, "ageOfOnset": {"age": "P2Y"}},
        ],
        "genes": [{"id": "HGNC:3603", "symbol": "FBN1"}],
        "variants": [
            {"hgvsAllele": {"hgvs": "NM_000138.4:c.1A>G"}, "zygosity": term("GENO:0000135", "heterozygous")},
            {"vcfAllele": {"genomeAssembly": "GRCh38", "chr": "15", "pos": 48411364, "ref": "C", "alt": "T"}},
        ],
        "htsFiles": [{"uri": "file://data/genome.vcf.gz", "htsFormat": "VCF", "genomeAssembly": "GRCh38"}],
        "metaData": {"created": "2020-05-06T00:00:00Z", "phenopacketSchemaVersion": "1.0.0-RC3"},
    }
    record = read(tmp_path, content)
    assert [(c.name, c.onset, c.usable) for c in record.conditions] == [
        ("Scoliosis", "Juvenile onset", True),
        ("Tall", "at the age of 2 years", False),
    ]
    texts = [o.value for o in record.observations if o.category == "genomics"]
    assert texts == ["NM_000138.4:c.1A>G (heterozygous)", "15:48411364 C>T (GRCh38)", "FBN1"]
    assert (record.documents[0].title, record.documents[0].media_type) == ("genome.vcf.gz", "text/x-vcf")
    assert resolve(record, "age", as_of="2020-05-06").value == 27


def test_treatments_and_procedures_say_what_the_file_says_of_them(tmp_path: Path) -> None:
    dose = {
        "quantity": {"unit": term("UCUM:mg", "mg"), "value": 30},
        "scheduleFrequency": term("NCIT:C64496", "Twice Daily"),
        "interval": {"start": "2025-03-20T00:00:00Z", "end": "2025-03-30T00:00:00Z"},
    }
    actions = [
        {
            "treatment": {
                "agent": term("DrugCentral:1610", "losartan"),
                "routeOfAdministration": term("NCIT:C38288", "Oral"),
                "doseIntervals": [dose],
            },
            "adverseEvents": [term("HP:0008765", "Auditory hallucination")],
        },
        {"treatment": {"agent": term("RXNORM:6809", "metformin")}},
        {
            "procedure": {
                "code": term("NCIT:C15402", "Thymectomy"),
                "performed": {"timestamp": "2018-10-10T00:00:00Z"},
            }
        },
        {"therapeuticRegimen": {"ontologyClass": term("NCIT:C1", "Regimen"), "status": "UNKNOWN_STATUS"}},
        {"cumulative": 5},
    ]
    record = read(tmp_path, packet(medicalActions=actions))
    losartan, metformin = record.medications
    assert (losartan.status, losartan.dose, losartan.frequency, losartan.route) == (
        "completed", "30 mg", "Twice Daily", "Oral",
    )  # fmt: skip
    assert (metformin.status, metformin.usable) == ("unknown", False)
    surgery, regimen = [c for c in record.conditions if c.kind == "procedure"]
    assert (surgery.name, surgery.onset, surgery.usable) == ("Thymectomy", "2018-10-10T00:00:00Z", True)
    assert regimen.usable is False
    assert "Auditory hallucination" in record.unread[0].reason
    assert record.unread[1].location == "medicalActions[4]"


def test_what_is_not_read_is_named_with_its_line(tmp_path: Path) -> None:
    sample = {
        "id": "s1",
        "sampledTissue": term("UBERON:1", "skin"),
        "histologicalDiagnosis": term("NCIT:1", "Naevus"),
    }
    record = read(tmp_path, packet(biosamples=[sample], somethingNew={"a": 1}))
    reasons = {item.location: item.reason for item in record.unread}
    assert "Naevus" in reasons["biosamples[0]"]
    assert "somethingNew" in reasons["somethingNew"]
    assert all(item.line for item in record.unread)


@pytest.mark.parametrize(
    ("feature", "word"),
    [
        ({}, "no code"),
        ("Seizure", "no object"),
        ({"type": term("HP:1", "A"), "onset": {"age": {"iso8601duration": "3 years"}}}, "not an age"),
        ({"type": term("HP:1", "A"), "onset": {"timestamp": "2026-02-30T00:00:00Z"}}, "not a date"),
    ],
)
def test_one_broken_finding_leaves_the_others(tmp_path: Path, feature: object, word: str) -> None:
    record = read(tmp_path, packet(phenotypicFeatures=[{"type": term("HP:2", "Good")}, feature]))
    assert [c.name for c in record.conditions] == ["Good"]
    assert record.unread[0].location == "phenotypicFeatures[1]"
    assert word in record.unread[0].reason


def test_sex_and_karyotype_that_contradict_each_other_are_a_question(tmp_path: Path) -> None:
    subject = {"id": "x", "sex": "FEMALE", "karyotypicSex": "XY"}
    record = read(tmp_path, packet(subject=subject))
    assert record.patient.sex is None
    assert [q.code for q in record.questions] == ["sex_conflict"]


def test_death_is_told(tmp_path: Path) -> None:
    status = {
        "status": "DECEASED",
        "timeOfDeath": {"timestamp": "2024-01-02T00:00:00Z"},
        "causeOfDeath": term("NCIT:1", "Sepsis"),
    }
    record = read(tmp_path, packet(subject={"id": "x", "vitalStatus": status}))
    assert record.patient.deceased.startswith("2024-01-02")
    assert record.observations[0].value == "Sepsis"


# Families and cohorts


def _family() -> Json:
    mother = packet(subject={"id": "mum", "sex": "FEMALE"}, diseases=[{"term": term("MONDO:1", "Epilepsy")}])
    return {
        "id": "family",
        "proband": packet(),
        "relatives": [mother],
        "pedigree": {
            "persons": [
                {"individualId": "girl-1", "maternalId": "mum", "paternalId": "dad", "sex": "FEMALE"},
                {"individualId": "mum", "sex": "FEMALE", "affectedStatus": "AFFECTED"},
            ]
        },
        "metaData": {"created": "2026-02-03T00:00:00Z", "phenopacketSchemaVersion": "2.0"},
    }


@pytest.mark.parametrize("spelling", [copy.copy, snake])
def test_a_family_is_about_its_proband_and_relatives_are_family_history(
    tmp_path: Path, spelling: Any
) -> None:
    record = read(tmp_path, spelling(_family()))
    assert record.patient.id == "girl-1"
    relatives = [c for c in record.conditions if c.kind == "family_history"]
    assert [(c.name, c.subject, c.usable) for c in relatives] == [
        ("Seizure (Severe)", "mother", False),
        ("Epilepsy", "mother", False),
    ]
    assert "family_history" in {item.section for item in record.unread}


def test_a_relative_can_be_asked_for(tmp_path: Path) -> None:
    record = read(tmp_path, _family(), patient="mum")
    assert record.patient.id == "mum"
    assert {c.kind for c in record.conditions} == {"phenotype", "condition"}


def test_of_a_cohort_one_is_chosen(tmp_path: Path) -> None:
    content = {
        "id": "cohort",
        "members": [packet(), packet(subject={"id": "boy-2", "sex": "MALE"})],
        "metaData": {"phenopacketSchemaVersion": "2.0"},
    }
    with pytest.raises(SeveralPatients) as raised:
        read(tmp_path, content)
    assert [number for number, _label in raised.value.patients] == ["girl-1", "boy-2"]
    record = read(tmp_path, content, patient="boy-2")
    assert record.patient.sex == "male"
    line = record.conditions[0].source.line or 0
    text = (tmp_path / "packet.json").read_text(encoding="utf-8").splitlines()
    assert line > next(number for number, row in enumerate(text) if "boy-2" in row)
    with pytest.raises(UserError):
        read(tmp_path, content, patient="nobody")


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (packet(subject=None), "no patient"),
        (packet(metaData={"phenopacketSchemaVersion": "3.0"}), "version 3.0"),
        (packet(subject={"id": "x", "taxonomy": term("NCBITaxon:10090", "mouse")}), "animal"),
        ({"metaData": {}, "hello": 1}, "no FHIR resource"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(tmp_path: Path, content: Json, word: str) -> None:
    with pytest.raises(UnreadableFile, match=word):
        read(tmp_path, content)


def test_every_cut_is_refused(tmp_path: Path) -> None:
    whole = json.dumps(packet()).encode()
    for size in range(60, len(whole), 7):
        with pytest.raises(UnreadableFile):
            open_record(save(tmp_path, whole[:size], "packet.json"))


_JUNK = [None, True, -1, 10**30, "", [], {}, [[]], [{}], {"id": 5}, "2026-13-45", "<5", "\ud800"]


def _places(value: Any, into: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inside in items:
        into.append((value, key))
        _places(inside, into)
    return into


@pytest.mark.parametrize("seed", range(6))
def test_values_of_the_wrong_kind_end_in_a_record_or_a_sentence(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    measured = {
        "assay": term("LOINC:2093-3", "x"),
        "value": {"quantity": {"unit": term("UCUM:mg/dL", ""), "value": 5}},
    }
    action = {
        "treatment": {
            "agent": term("A:1", "x"),
            "doseIntervals": [{"interval": {"start": "2025-03-20T00:00:00Z"}}],
        }
    }
    whole = _family()
    whole["proband"].update(measurements=[measured], medicalActions=[action], files=[{"uri": "x"}])
    whole["proband"]["interpretations"] = [
        {"diagnosis": {"genomicInterpretations": [{"gene": {"symbol": "A"}}]}}
    ]
    for _round in range(60):
        content = copy.deepcopy(whole)
        for _step in range(chance.choice([1, 3, 12])):
            holder, key = chance.choice(_places(content, []) or [({}, "x")])
            holder[key] = copy.deepcopy(chance.choice(_JUNK))
        try:
            words = open_record(save(tmp_path, json.dumps(content), "mutant.json")).file
        except (UnreadableFile, SeveralPatients) as refused:
            words = str(refused)
        assert "mutant.json" in words


@pytest.mark.parametrize("seed", range(4))
def test_scrambled_bytes_end_in_a_record_or_a_sentence(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    whole = json.dumps(_family(), indent=1).encode()
    for _round in range(50):
        changed = bytearray(whole)
        for _step in range(chance.choice([1, 2, 6])):
            at = chance.randrange(len(changed))
            if chance.random() < 0.5:
                changed[at] = chance.randrange(256)
            else:
                del changed[at : at + chance.choice([1, 4, 90])]
        try:
            words = open_record(save(tmp_path, bytes(changed), "mutant.json")).file
        except (UnreadableFile, SeveralPatients) as refused:
            words = str(refused)
        assert "mutant.json" in words


@pytest.mark.shared_data
def test_a_real_file_opens_with_every_coded_finding() -> None:
    record = open_record(data_file("patientfiles/phenopacket/data_v2_phenopacket.json"))
    assert (record.patient.id, record.patient.birth_date, record.patient.sex) == (
        "14 year-old boy",
        "1970-01-02",
        "male",
    )
    phenotypes = [(c.codings[0].code, c.verification) for c in record.conditions if c.kind == "phenotype"]
    assert phenotypes == [
        ("HP:0001558", "confirmed"),
        ("HP:0031910", "refuted"),
        ("HP:0011463", "confirmed"),
        ("HP:0001270", "confirmed"),
    ]
    assert [c.codings[0].code for c in record.conditions if c.kind == "condition"] == ["101600"]
    assert [item.location for item in record.unread] == ["biosamples[0]"]
