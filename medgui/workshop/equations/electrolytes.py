"""Everyday formulas of electrolytes: corrected calcium and sodium, anion gap, delta ratio."""

from collections.abc import Mapping
from typing import Any

import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.inference.manifest import InputSpec, OutputSpec, Text
from medgui.workshop.equation import number
from medgui.workshop.equations import Equation, T, given, output
from medgui.workshop.equations.forms import linear

ANYBODY = T("Adults and children", "成人和儿童")
EVERYDAY = T(
    "A first look; the clinic's own reference intervals decide.", "仅供初步参考；以本院参考区间为准。"
)
RECENT_DAYS = 30
NORMAL_GAP, NORMAL_BICARBONATE = 12.0, 24.0


def lab(name: str, *others: str, days: int = 0, **keys: Any) -> InputSpec:
    """A laboratory value; *others* are of the same sample, or at most *days* apart."""
    if others:
        keys |= {"max_spread_days": days, "spread_with": others}
    return given(name, **{"varies": False, **keys})


def recent(name: str, *others: str, days: int = 0, **keys: Any) -> InputSpec:
    """A laboratory value of the past month: what it says of salts and acids does not last longer."""
    return lab(name, *others, days=days, **{"max_age_days": RECENT_DAYS, **keys})


def amount(
    name: str, title: Text, unit: str, scale: tuple[float, float], places: int, **keys: Any
) -> OutputSpec:
    """A computed amount, shown with *places* decimals."""
    return output(name, title, unit=unit, scale=scale, decimals=places, **keys)


def corrected_calcium(x: Mapping[str, Var]) -> dict[str, Var]:
    """Calcium + 0.8 x (4 - albumin), mg/dL and g/dL."""
    return {"corrected_calcium": linear(x, {"calcium": 1.0, "albumin": -0.8}, 3.2)}


def corrected_sodium(x: Mapping[str, Var]) -> dict[str, Var]:
    """Sodium + 1.6 (Katz) or 2.4 (Hillier) x (glucose - 100) / 100."""
    return {
        "corrected_sodium": linear(x, {"sodium": 1.0, "glucose": 0.016}, -1.6),
        "corrected_sodium_hillier": linear(x, {"sodium": 1.0, "glucose": 0.024}, -2.4),
    }


def _gaps(x: Mapping[str, Var]) -> tuple[Var, Var]:
    """Anion gap, and as it would be with an albumin of 4 g/dL (2.5 mmol/L a g/dL)."""
    gap = linear(x, {"sodium": 1.0, "chloride": -1.0, "bicarbonate": -1.0})
    return gap, op.add(gap, op.mul(op.sub(number(4.0), x["albumin"]), number(2.5)))


def anion_gap(x: Mapping[str, Var]) -> dict[str, Var]:
    """Sodium - chloride - bicarbonate; delta gap: above 12."""
    gap, corrected = _gaps(x)
    return {
        "anion_gap": gap,
        "anion_gap_corrected": corrected,
        "anion_gap_potassium": op.add(gap, x["potassium"]),
        "delta_gap": op.sub(gap, number(NORMAL_GAP)),
        "delta_gap_corrected": op.sub(corrected, number(NORMAL_GAP)),
    }


def delta_ratio(x: Mapping[str, Var]) -> dict[str, Var]:
    """(Anion gap - 12) / (24 - bicarbonate)."""
    fall = op.sub(number(NORMAL_BICARBONATE), x["bicarbonate"])
    names = ("delta_ratio", "delta_ratio_corrected")
    return {
        name: op.div(op.sub(gap, number(NORMAL_GAP)), fall) for name, gap in zip(names, _gaps(x), strict=True)
    }


