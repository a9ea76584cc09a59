"""A recalibrated version of a bundle, made of the original and a clinic's cohort: all its files, nothing written.

It has the id of the original with `_local`, the original's inputs, rules and explanation, and figures of its own.
Categories of a guideline are left out: they were made for the original's number (SAFETY 14).
"""

from __future__ import annotations

import hashlib
import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medgui.errors import DamagedData, UserError
from medgui.evaluation.figures import Row
from medgui.frozen import frozen
from medgui.i18n import _
from medgui.inference.bundle import Bundle
from medgui.inference.manifest_io import FILE_NAME, parse_manifest
from medgui.inference.providers import CPU, make_session, run_session
from medgui.validation.cohort import Local
from medgui.validation.performance import Performance
from medgui.validation.recalibration import Fit, Recalibrated, margin
from medgui.workshop.npz_bytes import npz_bytes
from medgui.workshop.recalibrated_graph import fold_in
from medgui.workshop.toml_text import toml_text

FloatArray = NDArray[np.float64]
SUFFIX = "_local"
TOLERANCE = 1e-5
"""Largest difference between the new graph and the formula, as probabilities (float32 graphs: 1e-6 of the log odds)."""
_LOCAL = re.compile(r"^(.*)\+local\.(\d+)$")
_Z90 = 1.6448536269514722


@frozen
class Source:
    """What a recalibration rests on: the cohort and its figures before and after (cross-validated)."""

    local: Local
    recalibrated: Recalibrated
    before: Performance
    after: Performance
    date: str


def local_id(bundle: Bundle) -> str:
    """The id of the recalibrated version. `UserError` where *bundle* itself is one, or cannot be recalibrated."""
    if bundle.manifest.lineage is not None and bundle.manifest.lineage.made == "recalibrated":
        sentence = _(
            "“{model}” is a recalibrated version itself; recalibrate the original “{original}” on all patients."
        )
        raise UserError(sentence.format(model=bundle.id, original=bundle.manifest.lineage.model))
    if bundle.manifest.survival is not None:
        raise UserError(
            _(
                "“{model}” draws a survival curve, which would no longer fit a recalibrated risk; it stays as it is."
            ).format(model=bundle.id)
        )
    return bundle.id + SUFFIX


def next_version(original: str, present: str) -> str:
    """Number of the new version: after `present` (the version that is installed, "" for none)."""
    found = _LOCAL.match(present)
    return f"{original}+local.{int(found[2]) + 1 if found else 1}"


def build(bundle: Bundle, source: Source, version: str) -> dict[str, bytes]:
    """Every file of the new bundle by name. `UserError` without onnx; `DamagedData` where the graph proves wrong."""
    fit, output = source.recalibrated.fit, source.local.output
    new_id = local_id(bundle)
    files = {"model.onnx": fold_in(bundle.content("model.onnx"), output, fit.intercept, fit.slope)}
    files["golden.npz"] = _golden(bundle, files["model.onnx"], fit, output)
    if "reference.npz" in bundle.files:
        files["reference.npz"] = npz_bytes(_reference(bundle, fit, output))
    files["recipe.py"] = _recipe(bundle, fit, output).encode()
    table = _manifest(bundle, source, new_id, version)
    table["hashes"] = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    files[FILE_NAME] = toml_text(table).encode()
    parse_manifest(files[FILE_NAME], FILE_NAME, new_id)
    return files


def _golden(bundle: Bundle, model: bytes, fit: Fit, output: str) -> bytes:
    """Golden inputs of the original with the new answers, which have to be those of the formula."""
    golden = bundle.golden
    answers = run_session(make_session(model, CPU), bundle.manifest, golden.x)
    for name, expected in golden.outputs.items():
        right = np.where(np.isfinite(expected), fit.apply(expected), expected) if name == output else expected
        if not np.allclose(answers[name], right, rtol=0, atol=TOLERANCE, equal_nan=True):
            sentence = _(
                "The recalibrated graph of “{model}” does not give the expected answers; nothing was changed."
            )
            raise DamagedData(sentence.format(model=bundle.id))
    return npz_bytes({"x": golden.x, **answers})


