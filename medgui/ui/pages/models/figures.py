"""What a model card says of a manifest's evaluation: figures, groups, calibration, weak groups. No widget here."""

import math
from collections.abc import Sequence

from medgui.assessment.figure_words import (
    decimals,
    dimension,
    group_words,
    ideal_words,
    is_whole,
    metric_words,
)
from medgui.charts import calibration, forest
from medgui.frozen import frozen
from medgui.i18n import (
    _,
    format_count,
    format_list,
    format_number,
    format_percent,
    format_range,
    localised,
    ngettext,
)
from medgui.inference.manifest import EvaluationRow, Manifest

RANKING = ("auroc", "c_statistic", "c_index", "auroc_ipcw", "time_auc")
"""Metrics of ranking; higher is better and 0.5 is chance."""

FIRST = (
    *("auroc", "c_index", "auroc_ipcw", "c_statistic", "brier", "brier_ipcw", "calibration_slope"),
    *("calibration_in_the_large", "average_precision", "median_bias", "p30"),
)
"""Metrics of the headline, the most telling first; a table has four of them at most."""


@frozen
class Figure:
    """One headline figure: what, the number, its interval or what is ideal."""

    title: str
    number: str
    note: str


def interval_words(row: EvaluationRow) -> str:
    """Write the interval of a figure, or what is ideal where it has none."""
    if row.lo is None or row.hi is None:
        return ideal_words(row.metric)
    places = decimals(row.metric)
    return format_range(format_number(row.lo, places), format_number(row.hi, places))


def first_dataset(manifest: Manifest) -> list[EvaluationRow]:
    """Return the lines about all people of the data set that is named first; every line where there is none."""
    whole = [row for row in manifest.evaluation if is_whole(row.group)]
    return [row for row in whole if row.dataset == whole[0].dataset] if whole else list(manifest.evaluation)


def headline(manifest: Manifest) -> list[Figure]:
    """Choose at most four figures of the first data set: the most telling ones, each once, in the manifest's order."""
    rows: dict[tuple[str, str], EvaluationRow] = {}
    for row in first_dataset(manifest):
        rows.setdefault((row.metric, row.group), row)
    told = sorted((r for r in rows.values() if r.metric in FIRST), key=lambda r: FIRST.index(r.metric))[:4]
    shown = [row for row in rows.values() if row in told] or list(rows.values())[:4]
    return [_figure(row) for row in shown]


def _figure(row: EvaluationRow) -> Figure:
    note = interval_words(row)
    if not is_whole(row.group):
        group = group_words(row.group)
        note = _("{group}, {interval}").format(group=group, interval=note) if note else group
    return Figure(metric_words(row.metric), format_number(row.value, decimals(row.metric)), note)


def further(manifest: Manifest) -> list[Figure]:
    """Return what the headline leaves out of all people in the first data set, with the gaps between groups."""
    shown = {figure.title for figure in headline(manifest)}
    rows = first_dataset(manifest)
    if not rows or not is_whole(rows[0].group):
        return []
    gaps = [
        row
        for row in manifest.evaluation
        if row.dataset == rows[0].dataset and row.metric.partition("@")[0] in GAPS
    ]
    figures = [_figure(row) for row in rows if metric_words(row.metric) not in shown]
    return [*figures, *(_figure(row) for row in gaps)]


GAPS = ("calibration_gap", "equal_opportunity_difference")
TENTHS = "risk"
LEAST_POINTS, LEAST_SHARE = 0.01, 0.2
"""Smaller differences between predicted and observed are not said, however many people show them."""
MOST_SENTENCES = 5


@frozen
class Tried:
    """One kind of model that was tried on the training data."""

    name: str
    figure: str
    chosen: bool
    note: str


def tried(manifest: Manifest) -> tuple[str, list[Tried]]:
    """Return what the kinds of models were compared by, and each with its figure and standard error."""
    rows = manifest.comparison
    if not rows:
        return "", []
    words = _("{value} (standard error {se})")
    found = []
    for row in rows:
        places = max(decimals(row.metric), 3)
        figure = words.format(value=format_number(row.value, places), se=format_number(row.se, places))
        if row.metric != rows[0].metric:
            figure = _("{metric}: {figure}").format(metric=metric_words(row.metric), figure=figure)
        found.append(
            Tried(localised(row.candidate), figure, row.chosen, localised(row.note) if row.note else "")
        )
    return metric_words(rows[0].metric), found


