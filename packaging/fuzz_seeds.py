"""What the fuzzing begins with: small whole files of every kind, made here, and the open data where it is present.

A new reader joins by an entry in `KINDS`: a name, seeds, the signs that mean something in its files, and where
its open data lies (relative to the development data, see tests/shared_data.py).
"""

from __future__ import annotations

import gzip
import io
import json
import struct
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.readers import build  # noqa: E402
from tests.shared_data import find_data_dir  # noqa: E402

LARGEST_SEED = 40_000
"""Bytes of a seed that are taken; larger files cost time and find nothing more."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One format: seeds made here, tokens to put in, patterns of open files, and whether it is an archive."""

    name: str
    ending: str
    seeds: Callable[[], list[bytes]]
    tokens: tuple[bytes, ...]
    open_files: tuple[str, ...] = ()
    archive: bool = False

    def all_seeds(self) -> list[bytes]:
        """Seeds made here and the open files that are not too large."""
        found = self.seeds()
        folder = find_data_dir()
        for pattern in self.open_files if folder else ():
            for path in sorted(folder.glob(pattern))[:6]:
                data = path.read_bytes()
                found.append(data if self.archive else data[:LARGEST_SEED])
        return found


COMMON_TOKENS = (
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\n",
    b"\r",
    b"9" * 400,
    b"-1",
    b"1e999",
    b"NaN",
    b"\xed\xa0\x80",
)


def _resources() -> list[dict]:
    pressure = build.observation(
        "85354-9",
        component=[
            {"code": build.concept(code, build.LOINC), "valueQuantity": {"value": value, "unit": "mmHg"}}
            for code, value in (("8480-6", 160), ("8462-4", 96))
        ],
    )
    allergy = {
        "resourceType": "AllergyIntolerance",
        "id": "a1",
        "code": build.concept("716186003", build.SNOMED, "No known allergy"),
        "patient": {"reference": "Patient/p1"},
    }
    return [
        build.patient(), build.observation(), pressure, allergy, build.drug(),
        build.condition("44054006", "Type 2 diabetes"),
        build.observation("29463-7", 194, "kg", id="w"),
        build.observation("72166-2", valueQuantity=None, valueCodeableConcept=build.concept("8517006", build.SNOMED)),
    ]  # fmt: skip


def _fhir_json() -> list[bytes]:
    whole = build.bundle(*_resources())
    demo = (ROOT / "resources" / "demo" / "rowe_thomas.json").read_bytes()[:20_000]
    return [json.dumps(whole).encode(), json.dumps(whole, indent=2).encode(), demo]


def _ndjson() -> list[bytes]:
    return ["\n".join(json.dumps(found) for found in _resources()).encode()]


_FHIR_XML = b"""<?xml version="1.0" encoding="UTF-8"?>
<Bundle xmlns="http://hl7.org/fhir"><type value="document"/>
<entry><fullUrl value="urn:uuid:1"/><resource><Patient><id value="p1"/>
 <identifier><system value="urn:mrn"/><value value="4711"/></identifier>
 <name><family value="Wei&#223;"/><given value="Zo&#235;"/></name><gender value="female"/>
 <birthDate value="1970-05-17"/></Patient></resource></entry>
<entry><resource><Observation><id value="o1"/><status value="final"/><code><coding><system value="http://loinc.org"/>
 <code value="2093-3"/></coding><text value="Cholesterol"/></code><subject><reference value="urn:uuid:1"/></subject>
 <effectiveDateTime value="2026-11-03T08:15:00+01:00"/><valueQuantity><value value="200"/><unit value="mg/dL"/>
 </valueQuantity><referenceRange><high><value value="200"/></high></referenceRange></Observation></resource></entry>
<entry><resource><Condition><id value="c1"/><code><coding><system value="http://snomed.info/sct"/>
 <code value="44054006"/></coding></code><subject><reference value="Patient/p1"/></subject></Condition></resource>
</entry></Bundle>"""

