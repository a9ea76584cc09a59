"""Obstructive coronary disease on angiography: logistic regression on the Cleveland rows of the UCI heart data.

Run: python models/cad/recipe.py (needs the extra `train` and the development data). Hungary, Long Beach VA and
Switzerland are external: nothing was chosen on them. The penalty and the terms were chosen by repeated ten-fold
cross-validation on Cleveland (docs/adr/0010); squares and a root of the ST depression did not rank better.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.model_selection import RepeatedStratifiedKFold

from medgui.evaluation import figures as ev
from medgui.evaluation.thresholds import at_threshold
from medgui.workshop.data import data_file
from medgui.workshop.equation import run, save_npz
from medgui.workshop.logistic import Fit, Term, fit, graph
from medgui.workshop.manifest_text import write_generated
from medgui.workshop.reference_data import applicability, interval_table

FloatArray = NDArray[np.float64]
HERE = Path(__file__).parent
OUTPUT, PENALTY = "cad", 1.0
TRAINING = "Cleveland, cross-validated"

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


def cross_validated(x: FloatArray, y: FloatArray) -> FloatArray:
    """Probability [N] of each row from fits that did not see it, mean of five ten-fold divisions."""
    p = np.zeros(len(x))
    for train, test in RepeatedStratifiedKFold(n_splits=10, n_repeats=5, random_state=0).split(x, y):
        p[test] += fit(terms(x[train]), x[train], y[train], PENALTY).predict(x[test]) / 5
    return p


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
    """Largest probability at which 95 of 100 diseased people of the cross-validation lie at or above it."""
    return float(np.floor(np.quantile(p[y > 0], 0.05) * 100) / 100)


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


def main() -> None:
    x_all, y_all, site = load()
    x, y = x_all[site == "Cleveland"], y_all[site == "Cleveland"]
    model = fit(terms(x), x, y, PENALTY)
    onnx_bytes = graph(model, OUTPUT, "medgui cad")
    difference = float(np.abs(run(onnx_bytes, NAMES, x)[OUTPUT] - model.predict(x)).max())
    print(f"ONNX against the fit: largest difference {difference:.1e}")
    own = cross_validated(x, y)
    p_all = model.integrated(x_all, x)
    rows = []
    for name, place in (("Hungary", "Hungary"), ("Long Beach VA", "VA"), ("Switzerland", "Switzerland")):
        part = site == place
        title = f"{name} (external)"
        rows += ev.whole_rows(title, y_all[part], p_all[part])
        labels = {
            "sex": np.where(x_all[part, 1] == 1, "male", "female").tolist(),
            "age": ev.age_bands(x_all[part, 0], (28, 50, 60, 78)),
        }
        rows += ev.group_rows(title, y_all[part], p_all[part], labels)
    rows += ev.whole_rows(TRAINING, y, own)
    cut = threshold(y, own)
    for metric, estimate in at_threshold(y, own, cut).items():
        if metric in ("precision", "recall"):
            continue
        rows.append(ev.Row(TRAINING, "all", metric, estimate, len(y), int(y.sum()), own.mean(), y.mean()))
    (HERE / "model.onnx").write_bytes(onnx_bytes)
    error = standard_error(model, x)
    reference = {
        "background": x,
        **interval_table(model.predict(x), error, 0.9, 12),
        **applicability(x, 0.98),
    }
    save_npz(HERE / "reference.npz", reference)
    proof = x[::8]
    save_npz(HERE / "golden.npz", {"x": proof, **run(onnx_bytes, NAMES, proof)})
    write_generated(HERE, words(rows, cut), input_tables(x), rows)
    for row in rows:
        if row.group == "all":
            e = row.estimate
            print(f"{row.dataset}: {row.metric} {e.value:.4f} ({e.lo:.4f}-{e.hi:.4f}), n {row.n}")


if __name__ == "__main__":
    main()
