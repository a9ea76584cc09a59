"""The package that `make package` left in dist, or that MEDGUI_DEB names."""

import os
import shutil
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def deb() -> Path:
    named = os.environ.get("MEDGUI_DEB")
    found = [Path(named)] if named else sorted((Path(__file__).resolve().parents[2] / "dist").glob("*.deb"))
    if not found:
        pytest.skip("no package is built (make package, or MEDGUI_DEB)")
    return found[-1]


@pytest.mark.parametrize("name", ["desktop entry", "AppStream", "file types", "manual pages"])
def test_the_built_package_passes(name: str, deb: Path, tmp_path: Path) -> None:
    from linux.check import CHECKS, unpack

    program, check = CHECKS[name]
    if shutil.which(program) is None or shutil.which("dpkg-deb") is None:
        pytest.skip(f"needs the program {program}")
    assert check(deb, unpack(deb, tmp_path)) == []


@pytest.mark.slow
def test_lintian_finds_no_error_that_is_not_explained(deb: Path, tmp_path: Path) -> None:
    from linux.check import lintian

    if shutil.which("lintian") is None or not os.environ.get("MEDGUI_DEB"):
        pytest.skip("needs lintian, and minutes: name the package in MEDGUI_DEB")
    assert [line for line in lintian(deb, tmp_path) if line.startswith("E:")] == []
