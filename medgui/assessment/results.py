"""From a batch's numbers to what is shown of them: outputs with interval and category, explanations, curves."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

from medgui.assessment import categories, marks, words
from medgui.assessment.features import Row
from medgui.assessment.finding import (
    Caution,
    Contribution,
    Curve,
    Explanation,
    Interval,
    Output,
    SurvivalCurve,
)
from medgui.assessment.scope import sex_of
from medgui.errors import DamagedData
from medgui.frozen import frozen, replace
from medgui.i18n import _, localised
from medgui.inference.manifest import Manifest, OutputSpec, Variant
from medgui.inference.marks import Mark

if TYPE_CHECKING:
    from medgui.inference.batch import Batch
    from medgui.inference.bundle import Bundle

log = logging.getLogger(__name__)
EXPLAINED_TO = 1e-6
"""How far an explanation's sum may be from its output, in the output's unit (issue: 1e-6 of probability)."""


@frozen
class Results:
    """What a bundle said of one person."""

    outputs: tuple[Output, ...] = ()
    explanations: tuple[Explanation, ...] = ()
    curves: tuple[Curve, ...] = ()
    cautions: tuple[Caution, ...] = ()
    survival: SurvivalCurve | None = None


def variant_of(manifest: Manifest, row: Row) -> Variant | None:
    """Return the variant that the known inputs choose: the first one whose needs are all known."""
    if not manifest.variants:
        return None
    known = {used.name for used, value in zip(row.inputs, row.x, strict=True) if not math.isnan(value)}
    return next((variant for variant in manifest.variants if set(variant.needs) <= known), None)


def numbers(
    bundle: Bundle, row: Row, batch: Batch, noted: tuple[Mark, ...], *, fixed: bool = False
) -> Results:
    """Make the outputs of a row that has numbers; `with_reasons` adds intervals and explanations.

    *fixed* says that a condition of the patient sets the category, so that no chip is computed. Raises `CurveFault`
    where the model has a survival curve and gave none for this row.
    """
    manifest = bundle.manifest
    variant, age = variant_of(manifest, row), row.number("age")
    outputs = []
    for spec in manifest.outputs:
        value = float(batch.outputs[spec.name][0])
        if math.isfinite(value):
            outputs.append(_output(spec, value, None, variant, age, chip=not fixed))
        else:
            reason = marks.output_reason(manifest, row, spec.name, noted)
            outputs.append(_output(spec, None, None, variant, age, reason, chip=False))
    return Results(tuple(outputs), survival=_survival(bundle, batch))


def with_reasons(bundle: Bundle, row: Row, batch: Batch, found: Results) -> Results:
    """Add intervals and explanations to the numbers of a row, and a caution where they cannot be had."""
    from medgui.inference.intervals import intervals

    values = {output.name: output.value for output in found.outputs if output.value is not None}
    text = localised(bundle.manifest.interval.words)
    spans = {
        name: Interval(span.lo, span.hi, span.level, span.kind, text)
        for name, span in intervals(bundle, batch.x[0], values).items()
    }
    outputs = tuple(
        replace(output, interval=spans[output.name]) if output.name in spans else output
        for output in found.outputs
    )
    explanations, unexplained = _explain(bundle, row, batch, outputs)
    return replace(found, outputs=outputs, explanations=explanations, cautions=tuple(unexplained))


def _survival(bundle: Bundle, batch: Batch) -> SurvivalCurve | None:
    """The survival curve of a model that has one. Raises `CurveFault` where its graph gives none."""
    spec = bundle.manifest.survival
    if spec is None:
        return None
    from medgui.inference.survival import patient_curve

    output = bundle.output_names[0]
    risk = float(batch.outputs[output][0])
    if not math.isfinite(risk):
        return None
    found = patient_curve(bundle, batch.x[0], risk)
    lo, hi = (() if each is None else tuple(each.tolist()) for each in (found.lo, found.hi))
    values = tuple(found.values.tolist())
    return SurvivalCurve(output, localised(spec.title), spec.times, spec.unit, values, lo, hi)


def unknown(bundle: Bundle, row: Row) -> tuple[Output, ...]:
    """The outputs of a row that lacks an input, before their ranges are known (`missing`)."""
    age, variant = row.number("age"), variant_of(bundle.manifest, row)
    return tuple(_output(spec, None, None, variant, age, chip=False) for spec in bundle.manifest.outputs)


def missing(bundle: Bundle, row: Row, *, fixed: bool = False) -> Results:
    """Make the results' ranges over plausible values of what is missing, and the curve of a single one.

    The total of a point score has its lowest and highest value, and a category where both have the same.
    """
    import numpy as np

    from medgui.inference.plausible import plausible_range

    manifest = bundle.manifest
    found = plausible_range(bundle, np.array(row.x), _facts(row))
    outputs = []
    for spec in manifest.outputs:
        interval = _possible(spec, found.ranges.get(spec.name))
        age = row.number("age")
        output = _output(spec, None, interval, variant_of(manifest, row), age, chip=False)
        if spec.is_points and interval is not None and not fixed:
            shared = categories.category_of_range(spec, interval.lo, interval.hi, age)
            output = replace(output, category=shared)
        outputs.append(output)
    curves: list[Curve] = []
    if found.curve is not None:
        spec_in = manifest.input(found.curve.input)
        x = found.curve.x
        for name, y in found.curve.y.items():
            kept = np.isfinite(y)
            if kept.any():
                points = tuple(x[kept].tolist()), tuple(y[kept].tolist())
                curves.append(Curve(spec_in.name, spec_in.unit, *points, output=name))
    return Results(tuple(outputs), (), tuple(curves))


def _possible(spec: OutputSpec, range_: tuple[float, float] | None) -> Interval | None:
    if range_ is None:
        return None
    if spec.is_points and not spec.named:
        text = _("Lowest and highest total that the unanswered items still allow.")
    else:
        text = _("Range of the result over plausible values of what is missing.")
    return Interval(*range_, 1.0, "plausible_missing", text)


def _output(
    spec: OutputSpec,
    value: float | None,
    interval: Interval | None,
    variant: Variant | None,
    age: float,
    reason: str = "",
    *,
    chip: bool,
) -> Output:
    category = categories.category_of(spec, value, age) if chip and value is not None else None
    return Output(
        name=spec.name,
        title=localised(spec.title),
        value=value,
        unit=shown_unit(spec),
        interval=interval,
        category=category,
        bands=categories.bands_of(spec, age),
        bands_source=localised(spec.bands_source),
        scale=spec.scale,
        event=localised(spec.event),
        reason=reason,
        short_title=localised(spec.short_title),
        variant=localised(variant.title) if variant is not None else "",
        decimals=spec.decimals,
        named=spec.named,
    )


def shown_unit(spec: OutputSpec) -> str:
    """The unit of a finding's number: points and ratios are told from probabilities."""
    return words.POINTS if spec.unit == "1" and not spec.is_share else spec.unit


