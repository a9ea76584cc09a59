from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from medgui.readers.table_mapping import propose_mapping
from medgui.record.model import Record
from medgui.settings import Settings
from medgui.ui.mapping import Mapper, remember, remembered
from medgui.ui.window import MainWindow
from tests.helpers import findings
from tests.ui.conftest import Fake

TABLE = "patient,dob,visit date,SBP,mystery\nZoe Secret,03/04/1970,05/06/2026,150,7\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "visit.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def test_a_doubtful_table_asks_first_and_opens_as_settled(
    qtbot: QtBot, fake: Fake, window: MainWindow, table: Path, settings: Settings
) -> None:
    got: dict[str, Any] = {}

    def open_it(path: Path, *, mapping: Any = None, **_: Any) -> Record:
        got.update(mapping)
        return findings.record()

    fake.record, fake.proposal = open_it, propose_mapping(table)
    window.open_path(table)
    qtbot.waitUntil(lambda: isinstance(window.stack.currentWidget(), Mapper))
    mapper = window.mapper
    assert mapper is not None
    assert not mapper.open_button.isEnabled()  # dates can be read two ways
    qtbot.mouseClick(mapper.order.button("dmy"), Qt.MouseButton.LeftButton)
    row = mapper.table.rows.row_of("SBP")
    mapper.table.selectRow(row)
    mapper.unit.setCurrentIndex(mapper.unit.findData("mm[Hg]"))
    mapper.unit.activated.emit(mapper.unit.currentIndex())
    qtbot.mouseClick(mapper.open_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.shell.visit.record is not None)
    assert got["date_order"] == "dmy"
    assert got["columns"]["SBP"] == {"target": "systolic_bp", "unit": "mm[Hg]"}


def test_the_answer_is_remembered_without_any_heading_or_value(table: Path, settings: Settings) -> None:
    proposal = propose_mapping(table)
    remember(settings, proposal)
    kept = settings.path.read_text(encoding="utf-8")
    for word in ("Zoe", "Secret", "SBP", "mystery", "1970"):
        assert word not in kept
    again = remembered(Settings.load(settings.path), proposal)
    assert again is not None
    assert again["columns"]["SBP"]["target"] == "systolic_bp"


def test_a_remembered_layout_opens_without_asking(
    qtbot: QtBot, fake: Fake, window: MainWindow, table: Path, settings: Settings
) -> None:
    fake.proposal = propose_mapping(table)
    remember(settings, fake.proposal)
    window.open_path(table)
    qtbot.waitUntil(lambda: window.shell.visit.record is not None)
    assert window.mapper is None
