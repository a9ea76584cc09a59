"""The last validation of each model, kept in the user's data: figures alone, no row of a patient."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from medgui.errors import OutputNotWritable
from medgui.files import reason, write_atomic
from medgui.i18n import _
from medgui.paths import user_data_dir

SCHEMA = "medgui.validation/1"


def folder() -> Path:
    """Where the results are kept."""
    return user_data_dir() / "validation"


def keep(result: dict[str, Any]) -> None:
    """Keep a result in the place of the model's former one. `OutputNotWritable`."""
    target = folder() / f"{result['model']}.json"
    text = json.dumps(result, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(target, text.encode(), private=True)
    except OSError as error:
        sentence = _("The result cannot be kept for the Models page: {reason}.")
        raise OutputNotWritable(sentence.format(reason=reason(error, writing=True))) from error


def last(model: str, sha256: str) -> dict[str, Any] | None:
    """The last result of exactly this model file; None where there is none, or what is there cannot be read."""
    try:
        found = json.loads((folder() / f"{model}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    whole = isinstance(found, dict) and found.get("schema") == SCHEMA and found.get("sha256") == sha256
    return found if whole else None
