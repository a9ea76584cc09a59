"""DICOM headers: who, when and what, in every encoding; reports as text; damaged files in one sentence."""

from __future__ import annotations

import random
import tracemalloc
import warnings
import zlib
from pathlib import Path

import pytest

from medgui.errors import UnreadableFile, UserError
from medgui.readers import Limits, open_record
from medgui.readers.dicom_stream import MOST_ELEMENTS
from medgui.record.model import Record
from medgui.record.resolve import resolve
from tests.readers.dicom_build import (
    BIG,
    DEFLATED,
    EXPLICIT,
    IMPLICIT,
    Entry,
    encoded,
    file_bytes,
    image,
    person,
)
from tests.shared_data import data_file


def opened(folder: Path, **changes: Entry | None) -> Record:
    """The record of an image whose header is changed."""
    return open_record(image(folder, person(**changes)), as_of="2026-11-21")


def reasons(record: Record) -> str:
    """All that was not read, as one text."""
    return " ".join(item.reason for item in record.unread)


@pytest.mark.parametrize("syntax", [EXPLICIT, IMPLICIT, BIG, DEFLATED])
@pytest.mark.parametrize("endless", [False, True])
def test_a_header_is_read_alike_in_every_encoding(tmp_path: Path, syntax: str, endless: bool) -> None:
    elements = person(
        t00082218=("SQ", [{0x00080104: ("LO", "Chest")}]),
        t00081140=("SQ", [{0x00081150: ("UI", "1.2"), 0x00100010: ("PN", "Other^Person")}]),
    )
    record = open_record(image(tmp_path, elements, syntax=syntax, endless=endless))
    patient = record.patient
    assert (patient.family, patient.given, patient.id) == ("Weiß", "Zoë", "MR-17")
    assert (patient.birth_date, patient.sex, patient.sex_source) == (
        "1970-05-17",
        "female",
        "administrative gender",
    )
    (document,) = record.documents
    assert document.title == "CT · Thorax"
    assert document.media_type == "application/dicom"
    assert document.time == "2025-11-03T08:15:00"
    facts = dict(document.facts)
    assert (facts["Modality"], facts["Region"], facts["Rows and columns"]) == ("CT", "Chest", "512 × 512")
    assert record.document_date == "2025-11-03"
    assert record.unread == ()


@pytest.mark.parametrize(("explicit", "big"), [(True, False), (False, False), (True, True)])
def test_a_data_set_without_preamble_is_recognised_and_read(
    tmp_path: Path, explicit: bool, big: bool
) -> None:
    path = tmp_path / "old"
    path.write_bytes(encoded(person(), explicit=explicit, big=big))
    assert open_record(path).patient.family == "Weiß"


def test_a_file_that_claims_another_encoding_than_it_has_is_read_by_its_bytes(tmp_path: Path) -> None:
    data = file_bytes({}, IMPLICIT) + encoded(person())
    (tmp_path / "a.dcm").write_bytes(data)
    assert open_record(tmp_path / "a.dcm").patient.id == "MR-17"


