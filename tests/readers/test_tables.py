"""CSV and Excel: long and wide, any delimiter, comma and encoding; columns proposed and remembered."""

import json
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from medgui.errors import SeveralPatients, UnreadableFile
from medgui.readers import Limits, open_record
from medgui.readers.table_cells import date_order, day, decimal_sign, figure
from medgui.readers.table_mapping import propose_mapping
from medgui.record.model import Record
from medgui.record.resolve import resolve
from tests.readers.build import save
from tests.shared_data import data_file

LONG = "code,value,unit,time\n2093-3,200,mg/dL,2026-11-03\n14646-4,1.2,mmol/l,2026-11-03T08:15:00\n"
WIDE = "Patient ID,DOB,Sex,SBP (mmHg),LDL (mmol/L),weight_kg,Smoker\n4711,1970-05-17,F,160,3.1,88,no\n"


def table(folder: Path, text: str, encoding: str = "utf-8", **options: object) -> Record:
    """Open a CSV text."""
    path = save(folder, text.encode(encoding), "table.csv")
    return open_record(path, as_of="2026-11-21", **options)  # type: ignore[arg-type]


def values(record: Record) -> list[tuple[str, object, str]]:
    """Variable, value and unit of each observation."""
    return [(o.variable, o.value, o.unit) for o in record.observations]


def test_a_long_table_is_read_by_code_value_unit_and_time(tmp_path: Path) -> None:
    record = table(tmp_path, LONG)
    assert values(record) == [
        ("total_cholesterol", 200.0, "mg/dL"),
        ("hdl_cholesterol", pytest.approx(1.2 * 38.67), "mg/dL"),
    ]
    second = record.observations[1]
    assert (second.value_as_written, second.unit_as_written, second.time) == (
        "1.2",
        "mmol/l",
        "2026-11-03T08:15:00",
    )
    assert (second.source.location, second.source.line, second.source.text) == (
        "line 3, column value",
        3,
        "1.2",
    )
    assert record.format == "csv"


def test_a_wide_table_is_read_by_its_headings(tmp_path: Path) -> None:
    record = table(tmp_path, WIDE)
    assert values(record) == [
        ("systolic_bp", 160.0, "mm[Hg]"),
        ("ldl_cholesterol", pytest.approx(3.1 * 38.67), "mg/dL"),
        ("weight", 88.0, "kg"),
        ("current_smoker", False, ""),
    ]
    assert (record.patient.id, record.patient.birth_date, record.patient.sex) == (
        "4711",
        "1970-05-17",
        "female",
    )


def test_several_rows_are_several_patients_and_one_is_chosen(tmp_path: Path) -> None:
    text = WIDE + "4712,1980-01-01,M,120,2.5,77,yes\n"
    with pytest.raises(SeveralPatients) as raised:
        table(tmp_path, text)
    assert raised.value.patients == [("4711", "1970-05-17, F, line 2"), ("4712", "1980-01-01, M, line 3")]
    assert table(tmp_path, text, patient="4712").observations[0].value == 120


def test_rows_without_an_id_are_chosen_by_their_line(tmp_path: Path) -> None:
    text = "age,SBP (mmHg)\n50,160\n60,150\n"
    with pytest.raises(SeveralPatients) as raised:
        table(tmp_path, text)
    assert [found[0] for found in raised.value.patients] == ["2", "3"]
    assert resolve(table(tmp_path, text, patient="3"), "systolic_bp", as_of="2026-11-21").value == 150


