"""`medgui read`: the record, as text or `medgui.record/1`."""

from __future__ import annotations

import argparse

from medgui.cli.files import open_file
from medgui.cli.output import write_json, write_lines


def run(options: argparse.Namespace) -> int:
    """Read a file and show what it says."""
    record = open_file(options)
    if options.json:
        from medgui.record.to_json import record_json

        write_json(record_json(record))
    else:
        from medgui.cli.record_text import record_lines

        write_lines(record_lines(record))
    return 0
