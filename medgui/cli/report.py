"""`medgui report`: the PDF of a patient."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path

from medgui.cli.files import open_file
from medgui.i18n import language
from medgui.settings import Settings


def run(options: argparse.Namespace) -> int:
    """Read a file, run the models and write the report in the language in force."""
    from medgui.assessment.run import assess
    from medgui.cli.progress import model_progress
    from medgui.inference.catalogue import Catalogue
    from medgui.report import write

    record = open_file(options)
    settings = Settings.load()
    catalogue = Catalogue.load(requested=settings.execution_provider)
    assessment = assess(
        record,
        catalogue,
        as_of=options.as_of,
        progress=model_progress(),
        region=settings.guidelines,
        country=settings.country,
        originals=tuple(settings.original_models),
    )
    write(
        record,
        assessment,
        Path(options.output),
        lang="zh" if language() == "zh" else "en",
        now=datetime.now().astimezone(),
        include_prognosis=options.prognosis,
        catalogue=catalogue,
    )
    return 0
