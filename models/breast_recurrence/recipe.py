"""Recurrence or death in node-positive breast cancer: Cox regression on the Rotterdam cohort, tested on GBSG.

Run: python models/breast_recurrence/recipe.py (needs the extra `train` and the development data; minutes on one core).
Terms, penalty, kind of model and whether node-negative women help to train were chosen by nested cross-validation on
the Rotterdam women with positive nodes; the German trial (GBSG) was scored once for each finished design
(docs/looks/breast_recurrence.md). Follow-up is cut at seven years, the end of the curve: later events say little of
the first five years where hazards are not proportional (van Houwelingen HC, Scand J Stat 2007;34:70).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
import pandas as pd
import spox.opset.ai.onnx.v21 as op
from numpy.typing import NDArray
from spox import Var

from medgui.evaluation import survival
from medgui.evaluation.figures import Estimate, Row, age_bands
from medgui.frozen import frozen
from medgui.workshop import selection
from medgui.workshop.candidates import Candidate, Settings, SurvivalTrees
from medgui.workshop.cox import baseline_survival
from medgui.workshop.data import data_file
from medgui.workshop.equation import as_flag, build_model, column_inputs, number, save_npz
from medgui.workshop.manifest_text import write_generated
from medgui.workshop.reference_data import applicability
from medgui.workshop.survival_reference import between, curve_limits
from medgui.workshop.survival_terms import CoxFit, CoxTerms, HazardNetwork, spline

FloatArray = NDArray[np.float64]
Text = Mapping[str, str]
HERE = Path(__file__).parent
OUTPUT, CURVE = "recurrence_or_death_5y", "survival"
INNER, EXTERNAL = "Rotterdam, cross-validated", "GBSG (external)"
NAMES = ("age", "meno", "size", "grade", "nodes", "pgr", "er", "hormon", "chemo")
FLAGS = (6, 7)  # hormonal treatment and chemotherapy among the columns of `straight`
AGE, MENO, SIZE, GRADE, NODES, PGR, ER, HORMON, CHEMO = range(9)
SIZES = {"<=20": 0.0, "20-50": 1.0, ">50": 2.0}
HORIZON = 5.0
TIMES = np.arange(1, 15) / 2
AT = int(np.flatnonzero(TIMES == HORIZON)[0])
YEAR = 365.25
LEVEL, REFITS, OUTER, REPEATS = 0.95, 200, 10, 3


def load(cohort: str) -> tuple[FloatArray, FloatArray]:
    """Inputs [N, 9] and (time in years, event) [N, 2] of "Rotterdam" or "GBSG"."""
    frame = pd.read_csv(data_file("tabular/breast_rotterdam_gbsg.csv"))
    frame = frame[frame.cohort == cohort].assign(size=lambda f: f["size"].map(SIZES))
    x = frame[list(NAMES)].to_numpy(dtype=np.float64)
    return x, np.column_stack([frame.time_days / YEAR, frame.event]).astype(np.float64)


def stopped(y: FloatArray) -> FloatArray:
    """Follow-up cut at the end of the curve."""
    end = float(TIMES[-1])
    return np.column_stack([np.minimum(y[:, 0], end), y[:, 1] * (y[:, 0] <= end)])


def straight(x: FloatArray) -> FloatArray:
    """Numbers as they are, size as two indicators: [N, 10]."""
    large = [x[:, SIZE] >= 1, x[:, SIZE] >= 2]
    rest = [x[:, place] for place in (AGE, MENO, GRADE, NODES, PGR, ER, HORMON, CHEMO)]
    return np.column_stack([*rest, *large]).astype(np.float64)


def logs(x: FloatArray) -> FloatArray:
    """As `straight`, with log(1 + number) of nodes and receptors: [N, 10]."""
    x = x.copy()
    x[:, [NODES, PGR, ER]] = np.log1p(x[:, [NODES, PGR, ER]])
    return straight(x)


def bent_age(x: FloatArray) -> FloatArray:
    """`logs` with a spline of age (knots at the 5th, 35th, 65th and 95th percentile of Rotterdam)."""
    return np.column_stack([logs(x), spline(x[:, AGE], (35.0, 48.0, 60.0, 77.0))])


def bent_all(x: FloatArray) -> FloatArray:
    """`bent_age` with splines of log nodes and log receptors too."""
    knots = ((0.7, 1.4, 2.1, 2.8), (0.0, 2.0, 4.5, 6.5), (0.0, 2.5, 4.5, 6.5))
    parts = [spline(np.log1p(x[:, place]), k) for place, k in zip((NODES, PGR, ER), knots, strict=True)]
    return np.column_stack([bent_age(x), *parts])


def crossed(x: FloatArray) -> FloatArray:
    """`bent_age` with treatment by receptor, by menopause and by nodes, and nodes by receptor and grade."""
    log = np.log1p(x)
    pairs = [
        x[:, HORMON] * log[:, ER],
        x[:, CHEMO] * x[:, MENO],
        x[:, HORMON] * log[:, NODES],
        x[:, CHEMO] * log[:, NODES],
        log[:, NODES] * log[:, PGR],
        log[:, NODES] * x[:, GRADE],
    ]
    return np.column_stack([bent_age(x), *pairs])


def candidates(added: tuple[FloatArray, FloatArray]) -> tuple[Candidate, ...]:
    """The kinds of models, simplest first; `added`: node-negative women."""

    def cox(name: str, rank: int, en: str, zh: str, columns: Callable[[FloatArray], FloatArray]) -> CoxTerms:
        return CoxTerms(name, rank, {"en": f"Cox regression, {en}", "zh": f"Cox 回归，{zh}"}, columns)

    log = cox("logs", 2, "logarithms of nodes and receptors", "淋巴结数和受体取对数", logs)
    more = {
        "en": "Cox regression, logarithms, node-negative women in training too",
        "zh": "Cox 回归，取对数，训练中加入淋巴结阴性者",
    }
    return (
        cox("straight", 1, "straight lines", "线性项", straight),
        log,
        replace(log, id="all_women", rank=3, title=more, added=added),
        cox("bent_age", 4, "logarithms and a spline of age", "取对数，年龄为样条", bent_age),
        cox("bent_all", 5, "logarithms and splines of all numbers", "取对数，全部数值为样条", bent_all),
        cox("crossed", 6, "spline of age and interactions", "年龄样条及交互项", crossed),
        SurvivalTrees(rank=7),
        HazardNetwork(logs, tuple(TIMES)),
    )


@frozen
class Model:
    """A fitted Cox model with its cumulative baseline hazard at `TIMES` [T] (of margin 0)."""

    fit: CoxFit
    hazard: FloatArray

    def curve(self, x: FloatArray) -> FloatArray:
        """Share without recurrence or death [N, T]."""
        return np.asarray(np.exp(-np.exp(self.fit(x))[:, None] * self.hazard))

    def risk(self, x: FloatArray) -> FloatArray:
        """Probability [N] of recurrence or death within five years."""
        return np.asarray(1.0 - self.curve(x)[:, AT])


def train(chosen: CoxTerms, x: FloatArray, y: FloatArray, settings: Settings) -> Model:
    """Fit the chosen terms; y with follow-up cut at the end of the curve."""
    fitted = chosen.fit(x, y, np.ones(len(x)), 0, settings)
    return Model(fitted, -np.log(baseline_survival(fitted(x), y, np.ones(len(x)), TIMES)))


def graph(model: Model) -> bytes:
    """The float64 ONNX graph: the risk [N, 1] and the curve [N, T]."""
    inputs = column_inputs(NAMES)
    x = [inputs[name] for name in NAMES]
    margin = number(-model.fit.shift)
    for weight, column in zip(model.fit.weights, _columns(x), strict=True):
        margin = op.add(margin, op.mul(number(float(weight)), column))
    relative = op.exp(margin)
    curve = op.exp(op.mul(relative, op.const(-model.hazard[None, :])))
    risk = op.sub(number(1.0), op.gather(curve, op.const(np.array([AT])), axis=1))
    return build_model(inputs, {OUTPUT: risk, CURVE: curve}, "medgui breast_recurrence")


def _columns(x: Sequence[Var]) -> list[Var]:
    """The columns of `logs`; a size or number that is missing stays missing."""

    def log1p(v: Var) -> Var:
        return op.log(op.add(v, number(1.0)))

    def at_least(v: Var, code: float) -> Var:
        return op.where(op.isnan(v), v, as_flag(op.greater_or_equal(v, number(code))))

    plain = [x[AGE], x[MENO], x[GRADE], log1p(x[NODES]), log1p(x[PGR]), log1p(x[ER]), x[HORMON], x[CHEMO]]
    return [*plain, at_least(x[SIZE], 1.0), at_least(x[SIZE], 2.0)]


def run(model: bytes, x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Risk [N] and curve [N, T] of the graph."""
    session = ort.InferenceSession(model, providers=["CPUExecutionProvider"])
    feed = {name: np.ascontiguousarray(x[:, i : i + 1]) for i, name in enumerate(NAMES)}
    risk, curve = session.run([OUTPUT, CURVE], feed)
    return np.asarray(risk).reshape(-1), np.asarray(curve)


