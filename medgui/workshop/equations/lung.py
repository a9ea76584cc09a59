"""Lung disease: BODE in COPD, ROX on high-flow oxygen."""

from collections.abc import Mapping

import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.inference.manifest import Indication
from medgui.workshop.equations import T, choice, given, output, point_score, steps
from medgui.workshop.equations.acute import bedside_score, encounter, measured, points

_BODE = (
    given("bmi", varies=False),
    given("fev1_percent"),
    given("dyspnoea_grade"),
    given("six_minute_walk"),
)

BODE = bedside_score(
    id="bode",
    group="prognosis",
    title=T("Survival in COPD, BODE index", "慢阻肺生存预后 BODE 指数"),
    name=T("BODE", "BODE"),
    summary=T(
        "Body mass, airflow obstruction, dyspnoea and exercise: survival with COPD.",
        "体重指数、气流阻塞、呼吸困难和运动能力：评估慢阻肺生存。",
    ),
    intended_use=T(
        "Severity of stable COPD and outlook, also for transplant lists", "评估稳定期慢阻肺的严重程度和预后"
    ),
    not_for=T("During an exacerbation; people without COPD", "急性加重期；非慢阻肺患者"),
    indication=T("Stable COPD", "稳定期慢阻肺"),
    population=T("Adults with stable COPD", "稳定期慢阻肺成人患者"),
    acute=False,
    on_request=True,
    indications=(Indication(("copd",), T("Made for people with COPD", "仅用于慢阻肺患者")),),
    inputs=_BODE,
    outputs=(points(T("BODE points", "BODE 评分"), 10),),
    graph=point_score(
        steps("bmi", 1, (21, 0), above=True),
        steps("fev1_percent", 3, (36, 2), (50, 1), (65, 0)),
        choice("dyspnoea_grade", (0, 0, 1, 2, 3)),
        steps("six_minute_walk", 3, (150, 2), (250, 1), (350, 0)),
    ),
    question="lung_disease",
    citation="Celli BR, Cote CG, Marin JM, et al. The body-mass index, airflow obstruction, dyspnea, and exercise "
    "capacity index in chronic obstructive pulmonary disease. N Engl J Med 2004;350:1005-1012. "
    "doi:10.1056/NEJMoa021322",
)

_ROX = encounter(*map(measured, ("oxygen_saturation", "fio2", "respiratory_rate")))


def _rox(x: Mapping[str, Var]) -> dict[str, Var]:
    """(SpO2 in % / inhaled fraction) / respiratory rate."""
    return {"rox": op.div(op.div(x["oxygen_saturation"], x["fio2"]), x["respiratory_rate"])}


ROX = bedside_score(
    id="rox",
    title=T("Success of high-flow oxygen, ROX index", "高流量氧疗 ROX 指数"),
    name=T("ROX", "ROX"),
    summary=T(
        "Saturation over inhaled oxygen, over the respiratory rate, in pneumonia on nasal high flow.",
        "肺炎患者经鼻高流量氧疗时，血氧饱和度/吸入氧分数/呼吸频率。",
    ),
    intended_use=T(
        "Who on nasal high flow for pneumonia may be spared intubation",
        "判断高流量氧疗的肺炎患者能否避免插管",
    ),
    not_for=T(
        "A delay of intubation that is needed; other causes of respiratory failure",
        "不可延误必要的插管；其他病因的呼吸衰竭",
    ),
    indication=T("Pneumonia on nasal high-flow oxygen", "肺炎并经鼻高流量氧疗"),
    inputs=_ROX,
    outputs=(output("rox", T("ROX index", "ROX 指数"), scale=(0, 40), decimals=2),),
    graph=_rox,
    question="lung_disease",
    citation="Roca O, Caralt B, Messika J, et al. An index combining respiratory rate and oxygenation to "
    "predict outcome "
    "of nasal high-flow therapy. Am J Respir Crit Care Med 2019;199:1368-1376. doi:10.1164/rccm.201803-0589OC",
    facts={
        "out_of_scope.known_risks": T(
            "In the derivation 4.88 or more at 2, 6 and 12 hours went with success; below 2.85, 3.47 and 3.85 "
            "with failure.",
            "推导研究中，2、6、12 小时 ≥ 4.88 提示成功；分别低于 2.85、3.47、3.85 提示失败。",
        )
    },
)
