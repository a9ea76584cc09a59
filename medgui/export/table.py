"""A record as a table, one row a value: for spreadsheets and statistics, and read again by the table reader.

`value` is empty where a question is open; a value that is not the number it shows ("<5") keeps its sign, so that no
program averages it. Columns are a contract (docs/exporting.md): they keep name and order, new ones come at the end.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator

from medgui.export.fhir_observation import Doubts, codings_of, doubts_of, status_of, withheld
from medgui.i18n import _
from medgui.readers.systems import OWN_VARIABLE
from medgui.record.answers import canonical_answer
from medgui.record.model import Allergy, Answer, Coding, Condition, Medication, Observation, Record, Source
from medgui.record.variables import VARIABLES, by_code

COLUMNS = (
    "patient id", "birth date", "sex", "kind", "code", "system", "name", "standard name", "value", "unit",
    "comparator", "time", "status", "usable", "reason", "value as written", "unit as written", "specimen", "setting",
    "file", "place", "source line", "open question",
)  # fmt: skip
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""First signs that make a spreadsheet take a cell for a formula (OWASP, CSV injection), full width ones too."""
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
Cells = dict[str, str]


def csv_bytes(record: Record) -> bytes:
    """The table as UTF-8 with a byte-order mark, which Excel needs to show Chinese; lines end as RFC 4180 says."""
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\r\n").writerows(csv_rows(record))
    return ("\ufeff" + stream.getvalue()).encode("utf-8", "replace")


def csv_rows(record: Record) -> Iterator[list[str]]:
    """Headings, then one row a value, problem, drug, allergy and document."""
    yield list(COLUMNS)
    person = record.patient
    same = {"patient id": person.id, "birth date": person.birth_date, "sex": person.sex or ""}
    for cells in _rows(record):
        yield [safe((same | cells).get(column, "")) for column in COLUMNS]


def _rows(record: Record) -> Iterator[Cells]:
    doubts = doubts_of(record)
    for found in record.observations:
        yield _observation(found, doubts)
    for answer in record.answers:
        yield from _entered(answer)
    for problem in record.conditions:
        yield _problem(problem)
    for drug in record.medications:
        yield _drug(drug)
    for allergy in record.allergies:
        yield _allergy(allergy)
    for document in record.documents:
        yield {"kind": "document", "name": document.title, "time": document.time, **_place(document.source)}


def safe(text: str) -> str:
    """A cell that no spreadsheet runs as a formula: numbers as they are, other text with an apostrophe before it."""
    plain = "".join(sign if sign >= " " or sign in "\t\r\n" else " " for sign in text)
    if plain.startswith(_FORMULA) and not _NUMBER.fullmatch(plain):
        return "'" + plain
    return plain


def figure(value: float) -> str:
    """The shortest text of a number that is read as the same number again."""
    text = repr(float(value))
    return text.removesuffix(".0")


def _observation(found: Observation, doubts: Doubts) -> Cells:
    code = _code(found)
    question = doubts.asked.get(found.id)
    doubtful = withheld(found, doubts)
    reason = found.unusable_reason
    if question is not None:
        reason = _("A question about the value is open.")
    elif doubtful:
        reason = _("The value was judged by the clinician.")
    return {
        "kind": "observation",
        "code": code.code,
        "system": code.system,
        "name": found.name,
        "standard name": found.variable,
        "value": "" if doubtful else _value(found),
        "unit": "" if doubtful else found.unit,
        "comparator": found.comparator,
        "time": found.time,
        "status": status_of(found, doubts),
        "usable": _yes(found.usable and not doubtful),
        "reason": reason,
        "value as written": found.value_as_written,
        "unit as written": found.unit_as_written,
        "specimen": found.specimen,
        "setting": found.setting,
        "open question": question.message if question else "",
        **_place(found.source),
    }


def _code(found: Observation) -> Coding:
    """The code that says which standard input a value is, else the first of the file."""
    listed = codings_of(found)
    for known in listed:
        variable = by_code(known.code, known.system)
        if found.variable and (variable.name if variable else known.code) == found.variable:
            return known
    return listed[0] if listed else Coding("")


def _value(found: Observation) -> str:
    value = found.value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return found.comparator + figure(value) if math.isfinite(value) else ""
    return value or ""


def _entered(answer: Answer) -> Iterator[Cells]:
    variable = VARIABLES.get(answer.variable)
    if variable is None or answer.left_out or answer.value is None:
        return
    value = canonical_answer(variable, answer)
    if value is None:
        return
    text = figure(value) if isinstance(value, float) else value
    if variable.kind == "boolean":
        text = _yes(bool(value))
    yield {
        "kind": "entered",
        "code": answer.variable,
        "system": OWN_VARIABLE,
        "name": variable.title["en"],
        "standard name": answer.variable,
        "value": text,
        "unit": variable.unit if variable.kind == "quantity" else "",
        "time": answer.time,
        "status": "final",
        "usable": _yes(True),
        "reason": _("Entered by the clinician."),
    }


def _problem(found: Condition) -> Cells:
    code = found.codings[0] if found.codings else Coding("")
    return {
        "kind": found.kind,
        "code": code.code,
        "system": code.system,
        "name": found.name,
        "time": found.onset or found.recorded,
        "status": " ".join(filter(None, (found.clinical_status, found.verification))),
        "usable": _yes(found.usable),
        "reason": found.unusable_reason,
        **_place(found.source),
    }


def _drug(found: Medication) -> Cells:
    code = found.codings[0] if found.codings else Coding("")
    return {
        "kind": "medication",
        "code": code.code,
        "system": code.system,
        "name": found.name,
        "time": found.start,
        "status": found.status,
        "usable": _yes(found.usable),
        "reason": found.unusable_reason,
        "value as written": " ".join(filter(None, (found.dose, found.frequency, found.route))),
        **_place(found.source),
    }


def _allergy(found: Allergy) -> Cells:
    code = found.codings[0] if found.codings else Coding("")
    return {
        "kind": "no known allergy" if found.negated else "allergy",
        "code": code.code,
        "system": code.system,
        "name": found.name,
        "time": found.recorded,
        "status": " ".join(filter(None, (found.status, found.verification))),
        "value as written": found.reaction,
        **_place(found.source),
    }


def _place(source: Source) -> Cells:
    return {
        "file": source.file,
        "place": source.location,
        "source line": "" if source.line is None else str(source.line),
    }


def _yes(condition: bool) -> str:
    return "yes" if condition else "no"
