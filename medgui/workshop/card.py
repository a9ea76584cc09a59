"""The manifest of a clinic's own model: what a person told, what the table shows, and "not known" for the rest."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medgui.evaluation.figures import Estimate, Row
from medgui.i18n import format_number
from medgui.inference.attributes import ATTRIBUTES
from medgui.record.variables import VARIABLES
from medgui.validation.cohort import MARK
from medgui.workshop import selection
from medgui.workshop.background import middle
from medgui.workshop.columns import Column
from medgui.workshop.training import LEVEL, Trained, output_name

FloatArray = NDArray[np.float64]
UNKNOWN = {"en": "Not known", "zh": "不详"}
ACCEPTED = "Half the smallest to 1.25 times the largest value seen in training"
PHYSIOLOGY = "Values seen in training, widened, within what is possible in people"


def manifest(trained: Trained, day: str) -> dict[str, Any]:
    """The manifest as plain data, without [hashes]. day: ISO date of training."""
    choices, words = trained.choices, trained.choices.words
    title = words.text("title")
    outcome = words.text("outcome") or _named(f"{choices.label}: {choices.positive}")
    output = output_name(choices)
    columns = choices.inputs()
    return {
        "schema": 1,
        "id": choices.id,
        "version": choices.version,
        "kind": "risk" if words.horizon else "diagnosis",
        "evidence": trained.grade,
        "age": list(_ages(trained)),
        "sexes": ["female", "male"],
        "float64": trained.float64,
        "golden_tolerance": 1e-9 if trained.float64 else 1e-5,
        "licence": "Own use of the clinic",
        "data_licence": words.text("data_licence")["en"],
        "citation": words.text("citation").get("en") or f"{words.text('developer')['en']}, {day}",
        "title": title,
        "name": title,
        "summary": _summary(trained),
        "intended_use": words.text("intended_use"),
        "not_for": words.text("not_for"),
        "indication": words.text("indication") or words.text("population"),
        "inputs": [_input(trained, column, place) for place, column in enumerate(columns)],
        "outputs": [
            {
                "name": output,
                "unit": "1",
                "title": title,
                "short_title": {language: _short(text) for language, text in title.items()},
                "event": words.text("event")
                or {"en": f"have: {outcome['en']}", "zh": f"为：{outcome['zh']}"},
                "scale": [0, 1],
                "calibration": _calibration(trained),
            }
        ],
        "explanation": _explanation(trained),
        "interval": {"kind": "model", "level": LEVEL, "words": _interval_words(trained)},
        "lineage": {
            "made": "trained",
            "data": f"{words.text('population')['en']}; mark {trained.plan.table.sha256[:MARK]}",
            "date": day,
        },
        "attributes": attributes(trained, outcome),
        "comparison": selection.rows(trained.comparison),
        "evaluation": [_evaluation(row) for row in trained.rows],
    }


def _named(text: str) -> dict[str, str]:
    return {"en": text, "zh": text}


def _short(text: str) -> str:
    return text if len(text) <= 48 else f"{text[:47].rpartition(' ')[0] or text[:47]}…"


def _ages(trained: Trained) -> tuple[float, float]:
    """What the person said; else adults, or the ages that the table has where it has children too."""
    if trained.choices.words.age is not None:
        return trained.choices.words.age
    for place, column in enumerate(trained.choices.inputs()):
        if column.standard and column.input == "age":
            lowest = float(np.nanmin(trained.data.x[:, place]))
            return (18, 110) if lowest >= 18 else (math.floor(lowest), 110)
    return 18, 110


def _summary(trained: Trained) -> dict[str, str]:
    n, events = len(trained.data.y), int(trained.data.y.sum())
    kind = trained.comparison.chosen.candidate.title
    area = trained.figure("auroc")
    return {
        "en": (
            f"Made in the clinic from {n} rows with {events} events ({kind['en'].lower()}); cross-validated AUROC "
            f"{_area(area)}. It was not tested on people of another place or time."
        ),
        "zh": (
            f"由本机构用 {n} 行数据（{events} 例事件）训练（{kind['zh']}）；交叉验证 AUROC {_area(area)}。"
            f"未在其他地点或时期的人群中检验。"
        ),
    }


def _input(trained: Trained, column: Column, place: int) -> dict[str, Any]:
    values = trained.data.x[:, place]
    required = not np.isnan(values).any()
    table: dict[str, Any] = {
        "name": column.input,
        "unit": column.unit,
        "required": required,
        "missing": "refuse" if required else "branch",
    }
    if not column.standard:
        table["title"] = dict(column.title)
    if column.name != column.input:
        table["columns"] = [column.name]
    if column.categories:
        table["categories"] = {text: int(code) for text, code in column.categories.items()}
        table |= _spellings(column, {code: text for text, code in column.categories.items()})
        return table
    if column.codes:
        return table | _spellings(column, {0.0: "no", 1.0: "yes"})
    lo, hi = float(np.nanmin(values)), float(np.nanmax(values))
    table |= {"accepted": list(_accepted(column, lo, hi)), "accepted_source": _accepted_source(column)}
    table["seen"] = [_outward(lo, -1), _outward(hi, 1)]
    low, high = np.nanquantile(values, [0.05, 0.95])
    table["plausible"] = [_outward(float(low), -1), _outward(float(high), 1)]
    limit = VARIABLES[column.input].max_age_days if column.standard else None
    if limit is not None and column.input not in ("age", "sex"):
        table["max_age_days"] = limit
    return table


def _spellings(column: Column, names: Mapping[float, str]) -> dict[str, Any]:
    """Other words of a category in the table; "0", "1", and what says the same as the name need none."""
    plain = {"0", "1", "true", "false", *(text.casefold() for text in names.values())}
    found: dict[str, str] = {}
    for text, code in column.codes.items():
        if text.strip().casefold() not in plain and text.strip().casefold() not in (
            t.casefold() for t in found
        ):
            found[text] = names[code]
    return {"spellings": found} if found else {}


def _accepted(column: Column, lo: float, hi: float) -> tuple[float, float]:
    """Half the smallest to 1.25 times the largest value; of a standard input within what is possible."""
    if column.standard and column.input == "age":
        return 0.0, 120.0
    room = 0.25 * (hi - lo)
    low = 0.5 * lo if lo > 0 else (0.0 if lo == 0 else lo - room)
    high = 1.25 * hi if hi > 0 else hi + room
    if (
        column.standard
        and VARIABLES[column.input].possible is not None
        and column.unit == VARIABLES[column.input].unit
    ):
        possible = VARIABLES[column.input].possible or (-math.inf, math.inf)
        low, high = max(low, possible[0]), min(high, possible[1])
    low, high = min(_outward(low, -1), _outward(lo, -1)), max(_outward(high, 1), _outward(hi, 1))
    return (low, high) if (low, high) != (0.0, 1.0) else (0.0, 1.01)


def _accepted_source(column: Column) -> str:
    return PHYSIOLOGY if column.standard else ACCEPTED


def _outward(value: float, sign: int) -> float:
    """Three significant digits, rounded away from the middle: no person's own extreme value stands in the card."""
    if not value:
        return 0.0
    step = 10.0 ** (math.floor(math.log10(abs(value))) - 2)
    rounded = (math.ceil(value / step - 1e-9) if sign > 0 else math.floor(value / step + 1e-9)) * step
    return float(f"{rounded:.12g}")


