"""The installed program asks the kernel for no socket but local ones."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.package.machine import DATA, Machine

pytestmark = pytest.mark.package
DEMO = str(DATA / "resources" / "demo" / "marlow_helen.json")
LONGER_S = 15
"""Longer than onnxruntime's uploader waits before its first look-up (9 s, measured; ADR 0015)."""


def traced(machine: Machine, trace: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run a program of the machine under strace, which stays outside."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed")
    if subprocess.run([strace, "-o", "/dev/null", "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets no process be traced")
    watch = [strace, "-f", "-qq", "-e", "trace=network", "-o", str(trace)]
    return subprocess.run(
        [*watch, *machine.command(arguments)],
        capture_output=True,
        timeout=600,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def families(trace: Path) -> set[str]:
    """The families of sockets that were asked for."""
    calls = trace.read_text(encoding="utf-8", errors="replace")
    pairs = re.findall(r"socket(?:pair)?\((\w+)|sa_family=(\w+)", calls)
    return {family for pair in pairs for family in pair if family}


@pytest.mark.parametrize(
    "command", [["assess", DEMO, "--json"], ["report", DEMO, "-o", "traced.pdf"]], ids=str
)
def test_a_command_opens_no_internet_socket(command: list[str], clinic: Machine, tmp_path: Path) -> None:
    done = traced(clinic, tmp_path / "trace", "medgui", *command)
    assert done.returncode == 0, done.stderr
    assert families(tmp_path / "trace") <= {"AF_UNIX", "AF_LOCAL"}


def test_a_window_left_open_opens_no_internet_socket(clinic: Machine, tmp_path: Path) -> None:
    done = traced(clinic, tmp_path / "trace", "timeout", str(LONGER_S), "medgui", DEMO)
    assert done.returncode == 124, done.stderr  # it was still open
    assert families(tmp_path / "trace") <= {"AF_UNIX", "AF_LOCAL"}


def test_the_watcher_would_see_a_socket(clinic: Machine, tmp_path: Path) -> None:
    traced(
        clinic,
        tmp_path / "trace",
        "perl",
        "-MIO::Socket::INET",
        "-e",
        "IO::Socket::INET->new('192.0.2.1:80')",
    )
    assert "AF_INET" in families(tmp_path / "trace")
