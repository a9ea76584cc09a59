"""Equations that estimate how much the kidneys filter, from creatinine and cystatin C."""

from typing import Any

from medgui.inference.manifest import Exclusion, InputSpec, OutputSpec, Text
from medgui.workshop.equations import Equation, T, band, given, output
from medgui.workshop.equations.gfr_graphs import (
    CREATININE_2009,
    CREATININE_CYSTATIN_2021,
    CYSTATIN_2012,
    ckd_epi,
    cockcroft_gault,
    ekfc,
    mdrd,
)

GFR_UNIT = "mL/min/{1.73_m2}"
KDIGO = T("KDIGO chronic kidney disease guideline 2024", "KDIGO 2024 慢性肾脏病指南")
ADULTS = "Adults, as in the paper"
LIMITS = "Physiological limits; outside them a unit or sample error is likelier"
G_BANDS = (
    band(0, 15, T("G5", "G5"), "high"),
    band(15, 30, T("G4", "G4"), "high"),
    band(30, 45, T("G3b", "G3b"), "caution"),
    band(45, 60, T("G3a", "G3a"), "caution"),
    band(60, 90, T("G2", "G2")),
    band(90, 1000, T("G1", "G1")),
)
G_SOURCE = T(
    "GFR categories, KDIGO 2024; chronic kidney disease needs three months",
    "GFR 分期，KDIGO 2024；慢性肾脏病须持续三个月",
)
PREGNANT = Exclusion(
    "pregnant", 1, T("Pregnancy: the equation was not made for it", "妊娠：该方程不适用"), code="pregnancy"
)
NO_OWN_KIDNEYS = Exclusion(
    "dialysis_or_transplant",
    1,
    T(
        "Dialysis or kidney transplant: the estimate does not describe the kidneys' own function",
        "透析或肾移植：估算值不能反映自身肾功能",
    ),
    code="dialysis_or_transplant",
)
NOT_STEADY = T(
    "Acute kidney injury or changing creatinine, pregnancy, dialysis, and extremes of muscle mass.",
    "不用于急性肾损伤或肌酐正在变化者、妊娠、透析，以及肌肉量极端者。",
)
ORIENTATION = T("Orientation on kidney function in adult outpatients.", "用于成人门诊患者肾功能的初步判断。")
ADULT_POPULATION = T("Adults with steady kidney function", "肾功能稳定的成人")
MUSCLE = T(
    "Creatinine depends on muscle mass and diet; trimethoprim, cimetidine and fenofibrate raise it",
    "肌酐受肌肉量和饮食影响；甲氧苄啶、西咪替丁、非诺贝特可使其升高",
)
RACE_KNOWN_RISK = T(
    "Multiplies by a factor for Black people, a social group and no biological one; given up in the United "
    "States in 2021. Applied only where this group is stated; otherwise the factor is 1",
    "对黑人乘以系数；种族是社会分类而非生物学分类，美国已于 2021 年停用。仅在明确记录该族裔时使用，"
    "否则系数为 1",
)


def creatinine(**keys: Any) -> InputSpec:
    """Serum creatinine in mg/dL, traceable to IDMS."""
    return given("creatinine", **{"accepted": (0.15, 40.0), "accepted_source": LIMITS, **keys})


def adult(age_from: float = 18.0) -> InputSpec:
    """Age of an equation that holds from *age_from* years on."""
    return given("age", accepted=(age_from, 120.0), accepted_source=ADULTS)


_CYSTATIN = given("cystatin_c", accepted=(0.2, 20.0), accepted_source=LIMITS)
_GROUP = given("ethnicity", needed=False, marker=True)


def gfr(title: Text, **keys: Any) -> OutputSpec:
    """The output `egfr` with the categories of KDIGO."""
    return output(
        "egfr",
        title,
        unit=GFR_UNIT,
        short_title=T("eGFR", "eGFR"),
        scale=(0, 140),
        bands=G_BANDS,
        bands_source=G_SOURCE,
        decimals=0,
        calibration="None of our own; published accuracy only",
        **keys,
    )


