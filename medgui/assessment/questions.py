"""Findings that answer the same clinical question: which one stands first."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from medgui.assessment.finding import Finding, Status
from medgui.inference.manifest import Manifest

if TYPE_CHECKING:
    from medgui.inference.catalogue import Catalogue

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_STATUS = {Status.READY: 0, Status.MISSING_INPUT: 1}
_EVIDENCE = (
    "guideline",
    "published equation, externally validated",
    "trained, externally validated",
    "trained, internally validated",
    "demonstration",
)

Key = tuple[str, str]


def key(finding: Finding) -> Key:
    """What findings of one group share: prognosis or not, and the question; a finding without one is alone."""
    return finding.group, finding.question or f"model {finding.model}"


def with_preferred(findings: Iterable[Finding], catalogue: Catalogue, region: str) -> list[Finding]:
    """Mark in each group of one question the finding that stands first.

    Of those with a number, the one that the guideline of the clinic's *region* names; then the better evidence, then
    the newer. Where none has a number, the same order among those that only lack an input.
    """
    listed = list(findings)
    first: dict[Key, tuple[tuple[int, bool, int, int, str], Finding]] = {}
    for finding in listed:
        bundle = catalogue.bundles.get(finding.model)
        if not finding.question or bundle is None:
            continue
        rank = (_STATUS.get(finding.status, 2), *_rank(bundle.manifest, region))
        if key(finding) not in first or rank < first[key(finding)][0]:
            first[key(finding)] = rank, finding
    chosen = {finding.model for _rank, finding in first.values()}
    return [replace(finding, preferred=finding.model in chosen) for finding in listed]


def _rank(manifest: Manifest, region: str) -> tuple[bool, int, int, str]:
    evidence = _EVIDENCE.index(manifest.evidence) if manifest.evidence in _EVIDENCE else len(_EVIDENCE)
    return region not in manifest.regions, evidence, -_year(manifest), manifest.id


def _year(manifest: Manifest) -> int:
    """The latest year that the guideline or the citation names."""
    text = f"{manifest.guideline.get('en', '')} {manifest.citation}"
    return max((int(year) for year in _YEAR.findall(text)), default=0)
