"""The real program on a real (virtual) screen: `medgui FILE`, keys, clicks, the cross in the title bar."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.command_line import ROOT, environment
from tests.helpers.screen import SIZE, Screen, lacking, screen, wait

DEMO = ROOT / "resources" / "demo" / "marlow_helen.json"


@pytest.fixture
def shown(tmp_path: Path) -> Iterator[Screen]:
    if sys.platform != "linux" or lacking():
        pytest.skip(f"no virtual screen here: {lacking() or sys.platform}")
    with screen(tmp_path) as made:
        yield made


def start(shown: Screen, folder: Path, *arguments: str) -> subprocess.Popen[str]:
    variables = environment(folder / "home", QT_QPA_PLATFORM="xcb", DISPLAY=shown.display)
    for name in ("WAYLAND_DISPLAY", "XDG_SESSION_TYPE"):
        variables.pop(name, None)
    return subprocess.Popen(
        [sys.executable, "-m", "medgui", *arguments],
        cwd=folder,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=60)
    if "Could not load the Qt platform plugin" in err:
        pytest.skip("a library of Qt's xcb platform is missing (packaging/system/debian-screen.txt)")
    return process.returncode, out, err


def test_a_patient_is_opened_looked_at_and_closed(shown: Screen, tmp_path: Path) -> None:
    process = start(shown, tmp_path, str(DEMO))
    try:
        wait(
            "the first window", lambda: process.poll() is not None or shown.tool("search", "--name", "medgui")
        )
        if process.poll() is not None:
            pytest.fail(str(ended(process)))
        window = shown.window("^Results .* medgui$")
        wait("a drawn window", lambda: len(shown.colours()) > 100)
        shown.tool("windowfocus", "--sync", window)
        _keys(shown, "ctrl+shift+l", "^结果 .* medgui$")
        _keys(shown, "ctrl+shift+l", "^Results .* medgui$")
        _keys(shown, "ctrl+1", "^Record .* medgui$")
        _keys(shown, "alt+Home", "^Open a patient .* medgui$")
        _keys(shown, "ctrl+2", "^Results .* medgui$")
        before = shown.pixels()
        shown.tool("mousemove", str(SIZE[0] // 2), str(SIZE[1] // 3), "click", "1")
        wait("an answer to the click", lambda: shown.pixels() != before)
        titles = shown.tool("getwindowname", window)
        assert "Marlow" not in titles
        shown.ask_to_close(window)
        assert ended(process) == (0, "", "")
    finally:
        process.kill()
        process.communicate()


def test_a_window_without_a_file_offers_to_open_one_and_closes_at_once(shown: Screen, tmp_path: Path) -> None:
    process = start(shown, tmp_path)
    try:
        window = shown.window("^Open a patient .* medgui$")
        wait("a drawn window", lambda: len(shown.colours()) > 30)
        shown.ask_to_close(window)
        assert ended(process) == (0, "", "")
    finally:
        process.kill()
        process.communicate()


def test_a_bad_file_is_said_in_the_window_and_not_on_the_terminal(shown: Screen, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text('{"resourceType": "Bundle", "entry": [')
    process = start(shown, tmp_path, "bad.json")
    try:
        window = shown.window("medgui$")
        wait("a drawn window", lambda: len(shown.colours()) > 30)
        shown.ask_to_close(window)
        assert ended(process) == (0, "", "")
    finally:
        process.kill()
        process.communicate()


def _keys(shown: Screen, keys: str, title: str) -> None:
    shown.tool("key", "--clearmodifiers", keys)
    shown.window(title, 30)
