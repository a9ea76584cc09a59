"""What a published equation is, and its bundle: graph, golden rows, reference person and manifest from one object."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import field, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spox import Var

from medgui.frozen import frozen
from medgui.inference.attributes import ATTRIBUTES
from medgui.inference.manifest import BandSpec, Exclusion, Indication, InputSpec, Order, OutputSpec, Text
from medgui.inference.manifest_io import FILE_NAME, parse_manifest
from medgui.inference.rules import is_yes_no
from medgui.workshop.equation import build_model, column_inputs, run, save_npz, seal
from medgui.workshop.toml_text import toml_text

FloatArray = NDArray[np.float64]
Graph = Callable[[Mapping[str, Var]], dict[str, Var]]
VARIES: Text = {
    "en": "Usual variation of the measured values between visits (90 of 100 repeats); not the uncertainty of the "
    "equation",
    "zh": "测量值在两次就诊间的常见波动（100 次重复中的 90 次）；不是方程本身的不确定性",
}


def T(en: str, zh: str) -> Text:
    """A text in both languages."""
    return {"en": en, "zh": zh}


@frozen
class Equation:
    """One published equation or point score. Fields named as in `inference.manifest.Manifest` mean the same.

    graph: inputs [N, 1] float64 by name to outputs [N, 1]; NaN is missing. golden [G, F]: rows in the order of
    `inputs` whose results are kept to prove an execution provider; None draws them (`golden_rows`). reference: the
    named reference person, input to value, a choice's text or "same" (`unticked` for a point score). facts: source
    attributes (keys of `inference.attributes`) that are known; the rest say "not known".
    """

    id: str
    title: Text
    name: Text
    summary: Text
    intended_use: Text
    not_for: Text
    indication: Text
    inputs: tuple[InputSpec, ...]
    outputs: tuple[OutputSpec, ...]
    graph: Graph
    citation: str
    question: str
    population: Text
    reference: Mapping[str, float | str]
    baseline_name: Text
    facts: Mapping[str, Text] = field(default_factory=dict)
    version: str = "1.0.0"
    kind: str = "risk"
    evidence: str = "published equation, externally validated"
    age: tuple[float, float] | None = (18.0, 120.0)
    sexes: tuple[str, ...] = ("female", "male")
    exclusions: tuple[Exclusion, ...] = ()
    indications: tuple[Indication, ...] = ()
    orders: tuple[Order, ...] = ()
    needs_any: tuple[str, ...] = ()
    answered_by: tuple[str, ...] = ()
    group: str = ""
    on_request: bool = False
    acute: bool = False
    inpatient: bool = False
    regions: tuple[str, ...] = ()
    guideline: Text = field(default_factory=dict)
    notice: Text = field(default_factory=dict)
    variants: tuple[Mapping[str, Any], ...] = ()
    evaluation: tuple[Mapping[str, Any], ...] = ()
    golden: FloatArray | None = None
    golden_tolerance: float = 1e-9
    licence: str = "Published equation; the graph is part of medgui under Apache-2.0"
    data_licence: str = "No patient data are contained"


def output(
    name: str,
    title: Text,
    *,
    unit: str = "1",
    scale: tuple[float, float] = (0.0, 1.0),
    short_title: Text | None = None,
    event: Text | None = None,
    bands: tuple[BandSpec, ...] = (),
    bands_source: Text | None = None,
    calibration: str = "None of our own; published validation in evaluation or in the source attributes",
    decimals: int | None = None,
    **keys: Any,
) -> OutputSpec:
    """An output; a risk is 0 to 1, points have `decimals=0` and a scale from the lowest to the highest total."""
    return OutputSpec(
        name=name,
        unit=unit,
        title=title,
        short_title=short_title or title,
        event=event or {},
        scale=scale,
        bands=bands,
        bands_source=bands_source or {},
        calibration=calibration,
        decimals=decimals,
        **keys,
    )


def band(
    lo: float, hi: float, text: Text, level: str = "info", age: tuple[float, float] | None = None
) -> BandSpec:
    """A guideline's band from *lo* inclusive to *hi* exclusive; level "info", "caution" or "high"; *age* in years."""
    return BandSpec(lo, hi, text, level, age)  # type: ignore[arg-type]


