"""Code systems: the FHIR address of each, and the object identifiers and names under which files mean the same."""

from __future__ import annotations

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
UCUM = "http://unitsofmeasure.org"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
ABSENT_UNKNOWN = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
OWN_VARIABLE = "urn:medgui:variable"
"""System of codes that are standard input names, for what no terminology names."""
OWN_ANSWER = "urn:medgui:answer"
"""System of answer codes that are the categories of a standard input."""
OWN_AS_OF = "urn:medgui:as-of"
OWN_DOCUMENT_DATE = "urn:medgui:document-date"
OWN_COMPLETENESS = "urn:medgui:completeness"
"""System of tags such as "conditions-partial": how far a section was read in the file that was exported."""
OWN_KIND = "urn:medgui:kind"
OWN_SOURCE = "urn:medgui:source"
OWN_AS_WRITTEN = "urn:medgui:as-written"
OWN_QUESTION = "urn:medgui:question"
"""Extensions of exported entries: the kind of a problem, its place in the file, the value as it stands there, and
the question that is open about it."""
OWN_TAG = "urn:medgui:tag"

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


LOCAL = "urn:local:"
"""Beginning of the address of codes that one laboratory or hospital made itself."""
_HL7_NAMES = {
    "LN": LOINC, "LNC": LOINC, "LOINC": LOINC, "SCT": SNOMED, "SNOMEDCT": SNOMED, "SNOMED": SNOMED, "UCUM": UCUM,
    "I10": ICD10, "ICD10": ICD10, "I10C": ICD10CM, "ICD10CM": ICD10CM, "I9": ICD9CM, "I9C": ICD9CM,
    "I9CDX": ICD9CM, "ICD9": ICD9CM, "ICD9CM": ICD9CM, "CVX": CVX, "NDC": NDC, "RXNORM": RXNORM, "RXN": RXNORM,
    "UNII": UNII, "C4": CPT, "CPT": CPT, "CPT4": CPT, "CPTM": CPT, "ATC": ATC,
}  # fmt: skip
"""HL7 v2 table 0396 and what is written in its place, without blanks and hyphens."""


def hl7_system(name: str) -> str:
    """The FHIR address of a coding system by its HL7 v2 name; "" for none. A name of its own stays local."""
    stripped = name.strip()
    if not stripped or "://" in stripped or stripped.startswith("urn:"):
        return system_uri(stripped)
    if stripped in _URI:
        return _URI[stripped]
    if stripped.count(".") > 2 and stripped.replace(".", "").isdigit():
        return f"urn:oid:{stripped}"
    upper = stripped.upper()
    known = _HL7_NAMES.get("".join(sign for sign in upper if sign.isalnum()))
    if known:
        return known
    if upper.startswith("HL7") and upper[3:].isdigit():
        return f"http://terminology.hl7.org/CodeSystem/v2-{upper[3:].zfill(4)}"
    return LOCAL + "_".join(stripped.split())
