"""Severity of cirrhosis: MELD, MELD-Na, MELD 3.0, UKELD, Child-Pugh, ALBI."""

from typing import Any

from medgui.inference.manifest import Indication, InputSpec
from medgui.workshop.equations import Equation, T, band, given, output
from medgui.workshop.equations.liver_graphs import albi, child_pugh, meld, meld_3, meld_na, ukeld

TWO_DAYS, THREE_MONTHS = 2, 90
WIDE = "Values that a laboratory reports; the bounds inside the score are part of it"
IN_CIRRHOSIS = (Indication(("cirrhosis",), T("Made for people with cirrhosis", "仅用于肝硬化患者")),)
WITHOUT = T(
    "Without cirrhosis; an INR raised by an anticoagulant makes the score too high.",
    "不用于无肝硬化者；抗凝药引起的 INR 升高会使评分偏高。",
)
ANTICOAGULANT = T(
    "Warfarin and other anticoagulants raise the INR and with it the score; creatinine understates kidney "
    "failure in people with little muscle, more often women",
    "华法林等抗凝药使 INR 和评分升高；肌肉量少者（多为女性）的肌酐会低估肾功能损害",
)
POPULATION = T("Adults with cirrhosis", "肝硬化成人患者")


def _measured(name: str, lo: float, hi: float, *others: str) -> InputSpec:
    """A value of the past three months; *others* lie within two days of it (MELD)."""
    keys: dict[str, Any] = {"accepted": (lo, hi), "accepted_source": WIDE, "varies": False}
    keys["max_age_days"] = THREE_MONTHS
    if others:
        keys |= {"max_spread_days": TWO_DAYS, "spread_with": others}
    return given(name, **keys)


def _bilirubin(*others: str) -> InputSpec:
    return _measured("bilirubin_total", 0.05, 80.0, *others)


_CREATININE = _measured("creatinine", 0.05, 40.0)
_INR = _measured("inr", 0.5, 30.0)
_SODIUM = _measured("sodium", 80.0, 220.0)
_ALBUMIN = _measured("albumin", 0.3, 8.0)
_DIALYSIS = given("dialysis_past_week")


_HEALTHY = {"bilirubin_total": 0.8, "inr": 1.0, "creatinine": 0.8, "dialysis_past_week": 0}
_HEALTHY_NAME = T(
    "a person with bilirubin 0.8 mg/dL, INR 1.0, creatinine 0.8 mg/dL and no dialysis",
    "胆红素 0.8 mg/dL、INR 1.0、肌酐 0.8 mg/dL 且未透析者",
)
_SODIUM_TOO = T(
    "a person with bilirubin 0.8 mg/dL, INR 1.0, creatinine 0.8 mg/dL, sodium 140 mmol/L and no dialysis",
    "胆红素 0.8 mg/dL、INR 1.0、肌酐 0.8 mg/dL、钠 140 mmol/L 且未透析者",
)
_OPTN = T("OPTN liver allocation policy 2023", "OPTN 2023 年肝脏分配政策")


def _points(name: str, title: str, lo: float, hi: float, **keys: Any) -> Any:
    return output(name, T(title, title), scale=(lo, hi), decimals=0, **keys)


MELD = Equation(
    id="meld",
    kind="score",
    title=T("Severity of cirrhosis, MELD", "肝硬化严重程度 MELD"),
    name=T("MELD (2001, UNOS)", "MELD（2001，UNOS）"),
    summary=T(
        "Superseded by MELD 3.0 for the allocation of livers in the United States; from bilirubin, INR and "
        "creatinine.",
        "在美国肝脏分配中已被 MELD 3.0 取代；由胆红素、INR 和肌酐计算。",
    ),
    intended_use=T(
        "Prognosis within three months and comparison over time.", "用于三个月预后判断和动态比较。"
    ),
    not_for=WITHOUT,
    indication=T("Cirrhosis.", "肝硬化。"),
    population=POPULATION,
    inputs=(_bilirubin("inr", "creatinine"), _INR, _CREATININE, _DIALYSIS),
    outputs=(_points("meld", "MELD", 6, 40),),
    graph=meld,
    question="liver_failure",
    on_request=True,
    inpatient=True,
    indications=IN_CIRRHOSIS,
    reference=_HEALTHY,
    baseline_name=_HEALTHY_NAME,
    facts={"out_of_scope.known_risks": ANTICOAGULANT},
    citation="Kamath PS, Wiesner RH, Malinchoc M, et al. A model to predict survival in patients with "
    "end-stage liver disease. Hepatology 2001;33:464-470. doi:10.1053/jhep.2001.22172",
)

