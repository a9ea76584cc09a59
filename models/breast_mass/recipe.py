"""Malignancy of a mammographic mass: logistic regression on the UCI Mammographic Mass data (Erlangen 2003-2006).

Run: python models/breast_mass/recipe.py (needs the extra `train` and the development data). BI-RADS 0 and 6 and the
impossible code 55 are left out. The kind of model and the penalty were chosen by cross-validation (docs/adr/0010).
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
OUTPUT, PENALTY, LEVEL = "malignant", 1 / 0.3, 0.95
THRESHOLDS = (0.02, 0.1)
FOLDS = RepeatedStratifiedKFold(n_splits=10, n_repeats=3, random_state=0)
TRAINING = "Mammographic Mass (Erlangen), cross-validated"
# standard name: column of the set, codes
INPUTS: dict[str, tuple[str, tuple[int, ...]]] = {
    "birads": ("birads", (2, 3, 4, 5)),
    "age": ("age", ()),
    "mass_shape": ("shape", (1, 2, 3, 4)),
    "mass_margin": ("margin", (1, 2, 3, 4, 5)),
    "mass_density": ("density", (1, 2, 3, 4)),
}
NAMES = tuple(INPUTS)
AGE, BIRADS = NAMES.index("age"), NAMES.index("birads")


def load() -> tuple[FloatArray, FloatArray]:
    """Inputs [N, F] and biopsy result [N] of the masses with a BI-RADS category of 2 to 5 and an age."""
    frame = pd.read_csv(data_file("tabular/breast_mammographic_mass.csv"))
    frame = frame[frame.birads.isin(INPUTS["birads"][1]) & frame.age.notna()]
    x = frame[[column for column, _codes in INPUTS.values()]].to_numpy(dtype=np.float64)
    return x, frame.malignant.to_numpy(dtype=np.float64)


def terms(x: FloatArray) -> tuple[Term, ...]:
    """Age centred and scaled; each category an indicator, BI-RADS 4 the one without."""
    found = []
    for place, (name, (_column, codes)) in enumerate(INPUTS.items()):
        groups = tuple((float(code),) for code in codes if (name, code) != ("birads", 4))
        found.append(
            Term(name, groups=groups)
            if codes
            else Term(name, float(x[:, place].mean()), float(x[:, place].std()))
        )
    return tuple(found)


def trained(x: FloatArray, y: FloatArray) -> tuple[Fit, FloatArray]:
    """The fit on complete rows, and those rows as background for missing values."""
    complete = ~np.isnan(x).any(axis=1)
    return fit(terms(x[complete]), x[complete], y[complete], PENALTY), x[complete]


def cross_validated(x: FloatArray, y: FloatArray) -> FloatArray:
    """Probability [N] of each row from fits that did not see it, mean of three ten-fold divisions."""
    p = np.zeros(len(x))
    for train, test in FOLDS.split(x, y):
        model, background = trained(x[train], y[train])
        p[test] += model.integrated(x[test], background) / 3
    return p


def plain(x: FloatArray, y: FloatArray) -> FloatArray:
    """The same from logistic regression as the library sets it: codes as numbers, gaps at the median."""
    p = np.zeros(len(x))
    for train, test in FOLDS.split(x, y):
        model = make_pipeline(SimpleImputer(strategy="median"), StandardScaler(), LogisticRegression())
        p[test] += model.fit(x[train], y[train]).predict_proba(x[test])[:, 1] / 3
    return p


def compared(x: FloatArray, y: FloatArray) -> list[dict[str, object]]:
    """[[comparison]]: kinds of models by nested cross-validation."""
    codes = {NAMES.index(name): spec[1] for name, spec in INPUTS.items() if spec[1]}
    tried: tuple[Candidate, ...] = (Logistic(codes), Trees(), Network(codes))
    found = compare(tried, x, y, outer=10, repeats=3)
    if found.chosen.candidate.id != "logistic":
        raise SystemExit(f"the comparison chose {found.chosen.candidate.id}")
    return comparison_rows(found)


def standard_error(model: Fit, x: FloatArray) -> FloatArray:
    """Standard error [N] of the log odds from the inverse of the penalised information."""
    design = np.column_stack([np.ones(len(x)), model.design(x)])
    return np.asarray(np.sqrt(np.einsum("ij,jk,ik->i", design, model.covariance, design)))


def error_of(model: Fit, x: FloatArray, y: FloatArray, own: FloatArray) -> FloatArray:
    """Standard error [N] of the log odds: of the fit, and between groups of age and BI-RADS."""
    cells = np.array([" ".join(parts) for parts in zip(*groups(x).values(), strict=True)])
    between = heterogeneity(y, own, cells, 5)
    print(f"interval, SD of the log odds between groups {between:.3f}")
    return np.asarray(np.sqrt(standard_error(model, x) ** 2 + between**2))


def input_tables(x: FloatArray) -> list[dict[str, object]]:
    """[[inputs]] of the manifest."""
    tables: list[dict[str, object]] = []
    for place, (name, (_column, codes)) in enumerate(INPUTS.items()):
        required = name in ("birads", "age")
        table: dict[str, object] = {"name": name, "unit": "1" if codes else "a", "required": required}
        table["missing"] = "refuse" if required else "background"
        if codes:
            table |= {"categories": {str(code): code for code in codes}, "max_age_days": 365}
        else:
            table |= {"accepted": [18, 100], "accepted_source": "Adults"}
            table["seen"] = [float(x[:, place].min()), float(x[:, place].max())]
        tables.append(table)
    return tables


def groups(x: FloatArray) -> dict[str, list[str]]:
    """Labels of the groups that figures are given for; sex and ethnicity are not recorded."""
    birads = [str(int(code)) for code in x[:, BIRADS]]
    return {"age": ev.age_bands(x[:, AGE], (18, 45, 55, 65, 97)), "birads": birads}


def words(rows: list[ev.Row]) -> dict[str, dict[str, str]]:
    """The source attributes that hold figures."""
    a, b, s = (
        next(r.estimate for r in rows if r.group == "all" and r.metric == metric)
        for metric in ("auroc", "brier", "calibration_slope")
    )
    figures = f"AUROC {a.value:.3f} ({a.lo:.3f}-{a.hi:.3f})"
    return {
        "performance.validity_internal": {
            "en": f"Cross-validated {figures}, Brier score {b.value:.3f}, slope {s.value:.2f}",
            "zh": f"交叉验证 {figures}，Brier 评分 {b.value:.3f}，斜率 {s.value:.2f}",
        }
    }


def main() -> None:
    x, y = load()
    model, background = trained(x, y)
    onnx_bytes = graph(model, OUTPUT, "medgui breast_mass")
    difference = float(np.abs(run(onnx_bytes, NAMES, background)[OUTPUT] - model.predict(background)).max())
    print(
        f"ONNX against the fit: largest difference {difference:.1e}; {len(x)} masses, {len(background)} complete"
    )
    own = cross_validated(x, y)
    rows = full_rows(TRAINING, y, own, groups(x), THRESHOLDS)
    rows += peer_rows(TRAINING, y, own, {"plain": plain(x, y), "birads": x[:, BIRADS]})
    (HERE / "model.onnx").write_bytes(onnx_bytes)
    complete = ~np.isnan(x).any(axis=1)
    error = error_of(model, background, y[complete], own[complete])
    table = interval_table(own[complete], error, LEVEL, 12)
    save_npz(HERE / "reference.npz", {"background": background, **table, **applicability(background)})
    proof = background[::16]
    save_npz(HERE / "golden.npz", {"x": proof, **run(onnx_bytes, NAMES, proof)})
    write_generated(HERE, words(rows), input_tables(x), rows, compared(x, y))
    for row in rows:
        e = row.estimate
        print(
            f"{row.group}: {row.metric} {e.value:.4f} ({e.lo:.4f}-{e.hi:.4f}), n {row.n}, events {row.events}"
        )


if __name__ == "__main__":
    main()
