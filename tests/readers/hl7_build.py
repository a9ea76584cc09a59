"""Small HL7 v2 messages for the tests of the reader."""

from __future__ import annotations

from pathlib import Path

from medgui.readers import open_record
from medgui.record.model import Observation, Record

PID = "PID|1||4711^^^HOSP&1.2.3.4&ISO^MR||WEISS^ZOE^M^^^^L||19700517|F"


def header(
    kind: str = "ORU^R01", *, time: str = "20261103120000", charset: str = "", signs: str = "^~\\&"
) -> str:
    """The first segment of a message."""
    return f"MSH|{signs}|LAB|HERE|EHR|THERE|{time}||{kind}|1|P|2.5||||||{charset}".rstrip("|")


def obr(filler: str = "F1", time: str = "20261103080000", status: str = "F") -> str:
    """An order of a panel."""
    return f"OBR|1|P1|{filler}|24323-8^Panel^LN|||{time}|||||||||||||||{time}|||{status}"


def obx(
    value: str = "5.2",
    code: str = "2823-3^Potassium^LN",
    kind: str = "NM",
    unit: str = "mmol/L",
    *,
    limits: str = "",
    flag: str = "",
    status: str = "F",
    time: str = "",
    sub: str = "",
) -> str:
    """One result."""
    return f"OBX|1|{kind}|{code}|{sub}|{value}|{unit}|{limits}|{flag}|||{status}|||{time}".rstrip("|")


def message(*segments: str, end: str = "\r", kind: str = "ORU^R01", time: str = "20261103120000") -> str:
    """One message about Zoe Weiss."""
    return end.join((header(kind, time=time), PID, *segments)) + end


def save(folder: Path, text: str | bytes, name: str = "m.hl7") -> Path:
    """Write a file as it stands."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read(folder: Path, text: str | bytes, patient: str | None = None) -> Record:
    """The record of a text."""
    return open_record(save(folder, text), as_of="2026-11-10", patient=patient)


def results(folder: Path, *segments: str, kind: str = "ORU^R01") -> list[Observation]:
    """The observations of one message with one order."""
    return list(read(folder, message(obr(), *segments, kind=kind)).observations)
