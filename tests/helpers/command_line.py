"""The real command line: `python -m medgui …` in a process of its own, started from another folder."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from medgui.paths import PACKAGE_DIR

ROOT = PACKAGE_DIR.parent


@dataclass(frozen=True)
class Done:
    """How a run ended."""

    code: int
    out: str
    err: str


def environment(home: Path, **more: str) -> dict[str, str]:
    """The variables of a run: settings in *home*, English, no screen."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MEDGUI_")}
    own = {
        "MEDGUI_HOME": str(home),
        "MEDGUI_LANG": "en",
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "QT_QPA_PLATFORM": "offscreen",
    }
    return {**kept, **own, **more}


def medgui(
    *arguments: str | Path,
    folder: Path,
    prefix: Sequence[str] = (),
    output: int | None = None,
    **more: str,
) -> Done:
    """Run one command in *folder*; settings lie in `folder/home`, *more* are further variables.

    *prefix* starts the program (a shell that sets a limit first). *output* is a handle that takes the standard output.
    """
    done = subprocess.run(
        [*prefix, sys.executable, "-m", "medgui", *map(str, arguments)],
        cwd=folder,
        env=environment(folder / "home", **more),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if output is None else output,
        stderr=subprocess.PIPE,
        timeout=300,
        check=False,
    )
    return Done(done.returncode, (done.stdout or b"").decode(), done.stderr.decode())


def sentence(done: Done, code: int) -> str:
    """The one clear sentence with which a run ended in *code*: no traceback, no place of the program's own."""
    assert done.code == code, (done.code, done.err[-2000:])
    text = done.err.removesuffix("\n")
    assert text, "nothing was said"
    assert "\n" not in text, text
    assert text.endswith((".", "。", "--help")), text
    for word in ("Traceback", "Error", "Exception", "0x", str(ROOT), sys.prefix, "site-packages", ".py"):
        assert word not in text, text
    return text


def written_by(pid: int) -> int:
    """Bytes that a process has written so far; 0 where the system does not tell."""
    try:
        lines = Path(f"/proc/{pid}/io").read_text().splitlines()
    except FileNotFoundError:
        pytest.skip("this system does not tell what a process has written")
    return int(dict(line.split(": ") for line in lines)["wchar"])
