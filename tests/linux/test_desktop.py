"""What a desktop reads: entry, file types, AppStream data, manual pages."""

import configparser
import gzip
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from .conftest import needed

MIME = "{http://www.freedesktop.org/standards/shared-mime-info}"
EPOCH = 1_795_000_000
CCDA = (
    b'<?xml version="1.0"?>\n<?xml-stylesheet href="CDA.xsl"?>\n<ClinicalDocument xmlns="urn:hl7-org:v3"/>\n'
)
FHIR_XML = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<Bundle xmlns="http://hl7.org/fhir"><id value="1"/></Bundle>'
)
VCF = b"##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\n"
HL7 = b"MSH|^~\\&|LAB|CLINIC|||20261103||ORU^R01|1|P|2.5.1\rPID|1||7\r"

SCRIPT = """
import sys
from PySide6.QtCore import QMimeDatabase
base, known = QMimeDatabase(), QMimeDatabase.MatchMode
for path in sys.argv[1:]:
    print(*(base.mimeTypeForFile(path, how).name() for how in (known.MatchExtension, known.MatchContent)))
"""


@pytest.fixture(scope="module")
def share(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a package below /usr/share."""
    from linux.deb import desktop_files

    folder = tmp_path_factory.mktemp("share")
    for name, content in desktop_files(EPOCH).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def types(share: Path, *files: Path) -> list[tuple[str, str]]:
    """(type by name, type by content) of each file, as a desktop with our types and the usual ones sees it."""
    import os
    import sys

    usual = Path("/usr/share/mime/packages/freedesktop.org.xml")
    if not usual.is_file():
        pytest.skip("needs shared-mime-info")
    needed("update-mime-database")
    packages = share / "mime" / "packages"
    if not (packages / usual.name).exists():
        shutil.copy(usual, packages)
        subprocess.run(["update-mime-database", str(share / "mime")], check=True, capture_output=True)
    environment = {**os.environ, "XDG_DATA_DIRS": str(share), "XDG_DATA_HOME": str(share / "none")}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *map(str, files)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    found = [tuple(line.split()) for line in done.stdout.splitlines()]
    return [(name, content) for name, content in found]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a", CCDA, "application/x-hl7-cda+xml"),
        ("a", FHIR_XML, "application/fhir+xml"),
        ("a", b'{"resourceType": "Bundle", "type": "collection"}', "application/fhir+json"),
        ("a", b'{\n  "id": "x",\n  "resourceType" : "Patient"\n}', "application/fhir+json"),
        ("a", VCF, "text/x-variant-call-format"),
        ("a", HL7, "application/hl7-v2"),
        ("a", b'{"name": "no patient"}', "application/json"),
        ("a", b"<?xml version='1.0'?><html/>", "application/xml"),
    ],
)
def test_files_are_told_by_their_content(
    share: Path, tmp_path: Path, name: str, content: bytes, told: str
) -> None:
    (tmp_path / name).write_bytes(content)
    [(_by_name, by_content)] = types(share, tmp_path / name)
    if told in ("application/json", "application/xml"):
        assert "medgui" not in by_content
        assert "fhir" not in by_content
        assert "hl7" not in by_content
    else:
        assert by_content == told


def test_every_demo_patient_is_told_as_fhir(share: Path, repository: Path) -> None:
    demos = sorted((repository / "resources" / "demo").glob("*.json"))
    assert demos
    found = types(share, *demos)
    assert {content for _name, content in found} == {"application/fhir+json"}
    assert {name for name, _content in found} == {"application/json"}


def test_endings_of_others_stay_theirs(share: Path, tmp_path: Path) -> None:
    names = {
        "a.json": "application/json",
        "a.xml": "application/xml",
        "a.csv": "text/csv",
        "a.vcf": "text/vcard",
        "a.txt": "text/plain",
        "a.pdf": "application/pdf",
        "a.dcm": "application/dicom",
        "a.hl7": "application/hl7-v2",
        "a.ccda": "application/x-hl7-cda+xml",
        "a.vcf.gz": "application/x-variant-call-format+gzip",
        "a.gz": "application/gzip",
        "a.medgui-update": "application/x-medgui-update",
        "a.phenopacket.json": "application/x-phenopacket+json",
    }
    for name in names:
        (tmp_path / name).write_bytes(b"")
    assert [name for name, _content in types(share, *(tmp_path / name for name in names))] == list(
        names.values()
    )


def entry(share: Path) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(share / "applications/org.medgui.medgui.desktop", encoding="utf-8")
    return parser["Desktop Entry"]


def test_the_entry_offers_every_type_that_is_declared(share: Path) -> None:
    offered = entry(share)["MimeType"].strip(";").split(";")
    root = ET.parse(share / "mime/packages/medgui.xml").getroot()
    declared = [element.get("type") for element in root.findall(f"{MIME}mime-type")]
    assert len(declared) == 8
    assert set(declared) <= set(offered)
    assert len(offered) == len(set(offered))
    assert "text/plain" not in offered
    assert "application/pdf" not in offered


def test_names_of_the_desktop_speak_chinese_too(share: Path) -> None:
    words = entry(share)
    for key in ("GenericName", "Comment", "Keywords"):
        assert words[key]
        assert words[f"{key}[zh_CN]"]
    root = ET.parse(share / "mime/packages/medgui.xml").getroot()
    for element in root.findall(f"{MIME}mime-type"):
        assert len(element.findall(f"{MIME}comment")) == 2, element.get("type")


def test_the_tools_of_the_desktop_find_nothing_wrong(share: Path) -> None:
    needed("desktop-file-validate", "appstreamcli")
    for command in (
        ["desktop-file-validate", "applications/org.medgui.medgui.desktop"],
        ["appstreamcli", "validate", "--no-net", "metainfo/org.medgui.medgui.metainfo.xml"],
    ):
        done = subprocess.run(command, cwd=share, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_icon_has_every_size(share: Path) -> None:
    from PySide6.QtGui import QImage

    for size in (16, 24, 32, 48, 64, 128, 256, 512):
        image = QImage(str(share / f"icons/hicolor/{size}x{size}/apps/org.medgui.medgui.png"))
        assert (image.width(), image.height()) == (size, size)
        assert image.pixelColor(size // 2, size // 8).alpha() == 255
        assert image.pixelColor(0, 0).alpha() < 60


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_manual_page_tells_every_command_and_option(language: str) -> None:
    from linux.manpages import _commands, man_page, roff

    from medgui.cli.parser import COMMANDS, build_parser

    page = man_page(language, EPOCH)
    commands = _commands(build_parser())
    assert set(commands) == set(COMMANDS)
    for name, parser in commands.items():
        assert f".SS medgui {name}\n" in page
        for action in parser._actions:
            for option in action.option_strings:
                assert option in ("-h", "--help") or f"\\fB{roff(option)}\\fR" in page, option
    assert ("患者" in page.replace("\\:", "")) == (language == "zh")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_manual_page_is_good_roff(language: str, tmp_path: Path) -> None:
    needed("man", "groff")
    from linux.manpages import man_page

    path = tmp_path / "medgui.1.gz"
    path.write_bytes(gzip.compress(man_page(language, EPOCH).encode()))
    command = ["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", str(path)]
    environment = {"MANWIDTH": "80", "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0
    assert done.stderr == ""
