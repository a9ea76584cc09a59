"""The Gail model (BCRAT of the US National Cancer Institute): breast cancer up to a chosen age.

SEER incidence and competing mortality by 5-year age group (`models/gail/coefficients.csv`), relative and attributable
risks of the groups' own studies; the hazard is constant within each year of age.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from math import log

import numpy as np
import spox.opset.ai.onnx.v21 as op
from numpy.typing import NDArray
from spox import Var

from medgui.inference.manifest import Exclusion, Order
from medgui.paths import models_dir
from medgui.workshop.equation import as_flag, number, or_zero
from medgui.workshop.equations import Equation, T, given, output
from medgui.workshop.equations.forms import at_least, known, missing_if

FloatArray = NDArray[np.float64]

GROUPS = (
    "white",
    "african_american",
    "hispanic_us_born",
    "native_american_or_other",
    "hispanic_foreign_born",
    "chinese",
    "japanese",
    "filipino",
    "hawaiian",
    "other_pacific_islander",
    "other_asian",
)
STUDY_OF_GROUP = (0, 1, 2, 0, 3, 4, 4, 4, 4, 4, 4)
"""Whose relative and attributable risks a group of `ethnicity_gail` has: those of white, African American, US-born
and foreign-born Hispanic, or Asian and Pacific Islander women."""
BETA = (
    (0.5292641686, 0.0940103059, 0.2186262218, 0.9583027845, -0.288042483, -0.1908113865),
    (0.1822121131, 0.2672530336, 0.0, 0.4757242578, -0.1119411682, 0.0),
    (0.0970783641, 0.0, 0.2318368334, 0.166685441, 0.0, 0.0),
    (0.4798624017, 0.2593922322, 0.4669246218, 0.9076679727, 0.0, 0.0),
    (0.55263612260619, 0.07499257592975, 0.27638268294593, 0.79185633720481, 0.0, 0.0),
)
"""By study: biopsies, menarche, first birth, relatives, biopsies from 50 years, first birth x relatives."""
NOT_ATTRIBUTABLE = (
    (0.5788413, 0.5788413),
    (0.7294988, 0.74397137),
    (0.749294788397, 0.778215491668),
    (0.428864989813, 0.450352338746),
    (0.47519806426735, 0.50316401683903),
)
"""One minus the attributable risk by study, under and from 50 years."""
MOST = ((2.0, 2.0, 2.0), (2.0, 1.0, 2.0), (1.0, 0.0, 1.0), (1.0, 2.0, 1.0), (2.0, 2.0, 1.0))
"""By study: the highest step of biopsies, menarche and relatives that it tells apart."""
FIRST_BIRTH = (
    (0.0, 1.0, 2.0, 3.0, 2.0),
    (0.0, 0.0, 0.0, 0.0, 0.0),
    (0.0, 1.0, 1.0, 2.0, 2.0),
    (0.0, 1.0, 1.0, 2.0, 2.0),
    (0.0, 1.0, 2.0, 3.0, 2.0),
)
"""By study: steps of a first birth under 20 (or unknown), at 20-24, 25-29, from 30 years, and of none."""
NO_ATYPIA, ATYPIA = log(0.93), log(1.82)
BORN_AT = {"98": "yes", **{str(age): "no" for age in range(9, 61)}}
"""How tables of the BCRAT answer "no live birth" in their one column of the age at the first: 98 is none."""
AGES = np.arange(20.0, 90.0)
"""First day of each year of age that the rates cover."""


def rates(table: str, average: bool = False) -> FloatArray:
    """Yearly rates by group and year of age [11, 70]; *average*: those of the average woman of the group."""
    with (models_dir() / "gail" / "coefficients.csv").open(newline="", encoding="utf-8") as stream:
        rows = {row["group"]: row for row in csv.DictReader(stream) if row["table"] == table}
    found = []
    for group in GROUPS:
        whole = average and STUDY_OF_GROUP[GROUPS.index(group)] == 0
        row = rows["average_white" if whole else group]
        found.append([float(row[f"{start}_{start + 4}"]) for start in range(20, 90, 5)])
    return np.repeat(np.array(found), 5, axis=1)


def by_group(values: object) -> FloatArray:
    """Rows by study as rows by group [11, K]."""
    return np.array(values, dtype=np.float64)[list(STUDY_OF_GROUP)]


def _steps(x: Mapping[str, Var], member: Var) -> list[Var]:
    """Steps of biopsies, menarche, first birth and relatives [N, 1] as the group's study counts them."""
    most = op.split(op.matmul(member, op.const(by_group(MOST))), num_outputs=3, axis=1)
    menarche = x["age_at_menarche"]
    early = op.add(*(op.sub(known(menarche), at_least(menarche, edge)) for edge in (14.0, 12.0)))
    born = op.sub(number(1.0), or_zero(x["nulliparous"]))
    reached = [op.mul(at_least(x["age_at_first_birth"], edge), born) for edge in (20.0, 25.0, 30.0)]
    reached.append(or_zero(x["nulliparous"]))
    table = by_group(FIRST_BIRTH)
    gains = np.concatenate([np.diff(table[:, :4], axis=1), table[:, 4:]], axis=1)
    birth = op.mul(op.concat(reached, axis=1), op.matmul(member, op.const(gains)))
    return [
        op.min([or_zero(x["breast_biopsies"]), most[0]]),
        op.min([early, most[1]]),
        op.reduce_sum(birth, op.const(np.array([1])), keepdims=1),
        op.min([or_zero(x["breast_cancer_relatives"]), most[2]]),
    ]


