"""The Workshop page with real clicks: from a table to a signed model that answers for the next patient."""

import errno
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from medgui.assessment.finding import Status
from medgui.paths import resources_dir
from medgui.record import variables
from medgui.ui import window_commands
from medgui.ui.pages.workshop import WorkshopPage
from medgui.ui.pages.workshop import page as steps
from medgui.ui.window import MainWindow
from medgui.workshop import apart
from medgui.workshop import install as installing
from medgui.workshop.install import own_models_dir
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


def to_the_words(qtbot: QtBot, page: WorkshopPage, table: Path) -> None:
    """Go to the second step, with all that blocks left out and the form filled in."""
    looked(qtbot, page, table)
    set_role(page, "sbp", "leave_out")
    set_role(page, "coded later", "leave_out")
    page._choices = replace(page._choices, kinds=("logistic",))  # one kind of model: seconds
    qtbot.mouseClick(page.next_button, LEFT)
    fill_in(qtbot, page)


def role_of(page: WorkshopPage, name: str) -> str:
    assert page._choices is not None
    return next(column.role for column in page._choices.columns if column.name == name)


def trained(qtbot: QtBot, page: WorkshopPage) -> None:
    qtbot.mouseClick(page.next_button, LEFT)
    assert page._step == steps.TRAINING
    qtbot.waitUntil(lambda: page._step != steps.TRAINING, timeout=600_000)
    assert page._step == steps.DONE, said(page)


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
    assert said(page) == "Still needed for the card: Not for."
    assert page.words.fields["not_for"]["en"].property("state") == "questioned"
    qtbot.keyClicks(page.words.fields["not_for"]["en"], "Screening")
    assert page.words.fields["not_for"]["en"].property("state") != "questioned"


