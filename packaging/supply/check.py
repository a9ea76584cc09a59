"""Whether the list in a program is that of its files."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from supply.origins import ABOUT, inner_path
from supply.part import is_native, sha256


def not_listed(tree: Path, sbom: Path) -> list[str]:
    """One sentence for each file that the list does not name, or names with another hash, or that is gone."""
    if not sbom.is_file():
        return [f"{sbom}: is not there."]
    content = json.loads(sbom.read_text(encoding="utf-8"))
    named: set[str] = set()
    hashes: dict[str, str] = {}
    for component in _walk([content["metadata"]["component"], *content["components"]]):
        named |= {each["location"] for each in component.get("evidence", {}).get("occurrences", [])}
        if component["type"] == "file" and component.get("hashes"):
            hashes[component["name"]] = component["hashes"][0]["content"]
    wrong = []
    present = set()
    for file in sorted(tree.rglob("*")):
        path = file.relative_to(tree).as_posix()
        if inner_path(path).startswith(ABOUT) or not (file.is_file() or file.is_symlink()):
            continue
        present.add(path)
        if path not in named and not (file.is_symlink() and file.is_dir()):
            wrong.append(f"{path}: is in the program and not in the list.")
        elif not file.is_symlink() and is_native(file) and hashes.get(path) != sha256(file):
            wrong.append(f"{path}: is another file than the list names.")
    return wrong + [f"{path}: is in the list and not in the program." for path in sorted(named - present)]


def _walk(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for component in components:
        yield component
        yield from _walk(component.get("components", []))
