"""What the equations of cardiovascular prevention share: inputs, who is not meant, bounds, groups of coefficients."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import spox.opset.ai.onnx.v21 as op
from numpy.typing import NDArray
from spox import Var

from medgui.inference.manifest import Exclusion, InputSpec
from medgui.workshop.equation import as_flag, number
from medgui.workshop.equations.card import T
from medgui.workshop.equations.given import given

FloatArray = NDArray[np.float64]
Range = tuple[float, float]

MEASURED = ("systolic_bp", "total_cholesterol", "hdl_cholesterol")
"""One of these has to be in the record before the score is shown unasked."""

NOT_STATED = "history_not_stated"
PRIOR_ASCVD = Exclusion(
    "prior_ascvd",
    1.0,
    T(
        "Known coronary disease, stroke or peripheral artery disease: the equation is for people before a first event",
        "已有冠心病、脑卒中或外周动脉疾病：该方程仅适用于首次事件之前",
    ),
    code="secondary_prevention",
    unknown=NOT_STATED,
    unknown_message=T(
        "The file does not state whether there was a heart attack, stroke or other arterial disease; after one this "
        "result does not apply",
        "文件未说明是否发生过心肌梗死、脑卒中或其他动脉疾病；如有，本结果不适用",
    ),
)
HEART_FAILURE = Exclusion(
    "heart_failure",
    1.0,
    T(
        "Known heart failure: the equation is for people without known cardiovascular disease",
        "已有心力衰竭：该方程仅适用于无已知心血管病者",
    ),
    code="heart_failure",
    unknown=NOT_STATED,
    unknown_message=T(
        "The file does not state whether there is heart failure; with it this result does not apply",
        "文件未说明是否有心力衰竭；如有，本结果不适用",
    ),
)
PREGNANT = Exclusion(
    "pregnant",
    1.0,
    T("Pregnancy: the equation was not made for it", "妊娠：该方程不适用"),
    code="pregnancy",
)
DIALYSIS = Exclusion(
    "dialysis_or_transplant",
    1.0,
    T(
        "Dialysis or kidney transplant: the risk is far higher than the equation says",
        "透析或肾移植：实际风险远高于方程估计值",
    ),
    code="dialysis_or_transplant",
)
FAMILIAL = Exclusion(
    "familial_hypercholesterolaemia",
    1.0,
    T(
        "Familial hypercholesterolaemia: guidelines set the category without a score, which would understate the risk",
        "家族性高胆固醇血症：指南直接确定危险分层，评分会低估风险",
    ),
    code="familial_hypercholesterolaemia",
)
FIRST_EVENT = (PRIOR_ASCVD, HEART_FAILURE, PREGNANT, DIALYSIS, FAMILIAL)
"""Who is not meant by a score of a first event."""


def sex() -> InputSpec:
    """Sex, 0 female and 1 male."""
    return given("sex")


def age(lo: float, hi: float, source: str) -> InputSpec:
    """Age in years between the bounds of the paper."""
    return given("age", accepted=(lo, hi), accepted_source=source, plausible=(lo, hi))


def pressure(accepted: Range, source: str) -> InputSpec:
    """Systolic pressure in mmHg, of the last 12 months."""
    return given(
        "systolic_bp", accepted=accepted, accepted_source=source, plausible=(100.0, 170.0), max_age_days=365
    )


def lipids(total: Range, hdl: Range, source: str) -> tuple[InputSpec, InputSpec]:
    """Total and HDL cholesterol in mg/dL, of one sample of the last 12 months."""
    return (
        given(
            "total_cholesterol",
            accepted=total,
            accepted_source=source,
            plausible=(150.0, 280.0),
            max_age_days=365,
            spread_with=("hdl_cholesterol",),
            max_spread_days=1,
        ),
        given(
            "hdl_cholesterol",
            accepted=hdl,
            accepted_source=source,
            plausible=(35.0, 75.0),
            max_age_days=365,
        ),
    )


def chosen(stack: Var, weights: Sequence[Sequence[float]], group: Var) -> Var:
    """Linear sum [N, 1] of the terms [N, T] with the weights of the group (one row of T each); NaN without a group."""
    sums = op.matmul(stack, op.const(np.array(weights, dtype=np.float64).T.copy()))
    codes = op.const(np.arange(len(weights), dtype=np.float64)[None, :])
    mine = op.mul(sums, as_flag(op.equal(group, codes)))
    found = op.reduce_sum(mine, op.const(np.array([1])), keepdims=1)
    return op.add(found, op.mul(group, number(0.0)))


def log_hazard(survival: float) -> float:
    """ln(-ln S0): what a baseline survival adds to the complementary log-log of the risk."""
    return float(np.log(-np.log(survival)))
