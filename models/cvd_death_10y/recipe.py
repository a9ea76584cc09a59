"""Cardiovascular death within ten years: boosted trees of NHANES III (1988-94), recalibrated on NHANES 1999-2000.

Run: python models/cvd_death_10y/recipe.py (needs the extra `train` and the development data; two minutes on one core).
Death from another cause within the ten years competes: who died of it had no event, so that the probability is a
cumulative incidence; nobody in the rows used here is censored before ten years. Everything was chosen by
cross-validation inside NHANES III; docs/looks/cvd_death_10y.md tells how, and lists every look at later surveys.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import lightgbm as lgb
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import chi2
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from medgui.evaluation import figures as ev
from medgui.evaluation.groups import fairness_rows
from medgui.evaluation.ranking import average_precision
from medgui.evaluation.report import full_rows, peer_rows, survival_rows
from medgui.evaluation.survival import aalen_johansen
from medgui.frozen import frozen
from medgui.workshop import nhanes, selection
from medgui.workshop.candidates import Candidate, Fitted, Logistic, Network, Settings, Text, Trees
from medgui.workshop.equation import save_npz
from medgui.workshop.manifest_text import write_generated
from medgui.workshop.nhanes import NAMES, features, run
from medgui.workshop.reference_data import applicability, distance, heterogeneity, interval_table
from medgui.workshop.trees import ensemble_graph

FloatArray = NDArray[np.float64]
HERE = Path(__file__).parent
OUTPUT, MONTHS = "cvd_death_10y", 120
TRAINING, RANKED = "NHANES III, cross-validated", "NHANES 1999-2004 (external)"
LATER = "NHANES 2001-2004 (external, after recalibration on 1999-2000)"
FEW_KNOWN = (
    "NHANES 2001-2004 (external), the examined by pressure, body, cholesterol, glucose, HbA1c, creatinine"
)
LEAVES = 12
TREES: dict[str, Any] = {
    "objective": "cross_entropy",
    "learning_rate": 0.06,
    "num_leaves": LEAVES,
    "min_data_in_leaf": 60,
    "lambda_l2": 10.0,
    "feature_fraction": 0.6,
    "bagging_fraction": 0.9,
    "bagging_freq": 1,
    "extra_trees": True,
    "monotone_constraints": [spec[3] for spec in nhanes.INPUTS.values()],
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}
PLAIN = {
    "objective": "binary",
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}
MASKED, OTHER, LEVEL = 0.4, 0.3, 0.95
ROUNDS, BOOSTERS, RESAMPLES, BACKGROUND, PEOPLE = 240, 3, 10, 40, 500
CONVENTIONAL = [NAMES.index(n) for n in ("age", "sex", "systolic_bp", "total_cholesterol", "hdl_cholesterol")]


def load(surveys: str) -> pd.DataFrame:
    """People of "III", "1999-2004" (ten years known) or "2005-2010"; `cvd_10y` 0/1, `event` 0/1/2, `heart` 0/1/2."""
    frame = nhanes.rows()
    third = nhanes.third(frame)
    first, last = {"III": (0, 0), "1999-2004": (1999, 2003), "2005-2010": (2005, 2009)}[surveys]
    frame = frame[third if surveys == "III" else ~third & frame.year.between(first, last)]
    if surveys != "2005-2010":
        frame = frame[nhanes.known_by(frame, MONTHS)]
    dead, cvd = frame.dead == 1, frame.cvd_death == 1
    return frame.assign(
        cvd_10y=(cvd & (frame.permth_int <= MONTHS)).astype(float),
        event=np.where(cvd, 1.0, np.where(dead, 2.0, 0.0)),
        heart=np.where(dead & (frame.ucod_leading == 1), 1.0, np.where(dead, 2.0, 0.0)),
    ).reset_index(drop=True)


def signal(frame: pd.DataFrame) -> FloatArray:
    """What the trees learn [N]: 1 for cardiovascular death within ten years, `OTHER` for death from another cause.

    Both share most of their causes, and which one a certificate names is partly chance: the second helps to find the
    shape of the first. The recalibration after it is to cardiovascular death alone.
    """
    other = nhanes.dead_by(frame, MONTHS).to_numpy(dtype=np.float64)
    return np.asarray(np.maximum(frame.cvd_10y.to_numpy(), OTHER * other))


def boosters(x: FloatArray, label: FloatArray, seed: int, count: int = BOOSTERS) -> list[lgb.Booster]:
    """Train `count` boosters on people, masked copies, and the examined as a practice knows them (`training_rows`)."""
    x = nhanes.top_coded(x)
    found = []
    for number in range(count):
        own = seed * 100 + number
        rows, labels, weight = nhanes.training_rows(x, label, MASKED, np.random.default_rng(own))
        data = lgb.Dataset(rows, labels, weight=weight, params={"verbose": -1})
        found.append(lgb.train({**TREES, "seed": own}, data, ROUNDS))
    return found


def margin(models: Sequence[lgb.Booster], x: FloatArray) -> FloatArray:
    """Mean raw score [N] of the boosters."""
    return np.asarray(np.mean([m.predict(x, raw_score=True) for m in models], axis=0))


@frozen
class Directed:
    """The trees of this recipe as a candidate. The last column of x is the row's number: it finds the label."""

    label: FloatArray
    keep: NDArray[np.bool_]
    id: str = "directed_trees"
    rank: int = 2
    survival: bool = False

    @property
    def title(self) -> Text:
        return {
            "en": "Boosted trees, risk only rising or falling with nine of the inputs",
            "zh": "梯度提升树，其中九项输入限定为单调",
        }

    def grid(self) -> Sequence[Settings]:
        return [{"leaves": LEAVES, "rounds": ROUNDS, "boosters": BOOSTERS, "other_deaths": OTHER}]

    def fit(self, x: FloatArray, y: FloatArray, weights: FloatArray, seed: int, settings: Settings) -> Fitted:
        rows = x[:, -1].astype(int)
        used = self.keep[rows]
        models = boosters(x[used, :-1], self.label[rows[used]], seed + 1)
        return lambda given: margin(models, given[:, :-1])


