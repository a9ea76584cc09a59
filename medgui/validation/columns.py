"""Which columns of a clinic's file are outcome, person and groups, and what the cells of an outcome mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from medgui.errors import UserError
from medgui.frozen import frozen
from medgui.i18n import _, format_list
from medgui.inference.bundle import Bundle

if TYPE_CHECKING:
    import pandas as pd

    from medgui.validation.cohort import Roles

FloatArray = NDArray[np.float64]

MOST_GROUPS = 12
"""Most different values of a column that still divides people into groups."""
YES_NO: Mapping[str, float] = {
    **dict.fromkeys(("0", "no", "n", "false", "negative", "neg", "否", "无", "阴性"), 0.0),
    **dict.fromkeys(("1", "yes", "y", "true", "positive", "pos", "是", "有", "阳性"), 1.0),
}
"""What a cell of an outcome may say; anything else is asked about, never guessed."""
PERSON = (
    *(
        "patient_id",
        "patientid",
        "patient",
        "person_id",
        "mrn",
        "subject_id",
        "subjectid",
        "sampleid",
        "sample_id",
    ),
    *("seqn", "id", "pid", "病历号", "患者编号", "住院号"),
)
"""Names of a column that tells one patient from another."""
WITHOUT_NAMING = ("sex", "age", "ethnicity")
"""Groups that are shown wherever the file has such a column."""


@frozen
class Columns:
    """The columns that are read beside the model's inputs. groups: key of the report to column."""

    label: str
    guessed: bool
    person: str
    groups: Mapping[str, str]
    time_unit: str
    needed: tuple[str, ...]


def plan(bundle: Bundle, names: Sequence[str], roles: Roles, output: str) -> Columns:
    """Choose the columns of a file with the header *names*. `UserError` in words where that cannot be done."""
    if bool(roles.time) != bool(roles.event):
        raise UserError(_("A time of follow-up and how it ended belong together: give --time and --event."))
    if bundle.manifest.survival is not None and not roles.time and not roles.label:
        sentence = _(
            "The model looks ahead from a first day; give --time and --event (or --label for its outcome)."
        )
        raise UserError(sentence)
    label, guessed = ("", False) if roles.time else _label(bundle, names, roles.label, output)
    inputs = set(bundle.input_names)
    for name in (label, roles.event):
        if name and name in inputs:
            raise UserError(
                _("Column {name} is an input of the model; the outcome must be another column.").format(
                    name=name
                )
            )
    lower = {name.casefold(): name for name in reversed(names)}
    taken = {label, roles.event, roles.time}
    person = next((lower[name] for name in PERSON if name in lower and lower[name] not in inputs | taken), "")
    groups = {key: lower[key] for key in WITHOUT_NAMING if key in lower}
    groups |= {name: name for name in roles.groups if name.casefold() not in WITHOUT_NAMING}
    wanted = (label, roles.time, roles.event, roles.weight, person, *groups.values())
    needed = tuple(dict.fromkeys(name for name in wanted if name))
    for name in needed:
        if name not in names:
            raise UserError(_("The file has no column {name}.").format(name=name))
    return Columns(label, guessed, person, groups, _time_unit(bundle, roles), needed)


def _label(bundle: Bundle, names: Sequence[str], wanted: str, output: str) -> tuple[str, bool]:
    """Return the column of the outcome, and whether nobody named it: the output's name, else the last column."""
    if wanted:
        return wanted, False
    if output in names:
        return output, False
    last = names[-1] if names else ""
    if not last or last in bundle.input_names or last.casefold() in (*PERSON, *WITHOUT_NAMING):
        sentence = _("The file has no column {name}; say by --label which column holds the outcome.")
        raise UserError(sentence.format(name=output))
    return last, True


def _time_unit(bundle: Bundle, roles: Roles) -> str:
    if not roles.time:
        return ""
    survival = bundle.manifest.survival
    unit = roles.time_unit or (survival.unit if survival is not None else "")
    if not unit:
        raise UserError(
            _("Say by --time-unit what the times are: d, wk, mo or a (days, weeks, months, years).")
        )
    return unit


def answers(series: pd.Series[str], name: str) -> FloatArray:
    """Return an outcome [N] as 0, 1 or NaN (empty). `UserError` names the first cell that is neither."""
    return _meanings(series, name, YES_NO, _("0 and 1, or yes and no"))


def ends(series: pd.Series[str], name: str) -> FloatArray:
    """Return how follow-up ended [N]: 0, 1, 2 (another end that rules the outcome out) or NaN."""
    return _meanings(series, name, {**YES_NO, "2": 2.0}, _("0, 1 and 2"))


def _meanings(series: pd.Series[str], name: str, known: Mapping[str, float], expected: str) -> FloatArray:
    cells = series.fillna("").str.strip().str.casefold()
    meaning: dict[str, float] = {"": np.nan}
    strange = []
    for cell in cells.unique().tolist():
        plain = cell[:-2] if cell.endswith(".0") else cell
        if plain in known:
            meaning[cell] = known[plain]
        elif cell:
            strange.append(cell[:40])
    if strange:
        sentence = _("The outcome “{label}” holds {cells}; {expected} are understood.")
        shown = format_list([f"“{cell}”" for cell in sorted(strange)[:3]])
        raise UserError(sentence.format(label=name, cells=shown, expected=expected))
    return np.array([meaning[cell] for cell in cells.tolist()], dtype=np.float64)