@pytest.mark.parametrize(
    ("stated", "written", "family", "given", "signs"),
    [
        ("ISO_IR 6", b"Smith^Anna", "Smith", "Anna", None),
        ("ISO_IR 101", "Wałęsa^Łucja".encode("iso8859_2"), "Wałęsa", "Łucja", None),
        ("ISO_IR 144", "Люкceмбypг^Анна".encode("iso8859_5"), "Люкceмбypг", "Анна", None),
        ("ISO_IR 192", "Wang^XiaoDong=王^小东".encode(), "Wang", "XiaoDong", "王 小东"),
        ("GB18030", "Wang^XiaoDong=王^小东".encode("gb18030"), "Wang", "XiaoDong", "王 小东"),
        ("GBK", "王^小东".encode("gbk"), "王", "小东", None),
        ("ISO_IR 192", "=王^小东".encode(), "王", "小东", "王 小东"),
        ("\\ISO 2022 IR 58", b"Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab", "Zhang", "XiaoDong", "张 小东"),
        ("\\ISO 2022 IR 149", b"Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7", "Hong", "Gildong", "洪 吉洞"),
        ("\\ISO 2022 IR 87", b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B", "Yamada", "Tarou", "山田 太郎"),
        (
            "ISO 2022 IR 13\\ISO 2022 IR 87",
            b"\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J",
            "ﾔﾏﾀﾞ", "ﾀﾛｳ", "山田 太郎",
        ),
        ("ISO 2022 IR 100\\ISO 2022 IR 144", b"Buc^J\xe9r=\x1b-L\xbb\xee\xda^\x1b-L\xb0", "Buc", "Jér", "Люк А"),
        ("ISO-IR 100", "Buc^Jérôme".encode("latin-1"), "Buc", "Jérôme", None),
    ],
)  # fmt: skip
def test_names_are_read_in_the_character_set_that_is_stated(
    tmp_path: Path, stated: str, written: bytes, family: str, given: str, signs: str | None
) -> None:
    record = opened(tmp_path, t00080005=("CS", stated), t00100010=("PN", written))
    assert (record.patient.family, record.patient.given) == (family, given)
    assert dict(record.documents[0].facts).get("Name in its own signs") == signs
    assert record.unread == ()


@pytest.mark.parametrize("stated", ["", "ISO_IR 192", "ISO_IR 6"])
def test_bytes_that_do_not_fit_the_character_set_are_said(tmp_path: Path, stated: str) -> None:
    record = opened(tmp_path, t00080005=("CS", stated) if stated else None, t00100010=("PN", b"Wei\xdf^Anna"))
    assert record.patient.given == "Anna"
    assert "character set" in reasons(record)


def test_height_and_weight_are_values_of_the_day_of_the_study_with_a_note(tmp_path: Path) -> None:
    record = opened(tmp_path, t00101020=("DS", "1.68"), t00101030=("DS", "71.5"))
    height, weight = record.observations
    assert (height.value, height.unit, height.value_as_written, height.unit_as_written) == (
        168.0,
        "cm",
        "1.68",
        "m",
    )
    assert (weight.value, weight.unit, weight.time, weight.usable) == (71.5, "kg", "2025-11-03", True)
    assert "order" in weight.note
    assert resolve(record, "weight", as_of="2025-11-21").value == 71.5


def test_a_height_in_centimetres_where_metres_belong_is_asked_about(tmp_path: Path) -> None:
    record = opened(tmp_path, t00101020=("DS", "168"))
    assert [question.variable for question in record.questions] == ["height"]


@pytest.mark.parametrize("text", ["0", "0.000000", "-1", "heavy", "1e99", "71,5", "70\\80"])
def test_a_weight_that_is_none_becomes_no_value(tmp_path: Path, text: str) -> None:
    record = opened(tmp_path, t00101030=("DS", text))
    assert record.observations == ()
    assert record.unread[0].location == "(0010,1030)"


def test_the_age_is_used_where_there_is_no_birth_date_and_only_there(tmp_path: Path) -> None:
    record = opened(tmp_path, t00100030=None, t00101010=("AS", "054Y"))
    assert resolve(record, "age", as_of="2026-11-21").value == 55
    whole = opened(tmp_path, t00101010=("AS", "055Y"))
    assert resolve(whole, "age", as_of="2026-11-21").value == 56


@pytest.mark.parametrize(
    ("text", "word"), [("036Y", "does not fit"), ("000Y", "no measurement"), ("fifty", "DICOM")]
)
def test_an_age_that_cannot_be_is_said(tmp_path: Path, text: str, word: str) -> None:
    record = opened(tmp_path, t00101010=("AS", text))
    assert record.observations == ()
    assert word in reasons(record)


@pytest.mark.parametrize(
    ("status", "value", "usable"), [(1, False, True), (3, True, True), (2, "possibly", False)]
)
def test_pregnancy_is_yes_no_or_possible(tmp_path: Path, status: int, value: object, usable: bool) -> None:
    (found,) = opened(tmp_path, t001021C0=("US", status)).observations
    assert (found.variable, found.value, found.usable) == ("pregnant", value, usable)


def test_an_unknown_pregnancy_is_nothing_and_a_foreign_number_is_said(tmp_path: Path) -> None:
    assert opened(tmp_path, t001021C0=("US", 4)).observations == ()
    assert "7" in reasons(opened(tmp_path, t001021C0=("US", 7)))


def test_allergies_are_listed_and_words_for_none_are_no_allergy(tmp_path: Path) -> None:
    record = opened(tmp_path, t00102110=("LO", "Iodine contrast\\Latex"))
    assert [allergy.name for allergy in record.allergies] == ["Iodine contrast", "Latex"]
    none = opened(tmp_path, t00102110=("LO", "NKDA"))
    assert none.allergies == ()
    assert "ask the patient" in reasons(none)


@pytest.mark.parametrize("written", ["O", "U", "N", ""])
def test_a_sex_that_is_neither_is_none(tmp_path: Path, written: str) -> None:
    record = opened(tmp_path, t00100040=("CS", written))
    assert record.patient.sex is None
    assert record.unread == ()


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("1970.05.17", "1970-05-17"),
        ("197005", "1970-05"),
        ("1970", "1970"),
        ("19700231", ""),
        ("00000000", ""),
    ],
)
def test_birth_dates_are_read_in_old_and_partial_forms(tmp_path: Path, written: str, date: str) -> None:
    record = opened(tmp_path, t00100030=("DA", written))
    assert record.patient.birth_date == date
    assert ("is not a date" in reasons(record)) is (written == "19700231")


