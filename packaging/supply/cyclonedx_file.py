"""The list of parts as CycloneDX 1.6: the same parts give the same bytes."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, Property, XsUri
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.component_evidence import ComponentEvidence, Occurrence
from cyclonedx.model.dependency import Dependency
from cyclonedx.model.license import DisjunctiveLicense, LicenseExpression
from cyclonedx.model.lifecycle import LifecyclePhase, PredefinedLifecycle
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from supply.part import Inventory, Part, Refused

_KINDS = {each.value: each for each in ComponentType}
_MEDGUI = "medgui"


def write_cyclonedx(inventory: Inventory, file: Path, epoch: int) -> None:
    """Write the list to *file*, with the time *epoch* (SOURCE_DATE_EPOCH); raises `Refused` where it is not valid."""
    first = _text(inventory, epoch, None)
    text = _text(inventory, epoch, first)
    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if fault is not None:
        raise Refused([f"{file.name}: not valid CycloneDX 1.6: {fault}"])
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(f"{text}\n".encode())


def _text(inventory: Inventory, epoch: int, content: str | None) -> str:
    """The list; its serial number follows from *content*, the list without one."""
    serial = uuid5(NAMESPACE_URL, content or "")
    bom = Bom(serial_number=serial, metadata=_metadata(inventory, epoch))
    bom.components = [_component(part) for part in inventory.sorted() if part.key != _MEDGUI]  # type: ignore[assignment]
    root = bom.metadata.component
    assert root is not None
    bom.dependencies = [Dependency(root.bom_ref, [Dependency(each.bom_ref) for each in bom.components])]  # type: ignore[assignment]
    made = json.loads(JsonV1Dot6(bom).output_as_string())
    return json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True)


def _metadata(inventory: Inventory, epoch: int) -> BomMetaData:
    return BomMetaData(
        component=_component(inventory.parts[_MEDGUI], ComponentType.APPLICATION),
        timestamp=datetime.fromtimestamp(epoch, UTC),
        lifecycles=[PredefinedLifecycle(LifecyclePhase.BUILD)],
    )


def _component(part: Part, kind: ComponentType | None = None, within: str = "") -> Component:
    reference = f"{within}{part.key}@{part.version}"
    return Component(
        name=part.name,
        version=part.version or None,
        type=kind or _KINDS[part.kind],
        bom_ref=reference,
        purl=PackageURL.from_string(part.purl) if part.purl else None,
        licenses=_licences(part),
        description=part.note or None,
        external_references=_references(part),
        properties=[Property(name=name, value=value) for name, value in part.properties.items()],
        evidence=_evidence(part, reference),
        components=[
            *(_component(each, within=f"{reference}/") for each in part.inside),
            *_libraries(part, reference),
        ],
    )


def _licences(part: Part) -> list[LicenseExpression | DisjunctiveLicense]:
    if part.licence:
        return [LicenseExpression(part.licence)]
    return [DisjunctiveLicense(name=part.licence_words)] if part.licence_words else []


def _references(part: Part) -> Iterable[ExternalReference]:
    if part.home.startswith("http"):
        yield ExternalReference(type=ExternalReferenceType.WEBSITE, url=XsUri(part.home))
    if part.source:
        yield ExternalReference(type=ExternalReferenceType.SOURCE_DISTRIBUTION, url=XsUri(part.source))


def _evidence(part: Part, reference: str) -> ComponentEvidence | None:
    if not part.files:
        return None
    places = [
        Occurrence(location=path, bom_ref=f"{reference}:{number}")
        for number, path in enumerate(sorted(part.files))
    ]
    return ComponentEvidence(occurrences=places)


def _libraries(part: Part, reference: str) -> list[Component]:
    """One component a file of machine code, with its hash; those of inner parts stand with these."""
    taken = {path for each in part.inside for path in each.libraries}
    return [
        Component(
            name=path,
            type=ComponentType.FILE,
            bom_ref=f"{reference}#{path}",
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)],
        )
        for path, digest in sorted(part.libraries.items())
        if path not in taken
    ]
