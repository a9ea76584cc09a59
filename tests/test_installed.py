"""What the program says of its own build."""

import ast
import json
import sys
from pathlib import Path

import pytest

import medgui
from medgui import installed, paths

WRITTEN = {
    "version": medgui.__version__,
    "form": "deb",
    "system": "linux",
    "machine": "x86_64",
    "python": "3.13.1",
    "commit": "0123456789abcdef",
    "date": "2026-11-22",
}


def build_of(folder: Path, content: object) -> installed.Build:
    text = content if isinstance(content, str) else json.dumps(content)
    (folder / "build.json").write_text(text, encoding="utf-8")
    return installed.build(folder)


def test_a_packaged_program_says_which_build_it_is(tmp_path: Path) -> None:
    found = build_of(tmp_path, WRITTEN)
    assert (found.form, found.commit, found.date, found.problem) == (
        "deb",
        WRITTEN["commit"],
        "2026-11-22",
        "",
    )
    assert found.packaged
    assert found.form_title == "Debian package"


def test_a_checkout_has_no_build_file_and_says_what_the_interpreter_knows() -> None:
    assert not paths.about_dir().exists()
    found = installed.build()
    assert (found.form, found.version, found.problem) == ("checkout", medgui.__version__, "")
    assert found.python == ".".join(map(str, sys.version_info[:3]))
    assert not found.packaged


def test_the_folder_about_lies_inside_the_package_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "PACKAGE_DIR", tmp_path / "medgui")
    assert paths.about_dir() == tmp_path / "medgui" / "_data" / "about"


@pytest.mark.parametrize(
    "content", ["", "[]", "7", '{"version": "0.1.0"}', json.dumps({**WRITTEN, "date": None}), "\x00"]
)
def test_a_damaged_build_file_is_said_and_does_not_stop_the_program(tmp_path: Path, content: str) -> None:
    found = build_of(tmp_path, content)
    assert "cannot be read" in found.problem
    assert found.version == medgui.__version__


def test_a_build_file_of_another_version_is_said(tmp_path: Path) -> None:
    assert "different versions" in build_of(tmp_path, {**WRITTEN, "version": "0.0.1"}).problem


def test_a_form_that_a_newer_packager_invented_is_shown_as_written(tmp_path: Path) -> None:
    assert build_of(tmp_path, {**WRITTEN, "form": "snap"}).form_title == "snap"


def test_the_module_needs_the_standard_library_only() -> None:
    tree = ast.parse(Path(installed.__file__).read_text(encoding="utf-8"))
    roots = {
        (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name) or ""
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert {name.split(".")[0] for name in roots} <= sys.stdlib_module_names | {"medgui"}


def test_a_packaged_program_without_its_build_file_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not installed.build(tmp_path).problem
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert "missing" in installed.build(tmp_path).problem