def cross_fitted(
    chosen: CoxTerms, x: FloatArray, y: FloatArray, settings: Settings
) -> tuple[FloatArray, FloatArray]:
    """Margin [N] and risk [N] of each woman from fits that did not see her, mean of `REPEATS` ten-fold divisions."""
    margin, risk = np.zeros(len(x)), np.zeros(len(x))
    for seed in range(REPEATS):
        division = selection.folds(y, OUTER, seed)
        for fold in range(OUTER):
            test = division == fold
            model = train(chosen, x[~test], y[~test], settings)
            margin[test] += model.fit(x[test]) / REPEATS
            risk[test] += model.risk(x[test]) / REPEATS
    return margin, risk


def divisions(x: FloatArray, risk: FloatArray) -> list[NDArray[np.str_]]:
    """Ways to part the women [N]: treatment by age, nodes by size, receptors by grade and nodes, tenths of risk."""
    age = np.digitize(x[:, AGE], (45, 60))
    nodes = np.digitize(x[:, NODES], (4, 10))
    receptors = 2 * (x[:, PGR] > 20) + (x[:, ER] > 30)
    tenth = np.digitize(risk, np.quantile(risk, np.arange(1, 10) / 10))
    parts = (
        (age, x[:, HORMON], x[:, CHEMO]),
        (nodes, x[:, SIZE]),
        (receptors, x[:, GRADE], nodes),
        (tenth,),
    )
    return [
        np.array([" ".join(f"{v:.0f}" for v in row) for row in zip(*part, strict=True)]) for part in parts
    ]


