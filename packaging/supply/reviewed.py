"""`packaging/licences.toml`: what people have read and decided about licences, as typed records."""

import re
import tomllib
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from supply.part import Refused

FOLDER = Path(__file__).resolve().parent.parent
TEXTS = FOLDER / "licences"


@dataclass(frozen=True)
class Distribution:
    """A distribution whose metadata do not say enough. *says*: the words of its metadata that were reviewed."""

    licence: str
    says: str = ""
    texts: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()
    home: str = ""
    note: str = ""


@dataclass(frozen=True)
class Copied:
    """A part that is compiled or copied into another one, found by *files* of it (patterns between blanks).

    *version*: a regular expression with one group, searched in the file; "=" is the version of what it is in.
    """

    within: str
    files: str
    name: str
    licence: str
    version: str = ""
    home: str = ""
    note: str = ""

    def version_in(self, file: Path, outer: str) -> str:
        """The version that the file itself tells; "" where it does not."""
        if self.version in ("", "="):
            return outer if self.version else ""
        found = re.search(self.version.encode(), file.read_bytes())
        return found[1].decode() if found else ""


@dataclass(frozen=True)
class Shipped:
    """Files of medgui's own data folder that are other people's work, or were made with it."""

    files: str
    name: str
    licence: str
    kind: str = "data"
    version: str = ""
    licence_words: str = ""
    home: str = ""
    note: str = ""
    texts: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()


@dataclass(frozen=True)
class Absent:
    """A part that a wheel's own list names and that is not in what is shipped: *never* is found in none of *files*."""

    distribution: str
    name: str
    reason: str
    files: str = ""
    never: str = ""


@dataclass(frozen=True)
class Copyleft:
    """A part under a licence that asks more than a notice, with the reason why it may be shipped."""

    part: str
    licence: str
    reason: str


@dataclass
class Reviewed:
    """The whole file."""

    allowed: frozenset[str]
    refused_files: dict[str, str]
    common: dict[str, str]
    distributions: dict[str, Distribution]
    debian: dict[str, str]
    models: dict[str, str]
    copied: list[Copied] = field(default_factory=list)
    shipped: list[Shipped] = field(default_factory=list)
    absent: list[Absent] = field(default_factory=list)
    copyleft: list[Copyleft] = field(default_factory=list)

    def shipped_for(self, path: str) -> Shipped | None:
        """The entry of a file of the data folder."""
        return next((each for each in self.shipped if fnmatchcase(path, each.files)), None)

    def refusal(self, path: str) -> str:
        """Why a file must not be in the program; "" where it may."""
        return next((why for glob, why in self.refused_files.items() if fnmatchcase(path, glob)), "")

    def is_absent(self, distribution: str, name: str, shipped: list[Path]) -> bool:
        """Whether a part that a wheel's list names is proven not to be in the files that are *shipped* of it."""
        for each in self.absent:
            if (each.distribution, each.name) != (distribution, name):
                continue
            here = [file for file in shipped if fnmatchcase(file.name, each.files)]
            if each.never and any(re.search(each.never.encode(), file.read_bytes()) for file in here):
                raise Refused([f"{distribution}: holds {name}, which packaging/licences.toml calls absent."])
            return not here or bool(each.never)
        return False


def load(file: Path = FOLDER / "licences.toml") -> Reviewed:
    """Read the file."""
    content = tomllib.loads(file.read_text(encoding="utf-8"))

    def rows(name: str, kind: type) -> list[Any]:
        return [kind(**_tuples(row)) for row in content.get(name, [])]

    return Reviewed(
        allowed=frozenset(content["policy"]["allowed"]),
        refused_files=content["policy"]["refused_files"],
        common=content["common"],
        distributions={name: Distribution(**_tuples(row)) for name, row in content["distribution"].items()},
        debian=content["debian"],
        models=content["models"],
        copied=rows("copied", Copied),
        shipped=rows("shipped", Shipped),
        absent=rows("absent", Absent),
        copyleft=rows("copyleft", Copyleft),
    )


def text(name: str) -> bytes:
    """One of the texts in packaging/licences."""
    return (TEXTS / name).read_bytes()


def _tuples(row: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
