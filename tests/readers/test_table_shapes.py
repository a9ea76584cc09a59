"""The shapes tables come in: turned, titled, with units, sums, lists of problems and drugs."""

from pathlib import Path

import pytest

from medgui.errors import SeveralPatients
from medgui.readers import open_record
from medgui.record.model import Record
from medgui.record.resolve import resolve
from tests.readers.build import save


def table(folder: Path, text: str, **options: object) -> Record:
    """Open a CSV text."""
    return open_record(save(folder, text.encode(), "table.csv"), as_of="2026-11-21", **options)  # type: ignore[arg-type]


def values(record: Record) -> list[tuple[str, object, str]]:
    """Variable, value as written and time of each observation."""
    return [(o.variable or o.name, o.value_as_written, o.time) for o in record.observations]


def test_a_print_with_days_in_the_columns_is_turned(tmp_path: Path) -> None:
    record = table(
        tmp_path,
        "Parameter;Einheit;Referenzbereich;01.11.2026;02.11.2026\n"
        "LDL;mmol/l;<3,0;3,1;2,9\nTroponin X;ng/l;<14;5;\nPatientennummer;;;4711;4711\n",
    )
    assert values(record) == [
        ("ldl_cholesterol", "3,1", "2026-11-01"),
        ("ldl_cholesterol", "2,9", "2026-11-02"),
        ("Troponin X", "5", "2026-11-01"),
    ]
    assert record.patient.id == "4711"
    assert record.observations[1].source.location == "line 2, column 02.11.2026"
    assert record.observations[2].unit_as_written == "ng/l"
    assert len({o.id for o in record.observations}) == 3


def test_a_form_of_labels_and_values_is_turned(tmp_path: Path) -> None:
    record = table(
        tmp_path, 'Name;"Smith, Ann"\nDOB;17.05.1970\nSex;F\nSBP (mmHg);160\nCreatinine;1,1 mg/dL\n'
    )
    assert (record.patient.family, record.patient.given, record.patient.birth_date, record.patient.sex) == (
        "Smith",
        "Ann",
        "1970-05-17",
        "female",
    )
    assert values(record) == [("systolic_bp", "160", ""), ("creatinine", "1,1", "")]


def test_columns_of_units_and_ranges_without_known_headings_are_no_persons(tmp_path: Path) -> None:
    record = table(tmp_path, "Probe;Befund X;Dim;Norm\nLDL;3,1;mmol/l;1,0-3,0\nHDL;1,2;mmol/l;1,0-2,0\n")
    assert [(o.variable, o.unit_as_written) for o in record.observations] == [
        ("ldl_cholesterol", "mmol/l"),
        ("hdl_cholesterol", "mmol/l"),
    ]
    assert record.observations[0].reference_range == (pytest.approx(38.67), pytest.approx(3 * 38.67))


def test_persons_in_the_columns_are_chosen_from(tmp_path: Path) -> None:
    text = "Parameter,P1,P2\nAge,50,60\nSBP (mmHg),160,150\n"
    with pytest.raises(SeveralPatients) as raised:
        table(tmp_path, text)
    assert [found[0] for found in raised.value.patients] == ["P1", "P2"]
    assert values(table(tmp_path, text, patient="P2")) == [("age", "60", ""), ("systolic_bp", "150", "")]


def test_what_stands_above_a_print_says_whose_it_is(tmp_path: Path) -> None:
    record = table(
        tmp_path,
        "检验报告单\n姓名：林慧敏  性别：女  病历号：4711\n"
        "项目,结果,单位,采样时间\n肌酐,70.7,umol/L,2026-11-03 08:15\n",
    )
    assert (record.patient.family, record.patient.sex, record.patient.id) == ("林慧敏", "female", "4711")
    assert [u.reason for u in record.unread] == ["Line 1 above the headings is not read: 检验报告单"]


def test_headings_of_each_page_and_sums_are_no_values(tmp_path: Path) -> None:
    record = table(tmp_path, "id,SBP (mmHg)\n1,150\nID,SBP (mmHg)\n1,160\nMean,155\n")
    assert values(record) == [("systolic_bp", "150", ""), ("systolic_bp", "160", "")]
    assert "sums the table up" in record.unread[0].reason


def test_a_clock_in_its_own_column_joins_the_date(tmp_path: Path) -> None:
    record = table(tmp_path, "id,Date,Time,SBP (mmHg)\n1,2026-11-03,8:15,150\n")
    assert record.observations[0].time == "2026-11-03T08:15:00"


def test_the_time_of_sampling_goes_before_that_of_the_report(tmp_path: Path) -> None:
    text = "code,value,unit,result date,collection date\n2093-3,200,mg/dL,2026-11-05,2026-11-03\n"
    text += "2085-9,45,mg/dL,2026-11-05,\n"
    assert [o.time for o in table(tmp_path, text).observations] == ["2026-11-03", "2026-11-05"]


def test_a_pair_of_pressures_is_split_in_a_long_table(tmp_path: Path) -> None:
    record = table(tmp_path, "test,result,unit\nBP,160/96,mmHg\n血压,150/90,\n")
    assert [(o.variable, o.value) for o in record.observations] == [
        ("systolic_bp", 160.0),
        ("diastolic_bp", 96.0),
        ("systolic_bp", 150.0),
        ("diastolic_bp", 90.0),
    ]


