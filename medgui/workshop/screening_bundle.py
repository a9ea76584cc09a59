"""From a screen of `screening` to its bundle: graph, reference data, golden rows, figures and manifest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from medgui.evaluation.figures import Estimate, Row, sigmoid, whole_rows
from medgui.evaluation.groups import fairness_rows
from medgui.evaluation.report import full_rows, peer_rows
from medgui.workshop import screening_groups
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
STATED = ", ethnicity stated"
"""Added to the name of a data set where the group of each person was given."""
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
    found = group_shifts(screen, inner, own)
    model = graph(screen, final, intercept, slope, found)
    blank = [without_group(rows.x, screen) for rows in (inner, outer)]
    for x in (np.vstack(blank), *([np.vstack([inner.x, outer.x])] if found else [])):
        proved(screen, model, final, (intercept, slope), found, x)
    p_inner, p = (run(model, screen.inputs, x) for x in blank)
    rows = evaluation(screen, inner, outer, own, p, thresholds)
    if found:
        rows += with_group(inner, outer, own, run(model, screen.inputs, outer.x), thresholds)
    if before is not None:
        rows += earlier(before)
    comparison = compared(screen, inner)
    (folder / "model.onnx").write_bytes(model)
    save_npz(folder / "reference.npz", reference(screen, inner, own, slope, p_inner, RESAMPLES))
    proof = golden(screen, inner.x)
    save_npz(folder / "golden.npz", {"x": proof, screen.output: run(model, screen.inputs, proof)})
    write_generated(folder, words(rows), input_tables(screen, inner.x), rows, comparison)
    report(rows, comparison)


def group_shifts(screen: Screen, inner: Rows, own: FloatArray) -> dict[str, float]:
    """Shift of the log odds of each ethnic group; none where the screen is not `grouped`."""
    if not screen.grouped:
        return {}
    found = screening_groups.shifts(own, inner.y, inner.ethnicity, inner.cycle)
    say(f"log odds that a stated group adds: {', '.join(f'{k} {v:+.3f}' for k, v in found.items())}")
    return found


def graph(
    screen: Screen, models: Sequence[Any], intercept: float, slope: float, found: Mapping[str, float]
) -> bytes:
    """Serialised graph of the recalibrated boosters, and of the groups' shifts."""
    added = [screening_groups.tree(found, len(screen.names))] if found else []
    dumps = [booster.dump_model() for booster in models]
    return ensemble_graph(dumps, screen.inputs, screen.output, intercept, slope, f"medgui {screen.id}", added)


def without_group(x: FloatArray, screen: Screen) -> FloatArray:
    """The rows x [N, F] with no group stated."""
    blank = x.copy()
    blank[:, len(screen.names) :] = np.nan
    return blank


def proved(
    screen: Screen,
    model: bytes,
    models: Sequence[Any],
    map_: tuple[float, float],
    found: Mapping[str, float],
    x: FloatArray,
) -> None:
    """Stop where the graph does not give the library's answers for the rows x [N, F]."""
    margins = map_[0] + map_[1] * margin(models, x)
    if found:
        by_code = np.array(
            [found[name] for name in sorted(found, key=lambda name: screening_groups.GROUPS[name])]
        )
        group = x[:, -1]
        margins += np.where(np.isnan(group), 0.0, by_code[np.nan_to_num(group).astype(int)])
    difference = float(np.abs(run(model, screen.inputs, x) - sigmoid(margins)).max())
    say(f"ONNX against LightGBM on {len(x)} rows: largest difference {difference:.2e}")
    if difference > TOLERANCE:
        raise SystemExit("the graph does not give the library's answers")


def run(model: bytes, names: Sequence[str], x: FloatArray) -> FloatArray:
    """Probability [N] of the ONNX graph."""
    session = ort.InferenceSession(model, providers=["CPUExecutionProvider"])
    feed = {name: x[:, i : i + 1].astype(np.float32) for i, name in enumerate(names)}
    return np.asarray(session.run(None, feed)[0], dtype=np.float64).reshape(-1)


def golden(screen: Screen, x: FloatArray) -> FloatArray:
    """Rows for the proof of an execution provider: people of the training survey, some values taken away."""
    rows = x[np.random.default_rng(9).choice(len(x), 48, replace=False)]
    optional = [i for i, name in enumerate(screen.inputs) if name not in ("age", "sex")]
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


def with_group(
    inner: Rows, outer: Rows, own: FloatArray, p: FloatArray, thresholds: Sequence[float]
) -> list[Row]:
    """The figures where each person's group is stated: on the external rows, and with shifts of the other cycles."""
    rows = full_rows(EXTERNAL + STATED, outer.y, p, outer.groups(), thresholds, outer.weight)
    moved = screening_groups.moved_by_others(own, inner.y, inner.ethnicity, inner.cycle)
    name = TRAINING + STATED
    return rows + whole_rows(name, inner.y, moved) + fairness_rows(name, inner.y, moved, inner.groups())


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
    tables = [_input(name, x[:, place]) for place, name in enumerate(screen.names)]
    return [*tables, _group_input()] if screen.grouped else tables


def _group_input() -> dict[str, Any]:
    """The ethnic group: never asked for, a marker (SAFETY 23); the graph reads its absence."""
    table: dict[str, Any] = {
        "name": screening_groups.NAME,
        "unit": "1",
        "required": False,
        "missing": "graph",
    }
    return table | {"categories": dict(screening_groups.GROUPS), "marker": True, "columns": ["demo_race"]}


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
    texts = {}
    for key, dataset in (
        ("performance.validity_internal", TRAINING),
        ("performance.validity_external", EXTERNAL),
    ):
        texts[key] = {language: _validity(at, dataset, language) for language in LABELS}
    plain, stated = (_gaps(rows, dataset) for dataset in (EXTERNAL, EXTERNAL + STATED))
    english = f"Calibration in the large {plain} log odds over ethnic groups"
    chinese = f"各族裔总体校准偏差为 {plain.replace(' to ', ' 至 ')}（对数优势）"
    if stated:
        english += f" where the group is not stated, {stated} where it is"
        told = [text.replace(" to ", " 至 ") for text in (plain, stated)]
        chinese = f"各族裔总体校准偏差（对数优势）：未注明族裔时为 {told[0]}，注明时为 {told[1]}"
    texts["performance.fairness_external"] = {
        "en": f"{english}; rates are listed",
        "zh": f"{chinese}；预测率与实际发生率列于下文",
    }
    return texts


def _gaps(rows: Sequence[Row], dataset: str) -> str:
    """Smallest and largest calibration in the large over the ethnic groups; empty where the data set has none."""
    metric = "calibration_in_the_large"
    found = [
        r.estimate.value
        for r in rows
        if r.dataset == dataset and r.metric == metric and "ethnicity:" in r.group
    ]
    if not found:
        return ""
    return f"{min(found):+.2f} to {max(found):+.2f}"


def _validity(at: Mapping[tuple[str, str, str], Estimate], dataset: str, language: str) -> str:
    """The chief figures of a data set, and of the same people with their group stated."""
    parts = [
        _told([at[name, "all", m] for m in ("auroc", "brier", "calibration_slope")], language)
        for name in (dataset, dataset + STATED)
        if (name, "all", "auroc") in at
    ]
    between = {"en": "; with ethnicity stated ", "zh": "；注明族裔时 "}[language]
    return between.join(parts)


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
