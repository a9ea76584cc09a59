"""Findings as JSON: `medgui.assessment/1` (docs/json_schema.md). Keys are stable; new ones may be added."""

from __future__ import annotations

from typing import Any

from medgui.assessment.finding import (
    Assessment,
    Caution,
    Check,
    Curve,
    Explanation,
    Finding,
    InputUsed,
    Interval,
    Output,
    SurvivalCurve,
)
from medgui.record.model import Record, Source

SCHEMA = "medgui.assessment/1"


def assessment_json(record: Record, assessment: Assessment) -> dict[str, Any]:
    """Return the whole assessment as plain data. Risks and probabilities are 0-1; there is no NaN in it."""
    from medgui.record.to_json import patient_json, question_json

    return {
        "schema": SCHEMA,
        "record": {
            "file": record.file,
            "format": record.format,
            "sha256": record.sha256,
            "document_date": record.document_date or None,
            "read_at": record.read_at,
            "as_of": assessment.as_of,
            "patient": patient_json(record.patient),
        },
        "questions": [question_json(question) for question in record.open_questions],
        "findings": [finding_json(finding) for finding in assessment.findings],
        "complete": assessment.complete,
    }


def finding_json(finding: Finding) -> dict[str, Any]:
    """Return one finding. `explanation` is that of the first explained output, `explanations` holds all."""
    explanations = [_explanation(e) for e in finding.explanations]
    return {
        "model": finding.model,
        "version": finding.version,
        "kind": finding.kind,
        "evidence": finding.evidence,
        "status": finding.status.value,
        "title": finding.title,
        "reason": finding.reason,
        "group": finding.group,
        "name": finding.name,
        "question": finding.question,
        "preferred": finding.preferred,
        "guideline": finding.guideline,
        "people": finding.people,
        "notice": finding.notice,
        "outputs": [_output(output) for output in finding.outputs],
        "inputs": [_input(used) for used in finding.inputs],
        "explanation": explanations[0] if explanations else None,
        "explanations": explanations,
        "cautions": [_caution(caution) for caution in finding.cautions],
        "checks": [_check(check) for check in finding.checks],
        "curves": [_curve(curve) for curve in finding.curves],
        "survival": _survival(finding.survival),
        "advice": list(finding.advice),
        "basis": list(finding.basis),
        "provider": finding.provider,
        "sha256": finding.sha256,
    }


def _output(output: Output) -> dict[str, Any]:
    category = output.category
    return {
        "name": output.name,
        "title": output.title,
        "value": output.value,
        "unit": output.unit,
        "interval": _interval(output.interval),
        "category": None if category is None else {"text": category.text, "guideline": category.guideline},
        "reason": output.reason,
        "variant": output.variant,
    }


def _interval(interval: Interval | None) -> dict[str, Any] | None:
    if interval is None:
        return None
    return {"lo": interval.lo, "hi": interval.hi, "level": interval.level, "kind": interval.kind}


def _input(used: InputUsed) -> dict[str, Any]:
    """Return one input; a required input without a value has no origin, since nothing stands in for it."""
    return {
        "name": used.name,
        "title": used.title,
        "value": used.value,
        "unit": used.unit,
        "source": _source(used.source, used.time),
        "origin": None if used.value is None and used.required else used.origin.value,
        "derived_from": list(used.derived_from),
        "reason": used.reason,
    }


def _source(source: Source, time: str) -> dict[str, Any] | None:
    if not source.file and not time:
        return None
    return {"file": source.file, "location": source.location, "time": time or None, "text": source.text}


def _explanation(explanation: Explanation) -> dict[str, Any]:
    return {
        "output": explanation.output,
        "method": explanation.method,
        "baseline": explanation.baseline,
        "baseline_name": explanation.baseline_name,
        "unit": explanation.unit,
        "contributions": [{"input": c.input, "value": c.value} for c in explanation.contributions],
        "residual": explanation.residual,
        "error_bound": explanation.error_bound,
    }


def _caution(caution: Caution) -> dict[str, Any]:
    return {
        "code": caution.code,
        "input": caution.input,
        "message": caution.message,
        "level": caution.level.value,
    }


def _check(check: Check) -> dict[str, Any]:
    return {
        "name": check.name,
        "patient": check.patient,
        "made_for": check.made_for,
        "inside": check.inside,
        "source": check.source,
    }


def _curve(curve: Curve) -> dict[str, Any]:
    return {"input": curve.input, "unit": curve.unit, "x": list(curve.x), "y": list(curve.y)}


def _survival(curve: SurvivalCurve | None) -> dict[str, Any] | None:
    if curve is None:
        return None
    bounds = {"lo": list(curve.lo) or None, "hi": list(curve.hi) or None}
    shares = {"times": list(curve.times), "unit": curve.unit, "values": list(curve.values)}
    return {"output": curve.output, "title": curve.title, **shares, **bounds}
