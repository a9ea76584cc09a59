"""`medgui update`: what it says, and its exit codes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from medgui.cli.main import main
from medgui.inference.catalogue import Catalogue
from tests.updates.conftest import STRANGER, Computer, computer, maker, release, shelf

__all__ = ["computer", "maker", "release", "shelf"]


def test_check_shows_the_update_in_both_languages_and_changes_nothing(
    computer: Computer, capsys: pytest.CaptureFixture[str]
) -> None:
    path = computer.models("equation 1.1.0", "logistic 1.0.0")
    assert main(["update", str(path), "--check", "--lang", "en"]) == 0
    said = capsys.readouterr().out
    for words in (
        "Models of November",
        "1.0.0 to 1.1.0",
        "1.0.0 (new)",
        "new coefficients",
        "Development key",
    ):
        assert words in said
    assert main(["update", str(path), "--check", "--lang", "zh"]) == 0
    said = capsys.readouterr().out
    for words in ("11 月模型", "新系数", "开发密钥"):
        assert words in said
    assert Catalogue.load().get("equation").header.version == "1.0.0"


def test_yes_installs_and_rollback_takes_it_back(
    computer: Computer, capsys: pytest.CaptureFixture[str]
) -> None:
    path = computer.models("equation 1.1.0")
    assert main(["update", str(path), "--yes", "--json"]) == 0
    done = json.loads(capsys.readouterr().out)["done"]
    assert done == {
        "kind": "models",
        "effect": "now",
        "versions": [{"id": "equation", "before": "1.0.0", "after": "1.1.0"}],
    }
    assert main(["update", str(path), "--yes"]) == 4
    assert "already has" in capsys.readouterr().err
    assert main(["update", "--list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [entry["what"] for entry in listed["history"]] == ["installed"]
    assert listed["can_take_back"] == ["models"]
    assert main(["update", "--list"]) == 0
    assert "installed" in capsys.readouterr().out
    assert main(["update", "--rollback", "--yes"]) == 0
    assert "1.1.0 to 1.0.0" in capsys.readouterr().out
    assert main(["update", "--rollback", "models", "--yes"]) == 4


@pytest.mark.parametrize(
    ("arguments", "code"),
    [([], 2), (["--list", "--rollback"], 2), (["gone.medgui-update"], 3)],
)
def test_exit_codes_of_wrong_use(arguments: list[str], code: int, computer: Computer) -> None:
    assert main(["update", *arguments]) == code


def test_a_stranger_and_a_damaged_file_have_their_codes(
    computer: Computer, capsys: pytest.CaptureFixture[str]
) -> None:
    path = computer.models("equation 1.1.0", key=STRANGER)
    assert main(["update", str(path), "--check"]) == 4
    path.write_bytes(path.read_bytes()[:-1])
    assert main(["update", str(path), "--check"]) == 3
    assert "cut off" in capsys.readouterr().err


def test_nobody_is_asked_where_nobody_can_answer(
    computer: Computer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = computer.models("equation 1.1.0")
    monkeypatch.setattr("sys.stdin", None)
    assert main(["update", str(path)]) == 2
    assert "--yes" in capsys.readouterr().err
    assert Catalogue.load().get("equation").header.version == "1.0.0"


@pytest.mark.parametrize(
    ("answer", "version", "code"), [("y\n", "1.1.0", 0), ("\n", "1.0.0", 130), ("", "1.0.0", 130)]
)
def test_without_yes_it_asks_first(
    computer: Computer, monkeypatch: pytest.MonkeyPatch, answer: str, version: str, code: int
) -> None:
    class Terminal:
        def isatty(self) -> bool:
            return True

        def readline(self) -> str:
            return answer

    monkeypatch.setattr("sys.stdin", Terminal())
    assert main(["update", str(computer.models("equation 1.1.0"))]) == code
    assert Catalogue.load().get("equation").header.version == version


def test_make_update_is_a_command(
    computer: Computer, shelf: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str], maker: Any
) -> None:
    words = tmp_path / "changes.toml"
    words.write_text('title = { en = "One", zh = "一" }\nen = ["better"]\nzh = ["更好"]\n', encoding="utf-8")
    out = tmp_path / "made.medgui-update"
    source = tmp_path / "equation"
    shutil.copytree(shelf["equation 1.1.0"], source)
    assert maker.main(["models", str(source), "-o", str(out), "--changes", str(words)]) == 0
    assert main(["update", str(out), "--yes"]) == 0
    assert "better" in capsys.readouterr().out
    assert maker.main(["program", str(words), "-o", str(out), "--changes", str(words), "--version", "1"]) == 2
