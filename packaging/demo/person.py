"""Builds one invented patient as a FHIR R4 collection."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from codes import DISEASE, DRUG, LAB, SI, SMOKING, VITAL

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "demo"
LOINC, SNOMED = "http://loinc.org", "http://snomed.info/sct"
UCUM, ICD10 = "http://unitsofmeasure.org", "http://hl7.org/fhir/sid/icd-10"
RXNORM, ATC = "http://www.nlm.nih.gov/research/umls/rxnorm", "http://www.whocc.no/atc"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
OWN, ANSWER, AS_OF = "urn:medgui:variable", "urn:medgui:answer", "urn:medgui:as-of"
US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition"
ABSENT = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
Json = dict[str, Any]


class Person:
    """Builds one patient's bundle, resource by resource."""

    def __init__(self, key: str, as_of: str, zh: bool = False) -> None:
        self.file, self.key, self.as_of, self.zh = f"{key}.json", key.replace("_", "-"), as_of, zh
        self.resources: list[Json] = []
        self.visits: dict[str, str] = {}

    def _text(self, english: str, chinese: str) -> str:
        return chinese if self.zh else english

    def _add(self, kind: str, key: str, /, **content: Any) -> None:
        self.resources.append({"resourceType": kind, "id": key, **content})

    def _number(self, kind: str) -> int:
        return 1 + sum(item["resourceType"] == kind for item in self.resources)

    @property
    def _subject(self) -> Json:
        return {"reference": f"Patient/{self.key}"}

    def patient(self, family: str, given: str, gender: str, born: str, number: str, race: str = "") -> None:
        """Identity, marked as test data."""
        extension = []
        if race:
            display = {"2106-3": "White", "2054-5": "Black or African American"}[race]
            extension = [
                _omb("us-core-race", race, display),
                _omb("us-core-ethnicity", "2186-5", "Not Hispanic or Latino"),
            ]
        kind = {"coding": [{"system": f"{TERMINOLOGY}/v2-0203", "code": "MR"}]}
        self._add(
            "Patient",
            self.key,
            meta={
                "tag": [
                    {"system": f"{TERMINOLOGY}/v3-ActReason", "code": "HTEST", "display": "test health data"}
                ]
            },
            **({"extension": extension} if extension else {}),
            identifier=[{"type": kind, "system": "urn:medgui:demo", "value": number}],
            name=[{"use": "official", "family": family, "given": [given]}],
            gender=gender,
            birthDate=born,
        )

    def _visit(self, day: str) -> Json:
        """The outpatient encounter of a day, written once."""
        if day not in self.visits:
            self.visits[day] = f"visit-{len(self.visits) + 1}"
            self._add(
                "Encounter",
                self.visits[day],
                status="finished",
                **{"class": {"system": f"{TERMINOLOGY}/v3-ActCode", "code": "AMB", "display": "ambulatory"}},
                subject=self._subject,
                period={"start": day, "end": day},
            )
        return {"reference": f"Encounter/{self.visits[day]}"}

    def observation(self, name: str, day: str, category: str, code: Json, text: str, **content: Any) -> None:
        """One observation made at a visit."""
        visit = self._visit(day[:10])
        number = self._number("Observation")
        self._add(
            "Observation",
            f"{name.replace('_', '-')}-{number}",
            status="final",
            category=[{"coding": [{"system": f"{TERMINOLOGY}/observation-category", "code": category}]}],
            code={"coding": [code], "text": text},
            subject=self._subject,
            encounter=visit,
            effectiveDateTime=day,
            **content,
        )

    def lab(self, day: str, **values: float) -> None:
        """Laboratory results of one sample, with the laboratory's own ranges."""
        for name, value in values.items():
            code, english, chinese, unit, low, high = LAB[name]
            if self.zh and name in SI:
                code, unit, low, high = SI[name]
            limits = {
                key: _quantity(end, unit) for key, end in (("low", low), ("high", high)) if end is not None
            }
            coding = {"system": LOINC, "code": code}
            text = self._text(english, chinese)
            self.observation(
                name,
                day,
                "laboratory",
                coding,
                text,
                valueQuantity=_quantity(value, unit),
                referenceRange=[limits],
            )

    def vital(self, day: str, unit: str = "", **values: float) -> None:
        """Vital signs; *unit* is a unit as somebody typed it, without a code."""
        for name, value in values.items():
            code, english, chinese, usual = VITAL[name]
            quantity = {"value": value, "unit": unit} if unit else _quantity(value, usual)
            coding = {"system": LOINC, "code": code}
            self.observation(
                name, day, "vital-signs", coding, self._text(english, chinese), valueQuantity=quantity
            )

    def pressure(self, day: str, systolic: int, diastolic: int) -> None:
        """Systolic and diastolic pressure of one reading."""
        parts = [
            ("8480-6", self._text("Systolic pressure", "收缩压"), systolic),
            ("8462-4", self._text("Diastolic pressure", "舒张压"), diastolic),
        ]
        component = [
            {
                "code": {"coding": [{"system": LOINC, "code": code}], "text": text},
                "valueQuantity": _quantity(value, "mm[Hg]"),
            }
            for code, text, value in parts
        ]
        coding = {"system": LOINC, "code": "85354-9"}
        self.observation(
            "pressure", day, "vital-signs", coding, self._text("Blood pressure", "血压"), component=component
        )

    def smoking(self, day: str, answer: str) -> None:
        """Smoking status."""
        code, english, chinese = SMOKING[answer]
        value = {
            "coding": [{"system": SNOMED, "code": code, "display": english}],
            "text": self._text(english, chinese),
        }
        coding = {"system": LOINC, "code": "72166-2"}
        text = self._text("Tobacco smoking status", "吸烟情况")
        self.observation("smoking", day, "social-history", coding, text, valueCodeableConcept=value)

    def finding(
        self, day: str, name: str, text: str, answer: str, words: str, category: str = "exam"
    ) -> None:
        """An answer to a standard input for which no terminology has a code: medgui's own codes."""
        value = {"coding": [{"system": ANSWER, "code": answer, "display": words}], "text": words}
        self.observation(name, day, category, {"system": OWN, "code": name}, text, valueCodeableConcept=value)

    def measured(self, day: str, name: str, text: str, value: float, unit: str) -> None:
        """A number for a standard input for which no terminology has a code."""
        coding = {"system": OWN, "code": name}
        self.observation(name, day, "procedure", coding, text, valueQuantity=_quantity(value, unit))

    def condition(self, name: str, since: str, status: str = "active") -> None:
        """A confirmed entry of the problem list."""
        snomed, icd10, english, chinese = DISEASE[name]
        self._add(
            "Condition",
            f"condition-{self._number('Condition')}",
            clinicalStatus=_status("condition-clinical", status),
            verificationStatus=_status("condition-ver-status", "confirmed"),
            category=[
                {"coding": [{"system": f"{TERMINOLOGY}/condition-category", "code": "problem-list-item"}]}
            ],
            code={
                "coding": [
                    {"system": SNOMED, "code": snomed, "display": english},
                    {"system": ICD10, "code": icd10},
                ],
                "text": self._text(english, chinese),
            },
            subject=self._subject,
            onsetDateTime=since,
        )

    def drug(self, name: str, dose: str, since: str) -> None:
        """A drug that is taken now."""
        rxnorm, atc, english, chinese = DRUG[name]
        self._add(
            "MedicationStatement",
            f"medication-{self._number('MedicationStatement')}",
            status="active",
            medicationCodeableConcept={
                "coding": [
                    {"system": RXNORM, "code": rxnorm, "display": english},
                    {"system": ATC, "code": atc},
                ],
                "text": self._text(english, chinese),
            },
            subject=self._subject,
            effectivePeriod={"start": since},
            dosage=[
                {
                    "text": dose,
                    "route": {
                        "coding": [{"system": SNOMED, "code": "26643006"}],
                        "text": self._text("oral", "口服"),
                    },
                }
            ],
        )

    def no_drugs(self) -> None:
        """The stated absence of medication."""
        words = self._text("No medication", "未服用药物")
        code = "no-known-medications"
        self._add(
            "MedicationStatement",
            "medication-1",
            status="active",
            medicationCodeableConcept={
                "coding": [{"system": ABSENT, "code": code, "display": words}],
                "text": words,
            },
            subject=self._subject,
            effectiveDateTime=self.as_of,
        )

    def allergy(self, code: str, english: str, chinese: str, recorded: str) -> None:
        """An allergy, or the statement that none is known."""
        self._add(
            "AllergyIntolerance",
            f"allergy-{self._number('AllergyIntolerance')}",
            clinicalStatus=_status("allergyintolerance-clinical", "active"),
            verificationStatus=_status("allergyintolerance-verification", "confirmed"),
            code={
                "coding": [{"system": SNOMED, "code": code, "display": english}],
                "text": self._text(english, chinese),
            },
            patient=self._subject,
            recordedDate=recorded,
        )

    def no_known_allergy(self, recorded: str) -> None:
        """The stated absence of allergies."""
        self.allergy("716186003", "No known allergy", "无已知过敏", recorded)

    def procedure(self, code: str, text: str, day: str) -> None:
        """A procedure that was done."""
        self._add(
            "Procedure",
            f"procedure-{self._number('Procedure')}",
            status="completed",
            code={"coding": [{"system": SNOMED, "code": code, "display": text}], "text": text},
            subject=self._subject,
            performedDateTime=day,
        )

    def write(self) -> None:
        """Write the bundle; the same script always writes the same bytes."""
        order = [
            "Patient",
            "Encounter",
            "Condition",
            "Procedure",
            "MedicationStatement",
            "AllergyIntolerance",
        ]
        ranked = sorted(
            self.resources,
            key=lambda item: order.index(item["resourceType"]) if item["resourceType"] in order else 9,
        )
        base = "https://medgui.invalid/fhir"
        bundle = {
            "resourceType": "Bundle",
            "id": f"demo-{self.key}",
            "meta": {"tag": [{"system": AS_OF, "code": self.as_of}]},
            "type": "collection",
            "timestamp": f"{self.as_of}T08:00:00Z",
            "entry": [
                {"fullUrl": f"{base}/{item['resourceType']}/{item['id']}", "resource": item}
                for item in ranked
            ],
        }
        text = json.dumps(bundle, ensure_ascii=False, indent=2)
        (FOLDER / self.file).write_text(text + "\n", encoding="utf-8", newline="\n")


def _omb(name: str, code: str, display: str) -> Json:
    coding = {"system": "urn:oid:2.16.840.1.113883.6.238", "code": code, "display": display}
    parts = [{"url": "ombCategory", "valueCoding": coding}, {"url": "text", "valueString": display}]
    return {"url": f"{US_CORE}/{name}", "extension": parts}


def _quantity(value: float, unit: str) -> Json:
    return {"value": value, "unit": unit, "system": UCUM, "code": unit}


def _status(system: str, code: str) -> Json:
    return {"coding": [{"system": f"{TERMINOLOGY}/{system}", "code": code}]}