@frozen
class WithoutNumber:
    """Another candidate, which does not see the row's number."""

    of: Candidate
    id: str
    rank: int
    survival: bool = False

    @property
    def title(self) -> Text:
        return self.of.title

    def grid(self) -> Sequence[Settings]:
        return self.of.grid()

    def fit(self, x: FloatArray, y: FloatArray, weights: FloatArray, seed: int, settings: Settings) -> Fitted:
        fitted = self.of.fit(x[:, :-1], y, weights, seed, settings)
        return lambda given: fitted(given[:, :-1])


def compared(
    x: FloatArray, y: FloatArray, label: FloatArray, keep: NDArray[np.bool_]
) -> selection.Comparison:
    """The kinds of models on NHANES III in the same five folds; margins of every row by fits that did not see it."""
    shelf = (Logistic(strengths=(0.01, 0.1, 1.0)), Trees(rounds=(60, 240)), Network(penalties=(1.0,)))
    others = [WithoutNumber(each, each.id, each.rank) for each in shelf]
    numbered = np.column_stack([x, np.arange(len(x))])
    return selection.compare([Directed(label, keep), *others], numbered, y, inner=2)


def moved(score: FloatArray, y: FloatArray) -> tuple[float, float, float]:
    """(intercept, slope, standard error of the intercept) that bring log odds `score` [N] to y [N].

    Closed test: the slope stays 1 unless the likelihood ratio test against the freed one rejects at 5 %
    (Vergouwe Y et al, Stat Med 2017;36:4529).
    """
    held = ev.calibration(y, ev.sigmoid(score))["calibration_in_the_large"]
    intercept, slope = ev.affine(score, y)

    def log_likelihood(a: float, b: float) -> float:
        z = a + b * score
        return float((y * z - np.logaddexp(0, z)).sum())

    gain = 2 * (log_likelihood(intercept, slope) - log_likelihood(held.value, 1.0))
    print(f"recalibration: in the large {held.value:.3f}, freed slope {slope:.3f}, chi-square {gain:.2f}")
    error = (held.hi - held.lo) / (2 * ev.Z)
    return (intercept, slope, error) if chi2.sf(gain, 1) < 0.05 else (held.value, 1.0, error)


