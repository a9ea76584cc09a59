"""Severity of acute pancreatitis: BISAP and Glasgow (Imrie)."""

from medgui.workshop.equations import T, band, given, point_score, steps, yes
from medgui.workshop.equations.acute import bedside_score, encounter, measured, oxygen_pressure, points

PANCREATITIS = T("Acute pancreatitis, stated by the doctor", "医师诊断的急性胰腺炎")
ADULTS = T("Adults with acute pancreatitis", "急性胰腺炎成人患者")
UREA_16 = 44.83
"""Urea of 16 mmol/L as BUN is 44.80 (factor 2.8) to 44.82 mg/dL; a hair above, since the limit gives no point."""
CALCIUM_2 = 8.015
"""Calcium of 2 mmol/L is 8.016 mg/dL; a hair below, since the limit itself gives no point."""
GLUCOSE_10 = 180.17

_BISAP = encounter(
    given("age"),
    measured("bun"),
    measured("altered_mentation"),
    measured("sirs_points", from_="sirs.points"),
    given("pleural_effusion"),
)

BISAP = bedside_score(
    id="bisap",
    title=T("Severity of acute pancreatitis, BISAP", "急性胰腺炎严重程度 BISAP 评分"),
    name=T("BISAP", "BISAP"),
    summary=T(
        "Five items of the first 24 hours for death from acute pancreatitis.",
        "入院 24 小时内五项指标预测急性胰腺炎死亡。",
    ),
    intended_use=T("Early severity of acute pancreatitis", "早期评估急性胰腺炎严重程度"),
    not_for=T("Chronic pancreatitis; not in place of clinical judgement", "慢性胰腺炎；不能代替临床判断"),
    indication=PANCREATITIS,
    population=ADULTS,
    inputs=_BISAP,
    outputs=(points(T("BISAP points", "BISAP 评分"), 5),),
    graph=point_score(
        steps("age", 0, (61, 1)),
        steps("bun", 0, (25, 1), above=True),
        yes("altered_mentation", 1),
        steps("sirs_points", 0, (2, 1)),
        yes("pleural_effusion", 1),
    ),
    question="pancreatitis",
    facts={
        "out_of_scope.known_risks": T(
            "No category is drawn: no guideline that we could check sets one. In the derivation death was rarer than "
            "1 % with the lowest points and more frequent than 20 % with the highest (Wu 2008)",
            "不显示分级：未能核实有指南据此分级。推导研究中最低分者病死率 < 1%，最高分者 > 20%（Wu 2008）",
        )
    },
    citation="Wu B, Johannes RS, Sun X, Tabak Y, Conwell DL, Banks PA. The early prediction of mortality in acute "
    "pancreatitis: a large population-based study. Gut 2008;57:1698-1703. doi:10.1136/gut.2008.152702",
)

_GLASGOW = encounter(
    given("age"),
    oxygen_pressure(),
    measured("wbc"),
    measured("calcium"),
    measured("bun"),
    measured("ldh"),
    measured("albumin"),
    measured("glucose"),
)

GLASGOW_PANCREATITIS = bedside_score(
    id="glasgow_pancreatitis",
    evidence="guideline",
    title=T("Severity of acute pancreatitis, Glasgow (Imrie)", "急性胰腺炎严重程度 Glasgow（Imrie）评分"),
    name=T("Glasgow pancreatitis", "Glasgow 胰腺炎"),
    summary=T(
        "Eight values of the first 48 hours; three or more mean severe pancreatitis.",
        "48 小时内八项指标；≥ 3 项提示重症胰腺炎。",
    ),
    intended_use=T("Severity of acute pancreatitis within 48 hours", "48 小时内评估急性胰腺炎严重程度"),
    not_for=T(
        "After 48 hours; the item of glucose is for people without known diabetes",
        "48 小时后；血糖项仅适用于无已知糖尿病者",
    ),
    indication=PANCREATITIS,
    population=ADULTS,
    inputs=_GLASGOW,
    outputs=(
        points(
            T("Glasgow pancreatitis points", "Glasgow 胰腺炎评分"),
            8,
            band(0, 3, T("Severe pancreatitis less likely", "重症可能性较小")),
            band(3, 9, T("Severe pancreatitis likely", "重症可能性大"), "high"),
            source=T("UK guidelines 2005", "英国指南 2005"),
        ),
    ),
    graph=point_score(
        steps("age", 0, (56, 1)),
        steps("pao2", 1, (60, 0)),
        steps("wbc", 0, (15, 1), above=True),
        steps("calcium", 1, (CALCIUM_2, 0)),
        steps("bun", 0, (UREA_16, 1), above=True),
        steps("ldh", 0, (600, 1), above=True),
        steps("albumin", 1, (3.2, 0)),
        steps("glucose", 0, (GLUCOSE_10, 1), above=True),
    ),
    question="pancreatitis",
    regions=("uk",),
    guideline=T("UK guidelines 2005", "英国指南 2005"),
    citation="Blamey SL, Imrie CW, O'Neill J, Gilmour WH, Carter DC. Prognostic factors in acute pancreatitis. Gut "
    "1984;25:1340-1346. doi:10.1136/gut.25.12.1340",
)
