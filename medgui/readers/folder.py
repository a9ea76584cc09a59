"""The patient files of a folder: which of its files are looked at, and under which names they appear."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from medgui.errors import UnreadableFile
from medgui.files import reason
from medgui.frozen import frozen
from medgui.i18n import _, format_count, ngettext
from medgui.readers.limits import MEGABYTE, name_of
from medgui.readers.sniff import Format, streamed_kind
from medgui.record.model import Unread

MOST_FILES, DEEPEST, MOST_BYTES = 2_000, 4, 1000 * MEGABYTE
"""Files of one folder, levels below it, and bytes of the files that are read whole: far above one patient's."""
DIRECTORY = "dicomdir"
_NO_PATIENT = frozenset({"thumbs.db", "desktop.ini", "icon\r", "autorun.inf"})
_NO_FOLDER = frozenset({"__macosx", "$recycle.bin", "system volume information"})
_HEAD = 132


@frozen
class Listing:
    """Files to read, in the order of their paths, and notes on what is left aside."""

    paths: tuple[Path, ...]
    notes: tuple[Unread, ...] = ()


def list_folder(folder: Path, *, most: int = MOST_FILES, deepest: int = DEEPEST) -> Listing:
    """The files of *folder* that may be a patient's.

    Hidden files and what systems leave behind are passed over; links to folders are not followed; beside a DICOMDIR
    the images that it lists are not read one by one. `UnreadableFile` where the folder cannot be opened.
    """
    found: list[Path] = []
    notes: list[Unread] = []
    _walk(folder, deepest, most, found, notes)
    found.sort()
    if len(found) > most:
        sentence = _("More than {limit} files: the rest of the folder is not read.")
        notes.append(Unread(name_of(folder), sentence.format(limit=format_count(most)), section="file"))
        del found[most:]
    return Listing(tuple(_without_listed_images(found, folder)), tuple(notes))


def _walk(folder: Path, levels: int, most: int, found: list[Path], notes: list[Unread]) -> None:
    folders = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if _is_passed_over(entry.name):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                elif entry.is_file():
                    found.append(Path(entry.path))
    except OSError as error:
        sentence = _("{file} cannot be opened: {reason}.").format(file=name_of(folder), reason=reason(error))
        if not found and not notes:
            raise UnreadableFile(sentence) from error
        notes.append(Unread(name_of(folder), sentence, section="file"))
    for below in sorted(folders):
        if len(found) > most:
            return
        if levels:
            _walk(Path(below), levels - 1, most, found, notes)
        else:
            sentence = _("This folder lies too deep and is not read.")
            notes.append(Unread(name_of(Path(below)), sentence, section="file"))


def _is_passed_over(name: str) -> bool:
    low = name.casefold()
    return low.startswith((".", "~$")) or low in _NO_PATIENT or low in _NO_FOLDER


def _without_listed_images(paths: list[Path], folder: Path) -> Iterable[Path]:
    """Drop the images below a DICOMDIR, which lists them; other files stay."""
    roots = [path.parent for path in paths if path.name.casefold() == DIRECTORY]
    for path in paths:
        below = any(root == path.parent or root in path.parents for root in roots)
        if not below or path.name.casefold() == DIRECTORY or not _is_image(path):
            yield path


def _is_image(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return streamed_kind(stream.read(_HEAD)) is Format.DICOM
    except OSError:
        return False


def names_of(paths: Sequence[Path]) -> list[str]:
    """A name for each file that no other of them has: its own, with its folder in front where that is needed."""
    names = [name_of(path) for path in paths]
    counts = Counter(names)
    names = [
        f"{name_of(path.parent)}/{name}" if counts[name] > 1 else name
        for path, name in zip(paths, names, strict=True)
    ]
    seen: Counter[str] = Counter()
    for index, name in enumerate(names):
        seen[name] += 1
        if seen[name] > 1:
            names[index] = f"{name} ({seen[name]})"
    return names


def none_readable(folder: Path | None, count: int, first: str) -> UnreadableFile:
    """The refusal where no file of a folder, or none of several files, could be read; *first* says why of one."""
    if folder is not None and not count:
        return UnreadableFile(_("{file} holds no file that medgui reads.").format(file=name_of(folder)))
    if folder is None:
        sentence = ngettext(
            "The file cannot be read. {first}", "None of the {n} files can be read. {first}", count
        )
        return UnreadableFile(sentence.format(n=format_count(count), first=first))
    sentence = ngettext(
        "The only file in {folder} cannot be read. {first}",
        "None of the {n} files in {folder} can be read. {first}",
        count,
    )
    return UnreadableFile(sentence.format(n=format_count(count), folder=name_of(folder), first=first))
