"""What urine and serum say together: albuminuria, fractional excretions, the gap of urine electrolytes."""

from collections.abc import Mapping

import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.workshop.equation import number
from medgui.workshop.equations import Equation, T, band, given, output
from medgui.workshop.equations.electrolytes import ANYBODY, amount, recent
from medgui.workshop.equations.kidney_function import KDIGO

SAME_DAY = 1
"""Urine and blood lie at most so many days apart."""


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
    population=ANYBODY,
    age=(0.0, 120.0),
    inputs=(
        given("albumin_urine", max_spread_days=0, spread_with=("urine_creatinine",)),
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

NEVER_OVER_100 = T(
    "More would be excreted than was filtered: check the units and the day of each value",
    "排出量超过滤过量：请核对各数值的单位和日期",
)
OLIGURIA = T("Acute kidney injury with little urine.", "少尿型急性肾损伤。")
DIURETIC = T(
    "Diuretics raise the excretion of sodium; chronic kidney disease and glucose in urine mislead",
    "利尿剂使尿钠排泄增加；慢性肾脏病和糖尿可造成误导",
)


def _excreted(x: Mapping[str, Var], urine: str, serum: str) -> Var:
    """Share of the filtered amount that leaves with urine, in percent."""
    above = op.mul(x[urine], x["creatinine"])
    return _ratio(above, op.mul(x[serum], x["urine_creatinine"]), 100.0)


FENA = Equation(
    id="fena",
    kind="score",
    title=T("Fractional excretion of sodium", "钠排泄分数"),
    name=T("FENa", "FENa"),
    summary=T(
        "Share of the filtered sodium that leaves with urine: below 1 % in lack of volume, above 2 % in "
        "tubular damage.",
        "滤过钠随尿排出的比例：容量不足时低于 1%，肾小管损伤时高于 2%。",
    ),
    intended_use=OLIGURIA,
    not_for=T(
        "On diuretics (take urea), chronic kidney disease.", "不用于使用利尿剂者（改用尿素）和慢性肾脏病。"
    ),
    indication=OLIGURIA,
    population=ANYBODY,
    age=(0.08, 120.0),
    inputs=(
        recent("sodium", "creatinine", "sodium_urine", "urine_creatinine", days=SAME_DAY),
        recent("creatinine"),
        recent("sodium_urine"),
        recent("urine_creatinine"),
    ),
    inpatient=True,
    outputs=(
        amount(
            "fena",
            T("Fractional excretion of sodium, FENa", "钠排泄分数 FENa"),
            "%",
            (0, 10),
            2,
            holds=(0.0, 100.0),
            holds_reason=NEVER_OVER_100,
        ),
    ),
    graph=lambda x: {"fena": _excreted(x, "sodium_urine", "sodium")},
    question="metabolism",
    on_request=True,
    reference={"sodium": 140, "creatinine": 0.8, "sodium_urine": 80, "urine_creatinine": 100},
    baseline_name=T("a healthy person's urine and blood", "健康人的尿液和血液"),
    facts={"out_of_scope.known_risks": DIURETIC},
    citation="Espinel CH. The FENa test. Use in the differential diagnosis of acute renal failure. JAMA "
    "1976;236:579-581. doi:10.1001/jama.1976.03270060029022",
)

FEUREA = Equation(
    id="feurea",
    kind="score",
    title=T("Fractional excretion of urea", "尿素排泄分数"),
    name=T("FEUrea", "FEUrea"),
    summary=T(
        "Share of the filtered urea that leaves with urine: below 35 % in lack of volume, also on diuretics.",
        "滤过尿素随尿排出的比例：容量不足时低于 35%，使用利尿剂时亦适用。",
    ),
    intended_use=OLIGURIA,
    not_for=T("Diuresis by glucose or mannitol, high protein intake.", "不用于渗透性利尿及高蛋白摄入者。"),
    indication=OLIGURIA,
    population=ANYBODY,
    age=(0.08, 120.0),
    inputs=(
        recent("bun", "creatinine", "urea_nitrogen_urine", "urine_creatinine", days=SAME_DAY),
        recent("creatinine"),
        recent("urea_nitrogen_urine"),
        recent("urine_creatinine"),
    ),
    inpatient=True,
    outputs=(
        amount(
            "feurea",
            T("Fractional excretion of urea, FEUrea", "尿素排泄分数 FEUrea"),
            "%",
            (0, 80),
            1,
            holds=(0.0, 100.0),
            holds_reason=NEVER_OVER_100,
        ),
    ),
    graph=lambda x: {"feurea": _excreted(x, "urea_nitrogen_urine", "bun")},
    question="metabolism",
    on_request=True,
    reference={"bun": 14, "creatinine": 0.8, "urea_nitrogen_urine": 700, "urine_creatinine": 100},
    baseline_name=T("a healthy person's urine and blood", "健康人的尿液和血液"),
    citation="Carvounis CP, Nisar S, Guro-Razuman S. Significance of the fractional excretion of urea in the "
    "differential diagnosis of acute renal failure. Kidney Int 2002;62:2223-2229. "
    "doi:10.1046/j.1523-1755.2002.00683.x",
)

URINE_ANION_GAP = Equation(
    id="urine_anion_gap",
    kind="score",
    title=T("Urine anion gap", "尿阴离子间隙"),
    name=T("Urine anion gap", "尿阴离子间隙"),
    summary=T(
        "Sodium and potassium less chloride in urine: negative where the kidneys answer an acidosis, "
        "positive in renal tubular acidosis.",
        "尿钠加尿钾减尿氯：肾脏正常代偿酸中毒时为负，肾小管酸中毒时为正。",
    ),
    intended_use=T("Cause of an acidosis with a normal anion gap.", "用于正常阴离子间隙酸中毒的病因判断。"),
    not_for=T(
        "Ketones or other anions in urine, urine sodium under 20 mmol/L.",
        "不用于尿中有酮体等阴离子或尿钠 < 20 mmol/L 者。",
    ),
    indication=T("Metabolic acidosis with a normal anion gap.", "正常阴离子间隙代谢性酸中毒。"),
    population=ANYBODY,
    age=(0.08, 120.0),
    inputs=(
        recent("sodium_urine", "potassium_urine", "chloride_urine"),
        recent("potassium_urine"),
        recent("chloride_urine"),
    ),
    inpatient=True,
    outputs=(amount("urine_anion_gap", T("Anion gap of urine", "尿液阴离子间隙"), "mmol/L", (-100, 100), 0),),
    graph=lambda x: {
        "urine_anion_gap": op.sub(op.add(x["sodium_urine"], x["potassium_urine"]), x["chloride_urine"])
    },
    question="metabolism",
    on_request=True,
    reference={"sodium_urine": 80, "potassium_urine": 40, "chloride_urine": 100},
    baseline_name=T(
        "sodium 80, potassium 40 and chloride 100 mmol/L in urine", "尿钠 80、尿钾 40、尿氯 100 mmol/L"
    ),
    citation="Batlle DC, Hizon M, Cohen E, et al. The use of the urinary anion gap in the diagnosis of "
    "hyperchloremic metabolic acidosis. N Engl J Med 1988;318:594-599. doi:10.1056/NEJM198803103181002",
)
