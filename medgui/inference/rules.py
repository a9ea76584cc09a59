"""The rules of a manifest laid out as arrays, made once a bundle, for one row and a million rows alike."""

from __future__ import annotations

import sys
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from medgui.frozen import frozen
from medgui.inference.manifest import InputSpec, Manifest

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

SEX_CODES = {"female": 0.0, "male": 1.0}
"""Codes of `sex` in facts columns; as a model's input it has the codes of the manifest."""

CONTRADICTIONS = (
    ("diastolic_bp", "systolic_bp"),
    ("diastolic_bp_lying", "systolic_bp_lying"),
    ("diastolic_bp_standing", "systolic_bp_standing"),
    ("hdl_cholesterol", "total_cholesterol"),
    ("ldl_cholesterol", "total_cholesterol"),
    ("non_hdl_cholesterol", "total_cholesterol"),
    ("bilirubin_direct", "bilirubin_total"),
    ("albumin", "total_protein"),
    ("neutrophils", "wbc"),
    ("lymphocytes", "wbc"),
    ("age_at_diabetes", "age"),
    ("age_at_menarche", "age"),
    ("age_at_first_birth", "age"),
    ("age_at_menarche", "age_at_first_birth"),
    ("smoking_years", "age"),
    ("years_since_quitting", "age"),
)
"""Pairs of a part and its whole, or an earlier and a later: the first can never be above the second."""

STRICT = frozenset(("hdl_cholesterol",))
"""Firsts that cannot even equal their second; equal pressures are a question of the record (`record.swapped`)."""

Contradiction = tuple[int, int, Literal["above", "at_least", "both"]]

_LARGEST = sys.float_info.max


@frozen
class Rules:
    """Arrays over the F inputs in manifest order.

    lo, hi: accepted bounds (infinite values are always outside). seen_lo, seen_hi: range seen in training.
    places: column of each input. codes: the only values of an input that has categories or is a yes/no (0, 1), by
    column; flags: the columns among them whose values are 0 and 1.
    whole_row: the input is needed by every output; `scoped` lists the columns that only some outputs need.
    background: columns whose missing values are integrated over the reference rows.
    below: column to (limit, caution code).
    contradictions: pairs of columns of which the first contradicts the second where it is "above" it, "at_least" as
    large, or where "both" are above 0.
    """

    lo: FloatArray
    hi: FloatArray
    seen_lo: FloatArray
    seen_hi: FloatArray
    places: dict[str, int]
    codes: dict[int, tuple[float, ...]]
    flags: NDArray[np.intp]
    required: BoolArray
    imputed: BoolArray
    whole_row: BoolArray
    scoped: tuple[tuple[int, tuple[str, ...]], ...]
    background: NDArray[np.intp]
    below: dict[int, tuple[float, str]]
    has_seen: bool
    contradictions: tuple[Contradiction, ...] = ()


def is_yes_no(spec: InputSpec) -> bool:
    """Tell whether an input is a yes/no: unit "1", no categories, and no bounds or those of 0 and 1.

    A ratio without a unit therefore has to state its accepted range.
    """
    return spec.unit == "1" and not spec.categories and spec.accepted in (None, (0.0, 1.0))


def make_rules(manifest: Manifest) -> Rules:
    """Lay out the rules of *manifest*."""
    inputs = manifest.inputs
    bounds = np.array([spec.accepted or (0.0 if spec.below else -_LARGEST, _LARGEST) for spec in inputs])
    seen = np.array([spec.seen or (-np.inf, np.inf) for spec in inputs])
    codes = {
        place: tuple(spec.categories.values()) or (0.0, 1.0)
        for place, spec in enumerate(inputs)
        if spec.categories or is_yes_no(spec)
    }
    return Rules(
        lo=np.maximum(bounds[:, 0], -_LARGEST),
        hi=np.minimum(bounds[:, 1], _LARGEST),
        seen_lo=seen[:, 0],
        seen_hi=seen[:, 1],
        places={spec.name: place for place, spec in enumerate(inputs)},
        codes=codes,
        flags=np.array(
            [place for place, values in codes.items() if set(values) == {0.0, 1.0}], dtype=np.intp
        ),
        required=np.array([spec.missing == "refuse" for spec in inputs]),
        imputed=np.array([spec.missing in ("branch", "background") for spec in inputs]),
        whole_row=np.array([not spec.outputs for spec in inputs]),
        scoped=tuple((place, spec.outputs) for place, spec in enumerate(inputs) if spec.outputs),
        background=np.array(
            [place for place, spec in enumerate(inputs) if spec.missing == "background"], dtype=np.intp
        ),
        below={place: spec.below for place, spec in enumerate(inputs) if spec.below},
        has_seen=any(spec.seen for spec in inputs),
        contradictions=_contradictions(manifest),
    )


def _contradictions(manifest: Manifest) -> tuple[Contradiction, ...]:
    """The pairs of `CONTRADICTIONS` that a model takes both of, in one unit, and those of its manifest, as columns."""
    inputs = manifest.inputs
    places = {spec.name: place for place, spec in enumerate(inputs)}
    known: list[Contradiction] = [
        (places[first], places[second], "at_least" if first in STRICT else "above")
        for first, second in CONTRADICTIONS
        if first in places and second in places and inputs[places[first]].unit == inputs[places[second]].unit
    ]
    pairs = {pair[:2] for pair in known}
    own: list[Contradiction] = [
        (places[order.smaller], places[order.larger], "both" if order.excludes else "above")
        for order in manifest.orders
    ]
    return (*known, *(pair for pair in own if pair[:2] not in pairs))
