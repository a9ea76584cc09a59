"""What a person decides and tells before training: columns confirmed, settings, and words that no table holds."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import field, replace
from pathlib import Path
from typing import Any, Literal

from medgui.assessment.table_io import reading
from medgui.errors import UserError
from medgui.frozen import frozen
from medgui.i18n import N_, _, format_list
from medgui.workshop.columns import Column, Role
from medgui.workshop.plan import Plan

Text = Mapping[str, str]

REQUIRED: Mapping[str, str] = {
    "title": N_("what the model tells, with its endpoint, as a title"),
    "intended_use": N_("what it is to be used for"),
    "not_for": N_("what it must not be used for"),
    "population": N_("whom the data are of: who was included, where and when"),
    "data_licence": N_("who allowed the data to be used, and on what terms"),
    "developer": N_("who made the model, and whom to ask"),
}
"""The words that only a person knows, and what each is."""
OPTIONAL: Mapping[str, str] = {
    "outcome": N_("what the event is and how it was ascertained"),
    "indication": N_("for which patients the model is meant"),
    "event": N_("the end of the sentence “Of 100 people like this, about N …”"),
    "citation": N_("how to cite the model"),
    "funding": N_("who paid for the work"),
}


@frozen
class Words:
    """What only a person knows. texts: the keys of `REQUIRED` and `OPTIONAL`, each {"en", "zh"}.

    years: first and last year of the care that the data are of, or None. case_control: people were chosen by their
    outcome. horizon: years that the outcome lies ahead of the inputs (0: it is present). age: the ages in years that
    the model is for. thresholds: probabilities at which somebody acts.
    """

    texts: Mapping[str, Text] = field(default_factory=dict)
    years: tuple[int, int] | None = None
    case_control: bool | None = None
    horizon: int = 0
    age: tuple[float, float] | None = None
    thresholds: tuple[float, ...] = ()

    def missing(self) -> list[str]:
        """The keys of `REQUIRED` that nobody filled."""
        return [key for key in REQUIRED if not self.texts.get(key, {}).get("en", "").strip()]

    def text(self, key: str) -> dict[str, str]:
        """A text in both languages; the English one stands in for a Chinese that nobody wrote. Empty: not given."""
        found = self.texts.get(key, {})
        english = found.get("en", "").strip()
        return {"en": english, "zh": found.get("zh", "").strip() or english} if english else {}


@frozen
class Choices:
    """Everything that decides what is trained; the same choices, table and versions give the same bundle.

    columns: the table's, with confirmed roles and units. settled: headings whose blocking note a person has answered.
    kinds: ids of the candidates that are compared. effort "quick" searches fewer settings and folds.
    """

    id: str
    label: str
    positive: str
    columns: tuple[Column, ...]
    words: Words
    settled: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ("logistic", "trees", "network")
    effort: Literal["quick", "full"] = "full"
    seed: int = 0
    version: str = "1.0.0"

    def inputs(self) -> tuple[Column, ...]:
        """The columns that the model learns from."""
        return tuple(column for column in self.columns if column.role == "input")

    def with_role(self, name: str, role: Role) -> Choices:
        """The same with another role of one column."""
        columns = (replace(column, role=role) if column.name == name else column for column in self.columns)
        return replace(self, columns=tuple(columns))

    def with_unit(self, name: str, unit: str) -> Choices:
        """The same with the unit of one column stated by a person."""
        columns = (replace(column, unit=unit) if column.name == name else column for column in self.columns)
        return replace(self, columns=tuple(columns), settled=tuple(dict.fromkeys((*self.settled, name))))

    def with_kept(self, name: str) -> Choices:
        """The same with a column that a person vouches for although it tells the outcome."""
        return replace(self, settled=tuple(dict.fromkeys((*self.settled, name))))


def default_choices(plan: Plan, words: Words | None = None) -> Choices:
    """The choices that a plan proposes; `id` comes from the title or the outcome."""
    from medgui.workshop.install import free_id

    words = words or Words()
    title = words.text("title").get("en", "")
    name = free_id(title or plan.label)
    if name in {column.input for column in plan.columns if column.role == "input"}:
        name = free_id(f"{name}_model")
    return Choices(name, plan.label, plan.positive, plan.columns, words)


def carried(before: Plan, old: Choices, plan: Plan) -> Choices:
    """The proposal for the same table seen with another outcome, with what a person has changed in it so far.

    Roles and units stay where the column is no outcome now. What was vouched for as known before the outcome is asked
    again where the outcome is another column.
    """
    choices = default_choices(plan)
    same = plan.label == before.label
    units = {note.column for note in before.notes if note.code == "unit_unsure"}
    proposed = {column.name: column for column in before.columns}
    for column in old.columns:
        first, now = proposed[column.name], plan.column(column.name)
        if column.role != first.role and "label" not in (column.role, first.role, now.role):
            choices = choices.with_role(column.name, column.role)
        if column.unit != first.unit and now.role != "label":
            choices = choices.with_unit(column.name, column.unit)
        elif column.name in old.settled and (same or column.name in units):
            choices = choices.with_kept(column.name)
    return choices


SETTLED = ("leak", "unit_unsure")
"""What blocks until a person answers; whatever else blocks has to be corrected in the table, or left out."""


def require(plan: Plan, choices: Choices) -> None:
    """Raise `UserError` with the first thing that stands in the way of training."""
    roles = {column.name: column.role for column in choices.columns}
    for note in plan.notes:
        out = roles.get(note.column) == "leave_out"
        settled = note.code in SETTLED and note.column != plan.label and note.column in choices.settled
        if note.blocks and not out and not settled:
            raise UserError(note.message)
    if not choices.inputs():
        raise UserError(_("No column is left that the model could learn from."))
    _require_units(plan, choices)
    _require_own_name(choices)
    missing = choices.words.missing()
    if missing:
        told = format_list([f"{key} ({_(REQUIRED[key])})" for key in missing])
        raise UserError(_("The model’s card lacks: {keys}.").format(keys=told))
    if choices.words.case_control:
        raise UserError(
            _(
                "People who were chosen by their outcome do not tell how likely it is: a model "
                "of such a case-control set "
                "would show a wrong percentage."
            )
        )


def _require_units(plan: Plan, choices: Choices) -> None:
    """Refuse a stated unit in which most people's values would be impossible."""
    from medgui.record.variables import VARIABLES
    from medgui.workshop.columns import outside

    for column in choices.inputs():
        if not column.standard or column.kind != "number" or column.name not in choices.settled:
            continue
        values, _strange = plan.table.numbers(column.name)
        known = values[values == values]
        if outside(known, column.unit, VARIABLES[column.input]).mean() > 0.02:
            sentence = _(
                "The values of column “{name}” are impossible in {unit}: state another unit or leave it out."
            )
            raise UserError(sentence.format(name=column.name, unit=column.unit))


