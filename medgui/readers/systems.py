"""Code systems: the FHIR address of each, and the object identifiers and names under which files mean the same."""

from __future__ import annotations

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
UCUM = "http://unitsofmeasure.org"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
ABSENT_UNKNOWN = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
OWN_VARIABLE = "urn:medgui:variable"
"""System of codes that are standard input names, for what no terminology names."""
OWN_AS_OF = "urn:medgui:as-of"

ICD10CM = "http://hl7.org/fhir/sid/icd-10-cm"
ICD10 = "http://hl7.org/fhir/sid/icd-10"
ICD9CM = "http://hl7.org/fhir/sid/icd-9-cm"
CVX = "http://hl7.org/fhir/sid/cvx"
NDC = "http://hl7.org/fhir/sid/ndc"
UNII = "http://fdasis.nlm.nih.gov"
CPT = "http://www.ama-assn.org/go/cpt"
ATC = "http://www.whocc.no/atc"

_URI = {
    "2.16.840.1.113883.6.1": LOINC,
    "2.16.840.1.113883.6.96": SNOMED,
    "2.16.840.1.113883.6.8": UCUM,
    "2.16.840.1.113883.6.88": RXNORM,
    "2.16.840.1.113883.6.90": ICD10CM,
    "2.16.840.1.113883.6.3": ICD10,
    "2.16.840.1.113883.6.73": ATC,
    "2.16.840.1.113883.6.103": ICD9CM,
    "2.16.840.1.113883.12.292": CVX,
    "2.16.840.1.113883.6.59": CVX,
    "2.16.840.1.113883.6.69": NDC,
    "2.16.840.1.113883.4.9": UNII,
    "2.16.840.1.113883.6.12": CPT,
    "https://loinc.org": LOINC,
    "http://snomed.info": SNOMED,
}


def system_uri(text: str) -> str:
    """A code system's FHIR address; object identifiers (bare or with "urn:oid:") of the common ones become it."""
    return _URI.get(text.removeprefix("urn:oid:"), text)