MELD_NA = Equation(
    id="meld_na",
    kind="score",
    title=T("Severity of cirrhosis, MELD-Na", "肝硬化严重程度 MELD-Na"),
    name=T("MELD-Na (OPTN 2016)", "MELD-Na（OPTN 2016）"),
    summary=T(
        "MELD with sodium, by which livers were allocated in the United States from 2016 to 2023. Sodium "
        "counts above 11 points.",
        "加入血钠的 MELD，2016-2023 年用于美国肝脏分配。MELD 超过 11 分时计入血钠。",
    ),
    intended_use=T(
        "Prognosis within three months and comparison over time.", "用于三个月预后判断和动态比较。"
    ),
    not_for=WITHOUT,
    indication=T("Cirrhosis.", "肝硬化。"),
    population=POPULATION,
    inputs=(_bilirubin("inr", "creatinine", "sodium"), _INR, _CREATININE, _SODIUM, _DIALYSIS),
    outputs=(_points("meld_na", "MELD-Na", 6, 40),),
    graph=meld_na,
    question="liver_failure",
    inpatient=True,
    indications=IN_CIRRHOSIS,
    reference={**_HEALTHY, "sodium": 140},
    baseline_name=_SODIUM_TOO,
    facts={
        "out_of_scope.known_risks": ANTICOAGULANT,
        "development.criteria": T(
            "This is the form of OPTN policy 9.1 (2016): MELD without sodium is a whole number before the limit "
            "of 11 points is applied (its sum is rounded to one decimal and then multiplied by 10), and so is "
            "the result. Some programs round later and count sodium from 11.1 points on. The older form of "
            "2008, MELD - Na - 0.025 MELD (140 - Na) + 140, gives other figures (15 instead of 6 for normal "
            "values with a sodium of 130) and is not computed here",
            "采用 OPTN 9.1 号政策（2016）的公式：不含钠的 MELD 先取整数（总和保留一位小数后乘以 10），再判断是否超过 "
            "11 分，最终结果亦取整数。部分程序取整较晚，自 11.1 分起即计入血钠。2008 年旧公式 MELD - Na - 0.025 × MELD "
            "× (140 - Na) + 140 结果不同（各项正常、血钠 130 时为 15 而非 6），此处不计算",
        ),
    },
    citation="Kim WR, Biggins SW, Kremers WK, et al. Hyponatremia and mortality among patients on the "
    "liver-transplant waiting list. N Engl J Med 2008;359:1018-1026; OPTN policy 9.1, 2016. "
    "doi:10.1056/NEJMoa0801209",
)

MELD_3 = Equation(
    id="meld_3",
    kind="score",
    evidence="guideline",
    title=T("Severity of cirrhosis, MELD 3.0", "肝硬化严重程度 MELD 3.0"),
    name=T("MELD 3.0", "MELD 3.0"),
    summary=T(
        "From bilirubin, INR, creatinine, sodium, albumin and sex: the score by which livers are allocated "
        "in the United States. It ranks the risk of death within three months; it is no percentage.",
        "由胆红素、INR、肌酐、血钠、白蛋白和性别计算，是美国现行的肝脏分配评分。用于三个月死亡风险排序，"
        "并非百分比。",
    ),
    intended_use=T(
        "Referral for transplant, prognosis, comparison over time.", "用于肝移植转诊、预后判断和动态比较。"
    ),
    not_for=WITHOUT,
    indication=T("Cirrhosis.", "肝硬化。"),
    population=POPULATION,
    inputs=(
        given("age", accepted=(18.0, 120.0), accepted_source="Adults; adolescents get other points"),
        given("sex"),
        _bilirubin("inr", "creatinine", "sodium", "albumin"),
        _INR,
        _CREATININE,
        _SODIUM,
        _ALBUMIN,
        _DIALYSIS,
    ),
    outputs=(_points("meld_3", "MELD 3.0", 6, 40),),
    graph=meld_3,
    question="liver_failure",
    regions=("us",),
    guideline=_OPTN,
    inpatient=True,
    indications=IN_CIRRHOSIS,
    reference={**_HEALTHY, "age": "same", "sex": "same", "sodium": 140, "albumin": 4.2},
    baseline_name=T(
        "{person} with bilirubin 0.8 mg/dL, INR 1.0, creatinine 0.8 mg/dL, sodium 140 mmol/L and albumin 4.2 "
        "g/dL",
        "胆红素 0.8 mg/dL、INR 1.0、肌酐 0.8 mg/dL、钠 140 mmol/L、白蛋白 42 g/L 的{person}",
    ),
    facts={
        "out_of_scope.known_risks": ANTICOAGULANT,
        "development.criteria": T(
            "Adults on the liver waiting list of the United States, 2016 to 2018",
            "美国肝移植等待名单成人，2016-2018 年",
        ),
        "fairness.approach": T(
            "Sex was added because MELD-Na put women at a disadvantage; no groups are recorded here",
            "因 MELD-Na 对女性不利而加入性别项；此处未记录各人群的结果",
        ),
    },
    citation="Kim WR, Mannalithara A, Heimbach JK, et al. MELD 3.0: the model for end-stage liver disease "
    "updated for the modern era. Gastroenterology 2021;161:1887-1895. doi:10.1053/j.gastro.2021.08.050",
)

