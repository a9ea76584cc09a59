"""Scores of bleeding in atrial fibrillation on an anticoagulant."""

from collections.abc import Mapping

import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.workshop.equation import as_flag, number, or_zero
from medgui.workshop.equations import Equation, T, band, given, output, point_score, steps, unticked, yes
from medgui.workshop.equations.atrial_fibrillation import ADULTS_WITH_AF, AF, IN_AF
from medgui.workshop.equations.forms import missing_if, pick
from medgui.workshop.equations.points import total

USE = T(
    "To find what can be corrected before and during anticoagulation and who needs closer follow-up",
    "用于发现抗凝前和抗凝期间可纠正的因素，以及需密切随访者",
)
NOT_FOR = T(
    "A high score is by itself no reason against an anticoagulant; people without atrial fibrillation",
    "评分高本身不是停用或不用抗凝的理由；无心房颤动者",
)


def _low(value: Var, sex: Var, limits: tuple[float, float]) -> Var:
    """1.0 where *value* is below the limit for women or men; NaN where it or the sex is missing."""
    return missing_if(as_flag(op.less(value, pick(sex, limits))), value, sex)


_HAS_BLED_ITEMS = (
    "uncontrolled_hypertension",
    "abnormal_renal_function",
    "abnormal_liver_function",
    "prior_stroke",
    "bleeding_history",
    "labile_inr",
    "age_over_65",
    "antiplatelet_or_nsaid",
    "alcohol_excess",
)
_HAS_BLED = tuple(given(name) for name in _HAS_BLED_ITEMS)

HAS_BLED = Equation(
    id="has_bled",
    kind="score",
    evidence="guideline",
    title=T("Bleeding risk in atrial fibrillation, HAS-BLED", "心房颤动出血风险 HAS-BLED"),
    name=T("HAS-BLED", "HAS-BLED"),
    summary=T(
        "Points for the risk of major bleeding in atrial fibrillation on an anticoagulant.",
        "心房颤动患者抗凝期间的大出血风险评分。",
    ),
    intended_use=USE,
    not_for=NOT_FOR,
    indication=AF,
    population=ADULTS_WITH_AF,
    inputs=_HAS_BLED,
    outputs=(
        output(
            "points",
            T("HAS-BLED points", "HAS-BLED 评分"),
            scale=(0, 9),
            decimals=0,
            bands=(
                band(0, 3, T("Not high", "非高危")),
                band(
                    3,
                    10,
                    T(
                        "High: correct what can be corrected; no reason by itself against an anticoagulant",
                        "高危：纠正可纠正因素；本身不是不抗凝的理由",
                    ),
                    "caution",
                ),
            ),
            bands_source=T("ESC atrial fibrillation guideline 2020", "2020 年 ESC 心房颤动指南"),
        ),
    ),
    graph=point_score(*(yes(name, 1) for name in _HAS_BLED_ITEMS)),
    question="bleeding_on_anticoagulant",
    indications=IN_AF,
    guideline=T("ESC atrial fibrillation guideline 2020", "2020 年 ESC 心房颤动指南"),
    reference=unticked(_HAS_BLED),
    baseline_name=T("a person without a point", "无任何得分项者"),
    facts={
        "development.criteria": T(
            "Euro Heart Survey: 3,978 adults with atrial fibrillation and known outcome after one year (Pisters "
            "2010)",
            "欧洲心脏调查：3,978 名 1 年结局已知的心房颤动成人（Pisters 2010）",
        ),
        "out_of_scope.known_risks": T(
            "The ESC guideline of 2024 no longer decides by a bleeding score; a labile INR can only be known on a "
            "vitamin K antagonist",
            "2024 年 ESC 指南不再依据出血评分决策；INR 不稳定仅见于维生素 K 拮抗剂治疗者",
        ),
    },
    citation="Pisters R, Lane DA, Nieuwlaat R, de Vos CB, Crijns HJGM, Lip GYH. A novel user-friendly score "
    "(HAS-BLED) to assess 1-year risk of major bleeding in patients with atrial fibrillation. Chest "
    "2010;138:1093-1100. doi:10.1378/chest.10-0134",
)

_ORBIT = (
    given("age"),
    given("sex"),
    given("haemoglobin"),
    given("haematocrit", needed=False),
    given("anaemia_history", needed=False),
    given("egfr", from_="ckd_epi_2021.egfr", varies=False),
    given("major_bleeding_history"),
    given("antiplatelet"),
)