def test_identifiers_carry_who_gave_them(tmp_path: Path) -> None:
    other = ("SQ", [{0x00100020: ("LO", "77"), 0x00100021: ("LO", "Clinic B")}])
    record = opened(tmp_path, t00100021=("LO", "Clinic A"), t00101002=other)
    assert [(i.system, i.value) for i in record.patient.identifiers] == [
        ("Clinic A", "MR-17"),
        ("Clinic B", "77"),
    ]


def test_an_asked_for_patient_must_be_the_one_of_the_file(tmp_path: Path) -> None:
    path = image(tmp_path)
    assert open_record(path, patient="MR-17").patient.family == "Weiß"
    with pytest.raises(UserError, match="holds no patient 9"):
        open_record(path, patient="9")


def test_an_animal_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="animal"):
        opened(tmp_path, t00102201=("LO", "Canine"))
    assert opened(tmp_path, t00102201=("LO", "Homo sapiens")).patient.id == "MR-17"


def test_removed_identity_and_text_in_the_pixels_are_said(tmp_path: Path) -> None:
    record = opened(tmp_path, t00120062=("CS", "YES"), t00280301=("CS", "YES"), t00100200=("CS", "YES"))
    assert "identity was removed" in reasons(record)
    assert "Text in the picture" in dict(record.documents[0].facts)
    assert record.patient.is_test


