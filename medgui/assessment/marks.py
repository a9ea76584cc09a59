"""What a batch notes of a row, in words: reasons that stop a model, and cautions beside a number."""

from __future__ import annotations

import math

from medgui.assessment import words
from medgui.assessment.features import Row
from medgui.assessment.finding import Caution, Level
from medgui.assessment.scope import age_bounds
from medgui.i18n import _, localised
from medgui.inference.manifest import Exclusion, InputSpec, Manifest
from medgui.inference.marks import CONTRADICTORY, DOES_NOT_HOLD, Mark

_ORDER = (
    *("contradictory_inputs", "not_indicated", "excluded"),
    *("above_age", "below_age", "sex_not_eligible", "above_accepted", "below_accepted"),
)


def stopping(manifest: Manifest, row: Row, marks: tuple[Mark, ...]) -> list[Caution]:
    """Say why there is no number, the weightiest reason first. `missing` is said elsewhere."""
    found = [mark for mark in marks if mark.blocks and mark.code != "missing"]
    if any(mark.code in ("above_age", "below_age") for mark in found):
        found = [mark for mark in found if mark.input != "age" or not mark.code.endswith("_accepted")]
    found.sort(key=lambda mark: _ORDER.index(mark.code) if mark.code in _ORDER else len(_ORDER))
    return [Caution(code_of(mark), sentence(manifest, row, mark), mark.input) for mark in found]


def cautions(manifest: Manifest, row: Row, marks: tuple[Mark, ...]) -> list[Caution]:
    """Say what to be careful about where there is a number. `output_not_applicable` is said at its output.

    Several imputed inputs are one caution: each of them has the origin `imputed` in the list of inputs.
    """
    off = {mark.output for mark in marks if mark.code == "output_not_applicable"}
    found = [
        mark
        for mark in marks
        if not mark.blocks and mark.code != "output_not_applicable" and not _moot(manifest, mark, off)
    ]
    merged: dict[str, Caution] = {}
    imputed = [mark for mark in found if mark.code == "input_imputed"]
    if len(imputed) > 1:
        merged["imputed"] = Caution("input_imputed", _imputed(manifest, imputed), "", Level.INFO)
    for mark in found:
        if mark.code == "input_imputed" and len(imputed) > 1:
            continue
        caution = Caution(mark.code, sentence(manifest, row, mark), mark.input, _level(mark))
        merged.setdefault(f"{mark.code}:{mark.input}", caution)
    return list(merged.values())


MOST_NAMED = 6
"""So many missing inputs are named; of more their number is said, and the list of inputs shows which."""


def _imputed(manifest: Manifest, imputed: list[Mark]) -> str:
    if len(imputed) > MOST_NAMED:
        text = _("{n} of {all} values are missing; the model answered without them and is less certain.")
        return text.format(n=len(imputed), all=len(manifest.inputs))
    text = _("{n} values are missing: {names}; the model answered without them and is less certain.")
    return text.format(n=len(imputed), names=words.names([mark.input for mark in imputed]))


def _moot(manifest: Manifest, mark: Mark, off: set[str]) -> bool:
    """Tell whether a note is about an input that only outputs without a number would have used."""
    spec = _spec(manifest, mark.input)
    return spec is not None and bool(spec.outputs) and set(spec.outputs) <= off


def code_of(mark: Mark) -> str:
    """Return the stable code: that of the exclusion where one stops the model."""
    return mark.detail or mark.code if mark.code == "excluded" else mark.code


def output_reason(manifest: Manifest, row: Row, output: str, marks: tuple[Mark, ...]) -> str:
    """Say why one output of a model that did run has no number."""
    for mark in marks:
        if mark.code != "output_not_applicable" or mark.output != output:
            continue
        spec = manifest.output(output)
        if mark.input == "age" and mark.detail in ("above_age", "below_age") and spec.age_reason:
            return localised(spec.age_reason)
        if mark.detail == "missing":
            return _("Needs {name}").format(name=words.title(mark.input))
        return sentence(manifest, row, Mark(mark.detail, mark.input, output, mark.detail))
    return _("Not applicable")


