"""From a record to the row that a bundle takes: one number an input, NaN where missing, and where each came from.

`record.resolve` decides what counts as a fact about the patient. This module adds what a manifest asks for: its
units and codes, how old and how far apart values may be, values that another bundle computes, and whether
silence of the file counts as "no".
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import field

from medgui.assessment import encounter, words
from medgui.assessment.finding import Caution, Finding, Fingerprint, InputUsed, Status
from medgui.frozen import frozen, replace
from medgui.i18n import _, language
from medgui.inference.manifest import InputSpec, Manifest
from medgui.record.dates import days_between
from medgui.record.model import Origin, Record, Source
from medgui.record.resolve import resolve
from medgui.record.units import UnitError, convert
from medgui.record.value import Gap, Value
from medgui.record.variables import VARIABLES

Suppliers = Mapping[str, Finding]
"""Findings made so far by model id: what `from = "ckd_epi_2021.egfr"` looks into."""

_TOLD = {
    Gap.QUESTIONED: "question_open",
    Gap.TOO_OLD: "value_too_old",
    Gap.ACUTE: "acute_value",
    Gap.CENSORED: "value_is_a_limit",
    Gap.CONFLICT: "values_apart",
}
"""Gaps that a reader has to know of: the file has a value, and the model does not use it."""

FIXED = ("age", "sex", "ethnicity")
"""Inputs that a what-if does not change: another age, sex or group is another person."""

_CENSORED = re.compile(r"<=?\s*(\d+(?:[.,]\d+)?)")


@frozen
class Row:
    """One person's row for one bundle.

    `x` follows the manifest's inputs and units, NaN is missing. `facts` holds 1, 0, the number of a choice or NaN (not
    stated) for each input of an exclusion or an indication. `known` are the values in use by name, `cautions` what they
    bring with them.
    """

    x: tuple[float, ...]
    facts: Mapping[str, float]
    inputs: tuple[InputUsed, ...]
    fact_values: Mapping[str, Value] = field(default_factory=dict)
    cautions: tuple[Caution, ...] = ()

    def number(self, name: str) -> float:
        """Return the number of an input or fact; NaN where it is missing or no part of the row."""
        for used, value in zip(self.inputs, self.x, strict=True):
            if used.name == name:
                return value
        return self.facts.get(name, math.nan)

    def fingerprint(self, *others: object) -> Fingerprint:
        """Return what a finding is made from or worded in, to be compared with that of another.

        *others* is what counts beside the row: the bundle's hash, the day, the region of the clinic.
        """
        facts = tuple(sorted(self.facts.items()))
        return (self.x, facts, self.inputs, self.cautions, language(), *others)


def build_row(record: Record, manifest: Manifest, *, as_of: str, suppliers: Suppliers) -> Row:
    """Make the row of *record* for the bundle of *manifest*, as on the day *as_of* (ISO)."""
    specs = [encounter.acute_spec(spec) for spec in manifest.inputs] if manifest.acute else manifest.inputs
    hospital = manifest.acute or manifest.inpatient
    values = {spec.name: _own_value(record, spec, as_of, acute=hospital) for spec in specs}
    for spec in specs:
        if spec.from_ and not values[spec.name].known and values[spec.name].gap is not Gap.LEFT_OUT:
            supplied = _supplied(spec, suppliers, as_of)
            values[spec.name] = supplied if supplied is not None else values[spec.name]
    if manifest.acute:
        encounter.of_one_encounter(values)
    else:
        _keep_together(record, manifest, values, as_of)
    sex = values["sex"].value if "sex" in values else record.patient.sex
    x, inputs, cautions = [], [], []
    for spec in specs:
        number, used, said = _use(spec, values[spec.name], _why_not_supplied(spec, suppliers))
        if spec.sexes and sex is not None and sex not in spec.sexes:
            used = replace(used, required=False)
        x.append(number)
        inputs.append(used)
        cautions.extend(said)
    fact_values = _facts(record, manifest, values, as_of)
    facts = {name: _fact_number(value) for name, value in fact_values.items()}
    if math.isnan(facts.get("pregnant", 0.0)) and record.patient.sex == "male":
        facts["pregnant"] = 0.0
    return Row(tuple(x), facts, tuple(inputs), fact_values, tuple(cautions))


def _own_value(record: Record, spec: InputSpec, as_of: str, *, acute: bool) -> Value:
    value = resolve(record, spec.name, as_of=as_of, max_age_days=spec.max_age_days, acute=acute)
    if value.known and value.origin is Origin.ASSUMED_ABSENT and not spec.assume_absent:
        return replace(value, value=None, gap=Gap.NOT_STATED)
    return value


def _supplied(spec: InputSpec, suppliers: Suppliers, as_of: str) -> Value | None:
    """Take the value that another bundle computed from this record; None where it has none to give."""
    model, _dot, output_name = spec.from_.partition(".")
    finding = suppliers.get(model)
    if finding is None or finding.status is not Status.READY:
        return None
    output = next((o for o in finding.outputs if o.name == output_name), None)
    if output is None or output.value is None:
        return None
    parents = [used for used in finding.inputs if used.value is not None]
    measured = [used for used in parents if used.name not in ("age", "sex")] or parents
    oldest = min(measured, key=lambda used: used.time or as_of, default=None)
    value = Value(
        name=spec.name,
        value=output.value,
        unit=output.unit,
        origin=Origin.DERIVED,
        source=oldest.source if oldest else Source(""),
        sources=tuple(used.source for used in measured),
        time=oldest.time if oldest else "",
        derived_from=tuple(used.name for used in parents),
        cautions=tuple((caution.code, caution.message) for caution in finding.cautions),
    )
    if spec.max_age_days is not None and value.time and _days(value.time, as_of) > spec.max_age_days:
        return replace(value, value=None, gap=Gap.TOO_OLD)
    return value


def _keep_together(record: Record, manifest: Manifest, values: dict[str, Value], as_of: str) -> None:
    """Hold inputs that must be of one sample or day together (SAFETY 9): an earlier pair, or none."""
    for spec in manifest.inputs:
        if spec.max_spread_days is None:
            continue
        names = [spec.name, *spec.spread_with]
        if not _apart(values, names, spec.max_spread_days):
            continue
        needed = [name for name in names if manifest.input(name).required]
        if 0 < len(needed) < len(names) and not _apart(values, needed, spec.max_spread_days):
            _join(record, manifest, values, spec, as_of)
            continue
        earliest = min(values[name].time[:10] for name in names if _from_record(values[name]))
        for name in names:
            earlier = _earlier(record, manifest, name, earliest, as_of)
            if earlier is not None:
                values[name] = earlier
        if _apart(values, names, spec.max_spread_days):
            for name in names:
                values[name] = replace(values[name], value=None, gap=Gap.CONFLICT)


def _earlier(record: Record, manifest: Manifest, name: str, day: str, as_of: str) -> Value | None:
    """The value of *name* as on *day*, None where there is none that is young enough on the day *as_of*."""
    found = resolve(record, name, as_of=day, max_age_days=None, acute=manifest.inpatient)
    limit = manifest.input(name).max_age_days
    young = limit is None or not found.time or _days(found.time, as_of) <= limit
    return found if found.known and young else None


def _join(record: Record, manifest: Manifest, values: dict[str, Value], spec: InputSpec, as_of: str) -> None:
    """Take each optional value from the sample of the needed ones, or none: it never moves them to an older day."""
    names, days = [spec.name, *spec.spread_with], spec.max_spread_days or 0
    needed = [name for name in names if manifest.input(name).required]
    newest = max((values[name].time[:10] for name in needed if _from_record(values[name])), default=as_of)
    for name in names:
        if name not in needed and _apart(values, [*needed, name], days):
            values[name] = _earlier(record, manifest, name, newest, as_of) or values[name]
            if _apart(values, [*needed, name], days):
                values[name] = replace(values[name], value=None, gap=Gap.CONFLICT)


def _from_record(value: Value) -> bool:
    """Tell whether a value has a time of its own that can be compared: an entered one is meant for now."""
    return value.known and bool(value.time) and value.origin is not Origin.ENTERED


def _apart(values: Mapping[str, Value], names: list[str], days: int) -> bool:
    times = [values[name].time for name in names if _from_record(values[name])]
    return len(times) > 1 and _days(min(times), max(times)) > days


def _days(earlier: str, later: str) -> float:
    """Return the days between two ISO times, the most that partial dates allow; infinity where one is no date."""
    days = days_between(earlier[:10], later[:10])
    return math.inf if days is None else abs(days)


def _why_not_supplied(spec: InputSpec, suppliers: Suppliers) -> str:
    """Say why the bundle that would compute an input did not; empty where there is none or it did."""
    finding = suppliers.get(spec.from_.partition(".")[0]) if spec.from_ else None
    if finding is None or finding.status is Status.READY:
        return ""
    return _("{model} could not compute it: {reason}").format(model=finding.title, reason=finding.reason)


def _use(spec: InputSpec, value: Value, not_supplied: str) -> tuple[float, InputUsed, list[Caution]]:
    number, reason, cautions = _number(spec, value)
    missing = math.isnan(number)
    if missing and value.gap is Gap.MISSING and not_supplied:
        reason = not_supplied
    used = InputUsed(
        name=spec.name,
        title=words.title(spec.name),
        value=None if missing else (value.value if spec.categories else number),
        unit="" if spec.categories else spec.unit,
        origin=Origin.IMPUTED if missing else value.origin,
        source=value.source,
        time=value.time,
        derived_from=value.derived_from,
        required=spec.required,
        reason=reason,
        editable=not spec.marker and spec.name not in FIXED,
        marker=spec.marker,
        needed_for=spec.outputs,
    )
    if not missing:
        cautions += [Caution(code, sentence, spec.name) for code, sentence in value.cautions]
    elif value.gap in _TOLD:
        sentence = _("{name} is not used. {reason}").format(name=used.title, reason=reason)
        cautions.append(Caution(_TOLD[value.gap], sentence, spec.name))
    return number, used, cautions


def _number(spec: InputSpec, value: Value) -> tuple[float, str, list[Caution]]:
    """Return the number in the manifest's unit or code, NaN with the reason in words where there is none."""
    if not value.known:
        limit = _below_limit(spec, value)
        if limit is not None:
            return limit, "", []
        return math.nan, words.gap(value, spec), []
    if spec.categories:
        code = category_code(spec.categories, value.value)
        if code is None:
            sentence = _("The model does not know the answer {answer}.")
            return math.nan, sentence.format(answer=value.value), []
        return code, "", []
    if isinstance(value.value, str) or value.value is None:
        return math.nan, _("The value is not a number."), []
    try:
        number = convert(float(value.value), value.unit or spec.unit, spec.unit, spec.name)
    except UnitError:
        sentence = _("The unit {unit} does not fit.")
        return math.nan, sentence.format(unit=value.unit_as_written or value.unit), []
    return (number, "", []) if math.isfinite(number) else (math.nan, _("The value is not a number."), [])


