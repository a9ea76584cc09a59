"""The sets of updated models of a computer: which are in force, and which were before the last change.

    <folder>/ACTIVE                  this file, replaced in one step: what it names is in force, nothing else
    <folder>/sets/<name>/SIGNATURES  each set is a signed folder of bundles, never changed once it is there

`ACTIVE` is JSON: `{"schema": "medgui.active/1", "sets": [{"name", "models": {id: version}}], "previous": [...]}`.
It is not signed: every bundle it names is. Its versions say what this computer was given, so that a
set that got lost or was damaged is missed by name and no older model quietly takes its place (`catalogue`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from medgui.errors import DamagedData
from medgui.frozen import frozen
from medgui.i18n import _
from medgui.inference.signatures import place
from medgui.versions import order

FILE_NAME = "ACTIVE"
SETS = "sets"
SCHEMA = "medgui.active/1"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,80}")


@frozen
class ModelSet:
    """One signed folder of updated models, and the version of each."""

    folder: Path
    models: Mapping[str, str]


@frozen
class Active:
    """The sets in force, and those before the last change; *previous* is None where nothing can be taken back."""

    sets: tuple[ModelSet, ...] = ()
    previous: tuple[ModelSet, ...] | None = None


def read_active(root: Path) -> Active:
    """Read `ACTIVE` of *root*; nothing is in force where there is none. Raises `DamagedData`."""
    path = root / FILE_NAME
    try:
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return Active()
    except OSError as error:
        raise DamagedData(_("{file} cannot be read.").format(file=place(path))) from error
    try:
        data: Any = json.loads(content.decode("utf-8"))
        if data["schema"] != SCHEMA:
            raise ValueError(data["schema"])
        before = data.get("previous")
        return Active(_sets(root, data["sets"]), None if before is None else _sets(root, before))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise DamagedData(_("{file} is damaged.").format(file=place(path))) from error


def _sets(root: Path, listed: Any) -> tuple[ModelSet, ...]:
    found = []
    for each in listed:
        models = {str(name): str(version) for name, version in each["models"].items()}
        if not _NAME.fullmatch(each["name"]) or ".." in each["name"]:
            raise ValueError(each["name"])
        for version in models.values():
            order(version)
        found.append(ModelSet(root / SETS / each["name"], models))
    return tuple(found)


def active_text(active: Active) -> bytes:
    """The content of `ACTIVE`."""
    data = {
        "schema": SCHEMA,
        "sets": _listed(active.sets),
        "previous": None if active.previous is None else _listed(active.previous),
    }
    return (json.dumps(data, indent=1) + "\n").encode("utf-8")


def _listed(sets: tuple[ModelSet, ...]) -> list[dict[str, Any]]:
    return [{"name": each.folder.name, "models": dict(each.models)} for each in sets]
