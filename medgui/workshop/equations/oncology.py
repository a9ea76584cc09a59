"""Indices of solid tumours and of care during treatment: Khorana, MASCC, CAPRA, IMDC, Glasgow prognostic score."""

from __future__ import annotations

from medgui.inference.manifest import Exclusion, Indication
from medgui.workshop.equations import (
    Equation,
    T,
    band,
    choice,
    given,
    no,
    output,
    point_score,
    steps,
    unticked,
    yes,
)

_KHORANA = (
    given("cancer_site"),
    given("wbc"),
    given("platelets"),
    given("haemoglobin_low_or_esa"),
    given("bmi"),
)

KHORANA = Equation(
    id="khorana",
    kind="score",
    evidence="guideline",
    title=T("Thrombosis during chemotherapy, Khorana score", "化疗期间静脉血栓风险 Khorana 评分"),
    name=T("Khorana score", "Khorana 评分"),
    summary=T(
        "Points for venous thrombosis in an outpatient who is about to start chemotherapy.",
        "门诊肿瘤患者开始化疗前的静脉血栓风险评分。",
    ),
    intended_use=T("Decision on preventing thrombosis before chemotherapy", "化疗前决定是否预防血栓"),
    not_for=T(
        "Inpatients, patients on an anticoagulant, brain tumours and myeloma, blood counts after chemotherapy began",
        "住院患者、已抗凝者、脑肿瘤和骨髓瘤，化疗开始后的血常规",
    ),
    indication=T("Cancer, before outpatient chemotherapy", "恶性肿瘤，门诊化疗前"),
    population=T("Adult outpatients with cancer before chemotherapy", "化疗前的成人门诊肿瘤患者"),
    inputs=_KHORANA,
    outputs=(
        output(
            "points",
            T("Khorana points", "Khorana 评分"),
            scale=(0, 6),
            decimals=0,
            bands=(
                band(0, 2, T("Below the limit for prevention", "未达预防界值")),
                band(2, 7, T("Consider preventing thrombosis", "考虑预防血栓"), "high"),
            ),
            bands_source=T(
                "ASCO guideline 2020 (prevention from 2 points; 3 and more were high risk in 2008)",
                "2020 年 ASCO 指南（2 分起考虑预防；2008 年原文 3 分及以上为高危）",
            ),
        ),
    ),
    graph=point_score(
        choice("cancer_site", (2, 2, 1, 1, 1, 1, 1, 0)),
        steps("platelets", 0, (350, 1)),
        yes("haemoglobin_low_or_esa", 1),
        steps("wbc", 0, (11, 1), above=True),
        steps("bmi", 0, (35, 1)),
    ),
    indications=(
        Indication(
            ("active_cancer", "solid_tumour", "metastatic_solid_tumour", "lymphoma"),
            T("Made for people with cancer before chemotherapy", "仅用于化疗前的肿瘤患者"),
        ),
    ),
    needs_any=("cancer_site",),
    question="thrombosis_in_cancer",
    regions=("us", "europe"),
    guideline=T("ASCO guideline 2020", "2020 年 ASCO 指南"),
    reference={**unticked(_KHORANA, cancer_site="other"), "wbc": 7, "platelets": 250, "bmi": 22},
    baseline_name=T("a person without a point", "无任何得分项者"),
    citation="Khorana AA, Kuderer NM, Culakova E, et al. Development and validation of a predictive model for "
    "chemotherapy-associated thrombosis. Blood 2008;111:4902-4907. doi:10.1182/blood-2007-10-116327",
)

_MASCC = (
    given("burden_of_illness"),
    given("hypotension"),
    given("copd"),
    given("fungal_risk"),
    given("dehydration"),
    given("fever_as_outpatient"),
    given("age"),
)

