"""The SCORE2 family's graphs: SCORE2, SCORE2-OP, Asia-Pacific, Diabetes and the kidney add-on.

All work on the complementary log-log of the risk, ln(-ln(1 - risk)): a baseline and the linear sum of the terms, then
the scales of the region. Groups are numbered 2 x equation + sex, with the sex 0 female and 1 male.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.workshop.equation import number, or_zero
from medgui.workshop.equations.forms import MMOL_CHOLESTEROL, at_least, by_sex, pick
from medgui.workshop.equations.prevention import chosen, log_hazard

OLDER = 70.0
"""Age in years from which SCORE2-OP takes the place of SCORE2."""
MMOL_HBA1C = 10.929
RAW = ("age", "current_smoker", "systolic_bp", "total_cholesterol", "hdl_cholesterol")

# age, smoking, sbp, tchol, hdl, then age x smoking, sbp, tchol, hdl; women, men.
SCORE2 = (
    (0.4648, 0.7744, 0.3131, 0.1002, -0.2606, -0.1088, -0.0277, -0.0226, 0.0613),
    (0.3742, 0.6012, 0.2777, 0.1458, -0.2698, -0.0755, -0.0255, -0.0281, 0.0426),
)
SURVIVAL = (0.9776, 0.9605)
SCORE2_OP = (
    (0.0789, 0.4921, 0.0102, 0.0605, -0.304, -0.0255, -0.0004, -0.0009, 0.0154),
    (0.0634, 0.3524, 0.0094, 0.085, -0.3564, -0.0247, -0.0005, 0.0073, 0.0091),
)
"""As printed in the paper; the authors' program has more digits."""
SURVIVAL_OP = (0.8082, 0.7576)
MEAN_OP = (0.229, 0.0929)

# The nine terms of SCORE2, then diabetes, age x diabetes, age at diagnosis, HbA1c, ln eGFR, its square, age x HbA1c,
# age x ln eGFR; women, men.
DIABETES = (
    (*(0.6624, 0.6139, 0.1421, 0.1127, -0.1568, -0.1122, -0.0167, -0.02, 0.0186),
     *(0.8096, -0.1272, -0.118, 0.1173, -0.064, 0.0062, -0.0196, 0.0169)),
    (*(0.5368, 0.4774, 0.1322, 0.1102, -0.1087, -0.0672, -0.0268, -0.0181, 0.0095),
     *(0.6457, -0.0983, -0.0998, 0.0955, -0.0591, 0.0058, -0.0134, 0.0115)),
)  # fmt: skip

Scales = tuple[tuple[float, float], ...]
EUROPE: tuple[Scales, Scales] = (
    ((-0.738, 0.7019), (-0.3143, 0.7701), (0.571, 0.9369), (0.9412, 0.8329)),
    ((-0.5699, 0.7476), (-0.1565, 0.8009), (0.3207, 0.936), (0.5836, 0.8294)),
)
"""Women, men; low, moderate, high, very high: (scale1, scale2)."""
EUROPE_OP: tuple[Scales, Scales] = (
    ((-0.52, 1.01), (-0.1, 1.1), (0.38, 1.09), (0.38, 0.69)),
    ((-0.34, 1.19), (0.01, 1.25), (0.08, 1.15), (0.05, 0.7)),
)
ASIA_PACIFIC: tuple[Scales, Scales] = (
    (
        (-0.986572446, 0.536743779),
        (0.08278687, 0.718980326),
        (0.611474287, 0.703624072),
        (0.502751798, 0.555577072),
    ),
    (
        (-0.375229965, 0.62020875),
        (0.284885676, 0.778128607),
        (0.778231091, 0.844985356),
        (0.608975204, 0.679014197),
    ),
)


