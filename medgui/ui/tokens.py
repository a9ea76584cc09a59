"""The token file of the window (`resources/theme/tokens.toml`) as typed data; no Qt here."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from medgui.frozen import frozen
from medgui.tables import read_table

MODES = ("light", "dark", "contrast")
"""The three colour tables, in the order of the columns of the token file."""

SPACE = (4, 8, 12, 16, 24, 32)
S4, S8, S12, S16, S24, S32 = SPACE
"""Steps of spacing in logical pixels. Margins do not grow with the text size (UI.md, section 3)."""


class Role(StrEnum):
    """What a colour is for. Charts name these roles as plain strings."""

    CANVAS = "canvas"
    SURFACE = "surface"
    RAISED = "raised"
    BORDER = "border"
    GRID = "grid"
    CONTROL = "control"
    TEXT = "text"
    MUTED = "muted"
    ACCENT = "accent"
    ON_ACCENT = "on_accent"
    ACCENT_TINT = "accent_tint"
    FOCUS = "focus"
    INFO = "info"
    INFO_TINT = "info_tint"
    CAUTION = "caution"
    CAUTION_TINT = "caution_tint"
    HIGH = "high"
    HIGH_TINT = "high_tint"
    REFUSED = "refused"
    REFUSED_TINT = "refused_tint"
    SCALE1 = "scale1"
    SCALE2 = "scale2"
    SCALE3 = "scale3"
    SCALE4 = "scale4"
    RISE = "rise"
    BASE = "base"


class Type(StrEnum):
    """The five sizes of type."""

    CAPTION = "caption"
    BODY = "body"
    ROW_TITLE = "row_title"
    SECTION = "section"
    HEAD = "head"


@frozen
class TypeToken:
    """Size and line height in logical pixels at 100 %."""

    size: int
    line: int
    bold: bool


@frozen
class Tokens:
    """The whole token file. `colours` maps a mode to its "#RRGGBB" by role."""

    families: tuple[str, ...]
    source_families: tuple[str, ...]
    heights: Mapping[str, int]
    widths: Mapping[str, int]
    types: Mapping[Type, TypeToken]
    colours: Mapping[str, Mapping[Role, str]]


def load(path: Path | None = None) -> Tokens:
    """Read the token file; `KeyError` or `ValueError` where a role, a size or a column is missing."""
    data = read_table(path.name, path.parent) if path else read_table("theme/tokens.toml")
    columns = {Role(name): values for name, values in data["colour"].items()}
    missing = [role for role in Role if len(columns.get(role, ())) != len(MODES)]
    if missing:
        raise ValueError(f"tokens.toml: three colours are needed for {', '.join(missing)}")
    return Tokens(
        families=tuple(data["families"]),
        source_families=tuple(data["source_families"]),
        heights=data["height"],
        widths=data["width"],
        types={role: TypeToken(**data["type"][role]) for role in Type},
        colours={mode: {role: columns[role][i] for role in Role} for i, mode in enumerate(MODES)},
    )