def _reference(bundle: Bundle, fit: Fit, output: str) -> dict[str, NDArray[Any]]:
    """Reference data with the interval table of *output* made anew: stretched, moved and widened by the fit's error."""
    arrays = dict(bundle.arrays("reference.npz"))
    suffix = f":{output}" if f"interval_score:{output}" in arrays else ""
    if f"interval_score{suffix}" not in arrays:
        return arrays
    score, lo, hi = (np.asarray(arrays[f"interval_{part}{suffix}"], float) for part in ("score", "lo", "hi"))
    middle = fit.intercept + fit.slope * margin(score)
    own = _Z90 * fit.error(score)
    down = np.hypot(fit.slope * (margin(score) - margin(lo)), own)
    up = np.hypot(fit.slope * (margin(hi) - margin(score)), own)
    for part, value in (("score", middle), ("lo", middle - down), ("hi", middle + up)):
        arrays[f"interval_{part}{suffix}"] = 1.0 / (1.0 + np.exp(-value))
    return arrays


def _recipe(bundle: Bundle, fit: Fit, output: str) -> str:
    return f'''"""{bundle.id} {bundle.manifest.version}, recalibrated on a clinic's own patients.

New log odds of {output} = intercept + slope x log odds of the original.
Run: python recipe.py ORIGINAL.onnx NEW.onnx (the graph whose SHA-256 is ORIGINAL; needs medgui with the extra train).
"""

import hashlib
import sys
from pathlib import Path

from medgui.workshop.recalibrated_graph import fold_in

ORIGINAL = "{bundle.sha256}"
OUTPUT, INTERCEPT, SLOPE = "{output}", {fit.intercept!r}, {fit.slope!r}

if __name__ == "__main__":
    model = Path(sys.argv[1]).read_bytes()
    if hashlib.sha256(model).hexdigest() != ORIGINAL:
        raise SystemExit("this is not the graph that was recalibrated")
    Path(sys.argv[2]).write_bytes(fold_in(model, OUTPUT, INTERCEPT, SLOPE))
'''


def _manifest(bundle: Bundle, source: Source, new_id: str, version: str) -> dict[str, Any]:
    table: dict[str, Any] = tomllib.loads(bundle.content(FILE_NAME).decode("utf-8"))
    fit, local = source.recalibrated.fit, source.local
    table |= {"id": new_id, "version": version, "evidence": _grade(bundle.manifest.evidence)}
    table["name"] = _texts(table["name"], "{old}, recalibrated here", "{old}（本院再校准）")
    data = cohort_words(source)
    told = {"date": source.date, "n": len(local.p), "events": local.events, **formula_words(fit)}
    table["summary"] = _texts(
        table["summary"],
        "Recalibrated on {date} on {n} local patients, {events} with the outcome ({en}). {old}",
        "已于 {date} 用本院 {n} 例患者（{events} 例发生结局）再校准（{zh}）。{old}",
        **told,
    )
    for spec in table["outputs"]:
        if spec["name"] == local.output:
            spec["calibration"] = (
                f"Recalibrated on local patients, {source.date}: {told['en']}; shrinkage {fit.shrinkage:.2f}"
            )
        spec.pop("bands", None)
        spec.pop("bands_source", None)
    table["attributes"] = _attributes(bundle, source, told)
    table["evaluation"] = [
        *_evaluation(source.after.rows, f"{data}; after recalibration, cross-validated"),
        *_evaluation(source.before.rows, f"{data}; before recalibration"),
    ]
    table["lineage"] = {
        "made": "recalibrated",
        "data": f"{data}; mark {source.local.mark}",
        "date": source.date,
        "model": bundle.id,
        "version": bundle.manifest.version,
        "sha256": bundle.sha256,
    }
    return table


def _grade(original: str) -> str:
    """Local figures are cross-validated, never external: no better grade than "internally validated" (SAFETY 20)."""
    return original if original == "demonstration" else "trained, internally validated"


