"""A stated ethnic group that moves a model's number: where it counts, what stands beside it (SAFETY 18, 23).

Such an input is a marker in the manifest: one shift of the log odds for each group of a survey in the United States,
which stands for what nobody measured. It is used where the record states one of these groups and the clinic is there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from medgui.assessment import words
from medgui.assessment.features import Row
from medgui.assessment.finding import Caution, InputUsed, Level
from medgui.frozen import replace
from medgui.i18n import _
from medgui.inference.manifest import GROUP as GROUP
from medgui.inference.manifest import Manifest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from medgui.inference.bundle import Bundle

CODE = "group_shift"
STATED = ", ethnicity stated"
"""End of the name of a data set whose figures are those with the group."""
LEAST = 1e-6
"""A smaller difference of a probability is no shift."""


def is_marker(used: InputUsed) -> bool:
    """Whether an input of a finding is such a group."""
    return used.marker and used.name == GROUP


def note() -> str:
    """What its contribution means."""
    return _("Ethnicity is a marker: it stands for what was not measured and is no cause.")


def without_elsewhere(row: Row, region: str) -> Row:
    """Leave the group out for a clinic outside the United States: there the same word means other people."""
    place = next((i for i, used in enumerate(row.inputs) if is_marker(used) and used.value is not None), None)
    if region == "us" or place is None:
        return row
    sentence = _("Ethnicity is not used: the model’s groups are those of a survey in the United States.")
    blank = replace(row.inputs[place], value=None, reason=sentence)
    caution = Caution("group_not_used", sentence, GROUP, Level.INFO)
    return replace(
        row,
        x=(*row.x[:place], math.nan, *row.x[place + 1 :]),
        inputs=(*row.inputs[:place], blank, *row.inputs[place + 1 :]),
        cautions=(*row.cautions, caution),
    )


def beside(bundle: Bundle, row: Row, x: NDArray[np.float64], outputs: Mapping[str, float]) -> list[Caution]:
    """Say beside the numbers *outputs* of the row *x* [F] that the group moved them, and what they are without it."""
    used = next((each for each in row.inputs if is_marker(each) and each.value is not None), None)
    if used is None:
        return []
    from medgui.inference.missing import run_integrated

    blank = x[None, :].copy()
    blank[0, bundle.input_names.index(GROUP)] = math.nan
    plain = {name: float(values[0]) for name, values in run_integrated(bundle, blank).items()}
    return [
        Caution(CODE, _told(bundle.manifest, used, name, plain[name]), GROUP)
        for name, value in outputs.items()
        if math.isfinite(value) and abs(value - plain[name]) > LEAST
    ]


def _told(manifest: Manifest, used: InputUsed, output: str, without: float) -> str:
    sentence = _(
        "The number includes a shift for {group}, set by the rates of the survey. Without it: {number}. "
        "It stands for what was not measured and is no cause."
    )
    spec = manifest.output(output)
    number = words.figure(output, without, spec.unit, spec.decimals)
    return sentence.format(group=words.answer(GROUP, str(used.value)), number=number)