def test_a_training_that_is_stopped_leaves_nothing_and_ends_its_process(
    qtbot: QtBot, page: WorkshopPage, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[subprocess.Popen[bytes]] = []
    start = apart._start
    monkeypatch.setattr(apart, "_start", lambda: started.append(start()) or started[-1])
    to_the_words(qtbot, page, table)
    qtbot.mouseClick(page.next_button, LEFT)
    assert page._step == steps.TRAINING
    qtbot.waitUntil(lambda: page.training.bar.share > 0, timeout=120_000)
    qtbot.mouseClick(page.training.cancel, LEFT)
    assert page._step == steps.WORDS
    (process,) = started
    qtbot.waitUntil(lambda: process.poll() is not None, timeout=30_000)
    assert not (tmp_path / "home" / "data" / "models").exists()


def test_a_patient_can_be_opened_while_a_model_is_trained(
    qtbot: QtBot, window: MainWindow, page: WorkshopPage, table: Path
) -> None:
    to_the_words(qtbot, page, table)
    qtbot.mouseClick(page.next_button, LEFT)
    window.open_path(resources_dir() / "demo" / "marlow_helen.json")
    qtbot.waitUntil(lambda: window.shell.visit.assessment is not None, timeout=60_000)
    assert window.current is not page
    qtbot.waitUntil(lambda: page._step == steps.DONE, timeout=600_000)
    assert "Training is done" in said(page)
    page.shell.messages.shown[0].action.run()
    assert window.current is page
    page.back()


def test_the_open_patient_gets_the_new_model(
    qtbot: QtBot, window: MainWindow, page: WorkshopPage, table: Path
) -> None:
    window.open_path(resources_dir() / "demo" / "marlow_helen.json")
    visit = window.shell.visit
    qtbot.waitUntil(lambda: visit.assessment is not None, timeout=60_000)
    window.go("workshop")
    to_the_words(qtbot, page, table)
    trained(qtbot, page)
    qtbot.mouseClick(page.next_button, LEFT)
    qtbot.waitUntil(lambda: page._step == steps.START, timeout=60_000)

    def answered() -> bool:
        findings = visit.assessment.findings if visit.assessment is not None else ()
        return any(finding.model == "malignant_lump_on_aspirate" for finding in findings)

    qtbot.waitUntil(answered, timeout=60_000)
    assert window.current is page


def test_closing_the_window_while_a_model_is_trained_is_asked_about(
    qtbot: QtBot, window: MainWindow, page: WorkshopPage, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    answer = [False]
    monkeypatch.setattr(
        window_commands, "ask_to_close", lambda _window, lost: asked.append(lost) or answer[0]
    )
    to_the_words(qtbot, page, table)
    qtbot.mouseClick(page.next_button, LEFT)
    assert not window.close()
    assert page._step == steps.TRAINING
    assert "being trained" in asked[0]
    token = page._token
    answer[0] = True
    assert window.close()
    assert token is not None
    assert token.is_cancelled()
    page._show(steps.START)


def test_the_same_title_twice_gives_two_models(qtbot: QtBot, page: WorkshopPage, table: Path) -> None:
    for name in ("malignant_lump_on_aspirate", "malignant_lump_on_aspirate_2"):
        to_the_words(qtbot, page, table)
        trained(qtbot, page)
        qtbot.mouseClick(page.next_button, LEFT)
        qtbot.waitUntil(lambda: page._step == steps.START, timeout=60_000)
        assert (own_models_dir() / name / "manifest.toml").exists()
        assert "Signed and installed" in said(page)
    page.shell.messages.shown[0].action.run()
    assert page.shell.services.catalogue().get("malignant_lump_on_aspirate_2")


def test_a_full_disk_at_signing_keeps_the_trained_model(
    qtbot: QtBot, page: WorkshopPage, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to_the_words(qtbot, page, table)
    table.unlink()  # what was read is what is trained on
    trained(qtbot, page)
    full = OSError(errno.ENOSPC, "No space left on device")

    def no_room(*_args: object) -> None:
        raise full

    with monkeypatch.context() as patched:
        patched.setattr(installing, "_copy", no_room)
        qtbot.mouseClick(page.next_button, LEFT)
        qtbot.waitUntil(lambda: bool(page.shell.messages.shown), timeout=60_000)
    assert "cannot be written" in said(page)
    assert page._step == steps.DONE
    assert not (own_models_dir() / "malignant_lump_on_aspirate").exists()
    qtbot.mouseClick(page.next_button, LEFT)
    qtbot.waitUntil(lambda: page._step == steps.START, timeout=60_000)
    assert (own_models_dir() / "malignant_lump_on_aspirate").exists()


def test_keys_change_roles_and_take_them_back(qtbot: QtBot, page: WorkshopPage, table: Path) -> None:
    looked(qtbot, page, table)
    view = page.columns
    view.table.setFocus()
    assert view.current == "sbp"  # the first column that blocks
    qtbot.keyClick(view.table, Qt.Key.Key_L)
    assert role_of(page, "sbp") == "leave_out"
    qtbot.keyClick(view.table, Qt.Key.Key_F4)
    assert view.current == "coded later"
    qtbot.keyClick(view.table, Qt.Key.Key_K)
    assert view.blocking() == ""
    qtbot.keyClick(view.table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert "coded later" in view.blocking()
    qtbot.keyClick(view.table, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert view.blocking() == ""
    qtbot.keyClick(view.table, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(view.table, Qt.Key.Key_I)
    assert role_of(page, "patient id") == "id"  # names are nothing to learn from
    qtbot.keyClick(view.table, Qt.Key.Key_Return)
    assert view.panel.role.hasFocus()
    qtbot.keyClick(view.panel.role, Qt.Key.Key_Escape)
    assert view.table.hasFocus()
    qtbot.keyClick(view.table, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert page._step == steps.WORDS


def test_going_back_keeps_what_was_chosen_and_typed(qtbot: QtBot, page: WorkshopPage, table: Path) -> None:
    to_the_words(qtbot, page, table)
    for _step in range(2):
        qtbot.mouseClick(page.back_button, LEFT)
    assert page._step == steps.START
    assert page.start_buttons[0].text() == "Go on with clinic.csv"
    qtbot.mouseClick(page.start_buttons[0], LEFT)
    assert page._step == steps.COLUMNS
    page._show(steps.START)
    looked(qtbot, page, table)
    assert role_of(page, "sbp") == "leave_out"
    assert page.words.fields["title"]["en"].text() == WORDS["title"]


def test_another_event_keeps_roles_and_another_outcome_asks_again(
    qtbot: QtBot, page: WorkshopPage, table: Path
) -> None:
    looked(qtbot, page, table)
    set_role(page, "sbp", "leave_out")
    choose_column(page, "coded later")
    qtbot.mouseClick(page.columns.panel.keep, LEFT)
    event = page.columns.event_choice
    event.setCurrentIndex(event.findData("0"))
    event.activated.emit(event.currentIndex())
    qtbot.waitUntil(lambda: page._plan.positive == "0", timeout=20_000)
    assert page.columns.blocking() == ""
    label = page.columns.label
    label.setCurrentIndex(label.findData("coded later"))
    label.activated.emit(label.currentIndex())
    qtbot.waitUntil(lambda: page._plan.label == "coded later", timeout=20_000)
    assert "say which one is the event" in page.columns.blocking()
    event.setCurrentIndex(event.findData("3"))
    event.activated.emit(event.currentIndex())
    qtbot.waitUntil(lambda: page._plan.positive == "3", timeout=20_000)
    assert role_of(page, "sbp") == "leave_out"
    assert "relapse" in page.columns.blocking()


def test_a_unit_that_is_unsure_is_confirmed(qtbot: QtBot, page: WorkshopPage, tmp_path: Path) -> None:
    random = np.random.default_rng(2)
    frame = pd.DataFrame({"age": random.uniform(30, 80, 200).round()})
    frame["totchol"] = random.uniform(3.5, 7.0, 200).round(1)
    frame["y"] = (random.random(200) < 0.4).astype(int)
    path = tmp_path / "units.csv"
    frame.to_csv(path, index=False)
    looked(qtbot, page, path)
    panel = page.columns.panel
    assert "mmol/L" in page.columns.blocking()
    assert page.columns.current == "totchol"
    assert panel.confirm.isVisible()
    assert panel.units.currentData() == "mmol/L"
    qtbot.mouseClick(panel.confirm, LEFT)
    assert page.columns.blocking() == ""
    assert not panel.confirm.isVisible()


def test_in_a_narrow_window_the_column_is_a_view_of_its_own(
    qtbot: QtBot, window: MainWindow, page: WorkshopPage, table: Path
) -> None:
    looked(qtbot, page, table)
    view = page.columns
    assert view.side.isVisible()
    window.resize(800, 600)
    assert not view.side.isVisible()
    qtbot.mouseClick(
        view.table.viewport(), LEFT, pos=view.table.visualRect(view.table.model().index(1, 0)).center()
    )
    assert view.side.isVisible()
    assert not view.table.isVisible()
    qtbot.mouseClick(view.back_button, LEFT)
    assert view.table.isVisible()
    assert view.table.hasFocus()


def test_in_the_smallest_window_the_languages_stand_under_one_another(
    qtbot: QtBot, window: MainWindow, page: WorkshopPage, table: Path
) -> None:
    to_the_words(qtbot, page, table)
    pair = page.words.fields["title"]
    assert pair["en"].y() == pair["zh"].y()
    window.resize(640, 360)
    qtbot.waitUntil(lambda: pair["zh"].y() > pair["en"].y(), timeout=5_000)
    assert pair["en"].x() == pair["zh"].x()
    assert pair["en"].text() == WORDS["title"]


def test_two_thousand_columns_are_listed_and_their_roles_changed(
    qtbot: QtBot, page: WorkshopPage, tmp_path: Path
) -> None:
    random = np.random.default_rng(3)
    frame = pd.DataFrame(random.normal(size=(60, 1999)).round(3), columns=[f"g{n}" for n in range(1999)])
    frame["y"] = [n % 2 for n in range(60)]
    path = tmp_path / "wide.csv"
    frame.to_csv(path, index=False)
    page.look_into(path)
    qtbot.waitUntil(lambda: page._step == steps.COLUMNS, timeout=120_000)
    assert page.columns.table.rows.rowCount() == 2000
    set_role(page, "g7", "leave_out")
    assert role_of(page, "g7") == "leave_out"


def test_another_language_says_the_notes_again(
    qtbot: QtBot, window: MainWindow, page: WorkshopPage, table: Path
) -> None:
    looked(qtbot, page, table)
    set_role(page, "coded later", "leave_out")
    window.switch_language()
    qtbot.waitUntil(lambda: not page._busy, timeout=20_000)
    assert "请更正" in page.columns.blocking()
    assert role_of(page, "coded later") == "leave_out"
    window.switch_language()
    qtbot.waitUntil(lambda: not page._busy, timeout=20_000)


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
    qtbot.waitUntil(lambda: page._step == steps.DONE, timeout=600_000)
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
