"""The Workshop page with real clicks: from a table to a signed model that answers for the next patient."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from medgui.assessment.finding import Status
from medgui.record import variables
from medgui.ui.pages.workshop import WorkshopPage
from medgui.ui.pages.workshop import page as steps
from medgui.ui.window import MainWindow
from tests.shared_data import data_file

pytest.importorskip("lightgbm", reason="the extra `train` is not installed")

LEFT = Qt.MouseButton.LeftButton
WORDS = {
    "title": "Malignant lump on aspirate",
    "intended_use": "To try the workshop out",
    "not_for": "Screening",
    "population": "Women with a breast lump",
    "data_licence": "CC BY 4.0",
    "developer": "The clinic",
}


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A home of its own, and no input of a model that another test trained."""
    monkeypatch.setenv("MEDGUI_HOME", str(tmp_path / "home"))
    before = dict(variables._declared)
    yield
    variables._declared.clear()
    variables._declared.update(before)
    variables._load.cache_clear()
    variables._aliases.cache_clear()


@pytest.fixture
def page(window: MainWindow) -> WorkshopPage:
    window.go("workshop")
    assert isinstance(window.current, WorkshopPage)
    return window.current


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Two hundred invented people: age and a score tell the outcome, a code repeats it, a word stands among numbers."""
    random = np.random.default_rng(1)
    age, score = random.uniform(30, 80, 200), random.normal(0, 1, 200)
    y = (random.random(200) < 1 / (1 + np.exp(-(score + (age - 55) / 15)))).astype(int)
    frame = pd.DataFrame(
        {"patient id": [f"P{n:03d}" for n in range(200)], "age": age.round(), "my score": score}
    )
    frame["sbp"] = [*(str(round(x)) for x in random.uniform(100, 170, 199)), "high"]
    frame["coded later"] = y * 2.0 + 1
    frame["relapse"] = y
    path = tmp_path / "clinic.csv"
    frame.to_csv(path, index=False)
    return path


def looked(qtbot: QtBot, page: WorkshopPage, path: Path) -> None:
    page.look_into(path)
    qtbot.waitUntil(lambda: page._step == steps.COLUMNS, timeout=20_000)


def choose_column(page: WorkshopPage, name: str) -> None:
    page.columns.table.selectRow(page.columns.table.rows.row_of(name))


def set_role(page: WorkshopPage, name: str, role: str) -> None:
    choose_column(page, name)
    box = page.columns.panel.role
    box.setCurrentIndex(box.findData(role))
    box.activated.emit(box.currentIndex())


def fill_in(qtbot: QtBot, page: WorkshopPage, without: str = "") -> None:
    for key, text in WORDS.items():
        if key != without:
            edit = page.words.fields[key]["en"]
            edit.clear()
            qtbot.keyClicks(edit, text)
    page.words.effort.setCurrentIndex(1)


def said(page: WorkshopPage) -> str:
    words = page.shell.messages.shown[0].words
    return words if isinstance(words, str) else words()


def test_what_stands_in_the_way_is_said_and_the_next_step_waits(
    qtbot: QtBot, page: WorkshopPage, table: Path
) -> None:
    looked(qtbot, page, table)
    assert page.columns.label.currentData() == "relapse"
    assert not page.next_button.isEnabled()
    set_role(page, "sbp", "leave_out")
    assert "coded later" in page.columns.blocking()
    set_role(page, "coded later", "leave_out")
    assert page.columns.blocking() == ""
    qtbot.mouseClick(page.next_button, LEFT)
    assert page._step == steps.WORDS


def test_a_column_that_tells_the_outcome_can_be_vouched_for(
    qtbot: QtBot, page: WorkshopPage, table: Path
) -> None:
    looked(qtbot, page, table)
    set_role(page, "sbp", "leave_out")
    choose_column(page, "coded later")
    assert page.columns.panel.keep.isVisible()
    qtbot.mouseClick(page.columns.panel.keep, LEFT)
    assert page.columns.blocking() == ""


def test_another_outcome_is_looked_at_again(qtbot: QtBot, page: WorkshopPage, table: Path) -> None:
    looked(qtbot, page, table)
    box = page.columns.label
    box.setCurrentIndex(box.findData("coded later"))
    box.activated.emit(box.currentIndex())
    qtbot.waitUntil(lambda: page._plan.label == "coded later", timeout=20_000)
    assert page.columns.event_choice.count() == 2


def test_a_card_without_what_only_a_person_knows_is_not_trained(
    qtbot: QtBot, page: WorkshopPage, table: Path
) -> None:
    looked(qtbot, page, table)
    set_role(page, "sbp", "leave_out")
    set_role(page, "coded later", "leave_out")
    qtbot.mouseClick(page.next_button, LEFT)
    fill_in(qtbot, page, without="not_for")
    qtbot.mouseClick(page.next_button, LEFT)
    assert page._step == steps.WORDS
    assert "not_for" in said(page)


def test_a_training_that_is_stopped_leaves_nothing(
    qtbot: QtBot, page: WorkshopPage, table: Path, tmp_path: Path
) -> None:
    looked(qtbot, page, table)
    set_role(page, "sbp", "leave_out")
    set_role(page, "coded later", "leave_out")
    qtbot.mouseClick(page.next_button, LEFT)
    fill_in(qtbot, page)
    qtbot.mouseClick(page.next_button, LEFT)
    assert page._step == steps.TRAINING
    qtbot.mouseClick(page.training.cancel, LEFT)
    assert page._step == steps.WORDS
    assert not (tmp_path / "home" / "data" / "models").exists()


def test_a_table_that_is_none_is_refused_in_words(qtbot: QtBot, page: WorkshopPage, tmp_path: Path) -> None:
    path = tmp_path / "few.csv"
    path.write_text("age,y\n" + "".join(f"{n},{n % 2}\n" for n in range(12)))
    looked(qtbot, page, path)
    assert "12" in page.columns.blocking()
    assert not page.next_button.isEnabled()
    missing = tmp_path / "absent.csv"
    page.look_into(missing)
    qtbot.waitUntil(lambda: bool(page.shell.messages.shown), timeout=20_000)
    assert "absent.csv" in said(page)


@pytest.mark.shared_data
@pytest.mark.slow
def test_a_table_becomes_a_signed_explained_result(
    qtbot: QtBot, window: MainWindow, page: WorkshopPage, tmp_path: Path
) -> None:
    source = data_file("tabular/breast_wdbc.csv")
    started = time.monotonic()
    looked(qtbot, page, source)
    qtbot.mouseClick(page.next_button, LEFT)
    fill_in(qtbot, page)
    page.words.effort.setCurrentIndex(0)
    qtbot.mouseClick(page.next_button, LEFT)
    qtbot.waitUntil(lambda: page._step == steps.DONE, timeout=300_000)
    qtbot.mouseClick(page.next_button, LEFT)
    qtbot.waitUntil(lambda: page._step == steps.START, timeout=30_000)
    patient = pd.read_csv(source).drop(columns="malignant").iloc[[0]]
    patient.insert(0, "patient id", "W1")
    patient.insert(1, "birth date", "1960-05-04")
    patient.insert(2, "sex", "female")
    path = tmp_path / "patient.csv"
    patient.to_csv(path, index=False)
    window.open_path(path)
    qtbot.waitUntil(lambda: window.shell.visit.assessment is not None, timeout=30_000)
    found = next(f for f in window.shell.visit.assessment.findings if f.model == "malignant_lump_on_aspirate")
    assert found.status is Status.READY
    (explanation,) = found.explanations
    assert sum(c.value for c in explanation.contributions) + explanation.baseline == pytest.approx(
        found.outputs[0].value, abs=1e-6
    )
    seconds = time.monotonic() - started
    sys.stderr.write(
        f"from the table to the explained result: {seconds:.0f} s (at most 90 on two quiet cores)\n"
    )
