"""The engine of one bundle: record in, Finding out, whatever happens in between."""

from __future__ import annotations

import logging
import secrets
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from medgui.assessment import categories, group_shift, marks, results, words
from medgui.assessment.cautions import ordered
from medgui.assessment.course import course_cautions
from medgui.assessment.features import Row, Suppliers, build_row
from medgui.assessment.finding import Caution, Finding, Fingerprint, Level, Output, Status
from medgui.assessment.scope import ADULT, advice_for, checks_of
from medgui.errors import DamagedData
from medgui.frozen import frozen, replace
from medgui.i18n import _, format_list, language, localised
from medgui.inference.manifest import Manifest
from medgui.record.model import Record

if TYPE_CHECKING:
    from medgui.inference.batch import Batch
    from medgui.inference.bundle import Bundle
    from medgui.inference.marks import Mark

log = logging.getLogger(__name__)
DEMONSTRATION = "demonstration"


@frozen
class Made:
    """A finding; `damage` is the sentence that says what is wrong with the bundle's files, where they are wrong.

    rest: makes the whole finding where this one has its numbers alone, without intervals, ranges and reasons.
    """

    finding: Finding
    damage: str = ""
    rest: Callable[[], Made] | None = None

    def whole(self) -> Made:
        """The finding with everything that belongs to it."""
        return self if self.rest is None else self.rest()


Now = tuple[Finding, Callable[[], Finding] | None]
"""What is shown first of a finding, and what makes the whole one; None: it is whole."""


def assess_bundle(
    bundle: Bundle,
    record: Record,
    *,
    as_of: str,
    region: str,
    suppliers: Suppliers,
    before: Finding | None = None,
) -> Made:
    """Run one bundle on *record*. Never raises: damage gives a refused finding, any other fault a failed one.

    *before* is taken over where nothing that it was made from has changed. A clinic outside the *region* "us"
    is told where a risk model comes from (SAFETY 14). What takes long, intervals and reasons, waits in `Made.rest`.
    """

    def begin() -> Made:
        started = time.perf_counter()
        row = build_row(record, bundle.manifest, as_of=as_of, suppliers=suppliers)
        row = group_shift.without_elsewhere(row, region)
        course = course_cautions(record, row.inputs, as_of)
        row = replace(row, cautions=(*row.cautions, *course)) if course else row
        fixed = categories.fixed_by_condition(record, bundle.manifest, row, as_of, suppliers)
        mark = row.fingerprint(bundle.sha256, as_of, region, fixed)
        if before is not None and before.fingerprint == mark and before.status is not Status.FAILED:
            return Made(before)
        told = (fixed, _origin(bundle.manifest, region))
        finding, more = _run(bundle, row, told)
        spent = (time.perf_counter() - started) * 1000
        if more is None:
            return Made(replace(finding, fingerprint=mark, milliseconds=spent))
        return Made(
            replace(finding, milliseconds=spent),
            rest=lambda: _guarded(bundle, lambda: rest(more, mark, spent)),
        )

    def rest(more: Callable[[], Finding], mark: Fingerprint, spent: float) -> Made:
        def work() -> Made:
            started = time.perf_counter()
            finding = more()
            took = (time.perf_counter() - started) * 1000
            return Made(replace(finding, fingerprint=mark, milliseconds=spent + took))

        return _guarded(bundle, work)

    return _guarded(bundle, begin)


def _guarded(bundle: Bundle, work: Callable[[], Made]) -> Made:
    """What *work* makes; where it fails, the finding that says so."""
    try:
        return work()
    except DamagedData as error:
        return Made(_refused(bundle.manifest, str(error)), str(error))
    except Exception as error:  # noqa: BLE001 - one model's fault must not take the others with it
        return Made(_failed(bundle.manifest, error))


def _origin(manifest: Manifest, region: str) -> Caution | None:
    """Tell a clinic elsewhere in which people a risk model was made that is not calibrated to the place."""
    people = _people(manifest)
    if manifest.kind not in ("risk", "diagnosis") or not people or region in manifest.regions:
        return None
    if manifest.for_place or (region == "us" and not manifest.regions):
        return None
    return Caution("made_elsewhere", people, "", Level.INFO)


