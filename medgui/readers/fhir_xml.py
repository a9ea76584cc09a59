"""FHIR in XML, brought to the plain objects that the same resource has in JSON, with the line of every element."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from typing import Any

from medgui.errors import UnreadableFile
from medgui.i18n import _
from medgui.readers.fhir_bundle import FhirFile, of_bundle, of_one
from medgui.readers.json_place import Number, Place, integer
from medgui.readers.limits import Limits
from medgui.readers.xml_place import Node, parse_xml

_REPEATED = frozenset({
    "category", "coding", "contained", "dayOfWeek", "entry", "event", "extension", "given", "modifierExtension",
    "profile", "timeOfDay", "when",
})  # fmt: skip
"""Elements that are lists in JSON even where one stands alone, as far as a reader asks for a list."""

_BOOLEANS = frozenset({
    "abatementBoolean", "asNeeded", "asNeededBoolean", "contributedToDeath", "deceasedBoolean", "doNotPerform",
    "excluded", "notDone", "notGiven", "primarySource", "reported", "reportedBoolean", "valueBoolean",
    "wasNotGiven", "wasNotTaken",
})  # fmt: skip
_NUMBERS = frozenset({
    "count", "countMax", "duration", "durationMax", "frequency", "frequencyMax", "offset", "period", "periodMax",
    "size", "valueDecimal", "valueInteger", "valuePositiveInt", "valueUnsignedInt", "doseNumberPositiveInt",
})  # fmt: skip
_QUANTITIES = re.compile(
    r".*(?:Quantity|Age|Duration)|quantity|dose|low|high|numerator|denominator|daysSupply|strength|age|origin|"
    r"boundsDuration|expectedSupplyDuration"
)
"""Elements whose `value` is a number. That of an identifier, a telephone number or a note is a text."""
_DECIMAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?")
_INTEGER = re.compile(r"-?(?:0|[1-9]\d*)")
_BLOCKS = frozenset({
    "xhtml:br", "xhtml:div", "xhtml:h1", "xhtml:h2", "xhtml:h3", "xhtml:h4", "xhtml:li", "xhtml:p", "xhtml:table",
    "xhtml:tr",
})  # fmt: skip


class XmlPlaces:
    """Lines of the elements of a document; an anchor is the number of a node."""

    doubled = False

    def __init__(self, nodes: list[Node]) -> None:
        self.nodes = nodes

    def line_of(self, anchor: int, place: Place) -> int:
        """Line number of what is at *place* below a node."""
        return self._at(anchor, place).line

    def place_of(self, anchor: int, place: Place) -> tuple[int, int | None]:
        """Line and column of what is at *place* below a node."""
        node = self._at(anchor, place)
        return node.line, node.column

    def _at(self, anchor: int, place: Place) -> Node:
        node, tag = _into_resource(self.nodes[anchor]), ""
        siblings: list[Node] = []
        for step in place:
            if isinstance(step, str):
                siblings, tag = list(node.children(step)), step
                found = siblings[0] if siblings else None
            else:
                found = siblings[step] if tag and step < len(siblings) else None
            if found is None:
                return node
            node = _into_resource(found)
        return node


def _into_resource(node: Node) -> Node:
    """What `resource` and `contained` hold is one element named like the resource."""
    return next((each for each in _nodes(node) if _is_resource(each)), node)


def _nodes(node: Node) -> Iterable[Node]:
    return (each for each in node if isinstance(each, Node))


def _is_resource(node: Node) -> bool:
    return node.tag[:1].isupper()


def open_xml(data: bytes, name: str, limits: Limits) -> FhirFile:
    """Parse a FHIR file in XML. `UnreadableFile` where it is cut off, not well-formed or holds no resource."""
    root = parse_xml(data, name, limits)
    if not _is_resource(root):
        raise UnreadableFile(_("{file} is XML but holds no FHIR resource.").format(file=name))
    if root.tag != "Bundle":
        return of_one(name, XmlPlaces([root]), 0, resource_of(root))
    entries = list(root.children("entry"))
    top = _members((each for each in _nodes(root) if each.tag != "entry"), root.tag)
    elements = [(number, _object(entry)) for number, entry in enumerate(entries)]
    return of_bundle(name, XmlPlaces(entries), {"resourceType": "Bundle", **top}, elements)


def resource_of(node: Node) -> dict[str, Any]:
    """The object that JSON writes for the resource of an element."""
    return {"resourceType": node.tag, **_members(_nodes(node), node.tag)}


def _object(node: Node) -> dict[str, Any]:
    made = _members(_nodes(node), node.tag)
    for name in ("id", "url"):
        if node.get(name) is not None:
            made[name] = node.get(name)
    return made


def _members(nodes: Iterable[Node], parent: str) -> dict[str, Any]:
    """Elements side by side become members; those of one name a list."""
    made: dict[str, Any] = {}
    for node in nodes:
        for key, value in _member(node, parent):
            if key not in made:
                made[key] = [value] if key in _REPEATED else value
            elif isinstance(made[key], list):
                made[key].append(value)
            else:
                made[key] = [made[key], value]
    return made


def _member(node: Node, parent: str) -> Iterable[tuple[str, Any]]:
    """Key and value of an element; extensions of a primitive stand under its name with "_" before it."""
    if node.tag.startswith("xhtml:"):
        words = escape(_text(node), quote=False).replace("\n", "<br/>")
        yield node.tag.removeprefix("xhtml:"), f"<div>{words}</div>"
        return
    inside = next(iter(_nodes(node)), None)
    if inside is not None and _is_resource(inside):
        yield node.tag, resource_of(inside)
        return
    written = node.get("value")
    if written is not None:
        yield node.tag, _primitive(node.tag, parent, written.strip())
    if inside is None and (written is not None or node.get("url") is None):
        return
    only_extensions = all(each.tag == "extension" for each in _nodes(node))
    if written is not None or (inside is not None and only_extensions and node.get("url") is None):
        yield f"_{node.tag}", _object(node)
    else:
        yield node.tag, _object(node)


def _primitive(tag: str, parent: str, written: str) -> Any:
    if tag in _BOOLEANS:
        return {"true": True, "false": False}.get(written, written)
    is_number = tag in _NUMBERS or (tag == "value" and _QUANTITIES.fullmatch(parent))
    if not is_number or not _DECIMAL.fullmatch(written):
        return written
    return integer(written) if _INTEGER.fullmatch(written) else Number(written)


def _text(node: Node) -> str:
    """The text of a narrative with a line for each row, paragraph and item, cells of a row apart."""
    parts: list[str] = []
    _gather(node, parts)
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _gather(node: Node, parts: list[str]) -> None:
    block = node.tag in _BLOCKS
    parts.append("\n" if block else "")
    parts.append(" ".join((node.text or "").split("\n")))
    for each in _nodes(node):
        _gather(each, parts)
        parts.append(" ".join((each.tail or "").split("\n")))
    parts.append("\n" if block else " " if node.tag in ("xhtml:td", "xhtml:th") else "")
