"""Screens on the later NHANES surveys: rows, fair boosted trees, leave-one-cycle-out, reference data and figures.

Two recipes share this: `ckd_screen` and `albuminuria`. Both train on 1999-2010 and are tested on 2011-2020. The
trees never see the ethnic group. In a `grouped` screen a stated group moves the finished log odds (`screening_groups`).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from medgui.evaluation.figures import affine, age_bands, auroc, sigmoid
from medgui.frozen import frozen
from medgui.workshop.candidates import Candidate, Logistic, Trees
from medgui.workshop.data import data_file
from medgui.workshop.network import Network
from medgui.workshop.reference_data import applicability, heterogeneity, interval_table
from medgui.workshop.screening_groups import NAME as GROUP
from medgui.workshop.screening_groups import codes, without_distance
from medgui.workshop.selection import search

FloatArray = NDArray[np.float64]
TOP_CODE = 80.0
AGE_EDGES = (20, 40, 60, 70, 81)
FIRST_EXTERNAL = "2011"
YES_NO = {"Yes": 1.0, "No": 0.0}
CLASSES = {"One": 1.0, "Two": 2.0, "Three": 3.0, "Four or more": 4.0}
ETHNICITIES = {
    "Non-Hispanic White": "NH White",
    "Non-Hispanic Black": "NH Black",
    "Non-Hispanic Asian": "NH Asian",
    "Hispanic": "Hispanic",
    "Other": "Other",
}
FEWEST = 5.0
"""Events, expected and seen, from which the lower limit of an interval is above 0."""

# standard name: (column of the set, unit, days, direction in which risk may only move, accepted range and why)
Spec = tuple[str, str, int, int]
INPUTS: Mapping[str, Spec] = {
    "age": ("demo_age_years", "a", 0, 1),
    "sex": ("demo_gender", "1", 0, 0),
    "bmi": ("bmi", "kg/m2", 365, 0),
    "waist": ("waist", "cm", 365, 0),
    "systolic_bp": ("bp_sys_mean", "mm[Hg]", 365, 0),
    "diastolic_bp": ("bp_dia_mean", "mm[Hg]", 365, 0),
    "bp_treatment": ("bp_med_use", "1", 365, 1),
    "bp_med_n_class": ("bp_med_n_class", "1", 365, 1),
    "hba1c": ("cc_hba1c", "%", 365, 0),
    "diabetes": ("cc_diabetes", "1", 0, 1),
    "current_smoker": ("cc_smoke", "1", 1096, 0),
    "prior_ascvd": ("cc_cvd_ascvd", "1", 0, 1),
    "heart_failure": ("cc_cvd_hf", "1", 0, 1),
    "total_cholesterol": ("totchol", "mg/dL", 365, 0),
    "hdl_cholesterol": ("hdl", "mg/dL", 365, 0),
    "albumin": ("albumin", "g/dL", 365, -1),
    "alkaline_phosphatase": ("alp", "U/L", 365, 0),
    "glucose": ("glucose", "mg/dL", 365, 0),
    "rbc": ("rbc", "10*6/uL", 365, 0),
    "wbc": ("wbc", "10*3/uL", 365, 0),
    "egfr": ("cc_egfr", "mL/min/{1.73_m2}", 365, 0),
    "uacr": ("cc_acr", "mg/g", 365, 1),
}
YES_NO_INPUTS = ("bp_treatment", "diabetes", "current_smoker", "prior_ascvd", "heart_failure")
TOGETHER = (
    ("systolic_bp", "diastolic_bp"),
    ("total_cholesterol", "hdl_cholesterol"),
    ("bmi", "waist"),
    ("albumin", "alkaline_phosphatase", "glucose", "total_cholesterol", "hdl_cholesterol", "rbc", "wbc"),
    ("hba1c",),
    ("uacr",),
    ("egfr",),
)
"""Values that a clinic has or lacks together."""
LABELS = ("en", "zh")


@frozen
class Screen:
    """One screen. outcome: a yes/no column of the set. names: what its trees see. rounds, boosters: their number.

    grouped: the graph has the ethnic group as its last input, for a shift of the log odds and nothing else.
    """

    id: str
    output: str
    outcome: str
    names: tuple[str, ...]
    rounds: int = 300
    leaves: int = 8
    boosters: int = 2
    masked: float = 0.4
    grouped: bool = False

    @property
    def inputs(self) -> tuple[str, ...]:
        """Inputs of the graph."""
        return (*self.names, GROUP) if self.grouped else self.names

    def seen(self, x: FloatArray) -> FloatArray:
        """The columns of the graph's inputs x [N, F] that the trees see."""
        return x[:, : len(self.names)]

    @property
    def monotone(self) -> list[int]:
        """Direction of each input."""
        return [INPUTS[name][3] for name in self.names]


