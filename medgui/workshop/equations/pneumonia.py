"""Severity of community-acquired pneumonia."""

from collections.abc import Mapping

import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.inference.manifest import Order
from medgui.workshop.equation import as_flag, number
from medgui.workshop.equations import Equation, T, band, given, output, steps, yes
from medgui.workshop.equations.acute import (
    A_WELL_PERSON,
    bedside_score,
    encounter,
    measured,
    oxygen_pressure,
    points,
    well,
)
from medgui.workshop.equations.forms import missing_if
from medgui.workshop.equations.points import choice, total

PNEUMONIA = T("Community-acquired pneumonia, stated by the doctor", "医师诊断的社区获得性肺炎")
ADULTS = T("Adults with community-acquired pneumonia", "社区获得性肺炎成人患者")
PRESSURES = Order(
    "diastolic_bp",
    "systolic_bp",
    T("Diastolic pressure is above systolic pressure", "舒张压高于收缩压"),
)
UREA_7 = 19.615
"""Urea 7 mmol/L as BUN in mg/dL: 19.60 with the conventional factor 2.8, 19.61 with the molar mass of N2."""

_CURB65 = encounter(
    given("age"),
    measured("confusion"),
    measured("bun"),
    measured("respiratory_rate"),
    measured("systolic_bp"),
    measured("diastolic_bp"),
)


def low_pressure(x: Mapping[str, Var]) -> Var:
    """1.0 where systolic pressure is under 90 or diastolic at most 60 mmHg; NaN where one is missing."""
    systolic = op.less(x["systolic_bp"], number(90.0))
    diastolic = op.less_or_equal(x["diastolic_bp"], number(60.0))
    return missing_if(as_flag(op.or_(systolic, diastolic)), x["systolic_bp"], x["diastolic_bp"])


def _curb65(x: Mapping[str, Var]) -> dict[str, Var]:
    items = [
        yes("confusion", 1),
        steps("bun", 0, (UREA_7, 1), above=True),
        steps("respiratory_rate", 0, (30, 1)),
        steps("age", 0, (65, 1)),
    ]
    return {"points": op.add(total(x, items), low_pressure(x))}


CURB65 = Equation(
    id="curb65",
    kind="score",
    evidence="guideline",
    title=T("Severity of pneumonia, CURB-65", "肺炎严重程度 CURB-65"),
    name=T("CURB-65", "CURB-65"),
    summary=T(
        "Confusion, urea over 7 mmol/L, respiratory rate from 30, low pressure and age from 65: death within 30 days "
        "of community-acquired pneumonia.",
        "意识模糊、尿素 > 7 mmol/L、呼吸 ≥ 30 次/分、低血压、年龄 ≥ 65 岁：预测社区获得性肺炎 30 天死亡。",
    ),
    intended_use=T("Where community-acquired pneumonia is treated", "决定社区获得性肺炎的治疗地点"),
    not_for=T(
        "Hospital-acquired pneumonia, immunosuppression; not in place of clinical judgement",
        "医院获得性肺炎、免疫抑制者；不能代替临床判断",
    ),
    indication=PNEUMONIA,
    population=ADULTS,
    inputs=_CURB65,
    outputs=(
        output(
            "points",
            T("CURB-65 points", "CURB-65 评分"),
            scale=(0, 5),
            decimals=0,
            bands=(
                band(0, 2, T("Low severity: home treatment may be suitable", "轻度：可考虑门诊治疗")),
                band(2, 3, T("Moderate severity: hospital", "中度：住院治疗"), "caution"),
                band(3, 6, T("High severity: urgent hospital care", "重度：紧急住院治疗"), "high"),
            ),
            bands_source=T("British Thoracic Society guideline 2009", "英国胸科学会指南 2009"),
        ),
    ),
    graph=_curb65,
    orders=(PRESSURES,),
    question="pneumonia",
    acute=True,
    regions=("uk", "europe", "china"),
    guideline=T("BTS 2009; Chinese CAP guideline 2016", "BTS 2009；中国成人社区获得性肺炎诊治指南 2016"),
    reference=well(_CURB65),
    baseline_name=A_WELL_PERSON,
    citation="Lim WS, van der Eerden MM, Laing R, et al. Defining community acquired pneumonia severity on "
    "presentation to hospital: an international derivation and validation study. Thorax 2003;58:377-382. "
    "doi:10.1136/thorax.58.5.377",
    facts={
        "out_of_scope.known_risks": T(
            "Understates severity in young people with respiratory failure. Urea 7 mmol/L is 19.6 mg/dL of BUN.",
            "可能低估年轻呼吸衰竭患者的严重程度。尿素 7 mmol/L 相当于 BUN 19.6 mg/dL。",
        )
    },
)

