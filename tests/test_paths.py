from pathlib import Path

import pytest

from medgui import paths


def test_a_checkout_finds_its_folders_beside_the_package(repository: Path) -> None:
    assert paths.resources_dir() == repository / "resources"
    assert paths.models_dir() == repository / "models"


def test_an_installed_package_finds_its_folders_inside_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "medgui" / "_data" / "models").mkdir(parents=True)
    monkeypatch.setattr(paths, "PACKAGE_DIR", tmp_path / "medgui")
    assert paths.models_dir() == tmp_path / "medgui" / "_data" / "models"


def test_a_clinic_can_name_another_folder_of_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDGUI_MODELS_DIR", str(tmp_path))
    assert paths.models_dir() == tmp_path


def test_one_variable_moves_all_folders_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDGUI_HOME", str(tmp_path))
    assert paths.user_config_dir().parent == tmp_path
    assert paths.user_data_dir().parent == tmp_path
    assert paths.user_config_dir() != paths.user_data_dir()


@pytest.mark.parametrize(
    ("platform", "environment", "config", "data"),
    [
        ("linux", {}, ".config/medgui", ".local/share/medgui"),
        ("linux", {"XDG_CONFIG_HOME": "relative"}, ".config/medgui", ".local/share/medgui"),
        (
            "darwin",
            {},
            "Library/Application Support/medgui/config",
            "Library/Application Support/medgui/data",
        ),
        ("win32", {}, "AppData/Roaming/medgui/config", "AppData/Local/medgui/data"),
    ],
)
def test_user_folders_follow_the_habit_of_the_platform(
    platform: str,
    environment: dict[str, str],
    config: str,
    data: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("MEDGUI_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(paths.sys, "platform", platform)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    assert paths.user_config_dir() == tmp_path / config
    assert paths.user_data_dir() == tmp_path / data