def _run(bundle: Bundle, row: Row, told: tuple[Caution | None, Caution | None]) -> Now:
    import numpy as np

    from medgui.inference.batch import evaluate
    from medgui.inference.survival import CurveFault

    manifest = bundle.manifest
    base = _base(bundle, row)
    if manifest.age is None and row.number("age") < ADULT:
        return _child(base, manifest, row), None
    batch = evaluate(bundle, np.array([row.x]), dict(row.facts))
    noted = batch.marks.of(0)
    status = Status(batch.status_of(0))
    if status is Status.READY:
        try:
            return _ready(base, bundle, row, batch, noted, told)
        except CurveFault as error:
            return _fault(base, bundle, str(error)), None
    if status is Status.MISSING_INPUT:
        return _missing(base, bundle, row, noted, fixed=told[0] is not None)
    stopped = marks.stopping(manifest, row, noted)
    codes = {caution.code for caution in stopped}
    because = stopped[0].message if stopped else _("Not applicable")
    finding = replace(
        base,
        status=status,
        reason=words.scope_reason(because) if status is Status.OUT_OF_SCOPE else words.shortened(because),
        outputs=_empty_outputs(manifest, because),
        cautions=ordered((*stopped, *row.cautions)),
        advice=advice_for(codes) if status is Status.OUT_OF_SCOPE else (),
        provider=bundle.provider if status is Status.FAILED else "",
    )
    if status is not Status.OUT_OF_SCOPE:
        return finding, None
    return finding, lambda: replace(finding, checks=checks_of(manifest, row))


def _ready(
    base: Finding,
    bundle: Bundle,
    row: Row,
    batch: Batch,
    noted: tuple[Mark, ...],
    told: tuple[Caution | None, Caution | None],
) -> Now:
    """The finding of a row that has numbers. Raises `CurveFault`."""
    manifest = bundle.manifest
    found = results.numbers(bundle, row, batch, noted, fixed=told[0] is not None)
    numbers = {output.name: output.value for output in found.outputs if output.value is not None}
    moved = group_shift.beside(bundle, row, batch.x[0], numbers)
    first = (*row.cautions, *marks.cautions(manifest, row, noted))
    last = (*moved, *(caution for caution in told if caution is not None))
    provider = bundle.provider

    def finding(found: results.Results) -> Finding:
        return replace(
            base,
            status=Status.READY,
            reason=_ready_reason(manifest, row, found),
            outputs=found.outputs,
            explanations=found.explanations,
            cautions=ordered((*first, *found.cautions, *last)),
            provider=provider,
            survival=found.survival,
        )

    return finding(found), lambda: finding(results.with_reasons(bundle, row, batch, found))


def _fault(base: Finding, bundle: Bundle, sentence: str) -> Finding:
    """No number stands beside a curve that is none: both come from one graph."""
    return replace(
        base,
        status=Status.FAILED,
        reason=words.shortened(sentence),
        outputs=_empty_outputs(bundle.manifest, sentence),
        cautions=(Caution("fault", sentence),),
        provider=bundle.provider,
    )


def _missing(base: Finding, bundle: Bundle, row: Row, noted: Sequence[Mark], *, fixed: bool) -> Now:
    manifest = bundle.manifest
    needed = {mark.input for mark in noted if mark.code == "missing"}
    lacking = [u for u in base.inputs if u.value is None and (u.required or u.name in needed)]
    reason = words.missing_reason([used.title for used in lacking])
    said = [
        Caution("missing", _("{name} is needed. {reason}").format(name=u.title, reason=u.reason), u.name)
        for u in lacking
    ]
    told = {caution.input for caution in said}
    others = [caution for caution in row.cautions if caution.input not in told]
    finding = replace(
        base,
        status=Status.MISSING_INPUT,
        reason=reason,
        outputs=results.unknown(bundle, row),
        cautions=ordered((*said, *others, *marks.cautions(manifest, row, tuple(noted)))),
    )

    def whole() -> Finding:
        found = results.missing(bundle, row, fixed=fixed)
        return replace(finding, outputs=found.outputs, curves=found.curves)

    return finding, whole


def both_answers(finding: Finding, name: str, made: Mapping[str, Finding]) -> Finding:
    """Show the results for each answer to one open choice: in the reason, and as each output's range."""
    parts, outputs = [], []
    for i, output in enumerate(finding.outputs):
        values = {answer: found.outputs[i].value for answer, found in made.items()}
        known = [value for value in values.values() if value is not None]
        interval = output.interval
        if interval is not None and known:
            interval = replace(interval, lo=min(known), hi=max(known))
        outputs.append(replace(output, interval=interval))
        if i == 0:
            parts = [
                _("{answer}: {value}").format(
                    answer=words.answer(name, answer),
                    value=output.word(value)
                    or words.figure(output.name, value, output.unit, output.decimals),
                )
                for answer, value in values.items()
                if value is not None
            ]
    reason = _("Needs one answer: {name} ({results})").format(
        name=words.title(name), results=format_list(parts)
    )
    lacking = {used.name for found in made.values() for used in found.inputs if used.value is None}
    cautions = [c for c in finding.cautions if c.code != "missing" or c.input == name or c.input in lacking]
    return replace(
        finding, reason=words.shortened(reason), outputs=tuple(outputs), cautions=tuple(cautions), curves=()
    )


def _child(base: Finding, manifest: Manifest, row: Row) -> Finding:
    because = words.age_outside(row.number("age"), (ADULT, 120.0))
    return replace(
        base,
        status=Status.OUT_OF_SCOPE,
        reason=words.scope_reason(because),
        outputs=_empty_outputs(manifest, because),
        cautions=(Caution("below_age", because, "age"), *row.cautions),
        checks=checks_of(manifest, row),
        advice=advice_for({"below_age"}),
    )


