"""Everyday formulas of electrolytes: corrected calcium and sodium, anion gap, osmolality, free water deficit."""

from collections.abc import Mapping
from typing import Any

import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.inference.manifest import InputSpec, OutputSpec, Text
from medgui.workshop.equation import number, or_zero
from medgui.workshop.equations import Equation, T, given, output
from medgui.workshop.equations.forms import at_least, by_sex, linear

ANYBODY = T("Adults and children", "成人和儿童")
EVERYDAY = T(
    "A first look; the clinic's own reference intervals decide.", "仅供初步参考；以本院参考区间为准。"
)
PAST_CHILDHOOD, OLD = 18.0, 65.0
NORMAL_GAP, NORMAL_BICARBONATE = 12.0, 24.0


def lab(name: str, *others: str, **keys: Any) -> InputSpec:
    """A laboratory value; *others* are of the same sample (one day)."""
    if others:
        keys |= {"max_spread_days": 1, "spread_with": others}
    return given(name, **{"varies": False, **keys})


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


def serum_osmolality(x: Mapping[str, Var]) -> dict[str, Var]:
    """2 x sodium + glucose / 18 + BUN / 2.8 + ethanol / 4.6 (all but sodium in mg/dL)."""
    values = {**x, "ethanol": or_zero(x["ethanol"])}
    weights = {"sodium": 2.0, "glucose": 1 / 18.0, "bun": 1 / 2.8, "ethanol": 1 / 4.6}
    found = linear(values, weights)
    return {"osmolality": found, "osmolal_gap": op.sub(x["osmolality_measured"], found)}


def free_water_deficit(x: Mapping[str, Var]) -> dict[str, Var]:
    """Body water x (sodium / 140 - 1); water 0.6 of the weight, women 0.5, from 65 years 0.5 and 0.45."""
    woman = op.sub(number(0.5), op.mul(at_least(x["age"], OLD), number(0.05)))
    man = op.sub(number(0.6), op.mul(at_least(x["age"], OLD), number(0.1)))
    grown = by_sex(x["sex"], woman, man)
    child = op.add(op.mul(x["sex"], number(0.0)), number(0.6))
    share = op.where(op.greater_or_equal(x["age"], number(PAST_CHILDHOOD)), grown, child)
    water = op.mul(op.mul(x["weight"], share), op.add(op.mul(x["age"], number(0.0)), number(1.0)))
    above = op.sub(op.div(x["sodium"], number(140.0)), number(1.0))
    return {"free_water_deficit": op.mul(water, above)}


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
    inputs=(lab("calcium", "albumin"), lab("albumin")),
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
    inputs=(lab("sodium", "glucose"), lab("glucose")),
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
        lab("sodium", "chloride", "bicarbonate"),
        lab("chloride"),
        lab("bicarbonate"),
        lab("albumin", needed=False, outputs=_ALBUMIN_GAPS),
        lab("potassium", needed=False, outputs=("anion_gap_potassium",)),
    ),
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
        lab("sodium", "chloride", "bicarbonate"),
        lab("chloride"),
        lab(
            "bicarbonate",
            accepted=(1.0, 23.9),
            accepted_source="The ratio divides by the fall of bicarbonate below 24 mmol/L",
            plausible=(5.0, 23.0),
        ),
        lab("albumin", needed=False, outputs=("delta_ratio_corrected",)),
    ),
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
    citation="Wrenn K. The delta gap: an approach to mixed acid-base disorders. Ann Emerg Med "
    "1990;19:1310-1313. doi:10.1016/S0196-0644(05)82292-9",
)

