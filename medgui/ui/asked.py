"""What was asked to be opened, and what the clinic has settled about it before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medgui.errors import UnreadableFile
from medgui.frozen import frozen
from medgui.ui.services import Services

if TYPE_CHECKING:
    from medgui.record.model import Answer


@frozen
class Opening:
    """What was asked to be opened: a file, a folder, or several files (`path` and `more`) of one person."""

    path: Path
    patient: str | None = None
    mapping: Any = None
    as_of: str = ""
    demo: bool = False
    more: tuple[Path, ...] = ()

    @property
    def paths(self) -> tuple[Path, ...]:
        """All files and folders."""
        return (self.path, *self.more)

    @property
    def several(self) -> bool:
        """Whether more than one file may be read."""
        return bool(self.more) or self.path.is_dir()


@frozen
class Unmapped:
    """A table whose columns the user has to settle first."""

    proposal: Any


SAME_PERSON = "same_person"
"""Id of the question whether several files are about one person (`record.merge`)."""
TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")


def mapped(opening: Opening, services: Services) -> Opening | Unmapped:
    """Add the mapping that was settled for this layout; `Unmapped` where a table leaves something to settle."""
    if opening.mapping is None and opening.several:
        return _all_mapped(opening, services)
    if opening.mapping is not None or opening.path.suffix.lower() not in TABLES:
        return opening
    from medgui.ui.mapping import remembered

    try:
        proposal = services.propose_mapping(opening.path)
    except UnreadableFile:
        return opening  # no table: the reader says what it is
    if proposal is None:
        return opening
    known = remembered(services.settings, proposal)
    if known is not None:
        return replace(opening, mapping=known)
    return Unmapped(proposal) if proposal.needs_answer else opening


def _all_mapped(opening: Opening, services: Services) -> Opening:
    """Add the mappings that were settled for the layouts of the tables among several files."""
    from medgui.readers.folder import list_folder
    from medgui.ui.mapping import remembered

    known = {}
    for path in opening.paths:
        for table in list_folder(path).paths if path.is_dir() else (path,):
            if table.suffix.lower() in TABLES:
                try:
                    settled = remembered(services.settings, services.propose_mapping(table))
                except UnreadableFile:
                    continue  # the reader says what it is
                if settled is not None:
                    known[str(table)] = settled
    return replace(opening, mapping={"files": known}) if known else opening


def asked(opening: Opening) -> Path | list[Path]:
    """What the reader is given."""
    return list(opening.paths) if opening.more else opening.path


def same_person(answers: tuple[Answer, ...]) -> bool | None:
    """The answer whether all files are about one person; None where it is open."""
    given = next((a.value for a in answers if a.question == SAME_PERSON and not a.left_out), None)
    return None if given is None else bool(given)
