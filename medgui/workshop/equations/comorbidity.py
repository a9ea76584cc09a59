"""Burden of disease: the Charlson comorbidity index."""

from collections.abc import Mapping

import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.workshop.equation import number
from medgui.workshop.equations import Equation, T, given, output, steps, unticked, yes
from medgui.workshop.equations.points import total

_ALONE = {
    "myocardial_infarction": 1,
    "heart_failure": 1,
    "peripheral_vascular_disease": 1,
    "cerebrovascular_disease": 1,
    "dementia": 1,
    "copd": 1,
    "connective_tissue_disease": 1,
    "peptic_ulcer_disease": 1,
    "hemiplegia": 2,
    "renal_disease_moderate_severe": 2,
    "leukaemia": 2,
    "lymphoma": 2,
    "aids": 6,
}
_PAIRS = (
    ("diabetes_uncomplicated", 1, "diabetes_complicated", 2),
    ("liver_disease_mild", 1, "liver_disease_moderate_severe", 3),
    ("solid_tumour", 2, "metastatic_solid_tumour", 6),
)
"""Milder and graver form of one disease: only the graver counts where both are stated."""
_PAIRED = tuple(name for mild, _one, grave, _more in _PAIRS for name in (mild, grave))
_CHARLSON = (
    given("age", needed=False, outputs=("points_age_adjusted",)),
    *(given(name) for name in (*_ALONE, *_PAIRED)),
)


def _charlson(x: Mapping[str, Var]) -> dict[str, Var]:
    """Weights of 1987; one more point a decade of age from 50, up to 4."""
    milder = [
        op.mul(total(x, [yes(mild, points)]), op.sub(number(1.0), x[grave]))
        for mild, points, grave, _more in _PAIRS
    ]
    graver = [yes(grave, more) for _mild, _points, grave, more in _PAIRS]
    points = op.sum([total(x, [*(yes(name, weight) for name, weight in _ALONE.items()), *graver]), *milder])
    age = total(x, [steps("age", 0, (50, 1), (60, 2), (70, 3), (80, 4))])
    return {"points": points, "points_age_adjusted": op.add(points, age)}


CHARLSON = Equation(
    id="charlson",
    kind="score",
    title=T("Charlson comorbidity index", "Charlson 合并症指数"),
    name=T("Charlson", "Charlson"),
    summary=T(
        "Nineteen diseases weighted by how much they shorten life, without and with points for age.",
        "十九种疾病按对生存的影响加权计分，分别给出不含年龄和含年龄的总分。",
    ),
    intended_use=T(
        "Burden of disease for prognosis, for other scores and for comparison of groups",
        "评估疾病负担，用于预后判断、其他评分及人群比较",
    ),
    not_for=T(
        "Decision on a single treatment; a forecast for one person", "不用于单项治疗决策或个人预后的精确预测"
    ),
    indication=T("Any adult with long-term disease", "任何患慢性病的成人"),
    population=T("Adults", "成人"),
    inputs=_CHARLSON,
    outputs=(
        output("points", T("Charlson points", "Charlson 评分"), scale=(0, 33), decimals=0),
        output(
            "points_age_adjusted",
            T("Charlson points with age", "Charlson 评分（含年龄）"),
            scale=(0, 37),
            decimals=0,
        ),
    ),
    graph=_charlson,
    question="comorbidity",
    on_request=True,
    reference=unticked(_CHARLSON, age=40),
    baseline_name=T("a person of 40 years without these diseases", "无上述疾病的 40 岁者"),
    citation="Charlson ME, Pompei P, Ales KL, MacKenzie CR. A new method of classifying prognostic comorbidity in "
    "longitudinal studies: development and validation. J Chronic Dis 1987;40:373-383. "
    "doi:10.1016/0021-9681(87)90171-8. Age: Charlson M, Szatrowski TP, Peterson J, Gold J. Validation of a combined "
    "comorbidity index. J Clin Epidemiol 1994;47:1245-1251",
    facts={
        "out_of_scope.known_risks": T(
            "Weights are those of 1987; treatment of AIDS, ulcers and cancer has changed since. Age counts from "
            "50 (50-59: "
            "1, 60-69: 2, 70-79: 3, from 80: 4; Charlson 1994); an independent implementation gives the point one year "
            "later, so that it is 1 lower at exactly 50, 60, 70 and 80 years. Of a milder and a graver form of one "
            "disease only the graver counts.",
            "采用 1987 年权重，此后艾滋病、溃疡和肿瘤的治疗已有变化。年龄自 50 岁计分（50-59 岁 1 分，60-69 岁 2 分，"
            "70-79 岁 3 分，≥ 80 岁 4 分；Charlson 1994）；某独立实现晚一年计分，恰为 50、60、70、80 岁时少 1 分。"
            "同一疾病轻重两种形式仅计较重者。",
        )
    },
)
