"""A table as a CSV in UTF-8: what a spreadsheet of a Chinese or Windows computer saves in another encoding is copied.

What reads a table block by block takes UTF-8 alone; the copy lies in a temporary folder and is gone at the end.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from medgui.errors import UnreadableFile
from medgui.files import reason
from medgui.i18n import _
from medgui.readers.encodings import decode, wide_encoding

MOST_BYTES = 256 << 20
"""A larger file in another encoding is refused: it is decoded in memory."""
_PIECE = 1 << 20
_MARKS = (b"\xff\xfe", b"\xfe\xff")


@contextmanager
def in_utf8(path: Path) -> Iterator[tuple[Path, str]]:
    """Give a file with the text of *path* in UTF-8, and a note where the encoding was concluded ("" where it was not).

    That is *path* itself where it is in UTF-8, no text at all, or absent. Raises `UnreadableFile` where the text
    cannot be told for sure: a letter that is guessed would change a category or a name.
    """
    if not path.is_file() or _is_plain(path):
        yield path, ""
        return
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UnreadableFile(_("{file} is not in UTF-8; save it as CSV UTF-8.").format(file=path.name))
        found = decode(path.read_bytes(), path.name)
        if "\ufffd" in found.text or "\0" in found.text or found.encoding == "cp1252":
            sentence = _("The encoding of {file} cannot be told for sure; save it as CSV UTF-8.")
            raise UnreadableFile(sentence.format(file=path.name))
        with tempfile.TemporaryDirectory(prefix="medgui-", ignore_cleanup_errors=True) as folder:
            copy = Path(folder) / path.name
            try:
                copy.write_text(found.text, encoding="utf-8", newline="")
                yield copy, found.note
            finally:
                copy.write_bytes(
                    b""
                )  # Windows takes no file away that somebody still reads; its content goes
    except OSError as error:
        sentence = _("{file} cannot be opened: {reason}.")
        raise UnreadableFile(sentence.format(file=path.name, reason=reason(error))) from error


def _is_plain(path: Path) -> bool:
    """Whether the file is UTF-8, or nothing that a spreadsheet saves as text."""
    from codecs import getincrementaldecoder

    decoder = getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as stream:
            head = stream.read(4096)
            if head.startswith(_MARKS) or wide_encoding(head):
                return False
            if b"\0" in head or head[:2] in (b"PK", b"\x1f\x8b"):
                return True
            stream.seek(0)
            while block := stream.read(_PIECE):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    except OSError:
        return True
    return True
