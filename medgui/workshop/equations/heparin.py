"""Pretest probability of heparin-induced thrombocytopenia."""

from medgui.workshop.equations import Equation, T, band, choice, given, output, point_score

_FOUR_TS = (
    given("platelet_fall"),
    given("platelet_fall_timing"),
    given("hit_thrombosis"),
    given("other_thrombocytopenia_causes"),
)

FOUR_TS = Equation(
    id="four_ts",
    kind="score",
    evidence="guideline",
    title=T("Probability of heparin-induced thrombocytopenia, 4Ts", "肝素诱导的血小板减少可能性 4Ts 评分"),
    name=T("4Ts", "4Ts"),
    summary=T(
        "Fall of platelets, its timing, thrombosis and other causes: how likely is heparin-induced thrombocytopenia?",
        "根据血小板下降幅度、时间、血栓及其他原因，评估肝素诱导的血小板减少的可能性。",
    ),
    intended_use=T(
        "Whether heparin is stopped and antibodies are tested in suspected heparin-induced thrombocytopenia",
        "疑似肝素诱导的血小板减少时，决定是否停用肝素并检测抗体",
    ),
    not_for=T("People without exposure to heparin", "未接触肝素者"),
    indication=T("Suspected heparin-induced thrombocytopenia", "疑似肝素诱导的血小板减少"),
    population=T("Adults on heparin or after it", "正在或近期使用肝素的成人"),
    inputs=_FOUR_TS,
    outputs=(
        output(
            "points",
            T("4Ts points", "4Ts 评分"),
            scale=(0, 8),
            decimals=0,
            bands=(
                band(0, 4, T("Low probability", "低度可能")),
                band(4, 6, T("Intermediate: stop heparin, test", "中度可能：停肝素并检测"), "caution"),
                band(6, 9, T("High: stop heparin, test", "高度可能：停肝素并检测"), "high"),
            ),
            bands_source=T("American Society of Hematology guideline 2018", "美国血液学会指南 2018"),
        ),
    ),
    graph=point_score(
        choice("platelet_fall", (2, 1, 0)),
        choice("platelet_fall_timing", (2, 1, 0)),
        choice("hit_thrombosis", (2, 1, 0)),
        choice("other_thrombocytopenia_causes", (2, 1, 0)),
    ),
    question="heparin_thrombocytopenia",
    acute=True,
    guideline=T("American Society of Hematology 2018", "美国血液学会 2018"),
    reference={
        "platelet_fall": "fall_under_30_percent_or_nadir_under_10",
        "platelet_fall_timing": "day_0_to_4_without_recent_exposure",
        "hit_thrombosis": "none",
        "other_thrombocytopenia_causes": "definite",
    },
    baseline_name=T("a person with 0 points for each T", "四项均为 0 分者"),
    citation="Lo GK, Juhl D, Warkentin TE, Sigouin CS, Eichler P, Greinacher A. Evaluation of pretest clinical "
    "score (4 "
    "T's) for the diagnosis of heparin-induced thrombocytopenia in two clinical settings. J Thromb Haemost "
    "2006;4:759-765. doi:10.1111/j.1538-7836.2006.01787.x",
)