def _relative_risk(x: Mapping[str, Var], member: Var) -> Var:
    """Relative risk in each year of age [N, 70]."""
    biopsies, menarche, birth, relatives = _steps(x, member)
    atypia = op.add(
        op.mul(at_least(x["atypical_hyperplasia"], 0.5), number(ATYPIA)),
        op.mul(as_flag(op.less(x["atypical_hyperplasia"], number(0.5))), number(NO_ATYPIA)),
    )
    items = op.concat([biopsies, menarche, birth, relatives, biopsies, op.mul(birth, relatives)], axis=1)
    parts = op.mul(items, op.matmul(member, op.const(by_group(BETA))))
    from_50 = (AGES >= 50).astype(np.float64)
    years = np.ones((6, len(AGES)))
    years[4] = from_50
    lp = op.add(op.matmul(parts, op.const(years)), op.mul(atypia, at_least(x["breast_biopsies"], 1.0)))
    return op.exp(lp)


def _cumulative(incidence: Var, mortality: Var, lengths: Var) -> Var:
    """Breast cancer before death from another cause [N, 1], from yearly rates and lengths of time [N, 70]."""
    both = op.add(incidence, mortality)
    spent = op.mul(both, lengths)
    alive = op.exp(op.neg(op.cumsum(spent, op.const(np.array(1)), exclusive=1)))
    ends = op.sub(number(1.0), op.exp(op.neg(spent)))
    parts = op.mul(op.div(incidence, both), op.mul(alive, ends))
    return op.reduce_sum(parts, op.const(np.array([1])), keepdims=1)


def graph(x: Mapping[str, Var]) -> dict[str, Var]:
    """Risk from age to projection age (5 years where it is not given), own and of the group's average woman."""
    member = as_flag(
        op.equal(x["ethnicity_gail"], op.const(np.arange(len(GROUPS), dtype=np.float64)[None, :]))
    )
    target = x["projection_age"]
    until = op.where(op.isnan(target), op.add(x["age"], number(5.0)), target)
    starts = op.const(AGES[None, :])
    begun = op.max([starts, x["age"]])
    ended = op.min([op.const(AGES[None, :] + 1.0), until])
    lengths = op.max([op.sub(ended, begun), number(0.0)])

    def of(table: FloatArray) -> Var:
        return op.matmul(member, op.const(table))

    shares = np.where(AGES < 50, by_group(NOT_ATTRIBUTABLE)[:, :1], by_group(NOT_ATTRIBUTABLE)[:, 1:])
    own = op.mul(of(rates("incidence") * shares), _relative_risk(x, member))
    risk = _cumulative(own, of(rates("mortality")), lengths)
    average = _cumulative(of(rates("incidence", average=True)), of(rates("mortality", average=True)), lengths)
    needed = (x["age"], x["ethnicity_gail"])
    return {
        "breast_cancer": missing_if(risk, *needed),
        "breast_cancer_average": missing_if(average, *needed),
    }


