"""From a table and a person's choices to a finished model: compared, calibrated, evaluated; nothing on disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from medgui.errors import Cancelled, UserError
from medgui.evaluation.figures import Estimate, Row, affine, age_bands, auroc, sigmoid
from medgui.evaluation.report import full_rows
from medgui.frozen import frozen
from medgui.i18n import N_, _, localised
from medgui.workshop import selection
from medgui.workshop.candidates import Candidate
from medgui.workshop.choices import Choices, require
from medgui.workshop.plan import Plan, coded, outcome, people_numbers

FloatArray = NDArray[np.float64]
Progress = Callable[[float, float, str], None]
Cancel = Callable[[], bool]

LEVEL = 0.9
SEARCH = "log_loss"
"""By which settings are searched: the AUROC does not see the scale of log odds, which has to be that of every fold."""
BACKGROUND = 40
AGES = (0, 18, 40, 50, 60, 70, 80, 200)
STEPS = {
    "compare": N_("Comparing kinds of models"),
    "fit": N_("Fitting the chosen model"),
    "refit": N_("Measuring its uncertainty"),
    "export": N_("Writing the model"),
}
_SHARES = {"compare": 0.75, "fit": 0.85, "refit": 0.97, "export": 1.0}


@frozen
class Data:
    """The rows that are learnt from: x [N, F], y [N], the number of each row's person [N], labels of groups."""

    x: FloatArray
    y: FloatArray
    people: NDArray[np.intp]
    groups: Mapping[str, Sequence[str]]


@frozen
class Trained:
    """A finished model. own [N]: calibrated probability of each row by models that did not see it.

    difference: largest gap between the graph and the library. model: the ONNX graph. reference, golden: arrays of the
    files of those names. grade: evidence (SAFETY 20).
    """

    plan: Plan
    choices: Choices
    data: Data
    comparison: selection.Comparison
    settings: Mapping[str, float]
    calibration: tuple[float, float]
    own: FloatArray
    rows: tuple[Row, ...]
    thresholds: tuple[float, ...]
    model: bytes
    float64: bool
    method: str
    difference: float
    reference: Mapping[str, FloatArray]
    golden: Mapping[str, FloatArray]
    grade: str

    def figure(self, metric: str) -> Estimate:
        """A figure of all rows, cross-validated."""
        return next(row.estimate for row in self.rows if row.group == "all" and row.metric == metric)


class _Steps:
    """Progress over all stages from 0 to 1, and the wish to stop."""

    def __init__(self, progress: Progress | None, cancel: Cancel | None, names: Mapping[str, str]) -> None:
        """names: what each candidate is called, by its id."""
        self._progress, self._cancel, self._names = progress, cancel, names
        self._stage, self._from = "compare", 0.0

    def begin(self, stage: str) -> None:
        """Begin a stage; it ends where the next one begins."""
        order = list(_SHARES)
        place = order.index(stage)
        self._stage, self._from = stage, _SHARES[order[place - 1]] if place else 0.0
        self.tell(0.0, 1.0)

    def cancelled(self) -> bool:
        """Tell whether the user wishes to stop."""
        return self._cancel is not None and self._cancel()

    def tell(self, done: float, total: float, candidate: str = "") -> None:
        """Tell how far the stage is, and which candidate is at work. Raises `Cancelled`."""
        if self.cancelled():
            raise Cancelled
        if self._progress is not None:
            share = self._from + (_SHARES[self._stage] - self._from) * done / max(total, 1e-9)
            stage = _(STEPS[self._stage])
            if candidate in self._names:
                words = _("{stage}: {kind}")
                stage = words.format(stage=stage, kind=self._names[candidate])
            self._progress(share, 1.0, stage)


def require_extra() -> None:
    """Raise `UserError` where the libraries that train are not installed."""
    from importlib.util import find_spec

    for name in ("sklearn", "lightgbm", "onnx", "spox", "scipy"):
        if find_spec(name) is None:
            sentence = _(
                'Training needs the extra “train”, which is not installed here: pip install "medgui[train]".'
            )
            raise UserError(sentence)


