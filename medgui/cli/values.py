"""`--set NAME=VALUE`: answers in the units of the standard input list."""

from __future__ import annotations

from collections.abc import Iterable

from medgui.errors import UserError
from medgui.i18n import _, format_list
from medgui.record.model import Answer
from medgui.record.variables import VARIABLES, Variable

_YES_NO = {"0": 0.0, "1": 1.0, "no": 0.0, "yes": 1.0, "false": 0.0, "true": 1.0}


def answers(settings: Iterable[str], as_of: str) -> tuple[Answer, ...]:
    """Turn the settings of the command line into answers; `UserError` says which one is not understood."""
    return tuple(_answer(text, as_of) for text in settings)


def _answer(text: str, as_of: str) -> Answer:
    name, equals, value = (part.strip() for part in text.partition("="))
    if not equals or not name:
        raise UserError(_("--set {text}: write NAME=VALUE.").format(text=text))
    variable = VARIABLES.get(name)
    if variable is None:
        raise UserError(_("--set {text}: there is no input of the name {name}.").format(text=text, name=name))
    if not value:
        return Answer(name, None, variable.unit, as_of, left_out=True)
    return Answer(name, _value(variable, value, text), variable.unit, as_of)


def _value(variable: Variable, value: str, text: str) -> float | str:
    if variable.kind == "boolean":
        if value.casefold() not in _YES_NO:
            raise UserError(_("--set {text}: write 0 or 1.").format(text=text))
        return _YES_NO[value.casefold()]
    if variable.kind == "category":
        for answer in variable.categories:
            if answer.casefold() == value.casefold():
                return answer
        known = format_list(list(variable.categories))
        raise UserError(_("--set {text}: choose one of {known}.").format(text=text, known=known))
    try:
        number = float(value)
    except ValueError:
        raise UserError(_("--set {text}: a number is needed.").format(text=text)) from None
    if not abs(number) < float("inf"):
        raise UserError(_("--set {text}: a number is needed.").format(text=text))
    if variable.possible and not variable.possible[0] <= number <= variable.possible[1]:
        sentence = _("--set {text}: the value is impossible in {unit}.")
        raise UserError(sentence.format(text=text, unit=variable.unit))
    return number
