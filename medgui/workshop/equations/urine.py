"""What urine and serum say together: albuminuria, fractional excretions, the gap of urine electrolytes."""

from collections.abc import Mapping

import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.workshop.equation import number
from medgui.workshop.equations import Equation, T, band, given, output
from medgui.workshop.equations.kidney_function import KDIGO

SAME_DAY = 1


def _ratio(a: Var, b: Var, factor: float) -> Var:
    """Quotient of two values times *factor*."""
    return op.mul(op.div(a, b), number(factor))


def albumin_creatinine_ratio(x: Mapping[str, Var]) -> dict[str, Var]:
    """Albumin a gram of creatinine, mg/g, from mg/L and mg/dL."""
    return {"uacr": _ratio(x["albumin_urine"], x["urine_creatinine"], 100.0)}


ALBUMIN_CREATININE_RATIO = Equation(
    id="albumin_creatinine_ratio",
    kind="score",
    title=T("Albuminuria from albumin and creatinine in urine", "由尿白蛋白和尿肌酐计算的白蛋白尿"),
    name=T("Urine albumin/creatinine ratio", "尿白蛋白/肌酐比值"),
    summary=T(
        "Albumin a gram of creatinine in one urine sample, where the laboratory gives both and not their "
        "ratio.",
        "同一份尿样中每克肌酐对应的白蛋白量，用于实验室只报告两者而未报告比值时。",
    ),
    intended_use=T(
        "Albuminuria category and an input of other equations.", "用于白蛋白尿分级，并作为其他方程的输入。"
    ),
    not_for=T(
        "Samples with fever, urinary infection, menstruation or after heavy exercise; timed collections.",
        "不用于发热、尿路感染、月经期或剧烈运动后的尿样，亦不用于定时留尿。",
    ),
    indication=T("A urine sample with albumin and creatinine.", "同时测定白蛋白和肌酐的尿样。"),
    population=T("Adults and children", "成人和儿童"),
    age=(0.0, 120.0),
    inputs=(
        given("albumin_urine", max_spread_days=SAME_DAY, spread_with=("urine_creatinine",)),
        given("urine_creatinine"),
    ),
    outputs=(
        output(
            "uacr",
            T("Urine albumin/creatinine ratio, computed", "尿白蛋白/肌酐比值（计算值）"),
            unit="mg/g",
            short_title=T("ACR", "ACR"),
            scale=(0, 1000),
            bands=(
                band(0, 30, T("A1", "A1")),
                band(30, 300.5, T("A2", "A2"), "caution"),
                band(300.5, 1000000, T("A3", "A3"), "high"),
            ),
            bands_source=KDIGO,
            decimals=0,
        ),
    ),
    graph=albumin_creatinine_ratio,
    question="kidney_stage",
    on_request=True,
    guideline=KDIGO,
    reference={"albumin_urine": 5, "urine_creatinine": 100},
    baseline_name=T(
        "a sample with 5 mg/L of albumin and 100 mg/dL of creatinine", "白蛋白 5 mg/L、肌酐 100 mg/dL 的尿样"
    ),
    citation="KDIGO CKD Work Group. KDIGO 2024 clinical practice guideline for the evaluation and management "
    "of chronic kidney disease. Kidney Int 2024;105(4S):S117-S314. doi:10.1016/j.kint.2023.10.018",
)
