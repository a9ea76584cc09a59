"""`medgui score`: rows in, the same rows with results out."""

from __future__ import annotations

import csv
import io
import os
import stat
from pathlib import Path

import pytest

from medgui.cli import main

COLUMNS = "age,sex,systolic_bp,bp_treatment,total_cholesterol,hdl_cholesterol,statin,diabetes,current_smoker,egfr,bmi"
EXAMPLE = "50,female,160,1,200,45,0,1,0,90,35"


def score(
    folder: Path, content: str | bytes, *options: str, model: str = "prevent"
) -> tuple[int, list[dict[str, str]], bytes]:
    source, target = folder / "in.csv", folder / "out.csv"
    source.write_bytes(content if isinstance(content, bytes) else content.encode())
    code = main(["score", model, str(source), "-o", str(target), *options])
    raw = target.read_bytes() if target.exists() else b""
    text = raw.decode("utf-8-sig", errors="replace")
    return code, list(csv.DictReader(io.StringIO(text, newline=""))), raw


def with_cells(**cells: str) -> str:
    row = dict(zip(COLUMNS.split(","), EXAMPLE.split(","), strict=True))
    row.update(cells)
    return ",".join(row) + "\n" + ",".join(row.values()) + "\n"


def test_the_published_example_comes_out_as_published(tmp_path: Path) -> None:
    code, rows, _ = score(tmp_path, f"{COLUMNS}\n{EXAMPLE}\n")
    assert code == 0
    assert rows[0]["status"] == "ready"
    assert float(rows[0]["cvd_10y"]) == pytest.approx(0.147, abs=5e-4)
    assert float(rows[0]["hf_10y"]) == pytest.approx(0.081, abs=5e-4)


def test_what_was_read_is_carried_through_untouched(tmp_path: Path) -> None:
    header = f'note,{COLUMNS},"last, one"'
    line = f'"Łukasz ""Ł""\nŞahin",{EXAMPLE},007.50'
    _, rows, raw = score(tmp_path, f"{header}\r\n{line}\r\n")
    assert raw.startswith(header.encode() + b",cvd_10y,")
    assert (line + ",0.14").encode() in raw
    assert rows[0]["note"] == 'Łukasz "Ł"\nŞahin'
    assert rows[0]["last, one"] == "007.50"
    assert raw.endswith(b"\r\n")


def test_appended_columns_are_outputs_status_and_cautions(tmp_path: Path) -> None:
    _, rows, _ = score(tmp_path, f"{COLUMNS}\n{EXAMPLE}\n")
    new = list(rows[0])[len(COLUMNS.split(",")) :]
    assert new[:2] == ["cvd_10y", "ascvd_10y"]
    assert new[-2:] == ["status", "cautions"]
    assert len(new) == 12


def test_an_empty_cell_and_an_absent_column_are_missing(tmp_path: Path) -> None:
    _, rows, _ = score(tmp_path, with_cells(systolic_bp=""))
    assert rows[0]["status"] == "missing_input"
    assert rows[0]["cvd_10y"] == ""
    assert "missing:systolic_bp" in rows[0]["cautions"]
    _, rows, _ = score(tmp_path, "age,sex\n50,female\n")
    assert rows[0]["status"] == "missing_input"


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("systolic_bp", "high"),
        ("systolic_bp", "NA"),
        ("systolic_bp", "1e999"),
        ("systolic_bp", "inf"),
        ("systolic_bp", "16O"),
        ("systolic_bp", "1_60"),
        ("systolic_bp", "True"),
        ("sex", "1"),
        ("sex", "X"),
        ("diabetes", "2"),
        ("diabetes", "maybe"),
        ("prior_ascvd", "maybe"),
        ("prior_ascvd", "2"),
    ],
)
def test_a_wrong_cell_is_refused_and_never_taken_as_missing(tmp_path: Path, name: str, cell: str) -> None:
    code, rows, _ = score(tmp_path, with_cells(**{name: cell}))
    assert code == 0
    assert rows[0]["status"] == "out_of_scope"
    assert f"unknown_value:{name}" in rows[0]["cautions"]
    assert rows[0]["cvd_10y"] == ""