def lineage_facts(manifest: Manifest) -> list[tuple[str, str]]:
    """Say where a model that a clinic made comes from, as (label, text)."""
    lineage = manifest.lineage
    if lineage is None:
        return []
    made = {"trained": _("trained in this clinic"), "recalibrated": _("recalibrated in this clinic")}
    facts = [(_("Made"), made[lineage.made]), (_("On"), lineage.date), (_("From"), lineage.data)]
    if lineage.model:
        words = _("{model} {version}, SHA-256 {hash}")
        told = words.format(model=lineage.model, version=lineage.version, hash=lineage.sha256[:16])
        facts.append((_("Original"), told))
    return facts


def ranked(manifest: Manifest) -> list[EvaluationRow]:
    """Return the rows for the picture by group: one data set and one metric of ranking, all people first."""
    rows = [row for row in manifest.evaluation if row.metric in RANKING]
    by_set: dict[tuple[str, str], list[EvaluationRow]] = {}
    for row in rows:
        by_set.setdefault((row.dataset, row.metric), []).append(row)
    if not by_set:
        return []
    most = max(by_set.values(), key=len)
    return sorted(most, key=lambda row: not is_whole(row.group))


def forest_rows(rows: Sequence[EvaluationRow]) -> list[forest.Row]:
    """Turn rows into those of the picture; a new dimension starts a block."""
    out: list[forest.Row] = []
    before = ""
    for row in rows:
        here = dimension(row.group)
        out.append(
            forest.Row(
                group_words(row.group),
                row.value,
                row.lo,
                row.hi,
                row.n,
                row.events,
                whole=is_whole(row.group),
                starts_block=bool(out) and here != before,
            )
        )
        before = here
    return out


def dataset_words(rows: Sequence[EvaluationRow]) -> str:
    """Name the data set with its size, as far as it is known."""
    if not rows:
        return ""
    whole = next((row for row in rows if is_whole(row.group)), None)
    name = rows[0].dataset
    if whole is None or not whole.n:
        return name
    sentence = _("{dataset}, n = {n}, {events} events")
    return sentence.format(dataset=name, n=format_count(whole.n), events=format_count(whole.events))


def calibration_points(manifest: Manifest) -> list[calibration.Point]:
    """Return observed against predicted by group, in the dimension that has the most groups with both."""
    by_kind: dict[str, list[EvaluationRow]] = {}
    unique = _calibrated(manifest)
    for row in unique:
        if not is_whole(row.group):
            by_kind.setdefault(dimension(row.group), []).append(row)
    curve = by_kind.pop(TENTHS, [])
    few = [] if len(curve) > 1 else unique
    chosen = by_kind.get("ethnicity") or max(by_kind.values(), key=len, default=few)
    return [_point(row) for row in chosen]


def calibration_tenths(manifest: Manifest) -> list[calibration.Tenth]:
    """Return the calibration curve: people in tenths by predicted risk; empty where fewer than two are stated."""
    found = []
    for row in _calibrated(manifest):
        if dimension(row.group) == TENTHS:
            predicted, observed = row.predicted or 0.0, row.observed or 0.0
            stated = row.metric == "observed_rate" and row.lo is not None and row.hi is not None
            lo, hi = (row.lo, row.hi) if stated else wilson(observed, row.n)
            found.append(calibration.Tenth(predicted, observed, max(0.0, lo or 0.0), min(1.0, hi or 0.0)))
    return sorted(found, key=lambda tenth: tenth.predicted) if len(found) > 1 else []


def _calibrated(manifest: Manifest) -> list[EvaluationRow]:
    """One line a group that has both shares; of several data sets the first one."""
    first: dict[str, EvaluationRow] = {}
    for row in manifest.evaluation:
        if row.predicted is not None and row.observed is not None:
            first.setdefault(row.group, row)
    return list(first.values())


def _point(row: EvaluationRow) -> calibration.Point:
    predicted, observed = row.predicted or 0.0, row.observed or 0.0
    lo, hi = wilson(observed, row.n)
    flagged = row.n > 0 and not lo <= predicted <= hi and _matters(predicted, observed)
    return calibration.Point(group_words(row.group), predicted, observed, flagged)


def _matters(predicted: float, observed: float) -> bool:
    """Whether two shares differ by a percentage point, or by a fifth, and are written differently."""
    if format_percent(predicted) == format_percent(observed):
        return False
    gap = abs(predicted - observed)
    return gap >= LEAST_POINTS or gap >= LEAST_SHARE * observed


def wilson(share: float, n: int, z: float = 1.959964) -> tuple[float, float]:
    """Return the 95 % score interval of an observed share of *n* people (Wilson 1927)."""
    if n <= 0:
        return 0.0, 1.0
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)) ** 0.5
    return middle - half, middle + half