@frozen
class Rows:
    """People: inputs x [N, F], outcome y [N], survey cycle, ethnic group and survey weight [N]."""

    x: FloatArray
    y: FloatArray
    cycle: NDArray[np.str_]
    ethnicity: NDArray[np.str_]
    weight: FloatArray
    age: FloatArray
    male: NDArray[np.bool_]

    def part(self, rows: NDArray[Any]) -> Rows:
        """Some of the people."""
        fields = (self.x, self.y, self.cycle, self.ethnicity, self.weight, self.age, self.male)
        return Rows(*(field[rows] for field in fields))

    def groups(self) -> dict[str, list[str]]:
        """Sex, age band and ethnic group of each row."""
        return {
            "sex": np.where(self.male, "male", "female").tolist(),
            "age": age_bands(self.age, AGE_EDGES),
            "ethnicity": self.ethnicity.tolist(),
        }


def say(text: str) -> None:
    """Tell somebody who runs a recipe."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def load(screen: Screen, *, external: bool) -> Rows:
    """Adults from 20 years who are not pregnant and have the outcome, of 1999-2010 or (external) of 2011-2020."""
    frame = pd.read_csv(data_file("tabular/nhanes_cardiometabolic.csv.gz"), low_memory=False)
    known = frame[screen.outcome].isin(list(YES_NO)) & (frame.demo_age_years >= 20)
    known &= frame.demo_pregnant.ne("Yes") & ((frame.svy_year >= FIRST_EXTERNAL) == external)
    frame = frame[known].reset_index(drop=True)
    x, ethnicity = features(frame, screen.names), frame.demo_race.map(ETHNICITIES).to_numpy(dtype=str)
    return Rows(
        x=np.column_stack([x, codes(ethnicity)]) if screen.grouped else x,
        y=np.asarray(frame[screen.outcome].map(YES_NO).to_numpy(dtype=np.float64)),
        cycle=frame.svy_year.to_numpy(dtype=str),
        ethnicity=ethnicity,
        weight=frame.svy_weight_mec.to_numpy(dtype=np.float64),
        age=frame.demo_age_years.to_numpy(dtype=np.float64),
        male=frame.demo_gender.eq("Men").to_numpy(),
    )


def features(frame: pd.DataFrame, names: Sequence[str]) -> FloatArray:
    """The inputs [N, F] as the running program feeds them: float32 values, categories as codes."""
    columns = [_column(frame[INPUTS[name][0]], name) for name in names]
    return np.column_stack(columns).astype(np.float32).astype(np.float64)


def _column(values: pd.Series[Any], name: str) -> FloatArray:
    if name == "sex":
        values = values.eq("Men").astype(float)
    elif name == "current_smoker":
        values = values.map({"Never": 0.0, "Former": 0.0, "Current": 1.0})
    elif name == "bp_med_n_class":
        values = values.map(CLASSES)
    elif name in YES_NO_INPUTS:
        values = values.map(YES_NO)
    elif name == "diastolic_bp":
        values = values.where(values >= 20)  # smaller ones are readings of sounds heard down to zero
    return np.asarray(values.to_numpy(dtype=np.float64))


def masked(screen: Screen, x: FloatArray, random: np.random.Generator) -> FloatArray:
    """A copy in which values and whole panels are missing at random, so that a gap says little by itself."""
    names = screen.names
    hide = random.random(x.shape) < 0.3 * random.random((len(x), 1))
    for panel in TOGETHER:
        places = [names.index(name) for name in panel if name in names]
        if places:
            hide[np.ix_(random.random(len(x)) < 0.35, places)] = True
    hide[:, [names.index("age"), names.index("sex")]] = False
    return np.where(hide, np.nan, x)


def boosters(screen: Screen, rows: Rows, seed: int, count: int = 0) -> list[Any]:
    """Train the ensemble on the rows and one masked copy of each."""
    import lightgbm as lgb

    parameters = {
        "learning_rate": 0.05,
        "num_leaves": screen.leaves,
        "min_data_in_leaf": 100,
        "lambda_l2": 10.0,
        "feature_fraction": 0.6,
        "bagging_fraction": 0.9,
        "bagging_freq": 1,
        "extra_trees": True,
        "monotone_constraints": screen.monotone,
        "num_threads": 1,
        "deterministic": True,
        "force_row_wise": True,
        "verbose": -1,
    }
    weight = np.repeat([1 - screen.masked, screen.masked], len(rows.x))
    label = np.concatenate([rows.y, rows.y])
    objective = log_loss(label, weight)
    own_x = screen.seen(rows.x)
    found = []
    for number in range(count or screen.boosters):
        own = seed * 100 + number
        x = np.vstack([own_x, masked(screen, own_x, np.random.default_rng(own))])
        data = lgb.Dataset(x, label, params={"verbose": -1})
        found.append(lgb.train({**parameters, "objective": objective, "seed": own}, data, screen.rounds))
    return found


def log_loss(
    y: FloatArray, weight: FloatArray
) -> Callable[[FloatArray, object], tuple[FloatArray, FloatArray]]:
    """Gradient and second derivative of the weighted log loss; margins start at the log odds of the whole."""
    base = np.log(np.average(y, weights=weight) / (1 - np.average(y, weights=weight)))
    scale = weight / weight.mean()

    def objective(margin: FloatArray, _data: object) -> tuple[FloatArray, FloatArray]:
        p = sigmoid(np.asarray(margin, dtype=np.float64) + base)
        slope = p * (1 - p)
        return (p - y) * scale, slope * scale

    return objective


def margin(models: Sequence[Any], x: FloatArray) -> FloatArray:
    """Mean raw score [N] of the boosters (log odds up to a constant and a factor, which `affine` finds).

    x [N, F]: the inputs of the graph; the boosters see those that come first.
    """
    x = x[:, : models[0].num_feature()]
    return np.asarray(np.mean([m.predict(x, raw_score=True, num_threads=1) for m in models], axis=0))


def by_cycle(rows: Rows) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Training and test rows of leave-one-survey-cycle-out."""
    cycles = np.unique(rows.cycle).tolist()
    return [(np.flatnonzero(rows.cycle != one), np.flatnonzero(rows.cycle == one)) for one in cycles]


