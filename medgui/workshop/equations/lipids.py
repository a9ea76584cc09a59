"""Is it familial hypercholesterolaemia? Criteria of the Dutch Lipid Clinic Network and the Simon Broome register."""

from collections.abc import Mapping

import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.inference.manifest import Exclusion
from medgui.workshop.equation import number, or_zero
from medgui.workshop.equations import Equation, T, band, choice, given, output, steps, unticked, yes
from medgui.workshop.equations.forms import missing_if
from medgui.workshop.equations.points import Item, total

MGDL = 38.67
"""mg/dL a mmol/L of cholesterol."""
HAIR = 1e-6
"""mg/dL beside a limit, on the side of the paper: 5.0 mmol/L converts to a hair less than 5.0 x 38.67."""

_UNTREATED = Exclusion(
    "statin",
    1.0,
    T(
        "On a statin: the criteria go by the cholesterol before treatment, the present value understates",
        "正在使用他汀：标准以治疗前胆固醇为准，目前的值会低估",
    ),
    effect="caution",
    code="value_on_treatment",
)
_SUSPECTED = T("Familial hypercholesterolaemia suspected", "疑似家族性高胆固醇血症")
_USE = T("Whom to refer for genetic testing and family screening", "判断哪些患者需转诊做基因检测和家系筛查")
_NOT_FOR = T(
    "Secondary causes of high cholesterol; a low total does not exclude it while family and old values are unknown",
    "继发性高胆固醇血症；家族史和既往值不明时，低分不能排除",
)
_ADULTS = T("Adults with high LDL cholesterol", "LDL 胆固醇升高的成人")

_LDL = given(
    "ldl_cholesterol",
    varies=False,
    max_age_days=None,
    accepted=(20.0, 2000.0),
    accepted_source="Untreated LDL cholesterol; a number under 20 mg/dL is one in mmol/L",
)

_DLCN = (
    given("family_history_fh"),
    given("premature_coronary_disease"),
    given("premature_cerebral_or_peripheral_disease"),
    given("tendon_xanthoma"),
    given("corneal_arcus_under_45"),
    _LDL,
    given("fh_mutation"),
)


def _highest(x: Mapping[str, Var], *items: Item) -> Var:
    """The highest points of a group, of which one finding counts; NaN where one is missing."""
    return missing_if(op.max([total(x, (item,)) for item in items]), *(x[item.input] for item in items))


def _dlcn(x: Mapping[str, Var]) -> dict[str, Var]:
    disease = _highest(
        x, yes("premature_coronary_disease", 2), yes("premature_cerebral_or_peripheral_disease", 1)
    )
    signs = _highest(x, yes("tendon_xanthoma", 6), yes("corneal_arcus_under_45", 4))
    limits = ((mmol * MGDL - HAIR, points) for mmol, points in ((4.0, 1), (5.0, 3), (6.5, 5), (8.5, 8)))
    ldl = steps("ldl_cholesterol", 0, *limits)
    others = total(x, (choice("family_history_fh", (0, 1, 2)), ldl, yes("fh_mutation", 8)))
    return {"points": op.add(op.add(disease, signs), others)}


DLCN = Equation(
    id="dutch_lipid_clinic",
    kind="score",
    evidence="guideline",
    title=T(
        "Familial hypercholesterolaemia, Dutch Lipid Clinic criteria",
        "家族性高胆固醇血症 荷兰临床脂质网络标准（DLCN）",
    ),
    name=T("Dutch Lipid Clinic Network", "荷兰临床脂质网络标准 DLCN"),
    summary=T(
        "Points from family, history, examination, untreated LDL cholesterol and genes; one finding counts in each "
        "group.",
        "家族史、病史、体征、未治疗 LDL 胆固醇和基因的评分；每组仅计最高一项。",
    ),
    intended_use=_USE,
    not_for=_NOT_FOR,
    indication=_SUSPECTED,
    population=_ADULTS,
    inputs=_DLCN,
    outputs=(
        output(
            "points",
            T("Dutch Lipid Clinic points", "DLCN 评分"),
            scale=(0, 26),
            decimals=0,
            bands=(
                band(0, 3, T("Unlikely", "不太可能")),
                band(3, 6, T("Possible", "可能"), "caution"),
                band(6, 9, T("Probable", "很可能"), "high"),
                band(9, 27, T("Definite", "确定"), "high"),
            ),
            bands_source=T(
                "ESC/EAS dyslipidaemia guideline 2019; EAS consensus 2013",
                "2019 年 ESC/EAS 血脂异常指南；EAS 共识 2013",
            ),
        ),
    ),
    graph=_dlcn,
    exclusions=(_UNTREATED,),
    on_request=True,
    question="familial_hypercholesterolaemia",
    regions=("europe", "uk"),
    guideline=T("ESC/EAS dyslipidaemia guideline 2019", "2019 年 ESC/EAS 血脂异常指南"),
    reference=unticked(_DLCN, ldl_cholesterol=120),
    baseline_name=T("a person without a point", "无任何得分项者"),
    facts={
        "out_of_scope.known_risks": T(
            "Of each group one finding counts, the highest (EAS 2013); some programs add them. LDL limits are those "
            "in mmol/L (4.0, 5.0, 6.5, 8.5); the mg/dL that sources print beside them differ from each other (325 "
            "or 330 for 8.5)",
            "每组仅计最高一项（EAS 2013）；部分程序会相加。LDL 界值以 mmol/L 为准（4.0、5.0、6.5、8.5）；"
            "各来源并列的 mg/dL 值不一（8.5 对应 325 或 330）",
        ),
    },
    citation="Nordestgaard BG, Chapman MJ, Humphries SE, et al. Familial hypercholesterolaemia is underdiagnosed "
    "and undertreated in the general population. Eur Heart J 2013;34:3478-3490. doi:10.1093/eurheartj/eht273",
)

