"""Run `tests.helpers.visit` in a process of its own, once for all tests that look at what it did."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.helpers.command_line import environment


@dataclass(frozen=True)
class Visited:
    """What a visit told and left."""

    told: dict[str, Any]
    out: str
    err: str
    home: Path
    temporary: Path
    report: Path


def run_visit(file: Path, folder: Path, *prefix: str, seconds: int = 0) -> Visited:
    """Do a whole visit with *file*, open for *seconds* at its end; what it writes lies below *folder*."""
    home, temporary, report = folder / "home", folder / "tmp", folder / "report" / "report.pdf"
    for made in (home, temporary, report.parent):
        made.mkdir(parents=True, exist_ok=True)
    own = {
        name: str(temporary)
        for name in (
            "TMPDIR",
            "TMP",
            "TEMP",
            "HOME",
            "XDG_CACHE_HOME",
            "XDG_CONFIG_HOME",
            "XDG_DATA_HOME",
            "XDG_RUNTIME_DIR",
        )
    }
    done = subprocess.run(
        [*prefix, sys.executable, "-m", "tests.helpers.visit", str(file), str(report), str(seconds)],
        cwd=folder,
        env=environment(home, **own),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    return Visited(told, done.stdout, done.stderr, home, temporary, report)
