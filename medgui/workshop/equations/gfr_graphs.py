"""Graphs of glomerular filtration rate: CKD-EPI, MDRD, EKFC, Cockcroft-Gault, all float64 [N, 1].

CKD-EPI: constant x min(cr/kappa, 1)^alpha x max(cr/kappa, 1)^beta x the same of cystatin C / 0.8 x base^age x factor of
women (x factor of Black people, 2009), summed as logarithms. Coefficients: the papers that `kidney_function` cites.
"""

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.workshop.equation import as_flag, number
from medgui.workshop.equations.forms import by_sex, clipped

BLACK = 1.0
"""Code of "NH Black" among the ethnic groups of the standard input."""


class CkdEpi(NamedTuple):
    """Coefficients of one CKD-EPI equation; alpha by sex (female, male); 0 and 1 where a marker or factor is absent."""

    constant: float
    base: float
    female: float
    alpha: tuple[float, float] = (0.0, 0.0)
    beta: float = 0.0
    cystatin: tuple[float, float] = (0.0, 0.0)
    black: float = 1.0


KAPPA = (0.7, 0.9)
CREATININE_CYSTATIN_2021 = CkdEpi(135, 0.9961, 0.963, (-0.219, -0.144), -0.544, (-0.323, -0.778))
CYSTATIN_2012 = CkdEpi(133, 0.996, 0.932, cystatin=(-0.499, -1.328))
CREATININE_2009 = CkdEpi(141, 0.993, 1.018, (-0.329, -0.411), -1.209, black=1.159)


def low_and_high(ratio: Var, low: float | Var, high: float) -> Var:
    """Sum of low x ln(min(ratio, 1)) + high x ln(max(ratio, 1))."""
    log = op.log(ratio)
    below = low if isinstance(low, Var) else number(low)
    return op.add(op.mul(op.min([log, number(0.0)]), below), op.mul(op.max([log, number(0.0)]), number(high)))


def ckd_epi(x: Mapping[str, Var], by: CkdEpi) -> Var:
    """The eGFR in mL/min/1.73 m2."""
    female = by_sex(x["sex"], number(math.log(by.female)), number(0.0))
    log = op.add(op.mul(x["age"], number(math.log(by.base))), op.add(female, number(math.log(by.constant))))
    if by.beta:
        kappa = by_sex(x["sex"], number(KAPPA[0]), number(KAPPA[1]))
        alpha = by_sex(x["sex"], number(by.alpha[0]), number(by.alpha[1]))
        log = op.add(log, low_and_high(op.div(x["creatinine"], kappa), alpha, by.beta))
    if by.cystatin[1]:
        log = op.add(log, low_and_high(op.div(x["cystatin_c"], number(0.8)), *by.cystatin))
    if by.black != 1.0:
        log = op.add(log, _black(x["ethnicity"], by.black))
    return op.exp(log)


def _black(group: Var, factor: float) -> Var:
    """The logarithm of the factor where the group is stated as Black, else 0."""
    return op.mul(as_flag(op.equal(group, number(BLACK))), number(math.log(factor)))


def mdrd(x: Mapping[str, Var]) -> Var:
    """175 x creatinine^-1.154 x age^-0.203 x 0.742 (women) x 1.212 (Black), creatinine traceable to IDMS."""
    body = op.add(op.mul(op.log(x["creatinine"]), number(-1.154)), op.mul(op.log(x["age"]), number(-0.203)))
    female = by_sex(x["sex"], number(math.log(0.742)), number(0.0))
    factors = op.add(female, _black(x["ethnicity"], 1.212))
    return op.exp(op.add(op.add(body, factors), number(math.log(175.0))))


EKFC_CURVE = {
    "female": (3.080, 0.177, -0.223, -0.00596, 0.0000686),
    "male": (3.200, 0.259, -0.543, -0.00763, 0.0000790),
}
"""ln(Q in µmol/L) of 2 to 25 years: constant, age, ln(age), age², age³."""


def ekfc(x: Mapping[str, Var]) -> Var:
    """107.3 x (creatinine/Q)^(-0.322 or -1.132) x 0.990^(age - 40) above 40; Q grows up to 25 years."""
    age = x["age"]
    young = op.min([age, number(25.0)])
    square = op.mul(young, young)
    powers = op.concat([young, op.log(young), square, op.mul(square, young)], axis=1)
    curves = [np.array([EKFC_CURVE[sex][1:]]).T for sex in ("female", "male")]
    starts = [EKFC_CURVE[sex][0] - math.log(88.4) for sex in ("female", "male")]
    both = [
        op.add(op.matmul(powers, op.const(curve)), number(start))
        for curve, start in zip(curves, starts, strict=True)
    ]
    grown = op.greater(age, number(25.0))
    by_age = [op.where(grown, number(math.log(q)), curve) for q, curve in zip(KAPPA, both, strict=True)]
    ratio = op.div(x["creatinine"], op.exp(by_sex(x["sex"], by_age[0], by_age[1])))
    late = op.mul(op.sub(clipped(age, 40.0), number(40.0)), number(math.log(0.990)))
    return op.exp(op.add(op.add(low_and_high(ratio, -0.322, -1.132), late), number(math.log(107.3))))


def cockcroft_gault(x: Mapping[str, Var]) -> Var:
    """(140 - age) x weight / (72 x creatinine) x 0.85 in women, mL/min."""
    factor = by_sex(x["sex"], number(0.85 / 72.0), number(1.0 / 72.0))
    return op.mul(op.div(op.mul(op.sub(number(140.0), x["age"]), x["weight"]), x["creatinine"]), factor)
