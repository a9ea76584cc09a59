"""The clinic's map of codes on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from medgui.cli import main
from medgui.code_map_file import CodeMapFile
from medgui.record.code_map import MapEntry
from tests.readers.hl7_build import message, obr, obx, save


def test_the_map_says_what_a_local_code_means(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    CodeMapFile.load().put(MapEntry("urn:local:WinPath", "tt-3", "Creatinine", "creatinine"))
    path = save(tmp_path, message(obr(), obx("142.00", "tt-3^Creatinine^WinPath", unit="UMOLL")))
    assert main(["read", str(path), "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["observations"]
    assert (found["variable"], found["unit"]) == ("creatinine", "mg/dL")
    assert found["value"] == pytest.approx(1.606, abs=0.001)


def test_a_damaged_map_is_said_and_the_file_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = CodeMapFile().path
    path.parent.mkdir(parents=True)
    path.write_text("{")
    assert main(["read", str(save(tmp_path, message(obr(), obx())))]) == 0
    assert "map of codes" in capsys.readouterr().err