def test_a_code_of_another_specimen_goes_before_the_name(tmp_path: Path) -> None:
    record = table(
        tmp_path, "code,test,value,unit\n20624-3,Creatinine,900,mg/(24.h)\nK1,Creatinine,0.9,mg/dL\n"
    )
    assert [o.variable for o in record.observations] == ["", "creatinine"]


def test_a_test_without_result_is_said(tmp_path: Path) -> None:
    record = table(tmp_path, "code,test,value,unit\n2093-3,Cholesterol,,mg/dL\n2085-9,HDL,45,mg/dL\n")
    assert "“Cholesterol” has no value." in [u.reason for u in record.unread]


@pytest.mark.parametrize("text", ["ND", "未检出", "not detected", "#DIV/0!"])
def test_what_is_no_number_is_never_taken_for_one_or_for_nothing(tmp_path: Path, text: str) -> None:
    record = table(tmp_path, f"test,result,unit\nCreatinine,{text},mg/dL\n")
    assert record.observations == ()
    assert text in record.unread[0].reason


def test_what_is_not_read_is_listed_up_to_a_bound_and_then_counted(tmp_path: Path) -> None:
    record = table(tmp_path, "test,result\n" + "Creatinine,?x\n" * 2005)
    assert len(record.unread) == 2001
    assert record.unread[-1].reason == "5 more cells or rows are not read."


# Problems, drugs, allergies


def test_rows_with_codes_of_problems_and_drugs_are_kept_and_used_only_with_a_status(tmp_path: Path) -> None:
    record = table(
        tmp_path,
        "id,code,code system,description,value,unit,status\n"
        "1,I10,ICD-10,Hypertension,,,active\n1,E11.9,ICD-10-CM,Type 2 diabetes,,,\n"
        "1,860975,RxNorm,Metformin 500 mg,,,\n1,C10AA05,ATC,atorvastatin,40,mg,active\n"
        "1,44054006,SNOMED CT,Diabetes,,,\n1,2093-3,LOINC,Cholesterol,200,mg/dL,final\n",
    )
    assert [(c.name, c.usable, c.clinical_status) for c in record.conditions] == [
        ("Hypertension", True, "active"),
        ("Type 2 diabetes", False, "unknown"),
        ("Diabetes", False, "unknown"),
    ]
    assert [(m.name, m.status, m.dose, m.usable) for m in record.medications] == [
        ("Metformin 500 mg", "unknown", "", False),
        ("atorvastatin", "active", "40 mg", True),
    ]
    assert record.conditions[0].codings[0].system == "http://hl7.org/fhir/sid/icd-10"
    assert [o.variable for o in record.observations] == ["total_cholesterol"]
    assert set(record.completeness.values()) == {"complete", "partial"}
    assert record.completeness["conditions"] == "partial"


def test_columns_of_problems_drugs_and_allergies_are_lists(tmp_path: Path) -> None:
    record = table(
        tmp_path,
        "id,Diagnosis,Medication,Allergy\n"
        '1,"I10 Hypertension; Diabetes mellitus, type 2",Metformin; Aspirin,无花果过敏\n',
    )
    assert [c.name for c in record.conditions] == ["Hypertension", "Diabetes mellitus, type 2"]
    assert record.conditions[0].codings[0].code == "I10"
    assert [m.name for m in record.medications] == ["Metformin", "Aspirin"]
    assert [(a.name, a.negated) for a in record.allergies] == [("无花果过敏", False)]
    assert not any(found.usable for found in (*record.conditions, *record.medications))


def test_none_is_a_statement_for_allergies_only(tmp_path: Path) -> None:
    record = table(tmp_path, "姓名,性别,过敏史,诊断,血压\n王,男,无,无,120/80\n")
    assert [a.negated for a in record.allergies] == [True]
    assert record.conditions == ()
    assert "does not count" in record.unread[-1].reason
    assert resolve(record, "diabetes", as_of="2026-11-21").value is None


def test_family_history_in_a_list_is_not_the_patients(tmp_path: Path) -> None:
    record = table(tmp_path, "id,category,name,status\n1,diagnosis,Family history of stroke,active\n")
    assert [(c.kind, c.usable) for c in record.conditions] == [("family_history", False)]


def test_rows_alike_but_for_unit_specimen_status_or_range_keep_their_own(tmp_path: Path) -> None:
    rows = (
        "1,Glucose,2345-7,90,mg/dL,70-99,serum,final",
        "2,Glucose,2345-7,90,mmol/L,70-99,serum,final",
        "3,Glucose,2345-7,90,mg/dL,70-110,serum,preliminary",
        "4,Glucose,2345-7,90,mg/dL,70-99,urine,final",
        "5,Glucose,2345-7,90,mg/dL,70-99,serum,final",
    )
    text = "".join(f"2026-03-0{row}\n" for row in rows)
    record = table(tmp_path, f"Date,Test,Code,Result,Unit,Reference range,Specimen,Status\n{text}")
    found = {o.time[-1]: o for o in record.observations}
    assert [found[day].unit_as_written for day in "12345"] == ["mg/dL", "mmol/L", "mg/dL", "mg/dL", "mg/dL"]
    assert [found[day].variable for day in "145"] == ["glucose", "", "glucose"]
    assert [found[day].reference_range for day in "135"] == [(70.0, 99.0), (70.0, 110.0), (70.0, 99.0)]
    assert [found[day].usable for day in "135"] == [True, False, True]
    assert [o.source.line for o in record.observations] == [2, 3, 4, 5, 6]
