"""Where files are: shipped data in a checkout, a wheel or a frozen build, and the user's own folders.

Two kinds of place. *Shipped* folders (`models`, `resources`) are read-only and lie beside the package in a
checkout and inside it (`medgui/_data`) in a wheel or a frozen build. *User* folders follow the platform's
habit. `MEDGUI_MODELS_DIR` moves the first, `MEDGUI_HOME` the second, for tests and portable installs. What an
update brings for all users of a computer lies in a third, which `MEDGUI_SYSTEM_DIR` moves ("" for none).
"""

import os
import sys
from pathlib import Path

UPDATE_SUFFIX = ".medgui-update"
PACKAGE_DIR = Path(__file__).resolve().parent


def _shipped(name: str) -> Path:
    inside = PACKAGE_DIR / "_data" / name
    return inside if inside.is_dir() else PACKAGE_DIR.parent / name


def models_dir() -> Path:
    """Return the folder of signed bundles; `MEDGUI_MODELS_DIR` names another one."""
    override = os.environ.get("MEDGUI_MODELS_DIR")
    return Path(override).expanduser() if override else _shipped("models")


def resources_dir() -> Path:
    """Return the folder of icons, fonts, catalogues, keys, tables and demo patients."""
    return _shipped("resources")


def about_dir() -> Path:
    """Return the folder of what a packaged program says about itself (`medgui.installed`): build, parts, licences.

    Only `packaging/package.py` makes it: in a checkout or a wheel it does not exist, and readers say so in words.
    """
    return PACKAGE_DIR / "_data" / "about"


def guide_dir() -> Path:
    """Return the folder of the user guide with its pictures and the pages that it links to; `docs` in a checkout."""
    inside = PACKAGE_DIR / "_data" / "guide"
    return inside if inside.is_dir() else PACKAGE_DIR.parent / "docs"


def user_config_dir() -> Path:
    """Return the folder of the user's settings. It may not exist yet."""
    return _user_dir("config")


def user_data_dir() -> Path:
    """Return the folder of what the program keeps for the user (logs, crash notes). It may not exist yet."""
    return _user_dir("data")


def shared_settings_file() -> Path | None:
    """Return the file of settings for all users of this computer; None where there can be none. It may not exist.

    Each place is one that only an administrator can write: on Windows the folder of the program, since any account
    may make folders in %ProgramData%. `MEDGUI_SYSTEM_DIR` names another folder, empty for none.
    """
    override = os.environ.get("MEDGUI_SYSTEM_DIR")
    if override is not None:
        return Path(override).expanduser() / "settings.json" if override else None
    if sys.platform == "win32":
        return Path(sys.executable).parent / "settings.json" if getattr(sys, "frozen", False) else None
    if sys.platform == "darwin":
        return Path("/Library/Application Support/medgui/settings.json")
    return Path("/etc/medgui/settings.json")


def own_models_dir() -> Path:
    """Return the folder of the clinic's own bundles. It may not exist yet."""
    return user_data_dir() / "models"


def system_data_dir() -> Path | None:
    """Return the folder of what all users of this computer share, updates above all. It may not exist."""
    override = os.environ.get("MEDGUI_SYSTEM_DIR")
    if override is not None:
        return Path(override).expanduser() if override else None
    if sys.platform == "win32":
        base = os.environ.get("PROGRAMDATA")
        return Path(base) / "medgui" if base else None
    if sys.platform == "darwin":
        return Path("/Library/Application Support/medgui")
    return Path("/var/lib/medgui")


def update_dirs() -> list[Path]:
    """Return the folders of updated models: of all users, then of this one. Neither has to exist."""
    system = system_data_dir()
    shared = [] if system is None else [system / "models"]
    return [*shared, user_data_dir() / "updates" / "models"]


def has_added_models() -> bool:
    """Tell whether there may be models beside those that ship: the clinic's own, or an update's."""
    return any(folder.is_dir() for folder in (own_models_dir(), *update_dirs()))


def is_update(path: Path) -> bool:
    """Tell by its name whether a file is an update and no patient file."""
    return path.suffix.lower() == UPDATE_SUFFIX


def _user_dir(kind: str) -> Path:
    home = os.environ.get("MEDGUI_HOME")
    if home:
        return Path(home).expanduser() / kind
    if sys.platform == "win32":
        variable, fallback = ("APPDATA", "Roaming") if kind == "config" else ("LOCALAPPDATA", "Local")
        return Path(os.environ.get(variable) or Path.home() / "AppData" / fallback) / "medgui" / kind
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "medgui" / kind
    variable, default = (
        ("XDG_CONFIG_HOME", ".config") if kind == "config" else ("XDG_DATA_HOME", ".local/share")
    )
    base = os.environ.get(variable, "")
    # The XDG rules say that a relative path in these variables is to be ignored.
    return (Path(base) if os.path.isabs(base) else Path.home() / default) / "medgui"