def test_a_structured_report_becomes_text(tmp_path: Path) -> None:
    def concept(text: str) -> Entry:
        return ("SQ", [{0x00080104: ("LO", text)}])

    unit = {0x00080100: ("SH", "mm")}
    measured = {0x0040A30A: ("DS", "12.5"), 0x004008EA: ("SQ", [unit])}
    content = [
        {0x0040A040: ("CS", "TEXT"), 0x0040A043: concept("Finding"), 0x0040A160: ("UT", "A node.\r\nNo effusion.")},
        {
            0x0040A040: ("CS", "CONTAINER"),
            0x0040A043: concept("Node"),
            0x0040A730: ("SQ", [
                {0x0040A040: ("CS", "NUM"), 0x0040A043: concept("Diameter"), 0x0040A300: ("SQ", [measured])},
                {0x0040A040: ("CS", "CODE"), 0x0040A043: concept("Side"), 0x0040A168: concept("Left")},
            ]),
        },
    ]  # fmt: skip
    record = opened(
        tmp_path, t00080060=("CS", "SR"), t0040A043=concept("Chest report"), t0040A730=("SQ", content)
    )
    text = record.documents[0].text
    assert text.splitlines() == [
        "Chest report", "Finding: A node.", "No effusion.", "Node", "  Diameter: 12.5 mm", "  Side: Left",
    ]  # fmt: skip
    assert record.observations == ()


# Streaming and bounds


