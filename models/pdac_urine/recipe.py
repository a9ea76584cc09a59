"""Pancreatic cancer from three urine proteins, with and without plasma CA 19-9: a likelihood ratio.

Run: python models/pdac_urine/recipe.py (needs the extra `train` and the development data). Trained on the London
biobank (BPTB) alone; Liverpool, Spain and UCL are external: nothing was chosen on them (docs/looks/pdac_urine.md).

The rows are cases and others picked by the study, so their share of cases means nothing. What is learnt is a ratio
against benign disease of liver, bile ducts and pancreas: the healthy controls all come from one centre and would
flatter it. The two collections of the biobank picked cases at different rates; each has an intercept of its own, which
does not enter the ratio. Sex and REG1A (known for half of the rows) added nothing in cross-validation: no inputs.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import spox.opset.ai.onnx.v21 as op
from numpy.typing import NDArray
from sklearn.model_selection import RepeatedStratifiedKFold
from spox import Var

from medgui.evaluation import figures as ev
from medgui.evaluation.figures import logit, sigmoid
from medgui.frozen import frozen
from medgui.workshop.candidates import Network, Trees
from medgui.workshop.data import data_file
from medgui.workshop.equation import build_model, column_inputs, number, run, save_npz
from medgui.workshop.logistic import Term, fit
from medgui.workshop.manifest_text import write_generated
from medgui.workshop.reference_data import applicability, heterogeneity

FloatArray = NDArray[np.float64]
HERE = Path(__file__).parent
TRAINING, EXTERNAL = "BPTB, benign disease against cancer, cross-validated", "LIV, ESP and UCL (external)"
WITH, KNOWN = ", with CA 19-9", ", CA 19-9 where it is known"
LEVEL, Z = 0.9, 1.6448536269514722
PENALTIES = (1.0, 3.0, 10.0)
CA_LIMITS = (37.0, 1000.0)
"""CA 19-9 counts between the usual upper limit of normal and 1,000 U/mL; beyond, more says no more."""

LARGEST = float(np.log(100.0))
"""The log ratio levels off towards 1/100 and 100: so few people cannot show more."""

# name: column of the set, unit, accepted range, why
INPUTS: dict[str, tuple[str, str, tuple[float, float], str]] = {
    "age": ("age", "a", (18, 90), "Adults; the training rows have 26 to 88 years"),
    "urine_creatinine": (
        "creatinine",
        "mg/mL",
        (0.03, 5),
        "Half the smallest to 1.2 times the largest value seen",
    ),
    "lyve1": ("LYVE1", "ng/mL", (0, 25), "Up to twice the largest value seen"),
    "reg1b": ("REG1B", "ng/mL", (0, 2500), "Up to twice the largest value seen"),
    "tff1": ("TFF1", "ng/mL", (0, 27000), "Up to twice the largest value seen"),
    "ca19_9": ("plasma_CA19_9", "U/mL", (0, 1_000_000), "Technical limits of the assay"),
    "pdac_prevalence": ("", "%", (0.001, 99.9), "A probability that is stated, neither 0 nor 1"),
}
NAMES = tuple(INPUTS)
FLOORS = {"lyve1": 0.01, "reg1b": 0.1, "tff1": 0.1}
"""ng/mL below which the logarithm stays as it is: what the assays tell there is that there is next to nothing."""
CA, PRIOR = NAMES.index("ca19_9"), NAMES.index("pdac_prevalence")


@frozen
class Rows:
    """x [N, F] in manifest order, y [N] (1: cancer), benign [N], cohort [N] (0 or 1), male [N] (0 or 1), site [N]."""

    x: FloatArray
    y: FloatArray
    benign: NDArray[np.bool_]
    cohort: FloatArray
    male: FloatArray
    site: NDArray[np.str_]

    def part(self, rows: NDArray[np.bool_]) -> "Rows":
        """The rows that are marked."""
        return Rows(
            self.x[rows], self.y[rows], self.benign[rows], self.cohort[rows], self.male[rows], self.site[rows]
        )


def load() -> Rows:
    """All rows of the set."""
    frame = pd.read_csv(data_file("tabular/pdac_urine.csv"))
    x = np.full((len(frame), len(NAMES)), np.nan)
    for place, (column, *_others) in enumerate(INPUTS.values()):
        if column:
            x[:, place] = frame[column].to_numpy(dtype=np.float64)
    return Rows(
        x,
        (frame.diagnosis == 3).to_numpy(dtype=np.float64),
        (frame.diagnosis == 2).to_numpy(),
        (frame.patient_cohort == "Cohort2").to_numpy(dtype=np.float64),
        (frame.sex == "M").to_numpy(dtype=np.float64),
        frame.sample_origin.to_numpy(dtype=str),
    )


def design(x: FloatArray, with_ca: bool) -> FloatArray:
    """Terms [N, T]: age, log creatinine, logs of the proteins per creatinine, log CA 19-9 within limits."""
    creatinine = x[:, NAMES.index("urine_creatinine")]
    columns = [x[:, 0], np.log(creatinine)]
    columns += [np.log(np.maximum(x[:, NAMES.index(n)], low) / creatinine) for n, low in FLOORS.items()]
    if with_ca:
        columns.append(np.log(np.clip(x[:, CA], *CA_LIMITS)))
    return np.column_stack(columns)


@frozen
class Weights:
    """log LR = intercept + terms @ weights; `covariance` is that of the weights before calibration, standardised."""

    intercept: float
    weights: FloatArray
    error: FloatArray

    def log_ratio(self, terms: FloatArray) -> FloatArray:
        """Log likelihood ratio [N]."""
        return levelled(self.intercept + terms @ self.weights)


def levelled(margin: FloatArray) -> FloatArray:
    """The margin as a log likelihood ratio between those of 1/100 and 100."""
    return np.asarray(LARGEST * np.tanh(margin / LARGEST))


def slopes(
    terms: FloatArray, y: FloatArray, cohort: FloatArray, penalty: float
) -> tuple[FloatArray, FloatArray]:
    """Weights [T] of the terms in their own units and their covariance [T, T]; the cohorts' intercepts are free."""
    free = Term("cohort", 0.5, 0.05)
    spec = [Term(str(i), float(v.mean()), float(v.std())) for i, v in enumerate(terms.T)]
    model = fit([*spec, free], np.column_stack([terms, cohort]), y, penalty)
    scale = np.array([term.scale for term in spec])
    n = len(spec)
    return model.weights[:n] / scale, model.covariance[1 : n + 1, 1 : n + 1] / np.outer(scale, scale)


