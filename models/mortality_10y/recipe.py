"""Death from any cause within ten years: boosted trees trained on NHANES III (1988-94), tested on NHANES 1999-2004.

Run: python models/mortality_10y/recipe.py (needs the extra `train` and the development data; minutes on one core).
Everything was chosen by cross-validation inside NHANES III (docs/adr/0010); docs/looks/mortality_10y.md lists each look
at 1999-2004.
"""

from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import Any

import lightgbm as lgb
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from medgui.evaluation import figures as ev
from medgui.evaluation.report import full_rows, peer_rows
from medgui.workshop import nhanes
from medgui.workshop.candidates import Logistic, Network, Settings, Trees
from medgui.workshop.equation import save_npz
from medgui.workshop.manifest_text import write_generated
from medgui.workshop.nhanes import (
    INPUTS,
    NAMES,
    SEX,
    TOP_CODE,
    background,
    extreme_was_cut,
    features,
    golden,
    groups,
    input_tables,
    masked,
    run,
    top_coded,
    with_laboratory,
)
from medgui.workshop.reference_data import applicability, heterogeneity, interval_table
from medgui.workshop.selection import compare
from medgui.workshop.selection import rows as comparison_rows
from medgui.workshop.trees import ensemble_graph

FloatArray = NDArray[np.float64]
HERE = Path(__file__).parent
OUTPUT = "death_10y"
TRAINING, EXTERNAL = "NHANES III, cross-validated", "NHANES 1999-2004 (external)"
WITH_PEER = "NHANES 1999-2004 (external), people with a PhenoAge"

TREES = {
    "objective": "binary",
    "learning_rate": 0.07,
    "num_leaves": 12,
    "min_data_in_leaf": 60,
    "lambda_l2": 10.0,
    "feature_fraction": 0.6,
    "bagging_fraction": 0.9,
    "bagging_freq": 1,
    "extra_trees": True,
    "monotone_constraints": [spec[3] for spec in INPUTS.values()],
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}
MASKED = 0.4
THRESHOLDS, LEVEL = (0.1, 0.2), 0.95
ROUNDS, BOOSTERS, FOLDS, RESAMPLES, BACKGROUND = 220, 3, 5, 10, 40


def load(survey: str) -> pd.DataFrame:
    """People of "III" or of "1999-2004" with ten years of follow-up or a death within them; `death_10y` 0/1."""
    frame = nhanes.rows()
    third = nhanes.third(frame)
    frame = frame[third if survey == "III" else ~third & frame.year.between(1999, 2003)]
    died = nhanes.dead_by(frame, 120).astype(float)
    return frame.assign(death_10y=died)[nhanes.known_by(frame, 120)].reset_index(drop=True)


def boosters(x: FloatArray, y: FloatArray, seed: int, count: int = BOOSTERS) -> list[lgb.Booster]:
    """Train `count` boosters on the rows and one masked copy of each, which weighs `MASKED` of the whole."""
    x = top_coded(x)
    weight = np.repeat([1 - MASKED, MASKED], len(x))
    found = []
    for number in range(count):
        own = seed * 100 + number
        rows = np.vstack([x, masked(x, np.random.default_rng(own))])
        data = lgb.Dataset(rows, np.concatenate([y, y]), weight=weight, params={"verbose": -1})
        found.append(lgb.train({**TREES, "seed": own}, data, ROUNDS))
    return found


def margin(models: list[lgb.Booster], x: FloatArray) -> FloatArray:
    """Mean raw score [N] of the boosters."""
    return np.asarray(np.mean([m.predict(x, raw_score=True) for m in models], axis=0))


def cross_fitted(x: FloatArray, y: FloatArray, keep: NDArray[np.bool_]) -> FloatArray:
    """Margin [N] of each row from boosters that did not see it."""
    out = np.empty(len(x))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=1).split(x, y)
    for number, (train, test) in enumerate(folds):
        train = train[keep[train]]
        out[test] = margin(boosters(x[train], y[train], number + 1), x[test])
    return out


