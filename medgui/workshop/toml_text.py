"""A nested dictionary as TOML, every number with all its digits: what `tomllib` reads comes out again."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any


def toml_text(table: Mapping[str, Any]) -> str:
    """Write *table*: plain keys first, then tables and arrays of tables under their headings."""
    return "\n".join(_lines(table, "")).strip("\n") + "\n"


def _lines(table: Mapping[str, Any], prefix: str) -> list[str]:
    plain, later = [], []
    for key, value in table.items():
        name = f"{prefix}{_key(key)}"
        if _is_tables(value):
            for item in value:
                later += ["", f"[[{name}]]", *_lines(item, f"{name}.")]
        elif isinstance(value, Mapping) and not _inline(value):
            later += ["", f"[{name}]", *_lines(value, f"{name}.")]
        else:
            plain.append(f"{_key(key)} = {_value(value)}")
    return [*plain, *later]


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, Mapping) for item in value)


def _inline(value: Mapping[str, Any]) -> bool:
    """Texts in languages and small tables of plain values stand in one line."""
    return set(value) <= {"en", "zh"} or (
        len(value) <= 8 and not any(isinstance(v, Mapping | list) for v in value.values())
    )


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, float):
        if math.isfinite(value):
            return repr(value)
        return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {_value(each)}" for key, each in value.items()) + " }"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(each) for each in value)}]"
    return repr(value)


def _key(key: str) -> str:
    plain = key.isascii() and all(sign.isalnum() or sign in "_-" for sign in key)
    return key if plain and key else json.dumps(key, ensure_ascii=False)
