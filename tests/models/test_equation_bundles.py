"""The published equations agree with their published examples and with independent implementations."""

import csv
from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest

from medgui.paths import models_dir
from tests.shared_data import data_dir

PREVENT = [
    "age",
    "sex",
    "systolic_bp",
    "bp_treatment",
    "total_cholesterol",
    "hdl_cholesterol",
    "statin",
    "diabetes",
    "current_smoker",
    "egfr",
    "bmi",
    "hba1c",
    "uacr",
]
EXAMPLE = [50, 0, 160, 1, 200, 45, 0, 1, 0, 90, 35, np.nan, np.nan]


def run(model: str, names: list[str], rows: np.ndarray) -> dict[str, np.ndarray]:
    session = ort.InferenceSession(models_dir() / model / "model.onnx", providers=["CPUExecutionProvider"])
    feed = {n: np.ascontiguousarray(rows[:, i : i + 1], dtype=np.float64) for i, n in enumerate(names)}
    return dict(zip((o.name for o in session.get_outputs()), session.run(None, feed), strict=True))


def reference(name: str) -> list[dict[str, str]]:
    path = Path(data_dir()) / "equations" / name
    with path.open(newline="", encoding="utf-8") as f:
        return list(csv.DictReader(f))


def test_prevent_gives_the_published_example() -> None:
    out = run("prevent", PREVENT, np.array([EXAMPLE]))
    figures = [round(float(out[k][0, 0]), 3) for k in ("cvd_10y", "ascvd_10y", "hf_10y", "cvd_30y")]
    assert figures == [0.147, 0.092, 0.081, 0.53]


def test_prevent_without_bmi_leaves_only_the_heart_failure_outputs_empty() -> None:
    row = np.array([EXAMPLE])
    row[0, PREVENT.index("bmi")] = np.nan
    empty = {k for k, v in run("prevent", PREVENT, row).items() if np.isnan(v[0, 0])}
    assert empty == {"hf_10y", "hf_30y"}


@pytest.mark.parametrize("name", ["age", "systolic_bp", "egfr", "diabetes", "sex"])
def test_prevent_gives_no_number_without_a_required_input(name: str) -> None:
    row = np.array([EXAMPLE])
    row[0, PREVENT.index(name)] = np.nan
    assert all(np.isnan(v[0, 0]) for v in run("prevent", PREVENT, row).values())


def test_prevent_agrees_with_every_reference_row() -> None:
    rows = [r for r in reference("prevent.csv") if r["total_cvd_10y"]]
    columns = [
        "age",
        "sex",
        "sbp",
        "bp_tx",
        "total_c",
        "hdl_c",
        "statin",
        "dm",
        "smoking",
        "egfr",
        "bmi",
        "hba1c",
        "uacr",
    ]
    x = np.array(
        [[float(r["sex"] == "male") if c == "sex" else float(r[c] or "nan") for c in columns] for r in rows]
    )
    out = run("prevent", PREVENT, x)
    for column in (c for c in rows[0] if c.endswith(("_10y", "_30y"))):
        wanted = np.array([float(r[column]) for r in rows])
        got = out[column.replace("total_", "")][:, 0]
        assert np.abs(got - wanted).max() <= 0.001, column


def test_ckd_epi_agrees_with_every_reference_row() -> None:
    rows = reference("egfr_ckdepi_cg.csv")
    x = np.array([[float(r["age"]), float(r["sex"]), float(r["creat_mgdl"])] for r in rows])
    got = run("ckd_epi_2021", ["age", "sex", "creatinine"], x)["egfr"][:, 0]
    assert np.abs(got - [float(r["ckdepi2021_cr"]) for r in rows]).max() < 1e-9


def test_ckd_epi_gives_no_number_without_sex() -> None:
    assert np.isnan(
        run("ckd_epi_2021", ["age", "sex", "creatinine"], np.array([[50, np.nan, 0.8]]))["egfr"][0, 0]
    )
