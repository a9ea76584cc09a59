"""Bare headings such as "size" and "er" are tumour inputs only where a table has several of them."""

from pathlib import Path

from medgui.readers import open_record
from medgui.readers.table_mapping import heading_target, propose_mapping
from medgui.record.resolve import resolve
from tests.readers.build import save

TODAY = "2026-11-21"


def targets(folder: Path, text: str) -> dict[str, str]:
    proposal = propose_mapping(save(folder, text.encode(), "table.csv"))
    return {column.heading: column.target for column in proposal.columns}


def test_three_tumour_columns_make_their_bare_names_known(tmp_path: Path) -> None:
    text = "id,age,size,grade,nodes,pgr,er,hormon\n1,55,20-50,2,3,40,80,1\n"
    found = targets(tmp_path, text)
    names = ("size", "grade", "nodes", "pgr", "er", "hormon")
    assert {name: found[name] for name in names} == {name: name for name in names}
    record = open_record(save(tmp_path, text.encode(), "table.csv"), as_of=TODAY)
    assert resolve(record, "size", as_of=TODAY).value == "20-50"
    assert resolve(record, "nodes", as_of=TODAY).value == 3.0
    assert resolve(record, "er", as_of=TODAY).value == 80.0


def test_two_of_them_say_nothing_of_a_tumour(tmp_path: Path) -> None:
    found = targets(tmp_path, "id,age,size,er,glucose (mg/dL)\n1,55,20-50,1,90\n")
    assert found["size"] == found["er"] == ""
    assert found["glucose (mg/dL)"] == "glucose"


def test_plain_titles_count_among_the_three(tmp_path: Path) -> None:
    found = targets(tmp_path, "id,positive lymph nodes,tumour grade,er (fmol/L)\n1,3,2,80\n")
    assert found["er (fmol/L)"] == "er"
    assert found["tumour grade"] == "grade"


def test_a_row_of_a_long_table_named_er_or_size_is_no_receptor_and_no_tumour(tmp_path: Path) -> None:
    text = "test,value,unit,time\nER,1,,2026-11-01\nsize,3,cm,2026-11-01\nnodes,2,,2026-11-01\ngrade,2,,2026-11-01\n"
    record = open_record(save(tmp_path, text.encode(), "table.csv"), as_of=TODAY)
    assert {o.variable for o in record.observations} == {""}


def test_a_heading_alone_never_means_a_tumour_input_by_its_bare_name() -> None:
    assert all(heading_target(name) == "" for name in ("ER", "size", "Grade", "NODES", "er (fmol/L)"))
    assert heading_target("positive lymph nodes") == "nodes"
    assert heading_target("oestrogen receptor fmol") == "er"


def test_receptors_in_per_cent_are_not_read_as_fmol(tmp_path: Path) -> None:
    for text in (
        "age,size,grade,nodes,pgr (%),er (%)\n55,20-50,2,3,40,80\n",
        "age,size,grade,nodes,pgr,er\n55,20-50,2,3,40 %,80 %\n",
    ):
        record = open_record(save(tmp_path, text.encode(), "table.csv"), as_of=TODAY)
        assert not resolve(record, "er", as_of=TODAY).known
        assert len(record.questions) == 2
        assert [question.suggestions for question in record.questions] == [(), ()]
        assert resolve(record, "nodes", as_of=TODAY).known
