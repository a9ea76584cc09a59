"""A report is whole or not there, and what went wrong is one sentence."""

import errno
import os
from datetime import datetime
from pathlib import Path

import pytest

from medgui import files, report
from medgui.assessment.finding import Assessment
from medgui.errors import OutputNotWritable
from tests.helpers import findings


def write(path: Path) -> None:
    record = findings.record()
    assessment = Assessment(record.key, "2026-11-21", (findings.egfr(),))
    report.write(record, assessment, path, lang="en", now=datetime(2026, 11, 21, 9, 46))


def test_the_file_is_a_pdf_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    write(tmp_path / "out.pdf")
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF-")
    assert [p.name for p in tmp_path.iterdir()] == ["out.pdf"]


def test_an_old_report_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "out.pdf").write_bytes(b"old")
    write(tmp_path / "out.pdf")
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EIO])
def test_a_disk_that_refuses_leaves_the_old_report_and_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    target = tmp_path / "out.pdf"
    target.write_bytes(b"old")

    def fail(_handle: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(files.os, "fsync", fail)
    with pytest.raises(OutputNotWritable) as caught:
        write(target)
    words = str(caught.value)
    assert words.startswith("out.pdf was not written: ")
    assert words.count(".") == 2
    assert "\n" not in words
    assert target.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["out.pdf"]
    assert caught.value.exit_code == 6


def test_a_missing_folder_is_named_as_such(tmp_path: Path) -> None:
    with pytest.raises(OutputNotWritable, match="its folder does not exist"):
        write(tmp_path / "nowhere" / "out.pdf")


def test_a_folder_in_the_place_of_the_file_is_named_as_such(tmp_path: Path) -> None:
    (tmp_path / "out.pdf").mkdir()
    with pytest.raises(OutputNotWritable, match="a folder of that name"):
        write(tmp_path / "out.pdf")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root writes everywhere")
def test_a_read_only_folder_is_named_as_such(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OutputNotWritable, match="read-only"):
        write(tmp_path / "out.pdf")
