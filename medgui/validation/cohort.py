"""A clinic's cohort as one model answers it: who counts, who does not and why, what was predicted and what happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from medgui.assessment.cohort import Cohort, read_cohort
from medgui.assessment.spellings import fact_meanings
from medgui.assessment.table_io import CsvSource, reading
from medgui.errors import UserError
from medgui.evaluation.figures import age_bands
from medgui.frozen import frozen
from medgui.i18n import N_, _, format_count, format_list
from medgui.inference.bundle import Bundle
from medgui.inference.catalogue import Catalogue
from medgui.inference.marks import READY
from medgui.readers.utf8_copy import in_utf8
from medgui.validation import columns
from medgui.validation.notebook import horizon_years
from medgui.validation.reasons import rows_refused

if TYPE_CHECKING:
    import pandas as pd

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

LEAST = 10
"""Fewest people with and without the outcome for any figure at all: below, an AUROC can be any number."""
AGES = (40, 50, 60, 70, 80)
"""Inner limits of the age bands, years."""
DAYS = {"d": 1.0, "wk": 7.0, "mo": 30.4375, "a": 365.25}
"""Days of the units that a time may be in (UCUM: mo and a are those of the Julian calendar)."""


Note = tuple[str, Mapping[str, str]]
"""An English message for `_` and what fills it: a kept result is said in the language of who reads it."""


def note_words(note: Note) -> str:
    """Say a note in the language in force."""
    message, fields = note
    return _(message).format(**fields)


@frozen
class Roles:
    """Which columns of the file hold what; empty: found or absent. `time_unit` is one of `DAYS`."""

    output: str = ""
    label: str = ""
    time: str = ""
    event: str = ""
    time_unit: str = ""
    weight: str = ""
    groups: tuple[str, ...] = ()


@frozen
class Outcome:
    """What happened to the N people who count.

    y: 1 where the outcome happened, else 0 (with times: by the horizon, as far as it was seen). time, event:
    follow-up in years and its end (0 still free of it, 1 outcome, 2 another end that rules it out), or None.
    horizon: years. column: where it was read. guessed: nobody named that column.
    """

    y: FloatArray
    column: str
    guessed: bool = False
    time: FloatArray | None = None
    event: FloatArray | None = None
    horizon: float = 0.0

    @property
    def timed(self) -> bool:
        """Whether people were followed for different times."""
        return self.time is not None


@frozen
class Local:
    """A cohort that can be judged: predictions and outcomes of the people who count.

    p [N]; weight [N] or None; groups: "sex", "age", "ethnicity" or a column of the file to the label of each row.
    rows: all rows of the file; refused: why others do not count, in words, to their number. notes: cautions.
    absent: inputs without a column. mark: by which the cohort is known again (`cohort_mark`).
    """

    bundle: Bundle
    output: str
    file: str
    p: FloatArray
    outcome: Outcome
    weight: FloatArray | None
    groups: Mapping[str, Sequence[str]]
    rows: int
    refused: Mapping[str, int]
    notes: tuple[Note, ...]
    absent: tuple[str, ...]
    mark: str = ""

    @property
    def events(self) -> int:
        """People with the outcome."""
        return int(self.outcome.y.sum())


def load(
    catalogue: Catalogue,
    model: str,
    path: Path,
    roles: Roles,
    progress: Callable[[int, int], None] | None = None,
) -> Local:
    """Read and score the cohort at *path*. `ModelRefused`, `UnreadableFile`; `UserError` says what else is wrong."""
    bundle = catalogue.get(model)
    output = chosen_output(bundle, roles.output)
    file_mark = _file_mark(path)
    with in_utf8(path) as (plain, _note):
        names = CsvSource(plain).names
        plan = columns.plan(bundle, names, roles, output)
        cohort = read_cohort(catalogue, model, plain, plan.needed, progress=progress)
    if not len(cohort.batch.status):
        raise UserError(_("The file has a header and no rows."))
    return _judged(bundle, output, path.name, cohort, plan, roles, file_mark)


def _file_mark(path: Path) -> str:
    """The beginning of the SHA-256 of a file: a clinic's own model names that of the table it was made from."""
    import hashlib

    with reading(path), path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()[:MARK]


MARK = 12
"""Hexadecimal digits of a mark by which a file or a cohort is known again."""


def chosen_output(bundle: Bundle, wanted: str) -> str:
    """Name the output that is judged: *wanted*, or the only one. `UserError` where it has to be named."""
    known = [spec.name for spec in bundle.manifest.outputs if spec.unit == "1"]
    if not known:
        raise UserError(
            _("The model “{model}” gives no probability that an outcome could be held against.").format(
                model=bundle.id
            )
        )
    if wanted and wanted not in known:
        sentence = _("The model has no output {name} that is a probability; it has: {known}.")
        raise UserError(sentence.format(name=wanted, known=format_list(known)))
    if not wanted and len(known) > 1:
        sentence = _("The model has several outputs; choose one by --output: {known}.")
        raise UserError(sentence.format(known=format_list(known)))
    return wanted or known[0]


