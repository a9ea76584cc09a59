"""AML against ALL from the expression of thirty genes: ridge logistic regression on the training arrays of Golub.

Run: python models/leukaemia_expression/recipe.py (needs the extra `train` and the development data). The 38 training
arrays alone decide; genes are chosen inside every fold. The independent arrays are external (docs/looks).

Arrays differ in brightness. Each gene's log intensity counts against the mean of the model's own genes on the same
array; in the sum this means that the weights add up to zero, so one file is enough and a brighter array says nothing.
Intensities under 200 (many are negative: the array's estimate of nothing) count as 200, those above 16,000 as 16,000.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import spox.opset.ai.onnx.v21 as op
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import RepeatedStratifiedKFold

from medgui.evaluation import figures as ev
from medgui.evaluation.figures import logit, sigmoid
from medgui.evaluation.thresholds import at_threshold
from medgui.frozen import frozen
from medgui.workshop.candidates import Trees
from medgui.workshop.data import data_file
from medgui.workshop.equation import build_model, column_inputs, number, run, save_npz
from medgui.workshop.logistic import Term, fit
from medgui.workshop.manifest_text import write_generated
from medgui.workshop.reference_data import distance

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
HERE = Path(__file__).parent
OUTPUT = "aml"
TRAINING, EXTERNAL = "Golub training arrays, cross-validated", "Golub independent arrays (external)"
GENES, PENALTY, LIMITS, STEADY = 30, 1.0, (200.0, 16_000.0), 0.3
"""STEADY is added to the spread of a gene (log2 units) when genes are ranked: none wins by hardly varying."""
SIZES = (10, 14, 20, 30, 40, 50)
REFITS = 200


def load() -> tuple[FloatArray, FloatArray, NDArray[np.bool_], list[str]]:
    """Intensities [N, G] of all genes without the controls, y [N] (1: AML), training [N], accessions [G]."""
    frame = pd.read_csv(data_file("tabular/leukaemia_golub.csv.gz"))
    names = [name for name in frame.columns[3:] if not name.startswith("AFFX")]
    x = frame[names].to_numpy(dtype=np.float64)
    return x, frame.aml.to_numpy(dtype=np.float64), (frame["set"] == "train").to_numpy(), names


def logs(x: FloatArray) -> FloatArray:
    """Log2 of the intensities within the limits."""
    return np.asarray(np.log2(np.clip(x, *LIMITS)))


def choose(z: FloatArray, y: FloatArray, count: int) -> IntArray:
    """Half of the genes highest in AML, half highest in ALL, by signal to noise (Golub TR, Science 1999;286:531)."""
    a, b = z[y > 0], z[y == 0]
    ranked = np.argsort(
        (b.mean(0) - a.mean(0)) / (a.std(0, ddof=1) + b.std(0, ddof=1) + STEADY), kind="stable"
    )
    return np.concatenate([ranked[: count // 2], ranked[::-1][: count - count // 2]])


@frozen
class Signature:
    """log odds = intercept + log2 intensities of `genes` @ weights; the weights add up to zero."""

    genes: IntArray
    intercept: float
    weights: FloatArray

    def margin(self, z: FloatArray) -> FloatArray:
        """Log odds [N] of AML from log2 intensities z [N, G] of all genes."""
        return np.asarray(self.intercept + z[:, self.genes] @ self.weights)


def learn(z: FloatArray, y: FloatArray, count: int = GENES, penalty: float = PENALTY) -> Signature:
    """Choose the genes and weigh them; z [N, G], y [N]."""
    genes = choose(z, y, count)
    own = z[:, genes] - z[:, genes].mean(axis=1, keepdims=True)
    terms = [Term(str(i), float(v.mean()), float(v.std())) for i, v in enumerate(own.T)]
    model = fit(terms, own, y, penalty)
    scale, centre = np.array([t.scale for t in terms]), np.array([t.centre for t in terms])
    steep = model.weights / scale
    return Signature(genes, model.intercept - float(steep @ centre), steep - steep.mean())


Learner = Callable[[FloatArray, FloatArray], Callable[[FloatArray], FloatArray]]


def cross_validated(z: FloatArray, y: FloatArray, learner: Learner, repeats: int = 10) -> FloatArray:
    """Log odds [R, N] of each array from fits and choices of genes that did not see it, in each five-fold division."""
    found = np.zeros((repeats, len(y)))
    divisions = RepeatedStratifiedKFold(n_splits=5, n_repeats=repeats, random_state=0)
    for turn, (train, test) in enumerate(divisions.split(z, y)):
        found[turn // 5, test] = learner(z[train], y[train])(z[test])
    return found


def candidates() -> list[tuple[str, str, Learner, int]]:
    """What is compared, the smallest first."""

    def of_size(count: int) -> Learner:
        return lambda z, y: learn(z, y, count).margin

    def all_genes(z: FloatArray, y: FloatArray) -> Callable[[FloatArray], FloatArray]:
        model = LogisticRegression(C=0.01, solver="lbfgs", max_iter=2000).fit(
            z - z.mean(axis=1, keepdims=True), y
        )
        return lambda rows: np.asarray(model.decision_function(rows - rows.mean(axis=1, keepdims=True)))

    def trees(z: FloatArray, y: FloatArray) -> Callable[[FloatArray], FloatArray]:
        kind = Trees(shapes=((2, 5),), rounds=(60,))
        chosen = choose(z, y, 50)
        model = kind.fit(z[:, chosen], y, np.ones(len(y)), 0, kind.grid()[0])
        return lambda rows: model(rows[:, chosen])

    sized = [
        (f"Logistic regression on {n} genes", f"Logistic 回归，{n} 个基因", of_size(n), n) for n in SIZES
    ]
    return [
        *sized,
        ("Logistic regression on all 7,070 genes", "Logistic 回归，全部 7070 个基因", all_genes, 7070),
        ("Boosted trees on 50 genes", "梯度提升树，50 个基因", trees, 50),
    ]


def comparison(z: FloatArray, y: FloatArray) -> list[dict[str, object]]:
    """Brier score of each candidate and its standard error over the arrays; GENES is the fewest within one."""
    tables: list[dict[str, object]] = []
    for english, chinese, learner, count in candidates():
        margin = cross_validated(z, y, learner, 4)
        loss = ((sigmoid(margin) - y) ** 2).mean(axis=0)
        wrong = float(((margin > 0) != (y > 0)).sum(axis=1).mean())
        tables.append(
            {
                "candidate": {"en": english, "zh": chinese},
                "metric": "brier",
                "value": float(loss.mean()),
                "se": float(loss.std(ddof=1) / np.sqrt(len(y))),
                "chosen": count == GENES,
                "note": {
                    "en": f"Wrong at 0.5: {wrong:.1f} of {len(y)}",
                    "zh": f"以 0.5 为界判错 {wrong:.1f} / {len(y)}",
                },
            }
        )
    return tables


def refit_error(z: FloatArray, y: FloatArray) -> FloatArray:
    """Spread [N] of the log odds over refits on resampled arrays, the choice of genes included."""
    random = np.random.default_rng(0)
    found = np.full((REFITS, len(y)), np.nan)
    classes = [np.flatnonzero(y == c) for c in (0.0, 1.0)]
    for turn in range(REFITS):
        rows = np.concatenate([random.choice(c, len(c)) for c in classes])
        left = ~np.isin(np.arange(len(y)), rows)
        found[turn, left] = learn(z[rows], y[rows]).margin(z[left])
    return np.asarray(np.nanstd(found, axis=0))


def intervals(error: FloatArray) -> dict[str, FloatArray]:
    """Limits at every probability: the root mean square spread of the refits on the log odds scale.

    Hardly any training array lies between 0.1 and 0.9, so that a spread by probability cannot be told there.
    """
    middle = np.linspace(-12, 12, 241)
    half = 1.6448536269514722 * float(np.sqrt(np.mean(error**2)))
    return {
        "interval_score": sigmoid(middle),
        "interval_lo": sigmoid(middle - half),
        "interval_hi": sigmoid(middle + half),
    }


def graph(model: Signature, names: list[str]) -> bytes:
    """A float64 graph: one [N, 1] input a gene, the probability of AML as the logistic function of a sum."""
    inputs = column_inputs(names)
    total = number(model.intercept)
    for name, weight in zip(names, model.weights, strict=True):
        kept = op.max([op.min([inputs[name], number(LIMITS[1])]), number(LIMITS[0])])
        value = op.where(op.isnan(inputs[name]), inputs[name], kept)
        total = op.add(total, op.mul(number(float(weight) / np.log(2.0)), op.log(value)))
    return build_model(inputs, {OUTPUT: op.sigmoid(total)}, "medgui leukaemia_expression")


def applicability(x: FloatArray, y: FloatArray) -> dict[str, FloatArray]:
    """Distance to the training arrays x [N, F]; limits from distances of arrays that a fold left out.

    38 arrays cannot tell a covariance of 30 genes: it is drawn half way to that of unrelated ones. Both limits are
    percentiles (98th, 99.9th) of a log-normal law of the left-out distances.
    """
    parts = []
    for train, test in RepeatedStratifiedKFold(n_splits=5, n_repeats=4, random_state=1).split(x, y):
        parts.append(distance(x[test], *_shape(x[train])))
    lengths = np.log(np.concatenate(parts))
    mean, scale, covariance = _shape(x)
    return {
        "train_mean": mean,
        "train_scale": scale,
        "train_covariance": covariance,
        "distance_flag": np.array(np.exp(lengths.mean() + 2.054 * lengths.std())),
        "distance_refuse": np.array(np.exp(lengths.mean() + 3.090 * lengths.std())),
    }


def _shape(x: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    mean, scale = x.mean(axis=0), x.std(axis=0)
    z = (x - mean) / scale
    return mean, scale, (z.T @ z / len(x) + np.eye(x.shape[1])) / 2


def input_tables(x: FloatArray, names: list[str]) -> list[dict[str, object]]:
    """[[inputs]] of the manifest."""
    return [
        {
            "name": name,
            "unit": "{intensity}",
            "required": False,
            "missing": "background",
            "accepted": [-100_000, 200_000],
            "accepted_source": "Technical limits of the scanner: an intensity beyond them is none",
            "seen": [float(values.min()), float(values.max())],
        }
        for name, values in zip(names, x.T, strict=True)
    ]


def evaluate(dataset: str, y: FloatArray, p: FloatArray) -> list[ev.Row]:
    """Figures of one set; accuracy, sensitivity and specificity at 0.5."""
    rows = [row for row in ev.whole_rows(dataset, y, p) if row.metric in ("auroc", "brier")]
    row, area = rows[0], rows[0].estimate
    if area.lo == area.hi:  # every AML above every ALL: the formula has no interval for that
        alone = ev.Estimate(area.value, np.nan, np.nan)
        rows[0] = ev.Row(dataset, "all", "auroc", alone, row.n, row.events, row.predicted, row.observed)
    right = ev.proportion(int(((p > 0.5) == (y > 0)).sum()), len(y))
    rows.append(ev.Row(dataset, "all", "accuracy", right, len(y), int(y.sum()), p.mean(), y.mean()))
    for metric, estimate in at_threshold(y, p, 0.5).items():
        if metric in ("sensitivity", "specificity"):
            rows.append(ev.Row(dataset, "all", metric, estimate, len(y), int(y.sum()), p.mean(), y.mean()))
    return [row for row in rows if np.isfinite(row.estimate.value)]


def words(rows: list[ev.Row]) -> dict[str, dict[str, str]]:
    """The source attributes that hold figures."""
    at = {(r.dataset, r.metric): r for r in rows}

    def told(dataset: str) -> dict[str, str]:
        row = at[dataset, "accuracy"]
        e, right = row.estimate, round(row.estimate.value * row.n)
        return {
            "en": f"{right} of {row.n} right at 0.5 (accuracy {e.value:.3f}, {e.lo:.3f}-{e.hi:.3f})",
            "zh": f"以 0.5 为界，{row.n} 例中判对 {right} 例（准确率 {e.value:.3f}，{e.lo:.3f}-{e.hi:.3f}）",
        }

    return {
        "performance.validity_internal": told(TRAINING),
        "performance.validity_external": told(EXTERNAL),
    }


def main() -> None:
    x, y, training, every = load()
    z = logs(x)
    model = learn(z[training], y[training])
    names = [every[place] for place in model.genes]
    own = x[:, model.genes]
    onnx_bytes = graph(model, names)
    (HERE / "model.onnx").write_bytes(onnx_bytes)
    answers = run(onnx_bytes, names, own)[OUTPUT]
    print(f"ONNX against the fit: largest difference {np.abs(answers - sigmoid(model.margin(z))).max():.1e}")
    inner = sigmoid(cross_validated(z[training], y[training], lambda a, b: learn(a, b).margin).mean(axis=0))
    rows = evaluate(TRAINING, y[training], inner) + evaluate(EXTERNAL, y[~training], answers[~training])
    error = refit_error(z[training], y[training])
    reference = {
        "background": own[training],
        **intervals(error),
        **applicability(own[training], y[training]),
    }
    save_npz(HERE / "reference.npz", reference)
    proof = own[training][::4]
    save_npz(HERE / "golden.npz", {"x": proof, **run(onnx_bytes, names, proof)})
    compared = comparison(z[training], y[training])
    write_generated(HERE, words(rows), input_tables(own[training], names), rows, compared)
    print("log odds of the independent arrays:", np.sort(logit(answers[~training])).round(1).tolist())
    print("spread of refits:", np.quantile(error, [0.1, 0.5, 0.9]).round(2).tolist())
    for table in compared:
        print(table["candidate"], table["value"], table["se"], table["note"])
    for row in rows:
        e = row.estimate
        print(f"{row.dataset}: {row.metric} {e.value:.4f} ({e.lo:.4f}-{e.hi:.4f}), n {row.n}")


if __name__ == "__main__":
    main()