CKD_EPI_2021_CYSTATIN = Equation(
    id="ckd_epi_2021_cystatin",
    kind="score",
    title=T("Kidney function, eGFR from creatinine and cystatin C", "肾功能：肌酐-胱抑素 C 联合 eGFR"),
    name=T("CKD-EPI 2021 creatinine and cystatin C", "CKD-EPI 2021 肌酐-胱抑素 C 联合方程"),
    summary=T(
        "Estimates the glomerular filtration rate from creatinine and cystatin C together: closer to the "
        "measured rate than creatinine alone, above all where muscle mass is unusual.",
        "由肌酐和胱抑素 C 联合估算肾小球滤过率：较单用肌酐更接近实测值，肌肉量异常时尤其如此。",
    ),
    intended_use=ORIENTATION,
    not_for=NOT_STEADY,
    indication=T("Adults with a serum creatinine and a cystatin C.", "有血清肌酐和胱抑素 C 结果的成人。"),
    population=ADULT_POPULATION,
    inputs=(
        adult(),
        given("sex"),
        creatinine(max_spread_days=7, spread_with=("cystatin_c",)),
        _CYSTATIN,
    ),
    outputs=(gfr(T("eGFR, CKD-EPI 2021 creatinine and cystatin C", "eGFR（CKD-EPI 2021 肌酐-胱抑素 C）")),),
    graph=lambda x: {"egfr": ckd_epi(x, CREATININE_CYSTATIN_2021)},
    question="kidney_function",
    regions=("us",),
    guideline=KDIGO,
    needs_any=("cystatin_c",),
    exclusions=(PREGNANT, NO_OWN_KIDNEYS),
    reference={"age": "same", "sex": "same", "creatinine": 0.8, "cystatin_c": 0.8},
    baseline_name=T(
        "{person} with a creatinine of 0.8 mg/dL and a cystatin C of 0.8 mg/L",
        "肌酐 0.8 mg/dL（70.7 µmol/L）、胱抑素 C 0.8 mg/L 的{person}",
    ),
    facts={
        "out_of_scope.known_risks": T(
            "Cystatin C rises with inflammation, thyroid overactivity, steroids, obesity and smoking; "
            "creatinine depends on muscle mass",
            "炎症、甲状腺功能亢进、糖皮质激素、肥胖和吸烟可使胱抑素 C 升高；肌酐受肌肉量影响",
        ),
        "fairness.approach": T(
            "Race was left out of the equation so that one formula serves all; no groups are recorded here",
            "方程不含种族项，所有人使用同一公式；此处未记录各人群的结果",
        ),
    },
    citation="Inker LA, Eneanya ND, Coresh J, et al. New creatinine- and cystatin C-based equations to "
    "estimate GFR without race. N Engl J Med 2021;385:1737-1749. doi:10.1056/NEJMoa2102953",
)

CKD_EPI_2012_CYSTATIN = Equation(
    id="ckd_epi_2012_cystatin",
    kind="score",
    title=T("Kidney function, eGFR from cystatin C", "肾功能：胱抑素 C eGFR"),
    name=T("CKD-EPI 2012 cystatin C", "CKD-EPI 2012 胱抑素 C 方程"),
    summary=T(
        "Estimates the glomerular filtration rate from cystatin C alone, without muscle mass or race. Where "
        "creatinine is known, both together are more accurate.",
        "仅由胱抑素 C 估算肾小球滤过率，不受肌肉量和种族影响。已知肌酐时，两者联合更准确。",
    ),
    intended_use=ORIENTATION,
    not_for=T(
        "Acute kidney injury, pregnancy, dialysis; thyroid disease and high doses of steroids change "
        "cystatin C.",
        "不用于急性肾损伤、妊娠、透析；甲状腺疾病和大剂量糖皮质激素可改变胱抑素 C。",
    ),
    indication=T(
        "Adults in whom creatinine misleads, as with unusual muscle mass.",
        "肌酐结果易误导的成人，如肌肉量异常者。",
    ),
    population=ADULT_POPULATION,
    inputs=(adult(), given("sex"), _CYSTATIN),
    outputs=(gfr(T("eGFR, CKD-EPI 2012 cystatin C", "eGFR（CKD-EPI 2012 胱抑素 C）")),),
    graph=lambda x: {"egfr": ckd_epi(x, CYSTATIN_2012)},
    question="kidney_function",
    on_request=True,
    guideline=KDIGO,
    needs_any=("cystatin_c",),
    exclusions=(PREGNANT, NO_OWN_KIDNEYS),
    reference={"age": "same", "sex": "same", "cystatin_c": 0.8},
    baseline_name=T("{person} with a cystatin C of 0.8 mg/L", "胱抑素 C 0.8 mg/L 的{person}"),
    facts={
        "out_of_scope.known_risks": T(
            "Cystatin C rises with inflammation, thyroid overactivity, steroids, obesity and smoking",
            "炎症、甲状腺功能亢进、糖皮质激素、肥胖和吸烟可使胱抑素 C 升高",
        )
    },
    citation="Inker LA, Schmid CH, Tighiouart H, et al. Estimating glomerular filtration rate from serum "
    "creatinine and cystatin C. N Engl J Med 2012;367:20-29. doi:10.1056/NEJMoa1114248",
)