def own_odds(y: FloatArray, cohort: FloatArray) -> FloatArray:
    """Log odds [N] of being a case in each row's own collection, as the study picked them."""
    share = np.array([y[cohort == c].mean() for c in (0.0, 1.0)])
    return logit(share)[cohort.astype(int)]


def cross_validated(terms: FloatArray, rows: Rows, penalty: float) -> FloatArray:
    """Uncalibrated margin [N] of fits that did not see the row, mean of ten ten-fold divisions."""
    found = np.zeros(len(terms))
    strata = rows.y + 2 * rows.cohort
    for train, test in RepeatedStratifiedKFold(n_splits=10, n_repeats=10, random_state=0).split(
        terms, strata
    ):
        weights, _cov = slopes(terms[train], rows.y[train], rows.cohort[train], penalty)
        found[test] += (terms[test] - terms[train].mean(axis=0)) @ weights / 10
    return found


def calibrated(margin: FloatArray, rows: Rows) -> tuple[float, float]:
    """(intercept, slope) so that intercept + slope x margin is a log likelihood ratio, given the collections' odds."""
    beta = np.array([0.0, 1.0])
    columns = np.column_stack([np.ones_like(margin), margin])
    offset = own_odds(rows.y, rows.cohort)
    for _step in range(100):
        p = sigmoid(offset + columns @ beta)
        step = np.linalg.solve((columns.T * (p * (1 - p))) @ columns, columns.T @ (rows.y - p))
        beta = beta + step
    return float(beta[0]), float(beta[1])


def within(score: FloatArray, rows: Rows) -> float:
    """Mean of the two collections' AUROC: how the study picked cases cannot move it."""
    return float(
        np.mean([ev.auroc(rows.y[rows.cohort == c], score[rows.cohort == c]).value for c in (0.0, 1.0)])
    )