def calibration_words(manifest: Manifest) -> list[str]:
    """Say the groups, of every dimension, in which predicted and observed differ by more than chance and a little."""
    found = _calibrated(manifest)
    groups = [row for row in found if not is_whole(row.group) and dimension(row.group) != TENTHS]
    sentences = calibration_sentences([_point(row) for row in groups])
    curve = _curve_words(calibration_tenths(manifest))
    return [*([curve] if curve else []), *sentences]


def calibration_sentences(points: Sequence[calibration.Point]) -> list[str]:
    """Say in words each group that is flagged, the largest difference first; at most five, then how many more."""
    flagged = [point for point in points if point.flagged]
    flagged.sort(key=lambda point: -abs(point.predicted - point.observed))
    sentences = []
    for point in flagged[:MOST_SENTENCES]:
        if point.predicted > point.observed:
            words = _("{group}: {predicted} predicted, {observed} observed. The model overstates risk there.")
        else:
            words = _(
                "{group}: {predicted} predicted, {observed} observed. The model understates risk there."
            )
        sentences.append(
            words.format(
                group=point.name,
                predicted=format_percent(point.predicted),
                observed=format_percent(point.observed),
            )
        )
    more = len(flagged) - MOST_SENTENCES
    if more > 0:
        sentences.append(ngettext("{n} more group", "{n} more groups", more).format(n=more))
    return sentences


def _curve_words(tenths: Sequence[calibration.Tenth]) -> str:
    """Say in how many tenths the two differ, and where most; "" where in none."""
    off = [t for t in tenths if not t.lo <= t.predicted <= t.hi and _matters(t.predicted, t.observed)]
    if not off:
        return ""
    worst = max(off, key=lambda tenth: abs(tenth.predicted - tenth.observed))
    sentence = _(
        "In {n} of {all} tenths by predicted risk the two differ beyond chance, "
        "most where {predicted} was predicted: {observed} observed."
    )
    return sentence.format(
        n=len(off),
        all=len(tenths),
        predicted=format_percent(worst.predicted),
        observed=format_percent(worst.observed),
    )


def gap_words(manifest: Manifest) -> list[str]:
    """Say the gaps between groups of the first data set that are more than chance: of each dimension the largest."""
    rows = first_dataset(manifest)
    largest: dict[tuple[str, str], EvaluationRow] = {}
    for row in manifest.evaluation:
        name = row.metric.partition("@")[0]
        if rows and row.dataset == rows[0].dataset and name in GAPS:
            before = largest.get((row.group, name))
            if before is None or row.value > before.value:
                largest[row.group, name] = row
    beyond = [row for row in largest.values() if row.lo is None or row.lo > 0]
    if largest and not beyond:
        groups = format_list(list(dict.fromkeys(group_words(group) for group, _name in largest)))
        return [_("No gap between groups is more than chance: {groups}.").format(groups=groups)]
    return [_gap_sentence(row) for row in beyond]


def _gap_sentence(row: EvaluationRow) -> str:
    name, _at, threshold = row.metric.partition("@")
    ends = () if row.lo is None or row.hi is None else (max(0.0, row.lo), row.hi)
    if name == "calibration_gap":
        words = _("{group}: the odds observed for the same prediction differ by a factor of up to {figure}.")
        figure = _with_interval(*(format_number(math.exp(min(each, 20.0)), 2) for each in (row.value, *ends)))
        return words.format(group=group_words(row.group), figure=figure)
    words = _("{group}: the sensitivity at {threshold} differs by up to {figure} percentage points.")
    figure = _with_interval(*(format_number(100 * each, 1) for each in (row.value, *ends)))
    share = format_percent(float(threshold), 0) if threshold else _("the threshold")
    return words.format(group=group_words(row.group), threshold=share, figure=figure)


def _with_interval(value: str, *ends: str) -> str:
    return f"{value} ({format_range(*ends)})" if ends else value


def weak_groups(rows: Sequence[EvaluationRow]) -> str:
    """Say in which groups ranking is clearly worse than in all people: the interval lies below their figure."""
    whole = next((row for row in rows if is_whole(row.group)), None)
    if whole is None:
        return ""
    weak = [r for r in rows if not is_whole(r.group) and r.hi is not None and r.hi < whole.value]
    if not weak:
        return ""
    names = [
        _("{name} ({value})").format(name=group_words(row.group), value=format_number(row.value, 3))
        for row in weak
    ]
    sentence = _("It ranks people less well than overall ({value}) in: {groups}.")
    return sentence.format(value=format_number(whole.value, 3), groups=format_list(names))


def not_known(manifest: Manifest) -> int:
    """Count the source attributes whose answer is that it is not known."""
    return sum(text.get("en", "").casefold().startswith("not known") for text in manifest.attributes.values())
