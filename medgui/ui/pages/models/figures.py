"""What a model card says of a manifest's evaluation: figures, groups, calibration, weak groups. No widget here."""

from collections.abc import Sequence

from medgui.charts import calibration, forest
from medgui.frozen import frozen
from medgui.i18n import N_, _, format_count, format_list, format_number, format_percent, format_range
from medgui.inference.manifest import EvaluationRow, Manifest

RANKING = ("auroc", "c_statistic")
"""Metrics of ranking; higher is better and 0.5 is chance."""

METRICS = {
    "auroc": N_("AUROC"),
    "c_statistic": N_("C statistic"),
    "brier": N_("Brier score"),
    "calibration_slope": N_("Calibration slope"),
    "calibration_intercept": N_("Calibration intercept"),
    "calibration_in_the_large": N_("Calibration in the large"),
    "ece": N_("Expected calibration error"),
    "median_bias": N_("Median error"),
    "p30": N_("Within 30 % of measured"),
    "sensitivity": N_("Sensitivity"),
    "specificity": N_("Specificity"),
    "ppv": N_("Positive predictive value"),
    "npv": N_("Negative predictive value"),
    "auprc": N_("Area under precision and recall"),
    "auroc_age_sex": N_("AUROC of age and sex alone"),
    "auroc_phenoage": N_("AUROC of PhenoAge"),
}
NOTES = {
    "brier": N_("lower is better"),
    "calibration_slope": N_("ideal 1.00"),
    "calibration_intercept": N_("ideal 0.00"),
    "calibration_in_the_large": N_("ideal 0.00"),
    "auroc_age_sex": N_("for comparison"),
    "auroc_phenoage": N_("for comparison"),
}
KEYS = {
    "sex": N_("Sex"),
    "age": N_("Age"),
    "ethnicity": N_("Ethnicity"),
    "site": N_("Site"),
    "density": N_("Breast density"),
    "birads": N_("BI-RADS"),
}
VALUES = {
    "female": N_("Women"),
    "male": N_("Men"),
    "NH White": N_("Non-Hispanic White"),
    "NH Black": N_("Non-Hispanic Black"),
    "NH Asian": N_("Non-Hispanic Asian"),
    "Hispanic": N_("Hispanic"),
    "White": N_("White"),
    "Black": N_("Black"),
    "Asian": N_("Asian"),
    "Mexican American": N_("Mexican American"),
    "Other": N_("Other ethnicities"),
    "other": N_("Other ethnicities"),
    "Hungary": N_("Hungary"),
    "VA": N_("Long Beach VA"),
    "Long Beach VA": N_("Long Beach VA"),
    "Switzerland": N_("Switzerland"),
    "Cleveland": N_("Cleveland"),
    "unknown": N_("Not stated"),
}


def metric_words(metric: str) -> str:
    """Return the name of a metric; an unknown one stands as the manifest writes it."""
    return _(METRICS[metric]) if metric in METRICS else metric.replace("_", " ")


def is_whole(group: str) -> bool:
    """Whether a row is about all people together."""
    return group.strip().casefold() in ("", "all", "overall")


def dimension(group: str) -> str:
    """Return what a group divides by: "sex" of "sex: female"."""
    return group.partition(":")[0].strip() if ":" in group else ""


def group_words(group: str) -> str:
    """Say a group in words: "sex: female" is "Women", "age: 20-49" is "20-49 y"."""
    if is_whole(group):
        return _("All")
    key, _colon, value = group.partition(":")
    value = value.strip()
    if not value:
        return _(VALUES[group]) if group in VALUES else group
    if value in VALUES:
        return _(VALUES[value])
    if key.strip() == "age":
        return _("{span} y").format(span=value.replace("-", "\u2013"))
    if key.strip() in KEYS:
        return _("{name} {value}").format(name=_(KEYS[key.strip()]), value=value)
    return group


@frozen
class Figure:
    """One headline figure: what, the number, its interval or what is ideal."""

    title: str
    number: str
    note: str


def decimals(row: EvaluationRow) -> int:
    """Return how many decimals a metric is written with."""
    if row.metric in ("calibration_slope", "calibration_intercept", "calibration_in_the_large"):
        return 2
    return 1 if row.metric in ("median_bias",) else 3


def interval_words(row: EvaluationRow) -> str:
    """Write the interval of a figure, or what is ideal; both where there is room for both."""
    if row.lo is None or row.hi is None:
        return _(NOTES[row.metric]) if row.metric in NOTES else ""
    places = decimals(row)
    return format_range(format_number(row.lo, places), format_number(row.hi, places))


def headline(manifest: Manifest) -> list[Figure]:
    """Choose at most four figures: those of all people first, else the first ones by group."""
    rows = [row for row in manifest.evaluation if is_whole(row.group)] or list(manifest.evaluation)
    seen: set[tuple[str, str]] = set()
    figures = []
    for row in rows:
        key = (row.metric, row.group)
        if key in seen:
            continue
        seen.add(key)
        note = interval_words(row)
        if not is_whole(row.group):
            group = group_words(row.group)
            note = _("{group}, {interval}").format(group=group, interval=note) if note else group
        figures.append(Figure(metric_words(row.metric), format_number(row.value, decimals(row)), note))
    return figures[:4]


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
    unique = {(r.dataset, r.group): r for r in rows}.values()
    by_kind: dict[str, list[EvaluationRow]] = {}
    for row in unique:
        if not is_whole(row.group):
            by_kind.setdefault(dimension(row.group), []).append(row)
    chosen = by_kind.get("ethnicity") or max(by_kind.values(), key=len, default=list(unique))
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
