"""Which of an original model and its version recalibrated in the clinic is shown: one of the two, never both."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from medgui.assessment.finding import Caution, Finding, Level
from medgui.frozen import replace
from medgui.i18n import _
from medgui.inference.manifest import Manifest

if TYPE_CHECKING:
    from medgui.inference.catalogue import Catalogue

RECALIBRATED = "recalibrated_here"
"""Code of the note on a result of a recalibrated model."""


def stand_in(catalogue: Catalogue, original: str) -> str:
    """Return the id of the recalibrated version that fits the installed *original*; "" where there is none.

    One that was made from another file of the original does not fit: the original has been replaced since.
    """
    bundle = catalogue.bundles.get(original)
    if bundle is None:
        return ""
    for other in catalogue:
        lineage = other.header.lineage
        made = lineage is not None and lineage.made == "recalibrated"
        if made and lineage is not None and (lineage.model, lineage.sha256) == (original, bundle.sha256):
            return other.id
    return ""


def left_out(catalogue: Catalogue, originals: Collection[str] = ()) -> frozenset[str]:
    """Return the ids that are not run unless they are named.

    originals: models whose original is wanted although a recalibrated version is installed.
    """
    found = set()
    for bundle in catalogue:
        lineage = bundle.header.lineage
        if lineage is None or lineage.made != "recalibrated" or lineage.model not in catalogue.bundles:
            continue
        stands = stand_in(catalogue, lineage.model) == bundle.id and lineage.model not in originals
        found.add(lineage.model if stands else bundle.id)
    return frozenset(found)


def with_note(finding: Finding, manifest: Manifest) -> Finding:
    """Say on a result of a recalibrated version that it is one; every other result as it is."""
    lineage = manifest.lineage
    if lineage is None or lineage.made != "recalibrated":
        return finding
    if any(caution.code == RECALIBRATED for caution in finding.cautions):
        return finding
    sentence = _("Recalibrated on local patients on {date}; the original is “{model}” {version}.")
    words = sentence.format(date=lineage.date, model=lineage.model, version=lineage.version)
    told = Caution(RECALIBRATED, words, level=Level.INFO)
    return replace(finding, cautions=(*finding.cautions, told))
