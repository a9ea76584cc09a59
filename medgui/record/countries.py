"""Countries and areas by ISO 3166-1 alpha-3 code, and the tables of `resources/knowledge/countries.toml` about them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from medgui.tables import read_table


@cache
def _table() -> dict[str, Any]:
    return read_table("knowledge/countries.toml")


@cache
def countries() -> Mapping[str, Mapping[str, str]]:
    """Names of all countries and areas in both languages, in order of the English ones."""
    rows = [line.split("|") for line in _table()["countries"].splitlines() if line.strip()]
    return MappingProxyType({code.strip(): {"en": en.strip(), "zh": zh.strip()} for code, en, zh in rows})


def class_of(table: str, country: str) -> str:
    """The class of *country* in one of the tables ("region", "north_america"); "" where the table has it not."""
    return next((name for name, codes in _table()[table].items() if country in codes.split()), "")


def guideline_region(country: str) -> str:
    """The region of the settings ("us", "europe", "uk", "china", "other") whose guidelines a country follows."""
    return class_of("guidelines", country) or ("europe" if class_of("region", country) else "other")