def learn(rows: Rows, with_ca: bool) -> tuple[Weights, FloatArray, float]:
    """The fit, its cross-validated log LR [N], and the penalty that had the least log loss."""
    terms = design(rows.x, with_ca)
    best: tuple[float, float, FloatArray, float, float] | None = None
    for penalty in PENALTIES:
        margin = cross_validated(terms, rows, penalty)
        intercept, slope = calibrated(margin, rows)
        log_ratio = levelled(intercept + slope * margin)
        p = sigmoid(own_odds(rows.y, rows.cohort) + log_ratio)
        loss = float(-np.log(np.where(rows.y > 0, p, 1 - p)).mean())
        if best is None or loss < best[0]:
            best = (loss, penalty, log_ratio, intercept, slope)
    assert best is not None
    _loss, penalty, log_ratio, intercept, slope = best
    weights, covariance = slopes(terms, rows.y, rows.cohort, penalty)
    centred = terms - terms.mean(axis=0)
    error = slope * np.sqrt(np.einsum("ij,jk,ik->i", centred, covariance, centred))
    shift = intercept - slope * float(terms.mean(axis=0) @ weights)
    return Weights(shift, slope * weights, np.asarray(error)), log_ratio, penalty


def graph(plain: Weights, full: Weights) -> bytes:
    """`pdac` = exp(log LR); `pdac_probability` from the stated probability in per cent. CA 19-9 missing: `plain`."""
    inputs = column_inputs(NAMES)
    ca = inputs["ca19_9"]
    known = op.where(op.isnan(ca), number(CA_LIMITS[0]), ca)
    capped = op.log(op.min([op.max([known, number(CA_LIMITS[0])]), number(CA_LIMITS[1])]))
    creatinine = inputs["urine_creatinine"]
    terms = [inputs["age"], op.log(creatinine)]
    terms += [op.log(op.div(op.max([inputs[name], number(low)]), creatinine)) for name, low in FLOORS.items()]
    with_ca = _sum(full, [*terms, capped])
    margin = op.where(op.isnan(ca), _sum(plain, terms), with_ca)
    ratio = op.mul(number(LARGEST), op.tanh(op.div(margin, number(LARGEST))))
    stated = op.div(inputs["pdac_prevalence"], number(100.0))
    prior = op.log(op.div(stated, op.sub(number(1.0), stated)))
    outputs = {"pdac": op.exp(ratio), "pdac_probability": op.sigmoid(op.add(ratio, prior))}
    return build_model(inputs, outputs, "medgui pdac_urine")


def _sum(weights: Weights, terms: list[Var]) -> Var:
    total = number(weights.intercept)
    for weight, term in zip(weights.weights, terms, strict=True):
        total = op.add(total, op.mul(number(float(weight)), term))
    return total


def comparison(rows: Rows, with_ca: bool, chosen: FloatArray) -> list[dict[str, object]]:
    """What was tried on the same rows: AUROC within the collections, with its standard error over both."""
    x = rows.x[:, : CA + 1] if with_ca else rows.x[:, :CA]
    tried: list[tuple[str, str, FloatArray, bool]] = [
        ("Age alone", "仅年龄", _simple(rows.x[:, :1], rows), False),
        (
            "Regularised logistic regression, logs per creatinine",
            "正则化 Logistic 回归（按肌酐校正的对数）",
            chosen,
            True,
        ),
    ]
    for kind, english, chinese in (
        (Trees(shapes=((4, 15),), rounds=(60,)), "Boosted trees", "梯度提升树"),
        (Network(penalties=(1.0,)), "Neural network (64-32-16, ReLU)", "神经网络（64-32-16，ReLU）"),
    ):
        found = np.zeros(len(x))
        strata = rows.y + 2 * rows.cohort
        for train, test in RepeatedStratifiedKFold(n_splits=10, n_repeats=2, random_state=0).split(x, strata):
            settings = kind.grid()[0]
            found[test] += kind.fit(x[train], rows.y[train], np.ones(len(train)), 0, settings)(x[test]) / 2
        tried.append((english, chinese, found, False))
    which = ("with CA 19-9", "含 CA 19-9") if with_ca else ("without CA 19-9", "不含 CA 19-9")
    return [
        {
            "candidate": {"en": f"{english}, {which[0]}", "zh": f"{chinese}，{which[1]}"},
            "metric": "auroc",
            "value": within(score, rows),
            "se": _error(score, rows),
            "chosen": mark,
            "note": {"en": "Mean of the two collections", "zh": "两批样本的平均值"},
        }
        for english, chinese, score, mark in tried
    ]