CKD_EPI_2009 = Equation(
    id="ckd_epi_2009",
    kind="score",
    title=T("Kidney function, eGFR by the 2009 equation", "肾功能：2009 版 eGFR"),
    name=T("CKD-EPI 2009 creatinine", "CKD-EPI 2009 肌酐方程"),
    summary=T(
        "Superseded by CKD-EPI 2021; kept to compare with older reports. The factor for Black people is "
        "applied only where this group is stated.",
        "已被 CKD-EPI 2021 取代；保留以便与既往报告比较。仅在明确记录为黑人时使用种族系数。",
    ),
    intended_use=T("Comparison with older reports.", "用于与既往报告比较。"),
    not_for=NOT_STEADY,
    indication=T("Adults with earlier results by this equation.", "既往结果采用该方程的成人。"),
    population=ADULT_POPULATION,
    inputs=(adult(), given("sex"), creatinine(), _GROUP),
    outputs=(gfr(T("eGFR, CKD-EPI 2009", "eGFR（CKD-EPI 2009）")),),
    graph=lambda x: {"egfr": ckd_epi(x, CREATININE_2009)},
    question="kidney_function",
    on_request=True,
    regions=("uk",),
    guideline=T(
        "NICE guideline NG203 2021, which uses it without a factor for ethnicity",
        "NICE NG203 2021 指南（使用时不含族裔系数）",
    ),
    exclusions=(PREGNANT, NO_OWN_KIDNEYS),
    reference={"age": "same", "sex": "same", "creatinine": 0.8},
    baseline_name=T("{person} with a creatinine of 0.8 mg/dL", "肌酐 0.8 mg/dL（70.7 µmol/L）的{person}"),
    facts={"out_of_scope.known_risks": RACE_KNOWN_RISK},
    citation="Levey AS, Stevens LA, Schmid CH, et al. A new equation to estimate glomerular filtration rate. "
    "Ann Intern Med 2009;150:604-612. doi:10.7326/0003-4819-150-9-200905050-00006",
)

EKFC = Equation(
    id="ekfc",
    kind="score",
    title=T("Kidney function, eGFR by the European equation", "肾功能：欧洲 EKFC eGFR"),
    name=T("EKFC creatinine", "EKFC 肌酐方程"),
    summary=T(
        "Estimates the glomerular filtration rate from creatinine relative to the median of healthy people "
        "of the same sex; without a jump between adolescents and adults.",
        "由肌酐与同性别健康人中位值之比估算肾小球滤过率；青少年与成人之间无跳跃。",
    ),
    intended_use=T("Orientation on kidney function in outpatients.", "用于门诊患者肾功能的初步判断。"),
    not_for=NOT_STEADY,
    indication=T("Anyone of 2 years or more with a serum creatinine.", "有血清肌酐结果的 2 岁及以上者。"),
    population=T("People of 2 years or more with steady kidney function", "肾功能稳定的 2 岁及以上者"),
    age=(2.0, 120.0),
    inputs=(adult(2.0), given("sex"), creatinine()),
    outputs=(gfr(T("eGFR, EKFC", "eGFR（EKFC）")),),
    graph=lambda x: {"egfr": ekfc(x)},
    question="kidney_function",
    on_request=True,
    regions=("europe",),
    guideline=KDIGO,
    needs_any=("creatinine",),
    exclusions=(PREGNANT, NO_OWN_KIDNEYS),
    reference={"age": "same", "sex": "same", "creatinine": 0.8},
    baseline_name=T("{person} with a creatinine of 0.8 mg/dL", "肌酐 0.8 mg/dL（70.7 µmol/L）的{person}"),
    facts={
        "out_of_scope.known_risks": MUSCLE,
        "development.relevance": T(
            "European cohorts; medians of creatinine of healthy people may differ elsewhere",
            "欧洲队列；其他地区健康人的肌酐中位值可能不同",
        ),
    },
    citation="Pottel H, Björk J, Courbebaisse M, et al. Development and validation of a modified full age "
    "spectrum creatinine-based equation to estimate glomerular filtration rate. Ann Intern Med "
    "2021;174:183-191. doi:10.7326/M20-4366",
)

