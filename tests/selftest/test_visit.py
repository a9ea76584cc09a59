"""The visit of the self-test goes through the real window, leaves the user's folders alone, and can be repeated."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QPushButton, QWidget

from medgui.cli.selftest import _open_window
from medgui.selftest.visit.hand import Hand, VisitStopped
from medgui.selftest.visit.run import CCDA, run_visit


@pytest.fixture(scope="module")
def told(qapp: object, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    home = tmp_path_factory.mktemp("user")
    before = os.environ.get("MEDGUI_HOME")
    os.environ["MEDGUI_HOME"] = str(home)
    try:
        found = run_visit(_open_window, only=("bauer_anna.json", CCDA))
    finally:
        os.environ["MEDGUI_HOME"] = before or ""
    return {**found, "left": [path.name for path in home.rglob("*")]}


def test_a_visit_writes_down_results_reasons_what_if_and_the_report(told: Mapping[str, Any]) -> None:
    anna, lucia = told["patients"]
    assert anna["answers"][0]["answer"].endswith("88.0\xa0kg")
    assert anna["before"]["findings"] != anna["after"]["findings"]
    assert lucia["before"]["record"]["format"] == "c-cda"
    assert lucia["after"] is None
    for patient in (anna, lucia):
        assert patient["opened"]["model"] == "prevent"
        assert patient["opened"]["explanations"]
        assert patient["what_if"]["changes"]
        old, new = patient["what_if"]["shown"]
        assert old.rstrip(" →") != new
        assert "PREVENT" in patient["report"]["en"][0]
        assert "临床决策支持报告" in patient["report"]["zh"][0]


def test_a_visit_names_no_moment_and_no_place_of_this_computer(told: Mapping[str, Any]) -> None:
    text = str(told["patients"])
    assert "read_at" not in text
    assert "(now)" in text
    assert os.fspath(Path.home()) not in text
    assert "medgui-" not in text.replace("medgui-report", "")


def test_a_visit_touches_nothing_of_the_user(told: Mapping[str, Any]) -> None:
    assert told["left"] == []


def test_the_hand_does_not_click_what_is_covered_or_disabled(qtbot: Any) -> None:
    window = QWidget()
    window.resize(200, 100)
    button = QPushButton("go", window)
    qtbot.addWidget(window)
    window.show()
    clicks: list[bool] = []
    button.clicked.connect(lambda: clicks.append(True))
    Hand().click(button)
    assert len(clicks) == 1
    cover = QWidget(window)
    cover.resize(200, 100)
    cover.show()
    with pytest.raises(VisitStopped, match="covered"):
        Hand().click(button)
    cover.hide()
    button.setEnabled(False)
    with pytest.raises(VisitStopped):
        Hand().click(button)
    assert len(clicks) == 1