def terms(x: Mapping[str, Var], centres: Sequence[float], units: Sequence[float]) -> Var:
    """The nine terms [N, 9] of `SCORE2`, cholesterol in mmol/L; centre and unit of each of `RAW`."""
    raw = op.concat([x[name] for name in RAW], axis=1)
    to_unit = np.array([1.0, 1.0, 1.0, MMOL_CHOLESTEROL, MMOL_CHOLESTEROL])
    moved = op.sub(op.mul(raw, op.const(to_unit[None, :])), op.const(np.array([centres], dtype=np.float64)))
    alone = op.div(moved, op.const(np.array([units], dtype=np.float64)))
    age, others = (op.gather(alone, op.const(np.array(places)), axis=1) for places in ([0], [1, 2, 3, 4]))
    return op.concat([alone, op.mul(others, age)], axis=1)


def younger_terms(x: Mapping[str, Var]) -> Var:
    """Terms of SCORE2: age in 5 years from 60, pressure in 20 mmHg from 120, HDL in 0.5 mmol/L from 1.3."""
    return terms(x, (60.0, 0.0, 120.0, 6.0, 1.3), (5.0, 1.0, 20.0, 1.0, 0.5))


def older_terms(x: Mapping[str, Var]) -> Var:
    """Terms of SCORE2-OP: per year from 73, per mmHg from 150, cholesterol per mmol/L."""
    return terms(x, (73.0, 0.0, 150.0, 6.0, 1.4), (1.0, 1.0, 1.0, 1.0, 1.0))


def rescaled(log_log: Var, region: Var, group: Var, scales: Sequence[Scales]) -> Var:
    """Cumulative hazard [N, 1] in the region (0 low to 3 very high); *scales* by group."""
    index = op.add(op.mul(group, number(4.0)), region)
    flat = [pair for each in scales for pair in each]
    scale1, scale2 = (pick(index, [pair[place] for pair in flat]) for place in (0, 1))
    return op.exp(op.add(scale1, op.mul(scale2, log_log)))


def as_risk(hazard: Var) -> Var:
    """1 - exp(-cumulative hazard)."""
    return op.sub(number(1.0), op.exp(op.neg(hazard)))


def europe_hazard(x: Mapping[str, Var]) -> Var:
    """Cumulative hazard [N, 1] of SCORE2 under 70 years and SCORE2-OP from there."""
    group = op.add(op.mul(at_least(x["age"], OLDER), number(2.0)), x["sex"])
    none = (0.0,) * 9
    weights = [row + none for row in SCORE2] + [none + row for row in SCORE2_OP]
    stack = op.concat([younger_terms(x), older_terms(x)], axis=1)
    base = [log_hazard(each) for each in SURVIVAL]
    base += [log_hazard(each) - mean for each, mean in zip(SURVIVAL_OP, MEAN_OP, strict=True)]
    log_log = op.add(chosen(stack, weights, group), pick(group, base))
    return rescaled(log_log, x["region"], group, (*EUROPE, *EUROPE_OP))


def score2(x: Mapping[str, Var]) -> dict[str, Var]:
    """SCORE2 and SCORE2-OP."""
    return {"cvd_10y": as_risk(europe_hazard(x))}


def asia_pacific(x: Mapping[str, Var]) -> dict[str, Var]:
    """SCORE2 with the scales of the Asia-Pacific regions."""
    sex = x["sex"]
    base = pick(sex, [log_hazard(each) for each in SURVIVAL])
    log_log = op.add(chosen(younger_terms(x), SCORE2, sex), base)
    return {"cvd_10y": as_risk(rescaled(log_log, x["region_asia_pacific"], sex, ASIA_PACIFIC))}


def diabetes(x: Mapping[str, Var]) -> dict[str, Var]:
    """SCORE2-Diabetes; HbA1c in %, eGFR in mL/min/1.73 m2, age at diagnosis in years."""
    sex = x["sex"]
    age = op.div(op.sub(x["age"], number(60.0)), number(5.0))
    hba1c_mmol = op.mul(op.sub(x["hba1c"], number(2.15)), number(MMOL_HBA1C))
    hba1c = op.div(op.sub(hba1c_mmol, number(31.0)), number(9.34))
    egfr = op.div(op.sub(op.log(x["egfr"]), number(4.5)), number(0.15))
    since = op.mul(x["diabetes"], op.div(op.sub(x["age_at_diabetes"], number(50.0)), number(5.0)))
    stack = op.concat(
        [
            younger_terms(x),
            x["diabetes"],
            op.mul(age, x["diabetes"]),
            since,
            hba1c,
            egfr,
            op.mul(egfr, egfr),
            op.mul(age, hba1c),
            op.mul(age, egfr),
        ],
        axis=1,
    )
    base = pick(sex, [log_hazard(each) for each in SURVIVAL])
    log_log = op.add(chosen(stack, DIABETES, sex), base)
    return {"cvd_10y": as_risk(rescaled(log_log, x["region"], sex, EUROPE))}


