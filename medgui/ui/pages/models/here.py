"""What is known of a model in this clinic: the last check on own patients, the notebook, which version runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from medgui.assessment.figure_words import decimals, metric_words
from medgui.assessment.stand_ins import stand_in
from medgui.errors import MedguiError
from medgui.frozen import frozen
from medgui.i18n import _, format_count, format_date, format_number, format_percent, format_range, localised

if TYPE_CHECKING:
    from medgui.inference.bundle import Bundle
    from medgui.inference.catalogue import Catalogue
    from medgui.record.model import Patient
    from medgui.settings import Settings
    from medgui.ui.services import LocalChecks
    from medgui.validation.notebook import Entry
    from medgui.validation.verdict import Verdict

SHOWN = (
    "auroc",
    "auroc_ipcw",
    "c_index",
    "average_precision",
    "calibration_slope",
    "calibration_in_the_large",
)
LISTED = 8
"""Remembered predictions that are listed one by one, the latest first."""


@frozen
class Kept:
    """One remembered prediction as it is listed. own: of the patient on the screen, whose outcome can be recorded."""

    day: str
    what: str
    share: str
    outcome: str
    own: bool


@frozen
class Here:
    """Gathered off the window's thread. last: `medgui.validation/1`; more: how many are kept but not listed."""

    last: Mapping[str, Any] | None = None
    verdict: Verdict | None = None
    notes: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    kept: tuple[Kept, ...] = ()
    more: int = 0
    problem: str = ""


def gather(local: LocalChecks, bundle: Bundle, patient: Patient | None, today: str) -> Here:
    """Read what is kept of this model. A notebook that cannot be read is a sentence, not an error."""
    last = local.last(bundle)
    try:
        verdict, notes = _said_again(last) if last is not None else (None, [])
    except (KeyError, TypeError, ValueError, StopIteration):  # a file that somebody changed
        last, verdict, notes = None, None, []
    checked = Here(last, verdict, tuple(notes))
    try:
        notebook = local.notebook()
        entries = [e for e in notebook.entries() if e.prediction.model == bundle.id]
        own = {e.id for e in notebook.of(patient)} if patient is not None else set()
    except MedguiError as error:
        return replace(checked, problem=str(error))
    told: list[str] = []
    outputs = {e.prediction.output for e in entries}
    for spec in bundle.manifest.outputs:
        if spec.name in outputs:
            from medgui.validation.seen import seen, sentences

            found = sentences(seen(entries, bundle.id, bundle.sha256, spec.name, today))
            start = f"{localised(spec.short_title)}: " if len(outputs) > 1 else ""
            told += [start + words for words in found]
    if not outputs:
        told = [_("No prediction of this model has been remembered.")]
    if notebook.damaged:
        told.append(_("{n} lines of the notebook are damaged and left out.").format(n=notebook.damaged))
    several = len(bundle.manifest.outputs) > 1
    titles = {spec.name: localised(spec.short_title) if several else "" for spec in bundle.manifest.outputs}
    entries.sort(key=lambda entry: entry.prediction.as_of, reverse=True)
    rows = [_kept(entry, titles, own) for entry in entries]
    rows.sort(key=lambda row: not row.own)
    more = max(len(rows) - LISTED, 0)
    return replace(checked, seen=tuple(told), kept=tuple(rows[:LISTED]), more=more)


def _said_again(last: Mapping[str, Any]) -> tuple[Verdict, Sequence[str]]:
    from medgui.validation.to_json import said_again

    return said_again(last)


def _kept(entry: Entry, titles: Mapping[str, str], own: set[str]) -> Kept:
    outcomes = {"yes": _("happened"), "no": _("did not happen"), "unknown": _("cannot be known")}
    today = date.today().isoformat()
    waiting = (
        _("due")
        if entry.due <= today
        else _("from {date}").format(date=format_date(date.fromisoformat(entry.due)))
    )
    p = entry.prediction
    return Kept(
        format_date(date.fromisoformat(p.as_of)),
        titles.get(p.output, p.output),
        format_percent(p.probability),
        outcomes.get(entry.outcome, waiting),
        entry.id in own,
    )


def check_facts(last: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Say a kept validation as (label, text): when, who, and the figures of all people."""
    cohort = last["cohort"]
    people = _("{n} of {rows} rows, {events} with the outcome").format(
        n=format_count(cohort["used"]),
        rows=format_count(cohort["rows"]),
        events=format_count(cohort["events"]),
    )
    facts = [
        (
            _("Last check"),
            _("{date}, {file}").format(
                date=format_date(date.fromisoformat(last["date"])), file=cohort["file"]
            ),
        ),
        (_("Patients"), people),
    ]
    if last["predicted"] is not None and last["observed"] is not None:
        words = _("{predicted} predicted, {observed} observed")
        rates = {key: format_percent(last[key]) for key in ("predicted", "observed")}
        facts.append((_("Share"), words.format(**rates)))
    whole = [row for row in last["figures"] if row["group"] == "all" and row["metric"] in SHOWN]
    for row in whole:
        if row["value"] is None:
            continue
        places = decimals(row["metric"])
        text = format_number(row["value"], places)
        if row["lo"] is not None and row["hi"] is not None:
            span = format_range(format_number(row["lo"], places), format_number(row["hi"], places))
            text = _("{value} (95 % CI {span})").format(value=text, span=span)
        facts.append((metric_words(row["metric"]), text))
    return facts


@frozen
class Versions:
    """Which of original and recalibrated version is on the Results page. state: "" where there is only one of them.

    "local" and "original" say which one runs; "stale": the recalibrated one was made from another file.
    """

    original: str = ""
    local: str = ""
    state: Literal["", "local", "original", "stale"] = ""


def versions(catalogue: Catalogue, bundle: Bundle, settings: Settings) -> Versions:
    """Find the other version of *bundle* and say which one runs."""
    lineage = bundle.manifest.lineage
    is_local = lineage is not None and lineage.made == "recalibrated"
    original = lineage.model if is_local and lineage is not None else bundle.id
    local = stand_in(catalogue, original)
    if is_local and local != bundle.id:
        return Versions(original, bundle.id, "stale" if original in catalogue.bundles else "")
    if not local:
        return Versions()
    return Versions(original, local, "original" if original in settings.original_models else "local")


def version_words(found: Versions, shown: str) -> str:
    """Say it on the card of the model *shown*."""
    sentences = {
        "stale": _(
            "Recalibrated from another file of “{original}” than the one installed: it is not run. Recalibrate "
            "again."
        ),
        "local": _("On the Results page the recalibrated version stands in for the original."),
        "original": _("On the Results page the original runs, not the recalibrated version."),
    }
    sentence = sentences.get(found.state, "")
    return sentence.format(original=found.original, shown=shown)


def outcome_column(columns: Sequence[str], outputs: Sequence[str], inputs: Sequence[str]) -> int:
    """Return the place of the likely outcome: the column of an output's name, else the last that is no input."""
    for name in outputs:
        if name in columns:
            return list(columns).index(name)
    return next((n for n in range(len(columns) - 1, -1, -1) if columns[n] not in inputs), -1)
