"""Read gettext `.po` files, as much of them as translation at run time needs.

Reading the text is as quick as reading a compiled `.mo` (docs/adr/0001), so nothing is compiled, committed
or able to be out of date.
"""

from pathlib import Path

from medgui.errors import DamagedData

Key = tuple[str, str]
"""Context (empty where there is none) and English message."""

Catalogue = dict[Key, tuple[str, ...]]
"""Key to its translations: one, or one for each plural form."""

_ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\"}


def read_folder(folder: Path) -> Catalogue:
    """Merge every `*.po` in *folder*, in the order of their names; an absent folder is an empty catalogue."""
    merged: Catalogue = {}
    for path in sorted(folder.glob("*.po")):
        merged.update(read_file(path))
    return merged


def read_file(path: Path) -> Catalogue:
    """Read one fragment.

    Untranslated, fuzzy and obsolete entries are left out, so that the reader falls back to English.
    Raises `DamagedData` that names file and line where the text is no catalogue.
    """
    entries: Catalogue = {}
    fields: dict[str, str] = {}
    current = ""
    fuzzy = False
    lines = path.read_text(encoding="utf-8").split("\n")  # not splitlines: U+0085 may be in a message
    for number, line in enumerate(lines, start=1):
        if line.startswith('"') and current:
            fields[current] += line[1:-1]
            continue
        if ("msgstr" in fields or "msgstr[0]" in fields) and not line.startswith("msgstr["):
            _add(entries, fields, fuzzy)
            fields, fuzzy = {}, False
        if line.startswith("msg"):
            current, _, value = line.partition(" ")
            if len(value) < 2 or value[0] != '"' or value[-1] != '"':
                raise DamagedData(f"{path.name}, line {number}: not a line of a .po file")
            fields[current] = value[1:-1]
        elif line.startswith("#,") and "fuzzy" in line:
            fuzzy = True
        elif line and not line.startswith("#"):
            raise DamagedData(f"{path.name}, line {number}: not a line of a .po file")
    _add(entries, fields, fuzzy)
    return entries


def _add(entries: Catalogue, fields: dict[str, str], fuzzy: bool) -> None:
    message = fields.get("msgid", "")
    forms = [fields[name] for name in sorted(fields) if name.startswith("msgstr")]
    if message and not fuzzy and all(forms):
        key = (_unescape(fields.get("msgctxt", "")), _unescape(message))
        entries[key] = tuple(_unescape(form) for form in forms)


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text
    head, *rest = text.split("\\")
    out = [head]
    pieces = iter(rest)
    for piece in pieces:
        if piece:
            out.append(_ESCAPES.get(piece[0], piece[0]) + piece[1:])
        else:  # an escaped backslash left an empty piece; what follows it stands for itself
            out.append("\\" + next(pieces, ""))
    return "".join(out)
