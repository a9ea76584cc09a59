"""`medgui score`: one model over a CSV."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from medgui.assessment.table_io import reading
from medgui.cli.output import standard_output, writing_to
from medgui.cli.progress import Bar
from medgui.errors import UnreadableFile
from medgui.files import replacing
from medgui.i18n import _, format_count, format_list


def run(options: argparse.Namespace) -> int:
    """Score a file. Rows without a number do not change the exit code."""
    from medgui.inference.catalogue import Catalogue
    from medgui.settings import Settings

    catalogue = Catalogue.load(requested=Settings.load().execution_provider)
    catalogue.get(options.model)
    path = Path(options.file)
    require_readable(path)
    from medgui.assessment.score import score_file
    from medgui.assessment.score_parquet import is_parquet_name

    bar = Bar()
    with output_file(options.output) as stream:
        scorer, tally = score_file(
            catalogue,
            options.model,
            path,
            stream.write,
            explain=options.explain,
            progress=bar.update,
            parquet=is_parquet_name(options.output),
        )
    bar.close()
    if sys.stderr.isatty():
        counts = [f"{status} {format_count(n)}" for status, n in tally.by_status.items()]
        sentence = _("{n} rows: {counts}.").format(n=format_count(tally.rows), counts=format_list(counts))
        absent = scorer.rows.absent()
        if absent:
            sentence += " " + _("No column for: {names}.").format(names=format_list(absent))
        sys.stderr.write(sentence + "\n")
    return 0


@contextmanager
def output_file(name: str) -> Iterator[BinaryIO]:
    """Give a stream whose content takes the place of *name* at the end, whole or not at all.

    "-" is the standard output. `OutputNotWritable` where the disk is full or the folder read-only; then the old
    file is as it was.
    """
    if name == "-":
        with writing_to(_("The standard output")):
            stream = standard_output().buffer
            yield stream
            stream.flush()
        return
    with writing_to(Path(name).name), replacing(Path(name)) as stream:
        yield stream


def require_readable(path: Path) -> None:
    with reading(path):
        if path.exists() and not path.is_file() and not path.is_dir():
            sentence = _("{file} is a device or pipe; save its content to a file first.")
            raise UnreadableFile(sentence.format(file=path.name))
        with path.open("rb") as stream:
            stream.read(1)
