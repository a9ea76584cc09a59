"""The program is replaced where the new one proves itself, and the old one is put back where it does not."""

from __future__ import annotations

import io
import os
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from medgui.errors import OutputNotWritable, UpdateRefused
from medgui.installed import Build
from medgui.paths import system_data_dir
from medgui.updates import deb, desk, portable, programs
from medgui.updates.tools import Ran, Tools
from tests.updates.conftest import Computer

POSIX = pytest.mark.skipif(os.name != "posix", reason="links and permissions of POSIX")
LINUX = Build("0.1.0", "deb", "linux", "x86_64", "3.13.1")


def here(form: str = "deb", version: str = "0.1.0") -> Build:
    system = {"windows": "win32", "macos": "darwin"}.get(form, "linux")
    return Build(version, form, system, "x86_64", "3.13.1")


@dataclass
class Simulated(Tools):
    """A system in memory: what dpkg has installed, and which versions pass their own test."""

    version: str = "0.1.0"
    root: bool = True
    bad: set[str] = field(default_factory=set)
    broken: bool = False
    pkexec: str = ""
    pkexec_code: int = 0
    at: Path = Path("/usr/lib/medgui/medgui")
    ran: list[list[str]] = field(default_factory=list)
    later: list[list[str]] = field(default_factory=list)

    def run(self, command: Sequence[str], extra: object = None) -> Ran:
        words = list(command)
        self.ran.append(words)
        if words[0] == self.pkexec:
            return Ran(self.pkexec_code, "")
        if words[:2] == ["dpkg-deb", "--field"]:
            return Ran(0, "medgui" if words[3] == "Package" else self.of(words[2]))
        if words[:2] == ["dpkg-deb", "-x"]:
            return Ran(0)
        if words[:2] == ["dpkg", "-i"]:
            return self.install(self.of(words[2]))
        return Ran(1, "not simulated")

    def run_whole(self, command: Sequence[str], extra: object = None) -> Ran:
        return self.run(command)

    def of(self, path: str) -> str:
        return Path(path).name.split("_")[1]

    def install(self, version: str) -> Ran:
        """As the package's preinst does: an older one only where root allowed exactly it."""
        system = system_data_dir()
        assert system is not None
        allowed = system / deb.ALLOWED
        older = programs.newer(self.version, version)
        if older and (not allowed.exists() or allowed.read_text().strip() != version):
            return Ran(1, "downgrade refused")
        if self.broken and not older:
            self.version = version
            return Ran(1, "dpkg: error: half installed")
        self.version = version
        return Ran(0)

    def proves(self, program: Path) -> Ran:
        tried = next((v for v in self.bad if f"versions/{v}/" in os.path.realpath(program)), "")
        if program == deb.PROGRAM:
            tried = self.version if self.version in self.bad else ""
        return Ran(1, "golden answers differ") if tried else Ran(0)

    def start_at_end(self, command: Sequence[str]) -> None:
        self.later.append(list(command))

    @property
    def administrator(self) -> bool:
        return self.root

    @property
    def program(self) -> Path:
        return self.at

    def which(self, name: str) -> str:
        return self.pkexec if name == "pkexec" else ""


def install(path: Path, build: Build, tools: Tools) -> desk.Done:
    offer = desk.look_at(path, here=build)
    try:
        return desk.install(offer, here=build, tools=tools)
    finally:
        offer.close()


def packages() -> list[str]:
    system = system_data_dir()
    assert system is not None
    return sorted(path.name for path in (system / "packages").glob("*"))


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (Build("0.1.0", "checkout", "linux", "x86_64", "3.13"), "source checkout"),
        (Build("0.1.0", "portable", "linux", "x86_64", "3.13"), "another computer"),
        (Build("0.1.0", "deb", "linux", "arm64", "3.13"), "another computer"),
        (Build("0.1.0", "deb", "darwin", "x86_64", "3.13"), "another computer"),
        (Build("0.2.0", "deb", "linux", "x86_64", "3.13"), "already has medgui 0.2.0"),
        (Build("0.3.0", "deb", "linux", "amd64", "3.13"), "already has medgui 0.3.0"),
    ],
)
def test_a_program_for_another_computer_or_an_older_one_is_refused(
    computer: Computer, build: Build, words: str
) -> None:
    offer = desk.look_at(computer.program("medgui_0.2.0_amd64.deb", "0.2.0"), here=build)
    assert words in offer.refused
    with pytest.raises(UpdateRefused, match=r"another computer|already has|source checkout"):
        desk.install(offer, here=build, tools=Simulated())
    offer.close()


