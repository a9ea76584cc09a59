"""Inputs of equations: unit, choices and age limit of the standard input, and what a paper adds."""

from __future__ import annotations

from typing import Any

from medgui.inference.manifest import InputSpec
from medgui.record.variables import VARIABLES

POSSIBLE = "Outside it the value is impossible or a slip (limits of the standard inputs)"
VARIATION: dict[str, tuple[tuple[str, float], str]] = {
    "systolic_bp": (
        ("sd", 8.0),
        "Visit-to-visit standard deviation of systolic pressure about 8 mmHg in general populations (NHANES III: 7.7, "
        "Muntner 2011, Hypertension 57:160)",
    ),
    "total_cholesterol": (("cv", 0.061), "Within-person CV 6.1 %, Smith 1993, Clin Chem 39:1012"),
    "hdl_cholesterol": (("cv", 0.074), "Within-person CV 7.4 %, Smith 1993, Clin Chem 39:1012"),
    "creatinine": (
        ("cv", 0.052),
        "Within-person CV of creatinine 5.2 %, meta-analysis of 37 studies, Front Med 2022;9:1009358",
    ),
    "egfr": (
        ("cv", 0.06),
        "Within-person CV of creatinine 5.2 % (Front Med 2022;9:1009358) through the exponent 1.2 of CKD-EPI 2021",
    ),
    "hba1c": (("cv", 0.02), "Within-person CV of HbA1c about 2 %, EFLM Biological Variation Database"),
    "uacr": (("cv", 0.488), "Within-person CV 48.8 % in type 2 diabetes, Rasaratnam 2024, Am J Kidney Dis"),
}
"""Visit-to-visit variation of what an outpatient equation takes; an acute score has none."""


def given(name: str, *, needed: bool = True, varies: bool = True, **keys: Any) -> InputSpec:
    """The input *name*; *keys* are fields of `InputSpec` that differ from the standard ones.

    needed: without it there is no number (`missing = "refuse"`); otherwise NaN reaches the graph, which has a term for
    its absence (`missing = "graph"`). varies: simulate its variation between visits for the interval. A choice takes
    its texts in their order as 0, 1, 2…, texts that are numbers as themselves, unless `categories` says otherwise.
    Raises `KeyError` where *name* is no standard input.
    """
    variable = VARIABLES[name]
    found: dict[str, Any] = {"unit": variable.unit or "1", "max_age_days": variable.max_age_days}
    if variable.kind == "category":
        found["unit"] = "1"
        found["categories"] = variable.numbers()
    elif variable.kind == "boolean":
        found["assume_absent"] = variable.section in ("conditions", "medications")
    else:
        found["accepted"], found["accepted_source"] = variable.possible, POSSIBLE
        found["plausible"] = variable.usual
    if varies and name in VARIATION:
        found["variation"], found["variation_source"] = VARIATION[name]
    found["missing"] = "refuse" if needed else "graph"
    found.update(keys)
    return InputSpec(name=name, required=needed, **found)
