"""Files of gene expression: across or down, with or without headings; a record keeps what models use."""

from pathlib import Path

import pytest

from medgui.errors import SeveralPatients
from medgui.readers import open_record
from medgui.readers.sniff import Format, recognise
from tests.readers.build import save

KNOWN = {"X95735_at": 654, "M27891_at": 68, "M84526_at": -524, "X82240_rna1_at": -111}
OTHERS = {f"Q{number:05d}_at": number % 1000 for number in range(7000)}
CONTROLS = {f"AFFX-Bio{letter}-5_at": -5 for letter in "BCD"}
ALL = {**CONTROLS, **OTHERS, **KNOWN}


def kept(path: Path, **more) -> dict[str, float]:
    record = open_record(path, **more)
    assert not record.questions
    assert all(found.unit == "{intensity}" for found in record.observations)
    return {found.variable: found.value for found in record.observations}


def test_one_row_with_a_column_for_each_probe_set(tmp_path: Path) -> None:
    path = save(tmp_path, f"sample,{','.join(ALL)}\n39,{','.join(map(str, ALL.values()))}\n", "wide.csv")
    assert recognise(path) is Format.CSV
    record = open_record(path)
    assert record.patient.id == "39"
    assert {found.variable: found.value for found in record.observations} == KNOWN
    (note,) = record.unread
    assert note.reason == "7,003 other expression values are not used: no model asks for them."


@pytest.mark.parametrize("heading", ["probe,value\n", "Gene Accession Number;39\n", ""])
def test_one_line_for_each_probe_set(heading: str, tmp_path: Path) -> None:
    sign = ";" if ";" in heading else ","
    rows = "".join(f"{name}{sign}{value}\n" for name, value in ALL.items())
    path = save(tmp_path, heading + rows, "long.csv")
    assert kept(path) == KNOWN
    first = next(found for found in open_record(path).observations if found.variable == "X95735_at")
    line = 1 + bool(heading) + list(ALL).index("X95735_at")
    assert first.source.location.startswith(f"line {line},")


def test_descriptions_and_calls_beside_the_values_are_no_values(tmp_path: Path) -> None:
    rows = "".join(f'"a gene, of {name}",{name},{value},A\n' for name, value in ALL.items())
    path = save(tmp_path, "Gene Description,Gene Accession Number,39,call\n" + rows, "raw.csv")
    assert kept(path) == KNOWN


def test_a_column_for_each_sample_asks_which(tmp_path: Path) -> None:
    rows = "".join(f"{name},{value},{value + 1}\n" for name, value in ALL.items())
    path = save(tmp_path, "probe,S39,S40\n" + rows, "several.csv")
    with pytest.raises(SeveralPatients):
        open_record(path)
    assert kept(path, patient="S40") == {name: value + 1 for name, value in KNOWN.items()}


def test_a_row_for_each_sample_asks_which(tmp_path: Path) -> None:
    lines = [f"sample,{','.join(ALL)}"]
    lines += [f"{who},{','.join(str(value + who) for value in ALL.values())}" for who in (1, 2)]
    path = save(tmp_path, "\n".join(lines) + "\n", "two.csv")
    with pytest.raises(SeveralPatients):
        open_record(path)
    assert kept(path, patient="2") == {name: value + 2 for name, value in KNOWN.items()}


def test_an_array_without_a_gene_that_any_model_uses_is_refused_in_words(tmp_path: Path) -> None:
    from medgui.errors import UnreadableFile

    path = save(tmp_path, "probe,value\n" + "".join(f"{n},{v}\n" for n, v in OTHERS.items()), "other.csv")
    with pytest.raises(UnreadableFile, match=r"other\.csv"):
        open_record(path)


def test_a_table_of_laboratory_values_stays_as_it_is(tmp_path: Path) -> None:
    path = save(tmp_path, "patient_id,Glucose (mg/dL),look_at,end_st\nX,90,1,2\n", "lab.csv")
    record = open_record(path)
    assert [found.variable for found in record.observations] == ["glucose"]
    assert len(record.unread) == 2
