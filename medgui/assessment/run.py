"""One record through all models that apply: in order of what feeds what, each failure by itself, nothing twice."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from medgui.assessment import answered
from medgui.assessment.engine import Made, assess_bundle, both_answers, deceased_note, refused_finding
from medgui.assessment.features import FIXED
from medgui.assessment.finding import Assessment, Finding, Status
from medgui.assessment.order import in_page_order
from medgui.assessment.questions import with_preferred, without_foreign
from medgui.assessment.stand_ins import left_out, with_note
from medgui.assessment.values import assess_values
from medgui.frozen import frozen, replace
from medgui.inference.manifest import PLACES, Manifest
from medgui.record.model import Answer, Origin, Record
from medgui.record.resolve import resolve
from medgui.record.value import Gap, Value

if TYPE_CHECKING:
    from medgui.inference.catalogue import Catalogue
    from medgui.inference.header import Header

Progress = Callable[[int, int, Finding | None], None]
"""Called with models done, models in all, and a finding: with its numbers first; once more when it is whole."""

RecordKey = tuple[str, str, int]

SETTLED = "known_"
"""How codes of exclusions begin that say the disease is there already that the score looks for."""


@frozen
class _Visit:
    """What one run carries along. `made` holds findings by model, for those that feed on them."""

    record: Record
    catalogue: Catalogue
    as_of: str
    key: RecordKey
    made: dict[str, Finding]
    before: Mapping[str, Finding]
    region: str = "us"
    one_sex: bool = False


def assess(
    record: Record,
    catalogue: Catalogue,
    *,
    as_of: str | None = None,
    models: Sequence[str] | None = None,
    overrides: Iterable[Answer] = (),
    progress: Progress | None = None,
    cancel: Callable[[], bool] | None = None,
    previous: Assessment | None = None,
    region: str = "us",
    country: str | None = None,
    originals: Collection[str] = (),
    also: Collection[str] = (),
) -> Assessment:
    """Assess *record* as on the day *as_of* (ISO; default the record's own day, then today).

    *models* names the bundles to run (default: all that are not on request, and those of *also* that are installed);
    naming one that is refused raises `ModelRefused`. *overrides* are answers that hold for this run only. *cancel* is
    polled between models; what is done by then is returned with `complete` false. Findings of *previous* are taken
    over where nothing that they were made from has changed. *region* of the clinic says whose guideline is named
    first; *country* (ISO alpha-3) gives the inputs that follow from it (`record.clinic`; None: the record's own).
    *originals*: models that run as they are although a version recalibrated in the clinic is installed (`stand_ins`).
    Small graphs run first: the first results do not wait for the large ones.
    """
    started = time.perf_counter()
    key = record.key
    if country is not None:
        record = record.at_clinic(country)
    for answer in overrides:
        record = record.with_answer(answer)
    day = as_of or record.as_of or date.today().isoformat()
    wanted = [catalogue.get(name).id for name in models] if models is not None else None
    before = {f.model: f for f in previous.findings} if previous is not None else {}
    visit = _Visit(record, catalogue, day, key, {}, before, region)
    if record.patient.deceased:
        told = replace(deceased_note(record, day), record_key=key)
        return Assessment(key, day, (told,), seconds=time.perf_counter() - started)
    asked = frozenset(wanted if wanted is not None else (name for name in also if name in catalogue.bundles))
    findings, complete = _run_models(visit, wanted, asked, progress, cancel, originals)
    if wanted is None:
        findings += [replace(finding, record_key=key) for finding in _values(record, day, region)]
    named = with_preferred(findings, catalogue, region)
    ordered = in_page_order(without_foreign(named, catalogue, region, asked))
    return Assessment(key, day, ordered, complete, time.perf_counter() - started)


def what_if(
    record: Record,
    catalogue: Catalogue,
    model: str,
    changes: Mapping[str, float | str | None],
    *,
    as_of: str | None = None,
    region: str = "us",
    country: str | None = None,
) -> Finding:
    """Return the finding of *model* with *changes* (standard name to value in the manifest's unit; None: left out).

    The record is not changed, and the finding carries the record's own key. It says nothing about the effect
    of a treatment. Raises `ModelRefused` where the model is refused.
    """
    day = as_of or record.as_of or date.today().isoformat()
    bundle = catalogue.get(model)
    key = record.key
    changed = record if country is None else record.at_clinic(country)
    for name, value in changes.items():
        unit = next((spec.unit for spec in bundle.manifest.inputs if spec.name == name), "")
        changed = changed.with_answer(Answer(name, value, unit, day, left_out=value is None))
    if record.patient.deceased:
        return replace(deceased_note(record, day), record_key=key)
    visit = _Visit(changed, catalogue, day, key, {}, {}, region)
    for name in _in_order(catalogue, [model]):
        step = _one(visit, name, asked=name == model)
        if step is not None:
            visit.made[name] = step.whole() if name == model else step.finding
    return visit.made[model]


def _run_models(
    visit: _Visit,
    wanted: list[str] | None,
    asked: Collection[str],
    progress: Progress | None,
    cancel: Callable[[], bool] | None,
    originals: Collection[str],
) -> tuple[list[Finding], bool]:
    catalogue = visit.catalogue
    chosen = wanted
    if chosen is None:
        hidden = left_out(catalogue, originals)
        listed = [b for b in catalogue if b.id in asked or not (b.header.on_request or b.id in hidden)]
        chosen = [b.id for b in sorted(listed, key=lambda bundle: bundle.graph_bytes)]
    order = _in_order(catalogue, chosen)
    steps: list[_Step] = []
    for done, name in enumerate(order):
        if cancel is not None and cancel():
            return [step.finding for step in steps], False
        step = _one(visit, name, asked=name in asked)
        if step is not None:
            visit.made[name] = step.finding
            if name in chosen:
                steps.append(step)
        if progress is not None:
            progress(done + 1, len(order), step.finding if step and name in chosen else None)
    findings, complete = _whole(steps, len(order), progress, cancel)
    if wanted is None:
        shown = {finding.model for finding in findings}
        findings += [
            replace(refused_finding(name, sentence), record_key=visit.key)
            for name, sentence in catalogue.refused.items()
            if name not in shown
        ]
    return findings, complete


def _whole(
    steps: Sequence[_Step], total: int, progress: Progress | None, cancel: Callable[[], bool] | None
) -> tuple[list[Finding], bool]:
    """Once all numbers are there, the intervals and reasons of each."""
    findings = [step.finding for step in steps]
    for place, step in enumerate(steps):
        if step.more is None:
            continue
        if cancel is not None and cancel():
            return findings, False
        findings[place] = step.whole()
        if progress is not None:
            progress(total, total, findings[place])
    return findings, True


@frozen
class _Step:
    """A finding with its numbers, and what makes the whole of it; None: it is whole."""

    finding: Finding
    more: Callable[[], Finding] | None = None

    def whole(self) -> Finding:
        """The finding with its intervals and reasons."""
        return self.finding if self.more is None else self.more()


def _one(visit: _Visit, name: str, *, asked: bool) -> _Step | None:
    bundle = visit.catalogue.bundles.get(name)
    if bundle is None:
        return None
    measured = answered.answer_of(visit.record, bundle.header, visit.as_of)
    if not asked and (measured or not _indicated(visit.record, bundle.header, visit.as_of)):
        return None
    made = assess_bundle(
        bundle,
        visit.record,
        as_of=visit.as_of,
        region=visit.region,
        suppliers=visit.made,
        before=visit.before.get(name),
    )
    if made.damage:
        visit.catalogue.refuse(name, made.damage)
    if made.finding.status is Status.MISSING_INPUT and not visit.one_sex and _lacks_sex(made.finding):
        made = made.whole()
        made = replace(made, finding=_both_sexes(visit, name, made.finding))
    if not asked and _beside_the_point(made.finding, bundle.manifest):
        visit.made[name] = made.finding
        return None
    if measured:
        finding = answered.instead(made.finding, measured)
        return _Step(replace(with_note(finding, bundle.manifest), record_key=visit.key))

    def dressed(made: Made) -> Finding:
        if made.damage:
            visit.catalogue.refuse(name, made.damage)
        finding = answered.beside(made.finding, visit.record, bundle.manifest, visit.as_of)
        return replace(with_note(finding, bundle.manifest), record_key=visit.key)

    return _Step(dressed(made), (lambda: dressed(made.whole())) if made.rest else None)


def _beside_the_point(finding: Finding, manifest: Manifest) -> bool:
    """Tell whether a result without a number answers what nobody asked, so that it stays away.

    That is a question that the record has settled (the risk of a diabetes that is known), and a screen that is not for
    this patient: known disease, another age. A screen that stopped for another reason (a value beyond its range) is
    shown with it.
    """
    if finding.status is not Status.OUT_OF_SCOPE:
        return False
    if finding.cautions and finding.cautions[0].code.startswith(SETTLED):
        return True
    if not manifest.answered_by:
        return False
    rules = {rule.code or rule.input for rule in manifest.exclusions if rule.effect == "out_of_scope"}
    return any(caution.code in rules | {"above_age", "below_age"} for caution in finding.cautions[:1])


def _lacks_sex(finding: Finding) -> bool:
    return any(used.name == "sex" and used.value is None and used.required for used in finding.inputs)


def _both_sexes(visit: _Visit, name: str, finding: Finding) -> Finding:
    """Give the results for a woman and for a man where the sex is not settled, never a default (SAFETY 3)."""
    made: dict[str, Finding] = {}
    for sex in ("female", "male"):
        record = visit.record.with_answer(Answer("sex", sex, "", visit.as_of))
        other = replace(visit, record=record, made={}, before={}, one_sex=True)
        for step in _in_order(visit.catalogue, [name]):
            found = _one(other, step, asked=step == name)
            if found is not None:
                other.made[step] = found.finding
        made[sex] = other.made[name]
    if any(found.status is not Status.READY for found in made.values()):
        return finding
    return both_answers(finding, "sex", made)


def _indicated(record: Record, header: Header, as_of: str) -> bool:
    """Tell whether the record knows at least one of the inputs that a model is about.

    A model that names none is about anything it takes; a screen wants more than age and sex, or it would stand on
    every patient's page with the rate of their age. What a score is meant for has to be a stated yes (SAFETY 15), and
    one that is calibrated to places wants the place.
    """
    if not all(_has_one(record, rule.any, as_of) for rule in header.indications):
        return False
    if not _placed(record, header, as_of):
        return False
    if header.needs_any:
        return any(_stands(resolve(record, name, as_of=as_of)) for name in header.needs_any)
    values = [resolve(record, name, as_of=as_of) for name in header.inputs]
    if header.answered_by:
        return any(value.known and value.name not in FIXED and _stated(value) for value in values)
    return any(_stands(value) for value in values)


def _has_one(record: Record, names: Sequence[str], as_of: str) -> bool:
    return any(resolve(record, name, as_of=as_of).value == 1.0 for name in names)


def _placed(record: Record, header: Header, as_of: str) -> bool:
    """Tell whether the place that a score is calibrated to is known: a risk region or country, of clinic or patient."""
    return all(resolve(record, name, as_of=as_of).known for name in header.inputs if name in PLACES)


def _stated(value: Value) -> bool:
    return value.origin not in (Origin.ASSUMED_ABSENT, Origin.CLINIC)


def _stands(value: Value) -> bool:
    """Whether the file has a value at all: one that is too old or in question is a reason to ask, not to hide.

    The clinic's country says nothing about the patient.
    """
    if value.origin is Origin.CLINIC:
        return False
    return value.known or value.gap in (Gap.TOO_OLD, Gap.QUESTIONED, Gap.ACUTE, Gap.CENSORED)


def _in_order(catalogue: Catalogue, chosen: Iterable[str]) -> list[str]:
    """List *chosen* and what they feed on, suppliers first."""
    order: list[str] = []

    def visit(name: str, above: tuple[str, ...]) -> None:
        bundle = catalogue.bundles.get(name)
        if bundle is None or name in order or name in above:
            return
        for supplier in bundle.header.suppliers:
            visit(supplier, (*above, name))
        order.append(name)

    for name in chosen:
        visit(name, ())
    return order


def _values(record: Record, as_of: str, region: str) -> Iterable[Finding]:
    age = resolve(record, "age", as_of=as_of).value
    pregnant = resolve(record, "pregnant", as_of=as_of).value == 1.0
    years = age if isinstance(age, float) else math.nan
    return assess_values(record, as_of=as_of, region=region, age=years, pregnant=pregnant)