_SIMON_BROOME = (
    _LDL,
    given("total_cholesterol", needed=False, varies=False, max_age_days=None),
    given("tendon_xanthoma"),
    given("tendon_xanthoma_family"),
    given("fh_mutation"),
    given("family_premature_mi_or_high_cholesterol"),
)


def _simon_broome(x: Mapping[str, Var]) -> dict[str, Var]:
    """0 unlikely, 1 possible, 2 definite: without a high cholesterol none, then the strongest sign decides."""
    high = op.max(
        [
            total(x, (steps("ldl_cholesterol", 0, (4.9 * MGDL + HAIR, 1), above=True),)),
            or_zero(total(x, (steps("total_cholesterol", 0, (7.5 * MGDL + HAIR, 1), above=True),))),
        ]
    )
    signs = ("tendon_xanthoma", "tendon_xanthoma_family", "fh_mutation")
    sign = _highest(x, *(yes(name, 2) for name in signs), yes("family_premature_mi_or_high_cholesterol", 1))
    return {"category": op.add(op.mul(high, sign), op.mul(x["ldl_cholesterol"], number(0.0)))}


SIMON_BROOME = Equation(
    id="simon_broome",
    kind="score",
    evidence="guideline",
    title=T("Familial hypercholesterolaemia, Simon Broome criteria", "家族性高胆固醇血症 Simon Broome 标准"),
    name=T("Simon Broome criteria", "Simon Broome 标准"),
    summary=T(
        "High cholesterol of an adult with tendon xanthoma or a mutation (definite), or with a family history "
        "(possible).",
        "成人高胆固醇合并腱黄瘤或致病突变（确定），或合并家族史（可能）。",
    ),
    intended_use=_USE,
    not_for=_NOT_FOR,
    indication=_SUSPECTED,
    population=_ADULTS,
    inputs=_SIMON_BROOME,
    outputs=(
        output(
            "category",
            T("Simon Broome category", "Simon Broome 分类"),
            scale=(0, 2),
            decimals=0,
            named=True,
            bands=(
                band(0, 1, T("Unlikely", "不太可能")),
                band(1, 2, T("Possible", "可能"), "caution"),
                band(2, 3, T("Definite", "确定"), "high"),
            ),
            bands_source=T(
                "Simon Broome register as in NICE CG71, 2008, updated 2019",
                "Simon Broome 登记标准，见 NICE CG71（2008，2019 更新）",
            ),
        ),
    ),
    graph=_simon_broome,
    exclusions=(_UNTREATED,),
    on_request=True,
    question="familial_hypercholesterolaemia",
    regions=("uk",),
    guideline=T("NICE CG71, 2008, updated 2019", "NICE CG71（2008，2019 更新）"),
    reference=unticked(_SIMON_BROOME, ldl_cholesterol=120, total_cholesterol=190),
    baseline_name=T("a person without a sign of it", "无相关表现者"),
    facts={
        "out_of_scope.known_risks": T(
            "The register asks for a high cholesterol beside a mutation; some readings of NICE CG71 take a mutation "
            "alone as definite. Limits of adults: LDL over 4.9, total over 7.5 mmol/L",
            "该登记要求突变同时伴高胆固醇；对 NICE CG71 的某些解读认为仅有突变即可确定。成人界值：LDL > 4.9、"
            "总胆固醇 > 7.5 mmol/L",
        ),
    },
    citation="Scientific Steering Committee on behalf of the Simon Broome Register Group. Risk of fatal coronary "
    "heart disease in familial hypercholesterolaemia. BMJ 1991;303:893-896. doi:10.1136/bmj.303.6807.893",
)