def train() -> tuple[bytes, Callable[[FloatArray], FloatArray], dict[str, Any]]:
    """The graph, the same prediction by the training library, and what the reference data are made of."""
    frame = load("III")
    x, y, label = features(frame), frame.cvd_10y.to_numpy(), signal(frame)
    keep = ~nhanes.extreme_was_cut(x)
    comparison = compared(nhanes.top_coded(x), y, label, keep)
    own = comparison.of("directed_trees").margin
    examined = keep & nhanes.with_laboratory(x)
    intercept, slope = ev.affine(own[examined], y[examined])
    final = boosters(x[keep], label[keep], 20)
    early = load("1999-2004")
    early = early[early.year < 2001]
    shift, factor, error = moved(intercept + slope * margin(final, features(early)), early.cvd_10y.to_numpy())
    a, b = shift + factor * intercept, factor * slope
    dumps = [booster.dump_model() for booster in final]
    model = ensemble_graph(dumps, NAMES, OUTPUT, a, b, f"medgui {OUTPUT}")
    parts = {"frame": frame, "x": x, "y": y, "label": label, "keep": keep, "examined": examined}
    parts |= {
        "comparison": comparison,
        "slope": b,
        "error": error,
        "own": ev.sigmoid(intercept + slope * own),
    }
    parts["own_later"] = ev.sigmoid(a + b * own)
    return model, lambda rows: ev.sigmoid(a + b * margin(final, rows)), parts


def spread(parts: Mapping[str, Any]) -> FloatArray:
    """Standard deviation [N] of the margin over refits on resampled people."""
    random, x = np.random.default_rng(5), parts["x"]
    people = np.flatnonzero(parts["keep"])
    fits = []
    for number in range(RESAMPLES):
        rows = random.choice(people, len(people))
        fits.append(margin(boosters(x[rows], parts["label"][rows], 1000 + number, count=1), x))
    return np.asarray(np.std(fits, axis=0, ddof=1))


def reference(parts: Mapping[str, Any], model: bytes) -> dict[str, FloatArray]:
    """Arrays of reference.npz. The interval: refits, differences between groups, and the recalibration's own error.

    Where `PEOPLE` people with such a risk would expect so few deaths that none would be no surprise (2.5 % or more by
    Poisson's law), the lower limit is 0.
    """
    x, examined = parts["x"], parts["examined"]
    cells = np.array([" ".join(each) for each in zip(*nhanes.groups(parts["frame"]).values(), strict=True)])
    between = heterogeneity(parts["y"][examined], parts["own"][examined], cells[examined])
    refits = parts["slope"] * spread(parts)
    error = np.sqrt(refits**2 + between**2 + parts["error"] ** 2)
    told = f"between groups {between:.3f}, refits {np.sqrt((refits**2).mean()):.3f}"
    print(f"interval, SD of the log odds: {told}, recalibration {parts['error']:.3f}")
    table = interval_table(parts["own_later"][examined], error[examined], LEVEL)
    none_expected = np.exp(-PEOPLE * table["interval_score"]) >= (1 - LEVEL) / 2
    table["interval_lo"] = np.where(none_expected, 0.0, table["interval_lo"])
    x = nhanes.top_coded(x)
    limits = applicability(x[parts["keep"]])
    ordinary = x[distance(x, *list(limits.values())[:3]) <= limits["distance_flag"]]
    return {"background": nhanes.background(ordinary, run(model, ordinary), BACKGROUND), **table, **limits}


def peers(frame: pd.DataFrame, outer: FloatArray) -> dict[str, FloatArray]:
    """Scores [N] of rows `outer` by fits to the same people of NHANES III, both without any tuning.

    conventional_factors: logistic regression of age, sex, systolic pressure, total and HDL cholesterol (gaps: the
    median); plain: LightGBM with its default settings.
    """
    x, y = nhanes.top_coded(features(frame)), frame.cvd_10y.to_numpy()
    middle = np.nanmedian(x[:, CONVENTIONAL], axis=0)
    inner, other = (np.where(np.isnan(z), middle, z) for z in (x[:, CONVENTIONAL], outer[:, CONVENTIONAL]))
    scale = StandardScaler().fit(inner)
    five = LogisticRegression(C=1e6, max_iter=5000).fit(scale.transform(inner), y)
    plain = lgb.train(PLAIN, lgb.Dataset(x, y, params={"verbose": -1}), 100)
    return {
        "conventional_factors": np.asarray(five.decision_function(scale.transform(other))),
        "plain": np.asarray(plain.predict(outer, raw_score=True)),
    }