SERUM_OSMOLALITY = Equation(
    id="serum_osmolality",
    kind="score",
    title=T("Osmolality and osmolal gap", "血浆渗透压与渗透间隙"),
    name=T("Calculated osmolality", "计算渗透压"),
    summary=T(
        "From sodium, glucose, urea nitrogen and, where known, ethanol; with a measured osmolality also the "
        "gap.",
        "由钠、血糖、尿素氮及（已知时）乙醇计算；有实测渗透压时给出渗透间隙。",
    ),
    intended_use=T("Low or high sodium, suspected poisoning.", "用于血钠异常或疑似中毒。"),
    not_for=T("A normal gap never rules out poisoning by an alcohol.", "渗透间隙正常不能排除醇类中毒。"),
    indication=T("Disorders of sodium or suspected poisoning by an alcohol.", "血钠异常或疑似醇类中毒。"),
    population=ANYBODY,
    age=(0.0, 120.0),
    inputs=(
        lab("sodium", "glucose", "bun"),
        lab("glucose"),
        lab("bun"),
        lab("ethanol", needed=False),
        lab("osmolality_measured", needed=False, outputs=("osmolal_gap",)),
    ),
    outputs=(
        amount("osmolality", T("Osmolality, calculated", "计算渗透压"), "mosm/kg", (240, 400), 0),
        amount("osmolal_gap", T("Osmolal gap", "渗透间隙"), "mosm/kg", (-20, 60), 0),
    ),
    graph=serum_osmolality,
    question="metabolism",
    on_request=True,
    reference={"sodium": 140, "glucose": 90, "bun": 14, "ethanol": 0, "osmolality_measured": 290},
    baseline_name=T(
        "sodium 140 mmol/L, glucose 90 and urea nitrogen 14 mg/dL",
        "钠 140 mmol/L、血糖 90 mg/dL、尿素氮 14 mg/dL",
    ),
    citation="Purssell RA, Pudek M, Brubacher J, Abu-Laban RB. Derivation and validation of a formula to "
    "calculate the contribution of ethanol to the osmolal gap. Ann Emerg Med 2001;38:653-659. "
    "doi:10.1067/mem.2001.119455",
)

FREE_WATER_DEFICIT = Equation(
    id="free_water_deficit",
    kind="score",
    title=T("Free water deficit in high sodium", "高钠血症的自由水缺失量"),
    name=T("Free water deficit", "自由水缺失量"),
    summary=T(
        "Litres of water that are lacking until sodium is 140 mmol/L; losses that go on are not in it.",
        "血钠降至 140 mmol/L 所缺的水量（升）；不含持续丢失量。",
    ),
    intended_use=T("Plan for water in hypernatraemia.", "用于高钠血症补水计划。"),
    not_for=T(
        "Sodium of 140 mmol/L and below. The rate of correction is a matter of its own.",
        "不用于血钠 ≤ 140 mmol/L 者。纠正速度须另行确定。",
    ),
    indication=T("Hypernatraemia.", "高钠血症。"),
    population=ANYBODY,
    age=(1.0, 120.0),
    inputs=(
        given("age"),
        given("sex"),
        given("weight"),
        lab(
            "sodium",
            accepted=(140.0, 220.0),
            accepted_source="For hypernatraemia; below 140 mmol/L there is no deficit",
            plausible=(146.0, 170.0),
        ),
    ),
    outputs=(amount("free_water_deficit", T("Free water deficit", "自由水缺失量"), "L", (0, 12), 1),),
    graph=free_water_deficit,
    question="metabolism",
    on_request=True,
    reference={"age": "same", "sex": "same", "weight": 70, "sodium": 140},
    baseline_name=T(
        "{person} of 70 kg with a sodium of 140 mmol/L", "体重 70 kg、血钠 140 mmol/L 的{person}"
    ),
    facts={
        "out_of_scope.known_risks": T(
            "The share of water in the body is a guess from age and sex (0.6, 0.5, from 65 years 0.5 and "
            "0.45)",
            "体内水分比例按年龄和性别估计（0.6、0.5；65 岁起 0.5、0.45）",
        )
    },
    citation="Adrogué HJ, Madias NE. Hypernatremia. N Engl J Med 2000;342:1493-1499. "
    "doi:10.1056/NEJM200005183422006",
)