def unticked(inputs: tuple[InputSpec, ...], **others: float | str) -> dict[str, float | str]:
    """The reference person of a point score: no to each yes/no, the first text of each choice, and *others*."""
    found: dict[str, float | str] = {}
    for spec in inputs:
        if spec.name in others:
            found[spec.name] = others[spec.name]
        elif spec.categories:
            found[spec.name] = next(iter(spec.categories))
        elif is_yes_no(spec):
            found[spec.name] = 0
    return found


def golden_rows(inputs: tuple[InputSpec, ...], count: int = 48, seed: int = 20231110) -> FloatArray:
    """Seeded rows over the accepted ranges and all choices; every third row lacks the inputs that may be missing."""
    random = np.random.default_rng(seed)
    columns = []
    for spec in inputs:
        if spec.categories or is_yes_no(spec):
            codes = list(spec.categories.values()) or [0.0, 1.0]
            column = random.choice(np.array(codes), count)
        else:
            lo, hi = spec.plausible or spec.accepted or (0.0, 1.0)
            if spec.accepted:
                lo, hi = max(lo, spec.accepted[0]), min(hi, spec.accepted[1])
            column = lo + (hi - lo) * random.random(count)
            column = np.round(column) if hi - lo > 30 else np.round(column, 2)
        if spec.missing == "graph":
            column = np.where(np.arange(count) % 3 == 2, np.nan, column)
        columns.append(column)
    return np.stack(columns, axis=1).astype(np.float64)


def write(equation: Equation, folder: Path) -> None:
    """Write the bundle's files but the recipe to *folder*, and seal it. The same equation gives the same bytes.

    Raises `DamagedData` where the manifest breaks a rule, `ValueError` where the folder has another name.
    """
    if folder.name != equation.id:
        raise ValueError(f"{folder} is not the folder of {equation.id}")
    names = [spec.name for spec in equation.inputs]
    columns = column_inputs(names)
    made = equation.graph(columns)
    outputs = {spec.name: made[spec.name] for spec in equation.outputs}
    model = build_model(columns, outputs, f"medgui {re.sub('[^a-z0-9_]', '', equation.id)}")
    golden = golden_rows(equation.inputs) if equation.golden is None else equation.golden
    (folder / "model.onnx").write_bytes(model)
    save_npz(folder / "golden.npz", {"x": golden, **run(model, names, golden)})
    path = folder / FILE_NAME
    path.write_text(toml_text(manifest(equation)), encoding="utf-8", newline="\n")
    seal(folder)
    parse_manifest(path.read_bytes(), str(path), equation.id)


def manifest(equation: Equation) -> dict[str, Any]:
    """The manifest as plain data, without [hashes]."""
    varied = any(spec.variation for spec in equation.inputs)
    interval = {"kind": "input_variation", "level": 0.9, "words": VARIES} if varied else {"kind": "none"}
    plain = {
        "schema": 1,
        **{key: getattr(equation, key) for key in ("id", "version", "kind", "evidence", "group", "question")},
        "on_request": equation.on_request or equation.acute,
        "acute": equation.acute,
        "inpatient": equation.inpatient,
        "regions": list(equation.regions),
        "needs_any": list(equation.needs_any),
        "answered_by": list(equation.answered_by),
        **({"age": list(equation.age)} if equation.age else {}),
        "sexes": list(equation.sexes),
        "float64": True,
        "golden_tolerance": equation.golden_tolerance,
        **{key: getattr(equation, key) for key in ("licence", "data_licence", "citation")},
        **{key: dict(getattr(equation, key)) for key in _TEXTS if getattr(equation, key)},
        "inputs": [_input(spec) for spec in equation.inputs],
        "exclusions": [_plain(rule) for rule in equation.exclusions],
        "indications": [_plain(rule) for rule in equation.indications],
        "orders": [_plain(rule) for rule in equation.orders],
        "variants": [dict(each) for each in equation.variants],
        "outputs": [_plain(spec) for spec in equation.outputs],
        "explanation": {
            "method": "enumeration",
            "baseline_name": equation.baseline_name,
            "reference": dict(equation.reference),
        },
        "interval": interval,
        "evaluation": [dict(each) for each in equation.evaluation],
        "attributes": attributes(equation),
    }
    return {key: value for key, value in plain.items() if value not in ([], "", False, {})}