def evaluation(outer: pd.DataFrame, p: FloatArray, y: FloatArray, own: FloatArray) -> list[ev.Row]:
    """External figures of the finished graph (all, by group, against its peers), then cross-validated ones."""
    died, labels = outer.death_10y.to_numpy(), groups(outer)
    rows = full_rows(EXTERNAL, died, p, labels, THRESHOLDS)
    rows += peer_rows(EXTERNAL, died, p, {"plain": plain(features(outer)), "age_sex": age_and_sex(outer)})
    known = outer.phenoage0.notna().to_numpy()
    died, p, age = died[known], p[known], np.asarray(labels["age"])[known]
    peer = outer.phenoage0.to_numpy(dtype=np.float64)[known]
    rows += ev.whole_rows(WITH_PEER, died, p)[:1] + peer_rows(WITH_PEER, died, p, {"phenoage": peer})
    rows += ev.group_rows(WITH_PEER, died, p, {"age": age.tolist()})
    for band in sorted(set(age.tolist())):
        part = age == band
        rows += peer_rows(WITH_PEER, died[part], p[part], {"phenoage": peer[part]}, f"age: {band}")
    return rows + ev.whole_rows(TRAINING, y, own)


def plain(x: FloatArray) -> FloatArray:
    """Probability [N] of boosted trees as the library sets them, without any tuning, on all of NHANES III."""
    frame = load("III")
    model = lgb.LGBMClassifier(n_jobs=1, deterministic=True, force_row_wise=True, verbose=-1)
    model.fit(features(frame), frame.death_10y.to_numpy(dtype=int))
    return np.asarray(model.booster_.predict(x, num_threads=1), dtype=np.float64)


class ConstrainedTrees:
    """The design that ships, as a candidate: constrained boosters on rows and masked copies of them."""

    id, rank, survival = "constrained_trees", 2, False
    title = MappingProxyType(
        {
            "en": "Boosted trees, risk moving in one direction with each factor, trained with values masked",
            "zh": "梯度提升树（因素与风险单向变化，训练时随机遮盖数值）",
        }
    )

    def grid(self) -> list[Settings]:
        """Nothing is searched."""
        return [{"rounds": float(ROUNDS)}]

    def fit(
        self, x: FloatArray, y: FloatArray, _weights: FloatArray, seed: int, _settings: Settings
    ) -> Callable[[FloatArray], FloatArray]:
        """Train as the final model is trained."""
        found = boosters(x, y, seed + 1)
        return lambda rows: margin(found, rows)


def compared(parts: dict[str, Any]) -> list[dict[str, Any]]:
    """[[comparison]]: kinds of models by nested cross-validation inside NHANES III."""
    x, y = top_coded(parts["x"][parts["keep"]]), parts["y"][parts["keep"]]
    trees = Trees(shapes=((4, 60), (12, 60)), rounds=(120, 240))
    network = Network(categories={SEX: (0.0, 1.0)}, penalties=(1.0,))
    tried = (Logistic(categories={SEX: (0.0, 1.0)}), ConstrainedTrees(), trees, network)
    found = compare(tried, x, y)
    if found.chosen.candidate.id != ConstrainedTrees.id:
        raise SystemExit(f"the comparison chose {found.chosen.candidate.id}")
    return comparison_rows(found)


def age_and_sex(outer: pd.DataFrame) -> FloatArray:
    """Score [N] of a logistic regression of age, age squared and sex, trained on NHANES III."""

    def design(frame: pd.DataFrame) -> FloatArray:
        decades = np.minimum(frame.age.to_numpy(dtype=np.float64), TOP_CODE) / 10
        return np.column_stack([decades, decades**2, (frame.sex == "M").to_numpy(dtype=np.float64)])

    inner = load("III")
    model = LogisticRegression(C=1e6, max_iter=5000).fit(design(inner), inner.death_10y)
    return np.asarray(model.decision_function(design(outer)))


def spread(x: FloatArray, y: FloatArray, keep: NDArray[np.bool_]) -> FloatArray:
    """Standard deviation [N] of the margin over refits on resampled people."""
    random = np.random.default_rng(5)
    people = np.flatnonzero(keep)
    fits = []
    for number in range(RESAMPLES):
        rows = random.choice(people, len(people))
        fits.append(margin(boosters(x[rows], y[rows], 1000 + number, count=1), x))
    return np.asarray(np.std(fits, axis=0, ddof=1))


