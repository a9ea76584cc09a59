"""`update.json`: what an update is, for which computers, and what it changes (docs/updates.md).

Read only after its signature was checked (`reading`), and even then no text is taken as it stands: the makers' own
slips, and a key that came into wrong hands, shall not be able to show a window what is not there.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal, cast

from medgui.errors import UnreadableFile, UpdateRefused
from medgui.frozen import frozen
from medgui.i18n import _
from medgui.updates.container import PAYLOAD
from medgui.versions import meets, order

SCHEMA = "medgui.update/"
VERSION = 1
Kind = Literal["program", "models"]
_ID = re.compile(r"[a-z][a-z0-9_]{0,62}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
MOST_CHANGES, LONGEST, LONGEST_TITLE = 200, 600, 160


@frozen
class Payload:
    """What is known of a file of the payload before it is looked at."""

    sha256: str
    size: int


@frozen
class Update:
    """What `update.json` says. *system*, *machine* and *form* are of a program, *models* (id to version) of models."""

    kind: Kind
    title: Mapping[str, str]
    version: str
    created: str
    needs: str
    changes: Mapping[str, Sequence[str]]
    files: Mapping[str, Payload]
    models: Mapping[str, str]
    system: str = ""
    machine: str = ""
    form: str = ""

    @property
    def size(self) -> int:
        """Bytes of the payload."""
        return sum(each.size for each in self.files.values())


def parse(content: bytes) -> Update:
    """Read `update.json`. `UpdateRefused` for a newer schema, `UnreadableFile` for what breaks a rule."""
    try:
        data = json.loads(content.decode("utf-8"), object_pairs_hook=_once, parse_constant=_none)
        _require_schema(data["schema"])
        return _update(data)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise UnreadableFile(
            _("The description of the update breaks a rule; it was made wrongly.")
        ) from error


def _require_schema(schema: Any) -> None:
    number = str(schema).removeprefix(SCHEMA)
    if not str(schema).startswith(SCHEMA) or not number.isascii() or not number.isdigit():
        raise ValueError("schema")
    if int(number) > VERSION:
        raise UpdateRefused(
            _(
                "This update was made for a newer medgui, which this one cannot read. Update the program first."
            )
        )
    if int(number) != VERSION:
        raise ValueError("schema")


def _update(data: Mapping[str, Any]) -> Update:
    kind = data["kind"]
    if kind not in ("program", "models"):
        raise ValueError("kind")
    order(data["version"])
    date.fromisoformat(data["created"][:10])
    needs = data.get("needs", {}).get("medgui", ">=0")
    meets("0", needs)
    models = {each["id"]: each["version"] for each in data.get("models", [])}
    if len(models) != len(data.get("models", [])) or bool(models) != (kind == "models"):
        raise ValueError("models")
    for name, version in models.items():
        if not _ID.fullmatch(name):
            raise ValueError(name)
        order(version)
    target = data["for"] if kind == "program" else {}
    return Update(
        kind=cast(Kind, kind),
        title=_texts(data["title"]),
        version=data["version"],
        created=data["created"][:10],
        needs=needs,
        changes={lang: _lines(data["changes"][lang]) for lang in ("en", "zh")},
        files=_files(data["files"]),
        models=models,
        **{name: _word(target[name]) for name in ("system", "machine", "form") if kind == "program"},
    )


def _files(data: Mapping[str, Any]) -> dict[str, Payload]:
    found = {}
    for path, each in data.items():
        digest, size = each["sha256"], each["size"]
        if not path.startswith(PAYLOAD) or not _DIGEST.fullmatch(digest) or type(size) is not int or size < 0:
            raise ValueError("files")
        found[path] = Payload(digest, size)
    if not found:
        raise ValueError("files")
    return found


def _texts(data: Mapping[str, Any]) -> dict[str, str]:
    return {lang: _text(data[lang], LONGEST_TITLE) for lang in ("en", "zh")}


def _lines(data: Sequence[Any]) -> tuple[str, ...]:
    if not isinstance(data, list) or not 1 <= len(data) <= MOST_CHANGES:
        raise ValueError("changes")
    return tuple(_text(line, LONGEST) for line in data)


def _text(text: str, longest: int) -> str:
    """One line of plain text: signs that move, hide or turn round other text are not allowed."""
    if not text.strip() or len(text) > longest or any(unicodedata.category(sign) in _HIDDEN for sign in text):
        raise ValueError("text")
    return text.strip()


_HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def _word(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9_]{1,20}", text):
        raise ValueError("for")
    return text


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which a name stands twice says two things."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _none(constant: str) -> None:
    raise ValueError(constant)
