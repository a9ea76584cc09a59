"""Write docs/settings.md from the table of settings: `python packaging/settings_doc.py`."""

import math
from pathlib import Path

from medgui.settings import CountrySetting, Setting, Settings

TARGET = Path(__file__).resolve().parent.parent / "docs" / "settings.md"
HEAD = """# Settings

Made from `medgui/settings.py` by `make docs`; change it there. The file is `settings.json` in the user's
configuration folder (Linux `~/.config/medgui`, macOS `~/Library/Application Support/medgui/config`, Windows
`%APPDATA%\\medgui\\config`); `MEDGUI_HOME` names another place. A damaged file is set aside, never deleted.

| setting | default | valid values | what it does |
|---|---|---|---|
"""


def valid_values(setting: Setting[object]) -> str:
    """Write the valid values of one setting as a cell of the table."""
    if isinstance(setting, CountrySetting):
        return "empty, or an ISO 3166-1 alpha-3 code (`resources/knowledge/countries.toml`)"
    if setting.choices:
        return ", ".join(f"`{value}`" for value in setting.choices)
    if math.isfinite(setting.lo):
        return f"{setting.lo:g} to {setting.hi:g}"
    return "`true`, `false`" if isinstance(setting.default, bool) else "kept by the program"


def document() -> str:
    """Return the whole page."""
    rows = [
        f"| `{item.name}` | `{str(item.default).lower() if isinstance(item.default, bool) else item.default}` "
        f"| {valid_values(item)} | {item.summary} |\n"
        for item in Settings.table()
    ]
    return HEAD + "".join(rows)


if __name__ == "__main__":
    TARGET.write_text(document(), encoding="utf-8")
