"""What macOS is told about the application: the Info.plist of the bundle, taken by packaging/medgui.spec.

Files of a patient are offered to medgui as an alternative and never taken over (`LSHandlerRank` "Alternate"); updates
and HL7 messages, which nothing else opens, are its own. `LSMinimumSystemVersion` follows from the wheels
(docs/wheels.md): an older macOS would start the program and could not load its libraries.
"""

from __future__ import annotations

from typing import Any

IDENTIFIER = "org.medgui.medgui"
OLDEST = "14.0"
"""The oldest macOS that every wheel takes; tests/installers holds it against docs/wheels.md."""

_SHARED = {
    "JSON": ("public.json", ("json", "ndjson")),
    "XML": ("public.xml", ("xml",)),
    "CSV": ("public.comma-separated-values-text", ("csv",)),
    "TSV": ("public.tab-separated-values-text", ("tsv",)),
    "XLSX": ("org.openxmlformats.spreadsheetml.sheet", ("xlsx",)),
    "DICOM": ("org.nema.dicom", ("dcm",)),
    "VCF": ("org.ga4gh.vcf", ("vcf",)),
}
"""Kinds of files that others own: name, uniform type identifier, endings."""
_DECLARED = {
    "org.nema.dicom": ("DICOM", "public.data", ("dcm",), "application/dicom"),
    "org.ga4gh.vcf": ("Genetic variants (VCF)", "public.plain-text", ("vcf",), "text/x-variant-call-format"),
    "org.hl7.v2": ("HL7 version 2 message", "public.plain-text", ("hl7",), "application/hl7-v2"),
}
"""Types that others define and that a Mac without their programs does not know: said what they are, not claimed."""
UPDATE = "org.medgui.update"


def info_plist(version: str) -> dict[str, Any]:
    """Return what the spec adds to PyInstaller's own entries."""
    return {
        "CFBundleDisplayName": "medgui",
        "CFBundleShortVersionString": version,
        "CFBundleVersion": version,
        "CFBundleDevelopmentRegion": "en",
        "CFBundleLocalizations": ["en", "zh-Hans"],
        "CFBundleDocumentTypes": [
            *(_document(f"Patient file ({name})", uti, endings) for name, (uti, endings) in _SHARED.items()),
            _document("HL7 version 2 message", "org.hl7.v2", ("hl7",), rank="Default"),
            _document("medgui update", UPDATE, ("medgui-update",), rank="Owner"),
        ],
        "UTImportedTypeDeclarations": [_declaration(uti, *facts) for uti, facts in _DECLARED.items()],
        "UTExportedTypeDeclarations": [
            _declaration(
                UPDATE, "medgui update", "public.data", ("medgui-update",), "application/x-medgui-update"
            )
        ],
        "LSApplicationCategoryType": "public.app-category.medical",
        "LSMinimumSystemVersion": OLDEST,
        "LSMultipleInstancesProhibited": False,
        "NSHighResolutionCapable": True,
        "NSSupportsAutomaticGraphicsSwitching": True,
        "NSRequiresAquaSystemAppearance": False,
        "NSHumanReadableCopyright": "The medgui maintainers; Apache-2.0",
    }


def _document(name: str, uti: str, endings: tuple[str, ...], *, rank: str = "Alternate") -> dict[str, Any]:
    return {
        "CFBundleTypeName": name,
        "CFBundleTypeRole": "Viewer",
        "LSHandlerRank": rank,
        "LSItemContentTypes": [uti],
        "CFBundleTypeExtensions": list(endings),
    }


def _declaration(uti: str, name: str, parent: str, endings: tuple[str, ...], mime: str) -> dict[str, Any]:
    return {
        "UTTypeIdentifier": uti,
        "UTTypeDescription": name,
        "UTTypeConformsTo": [parent],
        "UTTypeTagSpecification": {"public.filename-extension": list(endings), "public.mime-type": mime},
    }
