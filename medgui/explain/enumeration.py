"""Exact Shapley values against one named reference person, by running every coalition.

Inputs that equal the reference person's get exactly 0 and are no players. Up to 14 others are enumerated
(16,384 rows in one run of the graph); more are exact for a plain sum (a point score) and for a logistic sum
(`logistic_sum`), else sampled with an error bound. The function explained is that of
`inference.missing.run_integrated`: a missing "background" input is integrated over the reference rows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from medgui.inference.bundle import Bundle
from medgui.inference.missing import run_integrated

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

MOST_PLAYERS = 14
SEED = 20171204
BLOCK = 16
"""Pairs of permutations between two looks at the error bound."""
MOST_PAIRS = 128
PROBES = 24
"""Random coalitions on which a sum of single changes is held against the model."""
SUM_TOLERANCE = 1e-9
WANTED_BOUND = 1e-3
"""Sampling stops once the error bound is below this (probability) or 0.1 % of the largest output."""


def reference_row(bundle: Bundle, x: FloatArray) -> FloatArray:
    """The reference person [F] for a patient *x* [F]: "same" is the patient's own value, absent means missing.

    What the patient lacks and the equation has a term for ("graph") the reference person lacks too: both are
    rated by the same variant of the equation, and a value that nobody measured adds nothing.
    """
    row = np.full(len(x), np.nan)
    for place, spec in enumerate(bundle.manifest.inputs):
        value = bundle.manifest.explanation.reference.get(spec.name)
        if value == "same" or (spec.missing == "graph" and np.isnan(x[place])):
            row[place] = x[place]
        elif isinstance(value, str):
            row[place] = spec.categories[value]
        elif value is not None:
            row[place] = value
    return row


def players(x: FloatArray, reference: FloatArray) -> NDArray[np.intp]:
    """Columns in which the patient differs from the reference person; missing in both is no difference."""
    same = (x == reference) | (np.isnan(x) & np.isnan(reference))
    return np.flatnonzero(~same)


@lru_cache(maxsize=MOST_PLAYERS + 1)
def coalitions(count: int) -> BoolArray:
    """Every coalition of *count* players [2^count, count]; row number = bits."""
    bits = np.arange(1 << count)[:, None] >> np.arange(count)[None, :]
    return (bits & 1).astype(bool)


@lru_cache(maxsize=MOST_PLAYERS + 1)
def weights(count: int) -> FloatArray:
    """Matrix [count, 2^count] that turns the coalitions' outputs into Shapley values."""
    inside = coalitions(count)
    size = inside.sum(axis=1)
    table = np.array(
        [math.factorial(s) * math.factorial(count - s - 1) / math.factorial(count) for s in range(count)]
        + [0.0]
    )
    return np.ascontiguousarray(np.where(inside, table[size - 1][:, None], -table[size][:, None]).T)


def shapley(
    bundle: Bundle, x: FloatArray, outputs: Sequence[str]
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray | None]:
    """Explain *outputs* (O of them) of one row *x* [F] in one batched run.

    Returns baseline [O], contributions [O, F], value [O] and, where they were sampled, error bounds [O].
    """
    reference = reference_row(bundle, x)
    moved = players(x, reference)
    phi = np.zeros((len(outputs), len(x)))
    if len(moved) > MOST_PLAYERS:
        plain = _plain_sums(bundle, x, reference, moved, outputs)
        if plain is not None:
            phi[:, moved] = plain[1]
            return plain[0], phi, plain[2], None
        exact = _logistic_sums(bundle, x, reference, moved, tuple(outputs))
        if exact is not None:
            phi[:, moved] = np.stack([found[1] for found in exact])
            return np.array([e[0] for e in exact]), phi, np.array([e[2] for e in exact]), None
        baseline, values, sampled, bound = _sample(bundle, x, reference, moved, outputs)
        phi[:, moved] = sampled
        return baseline, phi, values, bound
    rows = np.repeat(reference[None, :], 1 << len(moved), axis=0)
    rows[:, moved] = np.where(coalitions(len(moved)), x[moved], reference[moved])
    found = run_integrated(bundle, rows, outputs)
    answers = np.stack([found[name] for name in outputs], axis=1)
    if len(moved):
        phi[:, moved] = (weights(len(moved)) @ answers).T
    return answers[0], phi, answers[-1], None


