"""Why a row of a cohort has no number, in words that count people."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from medgui.i18n import _, localised
from medgui.inference.batch import Batch
from medgui.inference.bundle import Bundle
from medgui.inference.marks import READY, Mark
from medgui.record.variables import VARIABLES

BoolArray = NDArray[np.bool_]


def rows_refused(bundle: Bundle, batch: Batch, output: str) -> Iterator[tuple[str, BoolArray]]:
    """Give reasons in words, each with its rows [N]; together they cover every row without a number."""
    off = ~np.isfinite(batch.outputs[output])
    for mark, where in batch.marks:
        about = mark.code == "output_not_applicable" and mark.output == output
        if mark.blocks or about:
            yield _words(bundle, mark), where & off
    yield _("the model gives no number"), off & (batch.status == READY)
    yield _("the model refuses"), off


def _words(bundle: Bundle, mark: Mark) -> str:
    code = mark.detail if mark.code == "output_not_applicable" else mark.code
    if code == "excluded" or (mark.input and code not in _sentences()):
        rule = next((r for r in bundle.manifest.exclusions if r.input == mark.input), None)
        if rule is not None:
            return localised(rule.reason)
    variable = VARIABLES.get(mark.input)
    name = localised(variable.title) if variable is not None else mark.input
    return _sentences().get(code, code.replace("_", " ")).format(name=name)


def _sentences() -> dict[str, str]:
    return {
        "contradictory_inputs": _("{name}: contradicts another value"),
        "above_accepted": _("{name}: above the accepted range"),
        "below_accepted": _("{name}: below the accepted range"),
        "unknown_value": _("{name}: not understood"),
        "missing": _("{name}: missing"),
        "above_age": _("older than the people the model is for"),
        "below_age": _("younger than the people the model is for"),
        "sex_not_eligible": _("not of the sex the model is for"),
        "does_not_hold": _("the formula does not hold for these values together"),
        "too_far_from_training": _("too unlike the people the model was made from"),
        "fault": _("the model gives no number"),
        "cells_missing": _("a row with too few cells"),
    }