def _judged(
    bundle: Bundle,
    output: str,
    file: str,
    cohort: Cohort,
    plan: columns.Columns,
    roles: Roles,
    file_mark: str,
) -> Local:
    rows = len(cohort.batch.status)
    refused: Counter[str] = Counter()
    keep = np.ones(rows, bool)

    def leave_out(where: BoolArray, words: str) -> None:
        gone = where & keep
        if gone.any():
            refused[words] += int(gone.sum())
            keep[gone] = False

    if plan.person:
        leave_out(_seen_before(cohort.others[plan.person]), _("a person who stands in the file before"))
    for words, where in rows_refused(bundle, cohort.batch, output):
        leave_out(where, words)
    outcome = _outcome(cohort, plan, roles, output, leave_out)
    weight = None
    if roles.weight:
        weight = _numbers(cohort.others[roles.weight], roles.weight)
        leave_out(~(weight > 0), _("no weight"))
    if not keep.any():
        told = "; ".join(f"{words} ({format_count(count)})" for words, count in refused.most_common(3))
        raise UserError(_("No row of the file can be judged: {reasons}.").format(reasons=told))
    kept = _kept(outcome, keep)
    _enough(kept, int(keep.sum()))
    notes = tuple(_notes(bundle, cohort, plan, keep, file_mark))
    return Local(
        bundle=bundle,
        output=output,
        file=file,
        p=cohort.batch.outputs[output][keep],
        outcome=kept,
        weight=None if weight is None else weight[keep],
        groups=_groups(cohort, plan, keep),
        rows=rows,
        refused=dict(refused),
        notes=notes,
        absent=cohort.absent,
        mark=cohort_mark(cohort),
    )


def _kept(outcome: Outcome, keep: BoolArray) -> Outcome:
    time, event = outcome.time, outcome.event
    return Outcome(
        outcome.y[keep],
        outcome.column,
        outcome.guessed,
        None if time is None else time[keep],
        None if event is None else event[keep],
        outcome.horizon,
    )


def _enough(outcome: Outcome, people: int) -> None:
    events = int(outcome.y.sum())
    if events in (0, people):
        value = "0" if events == 0 else "1"
        sentence = _(
            "The outcome “{label}” is {value} in all {n} rows that count: nothing can be said of the model."
        )
        raise UserError(sentence.format(label=outcome.column, value=value, n=format_count(people)))
    if min(events, people - events) < LEAST:
        sentence = _(
            "{events} with and {others} without the outcome are too few to judge a model; at least {least} of each "
            "are needed."
        )
        raise UserError(
            sentence.format(events=format_count(events), others=format_count(people - events), least=LEAST)
        )


def _outcome(
    cohort: Cohort,
    plan: columns.Columns,
    roles: Roles,
    output: str,
    leave_out: Callable[[BoolArray, str], None],
) -> Outcome:
    if not roles.time:
        y = columns.answers(cohort.others[plan.label], plan.label)
        leave_out(np.isnan(y), _("no outcome in column {name}").format(name=plan.label))
        return Outcome(y, plan.label, plan.guessed)
    time = _numbers(cohort.others[roles.time], roles.time) * DAYS[plan.time_unit] / DAYS["a"]
    event = columns.ends(cohort.others[roles.event], roles.event)
    leave_out(np.isnan(event), _("no outcome in column {name}").format(name=roles.event))
    leave_out(~(time >= 0), _("no time of follow-up"))
    years = horizon(output)
    happened = (event == 1) & (time <= years)
    return Outcome(happened.astype(np.float64), roles.event, False, time, event, years)


def horizon(output: str) -> float:
    """Years that an output looks ahead, from its name ("death_10y"). `UserError` where it states none."""
    years = horizon_years(output)
    if not years:
        sentence = _("The output {name} states no number of years; give the outcome by --label.")
        raise UserError(sentence.format(name=output))
    return float(years)


def _numbers(series: pd.Series[str], name: str) -> FloatArray:
    from medgui.assessment.score_columns import numbers_of

    found = numbers_of(series)
    if np.isinf(found).any():
        cell = str(series[int(np.flatnonzero(np.isinf(found))[0])])
        raise UserError(
            _("Column {name} holds “{cell}” where a number belongs.").format(name=name, cell=cell[:40])
        )
    return found