_CRB65 = encounter(
    given("age"),
    measured("confusion"),
    measured("respiratory_rate"),
    measured("systolic_bp"),
    measured("diastolic_bp"),
)


def _crb65(x: Mapping[str, Var]) -> dict[str, Var]:
    items = [yes("confusion", 1), steps("respiratory_rate", 0, (30, 1)), steps("age", 0, (65, 1))]
    return {"points": op.add(total(x, items), low_pressure(x))}


CRB65 = bedside_score(
    id="crb65",
    evidence="guideline",
    title=T("Severity of pneumonia without a blood test, CRB-65", "肺炎严重程度（无需化验）CRB-65"),
    name=T("CRB-65", "CRB-65"),
    summary=T("CURB-65 without urea, for primary care.", "不含尿素的 CURB-65，供基层使用。"),
    intended_use=T("Whether someone with pneumonia goes to hospital", "判断肺炎患者是否需要住院"),
    not_for=T(
        "Hospital-acquired pneumonia, immunosuppression; not in place of clinical judgement",
        "医院获得性肺炎、免疫抑制者；不能代替临床判断",
    ),
    indication=PNEUMONIA,
    population=ADULTS,
    inputs=_CRB65,
    outputs=(
        points(
            T("CRB-65 points", "CRB-65 评分"),
            4,
            band(0, 1, T("Low severity: home treatment may be suitable", "轻度：可考虑门诊治疗")),
            band(1, 3, T("Moderate severity: consider hospital", "中度：考虑住院"), "caution"),
            band(3, 5, T("High severity: urgent hospital care", "重度：紧急住院治疗"), "high"),
            source=T("British Thoracic Society guideline 2009", "英国胸科学会指南 2009"),
        ),
    ),
    graph=_crb65,
    orders=(PRESSURES,),
    question="pneumonia",
    regions=("uk", "europe", "china"),
    guideline=T("BTS 2009", "BTS 2009"),
    citation=CURB65.citation,
)

_PSI = encounter(
    given("age"),
    given("sex"),
    given("nursing_home"),
    given("neoplastic_disease"),
    given("liver_disease"),
    given("heart_failure"),
    given("cerebrovascular_disease"),
    given("renal_disease"),
    measured("altered_mentation"),
    measured("respiratory_rate"),
    measured("systolic_bp"),
    measured("temperature"),
    measured("heart_rate"),
    measured("arterial_ph"),
    measured("bun"),
    measured("sodium"),
    measured("glucose"),
    measured("haematocrit"),
    oxygen_pressure(),
    measured("pleural_effusion"),
)
_HISTORY = (
    yes("neoplastic_disease", 30),
    yes("liver_disease", 20),
    yes("heart_failure", 10),
    yes("cerebrovascular_disease", 10),
    yes("renal_disease", 10),
)
_SIGNS = (
    yes("altered_mentation", 20),
    steps("respiratory_rate", 0, (30, 20)),
    steps("systolic_bp", 20, (90, 0)),
    steps("temperature", 15, (35, 0), (40, 15)),
    steps("heart_rate", 0, (125, 10)),
)
_TESTS = (
    choice("sex", (-10, 0)),
    yes("nursing_home", 10),
    steps("arterial_ph", 30, (7.35, 0)),
    steps("bun", 0, (30, 20)),
    steps("sodium", 20, (130, 0)),
    steps("glucose", 0, (250, 10)),
    steps("haematocrit", 10, (30, 0)),
    steps("pao2", 10, (60, 0)),
    yes("pleural_effusion", 10),
)


