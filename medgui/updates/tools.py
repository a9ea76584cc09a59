"""What installing a program asks of the system; a test puts its own in place."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from medgui.frozen import frozen
from medgui.i18n import language

LONGEST = 900
"""Seconds that one command may take: a package of 400 MB on a slow disk."""


@frozen
class Ran:
    """How a command ended, and the last it said."""

    code: int
    said: str = ""


class Tools:
    """The commands of this system, never through a shell."""

    def run(self, command: Sequence[str], extra: Mapping[str, str] | None = None) -> Ran:
        """Run to the end; of what it says the last is kept. One that is not there or takes too long has failed."""
        ran = self.run_whole(command, extra)
        return Ran(ran.code, ran.said[-2000:])

    def run_whole(self, command: Sequence[str], extra: Mapping[str, str] | None = None) -> Ran:
        """Run to the end and keep all that it says; of a command that failed, its errors too."""
        environment = {**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive", **(extra or {})}
        # What a frozen program was given for its own libraries is not for others (PyInstaller, "Run-time information").
        for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"):
            environment[name] = os.environ.get(f"{name}_ORIG", "")
        environment["PYINSTALLER_RESET_ENVIRONMENT"] = "1"
        try:
            done = subprocess.run(
                list(command),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                env={name: value for name, value in environment.items() if value},
                timeout=LONGEST,
                check=False,
            )
        except (OSError, subprocess.SubprocessError) as error:
            return Ran(-1, type(error).__name__)
        said = done.stdout if not done.returncode else done.stdout + done.stderr
        return Ran(done.returncode, said.decode("utf-8", "replace").strip())

    def start_at_end(self, command: Sequence[str]) -> None:
        """Start a command that outlives this program when this program ends, and lets go of its own files."""
        apart: dict[str, Any] = {"start_new_session": True}
        if os.name == "nt":
            apart = {"creationflags": 0x00000008 | 0x00000200}  # DETACHED_PROCESS, CREATE_NEW_PROCESS_GROUP
        apart |= dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
        atexit.register(lambda: subprocess.Popen(list(command), **apart))

    def proves(self, program: Path) -> Ran:
        """Let a program test itself (`medgui selftest --quick`), with settings and data of nobody.

        Where it fails, what it said is the sentence of the check that is wrong, if it came so far.
        """
        with tempfile.TemporaryDirectory(prefix="medgui-") as home:
            asked = [str(program), "selftest", "--quick", "--json", "--lang", language()]
            ran = self.run_whole(asked, {"MEDGUI_HOME": home, "LC_ALL": "C.UTF-8"})
        return Ran(ran.code, _wrong(ran.said) or ran.said[-2000:]) if ran.code else ran

    @property
    def administrator(self) -> bool:
        """Whether this account may install for all."""
        return hasattr(os, "geteuid") and os.geteuid() == 0

    @property
    def program(self) -> Path:
        """The executable of this program."""
        return Path(sys.executable)

    def which(self, name: str) -> str:
        """Where a command is; "" where it is not."""
        return shutil.which(name) or ""


def _wrong(said: str) -> str:
    """The first check that is wrong in the JSON of a self-test (`medgui.selftest/1`), before whatever else was said."""
    try:
        page, _end = json.JSONDecoder().raw_decode(said[said.index("{") :])
        found = [each for each in page["checks"] if each["state"] == "wrong"]
        return f"{found[0]['title']}: {found[0]['sentence']}"
    except (ValueError, LookupError, TypeError):
        return ""
