"""Installing, installing again, removing and purging need no network, and leave what users have made."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from linux.check import CHECKS, unpack

from tests.helpers.command_line import Done
from tests.package.conftest import DEB
from tests.package.machine import DATA, PROGRAM, Machine, machine

pytestmark = pytest.mark.package
DEMO = DATA / "resources" / "demo" / "marlow_helen.json"


def test_the_package_is_installed_without_a_complaint(
    installation: tuple[Path, Done], clinic: Machine
) -> None:
    _changes, done = installation
    assert done.err == ""
    assert clinic.run("dpkg", "--audit", user="root").out == ""
    assert clinic.run("dpkg", "--verify", "medgui", user="root").out == ""


@pytest.mark.parametrize("name", CHECKS)
def test_debian_s_own_checks_find_nothing(name: str, deb: Path, tmp_path: Path) -> None:
    program, check = CHECKS[name]
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    assert check(deb, unpack(deb, tmp_path)) == []


def test_every_library_is_found(clinic: Machine) -> None:
    internal = PROGRAM / "_internal"
    plugins = "-name 'libqxcb.so' -o -name 'libqoffscreen.so'"
    look = f"for each in {PROGRAM}/medgui $(find {internal}/PySide6 {plugins}); do ldd $each; done"
    told = clinic.run("sh", "-c", look, LD_LIBRARY_PATH=str(internal))  # as the start of the program sets it
    assert told.code == 0
    assert "not found" not in told.out


def test_nothing_of_the_program_belongs_to_a_user_or_can_be_written_by_one(clinic: Machine) -> None:
    wrong = clinic.run(
        "find",
        PROGRAM,
        "/usr/bin/medgui",
        "(",
        "!",
        "-user",
        "root",
        "-o",
        "-perm",
        "/022",
        ")",
        "!",
        "-type",
        "l",
    )
    assert (wrong.code, wrong.out) == (0, "")


def test_a_run_leaves_the_program_folder_as_it_was(spare: Machine) -> None:
    assert spare.run("medgui", "report", DEMO, "-o", "/tmp/a.pdf", user="root").code == 0
    assert spare.run("find", PROGRAM, "-newer", "/tmp/a.pdf", user="root").out == ""
    assert spare.run("dpkg", "--verify", "medgui", user="root").out == ""


def test_removing_leaves_what_users_made_and_no_file_of_the_program(bare: Path, deb: Path) -> None:
    with machine(bare) as made:
        before = listed(made)
        made.put(DEB, deb.read_bytes(), "root")
        for _twice in range(2):
            assert made.run("dpkg", "-i", DEB, user="root").code == 0
        made.put("/home/doctor/.local/share/medgui/data/own.txt", b"mine")
        made.put("/home/doctor/.config/medgui/config/own.txt", b"mine")
        assert made.run("dpkg", "--remove", "medgui", user="root").code == 0
        assert not made.path(PROGRAM).exists()
        assert made.run("dpkg", "--purge", "medgui", user="root").code == 0
        made.path(DEB).unlink()
        assert made.path("/home/doctor/.local/share/medgui/data/own.txt").read_bytes() == b"mine"
        assert made.path("/home/doctor/.config/medgui/config/own.txt").read_bytes() == b"mine"
        assert listed(made) - before == set()


def listed(machine: Machine) -> set[str]:
    """Files and folders of the system, without users' folders and what dpkg notes for itself."""
    found = machine.run("find", "/etc", "/usr", "/var", "/opt", user="root").out.splitlines()
    return {path for path in found if not path.startswith(("/var/lib/dpkg", "/var/log", "/var/cache"))}