def train(
    plan: Plan, choices: Choices, progress: Progress | None = None, cancel: Cancel | None = None
) -> Trained:
    """Train as chosen. progress(share, 1.0, stage). Raises `UserError` for what stands in the way, `Cancelled`.

    People are never resampled to even out a rare outcome: probabilities would be wrong.
    """
    require_extra()
    require(plan, choices)
    from medgui.workshop.candidates import binary_candidates

    data = prepare(plan, choices)
    columns = choices.inputs()
    categories = {at: _codes(data.x[:, at]) for at, column in enumerate(columns) if column.codes}
    quick = choices.effort == "quick"
    kinds = [kind for kind in binary_candidates(categories, quick=quick) if kind.id in choices.kinds]
    steps = _Steps(progress, cancel, {kind.id: localised(kind.title) for kind in kinds})
    outer, inner = (3, 3) if quick else (5, 4)
    steps.begin("compare")
    try:
        found = selection.compare(
            kinds, data.x, data.y, groups=data.people.tolist(), outer=outer, inner=inner, search_metric=SEARCH,
            seed=choices.seed, progress=steps.tell, cancel=cancel,
        )  # fmt: skip
        division = selection.folds(data.y, outer, choices.seed * 1000, data.people.tolist())
    except ValueError as error:
        raise UserError(_("Too few people with the event, or without it, for a cross-validation.")) from error
    steps.begin("fit")
    own = _calibrated(found.chosen, data, division, choices.seed, steps)
    return _finish(plan, choices, data, found, own, division, steps, quick, categories)


def _finish(
    plan: Plan,
    choices: Choices,
    data: Data,
    found: selection.Comparison,
    own: FloatArray,
    division: NDArray[np.intp],
    steps: _Steps,
    quick: bool,
    categories: Mapping[int, tuple[float, ...]],
) -> Trained:
    from medgui.workshop.background import centroids, golden_rows
    from medgui.workshop.equation import run
    from medgui.workshop.export import export

    columns, kind = choices.inputs(), found.chosen.candidate
    people = data.people.tolist()
    settings = selection.search(
        kind, data.x, data.y, groups=people, metric=SEARCH, seed=choices.seed, cancel=steps.cancelled
    )
    calibration = _map(_held_back(kind, settings, data, division, choices.seed, steps), data.y)
    fitted = kind.fit(data.x, data.y, np.ones(len(data.y)), choices.seed, settings)
    steps.begin("refit")
    error = _spread(kind, settings, data, calibration[1], 4 if quick else 12, choices.seed, steps)
    steps.begin("export")
    names = [column.input for column in columns]
    exported = export(fitted, names, output_name(choices), *calibration, f"medgui {choices.id}")
    background = centroids(data.x, categories, BACKGROUND, choices.seed)
    optional = np.isnan(data.x).any(axis=0)
    golden = golden_rows(data.x, background, optional, choices.seed)
    answers = run_graph(exported.model, names, golden, exported.float64, run)
    difference = float(np.max(np.abs(answers - exported.predict(golden))))
    everybody = run_graph(exported.model, names, data.x, exported.float64, run)
    difference = max(difference, float(np.max(np.abs(everybody - exported.predict(data.x)))))
    if not difference <= 1e-6:
        raise UserError(_("The exported model does not answer as the trained one does; nothing was written."))
    thresholds = choices.words.thresholds or _thresholds(float(data.y.mean()))
    dataset = f"{plan.table.file}, cross-validated"
    rows = full_rows(dataset, data.y, own, data.groups, thresholds)
    steps.tell(1.0, 1.0)
    return Trained(
        plan, choices, data, found, settings, calibration, own, tuple(rows), thresholds, exported.model,
        exported.float64, exported.method, difference,
        {"background": background, **_reference(data, own, error, choices.seed)},
        {"x": golden, output_name(choices): answers}, grade(choices, data.y),
    )  # fmt: skip


def output_name(choices: Choices) -> str:
    """The name of the output: the id, with the horizon where there is one."""
    horizon = f"_{choices.words.horizon}y"
    return (
        f"{choices.id}{horizon}" if choices.words.horizon and not choices.id.endswith(horizon) else choices.id
    )


