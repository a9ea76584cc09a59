"""For whom a model is: the table that an out-of-scope finding shows, and what can be done instead."""

from __future__ import annotations

import math

from medgui.assessment import words
from medgui.assessment.features import Row
from medgui.assessment.finding import Check
from medgui.i18n import _
from medgui.inference.manifest import Exclusion, Indication, InputSpec, Manifest
from medgui.record.variables import VARIABLES

ADULT = 18.0
"""Models that state no ages are for adults (SAFETY 3)."""


def age_bounds(manifest: Manifest) -> tuple[float, float]:
    """Return the ages that a model is for, in years; adults where the manifest states none."""
    return manifest.age or (ADULT, 120.0)


def checks_of(manifest: Manifest, row: Row) -> tuple[Check, ...]:
    """List what was checked: exclusions, age, sex and each accepted range, as far as the patient's is known."""
    checks = [
        check
        for rule in manifest.exclusions
        if rule.effect == "out_of_scope" and not rule.outputs
        for check in _exclusion(rule, row)
    ]
    checks += [_indication(rule, row) for rule in manifest.indications]
    age = row.number("age")
    if not math.isnan(age):
        bounds = age_bounds(manifest)
        shown = words.measured("age", age, "a", {})
        inside = bounds[0] <= age <= bounds[1]
        spec = next((spec for spec in manifest.inputs if spec.name == "age" and spec.accepted_source), None)
        source = _(spec.accepted_source) if spec is not None and spec.accepted == manifest.age else ""
        checks.append(Check(words.title("age"), shown, words.span("age", *bounds, "a"), inside, source))
    sex = sex_of(row)
    if sex is not None and len(manifest.sexes) == 1:
        made_for = words.answer("sex", manifest.sexes[0])
        checks.append(Check(words.title("sex"), words.answer("sex", sex), made_for, sex in manifest.sexes))
    for spec, value in zip(manifest.inputs, row.x, strict=True):
        if spec.name != "age" and spec.accepted is not None and not math.isnan(value):
            checks.append(_range(spec, value, spec.accepted))
    return tuple(checks)


def _exclusion(rule: Exclusion, row: Row) -> list[Check]:
    value = row.number(rule.input)
    if rule.input == "pregnant" and (math.isnan(value) or sex_of(row) == "male"):
        return []
    variable = VARIABLES.get(rule.input)
    choices = {code: text for text, code in variable.numbers().items()} if variable is not None else {}
    texts = {code: words.answer(rule.input, text) for code, text in choices.items()}
    patient = _("not stated") if math.isnan(value) else texts.get(value, _("yes") if value else _("no"))
    made_for = _("no") if rule.value else _("yes")
    if rule.value in texts:
        made_for = _("not {answer}").format(answer=texts[rule.value])
    return [Check(words.title(rule.input), patient, made_for, value != rule.value)]


def _indication(rule: Indication, row: Row) -> Check:
    """What the score is meant for: one of these has to be so."""
    values = [row.number(name) for name in rule.any]
    stated = 1.0 in values
    no = all(value == 0.0 for value in values)
    patient = _("yes") if stated else _("no") if no else _("not stated")
    return Check(words.names(rule.any), patient, _("yes"), not no)


def _range(spec: InputSpec, value: float, accepted: tuple[float, float]) -> Check:
    shown = words.measured(spec.name, value, spec.unit, spec.categories)
    used = max(value, spec.below[0]) if spec.below else value
    made_for = words.span(spec.name, *accepted, spec.unit)
    source = _(spec.accepted_source) if spec.accepted_source else ""
    return Check(words.title(spec.name), shown, made_for, accepted[0] <= used <= accepted[1], source)


def sex_of(row: Row) -> str | None:
    """Return "female", "male" or None as the row has it."""
    for used in row.inputs:
        if used.name == "sex" and isinstance(used.value, str):
            return used.value
    stated = row.fact_values.get("sex")
    return stated.value if stated is not None and isinstance(stated.value, str) else None


def advice_for(codes: set[str]) -> tuple[str, ...]:
    """Say what can be done instead of a result that does not apply. Options, not orders.

    *codes* are those of the marks that stop the model and of the exclusions behind them.
    """
    lines: list[str] = []
    if codes & {"secondary_prevention", "heart_failure"}:
        lines.append(
            _("After a cardiovascular event guidelines base treatment on the event itself, without a score.")
        )
    if codes & {"above_age", "below_age"}:
        lines.append(_("A model made for this age is an option; this one was not examined there."))
    if codes & {"above_accepted", "below_accepted"}:
        lines.append(
            _("The measured value stands by itself: check it and its unit, and judge it without this model.")
        )
    if "not_indicated" in codes:
        lines.append(_("If the record is wrong or incomplete here, correct it and the score is computed."))
    if "pregnancy" in codes:
        lines.append(_("Pregnancy has guidelines of its own; the model can be used again afterwards."))
    return tuple(lines)