def whole(dataset: str, y: FloatArray, figures: Mapping[str, ev.Estimate], p: FloatArray) -> list[ev.Row]:
    """Lines about all people of a data set."""
    return [ev.figure_row(dataset, "all", metric, figure, y, p) for metric, figure in figures.items()]


def ten_years(outer: pd.DataFrame, p: FloatArray, inner: pd.DataFrame) -> list[ev.Row]:
    """Figures at ten years: ranking on 1999-2004 (all, ages 40-79), everything on 2001-2004."""
    y, age = outer.cvd_10y.to_numpy(), outer.age.to_numpy(dtype=np.float64)
    compared_with = peers(inner, features(outer))
    rows: list[ev.Row] = []
    middle = (age >= 40) & (age < 80)
    for dataset, part in ((RANKED, age > 0), (RANKED.replace(")", ", ages 40-79)"), middle)):
        known = {
            "auroc": ev.auroc(y[part], p[part]),
            "average_precision": average_precision(y[part], p[part]),
        }
        rows += whole(dataset, y[part], known, p[part])
        rows += peer_rows(dataset, y[part], p[part], {k: v[part] for k, v in compared_with.items()})
    rows += ev.group_rows(RANKED, y, p, nhanes.groups(outer))
    later = (outer.year > 2000).to_numpy()
    frame = outer[later].reset_index(drop=True)
    rows += full_rows(LATER, y[later], p[later], nhanes.groups(frame), (0.1,))
    observed = aalen_johansen(frame.permth_int.to_numpy(float), frame.event.to_numpy(), MONTHS)
    rows += whole(LATER, y[later], {"aalen_johansen": observed}, p[later])
    return rows + second_file(frame, p[later])


def few_known(outer: pd.DataFrame, model: bytes) -> list[ev.Row]:
    """Figures of the examined of 2001-2004 as if only what an ordinary visit knows were known."""
    x = features(outer)
    part = nhanes.with_laboratory(x) & (outer.year > 2000).to_numpy()
    y, p = outer.cvd_10y.to_numpy()[part], run(model, nhanes.as_few_know(x[part]))
    return ev.whole_rows(FEW_KNOWN, y, p)


def second_file(frame: pd.DataFrame, p: FloatArray) -> list[ev.Row]:
    """Figures of those of 2001-2004 whose survey weight and history are known from the second file."""
    linked = nhanes.with_second_file(frame)
    y, q, weight = linked.cvd_10y.to_numpy(), p[linked.place], linked.survey_weight.to_numpy()
    dataset = "NHANES 2001-2004 (external), survey-weighted, people found again in the second file"
    rows = [row for row in full_rows(dataset, y, q, {}, (), weight) if "weighted" in row.metric]
    known = (linked.known_ascvd == "Yes") | (linked.known_heart_failure == "Yes")
    history, age = np.where(known, "known", "none known"), np.where(linked.age < 70, "20-69", "70-85")
    labels = {"cardiovascular disease": [f"{h}, {a} years" for h, a in zip(history, age, strict=True)]}
    dataset = "NHANES 2001-2004 (external), by history, people found again in the second file"
    rows += whole(dataset, y, {"auroc": ev.auroc(y, q)}, q)
    return rows + [row for row in fairness_rows(dataset, y, q, labels) if ":" in row.group]


def five_years(frame: pd.DataFrame, p: FloatArray, parts: Mapping[str, Any]) -> list[ev.Row]:
    """Figures at five years on 2005-2010 with weights of censoring.

    The risk of five years is sigmoid(a + b logit(risk of ten years)), a and b from the cross-fitted probabilities of
    NHANES III. From 2007 the public file codes only heart disease, cancer and other: stroke is hidden there, so
    cardiovascular death is judged on 2005-2006 and heart disease on all.
    """
    inner = parts["frame"]
    time, rows = frame.permth_int.to_numpy(dtype=np.float64), []
    early = (frame.year < 2007).to_numpy()
    for dataset, column, part in (
        ("NHANES 2005-2006 (external), cardiovascular death within five years", "event", early),
        ("NHANES 2005-2010 (external), death from heart disease within five years", "heart", early | ~early),
    ):
        had = ((inner[column] == 1) & (inner.permth_int <= MONTHS / 2)).to_numpy(dtype=np.float64)
        used = parts["examined"]
        a, b = ev.affine(ev.logit(parts["own"][used]), had[used])
        print(f"{column} within five years: log odds {a:.3f} + {b:.3f} x those of ten years")
        q, event = ev.sigmoid(a + b * ev.logit(p[part])), frame[column].to_numpy()[part]
        labels = nhanes.groups(frame[part])
        rows += survival_rows(dataset, time[part], event, q, MONTHS / 2, labels)
    return rows


