"""Opening a patient file for a command, with the person and the day that the command line names."""

from __future__ import annotations

import argparse
import sys

from medgui.cli.output import write_json, write_lines
from medgui.errors import SeveralPatients
from medgui.paths import has_added_models
from medgui.record.model import Record
from medgui.settings import Settings


def open_file(options: argparse.Namespace) -> Record:
    """Open the files of `options`. Where they hold several patients and none is named, they are listed first."""
    from medgui.code_map_file import CodeMapFile
    from medgui.readers import Limits, open_record

    if has_added_models():
        from medgui.inference.catalogue import know_own_inputs

        know_own_inputs()
    settings = Settings.load()
    limits = Limits.of_megabytes(settings.max_file_mb, settings.max_streamed_mb)
    codes = CodeMapFile.load()
    for note in codes.notes:
        sys.stderr.write(f"{note}\n")
    try:
        record = open_record(
            options.file[0] if len(options.file) == 1 else options.file,
            patient=options.patient,
            as_of=options.as_of,
            limits=limits,
            same_person=options.same_person,
            code_map=codes.code_map,
        )
        return record.at_clinic(settings.country)
    except SeveralPatients as error:
        if getattr(options, "json", False):
            listed = [{"id": number, "label": label} for number, label in error.patients]
            write_json({"schema": "medgui.patients/1", "patients": listed})
        else:
            write_lines(f"{number}\t{label}" for number, label in error.patients)
        raise
