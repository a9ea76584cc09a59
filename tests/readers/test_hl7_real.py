"""Messages that hospitals' systems and a simulator wrote: the right patient, every result read or said."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from medgui.readers import open_record
from medgui.record.code_map import CodeMap, MapEntry
from medgui.record.code_proposals import proposals
from tests.shared_data import data_dir, data_file

pytestmark = pytest.mark.shared_data


def files() -> list[Path]:
    """All messages of the development data."""
    return sorted(data_dir().glob("patientfiles/hl7v2*/*.hl7"))


def test_every_message_opens_with_the_patient_it_names() -> None:
    assert len(files()) >= 11
    for path in files():
        text = path.read_text(encoding="utf-8-sig")
        record = open_record(path)
        assert record.patient.family in text
        assert record.patient.birth_date.replace("-", "") in text
        assert any(i.value in text for i in record.patient.identifiers)
        assert record.patient.sex in ("female", "male")


def test_every_result_is_in_the_record_or_has_a_trace() -> None:
    for path in files():
        text = path.read_text(encoding="utf-8-sig")
        lines = {n for n, line in enumerate(re.split("\r\n|\r|\n", text), 1) if line.startswith("OBX|")}
        record = open_record(path)
        found = {o.source.line for o in record.observations} | {d.source.line for d in record.documents}
        assert lines <= found | {c.source.line for c in record.cleaned} | {u.line for u in record.unread}


def test_local_codes_are_proposed_and_their_map_gives_usable_values() -> None:
    path = data_file("patientfiles/hl7v2_simhospital/patient_2075722341.hl7")
    (proposal,) = proposals(open_record(path))
    best = proposal.candidates[0]
    entry = MapEntry(proposal.system, proposal.code, proposal.name, best.variable)
    record = open_record(path, code_map=CodeMap((entry,)))
    assert {(o.variable, o.unit) for o in record.observations} == {("creatinine", "mg/dL")}
    assert proposals(record) == ()
