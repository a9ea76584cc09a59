"""SCORE2 in people with a condition: SCORE2-Diabetes, and SCORE2 with kidney measures (CKD Add-on)."""

from __future__ import annotations

from medgui.inference.manifest import Exclusion, Indication, Order
from medgui.record.variables import VARIABLES
from medgui.workshop.equations import Equation, T, band, given
from medgui.workshop.equations.prevention import FIRST_EVENT, MEASURED
from medgui.workshop.equations.score2 import (
    EUROPE_RELEVANCE,
    OPTIMAL,
    REGION,
    SAME,
    TO_DIABETES,
    inputs,
    risk,
)
from medgui.workshop.equations.score2_forms import diabetes, kidney

TYPE = VARIABLES["diabetes_type"].numbers()
SCORE2_DIABETES = Equation(
    id="score2_diabetes",
    title=T("10-year cardiovascular disease in type 2 diabetes", "2 型糖尿病 10 年心血管病风险"),
    name=T("SCORE2-Diabetes 2023", "SCORE2-Diabetes 2023"),
    summary=T(
        "Estimates how many of 100 people with type 2 diabetes and these values have a first heart attack or stroke or "
        "die of cardiovascular disease within 10 years, in one of four European risk regions.",
        "估算 100 位情况相似的 2 型糖尿病患者在 10 年内首次发生心肌梗死、脑卒中或死于心血管病的人数，"
        "分四个欧洲风险区域。",
    ),
    intended_use=T(
        "Primary prevention in type 2 diabetes: to inform a talk between clinician and patient",
        "2 型糖尿病的一级预防：供医患沟通时参考",
    ),
    not_for=T(
        "After a cardiovascular event, severe organ damage, type 1 diabetes, pregnancy; under 40 or over 69 years",
        "已发生心血管事件、严重靶器官损害、1 型糖尿病、妊娠；40 岁以下或 69 岁以上",
    ),
    indication=T("Type 2 diabetes, 40 to 69 years", "2 型糖尿病，40 至 69 岁"),
    population=T(
        "People of 40 to 69 years in Europe with type 2 diabetes and without cardiovascular disease",
        "欧洲 40 至 69 岁、有 2 型糖尿病、无心血管病者",
    ),
    age=(40.0, 69.0),
    inputs=(
        REGION,
        *inputs(40.0, 69.0, "SCORE2-Diabetes, 40-69 years (2023)"),
        given("diabetes"),
        given(
            "age_at_diabetes", accepted=(1.0, 69.0), accepted_source="SCORE2-Diabetes, up to 69 years (2023)"
        ),
        given(
            "hba1c",
            accepted=(4.5, 15.0),
            accepted_source="The paper states no bounds; those of PREVENT (Khan 2024)",
            plausible=(5.5, 10.0),
            max_age_days=365,
        ),
        given(
            "egfr",
            accepted=(15.0, 140.0),
            accepted_source="The paper states no bounds; those of PREVENT (Khan 2024)",
            plausible=(45.0, 110.0),
            max_age_days=365,
            from_="ckd_epi_2021.egfr",
        ),
    ),
    outputs=(
        risk(
            T("10-year cardiovascular disease (SCORE2-Diabetes)", "10 年心血管病风险（SCORE2-Diabetes）"),
            T("SCORE2-Diabetes", "SCORE2-Diabetes"),
            bands=(
                band(0.0, 0.05, T("Low", "低危")),
                band(0.05, 0.1, T("Moderate", "中危")),
                band(0.1, 0.2, T("High", "高危"), "caution"),
                band(0.2, 1.01, T("Very high", "极高危"), "high"),
            ),
            bands_source=T(
                "2023 ESC guideline on cardiovascular disease in diabetes (SCORE2-Diabetes, Europe)",
                "2023 年 ESC 糖尿病患者心血管病指南（SCORE2-Diabetes，欧洲）",
            ),
        ),
    ),
    graph=diabetes,
    question="cvd_10y",
    needs_any=MEASURED,
    indications=(
        Indication(("diabetes",), T("Made for people with type 2 diabetes", "仅用于 2 型糖尿病患者")),
    ),
    exclusions=(
        *FIRST_EVENT,
        Exclusion(
            "diabetes",
            0.0,
            T(
                "No diabetes: the equation is for type 2 diabetes; SCORE2 is for people without it",
                "无糖尿病：该方程用于 2 型糖尿病；无糖尿病者用 SCORE2",
            ),
            code="no_diabetes",
        ),
        Exclusion(
            "diabetes_type",
            TYPE["type_1"],
            T("Type 1 diabetes: the equation is for type 2", "1 型糖尿病：该方程仅用于 2 型糖尿病"),
            code="type_1_diabetes",
            unknown="diabetes_type_not_stated",
            unknown_message=T(
                "The file does not state the type of diabetes; in type 1 this result does not apply",
                "文件未说明糖尿病类型；1 型糖尿病不适用本结果",
            ),
        ),
        Exclusion(
            "diabetes_type",
            TYPE["other"],
            T(
                "Another type of diabetes: the equation is for type 2",
                "其他类型糖尿病：该方程仅用于 2 型糖尿病",
            ),
            code="other_diabetes",
        ),
    ),
    orders=(
        Order(
            "age_at_diabetes",
            "age",
            T("Diabetes found after the present age", "确诊糖尿病的年龄大于当前年龄"),
        ),
    ),
    regions=("europe",),
    guideline=T(
        "2023 ESC guideline on cardiovascular disease in diabetes", "2023 年 ESC 糖尿病患者心血管病指南"
    ),
    reference={
        "region": "same",
        **SAME,
        **OPTIMAL,
        "diabetes": 1,
        "age_at_diabetes": "same",
        "hba1c": 6.5,
        "egfr": 90,
    },
    baseline_name=T(
        "{person} with diabetes as long and optimal values: systolic 120, cholesterol 170, HDL 50, HbA1c 6.5 %, "
        "eGFR 90",
        "糖尿病病程相同、各项理想的{person}：收缩压 120、总胆固醇 170、HDL 50、HbA1c 6.5%、eGFR 90",
    ),
    citation="SCORE2-Diabetes Working Group and the ESC Cardiovascular Risk Collaboration. SCORE2-Diabetes: 10-year "
    "cardiovascular risk estimation in type 2 diabetes in Europe. Eur Heart J 2023;44:2544-2556. "
    "doi:10.1093/eurheartj/ehad260",
    facts={
        "development.criteria": T(
            "Four data sets of seven countries, 229,460 people with type 2 diabetes without cardiovascular disease, "
            "43,706 events",
            "七个国家的四个数据集，229,460 名无心血管病的 2 型糖尿病患者，43,706 例事件",
        ),
        "development.relevance": EUROPE_RELEVANCE,
        "out_of_scope.known_risks": T(
            "With severe target-organ damage (eGFR under 45, or under 60 with albuminuria, ACR above 300 mg/g, or "
            "small vessels affected in three places) the guideline sets very high risk without a score; retinopathy "
            "and neuropathy are no inputs and are not asked",
            "有严重靶器官损害（eGFR <45，或 <60 伴白蛋白尿，ACR >300 mg/g，或三处微血管病变）时，"
            "指南直接定为极高危，不用评分；视网膜病变和神经病变不是输入，也不询问",
        ),
        "external.data": T(
            "217,036 further people with type 2 diabetes (38,602 events) in Sweden, Spain, Malta and Croatia",
            "瑞典、西班牙、马耳他和克罗地亚另外 217,036 名 2 型糖尿病患者（38,602 例事件）",
        ),
    },
)

