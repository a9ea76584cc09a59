"""Folders of real files: sorted by person, and those of one person put together."""

from __future__ import annotations

import pytest

from medgui.errors import SeveralPatients
from medgui.readers import open_record
from tests.shared_data import data_file


def test_exports_of_eleven_systems_are_sorted_by_person_and_one_persons_become_one_record() -> None:
    folder = data_file("patientfiles/ccda_ehr_exports")
    with pytest.raises(SeveralPatients) as caught:
        open_record(folder)
    people = {label.partition(" \u00b7 ")[0]: number for number, label in caught.value.patients}
    number = next(number for name, number in people.items() if name.startswith("NEWMAN"))
    record = open_record(folder, patient=number)
    assert len(record.parts) > 5
    assert record.patient.birth_date == "1970-05-01"
    assert "same_person" not in [question.id for question in record.questions]
    read = {part.name for part in record.parts}
    others = {note.location for note in record.unread if note.section == "file"}
    assert read.isdisjoint(others)
    assert {found.source.file for found in record.observations} <= read


def test_bundles_of_several_people_are_never_put_together() -> None:
    folder = data_file("patientfiles/fhir_synthea_r4")
    with pytest.raises(SeveralPatients) as caught:
        open_record(folder)
    assert len(caught.value.patients) == len(list(folder.glob("*.json")))
