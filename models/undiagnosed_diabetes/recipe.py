"""HbA1c of 6.5 % or more in people who were not told of diabetes: logistic regression on NHANES 2017-2018.

Run: python models/undiagnosed_diabetes/recipe.py (needs the extra `train` and the development data; two minutes on one
core). There are no external rows: every figure is cross-validated, the penalty is searched inside each fold. HbA1c,
insulin and tablets are no inputs, nor is the ethnic group. docs/looks/undiagnosed_diabetes.md tells what was tried.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedKFold

from medgui.evaluation import figures as ev
from medgui.evaluation.report import full_rows, peer_rows
from medgui.workshop.candidates import Candidate, Logistic, Network, Trees
from medgui.workshop.data import data_file
from medgui.workshop.equation import run, save_npz
from medgui.workshop.logistic import Fit, Term, fit, graph
from medgui.workshop.manifest_text import write_generated
from medgui.workshop.reference_data import applicability, heterogeneity, interval_table
from medgui.workshop.selection import compare

FloatArray = NDArray[np.float64]
HERE = Path(__file__).parent
OUTPUT = "undiagnosed_diabetes"
TRAINING = "NHANES 2017-2018, cross-validated"
PENALTIES = (100.0, 30.0, 10.0, 3.0)
REPEATS, FOLDS, BACKGROUND = 10, 10, 60
THRESHOLDS = (0.03, 0.05, 0.1)
AGE_EDGES = (20, 40, 60, 70, 81)
BORDERLINE = 2.0
ETHNICITIES = {
    "Non-Hispanic White": "NH White",
    "Non-Hispanic Black": "NH Black",
    "Non-Hispanic Asian": "NH Asian",
    "Mexican American": "Hispanic",
    "Other Hispanic": "Hispanic",
}

# standard name: column of the set, unit, days, accepted range
INPUTS: dict[str, tuple[str, str, int, tuple[float, float] | None]] = {
    "age": ("age", "a", 0, (18, 110)),
    "sex": ("sex", "1", 0, None),
    "bmi": ("bmi", "kg/m2", 365, (7, 110)),
    "waist": ("waist", "cm", 365, (28, 210)),
    "systolic_bp": ("sbp", "mm[Hg]", 365, (36, 280)),
    "heart_rate": ("pulse", "/min", 365, (21, 160)),
    "hdl_cholesterol": ("hdl", "mg/dL", 365, (5, 240)),
    "family_history": ("family_history", "1", 0, None),
    "told_prediabetes": ("told_prediabetes", "1", 0, None),
    "doctor_told_diabetes": ("doctor_told_diabetes", "1", 0, None),
}
NAMES = tuple(INPUTS)
BLANK_IS_NO = ("family_history", "doctor_told_diabetes")
MORE = (
    "dbp",
    "totchol",
    "smoked100",
    "mod_rec_activity",
    "vig_rec_activity",
    "heart_attack",
    "stroke",
)


def load() -> pd.DataFrame:
    """Adults from 20 years with an HbA1c who were not told of diabetes (told of borderline diabetes stays in)."""
    frame = pd.read_csv(data_file("tabular/nhanes_diabetes_2017_18.csv"), dtype={"doctor_told_diabetes": str})
    known = frame.undiagnosed_diabetes.notna() & (frame.age >= 20) & frame.doctor_told_diabetes.ne("1")
    return frame[known].reset_index(drop=True)


def features(frame: pd.DataFrame) -> FloatArray:
    """The inputs [N, F]; NaN is missing. Where a blank counts as no, it is 0: so does the graph read it."""
    values = {name: frame[spec[0]] for name, spec in INPUTS.items()}
    values["sex"] = frame.sex.eq("Male").astype(float)
    values["family_history"] = frame.family_history.notna().astype(float)
    values["doctor_told_diabetes"] = frame.doctor_told_diabetes.eq("Borderline") * BORDERLINE
    return np.column_stack([values[name].to_numpy(dtype=np.float64) for name in NAMES])


def terms(x: FloatArray) -> tuple[Term, ...]:
    """Numbers are centred and scaled by the training rows, yes/no become indicators."""
    made = []
    for place, (name, spec) in enumerate(INPUTS.items()):
        if spec[3] is None:
            code = BORDERLINE if name == "doctor_told_diabetes" else 1.0
            made.append(Term(name, groups=((code,),), blank_is_no=name in BLANK_IS_NO))
        else:
            known = x[:, place]
            made.append(Term(name, float(np.nanmean(known)), float(np.nanstd(known))))
    return tuple(made)


def fitted(x: FloatArray, y: FloatArray, penalty: float) -> Fit:
    """Fit with the design columns that are missing at their mean."""
    blank = Fit(terms(x), 0.0, np.empty(0), np.empty((0, 0)))
    design = blank.design(x)
    filled = np.where(np.isnan(design), np.nanmean(design, axis=0), design)
    plain = tuple(Term(str(i)) for i in range(design.shape[1]))
    found = fit(plain, filled, y, penalty)
    return Fit(blank.terms, found.intercept, found.weights, found.covariance)


def searched(x: FloatArray, y: FloatArray, seed: int) -> float:
    """The penalty with the least log loss in a five-fold cross-validation of these rows, the larger among equals."""
    loss = np.zeros(len(PENALTIES))
    for train, test in StratifiedKFold(5, shuffle=True, random_state=seed).split(x, y):
        for place, penalty in enumerate(PENALTIES):
            p = predicted(fitted(x[train], y[train], penalty), x[test], x[train])
            loss[place] -= (y[test] * np.log(p) + (1 - y[test]) * np.log1p(-p)).sum()
    return PENALTIES[int(np.argmin(loss))]


def predicted(model: Fit, x: FloatArray, people: FloatArray) -> FloatArray:
    """Probability [N]; missing values are integrated over background rows of `people`."""
    return model.integrated(x, background(people))


def background(x: FloatArray) -> FloatArray:
    """Complete rows, evenly taken over rising age and waist."""
    whole = x[~np.isnan(x).any(axis=1)]
    order = np.lexsort((whole[:, NAMES.index("waist")], whole[:, 0]))
    return whole[order[np.linspace(0, len(whole) - 1, BACKGROUND).round().astype(int)]]


def cross_validated(x: FloatArray, y: FloatArray) -> FloatArray:
    """Probability [N] of each row from fits that did not see it, mean of ten ten-fold divisions."""
    p = np.zeros(len(x))
    for repeat in range(REPEATS):
        folds = StratifiedKFold(FOLDS, shuffle=True, random_state=repeat).split(x, y)
        for train, test in folds:
            model = fitted(x[train], y[train], searched(x[train], y[train], repeat))
            p[test] += predicted(model, x[test], x[train]) / REPEATS
    return p


def ada_points(frame: pd.DataFrame) -> FloatArray:
    """Points [N] of the ADA risk test as far as the set has its items; gestational diabetes and treatment are lacking.

    Bang H, Edwards AM, Bomback AS, et al. Ann Intern Med 2009;151:775-783.
    """
    points = np.searchsorted([40, 50, 60], frame.age.to_numpy(), side="right").astype(np.float64)
    points += frame.sex.eq("Male") + frame.family_history.notna()
    points += frame.sbp.ge(140) | frame.dbp.ge(90)
    points += frame.mod_rec_activity.ne(1) & frame.vig_rec_activity.ne(1)
    bmi = np.searchsorted([25, 30, 40], frame.bmi.to_numpy(), side="right").astype(np.float64)
    return np.asarray(points + np.where(frame.bmi.isna(), 0.0, bmi))


def compared(frame: pd.DataFrame, x: FloatArray, y: FloatArray) -> list[dict[str, Any]]:
    """[[comparison]]: the ten inputs or all of the set, by kind of model, in nested cross-validation."""
    more = np.column_stack([x, frame[list(MORE)].to_numpy(dtype=np.float64)])
    more[:, len(NAMES)] = np.where(more[:, len(NAMES)] < 20, np.nan, more[:, len(NAMES)])
    strengths = tuple(1 / penalty for penalty in PENALTIES)
    tried: list[tuple[str, str, FloatArray, Candidate]] = [
        (", 10 inputs", "，10 项输入", x, Logistic(strengths=strengths)),
        (", all 17 inputs", "，全部 17 项输入", more, Logistic(strengths=strengths)),
        (", 10 inputs", "，10 项输入", x, Trees(shapes=((4, 40),), rounds=(60, 120))),
        (", 10 inputs", "，10 项输入", x, Network(penalties=(0.01,))),
    ]
    rows = []
    for english, chinese, table, candidate in tried:
        found = compare([candidate], table, y, outer=10, inner=5, repeats=2).chosen
        name = {"en": candidate.title["en"] + english, "zh": candidate.title["zh"] + chinese}
        value, se = found.mean("auroc"), found.error("auroc")
        rows.append({"candidate": name, "metric": "auroc", "value": value, "se": se, "chosen": False})
    best = max(rows, key=lambda row: row["value"])
    next(row for row in rows if row["value"] >= best["value"] - best["se"])["chosen"] = True
    return rows


def groups(frame: pd.DataFrame) -> dict[str, list[str]]:
    """Sex, age band and ethnic group of each row."""
    return {
        "sex": frame.sex.str.lower().tolist(),
        "age": ev.age_bands(frame.age.to_numpy(dtype=np.float64), AGE_EDGES),
        "ethnicity": frame.race.map(ETHNICITIES).fillna("Other").tolist(),
    }


def standard_error(model: Fit, x: FloatArray) -> FloatArray:
    """Standard error [N] of the log odds from the inverse of the penalised information."""
    columns = model.design(x)
    design = np.column_stack(
        [np.ones(len(x)), np.where(np.isnan(columns), np.nanmean(columns, axis=0), columns)]
    )
    return np.asarray(np.sqrt(np.einsum("ij,jk,ik->i", design, model.covariance, design)))


def input_tables(x: FloatArray) -> list[dict[str, Any]]:
    """[[inputs]] of the manifest."""
    tables: list[dict[str, Any]] = []
    for place, (name, (column, unit, days, accepted)) in enumerate(INPUTS.items()):
        required = name in ("age", "sex")
        way = "refuse" if required else ("graph" if name in BLANK_IS_NO else "background")
        table: dict[str, Any] = {"name": name, "unit": unit, "required": required, "missing": way}
        if name == "sex":
            table["categories"] = {"female": 0, "male": 1}
        elif name == "doctor_told_diabetes":
            table["categories"] = {"no": 0, "Borderline": BORDERLINE}
            table["title"] = {"en": "Told of borderline diabetes", "zh": "曾被告知糖尿病临界状态"}
        elif accepted is None:
            table["categories"] = {"no": 0, "yes": 1}
            table["assume_absent"] = True
        else:
            lo, hi = float(np.nanmin(x[:, place])), float(np.nanmax(x[:, place]))
            source = (
                "Adults" if name == "age" else "About half the smallest to 1.25 times the largest value seen"
            )
            table |= {
                "accepted": list(accepted),
                "accepted_source": source,
                "seen": [round(lo, 1), round(hi, 1)],
            }
            q = np.nanquantile(x[:, place], [0.05, 0.95])
            table["plausible"] = [float(f"{q[0]:.2g}"), float(f"{q[1]:.2g}")]
        if days:
            table["max_age_days"] = days
        if name == "family_history":
            table["spellings"] = {"Family history": "yes"}
        if column != name:
            table["columns"] = [column]
        tables.append(table)
    return tables


def words(rows: list[ev.Row]) -> dict[str, dict[str, str]]:
    """The source attributes that hold figures."""
    at = {r.metric: r.estimate for r in rows if r.group == "all"}
    a, b, s, d = (at[m] for m in ("auroc", "brier", "calibration_slope", "auroc_minus_ada"))
    gaps = sorted(
        r.estimate.value
        for r in rows
        if r.group.startswith("ethnicity:") and r.metric == "calibration_in_the_large"
    )
    return {
        "performance.validity_internal": {
            "en": f"AUROC {a.value:.3f} ({a.lo:.3f}-{a.hi:.3f}), Brier score {b.value:.4f}, slope {s.value:.2f}; "
            f"{d.value:+.3f} ({d.lo:+.3f} to {d.hi:+.3f}) against the ADA points that the set has",
            "zh": f"AUROC {a.value:.3f}（{a.lo:.3f}-{a.hi:.3f}），Brier 评分 {b.value:.4f}，斜率 {s.value:.2f}；"
            f"与数据集可得的 ADA 评分相比 {d.value:+.3f}（{d.lo:+.3f} 至 {d.hi:+.3f}）",
        },
        "performance.fairness_internal": {
            "en": f"Calibration in the large {gaps[0]:+.2f} to {gaps[-1]:+.2f} log odds over ethnic groups; "
            "rates are listed",
            "zh": f"各族裔总体校准偏差为 {gaps[0]:+.2f} 至 {gaps[-1]:+.2f}（对数优势）；预测率与实际发生率列于下文",
        },
    }


def main() -> None:
    frame = load()
    x, y = features(frame), frame.undiagnosed_diabetes.to_numpy(dtype=np.float64)
    own = cross_validated(x, y)
    model = fitted(x, y, searched(x, y, 0))
    onnx_bytes = graph(model, OUTPUT, "medgui undiagnosed_diabetes")
    people = background(x)
    whole = x[~np.isnan(x).any(axis=1)]
    difference = float(np.abs(run(onnx_bytes, NAMES, whole)[OUTPUT] - model.predict(whole)).max())
    rows = full_rows(TRAINING, y, own, groups(frame), THRESHOLDS)
    rows += peer_rows(
        TRAINING, y, own, {"ada": ada_points(frame), "age": frame.age.to_numpy(dtype=np.float64)}
    )
    labels = groups(frame)
    cells = np.array([f"{a} {b}" for a, b in zip(labels["sex"], labels["ethnicity"], strict=True)])
    between = heterogeneity(y, own, cells, smallest=5)
    error = np.sqrt(standard_error(model, x) ** 2 + between**2)
    (HERE / "model.onnx").write_bytes(onnx_bytes)
    reference = {"background": people, **interval_table(own, error, 0.9, 12), **applicability(x)}
    save_npz(HERE / "reference.npz", reference)
    proof = whole[:: len(whole) // 40]
    save_npz(HERE / "golden.npz", {"x": proof, **run(onnx_bytes, NAMES, proof)})
    comparison = compared(frame, x, y)
    write_generated(HERE, words(rows), input_tables(x), rows, comparison)
    lines = [f"ONNX against the fit: largest difference {difference:.1e}", f"between groups {between:.3f}"]
    lines += [f"{t['candidate']['en']}: {t['value']:.4f} ± {t['se']:.4f} {t['chosen']}" for t in comparison]
    lines += [
        f"{row.group}: {row.metric} {row.estimate.value:.4f} ({row.estimate.lo:.4f} to {row.estimate.hi:.4f})"
        for row in rows
    ]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