UKELD = Equation(
    id="ukeld",
    kind="score",
    title=T("Severity of cirrhosis, UKELD", "肝硬化严重程度 UKELD"),
    name=T("UKELD", "UKELD"),
    summary=T(
        "From INR, creatinine, bilirubin and sodium: from 49 on an adult may be put on the elective list for "
        "a liver in the United Kingdom.",
        "由 INR、肌酐、胆红素和血钠计算：达到 49 分时，英国成人可列入择期肝移植名单。",
    ),
    intended_use=T("Listing for transplant in the United Kingdom.", "用于英国肝移植登记。"),
    not_for=WITHOUT,
    indication=T("Cirrhosis.", "肝硬化。"),
    population=POPULATION,
    inputs=(_bilirubin("inr", "creatinine", "sodium"), _INR, _CREATININE, _SODIUM),
    outputs=(
        _points(
            "ukeld",
            "UKELD",
            30,
            80,
            bands=(
                band(-1000, 49, T("Below the minimum for the elective list", "低于择期登记下限")),
                band(49, 1000, T("Reaches the minimum for the elective list", "达到择期登记下限"), "caution"),
            ),
            bands_source=T("UK minimal listing criteria, Neuberger 2008", "英国最低登记标准，Neuberger 2008"),
        ),
    ),
    graph=ukeld,
    question="liver_failure",
    on_request=True,
    regions=("uk",),
    guideline=T("UK minimal listing criteria 2008", "英国 2008 年最低登记标准"),
    inpatient=True,
    indications=IN_CIRRHOSIS,
    reference={"bilirubin_total": 0.8, "inr": 1.0, "creatinine": 0.8, "sodium": 140},
    baseline_name=_SODIUM_TOO,
    facts={
        "out_of_scope.known_risks": ANTICOAGULANT,
        "development.criteria": T(
            "Adults on the liver list of the United Kingdom, 2003 to 2006. The score is rounded to a whole number; "
            "the list asks for 49 or more (about 9 % dead within a year without a transplant), with exceptions "
            "such as liver cancer and variant syndromes. Dialysis is no part of it",
            "英国肝移植等待名单成人，2003-2006 年。评分取整数；登记要求 ≥ 49 分（未移植者一年死亡率约 9%），"
            "肝癌及特殊综合征等另有规定。未计入透析",
        ),
    },
    citation="Barber K, Madden S, Allen J, et al. Elective liver transplant list mortality: development of a "
    "United Kingdom end-stage liver disease score. Transplantation 2011;92:469-476. "
    "doi:10.1097/TP.0b013e318225db4d",
)