CORRECTED_CALCIUM = Equation(
    id="corrected_calcium",
    kind="score",
    title=T("Calcium corrected for albumin", "白蛋白校正钙"),
    name=T("Corrected calcium", "校正钙"),
    summary=T(
        "Total calcium as it would be with an albumin of 4 g/dL (40 g/L). Ionised calcium is better where it "
        "is known.",
        "按白蛋白 40 g/L 校正的总钙。有离子钙结果时以离子钙为准。",
    ),
    intended_use=EVERYDAY,
    not_for=T(
        "Critical illness, acidosis or alkalosis, dialysis: measure ionised calcium.",
        "危重症、酸碱失衡、透析时应测离子钙。",
    ),
    indication=T("Low or high albumin.", "白蛋白偏低或偏高。"),
    population=ANYBODY,
    age=(1.0, 120.0),
    inputs=(recent("calcium", "albumin", days=1), recent("albumin")),
    inpatient=True,
    outputs=(amount("corrected_calcium", T("Corrected calcium", "校正钙"), "mg/dL", (6, 16), 1),),
    graph=corrected_calcium,
    question="metabolism",
    on_request=True,
    reference={"calcium": 9.4, "albumin": 4.0},
    baseline_name=T("calcium 9.4 mg/dL and albumin 4 g/dL", "钙 9.4 mg/dL、白蛋白 40 g/L"),
    facts={
        "out_of_scope.known_risks": T(
            "Misclassifies often against ionised calcium, above all with low albumin",
            "与离子钙相比常误判，低白蛋白时尤甚",
        )
    },
    citation="Payne RB, Little AJ, Williams RB, et al. Interpretation of serum calcium in patients with "
    "abnormal serum proteins. Br Med J 1973;4:643-646. doi:10.1136/bmj.4.5893.643",
)

CORRECTED_SODIUM = Equation(
    id="corrected_sodium",
    kind="score",
    title=T("Sodium corrected for glucose", "血糖校正钠"),
    name=T("Corrected sodium", "校正钠"),
    summary=T(
        "Sodium as it would be with a glucose of 100 mg/dL (5.6 mmol/L), by two published factors.",
        "按血糖 100 mg/dL（5.6 mmol/L）校正的血钠，采用两个已发表的系数。",
    ),
    intended_use=T("Sodium in high blood glucose.", "用于高血糖时的血钠判断。"),
    not_for=T("Low sodium of other causes.", "不用于其他原因的低钠血症。"),
    indication=T("High blood glucose with low or normal sodium.", "高血糖伴血钠偏低或正常。"),
    population=ANYBODY,
    age=(0.0, 120.0),
    inputs=(recent("sodium", "glucose"), recent("glucose")),
    inpatient=True,
    outputs=(
        amount(
            "corrected_sodium",
            T("Corrected sodium (1.6, Katz)", "校正钠（1.6，Katz）"),
            "mmol/L",
            (110, 180),
            1,
        ),
        amount(
            "corrected_sodium_hillier",
            T("Corrected sodium (2.4, Hillier)", "校正钠（2.4，Hillier）"),
            "mmol/L",
            (110, 180),
            1,
        ),
    ),
    graph=corrected_sodium,
    question="metabolism",
    on_request=True,
    reference={"sodium": 140, "glucose": 100},
    baseline_name=T("sodium 140 mmol/L and glucose 100 mg/dL", "钠 140 mmol/L、血糖 100 mg/dL"),
    facts={
        "out_of_scope.known_risks": T(
            "The two factors differ more the higher the glucose; neither is right for everybody",
            "血糖越高两个系数差异越大；均不适用于所有人",
        )
    },
    citation="Hillier TA, Abbott RD, Barrett EJ. Hyponatremia: evaluating the correction factor for "
    "hyperglycemia. Am J Med 1999;106:399-403. doi:10.1016/S0002-9343(99)00055-8; Katz MA. N Engl J Med "
    "1973;289:843-844",
)

