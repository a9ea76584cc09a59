"""A packaged program whose files are exchanged while it runs."""

import importlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from medgui import replaced


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The executable of a packaged program that has just started."""
    file = tmp_path / "medgui"
    file.write_bytes(b"version 1")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(file))
    monkeypatch.setattr(replaced, "_started", None)
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    monkeypatch.syspath_prepend(tmp_path)
    replaced.watch()
    return file


def upgrade(program: Path) -> None:
    new = program.with_name("medgui.dpkg-new")
    new.write_bytes(b"version 2")
    os.replace(new, program)


def test_nothing_is_watched_in_a_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(sys, "frozen", raising=False)
    monkeypatch.setattr(replaced, "_started", None)
    before = list(sys.meta_path)
    replaced.watch()
    assert sys.meta_path == before
    assert not replaced.replaced()


def test_modules_are_imported_while_the_program_is_the_same(program: Path) -> None:
    (program.parent / "module_of_version_1.py").write_text("VALUE = 1\n", encoding="utf-8")
    assert importlib.import_module("module_of_version_1").VALUE == 1
    assert not replaced.replaced()


@pytest.mark.parametrize("change", [upgrade, Path.unlink, lambda program: os.utime(program, (1, 1))])
def test_no_module_of_another_version_is_imported(program: Path, change: object) -> None:
    (program.parent / "module_of_version_2.py").write_text("VALUE = 2\n", encoding="utf-8")
    change(program)  # type: ignore[operator]
    with pytest.raises(replaced.ProgramReplaced, match="open medgui again"):
        importlib.import_module("module_of_version_2")
    assert replaced.replaced()
    with pytest.raises(replaced.ProgramReplaced):
        replaced.check()