def sentence(manifest: Manifest, row: Row, mark: Mark) -> str:
    """Write one mark as a sentence."""
    if mark.code in ("not_indicated", "indication_not_stated"):
        return _indication(manifest, mark)
    if mark.code == CONTRADICTORY:
        return _contradictory(manifest, row, mark)
    if mark.code == DOES_NOT_HOLD:
        return localised(manifest.output(mark.output).holds_reason)
    rule = _rule(manifest, mark)
    if rule is not None:
        return localised(rule.unknown_message if mark.code == rule.unknown else rule.reason)
    spec = _spec(manifest, mark.input)
    value = row.number(mark.input) if mark.input else math.nan
    name = words.title(mark.input) if mark.input else ""
    if mark.code in ("above_age", "below_age"):
        return words.age_outside(value, age_bounds(manifest))
    if spec is not None and not math.isnan(value):
        if mark.code == "above_accepted":
            return words.with_reason(words.above_range(spec, value), spec.beyond)
        if mark.code == "below_accepted":
            return words.with_reason(words.below_range(spec, value), spec.beyond)
        if mark.code in ("above_seen", "below_seen"):
            return _seen(spec, value, mark.code)
        if spec.below is not None and mark.code == spec.below[1]:
            text = _("{name} is below the detection limit of the training data; it is read as {limit}.")
            return text.format(name=name, limit=words.quantity(spec.name, spec.below[0], spec.unit))
    return _plain(mark, name)


def _indication(manifest: Manifest, mark: Mark) -> str:
    """For whom the score is meant, and that this is not stated."""
    rule = next(each for each in manifest.indications if each.any[0] == mark.input)
    reason = localised(rule.reason)
    if mark.code == "not_indicated":
        return reason
    sentence = _("{reason}. Not stated in the record: {names}.")
    return sentence.format(reason=reason.rstrip(".。"), names=words.names(rule.any))


def _contradictory(manifest: Manifest, row: Row, mark: Mark) -> str:
    """Both inputs with their values, one of which must be wrong."""
    both = [(manifest.input(name), row.number(name)) for name in (mark.input, mark.detail)]
    shown = [words.measured(spec.name, value, spec.unit, spec.categories) for spec, value in both]
    sentence = _("{first} {value} and {second} {other} contradict each other")
    return sentence.format(
        first=words.title(mark.input), value=shown[0], second=words.title(mark.detail), other=shown[1]
    )


def _seen(spec: InputSpec, value: float, code: str) -> str:
    if code == "above_seen":
        text = _("{name} {value} is above the values seen in training ({range}).")
    else:
        text = _("{name} {value} is below the values seen in training ({range}).")
    lo, hi = spec.seen or (math.nan, math.nan)
    return text.format(
        name=words.title(spec.name),
        value=words.measured(spec.name, value, spec.unit, spec.categories),
        range=words.span(spec.name, lo, hi, spec.unit),
    )


def _plain(mark: Mark, name: str) -> str:
    sentences = {
        "unknown_value": _("{name} has a value that the model does not know."),
        "sex_not_eligible": _("the model was made for the other sex"),
        "too_far_from_training": _("The values together are too unlike the people the model was trained on."),
        "far_from_training": _("The values together are unlike the people the model was trained on."),
        "too_many_missing": _("Too many values are missing: at most {most} of the model's inputs may be."),
        "fault": _("The model gave no valid number; this is a fault, not a result."),
        "group_unknown": _("{name}: the model does not know this group; it answered without it."),
        "input_imputed": _(
            "{name} is missing; the model answered without it and the result is less certain."
        ),
        "age_not_stated": _("The age is not stated; the model was made for certain ages only."),
        "sex_not_stated": _("The sex is not stated; the model was made for one sex only."),
    }
    return sentences.get(mark.code, mark.code).format(name=name, most=mark.detail)


def _rule(manifest: Manifest, mark: Mark) -> Exclusion | None:
    for rule in manifest.exclusions:
        if rule.input != mark.input:
            continue
        if mark.code in ("excluded", rule.unknown or None, rule.code or None):
            return rule
        if mark.detail and mark.detail == (rule.code or rule.input):
            return rule
    return None


def _spec(manifest: Manifest, name: str) -> InputSpec | None:
    return next((spec for spec in manifest.inputs if spec.name == name), None)


def _level(mark: Mark) -> Level:
    return Level.INFO if mark.code in ("input_imputed",) else Level.CAUTION
