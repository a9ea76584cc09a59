"""Reports, notes and document sections of a FHIR file: kept as documents to read, never a source of numbers."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

from medgui.frozen import frozen
from medgui.i18n import _
from medgui.readers.encodings import decode
from medgui.readers.fhir_bundle import Entry, FhirFile
from medgui.readers.fhir_sections import document_sections
from medgui.readers.fhir_values import (
    Broken,
    JsonObject,
    child,
    children,
    clean_lines,
    concept_text,
    date_text,
    narrative,
    plain_text,
    start_of,
    string,
    string_as_is,
)
from medgui.readers.json_place import Place
from medgui.record.model import Document

DOCUMENTS = frozenset({"DiagnosticReport", "DocumentReference", "Composition", "Binary"})
_XHTML = ("text/html", "application/xhtml+xml")


def read_documents(file: FhirFile, entry: Entry) -> Iterator[Document]:
    """What an entry of one of the `DOCUMENTS` holds for people. `Broken` where it was entered in error."""
    resource = entry.resource
    file.check(resource)
    if "entered-in-error" in (string(resource, "status"), string(resource, "docStatus")):
        raise Broken(_("Entered in error."))
    if entry.kind == "Composition":
        yield from _sections(file, entry)
    elif entry.kind == "DiagnosticReport":
        yield from _report(file, entry)
    elif entry.kind == "DocumentReference":
        for index, item in enumerate(children(resource, "content")):
            yield from _attached(file, entry, child(item, "attachment"), ("content", index, "attachment"))
    elif not _is_referred(file, entry):
        content = {"contentType": resource.get("contentType"), "data": resource.get("data")}
        yield from _attached(file, entry, content, ())


def lost_results(file: FhirFile, entry: Entry) -> str:
    """Why the results of a report are not all here; "" where they are."""
    lost = [
        string(item, "display") or string(item, "reference")
        for item in children(entry.resource, "result")
        if string(item, "reference") and not file.resolve(entry.resource, item)
    ]
    sentence = _("The report refers to results that are not in the file: {names}.")
    return sentence.format(names=", ".join(lost[:20])) if lost else ""


def _sections(file: FhirFile, entry: Entry) -> Iterator[Document]:
    """The text of each section of a document, and of the document itself."""
    resource = entry.resource
    title, time = _title(resource), _time(resource)
    places: list[tuple[Place, JsonObject]] = [((), resource)]
    places += [(place, section) for document, place, section in document_sections(file) if document is entry]
    for number, (place, holder) in enumerate(places):
        text = narrative(holder)
        if text:
            heading = string(holder, "title") or concept_text(child(holder, "code"))
            source = file.source(
                entry, *place, "text", text=heading or title, section=heading if place else ""
            )
            yield Document(
                f"{entry.id or 'document'}@{entry.index}#{number}",
                heading or title,
                "text/plain",
                time,
                source,
                text,
            )


def _report(file: FhirFile, entry: Entry) -> Iterator[Document]:
    resource = entry.resource
    codes = (concept_text(item) for item in children(resource, "conclusionCode"))
    conclusion = clean_lines(string_as_is(resource, "conclusion"))
    text = "\n".join(filter(None, (conclusion, *codes))) or narrative(resource)
    if text:
        yield Document(
            id=f"{entry.id or 'report'}@{entry.index}",
            title=_title(resource),
            media_type="text/plain",
            time=_time(resource),
            source=file.source(entry, text=_title(resource)),
            text=text,
            facts=_facts(resource),
        )
    for index, item in enumerate(children(resource, "presentedForm")):
        yield from _attached(file, entry, item, ("presentedForm", index))


def _attached(
    file: FhirFile, entry: Entry, attachment: JsonObject, place: tuple[str | int, ...]
) -> Iterator[Document]:
    """A file within the file, or the address of one."""
    url = string(attachment, "url")
    target = file.find(url) if url else None
    if target is not None and target.kind == "Binary":
        attachment = {**target.resource, **attachment}
    media = string(attachment, "contentType") or "application/octet-stream"
    content = _content(attachment)
    title = string(attachment, "title") or _title(entry.resource)
    facts = (*_facts(entry.resource), *([(_("Address"), url)] if url and not content.size else []))
    yield Document(
        id=f"{entry.id or 'document'}@{entry.index}#{'.'.join(str(step) for step in place)}",
        title=title,
        media_type=media.partition(";")[0].strip().lower(),
        time=_time(entry.resource) or _checked(attachment.get("creation")),
        source=file.source(entry, *place, text=title),
        text=content.text(media),
        facts=facts,
        size=content.size,
    )


@frozen
class _Content:
    """Base64 data that is decoded only where it is a text."""

    encoded: str
    size: int

    def text(self, media: str) -> str:
        kind = media.lower()
        if not self.encoded or not kind.startswith(("text/", "application/xhtml")):
            return ""
        try:
            words = decode(base64.b64decode(self.encoded), "").text
        except (binascii.Error, ValueError):
            return ""
        return plain_text(words) if kind.startswith(_XHTML) else clean_lines(words)


def _content(attachment: JsonObject) -> _Content:
    encoded = "".join(string_as_is(attachment, "data").split())
    size = attachment.get("size")
    if encoded:
        return _Content(encoded, len(encoded) * 3 // 4 - encoded[-2:].count("="))
    return _Content("", size if isinstance(size, int) and not isinstance(size, bool) else 0)


def _is_referred(file: FhirFile, entry: Entry) -> bool:
    """Whether a document of this file already shows this content."""
    for owner in file.of_kind("DocumentReference", "DiagnosticReport"):
        shown = [child(item, "attachment") for item in children(owner.resource, "content")]
        shown += children(owner.resource, "presentedForm")
        if any(string(item, "url") and file.find(string(item, "url")) is entry for item in shown):
            return True
    return False


def _title(resource: JsonObject) -> str:
    concepts = (concept_text(child(resource, key)) for key in ("code", "type"))
    texts = (string(resource, "title"), string(resource, "description"), *concepts)
    return next(filter(None, texts), string(resource, "resourceType"))


def _facts(resource: JsonObject) -> tuple[tuple[str, str], ...]:
    status = string(resource, "status")
    return ((_("Status"), status),) if status else ()


def _time(resource: JsonObject) -> str:
    """When what is reported happened, else when it was written; "" where neither is a date."""
    try:
        measured = start_of(resource, "effective")
    except Broken:
        measured = ""
    return measured or _checked(resource.get("date")) or _checked(resource.get("issued"))


def _checked(value: object) -> str:
    try:
        return date_text(value)
    except Broken:
        return ""
