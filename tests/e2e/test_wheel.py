"""The wheel carries the bundles and resources, and the installed package finds them."""

import subprocess
import sys
import zipfile
from pathlib import Path

PROBE = """
from medgui import paths
assert paths.models_dir().is_dir() and "_data" in str(paths.models_dir()), paths.models_dir()
from medgui.i18n import _, set_language
set_language("zh")
print(_("High contrast").encode("utf-8").hex(), sorted(p.name for p in paths.models_dir().iterdir()))
"""


def test_the_wheel_holds_what_the_program_needs_and_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert any(name.startswith("medgui/_data/models/") and name.endswith(".onnx") for name in names)
    assert any(name.startswith("medgui/_data/resources/locale/zh/") for name in names)
    assert not any(name.startswith(("tests/", "packaging/", "docs/")) for name in names)
    assert not any("__pycache__" in name for name in names)


def test_the_private_development_key_is_not_in_the_wheel(wheel: Path) -> None:
    for name in zipfile.ZipFile(wheel).namelist():
        assert "keys/dev/" not in name
        assert not name.endswith((".key", ".pem"))


def test_the_installed_package_finds_its_data_and_speaks_chinese(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    done = subprocess.run(
        [sys.executable, "-c", PROBE],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "site"), "PATH": ""},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("高对比度".encode().hex())
