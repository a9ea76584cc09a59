"""Formulas of water in the body: osmolality of serum with its gap, free water deficit."""

from collections.abc import Mapping

import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.workshop.equation import number, or_zero
from medgui.workshop.equations import Equation, T, given
from medgui.workshop.equations.electrolytes import ANYBODY, RECENT_DAYS, amount, recent
from medgui.workshop.equations.forms import at_least, by_sex, linear

PAST_CHILDHOOD, OLD = 18.0, 65.0
NOW_DAYS = 2


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
        recent("sodium", "glucose", "bun", "ethanol", "osmolality_measured"),
        recent("glucose"),
        recent("bun"),
        recent("ethanol", needed=False),
        recent("osmolality_measured", needed=False, outputs=("osmolal_gap",)),
    ),
    inpatient=True,
    notice=T(
        "Without a measured ethanol it counts as none: ethanol then stands in the osmolal gap.",
        "未测乙醇时按零计算：此时乙醇计入渗透间隙。",
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
    facts={
        "out_of_scope.known_risks": T(
            "Ethanol counts by its molecular weight (mg/dL / 4.6). Measured, it counts more (/ 3.7, Purssell "
            "2001): with much ethanol a part of the gap is ethanol still",
            "乙醇按分子量计入（mg/dL ÷ 4.6）。实测贡献更大（÷ 3.7，Purssell 2001）：乙醇浓度高时，部分间隙仍来自乙醇",
        )
    },
    citation="Smithline N, Gardner KD. Gaps: anionic and osmolal. JAMA 1976;236:1594-1597. On ethanol: "
    "Purssell RA, Pudek M, Brubacher J, Abu-Laban RB. Ann Emerg Med 2001;38:653-659. "
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
        given("weight", max_age_days=RECENT_DAYS),
        recent(
            "sodium",
            max_age_days=NOW_DAYS,
            accepted=(140.0, 220.0),
            accepted_source="For hypernatraemia; below 140 mmol/L there is no deficit",
            plausible=(146.0, 170.0),
        ),
    ),
    inpatient=True,
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
            "0.45). Below 140 mmol/L the formula turns negative: an excess of water, which the title does not "
            "mean; refused there, though some programs print it",
            "体内水分比例按年龄和性别估计（0.6、0.5；65 岁起 0.5、0.45）。血钠低于 140 mmol/L 时公式结果为负，"
            "表示水过多，与标题含义不符，故拒绝计算（部分程序仍会显示）",
        )
    },
    citation="Adrogué HJ, Madias NE. Hypernatremia. N Engl J Med 2000;342:1493-1499. "
    "doi:10.1056/NEJM200005183422006",
)