def test_a_new_package_is_installed_kept_and_taken_back(computer: Computer) -> None:
    tools = Simulated()
    done = install(computer.program("medgui_0.2.0_amd64.deb", "0.2.0"), LINUX, tools)
    assert (done.effect, tools.version) == ("restart", "0.2.0")
    assert packages() == ["medgui_0.2.0_amd64.deb"]
    install(computer.program("medgui_0.3.0_amd64.deb", "0.3.0"), here(version="0.2.0"), tools)
    assert packages() == ["medgui_0.2.0_amd64.deb", "medgui_0.3.0_amd64.deb"]
    back = desk.take_back("program", here=here(version="0.3.0"), tools=tools)
    assert (back.changes[0].after, tools.version) == ("0.2.0", "0.2.0")
    system = system_data_dir()
    assert system is not None
    assert not (system / deb.ALLOWED).exists()
    assert not any("sh" in (words[0], *words[1:2]) for words in tools.ran)


@pytest.mark.parametrize("fault", ["does not prove itself", "dpkg fails"])
def test_a_package_that_fails_gives_way_to_the_one_before(computer: Computer, fault: str) -> None:
    tools = Simulated(version="0.1.0")
    install(computer.program("medgui_0.2.0_amd64.deb", "0.2.0"), LINUX, tools)
    if fault == "dpkg fails":
        tools.broken = True
    else:
        tools.bad = {"0.3.0"}
    with pytest.raises(UpdateRefused, match="the old one stands"):
        install(computer.program("medgui_0.3.0_amd64.deb", "0.3.0"), here(version="0.2.0"), tools)
    assert tools.version == "0.2.0"
    assert packages() == ["medgui_0.2.0_amd64.deb"]
    assert [entry.what for entry in desk.done_so_far()] == ["installed", "failed"]


def test_a_failure_without_a_kept_package_says_what_to_do_by_hand(computer: Computer) -> None:
    tools = Simulated(bad={"0.2.0"})
    with pytest.raises(UpdateRefused, match=r"Install the package of version 0\.1\.0 by hand"):
        install(computer.program("medgui_0.2.0_amd64.deb", "0.2.0"), LINUX, tools)


def test_without_rights_the_command_to_type_is_said_and_quoted(computer: Computer) -> None:
    path = computer.program("medgui_0.2.0_amd64.deb", "0.2.0")
    odd = path.with_name("an update; rm.medgui-update")
    path.rename(odd)
    with pytest.raises(deb.NeedsAdministrator) as caught:
        install(odd, LINUX, Simulated(root=False))
    assert caught.value.command == f"sudo medgui update '{odd}' --yes"
    assert caught.value.exit_code == OutputNotWritable.exit_code


@pytest.mark.parametrize(("code", "raised"), [(0, None), (126, deb.NeedsAdministrator), (4, UpdateRefused)])
def test_pkexec_gets_the_checked_copy_and_no_shell(
    computer: Computer, code: int, raised: type[Exception] | None
) -> None:
    tools = Simulated(root=False, pkexec="/usr/bin/pkexec", pkexec_code=code)
    path = computer.program("medgui_0.2.0_amd64.deb", "0.2.0")
    if raised is None:
        assert install(path, LINUX, tools).effect == "restart"
    else:
        with pytest.raises(raised):
            install(path, LINUX, tools)
    (words,) = tools.ran
    assert words[:3] == ["/usr/bin/pkexec", "/usr/lib/medgui/medgui", "update"]
    assert Path(words[3]).is_relative_to(computer.home)
    assert words[4:] == ["--yes", "--lang", "en"]