NCI = "Ages of the Breast Cancer Risk Assessment Tool of the US National Cancer Institute"


def _order(
    smaller: str, larger: str, en: str, zh: str, *, needs: bool = False, excludes: bool = False
) -> Order:
    return Order(smaller, larger, T(en, zh), needs, excludes)


def _lowest(name: str, en: str, zh: str) -> Exclusion:
    """A caution where *name* is not stated, which counts as lowest risk."""
    code = f"{name}_not_stated"
    return Exclusion(
        name, -1.0, T(f"{en} not stated", f"未说明{zh}"), effect="caution", code=code, unknown=code,
        unknown_message=T(
            f"{en} not stated: counts as lowest risk, so that the number may be too low",
            f"未说明{zh}：按最低风险计，结果可能偏低",
        ),
    )  # fmt: skip


GAIL = Equation(
    id="gail",
    title=T(
        "Breast cancer in a woman without it, Gail model (BCRAT)",
        "未患乳腺癌女性的乳腺癌风险 Gail 模型（BCRAT）",
    ),
    name=T("Gail model (BCRAT)", "Gail 模型（BCRAT）"),
    summary=T(
        "Probability of invasive breast cancer in the next 5 years or up to a chosen age, beside that of the average "
        "woman of the same age and group in the United States.",
        "未来 5 年内或至指定年龄发生浸润性乳腺癌的概率，并给出美国同龄同族裔女性的平均概率。",
    ),
    intended_use=T(
        "Talk about screening and preventive drugs with women from 35 years",
        "与 35 岁及以上女性讨论筛查和预防用药",
    ),
    not_for=T(
        "Previous breast cancer, carcinoma in situ (DCIS, LCIS), BRCA1 or BRCA2 mutation or another hereditary "
        "syndrome, "
        "radiotherapy of the chest, women outside the United States or who came there lately: it can be far too "
        "low. It is "
        "no reason against a screening that is due",
        "既往乳腺癌、原位癌（DCIS、LCIS）、BRCA1/2 突变或其他遗传综合征、胸部放疗史、"
        "美国以外或新近移居美国的女性：结果可能"
        "明显偏低。不能作为不做应做筛查的理由",
    ),
    indication=T(
        "Question of breast cancer risk in a woman without breast cancer", "评估未患乳腺癌女性的患病风险"
    ),
    population=T(
        "Women of 35-85 years in the United States without breast cancer", "美国 35-85 岁未患乳腺癌的女性"
    ),
    inputs=(
        given("age", accepted=(35.0, 85.0), accepted_source=NCI),
        given(
            "projection_age", needed=False, accepted=(36.0, 90.0), accepted_source="The rates end at 90 years"
        ),
        given("breast_biopsies", needed=False),
        given("atypical_hyperplasia", needed=False, assume_absent=False),
        given("age_at_menarche", needed=False),
        given("age_at_first_birth", needed=False),
        given("nulliparous", needed=False, spellings=BORN_AT),
        given("breast_cancer_relatives", needed=False),
        given("ethnicity_gail"),
    ),
    outputs=(
        output(
            "breast_cancer",
            T(
                "Breast cancer in 5 years or up to the chosen age (Gail)",
                "5 年内或至指定年龄的乳腺癌风险（Gail）",
            ),
            short_title=T("Own risk", "本人风险"),
            scale=(0.0, 0.5),
            event=T(
                "develop breast cancer in 5 years or up to the chosen age",
                "会在 5 年内或至指定年龄发生乳腺癌",
            ),
        ),
        output(
            "breast_cancer_average",
            T(
                "Breast cancer of the average woman of that age and group (Gail)",
                "同龄同族裔女性的平均乳腺癌风险（Gail）",
            ),
            short_title=T("Average woman", "平均风险"),
            scale=(0.0, 0.5),
        ),
    ),
    graph=graph,
    age=(35.0, 85.0),
    sexes=("female",),
    exclusions=(
        Exclusion(
            "breast_cancer",
            1.0,
            T("Breast cancer: the model is for women who have not had it", "已患乳腺癌：该模型仅用于未患者"),
            code="breast_cancer",
            unknown="history_not_stated",
            unknown_message=T(
                "The file does not state whether there was breast cancer, carcinoma in situ, a BRCA mutation or "
                "radiotherapy of the chest; with one of them this result does not apply",
                "文件未说明是否有乳腺癌、原位癌、BRCA 突变或胸部放疗史；如有其一，本结果不适用",
            ),
        ),
        _lowest("breast_cancer_relatives", "Relatives with breast cancer", "患乳腺癌的一级亲属"),
        _lowest("breast_biopsies", "Breast biopsies", "乳腺活检"),
        _lowest("age_at_menarche", "Age at first period", "初潮年龄"),
    ),
    orders=(
        _order("age", "projection_age", "The chosen age lies before the present one", "指定年龄小于当前年龄"),
        _order("age_at_menarche", "age", "First period after the present age", "初潮年龄大于当前年龄"),
        _order("age_at_first_birth", "age", "First birth after the present age", "首次活产年龄大于当前年龄"),
        _order(
            "age_at_menarche",
            "age_at_first_birth",
            "First birth before the first period",
            "首次活产年龄早于初潮年龄",
        ),
        _order(
            "nulliparous",
            "age_at_first_birth",
            "No live birth, and an age at the first one",
            "未曾活产却有首次活产年龄",
            excludes=True,
        ),
        _order(
            "atypical_hyperplasia",
            "breast_biopsies",
            "Atypical hyperplasia without a biopsy",
            "未做活检却有非典型增生",
            needs=True,
        ),
    ),
    needs_any=("breast_biopsies", "breast_cancer_relatives", "age_at_menarche"),
    question="breast_cancer_risk",
    regions=("us",),
    notice=T(
        "Gail model: not for women with a BRCA mutation, carcinoma in situ or radiotherapy of the chest, where it is "
        "far too low. A birth that is not stated counts as one under 20 years, the lowest risk.",
        "Gail 模型：不适用于有 BRCA 突变、原位癌或胸部放疗史的女性，其结果会明显偏低。未说明生育史时按 20 岁前生育"
        "（最低风险）计。",
    ),
    guideline=T(
        "USPSTF 2019, drugs that lower the risk of breast cancer", "2019 年 USPSTF 降低乳腺癌风险用药建议"
    ),
    reference={
        "age": "same",
        "projection_age": "same",
        "breast_biopsies": 0,
        "atypical_hyperplasia": 0,
        "age_at_menarche": 14,
        "age_at_first_birth": 19,
        "nulliparous": 0,
        "breast_cancer_relatives": 0,
        "ethnicity_gail": "same",
    },
    baseline_name=T(
        "a woman of the same age and group without biopsy or relative with breast cancer, first period at 14, "
        "first birth "
        "at 19",
        "同龄同族裔、无乳腺活检、无患病亲属、14 岁初潮、19 岁首次活产的女性",
    ),
    facts={
        "development.sensitive_inputs": T(
            "Age, sex and race or ethnic group: each group has its own incidence, mortality and relative risks; "
            "Native "
            "American women are rated with the figures of White women",
            "年龄、性别、族裔：各族裔采用各自的发病率、死亡率和相对危险；美洲原住民女性采用白人女性数据",
        ),
        "out_of_scope.known_risks": T(
            "What is unknown counts as lowest risk (no biopsy, no relative, late first period, early first "
            "birth). It "
            "underestimates hereditary risk and knows no second-degree relatives and no breast density. The "
            "average of "
            "the public tool is given with the group's own rates",
            "未知项按最低风险计（无活检、无患病亲属、初潮晚、首次活产早）。低估遗传性风险，不含二级亲属和乳腺密度。"
            "平均风险采用该族裔自身的发病率，与官方工具一致",
        ),
    },
    citation="Gail MH, Brinton LA, Byar DP, et al. Projecting individualized probabilities of developing breast cancer "
    "for "
    "white females who are being examined annually. J Natl Cancer Inst 1989;81:1879-1886. doi:10.1093/jnci/81.24.1879. "
    "Rates and groups: Costantino 1999, Gail 2007 (CARE), Matsuno 2011 (AABCS), Banegas 2017",
    licence="Model of the US National Cancer Institute (public domain); the graph is part of medgui under Apache-2.0",
    golden_tolerance=1e-9,
)