def _simple(terms: FloatArray, rows: Rows) -> FloatArray:
    return cross_validated(terms, rows, 1.0)


def _error(score: FloatArray, rows: Rows) -> float:
    """Standard error of `within` from the two DeLong intervals (on the logit scale, taken back)."""
    parts = [ev.auroc(rows.y[rows.cohort == c], score[rows.cohort == c]) for c in (0.0, 1.0)]
    return float(np.sqrt(sum(((e.hi - e.lo) / 3.92) ** 2 for e in parts)) / 2)


def half_width(rows: Rows, found: list[tuple[Weights, FloatArray, Rows]]) -> float:
    """Half of the interval on the log scale: the fit (root mean square) and what differs between groups of people."""
    error = max(float(np.sqrt(np.mean(weights.error**2))) for weights, _m, _r in found)
    spread = 0.0
    for _weights, log_ratio, part in found:
        p = sigmoid(own_odds(part.y, part.cohort) + log_ratio)
        age = np.array(ev.age_bands(part.x[:, 0], (18, 50, 60, 70, 91)))
        for cells in (part.cohort.astype(str), part.male.astype(str), age):
            spread = max(spread, heterogeneity(part.y, p, cells, 5))
    return Z * float(np.hypot(error, spread))


def reference(rows: Rows, half: float) -> dict[str, FloatArray]:
    """Interval tables of both outputs (the same width on the log scale) and the distance to the training rows."""
    score = sigmoid(np.linspace(-14, 14, 561))
    top = np.array([0.0, 1e6])
    background = rows.x[(rows.y > 0) | rows.benign]
    return {
        "background": background,
        "interval_score:pdac": top,
        "interval_lo:pdac": top * np.exp(-half),
        "interval_hi:pdac": top * np.exp(half),
        "interval_score:pdac_probability": score,
        "interval_lo:pdac_probability": sigmoid(logit(score) - half),
        "interval_hi:pdac_probability": sigmoid(logit(score) + half),
        **_distances(rows.x),
    }


def _distances(x: FloatArray) -> dict[str, FloatArray]:
    """Distance data of the training rows; the stated probability does not count."""
    found = applicability(x[:, :PRIOR], 0.98)
    width = len(NAMES)
    covariance = np.eye(width)
    covariance[:PRIOR, :PRIOR] = found["train_covariance"]
    return {
        **found,
        "train_mean": np.append(found["train_mean"], 0.0),
        "train_scale": np.append(found["train_scale"], 0.0),
        "train_covariance": covariance,
    }


def input_tables(x: FloatArray) -> list[dict[str, object]]:
    """[[inputs]] of the manifest."""
    tables: list[dict[str, object]] = []
    for place, (name, (_column, unit, accepted, source)) in enumerate(INPUTS.items()):
        optional = name in ("ca19_9", "pdac_prevalence")
        table: dict[str, object] = {"name": name, "unit": unit, "required": not optional}
        table["missing"] = "graph" if optional else "refuse"
        table |= {"accepted": list(accepted), "accepted_source": source}
        if name != "pdac_prevalence":
            table["seen"] = [float(np.nanmin(x[:, place])), float(np.nanmax(x[:, place]))]
        if name != "age":
            table["max_age_days"] = 365 if name == "pdac_prevalence" else 90
        if name == "ca19_9":
            table["columns"] = ["plasma_ca19_9", "plasma_CA19_9"]
        if name == "pdac_prevalence":
            table["outputs"] = ["pdac_probability"]
        if not optional and name != "age":
            table["plausible"] = [float(v) for v in np.quantile(x[:, place], [0.05, 0.95]).round(3)]
        tables.append(table)
    return tables


def evaluate(answer: FloatArray, rows: Rows, dataset: str) -> list[ev.Row]:
    """Figures of likelihood ratios `answer` [N]; probabilities are those at the set's own share of cases."""
    p = sigmoid(np.log(answer) + logit(np.array(rows.y.mean())))
    labels = {
        "sex": np.where(rows.male == 1, "male", "female").tolist(),
        "age": ev.age_bands(rows.x[:, 0], (26, 60, 70, 90)),
    }
    return ev.whole_rows(dataset, rows.y, p) + ev.group_rows(dataset, rows.y, p, labels)