def _psi(x: Mapping[str, Var]) -> dict[str, Var]:
    """Completed years plus points; class I is found before any test, from age, five diseases and five signs."""
    years = op.floor(x["age"])
    first = total(x, (*_HISTORY, *_SIGNS))
    points = op.add(op.add(first, total(x, _TESTS)), years)
    by_points = total({"points": points}, [steps("points", 2, (70, 3), (90, 4), (130, 5), above=True)])
    class_1 = op.and_(op.less_or_equal(years, number(50.0)), op.equal(first, number(0.0)))
    return {"points": points, "risk_class": op.where(class_1, op.min([by_points, number(1.0)]), by_points)}


PSI = Equation(
    id="psi",
    kind="score",
    evidence="guideline",
    title=T("Pneumonia severity index (PORT)", "肺炎严重指数 PSI（PORT）"),
    name=T("PSI", "PSI"),
    summary=T(
        "Twenty items for death within 30 days of community-acquired pneumonia, and the class I to V.",
        "二十项指标预测社区获得性肺炎 30 天死亡，并分为 I-V 级。",
    ),
    intended_use=T(
        "Who with community-acquired pneumonia can be treated at home", "判断哪些社区获得性肺炎患者可门诊治疗"
    ),
    not_for=T(
        "Hospital-acquired pneumonia, immunosuppression; the choice of antibiotic or of intensive care",
        "医院获得性肺炎、免疫抑制者；不用于选择抗菌药或决定是否入住 ICU",
    ),
    indication=PNEUMONIA,
    population=ADULTS,
    inputs=_PSI,
    outputs=(
        output("points", T("PSI points", "PSI 评分"), scale=(0, 395), decimals=0),
        output(
            "risk_class",
            T("PSI risk class (I-V)", "PSI 风险分级（I-V）"),
            scale=(1, 5),
            decimals=0,
            bands=(
                band(1, 3, T("Class I-II: outpatient", "I-II 级：门诊")),
                band(3, 4, T("Class III: outpatient or short stay", "III 级：门诊或短期住院"), "caution"),
                band(4, 6, T("Class IV-V: hospital", "IV-V 级：住院"), "high"),
            ),
            bands_source=T(
                "Fine 1997, as the ATS/IDSA guideline 2019 uses it", "Fine 1997（ATS/IDSA 指南 2019 采用）"
            ),
        ),
    ),
    graph=_psi,
    question="pneumonia",
    acute=True,
    regions=("us", "china"),
    guideline=T(
        "ATS/IDSA 2019; Chinese CAP guideline 2016", "ATS/IDSA 2019；中国成人社区获得性肺炎诊治指南 2016"
    ),
    reference=well(_PSI, sex="male"),
    baseline_name=T(
        "a man of 40 years with normal values and no disease", "各项指标正常、无疾病的 40 岁男性"
    ),
    citation="Fine MJ, Auble TE, Yealy DM, et al. A prediction rule to identify low-risk patients with "
    "community-acquired pneumonia. N Engl J Med 1997;336:243-250. doi:10.1056/NEJM199701233360402",
    facts={
        "out_of_scope.known_risks": T(
            "Age weighs most: severity is understated in the young. Class I is given from age up to 50, no disease and "
            "no abnormal sign, whatever the tests show.",
            "年龄权重最大，可能低估年轻人的严重程度。年龄 ≤ 50 岁且无合并疾病和异常体征者为 I 级，与化验结果无关。",
        )
    },
)
