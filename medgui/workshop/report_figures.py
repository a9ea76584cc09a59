"""Print docs/models.md: the figures of the trained bundles, read from their manifests.

Run: python -m medgui.workshop.report_figures > docs/models.md (after the recipes).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from medgui.inference.manifest import EvaluationRow, Manifest
from medgui.inference.manifest_io import read_manifest
from medgui.paths import models_dir
from medgui.workshop.data import REPOSITORY

TRAINED = ("mortality_10y", "cad", "breast_mass")
LOOKS = Path("docs") / "looks.md"


def main() -> None:
    """Write the page to standard output."""
    sys.stdout.write("\n".join(page()) + "\n")


def page() -> Iterator[str]:
    """The lines of the page."""
    yield "# Figures of the trained models"
    yield ""
    yield "Printed by `python -m medgui.workshop.report_figures` from the manifests, which the recipes write."
    yield "Limits are 95 % intervals: AUROC DeLong on the logit scale, shares Wilson, calibration Wald."
    for name in TRAINED:
        yield from _model(read_manifest(models_dir() / name))
    looks = REPOSITORY / LOOKS
    if looks.is_file():
        yield ""
        yield looks.read_text(encoding="utf-8").rstrip("\n")


def _model(manifest: Manifest) -> Iterator[str]:
    yield ""
    yield f"## {manifest.id} {manifest.version}: {manifest.title['en']}"
    yield ""
    yield f"Evidence: {manifest.evidence}. Not for: {manifest.not_for['en']}"
    yield ""
    yield "| data set | group | figure | value | 95 % interval | n | events | predicted | observed |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for row in manifest.evaluation:
        yield _row(row)


def _row(row: EvaluationRow) -> str:
    limits = "" if row.lo is None or row.hi is None else f"{row.lo:.4f} to {row.hi:.4f}"
    rates = ["" if rate is None else f"{rate:.3f}" for rate in (row.predicted, row.observed)]
    cells = [
        row.dataset,
        row.group,
        row.metric,
        f"{row.value:.4f}",
        limits,
        str(row.n),
        str(row.events),
        *rates,
    ]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
