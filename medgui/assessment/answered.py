"""What a screen must not talk over: the measurement that it guesses at, and what is known of the patient's own group.

A screen is for people who lack a test. Where the record has that test, the test is the answer: the model is not
shown, and says so where somebody asks for it by name (SAFETY 17). Where a group's observed rate differs clearly from
what the model says of it, the difference stands beside the number (SAFETY 18).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from medgui.assessment import group_shift, words
from medgui.assessment.finding import Caution, Finding, Level, Status
from medgui.frozen import replace
from medgui.i18n import _
from medgui.inference.manifest import EvaluationRow, Manifest
from medgui.record.model import Record
from medgui.record.resolve import resolve
from medgui.record.value import Gap, Value

if TYPE_CHECKING:
    from medgui.inference.header import Header

_STANDS = (Gap.QUESTIONED, Gap.ACUTE, Gap.CENSORED, Gap.CONFLICT)
METRIC = "calibration_in_the_large"
CLEAR = 0.15
"""Log odds by which a group's rate must differ from the model's before it is told (the bar of the evaluation)."""


def answer_of(record: Record, header: Header, as_of: str) -> Value | None:
    """Return the value in the record that answers what the model estimates; None where there is none of late.

    A value that waits for an answer, is a limit, or is from a hospital stay counts: it has to be looked at, and no
    estimate may stand in its place.
    """
    for name in header.answered_by:
        value = resolve(record, name, as_of=as_of)
        if value.known or value.gap in _STANDS:
            return value
    return None


def instead(finding: Finding, value: Value) -> Finding:
    """Return the finding of a model whose question *value* answers: no number, and why."""
    name = words.title(value.name)
    if isinstance(value.value, float):
        shown = words.measured(value.name, value.value, value.unit, {})
        because = _("{name} is measured ({value}): the measurement decides").format(name=name, value=shown)
    else:
        because = _("The record has a result for {name}: the measurement decides").format(name=name)
    outputs = tuple(
        replace(output, value=None, interval=None, category=None, reason=because)
        for output in finding.outputs
    )
    return replace(
        finding,
        status=Status.OUT_OF_SCOPE,
        reason=words.scope_reason(because),
        outputs=outputs,
        explanations=(),
        curves=(),
        cautions=(Caution("measured", because, value.name),),
        fingerprint=(),
    )


def beside(finding: Finding, record: Record, manifest: Manifest, as_of: str) -> Finding:
    """Return the finding with what must be read beside its number: an older measurement, the group's own rate."""
    if finding.status is not Status.READY:
        return finding
    known = {(caution.code, caution.input) for caution in finding.cautions}
    moved = (group_shift.CODE, "ethnicity") in known
    said = [*_older(record, manifest, as_of), *_group(record, manifest, as_of, moved=moved)]
    new = tuple(caution for caution in said if (caution.code, caution.input) not in known)
    last = _due(manifest) if "screen" not in {caution.code for caution in finding.cautions} else ()
    if not new and not last:
        return finding
    return replace(finding, cautions=(*new, *finding.cautions, *last), fingerprint=())


def _due(manifest: Manifest) -> tuple[Caution, ...]:
    """The sentence that stands beside every number of a screen (SAFETY 17)."""
    if not manifest.answered_by:
        return ()
    return (Caution("screen", _("A low number is no reason against a test that is due."), "", Level.INFO),)


def _older(record: Record, manifest: Manifest, as_of: str) -> list[Caution]:
    sentence = _("An older {name} is in the record ({date}): look at it first; the screen does not know it.")
    return [
        Caution(
            "older_measurement",
            sentence.format(name=words.title(name), date=words.when(value.time)),
            name,
        )
        for name in manifest.answered_by
        if (value := resolve(record, name, as_of=as_of)).gap is Gap.TOO_OLD
    ]


def _group(record: Record, manifest: Manifest, as_of: str, *, moved: bool) -> list[Caution]:
    """The observed rate of the group where it differs from what the model says, with its shift where one was made."""
    if any(spec.name == "ethnicity" and not spec.marker for spec in manifest.inputs):
        return []
    group = resolve(record, "ethnicity", as_of=as_of).value
    lines = [
        row
        for row in manifest.evaluation
        if row.metric == METRIC and row.dataset.endswith(group_shift.STATED) is moved
    ]
    row = next((row for row in lines if row.group == f"ethnicity: {group}"), None)
    if row is None or row.predicted is None or row.observed is None or not _clear(row):
        return []
    sentence = _("{group}, {dataset}: the model said {predicted}, observed {observed}.")
    told = sentence.format(
        group=words.answer("ethnicity", str(group)),
        dataset=row.dataset,
        predicted=f"{row.predicted:.1%}",
        observed=f"{row.observed:.1%}",
    )
    return [Caution("group_rate", told, "ethnicity", Level.CAUTION)]


def _clear(row: EvaluationRow) -> bool:
    """Whether a group's calibration is off by more than the bar, and surely off at all."""
    if row.lo is None or row.hi is None:
        return False
    return abs(row.value) > CLEAR and row.lo * row.hi > 0