def _require_own_name(choices: Choices) -> None:
    from medgui.workshop.training import output_name

    taken = {column.input for column in choices.inputs()}
    for name in (choices.id, output_name(choices)):
        if name in taken or name in ("status", "cautions"):
            sentence = _("“{model}” is the name of a column of the model: choose another id.")
            raise UserError(sentence.format(model=name))


def read_details(path: Path, given: Mapping[str, str] | None = None) -> Words:
    """The words of a TOML file as `template` writes it; *given* (key to English text) counts more.

    A text is a string, or a table {en, zh}. Raises `UserError` naming what is wrong.
    """
    with reading(path):
        content = path.read_bytes()
    try:
        data = tomllib.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UserError(
            _("{file} is not valid TOML: {detail}.").format(file=path.name, detail=error)
        ) from error
    return words_of(data, path.name, given)


def words_of(data: Mapping[str, Any], file: str, given: Mapping[str, str] | None = None) -> Words:
    """The words of plain data."""
    known = {*REQUIRED, *OPTIONAL, *(f"{key}_zh" for key in (*REQUIRED, *OPTIONAL)), *_FACTS}
    for key in data:
        if key not in known:
            raise UserError(_("{file}: the key “{key}” is not known.").format(file=file, key=key))
    texts: dict[str, dict[str, str]] = {}
    for key in (*REQUIRED, *OPTIONAL):
        english, chinese = _both(data.get(key, ""), file, key)
        chinese = _both(data.get(f"{key}_zh", ""), file, f"{key}_zh")[0] or chinese
        english = (given or {}).get(key, "") or english
        chinese = (given or {}).get(f"{key}_zh", "") or chinese
        if english or chinese:
            texts[key] = {"en": english or chinese, "zh": chinese or english}
    return Words(texts, **{key: check(data[key], file, key) for key, check in _FACTS.items() if key in data})


def _both(value: Any, file: str, key: str) -> tuple[str, str]:
    if isinstance(value, Mapping) and all(isinstance(text, str) for text in value.values()):
        return str(value.get("en", "")).strip(), str(value.get("zh", "")).strip()
    if not isinstance(value, str):
        raise UserError(_("{file}, key “{key}”: a text is expected.").format(file=file, key=key))
    return value.strip(), ""


def _pair(value: Any, file: str, key: str) -> tuple[Any, Any]:
    if (
        not isinstance(value, list)
        or len(value) != 2
        or not all(_is_number(v) for v in value)
        or value[0] > value[1]
    ):
        sentence = _("{file}, key “{key}”: two numbers are expected, the smaller one first.")
        raise UserError(sentence.format(file=file, key=key))
    return value[0], value[1]


def _flag(value: Any, file: str, key: str) -> bool:
    if not isinstance(value, bool):
        raise UserError(_("{file}, key “{key}”: true or false is expected.").format(file=file, key=key))
    return value


def _years(value: Any, file: str, key: str) -> int:
    if not _is_number(value) or value != int(value) or value < 0:
        raise UserError(_("{file}, key “{key}”: a number of years is expected.").format(file=file, key=key))
    return int(value)


def _shares(value: Any, file: str, key: str) -> tuple[float, ...]:
    if not isinstance(value, list) or not all(_is_number(each) and 0 < each < 1 for each in value):
        sentence = _("{file}, key “{key}”: probabilities between 0 and 1 are expected.")
        raise UserError(sentence.format(file=file, key=key))
    return tuple(float(each) for each in value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_FACTS: Mapping[str, Any] = {
    "years": _pair,
    "case_control": _flag,
    "horizon": _years,
    "age": _pair,
    "thresholds": _shares,
}


def template() -> str:
    """A TOML file to fill in: every word and fact, with a line that says what it is."""
    lines = [
        "# " + _("What only a person knows of this model. Every text may also be given as key_zh in Chinese.")
    ]
    for keys in (REQUIRED, OPTIONAL):
        lines += ["", "# " + (_("Needed:") if keys is REQUIRED else _("May be left empty:"))]
        for key, said in keys.items():
            lines += [f"# {_(said)}", f'{key} = ""']
    lines += ["", "# " + _("first and last year of the care that the data are of"), "# years = [2015, 2022]"]
    lines += ["# " + _("whether people were chosen by their outcome"), "# case_control = false"]
    lines += [
        "# " + _("years that the outcome lies ahead of the inputs; 0 where it is present"),
        "# horizon = 0",
    ]
    lines += ["# " + _("ages that the model is for"), "# age = [18, 110]"]
    lines += ["# " + _("probabilities at which somebody acts"), "# thresholds = [0.1]"]
    return "\n".join(lines) + "\n"
