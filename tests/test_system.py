"""What differs on Windows and macOS, on whatever system the tests run: the system is pretended."""

import errno
import os
import plistlib
import sys
from argparse import Namespace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from medgui import files, i18n, system
from medgui.cli import window
from medgui.cli.output import writing_to
from medgui.errors import UserError
from medgui.readers.utf8_copy import in_utf8


class Library:
    """A library of Windows that answers as it is told and notes what it was asked."""

    def __init__(self, **answers: object) -> None:
        self.asked: list[tuple[object, ...]] = []
        for name, answer in answers.items():
            setattr(self, name, self._function(name, answer))

    def _function(self, name: str, answer: object) -> Any:
        def called(*given: Any) -> object:
            self.asked.append((name, *(getattr(each, "value", each) for each in given)))
            return answer

        return called


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Library:
    found = Library(
        CreateMutexW=1,
        SetCurrentProcessExplicitAppUserModelID=0,
        MessageBoxW=1,
        GetUserDefaultUILanguage=0x0804,
        ConvertStringSecurityDescriptorToSecurityDescriptorW=1,
    )
    monkeypatch.setattr(system, "_library", lambda _name: found)
    monkeypatch.setattr(sys, "platform", "win32")
    return found


def test_the_program_holds_the_mutexes_that_the_installer_looks_for(
    windows: Library, repository: Path
) -> None:
    system.announce()
    held = [name for function, *rest in windows.asked if function == "CreateMutexW" for name in rest[-1:]]
    script = (repository / "packaging" / "windows" / "medgui.iss").read_text(encoding="utf-8-sig")
    assert held == list(system.MUTEXES)
    assert f"AppMutex={','.join(system.MUTEXES)}\n" in script
    assert f'AppUserModelID: "{system.APP_ID}"' in script


def test_nothing_of_windows_is_needed_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "_library", lambda _name: None)
    system.announce()
    system.tell("nobody hears this")
    assert system.windows_language() == "en"


@pytest.mark.parametrize(
    ("language", "expected"), [(0x0804, "zh"), (0x1004, "zh"), (0x0409, "en"), (0x0411, "en")]
)
def test_the_language_of_windows_is_that_of_its_menus(
    language: int, expected: str, windows: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "MEDGUI_LANG"):
        monkeypatch.delenv(name, raising=False)
    windows.GetUserDefaultUILanguage = lambda: language  # type: ignore[attr-defined]
    assert i18n.preferred_language() == expected


@pytest.mark.parametrize(
    ("listed", "expected"),
    [(["zh-Hans-CN", "en-CN"], "zh"), (["fr-FR", "zh-Hans"], "en"), ([], "en"), (None, "en")],
)
def test_the_language_of_a_mac_is_the_first_of_its_preferences(
    listed: list[str] | None, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "MEDGUI_LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    if listed is not None:
        (tmp_path / "Library" / "Preferences").mkdir(parents=True)
        content = plistlib.dumps({"AppleLanguages": listed}, fmt=plistlib.FMT_BINARY)
        (tmp_path / "Library" / "Preferences" / ".GlobalPreferences.plist").write_bytes(content)
    assert i18n.preferred_language() == expected


def test_a_pattern_becomes_the_files_that_it_names(tmp_path: Path) -> None:
    for name in ("b.hl7", "a.hl7", "c.txt", "[1].json"):
        (tmp_path / name).touch()
    pattern = str(tmp_path / "*.hl7")
    assert system.expand(["read", pattern]) == ["read", str(tmp_path / "a.hl7"), str(tmp_path / "b.hl7")]
    untouched = ["--set", "x=1", str(tmp_path / "[1].json"), str(tmp_path / "*.none"), "--model=*"]
    assert system.expand(untouched) == untouched


def test_a_file_that_another_program_has_open_is_named_as_that() -> None:
    held = OSError(errno.EACCES, "x")
    held.winerror = 32  # type: ignore[attr-defined]
    denied = OSError(errno.EACCES, "x")
    denied.winerror = 5  # type: ignore[attr-defined]
    assert files.reason(held) == "another program has it open"
    assert files.reason(denied) == "no permission"
    assert files.reason(denied, writing=True) == "no permission, or another program has it open"


def test_on_windows_a_file_that_is_held_for_a_moment_is_still_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace, refusals = Path.replace, [PermissionError(13, "held"), PermissionError(13, "held")]

    def held(self: Path, target: Path) -> Path:
        if refusals:
            raise refusals.pop()
        return replace(self, target)

    monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(Path, "replace", held)
    monkeypatch.setattr(files, "_PAUSE_S", 0.0)
    files.write_atomic(tmp_path / "report.pdf", b"whole")
    assert (tmp_path / "report.pdf").read_bytes() == b"whole"
    assert [path.name for path in tmp_path.iterdir()] == ["report.pdf"]


def test_on_windows_what_is_held_for_good_ends_with_an_error_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(self: Path, target: Path) -> Path:
        raise PermissionError(13, "held")

    monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(Path, "replace", held)
    monkeypatch.setattr(files, "_PAUSE_S", 0.0)
    with pytest.raises(PermissionError):
        files.write_atomic(tmp_path / "report.pdf", b"whole")
    assert list(tmp_path.iterdir()) == []


def test_a_lock_of_windows_is_waited_for_beyond_its_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[OSError | None] = [OSError(errno.EDEADLK, "ten seconds"), None]

    def locking(_handle: int, _mode: int, _length: int) -> None:
        if (error := answers.pop(0)) is not None:
            raise error

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "msvcrt", SimpleNamespace(locking=locking, LK_LOCK=1))
    files.lock(0)
    assert answers == []


def test_a_reader_of_our_output_that_has_gone_is_no_fault_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(BrokenPipeError), writing_to("The standard output"):
        raise OSError(errno.EINVAL, "Invalid argument")


def test_a_copy_that_is_still_being_read_keeps_no_text_of_patients(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows refuses to take away an open file."""
    path = tmp_path / "cohort.csv"
    path.write_bytes("姓名,年龄\n张三,50\n".encode("gb18030"))
    refused: list[str] = []

    def keep(name: str, **_: object) -> None:
        refused.append(name)

    with in_utf8(path) as (copy, _note):
        assert "张三" in copy.read_text(encoding="utf-8")
        monkeypatch.setattr("tempfile._shutil.rmtree", keep)
    monkeypatch.undo()
    assert refused
    assert copy.read_bytes() == b""
    copy.unlink()
    copy.parent.rmdir()


def test_a_program_without_a_console_says_its_sentence_in_a_window(
    windows: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    from medgui.cli.main import say

    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "__stderr__", None)
    say("No such file.")
    assert [each[2] for each in windows.asked if each[0] == "MessageBoxW"] == ["No such file."]


def test_a_library_that_windows_lacks_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_name: str) -> None:
        raise ImportError("DLL load failed while importing QtWidgets: not found", name="PySide6.QtWidgets")

    monkeypatch.setattr(window.gc, "disable", lambda: None)
    monkeypatch.setattr(window, "import_module", fails)
    with pytest.raises(UserError, match=r"a library that PySide6\.QtWidgets needs is missing"):
        window.run(Namespace(file=[]))


def test_a_fault_of_our_own_is_no_missing_library(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_name: str) -> None:
        raise ImportError("cannot import name 'gone' from 'medgui'")

    monkeypatch.setattr(window.gc, "disable", lambda: None)
    monkeypatch.setattr(window, "import_module", fails)
    with pytest.raises(ImportError, match="gone"):
        window.run(Namespace(file=[]))