def cross_fitted(screen: Screen, rows: Rows) -> FloatArray:
    """Margin [N] of each row from boosters that did not see its survey cycle."""
    out = np.empty(len(rows.y))
    for number, (train, test) in enumerate(by_cycle(rows)):
        out[test] = margin(boosters(screen, rows.part(train), number + 1), rows.x[test])
    return out


def calibrated(own: FloatArray, y: FloatArray) -> tuple[float, float, FloatArray]:
    """Intercept and slope of the recalibration of cross-fitted margins, and the probabilities [N]."""
    intercept, slope = affine(own, y)
    return intercept, slope, sigmoid(intercept + slope * own)


def compared(screen: Screen, rows: Rows) -> list[dict[str, Any]]:
    """[[comparison]]: kinds of models by leave-one-cycle-out, settings searched inside each training part."""
    ways: list[Candidate] = [
        Logistic(strengths=(0.003, 0.03, 0.3)),
        Trees(
            shapes=((screen.leaves, 100),),
            rounds=(150, 300),
            parameters={"monotone_constraints": screen.monotone, "extra_trees": True, "lambda_l2": 10.0},
        ),
        Network(penalties=(1.0,)),
    ]
    scores = []
    for way in sorted(ways, key=lambda each: each.rank):
        found = []
        for train, test in by_cycle(rows):
            x, y, weights = screen.seen(rows.x[train]), rows.y[train], np.ones(len(train))
            settings = search(way, x, y, inner=3, seed=1)
            fitted = way.fit(x, y, weights, 1, settings)
            found.append(auroc(rows.y[test], fitted(screen.seen(rows.x[test]))).value)
        scores.append((way, float(np.mean(found)), float(np.std(found, ddof=1) / np.sqrt(len(found)))))
    best = max(scores, key=lambda each: each[1])
    chosen = next(way for way, value, _se in scores if value >= best[1] - best[2])
    return [
        {"candidate": dict(way.title), "metric": "auroc", "value": value, "se": se, "chosen": way is chosen}
        for way, value, se in scores
    ]


