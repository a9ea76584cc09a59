"""`medgui validate`: one model against what happened to a clinic's own patients."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medgui.cli.output import write_json, write_lines
from medgui.cli.progress import Bar
from medgui.cli.score import output_file, require_readable
from medgui.errors import OutputNotWritable

if TYPE_CHECKING:
    from medgui.validation.cohort import Roles


def run(options: argparse.Namespace) -> int:
    """Judge a model on a cohort; with --recalibrate also make and install its local version."""
    from medgui.cli.validation_text import validation_lines
    from medgui.inference.catalogue import Catalogue
    from medgui.settings import Settings
    from medgui.validation.session import validate

    catalogue = Catalogue.load(requested=Settings.load().execution_provider)
    catalogue.get(options.model)
    path = Path(options.file)
    require_readable(path)
    bar = Bar()
    try:
        judged = validate(
            catalogue,
            options.model,
            path,
            _roles(options),
            thresholds=options.threshold,
            day=date.today().isoformat(),
            progress=bar.update,
        )
    finally:
        bar.close()
    result = judged.result
    if options.recalibrate:
        from medgui.workshop.local_install import recalibrate_and_install

        result = recalibrate_and_install(judged, bar.update)
        bar.close()
    _keep(result)
    if options.output:
        _write(options.output, result)
    if options.json:
        write_json(result)
    else:
        write_lines(validation_lines(result))
    return 0


def _roles(options: argparse.Namespace) -> Roles:
    from medgui.validation.cohort import Roles

    return Roles(
        output=options.output_name or "",
        label=options.label or "",
        time=options.time or "",
        event=options.event or "",
        time_unit=options.time_unit or "",
        weight=options.weight or "",
        groups=tuple(options.group),
    )


def _keep(result: dict[str, Any]) -> None:
    """Keep the figures for the Models page; where that fails the figures are still printed."""
    from medgui.validation.kept import keep

    try:
        keep(result)
    except OutputNotWritable as error:
        sys.stderr.write(f"{error}\n")


def _write(name: str, result: dict[str, Any]) -> None:
    """Write the result to a file: JSON where its name says so, else the same text as on the screen."""
    import json

    from medgui.cli.validation_text import validation_lines

    if name.lower().endswith(".json"):
        text = json.dumps(result, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    else:
        text = "".join(f"{line.rstrip()}\n" for line in validation_lines(result))
    with output_file(name) as stream:
        stream.write(text.encode())
