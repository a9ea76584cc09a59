"""Print docs/models.md: the figures of the trained bundles, read from their manifests, and how they were chosen.

Run: python -m medgui.workshop.report_figures > docs/models.md (after the recipes).
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from pathlib import Path

from medgui.inference.manifest import ComparisonRow, EvaluationRow, Manifest
from medgui.inference.manifest_io import read_manifest
from medgui.paths import models_dir
from medgui.workshop.data import REPOSITORY

LOOKS = Path("docs") / "looks"


def main() -> None:
    """Write the page to standard output."""
    sys.stdout.write("\n".join(page()) + "\n")


def page() -> Iterator[str]:
    """The lines of the page."""
    yield "# Figures of the trained models"
    yield ""
    yield "Printed by `make figures` (`python -m medgui.workshop.report_figures`) from the manifests, which the recipes"
    yield "write, and from docs/looks. Limits are 95 % intervals: AUROC DeLong on the logit scale, differences of AUROC"
    yield "paired DeLong, shares Wilson, calibration Wald, average precision bootstrap; `sensitivity@0.1` is that of"
    yield "calling a probability of 0.1 and more positive."
    for manifest in trained():
        yield from _model(manifest)
    for path in sorted((REPOSITORY / LOOKS).glob("*.md")):
        yield ""
        yield path.read_text(encoding="utf-8").rstrip("\n")


def trained() -> Iterator[Manifest]:
    """The manifests of the shelf that are no published equation and hold figures, by id."""
    for path in sorted(models_dir().glob("*/manifest.toml")):
        manifest = read_manifest(path.parent)
        if manifest.evaluation and not manifest.evidence.startswith(("published", "guideline")):
            yield manifest


def _model(manifest: Manifest) -> Iterator[str]:
    yield ""
    yield f"## {manifest.id} {manifest.version}: {manifest.title['en']}"
    yield ""
    yield f"Evidence: {manifest.evidence}. Not for: {manifest.not_for['en']}"
    if manifest.comparison:
        yield from _comparison(manifest)
    yield ""
    yield "| data set | group | figure | value | 95 % interval | n | events | predicted | observed |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for row in manifest.evaluation:
        yield _row(row)


def _comparison(manifest: Manifest) -> Iterator[str]:
    yield ""
    yield "Kinds of models compared by cross-validation inside the training data:"
    yield ""
    yield "| candidate | figure | value | standard error | chosen | note |"
    yield "|---|---|---|---|---|---|"
    for row in manifest.comparison:
        yield _tried(row)


def _tried(row: ComparisonRow) -> str:
    error = f"{row.se:.4f}" if math.isfinite(row.se) else ""
    chosen = "yes" if row.chosen else ""
    cells = [row.candidate["en"], row.metric, f"{row.value:.4f}", error, chosen, row.note.get("en", "")]
    return f"| {' | '.join(cells)} |"


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