def cohort_words(source: Source) -> str:
    """Name the cohort: its file, people and events."""
    local = source.local
    return f"Own patients ({local.file}): n {len(local.p)}, {local.events} events"


def formula_words(fit: Fit) -> dict[str, str]:
    """Say what was changed, in both languages."""
    if fit.method == "intercept":
        return {
            "en": f"intercept {fit.intercept:+.3f} on the log odds",
            "zh": f"对数优势的截距 {fit.intercept:+.3f}",
        }
    return {
        "en": f"intercept {fit.intercept:+.3f}, slope {fit.slope:.3f} on the log odds",
        "zh": f"对数优势的截距 {fit.intercept:+.3f}、斜率 {fit.slope:.3f}",
    }


def _texts(old: Mapping[str, str], english: str, chinese: str, **told: Any) -> dict[str, str]:
    found = {}
    for lang, words in (("en", english), ("zh", chinese)):
        fields = {**told, "old": old.get(lang, old.get("en", ""))}
        found[lang] = words.format(**fields)
    return found


def _attributes(bundle: Bundle, source: Source, told: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {key: dict(text) for key, text in bundle.manifest.attributes.items()}
    before, after = _figures(source.before), _figures(source.after)
    for key in ("performance.validity_external", "performance.fairness_external"):
        kept[key] = _texts(
            kept[key], "Of the original model, before recalibration: {old}", "原模型（再校准前）：{old}"
        )
    for key in ("performance.validity_internal", "maintenance.validity_local"):
        kept[key] = {
            "en": f"Local patients, {source.date}: after recalibration, cross-validated, {after['en']}; "
            f"before, {before['en']}",
            "zh": f"本院患者（{source.date}）：再校准后（交叉验证）{after['zh']}；再校准前 {before['zh']}",
        }
    for key in ("performance.fairness_internal", "maintenance.fairness_local"):
        kept[key] = {
            "en": "Figures of the local patients by sex, age and ethnicity, where known, are listed in the evaluation",
            "zh": "本院患者按性别、年龄和族裔（如已知）的指标列于评估结果",
        }
    kept["update.process"] = {
        "en": f"Recalibrated by the clinic on {source.date} from {bundle.id} {bundle.manifest.version}; "
        "repeat with new patients",
        "zh": f"由本院于 {source.date} 在 {bundle.id} {bundle.manifest.version} 基础上再校准；有新患者时应重复进行",
    }
    return kept


def _figures(performance: Performance) -> dict[str, str]:
    names = {
        "brier": ("Brier score", "Brier 评分", 4),
        "calibration_slope": ("slope", "斜率", 2),
        "calibration_in_the_large": ("calibration in the large", "总体校准", 2),
    }
    found: dict[str, list[str]] = {"en": [], "zh": []}
    for metric, (en, zh, places) in names.items():
        figure = performance.figure(metric)
        if figure is not None:
            span = f"{figure.value:.{places}f} ({figure.lo:.{places}f} to {figure.hi:.{places}f})"
            found["en"].append(f"{en} {span}")
            found["zh"].append(f"{zh} {span.replace(' to ', ' 至 ')}")
    return {"en": ", ".join(found["en"]), "zh": "，".join(found["zh"])}


def _evaluation(rows: Sequence[Row], dataset: str) -> list[dict[str, Any]]:
    """The tables [[evaluation]]; limits and rates that do not exist are left out."""
    found = []
    for row in rows:
        table: dict[str, Any] = {"dataset": dataset, "group": row.group, "metric": row.metric}
        parts = {"value": row.estimate.value, "lo": row.estimate.lo, "hi": row.estimate.hi}
        rates = {"predicted": row.predicted, "observed": row.observed}
        table |= {key: round(float(value), 4) for key, value in parts.items() if math.isfinite(value)}
        table |= {"n": int(row.n), "events": int(row.events)}
        table |= {key: round(float(value), 4) for key, value in rates.items() if math.isfinite(value)}
        found.append(table)
    return found
