"""Write docs/settings.md from the table of settings: `python packaging/settings_doc.py`."""

import math
from pathlib import Path

from medgui.settings import CountrySetting, Setting, Settings

TARGET = Path(__file__).resolve().parent.parent / "docs" / "settings.md"
HEAD = """# Settings

Made from `medgui/settings.py` by `make docs`; change it there. The file is `settings.json` in the user's
configuration folder (Linux `~/.config/medgui`, macOS `~/Library/Application Support/medgui/config`, Windows
`%APPDATA%\\medgui\\config`); `MEDGUI_HOME` names another place. A damaged file is set aside, never deleted.

Defaults for all users of a computer stand in a file of the same form that only an administrator can write: Linux
`/etc/medgui/settings.json`, macOS `/Library/Application Support/medgui/settings.json`, Windows `settings.json` beside
`medgui.exe`. What a user chose wins; *Back to the defaults* goes back to the clinic's. All rows below may stand there
but those kept by the program. A wrong value does not count; the Settings page and `medgui about` say so.
([How a clinic uses it](administrator_guide_en.md))

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