def test_rows_of_one_id_are_visits_of_one_patient(tmp_path: Path) -> None:
    text = "id,date,SBP (mmHg)\n1,2026-01-05,150\n1,2026-11-05,160\n"
    record = table(tmp_path, text)
    assert [(o.value, o.time) for o in record.observations] == [(150.0, "2026-01-05"), (160.0, "2026-11-05")]
    assert resolve(record, "systolic_bp", as_of="2026-11-21").value == 160


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    assert len(table(tmp_path, LONG.replace(",", delimiter)).observations) == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_chinese_table_is_read_in_any_usual_encoding(tmp_path: Path, encoding: str) -> None:
    text = "姓名;性别;检验项目;结果;单位;参考范围;检验日期\n"
    text += "林慧敏;女;肌酐;70,7;umol/L;41-81;2026年11月3日\n"
    text += "林慧敏;女;总胆固醇;5,17 ↑;mmol/L;<5,2;2026/11/3\n"
    record = table(tmp_path, text, encoding)
    assert values(record) == [
        ("creatinine", pytest.approx(70.7 / 88.4), "mg/dL"),
        ("total_cholesterol", pytest.approx(5.17 * 38.67), "mg/dL"),
    ]
    assert record.observations[0].value_as_written == "70,7"
    assert record.observations[1].interpretation == "H"
    assert record.observations[1].reference_range == (None, pytest.approx(5.2 * 38.67))
    assert {o.time for o in record.observations} == {"2026-11-03"}
    assert (record.patient.family, record.patient.sex) == ("林慧敏", "female")


def test_line_breaks_in_quotes_do_not_shift_the_line_numbers(tmp_path: Path) -> None:
    text = 'code,"value\nmeasured",unit\n"2093-3",200,mg/dL\n'.replace('"value\nmeasured"', "value,comment")
    text = text.replace("200,mg/dL", '200,"two\nlines",mg/dL') + "2085-9,45,,mg/dL\n"
    record = table(tmp_path, text)
    assert [(o.variable, o.source.line) for o in record.observations] == [
        ("total_cholesterol", 2),
        ("hdl_cholesterol", 4),
    ]


def test_a_row_of_units_and_a_title_above_are_understood(tmp_path: Path) -> None:
    text = "Clinic of the North;;\n\nSBP;LDL;weight\nmmHg;mmol/L;kg\n160;3,1;88,5\n"
    record = table(tmp_path, text)
    assert [(o.variable, o.unit_as_written) for o in record.observations] == [
        ("systolic_bp", "mmHg"),
        ("ldl_cholesterol", "mmol/L"),
        ("weight", "kg"),
    ]
    assert "Clinic of the North" in record.unread[0].reason


def test_a_column_of_pressures_is_split(tmp_path: Path) -> None:
    record = table(tmp_path, "name,date,BP\nA,2026-11-01,160/96\n")
    assert values(record) == [("systolic_bp", 160.0, "mm[Hg]"), ("diastolic_bp", 96.0, "mm[Hg]")]


def test_unknown_columns_and_unreadable_cells_are_listed(tmp_path: Path) -> None:
    record = table(tmp_path, "id,SBP (mmHg),LDL (mmol/L),mood\n1,high,3.1,good\n")
    assert values(record) == [("ldl_cholesterol", pytest.approx(3.1 * 38.67), "mg/dL")]
    assert [note.location for note in record.unread] == ["column mood", "line 2, column SBP (mmHg)"]


def test_unknown_codes_are_kept_and_not_used(tmp_path: Path) -> None:
    record = table(tmp_path, "code,value,unit\nXYZ,5,foo\n94534-5,Detected,\n")
    assert [(o.variable, o.code, o.value) for o in record.observations] == [
        ("", "XYZ", 5.0),
        ("", "94534-5", "Detected"),
    ]


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("<5", ("<", 5.0)),
        ("＞90", (">", 90.0)),
        ("≤ 3", ("<=", 3.0)),
        ("5.4 H", ("", 5.4)),
        ("5.4*", ("", 5.4)),
    ],
)
def test_comparators_and_flags_are_taken_apart(tmp_path: Path, text: str, reading: tuple[str, float]) -> None:
    (found,) = table(tmp_path, f"code,value,unit\n1988-5,{text},mg/L\n").observations
    assert (found.comparator, found.value) == reading


def test_a_preliminary_row_is_kept_and_not_used(tmp_path: Path) -> None:
    text = "code,value,unit,status\n2093-3,200,mg/dL,P\n2085-9,45,mg/dL,F\n"
    assert [o.usable for o in table(tmp_path, text).observations] == [False, True]


def test_inpatient_rows_carry_their_setting(tmp_path: Path) -> None:
    text = "code,value,unit,就诊类型\n2160-0,1.4,mg/dL,住院\n"
    assert table(tmp_path, text).observations[0].setting == "inpatient"


