"""The `.deb` and the portable archive, made of a small tree."""

import hashlib
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest

from .conftest import needed

EPOCH = 1_795_000_000


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def said(*command: str, **environment: str) -> str:
    env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", **environment}
    return subprocess.run(command, check=True, capture_output=True, text=True, env=env).stdout


@pytest.fixture
def deb(tree: Path, tmp_path: Path) -> Path:
    needed("dpkg-deb", "dpkg")
    from linux.deb import build_deb

    return build_deb(tree, tmp_path / "out", version="9.9.9", epoch=EPOCH, level=1)


def test_a_package_made_twice_is_the_same_byte_for_byte(deb: Path, tree: Path, tmp_path: Path) -> None:
    from linux.deb import build_deb

    (tree / "_internal" / "libone.so.1").chmod(0o700)
    again = build_deb(tree, tmp_path / "again", version="9.9.9", epoch=EPOCH, level=1)
    assert digest(again) == digest(deb)


def test_a_package_holds_the_program_its_link_and_what_a_desktop_reads(deb: Path) -> None:
    rows = [line.split(maxsplit=5) for line in said("dpkg-deb", "-c", str(deb)).splitlines()]
    listed = {row[5].partition(" -> ")[0].removeprefix("./"): (row[0], row[1], row[5]) for row in rows}
    assert listed["usr/lib/medgui/medgui"][0] == "-rwxr-xr-x"
    assert listed["usr/lib/medgui/_internal/libone.so.1"][0] == "-rw-r--r--"
    assert listed["usr/bin/medgui"][2].endswith("-> ../lib/medgui/medgui")
    assert {owner for _mode, owner, _name in listed.values()} == {"root/root"}
    for path in (
        "applications/org.medgui.medgui.desktop",
        "metainfo/org.medgui.medgui.metainfo.xml",
        "mime/packages/medgui.xml",
        "icons/hicolor/scalable/apps/org.medgui.medgui.svg",
        "icons/hicolor/512x512/apps/org.medgui.medgui.png",
        "man/man1/medgui.1.gz",
        "man/zh_CN/man1/medgui.1.gz",
        "doc/medgui/copyright",
        "doc/medgui/changelog.gz",
        "doc/medgui/NEWS.gz",
    ):
        assert f"usr/share/{path}" in listed
    assert not [path for path in listed if "__pycache__" in path]


def test_what_the_system_has_to_bring_is_read_from_the_files(deb: Path) -> None:
    depends = said("dpkg-deb", "-f", str(deb), "Depends")
    assert depends.startswith("libc6 (>= 2.")
    assert int(said("dpkg-deb", "-f", str(deb), "Installed-Size")) > 10


def test_versions_before_a_release_sort_before_it() -> None:
    needed("dpkg")
    from linux.deb import debian_version

    order = [
        debian_version("0.1.0", commits=99, commit="ffffffff"),
        debian_version("0.1.0", commits=100, commit="00000000"),
        debian_version("0.1.0rc1"),
        debian_version("0.1.0"),
        debian_version("0.1.1", commits=101, commit="12345678"),
    ]
    for earlier, later in pairwise(order):
        subprocess.run(["dpkg", "--compare-versions", earlier, "lt", later], check=True)
    assert order[0] == "0.1.0~dev99+gfffffff"


