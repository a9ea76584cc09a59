"""The clinic's map of codes as a file: kept, damaged, exported, imported."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from medgui.code_map_file import CodeMapFile
from medgui.errors import OutputNotWritable, UserError
from medgui.record.code_map import MapEntry

CREA = MapEntry("urn:local:LAB", "tt-3", "Creatinine", "creatinine", "umol/L", "Dr Li", "2026-11-10")
K = MapEntry("urn:local:LAB", "tt-4", "Potassium", "potassium")
NA = MapEntry("urn:local:LAB", "tt-5", "Sodium", "sodium")


def stored(path: Path, *entries: MapEntry) -> CodeMapFile:
    """A map that was saved with these entries."""
    found = CodeMapFile.load(path)
    found.put(*entries)
    return found


def test_what_is_put_is_there_next_time(tmp_path: Path) -> None:
    path = tmp_path / "config" / "code_map.json"
    stored(path, CREA, K).remove(K.key)
    again = CodeMapFile.load(path)
    assert (again.code_map.entries, again.notes) == ((CREA,), [])
    assert path.stat().st_mode & 0o077 == 0


def test_a_computer_without_a_map_has_an_empty_one(tmp_path: Path) -> None:
    found = CodeMapFile.load(tmp_path / "none.json")
    assert (found.code_map.entries, found.notes) == ((), [])


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"schema": "other/1", "entries": []}', "\xff", '{"entries": 3}']
)
def test_a_damaged_map_is_set_aside_and_said(tmp_path: Path, content: str) -> None:
    path = tmp_path / "code_map.json"
    path.write_text(content, encoding="latin-1")
    found = CodeMapFile.load(path)
    (kept,) = tmp_path.glob("code_map.damaged-*.json")
    assert kept.read_text(encoding="latin-1") == content
    assert [kept.name in note for note in found.notes] == [True]
    found.put(CREA)
    assert CodeMapFile.load(path).code_map.entries == (CREA,)


def test_a_map_of_a_newer_medgui_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "code_map.json"
    path.write_text('{"schema": "medgui.code-map/2", "entries": []}')
    found = CodeMapFile.load(path)
    assert ["newer" in note for note in found.notes] == [True]
    with pytest.raises(OutputNotWritable):
        found.put(CREA)
    assert "code-map/2" in path.read_text()


def test_entries_that_cannot_hold_are_left_out_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "code_map.json"
    entries = [
        {"code": "1", "name": "X", "variable": "nonsense"},
        5,
        {"code": 3},
        {"code": "2", "variable": "urea"},
    ]
    path.write_text(json.dumps({"schema": "medgui.code-map/1", "entries": entries}))
    found = CodeMapFile.load(path)
    assert [entry.variable for entry in found.code_map.entries] == ["urea"]
    assert ["3" in note for note in found.notes] == [True]


def test_a_wrong_entry_is_refused_in_words_and_nothing_is_saved(tmp_path: Path) -> None:
    found = CodeMapFile.load(tmp_path / "code_map.json")
    with pytest.raises(UserError, match="nonsense"):
        found.put(replace(CREA, variable="nonsense"))
    assert not found.path.exists()


def test_looking_into_an_exported_map_says_what_is_new_and_what_contradicts_and_changes_nothing(
    tmp_path: Path,
) -> None:
    stored(tmp_path / "one.json", CREA, K, NA).export_to(tmp_path / "export.json")
    other = stored(tmp_path / "two.json", replace(CREA, variable="urea", unit=""), NA)
    found = other.look_into(tmp_path / "export.json")
    assert [(c.own.variable, c.other.variable) for c in found.conflicts] == [("urea", "creatinine")]
    assert (found.new, found.same, found.notes) == ((K,), 1, ())
    assert {e.variable for e in other.code_map.entries} == {"urea", "sodium"}
    other.put(*found.new, found.conflicts[0].other)
    assert set(CodeMapFile.load(tmp_path / "two.json").code_map.entries) == {CREA, K, NA}


def test_two_windows_do_not_undo_what_the_other_saved(tmp_path: Path) -> None:
    path = tmp_path / "code_map.json"
    one, two = stored(path, CREA), CodeMapFile.load(path)
    one.put(K)
    two.put(NA)
    one.remove(CREA.key)
    assert set(CodeMapFile.load(path).code_map.entries) == {K, NA}


@pytest.mark.parametrize("content", ["{}", "no", '{"schema": "medgui.code-map/9", "entries": []}'])
def test_a_file_that_is_no_map_is_refused_in_words(tmp_path: Path, content: str) -> None:
    (tmp_path / "x.json").write_text(content)
    with pytest.raises(UserError, match=r"x\.json"):
        CodeMapFile.load(tmp_path / "code_map.json").look_into(tmp_path / "x.json")


def test_a_missing_import_and_an_unwritable_export_are_said(tmp_path: Path) -> None:
    found = CodeMapFile.load(tmp_path / "code_map.json")
    with pytest.raises(UserError):
        found.look_into(tmp_path / "none.json")
    with pytest.raises(OutputNotWritable):
        found.export_to(tmp_path / "none" / "x.json")
