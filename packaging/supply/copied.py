"""Parts inside parts: what wheels list themselves (PEP 770), and what was found in them."""

import json
from collections.abc import Iterator
from typing import Any

from supply.environment import Environment, canonical
from supply.origins import inner_path, matches
from supply.part import Inventory, Part
from supply.reviewed import Reviewed


def add_copied(inventory: Inventory, environment: Environment, reviewed: Reviewed) -> None:
    """Add to every part of the inventory what is compiled or copied into it."""
    for part in inventory.sorted():
        if part.purl.startswith("pkg:pypi/"):
            for text in environment.sboms(part.name):
                for found in _listed(json.loads(text), part, inventory, reviewed):
                    _add(part, found)
    for entry in reviewed.copied:
        part = inventory.parts.get(entry.within)
        files = [path for path in part.files if matches(path, entry.files)] if part else []
        real = [path for path in files if not (inventory.tree / path).is_symlink()]
        if part is None or not real:
            continue
        versions = (entry.version_in(inventory.tree / path, part.version) for path in real)
        found = Part(entry.name, next((v for v in versions if v), ""), licence=entry.licence, home=entry.home)
        found.note = entry.note
        _add(part, found)
        _move(part, _same(part, found), real)


def _listed(content: dict[str, Any], part: Part, inventory: Inventory, reviewed: Reviewed) -> Iterator[Part]:
    """The components of a list in CycloneDX that a wheel carries."""
    shipped = [inventory.tree / path for path in part.files if inner_path(path) != path]
    for each in content.get("components", []):
        name, purl = each["name"], each.get("purl", "")
        if canonical(name) == part.name or name.startswith(f"{part.name}-") or "#c-ext/" in purl:
            continue
        if reviewed.is_absent(part.name, name, shipped):
            continue
        found = Part(name.replace("libjpeg / ", ""), str(each.get("version") or ""), licence=_licence(each))
        found.purl = purl if purl.startswith("pkg:") and "file://" not in purl else ""
        yield found


def _licence(component: dict[str, Any]) -> str:
    parts = [
        each.get("expression") or each["license"].get("id") or each["license"].get("name", "")
        for each in component.get("licenses") or []
    ]
    plain = [part if " OR " not in part or len(parts) == 1 else f"({part})" for part in parts]
    return " AND ".join(plain)


_KNOWN = {
    "libgfortran": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "libgomp": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "libquadmath": "LGPL-2.1-or-later",
    "libXau": "MIT",
    "openssl": "Apache-2.0",
}
"""Licences that the lists of wheels leave out."""


def _add(part: Part, found: Part) -> None:
    if not found.licence:
        found.licence = _KNOWN.get(found.name, "")
    same = _same(part, found)
    if same is None:
        part.inside.append(found)
        stem = found.name.split(" ")[0].lower()
        _move(part, found, [p for p in part.libraries if _stem(p) in (stem, f"lib{stem}")])
    elif not same.version:
        same.version = found.version


def _same(part: Part, found: Part) -> Part | None:
    """The same part that is there already: lists name OpenSSL and its binding alike, but not with one version."""
    alike = (each for each in part.inside if each.name == found.name)
    return next((each for each in alike if each.version == found.version or not each.version), None)


def _stem(path: str) -> str:
    return path.rsplit("/", 1)[-1].split("-")[0].split(".")[0].lower()


def _move(part: Part, inner: Part | None, paths: list[str]) -> None:
    """Say which files the inner part lies in; a library that holds nothing else is its own."""
    if inner is None:
        return
    for path in paths:
        if path not in inner.files:
            inner.files.append(path)
            inner.libraries |= {path: part.libraries[path]} if path in part.libraries else {}
