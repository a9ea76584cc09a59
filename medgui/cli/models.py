"""`medgui models list|show|verify`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from medgui.assessment.figure_words import group_words, metric_words
from medgui.cli.assessment_text import evidence_text
from medgui.cli.output import table, write_json, write_lines
from medgui.errors import ModelRefused, UserError
from medgui.i18n import _, format_number, localised
from medgui.inference.locked_instruments import locked_instruments
from medgui.inference.manifest import ComparisonRow, EvaluationRow, Manifest

if TYPE_CHECKING:
    from medgui.inference.bundle import Bundle
    from medgui.inference.catalogue import Catalogue

SCHEMA = "medgui.models/1"


def run(options: argparse.Namespace) -> int:
    """List the models, show one, or run every check on all of them."""
    from medgui.inference.catalogue import Catalogue
    from medgui.settings import Settings

    if options.action == "show" and not options.model:
        raise UserError(_("medgui models show: name the model."))
    catalogue = Catalogue.load(requested=Settings.load().execution_provider)
    if options.action == "show":
        return _show(catalogue.get(options.model), as_json=options.json)
    if options.action == "verify":
        return _verify(catalogue, options.model, as_json=options.json)
    if options.json:
        listed = [_summary(bundle.manifest) for bundle in catalogue]
        write_json({"schema": SCHEMA, "models": listed, "refused": catalogue.refused, "locked": _locked()})
    else:
        write_lines(_list(catalogue))
    return 0


def _list(catalogue: Catalogue) -> Iterator[str]:
    rows = [
        [m.id, m.version, localised(m.title), evidence_text(m.evidence)]
        for m in (bundle.header for bundle in catalogue)
    ]
    yield from table(rows, indent=0)
    for name, sentence in catalogue.refused.items():
        yield _("{model} is refused: {reason}").format(model=name, reason=sentence)
    if not rows and not catalogue.refused:
        yield _("No models are installed.")
    if catalogue.development:
        yield _("Development build: the models are signed with the public development key.")
    yield ""
    yield _("Not contained, since the equation is not published or its owner allows no copy:")
    yield from table([[row["name"], row["reason"], row["where"]] for row in _locked()])


def _locked() -> list[dict[str, str]]:
    """The instruments that medgui does not contain, with the reason."""
    return [
        {
            "id": each.id,
            "name": localised(each.name),
            "estimates": localised(each.estimates),
            "reason": localised(each.reason),
            "where": localised(each.where),
        }
        for each in locked_instruments()
    ]


def _summary(manifest: Manifest) -> dict[str, Any]:
    return {
        "id": manifest.id,
        "version": manifest.version,
        "kind": manifest.kind,
        "evidence": manifest.evidence,
        "title": localised(manifest.title),
        "name": localised(manifest.name),
        "outputs": [output.name for output in manifest.outputs],
        "inputs": [spec.name for spec in manifest.inputs],
    }


def _verify(catalogue: Catalogue, model: str | None, *, as_json: bool) -> int:
    """Run every check of `inference.verify`; exit 4 where a model fails.

    A row says what runs the model with the settings in force, and what each provider of this computer did with it.
    """
    from medgui.inference.verify import verify

    problems: dict[str, str] = {}
    rows: list[dict[str, Any]] = []
    for checked in verify(catalogue, model):
        if not checked.sound:
            problems[checked.id] = checked.problems[0]
            continue
        bundle = catalogue.bundles[checked.id]
        answer = {"provider": bundle.provider, "note": bundle.provider_note}
        tried = [
            {"provider": each.provider, "proven": each.proven, "note": each.note}
            for each in checked.providers
        ]
        rows.append({"id": checked.id, "version": checked.version, **answer, "providers": tried})
    if as_json:
        build = {"development": catalogue.development, "signers": list(catalogue.signers)}
        write_json({"schema": SCHEMA, "verified": rows, "refused": problems, **build})
    else:
        write_lines(_verified(catalogue, rows, problems))
    if not rows and not problems:
        raise ModelRefused(_("No models are installed."))
    if problems:
        name, sentence = next(iter(problems.items()))
        raise ModelRefused(_("The model “{model}” is refused: {reason}").format(model=name, reason=sentence))
    return 0


def _verified(catalogue: Catalogue, rows: list[dict[str, Any]], problems: dict[str, str]) -> Iterator[str]:
    sound = _("signature and golden answers right")
    yield from table([[r["id"], r["version"], sound, r["provider"], r["note"]] for r in rows], indent=0)
    for name, sentence in problems.items():
        yield _("{model} is refused: {reason}").format(model=name, reason=sentence)
    proven: dict[str, int] = {}
    for check in (check for row in rows for check in row["providers"]):
        proven[check["provider"]] = proven.get(check["provider"], 0) + check["proven"]
    for provider, count in proven.items():
        sentence = _("{provider}: {proven} of {total} models proven on this computer.")
        yield sentence.format(provider=provider, proven=count, total=len(rows))
    if catalogue.development:
        yield _("Development build: the models are signed with the public development key.")


def _show(bundle: Bundle, *, as_json: bool) -> int:
    manifest = bundle.manifest
    if as_json:
        write_json({"schema": SCHEMA, **_summary(manifest), **_card(bundle)})
    else:
        write_lines(_card_lines(bundle))
    return 0


def _card(bundle: Bundle) -> dict[str, Any]:
    manifest = bundle.manifest
    return {
        "summary": localised(manifest.summary),
        "intended_use": localised(manifest.intended_use),
        "not_for": localised(manifest.not_for),
        "indication": localised(manifest.indication),
        "citation": manifest.citation,
        "licence": manifest.licence,
        "data_licence": manifest.data_licence,
        "age": manifest.age,
        "sexes": list(manifest.sexes),
        "input_details": [
            {
                "name": spec.name,
                "unit": spec.unit,
                "required": spec.required,
                "missing": spec.missing,
                "accepted": spec.accepted,
                "seen": spec.seen,
                "categories": dict(spec.categories),
                "from": spec.from_ or None,
            }
            for spec in manifest.inputs
        ],
        "attributes": {key: localised(text) for key, text in manifest.attributes.items()},
        "comparison": [
            {
                "candidate": localised(row.candidate),
                "metric": row.metric,
                "value": row.value,
                "se": row.se,
                "chosen": row.chosen,
                "note": localised(row.note) if row.note else "",
            }
            for row in manifest.comparison
        ],
        "lineage": _lineage(manifest),
        "evaluation": [_evaluation(row) for row in manifest.evaluation],
        "hashes": dict(manifest.hashes),
        "sha256": bundle.sha256,
    }


def _lineage(manifest: Manifest) -> dict[str, str] | None:
    """Where a model that a clinic made comes from; None for one that ships."""
    lineage = manifest.lineage
    if lineage is None:
        return None
    names = ("made", "data", "date", "model", "version", "sha256")
    return {name: getattr(lineage, name) for name in names}


def _evaluation(row: EvaluationRow) -> dict[str, Any]:
    return {
        "dataset": row.dataset,
        "group": row.group,
        "metric": row.metric,
        "value": row.value,
        "lo": row.lo,
        "hi": row.hi,
        "n": row.n,
        "events": row.events,
        "predicted": row.predicted,
        "observed": row.observed,
    }


def _card_lines(bundle: Bundle) -> Iterator[str]:
    m = bundle.manifest
    yield f"{localised(m.name)} ({m.id} {m.version})"
    rows = [
        [_("Estimates"), localised(m.title)],
        [_("Evidence"), evidence_text(m.evidence)],
        [_("Summary"), localised(m.summary)],
        [_("Intended use"), localised(m.intended_use)],
        [_("Not for"), localised(m.not_for)],
        [_("Citation"), m.citation],
        [_("Licence"), m.licence],
        [_("Data licence"), m.data_licence],
        [_("Hash"), bundle.sha256],
    ]
    yield from table(rows)
    yield ""
    yield _("Inputs")
    yield from table([_input_row(m, i) for i in range(len(m.inputs))])
    yield ""
    yield _("Outputs")
    yield from table([[o.name, localised(o.title), o.unit] for o in m.outputs])
    yield from _made_lines(m)
    yield ""
    yield _("Evaluation")
    yield from table([_evaluation_row(row) for row in m.evaluation])
    yield ""
    yield _("Source attributes")
    yield from table([[key, localised(text)] for key, text in m.attributes.items()])


def _made_lines(manifest: Manifest) -> Iterator[str]:
    """Where a clinic's own model comes from, and which kinds of models were compared."""
    lineage = manifest.lineage
    if lineage is not None:
        made = {"trained": _("trained in this clinic"), "recalibrated": _("recalibrated in this clinic")}
        rows = [[_("Made"), made[lineage.made]], [_("On"), lineage.date], [_("From"), lineage.data]]
        if lineage.model:
            rows.append([_("Original"), f"{lineage.model} {lineage.version} ({lineage.sha256})"])
        yield ""
        yield _("Where it comes from")
        yield from table(rows)
    if manifest.comparison:
        yield ""
        yield _("Kinds of models that were compared")
        yield from table([_compared(row) for row in manifest.comparison])


def _compared(row: ComparisonRow) -> list[str]:
    spread = _("{value} (standard error {se})")
    figure = spread.format(value=format_number(row.value, 3), se=format_number(row.se, 3))
    chosen = _("chosen") if row.chosen else ""
    return [
        localised(row.candidate),
        metric_words(row.metric),
        figure,
        chosen,
        localised(row.note) if row.note else "",
    ]


def _input_row(manifest: Manifest, i: int) -> list[str]:
    spec = manifest.inputs[i]
    needed = _("required") if spec.required else _("optional")
    accepted = f"{spec.accepted[0]:g} - {spec.accepted[1]:g}" if spec.accepted else "|".join(spec.categories)
    return [spec.name, spec.unit, needed, accepted, spec.from_]


def _evaluation_row(row: EvaluationRow) -> list[str]:
    span = ""
    if row.lo is not None and row.hi is not None:
        span = f"{format_number(row.lo, 3)} - {format_number(row.hi, 3)}"
    return [
        row.dataset,
        group_words(row.group),
        metric_words(row.metric),
        format_number(row.value, 3),
        span,
        f"n {row.n}",
        f"{row.events}",
    ]