MDRD = Equation(
    id="mdrd",
    kind="score",
    title=T("Kidney function, eGFR by the MDRD equation", "肾功能：MDRD eGFR"),
    name=T("MDRD, four variables", "MDRD 四变量方程"),
    summary=T(
        "Superseded by CKD-EPI 2021; kept to compare with older reports. Too low above 60 mL/min/1.73 m². "
        "The factor for Black people is applied only where this group is stated.",
        "已被 CKD-EPI 2021 取代；保留以便与既往报告比较。高于 60 mL/min/1.73 m² 时偏低。"
        "仅在明确记录为黑人时使用种族系数。",
    ),
    intended_use=T("Comparison with older reports.", "用于与既往报告比较。"),
    not_for=NOT_STEADY,
    indication=T("Adults with earlier results by this equation.", "既往结果采用该方程的成人。"),
    population=T("Adults with reduced, steady kidney function", "肾功能减退但稳定的成人"),
    inputs=(adult(), given("sex"), creatinine(), _GROUP),
    outputs=(gfr(T("eGFR, MDRD", "eGFR（MDRD）")),),
    graph=lambda x: {"egfr": mdrd(x)},
    question="kidney_function",
    on_request=True,
    exclusions=(PREGNANT, NO_OWN_KIDNEYS),
    reference={"age": "same", "sex": "same", "creatinine": 0.8},
    baseline_name=T("{person} with a creatinine of 0.8 mg/dL", "肌酐 0.8 mg/dL（70.7 µmol/L）的{person}"),
    facts={
        "out_of_scope.known_risks": RACE_KNOWN_RISK,
        "development.criteria": T(
            "People with chronic kidney disease of a trial in the United States; creatinine traceable to "
            "IDMS (2006)",
            "美国一项试验中的慢性肾脏病患者；肌酐可溯源至 IDMS（2006 版）",
        ),
    },
    citation="Levey AS, Coresh J, Greene T, et al. Using standardized serum creatinine values in the "
    "modification of diet in renal disease study equation for estimating glomerular filtration rate. Ann "
    "Intern Med 2006;145:247-254. doi:10.7326/0003-4819-145-4-200608150-00004",
)

COCKCROFT_GAULT = Equation(
    id="cockcroft_gault",
    kind="score",
    title=T("Creatinine clearance for doses of drugs", "用于药物剂量的肌酐清除率"),
    name=T("Cockcroft-Gault", "Cockcroft-Gault 公式"),
    summary=T(
        "Estimates the creatinine clearance in mL/min, not scaled to body surface; for drugs whose label "
        "asks for it. It is no eGFR. Takes the actual body weight.",
        "估算肌酐清除率（mL/min，未按体表面积校正），用于说明书要求该公式的药物。它不是 eGFR。采用实际体重。",
    ),
    intended_use=T("Doses of drugs whose label names this formula.", "用于说明书指定该公式的药物剂量。"),
    not_for=NOT_STEADY,
    indication=T("Adults who get a drug that the kidneys clear.", "使用经肾清除药物的成人。"),
    population=ADULT_POPULATION,
    inputs=(
        adult(),
        given("sex"),
        creatinine(),
        given(
            "weight",
            accepted=(20.0, 400.0),
            accepted_source="Adults; outside it the unit or a slip is likelier",
            max_age_days=90,
        ),
    ),
    outputs=(
        output(
            "creatinine_clearance",
            T("Creatinine clearance, Cockcroft-Gault", "肌酐清除率（Cockcroft-Gault）"),
            unit="mL/min",
            short_title=T("Creatinine clearance", "肌酐清除率"),
            scale=(0, 160),
            decimals=0,
        ),
    ),
    graph=lambda x: {"creatinine_clearance": cockcroft_gault(x)},
    question="kidney_function",
    inpatient=True,
    on_request=True,
    exclusions=(PREGNANT, NO_OWN_KIDNEYS),
    reference={"age": "same", "sex": "same", "creatinine": 0.8, "weight": 70},
    baseline_name=T(
        "{person} of 70 kg with a creatinine of 0.8 mg/dL",
        "体重 70 kg、肌酐 0.8 mg/dL（70.7 µmol/L）的{person}",
    ),
    facts={
        "out_of_scope.known_risks": T(
            "Too high in obesity and oedema (actual weight); made with a creatinine assay older than IDMS",
            "肥胖和水肿时偏高（采用实际体重）；制定时肌酐检测方法早于 IDMS",
        ),
        "development.criteria": T(
            "249 men of 18 to 92 years, one hospital", "一家医院的 249 名 18 至 92 岁男性"
        ),
    },
    citation="Cockcroft DW, Gault MH. Prediction of creatinine clearance from serum creatinine. Nephron "
    "1976;16:31-41. doi:10.1159/000180580",
)
