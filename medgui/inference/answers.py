"""The numbers of a batch, and which of them are no results: faults, what cannot be true, what lacks an input."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from medgui.inference.accepted import BoolArray, FloatArray, Work
from medgui.inference.bundle import Bundle
from medgui.inference.manifest import Manifest, OutputSpec
from medgui.inference.marks import DOES_NOT_HOLD, FAILED, MISSING_INPUT, OUT_OF_SCOPE, READY, Mark
from medgui.inference.missing import run_integrated


def answers(bundle: Bundle, work: Work, status: NDArray[np.uint8]) -> dict[str, FloatArray]:
    """Run the rows that are ready; their outputs [N] each, NaN where there is no number. *status* [N] is kept up."""
    ready = status == READY
    if ready.all() and len(ready):
        outputs = run_integrated(bundle, work.x)
    else:
        outputs = {name: np.full(len(ready), np.nan) for name in bundle.output_names}
        if ready.any():
            for name, values in run_integrated(bundle, work.x[ready]).items():
                outputs[name][ready] = values
    failed, unready = np.zeros(len(ready), bool), np.zeros(len(ready), bool)
    for output in bundle.manifest.outputs:
        values = outputs[output.name]
        probability = is_probability(bundle.manifest, output)
        off = work.off.get(output.name)
        impossible = _impossible(work, output, values, ready if off is None else ready & ~off)
        wrong = ready & ~impossible & faults(values, probability=probability, difference=output.difference)
        if off is not None:
            wrong &= ~off
            values[off] = np.nan
        needed = _needed_after_all(work, wrong & np.isnan(values))
        wrong &= ~needed
        unready |= needed
        if work.marks.add(Mark("fault", output=output.name, blocks=True), wrong):
            failed |= wrong
    status[unready] = MISSING_INPUT
    status[failed] = FAILED
    if failed.any() or unready.any():
        for values in outputs.values():
            values[failed | unready] = np.nan
    _nothing_holds(work, status, outputs)
    return outputs


def _impossible(work: Work, output: OutputSpec, values: FloatArray, ready: BoolArray) -> BoolArray:
    """Rows [N] whose answer cannot be true, by `holds` of the output; their values become NaN."""
    if output.holds is None:
        return np.zeros(len(values), bool)
    lo, hi = output.holds
    beyond = ready & ~((values >= lo) & (values <= hi))
    values[beyond] = np.nan
    work.marks.add(Mark("output_not_applicable", output=output.name, detail=DOES_NOT_HOLD), beyond)
    return beyond


def _nothing_holds(work: Work, status: NDArray[np.uint8], outputs: dict[str, FloatArray]) -> None:
    """A row none of whose outputs has a number is out of scope, for the reason of the first that cannot be true."""
    first = next((output for output in work.manifest.outputs if output.holds is not None), None)
    if first is None:
        return
    nothing = (status == READY) & np.all([np.isnan(values) for values in outputs.values()], axis=0)
    if work.marks.add(Mark(DOES_NOT_HOLD, output=first.name, blocks=True), nothing):
        status[nothing] = OUT_OF_SCOPE


def _needed_after_all(work: Work, empty: BoolArray) -> BoolArray:
    """Of the rows *empty* [N], without a number, those that lack an optional input: it was needed after all.

    Each optional input that such a row lacks is marked as missing (APACHE II takes one of two gases).
    """
    found = np.zeros(len(empty), bool)
    if empty.any():
        for place, spec in enumerate(work.manifest.inputs):
            if spec.missing == "graph":
                lacking = empty & np.isnan(work.x[:, place])
                work.marks.add(Mark("missing", spec.name, blocks=True), lacking)
                found |= lacking
    return found


def is_probability(manifest: Manifest, output: OutputSpec) -> bool:
    """Tell whether an output is a probability of a risk or a diagnosis; a share that a score gives may be 0 or 1."""
    return output.is_share and manifest.kind in ("risk", "diagnosis")


def faults(values: FloatArray, *, probability: bool, difference: bool = False) -> BoolArray:
    """Answers that are no result: NaN, infinite, and for a probability 0, 1 and beyond (ARCHITECTURE 5.9).

    The *difference* of two probabilities lies between -1 and 1: 0 is what a treatment that is not chosen adds.
    """
    if probability:
        return ~((values > (-1.0 if difference else 0.0)) & (values < 1.0))
    return ~np.isfinite(values)