class TestTheScriptBeforeUnpacking:
    """`preinst`, with its absolute places moved into a folder of the test."""

    @pytest.fixture
    def script(self, tmp_path: Path) -> Path:
        needed("dpkg", "sh")
        from linux.deb import FILES

        text = (FILES / "preinst").read_text(encoding="utf-8").replace("@VERSION@", "0.2.0")
        for place in ("/var/lib/medgui", "/usr/lib/medgui"):
            text = text.replace(place, f"{tmp_path}{place}")
            (tmp_path / place.lstrip("/")).mkdir(parents=True)
        path = tmp_path / "preinst"
        path.write_text(text, encoding="utf-8")
        return path

    def run(self, script: Path, *words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(["sh", str(script), *words], capture_output=True, text=True)

    @pytest.mark.parametrize("old", ["0.1.0", "0.2.0", "0.2.0~dev4+gabc"])
    def test_an_upgrade_and_the_same_version_pass(self, script: Path, old: str) -> None:
        assert self.run(script, "upgrade", old).returncode == 0
        assert self.run(script, "install").returncode == 0

    @pytest.mark.parametrize("action", ["upgrade", "install"])
    def test_an_earlier_version_is_refused_in_words(self, script: Path, action: str) -> None:
        done = self.run(script, action, "0.3.0")
        assert done.returncode == 1
        assert "0.3.0" in done.stderr
        assert "0.2.0 is older and is refused" in done.stderr

    @pytest.mark.parametrize(
        ("line", "code"), [("0.2.0\n", 0), ("0.2.1\n", 1), ("", 1), ("0.2.0\n0.1.0\n", 1)]
    )
    def test_only_the_version_that_was_allowed_may_go_back(self, script: Path, line: str, code: int) -> None:
        allow = script.parent / "var/lib/medgui/allow-downgrade"
        allow.write_text(line, encoding="utf-8")
        assert self.run(script, "upgrade", "0.3.0").returncode == code

    def test_a_link_allows_nothing(self, script: Path) -> None:
        (script.parent / "mine").write_text("0.2.0\n", encoding="utf-8")
        (script.parent / "var/lib/medgui/allow-downgrade").symlink_to(script.parent / "mine")
        assert self.run(script, "upgrade", "0.3.0").returncode == 1

    def test_open_windows_are_told_before_the_first_file_changes(self, script: Path) -> None:
        program = script.parent / "usr/lib/medgui/medgui"
        program.write_bytes(b"old")
        import os

        os.utime(program, (1, 1))
        assert self.run(script, "upgrade", "0.1.0").returncode == 0
        assert program.stat().st_mtime > 1


@pytest.fixture
def portable(tree: Path, tmp_path: Path) -> Path:
    needed("zstd", "tar", "dpkg", "sh")
    from linux.portable import build_portable

    return build_portable(tree, tmp_path / "out", version="9.9.9", epoch=EPOCH, level=1)


def test_a_portable_archive_made_twice_is_the_same(portable: Path, tree: Path, tmp_path: Path) -> None:
    from linux.portable import build_portable

    assert digest(build_portable(tree, tmp_path / "two", version="9.9.9", epoch=EPOCH, level=1)) == digest(
        portable
    )


def test_the_portable_program_starts_from_anywhere_and_keeps_data_where_asked(
    portable: Path, tmp_path: Path
) -> None:
    place = tmp_path / "a stick"
    place.mkdir()
    said("tar", "--zstd", "-xf", str(portable), "-C", str(place))
    folder = place / "medgui-9.9.9"
    link = tmp_path / "started"
    link.symlink_to(folder / "medgui")
    assert said(str(link), "a b.json") == "home=none a b.json\n"
    (folder / "portable.txt").touch()
    assert said(str(link), "x") == f"home={folder}/data x\n"
    assert said(str(link), "x", MEDGUI_HOME="/mine") == "home=/mine x\n"
    assert "9.9.9" in (folder / "README.zh.txt").read_text(encoding="utf-8")


def test_the_portable_program_enters_the_menu_and_leaves_it(portable: Path, tmp_path: Path) -> None:
    said("tar", "--zstd", "-xf", str(portable), "-C", str(tmp_path))
    folder, home = tmp_path / "medgui-9.9.9", tmp_path / "home"
    home.mkdir()
    said(str(folder / "install-desktop.sh"), HOME=str(home))
    entry = home / ".local/share/applications/org.medgui.medgui.desktop"
    assert f'Exec="{folder}/medgui" %F' in entry.read_text(encoding="utf-8")
    said(str(folder / "install-desktop.sh"), "--remove", HOME=str(home))
    left = [path.name for path in home.rglob("*medgui*") if path.is_file()]
    assert left == []
