"""The folder of licences: texts of every part, and `index.json`, which the About page and `medgui about` read."""

import json
import shutil
from pathlib import Path
from typing import Any

from supply.part import Inventory, Part
from supply.policy import COMMON, common_texts, reason
from supply.reviewed import Reviewed
from supply.shipped_data import notice

SCHEMA = "medgui.licences/1"
SOURCES = "data-sources"


def write_licences(inventory: Inventory, reviewed: Reviewed, folder: Path) -> None:
    """Write the texts and the index anew."""
    shutil.rmtree(folder, ignore_errors=True)
    own = inventory.parts["medgui"].texts
    rows = []
    for part in inventory.sorted():
        rows.append(_row(part, part, reviewed, folder, own))
        rows += [_row(each, part, reviewed, folder, own) for each in list(part.walk())[1:]]
    rows.append(_sources(inventory, folder))
    rows.sort(key=lambda row: (row["name"].casefold(), row["within"], row["version"]))
    index = {"schema": SCHEMA, "parts": rows}
    text = json.dumps(index, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / "index.json").write_bytes(f"{text}\n".encode())


def _row(part: Part, outer: Part, reviewed: Reviewed, folder: Path, own: dict[str, bytes]) -> dict[str, Any]:
    inside = part is not outer
    files = [_write(folder, outer.key, name, content) for name, content in outer.texts.items()]
    if part.kind == "machine-learning-model":
        files = [_write(folder, "medgui", name, content) for name, content in own.items()]
    common = common_texts(part, reviewed)
    files += [
        _write(folder, COMMON, name, content) for name, content in common.items() if name not in outer.texts
    ]
    if part.kind == "machine-learning-model":
        files.append(f"{SOURCES}/NOTICE.txt")
    return {
        "name": part.name,
        "version": part.version,
        "kind": part.kind,
        "within": outer.name if inside else "",
        "licence": part.licence,
        "licence_words": part.licence_words,
        "home": part.home,
        "source": part.source,
        "note": " ".join(x for x in (part.note, reason(part, reviewed)) if x),
        "files": list(dict.fromkeys(files)),
    }


def _write(folder: Path, key: str, name: str, content: bytes) -> str:
    """Write a text once, in UTF-8; Windows would not take the characters that some names hold."""
    safe = "".join(sign if sign.isalnum() or sign in "._-+" else "_" for sign in name)
    file = folder / key / safe
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:  # some licences name their authors in the letters of their time
        content = content.decode("latin-1").encode("utf-8")
    file.write_bytes(content)
    return f"{key}/{safe}"


def _sources(inventory: Inventory, folder: Path) -> dict[str, Any]:
    path = _write(folder, SOURCES, "NOTICE.txt", notice(inventory).encode())
    return {
        "name": "Sources of data",
        "version": "",
        "kind": "data",
        "within": "",
        "licence": "",
        "licence_words": "Tables, fonts, and the data that the models were made from",
        "home": "",
        "source": "",
        "note": "",
        "files": [path],
    }
