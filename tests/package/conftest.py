"""The package on a machine without a network, installed once for all tests that look at it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.command_line import Done
from tests.package import base
from tests.package.answers import Both
from tests.package.machine import Machine, machine

DEB = "/var/medgui.deb"


@pytest.fixture(scope="session")
def deb() -> Path:
    """The package that is tried; without one, or without a way to try it, every test here says why it is skipped."""
    reason = base.lacking()
    if reason:
        pytest.skip(reason)
    found = base.package()
    if found is None:
        pytest.skip("no package in dist (make package), and MEDGUI_PACKAGE names none")
    return found


@pytest.fixture(scope="session")
def bare(deb: Path) -> Path:
    """The bare base with what the package depends on; made here, with a network, where it is not kept."""
    try:
        return base.make(deb)
    except base.NotMade as reason:
        pytest.skip(f"no bare Debian: {reason}")


@pytest.fixture(scope="session")
def installation(bare: Path, deb: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Done]:
    """The changes that `dpkg -i` makes where there is no network, and what it said."""
    room = tmp_path_factory.mktemp("installation")
    with machine(bare, keep=room) as made:
        made.put(DEB, deb.read_bytes(), "root")
        done = made.run("dpkg", "-i", DEB, user="root")
        made.path(DEB).unlink()
    assert done.code == 0, done.out + done.err
    return room / "upper", done


@pytest.fixture(scope="session")
def clinic(bare: Path, installation: tuple[Path, Done]) -> Iterator[Machine]:
    """A running machine with the package installed, for tests that leave the program as it is."""
    with machine(bare, [installation[0]]) as made:
        yield made


@pytest.fixture
def spare(bare: Path, installation: tuple[Path, Done]) -> Iterator[Machine]:
    """A machine of its own with the package installed, for a test that damages it."""
    with machine(bare, [installation[0]]) as made:
        yield made


@pytest.fixture(scope="module")
def both(clinic: Machine, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Both:
    """Installed program and source side by side, in folders of this module's own."""
    folder = f"/home/doctor/{request.module.__name__.rsplit('.', 1)[-1]}"
    assert clinic.run("mkdir", folder).code == 0
    return Both(clinic, folder, tmp_path_factory.mktemp("source"))