def archive(folder: Path, version: str, **more: tarfile.TarInfo) -> bytes:
    """A portable package as it is made for a release, with two small files."""
    import cramjam

    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as tar:
        for name, content in (("medgui", b"#!/bin/sh\n"), ("_internal/data", version.encode())):
            info = tarfile.TarInfo(f"medgui-{version}/versions/{version}/medgui/{name}")
            info.size, info.mode = len(content), 0o755
            tar.addfile(info, io.BytesIO(content))
        for info in more.values():
            tar.addfile(info)
    return bytes(cramjam.zstd.compress(stream.getvalue()))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A portable copy of 0.1.0; gives its root."""
    root = tmp_path / "portable"
    program = root / "versions" / "0.1.0" / "medgui"
    program.mkdir(parents=True)
    (program / "medgui").write_text("#!/bin/sh\n")
    (root / "current").symlink_to("versions/0.1.0")
    return root


def on_stick(computer: Computer, version: str, content: bytes | None = None) -> Path:
    content = archive(computer.folder, version) if content is None else content
    return computer.program(f"medgui-{version}-linux-x86_64.tar.zst", version, content)


def programs_of(root: Path) -> list[str]:
    return sorted(path.name for path in (root / "versions").iterdir())


@POSIX
def test_a_portable_copy_switches_keeps_the_version_before_and_goes_back(
    computer: Computer, copy: Path
) -> None:
    tools = Simulated(at=copy / "versions" / "0.1.0" / "medgui" / "medgui")
    install(on_stick(computer, "0.2.0"), here("portable"), tools)
    assert os.readlink(copy / "current") == "versions/0.2.0"
    assert (copy / "current" / "medgui" / "_internal" / "data").read_text() == "0.2.0"
    assert os.access(copy / "current" / "medgui" / "medgui", os.X_OK)
    tools.at = copy / "versions" / "0.2.0" / "medgui" / "medgui"
    install(on_stick(computer, "0.3.0"), here("portable", "0.2.0"), tools)
    assert programs_of(copy) == ["0.2.0", "0.3.0"]
    tools.at = copy / "versions" / "0.3.0" / "medgui" / "medgui"
    done = desk.take_back("program", here=here("portable", "0.3.0"), tools=tools)
    assert done.changes[0].after == "0.2.0"
    assert os.readlink(copy / "current") == "versions/0.2.0"


@POSIX
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_portable_version_that_does_not_prove_itself_is_never_left_in_force(
    computer: Computer, copy: Path, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools = Simulated(at=copy / "versions" / "0.1.0" / "medgui" / "medgui")
    if when == "after":
        tools.bad = {"0.2.0"}
    else:
        monkeypatch.setattr(tools, "proves", lambda _program: Ran(1, "golden answers differ"))
    with pytest.raises(UpdateRefused, match=r"did not pass its own test.*golden answers differ"):
        install(on_stick(computer, "0.2.0"), here("portable"), tools)
    assert os.readlink(copy / "current") == "versions/0.1.0"
    assert not list((copy / "versions").glob(".staging-*"))


@POSIX
def test_an_archive_that_reaches_outside_or_holds_no_program_is_refused(
    computer: Computer, copy: Path
) -> None:
    tools = Simulated(at=copy / "versions" / "0.1.0" / "medgui" / "medgui")
    base = "medgui-0.2.0/versions/0.2.0/medgui"
    link = tarfile.TarInfo(f"{base}/_internal/link")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    up = tarfile.TarInfo(f"{base}/../../../../../../up")
    device = tarfile.TarInfo(f"{base}/_internal/device")
    device.type = tarfile.CHRTYPE
    for trap in (link, up, device):
        with pytest.raises(UpdateRefused, match="not the one that it names"):
            install(
                on_stick(computer, "0.2.0", archive(computer.folder, "0.2.0", trap=trap)),
                here("portable"),
                tools,
            )
    for content in (b"no archive", archive(computer.folder, "0.2.0")[:60]):
        with pytest.raises(UpdateRefused, match="not the one that it names"):
            install(on_stick(computer, "0.2.0", content), here("portable"), tools)
    assert programs_of(copy) == ["0.1.0"]
    assert not (copy.parent / "up").exists()


@POSIX
def test_a_disk_that_is_full_while_unpacking_is_said_to_be_full(
    computer: Computer, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import cramjam

    def full(*_: object) -> None:
        monkeypatch.setattr(portable, "LEAST_FREE", 1 << 62)
        raise cramjam.DecompressionError("write failed")

    path = on_stick(computer, "0.2.0")
    monkeypatch.setattr(cramjam.zstd, "decompress_into", full)
    tools = Simulated(at=copy / "versions" / "0.1.0" / "medgui" / "medgui")
    with pytest.raises(OutputNotWritable, match="disk is full"):
        install(path, here("portable"), tools)
    assert programs_of(copy) == ["0.1.0"]


@POSIX
def test_a_switch_that_fails_leaves_the_old_version(
    computer: Computer, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "no space")

    tools = Simulated(at=copy / "versions" / "0.1.0" / "medgui" / "medgui")
    monkeypatch.setattr(portable, "switch", full)
    with pytest.raises(OutputNotWritable, match="disk is full"):
        install(on_stick(computer, "0.2.0"), here("portable"), tools)
    assert os.readlink(copy / "current") == "versions/0.1.0"


def test_a_copy_laid_out_otherwise_is_not_touched(computer: Computer, tmp_path: Path) -> None:
    with pytest.raises(UpdateRefused, match="not laid out for updates"):
        install(on_stick(computer, "0.2.0"), here("portable"), Simulated(at=tmp_path / "medgui"))


def test_windows_starts_the_setup_when_medgui_ends_and_keeps_the_one_before(computer: Computer) -> None:
    tools = Simulated()
    name = "medgui-{}-windows-x64-setup.exe"
    for before, after in (("0.1.0", "0.2.0"), ("0.2.0", "0.3.0")):
        path = computer.program(name.format(after), after, system="windows")
        done = install(path, here("windows", before), tools)
        assert done.effect == "installer"
        assert "closed" in done.words
    assert [Path(words[0]).name for words in tools.later] == [name.format("0.2.0"), name.format("0.3.0")]
    assert tools.later[0][1:] == ["/VERYSILENT", "/SUPPRESSMSGBOXES", "/NORESTART"]
    back = desk.take_back("program", here=here("windows", "0.3.0"), tools=tools)
    assert "Uninstall medgui" in back.words
    assert name.format("0.2.0") in back.words


def test_macos_says_where_to_drag(computer: Computer) -> None:
    path = computer.program("medgui-0.2.0.dmg", "0.2.0", system="macos")
    done = install(path, here("macos"), Simulated())
    assert done.effect == "by_hand"
    assert "drag medgui into Applications" in done.words
