"""What the packaged program leaves out, the lock it is built from, signatures and the comparison of builds."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from compare_builds import differences
from contents import LIBRARIES, left_out
from lock import LOCK
from release_signature import is_genuine, sign_file

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("python3.13/lib-dynload/readline.cpython-313-x86_64-linux-gnu.so", "GPL"),
        ("PySide6/Qt/plugins/platforms/libqvnc.so", "network"),
        ("PySide6/Qt/lib/libQt6Network.so.6", "network"),
        ("libQt6Network.so.6", "network"),
        ("libQt6EglFsKmsSupport.so.6", "without a desktop"),
        ("libstdc++.so.6", "computer's own"),
        ("PySide6/Qt/translations/qt_de.qm", "language"),
        ("PySide6\\Qt\\translations\\qtbase_de.qm", "language"),
    ],
)
def test_what_a_clinic_does_not_need_is_left_out_for_a_reason(path: str, reason: str) -> None:
    assert reason in left_out(path)


@pytest.mark.parametrize(
    "path",
    [
        "PySide6/Qt/translations/qtbase_zh_CN.qm",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6/Qt/plugins/platforms/libqwayland.so",
        "libxcb-cursor.so.0",
        "pillow.libs/libjpeg-6dc8d115.so.62.4.0",
        "medgui/_data/models/prevent/recipe.py",
        "medgui/_data/resources/fonts/README.md",
    ],
)
def test_what_the_window_and_the_models_need_is_shipped(path: str) -> None:
    assert left_out(path) == ""


def test_every_reason_names_something() -> None:
    assert all(patterns for patterns in LIBRARIES.values())


def test_every_locked_distribution_has_hashes_and_every_dependency_of_medgui_is_locked() -> None:
    text = LOCK.read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z0-9])", text[text.index("\n", text.rindex("# ")) + 1 :])
    locked = {entry.partition("==")[0]: entry for entry in entries}
    assert all(re.search(r"--hash=sha256:[0-9a-f]{64}", entry) for entry in locked.values())
    assert "http" not in text
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = [*project["dependencies"], *project["optional-dependencies"]["train"]]
    names = {re.match(r"[A-Za-z0-9_.-]+", each)[0].lower() for each in needed}
    assert names <= set(locked)


def test_two_trees_differ_where_content_mode_or_link_differs(tmp_path: Path) -> None:
    for name in ("one", "other"):
        folder = tmp_path / name / "inner"
        folder.mkdir(parents=True)
        (folder / "same").write_text("same")
        (folder / "changed").write_text(name)
        (folder / "mode").write_text("mode")
        (folder / "link").symlink_to(name)
    (tmp_path / "other" / "more").write_text("")
    (tmp_path / "other" / "inner" / "mode").chmod(0o755)
    found = differences(tmp_path / "one", tmp_path / "other")
    assert found == ["inner/changed", "inner/link", "inner/mode", "more"]


def test_an_unexpected_difference_fails_the_comparison(tmp_path: Path) -> None:
    for name in ("a.deb", "b.deb"):
        (tmp_path / name).write_text(name)
    command = [sys.executable, str(ROOT / "packaging" / "compare_builds.py")]
    files = [str(tmp_path / "a.deb"), str(tmp_path / "b.deb")]
    done = subprocess.run([*command, *files], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "NOT EXPECTED" in done.stdout
    same = subprocess.run([*command, files[0], files[0]], capture_output=True, text=True, check=False)
    assert same.returncode == 0


def test_a_signature_holds_for_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MEDGUI_SIGNING_KEY", raising=False)
    package = tmp_path / "medgui.deb"
    package.write_bytes(b"a package")
    assert sign_file(package).stat().st_size == 64
    public = ROOT / "packaging" / "keys" / "dev" / "development.pub"
    assert is_genuine(package, public)
    package.write_bytes(b"a packagE")
    assert not is_genuine(package, public)
    package.with_name("medgui.deb.sig").unlink()
    assert not is_genuine(package, public)
