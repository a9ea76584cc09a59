"""The order of the Results page: status, category, how much it says of the patient, kind (UI.md section 4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from medgui.assessment import questions
from medgui.assessment.finding import Finding, Level, Output, Status

PROGNOSIS = "prognosis"
_STATUS = {
    Status.READY: 0,
    Status.MISSING_INPUT: 1,
    Status.OUT_OF_SCOPE: 2,
    Status.REFUSED: 3,
    Status.FAILED: 4,
}
_LEVEL = {Level.HIGH: 0, Level.CAUTION: 1, Level.INFO: 2}
_KIND = {"note": 0, "value": 1, "risk": 2, "diagnosis": 3, "score": 4, "image": 5}


def in_page_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort: ready by its worst category, input missing by its worst plausible one, then the rest; prognosis last.

    Findings of one question stand together, where the first of them by this order belongs; the preferred one leads.
    """
    groups = questions.groups(sorted(findings, key=_rank))
    return tuple(finding for members in groups for finding in members)


def worst_level(finding: Finding) -> Level | None:
    """Return the worst level that the finding's results have, or could have over plausible values."""
    levels = [level for output in finding.outputs for level in _levels(output)]
    return min(levels, key=_LEVEL.__getitem__) if levels else None


def _levels(output: Output) -> Iterator[Level]:
    if output.category is not None:
        yield output.category.level
    interval = output.interval
    if interval is not None and interval.kind == "plausible_missing":
        for band in output.bands:
            if band.lo <= interval.hi and interval.lo < band.hi:
                yield band.level


def _rank(finding: Finding) -> tuple[int, int, int, int, int, str]:
    level = worst_level(finding)
    return (
        int(finding.group == PROGNOSIS),
        -1 if finding.kind == "note" else _STATUS[finding.status],
        _LEVEL[level or Level.INFO],
        _weight(finding),
        _KIND.get(finding.kind, 9),
        finding.title,
    )


def _weight(finding: Finding) -> int:
    """What speaks of this patient first, then what only guesses at a test, then what is shown for teaching."""
    if finding.evidence == "demonstration":
        return 2
    return int(any(caution.code == "screen" for caution in finding.cautions))