_ALBUMIN_GAPS = ("anion_gap_corrected", "delta_gap_corrected")
ANION_GAP = Equation(
    id="anion_gap",
    kind="score",
    title=T("Anion gap", "阴离子间隙"),
    name=T("Anion gap and delta gap", "阴离子间隙与 delta 间隙"),
    summary=T(
        "Sodium less chloride and bicarbonate, as measured and as it would be with an albumin of 4 g/dL; the "
        "delta gap is what lies above 12.",
        "钠减去氯和碳酸氢根，包括实测值和按白蛋白 40 g/L 校正值；delta 间隙为超过 12 的部分。",
    ),
    intended_use=T("Kind of a metabolic acidosis.", "用于代谢性酸中毒的分型。"),
    not_for=T(
        "A sole proof of a cause; normal gaps differ between laboratories.",
        "不能单独作为病因依据；各实验室正常值不同。",
    ),
    indication=T("Low bicarbonate.", "碳酸氢根降低。"),
    population=ANYBODY,
    age=(0.0, 120.0),
    inputs=(
        recent("sodium", "chloride", "bicarbonate", "potassium"),
        recent("chloride"),
        recent("bicarbonate"),
        recent("albumin", "sodium", days=1, needed=False, outputs=_ALBUMIN_GAPS),
        recent("potassium", needed=False, outputs=("anion_gap_potassium",)),
    ),
    inpatient=True,
    outputs=(
        amount("anion_gap", T("Anion gap", "阴离子间隙"), "mmol/L", (0, 40), 1),
        amount(
            "anion_gap_corrected",
            T("Anion gap, corrected for albumin", "白蛋白校正阴离子间隙"),
            "mmol/L",
            (0, 40),
            1,
        ),
        amount("anion_gap_potassium", T("Anion gap with potassium", "含钾阴离子间隙"), "mmol/L", (0, 45), 1),
        amount("delta_gap", T("Delta gap", "Delta 间隙"), "mmol/L", (-15, 30), 1),
        amount(
            "delta_gap_corrected",
            T("Delta gap, corrected for albumin", "白蛋白校正 delta 间隙"),
            "mmol/L",
            (-15, 30),
            1,
        ),
    ),
    graph=anion_gap,
    question="metabolism",
    on_request=True,
    reference={"sodium": 140, "chloride": 104, "bicarbonate": 24, "albumin": 4.0, "potassium": 4.0},
    baseline_name=T(
        "sodium 140, chloride 104 and bicarbonate 24 mmol/L", "钠 140、氯 104、碳酸氢根 24 mmol/L"
    ),
    citation="Figge J, Jabor A, Kazda A, Fencl V. Anion gap and hypoalbuminemia. Crit Care Med "
    "1998;26:1807-1810. doi:10.1097/00003246-199811000-00019",
)

DELTA_RATIO = Equation(
    id="delta_ratio",
    kind="score",
    title=T("Delta ratio of a metabolic acidosis", "代谢性酸中毒 delta 比值"),
    name=T("Delta ratio", "Delta 比值"),
    summary=T(
        "Rise of the anion gap above 12 against the fall of bicarbonate below 24: a second disorder beside "
        "an anion gap acidosis. Without low bicarbonate it means nothing and is not computed.",
        "阴离子间隙超过 12 的部分与碳酸氢根低于 24 的部分之比：提示高阴离子间隙酸中毒是否合并其他紊乱。"
        "碳酸氢根未降低时无意义，不计算。",
    ),
    intended_use=T("Mixed disorders in metabolic acidosis.", "用于判断代谢性酸中毒是否为混合性紊乱。"),
    not_for=T("Bicarbonate of 24 mmol/L and above.", "不用于碳酸氢根 ≥ 24 mmol/L 者。"),
    indication=T("Metabolic acidosis.", "代谢性酸中毒。"),
    population=ANYBODY,
    age=(0.0, 120.0),
    inputs=(
        recent("sodium", "chloride", "bicarbonate"),
        recent("chloride"),
        recent(
            "bicarbonate",
            accepted=(1.0, 23.9),
            accepted_source="The ratio divides by the fall of bicarbonate below 24 mmol/L",
            plausible=(5.0, 23.0),
        ),
        recent("albumin", "sodium", days=1, needed=False, outputs=("delta_ratio_corrected",)),
    ),
    inpatient=True,
    outputs=(
        amount("delta_ratio", T("Delta ratio", "Delta 比值"), "1", (-2, 4), 2),
        amount(
            "delta_ratio_corrected",
            T("Delta ratio, corrected for albumin", "白蛋白校正 delta 比值"),
            "1",
            (-2, 4),
            2,
        ),
    ),
    graph=delta_ratio,
    question="metabolism",
    on_request=True,
    reference={"sodium": 140, "chloride": 108, "bicarbonate": 20, "albumin": 4.0},
    baseline_name=T(
        "sodium 140, chloride 108 and bicarbonate 20 mmol/L", "钠 140、氯 108、碳酸氢根 20 mmol/L"
    ),
    facts={
        "out_of_scope.known_risks": T(
            "From a bicarbonate of 24 mmol/L on the divisor is nothing or negative and the ratio of a healthy "
            "person may read like a pure acidosis; refused there, though some programs print it. Normal gap and "
            "bicarbonate (12 and 24) differ between laboratories",
            "碳酸氢根 ≥ 24 mmol/L 时分母为零或负，健康人的比值也可能貌似单纯酸中毒，故拒绝计算（部分程序仍会显示）。"
            "正常间隙和碳酸氢根（12 和 24）因实验室而异",
        )
    },
    citation="Wrenn K. The delta gap: an approach to mixed acid-base disorders. Ann Emerg Med "
    "1990;19:1310-1313. doi:10.1016/S0196-0644(05)82292-9",
)