def refit_spread(screen: Screen, rows: Rows, resamples: int) -> FloatArray:
    """Standard deviation [N] of the margin over refits on resampled people."""
    random = np.random.default_rng(5)
    fits = []
    for number in range(resamples):
        drawn = rows.part(random.choice(len(rows.y), len(rows.y)))
        fits.append(margin(boosters(screen, drawn, 1000 + number, count=1), rows.x))
    return np.asarray(np.std(fits, axis=0, ddof=1))


def reference(
    screen: Screen, rows: Rows, own: FloatArray, slope: float, p: FloatArray, resamples: int
) -> dict[str, FloatArray]:
    """Arrays of reference.npz. own: cross-fitted probability, p: the graph's [N].

    The interval holds the refits' spread, the calibration differences between groups of sex, age and ethnicity and
    those between survey cycles. The group itself has no place in the distance and none in the background.
    """
    labels = [rows.groups()[key] for key in ("sex", "age", "ethnicity")]
    cells = np.array([f"{a} {b} {c}" for a, b, c in zip(*labels, strict=True)])
    between = heterogeneity(rows.y, own, cells)
    eras = heterogeneity(rows.y, own, rows.cycle)
    refits = slope * refit_spread(screen, rows, resamples)
    error = np.sqrt(refits**2 + between**2 + eras**2)
    told = (
        f"refits {np.sqrt((refits**2).mean()):.3f}, between groups {between:.3f}, between cycles {eras:.3f}"
    )
    say(f"interval, SD of the log odds: {told}")
    x = screen.seen(rows.x)
    arrays = {
        "background": background(screen, x, p),
        **down_to_nothing(interval_table(own, error, 0.9), own, rows.y),
        **applicability(x),
    }
    return without_distance(arrays) if screen.grouped else arrays


def down_to_nothing(table: dict[str, FloatArray], own: FloatArray, y: FloatArray) -> dict[str, FloatArray]:
    """Let the lower limit be 0 where the people of this probability and below had under five events, expected or seen.

    So few cannot be told from none: a limit above 0 would be an assumption of the logistic scale.
    """
    parts = [own <= score for score in table["interval_score"]]
    below = np.array([min(own[part].sum(), y[part].sum()) for part in parts])
    return {**table, "interval_lo": np.where(below < FEWEST, 0.0, table["interval_lo"])}


def background(screen: Screen, x: FloatArray, p: FloatArray, count: int = 40) -> FloatArray:
    """Complete rows, drawn so that their mean risk and age are nearest to those of all complete rows.

    The number of drug classes may be missing: it is, in people without treatment.
    """
    asked = [place for place, name in enumerate(screen.names) if name != "bp_med_n_class"]
    complete = np.flatnonzero(~np.isnan(x[:, asked]).any(axis=1))
    age = screen.names.index("age")
    random = np.random.default_rng(40)

    def distance(rows: NDArray[np.intp]) -> float:
        gap = abs(p[rows].mean() - p[complete].mean()) * 100
        return float(gap + abs(x[rows, age].mean() - x[complete, age].mean()))

    return x[min((random.choice(complete, count, replace=False) for _draw in range(500)), key=distance)]