SCORE2_CKD = Equation(
    id="score2_ckd",
    title=T(
        "10-year cardiovascular disease with kidney measures, SCORE2-CKD",
        "10 年心血管病风险（含肾功能），SCORE2-CKD",
    ),
    name=T("SCORE2 CKD Add-on 2023", "SCORE2 肾病附加模型 2023"),
    summary=T(
        "SCORE2 or SCORE2-OP with the eGFR, and the urine ACR where it is known, set against what is expected for age, "
        "sex and risk factors.",
        "在 SCORE2 或 SCORE2-OP 基础上，将 eGFR（及已知的尿 ACR）与按年龄、性别和危险因素预期的数值相比后修正。",
    ),
    intended_use=T(
        "Primary prevention in reduced kidney function or albuminuria: to refine SCORE2",
        "肾功能下降或白蛋白尿者的一级预防：用于细化 SCORE2",
    ),
    not_for=T(
        "eGFR of 90 and above, after a cardiovascular event, diabetes, dialysis, kidney transplant, pregnancy; "
        "under 40 "
        "or over 89 years",
        "eGFR ≥90、已发生心血管事件、糖尿病、透析、肾移植、妊娠；40 岁以下或 89 岁以上",
    ),
    indication=T("eGFR below 90, 40 to 89 years, without diabetes", "eGFR <90、40 至 89 岁、无糖尿病"),
    population=T(
        "People of 40 to 89 years in Europe without cardiovascular disease and without diabetes",
        "欧洲 40 至 89 岁、无心血管病、无糖尿病者",
    ),
    age=(40.0, 89.0),
    on_request=True,
    inputs=(
        REGION,
        *inputs(40.0, 89.0, "SCORE2 40-69 years, SCORE2-OP 70-89 years (2021)"),
        given(
            "egfr",
            accepted=(15.0, 89.99),
            accepted_source="Offered for 15 to 89 only: above, two programs of the add-on disagree (see the card); "
            "under 15 kidney failure, not examined",
            beyond=T(
                "offered for 15 to 89 only; above, two programs of the add-on disagree by up to 9 percentage points",
                "仅用于 15 至 89；高于此范围时，该附加模型的两个程序相差至多 9 个百分点",
            ),
            plausible=(30.0, 85.0),
            max_age_days=365,
            from_="ckd_epi_2021.egfr",
        ),
        given(
            "uacr",
            needed=False,
            accepted=(0.1, 25000.0),
            accepted_source="Above 0 (logarithm); bounds of PREVENT (Khan 2024)",
            max_age_days=365,
        ),
    ),
    outputs=(
        risk(
            T("10-year cardiovascular disease (SCORE2-CKD)", "10 年心血管病风险（SCORE2-CKD）"),
            T("SCORE2-CKD", "SCORE2-CKD"),
        ),
    ),
    graph=kidney,
    question="cvd_10y",
    needs_any=("egfr", "creatinine", "uacr"),
    exclusions=(*FIRST_EVENT, TO_DIABETES),
    variants=(
        {"name": "acr", "title": T("with eGFR and urine ACR", "含 eGFR 和尿 ACR"), "needs": ["uacr"]},
        {"name": "egfr", "title": T("with eGFR", "含 eGFR"), "needs": []},
    ),
    reference={"region": "same", **SAME, **OPTIMAL, "egfr": 85, "uacr": 5},
    baseline_name=T(
        "{person} with optimal values: systolic 120, cholesterol 170, HDL 50, not smoking, eGFR 85, ACR 5 mg/g",
        "各项理想的{person}：收缩压 120、总胆固醇 170、HDL 50、不吸烟、eGFR 85、ACR 5 mg/g",
    ),
    notice=T(
        "Not settled: under about 60 years the authors' own program gives less (up to 4 percentage points in our "
        "comparison), since it also counts an expected eGFR above 90.",
        "尚未定论：约 60 岁以下，作者本人的程序因另计入预期 eGFR 高于 90 的部分，结果较低（在我们的比对中至多低 4 "
        "个百分点）。",
    ),
    citation="Matsushita K, Kaptoge S, Hageman SHJ, et al. Including measures of chronic kidney disease to improve "
    "cardiovascular risk prediction by SCORE2 and SCORE2-OP. Eur J Prev Cardiol 2023;30:8-16. "
    "doi:10.1093/eurjpc/zwac176",
    facts={
        "development.criteria": T(
            "34 data sets, 3,054,840 people; validated in 34 further data sets, 5,997,719 people",
            "34 个数据集，3,054,840 人；在另外 34 个数据集 5,997,719 人中验证",
        ),
        "development.relevance": EUROPE_RELEVANCE,
        "performance.validity_external": T(
            "C-statistic with eGFR and ACR 0.016 (0.010-0.023) higher than SCORE2 and 0.024 (0.014-0.035) higher than "
            "SCORE2-OP in people without diabetes (Matsushita 2023)",
            "无糖尿病者中，加入 eGFR 和 ACR 后 C 统计量较 SCORE2 高 0.016（0.010-0.023），较 SCORE2-OP 高 "
            "0.024（0.014-0.035）"
            "（Matsushita 2023）",
        ),
        "out_of_scope.known_risks": T(
            "Under 70 years the authors' program has two terms for an eGFR above 90 that the independent "
            "implementation "
            "compared with lacks: they move the result by up to 9 percentage points where the observed eGFR is "
            "above 90 "
            "(not offered here), and by up to 4 points below it where the expected eGFR is above 90, mostly under "
            "60 years. "
            "This bundle follows the implementation without them and gives the higher number",
            "70 岁以下，作者程序含两项针对 eGFR 高于 90 的项，而用于比对的独立实现没有：实测 eGFR 高于 90 "
            "时相差至多 9 个百分点（此处不提供）；"
            "实测低于 90 但预期高于 90 时（多为 60 岁以下）相差至多 4 个百分点。本模型采用不含该两项的实现，结果偏高",
        ),
    },
)
