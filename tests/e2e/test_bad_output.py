"""Places that cannot be written, and writers that are stopped: one sentence, exit 6, and the old file as it was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.helpers.command_line import ROOT, environment, medgui, sentence, written_by

if sys.platform == "win32":
    pytest.skip("disk limits are set by POSIX means", allow_module_level=True)

DEMO = ROOT / "resources" / "demo" / "marlow_helen.json"
HEADER = "age,sex,systolic_bp,bp_treatment,total_cholesterol,hdl_cholesterol,statin,diabetes,current_smoker,egfr,bmi"
ROW = "50,female,160,1,200,45,0,1,0,90,35"
OLD = b"what stood here before"


def table(folder: Path, rows: int) -> Path:
    path = folder / "in.csv"
    path.write_text("\n".join([HEADER, *[ROW] * rows]) + "\n")
    return path


def command(name: str, folder: Path, target: Path) -> list[str | Path]:
    """A command that writes *target*."""
    if name == "report":
        return ["report", DEMO, "-o", target]
    return ["score", "prevent", table(folder, 2_000), "-o", target]


SMALL_FILES = ("sh", "-c", 'ulimit -f 16; exec "$@"', "sh")
"""Starts a program that can write no file beyond 8 kB (16 blocks of 512 bytes)."""


@pytest.fixture
def mount(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Mount a small disk in memory; only root may."""
    with ExitStack() as stack:

        def make(options: str) -> Path:
            folder = tmp_path / "disk"
            folder.mkdir(exist_ok=True)
            call = ["mount", "-t", "tmpfs", "-o", options, "medgui-test", str(folder)]
            try:
                done = subprocess.run(call, capture_output=True, text=True, check=False)
            except FileNotFoundError:
                pytest.skip("there is no command to mount a disk")
            if done.returncode:
                pytest.skip("this user may not mount a disk")
            stack.callback(subprocess.run, ["umount", "-l", str(folder)], check=True)
            return folder

        yield make


@pytest.mark.parametrize("name", ["report", "score"])
@pytest.mark.parametrize("old", [None, OLD])
def test_a_full_disk_is_said_and_leaves_the_old_file(
    name: str, old: bytes | None, tmp_path: Path, mount: Callable[[str], Path]
) -> None:
    disk = mount("size=16k")
    target = disk / "result"
    if old:
        target.write_bytes(old)
    said = sentence(medgui(*command(name, tmp_path, target), folder=tmp_path), 6)
    assert "result" in said
    assert "the disk is full" in said
    assert [path.read_bytes() for path in disk.iterdir()] == ([old] if old else [])


@pytest.mark.parametrize("name", ["report", "score"])
def test_a_limit_on_the_size_of_files_is_said_and_leaves_the_old_file(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    target = folder / "result"
    target.write_bytes(OLD)
    done = medgui(*command(name, tmp_path, target), folder=tmp_path, prefix=SMALL_FILES)
    assert "no file of this size" in sentence(done, 6)
    assert [path.read_bytes() for path in folder.iterdir()] == [OLD]


@pytest.mark.parametrize("name", ["report", "score"])
def test_a_read_only_disk_is_said(name: str, tmp_path: Path, mount: Callable[[str], Path]) -> None:
    disk = mount("size=16k,ro")
    assert "read-only" in sentence(medgui(*command(name, tmp_path, disk / "result"), folder=tmp_path), 6)


@pytest.mark.parametrize("name", ["report", "score"])
def test_a_folder_without_permission_is_said(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    folder.chmod(0o555)
    if os.access(folder, os.W_OK):
        pytest.skip("this user writes everywhere")
    said = sentence(medgui(*command(name, tmp_path, folder / "result"), folder=tmp_path), 6)
    assert "read-only" in said or "permission" in said
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("name", ["report", "score"])
@pytest.mark.parametrize(
    ("target", "word"),
    [("absent/result", "exist"), ("folder", "folder"), ("in.csv/result", ""), ("n" * 300, "")],
)
def test_a_place_that_cannot_be_is_said(name: str, target: str, word: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    table(tmp_path, 1)
    before = sorted(tmp_path.rglob("*"))
    said = sentence(medgui(*command(name, tmp_path, tmp_path / target), folder=tmp_path), 6)
    assert word in said
    assert str(tmp_path) not in said
    assert sorted(path for path in tmp_path.rglob("*") if "home" not in path.parts) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["read", DEMO],
        ["read", DEMO, "--json"],
        ["assess", DEMO],
        ["models"],
        ["score", "prevent", "in.csv", "-o", "-"],
    ],
)
def test_a_full_standard_output_is_said(arguments: list[str | Path], tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    table(tmp_path, 2_000)
    with open("/dev/full", "wb") as full:
        done = medgui(*arguments, folder=tmp_path, output=full.fileno())
    assert "the disk is full" in sentence(done, 6)


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    table(tmp_path, 20_000)
    inner, outer = os.pipe()
    os.close(inner)
    done = medgui("score", "prevent", "in.csv", "-o", "-", folder=tmp_path, output=outer)
    os.close(outer)
    assert (done.code, done.err) == (0, "")


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_run_that_is_killed_leaves_no_half_file(how: signal.Signals, tmp_path: Path) -> None:
    table(tmp_path, 200_000)
    folder = tmp_path / "out"
    folder.mkdir()
    target = folder / "result.csv"
    target.write_bytes(OLD)
    process = subprocess.Popen(
        [sys.executable, "-m", "medgui", "score", "prevent", "in.csv", "-o", str(target)],
        cwd=tmp_path,
        env=environment(tmp_path / "home"),
        stderr=subprocess.PIPE,
    )
    try:
        while written_by(process.pid) < 1_000_000:
            assert process.poll() is None, "it ended before it could be killed"
            time.sleep(0.01)
    finally:
        process.send_signal(how)
        _out, said = process.communicate()
    assert process.returncode == -how
    assert said == b""
    assert target.read_bytes() == OLD
    if hasattr(os, "O_TMPFILE"):
        assert list(folder.iterdir()) == [target]


@pytest.mark.parametrize("home", ["/dev/null/home", "in.csv"])
def test_a_home_that_cannot_be_made_stops_nothing(home: str, tmp_path: Path) -> None:
    table(tmp_path, 1)
    for arguments in (["assess", DEMO], ["report", DEMO, "-o", "out.pdf"], ["models"]):
        done = medgui(*arguments, folder=tmp_path, MEDGUI_HOME=home)
        assert (done.code, done.err) == (0, "")
