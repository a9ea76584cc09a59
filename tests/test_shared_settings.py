"""Defaults that a clinic puts on a computer for all its users: below what a user chose, never instead of it."""

import json
import os
from pathlib import Path

import pytest

from medgui.paths import shared_settings_file
from medgui.settings import Settings


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MEDGUI_SYSTEM_DIR", str(tmp_path))
    return tmp_path / "settings.json"


def put(shared: Path, **values: object) -> None:
    shared.write_text(json.dumps(values), encoding="utf-8")


def test_the_clinics_value_holds_where_the_user_chose_none(shared: Path) -> None:
    put(shared, language="zh", country="CHN", text_scale=130, tour="done")
    settings = Settings.load()
    assert (settings.language, settings.country, settings.text_scale) == ("zh", "CHN", 130)
    assert settings.guidelines == "china"
    assert settings.tour == "done"
    assert settings.theme == "system"
    assert settings.notes == []


def test_what_a_user_chose_wins_and_is_all_that_is_saved(shared: Path) -> None:
    put(shared, country="CHN", text_scale=130)
    settings = Settings.load()
    settings.text_scale = 100
    settings.country = "CHN"
    settings.save()
    assert json.loads(settings.path.read_text(encoding="utf-8")) == {"text_scale": 100}
    assert Settings.load().text_scale == 100


def test_back_to_the_defaults_means_the_clinics_and_follows_them(shared: Path) -> None:
    put(shared, country="CHN")
    settings = Settings.load()
    settings.country = "DEU"
    heard: list[str] = []
    settings.listeners.append(heard.append)
    settings.reset()
    settings.save()
    assert settings.country == "CHN"
    assert heard == ["country"]
    put(shared, country="SGP")
    assert Settings.load().country == "SGP"


def test_a_wrong_or_unknown_value_is_said_and_costs_no_other(shared: Path) -> None:
    put(shared, theme="pink", sprache="zh", column_mappings={"a": {}}, text_scale=175)
    settings = Settings.load()
    assert settings.shared == {"text_scale": 175}
    assert settings.column_mappings == {}
    assert len(settings.notes) == 3
    for note, name in zip(settings.notes, ("theme", "sprache", "column_mappings"), strict=True):
        assert name in note
        assert str(shared) in note


@pytest.mark.parametrize("content", [b"", b'{"theme": "da', b"[1, 2]", b"\xff\xfe", b"[" * 200_000])
def test_a_damaged_file_is_said_and_left_where_it_is(shared: Path, content: bytes) -> None:
    shared.write_bytes(content)
    settings = Settings.load()
    assert settings.shared == {}
    assert str(shared) in settings.notes[0]
    assert shared.read_bytes() == content


def test_an_editor_that_writes_a_byte_order_mark_does_no_harm(shared: Path) -> None:
    shared.write_bytes(b'\xef\xbb\xbf{"country": "CHN"}')
    assert Settings.load().country == "CHN"


def test_saving_writes_to_the_users_own_file_alone(shared: Path) -> None:
    put(shared, theme="dark")
    before = shared.read_bytes()
    settings = Settings.load()
    settings.theme = "light"
    settings.save()
    assert shared.read_bytes() == before
    assert settings.path != shared


@pytest.mark.parametrize(
    ("system", "place"),
    [("linux", "/etc/medgui/settings.json"), ("darwin", "/Library/Application Support/medgui/settings.json")],
)
def test_the_file_lies_where_only_an_administrator_can_write(
    monkeypatch: pytest.MonkeyPatch, system: str, place: str
) -> None:
    monkeypatch.delenv("MEDGUI_SYSTEM_DIR")
    monkeypatch.setattr("sys.platform", system)
    assert shared_settings_file() == Path(place)
    monkeypatch.setenv("MEDGUI_SYSTEM_DIR", "")
    assert shared_settings_file() is None


def test_on_windows_it_lies_beside_the_program_and_not_where_anybody_may_make_a_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("MEDGUI_SYSTEM_DIR")
    monkeypatch.setattr("sys.platform", "win32")
    assert shared_settings_file() is None
    monkeypatch.setattr("sys.frozen", True, raising=False)
    monkeypatch.setattr("sys.executable", os.fspath(tmp_path / "medgui.exe"))
    assert shared_settings_file() == tmp_path / "settings.json"
