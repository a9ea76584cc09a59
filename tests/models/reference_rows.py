"""Rows of independent implementations for the published equations: file and columns as `equations/NAMES.csv` says.

Each row of NAMES.csv ties an input or output of a model to a column of a reference file: a plain column, or
`GROUP/column/key` for a key of the JSON text in `column` of the rows whose calculator is GROUP. `note` may hold a map
of texts ("map: a=b|c=d"), a constant or a formula; `factor` multiplies.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from medgui.cli import main

Row = Mapping[str, str]
TOLERANCE = {
    **dict.fromkeys(("prevent", "score2", "score2_asia_pacific", "score2_diabetes", "score2_ckd"), 0.001),
    **dict.fromkeys(("qrisk3", "predict_breast", "predict_breast_v30", "cad_consortium"), 0.001),
    **dict.fromkeys(("china_par", "framingham_lipid", "framingham_bmi"), 0.001),
    **dict.fromkeys(("who_cvd_lab", "who_cvd_office"), 0.005),
    **dict.fromkeys(("gail", "plcom2012"), 0.0005),
    "pce": 0.0015,
    "kfre": 1e-4,
    **dict.fromkeys(("ckd_epi_2021", "ckd_epi_2021_cystatin", "ckd_epi_2012_cystatin", "ckd_epi_2009"), 0.5),
    **dict.fromkeys(("ekfc", "mdrd", "cockcroft_gault"), 0.5),
    **dict.fromkeys(("fib4", "apri", "nafld_fibrosis", "albi"), 0.005),
}
"""Largest error allowed, in the output's unit (half of the last digit where the reference is rounded); others: 1e-6."""
MARGIN = 1.02
"""The tolerance is met where the error is within it but for the digit at which the reference itself was rounded."""

BY_HAND = ("gdl2_cases.csv", "medcalc_bench_v1_test.csv", "medcalcehr_golden.csv")
"""Files of other shapes; tests of the families read them."""


@dataclass(frozen=True)
class Reference:
    """Rows of one file (and calculator) for one model: inputs and expected outputs by name, each [N] texts."""

    model: str
    file: str
    group: str
    inputs: dict[str, list[str]]
    outputs: dict[str, list[float | None]]


@cache
def names(folder: Path) -> tuple[Row, ...]:
    """The rows of NAMES.csv but those marked unused."""
    with (folder / "NAMES.csv").open(newline="", encoding="utf-8") as f:
        return tuple(row for row in csv.DictReader(f) if row["role"] != "unused")


def references(folder: Path) -> Iterator[Reference]:
    """Every model's reference files that are in *folder* and have plain or JSON columns."""
    listed = names(folder)
    for model in dict.fromkeys(row["model"] for row in listed):
        mine = [row for row in listed if row["model"] == model]
        for file, group in dict.fromkeys(_source(row) for row in mine if row["role"] == "output"):
            if file and file not in BY_HAND and (folder / file).exists():
                here = [row for row in mine if _source(row) == (file, group)]
                yield _reference(model, file, group, here, _read(folder / file, group))


def _source(row: Row) -> tuple[str, str]:
    column = row["reference_column"]
    return row["reference_file"], column.split("/")[0] if "/" in column else ""


def _read(path: Path, group: str) -> list[Row]:
    return [row for row in csv_rows(path) if not group or row["calculator"] == group]


@cache
def csv_rows(path: Path) -> tuple[Row, ...]:
    """All rows of a CSV file, whatever the length of its cells."""
    with _wide_cells(), path.open(newline="", encoding="utf-8") as f:
        return tuple(csv.DictReader(f))


@contextmanager
def _wide_cells() -> Iterator[None]:
    """Read cells of any length meanwhile; the limit of the csv module is the process's, and the readers keep to it."""
    before = csv.field_size_limit(sys.maxsize)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _reference(model: str, file: str, group: str, mine: list[Row], rows: list[Row]) -> Reference:
    inputs: dict[str, list[str]] = {}
    outputs: dict[str, list[float | None]] = {}
    for row in mine:
        cells = [_cell(each, row["reference_column"]) for each in rows]
        if row["role"] == "output":
            factor = float(row["factor"] or 1)
            outputs[row["name"]] = [None if cell == "" else float(cell) * factor for cell in cells]
        elif row["reference_column"]:
            told = [_told(cell, row) for cell in cells]
            before = inputs.get(row["name"])
            inputs[row["name"]] = (
                told if before is None else [a or b for a, b in zip(before, told, strict=True)]
            )
    return Reference(model, file, group, inputs, outputs)


def _cell(row: Row, column: str) -> str:
    """The text of a column of NAMES.csv in one row; "" where the condition in brackets does not hold."""
    if "/" not in column:
        return _together([row[each] for each in column.split(",")]) if "," in column else row.get(column, "")
    _group, name, *key = column.split("/", 2)
    path, _, condition = (key[0] if key else name).partition("[")
    answers = json.loads(row["input_json" if not key else name])
    if condition:
        wanted, _, value = condition.rstrip("]").partition("=")
        if str(answers.get(wanted)).lower() != value.lower():
            return ""
    if not key:
        return row[path]
    if "," in path:
        return _together([str(answers[each]) for each in path.split(",")])
    found = answers.get(path)
    if isinstance(found, bool):
        return str(found).lower()
    return "" if found is None else str(found)


def _together(cells: list[str]) -> str:
    """Weight in kg and height in cm as a body mass index; troponin in ng/L and sex as raised (over 34, women 16)."""
    if cells[1] in ("male", "female"):
        return str(int(float(cells[0]) >= (34 if cells[1] == "male" else 16)))
    return repr(float(cells[0]) / (float(cells[1]) / 100) ** 2)


_MAP = re.compile(r"map: ([^(]*)")


def _told(cell: str, row: Row) -> str:
    """A cell in the model's unit or text."""
    note = row["note"]
    if note.startswith("map:"):
        listed = _MAP.match(note)
        texts = (listed[1] if listed else "").split(", the others")[0].split(". ")[0].split("; ")[0]
        table = dict(each.strip().rstrip(",").split("=", 1) for each in texts.split("|") if "=" in each)
        return table.get(cell, table.get(re.sub(r"\.0$", "", cell), cell)).strip()
    if note.startswith("constant:"):
        return note.split()[1]
    if cell and note.startswith("formula: hba1c_mmolmol"):
        return repr(float(cell) / 10.929 + 2.15)
    if cell and note.startswith("formula: (x-32)/1.8"):
        return repr((float(cell) - 32) / 1.8)
    return repr(float(cell) * float(row["factor"])) if cell and row["factor"] else cell


def allowed_error(model: str) -> float:
    """Largest error that a row of *model* may have, in the output's unit."""
    return TOLERANCE[model] * MARGIN if model in TOLERANCE else 1e-6


def scored(reference: Reference, folder: Path) -> list[dict[str, str]]:
    """The rows of a reference through `medgui score`, in files of *folder*. `RuntimeError` where it ends otherwise."""
    source, target = folder / "in.csv", folder / "out.csv"
    with source.open("w", newline="", encoding="utf-8") as f:
        writer = csv.writer(f)
        writer.writerow(reference.inputs)
        writer.writerows(zip(*reference.inputs.values(), strict=True))
    if main(["score", reference.model, str(source), "-o", str(target)]) != 0:
        raise RuntimeError(reference.model)
    with target.open(newline="", encoding="utf-8-sig") as f:
        return list(csv.DictReader(f))