# The add-on's expected values: the nine terms of SCORE2 and female sex, without diabetes.
EXPECTED_EGFR = (-3.7891, 1.3211, -0.1364, -0.2941, 1.096, 0.2181, 0.0059, 0.0555, 0.1717, -0.7023)
EXPECTED_EGFR_AT_ZERO = 87.898
EXPECTED_ACR = (0.0159, 0.0629, 0.1339, 0.0185, -0.0274, 0.0085, 0.0008, -0.0062, 0.0003, 0.0308)
EXPECTED_ACR_AT_ZERO = 0.9775
EXPECTED_ACR_EGFR = (0.4057, 0.0597, -0.0916)
"""Observed eGFR below 60, 60 to 90 and above 90, each per -15."""
EGFR_PATCH = (
    (0.4713, 0.0956, 0.0, -0.0802, 0.0088, 0.0),
    (0.3072, 0.0942, -0.4616, -0.0127, -0.0098, -0.0075),
)
"""Per -15 of eGFR in the three pieces, and age x them; under 70, from 70."""
ACR_PATCH = (0.2432, 0.237)
"""Per factor of 8 of the urine ACR in mg/g."""


def kidney(x: Mapping[str, Var]) -> dict[str, Var]:
    """SCORE2 or SCORE2-OP with eGFR, and with the urine ACR where it is known (CKD Add-on)."""
    older = at_least(x["age"], OLDER)
    young = younger_terms(x)
    stack = op.concat([young, by_sex(x["sex"], number(1.0), number(0.0))], axis=1)
    expected = _linear(stack, EXPECTED_EGFR, EXPECTED_EGFR_AT_ZERO)
    apart = op.sub(_pieces(x["egfr"]), _pieces(expected))
    years = op.where(
        op.greater(older, number(0.5)),
        op.sub(x["age"], number(73.0)),
        op.div(op.sub(x["age"], number(60.0)), number(5.0)),
    )
    patch = chosen(op.concat([apart, op.mul(apart, years)], axis=1), EGFR_PATCH, older)
    observed = op.concat([stack, _pieces(x["egfr"], whole=False)], axis=1)
    expected_acr = _linear(observed, EXPECTED_ACR + EXPECTED_ACR_EGFR, EXPECTED_ACR_AT_ZERO)
    log8 = op.div(op.log(x["uacr"]), number(np.log(8.0)))
    acr = or_zero(op.mul(pick(older, ACR_PATCH), op.sub(log8, expected_acr)))
    return {"cvd_10y": as_risk(op.mul(europe_hazard(x), op.exp(op.add(patch, acr))))}


def _linear(stack: Var, weights: Sequence[float], constant: float) -> Var:
    return op.add(op.matmul(stack, op.const(np.array(weights)[:, None])), number(constant))


def _pieces(egfr: Var, *, whole: bool = True) -> Var:
    """Pieces [N, 3] of eGFR per -15: up to 60 (*whole*: from 0, else below 60 from 60), 60 to 90, above 90."""
    low = op.min([egfr, number(60.0)]) if whole else op.min([op.sub(egfr, number(60.0)), number(0.0)])
    middle = op.min([op.max([op.sub(egfr, number(60.0)), number(0.0)]), number(30.0)])
    high = op.max([op.sub(egfr, number(90.0)), number(0.0)])
    return op.div(op.concat([low, middle, high], axis=1), number(-15.0))
