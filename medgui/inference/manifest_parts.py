"""The parts of a manifest beside its rules: evaluation, comparison, survival curve, where it comes from, variants."""

from __future__ import annotations

from typing import Any, cast

from medgui.i18n import _
from medgui.inference.manifest import ComparisonRow, EvaluationRow, Lineage, Survival, Variant
from medgui.inference.toml_table import Table


def evaluation_part(table: Table) -> EvaluationRow:
    """A figure of the evaluation."""
    row = EvaluationRow(
        dataset=table.text("dataset"),
        group=table.text("group"),
        metric=table.text("metric"),
        value=table.number("value"),
        lo=table.maybe_number("lo"),
        hi=table.maybe_number("hi"),
        n=table.whole("n"),
        events=table.whole("events"),
        predicted=table.maybe_number("predicted"),
        observed=table.maybe_number("observed"),
    )
    table.finish()
    return row


def comparison_part(table: Table) -> ComparisonRow:
    """A kind of model that was tried."""
    row = ComparisonRow(
        candidate=table.localised("candidate"),
        metric=table.text("metric"),
        value=table.number("value"),
        se=table.number("se"),
        chosen=table.flag("chosen"),
        note=table.localised("note", optional=True),
    )
    table.finish()
    return row


def survival_part(table: Table) -> Survival:
    """The survival curve that the graph gives beside the outputs."""
    times: Any = table.raw("times")
    rising = isinstance(times, list) and all(
        isinstance(each, int | float) and not isinstance(each, bool) and each > 0 for each in times
    )
    if not rising or not times or sorted(set(times)) != times:
        raise table.wrong("times", _("Rising numbers above 0 are expected here."))
    found = Survival(
        output=table.text("output"),
        times=tuple(float(each) for each in times),
        unit=table.text("unit"),
        title=table.localised("title"),
    )
    table.finish()
    return found


def lineage_part(table: Table) -> Lineage:
    """Where a bundle that a clinic made comes from."""
    found = Lineage(
        made=cast(Any, table.choice("made", ("trained", "recalibrated"))),
        data=table.text("data"),
        date=table.text("date"),
        model=table.text("model", ""),
        version=table.text("version", ""),
        sha256=table.text("sha256", ""),
    )
    table.finish()
    if found.made == "recalibrated" and not (found.model and found.version and found.sha256):
        raise table.wrong("model", _("The key is missing."))
    return found


def variant_part(table: Table) -> Variant:
    """A variant of an equation."""
    variant = Variant(table.text("name"), table.localised("title"), table.words("needs"))
    table.finish()
    return variant
