"""From a screen of `screening` to its bundle: graph, reference data, golden rows, figures and manifest."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from medgui.evaluation.figures import Estimate, Row, sigmoid, whole_rows
from medgui.evaluation.groups import fairness_rows
from medgui.evaluation.report import full_rows, peer_rows
from medgui.workshop.equation import save_npz
from medgui.workshop.manifest_text import write_generated
from medgui.workshop.screening import (
    CLASSES,
    INPUTS,
    LABELS,
    TOP_CODE,
    YES_NO_INPUTS,
    Rows,
    Screen,
    boosters,
    calibrated,
    compared,
    cross_fitted,
    load,
    margin,
    reference,
    say,
)
from medgui.workshop.trees import ensemble_graph

FloatArray = NDArray[np.float64]
TRAINING = "NHANES 1999-2010, one survey cycle left out"
EXTERNAL = "NHANES 2011-2020 (external)"
RESAMPLES = 10
TOLERANCE = 1e-6

OTHER_COLUMNS = {
    "systolic_bp": ("sbp",),
    "diastolic_bp": ("dbp",),
    "lymphocytes_percent": ("lymph",),
}
ANSWERS = {"no": 0, "yes": 1}
NEVER_IMPUTED = ("bp_med_n_class",)
"""Blank in people without treatment: the graph reads the blank, and nothing is imputed."""
FROM = {"egfr": "ckd_epi_2021.egfr"}
"""Computed by another bundle where the record has none of its own."""
TITLES = {"bp_med_n_class": {"en": "Blood-pressure drug classes", "zh": "降压药种类数"}}


def make(folder: Path, screen: Screen, *, thresholds: Sequence[float], before: Screen | None = None) -> None:
    """Write the bundle of `screen` into `folder`. before: the plain design whose groups stand beside it in the card."""
    inner, outer = load(screen, external=False), load(screen, external=True)
    intercept, slope, own = calibrated(cross_fitted(screen, inner), inner.y)
    final = boosters(screen, inner, 20)
    dumps = [booster.dump_model() for booster in final]
    model = ensemble_graph(dumps, screen.names, screen.output, intercept, slope, f"medgui {screen.id}")
    everyone = np.vstack([inner.x, outer.x])
    found = run(model, screen.names, everyone)
    difference = float(np.abs(found - sigmoid(intercept + slope * margin(final, everyone))).max())
    say(f"ONNX against LightGBM on {len(everyone)} rows: largest difference {difference:.2e}")
    if difference > TOLERANCE:
        raise SystemExit("the graph does not give the library's answers")
    p_inner, p_outer = found[: len(inner.y)], found[len(inner.y) :]
    rows = evaluation(screen, inner, outer, own, p_outer, thresholds)
    if before is not None:
        rows += earlier(before)
    comparison = compared(screen, inner)
    (folder / "model.onnx").write_bytes(model)
    save_npz(folder / "reference.npz", reference(screen, inner, own, slope, p_inner, RESAMPLES))
    proof = golden(screen, inner.x)
    save_npz(folder / "golden.npz", {"x": proof, screen.output: run(model, screen.names, proof)})
    write_generated(folder, words(rows), input_tables(screen, inner.x), rows, comparison)
    report(rows, comparison)


def run(model: bytes, names: Sequence[str], x: FloatArray) -> FloatArray:
    """Probability [N] of the ONNX graph."""
    session = ort.InferenceSession(model, providers=["CPUExecutionProvider"])
    feed = {name: x[:, i : i + 1].astype(np.float32) for i, name in enumerate(names)}
    return np.asarray(session.run(None, feed)[0], dtype=np.float64).reshape(-1)


def golden(screen: Screen, x: FloatArray) -> FloatArray:
    """Rows for the proof of an execution provider: people of the training survey, some values taken away."""
    rows = x[np.random.default_rng(9).choice(len(x), 48, replace=False)]
    optional = [i for i, name in enumerate(screen.names) if name not in ("age", "sex")]
    rows[np.ix_(np.arange(8), optional)] = np.nan
    return rows


def evaluation(
    screen: Screen, inner: Rows, outer: Rows, own: FloatArray, p: FloatArray, thresholds: Sequence[float]
) -> list[Row]:
    """Every figure on the external rows, age and sex alone beside it, then the cross-fitted figures."""
    rows = full_rows(EXTERNAL, outer.y, p, outer.groups(), thresholds, outer.weight)
    rows += peer_rows(EXTERNAL, outer.y, p, {"age_sex": age_and_sex(inner, outer), "age": outer.age})
    for cycle in np.unique(outer.cycle).tolist():
        part = outer.cycle == cycle
        rows += whole_rows(f"NHANES {cycle} (external)", outer.y[part], p[part])
    return rows + whole_rows(TRAINING, inner.y, own) + fairness_rows(TRAINING, inner.y, own, inner.groups())


def earlier(before: Screen) -> list[Row]:
    """The plain design's figures by ethnic group, on the external rows and inside the training survey."""
    inner, outer = load(before, external=False), load(before, external=True)
    intercept, slope, own = calibrated(cross_fitted(before, inner), inner.y)
    p = sigmoid(intercept + slope * margin(boosters(before, inner, 20), outer.x))
    rows = []
    for dataset, people, found in ((EXTERNAL, outer, p), (TRAINING, inner, own)):
        name = f"{dataset}, before the remedy"
        ethnic = {"ethnicity": people.groups()["ethnicity"]}
        rows += whole_rows(name, people.y, found) + fairness_rows(name, people.y, found, ethnic)
    return rows


