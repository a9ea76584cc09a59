"""Several files and folders: which files are read, whose they are, and what becomes of those that cannot be read."""

from __future__ import annotations

import json
import os
import struct
from pathlib import Path
from typing import Any

import pytest

from medgui.errors import DifferentPeople, SeveralPatients, UnreadableFile, UserError
from medgui.readers import open_record
from medgui.readers.folder import list_folder, names_of
from medgui.record.model import Record
from tests.readers.build import bundle, observation, patient
from tests.readers.dicom_build import image, person

NUMBER = [{"system": "urn:oid:1.2.3", "value": "4471-0928"}]
WEIGHT, HEIGHT = ("29463-7", 70, "kg"), ("8302-2", 170, "cm")


def put(path: Path, *values: tuple[str, float, str], **person: Any) -> Path:
    """Write a bundle of one person with these values."""
    path.parent.mkdir(parents=True, exist_ok=True)
    who = patient(**{"identifier": NUMBER, **person})
    path.write_text(json.dumps(bundle(who, *(observation(*value) for value in values))), encoding="utf-8")
    return path


def two_people(path: Path) -> Path:
    """Write one bundle of two people, each with a height."""
    first = patient(identifier=NUMBER)
    other = patient(
        "p2", name=[{"family": "Other", "given": ["Olaf"]}], birthDate="1950-01-01", gender="male"
    )
    tall = observation(*HEIGHT, id="o2", subject={"reference": "Patient/p2"})
    path.write_text(json.dumps(bundle(first, other, observation(*HEIGHT), tall)), encoding="utf-8")
    return path


def variables(record: Record) -> list[str]:
    return sorted(o.variable for o in record.observations)


# Which files of a folder


def test_hidden_files_and_what_systems_leave_behind_are_passed_over(tmp_path: Path) -> None:
    for name in (
        ".DS_Store",
        "Thumbs.db",
        "~$list.xlsx",
        ".hidden.json",
        "__MACOSX/a.json",
        "deep/b.json",
        "a.json",
    ):
        put(tmp_path / name)
    assert [p.relative_to(tmp_path).as_posix() for p in list_folder(tmp_path).paths] == [
        "a.json",
        "deep/b.json",
    ]


def test_a_folder_is_read_to_a_small_depth_and_says_what_it_leaves(tmp_path: Path) -> None:
    put(tmp_path / "1/2/3/a.json")
    found = list_folder(tmp_path, deepest=2)
    assert found.paths == ()
    assert [note.location for note in found.notes] == ["3"]


def test_a_folder_of_too_many_files_is_read_in_part_and_says_so(tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"{number}.txt").write_text("x")
    found = list_folder(tmp_path, most=3)
    assert len(found.paths) == 3
    assert "More than 3 files" in found.notes[0].reason


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="links need rights on this system")
def test_a_link_in_a_circle_is_not_followed(tmp_path: Path) -> None:
    put(tmp_path / "a.json")
    (tmp_path / "again").symlink_to(tmp_path, target_is_directory=True)
    assert len(list_folder(tmp_path).paths) == 1


def test_images_that_a_directory_lists_are_not_read_one_by_one(tmp_path: Path) -> None:
    image = b"\0" * 128 + b"DICM" + struct.pack("<HH2sHL", 2, 0, b"UL", 4, 0)
    for name in ("disc/DICOMDIR", "disc/IMAGES/IM1", "disc/IMAGES/IM2", "other/IM3"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(image)
    (tmp_path / "disc/letter.txt").write_text("Dear colleague")
    names = [p.relative_to(tmp_path).as_posix() for p in list_folder(tmp_path).paths]
    assert names == ["disc/DICOMDIR", "disc/letter.txt", "other/IM3"]


def test_files_of_one_name_are_told_apart_by_their_folder(tmp_path: Path) -> None:
    paths = [tmp_path / "a/lab.json", tmp_path / "b/lab.json", tmp_path / "c.json"]
    assert names_of(paths) == ["a/lab.json", "b/lab.json", "c.json"]
    assert len(set(names_of([*paths, tmp_path / "x/a/lab.json"]))) == 4


# Reading


def test_a_folder_of_one_person_is_one_record(tmp_path: Path) -> None:
    put(tmp_path / "a.json", WEIGHT)
    put(tmp_path / "b.json", HEIGHT)
    record = open_record(tmp_path)
    assert variables(record) == ["height", "weight"]
    assert [(part.name, len(part.sha256)) for part in record.parts] == [("a.json", 64), ("b.json", 64)]
    assert {o.source.file for o in record.observations} == {"a.json", "b.json"}


def test_the_order_of_files_does_not_change_the_record_s_key(tmp_path: Path) -> None:
    paths = [put(tmp_path / "a.json", WEIGHT), put(tmp_path / "b.json", HEIGHT)]
    assert open_record(paths).key == open_record(paths[::-1]).key == open_record(tmp_path).key


def test_the_same_value_in_two_files_counts_once(tmp_path: Path) -> None:
    put(tmp_path / "a.json", WEIGHT)
    put(tmp_path / "b.json", WEIGHT, HEIGHT)
    assert variables(open_record(tmp_path)) == ["height", "weight"]


def test_a_broken_file_does_not_stop_the_others_and_is_named(tmp_path: Path) -> None:
    put(tmp_path / "a.json", WEIGHT)
    (tmp_path / "broken.json").write_text('{"resourceType": "Bundle", "entry": [')
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 20)
    record = open_record(tmp_path)
    assert variables(record) == ["weight"]
    notes = {note.location: note.reason for note in record.unread}
    assert "cut off" in notes["broken.json"]
    assert "picture.png" in notes["picture.png"]