def test_pixels_are_not_loaded_and_missing_ones_are_said(tmp_path: Path) -> None:
    path = image(tmp_path)
    with path.open("ab") as stream:
        stream.write(b"\xe0\x7f\x10\x00OW\0\0" + (300_000_000).to_bytes(4, "little"))
        stream.truncate(stream.tell() + 200_000_000)
    tracemalloc.start()
    record = open_record(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert record.documents[0].size > 200_000_000
    assert record.parts[0].size == record.documents[0].size
    assert "100,000,000 of 300,000,000" in reasons(record)
    assert peak < 10_000_000


def test_the_limit_of_streamed_files_is_its_own_and_named(tmp_path: Path) -> None:
    path = image(tmp_path)
    with path.open("ab") as stream:
        stream.truncate(2_500_000)
    assert open_record(path, limits=Limits.of_megabytes(1, 3)).patient.id == "MR-17"
    with pytest.raises(UnreadableFile, match=r"2\.5 MB.*above 2 MB.*largest image or variant file"):
        open_record(path, limits=Limits.of_megabytes(100, 2))


@pytest.mark.parametrize("syntax", [EXPLICIT, IMPLICIT, DEFLATED])
def test_every_cut_of_a_header_is_a_sentence_or_a_header_that_ends_there(tmp_path: Path, syntax: str) -> None:
    whole = file_bytes(person(), syntax)
    for size in range(133, len(whole)):
        path = tmp_path / "cut.dcm"
        path.write_bytes(whole[:size])
        try:
            words = open_record(path).file
        except UnreadableFile as refused:
            words = str(refused)
        assert "cut.dcm" in words


def test_a_value_that_stands_twice_leaves_open_who_it_is(tmp_path: Path) -> None:
    twice = file_bytes(person()) + encoded({0x00100010: ("PN", "Other^Person")})
    (tmp_path / "twice.dcm").write_bytes(twice)
    with pytest.raises(UnreadableFile, match="damaged DICOM"):
        open_record(tmp_path / "twice.dcm")


def test_a_deflated_bomb_is_read_no_further_than_the_bound(tmp_path: Path) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(encoded(person()) + _private(800_000_000))
    packed += b"".join(packer.compress(bytes(1 << 20)) for _piece in range(100)) + packer.flush()
    path = tmp_path / "bomb.dcm"
    path.write_bytes(file_bytes({}, DEFLATED).removesuffix(b"\x03\x00") + packed)
    tracemalloc.start()
    record = open_record(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert record.patient.family == "Weiß"
    assert "very long" in reasons(record)
    assert peak < 50_000_000


def _private(length: int) -> bytes:
    return b"\x29\x00\x01\x10OB\0\0" + length.to_bytes(4, "little")


def test_a_length_that_lies_is_a_cut_and_costs_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "lie.dcm"
    path.write_bytes(file_bytes(person()) + _private(0xFFFFFFF0))
    with pytest.raises(UnreadableFile, match="cut off"):
        open_record(path)


def test_sequences_without_end_and_without_bottom_end_in_a_sentence(tmp_path: Path) -> None:
    start = b"\x09\x00\x01\x10SQ\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff"
    path = tmp_path / "deep.dcm"
    path.write_bytes(file_bytes({}) + start * 5000)
    with pytest.raises(UnreadableFile, match="deep"):
        open_record(path)
    path.write_bytes(file_bytes(person()) + start.replace(b"\x09", b"\x29") + b"\xfe\xff\x00\xe0" * 200_000)
    with pytest.raises(UnreadableFile, match="deep"):
        open_record(path)


def test_a_header_of_endless_elements_is_read_up_to_the_bound(tmp_path: Path) -> None:
    path = tmp_path / "long.dcm"
    path.write_bytes(file_bytes(person()) + b"\x29\x00\x01\x10UN\0\0\0\0\0\0" * (MOST_ELEMENTS + 10))
    record = open_record(path)
    assert record.patient.family == "Weiß"
    assert "very long" in reasons(record)


# Chance and the real world


@pytest.mark.parametrize("seed", range(8))
def test_damaged_files_end_in_a_record_or_a_sentence(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    extra = {"t00082218": ("SQ", [{0x00080104: ("LO", "Chest")}]), "t00101030": ("DS", "70")}
    wholes = [
        file_bytes(person(**extra), syntax, endless=endless)  # type: ignore[arg-type]
        for syntax in (EXPLICIT, IMPLICIT, BIG, DEFLATED)
        for endless in (False, True)
    ]
    path = tmp_path / "mutant.dcm"
    for _round in range(60):
        changed = bytearray(chance.choice(wholes))
        for _step in range(chance.choice([1, 2, 8])):
            at = chance.randrange(len(changed))
            if chance.random() < 0.6:
                changed[at] = chance.choice([0, 1, 0x1B, 0x7F, 0xFE, 0xFF, chance.randrange(256)])
            elif chance.random() < 0.5:
                del changed[at : at + chance.choice([1, 2, 40])]
            else:
                changed[at:at] = chance.choice([b"\xff\xff\xff\xff", b"\xfe\xff\x00\xe0", b"\0" * 8, b"SQ"])
        path.write_bytes(bytes(changed))
        try:
            words = open_record(path).file
        except UnreadableFile as refused:
            words = str(refused)
        assert "mutant.dcm" in words


@pytest.mark.shared_data
def test_a_real_image_names_its_patient() -> None:
    record = open_record(data_file("patientfiles/dicom/CT_small.dcm"))
    assert (record.patient.family, record.patient.given, record.patient.id) == (
        "CompressedSamples",
        "CT1",
        "1CT1",
    )
    assert {i.value for i in record.patient.identifiers} == {"1CT1", "ABCD1234", "1234ABCD"}
    assert record.documents[0].time == "2004-01-19T07:27:30"
    assert record.observations == ()


def test_headers_agree_with_another_reader_on_its_own_collection() -> None:
    pydicom = pytest.importorskip("pydicom", reason="pydicom, which is compared with, is not installed")
    folder = Path(pydicom.__file__).parent / "data"
    compared = 0
    for path in sorted(folder.rglob("*.dcm")):
        try:
            record = open_record(path)
        except UnreadableFile:
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            data = pydicom.dcmread(path, stop_before_pixels=True, force=True)
            if "DirectoryRecordSequence" in data:
                continue
            name = data.get("PatientName", "")
            expected = (
                str(data.get("PatientID") or "").strip(),
                getattr(name, "family_name", "").strip(),
                " ".join(
                    filter(None, (getattr(name, "given_name", ""), getattr(name, "middle_name", "")))
                ).strip(),
                str(data.get("Modality") or ""),
            )
        facts = dict(record.documents[0].facts)
        found = (record.patient.id, record.patient.family, record.patient.given, facts.get("Modality", ""))
        assert found == expected, path.name
        compared += 1
    assert compared >= 90