def test_a_unit_in_the_cell_that_contradicts_the_column_is_not_settled(tmp_path: Path) -> None:
    record = table(tmp_path, "code,value,unit\n29463-7,194 lb,kg\n")
    assert record.observations == ()
    assert "lb" in record.unread[0].reason


def test_a_number_for_sex_is_never_guessed(tmp_path: Path) -> None:
    record = table(tmp_path, "id,sex,SBP (mmHg)\n1,2,160\n")
    assert record.patient.sex is None
    assert "never" in record.unread[0].reason


def test_rows_of_one_person_that_disagree_give_no_birth_date(tmp_path: Path) -> None:
    record = table(
        tmp_path, "id,dob,date,SBP (mmHg)\n1,1970-05-17,2026-01-01,150\n1,1971-05-17,2026-02-01,151\n"
    )
    assert record.patient.birth_date == ""
    assert "1971-05-17" in record.unread[0].reason


def test_a_value_without_unit_waits_for_an_answer_or_has_only_one_meaning(tmp_path: Path) -> None:
    record = table(tmp_path, "creatinine,SBP\n90,160\n")
    assert resolve(record, "systolic_bp", as_of="2026-11-21").value == 160
    creatinine = resolve(record, "creatinine", as_of="2026-11-21")
    assert creatinine.value is None or creatinine.cautions


# Numbers and dates that can be read in two ways


@pytest.mark.parametrize(
    ("cells", "sign"),
    [
        (["5,4", "12"], ","),
        (["5.4", "12"], "."),
        (["5.4", "5,4"], "both"),
        (["12", "1,234"], ""),
        (["01.02.2026"], ""),
    ],
)
def test_the_decimal_sign_is_found_in_the_cells(cells: list[str], sign: str) -> None:
    assert decimal_sign(cells) == sign


@pytest.mark.parametrize(
    ("text", "decimal", "value", "written"),
    [
        ("1,100", ".", 1100.0, "1100"),
        ("1 100", ".", 1100.0, "1100"),
        ("5,40", ",", 5.4, "5,40"),
        ("1.100,5", ",", 1100.5, "1100.5"),
        ("7.50", ".", 7.5, "7.50"),
        ("１２．５", ".", 12.5, "12.5"),
        ("-3", ".", -3.0, "-3"),
        ("1e3", ".", 1000.0, "1e3"),
    ],
)
def test_numbers_are_read_by_the_tables_own_sign(text: str, decimal: str, value: float, written: str) -> None:
    found = figure(text, decimal)
    assert found is not None
    assert (found.value, found.text) == (value, written)


@pytest.mark.parametrize(("text", "decimal"), [("1,100", ""), ("1.100", ","), ("1,10", "."), ("1,2,3", ".")])
def test_a_number_that_can_be_read_in_two_ways_is_none(text: str, decimal: str) -> None:
    found = figure(text, decimal)
    assert found is not None
    assert found.value is None


@pytest.mark.parametrize("text", ["", "abc", "12 apples", "12/13", "2026-01-01", "1.2.3"])
def test_text_is_no_number(text: str) -> None:
    found = figure(text, ".")
    assert found is None or found.value is None


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-11-03", "2026-11-03"), ("2026/11/3 8:05", "2026-11-03T08:05:00"), ("20261103", "2026-11-03"),
        ("2026年11月3日", "2026-11-03"), ("3.11.2026", "2026-11-03"), ("13/11/2026", "2026-11-13"),
        ("11/13/2026", "2026-11-13"), ("3 Nov 2026", "2026-11-03"), ("Nov 3, 2026", "2026-11-03"),
        ("12/20/21 9:00", "2021-12-20T09:00:00"), ("2026-11", "2026-11"), ("1970", "1970"),
        ("03/03/2026", "2026-03-03"),
        ("2026-11-03T08:15:00+01:00", "2026-11-03T08:15:00+01:00"), ("1/20/1962", "1962-01-20"),
    ],
)  # fmt: skip
def test_dates_are_read_in_their_usual_forms(text: str, iso: str) -> None:
    found = day(text)
    assert found is not None
    assert (found.iso, found.readings) == (iso, ())


