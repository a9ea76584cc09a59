"""Instruments that medgui does not contain, each with the reason and where its owner offers it."""

from __future__ import annotations

from functools import cache

from medgui.frozen import frozen
from medgui.inference.manifest import Text
from medgui.tables import read_table


@frozen
class Locked:
    """One instrument: `estimates` what, `reason` why it is not here, `where` it is found. Texts as in a manifest."""

    id: str
    name: Text
    estimates: Text
    reason: Text
    where: Text


@cache
def locked_instruments() -> tuple[Locked, ...]:
    """All of resources/knowledge/locked_instruments.toml, in its order."""
    rows = read_table("knowledge/locked_instruments.toml")["instrument"]
    return tuple(
        Locked(row["id"], row["name"], row["estimates"], row["reason"], _text(row["where"])) for row in rows
    )


def _text(where: str | Text) -> Text:
    return {"en": where, "zh": where} if isinstance(where, str) else where
