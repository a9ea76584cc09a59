"""Write the invented C-CDA of `resources/demo`: `python packaging/demo/make_ccda.py`.

A Continuity of Care Document (HL7 C-CDA R2.1) as an EHR exports it, with entries and their text. The start page does
not list it; the self-test opens it, and so may whoever wants to see how such a file is read.
"""

from __future__ import annotations

from pathlib import Path

from codes import LAB, VITAL

FILE = Path(__file__).resolve().parents[2] / "resources" / "demo" / "demo_lucia.xml"
DAY = "2026-11-20"
LOINC, SNOMED, RXNORM = "2.16.840.1.113883.6.1", "2.16.840.1.113883.6.96", "2.16.840.1.113883.6.88"
TEMPLATE = "2.16.840.1.113883.10.20.22"
LABS = {
    "total_cholesterol": 219, "hdl_cholesterol": 52, "ldl_cholesterol": 138, "triglycerides": 146, "hba1c": 5.9,
    "creatinine": 0.86, "fasting_glucose": 104, "albumin": 4.2, "alkaline_phosphatase": 71, "bun": 15, "crp": 2.6,
    "uric_acid": 5.1, "ast": 24, "alt": 27, "platelets": 262, "wbc": 6.4, "rbc": 4.5, "mcv": 89, "rdw": 13.1,
    "lymphocytes_percent": 32, "ggt": 26, "bilirubin_total": 0.6,
}  # fmt: skip
VITALS = {"weight": 74.5, "height": 164, "waist": 91, "heart_rate": 72}
PRESSURES = [("2025-11-18", 148, 88), ("2026-05-19", 144, 86), (DAY, 142, 85)]


def main() -> None:
    FILE.write_text(document(), encoding="utf-8")


def document() -> str:
    sections = (problems(), medications(), allergies(), vitals(), results(), social())
    body = "\n".join(f"<component>\n{section}\n</component>" for section in sections)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:sdtc="urn:hl7-org:sdtc" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<realmCode code="US"/>
<typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
<templateId root="{TEMPLATE}.1.1" extension="2015-08-01"/>
<templateId root="{TEMPLATE}.1.2" extension="2015-08-01"/>
<id root="2.16.840.1.113883.19.5.99999.1" extension="demo-lucia"/>
<code code="34133-9" codeSystem="{LOINC}" displayName="Summarization of Episode Note"/>
<title>Invented person for demonstration: continuity of care document</title>
<effectiveTime value="{stamp(DAY)}"/>
<confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/>
<languageCode code="en-US"/>
<recordTarget><patientRole>
<id root="2.16.840.1.113883.19.5" extension="6604-1187"/>
<patient>
<name use="L"><given>Lucia</given><family>Demo</family></name>
<administrativeGenderCode code="F" codeSystem="2.16.840.1.113883.5.1" displayName="Female"/>
<birthTime value="19680722"/>
<raceCode code="2106-3" codeSystem="2.16.840.1.113883.6.238" displayName="White"/>
<ethnicGroupCode code="2135-2" codeSystem="2.16.840.1.113883.6.238" displayName="Hispanic or Latino"/>
</patient>
</patientRole></recordTarget>
<component><structuredBody>
{body}
</structuredBody></component>
</ClinicalDocument>
"""


def stamp(day: str) -> str:
    return day.replace("-", "")


def section(template: str, code: str, title: str, rows: list[str], entries: list[str]) -> str:
    listed = "".join(f"<item>{row}</item>" for row in rows)
    inside = "\n".join(f'<entry typeCode="DRIV">{entry}</entry>' for entry in entries)
    return (
        f'<section>\n<templateId root="{TEMPLATE}.{template}"/>\n<code code="{code}" codeSystem="{LOINC}"/>\n'
        f"<title>{title}</title>\n<text><list>{listed}</list></text>\n{inside}\n</section>"
    )


def problems() -> str:
    found = [
        ("59621000", "Essential hypertension", "20190314"),
        ("55822004", "Hyperlipidemia", "20220105"),
    ]
    entries = [
        f'<act classCode="ACT" moodCode="EVN"><templateId root="{TEMPLATE}.4.3"/>'
        '<code code="CONC" codeSystem="2.16.840.1.113883.5.6"/><statusCode code="active"/>'
        f'<effectiveTime><low value="{since}"/></effectiveTime><entryRelationship typeCode="SUBJ">'
        f'<observation classCode="OBS" moodCode="EVN"><templateId root="{TEMPLATE}.4.4"/>'
        f'<code code="55607006" codeSystem="{SNOMED}" displayName="Problem"/><statusCode code="completed"/>'
        f'<effectiveTime><low value="{since}"/></effectiveTime>'
        f'<value xsi:type="CD" code="{code}" codeSystem="{SNOMED}" displayName="{name}"/>'
        "</observation></entryRelationship></act>"
        for code, name, since in found
    ]
    return section("2.5.1", "11450-4", "Problems", [name for _c, name, _s in found], entries)


def medications() -> str:
    entry = (
        f'<substanceAdministration classCode="SBADM" moodCode="EVN"><templateId root="{TEMPLATE}.4.16"/>'
        '<statusCode code="active"/><effectiveTime xsi:type="IVL_TS"><low value="20190402"/>'
        '</effectiveTime><effectiveTime xsi:type="PIVL_TS" operator="A"><period value="24" unit="h"/>'
        '</effectiveTime><doseQuantity value="1"/><consumable><manufacturedProduct classCode="MANU">'
        f'<manufacturedMaterial><code code="29046" codeSystem="{RXNORM}" displayName="Lisinopril"/>'
        "</manufacturedMaterial></manufacturedProduct></consumable></substanceAdministration>"
    )
    return section("2.1.1", "10160-0", "Medications", ["Lisinopril, once daily"], [entry])


def allergies() -> str:
    entry = (
        f'<act classCode="ACT" moodCode="EVN"><templateId root="{TEMPLATE}.4.30"/>'
        '<code code="CONC" codeSystem="2.16.840.1.113883.5.6"/><statusCode code="active"/>'
        '<effectiveTime><low value="20190314"/></effectiveTime><entryRelationship typeCode="SUBJ">'
        '<observation classCode="OBS" moodCode="EVN" negationInd="true">'
        f'<templateId root="{TEMPLATE}.4.7"/><code code="ASSERTION" codeSystem="2.16.840.1.113883.5.4"/>'
        '<statusCode code="completed"/><effectiveTime><low value="20190314"/></effectiveTime>'
        f'<value xsi:type="CD" code="419199007" codeSystem="{SNOMED}" displayName="Allergy to substance"/>'
        "</observation></entryRelationship></act>"
    )
    return section("2.6.1", "48765-2", "Allergies", ["No known allergies"], [entry])


def vitals() -> str:
    readings = [(DAY, VITAL[key][:2], value, VITAL[key][3]) for key, value in VITALS.items()]
    for day, systolic, diastolic in PRESSURES:
        readings.append((day, ("8480-6", "Systolic blood pressure"), systolic, "mm[Hg]"))
        readings.append((day, ("8462-4", "Diastolic blood pressure"), diastolic, "mm[Hg]"))
    rows = [f"{day} {name}: {value:g} {unit}" for day, (_code, name), value, unit in readings]
    entries = [
        organizer("4.26", "46680005", day, [r for r in readings if r[0] == day], "4.27")
        for day in sorted({reading[0] for reading in readings}, reverse=True)
    ]
    return section("2.4.1", "8716-3", "Vital signs", rows, entries)


def results() -> str:
    readings = [(DAY, LAB[key][:2], value, LAB[key][3]) for key, value in LABS.items()]
    rows = [f"{name}: {value:g} {unit}" for _day, (_code, name), value, unit in readings]
    return section(
        "2.3.1", "30954-2", "Results", rows, [organizer("4.1", "26436-6", DAY, readings, "4.2", LOINC)]
    )


def organizer(template: str, code: str, day: str, readings: list, inner: str, system: str = SNOMED) -> str:
    members = "\n".join(
        f'<component><observation classCode="OBS" moodCode="EVN"><templateId root="{TEMPLATE}.{inner}"/>'
        f'<code code="{loinc}" codeSystem="{LOINC}" displayName="{name}"/><statusCode code="completed"/>'
        f'<effectiveTime value="{stamp(day)}"/><value xsi:type="PQ" value="{value:g}" unit="{unit}"/>'
        "</observation></component>"
        for _day, (loinc, name), value, unit in readings
    )
    return (
        f'<organizer classCode="CLUSTER" moodCode="EVN"><templateId root="{TEMPLATE}.{template}"/>'
        f'<code code="{code}" codeSystem="{system}"/><statusCode code="completed"/>'
        f'<effectiveTime value="{stamp(day)}"/>\n{members}\n</organizer>'
    )


def social() -> str:
    entry = (
        f'<observation classCode="OBS" moodCode="EVN"><templateId root="{TEMPLATE}.4.78"/>'
        f'<code code="72166-2" codeSystem="{LOINC}" displayName="Tobacco smoking status"/>'
        f'<statusCode code="completed"/><effectiveTime value="{stamp(DAY)}"/>'
        f'<value xsi:type="CD" code="266919005" codeSystem="{SNOMED}" displayName="Never smoked tobacco"/>'
        "</observation>"
    )
    return section("2.17", "29762-2", "Social history", ["Never smoked tobacco"], [entry])


if __name__ == "__main__":
    main()
