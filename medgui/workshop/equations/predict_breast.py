"""PREDICT Breast 3.2 and 3.0: survival after surgery for early breast cancer, and what each planned therapy adds.

Both versions are two proportional hazards models, death from breast cancer and from other causes, over whole years
1 to 15. Coefficients: University of Cambridge, predict-v30-r 0.3.2 (MIT licence).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log
from typing import NamedTuple

import numpy as np
import spox.opset.ai.onnx.v21 as op
from numpy.typing import NDArray
from spox import Var

from medgui.workshop.equation import as_flag, number
from medgui.workshop.equations.forms import at_least, centred

FloatArray = NDArray[np.float64]
Inputs = Mapping[str, Var]

YEARS = np.arange(1.0, 16.0)
HORIZONS = (5, 10, 15)
UNKNOWN_SCREEN, UNKNOWN_GRADE = 0.204, 2.13
"""What stands for an unknown mode of detection and grade: the means of the development data."""
RADIO, CHEMO_2, CHEMO_3 = log(0.82), -0.248, -0.446
ENDOCRINE, TRASTUZUMAB, BISPHOSPHONATE = -0.3857, -0.3567, -0.198
CHEMO_OTHER = log(1.2)
"""Log hazard ratios of the therapies on death from breast cancer, and of chemotherapy on other deaths."""
KI67 = {"er_pos": (0.14904, -0.11333), "er_neg": (0.0, 0.0)}
PR = {"er_pos": (-0.0619, 0.2624), "er_neg": (-0.2231, 0.0296)}
"""Log hazard ratios of a positive and of a negative marker; an unknown one adds nothing."""
SMOKER, NON_SMOKER = log(1.25 / 1.025), log(1 / 1.025)
HER2_BY_YEAR = (
    (0.608, 0.532, 0.457, 0.382, 0.307, 0.231, 0.156, 0.081, 0.006, 0, 0, 0, 0, 0, 0),
    (-0.053, -0.046, -0.04, -0.033, -0.027, -0.02, -0.014, -0.007, 0, 0, 0, 0, 0, 0, 0),
)
"""Version 3.2, oestrogen receptor positive: positive and negative HER2 in years 1 to 15."""
SINCE_2000 = 17.0
"""Version 3.2 rates each patient as one who was diagnosed in 2017, the last year of its data."""


class Term(NamedTuple):
    """One term of the prognostic index with its coefficient where the receptor is negative and positive."""

    x: Var
    er_neg: float
    er_pos: float


def positive(x: Var) -> Var:
    """1.0 where the answer is yes; 0.0 where it is no or unknown."""
    return at_least(x, 0.5)


def negative(x: Var) -> Var:
    """1.0 where the answer is no; 0.0 where it is yes or unknown."""
    return as_flag(op.less(x, number(0.5)))


def or_else(x: Var, value: float) -> Var:
    """*x* where it is known, else *value*."""
    return op.where(op.isnan(x), number(value), x)


def index(terms: Sequence[Term], constants: tuple[float, float]) -> Var:
    """The prognostic index for both receptors [N, 2]: negative, positive."""
    together = op.concat([term.x for term in terms], axis=1)
    weights = op.const(np.array([[term.er_neg, term.er_pos] for term in terms], dtype=np.float64))
    return op.add(op.matmul(together, weights), op.const(np.array([constants], dtype=np.float64)))


def markers(x: Inputs) -> list[Term]:
    """Ki-67 and progesterone receptor, alike in both versions."""
    found = []
    for name, effect in (("ki67", KI67), ("progesterone_receptor", PR)):
        for place, answer in enumerate((positive, negative)):
            found.append(Term(answer(x[name]), effect["er_neg"][place], effect["er_pos"][place]))
    return found


def by_receptor(x: Inputs, er_neg: Var, er_pos: Var) -> Var:
    """The values for the oestrogen receptor; NaN where it is missing."""
    er = x["estrogen_receptor"]
    return op.add(op.where(op.greater_or_equal(er, number(0.5)), er_pos, er_neg), op.mul(er, number(0.0)))


def column(values: Var, place: int) -> Var:
    """Column *place* of [N, C] as [N, 1]."""
    return op.gather(values, op.const(np.array([place])), axis=1)


def yearly(cumulative: FloatArray) -> FloatArray:
    """Hazard of each year [1, 15] of a cumulative hazard [15]."""
    return np.diff(cumulative, prepend=0.0)[None, :]


def until_horizons() -> Var:
    """Matrix [15, 3] that adds yearly hazards up to 5, 10 and 15 years."""
    return op.const((YEARS[:, None] <= np.array(HORIZONS)[None, :]).astype(np.float64))


def smoking(x: Inputs) -> Var:
    """Log hazard ratio of current smoking on other deaths, against the mean of the population [N, 1]."""
    return op.add(op.mul(x["current_smoker"], number(SMOKER - NON_SMOKER)), number(NON_SMOKER))


def effects(x: Inputs) -> dict[str, Var]:
    """Log hazard ratio on death from breast cancer of each planned therapy [N, 1]."""
    plan = x["chemotherapy_generation"]
    chemo = op.where(
        op.greater_or_equal(plan, number(2.5)), number(CHEMO_3), op.mul(plan, number(CHEMO_2 / 2))
    )
    return {
        "radiotherapy": op.mul(x["radiotherapy"], number(RADIO)),
        "endocrine": op.mul(op.mul(x["endocrine_therapy"], x["estrogen_receptor"]), number(ENDOCRINE)),
        "chemotherapy": op.add(chemo, op.mul(plan, number(0.0))),
        "trastuzumab": op.mul(op.mul(x["trastuzumab"], positive(x["her2"])), number(TRASTUZUMAB)),
        "bisphosphonate": op.mul(x["bisphosphonate"], number(BISPHOSPHONATE)),
    }


def harms(x: Inputs, ln_rr_per_gray: float) -> dict[str, Var]:
    """Log hazard ratio on other deaths of radiotherapy (mean heart dose, unknown is 0) and chemotherapy [N, 1]."""
    dose = op.mul(or_else(x["mean_heart_dose"], 0.0), x["radiotherapy"])
    chemo = op.mul(positive(x["chemotherapy_generation"]), number(CHEMO_OTHER))
    return {"radiotherapy": op.mul(dose, number(ln_rr_per_gray)), "chemotherapy": chemo}


def survival(breast: Var, other: Var, order: Sequence[str], on_breast: Inputs, on_other: Inputs) -> Var:
    """Survival [N, 3, 1 + therapies] at the horizons: without therapy, then with one more therapy of *order* each.

    breast, other: cumulative hazards without therapy [N, 3].
    """

    def arms(effect: Inputs) -> Var:
        names = [name for name in order if name in effect]
        reached = np.array([[float(arm > order.index(n)) for arm in range(len(order) + 1)] for n in names])
        together = op.concat([effect[name] for name in names], axis=1)
        return op.unsqueeze(op.exp(op.matmul(together, op.const(reached))), op.const(np.array([1])))

    def hazards(cumulative: Var, ratios: Var) -> Var:
        return op.mul(op.unsqueeze(cumulative, op.const(np.array([2]))), ratios)

    rest = hazards(other, arms(on_other)) if on_other else op.unsqueeze(other, op.const(np.array([2])))
    return op.exp(op.neg(op.add(hazards(breast, arms(on_breast)), rest)))


def named(survivals: Var, change: FloatArray, names: Sequence[str]) -> dict[str, Var]:
    """Outputs [N, 1] by name and horizon from survivals [N, 3, arms] times *change* [arms, names]."""
    width = len(HORIZONS) * len(names)
    flat = op.reshape(op.matmul(survivals, op.const(change)), op.const(np.array([-1, width])))
    keys = [f"{name}_{years}y" for years in HORIZONS for name in names]
    return dict(zip(keys, op.split(flat, num_outputs=width, axis=1), strict=True))


def cumulative_32(a: float, b: float, c: float, power: float) -> FloatArray:
    """H(t) = exp(a + b u + c u ln(t/10)), u = (t/10)^power, at years 1 to 15."""
    t = YEARS / 10
    u = t**power
    return np.asarray(np.exp(a + b * u + c * u * np.log(t)))


ORDER_32 = ("radiotherapy", "endocrine", "chemotherapy", "trastuzumab", "bisphosphonate")
ORDER_30 = ("endocrine", "radiotherapy", "chemotherapy", "trastuzumab", "bisphosphonate")
NAMES_32 = ("survival_no_therapy", *(f"benefit_{name}" for name in ORDER_32), "benefit_total")
NAMES_30 = ("survival_surgery", "gain_h", "gain_hr", "gain_hrc", "gain_hrct", "gain_hrctb")


def graph_32(x: Inputs) -> dict[str, Var]:
    """Version 3.2: survival without therapy and the gain of each therapy over those before it in ORDER_32."""
    age = centred(x["age"], 24.0, 100.0)
    cubed = op.mul(op.mul(age, age), age)
    terms = [
        Term(op.reciprocal(op.sqrt(age)), 0.0, 0.1958986203588129),
        Term(op.mul(age, age), 0.0, 2.929125051895787),
        Term(age, 1.7560679383953317, 0.0),
        Term(op.mul(age, op.log(age)), 4.555274634880487, 0.0),
        Term(op.exp(op.div(x["tumour_size"], number(-20.0))), 0.0, -2.27417420673498),
        Term(op.log(x["tumour_size"]), 0.7443277265210039, 0.0),
        Term(op.log(op.add(x["positive_nodes"], number(1.0))), 0.6308590364310884, 0.6724828209061207),
        Term(or_else(x["tumour_grade"], UNKNOWN_GRADE), 0.3462287839000938, 0.7050339629739382),
        Term(or_else(x["screen_detected"], UNKNOWN_SCREEN), -0.2110969326598672, -0.32039363353015476),
        Term(positive(x["her2"]), 0.2316, 0.0),
        Term(negative(x["her2"]), -0.08589, 0.0),
        *markers(x),
    ]
    shifts = (
        0.55 - 0.045504610416172736 * SINCE_2000,
        0.7 + 2.27417420673498 - 0.048251370712776756 * SINCE_2000,
    )
    both = index(terms, shifts)
    her2 = op.concat([positive(x["her2"]), negative(x["her2"])], axis=1)
    pi_pos = op.add(column(both, 1), op.matmul(her2, op.const(np.array(HER2_BY_YEAR, dtype=np.float64))))
    er_neg = yearly(cumulative_32(-3.0153139765165835, -0.5755380524044251, -0.1028439317178058, -1.0))
    er_pos = yearly(cumulative_32(-2.3193510039281637, -3.622538332641392, -0.542240944493945, -0.5))
    hazard = by_receptor(
        x,
        op.mul(op.exp(column(both, 0)), op.const(er_neg)),
        op.mul(op.exp(pi_pos), op.const(er_pos)),
    )
    mi = op.add(
        op.mul(cubed, op.add(op.mul(op.log(age), number(-31.41202815365277)), number(4.211443507724736))),
        op.add(smoking(x), number(-0.062 - 0.021186462111818898 * SINCE_2000)),
    )
    t = np.array(HORIZONS) / 10
    base = np.exp(-4.845654758283992 + 1.341348310005262 * np.log(t) + 0.49539394353046057 * t)
    arms = survival(
        op.matmul(hazard, until_horizons()),
        op.mul(op.exp(mi), op.const(base[None, :])),
        ORDER_32,
        effects(x),
        harms(x, log(1.02)),
    )
    change = np.zeros((6, 7))
    change[0, 0] = 1.0
    for arm in range(1, 6):
        change[arm - 1, arm], change[arm, arm] = -1.0, 1.0
    change[0, 6], change[5, 6] = -1.0, 1.0
    return named(arms, change, NAMES_32)


def graph_30(x: Inputs) -> dict[str, Var]:
    """Version 3.0: survival after surgery alone and the gain of ever longer plans over it, in ORDER_30.

    As in the authors' program, the harm of the chosen chemotherapy and heart dose is part of every arm.
    """
    age = centred(x["age"], 0.0, 10.0)
    inverse = op.reciprocal(op.mul(age, age))
    size = centred(x["tumour_size"], 0.0, 100.0)
    nodes = op.log(op.div(op.add(x["positive_nodes"], number(1.0)), number(10.0)))
    grade = or_else(x["tumour_grade"], UNKNOWN_GRADE)
    terms = [
        Term(inverse, 0.0, 34.53642),
        Term(op.mul(inverse, op.log(age)), 0.0, -34.20342),
        Term(x["age"], 0.0089827, 0.0),
        Term(op.log(size), 0.0, 0.7530729),
        Term(op.sqrt(size), 2.093446, 0.0),
        Term(nodes, 0.6260541, 0.7060723),
        Term(grade, 0.0, 0.746655),
        Term(at_least(grade, 2.0), 1.129091, 0.0),
        Term(or_else(x["screen_detected"], UNKNOWN_SCREEN), 0.0, -0.22763366),
        Term(positive(x["her2"]), 0.2413, 0.2413),
        Term(negative(x["her2"]), -0.0762, -0.0762),
        *markers(x),
    ]
    shift = -log(0.31 + 0.69 * 0.82)
    er_neg = -0.0089827 * 56.3254902 - 2.093446 * 0.5090456276 + 0.6260541 * 1.086916249
    er_pos = -34.53642 * 0.0287449295 + 34.20342 * 0.0510121013
    er_pos += 0.7530729 * 1.545233938 + 0.7060723 * 1.387566896
    pi = by_receptor(x, *_columns(index(terms, (er_neg + shift, er_pos + shift))))
    t = np.array(HORIZONS, dtype=np.float64)
    root = np.sqrt(t)
    base_neg = np.exp(-1.156036 + 0.4707332 / t**2 - 3.51355 / t)
    base_pos = np.exp(0.7424402 - 7.527762 / root - 1.812513 * np.log(t) / root)
    base = by_receptor(x, op.const(base_neg[None, :]), op.const(base_pos[None, :]))
    harm = harms(x, log(1.04))
    mi = op.mul(centred(op.mul(age, age), 34.23391957), number(0.0698252))
    for part in (smoking(x), harm["radiotherapy"], harm["chemotherapy"]):
        mi = op.add(mi, part)
    mi = op.sub(mi, number(log(0.31 + 0.69 * 1.04**2)))
    other = np.exp(-6.052919 + 1.079863 * np.log(t) + 0.3255321 * root)
    arms = survival(
        op.mul(op.exp(pi), base), op.mul(op.exp(mi), op.const(other[None, :])), ORDER_30, effects(x), {}
    )
    change = np.eye(6)
    change[0, 1:] = -1.0
    return named(arms, change, NAMES_30)


def _columns(both: Var) -> tuple[Var, Var]:
    return column(both, 0), column(both, 1)
