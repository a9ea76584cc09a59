"""Findings that answer the same clinical question: which one stands first."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from medgui.assessment.finding import Finding, Output, Status
from medgui.frozen import replace
from medgui.i18n import _, format_list, language
from medgui.inference.manifest import Manifest
from medgui.inference.manifest_io import EVIDENCE_GRADES

if TYPE_CHECKING:
    from medgui.inference.catalogue import Catalogue

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_STATUS = {Status.READY: 0, Status.MISSING_INPUT: 1}

Key = tuple[str, str]
Rank = tuple[int, int, bool, int, str]


def key(finding: Finding) -> Key:
    """What findings of one group share: prognosis or not, and the question; a finding without one is alone."""
    return finding.group, finding.question or f"model {finding.model}"


def with_preferred(findings: Iterable[Finding], catalogue: Catalogue, region: str) -> list[Finding]:
    """Mark in each group of one question the finding that stands first.

    Of those with a number, the one that the guideline of the clinic's *region* names; then one that its authors
    calibrated to the place; then the better evidence, one that a guideline names, and the newer. Where none has a
    number, the same order among those that only lack an input.
    """
    listed = list(findings)
    first: dict[Key, tuple[tuple[int, Rank], Finding]] = {}
    for finding in listed:
        bundle = catalogue.bundles.get(finding.model)
        if not finding.question or bundle is None:
            continue
        rank = _STATUS.get(finding.status, 2), _rank(bundle.manifest, region)
        if key(finding) not in first or rank < first[key(finding)][0]:
            first[key(finding)] = rank, finding
    chosen = {finding.model for _rank, finding in first.values()}
    return [
        finding
        if finding.preferred == (finding.model in chosen)
        else replace(finding, preferred=not finding.preferred)
        for finding in listed
    ]


def without_foreign(
    findings: Iterable[Finding], catalogue: Catalogue, region: str, asked: Collection[str]
) -> list[Finding]:
    """Leave out what has no number, nobody asked for and only guidelines of other regions name.

    The finding that stands first stays: it tells why the question has no answer. Where no guideline of the *region*
    names a score for the question, all stay.
    """
    own = {b.header.question for b in catalogue if region in b.header.regions}
    kept = []
    for finding in findings:
        bundle = catalogue.bundles.get(finding.model)
        named = bundle.header.regions if bundle is not None else ()
        foreign = bool(named) and region not in named and finding.question in own
        numberless = finding.status in (Status.MISSING_INPUT, Status.OUT_OF_SCOPE)
        if not (foreign and numberless) or finding.preferred or finding.model in asked:
            kept.append(finding)
    return kept


def _rank(manifest: Manifest, region: str) -> Rank:
    evidence = EVIDENCE_GRADES.index(manifest.evidence)
    place = 0 if region in manifest.regions else 1 if manifest.for_place else 2
    return place, evidence, not manifest.guideline, -_year(manifest), manifest.id


def _year(manifest: Manifest) -> int:
    """The latest year that the guideline or the citation names."""
    return _latest(f"{manifest.guideline.get('en', '')} {manifest.citation}")


@lru_cache(maxsize=1024)
def _latest(text: str) -> int:
    return max((int(year) for year in _YEAR.findall(text)), default=0)


def groups(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Findings of one question together, each group where its first stands, the preferred one first."""
    found: dict[Key, list[Finding]] = {}
    for finding in findings:
        found.setdefault(key(finding), []).append(finding)
    return [sorted(members, key=lambda member: not member.preferred) for members in found.values()]


def with_number(findings: Iterable[Finding]) -> list[Finding]:
    """Those that have a number."""
    return [finding for finding in findings if finding.status is Status.READY]


def difference(members: Sequence[Finding]) -> str:
    """Say in one line where findings of one question disagree, and in what the models differ; "" where in nothing."""
    ready = with_number(members)
    if len(ready) < 2:
        return ""
    outputs = [_first(finding) for finding in ready]
    named = [(finding, output.category) for finding, output in zip(ready, outputs, strict=True)]
    colon, between = ("：", "；") if language() == "zh" else (": ", "; ")
    chips = [f"{finding.name}{colon}{category.text}" for finding, category in named if category is not None]
    levels = {category.level for _finding, category in named if category is not None}
    what = [
        words
        for words, values in (
            (_("outcome"), {output.title for output in outputs}),
            (_("people they were made from"), {finding.people for finding in ready}),
            (_("guideline"), {finding.guideline for finding in ready}),
        )
        if len(values) > 1
    ]
    parts = []
    if len(levels) > 1:
        parts.append(_("They disagree ({categories}).").format(categories=between.join(chips)))
    if what:
        parts.append(_("The models differ in: {what}.").format(what=format_list(what)))
    return ("" if language() == "zh" else " ").join(parts)


def comparison(members: Sequence[Finding]) -> list[str]:
    """One line a model: what it estimates, in whom it was made, which guideline names it."""
    lines = []
    ready = with_number(members)
    for finding in ready if len(ready) > 1 else ():
        known = [_first(finding).title, finding.people, finding.guideline]
        text = "；".join(part for part in known if part) if language() == "zh" else None
        lines.append(f"{finding.name}: {text or '; '.join(part for part in known if part)}")
    return lines


def _first(finding: Finding) -> Output:
    return next((output for output in finding.outputs if output.value is not None), finding.outputs[0])
