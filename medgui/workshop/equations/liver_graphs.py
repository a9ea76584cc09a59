"""Graphs of the scores of cirrhosis, all float64 [N, 1]; MELD and UKELD round to whole points as published.

Bounds inside a formula (creatinine from 1 to 4 mg/dL and so on) are part of it. Sources: `liver_failure`.
"""

import math
from collections.abc import Mapping

import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.workshop.equation import as_flag, number
from medgui.workshop.equations.forms import by_sex, clipped, linear
from medgui.workshop.equations.points import choice, steps, total

MG_BILIRUBIN = 17.1
"""µmol/L of bilirubin a mg/dL, as the scores use it."""
MG_CREATININE = 88.4
HAIR = 1e-9
"""An edge in mg/dL that a value converted from µmol/L reaches up to rounding of float64."""


def nearest(x: Var) -> Var:
    """The nearest whole number, halves up."""
    return op.floor(op.add(x, number(0.5)))


def _creatinine_bounded(x: Mapping[str, Var], highest: float) -> Var:
    """Creatinine between 1 and *highest* mg/dL; *highest* with dialysis."""
    bounded = clipped(x["creatinine"], 1.0, highest)
    by_dialysis = op.where(op.greater(x["dialysis_past_week"], number(0.5)), number(highest), bounded)
    unknown = op.mul(op.add(x["dialysis_past_week"], x["creatinine"]), number(0.0))
    return op.add(by_dialysis, unknown)


def _meld(x: Mapping[str, Var]) -> Var:
    """9.57 ln(creatinine) + 3.78 ln(bilirubin) + 11.2 ln(INR) + 6.43, to the nearest whole number, 6 to 40."""
    logs = {
        "creatinine": op.log(_creatinine_bounded(x, 4.0)),
        "bilirubin_total": op.log(clipped(x["bilirubin_total"], 1.0)),
        "inr": op.log(clipped(x["inr"], 1.0)),
    }
    score = linear(logs, {"creatinine": 9.57, "bilirubin_total": 3.78, "inr": 11.2}, 6.43)
    return clipped(nearest(score), 6.0, 40.0)


def meld(x: Mapping[str, Var]) -> dict[str, Var]:
    """MELD of 2001 with the bounds of UNOS."""
    return {"meld": _meld(x)}


def meld_na(x: Mapping[str, Var]) -> dict[str, Var]:
    """OPTN 2016: above 11 points, MELD + 1.32 (137 - Na) - 0.033 MELD (137 - Na), sodium from 125 to 137."""
    points = _meld(x)
    below = op.sub(number(137.0), clipped(x["sodium"], 125.0, 137.0))
    more = op.mul(below, op.sub(number(1.32), op.mul(points, number(0.033))))
    counted = op.mul(more, as_flag(op.greater(points, number(11.0))))
    return {"meld_na": clipped(nearest(op.add(points, counted)), 6.0, 40.0)}


def meld_3(x: Mapping[str, Var]) -> dict[str, Var]:
    """MELD 3.0: women 1.33; sodium and albumin with interactions; creatinine at most 3."""
    bilirubin = op.log(clipped(x["bilirubin_total"], 1.0))
    creatinine = op.log(_creatinine_bounded(x, 3.0))
    sodium = op.sub(number(137.0), clipped(x["sodium"], 125.0, 137.0))
    albumin = op.sub(number(3.5), clipped(x["albumin"], 1.5, 3.5))
    terms = {
        "bilirubin": bilirubin,
        "sodium": sodium,
        "sodium_bilirubin": op.mul(sodium, bilirubin),
        "inr": op.log(clipped(x["inr"], 1.0)),
        "creatinine": creatinine,
        "albumin": albumin,
        "albumin_creatinine": op.mul(albumin, creatinine),
        "female": by_sex(x["sex"], number(1.0), number(0.0)),
    }
    score = linear(terms, MELD_3_WEIGHTS, 6.0)
    known = op.add(score, op.mul(x["age"], number(0.0)))
    return {"meld_3": clipped(nearest(known), 6.0, 40.0)}


MELD_3_WEIGHTS = {
    "bilirubin": 4.56,
    "sodium": 0.82,
    "sodium_bilirubin": -0.24,
    "inr": 9.09,
    "creatinine": 11.14,
    "albumin": 1.85,
    "albumin_creatinine": -1.83,
    "female": 1.33,
}


def ukeld(x: Mapping[str, Var]) -> dict[str, Var]:
    """5.395 ln(INR) + 1.485 ln(creatinine) + 3.13 ln(bilirubin) - 81.565 ln(sodium) + 435, both in µmol/L."""
    names = ("inr", "creatinine", "bilirubin_total", "sodium")
    logs = {name: op.log(x[name]) for name in names}
    weights = dict(zip(names, (5.395, 1.485, 3.13, -81.565), strict=True))
    constant = 435.0 + 1.485 * math.log(MG_CREATININE) + 3.13 * math.log(MG_BILIRUBIN)
    return {"ukeld": nearest(linear(logs, weights, constant))}


def child_pugh(x: Mapping[str, Var]) -> dict[str, Var]:
    """Five items of 1 to 3 points."""
    items = (
        steps("bilirubin_total", 1, (2.0 - HAIR, 2)),
        steps("bilirubin_total", 0, (3.0 + HAIR, 1), above=True),
        steps("albumin", 3, (2.8 - HAIR, 2)),
        steps("albumin", 0, (3.5 + HAIR, -1), above=True),
        steps("inr", 1, (1.7, 2)),
        steps("inr", 0, (2.3, 1), above=True),
        choice("ascites", (1, 2, 3)),
        choice("encephalopathy", (1, 2, 3)),
    )
    return {"points": total(x, items)}


def albi(x: Mapping[str, Var]) -> dict[str, Var]:
    """0.66 log10(bilirubin in µmol/L) - 0.085 albumin in g/L."""
    log = op.add(op.log(x["bilirubin_total"]), number(math.log(MG_BILIRUBIN)))
    bilirubin = op.mul(log, number(0.66 / math.log(10.0)))
    return {"albi": op.sub(bilirubin, op.mul(x["albumin"], number(0.85)))}