def left_out(
    chosen: CoxTerms, x: FloatArray, y: FloatArray, settings: Settings, labels: NDArray[np.str_]
) -> FloatArray:
    """Risk [N] of each woman from a fit without any woman of her group."""
    risk = np.empty(len(x))
    for label in np.unique(labels):
        part = labels == label
        risk[part] = train(chosen, x[~part], y[~part], settings).risk(x[part])
    return risk


def refitted(chosen: CoxTerms, x: FloatArray, y: FloatArray, settings: Settings) -> FloatArray:
    """Standard deviation [N, T] of log(-log curve) over refits on resampled women."""
    random = np.random.default_rng(6)
    found = []
    for _refit in range(REFITS):
        rows = random.choice(len(x), len(x))
        model = train(chosen, x[rows], y[rows], settings)
        found.append(model.fit(x)[:, None] + np.log(model.hazard))
    return np.asarray(np.std(found, axis=0, ddof=1))


def by_treatment(
    chosen: CoxTerms, x: FloatArray, y: FloatArray, settings: Settings, curve: FloatArray
) -> FloatArray:
    """What the treatment flags move log(-log curve) [N, T] by, against a fit without them.

    Nobody drew lots for treatment: whether the flags mark the same women elsewhere is not known.
    """
    bare = replace(chosen, columns=lambda rows: np.delete(chosen.columns(rows), FLAGS, axis=1))
    return np.asarray(np.log(-np.log(curve)) - np.log(-np.log(train(bare, x, y, settings).curve(x))))


def near(x: FloatArray) -> dict[str, FloatArray]:
    """Distance to the training women. Grade does not count: a grade 1 has its own caution, none was seen."""
    counted = np.array([place for place in range(len(NAMES)) if place != GRADE])
    found = applicability(x[:, counted])
    mean, scale = x.mean(axis=0), np.zeros(len(NAMES))
    covariance = np.eye(len(NAMES))
    mean[counted], scale[counted] = found["train_mean"], found["train_scale"]
    covariance[np.ix_(counted, counted)] = found["train_covariance"]
    return {**found, "train_mean": mean, "train_scale": scale, "train_covariance": covariance}


