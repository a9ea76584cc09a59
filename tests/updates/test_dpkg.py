"""The Debian package with the real dpkg, on a system of its own below a folder (needs root)."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from medgui.errors import OutputNotWritable, UpdateRefused
from medgui.updates import deb, desk
from medgui.updates.tools import Ran, Tools
from tests.updates.conftest import Computer
from tests.updates.test_programs import LINUX, here, install, packages


@pytest.fixture
def debian(tmp_path: Path) -> Callable[..., Path]:
    """Make a tiny package medgui; its program passes its test unless it is 0.3.0."""
    if os.name != "posix" or os.geteuid() or not shutil.which("dpkg-deb"):
        pytest.skip("needs dpkg and root")

    def make(version: str, size: int = 1) -> Path:
        root = tmp_path / f"tree-{version}"
        program = root / "usr" / "lib" / "medgui" / "medgui"
        program.parent.mkdir(parents=True)
        program.write_text(f"#!/bin/sh\n[ {version} != 0.3.0 ]\n")
        program.chmod(0o755)
        (root / "usr" / "bin").mkdir()
        (root / "usr" / "bin" / "medgui").symlink_to("../lib/medgui/medgui")
        (root / "DEBIAN").mkdir()
        control = (
            f"Package: medgui\nVersion: {version}\nArchitecture: all\nInstalled-Size: {size}\n"
            "Maintainer: nobody <nobody@example.org>\n"
            "Description: test\n of two lines\n"
        )
        (root / "DEBIAN" / "control").write_text(control)
        out = tmp_path / f"medgui_{version}_all.deb"
        subprocess.run(
            ["dpkg-deb", "--build", "-Zgzip", str(root), str(out)], check=True, capture_output=True
        )
        return out

    return make


class Chroot(Tools):
    """The real dpkg on a system of its own below a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        admin = root / "var" / "lib" / "dpkg"
        for name in ("info", "updates", "triggers"):
            (admin / name).mkdir(parents=True)
        for name in ("status", "available"):
            (admin / name).touch()

    def run_whole(self, command: Sequence[str], extra: object = None) -> Ran:
        words = list(command)
        if words[0] in ("dpkg", "dpkg-query"):
            words[1:1] = [f"--root={self.root}"]
        return super().run_whole(words)

    def proves(self, program: Path) -> Ran:
        inside = self.root / program.relative_to("/") if program == deb.PROGRAM else program
        return super().proves(inside)

    @property
    def administrator(self) -> bool:
        return True


