"""The part of a trained bundle's `manifest.toml` that its recipe writes: inputs, evaluation, figures in words.

What stands above the marker line is written by people and stays as it is.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from medgui.evaluation.figures import Row
from medgui.workshop.equation import seal

MARKER = "# From here on written by recipe.py.\n"


def write_generated(
    folder: Path,
    attributes: Mapping[str, Mapping[str, str]],
    inputs: Sequence[Mapping[str, Any]],
    rows: Sequence[Row],
    comparison: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Replace what follows the marker line of `folder/manifest.toml` and write the hashes.

    attributes: the rest of the table [attributes], which the hand-written part ends with. comparison: the tables
    [[comparison]], keys as in `medgui.inference.manifest.ComparisonRow`.
    """
    path = folder / "manifest.toml"
    head, found, _old = path.read_text(encoding="utf-8").partition(MARKER)
    if not found:
        raise ValueError(f"{path} has no line {MARKER.strip()!r}")
    lines = [f'"{key}" = {_value(text)}' for key, text in attributes.items()]
    for spec in inputs:
        lines += ["", "[[inputs]]", *(f"{key} = {_value(value)}" for key, value in spec.items())]
    for tried in comparison:
        lines += ["", "[[comparison]]", *(f"{key} = {_value(value)}" for key, value in tried.items())]
    for row in rows:
        lines += ["", "[[evaluation]]", *_evaluation(row)]
    path.write_text(head + MARKER + "\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    seal(folder)


def _evaluation(row: Row) -> list[str]:
    e = row.estimate
    fields: dict[str, Any] = {
        "dataset": row.dataset,
        "group": row.group,
        "metric": row.metric,
        "value": e.value,
    }
    if math.isfinite(e.lo) and math.isfinite(e.hi):
        fields |= {"lo": e.lo, "hi": e.hi}
    fields |= {"n": row.n, "events": row.events}
    if math.isfinite(row.predicted):
        fields |= {"predicted": row.predicted, "observed": row.observed}
    return [f"{key} = {_value(value)}" for key, value in fields.items()]


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, float):
        number = float(value)
        return repr(int(number)) if number.is_integer() else repr(round(number, 4))
    if isinstance(value, Mapping):
        parts = ", ".join(f"{_key(key)} = {_value(each)}" for key, each in value.items())
        return f"{{ {parts} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(each) for each in value)}]"
    return repr(value)


def _key(key: str) -> str:
    return key if key.isidentifier() and key.isascii() else json.dumps(key, ensure_ascii=False)