MASCC = Equation(
    id="mascc",
    kind="score",
    evidence="guideline",
    title=T(
        "Complications of fever with low neutrophils, MASCC index", "粒细胞减少伴发热的并发症风险 MASCC 评分"
    ),
    name=T("MASCC risk index", "MASCC 风险指数"),
    summary=T(
        "Points for a mild course of fever with low neutrophils under chemotherapy; more points mean less risk.",
        "化疗后粒细胞减少伴发热的病情评分；分值越高，风险越低。",
    ),
    intended_use=T("Choice between hospital and outpatient treatment", "决定住院或门诊治疗"),
    not_for=T(
        "Induction of acute leukaemia, transplantation; it never stands against a clinical impression of severe "
        "illness",
        "急性白血病诱导、移植；不能取代对重症的临床判断",
    ),
    indication=T("Fever with neutrophils under 0.5 during chemotherapy", "化疗期间中性粒细胞 < 0.5 伴发热"),
    population=T("Adults with fever and low neutrophils under chemotherapy", "化疗后粒细胞减少伴发热的成人"),
    inputs=_MASCC,
    outputs=(
        output(
            "points",
            T("MASCC points", "MASCC 评分"),
            scale=(0, 26),
            decimals=0,
            bands=(
                band(0, 21, T("High risk: hospital", "高风险：住院"), "high"),
                band(21, 27, T("Low risk of complications", "并发症低风险")),
            ),
            bands_source=T("ASCO and IDSA guideline 2018", "2018 年 ASCO/IDSA 指南"),
        ),
    ),
    graph=point_score(
        choice("burden_of_illness", (5, 3, 0)),
        no("hypotension", 5),
        no("copd", 4),
        choice("fungal_risk", (4, 0)),
        no("dehydration", 3),
        yes("fever_as_outpatient", 3),
        steps("age", 2, (60, 0)),
    ),
    acute=True,
    question="infection",
    regions=("us", "europe"),
    guideline=T("ASCO and IDSA guideline 2018", "2018 年 ASCO/IDSA 指南"),
    reference={**unticked(_MASCC, age=40), "fever_as_outpatient": 1},
    baseline_name=T("a person of 40 years with all points (lowest risk)", "40 岁、满分（风险最低）者"),
    citation="Klastersky J, Paesmans M, Rubenstein EB, et al. The Multinational Association for Supportive "
    "Care in Cancer "
    "risk index. J Clin Oncol 2000;18:3038-3051. doi:10.1200/JCO.2000.18.16.3038",
)

_CAPRA = (
    given("age"),
    given(
        "psa",
        accepted=(2.0, 5000.0),
        accepted_source="The lowest class of the score begins at 2 ng/mL (Cooperberg 2005)",
    ),
    given("gleason_pattern"),
    given("clinical_t3a"),
    given("positive_cores", accepted=(0.1, 100.0), accepted_source="Cancer was found, so a core is positive"),
)

CAPRA = Equation(
    id="capra",
    kind="score",
    title=T(
        "Recurrence of localised prostate cancer after treatment, UCSF-CAPRA",
        "局限性前列腺癌治疗后复发 UCSF-CAPRA 评分",
    ),
    name=T("UCSF-CAPRA", "UCSF-CAPRA"),
    summary=T(
        "Points for recurrence after treatment of a localised prostate cancer, from what is known before it.",
        "根据治疗前信息评估局限性前列腺癌治疗后复发风险的评分。",
    ),
    intended_use=T("Choice of treatment of localised prostate cancer", "局限性前列腺癌治疗选择"),
    not_for=T(
        "Metastatic cancer, stage T3b and above, PSA under 2 ng/mL",
        "转移性前列腺癌、T3b 及以上、PSA < 2 ng/mL",
    ),
    indication=T("Localised prostate cancer before treatment", "治疗前的局限性前列腺癌"),
    population=T("Men with localised prostate cancer before treatment", "治疗前的局限性前列腺癌男性"),
    inputs=_CAPRA,
    outputs=(
        output(
            "points",
            T("CAPRA points", "CAPRA 评分"),
            scale=(0, 10),
            decimals=0,
            bands=(
                band(0, 3, T("Low risk", "低危")),
                band(3, 6, T("Intermediate risk", "中危"), "caution"),
                band(6, 11, T("High risk", "高危"), "high"),
            ),
            bands_source=T("Groups of the authors, Cooperberg 2009", "作者的分组，Cooperberg 2009"),
        ),
    ),
    graph=point_score(
        steps("age", 0, (50, 1)),
        steps("psa", 0, (6, 1), (10, 2), (20, 3), (30, 4), above=True),
        choice("gleason_pattern", (0, 1, 3)),
        yes("clinical_t3a", 1),
        steps("positive_cores", 0, (34, 1)),
    ),
    sexes=("male",),
    exclusions=(
        Exclusion(
            "metastatic_solid_tumour",
            1.0,
            T("Metastatic disease: made for localised cancer", "已有转移：仅适用于局限性前列腺癌"),
            code="metastatic_disease",
        ),
    ),
    indications=(
        Indication(
            ("active_cancer", "solid_tumour", "metastatic_solid_tumour"),
            T("Made for people with prostate cancer", "仅用于前列腺癌患者"),
        ),
    ),
    on_request=True,
    group="prognosis",
    question="cancer_outcome",
    reference={**unticked(_CAPRA, age=45), "psa": 4, "positive_cores": 10},
    baseline_name=T("a man of 45 years without a point", "45 岁、无任何得分项的男性"),
    citation="Cooperberg MR, Pasta DJ, Elkin EP, et al. The UCSF Cancer of the Prostate Risk Assessment "
    "score. J Urol "
    "2005;173:1938-1942. doi:10.1097/01.ju.0000158155.33890.e7",
)

_IMDC = (
    given("karnofsky"),
    given("treated_within_1_year"),
    given("haemoglobin_below_limit"),
    given("corrected_calcium_raised"),
    given("neutrophils_raised"),
    given("platelets_raised"),
)

