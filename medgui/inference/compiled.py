"""`CATALOGUE`: the manifests of a signed folder, compiled when it is signed, so that a start parses no TOML (ADR 0021).

A text of five lines a bundle below one line that names the format:

    medgui catalogue 1
    <SHA-256 of cad/manifest.toml> <SHA-256 of the graph that keeps the rules of `graph_rules`, or -> cad
    {"id": "cad", …}         the header (`header.Header`)
    {"schema": 1, …}         the tables of the manifest but for the two that follow
    {"details.funding": …}   its source attributes, as they were checked
    [{"dataset": …}, …]      the rows of its evaluation

The signed list covers the file as any other. An entry counts only where it names the signed hash of the manifest: a
bundle that was added or replaced since has its manifest read. Each part is parsed when somebody asks for it.
Any change of what the lines mean, or of the rules of graphs, is another format.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from medgui.errors import DamagedData
from medgui.frozen import frozen
from medgui.i18n import _
from medgui.inference.evaluation_rows import EvaluationRows
from medgui.inference.graph_rules import check_graph
from medgui.inference.header import Header, header_from, header_of, plain
from medgui.inference.manifest import EvaluationRow, Manifest, Text
from medgui.inference.manifest_io import FILE_NAME as MANIFEST_NAME
from medgui.inference.manifest_io import evaluation_of, made_of, parse_manifest
from medgui.inference.signatures import place

FILE_NAME = "CATALOGUE"
FORMAT = "medgui catalogue 1"
_LINES = 5


@frozen
class Entry:
    """What is compiled of one bundle: hashes of the manifest and of a graph that was checked, and four JSON texts."""

    manifest: str
    graph: str
    lines: tuple[bytes, ...]

    def header(self) -> Header:
        """The header of the manifest."""
        return header_from(json.loads(self.lines[0].decode("utf-8")))

    def whole(self, file: str, bundle_id: str) -> Manifest:
        """The manifest as its TOML gives it; attributes and evaluation are parsed at the first look."""
        tables, attributes, rows = self.lines[1:]
        made = made_of(json.loads(tables), file, bundle_id, DeferredTexts(lambda: json.loads(attributes)))
        return replace(made, evaluation=EvaluationRows(lambda: _rows(rows, file)))


def _rows(line: bytes, file: str) -> tuple[EvaluationRow, ...]:
    return evaluation_of(json.loads(line), file)


class DeferredTexts(Mapping[str, Text]):
    """Texts by key that are made at the first look."""

    def __init__(self, make: Callable[[], Mapping[str, Text]]) -> None:
        self._make = make
        self._found: Mapping[str, Text] | None = None

    @property
    def texts(self) -> Mapping[str, Text]:
        """All of them."""
        if self._found is None:
            self._found = self._make()
        return self._found

    def __getitem__(self, key: str) -> Text:
        return self.texts[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.texts)

    def __len__(self) -> int:
        return len(self.texts)


def read_entries(content: bytes, file: str) -> dict[str, Entry]:
    """Take the entries of a `CATALOGUE` apart, by id; none of a format that this version does not know.

    Raises `DamagedData` where the text is not whole.
    """
    lines = content.split(b"\n")
    if lines[0] != FORMAT.encode():
        return {}
    if len(lines) % _LINES != 2 or lines[-1]:
        raise DamagedData(_("{file} is damaged.").format(file=file))
    found = {}
    for start in range(1, len(lines) - 1, _LINES):
        manifest, graph, name = lines[start].decode("utf-8").split(" ", 2)
        found[name] = Entry(manifest, graph, tuple(lines[start + 1 : start + _LINES]))
    return found


def compile_folder(folder: Path) -> bytes:
    """The content of `folder/CATALOGUE`. Raises `DamagedData` for a manifest that breaks a rule."""
    lines = [FORMAT]
    for path in sorted(folder.glob(f"*/{MANIFEST_NAME}")):
        lines += entry_lines(path.parent)
    return ("\n".join(lines) + "\n").encode("utf-8")


def entry_lines(folder: Path) -> list[str]:
    """The five lines of one bundle."""
    import tomllib

    content = (folder / MANIFEST_NAME).read_bytes()
    manifest = parse_manifest(content, str(folder / MANIFEST_NAME), folder.name)
    tables = tomllib.loads(content.decode("utf-8"))
    del tables["attributes"]
    rows = tables.pop("evaluation", [])
    named = f"{hashlib.sha256(content).hexdigest()} {_checked_graph(folder, manifest)} {folder.name}"
    return [named, *map(_json, (plain(header_of(manifest)), tables, dict(manifest.attributes), rows))]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _checked_graph(folder: Path, manifest: Manifest) -> str:
    """SHA-256 of the graph where it keeps the rules; "-" where it does not: then its first use says why."""
    try:
        graph = (folder / "model.onnx").read_bytes()
        check_graph(graph, manifest, place(folder / "model.onnx"))
    except (OSError, DamagedData):
        return "-"
    return hashlib.sha256(graph).hexdigest()
