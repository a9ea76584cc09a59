"""The nouns: a part of the program, and the list of all parts with the files that nothing explains."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_NATIVE = (b"\x7fELF", b"MZ", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"!<arch>")


class Refused(Exception):
    """The list cannot be made; every sentence names a file or a part and what is wrong with it."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


@dataclass
class Part:
    """One part. *files* are paths in the program's folder, *libraries* those of them that hold machine code.

    *licence* is an SPDX expression, *licence_words* what its makers say where that is more than an expression.
    *texts* maps a file name to the bytes of a licence text. *inside* are parts that are compiled or copied into
    this one; their licence texts may stand in this one's.
    """

    name: str
    version: str = ""
    kind: str = "library"
    licence: str = ""
    licence_words: str = ""
    purl: str = ""
    home: str = ""
    source: str = ""
    note: str = ""
    prefix: str = ""
    files: list[str] = field(default_factory=list)
    libraries: dict[str, str] = field(default_factory=dict)
    texts: dict[str, bytes] = field(default_factory=dict)
    properties: dict[str, str] = field(default_factory=dict)
    inside: list["Part"] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Folder of its licence texts, and its reference in the list."""
        return re.sub(r"[^A-Za-z0-9.+_-]+", "-", f"{self.prefix}{self.name}").strip("-").lower()

    def take(self, path: str, tree: Path) -> None:
        """Add a file of the program; of machine code its SHA-256 is kept."""
        self.files.append(path)
        file = tree / path
        if is_native(file):
            self.libraries[path] = sha256(file)

    def walk(self) -> Iterator["Part"]:
        """This part and all parts inside."""
        yield self
        for part in self.inside:
            yield from part.walk()


@dataclass
class Inventory:
    """All parts by key, and why a file has none."""

    tree: Path
    parts: dict[str, Part] = field(default_factory=dict)
    unexplained: list[str] = field(default_factory=list)

    def part(self, made: Part) -> Part:
        """The part of this key, *made* where it is the first."""
        return self.parts.setdefault(made.key, made)

    def sorted(self) -> list[Part]:
        """The parts in the order of their keys."""
        return [self.parts[key] for key in sorted(self.parts)]


def is_native(file: Path) -> bool:
    """Whether a file holds machine code (ELF, PE, Mach-O), by its first bytes."""
    with file.open("rb") as stream:
        return stream.read(8).startswith(_NATIVE)


def sha256(file: Path) -> str:
    """SHA-256 of a file in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
