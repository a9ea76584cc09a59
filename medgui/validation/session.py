"""One validation from file to result: what the command line and the window both call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from medgui.frozen import frozen
from medgui.inference.catalogue import Catalogue
from medgui.validation.cohort import Local, Roles, load
from medgui.validation.performance import Performance, measure, thresholds_of
from medgui.validation.to_json import validation_json
from medgui.validation.verdict import Verdict, judge


@frozen
class Judged:
    """A cohort, its figures, the verdict, and all of it as `medgui.validation/1`."""

    local: Local
    performance: Performance
    verdict: Verdict
    day: str
    result: dict[str, Any]


def validate(
    catalogue: Catalogue,
    model: str,
    path: Path,
    roles: Roles,
    *,
    thresholds: Sequence[float] = (),
    day: str,
    progress: Callable[[int, int], None] | None = None,
) -> Judged:
    """Judge *model* on the cohort at *path*, on the *day* (ISO). Raises `MedguiError` with a sentence."""
    chosen = thresholds_of(catalogue.get(model), roles.output, thresholds) if roles.output else None
    local = load(catalogue, model, path, roles, progress)
    chosen = chosen or thresholds_of(local.bundle, local.output, thresholds)
    performance = measure(local, chosen)
    verdict = judge(performance)
    return Judged(local, performance, verdict, day, validation_json(local, performance, verdict, day))
