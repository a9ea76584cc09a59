"""What a list and a run ask of every model before they open one: a part of its manifest, under the same names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, fields, is_dataclass
from typing import Any

from medgui.frozen import frozen
from medgui.inference.manifest import Indication, Lineage, Manifest, Text


@frozen
class Header:
    """Fields as in `manifest.Manifest`, but for three.

    inputs: names of the inputs, in order. suppliers: bundles that can supply one of them, or the eGFR that fixes the
    category. own_inputs: the manifest gives an input a title, so that it is one of the bundle's own and no standard
    input.
    """

    id: str
    version: str
    kind: str
    evidence: str
    title: Text
    name: Text
    inputs: tuple[str, ...]
    hashes: Mapping[str, str]
    suppliers: tuple[str, ...] = ()
    own_inputs: bool = False
    group: str = ""
    question: str = ""
    on_request: bool = False
    acute: bool = False
    needs_any: tuple[str, ...] = ()
    answered_by: tuple[str, ...] = ()
    indications: tuple[Indication, ...] = ()
    regions: tuple[str, ...] = ()
    guideline: Text = field(default_factory=dict)
    lineage: Lineage | None = None


_OWN = ("inputs", "suppliers", "own_inputs")
KIDNEY_FUNCTION = "ckd_epi_2021"
"""Whose eGFR can fix the category of a score instead of its bands (SAFETY 13)."""


def header_of(manifest: Manifest) -> Header:
    """The header of a manifest."""
    same = {each.name: getattr(manifest, each.name) for each in fields(Header) if each.name not in _OWN}
    suppliers = [spec.from_.partition(".")[0] for spec in manifest.inputs if spec.from_]
    if manifest.conditions_fix_category:
        suppliers.append(KIDNEY_FUNCTION)
    return Header(
        inputs=tuple(spec.name for spec in manifest.inputs),
        suppliers=tuple(dict.fromkeys(suppliers)),
        own_inputs=any(spec.title for spec in manifest.inputs),
        **same,
    )


def plain(value: Any) -> Any:
    """A header, or a part of it, as JSON can hold it; what says nothing is left out."""
    if is_dataclass(value):
        pairs = ((each.name, getattr(value, each.name)) for each in fields(value))
        return {name: plain(part) for name, part in pairs if part not in ("", (), {}, False, None)}
    if isinstance(value, Mapping):
        return dict(value)
    return [plain(each) for each in value] if isinstance(value, tuple) else value


def header_from(data: Mapping[str, Any]) -> Header:
    """The header that `plain` wrote."""
    found: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in data.items()
    }
    if "indications" in found:
        found["indications"] = tuple(
            Indication(tuple(each["any"]), each["reason"]) for each in found["indications"]
        )
    if "lineage" in found:
        found["lineage"] = Lineage(**found["lineage"])
    return Header(**found)