def _facts(row: Row) -> dict[str, float | None]:
    return dict(row.facts)


def _explain(
    bundle: Bundle, row: Row, batch: Batch, outputs: Iterable[Output]
) -> tuple[tuple[Explanation, ...], list[Caution]]:
    """Explain every output that has a number. A number whose reasons cannot be had stands with a caution."""
    manifest = bundle.manifest
    names = [output.name for output in outputs if output.value is not None]
    if manifest.explanation.method == "none" or not names:
        return (), []
    from medgui.explain import explain

    try:
        found = explain(bundle, batch.x[0], outputs=names)
    except (ValueError, ArithmeticError, DamagedData) as error:
        log.warning("explanation of %s failed: %s", manifest.id, type(error).__name__)
        sentence = _("The reasons behind the number could not be computed.")
        return (), [Caution("explanation_failed", sentence)]
    title = words.baseline_name(manifest.explanation.baseline_name, row.number("age"), sex_of(row))
    refused = [one.refused for one in found if one.refused]
    cautions = [Caution("explanation_failed", sentence) for sentence in dict.fromkeys(refused)]
    return tuple(
        Explanation(
            output=one.output,
            method=one.method,
            baseline=one.baseline,
            baseline_name=title,
            unit=shown_unit(manifest.output(one.output)),
            contributions=tuple(Contribution(name, value) for name, value in one.contributions.items()),
            residual=one.residual,
            error_bound=one.error_bound,
        )
        for one in found
        if not one.refused
    ), cautions