def run_graph(
    model: bytes,
    names: Sequence[str],
    x: FloatArray,
    float64: bool,
    run: Callable[[bytes, Sequence[str], FloatArray], Mapping[str, FloatArray]],
) -> FloatArray:
    """The only output [N] of a graph, as float64."""
    fed = x if float64 else x.astype(np.float32)
    return np.asarray(next(iter(run(model, names, fed).values())), dtype=np.float64)  # type: ignore[arg-type]


def prepare(plan: Plan, choices: Choices) -> Data:
    """The rows with an outcome as numbers, their people and groups."""
    table = plan.table
    y, known = outcome(table, choices.label, choices.positive)
    x = np.column_stack([coded(table, column) for column in choices.inputs()])
    people = np.unique(np.array(people_numbers(table, choices.columns))[known], return_inverse=True)[1]
    groups = {
        key: [labels[at] for at in np.flatnonzero(known)] for key, labels in _groups(plan, choices).items()
    }
    return Data(x[known], y[known], np.asarray(people).reshape(-1), groups)


def _groups(plan: Plan, choices: Choices) -> dict[str, list[str]]:
    """Labels [rows] by sex, age band and each column of groups; "not stated" where one is missing."""
    found: dict[str, list[str]] = {}
    for column in choices.columns:
        if column.role == "group":
            texts, place = plan.table.texts(column.name)
            found[column.name] = [texts[at] if at >= 0 else "not stated" for at in place]
        elif column.role == "input" and column.standard and column.input == "sex":
            names = {code: name for name, code in column.categories.items()}
            values = coded(plan.table, column)
            found["sex"] = [names.get(value, "not stated") for value in values.tolist()]
        elif column.role == "input" and column.standard and column.input == "age":
            found["age"] = _age_labels(coded(plan.table, column))
    return {key: labels for key, labels in found.items() if len(set(labels)) > 1}


def _age_labels(age: FloatArray) -> list[str]:
    bands = age_bands(np.nan_to_num(age), AGES)
    shown = [band.replace("80-199", "80+") for band in bands]
    return ["not stated" if np.isnan(years) else band for years, band in zip(age, shown, strict=True)]


def _codes(values: FloatArray) -> tuple[float, ...]:
    return tuple(float(code) for code in np.unique(values[~np.isnan(values)]))


def _calibrated(
    score: selection.Score, data: Data, division: NDArray[np.intp], seed: int, steps: _Steps
) -> FloatArray:
    """Probability [N] of each row by a model and a calibration that never saw it.

    The calibration of a fold's model is learnt as that of the finished one is: from rows held back inside its training
    part, with its settings. Margins of the other folds would not do: their settings differ, and so does their scale.
    """
    if not auroc(data.y, score.margin).lo > 0.5:
        raise UserError(_("No kind of model tells the outcome better than chance from these columns."))
    own = np.empty(len(data.y))
    for fold, settings in zip(np.unique(division), score.settings, strict=True):
        rest = division != fold
        part = Data(data.x[rest], data.y[rest], data.people[rest], {})
        inner = selection.folds(part.y, HELD_BACK, seed + 29, part.people.tolist())
        intercept, slope = _map(_held_back(score.candidate, settings, part, inner, seed, steps), part.y)
        own[~rest] = sigmoid(np.clip(intercept + slope * score.margin[~rest], -12.0, 12.0))
    return own


HELD_BACK = 3
"""Folds inside a fold's training part from which its calibration is learnt."""


def _held_back(
    kind: Candidate,
    settings: Mapping[str, float],
    data: Data,
    division: NDArray[np.intp],
    seed: int,
    steps: _Steps,
) -> FloatArray:
    """Margin [N] of each row by a fit of these settings without its fold."""
    margin = np.empty(len(data.y))
    for fold in np.unique(division):
        steps.tell(0.0, 1.0)
        rest = division != fold
        fitted = kind.fit(data.x[rest], data.y[rest], np.ones(int(rest.sum())), seed, settings)
        margin[~rest] = fitted(data.x[~rest])
    return margin