CHILD_PUGH = Equation(
    id="child_pugh",
    kind="score",
    evidence="guideline",
    title=T("Severity of cirrhosis, Child-Pugh", "肝硬化严重程度 Child-Pugh"),
    name=T("Child-Pugh", "Child-Pugh"),
    summary=T(
        "Points for bilirubin, albumin, INR, ascites and encephalopathy: class A, B or C. Doses of many "
        "drugs go by it.",
        "按胆红素、白蛋白、INR、腹水和肝性脑病评分：A、B 或 C 级。许多药物的剂量以此为依据。",
    ),
    intended_use=T(
        "Class of cirrhosis, doses of drugs, risk of surgery.", "用于肝硬化分级、药物剂量和手术风险。"
    ),
    not_for=T(
        "Without cirrhosis; primary biliary cholangitis, which has other limits for bilirubin.",
        "不用于无肝硬化者；原发性胆汁性胆管炎的胆红素界值不同。",
    ),
    indication=T("Cirrhosis.", "肝硬化。"),
    population=POPULATION,
    inputs=(
        _bilirubin("inr", "albumin"),
        _ALBUMIN,
        _INR,
        given("ascites"),
        given("encephalopathy"),
    ),
    outputs=(
        _points(
            "points",
            "Child-Pugh",
            5,
            15,
            bands=(
                band(5, 7, T("Class A", "A 级")),
                band(7, 10, T("Class B", "B 级"), "caution"),
                band(10, 16, T("Class C", "C 级"), "high"),
            ),
            bands_source=T("EASL cirrhosis guideline 2018", "EASL 2018 肝硬化指南"),
        ),
    ),
    graph=child_pugh,
    question="liver_failure",
    regions=("us", "europe", "uk", "china"),
    guideline=T("EASL cirrhosis guideline 2018", "EASL 2018 肝硬化指南"),
    inpatient=True,
    indications=IN_CIRRHOSIS,
    reference={
        "bilirubin_total": 0.8,
        "albumin": 4.2,
        "inr": 1.0,
        "ascites": "none",
        "encephalopathy": "none",
    },
    baseline_name=T("a person with compensated cirrhosis and normal values", "代偿期且各项正常者"),
    facts={
        "out_of_scope.known_risks": T(
            "Ascites and encephalopathy are judged by the examiner; an anticoagulant raises the INR",
            "腹水和肝性脑病由医师判断；抗凝药会使 INR 升高",
        )
    },
    citation="Pugh RN, Murray-Lyon IM, Dawson JL, et al. Transection of the oesophagus for bleeding "
    "oesophageal varices. Br J Surg 1973;60:646-649. doi:10.1002/bjs.1800600817",
)

ALBI = Equation(
    id="albi",
    kind="score",
    title=T("Liver function in liver cancer, ALBI", "肝癌患者肝功能 ALBI"),
    name=T("ALBI", "ALBI"),
    summary=T(
        "Liver function from albumin and bilirubin alone, in grades 1 to 3; without signs that the examiner "
        "judges.",
        "仅由白蛋白和胆红素评价肝功能，分 1-3 级；不依赖主观体征。",
    ),
    intended_use=T(
        "Liver function before treatment of hepatocellular carcinoma.", "用于肝细胞癌治疗前的肝功能评价。"
    ),
    not_for=T("Acute liver injury, obstruction of the bile ducts.", "不用于急性肝损伤、胆道梗阻。"),
    indication=T("Hepatocellular carcinoma or cirrhosis.", "肝细胞癌或肝硬化。"),
    population=T("Adults with hepatocellular carcinoma or cirrhosis", "肝细胞癌或肝硬化成人患者"),
    inputs=(_bilirubin("albumin"), _ALBUMIN),
    outputs=(
        output(
            "albi",
            T("ALBI score", "ALBI 评分"),
            short_title=T("ALBI", "ALBI"),
            scale=(-4, 0),
            bands=(
                band(-1000, -2.595, T("Grade 1", "1 级")),
                band(-2.595, -1.385, T("Grade 2", "2 级"), "caution"),
                band(-1.385, 1000, T("Grade 3", "3 级"), "high"),
            ),
            bands_source=T("Grades of Johnson 2015", "Johnson 2015 分级"),
            decimals=2,
        ),
    ),
    graph=albi,
    question="liver_failure",
    inpatient=True,
    on_request=True,
    reference={"bilirubin_total": 0.8, "albumin": 4.2},
    baseline_name=T(
        "a person with bilirubin 0.8 mg/dL and albumin 4.2 g/dL", "胆红素 0.8 mg/dL、白蛋白 42 g/L 者"
    ),
    facts={
        "development.criteria": T(
            "1,313 Japanese patients with hepatocellular carcinoma", "1,313 名日本肝细胞癌患者"
        )
    },
    citation="Johnson PJ, Berhane S, Kagebayashi C, et al. Assessment of liver function in patients with "
    "hepatocellular carcinoma: a new evidence-based approach, the ALBI grade. J Clin Oncol 2015;33:550-558. "
    "doi:10.1200/JCO.2014.57.9151",
)