def _calibration(trained: Trained) -> str:
    intercept, slope = trained.calibration
    return (
        f"Logistic recalibration of the cross-validated margin (intercept {intercept:.3f}, slope {slope:.3f}), "
        "folded into the graph"
    )


def _explanation(trained: Trained) -> dict[str, Any]:
    if trained.method == "tree_shap":
        count = len(trained.reference["background"])
        return {
            "method": "tree_shap",
            "baseline_name": {
                "en": f"Average of {count} typical people of the training data (centroids)",
                "zh": f"训练数据中 {count} 个典型人群（聚类中心）的平均水平",
            },
        }
    reference: dict[str, float | str] = {}
    columns = trained.choices.inputs()
    same = {"age", "sex"} <= {column.input for column in columns if column.standard}
    for place, column in enumerate(columns):
        found = middle(trained.data.x[:, place], bool(column.codes))
        names = {code: text for text, code in column.categories.items()}
        if same and column.standard and column.input in ("age", "sex"):
            reference[column.input] = "same"
        else:
            reference[column.input] = (
                names.get(found, float(f"{found:.6g}")) if names else float(f"{found:.6g}")
            )
    who = ("{person}", "{person}") if same else ("Somebody", "假想者")
    return {
        "method": "enumeration",
        "baseline_name": {
            "en": f"{who[0]} with the middle value of each input in the training data",
            "zh": f"各项取训练数据中位数的{who[1]}",
        },
        "reference": reference,
    }


