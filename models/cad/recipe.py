"""Obstructive coronary disease on angiography: logistic regression on the Cleveland rows of the UCI heart data.

Run: python models/cad/recipe.py (needs the extra `train` and the development data). Hungary, Long Beach VA and
Switzerland are external: nothing was chosen on them. The kind of model, the terms and the penalty were chosen by
cross-validation on Cleveland; squares and a root of the ST depression did not rank better. docs/looks/cad.md lists each
look at the other sites.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import RepeatedStratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from medgui.evaluation import figures as ev
from medgui.evaluation.report import full_rows, peer_rows
from medgui.evaluation.thresholds import threshold_for
from medgui.workshop.candidates import Candidate, Logistic, Network, Trees
from medgui.workshop.data import data_file
from medgui.workshop.equation import run, save_npz
from medgui.workshop.logistic import Fit, Term, fit, graph
from medgui.workshop.manifest_text import write_generated
from medgui.workshop.reference_data import applicability, heterogeneity, interval_table
from medgui.workshop.selection import compare
from medgui.workshop.selection import rows as comparison_rows

FloatArray = NDArray[np.float64]
HERE = Path(__file__).parent
OUTPUT, LEVEL = "cad", 0.95
PENALTIES = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
FOLDS, REPEATS = 10, 5
GAPS = 0.3  # Cleveland has none; elsewhere an exercise test or a cholesterol is often missing
TRAINING = "Cleveland, cross-validated"
SITES = {"Hungary": "Hungary", "VA": "Long Beach VA", "Switzerland": "Switzerland"}

# standard name: column of the set, unit, groups of codes that have a weight. Levels too rare in Cleveland to weigh
# alone (ST-T abnormality 4 of 303, downsloping ST 21) are joined with their neighbour.
INPUTS: dict[str, tuple[str, str, tuple[tuple[float, ...], ...]]] = {
    "age": ("age", "a", ()),
    "sex": ("sex", "1", ((1.0,),)),
    "chest_pain_type": ("cp", "1", ((1.0,), (2.0,), (3.0,))),
    "systolic_bp": ("trestbps", "mm[Hg]", ()),
    "total_cholesterol": ("chol", "mg/dL", ()),
    "fasting_glucose_over_120": ("fbs", "1", ((1.0,),)),
    "resting_ecg": ("restecg", "1", ((1.0, 2.0),)),
    "max_heart_rate": ("thalach", "/min", ()),
    "exercise_angina": ("exang", "1", ((1.0,),)),
    "st_depression": ("oldpeak", "mm", ()),
    "st_slope": ("slope", "1", ((2.0, 3.0),)),
}
NAMES = tuple(INPUTS)
CODES = {"chest_pain_type": (1, 2, 3, 4), "resting_ecg": (0, 1, 2), "st_slope": (1, 2, 3)}
# accepted range and why
ACCEPTED: dict[str, tuple[float, float, str]] = {
    "age": (18, 90, "Adults; the set has 28 to 77 years"),
    "systolic_bp": (70, 250, "Physiological limits at rest"),
    "total_cholesterol": (50, 650, "Physiological limits"),
    "max_heart_rate": (50, 225, "Physiological limits on exercise"),
    "st_depression": (-3, 8, "Technical limits of the exercise ECG; below 0 is elevation"),
}


def load() -> tuple[FloatArray, FloatArray, NDArray[np.str_]]:
    """Inputs [N, F], outcome [N] and site [N] of all rows of the set."""
    frame = pd.read_csv(data_file("tabular/cad_uci_heart.csv"))
    x = frame[[spec[0] for spec in INPUTS.values()]].to_numpy(dtype=np.float64)
    return x, frame.cad.to_numpy(dtype=np.float64), frame.site.to_numpy(dtype=str)


def terms(x: FloatArray) -> tuple[Term, ...]:
    """Numbers are centred and scaled by the training rows, categories become indicators."""
    return tuple(
        Term(name, groups=groups) if groups else Term(name, float(x[:, i].mean()), float(x[:, i].std()))
        for i, (name, (_column, _unit, groups)) in enumerate(INPUTS.items())
    )


def cross_validated(x: FloatArray, y: FloatArray, penalty: float) -> tuple[FloatArray, FloatArray]:
    """Probability [N] of each row from fits that did not see it (mean of the divisions), and the AUROC of each fold."""
    p, areas = np.zeros(len(x)), []
    folds = RepeatedStratifiedKFold(n_splits=FOLDS, n_repeats=REPEATS, random_state=0)
    for train, test in folds.split(x, y):
        found = fit(terms(x[train]), x[train], y[train], penalty).predict(x[test])
        p[test] += found / REPEATS
        areas.append(ev.auroc(y[test], found).value)
    return p, np.array(areas)


def best_penalty(x: FloatArray, y: FloatArray) -> float:
    """The penalty with the best mean AUROC over the folds."""
    found = {penalty: float(cross_validated(x, y, penalty)[1].mean()) for penalty in PENALTIES}
    for penalty, area in found.items():
        print(f"penalty {penalty:g}: cross-validated AUROC {area:.4f}")
    return max(found, key=lambda penalty: found[penalty])


def compared(x: FloatArray, y: FloatArray) -> list[dict[str, object]]:
    """[[comparison]]: kinds of models by nested cross-validation inside Cleveland."""
    codes = {place: CODES.get(name, (0, 1)) for place, name in enumerate(NAMES) if INPUTS[name][2]}
    tried: tuple[Candidate, ...] = (Logistic(codes), Trees(), Network(codes))
    found = compare(tried, x, y, repeats=3)
    if found.chosen.candidate.id != "logistic":
        raise SystemExit(f"the comparison chose {found.chosen.candidate.id}")
    return comparison_rows(found)


def plain(x: FloatArray, y: FloatArray, rows: FloatArray) -> FloatArray:
    """Probability [N] of `rows` by logistic regression as the library sets it: codes as numbers, gaps at the median."""
    model = make_pipeline(SimpleImputer(strategy="median"), StandardScaler(), LogisticRegression())
    return np.asarray(model.fit(x, y).predict_proba(rows)[:, 1])


def standard_error(model: Fit, x: FloatArray) -> FloatArray:
    """Standard error [N] of the log odds from the inverse of the penalised information."""
    design = np.column_stack([np.ones(len(x)), model.design(x)])
    return np.asarray(np.sqrt(np.einsum("ij,jk,ik->i", design, model.covariance, design)))


def input_tables(x: FloatArray) -> list[dict[str, object]]:
    """[[inputs]] of the manifest."""
    tables: list[dict[str, object]] = []
    for place, (name, (_column, unit, _groups)) in enumerate(INPUTS.items()):
        required = name in ("age", "sex", "chest_pain_type")
        table: dict[str, object] = {"name": name, "unit": unit, "required": required}
        table["missing"] = "refuse" if required else "background"
        if name == "sex":
            table["categories"] = {"female": 0, "male": 1}
        elif name in CODES:
            table["categories"] = {str(code): code for code in CODES[name]}
        if name in ACCEPTED:
            lo, hi, source = ACCEPTED[name]
            table |= {"accepted": [lo, hi], "accepted_source": source}
            table["seen"] = [float(x[:, place].min()), float(x[:, place].max())]
        if name != "age" and name != "sex":
            table["max_age_days"] = 365
        tables.append(table)
    return tables


def threshold(y: FloatArray, p: FloatArray) -> float:
    """Largest probability in hundredths at which 95 of 100 diseased people lie at or above it."""
    return float(np.floor(threshold_for(y, p, 0.95) * 100) / 100)


def groups(x: FloatArray) -> dict[str, list[str]]:
    """Labels of the groups that figures are given for; ethnicity is not recorded."""
    return {
        "sex": np.where(x[:, NAMES.index("sex")] == 1, "male", "female").tolist(),
        "age": ev.age_bands(x[:, NAMES.index("age")], (28, 50, 60, 78)),
    }


def error_of(model: Fit, x: FloatArray, y: FloatArray, own: FloatArray) -> FloatArray:
    """Standard error [N] of the log odds: of the fit, and between groups of sex, age and kind of chest pain."""
    pain = np.where(x[:, NAMES.index("chest_pain_type")] == 4, "asymptomatic", "pain")
    cells = np.array([" ".join(parts) for parts in zip(*groups(x).values(), pain, strict=True)])
    between = heterogeneity(y, own, cells, 5)
    print(f"interval, SD of the log odds between groups {between:.3f}")
    return np.asarray(np.sqrt(standard_error(model, x) ** 2 + between**2))


def words(rows: list[ev.Row], cut: float) -> dict[str, dict[str, str]]:
    """The source attributes that hold figures."""
    at = {(r.dataset, r.metric): r.estimate for r in rows if r.group == "all"}

    def told(dataset: str, language: str) -> str:
        a, b, s = (at[dataset, metric] for metric in ("auroc", "brier", "calibration_slope"))
        if language == "en":
            return (
                f"AUROC {a.value:.3f} ({a.lo:.3f}-{a.hi:.3f}), Brier score {b.value:.3f}, slope {s.value:.2f}"
            )
        return f"AUROC {a.value:.3f}（{a.lo:.3f}-{a.hi:.3f}），Brier 评分 {b.value:.3f}，斜率 {s.value:.2f}"

    hungary, veterans = "Hungary (external)", "Long Beach VA (external)"
    return {
        "performance.validity_internal": {
            "en": f"Cleveland: {told(TRAINING, 'en')}; 95 of 100 diseased lie at {cut:.2f} or above",
            "zh": f"克利夫兰：{told(TRAINING, 'zh')}；100 位患者中 95 位的结果不低于 {cut:.2f}",
        },
        "performance.validity_external": {
            "en": f"Hungary: {told(hungary, 'en')}. Long Beach VA: {told(veterans, 'en')}",
            "zh": f"匈牙利：{told(hungary, 'zh')}。长滩退伍军人医院：{told(veterans, 'zh')}",
        },
    }


def external_rows(
    x: FloatArray, y: FloatArray, site: NDArray[np.str_], model: Fit, cut: float
) -> list[ev.Row]:
    """Figures at the three other sites."""
    inside = site == "Cleveland"
    rows = []
    for place, name in SITES.items():
        part, title = site == place, f"{name} (external)"
        p = model.integrated(x[part], x[inside])
        rows += full_rows(title, y[part], p, groups(x[part]), (cut, 0.5))
        rows += peer_rows(title, y[part], p, {"plain": plain(x[inside], y[inside], x[part])})
    return rows


def main() -> None:
    x_all, y_all, site = load()
    x, y = x_all[site == "Cleveland"], y_all[site == "Cleveland"]
    penalty = best_penalty(x, y)
    own, _areas = cross_validated(x, y, penalty)
    model = fit(terms(x), x, y, penalty)
    onnx_bytes = graph(model, OUTPUT, "medgui cad")
    difference = float(np.abs(run(onnx_bytes, NAMES, x)[OUTPUT] - model.predict(x)).max())
    print(f"penalty {penalty:g}; ONNX against the fit: largest difference {difference:.1e}")
    cut = threshold(y, own)
    rows = external_rows(x_all, y_all, site, model, cut) + full_rows(TRAINING, y, own, groups(x), (cut,))
    (HERE / "model.onnx").write_bytes(onnx_bytes)
    table = interval_table(own, error_of(model, x, y, own), LEVEL, 12)
    save_npz(HERE / "reference.npz", {"background": x, **table, **applicability(x, gaps=GAPS)})
    proof = x[::8]
    save_npz(HERE / "golden.npz", {"x": proof, **run(onnx_bytes, NAMES, proof)})
    write_generated(HERE, words(rows, cut), input_tables(x), rows, compared(x, y))
    for row in rows:
        if row.group == "all":
            e = row.estimate
            print(f"{row.dataset}: {row.metric} {e.value:.4f} ({e.lo:.4f}-{e.hi:.4f}), n {row.n}")


if __name__ == "__main__":
    main()
