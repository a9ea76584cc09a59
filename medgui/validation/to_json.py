"""The result of a validation as `medgui.validation/1` (docs/validation.md): what is printed, kept and shown again."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from medgui.evaluation.figures import Estimate, Row
from medgui.validation.cohort import Local, note_words
from medgui.validation.kept import SCHEMA
from medgui.validation.performance import Performance
from medgui.validation.recalibration import Fit
from medgui.validation.verdict import Verdict, judge


def validation_json(local: Local, performance: Performance, verdict: Verdict, date: str) -> dict[str, Any]:
    """Everything but the rows of patients. Figures that do not exist are null."""
    manifest, outcome = local.bundle.manifest, local.outcome
    whole = performance.whole
    return {
        "schema": SCHEMA,
        "model": manifest.id,
        "version": manifest.version,
        "sha256": local.bundle.sha256,
        "output": local.output,
        "date": date,
        "cohort": {
            "file": local.file,
            "rows": local.rows,
            "used": len(local.p),
            "events": whole.events,
            "outcome": outcome.column,
            "outcome_assumed": outcome.guessed,
            "horizon_years": outcome.horizon or None,
            "weighted": local.weight is not None,
            "refused": [{"reason": words, "rows": count} for words, count in local.refused.items()],
            "absent": list(local.absent),
            "notes": [
                {"message": note[0], "fields": dict(note[1]), "sentence": note_words(note)}
                for note in local.notes
            ],
        },
        "verdict": {
            "code": verdict.code,
            "uncertain": verdict.uncertain,
            "recalibration_advisable": verdict.advisable,
            "sentences": list(verdict.sentences),
        },
        "predicted": number(whole.predicted),
        "observed": number(whole.observed),
        "thresholds": list(performance.thresholds),
        "figures": [row_json(row) for row in performance.rows],
        "decision_curve": [
            {"threshold": point.threshold, "model": point.model, "treat_all": point.treat_all}
            for point in performance.decision
        ],
    }


def row_json(row: Row) -> dict[str, Any]:
    """One line of the figures."""
    e = row.estimate
    return {
        "group": row.group,
        "metric": row.metric,
        "value": number(e.value),
        "lo": number(e.lo),
        "hi": number(e.hi),
        "n": int(row.n),
        "events": int(row.events),
        "predicted": number(row.predicted),
        "observed": number(row.observed),
    }


def said_again(result: Mapping[str, Any]) -> tuple[Verdict, list[str]]:
    """Judge a kept result again: its verdict and notes in the language in force."""
    rows = [
        Row(
            result["cohort"]["file"],
            each["group"],
            each["metric"],
            Estimate(*(_or_nan(each[end]) for end in ("value", "lo", "hi"))),
            each["n"],
            each["events"],
            _or_nan(each["predicted"]),
            _or_nan(each["observed"]),
        )
        for each in result["figures"]
    ]
    notes = [note_words((note["message"], note["fields"])) for note in result["cohort"]["notes"]]
    return judge(Performance(tuple(rows), (), ())), notes


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else float(value)


def recalibration_json(fit: Fit, before: Performance, after: Performance) -> dict[str, Any]:
    """What a recalibration changed, and the figures of all people before and after (cross-validated)."""
    return {
        "method": fit.method,
        "intercept": fit.intercept,
        "slope": fit.slope,
        "shrinkage": fit.shrinkage,
        "before": [row_json(row) for row in before.rows if row.group == "all"],
        "after": [row_json(row) for row in after.rows if row.group == "all"],
    }


def number(value: float) -> float | None:
    """A JSON number; null for what does not exist."""
    return float(value) if math.isfinite(value) else None
