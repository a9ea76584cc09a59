"""AHA PREVENT 2023 (Khan et al., Circulation 2024;149:430-449) as one ONNX graph.

Four variants (base, +HbA1c, +UACR, both) are chosen by which of the two inputs is known. With both, the
full equation is used with its own term for an unknown social deprivation index. Logistic link, no rounding.
Coefficients: coefficients.csv (supplementary tables S12A-J of the paper). Cholesterol: 0.02586 mmol/L per mg/dL.
Run: python models/prevent/recipe.py
"""

import csv
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import spox.opset.ai.onnx.v21 as op
from numpy.typing import NDArray
from spox import Var

from medgui.workshop.equation import as_flag, number, or_zero, write_equation

FOLDER = Path(__file__).parent
INPUTS = (
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
)
VARIANTS = ("base", "hba1c", "uacr", "full")
OUTCOMES = {"total_cvd": "cvd", "ascvd": "ascvd", "hf": "hf", "chd": "chd", "stroke": "stroke"}
HORIZONS = {"10yr": "10y", "30yr": "30y"}


def scaled(x: Var, centre: float, unit: float) -> Var:
    return op.div(op.sub(x, number(centre)), number(unit))


def terms(x: Mapping[str, Var]) -> dict[str, Var]:
    """The centred and scaled terms of the paper, each [N, 1]; unknown HbA1c, UACR and BMI count as 0."""
    mmol = number(0.02586)
    age = scaled(x["age"], 55.0, 10.0)
    hdl_mmol = op.mul(x["hdl_cholesterol"], mmol)
    nonhdl = scaled(op.sub(op.mul(x["total_cholesterol"], mmol), hdl_mmol), 3.5, 1.0)
    hdl = scaled(hdl_mmol, 1.3, 0.3)
    sbp_low = scaled(op.min([x["systolic_bp"], number(110.0)]), 110.0, 20.0)
    sbp_high = scaled(op.max([x["systolic_bp"], number(110.0)]), 130.0, 20.0)
    egfr_low = scaled(op.min([x["egfr"], number(60.0)]), 60.0, -15.0)
    egfr_high = scaled(op.max([x["egfr"], number(60.0)]), 90.0, -15.0)
    bmi_low = or_zero(scaled(op.min([x["bmi"], number(30.0)]), 25.0, 5.0))
    bmi_high = or_zero(scaled(op.max([x["bmi"], number(30.0)]), 30.0, 5.0))
    hba1c = or_zero(scaled(x["hba1c"], 5.3, 1.0))
    diabetes, treated, statin = x["diabetes"], x["bp_treatment"], x["statin"]
    return {
        "age": age,
        "age_sq": op.mul(age, age),
        "nonhdl": nonhdl,
        "hdl": hdl,
        "sbp_lt110": sbp_low,
        "sbp_ge110": sbp_high,
        "diabetes": diabetes,
        "smoking": x["current_smoker"],
        "bmi_lt30": bmi_low,
        "bmi_ge30": bmi_high,
        "egfr_lt60": egfr_low,
        "egfr_ge60": egfr_high,
        "bp_treated": treated,
        "statin": statin,
        "bptx_x_sbp_ge110": op.mul(treated, sbp_high),
        "statin_x_nonhdl": op.mul(statin, nonhdl),
        "age_x_nonhdl": op.mul(age, nonhdl),
        "age_x_hdl": op.mul(age, hdl),
        "age_x_sbp_ge110": op.mul(age, sbp_high),
        "age_x_diabetes": op.mul(age, diabetes),
        "age_x_smoking": op.mul(age, x["current_smoker"]),
        "age_x_bmi_ge30": op.mul(age, bmi_high),
        "age_x_egfr_lt60": op.mul(age, egfr_low),
        "hba1c_dm": op.mul(hba1c, diabetes),
        "hba1c_nodm": op.mul(hba1c, op.sub(number(1.0), diabetes)),
        "ln_uacr": or_zero(op.log(x["uacr"])),
        "sdi_missing": op.add(op.mul(age, number(0.0)), number(1.0)),
        "constant": op.add(op.mul(age, number(0.0)), number(1.0)),
    }


def weights(names: list[str]) -> NDArray[np.float64]:
    """Coefficients [terms, variant x sex x output]; outputs: five outcomes at 10, then at 30 years."""
    with (FOLDER / "coefficients.csv").open(newline="", encoding="utf-8") as f:
        rows = {(r["variant"], r["sex"], r["horizon"], r["outcome"]): r for r in csv.DictReader(f)}
    columns = [
        [float(rows[v, s, h, o][name] or 0.0) for name in names]
        for v in VARIANTS
        for s in ("female", "male")
        for h in HORIZONS
        for o in OUTCOMES
    ]
    return np.array(columns).T.copy()


def graph(x: Mapping[str, Var]) -> dict[str, Var]:
    """sex: 0 female, 1 male. Unknown BMI leaves the heart-failure outputs without a number."""
    named = terms(x)
    stacked = op.concat(list(named.values()), axis=1)
    linear = op.matmul(stacked, op.const(weights(list(named))))
    by_variant = op.reshape(linear, op.const(np.array([-1, 8, 10], dtype=np.int64)))
    has_hba1c = as_flag(op.not_(op.isnan(x["hba1c"])))
    has_uacr = as_flag(op.not_(op.isnan(x["uacr"])))
    index = op.add(op.add(op.mul(has_hba1c, number(2.0)), op.mul(has_uacr, number(4.0))), x["sex"])
    picked = as_flag(op.equal(index, op.const(np.arange(8, dtype=np.float64)[None, :])))
    chosen = op.reduce_sum(
        op.mul(by_variant, op.unsqueeze(picked, op.const(np.array([2])))), op.const(np.array([1])), keepdims=0
    )
    known_sex = op.add(chosen, op.mul(x["sex"], number(0.0)))
    risk = op.sigmoid(known_sex)
    outputs = {}
    names = [f"{o}_{h}" for h in HORIZONS.values() for o in OUTCOMES.values()]
    for i, name in enumerate(names):
        value = op.gather(risk, op.const(np.array([i])), axis=1)
        if name.startswith("hf_"):
            value = op.add(value, op.mul(x["bmi"], number(0.0)))
        outputs[name] = value
    return outputs


def golden_rows() -> NDArray[np.float64]:
    """60 seeded rows over the accepted ranges, all four variants and unknown BMI, after the published example."""
    random = np.random.default_rng(2023)
    low = np.array([30, 0, 90, 0, 130, 20, 0, 0, 0, 15, 18.5, 4.5, 0.5])
    high = np.array([79, 1, 180, 1, 320, 100, 1, 1, 1, 140, 39.9, 12, 900])
    rows = low + (high - low) * random.random((60, len(INPUTS)))
    rows[:, [1, 3, 6, 7, 8]] = random.integers(0, 2, (60, 5))
    rows[::2, 11] = np.nan
    rows[::3, 12] = np.nan
    rows[::7, 10] = np.nan
    example = [50, 0, 160, 1, 200, 45, 0, 1, 0, 90, 35, np.nan, np.nan]
    return np.vstack([example, rows]).astype(np.float64)


def main() -> None:
    reference = np.array(
        [[50, s, 120, 0, 185.6, 50.3, 0, 0, 0, 90, 25, 5.3, 5] for s in (0, 1)], dtype=np.float64
    )
    write_equation(FOLDER, INPUTS, graph, golden_rows(), reference)


if __name__ == "__main__":
    main()
