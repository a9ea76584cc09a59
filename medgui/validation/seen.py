"""What the notebook of outcomes says of a model's calibration, with the small numbers said in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from medgui.evaluation.figures import Estimate, proportion
from medgui.frozen import frozen
from medgui.i18n import _, format_count, format_percent
from medgui.validation.cohort import LEAST
from medgui.validation.notebook import Entry
from medgui.validation.verdict import ENOUGH


@frozen
class Seen:
    """Outcomes of one output of one model file.

    n: predictions whose time is over and whose outcome is known; events of them. predicted: their mean probability;
    observed: the share with its 95 % CI. missing: time over, outcome not recorded or not knowable. waiting: time
    not over. level: "none", "few" (under `LEAST` of either), "uncertain" (under `ENOUGH` of either) or "enough".
    """

    n: int
    events: int
    predicted: float
    observed: Estimate
    missing: int
    waiting: int
    level: Literal["none", "few", "uncertain", "enough"]

    @property
    def remembered(self) -> int:
        """All of them."""
        return self.n + self.missing + self.waiting


def seen(entries: Iterable[Entry], model: str, sha256: str, output: str, today: str) -> Seen:
    """Gather what is known of one output of one model file on *today* (ISO).

    Only predictions whose time is over count: an early "yes" is known before any "no" can be, and counting it would
    make the observed share too high.
    """
    own = [
        e
        for e in entries
        if (e.prediction.model, e.prediction.sha256, e.prediction.output) == (model, sha256, output)
    ]
    over = [e for e in own if e.due <= today]
    known = [e for e in over if e.outcome in ("yes", "no")]
    events = sum(e.outcome == "yes" for e in known)
    predicted = sum(e.prediction.probability for e in known) / len(known) if known else float("nan")
    fewest = min(events, len(known) - events)
    level: Literal["none", "few", "uncertain", "enough"] = "enough"
    if not known:
        level = "none"
    elif fewest < LEAST:
        level = "few"
    elif fewest < ENOUGH:
        level = "uncertain"
    return Seen(
        len(known),
        events,
        predicted,
        proportion(events, len(known)),
        len(over) - len(known),
        len(own) - len(over),
        level,
    )


def sentences(found: Seen) -> list[str]:
    """Say it."""
    if not found.remembered:
        return [_("No prediction of this model has been remembered.")]
    told = []
    if found.level == "none":
        told.append(_("No outcome is known yet."))
    elif found.level == "few":
        sentence = _("{n} outcomes known, {events} of them yes: too few to compare with the predictions.")
        told.append(sentence.format(n=format_count(found.n), events=format_count(found.events)))
    else:
        sentence = _("{n} outcomes known: {predicted} predicted, {observed} happened (95 % CI {lo} to {hi}).")
        e = found.observed
        told.append(
            sentence.format(
                n=format_count(found.n),
                predicted=format_percent(found.predicted),
                observed=format_percent(e.value),
                lo=format_percent(e.lo),
                hi=format_percent(e.hi),
            )
        )
        if found.level == "uncertain":
            told.append(
                _("Uncertain: fewer than {enough} with or without the outcome.").format(enough=ENOUGH)
            )
        if not e.lo <= found.predicted <= e.hi:
            low = found.predicted < e.value
            told.append(
                _("The predictions were too low beyond chance.")
                if low
                else _("The predictions were too high beyond chance.")
            )
    if found.missing:
        sentence = _(
            "Of {n} more the time is over and the outcome is not recorded; they may differ from the others."
        )
        told.append(sentence.format(n=format_count(found.missing)))
    if found.waiting:
        told.append(_("The time of {n} more is not over yet.").format(n=format_count(found.waiting)))
    return told
