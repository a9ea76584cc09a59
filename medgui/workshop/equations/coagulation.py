"""Disseminated coagulation and reactive haemophagocytosis."""

import math

from medgui.workshop.equations import T, band, choice, given, point_score, steps, yes
from medgui.workshop.equations.acute import bedside_score, encounter, measured, points

_DIC = encounter(*map(measured, ("platelets", "d_dimer_multiple", "pt_prolongation", "fibrinogen")))

ISTH_DIC = bedside_score(
    id="isth_overt_dic",
    evidence="guideline",
    title=T("Overt disseminated intravascular coagulation, ISTH 2025", "显性弥散性血管内凝血 ISTH 2025 评分"),
    name=T("ISTH overt DIC", "ISTH 显性 DIC"),
    summary=T(
        "Platelets, D-dimer, prothrombin time and fibrinogen where a disease causes coagulation in the vessels.",
        "存在可致 DIC 的基础疾病时，按血小板、D-二聚体、凝血酶原时间和纤维蛋白原计分。",
    ),
    intended_use=T("Diagnosis of overt DIC with a disease that causes it", "存在基础病因时诊断显性 DIC"),
    not_for=T(
        "People without a cause of DIC; early DIC is not excluded", "无 DIC 基础病因者；不能排除早期 DIC"
    ),
    indication=T("A disease known to cause DIC", "存在已知可致 DIC 的疾病"),
    inputs=_DIC,
    outputs=(
        points(
            T("ISTH DIC points", "ISTH DIC 评分"),
            8,
            band(0, 5, T("Not overt; repeat", "非显性 DIC；动态复查")),
            band(5, 9, T("Overt DIC", "显性 DIC"), "high"),
            source=T("ISTH 2025", "ISTH 2025"),
        ),
    ),
    graph=point_score(
        steps("platelets", 2, (50, 1), (100, 0)),
        steps("d_dimer_multiple", 0, (3, 2), (7, 3), above=True),
        steps("pt_prolongation", 0, (3, 1), (6, 2)),
        steps("fibrinogen", 1, (100, 0)),
    ),
    question="coagulation",
    guideline=T("ISTH 2025", "ISTH 2025"),
    citation="Iba T, Levy JH, Maier CL, et al. Updated definition and scoring of disseminated intravascular "
    "coagulation in 2025: communication from the ISTH SSC Subcommittee on Disseminated Intravascular Coagulation. J "
    "Thromb Haemost 2025;23:2356-2362. doi:10.1016/j.jtha.2025.03.038",
)

_SIC = encounter(*map(measured, ("platelets", "inr", "sofa_four_systems")))

SIC = bedside_score(
    id="sic",
    evidence="guideline",
    title=T("Sepsis-induced coagulopathy, SIC", "脓毒症相关凝血病 SIC 评分"),
    name=T("SIC", "SIC"),
    summary=T(
        "Platelets, INR and four organs of SOFA in sepsis.", "脓毒症时按血小板、INR 和 SOFA 四个器官计分。"
    ),
    intended_use=T("Early coagulopathy in sepsis", "早期识别脓毒症相关凝血病"),
    not_for=T(
        "People without sepsis; on an anticoagulant the INR misleads", "非脓毒症者；抗凝治疗时 INR 不可靠"
    ),
    indication=T("Sepsis", "脓毒症"),
    population=T("Adults with sepsis", "脓毒症成人患者"),
    inputs=_SIC,
    outputs=(
        points(
            T("SIC points", "SIC 评分"),
            6,
            band(0, 4, T("No SIC", "未达 SIC")),
            band(
                4,
                7,
                T("SIC, if over 2 come from platelets and INR", "SIC（血小板与 INR 合计须 > 2 分）"),
                "high",
            ),
            source=T("ISTH 2019", "ISTH 2019"),
        ),
    ),
    graph=point_score(
        steps("platelets", 2, (100, 1), (150, 0)),
        steps("inr", 0, (1.2, 1), (1.4, 2), above=True),
        steps("sofa_four_systems", 0, (1, 1), (2, 2)),
    ),
    question="coagulation",
    guideline=T("ISTH 2019", "ISTH 2019"),
    citation="Iba T, Di Nisio M, Levy JH, Kitamura N, Thachil J. New criteria for sepsis-induced coagulopathy (SIC) "
    "following the revised sepsis definition. BMJ Open 2017;7:e017046. doi:10.1136/bmjopen-2017-017046",
)

_HSCORE = encounter(
    given("immunosuppression", assume_absent=False),
    measured("temperature"),
    given("organ_enlargement"),
    given("cytopenia_lines"),
    measured("ferritin"),
    measured("triglycerides"),
    measured("fibrinogen"),
    measured("ast"),
    given("haemophagocytosis"),
)

HSCORE = bedside_score(
    id="hscore",
    title=T("Reactive haemophagocytic syndrome, HScore", "反应性噬血细胞综合征 HScore"),
    name=T("HScore", "HScore"),
    summary=T(
        "Nine findings for secondary haemophagocytic lymphohistiocytosis.",
        "评估继发性噬血细胞性淋巴组织细胞增生症的九项指标。",
    ),
    intended_use=T("Probability of reactive haemophagocytic syndrome", "评估反应性噬血细胞综合征的可能性"),
    not_for=T(
        "Children; primary disease; not in place of a specialist", "儿童；原发性疾病；不能代替专科判断"
    ),
    indication=T("Suspected haemophagocytic syndrome", "疑似噬血细胞综合征"),
    inputs=_HSCORE,
    outputs=(points(T("HScore points", "HScore 评分"), 337),),
    graph=point_score(
        yes("immunosuppression", 18),
        steps("temperature", 0, (38.4, 33), (math.nextafter(39.4, 40), 49)),
        choice("organ_enlargement", (0, 23, 38)),
        steps("cytopenia_lines", 0, (2, 24), (3, 34)),
        steps("ferritin", 0, (2000, 35), (math.nextafter(6000, 6001), 50)),
        steps("triglycerides", 0, (132.7, 44), (354.5, 64)),
        steps("fibrinogen", 30, (math.nextafter(250, 251), 0)),
        steps("ast", 0, (30, 19)),
        yes("haemophagocytosis", 35),
    ),
    question="critical_illness",
    citation="Fardet L, Galicier L, Lambotte O, et al. Development and validation of the HScore, a score for the "
    "diagnosis of reactive hemophagocytic syndrome. Arthritis Rheumatol 2014;66:2613-2620. doi:10.1002/art.38690",
    facts={
        "out_of_scope.known_risks": T(
            "The authors' best limit was 169 points (sensitivity 93 %, specificity 86 % in their own patients). "
            "Triglyceride "
            "limits are 1.5 and 4 mmol/L (132.7 and 354 mg/dL).",
            "原作者的最佳界值为 169 分（在其自身患者中敏感度 93%、特异度 86%）。甘油三酯界值为 1.5 和 4 mmol/L。",
        )
    },
)
