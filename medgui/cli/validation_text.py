"""A validation as text for a terminal: the verdict first, then who counted, and the figures with their intervals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from medgui.assessment.figure_words import decimals, dimension, group_words, is_whole, metric_words
from medgui.cli.output import table
from medgui.i18n import _, format_count, format_list, format_number, format_percent, ngettext

Result = Mapping[str, Any]
_BY_GROUP = ("auroc", "auroc_ipcw", "calibration_in_the_large")


def validation_lines(result: Result) -> Iterator[str]:
    """Give a result (`medgui.validation/1`) line by line."""
    cohort = result["cohort"]
    yield f"{result['model']} {result['version']} · {result['output']} · {cohort['file']}"
    yield ""
    yield from result["verdict"]["sentences"]
    yield from (f"! {note['sentence']}" for note in cohort["notes"])
    if result["verdict"]["uncertain"]:
        yield _("All figures below are uncertain: too few people.")
    yield ""
    yield from _people(cohort)
    yield ""
    yield _("All people")
    yield from table([_figure(row) for row in result["figures"] if is_whole(row["group"])])
    yield from _groups(result["figures"])
    yield from _curve(result["figures"])
    if result["decision_curve"]:
        yield ""
        yield _decision(result["decision_curve"])
    if "recalibration" in result:
        yield ""
        yield from _recalibrated(result["recalibration"])


def _people(cohort: Result) -> Iterator[str]:
    used, rows = cohort["used"], cohort["rows"]
    sentence = _("{used} of {rows} rows count; {events} with the outcome (column {column}).")
    yield sentence.format(
        used=format_count(used),
        rows=format_count(rows),
        events=format_count(cohort["events"]),
        column=cohort["outcome"],
    )
    if cohort["outcome_assumed"]:
        sentence = _(
            "Nobody named the outcome: the last column, {column}, was taken. Name it by --label if it is another."
        )
        yield sentence.format(column=cohort["outcome"])
    for refused in cohort["refused"]:
        count = refused["rows"]
        words = ngettext("{n} row: {reason}", "{n} rows: {reason}", count)
        yield "  " + words.format(n=format_count(count), reason=refused["reason"])


def _figure(row: Result) -> list[str]:
    return [metric_words(row["metric"]), *_numbers(row)]


def _numbers(row: Result) -> list[str]:
    places = decimals(row["metric"])
    value = "" if row["value"] is None else format_number(row["value"], places)
    span = ""
    if row["lo"] is not None and row["hi"] is not None:
        lo, hi = (format_number(row[end], places) for end in ("lo", "hi"))
        span = _("95 % CI {lo} to {hi}").format(lo=lo, hi=hi)
    return [value, span]


def _groups(figures: list[Result]) -> Iterator[str]:
    """A line a group: people, rates, ranking and calibration; then the gaps. The other figures are in the JSON."""
    for key in dict.fromkeys(dimension(row["group"]) for row in figures):
        if key in ("", "risk"):
            continue
        yield ""
        yield _("By group: {name}").format(name=group_words(key))
        rows = [row for row in figures if dimension(row["group"]) == key]
        yield from table([_group(name, rows) for name in dict.fromkeys(row["group"] for row in rows)])
        yield from table([[_("Gap"), *_figure(row)] for row in figures if row["group"] == key])


def _group(name: str, rows: list[Result]) -> list[str]:
    own = {row["metric"]: row for row in rows if row["group"] == name}
    first = next(iter(own.values()))
    people = _("n {n}, {events} events").format(
        n=format_count(first["n"]), events=format_count(first["events"])
    )
    rates = ""
    if first["predicted"] is not None and first["observed"] is not None:
        rates = _("{predicted} predicted, {observed} observed").format(
            predicted=format_percent(first["predicted"]), observed=format_percent(first["observed"])
        )
    shown = [row for metric, row in own.items() if metric in _BY_GROUP]
    return [group_words(name), people, rates, *(_short(row) for row in shown)]


def _short(row: Result) -> str:
    """A figure with its limits in brackets: "AUROC 0.898 (0.884 to 0.911)"."""
    places = decimals(row["metric"])
    value, lo, hi = ("" if row[k] is None else format_number(row[k], places) for k in ("value", "lo", "hi"))
    words = _("{figure} {value} ({lo} to {hi})") if lo and hi else "{figure} {value}"
    return words.format(figure=metric_words(row["metric"]), value=value, lo=lo, hi=hi)


def _curve(figures: list[Result]) -> Iterator[str]:
    rows = [row for row in figures if dimension(row["group"]) == "risk"]
    if not rows:
        return
    yield ""
    yield _("Calibration curve: groups of rising prediction")
    lines = []
    for row in rows:
        shares = [row["predicted"], row["value"], row["lo"], row["hi"]]
        predicted, observed, lo, hi = ("" if share is None else format_percent(share) for share in shares)
        words = _("{predicted} predicted, {observed} observed (95 % CI {lo} to {hi})")
        lines.append(
            [
                _("n {n}").format(n=format_count(row["n"])),
                words.format(predicted=predicted, observed=observed, lo=lo, hi=hi),
            ]
        )
    yield from table(lines)


def _decision(points: list[Result]) -> str:
    useful = [p["threshold"] for p in points if p["model"] > max(p["treat_all"], 0.0)]
    if not useful:
        return _(
            "Decision curve: following the model is better than treating all or none at no threshold from 1 % to 50 %."
        )
    sentence = _(
        "Decision curve: following the model is better than treating all or none at thresholds of {spans}."
    )
    return sentence.format(spans=format_list(_spans(useful)))


def _spans(thresholds: list[float]) -> list[str]:
    """Join neighbouring thresholds: 1 % to 12 %."""
    runs: list[list[float]] = []
    for threshold in thresholds:
        if runs and threshold - runs[-1][-1] < 0.015:
            runs[-1].append(threshold)
        else:
            runs.append([threshold])
    words = _("{lo} to {hi}")
    ends = [(format_percent(run[0], 0), format_percent(run[-1], 0)) for run in runs]
    return [lo if lo == hi else words.format(lo=lo, hi=hi) for lo, hi in ends]


def _recalibrated(made: Result) -> Iterator[str]:
    sentence = _(
        "Recalibrated: {model} {version} is installed and signed; it stands in for {original} on the Results page."
    )
    yield sentence.format(model=made["model"], version=made["version"], original=made["original"])
    yield _(
        "New log odds = {intercept} + {slope} × log odds (share of the change that was kept: {kept})."
    ).format(
        intercept=format_number(made["intercept"], 3),
        slope=format_number(made["slope"], 3),
        kept=format_percent(made["shrinkage"], 0),
    )
    yield _("After recalibration, cross-validated")
    yield from table([_figure(row) for row in made["after"]])
    if made.get("archived"):
        yield _("The former version is kept as {name}.").format(name=made["archived"])