def words(rows: Sequence[ev.Row]) -> dict[str, dict[str, str]]:
    """The source attributes that hold figures."""
    at = {(r.dataset, r.group, r.metric): r.estimate for r in rows}
    by = sorted(
        r.estimate.value
        for r in rows
        if r.dataset == LATER and r.metric == "auroc" and r.group.startswith(("sex", "ethnicity"))
    )

    def told(dataset: str, metric: str, digits: int, language: str) -> str:
        e = at[dataset, "all", metric]
        limits = f"{e.lo:.{digits}f} to {e.hi:.{digits}f}", f"{e.lo:.{digits}f} 至 {e.hi:.{digits}f}"
        return (
            f"{e.value:.{digits}f} ({limits[0]})"
            if language == "en"
            else f"{e.value:.{digits}f}（{limits[1]}）"
        )

    def figures(dataset: str, k: str) -> str:
        area, error = told(dataset, "auroc", 3, k), told(dataset, "brier", 4, k)
        slope, large = (told(dataset, f"calibration_{m}", 2, k) for m in ("slope", "in_the_large"))
        if k == "en":
            return f"AUROC {area}, Brier score {error}, slope {slope}, calibration in the large {large}"
        return f"AUROC {area}，Brier 评分 {error}，斜率 {slope}，总体校准 {large}"

    return {
        "performance.validity_internal": {
            "en": f"NHANES III, before recalibration: {figures(TRAINING, 'en')}",
            "zh": f"NHANES III，重新校准前：{figures(TRAINING, 'zh')}",
        },
        "performance.validity_external": {
            "en": f"1999-2004: AUROC {told(RANKED, 'auroc', 3, 'en')}. 2001-2004: {figures(LATER, 'en')}",
            "zh": f"1999-2004：AUROC {told(RANKED, 'auroc', 3, 'zh')}。2001-2004：{figures(LATER, 'zh')}",
        },
        "performance.fairness_external": {
            "en": f"AUROC {by[0]:.3f} to {by[-1]:.3f} over sexes and ethnic groups; rates are listed",
            "zh": f"各性别和族裔的 AUROC 为 {by[0]:.3f} 至 {by[-1]:.3f}；预测率与实际发生率列于下文",
        },
    }


def main() -> None:
    model, library, parts = train()
    outer, late = load("1999-2004"), load("2005-2010")
    everyone = np.vstack([parts["x"], features(outer), features(late)])
    difference = float(np.abs(run(model, everyone) - library(everyone)).max())
    print(f"ONNX against LightGBM on {len(everyone)} rows: largest difference {difference:.2e}")
    if difference > 1e-6:
        raise SystemExit("the graph does not give the library's answers")
    rows = ten_years(outer, run(model, features(outer)), parts["frame"])
    rows += few_known(outer, model)
    rows += five_years(late, run(model, features(late)), parts)
    rows += ev.whole_rows(TRAINING, parts["y"], parts["own"])
    (HERE / "model.onnx").write_bytes(model)
    save_npz(HERE / "reference.npz", reference(parts, model))
    proof = nhanes.golden(parts["x"])
    save_npz(HERE / "golden.npz", {"x": proof, OUTPUT: run(model, proof)})
    tables = nhanes.input_tables(parts["x"][parts["keep"]])
    write_generated(HERE, words(rows), tables, rows, selection.rows(parts["comparison"], ("auroc",)))
    for row in rows:
        if row.group == "all":
            e = row.estimate
            print(
                f"{row.dataset}: {row.metric} {e.value:.4f} ({e.lo:.4f}-{e.hi:.4f}), n {row.n}, {row.events}"
            )


if __name__ == "__main__":
    main()