IMDC = Equation(
    id="imdc",
    kind="score",
    evidence="guideline",
    title=T(
        "Survival in metastatic kidney cancer, IMDC (Heng) criteria", "转移性肾癌生存预后 IMDC（Heng）评分"
    ),
    name=T("IMDC criteria", "IMDC 评分"),
    summary=T(
        "Number of six adverse factors before systemic therapy of a metastatic renal cell carcinoma. The limits "
        "are those "
        "of the laboratory; calcium is corrected for albumin.",
        "转移性肾细胞癌系统治疗前六项不良因素的个数。以检验科参考值为准；血钙按白蛋白校正。",
    ),
    intended_use=T("Choice of the first systemic therapy", "一线系统治疗的选择"),
    not_for=T(
        "Localised kidney cancer, after a first systemic therapy has begun",
        "局限性肾癌、一线系统治疗已开始者",
    ),
    indication=T("Metastatic renal cell carcinoma before systemic therapy", "系统治疗前的转移性肾细胞癌"),
    population=T("Adults with metastatic renal cell carcinoma", "转移性肾细胞癌成人患者"),
    inputs=_IMDC,
    outputs=(
        output(
            "points",
            T("IMDC factors", "IMDC 不良因素数"),
            scale=(0, 6),
            decimals=0,
            bands=(
                band(0, 1, T("Favourable risk", "低危")),
                band(1, 3, T("Intermediate risk", "中危"), "caution"),
                band(3, 7, T("Poor risk", "高危"), "high"),
            ),
            bands_source=T("ESMO renal cell carcinoma guideline 2019", "2019 年 ESMO 肾细胞癌指南"),
        ),
    ),
    graph=point_score(
        steps("karnofsky", 1, (80, 0)),
        *(yes(spec.name, 1) for spec in _IMDC[1:]),
    ),
    indications=(
        Indication(
            ("active_cancer", "solid_tumour", "metastatic_solid_tumour"),
            T("Made for people with kidney cancer", "仅用于肾癌患者"),
        ),
    ),
    on_request=True,
    group="prognosis",
    question="cancer_outcome",
    regions=("europe", "us"),
    guideline=T("ESMO renal cell carcinoma guideline 2019", "2019 年 ESMO 肾细胞癌指南"),
    reference={**unticked(_IMDC), "karnofsky": 100},
    baseline_name=T("a person without an adverse factor", "无任何不良因素者"),
    citation="Heng DYC, Xie W, Regan MM, et al. Prognostic factors for overall survival in patients with "
    "metastatic renal "
    "cell carcinoma treated with VEGF-targeted agents. J Clin Oncol 2009;27:5794-5799. doi:10.1200/JCO.2008.21.4809",
)

_GPS = (
    given("crp", max_age_days=30, spread_with=("albumin",), max_spread_days=7),
    given("albumin", max_age_days=30),
)

GLASGOW_PROGNOSTIC = Equation(
    id="glasgow_prognostic",
    kind="score",
    title=T(
        "Survival in cancer by inflammation and nutrition, Glasgow prognostic score",
        "肿瘤患者生存预后（炎症与营养）：格拉斯哥预后评分",
    ),
    name=T("Glasgow prognostic score", "格拉斯哥预后评分"),
    summary=T(
        "One point each for CRP above 10 mg/L and albumin below 35 g/L (the original score; in the modified one "
        "a low "
        "albumin counts only with a raised CRP).",
        "CRP > 10 mg/L、白蛋白 < 35 g/L 各计 1 分（原始评分；改良评分中低白蛋白仅在 CRP 升高时计分）。",
    ),
    intended_use=T("Prognosis of advanced cancer", "晚期肿瘤的预后评估"),
    not_for=T(
        "Acute infection or inflammation of another cause, liver failure", "其他原因的急性感染或炎症、肝衰竭"
    ),
    indication=T("Cancer", "恶性肿瘤"),
    population=T("Adults with cancer", "恶性肿瘤成人患者"),
    inputs=_GPS,
    outputs=(output("points", T("Glasgow prognostic points", "格拉斯哥预后评分"), scale=(0, 2), decimals=0),),
    graph=point_score(steps("crp", 0, (10, 1), above=True), steps("albumin", 1, (3.5, 0))),
    indications=(
        Indication(
            ("active_cancer", "solid_tumour", "metastatic_solid_tumour"),
            T("Made for people with cancer", "仅用于肿瘤患者"),
        ),
    ),
    on_request=True,
    group="prognosis",
    question="cancer_outcome",
    reference={"crp": 1, "albumin": 4.2},
    baseline_name=T("a person with a CRP of 1 mg/L and an albumin of 42 g/L", "CRP 1 mg/L、白蛋白 42 g/L 者"),
    citation="Forrest LM, McMillan DC, McArdle CS, et al. Evaluation of cumulative prognostic scores based on the "
    "systemic "
    "inflammatory response in patients with inoperable non-small-cell lung cancer. Br J Cancer 2003;89:1028-1030. "
    "doi:10.1038/sj.bjc.6601242",
)
