"""The clinic's map of codes as a file: kept in the user's configuration folder, exported, imported.

JSON: `{"schema": "medgui.code-map/1", "entries": [{"system", "code", "name", "variable", "unit", "by", "at"}]}`; an
entry with an empty `variable` is a code to be left alone. Reading never fails: a damaged file is set aside, an entry
that cannot hold is left out, and `CodeMapFile.notes` says so. A file of a newer medgui is never written over.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from medgui.errors import OutputNotWritable, UserError
from medgui.files import reason, set_aside, write_atomic
from medgui.frozen import frozen
from medgui.i18n import _, ngettext
from medgui.paths import user_config_dir
from medgui.record.code_map import CodeMap, Conflict, LocalKey, MapEntry

FILE_NAME = "code_map.json"
SCHEMA = "medgui.code-map/1"
_FIELDS = ("system", "code", "name", "variable", "unit", "by", "at")
_LONGEST, _MOST_BYTES = 200, 20_000_000


@frozen
class Imported:
    """What an exported map would bring: codes that are new here, contradictions, how many entries are the same.

    notes: what of the file cannot hold, in words.
    """

    new: tuple[MapEntry, ...]
    conflicts: tuple[Conflict, ...]
    same: int
    notes: tuple[str, ...] = ()


class CodeMapFile:
    """The map in force. `put` and `remove` change and save it; readers take `code_map`."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or user_config_dir() / FILE_NAME
        self.code_map = CodeMap()
        self.notes: list[str] = []
        self._locked = False

    @classmethod
    def load(cls, path: Path | None = None) -> CodeMapFile:
        """Read the map; never fails, see `notes` for what was wrong with it."""
        found = cls(path)
        try:
            content = _content(found.path)
        except (FileNotFoundError, NotADirectoryError):
            return found
        except OSError as error:
            found._locked = True
            sentence = _("The map of codes cannot be read: {reason}. It is not used.")
            found.notes.append(sentence.format(reason=reason(error)))
            return found
        except (ValueError, RecursionError):
            found._set_aside()
            return found
        if _is_newer(content):
            found._locked = True
            found.notes.append(_("The map of codes was written by a newer medgui. It is not used."))
        elif not _is_map(content):
            found._set_aside()
        else:
            found.code_map, left_out = _entries(content)
            found.notes.extend(_left_out(left_out))
        return found

    def put(self, *entries: MapEntry) -> None:
        """Let *entries* hold from now on and save. `UserError` for one that cannot, `OutputNotWritable`."""
        self._look_again()
        try:
            changed = self.code_map.with_entries(entries)
        except ValueError as error:
            raise UserError(str(error)) from error
        self._save(changed)

    def remove(self, *keys: LocalKey) -> None:
        """Forget the entries of these keys and save. Raises `OutputNotWritable`."""
        self._look_again()
        self._save(self.code_map.without(keys))

    def export_to(self, path: Path) -> None:
        """Write the map for another clinic or computer. Raises `OutputNotWritable`."""
        _write(path, self.code_map, private=False)

    def look_into(self, path: Path) -> Imported:
        """Say what an exported map would bring; nothing is changed before `put` is given its entries.

        Raises `UserError` where the file is no map or of a newer medgui.
        """
        other, left_out = _entries(_imported(path))
        self._look_again()
        own = self.code_map.by_key()
        new = tuple(entry for entry in other.entries if entry.key not in own)
        conflicts = self.code_map.conflicts(other)
        same = len(other.entries) - len(new) - len(conflicts)
        return Imported(new, conflicts, same, tuple(_left_out(left_out)))

    def _look_again(self) -> None:
        """Take what another window has saved meanwhile, so that no save undoes it."""
        found = CodeMapFile.load(self.path)
        self.code_map, self._locked = found.code_map, found._locked
        self.notes.extend(note for note in found.notes if note not in self.notes)

    def _save(self, changed: CodeMap) -> None:
        if self._locked:
            raise OutputNotWritable(_("The map of codes cannot be changed by this version of medgui."))
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _not_saved(error) from error
        _write(self.path, changed, private=True)
        self.code_map = changed

    def _set_aside(self) -> None:
        try:
            name = set_aside(self.path)
        except OSError:
            self._locked = True
            self.notes.append(_("The map of codes is damaged. It is not used."))
        else:
            sentence = _("The map of codes was damaged and is kept as {name}. A new one begins.")
            self.notes.append(sentence.format(name=name))


def _content(path: Path) -> Any:
    with path.open("rb") as stream:
        data = stream.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise ValueError("too large")
    return json.loads(data.decode("utf-8-sig"))


def _is_map(content: Any) -> bool:
    return (
        isinstance(content, dict)
        and content.get("schema") == SCHEMA
        and isinstance(content.get("entries"), list)
    )


def _is_newer(content: Any) -> bool:
    schema = content.get("schema") if isinstance(content, dict) else None
    return isinstance(schema, str) and schema.startswith(SCHEMA.rstrip("1")) and schema != SCHEMA


def _imported(path: Path) -> Any:
    try:
        content = _content(path)
    except OSError as error:
        sentence = _("{file} cannot be opened: {reason}.")
        raise UserError(sentence.format(file=path.name, reason=reason(error))) from error
    except (ValueError, RecursionError):
        content = None
    if _is_newer(content):
        raise UserError(_("{file} was written by a newer medgui.").format(file=path.name))
    if not _is_map(content):
        raise UserError(_("{file} is no map of codes.").format(file=path.name))
    return content


def _entries(content: Any) -> tuple[CodeMap, int]:
    """The entries that can hold, each key once (the last one), and how many were left out."""
    found = [_entry(item) for item in content["entries"]]
    good = [entry for entry in found if entry is not None and not entry.problem()]
    return CodeMap().with_entries(good), len(found) - len(good)


def _entry(item: Any) -> MapEntry | None:
    texts = {name: item.get(name, "") for name in _FIELDS} if isinstance(item, dict) else {}
    if not texts or any(not isinstance(text, str) or len(text) > _LONGEST for text in texts.values()):
        return None
    return MapEntry(**texts)


def _left_out(count: int) -> list[str]:
    sentence = ngettext(
        "{n} entry of the map of codes cannot hold and is left out.",
        "{n} entries of the map of codes cannot hold and are left out.",
        count,
    )
    return [sentence.format(n=count)] if count else []


def _write(path: Path, code_map: CodeMap, *, private: bool) -> None:
    content = {"schema": SCHEMA, "entries": [asdict(entry) for entry in code_map.entries]}
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    try:
        write_atomic(path, (text + "\n").encode(), private=private)
    except OSError as error:
        raise _not_saved(error) from error


def _not_saved(error: OSError) -> OutputNotWritable:
    sentence = _("The map of codes cannot be saved: {reason}.")
    return OutputNotWritable(sentence.format(reason=reason(error, writing=True)))
