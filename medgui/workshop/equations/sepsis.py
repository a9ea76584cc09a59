"""Scores of organ failure in suspected infection: qSOFA and SOFA."""

from collections.abc import Mapping

import numpy as np
import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.workshop.equation import as_flag, number, or_zero
from medgui.workshop.equations import Equation, T, band, output, point_score, steps, yes
from medgui.workshop.equations.acute import A_WELL_PERSON, bedside_score, encounter, measured, points, well
from medgui.workshop.equations.forms import missing_if
from medgui.workshop.equations.points import choice, total

_QSOFA = encounter(measured("respiratory_rate"), measured("systolic_bp"), measured("altered_mentation"))

QSOFA = Equation(
    id="qsofa",
    kind="score",
    evidence="guideline",
    title=T("Quick SOFA in suspected infection", "疑似感染的快速 SOFA 评分（qSOFA）"),
    name=T("qSOFA", "qSOFA"),
    summary=T(
        "Three bedside signs that mark a poor outcome in suspected infection.",
        "疑似感染时提示预后不良的三项床旁体征。",
    ),
    intended_use=T(
        "Reminder to look for organ dysfunction in suspected infection outside intensive care",
        "非 ICU 疑似感染患者，提示查找器官功能障碍",
    ),
    not_for=T(
        "Not to exclude sepsis: a score below 2 does not; the Surviving Sepsis Campaign 2021 advises against qSOFA as "
        "the only screening tool",
        "不可用于排除脓毒症：低于 2 分不能排除；2021 年拯救脓毒症运动指南建议不将 qSOFA 作为唯一筛查工具",
    ),
    indication=T("Suspected infection, stated by the doctor", "医师判断为疑似感染"),
    population=T("Adults with suspected infection", "疑似感染的成人"),
    inputs=_QSOFA,
    outputs=(
        output(
            "points",
            T("qSOFA points", "qSOFA 评分"),
            scale=(0, 3),
            decimals=0,
            bands=(
                band(0, 2, T("Not positive; sepsis is not excluded", "阴性；不能排除脓毒症")),
                band(2, 4, T("Positive: look for organ dysfunction", "阳性：查找器官功能障碍"), "high"),
            ),
            bands_source=T("Sepsis-3 consensus 2016", "Sepsis-3 国际共识 2016"),
        ),
    ),
    graph=point_score(
        steps("respiratory_rate", 0, (22, 1)),
        steps("systolic_bp", 1, (100, 0), above=True),
        yes("altered_mentation", 1),
    ),
    question="deterioration",
    acute=True,
    guideline=T("Sepsis-3 consensus 2016", "Sepsis-3 国际共识 2016"),
    reference=well(_QSOFA),
    baseline_name=A_WELL_PERSON,
    citation="Seymour CW, Liu VX, Iwashyna TJ, et al. Assessment of clinical criteria for sepsis: for the Third "
    "International Consensus Definitions for Sepsis and Septic Shock (Sepsis-3). JAMA 2016;315:762-774. "
    "doi:10.1001/jama.2016.0288",
)

_SOFA = encounter(
    measured("pao2_fio2"),
    measured("respiratory_support"),
    measured("platelets"),
    measured("glasgow_coma_scale"),
    measured("cardiovascular_support"),
    measured("bilirubin_total"),
    measured("creatinine"),
)


def _sofa(x: Mapping[str, Var]) -> dict[str, Var]:
    """The six organ systems; 3 and 4 points of the lung only with respiratory support."""
    always = total(
        x,
        [
            steps("pao2_fio2", 2, (300, 1), (400, 0)),
            steps("platelets", 4, (20, 3), (50, 2), (100, 1), (150, 0)),
            steps("bilirubin_total", 0, (1.2, 1), (2.0, 2), (6.0, 3), (12.0, 4)),
            steps("creatinine", 0, (1.2, 1), (2.0, 2), (3.5, 3), (5.0, 4)),
            steps("glasgow_coma_scale", 4, (6, 3), (10, 2), (13, 1), (15, 0)),
            choice("cardiovascular_support", (0, 1, 2, 3, 4)),
        ],
    )
    supported = total(x, [steps("pao2_fio2", 2, (100, 1), (200, 0))])
    return {"points": op.add(always, op.mul(supported, x["respiratory_support"]))}


