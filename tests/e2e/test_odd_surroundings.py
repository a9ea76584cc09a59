"""Without a screen, without streams, in a folder that is gone, interrupted: one sentence or none, never a trace."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.helpers.command_line import ROOT, Done, environment, medgui, sentence, written_by

DEMO = ROOT / "resources" / "demo" / "marlow_helen.json"
posix = pytest.mark.skipif(sys.platform == "win32", reason="streams and folders are handled as POSIX does")
linux = pytest.mark.skipif(sys.platform != "linux", reason="screens are found as Linux does")


@linux
@pytest.mark.parametrize("display", ["", ":987"])
def test_without_a_screen_one_sentence_says_what_works(display: str, tmp_path: Path) -> None:
    done = medgui(DEMO, folder=tmp_path, QT_QPA_PLATFORM="xcb", DISPLAY=display, WAYLAND_DISPLAY="")
    assert "medgui report" in sentence(done, 2)


@linux
def test_a_library_that_qt_misses_is_named(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\n"
        "class Missing:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'PySide6.QtGui':\n"
        "            raise ImportError('libEGL.so.1: cannot open shared object file: No such file or directory')\n"
        "sys.meta_path.insert(0, Missing())\n"
    )
    path = os.pathsep.join([str(tmp_path), str(ROOT)])
    assert "libEGL.so.1" in sentence(medgui(DEMO, folder=tmp_path, PYTHONPATH=path), 2)


def closed(stream: str, *arguments: str | Path, folder: Path) -> Done:
    """Run with a stream closed, as `>&-` and `2>&-` of a shell do."""
    line = f'exec "$@" {stream}'
    done = subprocess.run(
        ["sh", "-c", line, "sh", sys.executable, "-m", "medgui", *map(str, arguments)],
        cwd=folder,
        env=environment(folder / "home"),
        capture_output=True,
        text=True,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


@posix
@pytest.mark.parametrize(
    "arguments", [["read", DEMO], ["models", "--json"], ["score", "prevent", "in.csv", "-o", "-"]]
)
def test_a_closed_standard_output_is_said(arguments: list[str | Path], tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("age,sex\n50,female\n")
    assert "closed" in sentence(closed(">&-", *arguments, folder=tmp_path), 6)


@posix
@pytest.mark.parametrize("stream", ["2>&-", "<&- 2>&-", "<&- >&- 2>&-"])
def test_closed_streams_spoil_no_file(stream: str, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("age,sex\n50,female\n")
    done = closed(stream, "score", "prevent", "in.csv", "-o", "out.csv", folder=tmp_path)
    assert done.code == 0
    assert (tmp_path / "out.csv").read_text().startswith("age,sex,cvd_10y")
    assert closed(stream, "read", "absent.json", folder=tmp_path).code == 3
    assert closed(stream, "frobnicate", "a", "b", folder=tmp_path).code == 2


@posix
def test_a_folder_that_is_gone_stops_nothing_that_does_not_need_it(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("age,sex\n50,female\n")
    gone = tmp_path / "gone"
    gone.mkdir()
    script = f'cd "{gone}" && rmdir "{gone}" && exec "$@"'
    for arguments, code in (
        (["read", str(DEMO)], 0),
        (["read", "x.json"], 3),
        (["score", "prevent", str(tmp_path / "in.csv"), "-o", "x.csv"], 6),
    ):
        done = subprocess.run(
            ["sh", "-c", script, "sh", sys.executable, "-m", "medgui", *arguments],
            env=environment(tmp_path / "home"),
            capture_output=True,
            text=True,
            check=False,
        )
        gone.mkdir(exist_ok=True)
        assert done.returncode == code, done.stderr
        assert len(done.stderr.splitlines()) == (0 if code == 0 else 1)


def _heed_interrupts() -> None:
    """A run that was itself started in the background passes on that interrupts are ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@posix
def test_an_interrupted_run_ends_quietly_and_leaves_nothing(tmp_path: Path) -> None:
    header, row = "age,sex,systolic_bp", "50,female,140"
    (tmp_path / "in.csv").write_text("\n".join([header, *[row] * 400_000]) + "\n")
    before = sorted(tmp_path.iterdir())
    process = subprocess.Popen(
        [sys.executable, "-m", "medgui", "score", "prevent", "in.csv", "-o", "out.csv"],
        cwd=tmp_path,
        env=environment(tmp_path / "home"),
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_heed_interrupts,
    )
    while written_by(process.pid) < 1_000_000:
        assert process.poll() is None, "it ended before it could be interrupted"
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _out, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said == ""
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    "variables",
    [
        {"MEDGUI_LANG": "klingon", "LANG": "xx_YY.UTF-8"},
        {"LC_ALL": "zh_CN.GB18030", "PYTHONUTF8": "0"},
        {"TZ": "Mars/Olympus"},
        {"HOME": "", "USERPROFILE": "", "MEDGUI_HOME": ""},
        {"XDG_CONFIG_HOME": "relative", "MEDGUI_HOME": ""},
        {"PYTHONWARNINGS": "error"},
        {"PYTHONDEVMODE": "1"},
    ],
)
def test_odd_variables_change_nothing(variables: dict[str, str], tmp_path: Path) -> None:
    done = medgui("assess", DEMO, "--model", "prevent", folder=tmp_path, **{"MEDGUI_LANG": "en", **variables})
    assert done.code == 0, done.err
    assert done.err == ""
    assert "Marlow" in done.out
