"""`medgui about`: the build, its parts, their licences, for a technician without a screen."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from medgui.about import Listed, Parts, facts, licence_text, read_parts, sbom_file
from medgui.cli.output import table, write_json, write_lines
from medgui.errors import UserError
from medgui.i18n import _
from medgui.installed import build
from medgui.settings import Settings

SCHEMA = "medgui.about/1"


def run(options: argparse.Namespace) -> int:
    """Show the build and its parts, the texts of one part, or those of all."""
    listed = read_parts()
    if options.json:
        write_json(_content(listed))
    elif options.part:
        write_lines(_texts(_named(listed, options.part)))
    elif options.licences:
        write_lines(_texts(part for part in listed.parts if not part.within))
    else:
        write_lines(_summary(listed))
    return 0


def _named(listed: Parts, name: str) -> list[Listed]:
    found = [part for part in listed.parts if part.name.casefold() == name.casefold()]
    if not found:
        raise UserError(_("No part is called {name}; “medgui about” lists them.").format(name=name))
    return found


def _summary(listed: Parts) -> Iterator[str]:
    yield from table([list(pair) for pair in facts()], indent=0)
    yield _("Decision support, not a diagnosis; not a certified medical device.")
    yield from Settings.load().notes  # where else would an administrator without a window see them?
    yield ""
    file = sbom_file()
    if listed.problem:
        yield _(listed.problem)
    elif not listed.complete:
        yield _("The full list of parts is in the packaged program only; these are installed here:")
    elif file is not None:
        yield _("List of parts for other programs (CycloneDX): {file}").format(file=file)
    yield ""
    # Models have their own list with evidence: `medgui models`.
    shown = [part for part in listed.parts if part.kind != "machine-learning-model"]
    yield from table([[part.name, part.version, part.terms, part.within] for part in shown], indent=0)


def _texts(parts: Iterator[Listed] | list[Listed]) -> Iterator[str]:
    said: set[tuple[str, ...]] = set()
    for part in parts:
        yield f"=== {part.name} {part.version}".rstrip()
        yield part.terms
        if part.note:
            yield part.note
        if part.source:
            yield part.source
        yield ""
        if part.files and part.files in said:
            continue
        said.add(part.files)
        yield from (licence_text(part) or _("No text is at hand.")).splitlines()
        yield ""


def _content(listed: Parts) -> dict[str, object]:
    here, file = build(), sbom_file()
    return {
        "schema": SCHEMA,
        "build": {
            name: getattr(here, name)
            for name in ("version", "form", "system", "machine", "python", "commit", "date")
        },
        "complete": listed.complete,
        "sbom": str(file) if file else None,
        "parts": [
            {
                "name": part.name,
                "version": part.version,
                "kind": part.kind,
                "within": part.within,
                "licence": part.terms,
                "home": part.home,
                "source": part.source,
            }
            for part in listed.parts
        ],
    }