def _known_numbers(series: pd.Series[str]) -> FloatArray:
    """Numbers [N]; NaN where a cell is empty or no number (the model refuses such rows where it needs them)."""
    from medgui.assessment.score_columns import numbers_of

    found = numbers_of(series)
    return np.where(np.isfinite(found), found, np.nan)


def _seen_before(series: pd.Series[str]) -> BoolArray:
    names = series.fillna("").str.normalize("NFKC").str.casefold().str.split().str.join(" ")
    return np.asarray((names.duplicated() & (names != "")).to_numpy(dtype=bool))


def _groups(cohort: Cohort, plan: columns.Columns, keep: BoolArray) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for key, column in plan.groups.items():
        series = cohort.others[column][keep].reset_index(drop=True)
        if key == "age":
            groups[key] = _age_labels(_known_numbers(series))
        elif key == "sex":
            code = {meant: word for word, meant in (("female", 0.0), ("male", 1.0))}
            meaning = fact_meanings("sex")
            groups[key] = [
                code.get(meaning.get(str(cell).strip().casefold(), -1.0), "unknown")
                for cell in series.fillna("")
            ]
        else:
            groups[key] = [str(cell).strip() or "unknown" for cell in series.fillna("")]
    return {key: labels for key, labels in groups.items() if 1 < len(set(labels)) <= columns.MOST_GROUPS}


def _age_labels(age: FloatArray) -> list[str]:
    known = age[np.isfinite(age)]
    if not len(known):
        return ["unknown"] * len(age)
    lowest, highest = float(np.min(known)), float(np.max(known))
    inner = [edge for edge in AGES if lowest < edge <= highest]
    edges = (int(lowest), *inner, int(highest) + 1)
    labels = age_bands(np.nan_to_num(age), edges)
    return [label if np.isfinite(years) else "unknown" for label, years in zip(labels, age, strict=True)]


FAMILIAR = 0.5
"""Share of the model's own reference rows that, found in a cohort, say that it holds the training data."""


_ABSENT = N_("The file has no column for these inputs of the model: {names}.")
_SAME = N_(
    "{n} rows have the same inputs as an earlier one, and no column with a patient number was found: "
    "take repeated patients out, they make the figures look surer than they are."
)
_TRAINING = N_(
    "The file seems to hold people whom the model was made from. Figures on them are too favourable "
    "and say nothing of other patients."
)
_OWN = N_("This model was recalibrated on this very cohort: the calibration here is no proof.")
_FAR = N_("{percent} % of the people are unlike those whom the model was made from.")


def _notes(
    bundle: Bundle, cohort: Cohort, plan: columns.Columns, keep: BoolArray, file_mark: str
) -> Iterator[Note]:
    x = cohort.batch.x[keep]
    if cohort.absent:
        yield _ABSENT, {"names": format_list(list(cohort.absent))}
    same = len(x) - len(np.unique(np.nan_to_num(x, nan=-1e30), axis=0))
    if same and not plan.person:
        yield _SAME, {"n": format_count(same)}
    lineage = bundle.manifest.lineage
    own_table = lineage is not None and f"mark {file_mark}" in lineage.data
    if own_table or _holds_training_rows(bundle, x):
        yield _TRAINING, {}
    if lineage is not None and cohort_mark(cohort) in lineage.data:
        yield _OWN, {}
    far = [where[keep] for mark, where in cohort.batch.marks if mark.code == "far_from_training"]
    share = float(np.mean(np.any(far, axis=0))) if far else 0.0
    if share > 0.1:
        yield _FAR, {"percent": f"{100 * share:.0f}"}


def _holds_training_rows(bundle: Bundle, x: FloatArray) -> bool:
    """Whether most of the bundle's own rows (public people of the training data) stand in the cohort."""
    if bundle.manifest.explanation.method != "tree_shap" and "reference.npz" not in bundle.files:
        return False
    known = {_key(row) for row in x}
    own = [_key(row) for row in bundle.arrays("reference.npz").get("background", np.empty((0, 0)))]
    different = set(own)
    spread = len(set(known)) > 0.9 * len(x)  # few inputs: strangers have equal rows
    return spread and len(different) >= 5 and len(different & known) >= FAMILIAR * len(different)


def _key(row: FloatArray) -> bytes:
    return np.asarray(row, dtype=np.float32).tobytes()


def cohort_mark(cohort: Cohort) -> str:
    """A short mark of the values of a cohort, by which it is known again; nothing can be read from it."""
    import hashlib

    x = np.nan_to_num(cohort.batch.x, nan=-1e30)
    return hashlib.sha256(np.ascontiguousarray(x[cohort.batch.status == READY]).tobytes()).hexdigest()[:MARK]