def groups(x: FloatArray) -> dict[str, list[str]]:
    """Labels of the groups that figures are given for."""
    nodes = np.where(x[:, NODES] < 4, "1-3", np.where(x[:, NODES] < 10, "4-9", "10 or more"))
    return {
        "age": age_bands(x[:, AGE], (24, 45, 55, 65, 91)),
        "menopause": np.where(x[:, MENO] > 0, "after", "before").tolist(),
        "grade": [f"{grade:.0f}" for grade in x[:, GRADE]],
        "nodes": nodes.tolist(),
        "size": [("up to 20 mm", "20-50 mm", "over 50 mm")[int(size)] for size in x[:, SIZE]],
        "hormonal treatment": np.where(x[:, HORMON] > 0, "yes", "no").tolist(),
    }


def evaluation(dataset: str, x: FloatArray, y: FloatArray, margin: FloatArray, p: FloatArray) -> list[Row]:
    """Figures of all women and by group; predicted and observed: the risk and 1 - Kaplan-Meier at five years."""
    time, event = y[:, 0], y[:, 1]

    def row(group: str, metric: str, part: NDArray[np.bool_], figure: Estimate) -> Row:
        observed = survival.aalen_johansen(time[part], event[part], HORIZON).value
        n, events = int(part.sum()), int(event[part].sum())
        return Row(dataset, group, metric, figure, n, events, float(p[part].mean()), observed)

    everybody = np.ones(len(x), dtype=bool)
    figures = {
        "c_index": survival.c_index(time, event, margin),
        "cox_slope": survival.cox_slope(time, event, margin),
        "auroc_ipcw": survival.time_auc(time, event, p, HORIZON),
        "brier_ipcw": survival.brier_ipcw(time, event, p, HORIZON),
        "calibration_in_the_large": survival.calibration_in_the_large_ipcw(time, event, p, HORIZON),
        "observed_rate": survival.aalen_johansen(time, event, HORIZON),
    }
    rows = [row("all", metric, everybody, figure) for metric, figure in figures.items()]
    for key, labels in groups(x).items():
        for label in sorted(set(labels)):
            part = np.array(labels) == label
            figure, metric = survival.c_index(time[part], event[part], margin[part]), "c_index"
            if event[part].sum() < 10 or not np.isfinite(figure.value):
                figure, metric = survival.aalen_johansen(time[part], event[part], HORIZON), "observed_rate"
            rows.append(row(f"{key}: {label}", metric, part, figure))
            if metric == "c_index":
                figure = survival.calibration_in_the_large_ipcw(time[part], event[part], p[part], HORIZON)
                rows.append(row(f"{key}: {label}", "calibration_in_the_large", part, figure))
    return rows


def input_tables(x: FloatArray) -> list[dict[str, Any]]:
    """[[inputs]] of the manifest; `seen`: the range of the training women."""
    tables: list[dict[str, Any]] = []
    units = {"age": "a", "nodes": "1", "pgr": "fmol/L", "er": "fmol/L"}
    accepted = {"age": [18, 95], "nodes": [1, 60], "pgr": [0, 6000], "er": [0, 6000]}
    sources = {
        "age": "Adults; the cohort has 24 to 90 years",
        "nodes": "Women with positive nodes; above, more than an axillary dissection holds",
        "pgr": "The largest value of the cohort is 5,004",
        "er": "The largest value of the cohort is 3,275",
    }
    plausible = {"age": [35, 78], "nodes": [1, 15], "pgr": [0, 600], "er": [0, 700]}
    codes = {"size": SIZES, "grade": {"1": 1.0, "2": 2.0, "3": 3.0}}
    for place, name in enumerate(NAMES):
        required = name in ("age", "size", "grade", "nodes")
        table: dict[str, Any] = {"name": name, "unit": units.get(name, "1"), "required": required}
        table["missing"] = "refuse" if required else "background"
        if name in codes:
            table["categories"] = codes[name]
        if name in accepted:
            table |= {"accepted": accepted[name], "accepted_source": sources[name]}
            table["plausible"] = plausible[name]
        if name in accepted or name == "grade":
            table["seen"] = [float(np.min(x[:, place])), float(np.max(x[:, place]))]
        if name in ("hormon", "chemo"):
            table["marker"] = True
        tables.append(table)
    return tables


