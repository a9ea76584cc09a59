"""The search for a Python, on interpreters that are made up."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(
    shutil.which("sh") is None or os.name != "posix", reason="needs a POSIX shell"
)

GOOD = '#!/bin/sh\necho "{version}"\n'
SHIM = "#!/bin/sh\necho 'pyenv: python: command not found' >&2\nexit 127\n"
WITHOUT_VENV = "#!/bin/sh\necho \"No module named 'ensurepip'\" >&2\nexit 1\n"


@pytest.fixture
def bin_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in ("sh", "cat"):
        found = shutil.which(tool)
        assert found is not None
        (folder / tool).symlink_to(found)
    return folder


def put(folder: Path, name: str, script: str) -> Path:
    path = folder / name
    path.write_text(script, encoding="utf-8")
    path.chmod(0o755)
    return path


def find(bin_folder: Path, repository: Path, **environment: str) -> str:
    script = f'. "{repository}/packaging/find_python.sh"; FOLDERS=; find_python'
    done = subprocess.run(
        ["sh", "-euc", script],
        env={"PATH": str(bin_folder), "HOME": str(bin_folder), **environment},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_newest_tested_python_is_taken(bin_folder: Path, repository: Path) -> None:
    for minor in (11, 12, 13, 14):
        put(bin_folder, f"python3.{minor}", GOOD.format(version=f"3.{minor}"))
    assert find(bin_folder, repository) == str(bin_folder / "python3.13")


def test_a_shim_that_fails_is_passed_over(bin_folder: Path, repository: Path) -> None:
    put(bin_folder, "python3.13", SHIM)
    put(bin_folder, "python3.12", WITHOUT_VENV)
    good = put(bin_folder, "python3.11", GOOD.format(version="3.11"))
    assert find(bin_folder, repository) == str(good)


def test_a_python_that_is_too_old_or_too_new_will_not_do(bin_folder: Path, repository: Path) -> None:
    put(bin_folder, "python3", GOOD.format(version="3.10"))
    assert find(bin_folder, repository) == ""
    put(bin_folder, "python3", GOOD.format(version="3.15"))
    assert find(bin_folder, repository) == ""


def test_an_interpreter_that_is_named_comes_first(bin_folder: Path, repository: Path) -> None:
    put(bin_folder, "python3.13", GOOD.format(version="3.13"))
    own = put(bin_folder, "mine", GOOD.format(version="3.11"))
    assert find(bin_folder, repository, MEDGUI_PYTHON=str(own)) == str(own)