def test_the_real_dpkg_installs_repacks_what_was_there_and_puts_it_back(
    computer: Computer, debian: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools = Chroot(tmp_path / "root")
    monkeypatch.setattr(deb, "INSTALLED", tools.root)
    assert not tools.run(["dpkg", "-i", str(debian("0.1.0"))]).code
    program = tools.root / "usr" / "lib" / "medgui" / "medgui"
    for version in ("0.2.0", "0.3.0"):
        path = computer.program(f"medgui_{version}_all.deb", version, debian(version).read_bytes())
        if version == "0.3.0":
            monkeypatch.setattr(deb, "_try_beside", lambda *_: None)
            with pytest.raises(UpdateRefused, match="the old one stands"):
                install(path, here(version="0.2.0"), tools)
        else:
            install(path, LINUX, tools)
            assert packages() == ["medgui_0.1.0_all.deb", "medgui_0.2.0_all.deb"]
        assert "0.2.0" in program.read_text()
    desk.take_back("program", here=here(version="0.2.0"), tools=tools)
    assert "0.1.0" in program.read_text()
    assert (tools.root / "usr" / "bin" / "medgui").is_symlink()
    status = tools.run(["dpkg-query", "--show", "--showformat=${Version} ${db:Status-Abbrev}", "medgui"]).said
    assert status.split() == ["0.1.0", "ii"]


def test_a_package_that_fails_its_own_test_never_reaches_dpkg(
    computer: Computer, debian: Callable[..., Path], tmp_path: Path
) -> None:
    tools = Chroot(tmp_path / "root")
    tools.run(["dpkg", "-i", str(debian("0.1.0"))])
    path = computer.program("medgui_0.3.0_all.deb", "0.3.0", debian("0.3.0").read_bytes())
    with pytest.raises(UpdateRefused, match="did not pass its own test"):
        install(path, LINUX, tools)
    assert "0.1.0" in (tools.root / "usr" / "lib" / "medgui" / "medgui").read_text()
    assert not packages()


def test_where_dpkg_is_busy_nothing_is_changed_and_nobody_is_sent_to_install_by_hand(
    computer: Computer, debian: Callable[..., Path], tmp_path: Path
) -> None:
    import fcntl

    tools = Chroot(tmp_path / "root")
    tools.run(["dpkg", "-i", str(debian("0.1.0"))])
    path = computer.program("medgui_0.2.0_all.deb", "0.2.0", debian("0.2.0").read_bytes())
    with (tools.root / "var" / "lib" / "dpkg" / "lock").open("w") as lock:
        fcntl.lockf(lock, fcntl.LOCK_EX)
        with pytest.raises(UpdateRefused, match=r"nothing was changed: dpkg: error: .*lock"):
            install(path, LINUX, tools)
    assert packages() in ([], ["medgui_0.1.0_all.deb"])
    install(path, LINUX, tools)
    assert "0.2.0" in (tools.root / "usr" / "lib" / "medgui" / "medgui").read_text()


def test_versions_that_dpkg_writes_its_own_way_are_kept_and_taken_back(
    computer: Computer, debian: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools = Chroot(tmp_path / "root")
    monkeypatch.setattr(deb, "INSTALLED", tools.root)
    tools.run(["dpkg", "-i", str(debian("0.1.0~dev7+g1a2b3c4"))])
    content = debian("0.2.0~rc1").read_bytes()
    install(computer.program("medgui_0.2.0~rc1_all.deb", "0.2.0rc1", content), LINUX, tools)
    assert packages() == ["medgui_0.1.0_all.deb", "medgui_0.2.0rc1_all.deb"]
    desk.take_back("program", here=here(version="0.2.0rc1"), tools=tools)
    assert "0.1.0~dev7+g1a2b3c4" in (tools.root / "usr" / "lib" / "medgui" / "medgui").read_text()


def test_no_room_to_try_the_package_is_said_before_anything_is_unpacked(
    computer: Computer, debian: Callable[..., Path], tmp_path: Path
) -> None:
    tools = Chroot(tmp_path / "root")
    tools.run(["dpkg", "-i", str(debian("0.1.0"))])
    path = computer.program("medgui_0.2.0_all.deb", "0.2.0", debian("0.2.0", size=2**40).read_bytes())
    with pytest.raises(OutputNotWritable, match="There is no room for the update"):
        install(path, LINUX, tools)
    assert not packages()


def test_a_self_test_that_fails_is_named_by_its_check(tmp_path: Path) -> None:
    page = '{"checks": [{"state": "right"}, {"title": "Models", "state": "wrong", "sentence": "cad was changed."}]}'
    for said, told in ((page, "Models: cad was changed."), ("core dumped", "core dumped")):
        program = tmp_path / "program"
        program.write_text(f"#!/bin/sh\necho '{said}'\necho 'for more information.' >&2\nexit 8\n")
        program.chmod(0o755)
        assert told in Tools().proves(program).said.splitlines()[0]


def test_a_package_of_another_name_or_version_is_refused(
    computer: Computer, debian: Callable[..., Path]
) -> None:
    path = computer.program("medgui_0.2.0_all.deb", "0.2.0", debian("0.1.5").read_bytes())
    with pytest.raises(UpdateRefused, match="not the one that it names"):
        install(path, LINUX, Tools())
