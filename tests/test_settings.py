import json
import os
from pathlib import Path

import pytest

from medgui import settings as module
from medgui.errors import OutputNotWritable, UserError
from medgui.i18n import _, set_language
from medgui.settings import Settings


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.json"


def test_without_a_file_every_setting_has_its_default(path: Path) -> None:
    settings = Settings.load(path)
    assert settings.text_scale == 100
    assert settings.theme == "system"
    assert settings.max_file_mb == 100
    assert settings.single_keys is True
    assert settings.notes == []


def test_every_default_is_a_valid_value() -> None:
    assert [item.name for item in Settings.table() if item.problem(item.default)] == []


def test_every_title_and_sentence_is_translated() -> None:
    set_language("zh")
    for item in Settings.table():
        assert _(item.title) != item.title
        assert _(item.summary) != item.summary


def test_what_is_saved_is_read_back(path: Path) -> None:
    settings = Settings(path)
    settings.theme, settings.text_scale, settings.single_keys = "dark", 150, False
    settings.remember_mapping("name|rr", {"rr": "systolic_bp"})
    settings.save()
    again = Settings.load(path)
    assert (again.theme, again.text_scale, again.single_keys) == ("dark", 150, False)
    assert again.column_mappings == {"name|rr": {"rr": "systolic_bp"}}


@pytest.mark.parametrize(
    ("name", "value"),
    [("theme", "pink"), ("text_scale", 110), ("max_file_mb", 0), ("single_keys", 1), ("units", None)],
)
def test_a_value_that_is_not_valid_is_refused_in_words(path: Path, name: str, value: object) -> None:
    settings = Settings(path)
    with pytest.raises(UserError, match=name):
        setattr(settings, name, value)
    assert getattr(settings, name) == getattr(Settings, name).default


def test_listeners_hear_of_a_change_and_of_nothing_else(path: Path) -> None:
    settings = Settings(path)
    heard: list[str] = []
    settings.listeners.append(heard.append)
    settings.theme = "dark"
    settings.theme = "dark"
    assert heard == ["theme"]


@pytest.mark.parametrize("content", [b"", b'{"theme": "da', b"[1, 2]", b"\xff\xfe", b"[" * 200_000])
def test_a_damaged_file_is_set_aside_and_said(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    settings = Settings.load(path)
    (aside,) = path.parent.glob("settings.damaged-*.json")
    assert aside.read_bytes() == content
    assert aside.name in settings.notes[0]
    assert settings.theme == "system"


def test_one_wrong_value_costs_no_other(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"theme": "pink", "text_scale": 175}), encoding="utf-8")
    settings = Settings.load(path)
    assert settings.theme == "system"
    assert settings.text_scale == 175
    assert "theme" in settings.notes[0]


def test_settings_of_a_newer_version_are_kept(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"of_tomorrow": 1}), encoding="utf-8")
    settings = Settings.load(path)
    settings.theme = "light"
    settings.save()
    assert json.loads(path.read_text(encoding="utf-8")) == {"of_tomorrow": 1, "theme": "light"}


def test_a_failed_write_leaves_the_old_file_and_says_so(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(path)
    settings.theme = "dark"
    settings.save()
    before = path.read_bytes()

    def full_disk(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    settings.theme = "light"
    with pytest.raises(OutputNotWritable, match="the disk is full"):
        settings.save()
    assert path.read_bytes() == before
    assert [item.name for item in path.parent.iterdir()] == [path.name]


def test_reset_keeps_what_is_not_on_the_page(path: Path) -> None:
    settings = Settings(path)
    settings.theme = "dark"
    settings.remember_mapping("a", {"b": "c"})
    settings.reset()
    assert settings.theme == "system"
    assert settings.column_mappings == {"a": {"b": "c"}}


def test_the_settings_lie_in_the_users_own_folder_and_are_private() -> None:
    settings = Settings()
    settings.save()
    assert settings.path == module.user_config_dir() / "settings.json"
    if os.name == "posix":
        assert settings.path.stat().st_mode & 0o077 == 0


def test_the_country_is_one_of_the_list_and_guidelines_follow_it_unless_chosen(path: Path) -> None:
    settings = Settings(path)
    assert (settings.country, settings.guidelines) == ("", "us")
    settings.country = "DEU"
    assert settings.guidelines == "europe"
    settings.region = "china"
    assert settings.guidelines == "china"
    with pytest.raises(UserError, match="country"):
        settings.country = "Germany"
    set_language("zh")
    assert Settings.country.label("DEU") == "德国 (DEU)"
