"""One resource in several versions, as histories and repeated exports hold it: only the newest is a fact.

Which version is newer is read from the file (`meta.versionId`, `meta.lastUpdated`, the order of a history, which is
newest first). Where the file does not say, all stay and contradict each other.
"""

from __future__ import annotations

from collections.abc import Iterable

from medgui.errors import UnreadableFile
from medgui.i18n import N_, _
from medgui.readers.fhir_bundle import Entry, FhirFile
from medgui.readers.fhir_patient import contradict, label
from medgui.readers.fhir_values import JsonObject, child, string
from medgui.record.dates import instant
from medgui.record.model import Cleaned

OLDER = N_("{entry} is an older version; the file holds a newer one.")
DELETED = N_("{entry} was deleted in the system that the file comes from.")
TWO_PEOPLE = N_("{file} holds two people under one id ({id}): {one}; {other}. Export one patient at a time.")


def settle_versions(file: FhirFile) -> list[Cleaned]:
    """Take older versions and deleted resources out of *file*; the trace of each."""
    groups: dict[str, list[Entry]] = {}
    for entry in file.entries:
        if entry.id:
            groups.setdefault(_address(entry), []).append(entry)
    gone: dict[int, str] = {}
    for listed in groups.values():
        newest = _newest(listed, file.bundle) if len(listed) > 1 else listed[0]
        if newest is not None:
            gone.update((id(entry), OLDER) for entry in listed if entry.resource != newest.resource)
    if file.deleted:
        for entry in file.entries:
            at = file.deleted.get(f"{entry.kind}/{entry.id}")
            if at is not None and (string(file.bundle, "type") != "history" or entry.index > at):
                gone[id(entry)] = DELETED
    if not gone:
        return []
    lost = {(entry.id, entry.index) for entry in file.entries if id(entry) in gone}
    gone.update((id(e), OLDER) for e in file.entries if e.within and (e.within, e.index) in lost)
    traces = [_trace(file, entry, gone[id(entry)]) for entry in file.entries if id(entry) in gone]
    file.leave_out(gone)
    return traces


def _trace(file: FhirFile, entry: Entry, sentence: str) -> Cleaned:
    return Cleaned("older_version", _(sentence).format(entry=entry.label), file.source(entry))


def _address(entry: Entry) -> str:
    """What tells a resource from others: the same id of two servers is two resources."""
    if entry.full_url.startswith("http") and not entry.within:
        return entry.full_url.partition("/_history/")[0]
    return f"{entry.kind}/{entry.id}"


def _newest(listed: list[Entry], bundle: JsonObject) -> Entry | None:
    """The newest version; None where nothing tells it."""
    for stated in (_numbers(listed), _times(listed)):
        if stated is not None and stated.count(max(stated)) == 1:
            return listed[stated.index(max(stated))]
    return min(listed, key=lambda entry: entry.index) if string(bundle, "type") == "history" else None


def _numbers(listed: Iterable[Entry]) -> list[float] | None:
    texts = [string(child(entry.resource, "meta"), "versionId") for entry in listed]
    return [float(text) for text in texts] if all(t.isascii() and t.isdigit() for t in texts) else None


def _times(listed: Iterable[Entry]) -> list[float] | None:
    times = [instant(string(child(entry.resource, "meta"), "lastUpdated")) for entry in listed]
    return [time for time in times if time is not None] if None not in times else None


def check_people(file: FhirFile) -> None:
    """`UnreadableFile` where one id stands for two people, as where the exports of two servers were put together."""
    known: dict[str, Entry] = {}
    for entry in file.of_kind("Patient"):
        first = known.setdefault(entry.id, entry)
        if entry.id and first is not entry and contradict(first.resource, entry.resource):
            words = {"one": label(first.resource), "other": label(entry.resource)}
            raise UnreadableFile(_(TWO_PEOPLE).format(file=file.name, id=entry.id, **words))