_CCDA = b"""<?xml version="1.0"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<templateId root="2.16.840.1.113883.10.20.22.1.1"/><effectiveTime value="20261103"/>
<recordTarget><patientRole><id extension="4711" root="1.2"/><patient><name><given>Alice</given><family>Newman</family>
</name><administrativeGenderCode code="F" codeSystem="2.16.840.1.113883.5.1"/><birthTime value="19700501"/></patient>
</patientRole></recordTarget><component><structuredBody><component><section>
<templateId root="2.16.840.1.113883.10.20.22.2.4.1"/><code code="8716-3" codeSystem="2.16.840.1.113883.6.1"/>
<title>Vital Signs</title><text><table><tr><td ID="v1">98.6 F</td></tr></table></text>
<entry><organizer classCode="CLUSTER" moodCode="EVN"><statusCode code="completed"/><component>
<observation classCode="OBS" moodCode="EVN"><code code="8310-5" codeSystem="2.16.840.1.113883.6.1"/>
<statusCode code="completed"/><effectiveTime value="20261103"/><value xsi:type="PQ" value="98.6" unit="Cel"/>
</observation></component></organizer></entry></section></component><component><section>
<code code="11450-4" codeSystem="2.16.840.1.113883.6.1"/><text>none</text><entry><act classCode="ACT" moodCode="EVN">
<code code="CONC"/><statusCode code="active"/><entryRelationship typeCode="SUBJ">
<observation classCode="OBS" moodCode="EVN" negationInd="false"><code code="55607006"/><statusCode code="completed"/>
<value xsi:type="CD" code="44054006" codeSystem="2.16.840.1.113883.6.96" displayName="Diabetes"/></observation>
</entryRelationship></act></entry></section></component></structuredBody></component></ClinicalDocument>"""

_ORU = (
    b"MSH|^~\\&|LAB|NORTH|EHR|CLINIC|20261103081500+0100||ORU^R01^ORU_R01|17|P|2.5.1|||AL||||UNICODE UTF-8\r"
    b"PID|1||4711^^^NORTH^MR||Wei\xc3\x9f^Zo\xc3\xab||19700517|F|||1 Main^^Town\r"
    b"PV1|1|O\rORC|RE|1\rOBR|1|1|2|24331-1^Lipids^LN|||20261103081500|||||||||||||||20261103||LAB|F\r"
    b"OBX|1|NM|2093-3^Cholesterol^LN||200|mg/dL|<200|H|||F|||20261103081500\r"
    b"OBX|2|SN|2085-9^HDL^LN||<^5|mg/dL||L|||F\rOBX|3|CWE|72166-2^Smoking^LN||8517006^Ex-smoker^SCT||||||F\r"
    b"NTE|1||fasting\\.br\\yes\rOBX|4|TX|X1^Local^L|1|a~b\\T\\c||||||P\r"
)
_ADT = (
    b"MSH|^~\\&|A|B|C|D|20261103||ADT^A08|18|P|2.3\rEVN|A08|20261103\rPID|||4711||Newman^Alice||19700501|F\r"
    b"PV1|1|I\rAL1|1|DA|7980^Penicillin^RxNorm|SV|Rash\rDG1|1||I10^Hypertension^I10|||F\r"
    b"OBX|1|NM|8480-6^SBP^LN||160|mm[Hg]|||||F\r"
)


def _hl7() -> list[bytes]:
    batch = b"FHS|^~\\&|A\rBHS|^~\\&|A\r" + _ORU + _ADT + b"BTS|2\rFTS|1\r"
    return [_ORU, _ORU.replace(b"\r", b"\n"), _ADT, b"\x0b" + _ORU + b"\x1c\r", batch]


_LONG = (
    "patient id,name,dob,sex,code,test,value,unit,reference range,flag,specimen,status,time\n"
    '1,"Weiß, Zoë",17/05/1970,F,2093-3,Cholesterol,200,mg/dL,<200,H,Serum,F,03/11/2026 08:15\n'
    '1,"Weiß, Zoë",17/05/1970,F,2160-0,Creatinine,"1,1",mg/dL,0.6-1.2,,Serum,P,2026-11-03\n'
    '1,"Weiß, Zoë",17/05/1970,F,X1,Local,<5,U/L,,,"two\nlines",F,2026-11-03\n'
)
_WIDE = (
    "sep=;\nid;Name;DOB;Sex;Date;BP;LDL (mmol/L);weight_kg;Smoker;Diagnosis;Medication;Allergy\n"
    "1;A;1.2.1970;F;3.11.2026;160/96;3,1;88,5;no;I10 Hypertension;Metformin 500 mg;Penicillin\n"
    "2;B;5.6.1980;M;4.11.2026;120/80;1.234;77;yes;;;none\n"
)
_CHINESE = (
    "检验报告\n姓名;性别;出生日期;检验项目;结果;单位;参考范围;检验日期\n"
    "林慧敏;女;1970年5月17日;肌酐;70,7↑;umol/L;41-81;2026年11月3日\n林慧敏;女;1970年5月17日;乙肝表面抗原;阴性;;;20261103\n"
)
_TRANSPOSED = "Test\tUnit\t01.11.2026\t02.11.2026\nCreatinine\tmg/dL\t1,1\t<1,3\nLDL\tmmol/l\t3,1\tn/a\n"


def _csv() -> list[bytes]:
    return [
        _LONG.encode(), _WIDE.encode("cp1252"), _CHINESE.encode("gb18030"), _CHINESE.encode("utf-16"),
        _TRANSPOSED.encode(),
    ]  # fmt: skip


