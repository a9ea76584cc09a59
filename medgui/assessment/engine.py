"""The engine of one bundle: record in, Finding out, whatever happens in between."""

from __future__ import annotations

import logging
import secrets
import time
import traceback
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from medgui.assessment import categories, group_shift, marks, results, words
from medgui.assessment.course import course_cautions
from medgui.assessment.features import Row, Suppliers, build_row
from medgui.assessment.finding import Caution, Finding, Level, Output, Status
from medgui.assessment.scope import ADULT, advice_for, checks_of
from medgui.errors import DamagedData
from medgui.frozen import frozen
from medgui.i18n import _, format_list, localised
from medgui.inference.manifest import Manifest
from medgui.record.model import Record

if TYPE_CHECKING:
    from medgui.inference.bundle import Bundle
    from medgui.inference.marks import Mark

log = logging.getLogger(__name__)
DEMONSTRATION = "demonstration"


@frozen
class Made:
    """A finding; `damage` is the sentence that says what is wrong with the bundle's files, where they are wrong."""

    finding: Finding
    damage: str = ""


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
    is told where a risk model comes from (SAFETY 14).
    """
    started = time.perf_counter()
    try:
        row = build_row(record, bundle.manifest, as_of=as_of, suppliers=suppliers)
        row = group_shift.without_elsewhere(row, region)
        course = course_cautions(record, row.inputs, as_of)
        row = replace(row, cautions=(*row.cautions, *course))
        fixed = categories.fixed_by_condition(record, bundle.manifest, row, as_of)
        mark = row.fingerprint(bundle.sha256, as_of, region, repr(fixed))
        if before is not None and before.fingerprint == mark and before.status is not Status.FAILED:
            return Made(before)
        told = (fixed, _origin(bundle.manifest, region))
        finding = _run(bundle, row, told)
    except DamagedData as error:
        return Made(_refused(bundle.manifest, str(error)), str(error))
    except Exception as error:  # noqa: BLE001 - one model's fault must not take the others with it
        return Made(_failed(bundle.manifest, error))
    spent = (time.perf_counter() - started) * 1000
    return Made(replace(finding, fingerprint=mark, milliseconds=spent))


def _origin(manifest: Manifest, region: str) -> Caution | None:
    """Tell a clinic elsewhere in which people a risk model was made."""
    people = _people(manifest)
    if manifest.kind not in ("risk", "diagnosis") or not people or region in manifest.regions:
        return None
    if region == "us" and not manifest.regions:
        return None
    return Caution("made_elsewhere", people, "", Level.INFO)


def _run(bundle: Bundle, row: Row, told: tuple[Caution | None, Caution | None]) -> Finding:
    import numpy as np

    from medgui.inference.batch import evaluate
    from medgui.inference.survival import CurveFault

    manifest = bundle.manifest
    base = _base(bundle, row)
    if manifest.age is None and row.number("age") < ADULT:
        return _child(base, manifest, row)
    batch = evaluate(bundle, np.array([row.x]), dict(row.facts))
    noted = batch.marks.of(0)
    status = Status(batch.status_of(0))
    if status is Status.READY:
        try:
            found = results.ready(bundle, row, batch, noted, fixed=told[0] is not None)
        except CurveFault as error:
            return _fault(base, bundle, str(error))
        numbers = {output.name: output.value for output in found.outputs if output.value is not None}
        moved = group_shift.beside(bundle, row, batch.x[0], numbers)
        ours = [*moved, *(caution for caution in told if caution is not None)]
        said = (*row.cautions, *marks.cautions(manifest, row, noted), *found.cautions, *ours)
        return replace(
            base,
            status=status,
            reason=_ready_reason(manifest, row, found),
            outputs=found.outputs,
            explanations=found.explanations,
            cautions=_ordered(said),
            provider=bundle.provider,
            survival=found.survival,
        )
    if status is Status.MISSING_INPUT:
        return _missing(base, bundle, row, noted, fixed=told[0] is not None)
    stopped = marks.stopping(manifest, row, noted)
    codes = {caution.code for caution in stopped}
    because = stopped[0].message if stopped else _("Not applicable")
    return replace(
        base,
        status=status,
        reason=words.scope_reason(because) if status is Status.OUT_OF_SCOPE else words.shortened(because),
        outputs=_empty_outputs(manifest, because),
        cautions=_ordered((*stopped, *row.cautions)),
        checks=checks_of(manifest, row) if status is Status.OUT_OF_SCOPE else (),
        advice=advice_for(codes) if status is Status.OUT_OF_SCOPE else (),
        provider=bundle.provider if status is Status.FAILED else "",
    )


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


def _missing(base: Finding, bundle: Bundle, row: Row, noted: Sequence[Mark], *, fixed: bool) -> Finding:
    manifest = bundle.manifest
    found = results.missing(bundle, row, fixed=fixed)
    lacking = [used for used in base.inputs if used.required and used.value is None]
    reason = words.missing_reason([used.title for used in lacking])
    said = [
        Caution("missing", _("{name} is needed. {reason}").format(name=u.title, reason=u.reason), u.name)
        for u in lacking
    ]
    told = {caution.input for caution in said}
    others = [caution for caution in row.cautions if caution.input not in told]
    return replace(
        base,
        status=Status.MISSING_INPUT,
        reason=reason,
        outputs=found.outputs,
        curves=found.curves,
        cautions=_ordered((*said, *others, *marks.cautions(manifest, row, tuple(noted)))),
    )


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
                    value=words.figure(output.name, value, output.unit, output.decimals),
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
    return replace(_blank(bundle.manifest), inputs=row.inputs, sha256=bundle.sha256)


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


def _ordered(cautions: Sequence[Caution]) -> tuple[Caution, ...]:
    """Drop what is said twice; keep the order, information after cautions."""
    cautions = _merged(cautions)
    kept = list({(caution.code, caution.input, caution.message): caution for caution in cautions}.values())
    return tuple(sorted(kept, key=lambda caution: caution.level.value == "info"))


def _merged(cautions: Sequence[Caution]) -> list[Caution]:
    """Say once what would be said of thirty genes, one by one, or of six values that are too old."""
    cautions = _old_together(cautions)
    alike = Counter((caution.code, caution.message) for caution in cautions if caution.input)
    found = []
    for caution in cautions:
        count = alike[caution.code, caution.message]
        if count > 1 and caution.input:
            sentence = _("{caution} This holds for {n} values.")
            text = sentence.format(caution=caution.message, n=count)
            caution = replace(caution, input="", message=text)
        found.append(caution)
    return found


def _old_together(cautions: Sequence[Caution]) -> list[Caution]:
    """One sentence for all values that are too old; the list of inputs has the age limit of each."""
    old = [caution for caution in cautions if caution.code == "value_too_old"]
    if len(old) < 2:
        return list(cautions)
    names = words.names(list(dict.fromkeys(caution.input for caution in old)))
    text = _("{n} values are too old and are not used: {names}.").format(n=len(old), names=names)
    place = cautions.index(old[0])
    others = [caution for caution in cautions if caution.code != "value_too_old"]
    before = sum(1 for caution in cautions[:place] if caution.code != "value_too_old")
    return [*others[:before], replace(old[0], message=text, input=""), *others[before:]]


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