def _orbit(x: Mapping[str, Var]) -> dict[str, Var]:
    """Anaemia by haemoglobin, by haematocrit or by history counts once."""
    anaemia = op.max(
        [
            _low(x["haemoglobin"], x["sex"], (12.0, 13.0)),
            or_zero(_low(x["haematocrit"], x["sex"], (36.0, 40.0))),
            or_zero(x["anaemia_history"]),
        ]
    )
    others = total(
        x,
        (
            steps("age", 0, (75, 1)),
            steps("egfr", 1, (60, 0)),
            yes("major_bleeding_history", 2),
            yes("antiplatelet", 1),
        ),
    )
    points = op.add(others, op.mul(anaemia, number(2.0)))
    return {"points": missing_if(points, x["haemoglobin"], x["sex"])}


ORBIT = Equation(
    id="orbit",
    kind="score",
    evidence="guideline",
    title=T("Bleeding risk in atrial fibrillation, ORBIT", "心房颤动出血风险 ORBIT"),
    name=T("ORBIT", "ORBIT"),
    summary=T(
        "Points for the risk of major bleeding in atrial fibrillation on an oral anticoagulant.",
        "心房颤动患者口服抗凝期间的大出血风险评分。",
    ),
    intended_use=USE,
    not_for=NOT_FOR,
    indication=AF,
    population=ADULTS_WITH_AF,
    inputs=_ORBIT,
    outputs=(
        output(
            "points",
            T("ORBIT points", "ORBIT 评分"),
            scale=(0, 7),
            decimals=0,
            bands=(
                band(0, 3, T("Low", "低危")),
                band(3, 4, T("Medium", "中危"), "caution"),
                band(4, 8, T("High", "高危"), "high"),
            ),
            bands_source=T(
                "O'Brien 2015, the score that NICE NG196 (2021) names",
                "O'Brien 2015；NICE NG196（2021）采用的评分",
            ),
        ),
    ),
    graph=_orbit,
    question="bleeding_on_anticoagulant",
    indications=IN_AF,
    regions=("uk",),
    guideline=T("NICE NG196, 2021", "NICE NG196（2021）"),
    reference=unticked(_ORBIT, age=40, sex="male", haemoglobin=15, haematocrit=45, egfr=90),
    baseline_name=T("a man of 40 years without a point", "无任何得分项的 40 岁男性"),
    facts={
        "development.criteria": T(
            "ORBIT-AF registry: 7,411 US adults with atrial fibrillation on an oral anticoagulant (O'Brien 2015)",
            "ORBIT-AF 登记：7,411 名口服抗凝的美国心房颤动成人（O'Brien 2015）",
        ),
        "external.data": T(
            "ROCKET-AF trial, 14,264 adults with atrial fibrillation (O'Brien 2015)",
            "ROCKET-AF 试验，14,264 名心房颤动成人（O'Brien 2015）",
        ),
    },
    citation="O'Brien EC, Simon DN, Thomas LE, et al. The ORBIT bleeding score: a simple bedside score to assess "
    "bleeding risk in atrial fibrillation. Eur Heart J 2015;36:3258-3264. doi:10.1093/eurheartj/ehv476",
)

_ATRIA = (
    given("age"),
    given("sex"),
    given("haemoglobin"),
    given("egfr", from_="ckd_epi_2021.egfr", varies=False),
    given("major_bleeding_history"),
    given("hypertension"),
)


def _atria(x: Mapping[str, Var]) -> dict[str, Var]:
    anaemia = op.mul(_low(x["haemoglobin"], x["sex"], (12.0, 13.0)), number(3.0))
    others = total(
        x,
        (
            steps("age", 0, (75, 2)),
            steps("egfr", 3, (30, 0)),
            yes("major_bleeding_history", 1),
            yes("hypertension", 1),
        ),
    )
    return {"points": op.add(others, anaemia)}


