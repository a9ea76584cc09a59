"""FHIR in JSON: a Bundle, a list of resources, resources one a line, or one resource."""

from __future__ import annotations

import json
import re
from typing import Any

from medgui.errors import UnreadableFile
from medgui.i18n import _, format_count
from medgui.readers.fhir_bundle import NEVER_READ, FhirFile, of_bundle, of_one, of_resources
from medgui.readers.fhir_values import string
from medgui.readers.json_place import Document, Unparsed
from medgui.readers.limits import Limits, check_json, cut_off

_UNUSED = NEVER_READ | {"ImagingStudy", "Media"}
"""Kinds of which only who and what is kept."""
_WITHOUT_FACTS = _UNUSED | {
    "CarePlan",
    "CareTeam",
    "Encounter",
    "Goal",
    "Location",
    "Organization",
    "Practitioner",
}
"""Kinds that hold no number or fact that is read: neither digits as written nor keys that stand twice matter."""
_WITHOUT_FACTS_AHEAD = re.compile(
    r'\{\s*(?:"fullUrl"\s*:\s*"[^"\\]*"\s*,\s*)?"resource"\s*:\s*\{\s*"resourceType"\s*:\s*"(?:'
    + "|".join(sorted(_WITHOUT_FACTS))
    + ')"'
)


def open_json(data: bytes, text: str, name: str, limits: Limits) -> FhirFile:
    """Parse a FHIR file in JSON. `UnreadableFile` where it is cut off, no JSON, too deep, or holds no resource.

    *data* is *text* in UTF-8.
    """
    shape = check_json(data, name, limits)
    document = Document(text)
    try:
        return _parse(document, name)
    except json.JSONDecodeError as error:
        if shape.open_at_end > 0 and _at_end(error, text):
            raise cut_off(name, len(data), document.line(len(text))) from error
        raise UnreadableFile(_not_json(name, document, error)) from error
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(_("{file} is not valid JSON.").format(file=name)) from error


def _at_end(error: json.JSONDecodeError, text: str) -> bool:
    rest = text[error.pos :]
    return error.msg.startswith("Unterminated string") or (
        len(rest) < 24 and not any(sign in rest for sign in '{}[]":,')
    )


def _not_json(name: str, document: Document, error: json.JSONDecodeError) -> str:
    sentence = _("{file} is not valid JSON: line {line}, column {column}.")
    return sentence.format(
        file=name,
        line=format_count(document.line(min(error.pos, len(document.text)))),
        column=format_count(error.colno),
    )


def _parse(document: Document, name: str) -> FhirFile:
    text = document.text
    start = document.skip_space(0)
    elements: list[tuple[int, Any]] = []
    if text[start : start + 1] == "[":
        document.array(start, elements)
        return _loose(document, name, elements)
    try:
        top, elements = document.top("entry", _lightened, _WITHOUT_FACTS_AHEAD)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":
            return _lines(document, name)
        raise
    kind = string(top, "resourceType")
    if kind == "Bundle":
        top.pop("entry", None)
        return _checked(of_bundle(name, document, top, elements), elements)
    if kind:
        return of_one(name, document, start, top)
    raise UnreadableFile(_("{file} is JSON but holds no FHIR resource.").format(file=name))


def _lightened(element: Any) -> Any:
    resource = element.get("resource") if isinstance(element, dict) else None
    if not isinstance(resource, dict) or string(resource, "resourceType") not in _UNUSED:
        return element
    kept = {key: resource[key] for key in ("resourceType", "id", "subject", "patient") if key in resource}
    return {**{key: element[key] for key in ("fullUrl", "search") if key in element}, "resource": kept}


def _lines(document: Document, name: str) -> FhirFile:
    """Resources one after another (NDJSON, as bulk export writes them)."""
    elements: list[tuple[int, Any]] = []
    at = document.skip_space(0)
    while at < len(document.text):
        value, end = document.line_value(at)
        elements.append((at, value))
        at = document.skip_space(end)
    return _loose(document, name, elements)


def _loose(document: Document, name: str, elements: list[tuple[int, Any]]) -> FhirFile:
    file = _checked(of_resources(name, document, elements), elements)
    if not file.entries:
        raise UnreadableFile(_("{file} is JSON but holds no FHIR resource.").format(file=name))
    return file


def _checked(file: FhirFile, elements: list[tuple[int, Any]]) -> FhirFile:
    """Where the patient's own entry may be the broken one, the file is refused for what is wrong with it."""
    broken = next((element for _offset, element in elements if isinstance(element, Unparsed)), None)
    if broken is not None and not any(entry.kind == "Patient" for entry in file.entries):
        raise broken.error
    return file
