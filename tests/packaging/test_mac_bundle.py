"""What macOS is told about the application, and its icon; neither can be tried here."""

import plistlib
import re
import struct
from pathlib import Path

import pytest
from icon_files import ICNS_TYPES, ICO_SIZES, write
from macos.image import add_about
from macos.plist import IDENTIFIER, OLDEST, info_plist
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

ROOT = Path(__file__).resolve().parents[2]
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect x="1" y="1" width="6" height="6"/></svg>'
)


def test_the_properties_can_be_written_and_name_every_kind_of_file_once() -> None:
    plist = info_plist("1.2.3")
    assert plistlib.loads(plistlib.dumps(plist)) == plist
    assert plist["CFBundleShortVersionString"] == "1.2.3"
    endings = [each for kind in plist["CFBundleDocumentTypes"] for each in kind["CFBundleTypeExtensions"]]
    assert len(endings) == len(set(endings))
    script = (ROOT / "packaging" / "windows" / "medgui.iss").read_text(encoding="utf-8-sig")
    assert set(endings) == set(
        re.findall(r'FileAssociations"; ValueType: string; ValueName: "\.([\w-]+)"', script)
    )


def test_files_of_others_are_offered_and_not_taken_over() -> None:
    ranks = {
        kind["CFBundleTypeName"]: kind["LSHandlerRank"] for kind in info_plist("1.0")["CFBundleDocumentTypes"]
    }
    owned = {name for name, rank in ranks.items() if rank != "Alternate"}
    assert owned == {"HL7 version 2 message", "medgui update"}


def test_every_type_of_our_own_naming_is_declared() -> None:
    plist = info_plist("1.0")
    declared = {
        each["UTTypeIdentifier"]
        for key in ("UTImportedTypeDeclarations", "UTExportedTypeDeclarations")
        for each in plist[key]
    }
    used = {uti for kind in plist["CFBundleDocumentTypes"] for uti in kind["LSItemContentTypes"]}
    assert {uti for uti in used - declared if not uti.startswith(("public.", "org.openxmlformats."))} == set()
    assert declared <= used
    assert IDENTIFIER.startswith("org.medgui.")


def test_the_oldest_macos_is_the_one_that_the_wheels_ask_for() -> None:
    page = (ROOT / "docs" / "wheels.md").read_text(encoding="utf-8")
    found = re.search(r"^\| macOS arm64 \|(?:[^|]*\|){2} macOS ([\d.]+) \|", page, re.MULTILINE)
    assert found is not None
    assert found[1] == OLDEST


def test_the_program_asks_for_no_network_and_no_device() -> None:
    rights = plistlib.loads((ROOT / "packaging" / "macos" / "entitlements.plist").read_bytes())
    assert set(rights) == {"com.apple.security.cs.allow-unsigned-executable-memory"}
    assert not [key for key in info_plist("1.0") if key.endswith("UsageDescription") or "AppTransport" in key]


def test_icons_of_both_systems_hold_every_size(qapp: QApplication, tmp_path: Path) -> None:
    source = tmp_path / "icon.svg"
    source.write_text(DRAWING, encoding="utf-8")
    ico, icns = (path.read_bytes() for path in write(tmp_path / "made", source))
    _zero, kind, count = struct.unpack_from("<HHH", ico)
    assert (kind, count) == (1, len(ICO_SIZES))
    for i, size in enumerate(ICO_SIZES):
        length, place = struct.unpack_from("<II", ico, 6 + 16 * i + 8)
        image = QImage.fromData(ico[place : place + length], "PNG")  # type: ignore[call-overload]
        assert image.width() == image.height() == size
    assert icns[:4] == b"icns"
    assert struct.unpack_from(">I", icns, 4)[0] == len(icns)
    place, found = 8, {}
    while place < len(icns):
        (length,) = struct.unpack_from(">I", icns, place + 4)
        image = QImage.fromData(icns[place + 8 : place + length], "PNG")  # type: ignore[call-overload]
        found[icns[place : place + 4]] = image.width()
        place += length
    assert found == dict(ICNS_TYPES)


def test_the_same_drawing_gives_the_same_icons(qapp: QApplication, tmp_path: Path) -> None:
    source = tmp_path / "icon.svg"
    source.write_text(DRAWING, encoding="utf-8")
    first, second = (write(tmp_path / name, source) for name in ("one", "two"))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


@pytest.mark.parametrize("linked", [True, False])
def test_what_the_program_says_about_itself_is_found_in_the_bundle(linked: bool, tmp_path: Path) -> None:
    """PyInstaller links a folder of data alone as a whole, one that holds programs as well file by file."""
    about, contents = tmp_path / "about", tmp_path / "medgui.app" / "Contents"
    (about / "licences").mkdir(parents=True)
    (about / "build.json").write_text("{}")
    (contents / "Resources" / "medgui" / "_data").mkdir(parents=True)
    (contents / "Frameworks").mkdir()
    if linked:
        (contents / "Frameworks" / "medgui").symlink_to("../Resources/medgui")
    for _ in range(2):  # a second time over the first
        add_about(tmp_path / "medgui.app", about)
    assert (contents / "Frameworks" / "medgui" / "_data" / "about" / "build.json").read_text() == "{}"
    assert not (contents / "Resources" / "medgui" / "_data" / "about").is_symlink()