def _plain_sums(
    bundle: Bundle, x: FloatArray, reference: FloatArray, moved: NDArray[np.intp], outputs: Sequence[str]
) -> tuple[FloatArray, FloatArray, FloatArray] | None:
    """Baseline [O], single changes [O, players] and value [O] where these are sums; None where one is not.

    In a sum the Shapley value of an input is what it changes by itself. That the model is one between these two people
    is shown by random coalitions and by the patient.
    """
    count = len(moved)
    probes = np.random.default_rng(SEED).random((PROBES, count)) < 0.5
    inside = np.concatenate(
        [np.zeros((1, count), bool), np.ones((1, count), bool), np.eye(count, dtype=bool), probes]
    )
    rows = np.repeat(reference[None, :], len(inside), axis=0)
    rows[:, moved] = np.where(inside, x[moved], reference[moved])
    found = run_integrated(bundle, rows, outputs)
    answers = np.stack([found[name] for name in outputs], axis=1)
    changes = answers[2 : 2 + count] - answers[0]
    gap = np.abs(answers[0] + inside.astype(np.float64) @ changes - answers)
    if not (gap <= SUM_TOLERANCE).all():
        return None
    return answers[0], changes.T, answers[1]


def _logistic_sums(
    bundle: Bundle, x: FloatArray, reference: FloatArray, moved: NDArray[np.intp], outputs: tuple[str, ...]
) -> list[tuple[float, FloatArray, float]] | None:
    """Exact values of many players where every output is a logistic sum; None for any other model."""
    from medgui.explain import logistic_sum

    if not logistic_sum.applies(bundle, outputs):
        return None
    found = [logistic_sum.shapley(bundle, x, reference, moved, name) for name in outputs]
    known = [each for each in found if each is not None]
    return known if len(known) == len(outputs) else None


def _sample(
    bundle: Bundle, x: FloatArray, reference: FloatArray, moved: NDArray[np.intp], outputs: Sequence[str]
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Mirrored permutations until the error bound is small: 2.58 standard errors over independent pairs."""
    random = np.random.default_rng(SEED)
    pairs: list[FloatArray] = []
    while True:
        order = np.stack([random.permutation(len(moved)) for _pair in range(BLOCK)])
        both = np.concatenate([order, order[:, ::-1]])
        walk, baseline, values = _walk(bundle, x, reference, moved, both, outputs)
        pairs.append((walk[:BLOCK] + walk[BLOCK:]) / 2)
        all_pairs = np.concatenate(pairs)
        error = 2.58 * all_pairs.std(axis=0, ddof=1) / math.sqrt(len(all_pairs))
        bound = np.max(error, axis=1)
        small = bound <= WANTED_BOUND * np.maximum(1.0, np.abs(values))
        if small.all() or len(all_pairs) >= MOST_PAIRS:
            return baseline, values, np.mean(all_pairs, axis=0), bound


def _walk(
    bundle: Bundle,
    x: FloatArray,
    reference: FloatArray,
    moved: NDArray[np.intp],
    orders: NDArray[np.intp],
    outputs: Sequence[str],
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Marginal contributions [P, O, players] along P orders, with the outputs of both ends."""
    count = len(moved)
    rank = np.argsort(orders, axis=1)
    steps = np.arange(count + 1)
    inside = rank[:, None, :] < steps[None, :, None]
    rows = np.broadcast_to(reference, (len(orders), count + 1, len(x))).copy()
    rows[:, :, moved] = np.where(inside, x[moved], reference[moved])
    found = run_integrated(bundle, rows.reshape(-1, len(x)), outputs)
    answers = np.stack([found[name] for name in outputs], axis=1).reshape(len(orders), count + 1, -1)
    gains = np.diff(answers, axis=1)
    phi = np.take_along_axis(gains, rank[:, :, None], axis=1)
    return phi.transpose(0, 2, 1), answers[0, 0], answers[0, -1]