@pytest.mark.parametrize(
    "text", ["2026-02-30", "31/11/2026x", "2026-13-01", "soon", "12345", "32/13/2026", "2026-11-03 25:00"]
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert day(text) is None


def test_an_ambiguous_date_is_certain_in_its_year_only() -> None:
    found = day("03/04/2026")
    assert found is not None
    assert (found.iso, found.readings) == ("2026", ("2026-04-03", "2026-03-04"))
    assert day("03/04/2026", "mdy").iso == "2026-03-04"  # type: ignore[union-attr]
    assert date_order(["03/04/2026", "13/04/2026"]) == "dmy"
    assert date_order(["03/04/2026", "04/13/2026"]) == "mdy"
    assert date_order(["13/04/2026", "04/13/2026"]) == ""


def test_ambiguous_dates_are_a_question_and_a_mapping_answers_it(tmp_path: Path) -> None:
    text = "id,dob,date,SBP (mmHg)\n1,03/04/1962,05/06/2026,160\n"
    record = table(tmp_path, text)
    assert {q.code for q in record.questions} == {"birth_date_ambiguous", "date_order"}
    assert (record.patient.birth_date, record.observations[0].time) == ("", "2026")
    assert resolve(record, "age", as_of="2026-11-21").gap == "questioned"
    answered = table(tmp_path, text, mapping={"date_order": "dmy"})
    assert (answered.patient.birth_date, answered.observations[0].time) == ("1962-04-03", "2026-06-05")
    assert not answered.questions


# Mapping


def test_a_mapping_is_proposed_with_samples_units_and_confidence(tmp_path: Path) -> None:
    text = "id,SBP (mmHg),chol,mood,2160-0\n1,160,200,good,0.8\n2,150,210,bad,0.9\n"
    proposal = propose_mapping(save(tmp_path, text.encode(), "table.csv"))
    found = {column.key: column for column in proposal.columns}
    assert proposal.shape == "wide"
    assert (found["SBP (mmHg)"].target, found["SBP (mmHg)"].unit) == ("systolic_bp", "mmHg")
    assert found["chol"].target == "total_cholesterol"
    assert found["chol"].confidence < found["SBP (mmHg)"].confidence
    assert found["2160-0"].target == "creatinine"
    assert (found["mood"].target, found["mood"].samples) == ("", ("good", "bad"))
    assert proposal.needs_answer
    assert proposal.rows == 2


def test_a_mapping_names_columns_and_units_and_survives_json(tmp_path: Path) -> None:
    text = "chol,mystery\n5.17,88\n"
    path = save(tmp_path, text.encode(), "table.csv")
    mapping = propose_mapping(path).to_mapping()
    mapping["columns"]["chol"]["unit"] = "mmol/L"
    mapping["columns"]["mystery"] = {"target": "weight", "unit": "kg"}
    record = open_record(path, mapping=json.loads(json.dumps(mapping)))
    assert values(record) == [
        ("total_cholesterol", pytest.approx(5.17 * 38.67), "mg/dL"),
        ("weight", 88.0, "kg"),
    ]


def test_a_layout_has_one_key_whatever_its_rows_hold(tmp_path: Path) -> None:
    one = propose_mapping(save(tmp_path, b"id,chol,x\n1,200,3\n", "a.csv")).layout
    same = propose_mapping(save(tmp_path, b"ID;Chol;x\n9;190;\n", "b.csv")).layout
    other = propose_mapping(save(tmp_path, b"id,chol,y\n1,200,3\n", "c.csv")).layout
    assert one == same != other


@pytest.mark.parametrize(
    "mapping", [{}, {"columns": 5}, {"columns": {"chol": {"target": 3}}}, {"columns": {"chol": "nonsense"}}]
)
def test_a_mapping_that_makes_no_sense_changes_nothing(tmp_path: Path, mapping: dict) -> None:
    record = table(tmp_path, "id,chol (mg/dL)\n1,200\n", mapping=mapping)
    assert values(record) == [("total_cholesterol", 200.0, "mg/dL")]


# Bad tables


def _refused(tmp_path: Path, text: str, **options: object) -> str:
    with pytest.raises(UnreadableFile) as raised:
        table(tmp_path, text, **options)
    return str(raised.value)


def test_bad_tables_are_refused_in_one_sentence(tmp_path: Path) -> None:
    assert "no column" in _refused(tmp_path, "a,b\n1,2\n")
    assert "headings" in _refused(tmp_path, "SBP,DBP\n,\n")
    assert "cut off" in _refused(tmp_path, 'code,value,unit\n2093-3,200,"mg/d')
    assert "rows" in _refused(tmp_path, LONG, limits=Limits(rows=1))
    assert "columns" in _refused(tmp_path, LONG, limits=Limits(columns=2))
    assert "cells" in _refused(tmp_path, LONG, limits=Limits(cells=5))


def test_a_short_last_row_is_said(tmp_path: Path) -> None:
    record = table(tmp_path, "code,value,unit,time\n2093-3,200,mg/dL,2026-11-03\n2085-9,4")
    assert "cut off" in record.unread[0].reason
    assert record.completeness["observations"] == "partial"


# Excel


def workbook(folder: Path, *sheets: tuple[str, list[list[object]]]) -> Path:
    """Write an .xlsx file."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    path = folder / "table.xlsx"
    book.save(path)
    return path


def test_a_workbook_is_read_with_cell_names_and_real_dates(tmp_path: Path) -> None:
    from datetime import date, datetime

    rows = [
        ["项目", "结果", "单位", "日期"],
        ["肌酐", 70.7, "umol/L", date(2026, 11, 3)],
        ["2093-3", 5.17, "mmol/L", datetime(2026, 11, 3, 8, 15)],
    ]
    path = workbook(tmp_path, ("Read me", [["This is a note"]]), ("Lab", rows), ("Other", rows))
    record = open_record(path)
    assert [(o.variable, o.value_as_written, o.time, o.source.location) for o in record.observations] == [
        ("creatinine", "70.7", "2026-11-03", "Lab!B2"),
        ("total_cholesterol", "5.17", "2026-11-03T08:15:00", "Lab!B3"),
    ]
    assert record.format == "xlsx"
    assert any("Other" in note.reason for note in record.unread)


def test_a_damaged_workbook_is_refused(tmp_path: Path) -> None:
    data = workbook(tmp_path, ("Lab", [["code", "value"], ["2093-3", 200]])).read_bytes()
    for part in (data[: len(data) // 2], data[:200], data[:-30]):
        with pytest.raises(UnreadableFile, match="workbook"):
            open_record(save(tmp_path, part, "cut.xlsx"))


def test_a_workbook_that_unpacks_to_something_huge_is_refused(tmp_path: Path) -> None:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    with pytest.raises(UnreadableFile, match="unpacks to 30 MB"):
        open_record(save(tmp_path, stream.getvalue(), "bomb.xlsx"))


def test_entities_in_a_workbook_are_refused(tmp_path: Path) -> None:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xl/workbook.xml", '<!DOCTYPE x [<!ENTITY a "b">]><workbook/>')
    with pytest.raises(UnreadableFile, match="definitions"):
        open_record(save(tmp_path, stream.getvalue(), "entities.xlsx"))


@pytest.mark.shared_data
def test_a_real_table_of_results_lists_its_patients(tmp_path: Path) -> None:
    path = data_file("patientfiles/csv/cdc_ReportStream-StandardCSV-ExampleData-20220509.csv")
    with pytest.raises(SeveralPatients) as raised:
        open_record(path)
    assert [found[0] for found in raised.value.patients] == ["1234", "5678", "90123", "P2300"]
    record = open_record(path, patient="1234")
    assert (record.patient.family, record.patient.given, record.patient.birth_date) == (
        "Doe",
        "Jane",
        "1962-01-20",
    )
    assert (record.patient.sex, record.patient.ethnicity) == ("female", "NH White")
    result = next(o for o in record.observations if o.code == "94534-5")
    assert (result.value, result.usable) == ("Detected", True)
