"""`medgui export`: the cleaned record as FHIR R4 or CSV, with or without what identifies the patient."""

from __future__ import annotations

import argparse

from medgui.cli.files import open_file
from medgui.cli.score import output_file


def run(options: argparse.Namespace) -> int:
    """Read the file or files and write the record; the name of the output decides the form where none is named."""
    from medgui.export.write import Form, export_bytes

    record = open_file(options)
    form: Form = options.form or ("csv" if options.output.lower().endswith(".csv") else "fhir")
    data = export_bytes(record, form, identified=not options.deidentify)
    with output_file(options.output) as stream:
        stream.write(data)
    return 0
