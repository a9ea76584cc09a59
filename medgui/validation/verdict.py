"""What local figures mean, in plain words, and whether there are enough people to say it."""

from __future__ import annotations

from typing import Literal

from medgui.evaluation.figures import Estimate
from medgui.frozen import frozen
from medgui.i18n import _, format_count, format_number
from medgui.validation.performance import Performance

ENOUGH = 100
"""Fewest events, and fewest people without, for figures that are not called uncertain.

Collins GS, Ogundimu EO, Altman DG, Stat Med 2016;35:214: external validation needs at least 100 events and, better,
200; with fewer the figures are biased and imprecise. Vergouwe Y et al, J Clin Epidemiol 2005;58:475: 100 of each.
"""
RECALIBRATE = 30
"""Fewest events and fewest people without for a recalibration."""

Code = Literal["too_low", "too_high", "too_extreme", "too_mild", "no_ranking", "fits", "unclear"]


@frozen
class Verdict:
    """What was found. `uncertain`: fewer events than `ENOUGH`. `sentences` say it, the first one the finding itself."""

    code: Code
    uncertain: bool
    advisable: bool
    sentences: tuple[str, ...]


def judge(performance: Performance) -> Verdict:
    """Judge by the intervals: what differs beyond chance is said, what does not is not made up."""
    whole = performance.whole
    uncertain = min(whole.events, whole.n - whole.events) < ENOUGH
    large, slope = performance.figure("calibration_in_the_large"), performance.figure("calibration_slope")
    ranking = performance.figure("auroc") or performance.figure("auroc_ipcw")
    sentences = []
    code: Code = "fits"
    if _beyond(large, 0.0):
        code = "too_low" if large is not None and large.value > 0 else "too_high"
        words = {
            "too_low": _(
                "The model predicts too low here: of 100 people it expects {predicted} to have the outcome, "
                "{observed} had it."
            ),
            "too_high": _(
                "The model predicts too high here: of 100 people it expects {predicted} to have the outcome, "
                "{observed} had it."
            ),
        }
        sentences.append(
            words[code].format(predicted=_of_100(whole.predicted), observed=_of_100(whole.observed))
        )
    if slope is not None and _beyond(slope, 1.0):
        mild = slope.value > 1
        code = code if code != "fits" else "too_mild" if mild else "too_extreme"
        words_ = (
            _("High risks are predicted too low and low ones too high (slope {slope}).")
            if mild
            else _("High risks are predicted too high and low ones too low (slope {slope}).")
        )
        sentences.append(words_.format(slope=format_number(slope.value, 2)))
    if not sentences:
        code, sentence = _no_difference(large, slope)
        sentences.append(
            sentence.format(predicted=_of_100(whole.predicted), observed=_of_100(whole.observed))
        )
    if ranking is not None and ranking.lo <= 0.5:
        code = "no_ranking"
        sentences.insert(
            0,
            _(
                "It is not shown that the model tells those with the outcome from those without (AUROC {value})."
            ).format(value=format_number(ranking.value, 2)),
        )
    timed = performance.figure("auroc_ipcw") is not None  # no recalibration is offered with times
    advisable = code in ("too_low", "too_high", "too_extreme", "too_mild") and not timed
    sentences += _advice(advisable, whole.events, whole.n - whole.events, uncertain)
    return Verdict(code, uncertain, advisable, tuple(sentences))


def _no_difference(large: Estimate | None, slope: Estimate | None) -> tuple[Code, str]:
    narrow = large is not None and large.hi - large.lo < WIDE and slope is not None
    if narrow:
        return "fits", _(
            "Predicted and observed agree within chance: of 100 people {predicted} expected, {observed} had it."
        )
    return "unclear", _(
        "No difference beyond chance is seen, but a large one would not be seen either: of 100 people {predicted} "
        "expected, {observed} had it."
    )


WIDE = 0.8
"""Width of the interval of calibration in the large (logits) from which on "no difference" says little (odds x 2.2)."""


def _advice(advisable: bool, events: int, others: int, uncertain: bool) -> list[str]:
    fewest = min(events, others)
    told = []
    if advisable and fewest >= RECALIBRATE:
        told.append(_("Recalibration on local patients is advisable."))
    elif advisable:
        sentence = _(
            "Recalibration needs at least {least} people with and {least} without the outcome; here the smaller "
            "number is {n}."
        )
        told.append(sentence.format(least=RECALIBRATE, n=format_count(fewest)))
    if uncertain:
        sentence = _(
            "Uncertain: {events} with and {others} without the outcome. At least {enough} of each are needed for "
            "figures to rely on (Collins 2016)."
        )
        told.append(sentence.format(events=format_count(events), others=format_count(others), enough=ENOUGH))
    return told


def _beyond(figure: Estimate | None, ideal: float) -> bool:
    return figure is not None and not figure.lo <= ideal <= figure.hi and figure.lo == figure.lo


def _of_100(share: float) -> str:
    return format_number(100 * share, 0 if 100 * share >= 10 else 1)