def words(rows: Sequence[Row]) -> dict[str, Text]:
    """The source attributes that hold figures."""
    at = {(r.dataset, r.metric): r for r in rows if r.group == "all"}

    def told(dataset: str, language: str) -> str:
        c, slope, auc, brier = (
            at[dataset, metric].estimate for metric in ("c_index", "cox_slope", "auroc_ipcw", "brier_ipcw")
        )
        whole = at[dataset, "observed_rate"]
        if language == "en":
            return (
                f"C-index {c.value:.3f} ({c.lo:.3f}-{c.hi:.3f}), "
                f"slope {slope.value:.2f} ({slope.lo:.2f}-{slope.hi:.2f}), "
                f"AUROC at five years {auc.value:.3f}, Brier score {brier.value:.3f}; five-year risk predicted "
                f"{whole.predicted:.3f}, observed {whole.observed:.3f}; {whole.n} women, {whole.events} events"
            )
        return (
            f"C 指数 {c.value:.3f}（{c.lo:.3f}-{c.hi:.3f}），斜率 {slope.value:.2f}（{slope.lo:.2f}-{slope.hi:.2f}），"
            f"5 年 AUROC {auc.value:.3f}，Brier 评分 {brier.value:.3f}；5 年风险预测 {whole.predicted:.3f}，"
            f"观察 {whole.observed:.3f}；{whole.n} 名女性，{whole.events} 例事件"
        )

    return {
        f"performance.validity_{kind}": {language: told(dataset, language) for language in ("en", "zh")}
        for kind, dataset in (("internal", INNER), ("external", EXTERNAL))
    }


def main() -> None:
    x_all, y_all = load("Rotterdam")
    positive = x_all[:, NODES] > 0
    x, y_whole = x_all[positive], y_all[positive]
    y = stopped(y_whole)
    tried = candidates((x_all[~positive], stopped(y_all[~positive])))
    compared = selection.compare(tried, x, y, outer=OUTER)
    for score in compared.scores:
        chosen_mark = "*" if score is compared.chosen else " "
        print(
            f"{chosen_mark} {score.candidate.id}: C {score.mean('c_index'):.4f} ± {score.error('c_index'):.4f}"
        )
    chosen = compared.chosen.candidate
    if not isinstance(chosen, CoxTerms) or chosen.columns is not logs or chosen.added is not None:
        raise SystemExit(f"the graph is written for the terms of `logs`, not for {chosen.id}")
    settings = selection.search(chosen, x, y, inner=OUTER)
    print("penalty per hundred events", settings["penalty"])
    model = train(chosen, x, y, settings)
    content = graph(model)
    p, curve = run(content, x)
    print(
        f"ONNX against the fit: {np.abs(p - model.risk(x)).max():.1e}, {np.abs(curve - model.curve(x)).max():.1e}"
    )
    margin, own = cross_fitted(chosen, x, y, settings)
    apart = max(
        between(y, left_out(chosen, x, y, settings, part), part, HORIZON) for part in divisions(x, own)
    )
    error = refitted(chosen, x, y, settings)
    flags = by_treatment(chosen, x, y, settings, curve)
    parts = (apart, *(float(np.sqrt(np.mean(each**2))) for each in (error, flags)))
    print("SD of log hazard: between groups {:.3f}, refits {:.3f}, treatment flags {:.3f}".format(*parts))
    reference = {
        "background": x,
        **curve_limits(curve, np.sqrt(error**2 + flags**2 + apart**2), AT, LEVEL),
        **near(x),
    }
    rows = external(model, content) + evaluation(INNER, x, y, margin, own)
    (HERE / "model.onnx").write_bytes(content)
    save_npz(HERE / "reference.npz", reference)
    proof = np.vstack([x[::40], [[55, 1, 1, 1, 1, 0, 0, 1, 1], [40, 0, 2, 3, 40, 2000, 900, 0, 0]]])
    found = run(content, proof)
    save_npz(HERE / "golden.npz", {"x": proof, OUTPUT: found[0], CURVE: found[1]})
    write_generated(HERE, words(rows), input_tables(x), rows, selection.rows(compared))
    for row in rows:
        e = row.estimate
        shares = f"predicted {row.predicted:.3f}, observed {row.observed:.3f}"
        print(
            f"{row.dataset} {row.group}: {row.metric} {e.value:.4f} ({e.lo:.4f}-{e.hi:.4f}), n {row.n}, {shares}"
        )


def external(model: Model, content: bytes) -> list[Row]:
    """The figures on the German trial."""
    x, y = load("GBSG")
    return evaluation(EXTERNAL, x, y, model.fit(x), run(content, x)[0])


if __name__ == "__main__":
    main()
