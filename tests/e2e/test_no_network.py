"""Over a whole visit the program opens no socket but local ones (architecture, safety rule 8). Three proofs."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.command_line import ROOT, environment
from tests.helpers.visits import Visited, run_visit

LONGER_S = 15
"""Longer than onnxruntime's uploader waits before its first look-up (9 s, measured; ADR 0015)."""
DEMO = ROOT / "resources" / "demo" / "marlow_helen.json"


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory) -> Visited:
    waiting = 0 if shutil.which("strace") else LONGER_S
    return run_visit(DEMO, tmp_path_factory.mktemp("visit"), seconds=waiting)


def test_python_opens_no_socket_and_starts_no_program(visited: Visited) -> None:
    assert visited.told["seen"] == []
    assert visited.told["findings"] > 0
    assert visited.report.read_bytes().startswith(b"%PDF")


def test_no_library_keeps_an_identifier_of_the_machine_or_a_queue_to_send(visited: Visited) -> None:
    left = {path.name for path in visited.temporary.rglob("*") if path.is_file()}
    assert not {name for name in left if name.endswith((".db", ".ses")) or "device" in name}, left


def test_the_kernel_lists_no_internet_socket_of_the_program(visited: Visited) -> None:
    assert visited.told["sockets"] == []


def test_the_watchers_would_see_a_socket(tmp_path: Path) -> None:
    source = """
import socket, sys
from tests.helpers import visit
sys.addaudithook(visit.watch)
inside, outside = socket.socketpair()
assert visit.seen == [] or sys.platform == "win32", visit.seen
server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.bind(("127.0.0.1", 0))
server.listen()
assert any("socket.__new__" in each for each in visit.seen), visit.seen
assert any("socket.bind" in each for each in visit.seen), visit.seen
print(len(visit.internet_sockets()))
"""
    done = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, env=environment(tmp_path), check=False
    )
    assert done.returncode == 0, done.stderr
    if Path("/proc/self/net/tcp").exists():
        assert done.stdout.strip() == "1"


def test_the_system_calls_of_a_visit_hold_no_socket_but_local_ones(tmp_path: Path) -> None:
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed")
    probe = subprocess.run([strace, "-o", "/dev/null", "true"], capture_output=True, check=False)
    if probe.returncode:
        pytest.skip("this machine lets no process be traced")
    trace = tmp_path / "trace"
    run_visit(DEMO, tmp_path, strace, "-f", "-qq", "-e", "trace=network", "-o", str(trace), seconds=LONGER_S)
    calls = trace.read_text(encoding="utf-8", errors="replace")
    families = set(re.findall(r"socket(?:pair)?\((\w+)|sa_family=(\w+)", calls))
    named = {family for pair in families for family in pair if family}
    assert named <= {"AF_UNIX", "AF_LOCAL"}
