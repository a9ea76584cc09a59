"""The same FHIR resources in XML, as a sender would write them."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape, quoteattr

NAMESPACE = "http://hl7.org/fhir"


def as_xml(resource: dict[str, Any]) -> str:
    """A resource as an XML document with an element on each line."""
    kind = resource["resourceType"]
    inside = "".join(_member(key, value, 1) for key, value in resource.items() if key != "resourceType")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{kind} xmlns="{NAMESPACE}">\n{inside}</{kind}>\n'


def _member(key: str, value: Any, depth: int) -> str:
    pad = " " * depth
    if isinstance(value, list):
        return "".join(_member(key, item, depth) for item in value)
    if not isinstance(value, dict):
        shown = str(value).lower() if isinstance(value, bool) else str(value)
        return f"{pad}<{key} value={quoteattr(shown)}/>\n"
    if key == "text" and "div" in value:
        words = escape(value["div"])
        return f'{pad}<text>\n{pad} <div xmlns="http://www.w3.org/1999/xhtml"><p>{words}</p></div>\n{pad}</text>\n'
    if "resourceType" in value:
        kind = value["resourceType"]
        inside = "".join(_member(k, v, depth + 2) for k, v in value.items() if k != "resourceType")
        return f"{pad}<{key}>\n{pad} <{kind}>\n{inside}{pad} </{kind}>\n{pad}</{key}>\n"
    attributes = "".join(f" {name}={quoteattr(value[name])}" for name in ("url",) if key == "extension")
    inside = "".join(
        _member(k, v, depth + 1) for k, v in value.items() if not (key == "extension" and k == "url")
    )
    return f"{pad}<{key}{attributes}>\n{inside}{pad}</{key}>\n"
