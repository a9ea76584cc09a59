"""Excel workbooks: what cells show, several sheets, merged cells, formulas, and archives that mean harm."""

import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest

from medgui.errors import UnreadableFile
from medgui.readers import open_record
from medgui.readers.xlsx_cells import format_kind, serial_date
from tests.readers.build import save

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def workbook(cells: str, strings: str = "", properties: str = "", **more: str) -> bytes:
    """An .xlsx file of one sheet, from its rows in XML."""
    parts = {
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><workbookPr {properties}/>'
            '<sheets><sheet name="Lab" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships><Relationship Id="rId1" Type="{LINKS}/worksheet" Target="worksheets/sheet1.xml"/>'
            "</Relationships>"
        ),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>',
        **({"xl/sharedStrings.xml": f"<sst>{strings}</sst>"} if strings else {}),
        **more,
    }
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return stream.getvalue()


def row(*cells: object) -> str:
    """A row of inline texts and numbers."""
    shown = "".join(
        f'<c t="inlineStr"><is><t>{cell}</t></is></c>' if isinstance(cell, str) else f"<c><v>{cell}</v></c>"
        for cell in cells
    )
    return f"<row>{shown}</row>"


def save_sheets(folder: Path, sheets: dict[str, list[list[object]]], hidden: str = "") -> Path:
    """Write a workbook by openpyxl."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        sheet.sheet_state = "hidden" if title == hidden else "visible"
        for cells in rows:
            sheet.append(cells)
    path = folder / "table.xlsx"
    book.save(path)
    return path


def test_the_sheet_of_patient_values_is_read_and_the_others_are_named(tmp_path: Path) -> None:
    path = save_sheets(
        tmp_path,
        {
            "Prices": [["article", "euro"], ["tube", 3]],
            "Values": [["id", "SBP (mmHg)"], [1, 160]],
            "Secret": [["id", "SBP (mmHg)"], [1, 150]],
        },
        hidden="Secret",
    )
    record = open_record(path)
    assert [(o.value, o.source.location) for o in record.observations] == [(160.0, "Values!B2")]
    assert [u.reason for u in record.unread] == [
        "The sheet “Prices” is not read; only “Values” is.",
        "The hidden sheet “Secret” is not read.",
    ]


def test_rich_text_phonetic_text_booleans_and_formulas_are_read_as_shown(tmp_path: Path) -> None:
    strings = "<si><r><t>val</t></r><r><t>ue</t></r><rPh><t>x</t></rPh></si>"
    cells = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>test</t></is></c><c r="B1" t="s"><v>0</v></c></row>'
        '<row r="2"><c r="A2" t="str"><f>B9</f><v>Creatinine</v></c>'
        '<c r="B2" t="inlineStr"><is><t>1,1 mg/dL</t></is></c></row>'
        '<row r="4"><c r="A4" t="inlineStr"><is><t>Current smoker</t></is></c><c r="B4" t="b"><v>1</v></c></row>'
        '<row r="5"><c r="A5" t="inlineStr"><is><t>LDL</t></is></c><c r="B5"><f>1+1</f></c></row>'
    )
    record = open_record(save(tmp_path, workbook(cells, strings), "a.xlsx"))
    assert [(o.variable, o.value, o.source.location) for o in record.observations] == [
        ("creatinine", 1.1, "Lab!B2"),
        ("current_smoker", True, "Lab!B4"),
    ]
    assert any("formulas (such as B5)" in u.reason for u in record.unread)


def test_percent_cells_and_numbers_by_type_keep_their_meaning(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    for cells in (["HbA1c", "creatinine (mg/dL)", "id"], [0.065, 1.234, 1], [0.07, "1,1", 1]):
        sheet.append(cells)
    sheet["A2"].number_format = sheet["A3"].number_format = "0.0%"
    book.save(tmp_path / "a.xlsx")
    record = open_record(tmp_path / "a.xlsx")
    assert [(o.variable, o.value, o.unit_as_written) for o in record.observations] == [
        ("hba1c", 6.5, "%"),
        ("creatinine", 1.234, "mg/dL"),
        ("hba1c", 7.0, "%"),
        ("creatinine", 1.1, "mg/dL"),
    ]


@pytest.mark.parametrize(("properties", "iso"), [("", "2026-11-03"), ('date1904="1"', "2030-11-04")])
def test_a_bare_number_of_days_is_a_date_by_the_workbooks_own_count(
    tmp_path: Path, properties: str, iso: str
) -> None:
    data = workbook(row("date", "SBP (mmHg)", "id") + row(46329, 160, 1), properties=properties)
    assert open_record(save(tmp_path, data, "a.xlsx")).observations[0].time == iso


@pytest.mark.parametrize(
    ("serial", "since_1904", "iso"),
    [
        (1, False, "1900-01-01"), (59, False, "1900-02-28"), (60, False, ""), (61, False, "1900-03-01"),
        (0, True, "1904-01-01"), (46329.34375, False, "2026-11-03T08:15:00"), (0.34375, False, "08:15:00"),
        (-1, False, ""), (1e12, False, ""),
    ],
)  # fmt: skip
def test_serial_dates_know_the_day_that_never_was(serial: float, since_1904: bool, iso: str) -> None:
    assert serial_date(serial, since_1904) == iso


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("yyyy-mm-dd", "date"), ("[$-804]yyyy年m月d日", "date"), ("0.00", ""), ('0 "days"', ""), ("0.0%", "percent"),
        ("General", ""), ("[h]:mm", "date"), ("[Red]0", ""), ("@", ""),
    ],
)  # fmt: skip
def test_a_number_format_shows_a_date_a_share_or_a_number(code: str, kind: str) -> None:
    assert format_kind("164", {"164": code}) == kind


def test_a_cell_merged_over_rows_says_the_same_of_all(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    for cells in (
        ["patient id", "test", "result", "unit"],
        [7, "LDL", 100, "mg/dL"],
        [None, "HDL", 50, "mg/dL"],
    ):
        sheet.append(cells)
    sheet.merge_cells("A2:A3")
    book.save(tmp_path / "a.xlsx")
    record = open_record(tmp_path / "a.xlsx")
    assert (record.patient.id, len(record.observations)) == ("7", 2)


def test_dates_and_times_are_those_that_the_sheet_shows(tmp_path: Path) -> None:
    path = save_sheets(
        tmp_path, {"A": [["id", "date", "SBP (mmHg)"], [1, datetime(2026, 11, 3, 8, 15), 160]]}
    )
    assert open_record(path).observations[0].time == "2026-11-03T08:15:00"


# Harm


def _refused(folder: Path, data: bytes) -> str:
    with pytest.raises(UnreadableFile) as raised:
        open_record(save(folder, data, "a.xlsx"))
    return str(raised.value)


def test_workbooks_that_mean_harm_are_refused_in_words(tmp_path: Path) -> None:
    good = row("code", "value") + row("2093-3", 200)
    assert "damaged" in _refused(tmp_path, workbook(good + "<a>" * 500))
    assert "damaged" in _refused(tmp_path, workbook(good + "<c a='" + "x" * 6_000_000 + "'/>"))
    assert "definitions" in _refused(
        tmp_path, workbook(good, **{"xl/sharedStrings.xml": '<!DOCTYPE a [<!ENTITY b "c">]><sst/>'})
    )
    assert "5,0" in _refused(tmp_path, workbook(good, **{f"x{n}": "" for n in range(5001)}))
    far = "".join(f'<row><c r="BXX{n}"><v>1</v></c></row>' for n in range(2000))
    assert "cells" in _refused(tmp_path, workbook(good + far))
    assert "columns" in _refused(tmp_path, workbook(good + '<row><c r="ZZZ1"><v>1</v></c></row>'))


def test_an_encrypted_part_is_said(tmp_path: Path) -> None:
    data = bytearray(workbook(row("code", "value") + row("2093-3", 200)))
    start = 0
    while (at := data.find(b"PK\x01\x02", start)) >= 0:
        data[at + 8] |= 1
        start = at + 4
    assert "password" in _refused(tmp_path, bytes(data))


def test_a_reference_to_a_text_that_is_not_there_is_an_empty_cell(tmp_path: Path) -> None:
    cells = (
        row("code", "value") + '<row><c t="inlineStr"><is><t>2093-3</t></is></c><c t="s"><v>99</v></c></row>'
    )
    record = open_record(save(tmp_path, workbook(cells), "a.xlsx"))
    assert record.observations == ()