def _below_limit(spec: InputSpec, value: Value) -> float | None:
    """Read "<0.5" as the assay's limit where the model itself was made that way (`below` of the manifest)."""
    if value.gap is not Gap.CENSORED or spec.below is None:
        return None
    match = _CENSORED.fullmatch(value.value_as_written.strip())
    if match is None:
        return None
    try:
        bound = convert(
            float(match[1].replace(",", ".")), value.unit_as_written or spec.unit, spec.unit, spec.name
        )
    except UnitError:
        return None
    return bound if bound <= spec.below[0] else None


def category_code(categories: Mapping[str, float], answer: float | str | None) -> float | None:
    """Return the graph's number for an answer given as text or as the code itself; None where unknown."""
    if isinstance(answer, str):
        text = answer.strip().casefold()
        found = [code for name, code in categories.items() if name.casefold() == text]
        return float(found[0]) if found else None
    if answer is not None and float(answer) in {float(code) for code in categories.values()}:
        return float(answer)
    return None


def _facts(
    record: Record, manifest: Manifest, values: Mapping[str, Value], as_of: str
) -> Mapping[str, Value]:
    facts: dict[str, Value] = {}
    names = [rule.input for rule in manifest.exclusions]
    names += [name for indication in manifest.indications for name in indication.any]
    for name in dict.fromkeys(names):
        facts[name] = values[name] if name in values else resolve(record, name, as_of=as_of)
    for name, bounds in (("age", manifest.age is not None), ("sex", len(manifest.sexes) == 1)):
        if bounds and name not in values:
            facts[name] = resolve(record, name, as_of=as_of)
    return facts


def _fact_number(value: Value) -> float:
    if isinstance(value.value, str) and value.name in VARIABLES:
        return VARIABLES[value.name].numbers().get(value.value, math.nan)
    if value.value is None or isinstance(value.value, str):
        return math.nan
    return float(value.value)