def test_a_text_without_identity_goes_with_the_person_of_the_others(tmp_path: Path) -> None:
    put(tmp_path / "a.json", WEIGHT)
    (tmp_path / "letter.txt").write_text("Dear colleague,\nthank you for the referral.\n")
    record = open_record(tmp_path)
    assert [document.source.file for document in record.documents] == ["letter.txt"]
    assert any(
        note.location == "letter.txt" and "kept with this record" in note.reason for note in record.unread
    )
    assert not [q for q in record.questions if q.id == "same_person"]


def test_values_without_identity_wait_for_an_answer(tmp_path: Path) -> None:
    put(tmp_path / "a.json", WEIGHT)
    (tmp_path / "lab.csv").write_text("LDL (mg/dL),HDL (mg/dL)\n120,50\n")
    record = open_record(tmp_path)
    assert record.questions[0].code == "identity_unsure"
    assert not any(o.usable for o in record.observations if o.source.file == "lab.csv")
    answered = open_record(tmp_path, same_person=True)
    assert all(o.usable for o in answered.observations)


def test_a_value_that_an_answer_takes_in_is_questioned_like_any_other(tmp_path: Path) -> None:
    put(tmp_path / "a.json", HEIGHT)
    put(tmp_path / "b.json", ("8310-5", 98.6, "Cel"), name=[{"family": "Reed", "given": ["Zoë"]}])
    assert [q.code for q in open_record(tmp_path).questions] == ["name_changed"]
    asked = open_record(tmp_path, same_person=True)
    assert [q.code for q in asked.open_questions] == ["unit_mismatch"]


def test_a_folder_with_nothing_to_read_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="holds no file"):
        open_record(tmp_path)
    (tmp_path / "a.json").write_text("{")
    (tmp_path / "b.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 20)
    with pytest.raises(UnreadableFile, match=r"None of the 2 files in .* can be read\. .*a\.json"):
        open_record(tmp_path)


def test_the_images_of_one_series_are_one_document_and_all_files_are_listed(tmp_path: Path) -> None:
    for number in range(4):
        series = "1.2.3.4" if number < 3 else "1.2.3.5"
        slices = person(t0020000E=("UI", series), t00200013=("IS", str(number + 1)))
        image(tmp_path, slices, name=f"IM{number}")
    record = open_record(tmp_path)
    assert len(record.parts) == 4
    counts = [dict(document.facts).get("Images") for document in record.documents]
    assert sorted(counts, key=str) == ["3", None]
    assert not record.questions


# Several people


def test_a_folder_of_several_people_lists_them_and_one_can_be_chosen(tmp_path: Path) -> None:
    put(tmp_path / "a.json", WEIGHT)
    put(tmp_path / "b.json", HEIGHT, birthDate="1980-01-01", name=[{"family": "Other"}], identifier=[])
    with pytest.raises(SeveralPatients) as caught:
        open_record(tmp_path)
    assert sorted(number for number, _label in caught.value.patients) == ["a.json", "b.json"]
    record = open_record(tmp_path, patient="b.json")
    assert variables(record) == ["height"]
    assert [note.location for note in record.unread] == ["a.json"]
    with pytest.raises(UserError, match="nobody"):
        open_record(tmp_path, patient="nobody")


def test_files_of_two_people_that_are_named_are_refused(tmp_path: Path) -> None:
    paths = [put(tmp_path / "a.json", WEIGHT), put(tmp_path / "b.json", HEIGHT, birthDate="1980-01-01")]
    with pytest.raises(DifferentPeople) as caught:
        open_record(paths)
    assert caught.value.exit_code == 3
    assert len(caught.value.people) == 2


def test_the_person_of_the_others_is_found_in_a_file_of_several(tmp_path: Path) -> None:
    put(tmp_path / "a.json", WEIGHT)
    two_people(tmp_path / "ward.json")
    record = open_record(tmp_path)
    assert variables(record) == ["height", "weight"]
    assert record.patient.family == "Weiß"


def test_a_file_of_several_others_asks_whose_record_is_meant(tmp_path: Path) -> None:
    put(tmp_path / "a.json", WEIGHT, birthDate="1999-09-09", identifier=[], name=[{"family": "Third"}])
    two_people(tmp_path / "ward.json")
    with pytest.raises(SeveralPatients) as caught:
        open_record(tmp_path)
    assert {number for number, _label in caught.value.patients} >= {"p2"}
    assert variables(open_record(tmp_path, patient="p2")) == ["height"]


def test_a_question_of_one_file_still_finds_its_value(tmp_path: Path) -> None:
    put(tmp_path / "a.json", ("29463-7", 70, "kg"))
    put(tmp_path / "b.json", ("29463-7", 194, "kg"), HEIGHT)
    record = open_record(tmp_path)
    (question,) = [q for q in record.questions if q.code == "unit_mismatch"]
    found = next(o for o in record.observations if o.id == question.observation)
    assert (found.value_as_written, found.source.file) == ("194", "b.json")