def age_and_sex(inner: Rows, outer: Rows) -> FloatArray:
    """Score [N] of a logistic regression of age, age squared and sex."""

    def design(rows: Rows) -> FloatArray:
        decades = rows.age / 10
        return np.column_stack([decades, decades**2, rows.male.astype(np.float64)])

    model = LogisticRegression(C=1e6, max_iter=5000).fit(design(inner), inner.y)
    return np.asarray(model.decision_function(design(outer)))


def input_tables(screen: Screen, x: FloatArray) -> list[dict[str, Any]]:
    """[[inputs]] of the manifest; seen: the range in training; accepted: half the smallest to 1.25 of the largest."""
    return [_input(name, x[:, place]) for place, name in enumerate(screen.names)]


def _input(name: str, values: FloatArray) -> dict[str, Any]:
    column, unit, days, _direction = INPUTS[name]
    required = name in ("age", "sex")
    table: dict[str, Any] = {"name": name, "unit": unit, "required": required}
    table["missing"] = "refuse" if required else ("graph" if name in NEVER_IMPUTED else "branch")
    lo, hi = float(np.nanmin(values)), float(np.nanmax(values))
    if name == "age":
        table |= {"accepted": [18, 110], "accepted_source": "Adults", "seen": [lo, TOP_CODE]}
    elif name == "sex":
        table["categories"] = {"female": 0, "male": 1}
    elif name == "bp_med_n_class":
        table["categories"] = {"None": 0, **{text: int(code) for text, code in CLASSES.items()}}
    elif name in YES_NO_INPUTS:
        table["categories"] = ANSWERS
    else:
        source = "Half the smallest to 1.25 times the largest value seen in training"
        table |= {"accepted": [two_digits(0.5 * lo), two_digits(1.25 * hi)], "accepted_source": source}
        table["seen"] = [round(lo, 2), round(hi, 2)]
        q = np.nanquantile(values, [0.05, 0.95])
        table["plausible"] = [two_digits(float(q[0])), two_digits(float(q[1]))]
    if days:
        table["max_age_days"] = days
    if name in YES_NO_INPUTS and name != "current_smoker":
        table["assume_absent"] = True
    if name == "bp_treatment":
        table["marker"] = True
    if name in FROM:
        table["from"] = FROM[name]
    if name in TITLES:
        table["title"] = TITLES[name]
    others = [each for each in (column, *OTHER_COLUMNS.get(name, ())) if each != name]
    if others:
        table["columns"] = others
    return table


def two_digits(value: float) -> float:
    """Rounded to two significant digits."""
    return float(f"{value:.2g}")


def words(rows: Sequence[Row]) -> dict[str, dict[str, str]]:
    """The source attributes that hold figures."""
    at = {(r.dataset, r.group, r.metric): r.estimate for r in rows}
    gaps = [r for r in rows if r.dataset == EXTERNAL and r.metric == "calibration_in_the_large"]
    by = sorted(r.estimate.value for r in gaps if r.group.startswith("ethnicity"))
    texts = {}
    for key, dataset in (
        ("performance.validity_internal", TRAINING),
        ("performance.validity_external", EXTERNAL),
    ):
        figures = [at[dataset, "all", m] for m in ("auroc", "brier", "calibration_slope")]
        texts[key] = {language: _told(figures, language) for language in LABELS}
    texts["performance.fairness_external"] = {
        "en": f"Calibration in the large {by[0]:+.2f} to {by[-1]:+.2f} log odds over ethnic groups; rates are listed",
        "zh": f"各族裔总体校准偏差为 {by[0]:+.2f} 至 {by[-1]:+.2f}（对数优势）；预测率与实际发生率列于下文",
    }
    return texts


def _told(figures: Sequence[Estimate], language: str) -> str:
    a, b, s = figures
    if language == "en":
        return f"AUROC {a.value:.3f} ({a.lo:.3f}-{a.hi:.3f}), Brier score {b.value:.4f}, slope {s.value:.2f}"
    return f"AUROC {a.value:.3f}（{a.lo:.3f}-{a.hi:.3f}），Brier 评分 {b.value:.4f}，斜率 {s.value:.2f}"


def report(rows: Sequence[Row], comparison: Sequence[dict[str, Any]]) -> None:
    """Print what somebody who runs the recipe wants to see."""
    for tried in comparison:
        mark = " (chosen)" if tried["chosen"] else ""
        say(f"{tried['candidate']['en']}: AUROC {tried['value']:.4f} ± {tried['se']:.4f}{mark}")
    shown = ("auroc", "brier", "calibration_in_the_large", "calibration_slope", "auroc_minus_age_sex")
    for row in rows:
        if row.metric in shown or (row.group == "all" and row.metric.endswith("weighted")):
            e = row.estimate
            rates = f"predicted {row.predicted:.3f} observed {row.observed:.3f}"
            limits = f"({e.lo:.4f} to {e.hi:.4f})"
            say(f"{row.dataset} | {row.group} | {row.metric} {e.value:.4f} {limits} n {row.n} {rates}")
