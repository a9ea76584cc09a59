"""`medgui assess`: the findings, as text or `medgui.assessment/1`."""

from __future__ import annotations

import argparse

from medgui.cli.files import open_file
from medgui.cli.output import write_json, write_lines
from medgui.cli.values import answers
from medgui.i18n import _
from medgui.settings import Settings


def run(options: argparse.Namespace) -> int:
    """Read a file, run the models and show their findings."""
    from medgui.assessment.run import assess
    from medgui.cli.progress import model_progress
    from medgui.inference.catalogue import Catalogue

    settings = Settings.load()
    catalogue = Catalogue.load(requested=settings.execution_provider)
    for name in options.model:
        catalogue.get(name)
    record = open_file(options)
    overrides = answers(options.values, record.as_of)
    assessment = assess(
        record,
        catalogue,
        as_of=options.as_of,
        models=options.model or None,
        overrides=overrides,
        progress=model_progress(),
        region=settings.guidelines,
        country=settings.country,
        originals=tuple(settings.original_models),
    )
    for answer in overrides:
        record = record.with_answer(answer)
    if options.json:
        from medgui.assessment.to_json import assessment_json

        write_json(assessment_json(record, assessment))
    else:
        from medgui.cli.assessment_text import assessment_lines

        write_lines(assessment_lines(record, assessment))
        if not catalogue.bundles and not catalogue.refused:
            write_lines(["", _("No models are installed.")])
    return 0