def train() -> tuple[bytes, Callable[[FloatArray], FloatArray], dict[str, Any]]:
    """The graph, the same prediction by the training library, and what the reference data are made of."""
    frame = load("III")
    x, y = features(frame), frame.death_10y.to_numpy()
    keep = ~extreme_was_cut(x)
    own = cross_fitted(x, y, keep)
    examined = keep & with_laboratory(x)
    intercept, slope = ev.affine(own[examined], y[examined])
    final = boosters(x[keep], y[keep], 20)
    dumps = [booster.dump_model() for booster in final]
    model = ensemble_graph(dumps, NAMES, OUTPUT, intercept, slope, "medgui mortality_10y")
    parts = {"frame": frame, "x": x, "y": y, "keep": keep, "examined": examined, "slope": slope}
    parts["own"] = ev.sigmoid(intercept + slope * own)
    return model, lambda rows: ev.sigmoid(intercept + slope * margin(final, rows)), parts


def reference(parts: dict[str, Any], model: bytes) -> dict[str, FloatArray]:
    """Arrays of reference.npz."""
    x, y, frame, examined = parts["x"], parts["y"], parts["frame"], parts["examined"]
    labels = groups(frame)
    cells = np.array([f"{a} {b} {c}" for a, b, c in zip(*labels.values(), strict=True)])
    between = heterogeneity(y[examined], parts["own"][examined], cells[examined])
    error = np.sqrt((parts["slope"] * spread(x, parts["y"], parts["keep"])) ** 2 + between**2)
    refits = np.sqrt((error**2 - between**2).mean())
    print(f"interval, SD of the log odds: between groups {between:.3f}, refits {refits:.3f}")
    return {
        "background": background(x, run(model, x), BACKGROUND),
        **interval_table(parts["own"][examined], error[examined], LEVEL),
        **applicability(top_coded(x[parts["keep"]])),
    }


def words(rows: list[ev.Row]) -> dict[str, dict[str, str]]:
    """The source attributes that hold figures."""
    at = {(r.dataset, r.group, r.metric): r.estimate for r in rows}
    e = {m: at[EXTERNAL, "all", m] for m in ("auroc", "brier", "calibration_slope")}
    i = {m: at[TRAINING, "all", m] for m in ("auroc", "brier", "calibration_slope")}
    by = sorted(
        r.estimate.value
        for r in rows
        if r.dataset == EXTERNAL and r.metric == "auroc" and r.group.startswith(("sex:", "ethnicity:"))
    )

    def told(f: dict[str, ev.Estimate], language: str) -> str:
        a, b, s = f["auroc"], f["brier"], f["calibration_slope"]
        if language == "en":
            return (
                f"AUROC {a.value:.3f} ({a.lo:.3f}-{a.hi:.3f}), Brier score {b.value:.4f}, slope {s.value:.2f}"
            )
        return f"AUROC {a.value:.3f}（{a.lo:.3f}-{a.hi:.3f}），Brier 评分 {b.value:.4f}，斜率 {s.value:.2f}"

    return {
        "performance.validity_internal": {k: told(i, k) for k in ("en", "zh")},
        "performance.validity_external": {k: told(e, k) for k in ("en", "zh")},
        "performance.fairness_external": {
            "en": f"AUROC {by[0]:.3f} to {by[-1]:.3f} over sexes and ethnic groups; rates are listed",
            "zh": f"各性别和族裔的 AUROC 为 {by[0]:.3f} 至 {by[-1]:.3f}；预测率与实际发生率列于下文",
        },
    }


def main() -> None:
    model, library, parts = train()
    outer = load("1999-2004")
    x_outer = features(outer)
    p = run(model, x_outer)
    everyone = np.vstack([parts["x"], x_outer])
    difference = float(np.abs(run(model, everyone) - library(everyone)).max())
    print(f"ONNX against LightGBM on {len(everyone)} rows: largest difference {difference:.2e}")
    if difference > 1e-6:
        raise SystemExit("the graph does not give the library's answers")
    rows = evaluation(outer, p, parts["y"], parts["own"])
    (HERE / "model.onnx").write_bytes(model)
    save_npz(HERE / "reference.npz", reference(parts, model))
    proof = golden(parts["x"])
    save_npz(HERE / "golden.npz", {"x": proof, OUTPUT: run(model, proof)})
    tables = input_tables(parts["x"][parts["keep"]])
    write_generated(HERE, words(rows), tables, rows, compared(parts))
    for row in rows:
        if row.group == "all":
            e = row.estimate
            print(f"{row.dataset}: {row.metric} {e.value:.4f} ({e.lo:.4f}-{e.hi:.4f}), n {row.n}")


if __name__ == "__main__":
    main()
