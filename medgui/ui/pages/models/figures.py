"""What a model card says of a manifest's evaluation: figures, groups, calibration, weak groups. No widget here."""

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
from medgui.i18n import _, format_count, format_list, format_number, format_percent, format_range, localised
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
    rows = [r for r in manifest.evaluation if r.predicted is not None and r.observed is not None]
    first: dict[str, EvaluationRow] = {}
    for row in rows:
        first.setdefault(row.group, row)  # of several data sets the first one
    unique = first.values()
    by_kind: dict[str, list[EvaluationRow]] = {}
    for row in unique:
        if not is_whole(row.group):
            by_kind.setdefault(dimension(row.group), []).append(row)
    curve = by_kind.pop("risk", [])
    chosen = by_kind.get("ethnicity") or max(by_kind.values(), key=len, default=curve or list(unique))
    return [_point(row) for row in chosen]


def _point(row: EvaluationRow) -> calibration.Point:
    predicted, observed = row.predicted or 0.0, row.observed or 0.0
    lo, hi = wilson(observed, row.n)
    flagged = row.n > 0 and not lo <= predicted <= hi
    return calibration.Point(group_words(row.group), predicted, observed, flagged)


def wilson(share: float, n: int, z: float = 1.959964) -> tuple[float, float]:
    """Return the 95 % score interval of an observed share of *n* people (Wilson 1927)."""
    if n <= 0:
        return 0.0, 1.0
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)) ** 0.5
    return middle - half, middle + half


def calibration_sentences(points: Sequence[calibration.Point]) -> list[str]:
    """Say in words each group in which predicted and observed differ beyond chance."""
    sentences = []
    for point in points:
        if not point.flagged:
            continue
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
    return sentences


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
