"""`medgui score`: one model over a CSV."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from medgui.cli.output import writing_to
from medgui.cli.progress import Bar
from medgui.errors import UnreadableFile
from medgui.i18n import _, format_count, format_list


def run(options: argparse.Namespace) -> int:
    """Score a file. Rows without a number do not change the exit code."""
    from medgui.inference.catalogue import Catalogue
    from medgui.settings import Settings

    catalogue = Catalogue.load(requested=Settings.load().execution_provider)
    catalogue.get(options.model)
    path = Path(options.file)
    _require_readable(path)
    from medgui.assessment.score import score_file

    bar = Bar()
    with output_file(options.output) as stream:
        scorer, tally = score_file(
            catalogue, options.model, path, stream.write, explain=options.explain, progress=bar.update
        )
    bar.close()
    if sys.stderr.isatty():
        counts = [f"{status} {format_count(n)}" for status, n in tally.by_status.items()]
        sentence = _("{n} rows: {counts}.").format(n=format_count(tally.rows), counts=format_list(counts))
        absent = scorer.absent()
        if absent:
            sentence += " " + _("No column for: {names}.").format(names=format_list(absent))
        sys.stderr.write(sentence + "\n")
    return 0


@contextmanager
def output_file(name: str) -> Iterator[BinaryIO]:
    """Give a stream whose content takes the place of *name* at the end, whole or not at all.

    "-" is the standard output; what is no regular file (a device) is written to directly. `OutputNotWritable`
    where the disk is full or the folder read-only; then the old file is as it was.
    """
    if name == "-":
        with writing_to(_("The standard output")):
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        return
    target = Path(os.path.realpath(name))
    temporary: Path | None = None
    try:
        with writing_to(Path(name).name):
            if target.exists() and not target.is_file():
                with target.open("wb") as stream:
                    yield stream
                return
            handle, made = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
            temporary = Path(made)
            with os.fdopen(handle, "wb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            temporary.chmod(_mode(target))
            temporary.replace(target)
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _mode(target: Path) -> int:
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _require_readable(path: Path) -> None:
    try:
        with path.open("rb") as stream:
            stream.read(1)
    except OSError as error:
        sentence = _("{file} cannot be opened: {reason}.")
        reason = error.strerror or str(error)
        raise UnreadableFile(sentence.format(file=path.name, reason=reason)) from error