def test_one_wrong_cell_does_not_touch_the_other_rows(tmp_path: Path) -> None:
    bad = EXAMPLE.replace("160", "abc")
    _, rows, _ = score(tmp_path, f"{COLUMNS}\n{EXAMPLE}\n{bad}\n{EXAMPLE}\n")
    assert [r["status"] for r in rows] == ["ready", "out_of_scope", "ready"]
    assert rows[0]["cvd_10y"] == rows[2]["cvd_10y"] != ""


@pytest.mark.parametrize(("name", "cell"), [("sex", "Female"), ("diabetes", "yes"), ("diabetes", "1.0")])
def test_answers_are_read_as_people_write_them(tmp_path: Path, name: str, cell: str) -> None:
    _, rows, _ = score(tmp_path, with_cells(**{name: cell}))
    assert float(rows[0]["cvd_10y"]) == pytest.approx(0.147, abs=5e-4)


def test_out_of_range_and_prior_disease_have_no_number(tmp_path: Path) -> None:
    _, rows, _ = score(tmp_path, with_cells(systolic_bp="181"))
    assert (rows[0]["status"], rows[0]["cvd_10y"]) == ("out_of_scope", "")
    assert "above_accepted:systolic_bp" in rows[0]["cautions"]
    _, rows, _ = score(tmp_path, with_cells(prior_ascvd="1"))
    assert (rows[0]["status"], rows[0]["cvd_10y"]) == ("out_of_scope", "")


def test_history_that_no_column_states_is_a_caution(tmp_path: Path) -> None:
    _, rows, _ = score(tmp_path, f"{COLUMNS}\n{EXAMPLE}\n")
    assert rows[0]["status"] == "ready"
    assert "history_not_stated" in rows[0]["cautions"]
    _, rows, _ = score(tmp_path, with_cells(prior_ascvd="0", heart_failure="0"))
    assert "history_not_stated" not in rows[0]["cautions"]


def test_an_output_outside_its_own_eligibility_is_empty_and_the_row_stays_ready(tmp_path: Path) -> None:
    _, rows, _ = score(tmp_path, with_cells(age="65"))
    assert rows[0]["status"] == "ready"
    assert rows[0]["cvd_10y"] != ""
    assert rows[0]["cvd_30y"] == ""
    assert "output_not_applicable:cvd_30y" in rows[0]["cautions"].split(";")


def test_an_output_that_lacks_its_own_input_is_empty_and_the_row_stays_ready(tmp_path: Path) -> None:
    _, rows, _ = score(tmp_path, with_cells(bmi=""))
    assert rows[0]["status"] == "ready"
    assert rows[0]["hf_10y"] == ""
    assert "output_not_applicable:hf_10y" in rows[0]["cautions"].split(";")


def test_egfr_is_supplied_from_creatinine_cell_by_cell(tmp_path: Path) -> None:
    header = COLUMNS + ",creatinine"
    rows_in = [EXAMPLE + ",", EXAMPLE.replace(",90,", ",,") + ",0.8", EXAMPLE.replace(",90,", ",,") + ","]
    _, rows, _ = score(tmp_path, "\n".join([header, *rows_in]) + "\n")
    assert [r["status"] for r in rows] == ["ready", "ready", "missing_input"]
    _, alone, _ = score(tmp_path, "age,sex,creatinine\n50,female,0.8\n", model="ckd_epi_2021")
    _, given, _ = score(tmp_path, with_cells(egfr=alone[0]["egfr"]))
    assert float(rows[1]["cvd_10y"]) == pytest.approx(float(given[0]["cvd_10y"]), abs=1e-9)


def test_a_wrong_creatinine_is_said_where_egfr_depends_on_it(tmp_path: Path) -> None:
    _, rows, _ = score(tmp_path, with_cells(egfr="", creatinine="abc"))
    assert rows[0]["status"] != "ready"
    assert "unknown_value:creatinine" in rows[0]["cautions"]


def test_explanations_add_up_in_every_row(tmp_path: Path) -> None:
    other = EXAMPLE.replace("160", "131")
    bad = EXAMPLE.replace("160", "")
    _, rows, _ = score(tmp_path, f"{COLUMNS}\n{EXAMPLE}\n{bad}\n{other}\n", "--explain")
    inputs = [name.partition(":")[2] for name in rows[0] if name.startswith("cvd_10y:")]
    assert inputs[-1] == "baseline"
    for row in (rows[0], rows[2]):
        total = sum(float(row[f"cvd_10y:{name}"]) for name in inputs)
        assert total == pytest.approx(float(row["cvd_10y"]), abs=1e-6)
    assert all(rows[1][f"cvd_10y:{name}"] == "" for name in inputs)


