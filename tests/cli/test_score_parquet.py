"""`medgui score` from and to Parquet: what was read stays as it is, the new columns are those of a CSV."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from medgui.assessment import parquet_read
from medgui.assessment.parquet_read import ParquetSource
from medgui.assessment.thrift import Reader, field, write_struct
from medgui.cli import main

fastparquet = pytest.importorskip("fastparquet")
pytestmark = pytest.mark.filterwarnings("ignore:The 'generic' unit for NumPy:DeprecationWarning")
Capture = pytest.CaptureFixture[str]


def people(rows: int = 500) -> pd.DataFrame:
    random = np.random.default_rng(0)
    pressure = random.integers(95, 175, rows).astype(float)
    pressure[::10] = np.nan
    return pd.DataFrame(
        {
            "id": np.arange(rows) + 2**53 + 1,
            "age": random.integers(30, 79, rows).astype(np.int32),
            "sex": pd.Categorical(random.choice(["female", "Male"], rows)),
            "systolic_bp": pressure,
            "bp_treatment": random.random(rows) < 0.5,
            "total_cholesterol": random.integers(150, 300, rows),
            "hdl_cholesterol": random.uniform(30, 80, rows),
            "statin": 0,
            "diabetes": random.choice(["yes", "no", ""], rows, p=[0.5, 0.4, 0.1]),
            "current_smoker": "Never",
            "egfr": random.uniform(40, 110, rows),
            "bmi": random.uniform(20, 35, rows).astype(np.float32),
            "seen": pd.date_range("2020-01-01 01:02:03", periods=rows, freq="h"),
            "note": [f'Łukasz "{i}"\nŞahin' if i % 7 else None for i in range(rows)],
        }
    )


def write(frame: pd.DataFrame, path: Path, **keys: Any) -> Path:
    fastparquet.write(str(path), frame, write_index=False, **keys)
    return path


def read(path: Path) -> pd.DataFrame:
    return fastparquet.ParquetFile(io.BytesIO(path.read_bytes())).to_pandas()


def score(source: Path, target: Path, *options: str, model: str = "prevent") -> int:
    return main(["score", model, str(source), "-o", str(target), *options])


@pytest.mark.parametrize("compression", [None, "SNAPPY", "GZIP", "ZSTD"])
def test_parquet_and_csv_give_the_same_answers(tmp_path: Path, compression: str | None) -> None:
    frame = people()
    source = write(frame, tmp_path / "in.parquet", row_group_offsets=120, compression=compression)
    assert score(source, tmp_path / "out.parquet") == 0
    frame.drop(columns=["note", "seen"]).to_csv(tmp_path / "in.csv", index=False)
    assert score(tmp_path / "in.csv", tmp_path / "out.csv") == 0
    mine = read(tmp_path / "out.parquet")
    theirs = pd.read_csv(tmp_path / "out.csv", keep_default_na=False, dtype=str)
    for name in theirs.columns[12:]:
        if name in ("status", "cautions"):
            assert mine[name].tolist() == theirs[name].tolist()
        else:
            expected = pd.to_numeric(theirs[name]).to_numpy()
            np.testing.assert_allclose(
                mine[name], expected, atol=1e-6, err_msg="float32 as text is another double"
            )
    assert set(mine["status"]) >= {"ready", "missing_input"}


def test_every_byte_of_what_was_read_stays(tmp_path: Path) -> None:
    source = write(people(), tmp_path / "in.parquet", row_group_offsets=200, compression="ZSTD")
    assert score(source, tmp_path / "out.parquet") == 0
    start = ParquetSource(source).start
    assert (tmp_path / "out.parquet").read_bytes()[:start] == source.read_bytes()[:start]
    before, after = read(source), read(tmp_path / "out.parquet")
    assert list(after.columns[: len(before.columns)]) == list(before.columns)
    pd.testing.assert_frame_equal(after[list(before.columns)], before)
    assert after["id"].tolist()[-1] == 2**53 + len(before)


def test_explanations_are_columns_too(tmp_path: Path) -> None:
    source = write(people(30), tmp_path / "in.parquet")
    assert score(source, tmp_path / "out.parquet", "--explain") == 0
    found = read(tmp_path / "out.parquet")
    added = [name for name in found if name.startswith("cvd_10y:")]
    ready = found["status"] == "ready"
    np.testing.assert_allclose(found.loc[ready, added].sum(axis=1), found.loc[ready, "cvd_10y"], atol=1e-9)


def test_parquet_to_csv_keeps_text_whole_numbers_and_times(tmp_path: Path) -> None:
    source = write(people(50), tmp_path / "in.parquet", row_group_offsets=20)
    assert score(source, tmp_path / "out.csv") == 0
    found = pd.read_csv(tmp_path / "out.csv", dtype={"id": "int64"})
    before = people(50)
    assert found["id"].tolist() == before["id"].tolist()
    assert found["note"][1] == before["note"][1]
    assert pd.to_datetime(found["seen"]).tolist() == before["seen"].tolist()
    assert found["status"].isin(["ready", "missing_input"]).all()


def test_csv_to_parquet_keeps_cells_as_texts_and_leaves_blank_lines_out(tmp_path: Path) -> None:
    header = "note,age,sex,creatinine"
    (tmp_path / "in.csv").write_bytes(f'{header}\n"a ""b""\nc",050,f,1.0\n\n,60,m\n'.encode())
    assert score(tmp_path / "in.csv", tmp_path / "out.parquet", model="ckd_epi_2021") == 0
    found = read(tmp_path / "out.parquet")
    assert found["note"].tolist() == ['a "b"\nc', None]
    assert found["age"].tolist() == ["050", "60"]
    assert found["status"].tolist() == ["ready", "out_of_scope"]
    assert (
        found["cautions"][1] == "cells_missing;missing:creatinine" or "cells_missing" in found["cautions"][1]
    )
    assert found["egfr"][0] > 0
    assert np.isnan(found["egfr"][1])


@pytest.mark.parametrize("target", ["out.parquet", "out.csv"])
def test_no_rows_give_the_columns_alone(tmp_path: Path, target: str) -> None:
    (tmp_path / "in.csv").write_text("age,sex,creatinine\n", encoding="utf-8")
    assert score(tmp_path / "in.csv", tmp_path / "in.parquet", model="prevent") == 0
    empty = write(people(3), tmp_path / "three.parquet")
    assert score(empty, tmp_path / target) == 0
    assert list(read(tmp_path / "in.parquet").columns)[-2:] == ["status", "cautions"]


def test_a_wrong_type_is_a_wrong_cell_and_no_number(tmp_path: Path) -> None:
    frame = people(3)
    frame["total_cholesterol"] = [True, False, True]
    frame["sex"] = [0, 1, 1]
    source = write(frame, tmp_path / "in.parquet")
    assert score(source, tmp_path / "out.parquet") == 0
    found = read(tmp_path / "out.parquet")
    assert set(found["status"]) == {"out_of_scope"}
    for name in ("total_cholesterol", "sex"):
        assert found["cautions"].str.contains(f"unknown_value:{name}").all()


def damaged(kind: str, whole: bytes) -> bytes:
    start = len(whole) - 8 - int.from_bytes(whole[-8:-4], "little")
    if kind == "cut":
        return whole[: len(whole) // 2]
    if kind == "without its middle":
        return whole[:500] + whole[900:]
    if kind == "encrypted":
        return b"PARE" + whole[4:-4] + b"PARE"
    if kind == "no description":
        return whole[:start] + b"\xff" * (len(whole) - start - 8) + whole[-8:]
    return {"empty": b"", "magic alone": b"PAR1", "magic twice": b"PAR1PAR1"}[kind]


@pytest.mark.parametrize(
    "kind",
    ["cut", "without its middle", "encrypted", "no description", "empty", "magic alone", "magic twice"],
)
def test_a_damaged_file_is_one_sentence_and_leaves_nothing(
    tmp_path: Path, capsys: Capture, kind: str
) -> None:
    source = write(people(), tmp_path / "whole.parquet")
    bad = tmp_path / "bad.parquet"
    bad.write_bytes(damaged(kind, source.read_bytes()))
    assert score(bad, tmp_path / "out.parquet") == 3
    said = capsys.readouterr().err.strip()
    assert "bad.parquet" in said or "empty" in said
    assert len(said.splitlines()) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.parquet", "whole.parquet"]


def test_bytes_of_a_column_that_cannot_be_decoded_are_said(tmp_path: Path, capsys: Capture) -> None:
    source = write(people(), tmp_path / "in.parquet", compression="GZIP")
    content = bytearray(source.read_bytes())
    column = next(
        each
        for each in field(ParquetSource(source).groups[0], 1)[1]
        if field(field(each, 3), 3)[1] == [b"egfr"]
    )
    first = field(field(column, 3), 9)
    content[first + 40 : first + 400] = b"\0" * 360
    source.write_bytes(bytes(content))
    assert score(source, tmp_path / "out.parquet") == 3
    assert "no whole Parquet file" in capsys.readouterr().err
    assert not (tmp_path / "out.parquet").exists()


def test_a_row_group_that_fills_the_memory_is_refused(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_read, "LARGEST_GROUP", 10_000)
    source = write(people(), tmp_path / "in.parquet")
    assert score(source, tmp_path / "out.parquet") == 3
    assert "groups of 100,000 rows" in capsys.readouterr().err


def test_without_the_package_the_sentence_says_what_to_install(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write(people(3), tmp_path / "in.parquet")
    monkeypatch.setitem(sys.modules, "fastparquet", None)
    assert score(source, tmp_path / "out.parquet") == 2
    assert "pip install fastparquet" in capsys.readouterr().err


def test_a_name_that_the_file_already_has_is_a_usage_error(tmp_path: Path, capsys: Capture) -> None:
    source = write(people(3).assign(status="x"), tmp_path / "in.parquet")
    assert score(source, tmp_path / "out.parquet") == 2
    assert "status" in capsys.readouterr().err


def test_a_description_is_written_as_it_was_read(tmp_path: Path) -> None:
    source = write(people(), tmp_path / "in.parquet", row_group_offsets=50)
    content = source.read_bytes()
    start = ParquetSource(source).start
    footer = content[start:-8]
    assert write_struct(Reader(footer).struct()) == footer


@pytest.mark.parametrize(
    "content", [b"", b"\x15", b"\x19\xfc\xff\xff\xff\xff\x0f", b"\x1c" * 100, b"\x1d\x00"]
)
def test_a_description_that_is_none_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError):
        Reader(content).struct()


def test_parquet_goes_to_the_standard_output_as_csv(tmp_path: Path) -> None:
    source = write(people(3), tmp_path / "in.parquet")
    command = [sys.executable, "-m", "medgui", "score", "prevent", str(source), "-o", "-"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert len(pd.read_csv(io.BytesIO(done.stdout))) == 3