def _base(bundle: Bundle, row: Row) -> Finding:
    blank = bundle.blanks.get(language())
    if blank is None:
        blank = bundle.blanks[language()] = _blank(bundle.manifest)
    return replace(blank, inputs=row.inputs, sha256=bundle.sha256)


def _blank(manifest: Manifest) -> Finding:
    title = localised(manifest.title)
    if manifest.evidence == DEMONSTRATION and DEMONSTRATION not in manifest.title.get("en", "").casefold():
        title = _("{title} (demonstration)").format(title=title)
    return Finding(
        model=manifest.id,
        version=manifest.version,
        kind=manifest.kind,
        title=title,
        evidence=manifest.evidence,
        status=Status.FAILED,
        reason="",
        basis=_basis(manifest),
        group=manifest.group,
        name=words.model_name(manifest),
        question=manifest.question,
        guideline=localised(manifest.guideline) if manifest.guideline else "",
        people=_people(manifest),
        notice=localised(manifest.notice) if manifest.notice else "",
    )


def _people(manifest: Manifest) -> str:
    """In whom the model was made; "" where its card says that this is not known."""
    people = manifest.attributes.get("development.relevance")
    return "" if people is None or people.get("en", "").startswith("Not known") else localised(people)


def _basis(manifest: Manifest) -> tuple[str, ...]:
    name = _("{model}, version {version}").format(model=words.model_name(manifest), version=manifest.version)
    sets = list(dict.fromkeys(row.dataset for row in manifest.evaluation))
    lines = [name, manifest.citation]
    if sets:
        lines.append(_("Evaluated on: {datasets}").format(datasets="; ".join(sets)))
    if manifest.data_licence:
        lines.append(_("Data: {licence}").format(licence=manifest.data_licence))
    return tuple(line for line in lines if line)


def _empty_outputs(manifest: Manifest, reason: str) -> tuple[Output, ...]:
    return tuple(
        Output(
            spec.name,
            localised(spec.title),
            None,
            results.shown_unit(spec),
            scale=spec.scale,
            reason=reason,
            short_title=localised(spec.short_title),
            decimals=spec.decimals,
            named=spec.named,
        )
        for spec in manifest.outputs
    )


def _ready_reason(manifest: Manifest, row: Row, found: results.Results) -> str:
    first = next((output for output in found.outputs if output.value is not None), None)
    if first is not None and first.unit == words.LIKELIHOOD and first.event:
        return words.shortened(words.likelihood(first.event, first.value or 0.0))
    variant = results.variant_of(manifest, row)
    leading: list[str] = []
    if found.explanations:
        main = sorted(found.explanations[0].contributions, key=lambda c: -abs(c.value))
        known = {used.name for used in row.inputs if used.value is not None and not used.marker}
        leading = [words.title(c.input) for c in main if c.value and c.input in known]
    name = localised(variant.title) if variant is not None else ""
    return words.ready_reason(words.model_name(manifest), name, leading)


def _refused(manifest: Manifest, sentence: str) -> Finding:
    reason = words.shortened(sentence)
    caution = Caution("model_refused", sentence)
    return replace(_blank(manifest), status=Status.REFUSED, reason=reason, cautions=(caution,))


def refused_finding(model: str, sentence: str) -> Finding:
    """Return the row of a bundle that the catalogue refuses: its files are not what was signed."""
    return Finding(
        model=model,
        version="",
        kind="score",
        title=model,
        evidence="",
        status=Status.REFUSED,
        reason=words.shortened(sentence),
        cautions=(Caution("model_refused", sentence),),
    )


def _failed(manifest: Manifest, error: Exception) -> Finding:
    """Log where it happened by a short id, without a word of what the values were."""
    number = secrets.token_hex(4)
    places = [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-4:]]
    log.error("model %s failed [%s]: %s at %s", manifest.id, number, type(error).__name__, " > ".join(places))
    sentence = _("The model stopped with a fault; no result is shown (fault {number}).").format(number=number)
    caution = Caution("model_failed", sentence)
    return replace(_blank(manifest), status=Status.FAILED, reason=sentence, cautions=(caution,))


def deceased_note(record: Record, as_of: str) -> Finding:
    """Return the note that stands in place of all predictions (SAFETY 4)."""
    died = record.patient.deceased
    sentence = _("The patient has died; no predictions are made.")
    if died[:4].isdigit():
        sentence = _("The patient died on {date}; no predictions are made.").format(date=words.when(died))
    return Finding(
        model="deceased",
        version="1",
        kind="note",
        title=_("No predictions"),
        evidence="",
        status=Status.OUT_OF_SCOPE,
        reason=sentence,
        cautions=(Caution("deceased", sentence),),
        basis=(_("As of {date}").format(date=words.when(as_of)),),
    )