def words(rows: list[ev.Row]) -> dict[str, dict[str, str]]:
    """The source attributes that hold figures."""
    at = {(r.dataset, r.metric): r for r in rows if r.group == "all"}

    def told(dataset: str, language: str) -> str:
        r = at[dataset, "auroc"]
        e = r.estimate
        figure = (
            f"{e.value:.3f} ({e.lo:.3f}-{e.hi:.3f})"
            if language == "en"
            else f"{e.value:.3f}（{e.lo:.3f}-{e.hi:.3f}）"
        )
        counts = (
            f"n {r.n}, {r.events} with cancer" if language == "en" else f"{r.n} 人，其中胰腺癌 {r.events} 人"
        )
        return f"{figure}, {counts}" if language == "en" else f"{figure}，{counts}"

    pairs = {
        "performance.validity_internal": (TRAINING, WITH, "with CA 19-9", "含 CA 19-9"),
        "performance.validity_external": (EXTERNAL, KNOWN, "with CA 19-9 where known", "有 CA 19-9 者计入"),
    }
    return {
        key: {
            "en": f"AUROC without CA 19-9 {told(name, 'en')}; {en} {told(name + more, 'en')}",
            "zh": f"AUROC：不含 CA 19-9 {told(name, 'zh')}；{zh} {told(name + more, 'zh')}",
        }
        for key, (name, more, en, zh) in pairs.items()
    }


def main() -> None:
    everyone = load()
    home = everyone.part(everyone.site == "BPTB")
    train = home.part((home.y > 0) | home.benign)
    found, rows, compared = [], [], []
    for with_ca in (False, True):
        part = train.part(~np.isnan(train.x[:, CA])) if with_ca else train
        weights, log_ratio, penalty = learn(part, with_ca)
        found.append((weights, log_ratio, part))
        compared += comparison(part, with_ca, log_ratio)
        name = TRAINING + WITH if with_ca else TRAINING
        rows += evaluate(np.exp(log_ratio), part, name)
        print(f"with CA 19-9 {with_ca}: penalty {penalty}, within collections {within(log_ratio, part):.4f}")
    plain, full = found[0][0], found[1][0]
    onnx_bytes = graph(plain, full)
    (HERE / "model.onnx").write_bytes(onnx_bytes)
    gap = 0.0
    for with_ca, weights, part in ((False, plain, found[0][2]), (True, full, found[1][2])):
        x = part.x.copy()
        x[:, PRIOR] = 5.0
        x[:, CA] = x[:, CA] if with_ca else np.nan
        log_ratio = weights.log_ratio(design(x, with_ca))
        answers = run(onnx_bytes, NAMES, x)
        gap = max(gap, float(np.abs(np.log(answers["pdac"]) - log_ratio).max()))
        gap = max(
            gap, float(np.abs(answers["pdac_probability"] - sigmoid(log_ratio + logit(np.array(0.05)))).max())
        )
    print(f"ONNX against the fit: largest difference {gap:.1e}")
    abroad = everyone.part(everyone.site != "BPTB")
    alone = abroad.x.copy()
    alone[:, CA] = np.nan
    rows += evaluate(run(onnx_bytes, NAMES, alone)["pdac"], abroad, EXTERNAL)
    rows += evaluate(run(onnx_bytes, NAMES, abroad.x)["pdac"], abroad, EXTERNAL + KNOWN)
    measured = abroad.part(~np.isnan(abroad.x[:, CA]))
    rows += evaluate(run(onnx_bytes, NAMES, measured.x)["pdac"], measured, EXTERNAL + WITH)
    half = half_width(train, found)
    print(f"interval: a factor of {np.exp(half):.2f} either way")
    save_npz(HERE / "reference.npz", reference(home, half))
    proof = np.concatenate([train.x[::12], train.x[5::24]])
    proof[len(train.x[::12]) :, PRIOR] = 2.0
    save_npz(HERE / "golden.npz", {"x": proof, **run(onnx_bytes, NAMES, proof)})
    write_generated(HERE, words(rows), input_tables(home.x), rows, compared)
    for row in rows:
        if row.group == "all":
            e = row.estimate
            print(f"{row.dataset}: {row.metric} {e.value:.4f} ({e.lo:.4f}-{e.hi:.4f}), n {row.n}")


if __name__ == "__main__":
    main()