def _xlsx() -> list[bytes]:
    from datetime import datetime

    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "Lab"
    for row in (
        ["项目", "结果", "单位", "日期", "姓名"],
        ["肌酐", 70.7, "umol/L", datetime(2026, 11, 3, 8, 15), "林"],
        ["2093-3", "5,17", "mmol/L", "2026-11-03", "林"],
        ["HDL", "=1+1", "mmol/L", 46329, True],
    ):
        sheet.append(row)
    sheet.merge_cells("A1:A2")
    sheet["B2"].number_format = "0.0%"
    book.create_sheet("Other").append(["id", "SBP (mmHg)"])
    book["Other"].append([1, 160])
    stream = io.BytesIO()
    book.save(stream)
    return [stream.getvalue(), _plain_workbook()]


def _plain_workbook() -> bytes:
    """A workbook with inline strings, rich text and a formula's cached value."""
    head = '<?xml version="1.0"?>'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    cells = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>code</t></is></c><c r="B1" t="s"><v>0</v></c></row>'
        '<row r="2"><c r="A2" t="str"><f>A1</f><v>2093-3</v></c><c r="B2"><v>200</v></c></row>'
        '<row r="3"><c r="A3" t="e"><v>#N/A</v></c><c r="B3" t="b"><v>1</v></c></row>'
    )
    parts = {
        "[Content_Types].xml": f'{head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "xl/workbook.xml": (
            f'{head}<workbook xmlns="{main}" xmlns:r="{links}"><workbookPr date1904="1"/>'
            '<sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'{head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{links}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
        ),
        "xl/sharedStrings.xml": f'{head}<sst xmlns="{main}"><si><r><t>val</t></r><r><t>ue</t></r></si></sst>',
        "xl/worksheets/sheet1.xml": (
            f'{head}<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>'
        ),
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return stream.getvalue()


def _element(group: int, number: int, kind: str, value: bytes | str) -> bytes:
    """One data element, explicit and little endian."""
    data = value.encode() if isinstance(value, str) else value
    data += b"\0" * (len(data) % 2) if kind in ("UI", "OB", "SQ") else b" " * (len(data) % 2)
    long = kind in ("OB", "SQ")
    length = struct.pack("<HI", 0, len(data)) if long else struct.pack("<H", len(data))
    return struct.pack("<HH2s", group, number, kind.encode()) + length + data


def _dicom(extra: bytes = b"", media: str = "1.2.840.10008.5.1.4.1.1.2") -> bytes:
    meta = _element(2, 2, "UI", media) + _element(2, 0x10, "UI", "1.2.840.10008.1.2.1")
    meta = _element(2, 0, "UL", struct.pack("<I", len(meta))) + meta
    facts = (
        (0x08, 0x05, "CS", "ISO_IR 100"), (0x08, 0x16, "UI", media), (0x08, 0x20, "DA", "20261103"),
        (0x08, 0x60, "CS", "CT"), (0x08, 0x1030, "LO", "Chest"), (0x10, 0x10, "PN", "Newman^Alice"),
        (0x10, 0x20, "LO", "4711"), (0x10, 0x30, "DA", "19700501"), (0x10, 0x40, "CS", "F"),
        (0x10, 0x1010, "AS", "056Y"), (0x10, 0x1030, "DS", "88.5"),
    )  # fmt: skip
    return b"\0" * 128 + b"DICM" + meta + b"".join(_element(*fact) for fact in facts) + extra


def _dicom_files() -> list[bytes]:
    item = _element(0x08, 0x100, "SH", "T-D1100") + _element(0x08, 0x104, "LO", "Head")
    sequence = _element(0x08, 0x2218, "SQ", struct.pack("<HHI", 0xFFFE, 0xE000, len(item)) + item)
    return [_dicom(), _dicom(sequence), _dicom()[132:]]


def _dicomdir() -> list[bytes]:
    item = _element(4, 0x1430, "CS", "PATIENT") + _element(0x10, 0x10, "PN", "Newman^Alice")
    records = _element(4, 0x1220, "SQ", struct.pack("<HHI", 0xFFFE, 0xE000, len(item)) + item)
    return [_dicom(_element(4, 0x1130, "CS", "DISK") + records, "1.2.840.10008.1.3.10")]


_PHENOPACKET = {
    "id": "x",
    "subject": {"id": "p1", "dateOfBirth": "1970-05-01T00:00:00Z", "sex": "FEMALE"},
    "phenotypicFeatures": [
        {"type": {"id": "HP:0001250", "label": "Seizure"}, "excluded": True},
        {
            "type": {"id": "HP:0000822", "label": "Hypertension"},
            "onset": {"age": {"iso8601duration": "P14Y"}},
        },
    ],
    "diseases": [{"term": {"id": "OMIM:101600", "label": "Pfeiffer syndrome"}}],
    "measurements": [
        {"assay": {"id": "LOINC:2093-3"}, "value": {"quantity": {"unit": {"label": "mg/dL"}, "value": 200}}}
    ],
    "metaData": {"created": "2026-11-03T00:00:00Z", "phenopacketSchemaVersion": "2.0"},
}


def _phenopacket() -> list[bytes]:
    snake = (
        json.dumps(_PHENOPACKET)
        .replace("phenotypicFeatures", "phenotypic_features")
        .replace("metaData", "meta_data")
        .replace("dateOfBirth", "date_of_birth")
    )
    return [json.dumps(_PHENOPACKET).encode(), snake.encode()]


_VCF = (
    b"##fileformat=VCFv4.2\n##reference=GRCh38\n##contig=<ID=chr1>\n##INFO=<ID=DP,Number=1,Type=Integer,"
    b'Description="x">\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tP1\n'
    b"chr1\t97450058\trs3918290\tC\tT\t.\tPASS\tDP=10\tGT\t0/1\n"
)
_NOTE = (
    "Discharge letter\n\nMs Newman, born 1 May 1970, was seen today.\nBP 160/96 mmHg. No known allergies.\n"
)

_JSON_TOKENS = (
    b"{", b"}", b"[", b"]", b'"', b",", b":", b"null", b"true", b"\\u0000", b"\\ud800", b"[[[[[[[[", b'{"a":' * 120,
)  # fmt: skip
_XML_TOKENS = (
    b"<", b">", b"/>", b"</", b"&amp;", b"&#0;", b"&#x10FFFF;", b"&x;", b"<!DOCTYPE a [<!ENTITY x 'y'>]>", b"<![CDATA[",
    b"<!--", b"]]>", b'xmlns="urn:x"', b"<a>" * 250, b'nullFlavor="UNK"', b"xsi:type='PQ'",
)  # fmt: skip

_HL7_TOKENS = (
    b"|", b"^", b"~", b"&", b"\\", b"\r", b"\\F\\", b"\\X0D\\", b"MSH|^~\\&|", b"OBX|", b"\x0b",
)  # fmt: skip
_CSV_TOKENS = (b",", b";", b"\t", b'"', b'""', b"\r\n", b"1,234", b"03/04/2026", b"<", b"sep=|\n")
_XLSX_TOKENS = (*_XML_TOKENS, b"<c>", b'r="ZZZ9999999"', b't="s"', b"<v>99999999999</v>", b"PK\x03\x04")
_DICOM_TOKENS = (
    b"\xff\xff\xff\xff", b"SQ", b"UN", b"OB\0\0", b"PATIENT", b"\xfe\xff\x00\xe0", b"\xfe\xff\xdd\xe0",
)  # fmt: skip
_VCF_TOKENS = (b"\t", b"\n", b"##", b"#CHROM", b"0/1", b"chr")
_TEXT_TOKENS = (b"\t", b",", b"%PDF-", b"MSH|", b"<", b"{")

KINDS = (
    Kind("FHIR JSON", "json", _fhir_json, _JSON_TOKENS, ("patientfiles/fhir_ips/*.json",)),
    Kind("NDJSON", "ndjson", _ndjson, (*_JSON_TOKENS, b"\n{}\n")),
    Kind("FHIR XML", "xml", lambda: [_FHIR_XML], _XML_TOKENS, ("patientfiles/fhir_xml_aups/*.xml",)),
    Kind("C-CDA", "xml", lambda: [_CCDA], _XML_TOKENS, ("patientfiles/ccda_ehr_exports/*.xml",)),
    Kind("HL7 v2", "hl7", _hl7, _HL7_TOKENS, ("patientfiles/hl7v2*/*.hl7",)),
    Kind("CSV", "csv", _csv, _CSV_TOKENS, ("patientfiles/csv/*.csv",)),
    Kind("XLSX", "xlsx", _xlsx, _XLSX_TOKENS, archive=True),
    Kind("DICOM", "dcm", _dicom_files, _DICOM_TOKENS, ("patientfiles/dicom/*.dcm",)),
    Kind("DICOMDIR", "", _dicomdir, _DICOM_TOKENS),
    Kind("phenopacket", "json", _phenopacket, _JSON_TOKENS, ("patientfiles/phenopacket/*.json",)),
    Kind(
        "VCF", "vcf", lambda: [_VCF, gzip.compress(_VCF, mtime=0)], _VCF_TOKENS, ("patientfiles/vcf/*.vcf",)
    ),
    Kind("text", "txt", lambda: [_NOTE.encode(), _NOTE.encode("utf-16")], _TEXT_TOKENS),
)
"""Every format that is fuzzed."""