ATRIA_BLEEDING = Equation(
    id="atria_bleeding",
    kind="score",
    title=T("Bleeding risk on warfarin, ATRIA", "华法林出血风险 ATRIA"),
    name=T("ATRIA bleeding score", "ATRIA 出血评分"),
    summary=T(
        "Points for the yearly risk of major bleeding in atrial fibrillation on warfarin.",
        "心房颤动患者服用华法林期间的年大出血风险评分。",
    ),
    intended_use=USE,
    not_for=NOT_FOR,
    indication=T("Atrial fibrillation, warfarin", "心房颤动，华法林"),
    population=ADULTS_WITH_AF,
    inputs=_ATRIA,
    outputs=(output("points", T("ATRIA bleeding points", "ATRIA 出血评分"), scale=(0, 10), decimals=0),),
    graph=_atria,
    question="bleeding_on_anticoagulant",
    indications=IN_AF,
    on_request=True,
    reference=unticked(_ATRIA, age=40, sex="male", haemoglobin=15, egfr=90),
    baseline_name=T("a man of 40 years without a point", "无任何得分项的 40 岁男性"),
    facts={
        "development.criteria": T(
            "ATRIA cohort: 9,186 adults with atrial fibrillation on warfarin in northern California (Fang 2011)",
            "ATRIA 队列：北加利福尼亚 9,186 名服用华法林的心房颤动成人（Fang 2011）",
        ),
        "out_of_scope.known_risks": T(
            "No guideline names it; its authors call 0-3 points low (0.8 % a year), 4 intermediate (2.6 %), 5-10 "
            "high (5.8 %). Dialysis counts as an eGFR below 30",
            "无指南采用；作者将 0-3 分定为低危（每年 0.8%）、4 分中危（2.6%）、5-10 分高危（5.8%）。透析按 eGFR < "
            "30 计",
        ),
    },
    citation="Fang MC, Go AS, Chang Y, et al. A new risk scheme to predict warfarin-associated hemorrhage: the "
    "ATRIA study. J Am Coll Cardiol 2011;58:395-401. doi:10.1016/j.jacc.2011.03.031",
)

_ONE_EACH = (
    "hepatic_or_renal_disease",
    "alcohol_abuse",
    "malignancy_history",
    "reduced_platelets",
    "uncontrolled_hypertension",
    "anaemia_history",
    "genetic_bleeding_factors",
    "fall_risk",
    "prior_stroke",
)
_HEMORR2HAGES = (given("age"), given("major_bleeding_history"), *(given(name) for name in _ONE_EACH))

HEMORR2HAGES = Equation(
    id="hemorr2hages",
    kind="score",
    title=T(
        "Bleeding risk on warfarin, HEMORR2HAGES (former score)", "华法林出血风险 HEMORR2HAGES（旧评分）"
    ),
    name=T("HEMORR2HAGES", "HEMORR2HAGES"),
    summary=T(
        "The former score of major bleeding on warfarin in elderly people with atrial fibrillation.",
        "旧的老年心房颤动患者华法林大出血风险评分。",
    ),
    intended_use=T("To compare with older findings", "用于与以往结果比较"),
    not_for=NOT_FOR,
    indication=T("Atrial fibrillation, warfarin", "心房颤动，华法林"),
    population=ADULTS_WITH_AF,
    inputs=_HEMORR2HAGES,
    outputs=(output("points", T("HEMORR2HAGES points", "HEMORR2HAGES 评分"), scale=(0, 12), decimals=0),),
    graph=point_score(
        steps("age", 0, (75, 1), above=True),
        yes("major_bleeding_history", 2),
        *(yes(name, 1) for name in _ONE_EACH),
    ),
    question="bleeding_on_anticoagulant",
    indications=IN_AF,
    on_request=True,
    reference=unticked(_HEMORR2HAGES, age=40),
    baseline_name=T("a person of 40 years without a point", "无任何得分项的 40 岁者"),
    facts={
        "development.criteria": T(
            "National Registry of Atrial Fibrillation: 3,791 Medicare beneficiaries (Gage 2006)",
            "美国国家心房颤动登记：3,791 名医疗保险受益人（Gage 2006）",
        ),
        "out_of_scope.known_risks": T(
            "Bleeds a hundred patient-years on warfarin in the registry: 1.9, 2.5, 5.3, 8.4, 10.4 with 0 to 4 "
            "points, 12.3 with 5 or more",
            "登记中每 100 患者年华法林出血数：0 至 4 分依次为 1.9、2.5、5.3、8.4、10.4，5 分及以上为 12.3",
        ),
    },
    citation="Gage BF, Yan Y, Milligan PE, et al. Clinical classification schemes for predicting hemorrhage: "
    "results from the National Registry of Atrial Fibrillation (NRAF). Am Heart J 2006;151:713-719. "
    "doi:10.1016/j.ahj.2005.04.017",
)