def _map(margin: FloatArray, y: FloatArray) -> tuple[float, float]:
    """Intercept and slope of the recalibration; none where the outcomes are separated, or where it would turn round."""
    try:
        intercept, slope = affine(margin, y)
    except (ValueError, np.linalg.LinAlgError):
        return 0.0, 1.0
    return (intercept, slope) if slope > 0 else (0.0, 1.0)


def _spread(
    kind: Candidate,
    settings: Mapping[str, float],
    data: Data,
    slope: float,
    refits: int,
    seed: int,
    steps: _Steps,
) -> FloatArray:
    """Standard deviation [N] of the calibrated log odds over refits on resampled people."""
    random = np.random.default_rng(seed + 5)
    order = np.argsort(data.people, kind="stable")
    rows_of = np.split(order, np.flatnonzero(np.diff(data.people[order])) + 1)
    margins: list[FloatArray] = []
    while len(margins) < refits:
        drawn = np.concatenate(
            [rows_of[person] for person in random.integers(len(rows_of), size=len(rows_of))]
        )
        if 0 < data.y[drawn].sum() < len(drawn):
            fitted = kind.fit(
                data.x[drawn], data.y[drawn], np.ones(len(drawn)), seed + len(margins), settings
            )
            margins.append(fitted(data.x))
            steps.tell(len(margins), refits)
    return np.asarray(abs(slope) * np.std(margins, axis=0, ddof=1))


def _reference(data: Data, own: FloatArray, error: FloatArray, seed: int) -> dict[str, FloatArray]:
    """Interval tables and applicability. Distances are those of held-back rows: new patients are held-back rows too."""
    from medgui.workshop.reference_data import (
        SMALLEST,
        applicability,
        distance,
        heterogeneity,
        interval_table,
    )

    between = 0.0
    if data.groups:
        parts = zip(*data.groups.values(), strict=True)
        between = heterogeneity(data.y, own, np.array([" ".join(labels) for labels in parts]))
    least = 0.5 / (SMALLEST + 1)  # a group of this size can show no smaller rate
    p = np.clip(own, least, 1 - least)
    table = interval_table(p, np.sqrt(error**2 + between**2), LEVEL)
    found = applicability(data.x)
    division = selection.folds(data.y, 5, seed + 3, data.people.tolist())
    far = np.empty(len(data.x))
    for fold in range(5):
        inner = applicability(_spread_out(data.x, division != fold))
        parts_of = (inner["train_mean"], inner["train_scale"], inner["train_covariance"])
        far[division == fold] = distance(data.x[division == fold], *parts_of)
    far = far[np.isfinite(far)]
    found["distance_flag"] = np.array(np.quantile(far, 0.98))
    found["distance_refuse"] = np.array(max(np.quantile(far, 0.999), 1.5 * np.quantile(far, 0.98)))
    return {**table, **found}


def _spread_out(x: FloatArray, rows: NDArray[np.bool_]) -> FloatArray:
    """Some rows; a column that is constant in them keeps the whole table's spread by two made-up values."""
    part = x[rows].copy()
    flat = ~(np.nanstd(part, axis=0) > 0)
    if flat.any():
        ends = np.vstack([np.nanmin(x, axis=0), np.nanmax(x, axis=0)])
        part = np.vstack([part, np.where(flat, ends, np.nan)])
    return part


def _thresholds(prevalence: float) -> tuple[float, ...]:
    """Half, once and twice the share of events: where nobody named a probability at which somebody acts."""
    found = (prevalence / 2, prevalence, min(2 * prevalence, (1 + prevalence) / 2))
    return tuple(dict.fromkeys(float(f"{value:.1g}" if value < 0.9 else f"{value:.2g}") for value in found))


def grade(choices: Choices, y: FloatArray) -> str:
    """The evidence grade: internally validated with 100 people of each outcome, care since 2000, no case-control set.

    What nobody stated counts against it (SAFETY 20).
    """
    words = choices.words
    events = float(y.sum())
    enough = min(events, len(y) - events) >= 100
    recent = words.years is not None and words.years[0] >= 2000
    return (
        "trained, internally validated"
        if enough and recent and words.case_control is False
        else "demonstration"
    )
