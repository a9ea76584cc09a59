"""Activity of rheumatoid arthritis: DAS28 with ESR and with CRP."""

from collections.abc import Mapping
from typing import Any

import spox.opset.ai.onnx.v21 as op
from spox import Var

from medgui.inference.manifest import Indication, InputSpec
from medgui.workshop.equation import number
from medgui.workshop.equations import Equation, T, band, given, output
from medgui.workshop.equations.card import Graph
from medgui.workshop.equations.forms import linear

_JOINTS = (given("tender_joints_28"), given("swollen_joints_28"), given("patient_global_health"))
_LOG = {"tender": 0.56, "swollen": 0.28, "global": 0.014}


def _terms(x: Mapping[str, Var]) -> dict[str, Var]:
    return {
        "tender": op.sqrt(x["tender_joints_28"]),
        "swollen": op.sqrt(x["swollen_joints_28"]),
        "global": x["patient_global_health"],
    }


def _esr(x: Mapping[str, Var]) -> dict[str, Var]:
    return {"das28": linear({**_terms(x), "esr": op.log(x["esr"])}, {**_LOG, "esr": 0.70})}


def _crp(x: Mapping[str, Var]) -> dict[str, Var]:
    crp = op.log(op.add(x["crp"], number(1.0)))
    return {"das28": linear({**_terms(x), "crp": crp}, {**_LOG, "crp": 0.36}, 0.96)}


def _das28(marker: str, spec: InputSpec, graph: Graph, citation: str, **keys: Any) -> Equation:
    """DAS28 with one of its two markers of inflammation; the two are not interchangeable."""
    upper = marker.upper()
    return Equation(
        id=f"das28_{marker}",
        kind="score",
        evidence="guideline",
        title=T(f"Activity of rheumatoid arthritis, DAS28-{upper}", f"类风湿关节炎活动度 DAS28-{upper}"),
        name=T(f"DAS28-{upper}", f"DAS28-{upper}"),
        summary=T(
            f"Tender and swollen joints, the patient's global health and {upper}. One patient is followed with "
            "one variant.",
            f"压痛和肿胀关节数、患者总体评价及 {upper}。同一患者应始终采用同一版本随访。",
        ),
        intended_use=T("Treatment to target in rheumatoid arthritis", "类风湿关节炎达标治疗"),
        not_for=T("Other arthritis; diagnosis of rheumatoid arthritis", "其他关节炎；不用于诊断类风湿关节炎"),
        indication=T("Rheumatoid arthritis", "类风湿关节炎"),
        population=T("Adults with rheumatoid arthritis", "类风湿关节炎成人患者"),
        inputs=(*_JOINTS, spec),
        graph=graph,
        outputs=(
            output(
                "das28",
                T(f"DAS28-{upper}", f"DAS28-{upper} 分值"),
                scale=(0, 10),
                decimals=2,
                bands=(
                    band(0, 2.6, T("Remission", "缓解")),
                    band(2.6, 3.2, T("Low activity", "低疾病活动度")),
                    band(3.2, 5.105, T("Moderate activity", "中疾病活动度"), "caution"),
                    band(5.105, 12, T("High activity", "高疾病活动度"), "high"),
                ),
                bands_source=T("EULAR, ACR recommendation 2012", "EULAR；ACR 建议 2012"),
            ),
        ),
        question="rheumatic_disease",
        on_request=True,
        indications=(
            Indication(
                ("rheumatoid_arthritis",),
                T("Made for people with rheumatoid arthritis", "仅用于类风湿关节炎患者"),
            ),
        ),
        regions=("us", "europe", "uk", "china"),
        guideline=T("ACR 2012, EULAR 2022", "ACR 2012、EULAR 2022"),
        reference={
            "tender_joints_28": 0,
            "swollen_joints_28": 0,
            "patient_global_health": 0,
            marker: 10 if marker == "esr" else 3,
        },
        baseline_name=T(
            f"a person without tender or swollen joints, {upper} normal", f"无压痛或肿胀关节、{upper} 正常者"
        ),
        citation=citation,
        **keys,
    )


DAS28_ESR = _das28(
    "esr",
    given(
        "esr",
        max_age_days=31,
        accepted=(1.0, 200.0),
        accepted_source="DAS28-ESR takes the logarithm: 0 mm/h has none",
    ),
    _esr,
    "Prevoo ML, van 't Hof MA, Kuper HH, et al. Modified disease activity scores that include twenty-eight-joint "
    "counts. Arthritis Rheum 1995;38:44-48. doi:10.1002/art.1780380107",
)
DAS28_CRP = _das28(
    "crp",
    given("crp", max_age_days=31),
    _crp,
    "Wells G, Becker JC, Teng J, et al. Validation of the 28-joint Disease Activity Score (DAS28) and European League "
    "Against Rheumatism response criteria based on C-reactive protein. Ann Rheum Dis 2009;68:954-960. "
    "doi:10.1136/ard.2007.084459",
    facts={
        "out_of_scope.known_risks": T(
            "The limits were made for the variant with ESR; the variant with CRP tends to be lower in the same "
            "patient, so that it may call more people low or in remission",
            "界值源自 ESR 版本；同一患者的 CRP 版本往往偏低，可能使更多患者被判为低活动度或缓解",
        )
    },
)