def _interval_words(trained: Trained) -> dict[str, str]:
    n = len(trained.data.y)
    return {
        "en": (
            f"How far the risk may be off for people like those of the training data ({n} rows): refits on resampled "
            "people, and what a risk group of that size can show (90 of 100); wider where "
            "values are missing. That other "
            "patients may differ is not in it."
        ),
        "zh": (
            f"对与训练数据（{n} 行）相似的人，风险可能的偏差：包括重抽样重新拟合的差异，"
            "以及该规模风险组所能显示的精度（100 次中的 90 次）；"
            "有缺失值时更宽；不含其他患者可能存在的差异。"
        ),
    }


def _evaluation(row: Row) -> dict[str, Any]:
    e = row.estimate
    found: dict[str, Any] = {"dataset": row.dataset, "group": row.group, "metric": row.metric}
    found["value"] = round(e.value, 4)
    if math.isfinite(e.lo) and math.isfinite(e.hi):
        found |= {"lo": round(e.lo, 4), "hi": round(e.hi, 4)}
    found |= {"n": row.n, "events": row.events}
    if math.isfinite(row.predicted) and math.isfinite(row.observed):
        found |= {"predicted": round(row.predicted, 4), "observed": round(row.observed, 4)}
    return found


def attributes(trained: Trained, outcome: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """All 31 source attributes; what nobody told and the table does not show is "not known"."""
    words, n, events = trained.choices.words, len(trained.data.y), int(trained.data.y.sum())
    years = "" if words.years is None else f"{words.years[0]}-{words.years[1]}"
    population = words.text("population")
    horizon = words.horizon
    found: dict[str, Mapping[str, str]] = {
        "details.developer": words.text("developer"),
        "details.funding": words.text("funding"),
        "details.output_value": {
            "en": f"Probability of: {outcome['en']}"
            + (f" within {horizon} years" if horizon else "")
            + ", 0 to 1",
            "zh": (f"{horizon} 年内" if horizon else "") + f"“{outcome['zh']}”的概率，0 至 1",
        },
        "details.output_type": {"en": "Prediction", "zh": "预测"}
        if horizon
        else {"en": "Classification of a present state", "zh": "对当前状态的分类"},
        "purpose.intended_use": words.text("intended_use"),
        "purpose.intended_population": words.text("indication") or population,
        "purpose.intended_users": {
            "en": "Clinicians of the clinic that made it",
            "zh": "制作该模型的机构的临床医师",
        },
        "purpose.decision_role": {"en": "Informs; the clinician decides", "zh": "提供信息；由临床医师决定"},
        "out_of_scope.cautioned_uses": words.text("not_for"),
        "out_of_scope.known_risks": {
            "en": (
                f"Learnt from {n} rows of one source, {events} of them with the event; elsewhere "
                f"and later it may rank and calibrate worse. Associations are not causes."
            ),
            "zh": f"来自单一来源的 {n} 行数据，其中 {events} 例事件；"
            "用于其他地点或时期时排序和校准可能变差。关联不等于因果。",
        },
        "development.criteria": {
            "en": (
                f"{population['en']}. Care of: {years or 'not known'}. {n} rows with a known "
                f"outcome, {events} events."
            ),
            "zh": f"{population['zh']}。数据年份：{years or '不详'}。结局已知 {n} 行，事件 {events} 例。",
        },
        "development.sensitive_inputs": _sensitive(trained),
        "development.representativeness": _shares(trained),
        "development.relevance": {
            "en": f"The clinic’s own data: {population['en']}",
            "zh": f"本机构数据：{population['zh']}",
        },
        "fairness.approach": _fairness(trained),
        "fairness.bias_reduction": {
            "en": "None; nobody was weighted or resampled, so that probabilities keep their meaning",
            "zh": "无；未对任何人加权或重抽样，以保持概率的含义",
        },
        "external.data": {"en": "None", "zh": "无"},
        "external.party": {"en": "Nobody so far", "zh": "尚无"},
        "external.representativeness": {"en": "No external data", "zh": "无外部数据"},
        "external.process": {"en": "No external validation so far", "zh": "尚未进行外部验证"},
        "performance.validity_internal": _validity(trained),
        "performance.fairness_internal": _fairness(trained),
        "performance.validity_external": {"en": "Not known: no external data", "zh": "不详：无外部数据"},
        "performance.fairness_external": {"en": "Not known: no external data", "zh": "不详：无外部数据"},
        "maintenance.validity_monitoring": {
            "en": "By `medgui validate` and the outcome notebook, when the clinic uses them",
            "zh": "由本机构使用 `medgui validate` 和结局记录进行监测",
        },
        "maintenance.validity_local": _validity(trained),
        "maintenance.fairness_monitoring": {
            "en": "As validity, by the same groups",
            "zh": "与有效性监测相同，按同样的人群分组",
        },
        "maintenance.fairness_local": _fairness(trained),
        "update.process": {
            "en": "Trained again by the clinic when it decides so",
            "zh": "由本机构决定何时重新训练",
        },
        "update.correction": {
            "en": "A corrected version is trained and signed; this one stays for the record",
            "zh": "训练并签名更正版本；本版本保留存档",
        },
    }
    return {key: dict(found.get(key) or UNKNOWN) for key in ATTRIBUTES}


def _sensitive(trained: Trained) -> dict[str, str]:
    inputs = {column.input for column in trained.choices.inputs()}
    used = [name for name in ("age", "sex", "sex_code", "ethnicity") if name in inputs]
    zh = {"age": "年龄", "sex": "性别", "sex_code": "性别代码", "ethnicity": "族裔"}
    if not used:
        return {
            "en": "Of these, none that medgui recognises is an input",
            "zh": "medgui 可识别的此类信息均不作为输入",
        }
    return {
        "en": f"Inputs: {', '.join(used)}; no other that medgui recognises",
        "zh": f"输入包括：{'、'.join(zh[name] for name in used)}；无其他 medgui 可识别的此类输入",
    }


def _shares(trained: Trained) -> dict[str, str]:
    """The share of each group in the training data."""
    if not trained.data.groups:
        return {
            "en": "Not known: the table has no sex, age or ethnicity",
            "zh": "不详：表中无性别、年龄或族裔",
        }
    parts = []
    for key, labels in trained.data.groups.items():
        counts = {label: list(labels).count(label) for label in sorted(set(labels))}
        shown = ", ".join(f"{label} {100 * count / len(labels):.0f} %" for label, count in counts.items())
        parts.append(f"{key}: {shown}")
    text = "; ".join(parts)
    return {"en": text, "zh": text}


def _fairness(trained: Trained) -> dict[str, str]:
    if not trained.data.groups:
        return {"en": "Not known: the table has no groups to compare", "zh": "不详：表中无可比较的人群分组"}
    keys = ", ".join(trained.data.groups)
    return {
        "en": f"Ranking, calibration and sensitivity are listed by {keys}; no group has a threshold of its own",
        "zh": f"按以下分组列出排序、校准和灵敏度：{keys}；各组使用同一阈值",
    }


def _area(area: Estimate) -> str:
    """AUROC and interval as the table of the card shows them: rounded from the four decimals that are kept."""
    value, lo, hi = (format_number(round(each, 4), 3) for each in (area.value, area.lo, area.hi))
    return f"{value} ({lo}-{hi})"


def _validity(trained: Trained) -> dict[str, str]:
    a, b = trained.figure("auroc"), trained.figure("brier")
    slope = next((row.estimate.value for row in trained.rows if row.metric == "calibration_slope"), math.nan)
    tail = "" if math.isnan(slope) else f", slope {slope:.2f}"
    tail_zh = "" if math.isnan(slope) else f"，斜率 {slope:.2f}"
    return {
        "en": f"Cross-validated: AUROC {_area(a)}, Brier score {b.value:.4f}{tail}",
        "zh": f"交叉验证：AUROC {_area(a)}，Brier 评分 {b.value:.4f}{tail_zh}",
    }
