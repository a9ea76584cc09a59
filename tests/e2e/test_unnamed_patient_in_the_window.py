"""Files that name nobody, or give no birth date, in the real window: every page opens, and the report is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from medgui.ui.window import MainWindow
from tests.readers.build import save
from tests.readers.dicom_build import image, person

WAIT_MS = 60_000
_PACKET = '{"subject": {"id": "girl-1"}, "phenotypicFeatures": [{"type": {"id": "HP:1", "label": "Ataxia"}}]}'
_NOTE = "Dear colleague,\nMrs X was seen today.\n"
_VARIANTS = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"

FILES: list[tuple[str, Callable[[Path], Path]]] = [
    ("note", lambda folder: save(folder, _NOTE, "note.txt")),
    ("pdf", lambda folder: save(folder, b"%PDF-1.7\n%%EOF\n", "letter.pdf")),
    ("variants", lambda folder: save(folder, _VARIANTS, "sites.vcf")),
    ("image", lambda folder: image(folder, person(t00100010=None, t00100020=None, t00100030=None))),
    ("phenopacket", lambda folder: save(folder, _PACKET, "packet.json")),
]


@pytest.mark.parametrize("make", [case[1] for case in FILES], ids=[case[0] for case in FILES])
def test_every_page_shows_a_file_that_names_nobody(
    make: Callable[[Path], Path], window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window.open_path(make(tmp_path))
    shell = window.shell
    qtbot.waitUntil(lambda: shell.visit.assessment is not None and not shell.visit.busy, timeout=WAIT_MS)
    record = shell.visit.record
    assert record is not None
    for name in ("results", "record", "report", "start", "record"):
        window.go(name)
        qtbot.wait(50)
        assert not window.grab().isNull()
    assert window.banner.name.text() == "Name not in the file"
    path = tmp_path / "report.pdf"
    services = shell.services
    services.write_pdf(record, shell.visit.assessment, path, "en", False, "conventional")
    assert path.read_bytes().startswith(b"%PDF-")