def test_a_name_that_the_file_already_has_is_a_usage_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, raw = score(tmp_path, f"{COLUMNS},status\n{EXAMPLE},x\n")
    assert (code, raw) == (2, b"")
    assert "status" in capsys.readouterr().err


def test_a_column_that_stands_twice_is_a_usage_error(tmp_path: Path) -> None:
    assert score(tmp_path, f"{COLUMNS},age\n{EXAMPLE},60\n")[0] == 2


def test_short_rows_are_filled_up_and_refused_and_blank_lines_stay_blank(tmp_path: Path) -> None:
    _, _, raw = score(tmp_path, f"{COLUMNS}\n{EXAMPLE}\n\n50,female\n")
    lines = raw.decode().splitlines()
    assert lines[2] == ""
    cells = lines[3].split(",")
    assert len(cells) == len(lines[0].split(","))
    assert cells[-2:] == ["out_of_scope", "cells_missing"] or "cells_missing" in cells[-1]


def test_a_row_with_too_many_cells_ends_the_run_and_leaves_no_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, raw = score(tmp_path, f"{COLUMNS}\n{EXAMPLE},extra\n")
    assert (code, raw) == (3, b"")
    assert "Row 2" in capsys.readouterr().err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in.csv"]


def test_a_header_alone_gives_a_header(tmp_path: Path) -> None:
    code, rows, raw = score(tmp_path, COLUMNS + "\n")
    assert (code, rows) == (0, [])
    assert raw.endswith(b"status,cautions\n")


def test_the_last_line_stays_open_where_it_was(tmp_path: Path) -> None:
    _, rows, raw = score(tmp_path, f"{COLUMNS}\n{EXAMPLE}")
    assert len(rows) == 1
    assert not raw.endswith(b"\n")


def test_semicolons_are_kept(tmp_path: Path) -> None:
    _, _, raw = score(tmp_path, f"{COLUMNS}\n{EXAMPLE}\n".replace(",", ";"))
    header, line = raw.decode().splitlines()
    assert header.endswith("status;cautions")
    assert len(next(csv.reader([line], delimiter=";"))) == len(header.split(";"))


@pytest.mark.parametrize(
    ("model", "code"), [("nothing", 4), ("prevent", 3)], ids=["unknown model", "no such file"]
)
def test_what_cannot_be_done_has_its_exit_code(tmp_path: Path, model: str, code: int) -> None:
    assert main(["score", model, str(tmp_path / "none.csv"), "-o", str(tmp_path / "o.csv")]) == code


def test_a_folder_that_is_not_there_is_an_output_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(f"{COLUMNS}\n{EXAMPLE}\n")
    target = tmp_path / "nowhere" / "o.csv"
    assert main(["score", "prevent", str(tmp_path / "in.csv"), "-o", str(target)]) == 6


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_said_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in.csv").write_text(f"{COLUMNS}\n" + f"{EXAMPLE}\n" * 2000)
    assert main(["score", "prevent", str(tmp_path / "in.csv"), "-o", "/dev/full"]) == 6
    message = capsys.readouterr().err
    assert "Traceback" not in message
    assert len(message.strip().splitlines()) == 1
    assert stat.S_ISCHR(os.stat("/dev/full").st_mode)


def test_an_old_result_survives_a_failed_run(tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_text("old")
    score(tmp_path, f"{COLUMNS}\n{EXAMPLE},extra\n")
    assert (tmp_path / "out.csv").read_text() == "old"


def test_the_order_of_many_rows_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("medgui.assessment.score.BLOCK_BYTES", 200)
    lines = [EXAMPLE.replace("160", str(100 + i % 80)) for i in range(300)]
    _, rows, _ = score(tmp_path, "\n".join([COLUMNS, *lines]) + "\n")
    assert [r["systolic_bp"] for r in rows] == [str(100 + i % 80) for i in range(300)]
    by_pressure = {r["systolic_bp"]: r["cvd_10y"] for r in rows}
    assert all(by_pressure[r["systolic_bp"]] == r["cvd_10y"] for r in rows)
