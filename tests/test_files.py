import errno
import os
from pathlib import Path

import pytest

from medgui import i18n
from medgui.files import reason, write_atomic
from tests.helpers.processes import run_python


def test_a_new_file_has_the_usual_permissions(tmp_path: Path) -> None:
    usual = tmp_path / "usual"
    usual.touch()
    write_atomic(tmp_path / "new", b"x")
    assert (tmp_path / "new").stat().st_mode == usual.stat().st_mode


def test_a_replaced_file_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    path.touch()
    path.chmod(0o640)
    write_atomic(path, b"x")
    assert path.read_bytes() == b"x"
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_failed_replace_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "old"
    path.write_bytes(b"old")

    def refuse(*args: object) -> None:
        raise PermissionError(13, "refused")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(PermissionError):
        write_atomic(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link_and_its_target_is_replaced(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"old")
    link.symlink_to(target.name)
    write_atomic(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_a_device_is_written_to_and_never_replaced() -> None:
    write_atomic(Path(os.devnull), b"x")
    assert not Path(os.devnull).is_file()


def test_a_killed_writer_leaves_the_old_file_alone_in_its_folder(tmp_path: Path) -> None:
    if not hasattr(os, "O_TMPFILE"):
        pytest.skip("this system makes no files without a name")
    path = tmp_path / "old"
    path.write_bytes(b"old")
    source = f"""
import os, signal
from pathlib import Path
from medgui.files import replacing
with replacing(Path({str(path)!r})) as stream:
    stream.write(b"half of it")
    stream.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""
    with pytest.raises(AssertionError):
        run_python(source)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_is_made_under_a_name_where_the_system_knows_no_other_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    write_atomic(tmp_path / "new", b"x")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"x"]


@pytest.mark.parametrize("name", ["n" * 250, "Łş 林 慧敏 \u202e .pdf"])
def test_any_name_that_the_disk_takes_can_be_written(tmp_path: Path, name: str) -> None:
    write_atomic(tmp_path / name, b"x")
    assert (tmp_path / name).read_bytes() == b"x"


def test_the_common_reasons_of_the_system_are_said_in_both_languages() -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    assert reason(full) == "the disk is full"
    i18n.set_language("zh")
    assert reason(full) == "磁盘已满"
    assert reason(OSError(errno.ETXTBSY, "Text file busy")) == "Text file busy"
