"""From values to results: which rows a model may answer, its outputs, and what to be careful about.

One way for one patient and for a file of a million: everything is a handful of array operations on [N, F].
Order of the answers: refused (inputs that contradict each other), out of scope, missing input, refused (too far
from the training data), failed, ready.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from medgui.inference.accepted import Facts, Work, accepted, columns_of, detection_limits, unknown_group
from medgui.inference.answers import answers
from medgui.inference.bundle import Bundle
from medgui.inference.manifest import Exclusion, Indication, InputSpec, Manifest
from medgui.inference.marks import (
    CONTRADICTORY,
    MISSING_INPUT,
    OUT_OF_SCOPE,
    READY,
    REFUSED,
    STATUSES,
    Mark,
    Marks,
)
from medgui.inference.rules import SEX_CODES

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@dataclass(slots=True)
class Batch:
    """The answers for N rows.

    status [N]: index into `marks.STATUSES`. outputs: [N] each, NaN where there is no number.
    marks: reasons and cautions (`Marks.of(row)`, `Marks.texts()`). x [N, F]: the values as the model used them
    (values below a detection limit are the limit). distance [N]: distance to the training data, or None.
    """

    manifest: Manifest
    x: FloatArray
    status: NDArray[np.uint8]
    outputs: dict[str, FloatArray]
    marks: Marks
    distance: FloatArray | None = None

    def status_of(self, row: int) -> str:
        """The status of one row as a word of the public contract."""
        return STATUSES[self.status[row]]


def evaluate(bundle: Bundle, x: FloatArray, facts: Facts | None = None) -> Batch:
    """Answer for each row of *x* [N, F] (float64, manifest order and units, NaN = missing).

    *facts*: values of exclusions and eligibility that are no inputs ("prior_ascvd", "pregnant", "age", "sex" as
    in `rules.SEX_CODES`), each [N] or one number for all, NaN or absent = not stated. A value that could not be
    read as a number or category is given as infinity and is out of scope as `unknown_value`.
    Raises `DamagedData` where the bundle's files are not what was signed.
    """
    x = np.asarray(np.atleast_2d(x), dtype=np.float64, order="F")
    rows = len(x)
    marks = Marks(rows)
    work = Work(
        bundle.manifest, bundle.rules, x, facts or {}, marks, np.zeros(rows, bool), np.zeros(rows, bool)
    )
    detection_limits(work)
    unknown_group(work)
    accepted(work)
    _eligible(work)
    for rule in bundle.manifest.exclusions:
        _exclude(work, rule)
    for indication in bundle.manifest.indications:
        _indicated(work, indication)
    _parts_without_whole(work)
    _output_ages(work)
    _missing(work)
    status = _status(work)
    _contradictory(work, status)
    distance = _distance(bundle, work, status)
    outputs = answers(bundle, work, status)
    _cautions(work, status)
    return Batch(bundle.manifest, work.x, status, outputs, marks, distance)


def _eligible(work: Work) -> None:
    manifest = work.manifest
    if manifest.age is not None:
        _age_bounds(work, manifest.age)
    if len(manifest.sexes) == 1:
        sex = work.column("sex")
        codes = next((spec.categories for spec in manifest.inputs if spec.name == "sex"), SEX_CODES)
        meant = [codes[name] for name in manifest.sexes if name in codes]
        other = np.zeros(len(work.x), bool) if sex is None else ~np.isnan(sex) & ~np.isin(sex, meant)
        work.block(other, Mark("sex_not_eligible", "sex", blocks=True), ())
        if sex is None or np.isnan(sex).any():
            _not_stated(work, "sex", sex)


def _age_bounds(work: Work, bounds: tuple[float, float]) -> None:
    age = work.column("age")
    if age is not None and ((age >= bounds[0]) & (age <= bounds[1])).all():
        return
    if age is None or np.isnan(age).any():
        _not_stated(work, "age", age)
    if age is not None:
        work.block(age < bounds[0], Mark("below_age", "age", blocks=True), ())
        work.block(age > bounds[1], Mark("above_age", "age", blocks=True), ())


def _not_stated(work: Work, name: str, column: FloatArray | None) -> None:
    """Age or sex bounds a model that does not take it as an input: the number comes with a caution."""
    if name in work.rules.places:
        return
    where = np.ones(len(work.x), bool) if column is None else np.isnan(column)
    work.marks.add(Mark(f"{name}_not_stated", name), where)


def _exclude(work: Work, rule: Exclusion) -> None:
    column = work.column(rule.input)
    if column is not None:
        where = column == rule.value
        if rule.effect == "out_of_scope":
            code = rule.code or rule.input
            work.block(where, Mark("excluded", rule.input, detail=code, blocks=True), rule.outputs)
        else:
            work.marks.add(Mark(rule.code, rule.input), where)
    if rule.unknown:
        unknown = np.ones(len(work.x), bool) if column is None else np.isnan(column)
        spec = next((each for each in work.manifest.inputs if each.name == rule.input), None)
        concerned = unknown if spec is None else unknown & _concerned(work, spec)
        work.marks.add(Mark(rule.unknown, rule.input), concerned)


def _indicated(work: Work, rule: Indication) -> None:
    """Stop where every fact that would call for the score is "no"; note where none is "yes" and one not stated."""
    rows = len(work.x)
    yes, unknown = np.zeros(rows, bool), np.zeros(rows, bool)
    for name in rule.any:
        column = work.column(name)
        if column is None:
            unknown[:] = True
            continue
        yes |= column == 1.0
        unknown |= np.isnan(column)
    work.block(~yes & ~unknown, Mark("not_indicated", rule.any[0], blocks=True), ())
    work.marks.add(Mark("indication_not_stated", rule.any[0]), ~yes & unknown)


def _parts_without_whole(work: Work) -> None:
    """Ask for the whole where a part that says nothing without it is stated."""
    names = [spec.name for spec in work.manifest.inputs]
    for order in work.manifest.orders:
        if order.needs:
            smaller, larger = (work.x[:, names.index(name)] for name in (order.smaller, order.larger))
            alone = ((smaller == 0) if order.excludes else (smaller > 0)) & np.isnan(larger)
            work.block(alone, Mark("missing", order.larger, blocks=True), (), lacking=True)


def _contradictory(work: Work, status: NDArray[np.uint8]) -> None:
    """Refuse rows in which two inputs cannot both be right: nothing else can be said of them."""
    for first, second, wrong_where in work.rules.contradictions:
        part, whole = work.x[:, first], work.x[:, second]
        if wrong_where == "both":
            wrong = (part > 0) & (whole > 0)
        else:
            wrong = part >= whole if wrong_where == "at_least" else part > whole
        inputs = work.manifest.inputs
        if work.marks.add(
            Mark(CONTRADICTORY, inputs[first].name, "", inputs[second].name, blocks=True), wrong
        ):
            status[wrong] = REFUSED


def _output_ages(work: Work) -> None:
    for output in work.manifest.outputs:
        age = work.column("age") if output.age else None
        if output.age is None:
            continue
        if age is None:
            age = np.full(len(work.x), np.nan)
        work.block(age < output.age[0], Mark("below_age", "age"), (output.name,))
        work.block(age > output.age[1], Mark("above_age", "age"), (output.name,))
        work.block(np.isnan(age), Mark("missing", "age"), (output.name,), lacking=True)


def _missing(work: Work) -> None:
    """Required inputs, and those that a graph can miss only in the outputs that do not need them."""
    lacking = np.isnan(work.x)
    for place in columns_of(lacking):
        spec = work.manifest.inputs[place]
        where = lacking[:, place] & _concerned(work, spec)
        if work.rules.required[place] or (spec.outputs and spec.missing == "graph"):
            work.block(where, Mark("missing", spec.name, blocks=True), spec.outputs, lacking=True)
    most = work.manifest.most_imputed
    if most is not None:
        many = (lacking & work.rules.imputed).sum(axis=1) > most
        work.block(many, Mark("too_many_missing", detail=str(most), blocks=True), ())


def _concerned(work: Work, spec: InputSpec) -> BoolArray:
    """Rows [N] in which an input counts: all but those of the sex that it is not for."""
    sex = work.column("sex") if spec.sexes else None
    if sex is None:
        return np.ones(len(work.x), bool)
    codes = next((each.categories for each in work.manifest.inputs if each.name == "sex"), SEX_CODES)
    return np.isnan(sex) | np.isin(sex, [codes[name] for name in spec.sexes])


def _status(work: Work) -> NDArray[np.uint8]:
    status = np.zeros(len(work.x), dtype=np.uint8)
    if len(work.off) == len(work.manifest.outputs):
        nothing = np.all(np.stack(list(work.off.values())), axis=0)
        lacking = work.off_lacking if work.off_lacking is not None else np.zeros(len(status), bool)
        status[nothing] = OUT_OF_SCOPE
        status[nothing & lacking] = MISSING_INPUT
    status[work.lacking] = MISSING_INPUT
    status[work.out] = OUT_OF_SCOPE
    return status


def _distance(bundle: Bundle, work: Work, status: NDArray[np.uint8]) -> FloatArray | None:
    limits = bundle.reference.distance_limits
    if limits is None:
        return None
    distance = bundle.reference.distance(work.x)
    far = (distance > limits[1]) & (status == READY)
    work.marks.add(Mark("too_far_from_training", blocks=True), far)
    status[far] = REFUSED
    work.marks.add(Mark("far_from_training"), (distance > limits[0]) & (status == READY))
    return distance


def _cautions(work: Work, status: NDArray[np.uint8]) -> None:
    """Of rows that have a number: values outside the range seen in training, and values that were imputed."""
    ready = status == READY
    rules, inputs = work.rules, work.manifest.inputs
    if rules.has_seen:
        for code, wrong in (("below_seen", work.x < rules.seen_lo), ("above_seen", work.x > rules.seen_hi)):
            for place in columns_of(wrong):
                work.marks.add(Mark(code, inputs[place].name), wrong[:, place] & ready)
    if rules.imputed.any():
        for place in columns_of(np.isnan(work.x) & rules.imputed):
            work.marks.add(Mark("input_imputed", inputs[place].name), np.isnan(work.x[:, place]) & ready)