_TEXTS = ("title", "name", "summary", "intended_use", "not_for", "indication", "guideline", "notice")


def _input(spec: InputSpec) -> dict[str, Any]:
    found = _plain(spec)
    found["required"] = spec.required
    found["missing"] = spec.missing
    if spec.from_:
        found["from"] = found.pop("from_")
    return found


def _plain(spec: Any) -> dict[str, Any]:
    """The fields of a manifest's part that say something."""
    found: dict[str, Any] = {}
    for each in fields(spec):
        value = getattr(spec, each.name)
        if value is None or value is False or value in ("", (), {}):
            continue
        if isinstance(value, tuple):
            value = [_plain(item) if isinstance(item, BandSpec) else item for item in value]
        found[each.name] = dict(value) if isinstance(value, Mapping) else value
    return found


UNKNOWN = T("Not known", "不详")
_GENERAL: Mapping[str, Text] = {
    "purpose.intended_users": T("Physicians and clinical staff", "医师及临床工作人员"),
    "purpose.decision_role": T("Informs; the clinician decides", "提供信息；由临床医师决定"),
    "development.sensitive_inputs": T(
        "Those that the list of inputs names; no other race, ethnicity, language or social factor",
        "仅输入列表所列各项；不使用其他种族、民族、语言或社会因素",
    ),
    "fairness.approach": T(
        "As published; no groups are recorded here", "按原文献发布；此处未记录各人群的结果"
    ),
    "maintenance.validity_monitoring": T(
        "Compared with independent implementations and published examples at each release",
        "每次发布时与独立实现及已发表示例比对",
    ),
    "maintenance.validity_local": T(
        "Not known until the clinic validates it on its own patients (medgui validate)",
        "不详；可由本院用自己的患者数据验证（medgui validate）",
    ),
    "update.process": T(
        "Only when its authors or the guideline publish a new version", "仅在作者或指南发布新版本时更新"
    ),
    "update.correction": T(
        "A corrected version replaces this one in a release and the change is listed",
        "更正后的版本随新版发布，并列出改动",
    ),
}


def attributes(equation: Equation) -> dict[str, Text]:
    """The 31 source attributes: what `facts` states, what follows from the equation, and "not known" for the rest."""
    risk = equation.kind in ("risk", "diagnosis")
    own: dict[str, Text] = {
        "details.developer": T(
            f"Equation: {equation.citation.split('. ')[0]}. Implementation: medgui project",
            f"方程：{equation.citation.split('. ')[0]}。实现：medgui 项目",
        ),
        "details.output_value": _named(equation),
        "details.output_type": T("Probability of an event", "事件发生概率")
        if risk
        else T("Score or estimate of a present state; not a probability", "评分或当前状态的估计；不是概率"),
        "purpose.intended_use": equation.intended_use,
        "purpose.intended_population": equation.population,
        "out_of_scope.cautioned_uses": equation.not_for,
    }
    known = {**_GENERAL, **own, **equation.facts}
    return {key: known.get(key, UNKNOWN) for key in ATTRIBUTES}


def _named(equation: Equation) -> Text:
    titles = [spec.title for spec in equation.outputs]
    return T("; ".join(each["en"] for each in titles), "；".join(each["zh"] for each in titles))