SOFA = Equation(
    id="sofa",
    kind="score",
    evidence="guideline",
    title=T("Sequential organ failure assessment, SOFA", "序贯器官衰竭评分 SOFA"),
    name=T("SOFA", "SOFA"),
    summary=T(
        "Points for the failure of six organ systems, worst values of 24 hours. An acute rise of 2 or more with "
        "infection is sepsis (Sepsis-3, 2016).",
        "六个器官系统 24 小时内最差值的功能衰竭评分。感染时急性升高 ≥ 2 分即为脓毒症（Sepsis-3，2016）。",
    ),
    intended_use=T(
        "Degree of organ failure in intensive care and in sepsis", "评估重症及脓毒症患者器官衰竭程度"
    ),
    not_for=T(
        "A single total is no diagnosis of sepsis: the change from the patient's own baseline counts",
        "单次总分不能诊断脓毒症，应看较患者自身基线的变化",
    ),
    indication=T("Critical illness or suspected sepsis", "危重症或疑似脓毒症"),
    population=T("Adults in intensive care or with suspected sepsis", "ICU 或疑似脓毒症的成人"),
    inputs=_SOFA,
    outputs=(output("points", T("SOFA points", "SOFA 评分"), scale=(0, 24), decimals=0),),
    graph=_sofa,
    question="deterioration",
    acute=True,
    guideline=T("Sepsis-3 consensus 2016", "Sepsis-3 国际共识 2016"),
    reference=well(_SOFA),
    baseline_name=A_WELL_PERSON,
    citation="Vincent JL, Moreno R, Takala J, et al. The SOFA (Sepsis-related Organ Failure Assessment) score to "
    "describe organ dysfunction/failure. Intensive Care Med 1996;22:707-710. doi:10.1007/BF01709751",
    facts={
        "out_of_scope.known_risks": T(
            "The limits are those in mg/dL; the rounded limits in µmol/L of the first table differ near a step. Urine "
            "output, the other criterion of the kidney, is not asked. PaO2/FiO2 below 20 mmHg is refused as "
            "impossible: "
            "an independent implementation gives points down to 0.5 mmHg.",
            "采用 mg/dL 界值；原表中 µmol/L 的取整界值在分界附近略有不同。未使用肾脏的另一标准尿量。氧合指数低于 20 "
            "mmHg 视为不可能值而拒绝；某独立实现对低至 0.5 mmHg 的数值仍计分。",
        )
    },
)

_SIRS = encounter(
    measured("temperature"),
    measured("heart_rate"),
    measured("respiratory_rate"),
    measured("paco2", needed=False),
    measured("wbc"),
    measured("band_forms_percent", needed=False),
)


def _sirs(x: Mapping[str, Var]) -> dict[str, Var]:
    """Four criteria; PaCO2 and band forms count where they were measured."""
    low_gas = op.less(op.where(op.isnan(x["paco2"]), number(40.0), x["paco2"]), number(32.0))
    young = op.greater(or_zero(x["band_forms_percent"]), number(10.0))
    breath = op.or_(op.greater(x["respiratory_rate"], number(20.0)), low_gas)
    cells = op.or_(op.greater(x["wbc"], number(12.0)), op.less(x["wbc"], number(4.0)))
    signs = total(x, [steps("temperature", 1, (36, 0)), steps("temperature", 0, (38, 1), above=True)])
    others = op.concat([as_flag(breath), as_flag(op.or_(cells, young))], axis=1)
    both = op.reduce_sum(others, op.const(np.array([1], dtype=np.int64)), keepdims=1)
    fast = total(x, [steps("heart_rate", 0, (90, 1), above=True)])
    return {"points": missing_if(op.sum([signs, fast, both]), x["respiratory_rate"], x["wbc"])}


SIRS = bedside_score(
    id="sirs",
    title=T("Systemic inflammatory response, SIRS", "全身炎症反应综合征 SIRS"),
    name=T("SIRS", "SIRS"),
    summary=T(
        "Temperature, heart rate, breathing and white cells; two or more are a systemic inflammatory response.",
        "体温、心率、呼吸和白细胞；符合 ≥ 2 项为全身炎症反应综合征。",
    ),
    intended_use=T(
        "Screening for a systemic response in infection and pancreatitis", "感染和胰腺炎时筛查全身反应"
    ),
    not_for=T("Definition of sepsis, which is SOFA since 2016", "不用于定义脓毒症（2016 年起以 SOFA 为准）"),
    indication=T("Suspected infection or acute pancreatitis", "疑似感染或急性胰腺炎"),
    inputs=_SIRS,
    outputs=(points(T("SIRS criteria", "SIRS 符合项数"), 4),),
    graph=_sirs,
    question="deterioration",
    citation="Bone RC, Balk RA, Cerra FB, et al. Definitions for sepsis and organ failure and guidelines for "
    "the use of "
    "innovative therapies in sepsis. Chest 1992;101:1644-1655. doi:10.1378/chest.101.6.1644",
    facts={
        "out_of_scope.known_risks": T(
            "PaCO2 under 32 mmHg and over 10 % band forms count only where they were measured.",
            "PaCO2 < 32 mmHg 和杆状核 > 10% 仅在有测定值时计入。",
        )
    },
)
