"""A DICOMDIR: its patients, one document a series, and the files that are there or not."""

from __future__ import annotations

from pathlib import Path

import pytest

from medgui.errors import SeveralPatients, UnreadableFile
from medgui.readers import open_record
from tests.readers.dicom_build import Entry, directory, file_bytes, image, person

_Row = tuple[str, int, dict[int, Entry]]


def _patient(number: str, name: str, born: str = "19700517") -> _Row:
    elements = {0x00100010: ("PN", name), 0x00100020: ("LO", number), 0x00100030: ("DA", born)}
    return ("PATIENT", 0, elements)


def _study(text: str = "Thorax", day: str = "20251103") -> _Row:
    return ("STUDY", 1, {0x00080020: ("DA", day), 0x00080030: ("TM", "0815"), 0x00081030: ("LO", text)})


def _series(number: str, text: str = "Lung") -> _Row:
    elements = {0x00080060: ("CS", "CT"), 0x0008103E: ("LO", text), 0x0020000E: ("UI", number)}
    return ("SERIES", 2, elements)


def _image(*parts: str) -> _Row:
    return ("IMAGE", 3, {0x00041500: ("CS", "\\".join(parts))})


_ROWS = [
    _patient("1", "Doe^Anna"),
    _study(),
    _series("1.1"),
    _image("IMG", "A1"),
    _image("IMG", "A2"),
    _series("1.2", "Bone"),
    _image("IMG", "B1"),
    _study("Head", "20260105"),
    _series("1.3", "Brain"),
    _image("GONE", "C1"),
    _patient("2", "Roe^Jan"),
    _study(),
    _series("2.1"),
    _image("IMG", "D1"),
]


def _disc(folder: Path, rows: list[_Row], *, broken: bool = False) -> Path:
    for name in ("A1", "A2", "B1", "D1"):
        image(folder, person(), f"IMG/{name}")
    path = folder / "DICOMDIR"
    path.write_bytes(directory(rows, broken=broken))
    return path


@pytest.mark.parametrize("broken", [False, True])
def test_each_series_is_a_document_with_its_first_file(tmp_path: Path, broken: bool) -> None:
    record = open_record(_disc(tmp_path, _ROWS, broken=broken), patient="1")
    assert (record.patient.family, record.patient.given, record.patient.birth_date) == (
        "Doe",
        "Anna",
        "1970-05-17",
    )
    assert [document.title for document in record.documents] == [
        "CT · Thorax · Lung",
        "CT · Thorax · Bone",
        "CT · Head · Brain",
    ]
    lung, _bone, brain = record.documents
    assert lung.path == str(tmp_path / "IMG" / "A1")
    assert dict(lung.facts)["Files"] == "2"
    assert lung.size == 2 * len(file_bytes(person()))
    assert lung.time == "2025-11-03T08:15:00"
    assert brain.path == ""
    reasons = [item.reason for item in record.unread]
    assert "1 file of the series “CT · Head · Brain” is not beside the DICOMDIR." in reasons
    assert any("links of the directory" in reason for reason in reasons) is broken
    assert record.document_date == "2026-01-05"


def test_several_patients_are_listed_to_choose_from(tmp_path: Path) -> None:
    with pytest.raises(SeveralPatients) as raised:
        open_record(_disc(tmp_path, _ROWS))
    assert raised.value.patients == [("1", "Anna Doe, 1970-05-17"), ("2", "Jan Roe, 1970-05-17")]


def test_one_person_listed_twice_is_one_and_the_same_number_alone_is_not(tmp_path: Path) -> None:
    again = [*_ROWS[:3], _patient("1", "Doe^Anna"), _study("Head"), _series("1.9")]
    record = open_record(_disc(tmp_path, again))
    assert [document.title for document in record.documents] == ["CT · Thorax · Lung", "CT · Head · Lung"]
    other = [*_ROWS[:3], _patient("1", "Doe^Anna", "19800101"), _study("Head"), _series("1.9")]
    with pytest.raises(SeveralPatients):
        open_record(_disc(tmp_path, other))


@pytest.mark.parametrize("parts", [("..", "secret"), ("/etc/passwd",), ("IMG", "..", "..", "secret")])
def test_a_reference_leads_nowhere_outside_of_the_folder(tmp_path: Path, parts: tuple[str, ...]) -> None:
    (tmp_path / "secret").write_bytes(b"x")
    folder = tmp_path / "disc"
    record = open_record(_disc(folder, [_patient("1", "Doe^Anna"), _study(), _series("1"), _image(*parts)]))
    assert record.documents[0].path == ""
    assert record.documents[0].size == 0


def test_files_that_were_copied_in_small_letters_are_found(tmp_path: Path) -> None:
    image(tmp_path, person(), "img/x1")
    path = tmp_path / "DICOMDIR"
    path.write_bytes(directory([_patient("1", "Doe^Anna"), _study(), _series("1"), _image("IMG", "X1")]))
    assert Path(open_record(path).documents[0].path).name.lower() == "x1"


def test_a_directory_without_patients_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="holds no patient"):
        open_record(_disc(tmp_path, [_study(), _series("1")]))


def test_links_that_go_in_a_circle_come_to_an_end(tmp_path: Path) -> None:
    path = _disc(tmp_path, _ROWS)
    data = bytearray(path.read_bytes())
    first = int.from_bytes(data[data.index(b"\x04\x00\x00\x12UL\x04\x00") + 8 :][:4], "little")
    at = data.index(b"\x04\x00\x20\x14UL\x04\x00") + 8
    data[at : at + 4] = first.to_bytes(4, "little")
    path.write_bytes(bytes(data))
    with pytest.raises(SeveralPatients):
        open_record(path)
